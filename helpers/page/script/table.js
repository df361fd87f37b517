// The labels as a table that train_classifier reads, and names that fit any disk.

/**
 * A label table: columns File Name and Label.
 * @param {{file: string, label: string}[]} rows
 */
export function labelTable(rows) {
  const lines = [["File Name", "Label"], ...rows.map(({ file, label }) => [file, label])];
  const text = lines.map((cells) => cells.map(cell).join(",")).join("\r\n");
  return `\ufeff${text}\r\n`; // by its first sign spreadsheets know UTF-8
}

/** @param {string} text */
function cell(text) {
  return /[",\r\n;\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const ENDINGS = /\.(jpe?g|png|gif|bmp|webp|tiff?|avif|hei[cf])$/i;
const BY_KIND = new Map([
  ["image/jpeg", ".jpg"],
  ["image/png", ".png"],
  ["image/gif", ".gif"],
  ["image/bmp", ".bmp"],
  ["image/webp", ".webp"],
  ["image/avif", ".avif"],
  ["image/tiff", ".tif"],
]);
const TAKEN = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i; // by Windows

/**
 * File names that every disk takes, no two alike.
 * @param {{name: string, kind: string}[]} pictures the name, and the type if it is known
 * @returns {string[]}
 */
export function fileNames(pictures) {
  const used = new Set();
  return pictures.map(({ name, kind }) => {
    let plain = name
      .normalize("NFC")
      .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u2028\u2029\ufffd]/g, "_")
      .replace(/^[.\s]+|[.\s]+$/g, "");
    let ending = ENDINGS.exec(plain)?.[0] ?? "";
    plain = plain.slice(0, plain.length - ending.length);
    ending ||= BY_KIND.get(kind) ?? ".jpg";
    plain = [...plain].slice(0, 60).join("") || "picture";
    if (TAKEN.test(plain)) plain = `_${plain}`;
    let tried = plain + ending;
    for (let n = 2; used.has(tried.toLowerCase()); n += 1) tried = `${plain}-${n}${ending}`;
    used.add(tried.toLowerCase());
    return tried;
  });
}
