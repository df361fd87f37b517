/** The page: choose a picture, and read what it shows. */

import { readClassifier } from "./classifier.js";
import { probabilities } from "./head.js";
import { startNetwork } from "./network.js";
import { PictureError, readPicture } from "./pictures.js";

const classifier = readClassifier();
const status = /** @type {HTMLElement} */ (document.querySelector("[role=status]"));
const chooser = /** @type {HTMLInputElement} */ (document.querySelector("input"));
/** @type {HTMLElement} */ (document.querySelector("h1")).textContent = classifier.name;
const network = await startNetwork();
status.textContent = "Choose a picture.";
chooser.addEventListener("change", async () => {
  const [file] = chooser.files ?? [];
  try {
    const { pixels } = await readPicture(file);
    const said = probabilities(classifier.head, await network.features(pixels));
    const best = said.indexOf(Math.max(...said));
    status.textContent = `${classifier.class_names[best]}, ${(100 * said[best]).toFixed(1)}%`;
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    status.textContent = `This picture cannot be read: ${error.kind}.`;
  }
});
