// All words of the page. Another language is a file like this one.

const LANGUAGE = "en";
const number = new Intl.NumberFormat(LANGUAGE);
const decimals = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

/** @type {(n: number, one: string, many?: string) => string} */
function count(n, one, many = `${one}s`) {
  return `${number.format(n)} ${n === 1 ? one : many}`;
}

/** @type {(share: number) => string} a share never rounded to 0 or 100% */
function percent(share) {
  const rounded = decimals.format(100 * share);
  if (rounded === "100" && share < 1) return "over 99.9%";
  if (rounded === "0" && share > 0) return "under 0.1%";
  return `${rounded}%`;
}

/** @type {(names: string[], most?: number) => string} the first names, and how many more */
function some(names, most = 3) {
  const more = names.length - most;
  if (more > 0) return `${names.slice(0, most).join(", ")} and ${number.format(more)} more`;
  const [last, ...others] = [...names].reverse();
  return others.length ? `${others.reverse().join(", ")} and ${last}` : last;
}

/** @type {(right: number, of: number, low: number, high: number) => string} */
function accuracy(right, of, low, high) {
  return (
    `${number.format(right)} of ${number.format(of)} right: ${percent(right / of)}; with ` +
    `other pictures of this kind between ${percent(low)} and ${percent(high)}.`
  );
}

export const words = {
  language: LANGUAGE,
  percent,
  // what stands in the page
  title: (/** @type {string} */ name) => `What is it? · ${name}`,
  still: {
    skip: "To the answer",
    promise:
      "Your pictures stay here: this page has all it needs in it, and sends nothing to " +
      "anybody.",
    show: "Show it pictures",
    drop: "Drop pictures here, or paste one.",
    choose: "Choose pictures",
    folder: "Choose a folder",
    camera: "Use the camera",
    stop: "Stop",
    answer: "What it says",
    nothingYet: "Show it a picture, and its answer stands here.",
    wrong: "That’s wrong",
    really: "What is it really?",
    newClass: "Something else",
    newClassHint: "such as “mug”",
    teach: "Teach it",
    forget: "Don’t learn from it",
    looks: "Where does it look?",
    cancel: "Cancel",
    near: "The nearest of the pictures it learned from",
    pictures: "Your pictures",
    show_all: "All",
    show_unknown: "None of these, perhaps",
    show_taught: "Taught",
    filter: "Show",
    order: "Order",
    order_came: "As they came",
    order_doubt: "Least sure first",
    more: "Show more",
    clear: "Empty the list",
    classes: "What it knows",
    addName: "Name of a new class",
    addDo: "Add",
    afresh: "Start with classes of your own",
    afreshHint:
      "It forgets its classes and learns yours. What it knew comes back with “Undo”.",
    afreshNames: "Names of two classes or more, each on a line",
    afreshDo: "Start",
    quality: "How good it is",
    undo: "Undo",
    keep: "Keep what you taught it",
    save: "Save",
    saveHint: "One file for this page: what it learned, without the pictures themselves.",
    load: "Load",
    loadHint: "What you saved. What is here now comes back with “Undo”.",
    table: "Export the labels",
    tableHint: "A table with the columns File Name and Label, for train_classifier.",
    pack: "Export the pictures with labels",
    packHint: "A zip archive: the pictures and the table beside them.",
    shoot: "Take the picture",
    close: "Close",
    dismiss: "Close these messages",
  },
  about: (/** @type {string[]} */ names) => `It tells ${some(names, 6)} apart.`,
  // starting
  starting: "Getting ready …",
  ready: "Ready. Show it a picture.",
  failed: (/** @type {string} */ why) =>
    `It cannot start in this browser (${why}). Try a new Chrome, Edge, Firefox or Safari.`,
  // answers
  says: (/** @type {string} */ name, /** @type {number} */ share) =>
    `${name}, ${percent(share)}`,
  tell: (/** @type {string} */ picture, /** @type {string} */ said) => `${picture}: ${said}`,
  none: "None of these, perhaps",
  noneWhy: "It is unlike the pictures that it learned from.",
  nameless: "It has not learned enough to say anything.",
  needs: (/** @type {string[]} */ names) =>
    `It learns as soon as it has pictures of ${names.join(", ")}.`,
  needsTwo: "It learns as soon as two classes have pictures.",
  taughtAs: (/** @type {string} */ name) => `You taught it: ${name}. It learns from it.`,
  heldAs: (/** @type {string} */ name) =>
    `You taught it: ${name}. It is held back to test with: every fifth of a class is.`,
  taughtShort: (/** @type {string} */ name) => `taught: ${name}`,
  like: (/** @type {number} */ cosine) => `alike ${percent(Math.max(0, cosine))}`,
  pictureOf: (/** @type {string} */ name) => `The picture ${name}`,
  // where it looks
  looksAt: (
    /** @type {string} */ where,
    /** @type {string} */ name,
    /** @type {number} */ whole,
    /** @type {number} */ then,
  ) =>
    `It looks most at ${where}: with that covered, ${name} falls from ${percent(whole)} ` +
    `to ${percent(then)}.`,
  looksNowhere: (/** @type {string} */ name, /** @type {number} */ most) =>
    `No single part decides: whatever is covered, ${name} loses ${percent(most)} at most.`,
  looksGone:
    "The picture itself is not here: it was moved or deleted, or came with a saved file. " +
    "Show it again.",
  where: [
    ["the upper left", "the upper middle", "the upper right"],
    ["the left", "the middle", "the right"],
    ["the lower left", "the lower middle", "the lower right"],
  ],
  // reading
  reading: (/** @type {number} */ done, /** @type {number} */ of) =>
    `${number.format(done)} of ${count(of, "picture")}`,
  read: (/** @type {number} */ n) => `${count(n, "picture")} answered.`,
  stopped: (/** @type {number} */ n) => `Stopped: ${count(n, "picture")} left out.`,
  again: (/** @type {number} */ n) =>
    n === 1 ? "That picture was here already." : `${number.format(n)} were here already.`,
  passed: (/** @type {number} */ n) => `${count(n, "other file")} passed over.`,
  noPictures: "There are no pictures in it: JPEG, PNG, WebP, GIF or BMP.",
  problem: {
    broken: (/** @type {string} */ name) =>
      `${name} is damaged and cannot be read. Copy it again from where it came from.`,
    too_large: (/** @type {string} */ name) =>
      `${name} is too large: more than 89 million pixels or 400 MB. Make it smaller.`,
    unsupported: (/** @type {string} */ name) =>
      `${name} is no picture that this browser can read. Save it as JPEG or PNG.`,
    archive: (/** @type {string} */ name) =>
      `${name} is an archive. Unpack it, and choose the pictures that were in it.`,
  },
  moreProblems: (/** @type {number} */ n) => `And ${number.format(n)} more.`,
  // camera
  cameraMissing:
    "This browser lends no camera to a page that is opened as a file. On a phone, " +
    "“Choose pictures” offers the camera; elsewhere, take a picture and choose it.",
  cameraDenied: "The camera was not allowed. Allow it in the browser’s address bar.",
  cameraNone: "No camera was found. Plug one in, or choose a picture.",
  cameraBusy: "The camera cannot be used now: another program may hold it.",
  cameraName: (/** @type {number} */ n) => `camera ${n}.jpg`,
  pastedName: (/** @type {number} */ n) => `pasted ${n}`,
  // classes
  counts: (/** @type {number} */ train, /** @type {number} */ test) =>
    `learned from ${number.format(train)}, ${number.format(test)} held back`,
  addPictures: (/** @type {string} */ name) => `Add pictures of ${name}`,
  addPicturesShort: "Add pictures",
  name: {
    empty: () => "A class needs a name.",
    long: (/** @type {string} */ name) =>
      `A name has at most 60 letters, this one ${[...name].length}. Shorten it.`,
    twice: (/** @type {string} */ name) => `There is a class ${name} already.`,
    many: () => "Twenty classes are the most. Teach one of those that are there.",
  },
  fewNames: "Two classes are the least: write each name on a line of its own.",
  rule:
    "Of each class, every fifth picture that you teach is held back: it is never learned " +
    "from, and tells how good the answers are.",
  // teaching
  teaching: "Learning …",
  learned: (/** @type {number} */ seconds) => `Learned in ${decimals.format(seconds)} s.`,
  still_says: (/** @type {string} */ name) =>
    `It still says ${name}: one picture among many weighs little. Teach it more like it.`,
  added: (/** @type {string} */ name) => `${name} is a class now. Teach it some pictures.`,
  afreshDone: "Ready for your classes: add some pictures to each.",
  undone: "Undone.",
  nothingToUndo: "There is nothing to undo.",
  accuracy,
  byPython: "Counted when the page was made, on pictures it never learned from.",
  noTest: "No pictures are held back yet, so nobody knows how good it is.",
  changeOf: (
    /** @type {number} */ before,
    /** @type {number} */ now,
    /** @type {number} */ of,
  ) =>
    `Of ${count(of, "picture")} held back, ${number.format(before)} were right before, ` +
    `${number.format(now)} are now.`,
  mended: (/** @type {string[]} */ names) => `Now right: ${some(names)}.`,
  spoiled: (/** @type {string[]} */ names) => `Now wrong: ${some(names)}.`,
  // keeping
  saved: (/** @type {string} */ file) =>
    `Saved as ${file}, among your downloads; with a number in its name if there was one.`,
  loaded: (/** @type {number} */ n) => `Loaded: ${count(n, "taught picture")}.`,
  loadedFrom: (/** @type {string} */ page) =>
    `Another page, ${page}, has saved it: what you taught there is added to what is known here.`,
  load: {
    other: (/** @type {string} */ file) =>
      `${file} was not saved by such a page. Choose a file that “Save” wrote.`,
    newer: (/** @type {string} */ file) =>
      `${file} was saved by a newer page. Open it with that one.`,
    damaged: (/** @type {string} */ file) =>
      `${file} is damaged, or was changed. Take another copy of it.`,
    network: (/** @type {string} */ file) =>
      `${file} was saved by a page with another network; its numbers mean nothing here.`,
    many: (/** @type {string} */ file) =>
      `${file} would bring more than twenty classes. Load it into the page it came from.`,
  },
  nothingTaught: "Nothing has been taught yet, so there is nothing to keep.",
  packing: "Packing …",
  packed: (/** @type {number} */ n) => `${count(n, "picture")} and their table are packed.`,
  packMissing: (/** @type {number} */ n) =>
    `${count(n, "picture")} came with a saved file and ${n === 1 ? "is" : "are"} not ` +
    "packed: show them again, then export.",
  packGone: "A picture was moved or deleted since it was shown. Show it again, then export.",
  packTooLarge:
    "They are more than 4 GB. Export the table alone, and copy the pictures yourself.",
  unsaved: "What you taught it is not saved yet.",
  savedAll: "All that you taught it is saved.",
};
