# %% [markdown]
# # 4 · Freeze layers
#
# A pretrained base knows more than your few pictures could teach it. Here you keep it from
# harm: you freeze it, prove that not one number in it moves, and meet the ways in which
# it moves all the same, without a word.

# %% [markdown]
# ## What you will learn
#
# - **Freeze** a base in two ways, and prove that it stays as it was.
# - **Compile** after every change of `trainable`, and recognize what happens otherwise.
# - **Unfreeze** a part of it: with a low learning rate, and with batch normalization left
#   still.

# %% [markdown]
# ## You need
#
# Lesson 3 (base, head, parameters), or the words from it. A good minute of
# computing on two CPU cores, and no network.

# %% [markdown]
# ## Set up

# %%
import sys

sys.path.insert(0, "..")  # the project's folder, where `helpers` lives

from helpers.start import start_lesson

start_lesson(seed=0)

# %%
import keras
import numpy as np
import pandas as pd
from keras import layers

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

IMAGE_SIZE = (96, 96)  # small: today you train the base as well
pictures = open_pictures("drawn")  # or "photos"
paths, labels = pictures.training_set()  # 0 is a cat, 1 is a dog
images = np.array([read_picture(path, IMAGE_SIZE) for path in paths], "float32")
print(images.shape, "cats and dogs:", np.bincount(labels))

# %% [markdown]
# ## The idea
#
# Before painting a wall, you put tape over the window frame. The brush will slip, at first
# more than later, and the frame must stay clean. A new head slips, too: its weights are
# random, so its first errors are large, and training passes errors on to all that lies
# below. The tape is one attribute: `trainable = False`. Layers that have it are
# **frozen**: they compute as before, and nothing changes their weights.

# %%
from helpers.figures import diagram, show

boxes = {"pictures": (0, 0), "base\nfrozen": (1.2, 0), "pooling": (2.4, 0)}
boxes |= {"head\nlearns": (3.6, 0), "loss": (4.8, 0)}
forward = list(zip(boxes, list(boxes)[1:], strict=False))
fig = diagram(
    boxes,
    [*forward, ("loss", "head\nlearns", "errors")],
    ["head\nlearns"],
    "Errors go back as far as the head",
)
show(fig, "Pictures pass base, pooling and head; errors go back to the head only.")

# %% [markdown]
# ## On a toy
#
# Two layers of three neurons and one. Freeze the lower one, train, and compare all weights
# with what they were before.

# %%
rng = np.random.default_rng(0)
numbers, targets = rng.normal(size=(64, 2)), rng.normal(size=(64, 1))

below, above = layers.Dense(3, activation="tanh"), layers.Dense(1)
toy = keras.Sequential([keras.Input((2,)), below, above])
below.trainable = False
toy.compile("sgd", "mse")


def snapshot(*parts):
    return [weight.numpy().copy() for part in parts for weight in part.weights]


def n_moved(before, *parts):
    after = snapshot(*parts)
    return sum(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


before = {"below": snapshot(below), "above": snapshot(above)}
toy.fit(numbers, targets, epochs=5, verbose=0)
print("kernel below, before:", before["below"][0][0].round(3))
print("kernel below, after: ", below.kernel.numpy()[0].round(3))
moved = [n_moved(before["below"], below), n_moved(before["above"], above)]
pd.DataFrame({"weights": [2, 2], "moved": moved}, index=list(before))

# %% [markdown]
# Below, kernel and bias stand where they stood, to the last bit. Above, both moved. This
# comparison of weights before and after is the only proof that there is; you will use it
# throughout.
#
# ## The article's loop
#
# The article freezes InceptionV3 layer by layer. Its lines, comments included:

# %% tags=["then"]
from keras.applications import InceptionV3

base_model = InceptionV3(weights=None, include_top=False)
x = layers.GlobalAveragePooling2D()(base_model.output)
x = layers.Dense(1024, activation="relu")(x)
predictions = layers.Dense(2, activation="softmax")(x)
model = keras.Model(inputs=base_model.input, outputs=predictions)

try:
    # first: train only the top layers (which were randomly initialized)
    # i.e. freeze all convolutional InceptionV3 layers
    for layer in base_model:
        layer.trainable = False
except TypeError as error:
    message = f"TypeError: {error}"
    print(message)

# %% [markdown]
# `'Functional' object is not iterable`<!--= message -->: a model is not a list. The layers
# are in `base_model.layers`. So there are two ways, a loop over these and a single line:

# %%


def count():
    learning = model.trainable_weights
    return {
        "arrays that learn": len(learning),
        "parameters that learn": sum(int(np.prod(w.shape)) for w in learning),
        "base.trainable": base_model.trainable,
    }


rows = {"as built": count()}
base_model.trainable = False
rows["base.trainable = False"] = count()
base_model.trainable = True
rows["base.trainable = True"] = count()
for layer in base_model.layers:
    layer.trainable = False
rows["a loop over base.layers"] = count()
base_model.trainable = True
rows["and then base.trainable = True"] = count()
n_arrays = len(model.weights)
counts = pd.DataFrame(rows).T
counts

# %% [markdown]
# Both ways leave 4<!--= counts["arrays that learn"].iloc[1] --> arrays, kernel and bias of
# two dense layers, with 2,100,226<!--= counts["parameters that learn"].iloc[1] -->
# parameters: the head that you counted in lesson 3. Even unfrozen, only
# 192<!--= counts["arrays that learn"].iloc[0] --> of the
# 380<!--= n_arrays --> arrays learn. The rest are statistics of batch
# normalization, to which you come below.
#
# The last row is a trap. After the loop, the base itself still says that it is trainable, so
# `base.trainable = True` changes nothing, and nothing reaches its layers (the reason lies in
# how Keras keeps attributes on TensorFlow: what is there already is not set again). Use the
# single line, both ways; after a loop, set `False` first and then `True`.
#
# ## Compile afterwards
#
# The article's comment is right: *compile the model (should be done after setting layers to
# non-trainable)*. Now with true weights, on EfficientNet-Lite0:

# %%
base = EfficientNetLite0(include_top=False, weights="imagenet", input_shape=(96, 96, 3))
inputs = keras.Input((96, 96, 3))
x = base(preprocess_input(inputs))
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


def compile_model(learning_rate=1e-3, **settings):
    optimizer = keras.optimizers.RMSprop(learning_rate)
    optimizer.build(model.trainable_weights)  # fit would do it, and begin twice
    model.compile(optimizer, loss="sparse_categorical_crossentropy", **settings)


# %%
def share_moved():
    before = snapshot(base)
    model.fit(images[::10], labels[::10], batch_size=20, verbose=0)  # a single step
    return round(n_moved(before, base) / len(before), 1)


base.trainable = False
compile_model()
frozen = share_moved()
print(f"of {len(base.weights)} arrays in the frozen base moved: {frozen:.0%}")

# %% [markdown]
# And if you forget it? Unfreeze, and train at once; compile, and train again. Then the same
# the other way round.

# %%
pretrained = base.get_weights()
steps = {}
for trainable in (True, False):
    base.trainable = trainable
    word = "unfrozen" if trainable else "frozen again"
    says = len(model.trainable_weights)
    steps[f"{word}, not compiled"] = says, share_moved()
    compile_model()
    steps[f"{word}, compiled"] = says, share_moved()
base.set_weights(pretrained)
silent = pd.DataFrame(
    steps, index=["arrays that learn, says the model", "share of the base that moved"]
).T
silent

# %% [markdown]
# The first row and the third are the trap. The model *says* that
# 149<!--= int(silent.iloc[0, 0]) --> arrays learn, and not one in the base does; or it says that
# 2<!--= silent.iloc[2, 0] --> learn, and the base goes on moving. Cause: `compile` and the
# first `fit` together make the training step, and what was trainable then is built into it.
# No warning tells you. (Older versions of Keras had one.)
#
# ## Batch normalization has a life of its own
#
# A **batch normalization** layer shifts and scales what passes, so that every channel has a
# mean near 0 and a spread near 1. In training it measures both on the batch at hand. It
# also keeps a *moving mean* and a *moving variance*, which it uses in prediction. No
# gradient changes these two: they move because data passes in training mode.
#
# The Keras guide gives two remedies: freeze the layer, or call it with `training=False`. Try all
# four combinations.


# %%
def statistics_move(trainable, **call):
    normalize = layers.BatchNormalization(trainable=trainable)
    inputs = keras.Input((2,))
    small = keras.Model(inputs, layers.Dense(1)(normalize(inputs, **call)))
    small.compile("sgd", "mse")
    before = normalize.moving_mean.numpy().copy()
    small.fit(numbers, targets, verbose=0)
    return bool((normalize.moving_mean.numpy() != before).any())


kept = pd.DataFrame(
    [
        [statistics_move(True), statistics_move(True, training=False)],
        [statistics_move(False), statistics_move(False, training=False)],
    ],
    index=["trainable=True", "trainable=False"],
    columns=["layer(x)", "layer(x, training=False)"],
)
print("Do the statistics move in fit?")
kept

# %% [markdown]
# In Keras 3, `fit` overrides `training=False`: it protects nothing (in Keras 2 it did).
# Only `trainable=False` does. And in the base?

# %%
base.trainable = True
compile_model(learning_rate=0.0, run_eagerly=True)  # no weight can learn
normalizing = [la for la in base.layers if isinstance(la, layers.BatchNormalization)]
others = [layer for layer in base.layers if layer not in normalizing]
before, before_others = snapshot(*normalizing), snapshot(*others)
model.fit(images[::20], labels[::20], batch_size=10, verbose=0)
drifted, learned = n_moved(before, *normalizing), n_moved(before_others, *others)
base.set_weights(pretrained)
print(f"at a learning rate of 0: {drifted} of {len(before)} arrays of the normalizing")
print(f"layers moved, and {learned} of {len(before_others)} others")

# %% [markdown]
# At a learning rate of zero nothing can learn, and still
# 98<!--= drifted --> arrays are not what they were: mean and variance of
# 49<!--= len(normalizing) --> layers, measured on ten pictures where ImageNet had
# a million.
#
# ## Unfreeze the last block
#
# **Fine-tuning** comes after the head has learned: a part of the base learns as well, the
# upper part, at a much lower learning rate. So first train the head on the
# frozen base.

# %%
base.trainable = False
compile_model()
model.fit(images, labels, batch_size=20, epochs=5, verbose=0)
start = model.get_weights()

# %% [markdown]
# Then four ways to go on from here, one epoch each: the head alone, at a high rate; the
# last block, at a low one; everything, batch normalization included, at the low rate; and
# everything at the high one.

# %%
test_paths, test_labels = (part[::2] for part in pictures.test_set())  # half will do
test_images = np.array(
    [read_picture(path, IMAGE_SIZE) for path in test_paths], "float32"
)
asked = keras.Model(model.input, model.output)  # the same layers, never compiled


def share_right():
    answers = asked.predict(test_images, verbose=0)
    return (answers.argmax(axis=-1) == test_labels).mean()


# %%
def freeze():
    base.trainable = False


def unfreeze_all():
    base.trainable = False  # so that the next line reaches every layer
    base.trainable = True


def unfreeze_last_block():
    unfreeze_all()
    for layer in base.layers:
        last_block = layer.name.startswith(("block7", "top"))
        normalizes = isinstance(layer, layers.BatchNormalization)
        layer.trainable = last_block and not normalizes


# %%
parts = {
    "head alone": (freeze, ["1e-2"]),
    "last block": (unfreeze_last_block, ["1e-5"]),
    "all": (unfreeze_all, ["1e-5", "1e-2"]),
}
start_accuracy = share_right()
ways = {}
for part, (unfreeze, rates) in parts.items():
    unfreeze()
    compile_model()  # afterwards
    for rate in rates:
        model.set_weights(start)
        model.optimizer.learning_rate = float(rate)  # this may change without compile
        model.fit(images, labels, batch_size=10, verbose=0)
        ways[f"{part}, rate {rate}"] = base.get_weights(), share_right()

# %%
kernels = [n for n, weight in enumerate(base.weights) if "kernel" in weight.path]
rows = {
    name: (
        sum((w[n] != pretrained[n]).any() for n in kernels),
        "kept" if accuracy > start_accuracy - 0.1 else "lost",
    )
    for name, (w, accuracy) in ways.items()
}
columns = ["convolutions that moved", "accuracy"]
tuned = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
tuned

# %% [markdown]
# Where did the convolutions move, and how far?

# %%
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(7, 3))
lines = list(ways.items())[1:]  # with the head alone nothing moves
for (name, (weights, _)), marker in zip(lines, "o^s", strict=True):
    old, new = ([w[n] for n in kernels] for w in (pretrained, weights))
    change = [
        100 * np.linalg.norm(b - a) / np.linalg.norm(a)
        for a, b in zip(old, new, strict=True)
    ]
    places = np.flatnonzero(change)
    ax.plot(places + 1, np.array(change)[places], marker, ms=4, label=name)
ax.set(yscale="log", ylabel="change in %")
ax.set_xlabel("convolution, from the picture to the top")
ax.set_title("One epoch: how far each convolution moves")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
first = [
    n + 1 for n, k in enumerate(kernels) if (lines[0][1][0][k] != pretrained[k]).any()
]
text = (
    f"Of {len(kernels)} convolutions, the last {len(first)} move with the last block."
)
show(fig, text)

# %% [markdown]
# With the last block unfrozen, the others stay where ImageNet left them. With everything
# unfrozen all of them move, at the low rate by a hair's breadth, at the high rate by a
# large part of what they were. A head alone takes the high rate: it is right on about
# 88%<!--= ways["head alone, rate 1e-2"][1], 0.05 --> afterwards. The whole network does
# not: from 90%<!--= start_accuracy, 0.03 --> it falls to about
# 50%<!--= ways["all, rate 1e-2"][1], 0.1 -->, a guess. The brush has
# slipped over the frame. (At `1e-3`, the rate that Keras takes if you name none, it is a
# matter of luck.) At the low rate nothing is lost; with
# 200<!--= len(labels) --> pictures nothing is gained either.
#
# ## What a step costs
#
# Freezing also saves. For a frozen layer no gradient is computed, nothing has to be kept
# for it, and the optimizer keeps no notes on it. Measure a step, and by how much the memory
# of this process grows in the first one:

# %% tags=["nbval-ignore-output"] reason="seconds and megabytes differ between machines"
import time

import psutil

costs = {}
for name, trainable in {"frozen": False, "unfrozen": True}.items():
    base.trainable = trainable
    compile_model(1e-5)
    batch, memory = (images[:20], labels[:20]), psutil.Process().memory_info().rss
    model.train_on_batch(*batch)
    grown = max(0, psutil.Process().memory_info().rss - memory) / 1e6
    seconds = []
    for _ in range(4):
        begin = time.perf_counter()
        model.train_on_batch(*batch)
        seconds.append(time.perf_counter() - begin)
    costs[name] = {"ms a step": 1000 * min(seconds), "MB more": grown}
costs = pd.DataFrame(costs).T
slower = costs["ms a step"]["unfrozen"] / costs["ms a step"]["frozen"]
costs.round()

# %% [markdown]
# An unfrozen step takes several times as long, and memory on top. (And a frozen base
# computes the same numbers in every epoch. Lesson 7 makes use of that.)

# %% [markdown]
# ## Check it

# %% tags=["check"]
assert moved == [0, 2]
assert counts["arrays that learn"].tolist() == [192, 4, 192, 4, 4]
assert frozen == 0
assert silent["share of the base that moved"].tolist() == [0, 1, 1, 0]
assert kept.to_numpy().tolist() == [[True, True], [False, False]]
assert learned == 0
assert drifted == 2 * len(normalizing)
assert tuned["convolutions that moved"].tolist() == [0, 4, 49, 49]
assert tuned["accuracy"].tolist() == ["kept", "kept", "kept", "lost"]
assert slower > 1.5
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Forgotten `compile`**, **drifting batch normalization** and **a learning rate that is
# too high**: you have run all three. None gives a message. The remedies, in order: compile
# after every change; leave each batch normalization at `trainable=False`; a rate of at most
# `1e-4` for whatever is pretrained.
#
# **A slip of the pen.** Python takes any attribute, and any text that is not empty is true:

# %%
base.trainable = True
base.trainabel = False
after_slip = base.trainable
base.trainable = "False"
after_text = base.trainable
print(f"after trainabel = False: {after_slip}; after trainable = 'False': {after_text}")

base.trainable = False
print(f"after trainable = False: {base.trainable}")

# %% [markdown]
# Remedy: ask afterwards. `len(model.trainable_weights)` should be
# 2<!--= len(model.trainable_weights) --> for a head of one dense layer. And when a training
# matters, compare the weights before and after, as you did here.

# %% [markdown]
# ## What you saw
#
# - A frozen layer keeps its weights to the last bit: of
#   245<!--= len(base.weights) --> arrays in the base, not one moved.
# - `trainable` counts when the training step is made. Without `compile`, an unfrozen base
#   stays still and a frozen one goes on moving.
# - Batch normalization drifts even at a learning rate of zero, and `training=False` does
#   not stop it in Keras 3.
# - A rate that a head takes well turned the whole network into a coin:
#   50%<!--= ways["all, rate 1e-2"][1], 0.1 -->.
#
# The limits: one seed, small pictures, one epoch. Lesson 6 puts frozen and fine-tuned
# side by side at full size.

# %%
from helpers.ties import compare_text

compare_text("04_freeze_layers", globals())

# %% [markdown]
# ## Try it
#
# - **Predict, then run:** freeze `above` instead of `below` in the toy. Which arrays move?
#   (Only those below: the error passes through a frozen layer.)
# - **Change** the last rate to `1e-3`, and try the seeds 0, 1 and 2. Is it harmful? (Now and
#   then. That is worse than always: you would not notice.)
# - **Explore:** `compile` between unfreezing and the *first* `fit` is not needed: until
#   then no step was made. Show it with a new model and `n_moved`.

# %% [markdown]
# ## Go on
#
# - The [Keras guide to transfer learning](https://keras.io/guides/transfer_learning/):
#   the same steps, and the advice on `training=False` that you have just tested.
# - [Batch normalization](https://keras.io/api/layers/normalization_layers/batch_normalization/):
#   what its documentation says about freezing.
