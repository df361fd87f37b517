"""Own pictures are known, others are not: on features of drawn pets and of noise."""

import io

import numpy as np
import pytest

from helpers.classifier.known import KEPT, fit_known, is_unknown, read_known
from helpers.errors import InputError


def cluster(rng, centers, number):
    """Positive, skewed features like those of a network, around class centers."""
    labels = np.arange(number) % len(centers)
    return centers[labels] * rng.gamma(4, 0.25, (number, centers.shape[1])), labels


@pytest.mark.parametrize("number", [10, 20, 100, 1000])
def test_few_of_the_own_kind_are_doubted_and_nearly_all_others(number):
    own, others = [], []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        centers = rng.gamma(0.3, 1, (2, 300))
        known = fit_known(*cluster(rng, centers, number))
        own.append(is_unknown(known, cluster(rng, centers, 400)[0]).mean())
        strange = cluster(rng, rng.gamma(0.3, 1, (9, 300)), 400)[0]
        others.append(is_unknown(known, strange).mean())
    assert np.mean(own) <= 0.06
    assert np.mean(others) >= 0.99


@pytest.mark.slow
def test_drawn_pets_are_known_and_noise_and_charts_are_not(tmp_path):
    import keras
    from PIL import Image, ImageDraw

    from helpers.backbones import EfficientNetLite0
    from helpers.features import compute_features
    from helpers.pets import draw_pet

    backbone = EfficientNetLite0(
        include_top=False, input_shape=(224, 224, 3), pooling="avg"
    )
    inputs = keras.Input((224, 224, 3))
    scaled = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    base = keras.Model(inputs, backbone(scaled))
    rng = np.random.default_rng(0)
    pets = [draw_pet(("cat", "dog")[seed % 2], seed) for seed in range(80)]
    noise = [
        Image.fromarray(rng.integers(0, 256, (240, 320, 3), "uint8")) for _ in range(10)
    ]
    charts = []
    for _ in range(10):
        charts.append(Image.new("RGB", (320, 240), "white"))
        for place, height in enumerate(rng.integers(20, 200, 9)):
            box = (20 + 30 * place, 220 - int(height), 40 + 30 * place, 220)
            color = tuple(rng.integers(0, 256, 3).tolist())
            ImageDraw.Draw(charts[-1]).rectangle(box, color)
    paths = []
    for number, image in enumerate(pets + noise + charts):
        paths.append(tmp_path / f"{number}.png")
        image.save(paths[-1])
    features = compute_features(base, paths, tmp_path / "cache")
    known = fit_known(features[:40], np.arange(40) % 2)
    assert is_unknown(known, features[40:80]).mean() <= 0.1
    assert is_unknown(known, features[80:]).all()


def test_a_burst_of_pictures_does_not_make_others_strange():
    rng = np.random.default_rng(0)
    centers = rng.gamma(0.3, 1, (2, 300))
    features, labels = cluster(rng, centers, 440)
    features *= rng.gamma(0.5, 2, features.shape)  # farther apart, as photographs are
    burst = np.repeat(features[:40], 6, axis=0) * rng.uniform(0.95, 1.05, (240, 300))
    known = fit_known(burst, np.repeat(labels[:40], 6))
    assert is_unknown(known, features[40:]).mean() <= 0.08


def test_of_many_pictures_an_equal_share_is_kept():
    rng = np.random.default_rng(0)
    centers = rng.gamma(0.3, 1, (2, 20))
    features, _ = cluster(rng, centers, 4000)
    features[:3000] = centers[0] * rng.gamma(4, 0.25, (3000, 20))
    known = fit_known(features, np.repeat([0, 1], [3000, 1000]))
    assert known.pictures.shape == (KEPT, 20)
    assert not is_unknown(known, features[:3000]).mean() > 0.06


def test_twins_know_each_other():
    known = fit_known(np.ones((6, 4)), np.zeros(6))
    assert not is_unknown(known, np.full((1, 4), 3.0)).any()


def test_it_comes_back_from_its_file():
    known = fit_known(np.random.default_rng(0).random((9, 4)), np.zeros(9))
    file = io.BytesIO()
    known.save(file)
    again = read_known(file.getvalue(), "pets.keras")
    assert (again.pictures == known.pictures).all()
    assert again.threshold == pytest.approx(known.threshold)


def saved(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive",
        saved(pictures=np.eye(2, dtype="float16")),
        saved(pictures=np.eye(2), threshold=0.5),
        saved(pictures=np.zeros((0, 2), "float16"), threshold=0.5),
        saved(pictures=np.eye(2, dtype="float16"), threshold=np.nan),
        saved(pictures=np.array([print]), threshold=0.5),
    ],
)
def test_what_is_no_such_file_is_refused(data):
    with pytest.raises(InputError, match=r"^expected arrays pictures and threshold"):
        read_known(data, "pets.keras")


def test_bad_features_get_a_sentence():
    with pytest.raises(InputError, match="of 5 pictures or more, found shapes"):
        fit_known(np.ones((4, 2)), np.zeros(4))
    with pytest.raises(InputError, match="found NaN or infinity"):
        fit_known(np.full((9, 2), np.nan), np.zeros(9))
    with pytest.raises(InputError, match=r"^expected 2 features .*, found shape"):
        is_unknown(fit_known(np.ones((9, 2)), np.zeros(9)), np.ones((1, 3)))
