// The head: logistic regression on features, as scikit-learn's LogisticRegression.

import { dot } from "./products.js";
import { fit } from "./regression.js";

/**
 * @typedef {object} Layer
 * @property {Float32Array} weights shape (units, inputs), row by row
 * @property {Float32Array} bias shape (units,); -Infinity for a class without pictures
 *
 * @typedef {Layer & {hidden?: (Layer & {activation: string})[]}} Head the layer that
 *   names classes, and those before it, if there are any: "linear" or "relu"
 */

/**
 * What a head says about a picture.
 * @param {Head} head
 * @param {Float32Array} features of one picture
 * @returns {number[]} a probability for each class; they add up to 1
 */
export function probabilities(head, features) {
  let inputs = features;
  for (const layer of head.hidden ?? []) {
    inputs = Float32Array.from(dense(layer, inputs));
    if (layer.activation === "relu") inputs = inputs.map((one) => Math.max(0, one));
  }
  const logits = dense(head, inputs);
  const top = Math.max(...logits);
  const powers = logits.map((one) => Math.exp(one - top));
  const sum = powers.reduce((all, one) => all + one, 0);
  return powers.map((one) => one / sum);
}

/** @type {(layer: Layer, inputs: Float32Array) => number[]} */
function dense({ weights, bias }, inputs) {
  const width = inputs.length;
  return Array.from(
    bias,
    (one, k) => one + dot(inputs, weights.subarray(k * width, (k + 1) * width)),
  );
}

/**
 * The place of the largest number; of the first, if there are two.
 * @param {number[]} numbers
 */
export function best(numbers) {
  return numbers.indexOf(Math.max(...numbers));
}

/**
 * Train a head to its end: what it says is the one best solution's answer.
 * @param {Float64Array} table the products of all pictures (`Products.table`)
 * @param {Float32Array[]} features of each picture
 * @param {number[]} labels a class number for each picture
 * @param {number} classes how many there are; two of them at least have pictures
 * @param {number} strength scikit-learn's C: small values hold weights small
 * @returns {Head}
 */
export function trainHead(table, features, labels, classes, strength) {
  const present = [...new Set(labels)].sort((a, b) => a - b);
  const own = labels.map((label) => present.indexOf(label));
  // For two classes scikit-learn has one set of weights, not one for each: a difference
  // of the same size is then held back twice as much.
  const freedom = present.length === 2 ? strength / 2 : strength;
  const { shares, biases } = fit(table, own, present.length, freedom);
  const width = features[0].length;
  const head = {
    weights: new Float32Array(classes * width),
    bias: new Float32Array(classes).fill(-Infinity),
  };
  const mean = mixture(features, features.map(() => 1 / features.length));
  present.forEach((label, k) => {
    const weights = mixture(features, shares[k]);
    head.weights.set(weights, label * width);
    head.bias[label] = weights.reduce((sum, w, at) => sum - w * mean[at], biases[k]);
  });
  return head;
}

/**
 * @param {Float32Array[]} features
 * @param {ArrayLike<number>} shares of each of them
 */
function mixture(features, shares) {
  const mixed = new Float64Array(features[0].length);
  features.forEach((one, i) => {
    for (let place = 0; place < mixed.length; place += 1) {
      mixed[place] += shares[i] * one[place];
    }
  });
  return mixed;
}
