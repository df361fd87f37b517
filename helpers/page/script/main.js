// The page: its parts are put together here.

import { startAnswer } from "./answer.js";
import { App } from "./app.js";
import { readBase } from "./base.js";
import { startCamera } from "./camera.js";
import { startClasses } from "./classes.js";
import { readClassifier } from "./classifier.js";
import { element, make, pause, redraw } from "./dom.js";
import { startGallery } from "./gallery.js";
import { droppedFiles, picturesOf } from "./incoming.js";
import { startKeeping } from "./keeping.js";
import { Learner } from "./learner.js";
import { startNetwork } from "./network.js";
import { startQuality } from "./quality.js";
import { startReading } from "./reading.js";
import { words } from "./words.js";

const classifier = readClassifier();
fillWords();
const app = new App(
  new Learner(readBase(classifier), pause),
  classifier.image_size,
  startNetwork(),
);
const read = startReading(app);
startAnswer(app);
startGallery(app);
startClasses(app, teachFiles);
startQuality(app, classifier.accuracy, classifier.note);
const loadFile = startKeeping(app);
startCamera(app, show);
app.drawers.push(() => {
  const status = element("status");
  if (status.textContent !== app.status) status.textContent = app.status;
});
app.drawers.push(drawProblems());
app.tell(words.starting);
app.probe.then(
  () => app.tell(app.status === words.starting ? words.ready : app.status),
  (error) => app.tell(words.failed(String(error?.message ?? error))),
);

for (const [id, folder] of /** @type {const} */ ([["files", false], ["folder", true]])) {
  const input = element(id);
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // the same file can be chosen again
    show(files, folder);
  });
}
for (const kind of ["dragover", "dragleave", "drop"]) {
  addEventListener(kind, (event) => {
    event.preventDefault(); // a browser would leave the page and show the file
    document.body.classList.toggle("over", kind === "dragover");
  });
}
addEventListener("drop", async ({ dataTransfer }) => {
  if (!dataTransfer) return;
  const { files, folder, lost } = await droppedFiles(dataTransfer);
  for (const one of lost) app.complain(words.problem.broken(one));
  if (files.length || !lost.length) show(files, folder);
});
let pasted = 0;
addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length && writes(event)) return;
  show(
    files.map((file) => {
      pasted += 1;
      return new File([file], words.pastedName(pasted), { type: file.type });
    }),
  );
});
element("undo").addEventListener("click", () => app.undo());
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !writes(event)) {
    event.preventDefault();
    app.undo();
  }
});

/**
 * Is it meant for a field in which somebody writes?
 * @param {Event} event
 */
function writes({ target }) {
  return target instanceof Element && target.matches("input, textarea");
}

/**
 * Answer pictures; a file that was saved here is loaded before.
 * @param {File[]} files
 * @param {boolean} [folder] whether others among them are passed over
 */
async function show(files, folder = false) {
  const saved = files.find(({ name }) => name.toLowerCase().endsWith(".json"));
  if (saved && !folder) {
    await loadFile(saved);
    const others = files.filter((file) => file !== saved);
    if (others.length) await show(others);
    return;
  }
  const { pictures, passed } = folder ? picturesOf(files) : { pictures: files, passed: 0 };
  if (!pictures.length) {
    app.complain(words.noPictures); // also of a text that was pasted or dropped
    return;
  }
  const known = await read(pictures);
  if (!known.pictures.length) return;
  const [first] = known.pictures;
  const again = known.pictures.length - known.fresh;
  app.open(known.pictures.includes(/** @type {any} */ (app.current)) ? app.current : first);
  app.tell(
    [
      known.pictures.length === 1
        ? words.tell(first.name, app.said(first))
        : words.read(known.pictures.length),
      again ? words.again(again) : "",
      passed ? words.passed(passed) : "",
    ]
      .filter(Boolean)
      .join(" "),
  );
}

/** @type {(files: File[], label: string) => Promise<void>} */
async function teachFiles(files, label) {
  app.working += 1; // whoever leaves now is asked
  try {
    const { pictures } = await read(files);
    if (!pictures.length) return;
    app.open(pictures[0]);
    await app.teach(pictures, label);
  } finally {
    app.working -= 1;
  }
}

/** The words that stand in the page from the beginning. */
function fillWords() {
  const { name } = classifier;
  document.documentElement.lang = words.language;
  document.title = words.title(name);
  for (const heading of document.querySelectorAll("h1")) heading.textContent = name;
  for (const part of document.querySelectorAll("[data-say]")) {
    const key = /** @type {keyof typeof words.still} */ (
      /** @type {HTMLElement} */ (part).dataset.say
    );
    part.textContent = words.still[key];
  }
  element("about").textContent = words.about(classifier.class_names);
}

function drawProblems() {
  let drawn = app.problems;
  return () => {
    if (drawn === app.problems) return;
    drawn = app.problems;
    const dismiss = make(
      "button",
      {
        type: "button",
        click: () => {
          app.problems = [];
          app.draw();
        },
      },
      words.still.dismiss,
    );
    const sentences = app.complaints().map((one) => make("p", {}, one));
    redraw(element("problems"), ...(drawn.length ? [...sentences, dismiss] : []));
  };
}
