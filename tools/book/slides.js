// One slide at a time on a wide screen: by arrows, a clicker, or the address (…#7).
// S opens a second window for whoever speaks; the two go together.
"use strict";

const root = document.documentElement;
const slides = [...document.querySelectorAll("section")];
const [back, next] = document.querySelectorAll("nav button");
const wide = matchMedia("(min-width: 800px) and (min-aspect-ratio: 1)");
const speaks = location.search === "?notes";
const KEYS = {
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1,
  ArrowLeft: -1, ArrowUp: -1, PageUp: -1,
  Home: -slides.length, End: slides.length,
};
let twin = window.opener;

function paged() {
  return speaks || wide.matches;
}

function within(number) {
  return Math.min(Math.max(number || 1, 1), slides.length);
}

function here() {
  return within(parseInt(location.hash.slice(1), 10));
}

function go(number) {
  if (within(number) !== here()) location.replace(`#${within(number)}`);
}

function show() {
  const number = here();
  root.classList.toggle("deck", paged());
  root.classList.toggle("speaks", speaks);
  slides.forEach((slide, place) => slide.classList.toggle("now", place + 1 === number));
  document.querySelector("nav span").textContent = `${number} / ${slides.length}`;
  document.querySelector("nav i").style.width = `${(100 * number) / slides.length}%`;
  back.disabled = number === 1;
  next.disabled = number === slides.length;
  if (paged()) slides[number - 1].focus();
  if (twin && !twin.closed) twin.postMessage(number, "*");
}

addEventListener("hashchange", show);
addEventListener("message", (event) => go(Number(event.data)));
wide.addEventListener("change", show);
back.addEventListener("click", () => go(here() - 1));
next.addEventListener("click", () => go(here() + 1));
addEventListener("keydown", (event) => {
  if (!paged() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("a, button")) return;
  if (event.key === "s") {
    twin = open(`?notes#${here()}`, "notes", "popup,width=700,height=700");
  } else if (event.key in KEYS) {
    event.preventDefault();
    go(here() + KEYS[event.key]);
  }
});
show();
