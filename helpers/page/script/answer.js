// The answer to one picture: what it says, why, and what it is really.

import { element, make, name, redraw } from "./dom.js";
import { alike } from "./learner.js";
import { startLooking } from "./looking.js";
import { words } from "./words.js";

/** @typedef {import("./learner.js").Shown} Shown */

/** @param {import("./app.js").App} app */
export function startAnswer(app) {
  const body = element("answer-body");
  const look = startLooking(app, () => draw());
  let open = false; // the question what it is really
  let drawn = "";
  /** @type {Shown | null} */
  let pictured = null;
  /** @type {Blob | null | undefined} */
  let file = null;
  /** @type {object | null} */
  let asked = null; // the state that answered
  let address = "";

  /** @param {string} label */
  const teach = async (label) => {
    const picture = /** @type {Shown} */ (app.current);
    const done = await app.teach([picture], label);
    if (done && app.current?.key === picture.key) open = false;
    draw();
    return done;
  };

  function draw() {
    const picture = app.current;
    if (picture?.key !== pictured?.key) open = false;
    if (picture !== pictured || app.learner.state !== asked) look.stop();
    [pictured, asked] = [picture, app.learner.state];
    if (picture?.file !== file) {
      if (address) URL.revokeObjectURL(address);
      address = picture?.file ? URL.createObjectURL(picture.file) : "";
      file = picture?.file;
    }
    if (!picture) {
      redraw(body, make("p", { class: "quiet" }, words.still.nothingYet));
      return;
    }
    const { state } = app.learner;
    const signature = [picture.key, address, stateNumber(state), open, look.version()].join();
    if (signature === drawn) return;
    drawn = signature;
    const answer = app.learner.answer(picture);
    const image = make("img", {
      src: address || picture.thumbnail || undefined,
      alt: words.pictureOf(picture.name),
      // A picture that the browser decodes here but not there: the small copy serves.
      error: (/** @type {Event} */ event) => {
        const shown = /** @type {HTMLImageElement} */ (event.target);
        if (picture.thumbnail && shown.src !== picture.thumbnail) shown.src = picture.thumbnail;
      },
    });
    redraw(
      body,
      make(
        "div",
        { class: "answer" },
        make(
          "figure",
          {},
          make("div", { class: "frame" }, image, look.canvas(picture)),
          make("figcaption", { class: "quiet" }, name(picture.name)),
        ),
        make(
          "div",
          { class: "stack" },
          ...said(answer, state.classes),
          taughtNote(picture),
          waiting(),
          answer.best >= 0 && bars(answer, state.classes),
          deeds(picture, answer),
          (open || answer.best < 0) && question(picture),
          look.report(picture),
        ),
      ),
      nearest(picture),
    );
  }

  /** @type {(answer: import("./learner.js").Answer, classes: string[]) => Node[]} */
  function said({ best, probabilities, unknown }, classes) {
    if (best < 0) {
      return [make("p", { class: "said" }, words.nameless), make("p", {}, words.needsTwo)];
    }
    const top = [name(classes[best]), ` ${words.percent(probabilities[best])}`];
    if (!unknown) return [make("p", { class: "said" }, ...top)];
    return [
      make("p", { class: "said" }, words.none),
      make("p", { class: "quiet" }, words.noneWhy),
    ];
  }

  /** @param {Shown} picture */
  function taughtNote(picture) {
    const lesson = app.learner.lessonOf(picture);
    if (!lesson) return null;
    const tell = lesson.part === "train" ? words.taughtAs : words.heldAs;
    return make("p", { class: "note" }, tell(app.learner.state.classes[lesson.label]));
  }

  /** Without pictures of its own the page learns when it has some of each class. */
  function waiting() {
    const { learner } = app;
    const { taught, head } = learner.state;
    if (!taught.length || head !== learner.base.head) return null;
    const { train } = learner.counts();
    const lacking = learner.state.classes.filter((_, k) => !train[k]);
    return lacking.length > 0 && make("p", { class: "note" }, words.needs(lacking));
  }

  /** @type {(answer: import("./learner.js").Answer, classes: string[]) => Node} */
  function bars({ probabilities }, classes) {
    const order = classes.map((_, k) => k).sort((a, b) => probabilities[b] - probabilities[a]);
    return make(
      "ul",
      { class: "bars" },
      ...order.map((k) => {
        const share = make("span", { class: "share" });
        share.style.width = `${100 * probabilities[k]}%`;
        return make(
          "li",
          {},
          make("span", {}, name(classes[k])),
          make("span", { class: "track", "aria-hidden": "true" }, share),
          make("span", { class: "number" }, words.percent(probabilities[k])),
        );
      }),
    );
  }

  /** @type {(picture: Shown, answer: import("./learner.js").Answer) => Node} */
  function deeds(picture, answer) {
    const wrong = make(
      "button",
      {
        type: "button",
        "data-key": "wrong",
        "data-else": true,
        "aria-expanded": String(open),
        click: () => {
          open = !open;
          draw();
        },
      },
      words.still.wrong,
    );
    const forget = make(
      "button",
      { type: "button", "data-key": "forget", click: () => app.teach([picture], null) },
      words.still.forget,
    );
    return make(
      "div",
      { class: "row" },
      answer.best >= 0 && wrong,
      answer.best >= 0 && look.button(picture),
      app.learner.lessonOf(picture) !== undefined && forget,
    );
  }

  /** @param {Shown} picture */
  function question(picture) {
    const own = app.learner.lessonOf(picture)?.label;
    const other = make("input", {
      id: "other",
      autocomplete: "off",
      placeholder: words.still.newClassHint,
      "data-key": "other",
    });
    return make(
      "div",
      { class: "question", role: "group", "aria-labelledby": "really" },
      make("h3", { id: "really" }, words.still.really),
      make(
        "div",
        { class: "row" },
        ...app.learner.state.classes.map((label, k) =>
          make(
            "button",
            {
              type: "button",
              "data-key": `class ${label}`,
              "aria-pressed": String(k === own),
              click: () => teach(label),
            },
            name(label),
          ),
        ),
      ),
      make(
        "form",
        {
          class: "row",
          submit: async (/** @type {Event} */ event) => {
            event.preventDefault();
            const written = other.value;
            other.value = "";
            if (!(await teach(known(written)))) other.value = written;
          },
        },
        make("label", {}, words.still.newClass, " ", other),
        make("button", { "data-key": "teach" }, words.still.teach),
      ),
    );
  }

  /** Whoever types the name of a class that is there means that class.
   * @param {string} written */
  function known(written) {
    return app.learner.state.classes.find((label) => alike(label, written)) ?? written;
  }

  /** @param {Shown} picture */
  function nearest(picture) {
    const near = app.learner.nearest(picture);
    if (!near.length) return null;
    return make(
      "div",
      { class: "near" },
      make("h3", {}, words.still.near),
      make(
        "ol",
        { class: "tiles" },
        ...near.map((one) =>
          make(
            "li",
            {},
            one.thumbnail !== null && make("img", { src: one.thumbnail, alt: "" }),
            make("strong", {}, name(app.learner.state.classes[one.label])),
            make("span", { class: "quiet" }, words.like(one.cosine)),
            make("span", { class: "quiet file" }, name(one.name.split("/").pop() ?? "")),
          ),
        ),
      ),
    );
  }

  app.drawers.push(draw);
}

let states = 0;
/** @type {WeakMap<object, number>} */
const numbers = new WeakMap();

/** @param {object} state that never changes: another one has another number */
export function stateNumber(state) {
  let found = numbers.get(state);
  if (found === undefined) {
    states += 1;
    found = states;
    numbers.set(state, found);
  }
  return found;
}
