/**
 * Large JPEG pictures, decoded as small as Python decodes them.
 *
 * A decoder can leave fine detail out: it is quicker, and enough for a network that sees
 * 224 by 224 pixels. Python's does, and no browser's. So the same one, libjpeg-turbo,
 * lies in the page: for the same file it gives the same pixels.
 */

import { packedFile } from "./bytes.js";

const RGBA = 7; // libjpeg-turbo's number for this order of colors

/**
 * @typedef {object} Turbo What we use of libjpeg-turbo; places in its memory are numbers.
 * @property {WebAssembly.Memory} memory
 * @property {(bytes: number) => number} malloc
 * @property {() => number} tjInitDecompress
 * @property {(...given: number[]) => number} tjDecompressHeader3
 * @property {(...given: number[]) => number} tjDecompress2
 */

/** @type {Promise<WebAssembly.Module> | undefined} */
let decoder;

/**
 * Decode a JPEG so that each side is `scale` times shorter.
 *
 * @param {Uint8Array} bytes Of the file.
 * @param {2 | 4 | 8} scale
 * @returns {Promise<ImageData | null>} Not turned yet; null if the decoder has something
 *   to say against the file: then the browser has to judge it.
 */
export async function smallJpeg(bytes, scale) {
  decoder ??= packedFile("jpeg").then((file) => WebAssembly.compile(file));
  const module = await decoder;
  try {
    // A fresh one for each file: whatever a damaged one does to its memory goes with it.
    const { exports } = await WebAssembly.instantiate(module, surroundings(module));
    return decoded(/** @type {any} */ (exports), bytes, scale);
  } catch {
    return null;
  }
}

/**
 * What libjpeg-turbo asks its surroundings for. There are no settings, no files and no
 * messages here; and where it would jump out of its work, it is given up.
 *
 * @param {WebAssembly.Module} module
 */
function surroundings(module) {
  /** @type {WebAssembly.Imports} */
  const found = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    found[from] ??= {};
    found[from][name] = () => {
      if (name !== "setjmp" && name !== "environ_sizes_get") throw new Error(name);
      return 0;
    };
  }
  return found;
}

/**
 * @param {Turbo} turbo
 * @param {Uint8Array} bytes
 * @param {number} scale
 */
function decoded(turbo, bytes, scale) {
  const file = turbo.malloc(bytes.length);
  new Uint8Array(turbo.memory.buffer, file, bytes.length).set(bytes);
  const given = [turbo.tjInitDecompress(), file, bytes.length];
  const told = turbo.malloc(16);
  const places = [0, 4, 8, 12].map((offset) => told + offset);
  if (turbo.tjDecompressHeader3(...given, ...places) !== 0) return null;
  const sides = new Int32Array(turbo.memory.buffer, told, 2);
  const [width, height] = Array.from(sides, (side) => Math.ceil(side / scale));
  const size = 4 * width * height;
  const into = turbo.malloc(size);
  // It takes the largest scale that fits into this width and height.
  if (turbo.tjDecompress2(...given, into, width, 4 * width, height, RGBA, 0) !== 0) {
    return null;
  }
  const pixels = new Uint8ClampedArray(turbo.memory.buffer, into, size);
  return new ImageData(pixels.slice(), width, height);
}
