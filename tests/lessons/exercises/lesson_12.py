"""Answers to the exercises of lesson 12: right ones; wrong ones and what is said."""

READ = """\
def read(path):
    return read_picture(path, (224, 224), crop={crop}){then}
"""
BY_PILLOW = """\
from PIL import ImageOps
def read(path):
    picture = ImageOps.fit(Image.open(path).convert("RGB"), (224, 224))
    return np.asarray(picture, "float32"){then}
"""
FURTHEST = """\
furthest = {
    file: np.abs(ask(file, pixels) - of_keras).max()
    for file in ("pets.onnx", "small.onnx")
}
"""
SHRUNK = """\
def shrunk(weights):
    largest = np.abs(weights).max(axis=1, keepdims=True)
    scales = np.where(largest > 0, largest, 1) / 127
    return np.round(weights / scales).astype("int8"), scales
"""

RIGHT = {
    "12.1": [
        READ.format(crop="True", then=".astype('float32')"),
        READ.format(crop="True", then=""),
        BY_PILLOW.format(then=""),
    ],
    "12.2": [
        FURTHEST,
        """\
furthest = {}
for file in ["small.onnx", "pets.onnx"]:
    both = np.stack([ask(file, pixels), of_keras])
    furthest[file] = float(np.ptp(both, axis=0).max())
""",
        """\
import tensorflow as tf
furthest = {
    file: tf.reduce_max(tf.abs(tf.constant(ask(file, pixels)) - of_keras))
    for file in ("pets.onnx", "small.onnx")
}
""",
    ],
    "12.3": [
        SHRUNK,
        """\
def shrunk(weights):
    steps, scales = np.zeros(weights.shape, np.int8), np.ones((len(weights), 1))
    for n, channel in enumerate(weights):
        if np.any(channel):
            scales[n] = max(abs(channel)) / 127
            steps[n] = [round(float(weight)) for weight in channel / scales[n]]
    return steps, scales
""",
        SHRUNK.replace("np.round(", "np.clip(np.rint(").replace(
            "scales).a", "scales), -127, 127).a"
        ),
    ],
}

WRONG = {
    "12.1": [
        (READ.format(crop="True", then=" / 255"), "values from 0 to 255"),
        (READ.format(crop="True", then=" / 127.5 - 1"), "values from 0 to 255"),
        (READ.format(crop="True", then="[..., ::-1]"), "red and blue"),
        (READ.format(crop="False", then=""), "squeezed"),
        (READ.format(crop="True", then=".transpose(2, 0, 1)"), "(224, 224, 3)"),
        (READ.format(crop="True", then="[np.newaxis]"), "(224, 224, 3)"),
        (READ.format(crop="True", then="[::-1]"), "away, on average"),
        (READ.format(crop="True", then=" * 1.0 - 127"), "outside of 0 to 255"),
    ],
    "12.2": [
        ("furthest = {'pets.onnx': 0, 'small.onnx': 0}", "and should be"),
        (FURTHEST.replace(".max()", ".mean()"), "the mean difference"),
        (
            FURTHEST.replace("np.abs(ask(file, pixels) - of_keras).max()", "-0.5"),
            "below zero",
        ),
        (FURTHEST + "del furthest['small.onnx']", "no entry"),
        (
            FURTHEST.replace("pixels)", "pixels[:8])").replace("keras)", "keras[:8])"),
            "and should be",
        ),
        ("furthest = 0.001", "should be a dict"),
        (FURTHEST.replace(".max()", ".sum()"), "and should be"),
        (FURTHEST.replace(".max()", ".max() * 100 + 5"), "at most 1 apart"),
    ],
    "12.3": [
        (SHRUNK.replace("axis=1, keepdims=True", "keepdims=True"), "(3, 1)"),
        (
            SHRUNK.replace(
                "np.abs(weights).max(axis=1, keepdims=True)",
                "np.full((len(weights), 1), np.abs(weights).max())",
            ),
            "its own scale",
        ),
        (SHRUNK.replace("np.round", "np.trunc"), "half a step"),
        (SHRUNK.replace('.astype("int8")', ""), "should be int8"),
        (SHRUNK.replace("/ 127", "/ 100"), "instead of 127"),
        (
            SHRUNK.replace("/ scales).a", "/ scales + 0.0).a").replace(
                "np.round(", "-np.round("
            ),
            "half a step",
        ),
        (SHRUNK.replace(", scales\n", "\n"), "steps and scales"),
        (
            SHRUNK.replace("np.where(largest > 0, largest, 1)", "largest"),
            "not above zero",
        ),
        ("shrunk = np.round", "steps and scales"),
    ],
}
