// Files, however they come: chosen, dropped, pasted, in folders.

const PICTURE = /\.(jpe?g|jfif|png|gif|bmp|webp|avif|tiff?|hei[cf])$/i;

/**
 * Which files of a folder are pictures; hidden ones and others are passed over.
 * @param {File[]} files
 */
export function picturesOf(files) {
  const pictures = files.filter(
    ({ name, type }) =>
      !name.startsWith(".") && (PICTURE.test(name) || type.startsWith("image/")),
  );
  return { pictures, passed: files.length - pictures.length };
}

/**
 * The files of a drop, those in folders at any depth included.
 * @param {DataTransfer} dropped
 * @returns {Promise<{files: File[], folder: boolean}>}
 */
export async function droppedFiles(dropped) {
  // All have to be taken before the first wait: then the browser lets go of them.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...dropped.files];
  if (!entries.some((entry) => entry?.isDirectory)) return { files: plain, folder: false };
  /** @type {File[]} */
  const files = [];
  for (const entry of entries) if (entry) await walk(entry, files);
  return { files, folder: true };
}

/**
 * @param {FileSystemEntry} entry
 * @param {File[]} files what is found is added
 */
async function walk(entry, files) {
  if (entry.isFile) {
    files.push(
      await new Promise((resolve, reject) => {
        /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
      }),
    );
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => {
      reader.readEntries(resolve, reject); // a hundred at a time
    });
    if (!some.length) return;
    for (const one of some) await walk(one, files);
  }
}
