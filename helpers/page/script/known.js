// Is this picture like any that it learned from? The rule of helpers/classifier/known.py.

import { dot } from "./products.js";

export const NEIGHBORS = 5;
const SPREADS = 2; // below the average similarity
const SISTERS = 0.85; // a likeness above it: pictures of one burst
const ROUNDING = 1e-3; // Python keeps half precision, and leaves this much

/**
 * Features of length 1, so that a product of two is their likeness, at most 1.
 * @param {Float32Array} features
 */
export function unit(features) {
  const length = Math.max(Math.sqrt(dot(features, features)), 1e-9);
  return features.map((one) => one / length);
}

/**
 * The five largest numbers, or all if there are fewer.
 * @param {ArrayLike<number>} numbers
 */
export function largest(numbers) {
  return Array.from(Float64Array.from(numbers).sort().slice(-NEIGHBORS));
}

/**
 * How like the known pictures one is: the average of its five largest likenesses.
 * @param {ArrayLike<number>} likenesses
 */
export function reached(likenesses) {
  const nearest = largest(likenesses);
  return nearest.reduce((sum, one) => sum + one, 0) / nearest.length;
}

/**
 * How like the others training pictures are, near copies left out: what is far less so
 * is "none of these, perhaps".
 * @param {Float64Array} table the products of their features (`Products.table`)
 * @param {number} n how many they are
 * @returns {number | null} the threshold; null with fewer than five pictures
 */
export function fitThreshold(table, n) {
  if (n < NEIGHBORS) return null;
  const number = Math.min(NEIGHBORS, n - 1);
  const lengths = Float64Array.from({ length: n }, (_, i) =>
    Math.max(Math.sqrt(table[i * n + i]), 1e-9),
  );
  const likeness = Array.from(lengths, (length, i) => {
    const row = table.slice(i * n, (i + 1) * n);
    return row.map((one, j) => one / length / lengths[j]).filter((_, j) => j !== i);
  });
  let apart = likeness
    .map((row) => row.filter((one) => one <= SISTERS))
    .filter((row) => row.length >= number);
  if (apart.length < n / 2) apart = likeness; // all are so alike: not a burst
  const values = apart.map(reached);
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const spread = Math.sqrt(
    values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length,
  );
  return mean - SPREADS * spread - ROUNDING;
}
