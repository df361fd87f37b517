# %% [markdown]
# # 4 · Freeze layers
#
# A pretrained base knows what your few pictures could not teach it. Here you freeze it,
# prove that not one number in it moves, and meet the ways in which it moves all the same,
# without a word.

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
# Lesson 3 (base, head, parameters), or the words from it. About a minute of computing on
# two CPU cores, no network.

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
# Before painting a wall, you put tape over the window frame, for the brush will slip. A new
# head slips, too: its weights are random, so its errors are large, and training passes
# errors on to all that lies below. The tape is one attribute: `trainable = False`. Layers
# that have it are **frozen**: they compute as before, and no step of training changes their
# weights.

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
show(
    fig,
    f"What passes: {', '.join(boxes)}; errors go back to the head.".replace("\n", " "),
)

# %% [markdown]
# ## On a toy
#
# Two layers, of three neurons and one. Keras keeps the weights of a layer in arrays: the
# **kernel** holds those of all its neurons, and another array their biases. So each
# layer here has two arrays<!--? len(below.weights) == len(above.weights) == 2 -->. Freeze the
# lower layer, train, and compare all arrays with what they were.
#
# **Predict:** which arrays will have moved?
#
# <details><summary>All of them: the error comes from above and passes through both</summary>
#
# **No.** It does pass through, and that is why people freeze. A frozen layer hands errors
# on and learns nothing from them.
#
# </details>
# <details><summary>Those of the upper layer</summary>
#
# **Yes.** Kernel and bias, 2<!--= moved[1] --> of 2<!--= len(above.weights) -->, and
# 0<!--= moved[0] --> below.
#
# </details>
# <details><summary>Those of the lower layer by a little, those of the upper by more</summary>
#
# **No.** Frozen is not slow. A low learning rate is slow; you meet it below.
#
# </details>

# %%
rng = np.random.default_rng(0)
numbers, targets = rng.normal(size=(64, 2)), rng.normal(size=(64, 1))

below, above = layers.Dense(3, activation="tanh"), layers.Dense(1)
toy = keras.Sequential([keras.Input((2,)), below, above])
below.trainable = False
toy.compile("sgd", "mse")


def snapshot(*parts):
    return [array.numpy().copy() for part in parts for array in part.weights]


def n_moved(before, *parts):
    after = snapshot(*parts)
    return sum(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


before = {"below": snapshot(below), "above": snapshot(above)}
toy.fit(numbers, targets, epochs=5, verbose=0)
print("kernel below, before:", before["below"][0][0].round(3))
print("kernel below, after: ", below.kernel.numpy()[0].round(3))
moved = [n_moved(before["below"], below), n_moved(before["above"], above)]
pd.DataFrame({"arrays": [2, 2], "moved": moved}, index=list(before))

# %% [markdown]
# Below, kernel and bias stand where they stood, to the last bit. Above, both moved.
#
# ## The article's loop
#
# > **If you come from 2019:** the article freezes InceptionV3 layer by layer:

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
# `'Functional' object is not iterable`<!--= message -->: the layers are in
# `base_model.layers`. So there are two ways, a loop over these and a single line:

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
# 380<!--= n_arrays --> arrays learn. The rest are statistics, of which more below.
#
# The last row is a trap. After the loop, the base itself still says that it is trainable, so
# `base.trainable = True` changes nothing: Keras on TensorFlow does not set again what is
# there already. Use the single line, both ways; after a loop, set `False` first and then
# `True`.
#
# ## Compile afterwards
#
# The article's comment is right: *compile the model (should be done after setting layers to
# non-trainable)*. Now with a pretrained base, EfficientNet-Lite0. (It is called with
# `training=False`, as the Keras guide advises; what that is worth, you will test.)

# %%
base = EfficientNetLite0(include_top=False, weights="imagenet", input_shape=(96, 96, 3))
inputs = keras.Input((96, 96, 3))
x = base(preprocess_input(inputs), training=False)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


def compile_model():
    optimizer = keras.optimizers.RMSprop()
    optimizer.build(model.trainable_weights)  # fit would do it, and begin twice
    model.compile(optimizer, loss="sparse_categorical_crossentropy")


# %%
def share_moved():
    before = snapshot(base)
    model.fit(images[::50], labels[::50], verbose=0)  # a single step
    return round(n_moved(before, base) / len(before), 1)


base.trainable = False
compile_model()
frozen = share_moved()
print(f"of {len(base.weights)} arrays in the frozen base moved: {frozen:.0%}")

# %% [markdown]
# And if you forget it? Unfreeze, train, compile, and train again. Then the other way round.
#
# **Predict:** what does training an unfrozen base do, as long as you do not compile?
#
# <details><summary>The base learns: fit looks at trainable when it begins</summary>
#
# **No.** So it seems, since the count of what learns changes at once. But the training
# step was made earlier.
#
# </details>
# <details><summary>Keras stops with an error, or warns</summary>
#
# **No.** It would be kind, and older versions did warn. Today nothing is said.
#
# </details>
# <details><summary>The base stays as it was</summary>
#
# **Yes.** Of its arrays, 0%<!--= silent.iloc[0, 1] --> move, until you compile.
#
# </details>

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
# first `fit` together make the training step, and build into it what is trainable then. No
# warning tells you.
#
# Now the base is frozen again, and the step is made for that. Let the head learn.

# %%
from helpers.progress import EpochLines

settings = {"batch_size": 20, "verbose": 0}
model.fit(images, labels, epochs=5, callbacks=[EpochLines()], **settings)
start = model.get_weights()

# %% [markdown]
# Two numbers tell how good it is on unseen pictures: how many it gets right, and the loss,
# which also notices when right answers become less sure.

# %%
test_paths, test_labels = (part[::4] for part in pictures.test_set())
test_images = np.array(
    [read_picture(path, IMAGE_SIZE) for path in test_paths], "float32"
)
asked = keras.Model(model.input, model.output)  # the same layers, never compiled
rows = np.arange(len(test_labels))


def score():
    answers = asked.predict(test_images, batch_size=50, verbose=0)
    loss = -np.log(answers[rows, test_labels].clip(1e-7)).mean()
    return (answers.argmax(axis=-1) == test_labels).mean(), loss


start_right, start_loss = score()
print(f"right on {start_right:.0%} of {len(rows)}, loss {start_loss:.2f}")

# %% [markdown]
# ## Batch normalization has a life of its own
#
# A **batch normalization** layer takes each channel of what passes, subtracts its mean and
# divides by its spread. Then it multiplies by a *scale* and adds a *shift*, which are
# learned like any weight. In training, mean and spread are measured on the batch at hand.
# For prediction the layer keeps two more arrays, a *moving mean* and a *moving variance*. No
# gradient changes these: they move whenever data passes in training mode.
#
# The Keras guide gives two remedies: freeze the layer, or call it with `training=False`. Try all
# four combinations<!--? kept.size == 4 -->.


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
# In Keras 3, `fit` overrides `training=False`: only `trainable=False` protects. And in the
# base, which you called with `training=False`, too? Let twenty
# pictures<!--? len(images[::10]) == 20 --> pass in training mode, with no optimizer and not a
# single step.
#
# **Predict:** how much of the base moves?
#
# <details><summary>Nothing: without a step nothing can learn</summary>
#
# **No.** Nothing *learns*. But the statistics are measured, not learned, and need no
# step.
#
# </details>
# <details><summary>Nothing: the base was called with training=False</summary>
#
# **No.** The guide says so, and in Keras 2 it was so. You have just seen that `fit` does
# not care; how you call the whole model makes no difference either.
#
# </details>
# <details><summary>Two arrays of each normalizing layer</summary>
#
# **Yes.** Mean and variance, but neither scale nor shift: 98<!--= drifted --> of
# 196<!--= n_normalizing --> arrays.
#
# </details>

# %%
base.trainable = True
normalizing = [la for la in base.layers if isinstance(la, layers.BatchNormalization)]
others = [layer for layer in base.layers if layer not in normalizing]
before, before_others = snapshot(*normalizing), snapshot(*others)
model(images[::10], training=True)  # the mode that fit is in
n_normalizing = len(before)
drifted, learned = n_moved(before, *normalizing), n_moved(before_others, *others)
print(f"{drifted} of {n_normalizing} arrays of the normalizing layers moved,")
print(f"and {learned} of {len(before_others)} others")

# %% [markdown]
# Mean and variance of 49<!--= len(normalizing) --> layers have moved, towards what these
# pictures say. Does that do harm? A batch moves them by a hundredth of the
# way<!--? round(1 - slow, 2) == 0.01 -->, so it takes long to show. Let it be a tenth, and
# five batches go as far as fifty do<!--? abs(fast**5 - slow**50) < 0.02 -->. From the same
# start, let a hundred pictures<!--? len(order) == 100 --> pass, others with each of three
# seeds.

# %%
slow, fast, drifts = normalizing[0].momentum, 0.9, []
for layer in normalizing:
    layer.momentum = fast
for seed in range(3):
    model.set_weights(start)
    order = np.random.default_rng(seed).permutation(len(images))[::2]
    for batch in order.reshape(-1, 20):
        model(images[batch], training=True)
    drifts.append(score())
    print(f"seed {seed}: right on {drifts[-1][0]:.0%}, loss {drifts[-1][1]:.2f}")
right_drifted, loss_drifted = np.array(drifts).T

# %% [markdown]
# The drift alone costs more than 4
# points<!--? 100 * (start_right - right_drifted.max()) > 4 -->, whatever the seed, and the loss
# rises<!--? loss_drifted.min() > start_loss + 0.03 -->. The remedy costs a line.
#
# ## Unfreeze the last block
#
# **Fine-tuning** comes after the head has learned: the upper part of the base learns as
# well, at a low learning rate. Try the head alone; the last block without its batch
# normalization; everything without it.


# %%
def unfreeze(part):
    base.trainable = False  # so that the next line reaches every layer
    base.trainable = part != "head"
    for layer in base.layers:
        still = isinstance(layer, layers.BatchNormalization)
        below = not layer.name.startswith(("block7", "top")) and part == "last block"
        if still or below:
            layer.trainable = False


# %% [markdown]
# Go on from the same head, with three seeds: the head at a high rate, the last block at a low
# one, everything at both. An epoch is a hundred pictures<!--? len(images[::2]) == 100 --> here.

# %%
import time

ticks = []  # when each step began
watch = keras.callbacks.LambdaCallback(
    on_train_batch_begin=lambda batch, logs: ticks.append(time.perf_counter())
)


def one_epoch(seed, learning_rate):
    keras.utils.set_random_seed(seed)
    model.set_weights(start)
    for variable in model.optimizer.variables:  # as if compiled anew
        variable.assign(keras.ops.zeros_like(variable))
    model.optimizer.learning_rate = learning_rate
    model.fit(images[::2], labels[::2], callbacks=[watch], **settings)
    return score()


# %%
def tune(part, *rates):
    unfreeze(part)
    compile_model()  # afterwards
    for rate in rates:
        way = f"{part}, {rate:g}"
        ticks.clear()
        runs[way] = np.array([one_epoch(seed, rate) for seed in range(3)])
        print(f"{way}: right {runs[way][:, 0].mean():.2f}")
        arrays[way], seconds[way] = base.get_weights(), np.diff(ticks).min()


# %% tags=["nbval-ignore-output"] reason="every weight of the network learns here; the text holds what may be said"
runs, arrays, seconds = {}, {}, {}
tune("head", 0.003)
tune("last block", 1e-5)
tune("all", 1e-5, 0.003)

rows_of_table = {}
for way, scores in runs.items():
    mean, spread = scores.mean(axis=0), scores.std(axis=0, ddof=1)
    rows_of_table[way] = [mean[0], spread[0], mean[1], spread[1]]
columns = ["right", "± (of three)", "loss", "±"]
tuned = pd.DataFrame.from_dict(rows_of_table, orient="index", columns=columns)
tuned.round(2)

# %% [markdown]
# The head can bear the high rate: it stays right on most
# pictures<!--? tuned["right"]["head, 0.003"] > 0.75 -->. The whole network does not: it
# falls to about 50%<!--= tuned["right"]["all, 0.003"], 0.03 -->, a guess. The brush has
# slipped. At the low rate, in so few steps, nothing is lost, and nothing gained that you
# could tell: both stay within 5
# points<!--? 100 * (tuned["right"].filter(like="1e-05") - start_right).abs().max() < 5 -->
# of where they began.
#
# Where did the convolutions move, and how far?

# %%
from helpers.figures import change_figure

kernels = [n for n, array in enumerate(base.weights) if "kernel" in array.path]


def changes(arrays):
    pairs = [(pretrained[n], arrays[n]) for n in kernels]
    return [100 * np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in pairs]


moved_by = {way: changes(after) for way, after in arrays.items()}
n_convolutions = [np.count_nonzero(change) for change in moved_by.values()]
fig = change_figure({way: moved_by[way] for way in list(moved_by)[1:]})
text = f"Of {len(kernels)} convolutions, {n_convolutions[1]} move with the last block."
show(fig, text)

# %% [markdown]
# With the last block unfrozen, 45<!--= len(kernels) - n_convolutions[1] --> of
# 49<!--= len(kernels) --> convolutions stay where ImageNet left them. With everything
# unfrozen all of them move<!--? n_convolutions[2] == len(kernels) -->, at the low rate by little, at
# the high rate by more<!--? min(moved_by["all, 0.003"]) > max(moved_by["all, 1e-05"]) --> than
# any does at the low one.
#
# ## What a step costs
#
# Freezing also saves: for a frozen base no gradient is computed, and the optimizer keeps no
# notes on it. You have measured steps already:

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
slower = seconds["all, 0.003"] / seconds["head, 0.003"]
pd.Series(seconds, name="seconds, the quickest step").to_frame().round(3)

# %% [markdown]
# A step of the whole network takes longer than one of the
# head<!--? slower > 1 -->.

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=11
assert moved == [0, 2]
assert counts["arrays that learn"].tolist() == [192, 4, 192, 4, 4]
assert frozen == 0
assert silent["share of the base that moved"].tolist() == [0, 1, 1, 0]
assert kept.to_numpy().tolist() == [[True, True], [False, False]]
assert learned == 0
assert drifted == 2 * len(normalizing)
assert n_convolutions == [0, 4, 49, 49]
assert tuned["right"]["last block, 1e-05"] > 0.8
assert tuned["right"]["all, 0.003"] < 0.7
assert slower > 1
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Forgotten `compile`**, **drifting batch normalization** and **a learning rate that is
# too high**: you have run all of them, and none gives a message. The remedies: compile
# after every change; leave each batch normalization at `trainable=False`; take a low rate
# for whatever is pretrained, here `1e-5`, and look at unseen pictures before and after.
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
# 2<!--= len(model.trainable_weights) --> for a head of one dense layer.

# %% [markdown]
# ## What you saw
#
# - A frozen layer keeps its weights to the last bit: of
#   245<!--= len(base.weights) --> arrays in the base,
#   0%<!--= frozen --> moved.
# - `trainable` counts when the training step is made. Without `compile`, an unfrozen base
#   stays still<!--? silent.iloc[0, 1] == 0 --> and a frozen one goes on
#   moving<!--? silent.iloc[2, 1] == 1 -->.
# - Batch normalization drifts even where nothing learns, and `training=False` does
#   not stop it in Keras 3<!--? drifted > 0 and kept.iloc[0, 1] -->.
#   By itself the drift cost more than 4
#   points<!--? 100 * (start_right - right_drifted.max()) > 4 -->.
# - A rate that a head takes well turned the whole network into a coin: about
#   50%<!--= tuned["right"]["all, 0.003"], 0.03 -->.
#
# The limits: one head, three orders of the pictures<!--? len(runs["all, 0.003"]) == 3 -->,
# small pictures, an epoch of half of them.

# %%
from helpers.ties import compare_text

compare_text("04_freeze_layers", globals())

# %% [markdown]
# ## Try it
#
# Three exercises, each with a check:
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(0)
numbers, targets = rng.normal(size=(64, 2)), rng.normal(size=(64, 1))


def new_toy():
    keras.utils.set_random_seed(0)  # the same weights each time
    below = layers.Dense(3, activation="tanh", name="below")
    return keras.Sequential([keras.Input((2,)), below, layers.Dense(1, name="above")])


# %% [markdown] tags=["exercise"]
# ## 4.1 · Freeze the upper layer
#
# Change one line, so that `above` is frozen and `below` learns. Predict: errors come from
# above. Do they get through a frozen layer?

# %% tags=["exercise-gap"]
toy = new_toy()
toy.get_layer("below").trainable = False  # change this line
toy.compile("sgd", "mse")
toy.fit(numbers, targets, epochs=5, verbose=0)

# %% [markdown] tags=["exercise-hint"]
# `toy.get_layer(…)` finds a layer by its name. The order of the lines is right as it is.

# %% tags=["exercise-solution"]
toy = new_toy()
toy.get_layer("above").trainable = False
toy.compile("sgd", "mse")
toy.fit(numbers, targets, epochs=5, verbose=0)
pairs = list(zip(new_toy().get_weights(), toy.get_weights(), strict=True))
moved = [not np.array_equal(old, new) for old, new in pairs]
print("moved:", moved)
assert moved == [True, True, False, False]

# %% [markdown] tags=["exercise-solution"]
# They do: kernel and bias below have moved<!--? moved[:2] == [True, True] -->. A frozen layer
# hands errors on; it learns nothing from them itself.

# %% [markdown] tags=["exercise"]
# ## 4.2 · Count what learns
#
# Write the function `n_learning`: it takes a model and gives how many parameters (single
# numbers, not arrays) training may change. It has to be right for a base inside a model,
# frozen or not, and for batch normalization. Then you can ask it in place of hoping.

# %% tags=["exercise-setup"]
normalized = keras.Sequential([keras.Input((5,)), layers.BatchNormalization()])


# %% tags=["exercise-gap"]
def n_learning(model):
    return ...  # your line


print(n_learning(normalized))

# %% [markdown] tags=["exercise-hint"]
# `model.trainable_weights` is a list of arrays, those of inner models included.

# %% [markdown] tags=["exercise-hint"]
# How many numbers does an array hold, whose shape is `(3, 3, 3, 32)`? `np.prod` multiplies.


# %% tags=["exercise-solution"]
def n_learning(model):
    return sum(int(np.prod(array.shape)) for array in model.trainable_weights)


print(n_learning(normalized), "of", normalized.count_params())

# %% [markdown] tags=["exercise-solution"]
# Of 20<!--= normalized.count_params() --> parameters,
# 10<!--= n_learning(normalized) --> learn: a scale and a shift for each channel. The moving
# means and variances do not learn; they move.

# %% [markdown] tags=["exercise"]
# ## 4.3 · Unfreeze from a layer on
#
# Write the function `unfreeze_from`: it takes a base and the name of a layer. Afterwards
# this layer and all behind it learn, except batch normalization; what lies before stays
# frozen. It has to work whatever was frozen before.

# %% tags=["exercise-setup"]


def new_base():
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(4, name="a"),
            layers.BatchNormalization(name="a_norm"),
            layers.Dense(4, name="b"),
            layers.BatchNormalization(name="b_norm"),
            layers.Dense(4, name="c"),
        ]
    )


# %% tags=["exercise-gap"]
def unfreeze_from(base, name): ...  # your lines


base = new_base()
base.trainable = False
unfreeze_from(base, "b")
print([array.path for array in base.trainable_weights])

# %% [markdown] tags=["exercise-hint"]
# As long as `base.trainable` is False, nothing in it learns, whatever its layers say. And
# setting it sets every layer.

# %% [markdown] tags=["exercise-hint"]
# Go through `base.layers` and keep in a variable whether the layer with this name has come
# already. `isinstance(layer, layers.BatchNormalization)` tells the others.


# %% tags=["exercise-solution"]
def unfreeze_from(base, name):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == name
        normalizes = isinstance(layer, layers.BatchNormalization)
        layer.trainable = reached and not normalizes


base = new_base()
base.trainable = False
unfreeze_from(base, "b")
learning = base.trainable_weights
print([array.path for array in learning])
assert [layer.name for layer in base.layers if layer.trainable] == ["b", "c"]

# %% [markdown] tags=["exercise-solution"]
# 4<!--= len(learning) --> arrays learn. This is the recipe of fine-tuning; after it comes
# `compile`, with a low rate.

# %% [markdown]
# ## Go on
#
# - The [Keras guide to transfer learning](https://keras.io/guides/transfer_learning/):
#   the same steps, and the advice on `training=False` that you have just tested.
# - [Batch normalization](https://keras.io/api/layers/normalization_layers/batch_normalization/):
#   what its documentation says about freezing.
