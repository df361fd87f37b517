/**
 * Any picture file as the network takes it: upright, on white, of the right size.
 *
 * The same steps as `helpers/pictures/reading.py`, so that the same picture gives the
 * same pixels. The browser decodes and turns; the rest is done here by hand, because a
 * canvas resizes and blends in its own way.
 */

import { imageSize } from "image-size";

import { readClassifier } from "./classifier.js";
import { cropBox, resize } from "./resize.js";
import { turned, turnOf } from "./turned.js";

const MAX_PIXELS = 89_000_000; // as in Python
const MAX_BYTES = 400_000_000;
const STRIP = 2_000_000; // pixels that are looked at together
const THUMBNAIL = 96; // pixels of the longer side
const MIRRORED = [2, 3, 6, 7]; // of EXIF's turns: the file's columns or rows end left
const UPSIDE_DOWN = [3, 4, 7, 8]; // … end on top
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
  const { type, orientation, deep } = await look(blob);
  const bitmap = await decode(blob, type, orientation);
  try {
    if (deep && isDark(bitmap)) throw new PictureError("unsupported");
    const { width, height } = bitmap;
    const size = classifier.image_size;
    const scale = type === "jpg" ? smaller(width, height, size) : 1;
    const source = scaled(bitmap, scale, orientation);
    const box = classifier.cropped
      ? cropBox(source.width, source.height, size)
      : /** @type {const} */ ([0, 0, source.width, source.height]);
    return {
      pixels: resize(source.rows, source.width, source.height, [...box], size),
      thumbnail: thumbnail(bitmap),
      width,
      height,
    };
  } finally {
    bitmap.close();
  }
}

/**
 * What a file says of itself, before it is decoded: a small file can hold a picture that
 * would take all of the memory.
 *
 * @param {Blob} blob
 */
async function look(blob) {
  if (blob.size > MAX_BYTES) throw new PictureError("too_large");
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let found;
  try {
    found = imageSize(bytes);
  } catch {
    throw new PictureError("unsupported");
  }
  if (found.width * found.height > MAX_PIXELS) throw new PictureError("too_large");
  const type = found.type ?? "";
  const deep = type === "png" && bytes[24] === 16;
  const orientation = type === "webp" ? turnOf(bytes) : (found.orientation ?? 1);
  return { type, orientation, deep };
}

/**
 * @param {Blob} blob
 * @param {string} type
 * @param {number} orientation
 */
async function decode(blob, type, orientation) {
  const byHand = type === "webp" && orientation > 1;
  try {
    const bitmap = await createImageBitmap(blob, {
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
 * How many times smaller Python lets a JPEG become while it is decoded.
 *
 * @param {number} width
 * @param {number} height
 * @param {[number, number]} size
 */
function smaller(width, height, size) {
  const most = Math.floor(Math.min(width, height) / (2 * Math.max(...size)));
  return [8, 4, 2].find((scale) => scale <= most) ?? 1;
}

/**
 * A picture's rows on white; each pixel the mean of `scale` by `scale`, as the decoder
 * of JPEG files gives it when it is asked for a smaller picture.
 *
 * @param {ImageBitmap} bitmap
 * @param {number} scale
 * @param {number} orientation EXIF's, which says where the file's first block is.
 */
function scaled(bitmap, scale, orientation) {
  const [width, height] = [bitmap.width, bitmap.height].map((n) => Math.ceil(n / scale));
  const before = /** @param {number} length */ (length) => (scale - (length % scale)) % scale;
  const left = MIRRORED.includes(orientation) ? before(bitmap.width) : 0;
  const top = UPSIDE_DOWN.includes(orientation) ? before(bitmap.height) : 0;

  /**
   * @param {number} from
   * @param {number} to
   */
  function rows(from, to) {
    const start = Math.max(0, from * scale - top);
    const end = Math.min(bitmap.height, to * scale - top);
    const strip = onWhite(bitmap, start, end);
    if (scale === 1) return strip;
    const found = new Uint8Array((to - from) * width * 3);
    for (let y = from; y < to; y++) {
      const y0 = Math.max(start, y * scale - top);
      const y1 = Math.min(end, (y + 1) * scale - top);
      for (let x = 0; x < width; x++) {
        const x0 = Math.max(0, x * scale - left);
        const x1 = Math.min(bitmap.width, (x + 1) * scale - left);
        const into = ((y - from) * width + x) * 3;
        const number = (y1 - y0) * (x1 - x0);
        for (let color = 0; color < 3; color++) {
          let sum = 0;
          for (let row = y0; row < y1; row++) {
            const line = (row - start) * bitmap.width;
            for (let column = x0; column < x1; column++) {
              sum += strip[(line + column) * 3 + color];
            }
          }
          found[into + color] = sum / number + 0.5;
        }
      }
    }
    return found;
  }

  return { width, height, rows };
}

/**
 * Some rows of a picture, its transparent parts laid on white.
 *
 * @param {ImageBitmap} bitmap
 * @param {number} top
 * @param {number} bottom
 */
function onWhite(bitmap, top, bottom) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bottom - top];
  const pen = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  pen.drawImage(bitmap, 0, -top);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const found = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, into = 0; from < data.length; from += 4) {
    const alpha = data[from + 3];
    for (let color = 0; color < 3; color++) {
      const value = data[from + color];
      found[into++] =
        alpha === 255 ? value : (value * alpha) / 255 + 255.5 - alpha;
    }
  }
  return found;
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
