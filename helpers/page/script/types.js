/**
 * What Python hands to the page, and what the page's modules hand to each other.
 *
 * The page holds one `<script type="application/json" id="classifier">` with a
 * {@link Classifier}. Numbers that come in thousands are base64 of little-endian
 * float32, row by row; `floats` in `bytes.js` reads them.
 *
 * @typedef {string} Floats Base64 of little-endian float32.
 *
 * @typedef {object} Layer A dense layer before the last one.
 * @property {Floats} weights Shape [units, inputs]: a row for each unit.
 * @property {Floats} bias Shape [units].
 * @property {"linear" | "relu"} activation What is done to each number after that.
 *
 * @typedef {object} Head What makes probabilities of features: the hidden layers, one
 *   after the other, then `weights` and `bias`, then a softmax. Most heads have no
 *   hidden layer, and are a logistic regression; lesson 6's has one of 1,024 units.
 * @property {Layer[]} hidden
 * @property {Floats} weights Shape [classes, inputs]: of the last hidden layer's units,
 *   or of the features.
 * @property {Floats} bias Shape [classes].
 *
 * @typedef {object} Unknown The rule of `helpers/classifier/known.py`: a picture whose
 *   mean cosine with the nearest `neighbors` training pictures (or all, if there are
 *   fewer) is below `threshold` is none of these, perhaps.
 * @property {number} neighbors
 * @property {number} threshold
 * @property {Floats | null} pictures Features of the training pictures, each of length
 *   1, shape [pictures, n_features]; null: the examples of the part "train", whose
 *   features are still to be divided by their length.
 *
 * @typedef {object} Accuracy Counted on the test part, by Python.
 * @property {number} right
 * @property {number} of
 * @property {number} low The 95% interval, 0 to 1.
 * @property {number} high
 *
 * @typedef {object} Examples The pictures that the classifier learned from and was
 *   tested with, as many as are still there; all lists are of one length.
 * @property {number[]} labels Class numbers.
 * @property {("train" | "test")[]} parts Nothing is ever learned from the part "test".
 * @property {string[]} names Paths, with `/`.
 * @property {Floats} features Shape [examples, n_features].
 * @property {(string | null)[]} thumbnails `data:` addresses of small JPEG pictures;
 *   null if they are not to be shown to others.
 *
 * @typedef {object} Classifier
 * @property {1} format
 * @property {string} name
 * @property {string[]} class_names
 * @property {[number, number]} image_size Height and width.
 * @property {boolean} cropped Pictures are cropped to that size, or squeezed into it.
 * @property {number} n_features
 * @property {number} regularization scikit-learn's C of a logistic regression that is
 *   trained anew: small values hold weights small.
 * @property {Head} head
 * @property {Unknown | null} unknown
 * @property {Accuracy | null} accuracy
 * @property {Examples} examples Empty lists if the pictures are gone.
 * @property {string} note Why there are no examples, or no test part; "" if all is there.
 *
 * @typedef {object} Network `startNetwork()` of `network.js` gives it.
 * @property {(pixels: Float32Array) => Promise<Float32Array>} features From one picture,
 *   [height, width, 3], values 0 to 255, to [n_features].
 *
 * @typedef {object} Picture `readPicture(blob)` of `pictures.js` gives it, or throws a
 *   `PictureError` whose `kind` is "broken", "too_large" or "unsupported".
 * @property {Float32Array} pixels As the network takes them: [height, width, 3], 0 to 255.
 * @property {string} thumbnail A `data:` address, 96 pixels on the longer side.
 */

export {};
