/**
 * Any picture file as the network takes it: upright, on white, of the right size.
 *
 * The same steps as `helpers/pictures/reading.py`, so that the same picture gives the
 * same pixels. The browser decodes and turns, but for large JPEG files; the rest is done
 * here by hand, because a canvas resizes and blends in its own way.
 */

import { imageSize } from "image-size";

import { readClassifier } from "./classifier.js";
import { smallJpeg } from "./jpeg.js";
import { cropBox, resize } from "./resize.js";
import { turned, turnOf } from "./turned.js";

const MAX_PIXELS = 89_000_000; // as in Python
const MAX_BYTES = 400_000_000;
const STRIP = 2_000_000; // pixels that are looked at together
const SIDE = 16_384; // pixels of a canvas that every browser has
const THUMBNAIL = 96; // pixels of the longer side
/** What every browser can decode; of others, some can. */
const COMMON = ["jpg", "png", "gif", "bmp", "webp"];

export class PictureError extends Error {
  /**
   * @param {"broken" | "too_large" | "unsupported"} kind Why it cannot be read: it is
   *   damaged; it has more than 89 million pixels or 400 MB; it is no picture, or of a
   *   kind that this browser does not know.
   */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/**
 * Read a picture.
 *
 * @param {Blob} blob A file, or what was pasted.
 * @returns {Promise<import("./types.js").Picture>}
 * @throws {PictureError}
 */
export async function readPicture(blob) {
  const classifier = readClassifier();
  const size = classifier.image_size;
  const file = await look(blob);
  const bitmap = await decode(blob, file, size);
  try {
    if (file.deep && isDark(bitmap)) throw new PictureError("unsupported");
    const { width, height } = bitmap;
    const box = classifier.cropped
      ? cropBox(width, height, size)
      : /** @type {const} */ ([0, 0, width, height]);
    const rows = /** @type {(top: number, bottom: number) => Uint8Array} */ (
      (top, bottom) => onWhite(bitmap, top, bottom)
    );
    return {
      pixels: resize(rows, width, height, [...box], size),
      thumbnail: thumbnail(bitmap),
    };
  } finally {
    bitmap.close();
  }
}

/**
 * @typedef {object} Told What a file says of itself.
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {number} shorter The shorter side of the picture, in pixels.
 * @property {string} type
 * @property {boolean} deep Whether a color has 16 bits.
 * @property {number} orientation EXIF's, 1 to 8.
 */

/**
 * Look at a file before it is decoded: a small file can hold a picture that would take
 * all of the memory.
 *
 * @param {Blob} blob
 * @returns {Promise<Told>}
 */
async function look(blob) {
  if (blob.size > MAX_BYTES) throw new PictureError("too_large");
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let found;
  try {
    found = imageSize(bytes);
  } catch {
    throw new PictureError(bytes.length ? "unsupported" : "broken");
  }
  const { width, height } = found;
  if (width * height > MAX_PIXELS) throw new PictureError("too_large");
  const type = found.type ?? "";
  const deep = type === "png" && bytes[24] === 16;
  const orientation = type === "webp" ? turnOf(bytes) : (found.orientation ?? 1);
  return { bytes, shorter: Math.min(width, height), type, orientation, deep };
}

/**
 * @param {Blob} blob
 * @param {Told} told
 * @param {[number, number]} size Height and width that are asked for.
 */
async function decode(blob, { bytes, shorter, type, orientation }, size) {
  // How many times smaller Python lets a JPEG become while it is decoded.
  const most = type === "jpg" ? shorter / (2 * Math.max(...size)) : 1;
  const scale = /** @type {const} */ ([8, 4, 2]).find((one) => one <= most);
  const small = scale ? await smallJpeg(bytes, scale) : null;
  const byHand = orientation > 1 && (small !== null || type === "webp");
  try {
    const still = type === "png" ? firstOf(bytes) : blob;
    const bitmap = await createImageBitmap(small ?? still, {
      colorSpaceConversion: "none", // Pillow does not look at profiles either
      imageOrientation: byHand ? "none" : "from-image",
      premultiplyAlpha: "none",
    });
    return byHand ? await turned(bitmap, orientation) : bitmap;
  } catch {
    throw new PictureError(COMMON.includes(type) ? "broken" : "unsupported");
  }
}

/**
 * A PNG without what makes it move: its first picture need not be in the animation, and
 * is the one that Python takes.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
function firstOf(bytes) {
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const kind = view.getUint32(at + 4);
    if (kind === 0x49444154) break; // "IDAT": whatever moves says so before
    if (kind !== 0x6163544c) continue; // "acTL"
    return new Blob([bytes.subarray(0, at), bytes.subarray(at + 12 + view.getUint32(at))]);
  }
  return new Blob([bytes]);
}

/**
 * Whether the upper eight bits of 16 do not hold the picture: microscopes and some
 * cameras use the lower ones. Python spreads them, a browser has lost them.
 *
 * @param {ImageBitmap} bitmap
 */
function isDark(bitmap) {
  const step = Math.max(1, Math.floor(STRIP / bitmap.width));
  for (let top = 0; top < bitmap.height; top += step) {
    const strip = onWhite(bitmap, top, Math.min(bitmap.height, top + step));
    if (strip.some((value) => value > 127)) return false;
  }
  return true;
}

/**
 * Some rows of a picture, its transparent parts laid on white.
 *
 * @param {ImageBitmap} bitmap
 * @param {number} top
 * @param {number} bottom
 */
function onWhite(bitmap, top, bottom) {
  const found = new Uint8Array((bottom - top) * bitmap.width * 3);
  for (let y = top; y < bottom; y += SIDE) {
    for (let x = 0; x < bitmap.width; x += SIDE) {
      const width = Math.min(SIDE, bitmap.width - x);
      const { data } = part(bitmap, x, y, width, Math.min(SIDE, bottom - y));
      for (let row = 0; row < data.length / 4 / width; row++) {
        let into = 3 * ((y - top + row) * bitmap.width + x);
        for (let from = 4 * row * width; from < 4 * (row + 1) * width; from += 4) {
          const alpha = data[from + 3];
          for (let color = 0; color < 3; color++) {
            const value = data[from + color];
            found[into++] =
              alpha === 255 ? value : (value * alpha) / 255 + 255.5 - alpha;
          }
        }
      }
    }
  }
  return found;
}

/**
 * A part that a canvas can hold: of a longer one it would give nothing, and not say so.
 *
 * @param {ImageBitmap} bitmap
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function part(bitmap, x, y, width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  pen.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height);
}

/**
 * A small copy, as the address of a JPEG.
 *
 * @param {ImageBitmap} bitmap
 */
function thumbnail(bitmap) {
  const scale = Math.min(1, THUMBNAIL / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { alpha: false })
  );
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.8);
}
