// What was taught, in one file: written, and read with distrust.

import { asText, floats } from "./bytes.js";
import { alike, className, LearnerError, MOST_CLASSES } from "./learner.js";

const KIND = "what a page was taught";
const FORMAT = 1;
const MOST_BYTES = 300_000_000;
const THUMBNAIL = /^data:image\/(jpeg|png|webp);base64,[A-Za-z0-9+/]+={0,2}$/;
const LARGEST = 1e6; // of a feature; what networks give is far below
const SAME = 0.02; // of the largest feature; browsers differ by a thousandth of that

/**
 * @typedef {import("./learner.js").Base} Base
 * @typedef {import("./learner.js").Shown} Shown
 * @typedef {Pick<Shown, "key" | "name" | "thumbnail" | "features">} Kept
 * @typedef {{picture: Kept, label: number, part: "train" | "test"}} KeptLesson
 */

/** A file cannot be loaded; `code` says why. */
export class SavedError extends Error {
  /** @param {"other" | "newer" | "damaged" | "network" | "many"} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * @param {import("./learner.js").State} state
 * @param {Base} base
 * @param {Float32Array} probe what the network gives for `probePixels`
 * @returns {Blob}
 */
export function save({ classes, own, taught }, base, probe) {
  const text = JSON.stringify({
    kind: KIND,
    format: FORMAT,
    page: base.name,
    probe: asText(probe),
    classes,
    own,
    pictures: taught.map(({ picture: { key, name, thumbnail, features }, label, part }) => ({
      key,
      name,
      label,
      part,
      thumbnail,
      features: asText(features),
    })),
  });
  return new Blob([text], { type: "application/json" });
}

/**
 * @param {Blob} file
 * @param {Base} base
 * @param {Float32Array} probe
 * @returns {Promise<{classes: string[], own: boolean, taught: KeptLesson[],
 *   from: string | null}>} `from`: the page's name, if it was another one
 * @throws {SavedError}
 */
export async function load(file, base, probe) {
  if (file.size > MOST_BYTES) throw new SavedError("other");
  let read;
  try {
    read = JSON.parse(await file.text());
  } catch {
    throw new SavedError("other");
  }
  if (read?.kind !== KIND) throw new SavedError("other");
  if (Number.isInteger(read.format) && read.format > FORMAT) throw new SavedError("newer");
  const numbers = floatsOr(read.probe, new Float32Array());
  const scale = Math.max(...probe.map(Math.abs), 1e-6);
  if (
    numbers.length !== probe.length ||
    numbers.some((one, at) => !(Math.abs(one - probe[at]) <= SAME * scale))
  ) {
    throw new SavedError("network");
  }
  const sound =
    read.format === FORMAT &&
    typeof read.own === "boolean" &&
    Array.isArray(read.classes) &&
    read.classes.every((/** @type {unknown} */ one) => typeof one === "string") &&
    Array.isArray(read.pictures);
  if (!sound) throw new SavedError("damaged");
  const classes = read.own ? [] : [...base.classes];
  const other = !read.own && read.page !== base.name;
  const used = new Set(read.pictures.map((/** @type {any} */ one) => one?.label));
  /** @type {number[]} where each class of the file is in the page */
  const places = read.classes.map((/** @type {string} */ name, /** @type {number} */ at) => {
    let place = classes.indexOf(name);
    if (place < 0) place = classes.findIndex((known) => alike(known, name));
    // What another page came with, and nobody has taught, is no class here.
    if (place < 0 && (!other || used.has(at))) {
      if (classes.length >= MOST_CLASSES) throw new SavedError("many");
      place = classes.push(checked(name, classes)) - 1;
    }
    return place;
  });
  const here = places.filter((place) => place >= 0);
  if (new Set(here).size < here.length) throw new SavedError("damaged");
  const keys = new Set();
  const taught = read.pictures.map((/** @type {any} */ one) => {
    const features = floatsOr(one?.features, null);
    const good =
      features?.length === base.width &&
      features.every((number) => Math.abs(number) < LARGEST) &&
      [one.key, one.name].every((text) => typeof text === "string" && text.length < 5000) &&
      Number.isInteger(one.label) &&
      places[one.label] !== undefined &&
      ["train", "test"].includes(one.part) &&
      (one.thumbnail === null || THUMBNAIL.test(one.thumbnail)) &&
      !keys.has(one.key);
    if (!good) throw new SavedError("damaged");
    keys.add(one.key);
    const { key, name, thumbnail, part } = one;
    return { picture: { key, name, thumbnail, features }, label: places[one.label], part };
  });
  return { classes, own: read.own, taught, from: other ? String(read.page) : null };
}

/** @type {(name: string, others: string[]) => string} */
function checked(name, others) {
  try {
    return className(name, others);
  } catch (error) {
    if (error instanceof LearnerError) throw new SavedError("damaged");
    throw error;
  }
}

/**
 * @template T
 * @param {unknown} text
 * @param {T} otherwise
 */
function floatsOr(text, otherwise) {
  try {
    return typeof text === "string" ? floats(text) : otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * A picture that every page can make: what a network gives for it tells networks apart.
 * @param {[number, number]} size height and width
 */
export function probePixels([height, width]) {
  return Float32Array.from({ length: height * width * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return [(255 * x) / width, (255 * y) / height, (x ^ y) & 255][at % 3];
  });
}

/**
 * The same for the same pixels, and for hardly any others.
 * @param {Float32Array} pixels
 */
export function keyOf(pixels) {
  let one = 0x811c9dc5;
  let two = 0x1b873593;
  for (const value of pixels) {
    const byte = Math.round(value);
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ (byte + 131), 0x85ebca6b);
    two ^= two >>> 13;
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
