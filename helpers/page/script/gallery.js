// All pictures that were shown, some at a time, so that thousands stay light.

import { stateNumber } from "./answer.js";
import { element, make, name, redraw } from "./dom.js";
import { words } from "./words.js";

const AT_ONCE = 60;

/** @typedef {import("./learner.js").Shown} Shown */

/** @param {import("./app.js").App} app */
export function startGallery(app) {
  const section = element("pictures");
  const list = element("list");
  const more = element("more");
  const filter = element("filter");
  const order = element("order");
  let shown = AT_ONCE;
  let drawn = "";
  let listed = "";
  order.append(
    make("option", { value: "came" }, words.still.order_came),
    make("option", { value: "doubt" }, words.still.order_doubt),
  );
  for (const choice of [filter, order]) {
    choice.addEventListener("change", () => {
      shown = AT_ONCE;
      draw();
    });
  }
  more.addEventListener("click", () => {
    shown += AT_ONCE;
    draw();
    /** @type {HTMLElement} */ (list.children[shown - AT_ONCE].firstChild).focus();
  });
  element("clear").addEventListener("click", () => {
    for (const [key, picture] of app.shown) {
      if (!app.learner.lessonOf(picture)) app.shown.delete(key);
    }
    app.open(null);
    element("show").querySelector("input").focus();
  });
  list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const ends = { Home: 0, End: list.children.length - 1 }[event.key];
    if (way === undefined && ends === undefined) return;
    const here = [...list.children].findIndex((item) => item.contains(document.activeElement));
    const next = list.children[ends ?? here + /** @type {number} */ (way)];
    if (!next) return;
    event.preventDefault();
    for (const item of list.children) item.firstChild.tabIndex = -1;
    next.firstChild.tabIndex = 0;
    next.firstChild.focus();
  });

  /** The pictures that are asked for, in the order that is asked for. */
  function chosen() {
    const { learner } = app;
    const wanted = filter.value;
    const found = [...app.shown.values()].filter((picture) => {
      if (wanted === "taught") return learner.lessonOf(picture);
      const { best, unknown } = learner.answer(picture);
      if (wanted === "unknown") return unknown;
      return wanted === "all" || wanted === `class ${best}`;
    });
    if (order.value === "came") return found;
    /** @param {Shown} picture */
    const sure = (picture) => {
      const { best, probabilities, unknown } = learner.answer(picture);
      return unknown ? 0 : (probabilities[best] ?? 0);
    };
    return found.sort((a, b) => sure(a) - sure(b));
  }

  function fillFilter() {
    const { classes } = app.learner.state;
    if (listed === classes.join("\n")) return;
    listed = classes.join("\n");
    const before = filter.value;
    filter.replaceChildren(
      make("option", { value: "all" }, words.still.show_all),
      make("option", { value: "unknown" }, words.still.show_unknown),
      make("option", { value: "taught" }, words.still.show_taught),
      ...classes.map((label, k) => make("option", { value: `class ${k}` }, label)),
    );
    filter.value = before;
    if (!filter.value) filter.value = "all";
  }

  /** @type {(picture: Shown, entry: boolean) => Node} */
  function tile(picture, entry) {
    const { best, probabilities, unknown } = app.learner.answer(picture);
    const lesson = app.learner.lessonOf(picture);
    const { classes } = app.learner.state;
    const wrong = lesson !== undefined && best >= 0 && lesson.label !== best;
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          tabindex: entry ? 0 : -1,
          "data-key": picture.key,
          "data-else": entry,
          "aria-current": picture === app.current ? "true" : null,
          click: () => {
            app.open(picture);
            element("answer").scrollIntoView({ block: "nearest" });
          },
        },
        picture.thumbnail !== null && make("img", { src: picture.thumbnail, alt: "" }),
        make(
          "strong",
          { class: unknown || wrong ? "doubt" : "" },
          unknown ? words.none : best < 0 ? words.nameless : name(classes[best]),
        ),
        !unknown && best >= 0 && make("span", {}, words.percent(probabilities[best])),
        lesson !== undefined &&
          make("span", { class: "mark" }, words.taughtShort(classes[lesson.label])),
        make("span", { class: "quiet file" }, name(picture.name)),
      ),
    );
  }

  function draw() {
    section.hidden = app.shown.size === 0;
    fillFilter();
    const signature = [
      app.shown.size,
      stateNumber(app.learner.state),
      app.current?.key,
      filter.value,
      order.value,
      shown,
    ].join();
    if (signature === drawn) return;
    drawn = signature;
    const pictures = chosen();
    const some = pictures.slice(0, shown);
    const entry = some.includes(/** @type {Shown} */ (app.current)) ? app.current : some[0];
    redraw(list, ...some.map((picture) => tile(picture, picture === entry)));
    more.hidden = pictures.length <= shown;
  }
  app.drawers.push(draw);
}
