// What the page came with, its numbers read.

import { floats } from "./bytes.js";
import { unit } from "./known.js";

/**
 * @param {import("./types.js").Classifier} classifier
 * @returns {import("./learner.js").Base}
 */
export function readBase(classifier) {
  const width = classifier.n_features;
  const { head, unknown, examples } = classifier;
  const features = rows(floats(examples.features), width);
  return {
    name: classifier.name,
    classes: classifier.class_names,
    width,
    strength: classifier.regularization,
    head: {
      hidden: head.hidden.map(({ weights, bias, activation }) => ({
        weights: floats(weights),
        bias: floats(bias),
        activation,
      })),
      weights: floats(head.weights),
      bias: floats(head.bias),
    },
    unknown: unknown && {
      threshold: unknown.threshold,
      units: unknown.pictures === null ? null : rows(floats(unknown.pictures), width),
    },
    examples: features.map((own, at) => ({
      name: examples.names[at],
      label: examples.labels[at],
      part: examples.parts[at],
      thumbnail: examples.thumbnails[at],
      features: own,
      unit: unit(own),
    })),
  };
}

/** @type {(numbers: Float32Array, width: number) => Float32Array[]} */
function rows(numbers, width) {
  return Array.from({ length: numbers.length / width }, (_, row) =>
    numbers.subarray(row * width, (row + 1) * width),
  );
}
