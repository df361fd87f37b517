// Keeping what was taught: saved and loaded, exported as a table and as pictures.

import { download, element } from "./dom.js";
import { load, save, SavedError } from "./saved.js";
import { fileNames, labelTable } from "./table.js";
import { words } from "./words.js";
import { zip } from "./zip.js";

/** @param {import("./app.js").App} app */
export function startKeeping(app) {
  const { learner } = app;

  /** @param {string} ending */
  const fileName = (ending) => `${learner.base.name.replace(/[^\p{L}\p{N}_-]+/gu, "_")}${ending}`;

  /** Whether there is something to keep; if not, that is said. */
  const something = () => {
    if (!learner.hasWork()) app.tell(words.nothingTaught);
    return learner.hasWork();
  };

  element("save").addEventListener("click", async () => {
    if (!something()) return;
    const { state } = learner;
    const file = fileName(".taught.json");
    download(save(state, learner.base, await app.probe), file);
    app.kept.add(state);
    app.tell(words.saved(file));
  });

  element("load").addEventListener("change", async () => {
    const [file] = element("load").files;
    if (file) await loadFile(file);
    element("load").value = "";
  });

  /** @param {File} file that `save` wrote, perhaps */
  async function loadFile(file) {
    let read;
    try {
      read = await load(file, learner.base, await app.probe);
    } catch (error) {
      const code = error instanceof SavedError ? error.code : "other";
      if (!(error instanceof SavedError || error instanceof DOMException)) throw error;
      app.complain(words.load[code](file.name));
      return;
    }
    const { classes, own, from } = read;
    await app.learn(
      () => {
        const taught = read.taught.map(({ picture, label, part }) => {
          const there = app.shown.get(picture.key);
          return { picture: there ?? learner.look({ ...picture, file: null }), label, part };
        });
        return learner.restore({ classes, own, taught });
      },
      () => {
        app.kept.add(learner.state);
        const { taught } = learner.state;
        app.current ??= taught[0]?.picture ?? null;
        const loaded = words.loaded(taught.length);
        return from === null ? loaded : `${loaded} ${words.loadedFrom(from)}`;
      },
    );
  }

  /** @param {import("./learner.js").Taught[]} taught */
  const named = (taught) => {
    const files = fileNames(
      taught.map(({ picture: { name, file } }) => ({ name, kind: file?.type ?? "" })),
    );
    return taught.map(({ picture, label }, at) => ({
      file: files[at],
      label: learner.state.classes[label],
      content: picture.file,
    }));
  };

  element("table").addEventListener("click", () => {
    const rows = named(learner.state.taught);
    if (!rows.length) {
      app.tell(words.nothingTaught);
      return;
    }
    const file = fileName(".labels.csv");
    download(new Blob([labelTable(rows)], { type: "text/csv" }), file);
    app.tell(words.saved(file));
  });

  element("pack").addEventListener("click", async () => {
    const all = named(learner.state.taught);
    const rows = all.filter(({ content }) => content !== null);
    if (!all.length) {
      app.tell(words.nothingTaught);
      return;
    }
    const missing = all.length - rows.length;
    app.tell(rows.length ? words.packing : "");
    if (missing) app.complain(words.packMissing(missing));
    if (!rows.length) return;
    const table = new Blob([labelTable(rows)], { type: "text/csv" });
    try {
      const packed = await zip([
        { name: "labels.csv", content: table },
        ...rows.map(({ file, content }) => ({ name: file, content: /** @type {Blob} */ (content) })),
      ]);
      download(packed, fileName(".pictures.zip"));
      app.tell(words.packed(rows.length));
    } catch (error) {
      app.tell("");
      if (error instanceof RangeError) app.complain(words.packTooLarge);
      else if (error instanceof DOMException) app.complain(words.packGone);
      else throw error;
    }
  });

  addEventListener("beforeunload", (event) => {
    // The browser asks, as it words it.
    if (app.unsaved || app.working) event.preventDefault();
  });

  app.drawers.push(() => {
    const any = learner.past.length > 0;
    element("unsaved").textContent = !any ? "" : app.unsaved ? words.unsaved : words.savedAll;
    element("undo").hidden = !any;
  });
  return loadFile;
}
