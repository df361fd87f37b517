"""What the page's modules compute, held against Python's, in a browser."""

import base64
import csv
import functools
import http.server
import io
import json
import re
import threading
import zipfile

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from helpers.accuracy import accuracy_interval
from helpers.classifier import fit_known, is_unknown
from helpers.plumbing import ROOT
from helpers.sources import read_label_table
from tests.parts import needs_chromium, needs_parts
from tools.chromium import browser

pytestmark = [pytest.mark.slow, needs_chromium, needs_parts]

PAGE = ROOT / "helpers" / "page"
SCRIPT = PAGE / "script"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def page():
    """A browser that can import the page's modules."""
    handler = functools.partial(Quiet, directory=SCRIPT)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with browser() as page:
            page.show(f"http://127.0.0.1:{server.server_port}/words.js")
            page.wait("location.pathname === '/words.js'")
            yield page
        server.shutdown()


def run(page, code, **given):
    """Run code that ends in `return …`; each of the modules is there by its name."""
    names = ("products", "head", "known", "accuracy", "zip", "table", "bytes")
    names += ("learner", "saved", "occlusion", "nearest", "app", "incoming", "dom")
    wanted = [name for name in names if f"{name}." in code]
    imports = "".join(f"const {n} = await import('/{n}.js');" for n in wanted)
    told = "".join(f"const {k} = {json.dumps(v)};" for k, v in given.items())
    return page.do(f"(async () => {{ {imports} {told} {code} }})()")


def text(numbers):
    return base64.b64encode(np.asarray(numbers, "<f4").tobytes()).decode()


ROWS = """
    const all = bytes.floats(packed), n = labels.length, width = all.length / n;
    const features = labels.map((_, i) => all.slice(i * width, (i + 1) * width));
"""
TRAIN = f"""{ROWS}
    const table = await new products.Products().table(features);
    const trained = head.trainHead(table, features, labels, classes, strength);
"""


def some_features(n, width, classes, seed=0):
    """Numbers as a network gives them: none negative, classes apart a little."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % classes
    centers = rng.normal(0, 0.25, (classes, width))
    features = rng.normal(0.2, 0.6, (n, width)) + centers[labels]
    return np.maximum(features, 0).astype("float32"), labels


@pytest.mark.parametrize(
    ("n", "width", "classes", "strength"),
    [
        (200, 1280, 2, 1.0),
        (200, 1280, 3, 0.01),
        (60, 300, 20, 10.0),
        (90, 8, 3, 1.0),  # more pictures than features
        (5, 1280, 2, 10.0),
    ],
)
def test_a_head_says_what_scikit_learn_says(page, n, width, classes, strength):
    features, labels = some_features(n, width, classes)
    said = run(
        page,
        f"{TRAIN} return features.map((one) => head.probabilities(trained, one));",
        packed=text(features),
        labels=labels.tolist(),
        classes=classes,
        strength=strength,
    )
    theirs = LogisticRegression(
        C=strength, solver="newton-cg", tol=1e-8, max_iter=1000
    ).fit(features.astype("float64"), labels)
    expected = theirs.predict_proba(features.astype("float64"))
    assert np.abs(np.array(said) - expected).max() < 1e-4
    assert 1e-3 < expected[np.arange(n), labels].min() < 1 - 1e-3  # not all is 0 or 1


@pytest.mark.parametrize("classes", [2, 20])
def test_two_hundred_pictures_are_learned_within_a_second(page, classes):
    features, labels = some_features(200, 1280, classes)
    taken = run(
        page,
        f"""{ROWS} let best = Infinity;
        for (let turn = 0; turn < 5; turn += 1) {{
            const start = performance.now();
            const table = await new products.Products().table(features);
            head.trainHead(table, features, labels, classes, 1);
            best = Math.min(best, performance.now() - start);
        }} return best;""",
        packed=text(features),
        labels=labels.tolist(),
        classes=classes,
    )
    assert taken < 1000


def test_a_class_without_pictures_is_never_the_answer(page):
    features, labels = some_features(20, 6, 2)
    said = run(
        page,
        f"{TRAIN} return head.probabilities(trained, features[0]);",
        packed=text(features),
        labels=(2 * labels).tolist(),
        classes=4,
        strength=1.0,
    )
    assert said[1] == said[3] == 0
    assert sum(said) == pytest.approx(1)


def test_a_head_of_several_layers_says_what_numpy_says(page):
    rng = np.random.default_rng(1)
    first, last = rng.normal(size=(5, 4)), rng.normal(size=(3, 5))
    bias, x = rng.normal(size=5), rng.normal(size=4)
    said = run(
        page,
        "const of = (text) => bytes.floats(text); return head.probabilities({"
        "hidden: [{weights: of(first), bias: of(bias), activation: 'relu'}],"
        "weights: of(last), bias: new Float32Array(3)}, of(x));",
        first=text(first),
        bias=text(bias),
        last=text(last),
        x=text(x),
    )
    scores = np.exp(last @ np.maximum(first @ x + bias, 0))
    assert said == pytest.approx(scores / scores.sum(), abs=1e-5)


@pytest.mark.parametrize("kind", ["apart", "burst"])
def test_what_is_unknown_is_decided_as_in_python(page, kind):
    features, labels = some_features(40, 30, 2, seed=3)
    if kind == "burst":  # all nearly alike
        features = 5 + features / 10
    asked = np.vstack([some_features(20, 30, 2, 4)[0], np.eye(30)[:10]])
    known = fit_known(features, labels)
    found = run(
        page,
        f"""{ROWS} const numbers = bytes.floats(others);
        const table = await new products.Products().table(features);
        const units = features.map(known.unit);
        const one = (i) => known.unit(numbers.slice(i * width, (i + 1) * width));
        const reached = Array.from({{length: numbers.length / width}}, (_, i) =>
            known.reached(units.map((unit) => products.dot(unit, one(i)))));
        return [known.fitThreshold(table, n), reached];""",
        packed=text(features),
        labels=labels.tolist(),
        others=text(asked),
    )
    threshold, reached = found
    assert threshold == pytest.approx(known.threshold, abs=1e-5)
    expected = is_unknown(known, asked)
    assert 0 < expected.sum() < len(asked) or kind == "burst"
    assert [one < threshold for one in reached] == expected.tolist()


def test_intervals_are_those_of_python(page):
    pairs = [[right, of] for of in (1, 5, 48, 4000) for right in {0, 1, of // 2, of}]
    found = run(
        page,
        "return pairs.map((pair) => accuracy.accuracyInterval(...pair));",
        pairs=pairs,
    )
    for (right, of), interval in zip(pairs, found, strict=True):
        assert interval == pytest.approx(accuracy_interval(right, of), abs=1e-9)


NASTY = [
    "tom.jpg",
    "tom.jpg",
    "TOM.JPG",
    'a, "b".png',
    "<img src=x onerror=alert(1)>.jpg",
    "../../up.png",
    "con.jpg",
    "no ending",
    "été 猫 🐱.webp",
    "." * 30,
    "x" * 300 + ".jpeg",
    " blanks .png",
    "line\nbreak.jpg",
    "=1+1.jpg",
]
LABELS = ['a "quoted" cat', "semi;colon", "comma, dog", "猫", "=2+2", "tab and é", "'x"]


def test_exported_tables_are_read_by_the_reader_of_train_classifier(page, tmp_path):
    labels = [LABELS[place % len(LABELS)] for place in range(len(NASTY))]
    names, written = run(
        page,
        "const kind = 'image/png';"
        "const names = table.fileNames(given.map((name) => ({name, kind})));"
        "return [names, table.labelTable(names.map((file, at) => ({file, label:"
        " labels[at]})))];",
        given=NASTY,
        labels=labels,
    )
    for name in names:
        Image.new("RGB", (2, 2)).save(tmp_path / name, format="PNG")
    place = tmp_path / "labels.csv"
    place.write_bytes(written.encode())
    read = read_label_table(place, tmp_path, classes=None)
    assert read["File Name"].tolist() == names
    assert read["Label"].tolist() == labels
    assert len({name.lower() for name in names}) == len(NASTY)
    assert names[0] == "tom.jpg"
    assert all(not re.search(r'[<>:"/\\|?*\n]', name) for name in names)
    assert written.startswith("\ufeff")  # Excel knows UTF-8 by it
    assert next(csv.reader(written[1:].splitlines())) == ["File Name", "Label"]


def test_archives_are_whole(page):
    data = run(
        page,
        """const blob = await zip.zip([
            {name: 'labels.csv', content: new Blob(['a,b'])},
            {name: '猫/tom.jpg', content: new Blob([new Uint8Array(70000).fill(7)])},
            {name: 'empty', content: new Blob([])}], new Date(2026, 10, 29, 13, 5, 8));
        return bytes.asText(new Float32Array(await new Blob([blob, new Uint8Array(
            (4 - blob.size % 4) % 4)]).arrayBuffer())) + ' ' + blob.size;""",
    )
    packed, size = data.split(" ")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(packed)[: int(size)])) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["labels.csv", "猫/tom.jpg", "empty"]
        assert archive.read("猫/tom.jpg") == b"\7" * 70000
        assert archive.infolist()[0].date_time == (2026, 11, 29, 13, 5, 8)


def test_an_archive_of_more_than_its_form_can_hold_is_refused(page):
    told = run(
        page,
        "try { await zip.zip([{name: 'a', content: {size: 5e9}}]); return 'packed'; }"
        " catch (error) { return error.name; }",
    )
    assert told == "RangeError"


# A learner of two classes, four features and six pictures, and pictures to show it.
LEARNER = """
    const make = (numbers) => Float32Array.from(numbers);
    const example = (label, part, ...numbers) => ({name: `e${label}`, label, part,
        thumbnail: null, features: make(numbers), unit: known.unit(make(numbers))});
    const base = (examples) => ({name: 'pets', classes: ['cat', 'dog'], width: 4,
        strength: 1, unknown: null, examples, head: {weights: make([1, 0, 0, 0, 0, 1, 0,
        0]), bias: make([0, 0])}});
    const examples = [example(0, 'train', 5, 0, 0, 1), example(0, 'train', 4, 1, 0, 0),
        example(0, 'test', 5, 1, 1, 0), example(1, 'train', 0, 5, 0, 1),
        example(1, 'train', 1, 4, 0, 0), example(1, 'test', 1, 5, 1, 0)];
    const me = new learner.Learner(base(examples));
    let count = 0;
    const shown = (...numbers) => me.look({key: `k${count += 1}`, name: `n${count}`,
        file: null, thumbnail: null, features: make(numbers)});
    const unlike = () => shown(Math.cos(count * 2.4), 9 * Math.sin(count * 1.7),
        7 + Math.sin(count * 3.1), 5 * Math.cos(count * 0.9));
"""


def teach(page, code):
    return run(page, f"{LEARNER} // known. learner.\n{code}")


def test_every_fifth_of_a_class_is_held_back_and_no_copy_stands_on_both_sides(page):
    parts, copies, known = teach(
        page,
        """const many = Array.from({length: 12}, unlike);
        await me.teach(many, 'mouse');
        const parts = many.map((one) => me.lessonOf(one).part);
        const held = many[parts.indexOf('test')], seen = many[0];
        const copy = (of) => me.look({...of, key: `k${count += 1}`});
        const copies = [held, seen, held, seen, held].map(copy);
        await me.teach(copies, 'mouse');
        const old = shown(5, 1, 1, 0);
        await me.teach([old], 'mouse');
        const part = (one) => me.lessonOf(one).part;
        return [parts, copies.map(part), part(old)];
        """,
    )
    assert parts == (["train"] * 4 + ["test"]) * 2 + ["train"] * 2
    assert copies == ["test", "train", "test", "train", "test"]
    assert known == "test"  # it is one of those that the page came with


def test_what_changed_is_counted_on_pictures_held_back(page):
    change, accuracy, counts = teach(
        page,
        """const wrong = [[0, 6, 9, 0], [0, 7, 9, 0], [1, 6, 9, 0], [0, 6, 8, 1]];
        await me.teach(wrong.map((one) => shown(...one)), 'cat');
        const change = await me.teach([shown(2, 9, 9, 5)], 'cat');
        return [change, me.accuracy(), me.counts()];""",
    )
    assert change == {"of": 3, "right": 3, "before": 3, "mended": [], "spoiled": []}
    low, high = accuracy_interval(3, 3)
    assert accuracy == pytest.approx({"right": 3, "of": 3, "low": low, "high": high})
    assert counts == {"train": [6, 2], "test": [2, 1]}


def test_pictures_that_become_right_or_wrong_are_named(page):
    change = teach(
        page,
        """const one = (_, i) => shown(2, 1 + i, 9, i * i);
        return me.teach(Array.from({length: 5}, one), 'mouse');""",
    )
    assert change["of"] == 3
    assert (change["before"], change["right"]) == (2, 3)
    assert (change["mended"], change["spoiled"]) == (["n5"], [])


def test_undo_brings_back_the_very_answers(page):
    before, between, after, again = teach(
        page,
        """const one = shown(3, 3, 5, 0), said = () => me.answer(one).probabilities;
        const before = said();
        await me.teach([one], 'mouse');
        const between = said();
        await me.startAfresh(['x', 'y']);
        const undone = [me.undo(), me.undo(), me.undo()];
        return [before, between, said(), undone];""",
    )
    assert before == after != between
    assert len(between) == 3
    assert again == [True, True, False]


def test_classes_of_ones_own_are_learned_from_nothing(page):
    first, said, unknown, twenty = teach(
        page,
        """await me.startAfresh(['left', 'right']);
        const one = shown(9, 0, 0, 1);
        const first = me.answer(one).best;
        await me.teach([1, 2, 3].map((i) => shown(9, 0, i, 0)), 'left');
        await me.teach([1, 2, 3].map((i) => shown(0, 9, i, 0)), 'right');
        const {probabilities, best} = me.answer(one);
        const strange = me.answer(shown(0, 0, 0, 9)).unknown;
        for (let i = 3; i <= 20; i += 1) await me.addClass(`class ${i}`);
        let told = '';
        try { await me.addClass('one more'); } catch (error) { told = error.code; }
        return [first, [best, probabilities.length], strange, told];""",
    )
    assert first == -1  # nothing has been learned yet
    assert said == [0, 2]
    assert unknown is True
    assert twenty == "many"


def test_without_pictures_of_its_own_it_learns_when_each_class_has_some(page):
    told = teach(
        page,
        """const alone = new learner.Learner(base([])), kept = alone.state.head;
        await alone.teach([shown(5, 0, 1, 0)], 'cat');
        const early = alone.state.head === kept;
        await alone.teach([shown(0, 5, 1, 0)], 'dog');
        return [early, alone.state.head === kept];""",
    )
    assert told == [True, False]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("x" * 61, "long"),
        ("CAT", "twice"),
        ("  cat ", "twice"),
        ("x" * 60, None),
        ("cats", None),
        ("\u200b", "empty"),  # nobody sees it
        ("c\u200bat", "twice"),
        ("\u202ecat", "twice"),  # it would turn what follows
        ("cat\x07\x85", "twice"),
        ("👩\u200d👧", None),
    ],
)
def test_names_of_classes_are_checked_and_nothing_is_lost(page, name, expected):
    told = teach(
        page,
        f"""await me.teach([shown(1, 2, 3, 4)], 'mouse');
        const before = me.state; let code = null;
        try {{ await me.addClass({json.dumps(name)}); }}
        catch (error) {{ code = error.code; }}
        return [code, before === me.state, me.state.classes.length];""",
    )
    assert told == [expected, expected is not None, 3 if expected else 4]


def test_names_that_are_one_to_python_are_one(page):
    told = teach(
        page,
        """const tried = [], pairs = [['Straße', 'STRASSE'], ['mug', 'mugs']];
        for (const names of [...pairs, ['e\u0301t', '\u00c9T']]) {
            try { await me.startAfresh(names); tried.push(''); }
            catch (error) { tried.push(error.code); }
        } return tried;""",
    )
    assert told == ["twice", "", "twice"]


def test_a_class_that_was_only_added_is_never_the_answer(page):
    said = teach(
        page,
        """const one = shown(3, 3, 5, 0);
        await me.addClass('mouse');
        return me.answer(one).probabilities;""",
    )
    assert said[2] == 0
    assert sum(said) == pytest.approx(1)


# The same learner in the hands of a page whose network costs nothing.
APP = """
    const features = async () => new Float32Array(4);
    const it = new app.App(me, [8, 8], Promise.resolve({features}));
    const show = (picture) => { it.shown.set(picture.key, picture); return picture; };
"""


def use(page, code):
    return teach(page, f"{APP} // app.\n{code}")


def test_undo_waits_for_what_is_being_learned_and_takes_it_back(page):
    classes, taught, left = use(
        page,
        """const one = show(shown(1, 2, 3, 4));
        await it.teach([one], 'mouse');
        const learning = it.teach([show(unlike())], 'bird');
        const undone = it.undo();
        await learning; await undone;
        return [me.state.classes, me.state.taught.length, me.past.length];""",
    )
    assert classes == ["cat", "dog", "mouse"]
    assert (taught, left) == (1, 1)


def test_a_picture_taught_as_before_is_no_change(page):
    count, told = use(
        page,
        """const one = show(shown(1, 2, 3, 4));
        await it.teach([one], 'mouse');
        await it.teach([one], 'mouse');
        return [me.past.length, it.status];""",
    )
    assert count == 1
    assert told == "You taught it: mouse. It learns from it."


def test_a_picture_stands_in_the_list_once_whatever_is_undone(page):
    keys, listed, same, file = use(
        page,
        """const one = show(shown(1, 2, 3, 4));
        await it.teach([one], 'mouse');
        await it.teach([one], null);
        it.shown.clear(); // the list is emptied, and the picture shown again
        const again = show(me.look({...one, file: new Blob(['new'])}));
        it.current = again;
        it.undo();
        await it.teach([again], 'cat');
        return [me.state.taught.map(({picture}) => picture.key), it.shown.size,
            it.current === me.state.taught[0].picture,
            await it.current.file.text()];""",
    )
    assert keys == ["k1"]
    assert (listed, same, file) == (1, True, "new")


def test_what_no_file_holds_is_known_through_undo(page):
    told = use(
        page,
        """const told = [it.unsaved];
        await it.learn(() => me.addClass('bird'), () => '');
        told.push(it.unsaved);
        it.kept.add(me.state); // saved
        told.push(it.unsaved);
        await it.teach([show(shown(1, 2, 3, 4))], 'bird');
        told.push(it.unsaved);
        it.undo();
        told.push(it.unsaved);
        it.undo();
        return [...told, it.unsaved];""",
    )
    assert told == [False, True, False, True, False, False]


def test_the_last_complaints_are_seen_each_once_and_nothing_turns_them(page):
    told = use(
        page,
        """for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'b', '\u202eg'])
            it.complain(name);
        it.tell('\u2067x');
        return [it.complaints(), it.status];""",
    )
    assert told == [["d", "e", "f", "b", "g", "And 2 more."], "x"]


def test_what_is_not_to_be_read_in_a_dropped_folder_is_named(page):
    found = run(
        page,
        """const file = (name) => ({isFile: true, name,
            file: (done) => done(new File(['x'], name))});
        const gone = {isFile: true, name: 'gone.jpg',
            file: (_, failed) => failed(new DOMException('', 'NotFoundError'))};
        const folder = (name, readEntries) => ({isDirectory: true, name,
            createReader: () => ({readEntries})});
        const full = (name, ...inside) =>
            folder(name, (done) => done(inside.splice(0)));
        const closed = folder('closed', (_, failed) =>
            failed(new DOMException('', 'NotReadableError')));
        const inner = full('in', file('b.jpg'));
        const all = [full('pets', gone, closed, inner), file('a.jpg')];
        const {files, lost} = await incoming.droppedFiles(
            {items: all.map((one) => ({webkitGetAsEntry: () => one})), files: []});
        return [files.map(({name}) => name), lost];""",
    )
    assert found == [["b.jpg", "a.jpg"], ["gone.jpg", "closed"]]


def test_what_is_being_written_outlives_a_drawing(page):
    told = run(
        page,
        """const part = document.createElement('section');
        document.documentElement.append(part);
        const field = () => dom.make('input', {'data-key': 'other'});
        dom.redraw(part, field());
        part.firstChild.focus();
        part.firstChild.value = 'gad';
        dom.redraw(part, field());
        const {firstChild} = part;
        const told = [firstChild.value, document.activeElement === firstChild];
        part.remove();
        return told;""",
    )
    assert told == ["gad", True]


SAVED = """
    await me.teach([shown(1, 2, 3, 4), shown(4, 3, 2, 1), shown(9, 1, 1, 1)], 'mouse');
    const probe = Float32Array.from([0.5, 2, 1]);
    const text = await saved.save(me.state, me.base, probe).text();
    const loaded = async (text) => {
        try { return await saved.load(new Blob([text]), me.base, probe); }
        catch (error) { return error.code ?? String(error); } };
"""


def test_what_is_saved_comes_back(page):
    found, taught = teach(
        page,
        f"""{SAVED} // saved.
        const found = await loaded(text);
        const {{picture}} = found.taught[1];
        const taught = found.taught.map(({{label, part}}) => [label, part]);
        return [{{...found, taught}},
            [picture.key, picture.name, [...picture.features]]];""",
    )
    assert found["classes"] == ["cat", "dog", "mouse"]
    assert found["own"] is False
    assert found["taught"] == [[2, "train"]] * 3
    assert taught == ["k2", "n2", [4, 3, 2, 1]]


def test_what_another_page_saved_brings_what_was_taught_there(page):
    found, same = teach(
        page,
        f"""{SAVED} // saved.
        const it = JSON.parse(text);
        it.page = 'birds';
        it.classes = ['owl', 'DOG', 'mouse', 'wren'];
        it.pictures[0].label = 3; it.pictures[1].label = 1;
        const {{classes, from, taught}} = await loaded(JSON.stringify(it));
        return [[classes, from, taught.map(({{label}}) => label)],
            (await loaded(text)).from];""",
    )
    # Of `owl` it was taught nothing, and `DOG` is there.
    assert found == [["cat", "dog", "mouse", "wren"], "birds", [3, 1, 2]]
    assert same is None


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        ("text.slice(0, -9)", "other"),
        ("''", "other"),
        ("'null'", "other"),
        ("'[]'", "other"),
        ("'{\"format\": 1}'", "other"),
        ("text.replace('\"format\":1', '\"format\":2')", "newer"),
        ('text.replace(\'"format":1\', \'"format":"1"\')', "damaged"),
        (
            "change((it) => { it.probe = bytes.asText(probe.map((x) => x + 1)); })",
            "network",
        ),
        ("change((it) => { it.probe = 7; })", "network"),
        ("change((it) => { it.classes = 'cat'; })", "damaged"),
        ("change((it) => { it.classes[2] = 'CAT'; })", "damaged"),
        ("change((it) => { it.classes[2] = 'x'.repeat(61); })", "damaged"),
        ("change((it) => { it.classes = it.classes.concat(twenty); })", "many"),
        ("change((it) => { it.own = 1; })", "damaged"),
        ("change((it) => { it.pictures = null; })", "damaged"),
        ("change((it) => { it.pictures[0] = null; })", "damaged"),
        ("change((it) => { it.pictures[0].label = 3; })", "damaged"),
        ("change((it) => { it.pictures[0].label = '__proto__'; })", "damaged"),
        ("change((it) => { it.pictures[0].part = 'both'; })", "damaged"),
        ("change((it) => { it.pictures[0].features = '!!'; })", "damaged"),
        ("change((it) => { it.pictures[0].features = 'AAAA'; })", "damaged"),
        ("change((it) => { it.pictures[0].features = nan; })", "damaged"),
        ("change((it) => { it.pictures[0].features = huge; })", "damaged"),
        ("change((it) => { it.pictures[0].name = {}; })", "damaged"),
        ("change((it) => { it.pictures[0].key = it.pictures[1].key; })", "damaged"),
        (
            "change((it) => { it.pictures[0].thumbnail = 'http://a.b/c.png'; })",
            "damaged",
        ),
    ],
)
def test_a_wrong_file_is_refused(page, spoil, expected):
    told = teach(
        page,
        f"""{SAVED} // saved. bytes.
        const nan = bytes.asText(make([NaN, 1, 1, 1]));
        const huge = bytes.asText(make([1e30, 1, 1, 1]));
        const twenty = Array.from({{length: 20}}, (_, i) => `c${{i}}`);
        const change = (how) => {{ const it = JSON.parse(text); how(it);
            return JSON.stringify(it); }};
        return loaded({spoil});""",
    )
    assert told == expected


def test_where_it_looks_is_the_part_that_decides(page):
    lost, side, done = run(
        page,
        """// The answer is as sure as the lower left corner is bright.
        const size = 28, pixels = new Float32Array(size * size * 3).fill(10);
        for (let y = 20; y < 28; y += 1) for (let x = 0; x < 8; x += 1)
            pixels.fill(255, 3 * (y * size + x), 3 * (y * size + x) + 3);
        const ask = async (seen) => seen[3 * (24 * size + 4)] / 255;
        let done = 0;
        const heat = await occlusion.whereItLooks(pixels, [size, size], ask,
            (share) => { done = share; }, new AbortController().signal);
        return [heat.lost, heat.side, done];""",
    )
    heat = np.reshape(lost, (side, side))
    assert done == 1
    assert heat[-1, 0] > 0.5
    assert np.abs(heat[: side // 2]).max() == np.abs(heat[:, side // 2 :]).max() == 0


def test_looking_can_be_stopped(page):
    asked, name = run(
        page,
        """const stop = new AbortController(); let asked = 0;
        const ask = async () => {
            asked += 1; if (asked === 5) stop.abort(); return 1; };
        try { await occlusion.whereItLooks(new Float32Array(300), [10, 10], ask,
            () => {}, stop.signal); } catch (error) { return [asked, error.name]; }""",
    )
    assert (asked, name) == (5, "AbortError")


def test_all_words_stand_in_one_table_and_each_is_used():
    words = (SCRIPT / "words.en.js").read_text(encoding="utf-8")
    page = (PAGE / "page.html").read_text(encoding="utf-8")
    scripts = [p.read_text(encoding="utf-8") for p in SCRIPT.glob("*.js")]
    code = "".join(text for text in scripts if text != words)
    still = re.search(r"still: \{(.*?)\n  \},", words, re.DOTALL)[1]
    there = set(re.findall(r"^    (\w+):", still, re.MULTILINE))
    asked = set(re.findall(r'data-say="(\w+)"', page))
    asked |= set(re.findall(r"words\.still\.(\w+)", code))
    assert asked == there
    said = set(re.findall(r"^  (\w+)[:,]", words, re.MULTILINE)) - {"still"}
    used = set(re.findall(r"\bwords\s*\.\s*(\w+)(?!\.js)\b", code)) - {
        "still",
        "en",
        "js",
    }
    assert used == said
    bare = re.sub(r"<noscript>.*?</noscript>|<[^>]+>", "", page)
    assert not bare.strip()


def test_nothing_is_read_as_html():
    code = "".join(p.read_text(encoding="utf-8") for p in SCRIPT.glob("*.js"))
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", code
    )
    assert not re.search(r"\beval\(|new Function|setAttribute\(.on", code)
