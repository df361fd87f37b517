// The classes: what it learned from of each, more pictures, another class, all anew.

import { stateNumber } from "./answer.js";
import { element, make, name, redraw } from "./dom.js";
import { words } from "./words.js";

/**
 * @param {import("./app.js").App} app
 * @param {(files: File[], label: string) => Promise<void>} teachFiles
 */
export function startClasses(app, teachFiles) {
  const list = element("class-list");
  let drawn = 0;
  element("rule").textContent = words.rule;

  element("add").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const field = element("add-name");
    const written = field.value;
    const done = await app.learn(
      () => app.learner.addClass(written),
      () => words.added(app.learner.state.classes.at(-1) ?? ""),
    );
    if (done) field.value = "";
  });

  const afresh = element("afresh");
  afresh.querySelector("form").addEventListener("submit", async (
    /** @type {Event} */ event,
  ) => {
    event.preventDefault();
    const names = element("afresh-names").value.split("\n").filter((
      /** @type {string} */ line,
    ) => line.trim());
    if (names.length < 2) {
      app.complain(words.fewNames);
      return;
    }
    const done = await app.learn(
      () => app.learner.startAfresh(names),
      () => words.afreshDone,
    );
    if (done) {
      afresh.open = false;
      list.querySelector("input")?.focus();
    }
  });

  function draw() {
    const { learner } = app;
    if (drawn === stateNumber(learner.state)) return;
    drawn = stateNumber(learner.state);
    const { train, test } = learner.counts();
    redraw(
      list,
      ...learner.state.classes.map((label, k) =>
        make(
          "li",
          {},
          make("strong", {}, name(label)),
          make("span", { class: "quiet" }, words.counts(train[k], test[k])),
          make(
            "label",
            { class: "button" },
            words.addPicturesShort,
            make("input", {
              type: "file",
              accept: "image/*",
              multiple: true,
              "data-key": label,
              "aria-label": words.addPictures(label),
              change: (/** @type {Event} */ event) => {
                const input = /** @type {HTMLInputElement} */ (event.target);
                const files = [...(input.files ?? [])];
                input.value = "";
                teachFiles(files, label);
              },
            }),
          ),
        ),
      ),
    );
  }
  app.drawers.push(draw);
}
