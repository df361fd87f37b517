# %% [markdown]
# # 3 · Add a head
#
# Without its top, a backbone ends in a stack of small maps, and has no opinion. This lesson
# adds the part that has one, *cat* or *dog*. It is three layers long, and you will know
# every number in it.

# %% [markdown]
# ## What you will learn
#
# - **Push** one batch through base, pooling and head, and know the shape after each.
# - **Count** the parameters of a head by hand, and get the number that Keras gets.
# - **Match** last layer, loss and labels, and recognize the combinations that fail without
#   a word.

# %% [markdown]
# ## You need
#
# Lesson 2 (backbone, channels, `include_top`), or the words from it. About a minute of
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

from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")  # or "photos"
paths, true = pictures.training_set()  # 0 is a cat, 1 is a dog
images = np.array([read_picture(path, (256, 256)) for path in paths[:8]])
print("one batch:", images.shape, images.dtype)

# %% [markdown]
# ## The idea
#
# Think of a court. The base is the witness: for every place in the picture it reports how
# strongly it sees fur, edges, eyes. The **head** is the judge, who knows only the report
# and has to say one of two words. In between, a clerk shortens the report by leaving out
# *where* things were seen: that is **pooling**.
#
# Each block of the figure is a picture after the layer named above it (on a logarithmic
# scale, or the two classes would be invisible):

# %%
from keras.applications import InceptionV3

from helpers.figures import show, volume_diagram

base_model = InceptionV3(weights=None, include_top=False)
seen = base_model.compute_output_shape((None, 256, 256, 3))[1:]
shapes = {"picture": (256, 256, 3), "InceptionV3": seen, "pooling": seen[-1:]}
shapes |= {"Dense(1024)": (1024,), "Dense(2)": (2,)}
text = "; ".join(f"{name} {shape}" for name, shape in shapes.items())
show(volume_diagram(shapes), f"The shape of one picture after each layer: {text}.")

# %% [markdown]
# ## By hand
#
# First with a picture of four places and three channels. Pooling takes the mean of each
# channel. A **dense** (fully connected) layer multiplies by its **kernel** and adds its
# **bias**. **Softmax** turns scores into probabilities.

# %%
maps = np.array([[[[1, 0, 4], [3, 0, 0]], [[0, 2, 0], [0, 0, 0]]]])  # (1, 2, 2, 3)
kernel = np.array([[1, -1], [2, 0], [0, 1]])  # 3 channels -> 2 classes
bias = np.array([0.5, 0])

pooled = maps.mean(axis=(1, 2))  # (1, 2, 2, 3) -> (1, 3)
scores = pooled @ kernel + bias  # (1, 3) -> (1, 2)
by_hand = np.exp(scores) / np.exp(scores).sum()

pool, dense = layers.GlobalAveragePooling2D(), layers.Dense(2, activation="softmax")
toy = keras.Sequential([keras.Input((2, 2, 3)), pool, dense])
dense.set_weights([kernel, bias])
by_keras = np.array(toy(maps))
print("by hand: ", pooled[0], "->", scores[0], "->", by_hand[0].round(3))
print("by Keras:", by_keras[0].round(3))

# %% [markdown]
# Pooling had nothing to learn; the dense layer has a kernel of
# 6<!--= dense.get_weights()[0].size --> numbers and a bias of 2<!--= dense.get_weights()[1].size -->, together
# 8<!--= toy.count_params() -->. So count: *what comes in × what goes out + what goes out*.
#
# ## A head for two classes
#
# On top of InceptionV3, with a layer between pooling and answer:
#
# > **If you come from 2019:** these are the article's lines, comments included, and they
# > still work. (The `200 classes` stand in Keras's own example, from which they come.)

# %%
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model

# add a global spatial average pooling layer
x = base_model.output
x = GlobalAveragePooling2D()(x)
# let's add a fully-connected layer
x = Dense(1024, activation="relu")(x)
# and a logistic layer -- let's say we have 200 classes
predictions = Dense(2, activation="softmax")(x)
# this is the model we will train
model = Model(inputs=base_model.input, outputs=predictions)

# %% [markdown]
# Nothing was computed yet: each line only notes what follows what. Push the batch
# through:

# %%
stations = [
    model.input,
    base_model.output,
    *(layer.output for layer in model.layers[-3:]),
]
values = keras.Model(model.input, stations).predict_on_batch(images / 127.5 - 1)
names = ["picture", "base", "pooling", "Dense(1024)", "Dense(2)"]
passed = pd.DataFrame(index=names)
passed["as planned"] = [str(station.shape) for station in stations]
passed["this batch"] = [str(tuple(value.shape)) for value in values]
passed

# %% [markdown]
# `None` means "whatever comes": any number of pictures, here also of any size. The
# 8<!--= len(images) --> pictures pass side by side. The base turns
# `256×256`<!--? images.shape[1:3] == (256, 256) --> places into
# `6×6`<!--? values[1].shape[1:3] == (6, 6) -->; pooling leaves
# 2,048<!--= values[2].shape[-1] --> numbers for a picture; the head condenses them to two.
# (**ReLU**, in between, replaces what is negative by zero.)
#
# Now count, before Keras does.
#
# **Predict:** where do most of the head's numbers sit?
#
# <details><summary>In the pooling: it takes in the most</summary>
#
# **No.** It takes in all the data, but a mean has nothing to learn. A layer has
# parameters only for what training is to find out.
#
# </details>
# <details><summary>In the first Dense layer</summary>
#
# **Yes.** Each of its units has a weight for each number that comes in:
# 99.9%<!--= head_table["by hand"].iloc[1] / n_head --> of the head.
#
# </details>
# <details><summary>In the last layer: it makes the decision</summary>
#
# **No.** It decides, but from few numbers and for two classes only. What counts is *what
# comes in × what goes out*.
#
# </details>

# %%
from helpers.layers import layer_table

head_table = layer_table(model, slice(-3, None)).drop(columns="trainable")
head_table["by hand"] = [0, 2048 * 1024 + 1024, 1024 * 2 + 2]
n_head = head_table["by hand"].sum()
head_table

# %% [markdown]
# The head has 2,100,226<!--= n_head --> parameters, the base
# 21.8<!--= base_model.count_params() / 1e6 --> million: a
# tenth<!--? 0.09 < n_head / base_model.count_params() < 0.11 -->, and it is all that you
# will train.
#
# ## A model is an estimator
#
# How far is such a model like an estimator of scikit-learn?
#
# | scikit-learn | Keras |
# |---|---|
# | `LogisticRegression(…)` | `Model(inputs=…, outputs=…)` |
# | its argument `solver` | `compile(optimizer=…)` |
# | its loss, the logistic one | `compile(loss=…)` |
# | its argument `C`: a small one keeps weights small | a layer's `kernel_regularizer=…` |
# | `fit(X, y)` | `fit(x, y, epochs=…)` |
# | `predict_proba(X)` | `predict(x)` |
# | `predict(X)` | `predict(x).argmax(axis=-1)` |
# | `score(X, y)` | `evaluate(x, y)` |
# | `coef_`, `intercept_` | `get_weights()` |
#
# > **If you come from 2019:** "Similar to instantiating an algorithm in sklearn," says the
# > article about its last line.
#
# One difference matters. Ask both before they have learned anything.
#
# **Predict:** what does the Keras model say?
#
# <details><summary>It refuses, as scikit-learn does</summary>
#
# **No.** That would be the safe thing to do. But a model of Keras cannot tell whether its
# numbers come from training or from chance.
#
# </details>
# <details><summary>Exactly one half for each class</summary>
#
# **No.** It would, if its weights were zeros. They are random, so it has an opinion,
# about nothing.
#
# </details>
# <details><summary>Two probabilities, as if it knew</summary>
#
# **Yes.** They add up to
# 1.00<!--= values[-1][0].sum() -->, and mean nothing.
#
# </details>

# %%
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

try:
    LogisticRegression().predict(values[2])
except NotFittedError as error:
    message = f"NotFittedError: {error}"
    print("scikit-learn:", message)
print("Keras:", np.array(values[-1])[0].round(4))

# %% [markdown]
# scikit-learn: `This LogisticRegression instance is not fitted yet`<!--= message -->.
# A Keras model has weights from birth, random ones, and answers with a straight face.
#
# ## What pooling keeps
#
# From here on the answers matter, so the base is EfficientNet-Lite0 with its true weights:
# 1,280<!--= base.output_shape[-1] --> channels on
# `7×7`<!--? base.output_shape[1:3] == (7, 7) --> places. Move a pet to the right and look at
# 3<!--= len(strongest) --> of the channels:

# %%
from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.figures import pooling_figure

base = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3)
)
pixels = np.array([read_picture(path, (224, 224)) for path in paths])
moved = np.roll(pixels[:16], 64, axis=2)  # to the right, and in again on the left
here, there = (base.predict_on_batch(preprocess_input(p)) for p in (pixels[:16], moved))

rows = {"as it is": pixels[0], "moved": moved[0]}
strongest = here[0].mean(axis=(0, 1)).argsort()[::-1][:3]
means = here[0].mean(axis=(0, 1))[strongest], there[0].mean(axis=(0, 1))[strongest]
text = " and ".join(f"{a:.1f}, moved {b:.1f}" for a, b in zip(*means, strict=True))
fig = pooling_figure(rows, [here[0], there[0]], strongest)
show(fig, f"Three channels, with means {text}.")

# %% [markdown]
# The bright spots move along. The alternative to pooling is **Flatten**, which lays all
# places of all channels side by side. How alike (1 is equal) are a pet and its moved self
# after each?


# %%
from sklearn.metrics.pairwise import cosine_similarity

pairs = {"pooled": [m.mean(axis=(1, 2)) for m in (here, there)]}
pairs["flattened"] = [m.reshape(len(m), -1) for m in (here, there)]
itself = np.eye(16, dtype=bool)
alike = pd.DataFrame(index=["itself, moved", "another pet, moved"])
for name, (a, b) in pairs.items():
    likeness = cosine_similarity(a, b)  # (16, 16): each pet with each moved one
    alike[name] = [likeness[itself].mean(), likeness[~itself].mean()]
alike.round(2)

# %% [markdown]
# Pooled, a moved pet is 0.91<!--= alike["pooled"]["itself, moved"] --> like itself and
# 0.48<!--= alike["pooled"]["another pet, moved"] --> like another. Flattened, it is less
# like itself, 0.41<!--= alike["flattened"]["itself, moved"] -->, than another pet is after
# pooling<!--? alike["flattened"]["itself, moved"] < alike["pooled"]["another pet, moved"] -->.
#
# And what does Flatten cost? Here are the parameters of a `Dense(1024)` on InceptionV3, for
# pictures of several sizes:

# %%
sizes = [150, 224, 256, 299]
counts = pd.DataFrame(index=pd.Index(sizes, name="picture size"))
seen = [base_model.compute_output_shape((None, size, size, 3)) for size in sizes]
counts["places"] = [f"{height}×{width}" for _, height, width, _ in seen]
counts["after Flatten"] = [np.prod(shape[1:]) * 1024 + 1024 for shape in seen]
counts["after pooling"] = [shape[-1] * 1024 + 1024 for shape in seen]
counts["times as many"] = counts["after Flatten"] / counts["after pooling"]
counts.round(1)

# %% [markdown]
# As many times as there are places: 36<!--= counts["times as many"][256] --> for pictures of
# 256<!--= counts.index[2] --> pixels.
#
# Do so many weights buy anything? Compute the maps of the pictures to learn from, of unseen
# ones, and of unseen ones moved aside. Then train the shortest head that there is, once
# after Flatten, once after pooling, from 5<!--= len(SEEDS) --> random starts each.

# %%
test_paths, test_true = pictures.test_set()
test_pixels = np.array([read_picture(path, (224, 224)) for path in test_paths])

inputs = keras.Input((224, 224, 3))
witness = keras.Model(inputs, base(preprocess_input(inputs)))  # from raw pixels
maps, test_maps, moved_maps = (
    witness.predict(p, batch_size=16, verbose=0)
    for p in (pixels, test_pixels, np.roll(test_pixels, 112, axis=2))
)
print(maps.shape, test_maps.shape, moved_maps.shape)

# %% [markdown]
# **Predict:** which head is right more often on unseen pictures, and what if the pets are
# moved aside?
#
# <details><summary>Flatten is better on both: it has more weights</summary>
#
# **No.** More weights can hold more, but what is there to hold? 200<!--= len(true) -->
# pictures do not say for each place anew what a cat is.
#
# </details>
# <details><summary>Alike on pictures as they are; pooling is better on moved ones</summary>
#
# **Yes.** On pictures as they are, the two means lie within
# 1.0<!--? 100 * abs(mean["unseen"]["pooling"] - mean["unseen"]["Flatten"]) < 1.0 --> points
# of each other. On moved ones pooling is ahead<!--? lead.mean() > 2 * lead_error -->: what
# Flatten learned, it learned for the places where it saw it.
#
# </details>
# <details><summary>Alike on both: the base has done the work</summary>
#
# **No.** It has, for pictures like those it learned from. But Flatten hands on *where*
# things were seen, and a head that learns from it relies on that.
#
# </details>

# %%
alternatives = {
    "Flatten": [m.reshape(len(m), -1) for m in (maps, test_maps, moved_maps)],
    "pooling": [m.mean(axis=(1, 2)) for m in (maps, test_maps, moved_maps)],
}


def begin_again(head):  # other weights, and an optimizer that recalls nothing
    head.set_weights(keras.models.clone_model(head).get_weights())
    for variable in head.optimizer.variables:
        variable.assign(keras.ops.zeros_like(variable))
    head.optimizer.learning_rate = 0.001


# %% tags=["nbval-ignore-output"] reason="a picture or two lie on the border between cat and dog; the text holds the accuracies"
SEEDS, rows = range(5), []
for name, (seen, unseen, aside) in alternatives.items():
    last = layers.Dense(2, activation="softmax")
    head = keras.Sequential([keras.Input(seen.shape[1:]), last])
    head.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        begin_again(head)
        head.fit(seen, true, batch_size=50, epochs=20, verbose=0)
        right = [head.evaluate(m, test_true, verbose=0)[1] for m in (unseen, aside)]
        rows.append([name, seed, head.count_params(), *right])
        print(f"{name}, start {seed}: {right[0]:.1%}, moved {right[1]:.1%}")

# %% tags=["nbval-ignore-output"] reason="a picture or two lie on the border between cat and dog; the text holds the accuracies"
table = pd.DataFrame(rows, columns=["head", "start", "parameters", "unseen", "moved"])
by_head = table.drop(columns="start").groupby("head")
mean, low = by_head.mean(), by_head.min()
lead = table.pivot(index="start", columns="head", values="moved")
lead = lead["pooling"] - lead["Flatten"]  # a number for each start
lead_error = lead.std() / np.sqrt(len(lead))
print(f"moved, pooling ahead: {100 * lead.mean():.1f} ± {100 * lead_error:.1f} points")
by_head.agg(["mean", "min", "max"]).round(3)

# %% [markdown]
# On pictures as they are, Flatten is right on about
# 98%<!--= mean["unseen"]["Flatten"], 0.012 --> of 400<!--= len(test_true) -->, and
# 49<!--= mean["parameters"]["Flatten"] / mean["parameters"]["pooling"] --> times as many
# weights buy it no visible lead over
# pooling<!--? mean["unseen"]["Flatten"] - mean["unseen"]["pooling"] <= 0.01 -->. When the
# pets are moved, pooling is ahead on average, by more than twice its standard
# error<!--? lead.mean() > 2 * lead_error -->, though by little<!--? lead.mean() < 0.04 -->.
# This course pools. Nor did it take a `Dense(1024)`: the base has done the work.
#
# ## Why two, and when one
#
# Two classes, two outputs, softmax: probabilities that add up to 1. But then the second
# says nothing new. Softmax looks only at the *difference* of the scores, and **sigmoid**
# makes a probability of one score. So one unit is enough. Make it out of the two that you
# trained last:

# %%
features, test_features, _ = alternatives["pooling"]
kernel, bias = last.get_weights()  # (1280, 2) and (2,)

one = layers.Dense(1, activation="sigmoid")
one.build((None, 1280))
one.set_weights([kernel[:, [1]] - kernel[:, [0]], bias[[1]] - bias[[0]]])

dog_of_two = np.array(last(test_features))[:, 1]
dog_of_one = np.array(one(test_features))[:, 0]
gap = np.abs(dog_of_one - dog_of_two).max()
print(f"largest disagreement over {len(test_true)} pictures: {gap:.3f}")

# %%
import matplotlib.pyplot as plt

scores = test_features @ kernel + bias  # (400, 2)
difference, z = scores[:, 1] - scores[:, 0], np.linspace(-11, 10)
fig, ax = plt.subplots(figsize=(7, 2.8))
ax.plot(difference, dog_of_two, "o", alpha=0.3, label="pictures, by softmax over two")
ax.plot(z, 1 / (1 + np.exp(-z)), color="C1", label="sigmoid")
ax.set(xlabel="score of dog − score of cat", ylabel="probability of dog")
ax.set_title("Softmax over two scores is the sigmoid of their difference")
ax.legend()
show(fig, f"{len(scores)} pictures lie on the sigmoid curve, to within {gap:.3f}.")

# %% [markdown]
# The same answers<!--? gap < 1e-4 --> from half the
# parameters<!--? 2 * one.count_params() == kernel.size + bias.size -->: a sigmoid over a
# weighted sum is logistic regression. With rabbits as well, you need softmax and a unit
# for each; if a picture may show a cat *and* a dog, a sigmoid for each.
#
# ## Losses that fit
#
# Last layer, **loss** (the number that training brings down) and form of the labels
# belong together. Try all: labels as numbers (`0`, `1`) and as pairs (`[1, 0]`, `[0, 1]`),
# 3<!--= len(losses) --> losses, 4<!--= len(ends) --> last layers.
#
# **Predict:** how many of these 24<!--= verdicts.size --> combinations work?
#
# <details><summary>Nearly all: Keras sorts it out</summary>
#
# **No.** It would be kind of it. Keras compares shapes, and stops when they do not go
# together; what a number *means* it does not know.
#
# </details>
# <details><summary>A few; the others stop with an error</summary>
#
# **No.** 14<!--= n["error"] --> stop. But some train to the end, with a loss that falls, and are wrong. They
# are the dangerous ones.
#
# </details>
# <details><summary>A few; of the others some train on without a word</summary>
#
# **Yes.** 4<!--= n["fits"] --> fit, 14<!--= n["error"] --> stop, and
# 6<!--= n["scores"] + n["silent"] --> train on.
#
# </details>


# %%
def verdict(labels, loss, units, activation):
    last = keras.Sequential([keras.Input((1280,)), layers.Dense(units, activation)])
    last.compile("rmsprop", f"{loss}_crossentropy")
    try:
        last.fit(features, labels, batch_size=50, epochs=10, verbose=0)
    except Exception:  # of several kinds; which ones does not matter here
        return "error"
    answer = np.array(last(test_features))
    chosen = answer.argmax(axis=1) if units == 2 else answer[:, 0] > 0.5
    right = (chosen == test_true).mean()
    probabilities = answer.min() >= 0 and answer.max() <= 1
    word = "silent" if right < 0.9 else "fits" if probabilities else "scores"
    return f"{word} {right:.0%}"


# %%
import warnings

from helpers.figures import verdict_grid

forms = {"numbers": true, "pairs": np.eye(2)[true]}
losses = ("binary", "sparse_categorical", "categorical")
rows = [(form, loss) for form in forms for loss in losses]
ends = {"1 sigmoid": (1, "sigmoid"), "2 softmax": (2, "softmax")}
ends |= {"1 softmax": (1, "softmax"), "2, no activation": (2, None)}
verdicts = pd.DataFrame(index=["\n".join(row) for row in rows])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for name, end in ends.items():
        verdicts[name] = [verdict(forms[form], loss, *end) for form, loss in rows]
n = verdicts.stack().str.split().str[0].value_counts()
text = f"Of {verdicts.size}, {n['fits']} fit, {n['error']} stop; without a word, "
text += f"{n['silent']} are wrong and {n['scores']} give no probabilities."
show(
    verdict_grid(verdicts, "Form of the labels and loss, against the last layer"), text
)

# %% [markdown]
# 4<!--= n["fits"] --> of 24<!--= verdicts.size --> fit. Two to remember, both with labels as
# numbers: **one sigmoid with binary**<!--? verdicts["1 sigmoid"].iloc[0][:4] == "fits" -->,
# two softmax with sparse_categorical<!--? verdicts["2 softmax"].iloc[1][:4] == "fits" -->.
# With labels as pairs, two softmax go with binary and with
# categorical<!--? (verdicts["2 softmax"].iloc[[3, 5]].str[:4] == "fits").all() -->.
#
# 14<!--= n["error"] --> stop with an error. The other
# 6<!--= n["silent"] + n["scores"] --> train to the end without a word:
# 5<!--= n["silent"] --> of them are wrong, and 1<!--= n["scores"] --> is right by its
# scores, which without a softmax are no probabilities: they leave the range from 0 to 1.
# (To train on scores, say so to the loss, with `from_logits=True`.)

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=11
assert passed["this batch"]["base"] == "(8, 6, 6, 2048)"
assert passed["this batch"]["Dense(2)"] == "(8, 2)"
assert np.allclose(by_hand, by_keras)
assert (head_table["by hand"] == head_table["parameters"]).all()
assert alike["pooled"]["itself, moved"] > 0.8 > alike["flattened"]["itself, moved"]
assert (low["unseen"] > 0.94).all()
assert lead.mean() > 2 * lead_error
assert gap < 1e-4
assert verdicts["1 sigmoid"]["numbers\nbinary"].startswith("fits")
assert verdicts["2 softmax"]["numbers\nsparse_categorical"].startswith("fits")
assert (n["fits"], n["error"], n["scores"] + n["silent"]) == (4, 14, 6)
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Softmax over one unit.** Symptom: the loss falls as it should, the accuracy stays at
# 0.5<!--= runs["softmax"]["accuracy"][10] -->. That training, and the right one:

# %%
runs, warned = {}, []
for activation in ("softmax", "sigmoid"):
    last = keras.Sequential([keras.Input((1280,)), layers.Dense(1, activation)])
    last.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    with warnings.catch_warnings(record=True) as caught:
        run = last.fit(features, true, batch_size=50, epochs=10, verbose=0)
    runs[activation] = pd.DataFrame(run.history, range(1, 11)).loc[[1, 10]]
    warned += [str(warning.message) for warning in caught]
print(warned[0].split(" of a tensor")[0])
pd.concat(runs, names=["activation", "epoch"]).round(1)

# %% [markdown]
# Cause: one number divided by itself is 1, so the model says "dog" to everything; but
# Keras computes the loss from the score *before* the softmax, and the score learns. The
# only sign is a warning, `You are using a softmax over axis -1`<!--= warned[0] -->.
# Remedy: sigmoid.
#
# **Pooling forgotten**, and **Flatten without a size**. Both stop at once:

# %%
unpooled = keras.Sequential([keras.Input((7, 7, 1280)), layers.Dense(2, "softmax")])
unpooled.compile("rmsprop", "sparse_categorical_crossentropy")
errors = []
for attempt in (
    lambda: unpooled.fit(maps, true, verbose=0),
    lambda: layers.Dense(2)(layers.Flatten()(base_model.output)),
):
    try:
        attempt()
    except ValueError as error:
        errors.append(f"ValueError: {error}")
        print(errors[-1].partition(" for variable")[0])

# %% [markdown]
# - `must have rank (ndim)`<!--= errors[0] -->: a
#   `Dense` on maps answers once for each of the
#   `7×7`<!--? maps.shape[1:3] == (7, 7) --> places. Remedy: pooling before it.
# - `Shapes used to initialize variables must be fully-defined`<!--= errors[1] -->: a base
#   for pictures of any size has no fixed number of places. Remedy: pooling, or
#   `input_shape=(224, 224, 3)` for the base.

# %% [markdown]
# ## What you saw
#
# - A picture goes from `256×256×3` to `6×6×2048`<!--? values[1].shape[1:] == (6, 6, 2048) -->,
#   to 2,048<!--= values[2].shape[-1] -->, to 1,024<!--= values[3].shape[-1] -->, to
#   2<!--= values[4].shape[-1] --> numbers.
# - The head has 2,100,226<!--= n_head --> parameters, counted by hand and by
#   Keras<!--? (head_table["by hand"] == head_table["parameters"]).all() -->. With Flatten its
#   first layer alone would have 36<!--= counts["times as many"][256] --> times as many; on
#   moved pets a flattened head did a little worse<!--? 0 < lead.mean() < 0.04 -->.
# - Two units with softmax say what one with sigmoid says<!--? gap < 1e-4 -->. Of
#   24<!--= verdicts.size --> combinations 4<!--= n["fits"] --> fit, and
#   6<!--= n["silent"] + n["scores"] --> go wrong without an error.
#
# The limits: one backbone, drawn pictures, on which every sensible head does well.

# %%
from helpers.ties import compare_text

compare_text("03_add_a_head", globals())

# %% [markdown]
# ## Try it
#
# Three exercises, from one line to a judge of your own:
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
from keras import layers

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.features import compute_features
from helpers.picture_sets import open_pictures

# %% [markdown] tags=["exercise"]
# ## 3.1 · A third class
#
# Rabbits join in. Change one line, so that `head` has an answer for each of three classes;
# then put the number of its parameters, counted by hand, into `n_parameters`.

# %% tags=["exercise-gap"]
head = keras.Sequential(
    [
        keras.Input((2048,)),
        layers.Dense(1024, activation="relu"),
        layers.Dense(2, activation="softmax"),
    ]
)
n_parameters = ...  # counted by hand

# %% [markdown] tags=["exercise-hint"]
# The last layer has a unit for each class. A layer has *what comes in × what goes out + what
# goes out* numbers, and the head has two such layers.

# %% tags=["exercise-solution"]
head = keras.Sequential(
    [
        keras.Input((2048,)),
        layers.Dense(1024, activation="relu"),
        layers.Dense(3, activation="softmax"),
    ]
)
n_parameters = (2048 * 1024 + 1024) + (1024 * 3 + 3)
print(f"{n_parameters:,}")
assert n_parameters == head.count_params()

# %% [markdown] tags=["exercise-solution"]
# 2,101,251<!--= n_parameters -->: for another class, another column of the kernel and
# another number of the bias, 1,025<!--= n_parameters - 2100226 --> in all.

# %% [markdown] tags=["exercise"]
# ## 3.2 · Pool by hand
#
# Write the function `pooled`: it takes maps, an array of shape
# `(pictures, height, width, channels)`, and gives the mean of each channel over all places,
# of shape `(pictures, channels)`. The toy has to come out as the lesson has it:
# `[1, 0.5, 1]`.

# %% tags=["exercise-setup"]
toy_maps = np.array([[[[1, 0, 4], [3, 0, 0]], [[0, 2, 0], [0, 0, 0]]]])  # (1, 2, 2, 3)


# %% tags=["exercise-gap"]
def pooled(maps):
    return ...  # your line


print(pooled(toy_maps))

# %% [markdown] tags=["exercise-hint"]
# `array.mean(axis=…)` takes one axis or several: `axis=(…, …)`. Axis 0 are the pictures.


# %% tags=["exercise-solution"]
def pooled(maps):
    return np.mean(maps, axis=(1, 2))


print(pooled(toy_maps))
pool = layers.GlobalAveragePooling2D()
gap = np.abs(pooled(toy_maps) - np.array(pool(toy_maps.astype("float32")))).max()
assert gap < 1e-6

# %% [markdown] tags=["exercise-solution"]
# No more is behind the layer `GlobalAveragePooling2D`: they
# agree<!--? gap < 1e-6 -->.

# %% [markdown] tags=["exercise"]
# ## 3.3 · One judge, one unit
#
# Build `judge`, a head with **one** unit, for features that are pooled already. It gives the
# probability of a dog. Compile it with the loss that fits, let it learn from `features` and
# `true`, and measure its accuracy on the unseen pictures into `accuracy`.

# %% tags=["exercise-setup"]
pictures = open_pictures("drawn")
paths, true = pictures.training_set()
unseen_paths, unseen_true = pictures.test_set()
eyes = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3), pooling="avg")
inputs = keras.Input((224, 224, 3))
base = keras.Model(inputs, eyes(preprocess_input(inputs)))
features = compute_features(base, paths)
unseen_features = compute_features(base, unseen_paths)
print(features.shape, unseen_features.shape)

# %% tags=["exercise-gap"]
judge = ...  # a keras.Model from 1,280 features to one probability
accuracy = ...  # on the unseen pictures, from 0 to 1

# %% [markdown] tags=["exercise-hint"]
# `keras.Sequential([keras.Input((1280,)), layers.Dense(…, activation=…)])`. Which
# activation makes a probability of a single score?

# %% [markdown] tags=["exercise-hint"]
# Labels as numbers and one sigmoid go with `binary_crossentropy`. With
# `metrics=["accuracy"]`, `evaluate` gives the loss and the accuracy.

# %% tags=["exercise-solution"]
judge = keras.Sequential([keras.Input((1280,)), layers.Dense(1, activation="sigmoid")])
judge.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
judge.fit(features, true, batch_size=50, epochs=20, verbose=0)
accuracy = judge.evaluate(unseen_features, unseen_true, verbose=0)[1]
print(f"{accuracy:.1%} of {len(unseen_true)}, with {judge.count_params():,} parameters")

# %% [markdown] tags=["exercise-solution"]
# About 97%<!--= accuracy, 0.015 -->, with 1,281<!--= judge.count_params() --> parameters: one
# for each feature, and a bias.

# %% [markdown]
# ## Go on
#
# - [Losses in Keras](https://keras.io/api/losses/): all of them, and `from_logits`.
# - [The functional API](https://keras.io/guides/functional_api/): models with several
#   inputs or several heads, written as you wrote this one.
