# %% [markdown]
# # 2 · Look inside InceptionV3
#
# A famous network loads in one line. This lesson opens it: how it is built, what its weights
# are, and, through another network, which comes with its weights, what such a network has
# learned to see.

# %% [markdown]
# ## What you will learn
#
# - **Tell** a network from its weights, and load weights in all three ways that Keras has.
# - **Find your way** among 311<!--= n_layers --> layers: landmarks, branches, names.
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
# If you only use a network, it is one thing: a file. Look inside, and it is two:
#
# | | the plan | the numbers |
# |---|---|---|
# | a player piano | the piano | the paper roll, with a hole for each note |
# | classic machine learning | `LogisticRegression` | its `coef_`, after `fit` |
# | deep learning | the **network**: which layers, in what order | the **weights**: what the layers multiply by |
#
# The plan is a page of code, and came with Keras. The numbers lie in a **weights file**.
# **Pretrained** means that somebody else did the training.
#
# > **If you come from 2019:** "In deep learning, model and weights file are the same," says
# > the article. For whoever loads both in one line, that is near enough.

# %% [markdown]
# ## One network, two sets of weights
#
# Build two networks by one small plan, a layer with one filter. The first keeps its random
# weights; the second gets those of an edge filter.


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
# Each has 28<!--= edge_one.count_params() --> numbers to fill in. Show both a picture.
#
# **Predict:** what does the one with random weights make of it?
#
# <details><summary>Nothing: it is black</summary>
#
# **No.** That would be weights of zero. Random weights are numbers, too; each place of the
# picture is multiplied by them and gives something.
#
# </details>
# <details><summary>A blurred or pale picture, with no meaning to it</summary>
#
# **Yes.** A filter with random weights mixes neighboring pixels at random. Its map follows
# the brightness of the picture<!--? follows(maps[0]) > 0.5 -->; the map of the edge filter
# does not<!--? abs(follows(maps[1])) < 0.5 -->.
#
# </details>
# <details><summary>Much the same as the other: the plan is what counts</summary>
#
# **No.** The plan says how many numbers there are and what is multiplied by what. What
# comes out, the numbers decide.
#
# </details>

# %%
one = pixels[:1]
maps = [np.abs(net(one))[0, :, :, 0] for net in (random_one, edge_one)]
gray = [255 * output / output.max() for output in maps]


def follows(output):
    """The correlation of a map with the brightness of the picture, -1 to 1."""
    return np.corrcoef(output.ravel(), one[0, 1:-1, 1:-1].mean(axis=-1).ravel())[0, 1]


titles = ["picture"]
for kind, output in zip(["random", "edge"], maps, strict=True):
    titles.append(f"{kind} weights: {follows(output):.2f}")
text = "A picture and two maps; how far each map follows the brightness: "
show(picture_grid([one[0], *gray], titles), text + ", ".join(titles[1:]) + ".")

# %% [markdown]
# Save the numbers of the second, look into the file, and give them to the first.

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
# **Keras Applications** are networks with weights, ready to use or to build on. Two
# settings matter: `weights` and `include_top`. With `weights=None` you get the plan, filled
# with random numbers.

# %%
from keras.applications import InceptionV3

base = InceptionV3(weights=None, include_top=False)
n_layers = len(base.layers)
print(n_layers, "layers; the first three:", [layer.name for layer in base.layers[:3]])

# %% [markdown]
# What is a layer made of? Ask for its settings. Of the convolution:

# %%
convolution = base.layers[1].get_config()
{key: convolution[key] for key in ("filters", "kernel_size", "strides", "use_bias")}

# %% [markdown]
# It has 32<!--= convolution["filters"] --> filters of `3×3`, moves by
# 2<!--= convolution["strides"][0] --> pixels, and adds no bias: a batch normalization
# follows, which has one of its own<!--? base.layers[2].center -->. (Lesson 4 is about
# that layer.)
#
# > **If you come from 2019**, read on; if you do not, you can go straight to the map.
#
# The article begins with five imports, and prints `layer.get_config()` of these three
# layers. Do the imports still work, and what has changed in the settings?

# %% tags=["then"]
from keras import backend as K
from keras.applications.inception_v3 import InceptionV3
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model
from keras.preprocessing import image

from helpers.layers import ARTICLE_2019, compare_configs

kinds = InceptionV3, image, Model, Dense, GlobalAveragePooling2D, K
print("they work:", *[kind.__name__.split(".")[-1] for kind in kinds])

later = ["optional", "renorm", "renorm_clipping", "renorm_momentum"]  # newer Keras only
configs = {
    kind: compare_configs(then, layer.get_config(), ignore=later)
    for (kind, then), layer in zip(ARTICLE_2019.items(), base.layers[:3], strict=True)
}
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
# `base.summary()` has a line or more for each layer. Ask for landmarks instead: where the
# picture shrinks, and where branches join. The size is the one that InceptionV3 was made for.

# %%
from helpers.layers import layer_table

base = InceptionV3(weights=None, include_top=False, input_shape=(299, 299, 3))
table = layer_table(base)
table["parameters so far"] = table["parameters"].cumsum()
landmarks = table["name"].str.fullmatch(r"input.*|max.*|mixed\d+")
print(table["type"].value_counts().to_dict())
above = table.set_index("name")["parameters so far"]
table.loc[landmarks, ["name", "output shape", "parameters so far"]]

# %% [markdown]
# There are 94<!--= (table["type"] == "Conv2D").sum() --> convolutions, each
# with a normalization and an activation behind it, and
# 29<!--= len(table) - 3 * (table["type"] == "Conv2D").sum() --> layers besides. Then the
# way down: the picture shrinks
# from `299×299`<!--? base.input_shape[1:3] == (299, 299) --> places to
# 64<!--= np.prod(base.output_shape[1:3]) -->, and what is known of
# each place grows from 3<!--= base.input_shape[-1] --> colors to
# 2,048<!--= base.output_shape[-1] --> **channels**,
# each the answer of one filter. Of the 21,802,784<!--= base.count_params() -->
# parameters, more than half lie behind
# `mixed7`<!--? above["mixed7"] < 0.5 * base.count_params() -->.
#
# This is your second build, so its convolutions begin at
# `conv2d_94`<!--= base.layers[1].name --> (in 2019 Keras counted from one). Only names like
# `mixed7` stay: use those.
#
# ## Branches
#
# VGG16 is a chain. InceptionV3 asks several questions at once, about neighborhoods of
# several sizes<!--? len(set(kernels)) > 1 -->, and a layer called `mixed` lays the answers
# side by side. Two of its
# eleven<!--? table["name"].str.fullmatch(r"mixed\d+").sum() == 11 --> blocks, drawn from
# the network itself (each box is a convolution with its normalization and activation, and
# says how many channels it gives):

# %%
from helpers.figures import block_diagram, branches

joined = base.get_layer("mixed0").output.shape[-1]
ends = [path[-1].split()[-1] for path in branches(base, "mixed0")]
text = f"Two blocks: mixed0 joins {' + '.join(ends)} = {joined} channels."
show(block_diagram(base, ["mixed0", "mixed4"]), text)

kernels = [
    layer.kernel_size for layer in base.layers if isinstance(layer, layers.Conv2D)
]
print(pd.Series(kernels).value_counts().to_dict())

# %% [markdown]
# The ends of the branches of `mixed0` add up: `64 + 64 + 96 + 32`<!--= " + ".join(ends) -->
# makes 256<!--= joined -->. Where a `1×1` convolution stands before a larger filter, it
# makes the data thinner, so that the large filter stays
# cheap<!--? branches(base, "mixed0")[1][0] == "1×1 conv, 48" -->. On the right, a filter
# one pixel high and seven wide and its upright
# twin<!--? {(1, 7), (7, 1)} < set(kernels) --> do the work of a square of seven: as large
# a neighborhood, for 14<!--= sum(np.prod(k) for k in set(kernels) if max(k) == 7) -->
# weights in place of 49<!--= max(max(k) for k in kernels) ** 2 -->.
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
# InceptionV3 beside VGG16, MobileNet and the backbone of this course, EfficientNet-Lite0.
# All without their tops, as transfer learning uses them. You measure a **forward pass**,
# from picture to answer (a weight takes four
# bytes<!--? networks["megabytes"]["VGG16"] == 4e-6 * parameters["VGG16"] -->):
#
# **Predict:** VGG16 has 19<!--= networks["layers"]["VGG16"] --> layers, InceptionV3 has
# 311<!--= networks["layers"]["InceptionV3"] -->. Which needs more time for a picture?
#
# <details><summary>InceptionV3: it has many more layers</summary>
#
# **No.** It is natural to count layers, but they differ: in VGG16 a layer has many
# filters on a large map, in InceptionV3 often thin filters on a small one.
#
# </details>
# <details><summary>VGG16</summary>
#
# **Yes.** Although its picture is the smaller
# one<!--? sizes["VGG16"] < sizes["InceptionV3"] -->, it takes
# longer<!--? seconds["VGG16"] > seconds["InceptionV3"] -->.
#
# </details>
# <details><summary>About the same: time goes with the megabytes</summary>
#
# **No.** A weight of a convolution is used at each place of the map. So the time depends
# on how large the map still is where the weights are, too.
#
# </details>

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
import timeit
from functools import partial

from keras.applications import VGG16, MobileNet

from helpers import backbones

makers = [VGG16, MobileNet, InceptionV3, backbones.EfficientNetLite0]
sizes = {make.__name__: 299 if make is InceptionV3 else 224 for make in makers}
seconds, parameters, n_layers_of = {}, {}, {}
for make in makers:
    name, size = make.__name__, sizes[make.__name__]
    network = make(weights=None, include_top=False, input_shape=(size, size, 3))
    parameters[name], n_layers_of[name] = network.count_params(), len(network.layers)
    forward = partial(network.predict_on_batch, np.zeros((1, size, size, 3)))
    forward()  # the first pass also prepares
    seconds[name] = min(timeit.repeat(forward, number=1, repeat=5))
print({name: f"{1000 * s:.0f} ms" for name, s in seconds.items()})

# %%
networks = pd.DataFrame(
    {"layers": n_layers_of, "megabytes": 4e-6 * pd.Series(parameters)}
)
with keras.StatelessScope(initialize_variables=False):  # the plan, and no numbers
    vgg16_with_top = VGG16(weights=None).count_params()
print(f"VGG16 with its top: {vgg16_with_top:,} parameters")
networks.round(1)

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
shown = networks.assign(milliseconds=1000 * pd.Series(seconds))
layout = {"subplots": True, "layout": (1, 3), "figsize": (8, 2.2)}
axes = shown[::-1].plot.barh(legend=False, sharey=True, sharex=False, **layout)
text = ", ".join(f"{name} {1000 * s:.0f} ms" for name, s in seconds.items())
show(axes[0, 0].figure, f"A forward pass for one picture takes: {text}.")

# %% [markdown]
# More layers make neither a slower network nor one of more megabytes: MobileNet has
# 86<!--= networks["layers"]["MobileNet"] --> layers and
# 12.9<!--= networks["megabytes"]["MobileNet"] --> MB, VGG16 with
# 19<!--= networks["layers"]["VGG16"] --> has
# 58.9<!--= networks["megabytes"]["VGG16"] -->. (With its top VGG16 has
# 553<!--= 4e-6 * vgg16_with_top --> MB: most of it in the top, which lesson 3 leaves
# out.) The two small ones were made for telephones, and suit laptops, too: each takes less
# than half of InceptionV3's
# time<!--? 2 * max(seconds["MobileNet"], seconds["EfficientNetLite0"]) < seconds["InceptionV3"] -->.
#
# ## Three kinds of weights
#
# `weights` takes three things:
#
# - `"imagenet"`: numbers trained on ImageNet, over a million photographs in
#   1,000<!--= scores.shape[1] --> classes;
# - `None`: random numbers, for training from nothing, which takes many pictures (lesson 6
#   tries it with few) and is seldom what you want;
# - a path: a weights file, perhaps your own.
#
# For InceptionV3, `"imagenet"` is a download. For EfficientNet-Lite0 the numbers came with
# the installation: take it, top and all, and find the cat of which it is
# surest<!--? known[cat] == known[is_cat].max() -->.

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
# When it sees this picture, how much of its belief does the network give to ImageNet's
# 5<!--= cats.stop - cats.start --> cats, with each kind of weights?
#
# **Predict:** with `weights=None`?
#
# <details><summary>About half: it cannot decide</summary>
#
# **No.** That is what two classes would give. It has
# 1,000<!--= scores.shape[1] --> to spread its belief over.
#
# </details>
# <details><summary>Next to nothing</summary>
#
# **Yes.** Less than 0.01<!--? beliefs["None"] < 0.01 -->. Random numbers believe at random,
# and the cats are 5<!--= cats.stop - cats.start --> of 1,000<!--= scores.shape[1] -->.
#
# </details>
# <details><summary>An error: it has no weights</summary>
#
# **No.** That would be kind. `None` means random numbers, and everything runs; this is why
# the slip is so hard to notice.
#
# </details>

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
pd.DataFrame({"belief in a cat": beliefs}).round(3)

# %% [markdown]
# A path to the same numbers gives the same
# answer<!--? beliefs["a path"] == beliefs["imagenet"] -->; random numbers know nothing.
#
# Of InceptionV3 you saw the **plan**: layers, names, shapes, sizes and seconds are the true
# ones. Random weights cannot show what it *sees*; so look through EfficientNet-Lite0 from
# here on. If you are online, copy this into a cell, and InceptionV3 answers as well:
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
# `decode_predictions` looks up the top five names: for the cat and the dog of which the network is surest, and for the pet of which
# it is least sure<!--? known[chosen[2]] == known.min() -->.

# %%
chosen = [cat, (known * ~is_cat).argmax(), known.argmin()]
titles = [f"{labels['Label'][n]}, picture {n}" for n in chosen]
show(picture_grid(pixels[chosen], titles), f"Three pets: {'; '.join(titles)}.")

top5 = backbones.decode_predictions(scores[chosen], top=5)
names = [[f"{name} {score:.2f}" for _, name, score in row] for row in top5]
pd.DataFrame(names, index=titles, columns=range(1, 6)).T

# %% [markdown]
# **Predict:** for how many of the 200<!--= len(first) --> pets is its first name a cat or
# dog of ImageNet, and the right one of the two?
#
# <details><summary>Nearly all: it was trained on a million photographs</summary>
#
# **No.** On photographs of pets it would be. A drawing is a new kind of picture for the
# last step, from what was seen to a name.
#
# </details>
# <details><summary>About half</summary>
#
# **No.** That is what guessing gives between two answers. It has
# 1,000<!--= scores.shape[1] -->, and some of them fit a drawing.
#
# </details>
# <details><summary>About a tenth</summary>
#
# **Yes.** 21<!--= right.sum() -->. Its favorite is `teddy`<!--= first_names.index[0] -->.
#
# </details>

# %%
first = [row[0][1] for row in backbones.decode_predictions(scores, top=1)]
best = scores.argmax(axis=1)
right = np.where(is_cat, np.isin(best, np.r_[cats]), np.isin(best, np.r_[dogs]))
print(f"{right.sum()} of {len(first)} are called a cat or a dog, and rightly so")
first_names = pd.Series(first).value_counts()
print(first_names.head(3).to_dict())

# %% [markdown]
# The network was trained on photographs, and calls
# 99<!--= first_names["teddy"] --> of the 200<!--= len(first) --> drawn pets `teddy`: not a
# foolish answer. A finished network knows its own 1,000<!--= scores.shape[1] --> classes
# and its own kind of picture. That is why you will take its top off, and keep what lies
# below.
#
# ## From edges to ears
#
# What lies below? Any layer's output can be an output of a model. Take five, from one of
# the first to one of the last<!--? len(channels) == 5 -->, and a few channels of each,
# chosen by hand.

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
# In these channels, the first layers respond to light and color, the next to outlines, to
# upright or level lines. Further down it gets choosy: eyes, whiskers, the tips of ears. It
# was learned from photographs, and is at work on a drawing.
#
# One picture may deceive. Of all 200<!--= len(pixels) --> pictures, where does a channel
# respond most strongly?

# %%
from helpers.figures import spot_figure, strongest_spots

asked = {
    "block2b_expand_activation": [97],
    "block3b_expand_activation": [97],
    "block5b_expand_activation": [360, 230],
    "block6c_expand_activation": [309, 612, 159],
}
n_spots = 8
spots = strongest_spots(eyes, inputs, asked, n=n_spots)
late = spots[spots["layer"].str.startswith("block6c")]
n_dogs = late.groupby("channel")["picture"].agg(lambda rows: (~is_cat[rows]).sum())
spot_sizes = dict(zip(list(channels)[1:], [40, 64, 80, 112], strict=True))  # in pixels
text = (
    f"The spots that {len(spots) // n_spots} channels respond to most. Dogs among the "
)
text += f"{n_spots} pictures of each channel of block6c: {n_dogs.to_dict()}."
show(spot_figure(pixels, spots, spot_sizes), text)

# %% [markdown]
# From top to bottom: upright bars; a dark spot in fur, eye or nose; snouts; whiskers, and a tuft of
# grass; pointed ears, whoever wears them; the faces of dogs; the faces of cats. Among the
# 8<!--= n_spots --> strongest pictures of channel `612`<!--? 612 in n_dogs.index -->
# 8<!--= n_dogs[612] --> are dogs, of channel `159`<!--? 159 in n_dogs.index -->
# 0<!--= n_dogs[159] -->. Nobody told the network about ears; its training did.
#
# ## Check it

# %% tags=["check"] asserts=12
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
assert seconds["VGG16"] > seconds["InceptionV3"] > seconds["EfficientNetLite0"]
assert beliefs["a path"] == beliefs["imagenet"] > 10 * beliefs["None"]
assert shapes == [112, 56, 28, 14, 7]
assert n_dogs[612] - n_dogs[159] >= 4
print("all true")

# %% [markdown]
# ## What can go wrong
#
# Weights can be loaded from a file on the disk (in 2019 the article had that line, too,
# commented out). Make a file of that kind, with random numbers, and try it; then a name
# with a slip in it, and a file of which only the first part arrived.


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
# - `Received: weights=inception_v3.h5`<!--= slip -->: there is no such file, which the message does
#   not say. Look with `Path(…).exists()`.
# - `truncated file`<!--= half -->: half a download, or half a copy. Fetch it again. (What Keras
#   fetches itself, it checks, and keeps in `~/.keras/models`.) With no connection at all, `weights="imagenet"` ends in
#   `URL fetch failure on https://…`; a file from a colleague, put there, helps.
# - **No message**: `weights=None` where you meant `"imagenet"`. All runs, and the network
#   knows nothing. Ask it about a picture that it must know.

# %% [markdown]
# ## What you saw
#
# - A network is a plan; its weights are numbers in a file. With them the belief in a cat
#   was 0.47<!--= beliefs["a path"] -->, without them 0.00<!--= beliefs["None"] -->.
# - InceptionV3 has 311<!--= n_layers --> layers and
#   11<!--= table["name"].str.fullmatch(r"mixed\d+").sum() --> blocks, `mixed0` to `mixed10`.
#   Its top adds 2<!--= len(full.layers) - len(base.layers) --> layers and
#   2,049,000<!--= full.count_params() - base.count_params() --> parameters.
# - A trained network goes from light to lines to ears. Its own names fit
#   21<!--= right.sum() --> of 200<!--= len(first) --> drawn pets; lesson 6 asks what its
#   features are worth.
#
# The limits: channels chosen by hand, and InceptionV3 without its numbers.

# %%
from helpers.ties import compare_text

compare_text("02_look_inside_inceptionv3", globals())

# %% [markdown]
# ## Try it
#
# Three exercises, from one line to a model of your own:
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
import pandas as pd
from keras import layers
from keras.applications import InceptionV3

from helpers import backbones
from helpers.layers import layer_table
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")
labels = pd.read_csv(pictures.train_table)
paths = [pictures.train_folder / name for name in labels["File Name"][:40]]
pixels = np.array([read_picture(path, (224, 224)) for path in paths])

# %% [markdown] tags=["exercise"]
# ## 2.1 · Turn the filter
#
# The filter of the lesson responds to upright edges. Change one line, so that `lying`
# responds to edges that lie flat: horizon, table, a cat's back.

# %% tags=["exercise-gap"]
edges = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # right minus left

picture = keras.Input((224, 224, 3))
lying = keras.Model(picture, layers.Conv2D(1, 3)(picture))
lying.set_weights([np.repeat(edges[:, :, None, None], 3, axis=2), np.zeros(1)])

# %% [markdown] tags=["exercise-hint"]
# The numbers of a row stand for neighbors from left to right. Which numbers stand for
# neighbors from top to bottom?

# %% [markdown] tags=["exercise-hint"]
# NumPy turns rows into columns with `.T`.

# %% tags=["exercise-solution"]
edges = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]).T  # below minus above

picture = keras.Input((224, 224, 3))
lying = keras.Model(picture, layers.Conv2D(1, 3)(picture))
lying.set_weights([np.repeat(edges[:, :, None, None], 3, axis=2), np.zeros(1)])

# %% tags=["exercise-solution"]
flag = np.zeros((1, 224, 224, 3), "float32")
flag[:, 112:] = 255  # black above, white below: one flat edge
of_lying = float(np.abs(lying(flag)).max())
of_standing = float(np.abs(lying(flag.transpose(0, 2, 1, 3))).max())
print(f"a flat edge: {of_lying:.0f}; an upright one: {of_standing:.0f}")
assert of_standing < 1e-3 < of_lying

# %% [markdown] tags=["exercise-solution"]
# To a flat edge it answers 3,060<!--= of_lying -->, to an upright one nothing. The plan is
# the same; nine numbers<!--? edges.size == 9 --> have changed places.

# %% [markdown] tags=["exercise"]
# ## 2.2 · Where are the parameters?
#
# In InceptionV3, how many of the parameters lie behind `mixed7`, in the layers that come
# after it? `table` has a row for each layer, from the picture down.

# %% tags=["exercise-setup"]
with keras.StatelessScope(initialize_variables=False):  # the plan, and no numbers
    base = InceptionV3(weights=None, include_top=False, input_shape=(299, 299, 3))
table = layer_table(base)
table[["name", "parameters"]].tail(3)

# %% tags=["exercise-gap"]
behind = ...  # a whole number

# %% [markdown] tags=["exercise-hint"]
# `table.set_index("name").index.get_loc("mixed7")` is the place of `mixed7` in the table.

# %% [markdown] tags=["exercise-hint"]
# `table["parameters"][place + 1 :].sum()` adds up from the row after that place on.

# %% tags=["exercise-solution"]
place = table.set_index("name").index.get_loc("mixed7")
behind = table["parameters"][place + 1 :].sum()
share = behind / base.count_params()
print(f"{behind:,} of {base.count_params():,}, in {len(table) - place - 1} layers")

# %% [markdown] tags=["exercise-solution"]
# In 82<!--= len(table) - place - 1 --> of 311<!--= len(table) --> layers lie
# 59%<!--= share --> of the parameters. There the maps are small and have many channels; so
# a layer has many weights, and uses each at few places.

# %% [markdown] tags=["exercise"]
# ## 2.3 · Look through one channel
#
# Build a model, `eye`, from the picture to the layer `block5b_expand_activation`. To which
# of the `40` pictures does channel `230` of this layer respond most strongly, at whatever
# place? Put its number, from 0 on, into `strongest`.

# %% tags=["exercise-setup"]
network = backbones.EfficientNetLite0(weights="imagenet")
inputs = backbones.preprocess_input(pixels)
inputs.shape, network.get_layer("block5b_expand_activation").output.shape

# %% tags=["exercise-gap"]
eye = ...  # a keras.Model
strongest = ...  # the number of a picture

# %% [markdown] tags=["exercise-hint"]
# A model has an input and an output, and any layer's output will do:
# `keras.Model(network.input, network.get_layer(name).output)`.

# %% [markdown] tags=["exercise-hint"]
# Ask it about `inputs`, not about `pixels`. The answer has the shape
# (pictures, height, width, channels): take one channel, then the `max` over height and
# width, then `argmax`.

# %% tags=["exercise-solution"]
name = "block5b_expand_activation"
eye = keras.Model(network.input, network.get_layer(name).output)
responses = eye.predict(inputs, verbose=0)[..., 230].max(axis=(1, 2))
strongest = int(responses.argmax())
print(
    f"picture {strongest}, a {labels['Label'][strongest]}: {responses[strongest]:.2f}"
)

# %% [markdown] tags=["exercise-solution"]
# Picture 13<!--= strongest -->. In the lesson you saw the spots of this channel:
# whiskers.

# %% [markdown]
# ## Go on
#
# - [Keras Applications](https://keras.io/api/applications/): all its networks, with size,
#   accuracy and time.
# - [Feature visualization](https://distill.pub/2017/feature-visualization/): pictures made
#   to excite one channel.
# - [Rethinking the Inception architecture](https://arxiv.org/abs/1512.00567): the paper
#   that InceptionV3 comes from.
