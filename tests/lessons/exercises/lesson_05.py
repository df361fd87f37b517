"""Answers to the exercises of lesson 5: right ones; wrong ones and what is said."""

STEPS = """\
def n_steps(n_pictures, batch_size, epochs):
    return {result}
"""
FOLDER = """\
dataset = keras.utils.image_dataset_from_directory(
    folder, class_names={names}, image_size={size}, crop_to_aspect_ratio={crop},{more}
)
"""
GOOD = {"names": '["cat", "dog"]', "size": (32, 32), "crop": True, "more": ""}
CHANGE = """\
def change(images, numbers):
    return augment(images, training=True), numbers


"""


def fed(**changes):
    return FOLDER.format(**{**GOOD, **changes})


RIGHT = {
    "5.1": [
        STEPS.format(result="epochs * -(-n_pictures // batch_size)"),
        """\
import math
n_steps = lambda n, size, epochs: epochs * math.ceil(n / size)
""",
        """\
def n_steps(n_pictures, batch_size, epochs):
    steps = n_pictures // batch_size
    if n_pictures % batch_size:
        steps += 1
    return np.int64(epochs * steps)
""",
        STEPS.format(
            result="epochs * len(range(0, n_pictures, batch_size))",
        ),
    ],
    "5.2": [
        fed(),
        fed(more=" shuffle=False, batch_size=3"),
        fed(more=' label_mode="binary"'),
        """\
dataset = keras.utils.image_dataset_from_directory(
    str(folder), image_size=(32, 32), crop_to_aspect_ratio=True,
    class_names=("cat", "dog"), verbose=False, seed=7,
)
""",
    ],
    "5.3": [
        CHANGE + "train_ds = files.cache().batch(4).map(change)",
        CHANGE + "train_ds = files.batch(4).cache().map(change).prefetch(1)",
        CHANGE + "train_ds = files.cache().shuffle(10).batch(4).map(change)",
        """\
held = list(files)
pixels, known = (np.array(part) for part in zip(*held))
train_ds = tf.data.Dataset.from_tensor_slices((pixels, known)).batch(4)
train_ds = train_ds.map(lambda x, y: (augment(x, training=True), y))
""",
    ],
}

WRONG = {
    "5.1": [
        (STEPS.format(result="epochs * (n_pictures // batch_size)"), "leaves out"),
        (
            STEPS.format(result="epochs * (n_pictures // batch_size + 1)"),
            "a rest where there is none",
        ),
        (STEPS.format(result="-(-n_pictures // batch_size)"), "one epoch only"),
        (
            STEPS.format(result="-(-n_pictures * epochs // batch_size)"),
            "ends with its own rest",
        ),
        (STEPS.format(result="epochs * n_pictures / batch_size"), "round up"),
        (STEPS.format(result="epochs * n_pictures"), "pictures, not steps"),
        (STEPS.format(result="8"), "instead of 4"),
        (STEPS.format(result="n_pictures / 0"), "ends in ZeroDivisionError"),
        ("n_steps = 8", "should be a function"),
    ],
    "5.2": [
        (fed(crop=False), "squeezes its pictures"),
        (fed(names='["dog", "cat"]'), "the wrong way round"),
        (fed(names=None), "what the Mac left is among them"),
        (fed(size=(64, 64)), "64 by 64"),
        (fed(names='["cat"]'), "has 5 pictures and not 8"),
        (fed(more=' label_mode="categorical"'), "several numbers for each label"),
        (fed(more=" batch_size=None"), "no batches of them"),
        (fed() + "dataset = dataset.map(lambda x, y: x)", "pairs, images and labels"),
        (
            fed() + "dataset = dataset.map(lambda x, y: (x / 255, y))",
            "values from 0 to 255",
        ),
        (fed() + "dataset = list(dataset)", "should be a tf.data.Dataset"),
    ],
    "5.3": [
        (CHANGE + "train_ds = files.batch(4).map(change).cache()", "the same version"),
        (CHANGE + "train_ds = files.batch(4).map(change)", "reads again"),
        ("train_ds = files.cache().batch(4)", "as they are"),
        (
            CHANGE.replace("True", "False")
            + "train_ds = files.cache().batch(4).map(change)",
            "told `training=True`",
        ),
        (CHANGE + "train_ds = files.cache().batch(2).map(change)", "batches of 2"),
        ("train_ds = files.cache()", "no batches of them"),
        (
            CHANGE + "train_ds = files.cache().take(8).batch(4).map(change)",
            "each of the 10 pictures",
        ),
        (
            "train_ds = files.cache().batch(4).map(lambda x, y: augment(x))",
            "pairs, images and labels",
        ),
        ("train_ds = files", "no batches of them"),
    ],
}
