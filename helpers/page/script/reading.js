// Pictures on their way in: read, asked about, and their pixels let go.

import { element, pause } from "./dom.js";
import { PictureError, readPicture } from "./pictures.js";
import { keyOf } from "./saved.js";
import { words } from "./words.js";

const ARCHIVE = /\.(zip|tar|t?gz|bz2|xz|7z|rar)$/i;

/** @typedef {import("./learner.js").Shown} Shown */

/**
 * Reads one file after another, those of a second choice after those of the first.
 * @param {import("./app.js").App} app
 */
export function startReading(app) {
  const row = element("progress");
  const bar = row.querySelector("progress");
  const text = row.querySelector(".progress-text");
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  let [done, all, stopped] = [0, 0, false];
  element("stop").addEventListener("click", () => {
    stopped = true;
  });

  const progress = () => {
    row.hidden = done >= all;
    bar.value = all ? done / all : 0;
    text.textContent = words.reading(done, all);
  };

  /**
   * @param {File[]} files
   * @returns {Promise<{pictures: Shown[], fresh: number}>} those that could be read, and
   *   how many of them are new
   */
  async function read(files) {
    all += files.length;
    progress();
    const before = last;
    const now = (async () => {
      await before;
      return each(files);
    })();
    last = now.catch(() => {});
    return now;
  }

  /** @param {File[]} files */
  async function each(files) {
    /** @type {Set<Shown>} */
    const pictures = new Set();
    let fresh = 0;
    let drawn = 0;
    for (const [place, file] of files.entries()) {
      if (stopped) {
        app.complain(words.stopped(files.length - place));
        done += files.length - place;
        break;
      }
      const found = await one(app, file);
      done += 1;
      progress();
      if (found) {
        pictures.add(found.picture);
        fresh += found.fresh ? 1 : 0;
        // The first answer at once; of hundreds, the list is drawn anew now and then.
        if (!drawn || performance.now() - drawn > 1000) {
          app.open(pictures.size === 1 ? found.picture : app.current);
          drawn = performance.now();
        }
      }
      await pause();
    }
    if (done >= all) [done, all, stopped] = [0, 0, false];
    progress();
    return { pictures: [...pictures], fresh };
  }
  return read;
}

/**
 * @param {import("./app.js").App} app
 * @param {File} file
 */
async function one(app, file) {
  try {
    const { pixels, thumbnail } = await readPicture(file);
    const key = keyOf(pixels);
    const features = app.shown.has(key)
      ? new Float32Array()
      : await (await app.network).features(pixels);
    const there = app.shown.get(key); // perhaps by now: from a saved file
    if (there) {
      // A saved file holds no pictures, and an older file may have been moved.
      there.file = file;
      return { picture: there, fresh: false };
    }
    const name = file.name;
    const picture = app.learner.look({ key, name, file, thumbnail, features });
    app.shown.set(key, picture);
    return { picture, fresh: true };
  } catch (error) {
    // A file that was moved or deleted since it was chosen is a NotFoundError.
    const kind = error instanceof PictureError ? error.kind : "broken";
    const packed = kind === "unsupported" && ARCHIVE.test(file.name);
    if (!(error instanceof PictureError || error instanceof DOMException)) throw error;
    app.complain(words.problem[packed ? "archive" : kind](file.name));
    return null;
  }
}
