"""The small package that the lessons import: one module for each noun.

Importing it sets what TensorFlow reads only once, when it is first imported itself.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up log in the notebooks
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# Intel's kernels are on by default on some processors only. On all of them, a forward
# pass takes about two thirds of the time, and every computer computes alike.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
