// Multinomial logistic regression, found by L-BFGS from products of pictures alone.
//
// Ridge-regularized weights are sums of the pictures' own features: `a` says how much of
// each picture. Then a thousand features a picture need not be touched in the search;
// the product of two sets of weights is `a` times `z`, where `z` is what the other set
// says about each picture.

const REMEMBERED = 12; // steps, by which the next one is chosen
const CLOSE = 1e-3; // what is said, before the softmax, is at most so far from the best
const MOST_STEPS = 1000;

/** @type {(a: Float64Array, b: Float64Array) => number} */
function dot(a, b) {
  let one = 0;
  let two = 0;
  let place = 0;
  for (; place + 1 < a.length; place += 2) {
    one += a[place] * b[place];
    two += a[place + 1] * b[place + 1];
  }
  return place < a.length ? one + two + a[place] * b[place] : one + two;
}

/** A place, or a direction, of the search: weights and biases of all classes. */
class Point {
  /**
   * @param {number} pictures
   * @param {number} classes
   */
  constructor(pictures, classes) {
    this.a = new Float64Array(pictures * classes); // class by class
    this.z = new Float64Array(pictures * classes);
    this.b = new Float64Array(classes);
  }

  /** @type {(times: number, other: Point) => Point} */
  add(times, other) {
    for (let i = 0; i < this.a.length; i += 1) {
      this.a[i] += times * other.a[i];
      this.z[i] += times * other.z[i];
    }
    for (let k = 0; k < this.b.length; k += 1) this.b[k] += times * other.b[k];
    return this;
  }

  /** @type {(other: Point) => number} */
  times(other) {
    return dot(this.a, other.z) + dot(this.b, other.b);
  }
}

/**
 * Fit to the end: the sum of all losses, and half the squared weights over `freedom`.
 * @param {Float64Array} table products of all pictures, shape (pictures, pictures)
 * @param {number[]} labels from 0 on, each class at least once
 * @param {number} classes
 * @param {number} freedom how freely the weights may grow
 * @returns {{shares: Float64Array[], biases: Float64Array}} for each class, how much of
 *   each picture its weights are made of, and its bias where the average picture is 0
 */
export function fit(table, labels, classes, freedom) {
  const n = labels.length;
  const products = center(table, n);
  let longest = 0;
  for (let i = 0; i < n; i += 1) longest = Math.max(longest, products[i * n + i]);

  const zero = () => new Point(n, classes);
  const place = zero();
  const errors = new Float64Array(n * classes);
  const said = new Float64Array(classes);

  /** How the loss leans after `step` on this way; `errors` are what is wrong there.
   * @type {(step: number, way: Point) => number} */
  const leaning = (step, way) => {
    let sum = (dot(place.a, way.z) + step * dot(way.a, way.z)) / freedom;
    for (let i = 0; i < n; i += 1) {
      let top = -Infinity;
      for (let k = 0; k < classes; k += 1) {
        const at = k * n + i;
        said[k] = place.z[at] + place.b[k] + step * (way.z[at] + way.b[k]);
        top = Math.max(top, said[k]);
      }
      let all = 0;
      for (let k = 0; k < classes; k += 1) all += said[k] = Math.exp(said[k] - top);
      for (let k = 0; k < classes; k += 1) {
        const error = said[k] / all - (labels[i] === k ? 1 : 0);
        errors[k * n + i] = error;
        sum += error * (way.z[k * n + i] + way.b[k]);
      }
    }
    return sum;
  };

  /** Where it goes up, from the errors here. */
  const slopeHere = () => {
    const slope = zero();
    for (let k = 0; k < classes; k += 1) {
      const own = errors.subarray(k * n, (k + 1) * n);
      for (let i = 0; i < n; i += 1) {
        const at = k * n + i;
        slope.a[at] = own[i] + place.a[at] / freedom;
        slope.z[at] = dot(own, products.subarray(i * n, (i + 1) * n));
        slope.z[at] += place.z[at] / freedom;
        slope.b[k] += own[i];
      }
    }
    return slope;
  };

  leaning(0, place);
  let slope = slopeHere();
  /** @type {{moved: Point, turned: Point, product: number}[]} */
  const past = [];
  for (let count = 0; count < MOST_STEPS; count += 1) {
    // The loss bends by 1 / freedom at least: no more than this is left to be gained.
    const left = Math.sqrt(Math.max(0, slope.times(slope)));
    if (left * Math.max(1, freedom * Math.sqrt(longest)) < CLOSE) break;
    const way = downhill(slope, past, zero(), longest);
    const fall = way.times(slope);
    if (!(fall < 0)) break; // no digit is left
    const step = bottom((at) => leaning(at, way), fall);
    place.add(step, way);
    leaning(0, place);
    const next = slopeHere();
    const moved = zero().add(step, way);
    const turned = zero().add(1, next).add(-1, slope);
    const product = moved.times(turned);
    if (product > 0) past.push({ moved, turned, product });
    if (past.length > REMEMBERED) past.shift();
    slope = next;
  }
  const shares = Array.from({ length: classes }, (_, k) => {
    const own = place.a.slice(k * n, (k + 1) * n);
    const average = own.reduce((sum, one) => sum + one, 0) / n;
    return own.map((one) => one - average); // of pictures that are not centered
  });
  return { shares, biases: place.b };
}

/**
 * Where a way is lowest, nearly. The loss is a bowl: its leaning only ever grows.
 * @param {(step: number) => number} leaning
 * @param {number} fall the leaning at 0, below 0
 */
function bottom(leaning, fall) {
  let [low, atLow, high, atHigh] = [0, fall, Infinity, 0];
  let step = 1;
  for (let tries = 0; tries < 50; tries += 1) {
    const here = leaning(step);
    if (Math.abs(here) <= 0.1 * Math.abs(fall)) break;
    if (here < 0) [low, atLow] = [step, here];
    else [high, atHigh] = [step, here];
    if (high === Infinity) step *= 3;
    else {
      const line = low + ((high - low) * atLow) / (atLow - atHigh);
      const margin = (high - low) / 10;
      step = Math.min(Math.max(line, low + margin), high - margin);
    }
  }
  return step;
}

/**
 * The direction that L-BFGS goes next.
 * @param {Point} slope
 * @param {{moved: Point, turned: Point, product: number}[]} past
 * @param {Point} way at zero; it is filled
 * @param {number} longest
 */
function downhill(slope, past, way, longest) {
  way.add(-1, slope);
  const shares = past.map(() => 0);
  for (let i = past.length - 1; i >= 0; i -= 1) {
    shares[i] = past[i].moved.times(way) / past[i].product;
    way.add(-shares[i], past[i].turned);
  }
  const last = past[past.length - 1];
  const scale = last
    ? last.product / last.turned.times(last.turned)
    : 1 / Math.max(1, longest);
  way.add(scale - 1, way);
  past.forEach(({ moved, turned, product }, i) => {
    way.add(shares[i] - turned.times(way) / product, moved);
  });
  return way;
}

/**
 * The products that the pictures would have if their average were taken from each.
 * @param {Float64Array} table
 * @param {number} n
 */
function center(table, n) {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) means[i] += table[i * n + j];
    means[i] /= n;
  }
  const all = means.reduce((sum, one) => sum + one, 0) / n;
  return table.map((one, at) => one - means[Math.floor(at / n)] - means[at % n] + all);
}
