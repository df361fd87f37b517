// Where it looks: cover a part of the picture, ask again, and see what is lost.

const STEPS = 7; // places across, and down
const COVERED = 0.25; // of a side

/**
 * @typedef {object} Heat
 * @property {number} side places across, and down
 * @property {number[]} lost for each place, row by row, how much of the probability
 *   goes when the part around it is covered; -1 to 1
 * @property {number} whole the probability with nothing covered
 */

/**
 * @param {Float32Array} pixels shape (height, width, 3), 0 to 255
 * @param {[number, number]} size height and width
 * @param {(pixels: Float32Array) => Promise<number>} ask the probability of the answer
 * @param {(share: number) => void} tell how much is done, 0 to 1
 * @param {AbortSignal} signal stops it
 * @returns {Promise<Heat>}
 * @throws {DOMException} an AbortError, if it was stopped
 */
export async function whereItLooks(pixels, [height, width], ask, tell, signal) {
  const gray = average(pixels);
  const whole = await ask(pixels);
  /** @type {number[]} */
  const lost = [];
  const tall = Math.round(height * COVERED);
  const wide = Math.round(width * COVERED);
  for (let place = 0; place < STEPS * STEPS; place += 1) {
    signal.throwIfAborted();
    const top = Math.round((Math.floor(place / STEPS) * (height - tall)) / (STEPS - 1));
    const left = Math.round(((place % STEPS) * (width - wide)) / (STEPS - 1));
    const covered = pixels.slice();
    for (let y = top; y < top + tall; y += 1) {
      for (let x = left; x < left + wide; x += 1) covered.set(gray, 3 * (y * width + x));
    }
    lost.push(whole - (await ask(covered)));
    tell((place + 1) / STEPS ** 2);
  }
  return { side: STEPS, lost, whole };
}

/** @param {Float32Array} pixels */
function average(pixels) {
  const sums = [0, 0, 0];
  pixels.forEach((value, place) => {
    sums[place % 3] += value;
  });
  return sums.map((sum) => (3 * sum) / pixels.length);
}
