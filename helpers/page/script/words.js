// The language of the page.

export { words } from "./words.en.js";
