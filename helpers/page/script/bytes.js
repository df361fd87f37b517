/** Numbers and files that the page carries as text. */

/**
 * Read numbers that Python wrote as base64.
 *
 * @param {import("./types.js").Floats} text
 * @returns {Float32Array}
 */
export function floats(text) {
  return new Float32Array(fromBase64(text).buffer);
}

/**
 * Write numbers as `floats` reads them.
 *
 * @param {Float32Array} numbers
 * @returns {import("./types.js").Floats}
 */
export function asText(numbers) {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let letters = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    letters += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(letters);
}

/**
 * Unpack a file that lies in the page as base64 of gzip, and let its text go: it is
 * needed once, and takes some megabytes.
 *
 * @param {string} id Of the element that holds it.
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function packedFile(id) {
  const element = /** @type {HTMLElement} */ (document.getElementById(id));
  const packed = fromBase64(element.textContent.trim());
  element.remove();
  const stream = new Blob([packed]).stream();
  const unpacked = stream.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
function fromBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < bytes.length; place++) {
    bytes[place] = letters.charCodeAt(place);
  }
  return bytes;
}
