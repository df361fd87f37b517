// How sure an accuracy is, measured on so many pictures: helpers/accuracy.py.

const Z = 1.959963984540054; // 95 of 100 cases

/**
 * Where the true accuracy lies, in 95 of 100 cases (Wilson's interval).
 * @param {number} right
 * @param {number} of 1 or more
 * @returns {[number, number]} both 0 to 1
 */
export function accuracyInterval(right, of) {
  const share = right / of;
  const middle = share + Z ** 2 / (2 * of);
  const spread = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const [low, high] = [middle - spread, middle + spread].map((e) => e / (1 + Z ** 2 / of));
  return [right === 0 ? 0 : low, right === of ? 1 : high];
}
