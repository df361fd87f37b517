/**
 * Pillow's bilinear resize, number for number.
 *
 * A canvas would resize too, but each browser in its own way, and another resize means
 * other features. Pillow averages over all pixels that a new one covers, with whole
 * numbers, along the rows and along the columns, and rounds to a byte after each.
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
  // Pillow goes along the columns first if a picture is tall; the order decides how is
  // rounded. (Its version 13; tests/browser compares.)
  const tall = height > size[0] && height - size[0] > 2 * (width - size[1]);
  const line = (tall ? width : size[1]) * 3;
  const sums = new Int32Array(size[0] * line).fill(1 << (BITS - 1));

  const end = Math.max(...down.map((one) => one.start + one.weights.length));
  const step = Math.max(1, Math.floor(2_000_000 / width)); // rows at a time
  let reached = 0; // the new rows before it are done
  for (let from = down[0].start; from < end; from += step) {
    const to = Math.min(end, from + step);
    const strip = rows(from, to);
    for (let y = from; y < to; y++) {
      const whole = strip.subarray((y - from) * width * 3, (y - from + 1) * width * 3);
      const found = tall ? whole : narrowed(whole, across);
      while (down[reached].start + down[reached].weights.length <= y) reached++;
      for (let row = reached; row < size[0] && down[row].start <= y; row++) {
        const weight = down[row].weights[y - down[row].start];
        for (let place = 0; place < line; place++) {
          sums[row * line + place] += found[place] * weight;
        }
      }
    }
  }

  const found = new Uint8Array(sums.length);
  for (let place = 0; place < sums.length; place++) found[place] = sums[place] >> BITS;
  if (!tall) return Float32Array.from(found);
  const pixels = new Float32Array(size[0] * size[1] * 3);
  for (let row = 0; row < size[0]; row++) {
    const whole = found.subarray(row * line, (row + 1) * line);
    pixels.set(narrowed(whole, across), row * size[1] * 3);
  }
  return pixels;
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
 * A row of pixels, resized.
 *
 * @param {Uint8Array} row
 * @param {Average[]} averages
 */
function narrowed(row, averages) {
  const found = new Uint8Array(averages.length * 3);
  let into = 0;
  for (const { start, weights } of averages) {
    let [red, green, blue] = [1 << (BITS - 1), 1 << (BITS - 1), 1 << (BITS - 1)];
    let place = start * 3;
    for (const weight of weights) {
      red += row[place] * weight;
      green += row[place + 1] * weight;
      blue += row[place + 2] * weight;
      place += 3;
    }
    found[into] = red >> BITS;
    found[into + 1] = green >> BITS;
    found[into + 2] = blue >> BITS;
    into += 3;
  }
  return found;
}
