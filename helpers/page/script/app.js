// What the page has in hand, and who is told when it changes.

import { pause } from "./dom.js";
import { LearnerError } from "./learner.js";
import { probePixels } from "./saved.js";
import { words } from "./words.js";

/**
 * @typedef {import("./learner.js").Shown} Shown
 * @typedef {import("./learner.js").Change} Change
 */

const PROBLEMS = 5; // sentences at a time
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g; // signs in a name that turn what follows

export class App {
  /**
   * @param {import("./learner.js").Learner} learner
   * @param {[number, number]} size of pictures, height and width
   * @param {Promise<import("./types.js").Network>} network
   */
  constructor(learner, size, network) {
    this.learner = learner;
    this.size = size;
    this.network = network;
    /** What the network gives for a picture that every page can make. */
    this.probe = network.then(({ features }) => features(probePixels(size)));
    /** @type {Map<string, Shown>} in the order of their coming */
    this.shown = new Map();
    /** @type {Shown | null} */
    this.current = null;
    /** @type {Change | null} */
    this.change = null;
    this.seconds = 0; // that the last learning took
    /** What files hold. */
    this.kept = new WeakSet();
    this.working = 0; // on what is to be learned: how many times
    /** @type {string[]} */
    this.problems = [];
    /** @type {(() => void)[]} */
    this.drawers = [];
    /** @type {Promise<unknown>} */
    this.last = Promise.resolve();
    this.status = "";
  }

  draw() {
    for (const drawer of this.drawers) drawer();
  }

  /** Whether something was taught that no file holds. */
  get unsaved() {
    return !this.kept.has(this.learner.state) && this.learner.hasWork();
  }

  /** @param {string} sentence that is shown, and read aloud */
  tell(sentence) {
    this.status = sentence.replace(TURNING, "");
    this.draw();
  }

  /** @param {string} sentence about what went wrong */
  complain(sentence) {
    const plain = sentence.replace(TURNING, "");
    this.problems = [...this.problems.filter((other) => other !== plain), plain];
    this.draw();
  }

  /** The last few sentences, and how many there are besides. */
  complaints() {
    const more = this.problems.length - PROBLEMS;
    const last = this.problems.slice(-PROBLEMS);
    return more > 0 ? [...last, words.moreProblems(more)] : last;
  }

  /** @param {Shown | null} picture */
  open(picture) {
    this.current = picture;
    this.draw();
  }

  /**
   * What is said about a picture, in words.
   * @param {Shown} picture
   */
  said(picture) {
    const { best, probabilities, unknown } = this.learner.answer(picture);
    if (best < 0) return words.nameless;
    if (unknown) return words.none;
    return words.says(this.learner.state.classes[best], probabilities[best]);
  }

  /**
   * Change what is known, one change after another.
   * @param {() => Promise<Change>} work
   * @param {(change: Change) => string} told what to say then
   * @returns {Promise<boolean>} whether it was done
   */
  async learn(work, told) {
    const before = this.last;
    this.working += 1;
    const now = (async () => {
      await before;
      this.tell(words.teaching);
      await pause();
      const start = performance.now();
      try {
        this.change = await work();
      } catch (error) {
        if (!(error instanceof LearnerError)) throw error;
        this.status = "";
        this.complain(words.name[error.code](error.given));
        return false;
      }
      this.seconds = (performance.now() - start) / 1000;
      this.settle();
      this.tell(told(this.change));
      return true;
    })().finally(() => {
      this.working -= 1;
    });
    this.last = now.catch(() => {});
    return now;
  }

  /**
   * Whatever was taught stands in the list, each picture once: the list may have been
   * emptied since, and the picture shown again.
   */
  settle() {
    for (const { picture } of this.learner.state.taught) {
      const other = this.shown.get(picture.key);
      if (other === picture) continue;
      picture.file = other?.file ?? picture.file;
      this.shown.set(picture.key, picture);
      if (this.current === other) this.current = picture;
    }
  }

  /**
   * Teach, and say what came of it.
   * @param {Shown[]} pictures
   * @param {string | null} name
   */
  async teach(pictures, name) {
    const { state } = this.learner;
    const lessons = pictures.map((picture) => this.learner.lessonOf(picture));
    if (lessons.every((one) => one && state.classes[one.label] === name)) {
      const held = lessons[0]?.part === "test";
      const one = held ? words.heldAs : words.taughtAs;
      const many = words.again(pictures.length);
      this.tell(pictures.length === 1 ? one(/** @type {string} */ (name)) : many);
      return true;
    }
    let mine = pictures;
    return this.learn(
      () => {
        // A saved file that was loaded meanwhile may have brought some of them.
        mine = pictures.map((picture) => this.shown.get(picture.key) ?? picture);
        return this.learner.teach(mine, name);
      },
      (change) => {
        const [first] = mine;
        const { best } = this.learner.answer(first);
        const { classes } = this.learner.state;
        const sentences = [words.learned(this.seconds), ...changeSentences(change)];
        const part = this.learner.lessonOf(first)?.part;
        if (pictures.length === 1 && part === "train" && best >= 0) {
          if (classes[best] !== name) sentences.push(words.still_says(classes[best]));
        }
        return sentences.join(" ");
      },
    );
  }

  /** Take back the last change; what is being learned ends first. */
  undo() {
    if (!this.working) return this.takeBack();
    this.last = this.last.then(() => this.takeBack());
    return this.last;
  }

  takeBack() {
    if (!this.learner.undo()) return this.tell(words.nothingToUndo);
    this.change = null;
    this.settle();
    return this.tell(words.undone);
  }
}

/**
 * What teaching changed on the pictures held back, in sentences.
 * @param {Change | null} change
 */
export function changeSentences(change) {
  if (!change || change.before === null || !change.of) return [];
  const { before, right, of, mended, spoiled } = change;
  return [
    words.changeOf(before, right, of),
    ...(mended.length ? [words.mended(mended)] : []),
    ...(spoiled.length ? [words.spoiled(spoiled)] : []),
  ];
}
