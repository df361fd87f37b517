/**
 * Pillow's bilinear resize, number for number.
 *
 * A canvas would resize too, but each browser in its own way, and another resize means
 * other features. Pillow averages over all pixels that a new one covers, with whole
 * numbers: first along the rows, then along the columns, rounded to a byte after each.
 */

const BITS = 22; // of a weight behind the point, as Pillow has them

/**
 * The part of a picture that is kept when it is cropped to a size: the middle.
 *
 * @param {number} width Of the picture.
 * @param {number} height
 * @param {[number, number]} size Height and width that are asked for.
 * @returns {[number, number, number, number]} Left, top, right, bottom.
 */
export function cropBox(width, height, size) {
  const wanted = size[1] / size[0];
  const found = width / height;
  let [keptWidth, keptHeight] = [width, height];
  if (found > wanted) keptWidth = wanted * height;
  if (found < wanted) keptHeight = width / wanted;
  const left = (width - keptWidth) * 0.5;
  const top = (height - keptHeight) * 0.5;
  return [left, top, left + keptWidth, top + keptHeight];
}

/**
 * Resize a part of a picture.
 *
 * @param {(top: number, bottom: number) => Uint8Array} rows Gives rows of the picture,
 *   [bottom - top, width, 3]; it is asked for all that are needed, from top to bottom.
 * @param {number} width Of the picture.
 * @param {number} height
 * @param {[number, number, number, number]} box Left, top, right, bottom of the part.
 * @param {[number, number]} size Height and width that are asked for.
 * @returns {Float32Array} [size[0], size[1], 3], whole numbers from 0 to 255.
 */
export function resize(rows, width, height, box, size) {
  const [left, top, right, bottom] = box.map(Math.fround); // Pillow's are float32
  const across = weights(width, left, right, size[1]);
  const down = weights(height, top, bottom, size[0]);
  const first = down[0].start;
  const last = down[size[0] - 1];
  const end = last.start + last.weights.length;

  const narrow = new Uint8Array((end - first) * size[1] * 3);
  const step = Math.max(1, Math.floor(2_000_000 / width)); // rows at a time
  for (let from = first; from < end; from += step) {
    const to = Math.min(end, from + step);
    const strip = rows(from, to);
    for (let row = 0; row < to - from; row++) {
      const into = (from - first + row) * size[1] * 3;
      average(strip, row * width * 3, 3, across, narrow, into, 3);
    }
  }

  const found = new Uint8Array(size[0] * size[1] * 3);
  const line = size[1] * 3;
  const moved = down.map((one) => ({ ...one, start: one.start - first }));
  for (let column = 0; column < size[1]; column++) {
    average(narrow, column * 3, line, moved, found, column * 3, line);
  }
  return Float32Array.from(found);
}

/**
 * @typedef {object} Average How one new pixel follows from old ones.
 * @property {number} start The first of these.
 * @property {Int32Array} weights
 */

/**
 * @param {number} length How many old pixels there are.
 * @param {number} from Where the part begins.
 * @param {number} to Where it ends.
 * @param {number} wanted How many new pixels there will be.
 * @returns {Average[]}
 */
function weights(length, from, to, wanted) {
  const scale = Math.fround(to - from) / wanted;
  const reach = Math.max(scale, 1);
  return Array.from({ length: wanted }, (_, place) => {
    const middle = from + (place + 0.5) * scale;
    const start = Math.max(0, Math.trunc(middle - reach + 0.5));
    const end = Math.min(length, Math.trunc(middle + reach + 0.5));
    const parts = Array.from({ length: end - start }, (_, offset) =>
      Math.max(0, 1 - Math.abs((start + offset - middle + 0.5) * (1 / reach))),
    );
    const sum = parts.reduce((a, b) => a + b, 0);
    return {
      start,
      weights: Int32Array.from(parts, (part) => 0.5 + (part / sum) * 2 ** BITS),
    };
  });
}

/**
 * Average three colors along one line.
 *
 * @param {Uint8Array} given
 * @param {number} at Where the line begins in `given`.
 * @param {number} step From one of its pixels to the next.
 * @param {Average[]} averages
 * @param {Uint8Array} found
 * @param {number} into Where the new line begins in `found`.
 * @param {number} stride From one of its pixels to the next.
 */
function average(given, at, step, averages, found, into, stride) {
  for (const { start, weights } of averages) {
    let [red, green, blue] = [1 << (BITS - 1), 1 << (BITS - 1), 1 << (BITS - 1)];
    let place = at + start * step;
    for (const weight of weights) {
      red += given[place] * weight;
      green += given[place + 1] * weight;
      blue += given[place + 2] * weight;
      place += step;
    }
    found[into] = red >> BITS;
    found[into + 1] = green >> BITS;
    found[into + 2] = blue >> BITS;
    into += stride;
  }
}
