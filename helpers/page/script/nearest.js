// The pictures that are most like one: what a page can show as its reasons.

import { dot } from "./products.js";

const SHOWN = 5;

/**
 * @typedef {object} Near
 * @property {string} name
 * @property {number} label
 * @property {string | null} thumbnail
 * @property {number} cosine their likeness, at most 1
 */

/**
 * The five pictures nearest to one, the nearest first.
 * @param {Float32Array} unit features of length 1
 * @param {{name: string, label: number, thumbnail: string | null, unit: Float32Array}[]}
 *   pictures
 * @returns {Near[]}
 */
export function closest(unit, pictures) {
  const near = pictures.map(({ name, label, thumbnail, unit: other }) => ({
    name,
    label,
    thumbnail,
    cosine: dot(unit, other),
  }));
  return merged(near, []);
}

/** @type {(some: Near[], others: Near[]) => Near[]} */
export function merged(some, others) {
  return [...some, ...others].sort((a, b) => b.cosine - a.cosine).slice(0, SHOWN);
}
