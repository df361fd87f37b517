// How good it is, on pictures that it never learned from, and what teaching changed.

import { changeSentences } from "./app.js";
import { element, make, redraw } from "./dom.js";
import { words } from "./words.js";

/**
 * @param {import("./app.js").App} app
 * @param {import("./types.js").Accuracy | null} counted by Python, of the classifier as
 *   it came
 * @param {string} note what is missing in the page, and why
 */
export function startQuality(app, counted, note) {
  element("note").textContent = note;
  const { head } = app.learner.state;

  function draw() {
    const asItCame = app.learner.state.head === head;
    const told = (asItCame ? counted : null) ?? app.learner.accuracy();
    element("accuracy").textContent = told
      ? words.accuracy(told.right, told.of, told.low, told.high)
      : words.noTest;
    if (asItCame && told && told === counted) {
      element("accuracy").append(" ", words.byPython);
    }
    const sentences = changeSentences(app.change).map((one) => make("p", {}, one));
    redraw(element("change"), ...sentences);
  }
  app.drawers.push(draw);
}
