/** The head: from features to a probability for each class. */

import { floats } from "./bytes.js";

/**
 * @param {import("./types.js").Head} head
 * @param {Float32Array} features
 * @returns {number[]} One for each class, which add up to 1.
 */
export function probabilities(head, features) {
  let numbers = Array.from(features);
  for (const layer of head.hidden) {
    numbers = dense(layer.weights, layer.bias, numbers);
    if (layer.activation === "relu") numbers = numbers.map((one) => Math.max(0, one));
  }
  const scores = dense(head.weights, head.bias, numbers);
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/**
 * @param {import("./types.js").Floats} weights Shape [units, inputs].
 * @param {import("./types.js").Floats} bias Shape [units].
 * @param {number[]} inputs
 * @returns {number[]}
 */
function dense(weights, bias, inputs) {
  const rows = read(weights);
  return Array.from(read(bias), (sum, unit) => {
    const row = unit * inputs.length;
    for (let place = 0; place < inputs.length; place++) {
      sum += rows[row + place] * inputs[place];
    }
    return sum;
  });
}

/** @type {Map<string, Float32Array>} */
const alreadyRead = new Map();

/** @param {import("./types.js").Floats} text */
function read(text) {
  const found = alreadyRead.get(text) ?? floats(text);
  alreadyRead.set(text, found);
  return found;
}
