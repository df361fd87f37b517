"""A classifier of drawn things, small enough to be made in a test."""

import keras
import numpy as np

from helpers.classifier import fit_known, open_classifier, save_classifier
from helpers.features import compute_features
from helpers.teaching import choose_test, read_collection

SIDE = 8


def small_base():
    """From 8 by 8 pixels to six features: what is brightest, and the average."""
    inputs = keras.Input((SIDE, SIDE, 3))
    most = keras.layers.GlobalMaxPooling2D()(inputs)
    mean = keras.layers.GlobalAveragePooling2D()(inputs)
    outputs = keras.layers.Concatenate()([most, mean])
    return keras.Model(inputs, outputs, name="base")


def small_classifier(folder, path, **facts):
    """A classifier of the classes in a folder, saved as `train_classifier` saves it."""
    collection = read_collection(folder)
    in_test = choose_test(collection.digests, collection.labels)
    base = small_base()
    features = compute_features(base, collection.paths, path.parent / "cache")
    keras.utils.set_random_seed(0)
    inputs = keras.Input((6,))
    outputs = keras.layers.Dense(len(collection.class_names), "softmax")(inputs)
    head = keras.Model(inputs, outputs, name="head")
    pixels = keras.Input((SIDE, SIDE, 3))
    said = head.predict_on_batch(features[in_test]).argmax(axis=1)
    save_classifier(
        keras.Model(pixels, head(base(pixels))),
        collection.class_names,
        path,
        known=fit_known(features[~in_test], collection.labels[~in_test]),
        **{
            "accuracy": float(np.mean(said == collection.labels[in_test])),
            "n_pictures": int(in_test.sum()),
            "made_by": "train_classifier",
            "pictures": str(folder.resolve()),
            **facts,
        },
    )
    return open_classifier(path)
