// How alike pictures are, pair by pair: each product is computed once and kept, so that
// a picture more costs one row and not the whole table again.

/** @typedef {Float32Array} Features what the network gives for a picture */

const PATIENCE = 40; // ms at a stretch; a page that does not answer seems broken

/**
 * The sum of the products of two lists of numbers.
 *
 * Four sums at a time, since one would have to wait for itself; and for this kind of
 * numbers alone, since a function that meets two kinds is made slower for both.
 * @param {Float32Array} a
 * @param {Float32Array} b as long as `a`
 */
export function dot(a, b) {
  const n = a.length;
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  let place = 0;
  for (; place + 3 < n; place += 4) {
    one += a[place] * b[place];
    two += a[place + 1] * b[place + 1];
    three += a[place + 2] * b[place + 2];
    four += a[place + 3] * b[place + 3];
  }
  for (; place < n; place += 1) one += a[place] * b[place];
  return one + two + three + four;
}

export class Products {
  constructor() {
    /** @type {Map<Features, number>} */
    this.rows = new Map();
    /** @type {Features[]} */
    this.features = [];
    /** @type {Float64Array[]} below the diagonal, and the diagonal */
    this.triangle = [];
  }

  /**
   * The table of all products of these pictures.
   * @param {Features[]} features of each picture, as many numbers each
   * @param {() => Promise<void>} pause lets the page draw and hear
   * @returns {Promise<Float64Array>} shape (pictures, pictures), row by row
   */
  async table(features, pause = async () => {}) {
    let since = performance.now();
    for (const one of features) {
      if (this.rows.has(one)) continue;
      this.rows.set(one, this.features.length);
      this.features.push(one);
      this.triangle.push(Float64Array.from(this.features, (other) => dot(one, other)));
      if (performance.now() - since > PATIENCE) {
        await pause();
        since = performance.now();
      }
    }
    const n = features.length;
    const places = features.map((one) => /** @type {number} */ (this.rows.get(one)));
    const table = new Float64Array(n * n);
    for (let row = 0; row < n; row += 1) {
      for (let column = 0; column <= row; column += 1) {
        const [one, other] = [places[row], places[column]];
        const product =
          one > other ? this.triangle[one][other] : this.triangle[other][one];
        table[row * n + column] = product;
        table[column * n + row] = product;
      }
    }
    return table;
  }
}
