# %% [markdown]
# # 2 · Look inside InceptionV3
#
# The article of 2019 loads a famous network in one line and goes on. This lesson stops
# there and opens it: what it is made of, what its weights are, what it has learned to see.

# %% [markdown]
# ## What you will learn
#
# - **Tell** a network from its weights, and load weights in all three ways that Keras has.
# - **Find your way** in a network of hundreds of layers: landmarks, branches, names.
# - **See** what a trained network responds to, from edges to ears, and let it name a
#   picture.

# %% [markdown]
# ## You need
#
# Lesson 1 (neurons, layers, filters), or the words from it. About a minute of computing
# on two CPU cores, and no network connection.

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

from helpers.figures import picture_grid, show
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")  # or "photos"
labels = pd.read_csv(pictures.train_table)
paths = [pictures.train_folder / name for name in labels["File Name"]]
pixels = np.array([read_picture(path, (224, 224)) for path in paths])
print(pixels.shape, pixels.dtype)

# %% [markdown]
# ## The idea
#
# "In deep learning, model and weights file are the same," says the article. If you only
# use a model, that is near enough. Look inside, and they are two things:
#
# | | the plan | the numbers |
# |---|---|---|
# | a player piano | the piano | the paper roll, with a hole for each note |
# | classic machine learning | `LogisticRegression` | its `coef_`, after `fit` |
# | deep learning | the **network**: which layers, in what order | the **weights**: what the layers multiply by |
#
# The plan is a page of code, and came with Keras. The numbers took weeks to train, and lie
# in a **weights file**. **Pretrained** means that somebody else did the training.

# %% [markdown]
# ## One network, two sets of weights
#
# Build the same small plan twice: one layer with one filter, as in lesson 1. The first
# keeps its random weights; the second gets those of an edge filter.


# %%
def build():
    picture = keras.Input((224, 224, 3), name="picture")
    return keras.Model(picture, layers.Conv2D(1, 3, name="filter")(picture))


random_one, edge_one = build(), build()
edges = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # right minus left
kernel = np.repeat(edges[:, :, None, None], 3, axis=2)  # (3, 3, 3 colors, 1 filter)
edge_one.set_weights([kernel, np.zeros(1)])
edge_one.count_params()

# %% [markdown]
# The same plan, the same 28<!--= edge_one.count_params() --> numbers to fill in. Show both
# a picture:

# %%
one = pixels[:1]
maps = [np.abs(net(one))[0, :, :, 0] for net in (random_one, edge_one)]
gray = [255 * output / output.max() for output in maps]
titles = ["picture", "random weights", "edge weights"]
text = "A picture, and what two networks of one plan and different weights make of it."
show(picture_grid([one[0], *gray], titles), text)

# %% [markdown]
# Another set of numbers, another result. Now save the numbers of the second, look into the
# file, and give them to the first.

# %%
import tempfile
from pathlib import Path

import h5py

folder = tempfile.TemporaryDirectory()
edge_path = Path(folder.name) / "edges.weights.h5"
edge_one.save_weights(edge_path)

with h5py.File(edge_path) as file:
    for number in file["layers/conv2d/vars"].values():
        print(number.name, number.shape, number.dtype)

random_one.load_weights(edge_path)
same = np.array_equal(random_one(one), edge_one(one))
print("same result:", same)

# %% [markdown]
# Arrays in folders, and no plan among them: a weights file is of use only to a network
# that was built in the same way.
#
# ## InceptionV3, layer by layer
#
# The article begins with five imports. Do they still work?

# %% tags=["then"]
imports = """from keras.applications.inception_v3 import InceptionV3
from keras.preprocessing import image
from keras.models import Model
from keras.layers import Dense, GlobalAveragePooling2D
from keras import backend as K"""

for line in imports.splitlines():
    exec(line)
    print("works:", line)

# %% [markdown]
# **Keras Applications** are networks with weights, ready to use or to build on. The
# article's next line has two settings, `weights` and `include_top`. With `weights=None`
# you get the plan, filled with random numbers; that is enough to look at the plan.

# %%
from keras.applications import InceptionV3

base = InceptionV3(weights=None, include_top=False)
n_layers = len(base.layers)
print(n_layers, "layers; the first three:", [layer.name for layer in base.layers[:3]])

# %% [markdown]
# The article then prints `get_config()` of these three. Here is the convolution, as it was
# in 2019 and as it is today:

# %%
from helpers.layers import ARTICLE_2019, compare_configs

later = ["optional", "renorm", "renorm_clipping", "renorm_momentum"]  # newer Keras only
configs = {
    kind: compare_configs(then, layer.get_config(), ignore=later)
    for (kind, then), layer in zip(ARTICLE_2019.items(), base.layers[:3], strict=True)
}
configs["Conv2D"]

# %% [markdown]
# It has 32<!--= int(configs["Conv2D"].loc["filters", "today"]) --> filters of `3×3`, moves
# by two pixels, and adds no bias, because a batch normalization follows that does. What
# changed, in all three?

# %%
settings = pd.concat(configs)
settings[settings["change"] != "none"]

# %% [markdown]
# Of 36<!--= (settings["change"] != "new").sum() --> settings,
# 31<!--= (settings["change"] == "none").sum() --> are as they were. The shape has a new
# name, `dtype` is kept everywhere, and the initializer has its proper name: a
# `VarianceScaling` with these settings *is* `GlorotUniform`. And why `conv2d_95`? Keras
# counts layers through a session; the author had built the network once before.
#
# ## A map
#
# `base.summary()` has hundreds of lines. Ask for landmarks instead: where the picture
# shrinks, and where branches join. This time you give the size that InceptionV3 was made
# for.

# %%
from helpers.layers import layer_table

base = InceptionV3(weights=None, include_top=False, input_shape=(299, 299, 3))
table = layer_table(base)
table["parameters so far"] = table["parameters"].cumsum()
landmarks = table["name"].str.fullmatch(r"input.*|max.*|mixed\d+")
print(table["type"].value_counts().to_dict())
table.loc[landmarks, ["name", "output shape", "parameters so far"]]

# %% [markdown]
# The parts list first: 94<!--= (table["type"] == "Conv2D").sum() --> times a convolution, a
# normalization and an activation, and little else. Then the way down: the picture shrinks
# from `299×299` places to 64<!--= np.prod(base.output_shape[1:3]) -->, and what is known of
# each place grows from three colors to 2,048<!--= base.output_shape[-1] --> **channels**,
# each the answer of one filter. Most of the 21,802,784<!--= base.count_params() -->
# parameters lie far down.
#
# This is your second build, so its convolutions begin at
# `conv2d_94`<!--= base.layers[1].name --> (in 2019 Keras counted from one). Only names like
# `mixed7` stay: use those.
#
# ## Branches
#
# VGG16 is a chain. InceptionV3 asks several questions at once, about small and larger
# neighborhoods, and a layer called `mixed` lays the answers side by side. Two of its eleven
# blocks, drawn from the network itself (each box is a convolution with its normalization
# and activation, and says how many channels it gives):

# %%
from helpers.figures import block_diagram, branches

joined = base.get_layer("mixed0").output.shape[-1]
ends = [path[-1].split()[-1] for path in branches(base, "mixed0")]
text = f"Two blocks: mixed0 joins {' + '.join(ends)} = {joined} channels."
show(block_diagram(base, ["mixed0", "mixed4"]), text)

# %% [markdown]
# The ends of the branches of `mixed0` add up: `64 + 64 + 96 + 32`<!--= " + ".join(ends) -->
# makes 256<!--= joined -->. Each `1×1` convolution first makes the data thinner, so that
# large filters stay cheap. On the right, `1×7` and `7×1` stand in for `7×7`: as large a
# neighborhood, for 14<!--= 7 + 7 --> weights in place of 49<!--= 7 * 7 -->.
#
# ## With and without the top
#
# `include_top` decides how the network ends:

# %%
full = InceptionV3(weights=None, include_top=True)
tops = {
    False: layer_table(base, slice(-1, None)),
    True: layer_table(full, slice(-3, None)),
}
pd.concat(tops, names=["include_top", "place"]).drop(columns="trainable")

# %% [markdown]
# **With** the top the network is finished: pooling, then a probability for each of
# ImageNet's 1,000<!--= full.output_shape[-1] --> classes. Use it to name pictures.
# **Without** it the network ends in what it saw: the **backbone** for transfer learning, to
# which lesson 3 adds a head.
#
# ## Four networks side by side
#
# The article names VGG and MobileNet, too; the fourth is the backbone of this course. To
# count, a plan without numbers will do (a weight takes four bytes).

# %%
from keras.applications import VGG16, MobileNet

from helpers import backbones

makers = [VGG16, MobileNet, InceptionV3, backbones.EfficientNetLite0]
rows = {}
for make in makers:
    with keras.StatelessScope(initialize_variables=False):  # the plan, and no numbers
        plan = make(weights=None)
    n, size = plan.count_params(), plan.input_shape[1]
    rows[make.__name__] = [len(plan.layers), n, 4 * n / 1e6, f"{size}×{size}"]
columns = ["layers", "parameters", "megabytes", "input size"]
networks = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
networks.round(1)

# %% [markdown]
# A **forward pass**, from picture to answer, you measure, with each network's backbone:

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
import timeit
from functools import partial

seconds = {}
for make, size in zip(makers, (224, 224, 299, 224), strict=True):
    network = make(weights=None, include_top=False, input_shape=(size, size, 3))
    forward = partial(network.predict_on_batch, np.zeros((1, size, size, 3)))
    forward()  # the first pass also prepares
    seconds[make.__name__] = min(timeit.repeat(forward, number=1, repeat=5))

shown = networks[["layers", "megabytes"]].assign(milliseconds=1000 * pd.Series(seconds))
layout = {"subplots": True, "layout": (1, 3), "figsize": (8, 2.2), "sharey": True}
axes = shown[::-1].plot.barh(legend=False, **layout)
text = ", ".join(f"{name} {1000 * s:.0f} ms" for name, s in seconds.items())
show(axes[0, 0].figure, f"A forward pass for one picture takes: {text}.")

# %% [markdown]
# More layers do not make a larger network, nor a slower one. InceptionV3 has
# 313<!--= networks.loc["InceptionV3", "layers"] -->, VGG16 has
# 23<!--= networks.loc["VGG16", "layers"] -->; yet VGG16's weights fill
# 5.8<!--= networks.loc["VGG16", "megabytes"] / networks.loc["InceptionV3", "megabytes"] -->
# times the space, and its pass is no faster. The two small ones were made for telephones.
# They take a fraction of the time, and suit laptops, too.
#
# ## Three kinds of weights
#
# So far every weight was random. Now for real ones. `weights` takes three things:
#
# - `"imagenet"`: numbers trained on ImageNet, over a million photographs in a thousand
#   classes;
# - `None`: random numbers, for training from nothing, which takes a great many pictures
#   and is seldom what you want;
# - a path: a weights file, perhaps your own.
#
# For InceptionV3, `"imagenet"` is a download. For EfficientNet-Lite0 the numbers came with
# the installation: take it, top and all, and find the cat that it knows best.

# %%
network = backbones.EfficientNetLite0(weights="imagenet")
inputs = backbones.preprocess_input(pixels)  # 0…255 -> about −1…1
scores = network.predict(inputs, batch_size=16, verbose=0)

is_cat = (labels["Label"] == "cat").to_numpy()
cats, dogs = slice(281, 286), slice(151, 269)  # their places among the 1,000 classes
known = np.where(is_cat, scores[:, cats].sum(axis=1), scores[:, dogs].sum(axis=1))
cat = (known * is_cat).argmax()
print(scores.shape, "best-known cat:", labels["File Name"][cat])

# %% [markdown]
# When it sees this picture, how much of its belief does the network give to ImageNet's five
# cats, with each kind of weights?

# %%
lite0_path = backbones.imagenet_weights(backbones.LITE0)
beliefs = {}
for kind, weights in {
    "imagenet": "imagenet",
    "a path": lite0_path,
    "None": None,
}.items():
    answer = np.array(backbones.EfficientNetLite0(weights=weights)(inputs[[cat]]))
    beliefs[kind] = answer[0, cats].sum()
pd.DataFrame({"belief in a cat": beliefs}).round(2)

# %% [markdown]
# A path to the same numbers gives the same answer; random numbers know nothing.
#
# Here is the limit of what you see without a connection. Of InceptionV3 you saw the
# **plan**: layers, names, shapes, sizes and seconds are the true ones. What it *sees*,
# random weights cannot show; from here on you look through EfficientNet-Lite0, with its
# true weights. If you are online, copy this into a cell, and InceptionV3 answers as well:
#
# ```python
# from keras.applications import inception_v3
#
# online = inception_v3.InceptionV3(weights="imagenet")  # 96 MB, kept in ~/.keras/models
# picture = read_picture(paths[cat], size=(299, 299)).astype("float32")
# answer = online.predict(inception_v3.preprocess_input(picture[np.newaxis]))
# inception_v3.decode_predictions(answer, top=5)[0]
# ```
#
# ## Name a picture
#
# With the top on, a picture goes in and names come out. `decode_predictions` looks up the
# likeliest five: for the cat and the dog that the network knows best, and for the pet that
# it knows least.

# %%
chosen = [cat, (known * ~is_cat).argmax(), known.argmin()]
titles = [f"{labels['Label'][n]}, picture {n}" for n in chosen]
show(picture_grid(pixels[chosen], titles), f"Three pets: {'; '.join(titles)}.")

top5 = backbones.decode_predictions(scores[chosen], top=5)
names = [[f"{name} {score:.2f}" for _, name, score in row] for row in top5]
pd.DataFrame(names, index=titles, columns=range(1, 6)).T

# %% [markdown]
# And all pictures together?

# %%
first = [row[0][1] for row in backbones.decode_predictions(scores, top=1)]
best = scores.argmax(axis=1)
right = np.where(is_cat, np.isin(best, np.r_[cats]), np.isin(best, np.r_[dogs]))
print(f"{right.sum()} of {len(first)} are called a cat or a dog, and rightly so")
print(pd.Series(first).value_counts().head(3).to_dict())

# %% [markdown]
# ImageNet has never seen a drawn pet, and calls half of them `teddy`: not a foolish answer.
# Photographs it mostly gets right. A finished network knows its own thousand classes and
# its own kind of picture. That is why you will take its top off, and keep what lies below.
#
# ## From edges to ears
#
# What lies below? Any layer's output can be an output of a model. Take five, from the
# first to one of the last, and a few channels of each, chosen by hand.

# %%
channels = {
    "stem_activation": [13, 4, 18, 3],
    "block2b_expand_activation": [97, 111, 81, 40],
    "block3b_expand_activation": [97, 43, 137, 199],
    "block5b_expand_activation": [448, 230, 580, 164],
    "block6c_expand_activation": [309, 159, 700, 413],
}
outputs = {name: network.get_layer(name).output for name in channels}
eyes = keras.Model(network.input, outputs)
activations = eyes(inputs[[cat]])
for name, output in activations.items():
    print(f"{name:<26}", output.shape)

# %%
from helpers.figures import activation_figure

shapes = [output.shape[1] for output in activations.values()]
text = f"Where 20 channels respond, in maps of {shapes[0]}×{shapes[0]} to "
text += f"{shapes[-1]}×{shapes[-1]} places, laid over a {labels['Label'][cat]}."
of_cat = {name: output[0] for name, output in activations.items()}
show(activation_figure(pixels[cat], of_cat, channels), text)

# %% [markdown]
# The first layers respond to light and color, the next to outlines, to lines that stand or
# lie. Further down it gets choosy: eyes, whiskers, the tips of ears. This is the visual
# cortex of lesson 1, learned from photographs and at work on a drawing.
#
# One picture may deceive. So ask the other way round: of all 200<!--= len(pixels) -->
# pictures, which spots does a channel respond to most?

# %%
from helpers.figures import spot_figure, strongest_spots

asked = {
    "block2b_expand_activation": [97],
    "block3b_expand_activation": [97],
    "block5b_expand_activation": [360, 230],
    "block6c_expand_activation": [309, 612, 159],
}
spots = strongest_spots(eyes, inputs, asked, n=8)
late = spots[spots["layer"].str.startswith("block6c")]
n_dogs = late.groupby("channel")["picture"].agg(lambda rows: (~is_cat[rows]).sum())
sizes = dict(zip(list(channels)[1:], [40, 64, 80, 112], strict=True))  # pixels to show
text = f"The spots that {len(spots) // 8} channels respond to most. Dogs among the 8 "
text += f"pictures of each channel of block6c: {n_dogs.to_dict()}."
show(spot_figure(pixels, spots, sizes), text)

# %% [markdown]
# From top to bottom: upright bars; a dark spot in fur, eye or nose; snouts; whiskers, and a tuft of
# grass; pointed ears, whoever wears them; the faces of dogs; the faces of cats. Of its
# eight strongest pictures, channel `612` has 8<!--= n_dogs[612] --> dogs, channel `159` has
# 0<!--= n_dogs[159] -->. Nobody told the network about ears. It found that they help.
#
# ## Check it

# %% tags=["check"]
assert n_layers == len(base.layers) == 311
assert len(full.layers) == 313
assert full.count_params() - base.count_params() == 2048 * 1000 + 1000
changed = settings[settings["change"] == "value"].index.get_level_values(1)
assert set(changed) == {"name", "kernel_initializer"}
glorot = keras.initializers.GlorotUniform()
assert isinstance(glorot, keras.initializers.VarianceScaling)
assert (glorot.scale, glorot.mode, glorot.distribution) == (1, "fan_avg", "uniform")
assert base.layers[1].name == "conv2d_94"
assert same
assert min(seconds["VGG16"], seconds["InceptionV3"]) > seconds["EfficientNetLite0"]
assert beliefs["a path"] == beliefs["imagenet"] > 10 * beliefs["None"]
assert shapes == [112, 56, 28, 14, 7]
assert n_dogs[612] - n_dogs[159] >= 4
print("all true")

# %% [markdown]
# ## What can go wrong
#
# The article has a second way to load, commented out: it names a file on the disk. Make a
# file of that kind, with random numbers, and try the line; then a name with a slip in it,
# and a file of which only the first part arrived.


# %%
def attempt(load):
    try:
        load()
    except Exception as error:
        message = f"{type(error).__name__}: {error}".split(", sblock")[0]
        print(message)
        return message


# %% tags=["then"]
import logging

old_path = Path(folder.name) / "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
logging.getLogger("absl").setLevel("ERROR")  # no warning that `.h5` is an old format
full.save(old_path)
with_top = attempt(lambda: InceptionV3(weights=old_path, include_top=False))
slip = attempt(lambda: InceptionV3(weights="inception_v3.h5", include_top=False))

half_path = Path(folder.name) / "half.weights.h5"
half_path.write_bytes(edge_path.read_bytes()[:6000])
half = attempt(lambda: edge_one.load_weights(half_path))

# %% [markdown]
# - `Model expected 188 layers, found 189 saved layers`<!--= with_top -->: the file is that
#   of the network *with* its top. (Not all layers have weights.) Take the file whose name
#   ends in `_notop.h5`, or `include_top=True`.
# - `weights=inception_v3.h5`<!--= slip -->: there is no such file, which the message does
#   not say. Look with `Path(…).exists()`.
# - `truncated file`<!--= half -->: half a download. Keras keeps it in `~/.keras/models`;
#   delete it there. With no connection at all, `weights="imagenet"` ends in
#   `URL fetch failure on https://…`; a file from a colleague, put there, helps.
# - **No message**: `weights=None` where you meant `"imagenet"`. All runs, and the network
#   knows nothing. Ask it about a picture that it must know.

# %% [markdown]
# ## What you saw
#
# - A network is a plan; its weights are numbers in a file. With them the belief in a cat
#   was 0.47<!--= beliefs["a path"] -->, without them 0.00<!--= beliefs["None"] -->.
# - InceptionV3 has 311<!--= n_layers --> layers and eleven blocks, `mixed0` to `mixed10`.
#   Its top adds two layers and 2,049,000<!--= full.count_params() - base.count_params() -->
#   parameters.
# - A trained network goes from light to lines to ears. Its own names fit
#   21<!--= right.sum() --> of 200<!--= len(first) --> drawn pets; what it sees of them is
#   worth more, as lesson 6 will show.
#
# The limits: channels chosen by hand, and InceptionV3 without its numbers.

# %%
from helpers.ties import compare_text

compare_text("02_look_inside_inceptionv3", globals())

# %% [markdown]
# ## Try it
#
# - **Predict, then run:** how many branches has `mixed3`, and what halves the picture?
#   `show(block_diagram(base, ["mixed3", "mixed9"]), "Two more blocks.")` (Three, each with
#   one `/2`. `mixed9` forks once more.)
# - **Change** `asked` to `{"block6c_expand_activation": [605, 413]}`. Which channel finds
#   potted plants, which fences and stripes?
# - **Explore:** put `EfficientNetLite0(weights=None)` in place of `network` in `eyes`. The
#   early maps still show light and shapes; the late ones, nothing in particular.

# %% [markdown]
# ## Go on
#
# - [Keras Applications](https://keras.io/api/applications/): all its networks, with size,
#   accuracy and time.
# - [Feature visualization](https://distill.pub/2017/feature-visualization/): pictures made
#   to excite one channel.
# - [Rethinking the Inception architecture](https://arxiv.org/abs/1512.00567): the paper
#   that InceptionV3 comes from.
