// What is known, what was taught, and how to go back: all that a page can learn.
//
// Every change makes a new state and leaves the old one as it was, so that undoing is
// taking the old one again.

import { accuracyInterval } from "./accuracy.js";
import { best, probabilities, trainHead } from "./head.js";
import { fitThreshold, largest, reached, unit } from "./known.js";
import { closest, merged } from "./nearest.js";
import { Products, dot } from "./products.js";

export const HELD_BACK = 5; // every fifth picture that is taught of a class
export const MOST_CLASSES = 20;
const COPIES = 0.99; // cosine of features; the same scene a second later has 0.98
const UNDONE = 100; // steps back

/**
 * @typedef {import("./head.js").Head} Head
 *
 * @typedef {object} Known a picture that the page came with
 * @property {string} name
 * @property {number} label
 * @property {"train" | "test"} part
 * @property {string | null} thumbnail
 * @property {Float32Array} features
 * @property {Float32Array} unit its features at length 1
 *
 * @typedef {object} Shown a picture that was shown to the page; no pixels are kept
 * @property {string} key the same for the same pixels
 * @property {string} name
 * @property {Blob | null} file null if it came with a saved file
 * @property {string | null} thumbnail
 * @property {Float32Array} features
 * @property {Float32Array} unit
 * @property {import("./nearest.js").Near[]} near the nearest pictures of the page's own
 * @property {number[]} known its likeness to the nearest of those that the rule knows
 * @property {Map<Shown, number>} cosines with pictures that were taught
 *
 * @typedef {object} Taught
 * @property {Shown} picture
 * @property {number} label
 * @property {"train" | "test"} part
 *
 * @typedef {object} State
 * @property {string[]} classes
 * @property {boolean} own classes of one's own: the page's pictures do not count
 * @property {Taught[]} taught in the order of teaching
 * @property {Head | null} head null if there is not yet enough to learn from
 * @property {number | null} threshold of likeness
 *
 * @typedef {object} Answer
 * @property {number[]} probabilities of each class; empty without a head
 * @property {number} best the number of the most probable class; -1 without a head
 * @property {boolean} unknown none of these, perhaps
 *
 * @typedef {object} Change what teaching did, on the pictures held back
 * @property {number} of how many are held back
 * @property {number} right
 * @property {number | null} before right before, of the same pictures; null if nothing
 *   was there to compare with
 * @property {string[]} mended names of those that are right now and were not
 * @property {string[]} spoiled names of those that are wrong now and were not
 *
 * @typedef {object} Base what the page came with, its numbers read
 * @property {string} name
 * @property {string[]} classes
 * @property {number} width how many features a picture has
 * @property {number} strength
 * @property {Head} head
 * @property {{threshold: number, units: Float32Array[] | null} | null} unknown
 * @property {Known[]} examples
 */

/** A rule of names or numbers is broken; `code` and `given` say which. */
export class LearnerError extends Error {
  /**
   * @param {"empty" | "long" | "twice" | "many"} code
   * @param {string} given
   */
  constructor(code, given = "") {
    super(code);
    this.code = code;
    this.given = given;
  }
}

const LONGEST = 60; // letters of a class's name

/**
 * The name of a class as it is kept: one form of each letter, no blanks around it.
 * @param {string} written
 * @param {string[]} others names that are taken
 * @throws {LearnerError} if there is nothing to see, or it is too long, or looks like
 *   another but for capitals
 */
export function className(written, others) {
  const name = plain(written);
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(name)) throw new LearnerError("empty");
  if ([...name].length > LONGEST) throw new LearnerError("long", name);
  const taken = others.find((other) => alike(other, name));
  if (taken !== undefined) throw new LearnerError("twice", taken);
  if (others.length >= MOST_CLASSES) throw new LearnerError("many");
  return name;
}

/** @param {string} written */
function plain(written) {
  const still = written.replace(/[\u202a-\u202e\u2066-\u2069]/g, ""); // they turn the rest
  return still.normalize("NFC").replace(/[\s\p{Cc}]+/gu, " ").trim();
}

/**
 * Whether two names are those of one class: in other capitals, or with signs in them
 * that nobody sees. Large and small again, ß is ss, as it is for Python.
 * @param {string} one
 * @param {string} other
 */
export function alike(one, other) {
  const [mine, theirs] = [one, other].map((name) =>
    plain(name).replace(/\p{Cf}/gu, "").toUpperCase().toLowerCase(),
  );
  return mine === theirs;
}

export class Learner {
  /**
   * @param {Base} base
   * @param {() => Promise<void>} pause lets the page draw and hear
   */
  constructor(base, pause = async () => {}) {
    this.base = base;
    this.pause = pause;
    this.products = new Products();
    this.train = base.examples.filter(({ part }) => part === "train");
    this.test = base.examples.filter(({ part }) => part === "test");
    /** @type {State} */
    this.state = {
      classes: base.classes,
      own: false,
      taught: [],
      head: base.head,
      threshold: base.unknown?.threshold ?? null,
    };
    /** @type {State[]} */
    this.past = [];
    /** @type {WeakMap<Shown, {state: State, answer: Answer}>} */
    this.answers = new WeakMap();
  }

  /**
   * Take a picture's features in.
   * @param {Pick<Shown, "key" | "name" | "file" | "thumbnail" | "features">} given
   * @returns {Shown}
   */
  look(given) {
    const one = unit(given.features);
    const near = closest(one, this.train);
    const units = this.base.unknown?.units;
    const known = units
      ? largest(units.map((other) => dot(one, other)))
      : near.map((other) => other.cosine);
    return { ...given, unit: one, near, known, cosines: new Map() };
  }

  /** @type {(picture: Shown) => Taught | undefined} */
  lessonOf(picture) {
    return this.state.taught.find((lesson) => lesson.picture === picture);
  }

  /** Whether there is something that was taught, or made. */
  hasWork() {
    const { taught, own, classes } = this.state;
    return taught.length > 0 || own || classes.length > this.base.classes.length;
  }

  /** @type {(picture: Shown) => Answer} */
  answer(picture) {
    const kept = this.answers.get(picture);
    if (kept?.state === this.state) return kept.answer;
    const { head, classes } = this.state;
    const said = head ? probabilities(head, picture.features) : [];
    // A class that was added, and of which nothing has been learned yet.
    if (head) said.push(...classes.slice(said.length).map(() => 0));
    const answer = {
      probabilities: said,
      best: best(said),
      unknown: head !== null && this.isUnknown(picture),
    };
    this.answers.set(picture, { state: this.state, answer });
    return answer;
  }

  /** @type {(picture: Shown) => boolean} */
  isUnknown(picture) {
    const { threshold, own, taught } = this.state;
    if (threshold === null || this.lessonOf(picture)?.part === "train") return false;
    const cosines = taught
      .filter(({ part }) => part === "train")
      .map((lesson) => cosine(picture, lesson.picture));
    return reached(own ? cosines : [...picture.known, ...cosines]) < threshold;
  }

  /**
   * The five pictures, of those it learned from, that are most like this one.
   * @type {(picture: Shown) => import("./nearest.js").Near[]}
   */
  nearest(picture) {
    const { own, taught } = this.state;
    const mine = taught
      .filter(({ part, picture: other }) => part === "train" && other !== picture)
      .map(({ picture: other, label }) => ({
        name: other.name,
        label,
        thumbnail: other.thumbnail,
        cosine: cosine(picture, other),
      }));
    return merged(own ? [] : picture.near, mine);
  }

  /**
   * Teach that pictures are of a class; of no class: they are not learned from.
   * @param {Shown[]} pictures
   * @param {string | null} name a class; it is added if it is new
   * @returns {Promise<Change>}
   * @throws {LearnerError} if a new name cannot be
   */
  async teach(pictures, name) {
    let { classes } = this.state;
    let label = name === null ? -1 : classes.indexOf(name);
    if (name !== null && label < 0) {
      classes = [...classes, className(name, classes)];
      label = classes.length - 1;
    }
    const changed = new Set(pictures);
    const same = this.state.taught.filter(
      ({ picture, label: old }) => changed.has(picture) && old === label,
    );
    for (const { picture } of same) changed.delete(picture);
    const taught = this.state.taught.filter(({ picture }) => !changed.has(picture));
    if (label >= 0) {
      for (const picture of changed) {
        taught.push({ picture, label, part: this.partOf(picture, label, taught) });
      }
    }
    return this.change({ ...this.state, classes, taught });
  }

  /**
   * What is nearly a copy of another picture goes where that one is: learned from and
   * tested with, it would seem to prove what it does not. Of others, every fifth of a
   * class is held back.
   * @type {(picture: Shown, label: number, taught: Taught[]) => "train" | "test"}
   */
  partOf(picture, label, taught) {
    const copy =
      taught.find((other) => cosine(picture, other.picture) >= COPIES) ??
      (this.state.own
        ? undefined
        : [...this.train, ...this.test].find(
            (other) => dot(picture.unit, other.unit) >= COPIES,
          ));
    if (copy) return copy.part;
    const before = taught.filter((lesson) => lesson.label === label).length;
    return before % HELD_BACK === HELD_BACK - 1 ? "test" : "train";
  }

  /** @type {(name: string) => Promise<Change>} */
  async addClass(name) {
    const { classes } = this.state;
    return this.change({ ...this.state, classes: [...classes, className(name, classes)] });
  }

  /**
   * Begin with classes of one's own. What was shown stays, to be taught anew.
   * @param {string[]} names
   */
  async startAfresh(names) {
    /** @type {string[]} */
    const classes = [];
    for (const name of names) classes.push(className(name, classes));
    return this.change({ ...this.state, classes, own: true, taught: [] });
  }

  /**
   * Take what was saved.
   * @param {{classes: string[], own: boolean, taught: Taught[]}} saved
   */
  async restore({ classes, own, taught }) {
    return this.change({ ...this.state, classes, own, taught });
  }

  /** Take back the last change; false if there is none. */
  undo() {
    const before = this.past.pop();
    if (before) this.state = before;
    return before !== undefined;
  }

  /**
   * The pictures held back, each with its true class.
   * @param {State} state
   * @returns {{name: string, label: number, features: Float32Array}[]}
   */
  heldBack({ own, taught } = this.state) {
    const mine = taught
      .filter(({ part }) => part === "test")
      .map(({ picture: { name, features }, label }) => ({ name, label, features }));
    return own ? mine : [...this.test, ...mine];
  }

  /** @param {State} state */
  learnedFrom({ own, taught } = this.state) {
    const mine = taught
      .filter(({ part }) => part === "train")
      .map(({ picture: { features }, label }) => ({ label, features }));
    return own ? mine : [...this.train, ...mine];
  }

  /** How many it learned from, and how many are held back, of each class. */
  counts() {
    /** @type {(pictures: {label: number}[]) => number[]} */
    const each = (pictures) =>
      this.state.classes.map((_, k) => pictures.filter(({ label }) => label === k).length);
    return { train: each(this.learnedFrom()), test: each(this.heldBack()) };
  }

  /** Right answers on the pictures held back; null if there are none, or no head. */
  accuracy() {
    const held = this.heldBack();
    const { head } = this.state;
    if (!head || !held.length) return null;
    const right = rightOnes(head, held).filter(Boolean).length;
    const [low, high] = accuracyInterval(right, held.length);
    return { right, of: held.length, low, high };
  }

  /**
   * @param {State} next all but its head and its threshold
   * @returns {Promise<Change>}
   */
  async change(next) {
    const before = this.state;
    const state = { ...next, ...(await this.trained(next)) };
    this.past.push(before);
    if (this.past.length > UNDONE) this.past.shift();
    this.state = state;
    const held = this.heldBack();
    const now = state.head ? rightOnes(state.head, held) : held.map(() => false);
    const comparable = before.head && before.own === state.own;
    const then = comparable ? rightOnes(/** @type {Head} */ (before.head), held) : null;
    /** @type {(rule: (i: number) => boolean) => string[]} */
    const names = (rule) => held.filter((_, i) => rule(i)).map(({ name }) => name);
    return {
      of: held.length,
      right: now.filter(Boolean).length,
      before: then && then.filter(Boolean).length,
      mended: names((i) => then !== null && now[i] && !then[i]),
      spoiled: names((i) => then !== null && !now[i] && then[i]),
    };
  }

  /**
   * The head and the threshold that a state has when all is learned.
   * @param {State} state
   */
  async trained(state) {
    const { base } = this;
    if (!state.own && !state.taught.some(({ part }) => part === "train")) {
      return { head: base.head, threshold: base.unknown?.threshold ?? null };
    }
    const pictures = this.learnedFrom(state);
    const present = new Set(pictures.map(({ label }) => label));
    const needed = state.own || this.train.length ? 2 : state.classes.length;
    if (present.size < needed) {
      const threshold = state.own ? null : (base.unknown?.threshold ?? null);
      return { head: state.own ? null : base.head, threshold };
    }
    const features = pictures.map((picture) => picture.features);
    const table = await this.products.table(features, this.pause);
    const threshold = state.own
      ? fitThreshold(table, features.length)
      : (base.unknown?.threshold ?? null);
    const labels = pictures.map(({ label }) => label);
    const { classes } = state;
    const head = trainHead(table, features, labels, classes.length, base.strength);
    return { head, threshold };
  }
}

/** @type {(picture: Shown, other: Shown) => number} */
function cosine(picture, other) {
  let value = picture.cosines.get(other);
  if (value === undefined) {
    value = dot(picture.unit, other.unit);
    picture.cosines.set(other, value);
  }
  return value;
}

/** @type {(head: Head, held: {label: number, features: Float32Array}[]) => boolean[]} */
function rightOnes(head, held) {
  return held.map(({ label, features }) => best(probabilities(head, features)) === label);
}
