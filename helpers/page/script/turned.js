/** Pictures turned as their EXIF note says, where the browser does not do it. */

/** For each of EXIF's eight turns, where the new axes come from: a, b, c, d. */
const TURNS = [
  [1, 0, 0, 1],
  [-1, 0, 0, 1],
  [-1, 0, 0, -1],
  [1, 0, 0, -1],
  [0, 1, 1, 0],
  [0, 1, -1, 0],
  [0, -1, -1, 0],
  [0, -1, 1, 0],
];

/**
 * The turn that a WebP file asks for, 1 to 8; 1 if it asks for none.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export function turnOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    let chunk = 12;
    while (view.getUint32(chunk) !== 0x45584946) {
      const size = view.getUint32(chunk + 4, true); // "EXIF" is not this one
      chunk += 8 + size + (size % 2);
    }
    let start = chunk + 8;
    if (view.getUint32(start) === 0x45786966) start += 6; // "Exif", as in a JPEG
    const little = view.getUint16(start) === 0x4949;
    const table = start + view.getUint32(start + 4, little);
    for (let entry = 0; entry < view.getUint16(table, little); entry++) {
      const place = table + 2 + 12 * entry;
      if (view.getUint16(place, little) === 0x0112) {
        const turn = view.getUint16(place + 8, little);
        return turn >= 1 && turn <= 8 ? turn : 1;
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the file ends: there is no note
  }
  return 1;
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} turn
 */
export function turned(bitmap, turn) {
  const [a, b, c, d] = TURNS[turn - 1];
  const { width, height } = bitmap;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = turn > 4 ? [height, width] : [width, height];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.imageSmoothingEnabled = false;
  const right = a < 0 || c < 0 ? canvas.width : 0;
  const down = b < 0 || d < 0 ? canvas.height : 0;
  pen.setTransform(a, b, c, d, right, down);
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return createImageBitmap(canvas, {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
}
