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
 * @returns {Promise<{files: File[], folder: boolean, lost: string[]}>} `lost`: the names
 *   of what the computer does not let be read
 */
export async function droppedFiles(dropped) {
  // All have to be taken before the first wait: then the browser lets go of them.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...dropped.files];
  /** @type {string[]} */
  const lost = [];
  if (!entries.some((entry) => entry?.isDirectory)) return { files: plain, folder: false, lost };
  /** @type {File[]} */
  const files = [];
  for (const entry of entries) if (entry) await walk(entry, files, lost);
  return { files, folder: true, lost };
}

/**
 * @param {FileSystemEntry} entry
 * @param {File[]} files what is found is added
 * @param {string[]} lost the name of what is not to be read is added
 */
async function walk(entry, files, lost) {
  try {
    await taken(entry, files, lost);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    lost.push(entry.name);
  }
}

/** @type {(entry: FileSystemEntry, files: File[], lost: string[]) => Promise<void>} */
async function taken(entry, files, lost) {
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
    for (const one of some) await walk(one, files, lost);
  }
}
