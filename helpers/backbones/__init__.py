"""Pretrained networks that need no download, in the manner of `keras.applications`.

The weights come from packages that are installed with this project. What a learner
finds out here (`include_top`, `weights`, `pooling`, `preprocess_input`) holds for
`keras.applications.InceptionV3` and its sisters too.
"""

from helpers.backbones.architecture import LITE0, LITE1, LITE2
from helpers.backbones.builders import (
    EfficientNetLite0,
    EfficientNetLite1,
    EfficientNetLite2,
)
from helpers.backbones.imagenet import decode_predictions, preprocess_input
from helpers.backbones.torch_file import read_state_dict
from helpers.backbones.weights import imagenet_weights

__all__ = [
    "LITE0",
    "LITE1",
    "LITE2",
    "EfficientNetLite0",
    "EfficientNetLite1",
    "EfficientNetLite2",
    "decode_predictions",
    "imagenet_weights",
    "preprocess_input",
    "read_state_dict",
]
