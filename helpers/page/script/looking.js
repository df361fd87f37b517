// Where it looks, as the learner sees it: a bar, a way to stop, a picture, a sentence.

import { make, pause } from "./dom.js";
import { whereItLooks } from "./occlusion.js";
import { PictureError, readPicture } from "./pictures.js";
import { probabilities } from "./head.js";
import { words } from "./words.js";

const LITTLE = 0.02; // of a probability; less than that decides nothing

/**
 * @typedef {import("./learner.js").Shown} Shown
 * @typedef {{picture: Shown, state: object, heat: import("./occlusion.js").Heat,
 *   label: string}} Found
 */

/**
 * @param {import("./app.js").App} app
 * @param {() => void} draw
 */
export function startLooking(app, draw) {
  /** @type {AbortController | null} */
  let running = null;
  /** @type {Found | null} */
  let found = null;
  let version = 0;
  const bar = make("progress", { max: 1, value: 0, "aria-label": words.still.looks });

  const changed = () => {
    version += 1;
    draw();
  };

  /** @param {Shown} picture */
  async function start(picture) {
    if (!picture.file) {
      app.complain(words.looksGone);
      return;
    }
    const { state } = app.learner;
    const { best } = app.learner.answer(picture);
    const head = /** @type {import("./head.js").Head} */ (state.head);
    const mine = new AbortController();
    running = mine;
    bar.value = 0;
    changed();
    try {
      const network = await app.network;
      const { pixels } = await readPicture(picture.file);
      const heat = await whereItLooks(
        pixels,
        app.size,
        async (covered) => {
          await pause(); // the network leaves no moment in which a press is heard
          return probabilities(head, await network.features(covered))[best];
        },
        (share) => {
          bar.value = share;
        },
        mine.signal,
      );
      found = { picture, state, heat, label: state.classes[best] };
      app.tell(sentence(found));
    } catch (error) {
      const gone = error instanceof PictureError || error instanceof DOMException;
      if (!gone) throw error;
      // Not there any more, but when it was stopped: then it is no news.
      if (!mine.signal.aborted) app.complain(words.looksGone);
    } finally {
      if (running === mine) running = null;
      changed();
    }
  }

  const stop = () => running?.abort();

  /** @param {Shown} picture */
  const here = (picture) =>
    found?.picture === picture && found.state === app.learner.state ? found : null;

  return {
    stop,
    version: () => version,
    /** @param {Shown} picture */
    button: (picture) =>
      running
        ? make(
            "button",
            { type: "button", "data-key": "looks", click: stop },
            words.still.cancel,
          )
        : make(
            "button",
            { type: "button", "data-key": "looks", click: () => start(picture) },
            words.still.looks,
          ),
    /** @param {Shown} picture */
    report(picture) {
      if (running) return bar;
      const seen = here(picture);
      return seen && make("p", { class: "note" }, sentence(seen));
    },
    /** @param {Shown} picture */
    canvas(picture) {
      const seen = here(picture);
      return seen && drawn(seen.heat);
    },
  };
}

/** @param {Found} found */
function sentence({ heat: { lost, side, whole }, label }) {
  const most = Math.max(...lost);
  if (most < LITTLE) return words.looksNowhere(label, Math.max(0, most));
  const place = lost.indexOf(most);
  const third = (/** @type {number} */ at) => Math.min(2, Math.floor((3 * at) / side));
  const where = words.where[third(Math.floor(place / side))][third(place % side)];
  return words.looksAt(where, label, whole, whole - most);
}

/**
 * Where much is lost stays bright; the rest is darkened.
 * @param {import("./occlusion.js").Heat} heat
 */
function drawn({ lost, side }) {
  const canvas = make("canvas", { width: side, height: side, "aria-hidden": "true" });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const most = Math.max(...lost, LITTLE);
  lost.forEach((one, place) => {
    const dark = 0.75 * (1 - Math.max(0, one) / most);
    pen.fillStyle = `rgb(0 0 0 / ${dark})`;
    pen.fillRect(place % side, Math.floor(place / side), 1, 1);
  });
  return canvas;
}
