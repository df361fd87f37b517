// How sure an accuracy is, measured on so many pictures: helpers/accuracy.py.

const BESIDE = 0.025; // at either end: 95 of 100 cases are between them
const HALVINGS = 50; // as fine as the numbers of JavaScript near 1

/**
 * Where the true accuracy lies, in 95 of 100 cases or more (Clopper, Pearson).
 * @param {number} right
 * @param {number} of 1 or more
 * @returns {[number, number]} both 0 to 1
 */
export function accuracyInterval(right, of) {
  return [lowEnd(right, of), 1 - lowEnd(of - right, of)];
}

/**
 * The share of which so many right answers, or more, would be as seldom as that.
 * @param {number} right
 * @param {number} of
 * @returns {number} 0 to 1
 */
function lowEnd(right, of) {
  if (right === 0) return 0;
  let [low, high] = [0, right / of];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (orMore(right, of, middle) < BESIDE) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * How probable `right` or more of so many answers are: the binomial distribution's tail.
 * @param {number} right 1 or more
 * @param {number} of
 * @param {number} share of all pictures, above 0 and below 1
 * @returns {number} 0 to 1
 */
function orMore(right, of, share) {
  const odds = Math.log(share / (1 - share));
  let log = of * Math.log(1 - share); // of the probability of no right answer
  let sum = 0;
  for (let n = 1; n <= of; n += 1) {
    log += Math.log((of - n + 1) / n) + odds;
    if (n >= right) sum += Math.exp(log);
  }
  return sum;
}
