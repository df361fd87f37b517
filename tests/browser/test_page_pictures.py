"""The page reads a picture, and computes its features, as Python does."""

import base64
import io
import json
import struct
import zlib

import keras
import numpy as np
import pytest
from PIL import Image

from helpers.classifier import Classifier
from helpers.engines import computing
from helpers.errors import InputError
from helpers.page.examples import Examples
from helpers.page.making import describe
from helpers.page.network import network
from helpers.page.splitting import split
from helpers.pictures import pixels_of
from helpers.teaching.choices import base_of
from tests.parts import needs_chromium, needs_parts
from tools.bare_page import bare_page
from tools.chromium import browser

pytestmark = [pytest.mark.slow, needs_chromium, needs_parts]

PICTURES = 200
SIZE = (224, 224)
KINDS = ("jpg", "png", "webp", "gif", "bmp", "turned", "transparent", "gray", "deep")
MAIN = """
import { readBase } from "SCRIPT/base.js";
import { readClassifier } from "SCRIPT/classifier.js";
import { probabilities } from "SCRIPT/head.js";
import { startNetwork } from "SCRIPT/network.js";
import { readPicture } from "SCRIPT/pictures.js";
window.page = { readBase, readClassifier, probabilities, startNetwork, readPicture };
"""
# Numbers go through the wire as base64, which is a hundred times shorter to parse.
TOOLS = """
window.text = (bytes) => {
    let letters = "";
    for (let at = 0; at < bytes.length; at += 8192) {
        letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return btoa(letters);
};
window.blob = (data) => new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]);
window.read = async (data, cropped) => {
    page.readClassifier().cropped = cropped;
    try {
        const { pixels, thumbnail } = await page.readPicture(blob(data));
        return { pixels: text(Uint8Array.from(pixels)), thumbnail };
    } catch (error) {
        return { kind: error.kind ?? String(error.stack) };
    }
};
window.ask = async (data, cropped) => {
    page.readClassifier().cropped = cropped;
    const { pixels } = await page.readPicture(blob(data));
    const features = await network.features(pixels);
    const { head } = page.readBase(page.readClassifier());
    const said = page.probabilities(head, features);
    return { features: text(new Uint8Array(features.buffer)), said: [...said] };
};
"""


def scene(rng, width, height):
    """A picture with large shapes and fine grain, as photographs have them."""
    shapes = rng.integers(0, 256, (3 + height // 40, 3 + width // 40, 3), np.uint8)
    image = Image.fromarray(shapes).resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8))
    return Image.blend(image, grain, 0.15)


def picture(number):
    """The bytes of a picture of an odd size, one of each kind after the other."""
    rng = np.random.default_rng(number)
    kind = KINDS[number % len(KINDS)]
    width, height = (int(side) for side in rng.integers(5, 700, 2))
    image, settings = scene(rng, width, height), {}
    form = {"bmp": "BMP", "gif": "GIF", "webp": "WEBP", "jpg": "JPEG"}.get(kind, "PNG")
    if kind == "jpg":
        settings = {"quality": int(rng.integers(50, 100)), "progressive": number % 2}
        settings["subsampling"] = int(rng.integers(0, 3))
    elif kind == "gif":
        image = image.quantize(64)
        settings = {"transparency": 3} if number % 2 else {}
    elif kind == "turned":
        form, settings = "JPEG", {"exif": Image.Exif()}
        settings["exif"][0x0112] = int(rng.integers(2, 9))
    elif kind == "transparent":
        image.putalpha(Image.fromarray(rng.integers(0, 256, (height, width), np.uint8)))
    elif kind == "gray":
        image = image.convert(("L", "LA", "1")[number % 3])
    elif kind == "deep":
        values = np.asarray(image.convert("L")).astype(np.uint16) * 257
        image = Image.fromarray(values)
    buffer = io.BytesIO()
    image.save(buffer, form, **settings)
    return buffer.getvalue()


LARGE = [(1203, 917), (2004, 1851), (920, 2600), (4003, 3601), (896, 896)]


def large(number, kind="JPEG", **settings):
    """A picture of which Python decodes a half, a quarter or an eighth, if a JPEG."""
    rng = np.random.default_rng(number)
    buffer = io.BytesIO()
    scene(rng, *LARGE[number]).save(buffer, kind, **{"quality": 90, **settings})
    return buffer.getvalue()


def call(page, name, data, cropped):
    given = json.dumps(base64.b64encode(data).decode("ascii"))
    return page.do(f"{name}({given}, {json.dumps(cropped)})")


def numbers(text, kind):
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.fixture(scope="module")
def classifier():
    """The smaller backbone, and a head that answers by chance."""
    base = base_of("EfficientNet-Lite0")
    features = keras.Input((1280,))
    keras.utils.set_random_seed(0)
    outputs = keras.layers.Dense(3, "softmax")(features)
    head = keras.Model(features, outputs, name="head")
    inputs = keras.Input((*SIZE, 3))
    model = keras.Model(inputs, head(base(inputs)))
    return Classifier(model, ["</script><b>", "a\u2028b", '"猫"'])


@pytest.fixture(scope="module")
def made(classifier, tmp_path_factory):
    """The page, and the network in it as ONNX Runtime computes it here."""
    folder = tmp_path_factory.mktemp("page")
    base, head = split(classifier)
    onnx = network(base, folder / "networks")
    known = describe(classifier, "three", head, Examples.none(1280, "none"))
    file = bare_page(MAIN, known, onnx, folder)
    return file, onnx


@pytest.fixture(scope="module")
def page(made):
    with browser() as page:
        page.show(made[0].as_uri())
        page.wait("window.page && document.readyState === 'complete'", 120)
        page.do(TOOLS)
        yield page


def test_names_arrive_as_they_are_and_nothing_in_them_is_run(page, classifier):
    assert page.do("page.readClassifier().class_names") == classifier.class_names
    assert page.do("document.querySelectorAll('b').length") == 0


def test_every_pixel_of_200_pictures_is_pythons(page):
    for number in range(PICTURES):
        data, cropped = picture(number), number % 4 > 0
        found = call(page, "read", data, cropped)
        expected = pixels_of(data, f"{number}", SIZE, cropped)
        pixels = numbers(found["pixels"], np.uint8).reshape(*SIZE, 3)
        furthest = np.abs(pixels.astype(int) - expected).max()
        assert furthest == 0, (number, KINDS[number % len(KINDS)], furthest)
        assert found["thumbnail"].startswith("data:image/jpeg;base64,")


def test_features_and_answers_are_pythons(page, made, classifier):
    page.do("page.startNetwork().then((made) => { window.network = made; })")
    forward = computing(made[1], threads=1)
    for number in range(0, PICTURES, 11):  # two of each kind
        data = picture(number)
        found = call(page, "ask", data, True)
        pixels = pixels_of(data, f"{number}", SIZE, True)[np.newaxis]
        here = forward(pixels)[0]
        assert np.abs(numbers(found["features"], np.float32) - here).max() < 1e-3
        expected, _ = classifier.ask(pixels.astype(np.float32))
        assert np.abs(np.array(found["said"]) - expected[0]).max() < 1e-3
        assert np.argmax(found["said"]) == expected[0].argmax()


@pytest.mark.parametrize("number", range(len(LARGE)))
def test_every_pixel_of_a_large_jpeg_is_pythons(page, number):
    """Python's decoder leaves fine detail out, and so does the one in the page."""
    data = large(number, subsampling=2 - number % 3, progressive=number == 1)
    cropped = number != 2
    pixels = numbers(call(page, "read", data, cropped)["pixels"], np.uint8)
    expected = pixels_of(data, "large", SIZE, cropped)
    assert (pixels.reshape(*SIZE, 3) == expected).all()


def test_a_large_jpeg_that_the_decoder_does_not_know_is_the_browsers(page):
    """Of printing's four colors: then the browser's decoder has to do."""
    buffer = io.BytesIO()
    image = scene(np.random.default_rng(0), *LARGE[0]).convert("CMYK")
    image.save(buffer, "JPEG", quality=90)
    pixels = numbers(call(page, "read", buffer.getvalue(), True)["pixels"], np.uint8)
    expected = pixels_of(buffer.getvalue(), "large", SIZE, True)
    difference = np.abs(pixels.reshape(*SIZE, 3).astype(int) - expected)
    assert 0 < difference.mean() < 3


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize(
    ("form", "size"),
    [(form, (403, 300)) for form in ("JPEG", "PNG", "WEBP")] + [("JPEG", LARGE[0])],
)
def test_a_picture_is_turned_as_its_note_says(page, form, size, turn):
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = turn
    image = scene(np.random.default_rng(turn), *size)
    image.save(buffer, form, exif=exif)
    data = buffer.getvalue()
    found = call(page, "read", data, True)
    pixels = numbers(found["pixels"], np.uint8).reshape(*SIZE, 3)
    assert (pixels == pixels_of(data, form, SIZE, True)).all()


def test_a_large_picture_of_another_kind_is_pythons(page):
    data = large(0, "PNG")
    found = call(page, "read", data, True)
    pixels = numbers(found["pixels"], np.uint8).reshape(*SIZE, 3)
    assert (pixels == pixels_of(data, "large", SIZE, True)).all()


@pytest.mark.parametrize("size", [(70_000, 2), (1, 70_000), (1, 1)])
def test_a_picture_longer_than_a_canvas_is_pythons(page, size):
    data = png_of(scene(np.random.default_rng(0), *size))
    for cropped in (True, False):
        pixels = numbers(call(page, "read", data, cropped)["pixels"], np.uint8)
        expected = pixels_of(data, "long", SIZE, cropped)
        assert (pixels.reshape(*SIZE, 3) == expected).all()


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "a PNG that begins later"])
def test_of_an_animation_it_takes_the_picture_that_python_takes(page, form):
    rng, buffer = np.random.default_rng(0), io.BytesIO()
    first, second, third = (scene(rng, 300, 200) for _ in range(3))
    settings = {"default_image": True} if " " in form else {}
    first.save(
        *(buffer, "PNG" if settings else form),
        save_all=True,
        append_images=[second, third],
        **settings,
    )
    data = buffer.getvalue()
    pixels = numbers(call(page, "read", data, True)["pixels"], np.uint8)
    assert (pixels.reshape(*SIZE, 3) == pixels_of(data, form, SIZE, True)).all()


def png_of(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def hundred_megapixels():
    """A PNG of 100 megapixels in 12 kB."""
    return png_of(Image.new("1", (10_000, 10_000)))


def endless_png():
    """A PNG that says it has a million columns and rows, and has none."""
    head = struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 2, 0, 0, 0)
    found = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        found += struct.pack(">I", len(body)) + kind + body
        found += struct.pack(">I", zlib.crc32(kind + body))
    return found


def tiff():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "TIFF")
    return buffer.getvalue()


def twelve_bits():
    values = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
    return png_of(Image.fromarray(values))


REFUSED = {
    "half of a large JPEG": (lambda: large(0)[: len(large(0)) // 2], "broken"),
    "half of a JPEG": (lambda: picture(0)[: len(picture(0)) // 2], "broken"),
    "half of a PNG": (lambda: picture(1)[: len(picture(1)) // 2], "broken"),
    "100 megapixels": (hundred_megapixels, "too_large"),
    "a million rows": (endless_png, "too_large"),
    "nothing": (lambda: b"", "broken"),
    "a text": (lambda: b"Dear cat, " * 99, "unsupported"),
    "a web page": (lambda: b"<!doctype html><title>404</title>", "unsupported"),
    "a drawing": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unsupported"),
    "TIFF": (tiff, "unsupported"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_kind(page, name):
    make, kind = REFUSED[name]
    assert call(page, "read", make(), True) == {"kind": kind}
    if name not in ("TIFF",):
        with pytest.raises(InputError):
            pixels_of(make(), name, SIZE)


def test_what_a_browser_would_show_nearly_black_is_refused(page):
    assert call(page, "read", twelve_bits(), True) == {"kind": "unsupported"}
    assert pixels_of(twelve_bits(), "deep").max() == 255
