/** The classifier that the page was made for. */

/** @type {import("./types.js").Classifier | undefined} */
let classifier;

/**
 * Read what Python wrote into the page; once, however often it is asked for.
 *
 * @returns {import("./types.js").Classifier}
 */
export function readClassifier() {
  classifier ??= JSON.parse(
    /** @type {HTMLElement} */ (document.getElementById("classifier")).textContent,
  );
  return /** @type {import("./types.js").Classifier} */ (classifier);
}
