// Elements, made of tags and texts: nothing here is ever read as HTML.

/**
 * @param {string} id
 * @returns {any} the element; what it is stands in page.html
 */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | undefined |
 *   ((event: any) => void)>} [given] attributes; a function is what happens on an event;
 *   nothing, if it is false, null or undefined
 * @param {...(Node | string | null | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== false));
  return /** @type {any} */ (made);
}

/**
 * A name that somebody gave, in whatever script, so that it does not turn what is
 * around it.
 * @param {string} text
 */
export function name(text) {
  return make("bdi", {}, text);
}

/**
 * Draw a part of the page anew. Whoever works with the keyboard stays where he was: on
 * what has the same `data-key` as before, or else on the first that is marked
 * `data-else`.
 * @param {HTMLElement} part
 * @param {...(Node | null | false)} children
 */
export function redraw(part, ...children) {
  const focused = document.activeElement;
  const inside = focused !== part && part.contains(focused);
  const key = /** @type {HTMLElement} */ (focused).dataset.key;
  part.replaceChildren(...children.filter((child) => child instanceof Node));
  if (!inside) return;
  const [same] = [...part.querySelectorAll("[data-key]")].filter(
    (other) => /** @type {HTMLElement} */ (other).dataset.key === key,
  );
  const next = same ?? part.querySelector("[data-else]") ?? part.closest("section");
  /** @type {HTMLElement} */ (next).focus();
  // What was begun to be written stays, too.
  if (same instanceof HTMLInputElement && same.type !== "file") {
    same.value = /** @type {HTMLInputElement} */ (focused).value;
  }
}

/**
 * Lets the page draw, and hear what was pressed. A timer would do so, too; but in a tab
 * behind others each would take a second.
 */
export function pause() {
  return new Promise((/** @type {(value: void) => void} */ resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resume();
    });
    port1.start();
    port2.postMessage(null);
  });
}

/**
 * Hand a file to whoever uses the page.
 * @param {Blob} content
 * @param {string} file its name
 */
export function download(content, file) {
  const address = URL.createObjectURL(content);
  make("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
