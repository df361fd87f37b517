# %% [markdown]
# # 1 · Deep learning concepts
#
# You are about to let a computer see. It begins with one **neuron**, which you know
# already by another name, and leads to the idea that this whole course is about: what a
# network has learned once, it need not learn again.

# %% [markdown]
# ## What you will learn
#
# - **Build** a neuron, and prove that it is logistic regression.
# - **Tell** what layers, convolution and memory add, each from an experiment, and what is
#   structure in a network and what are weights.
# - **Transfer** what a network has learned to a new task, and measure what that saves.

# %% [markdown]
# ## You need
#
# Some Python, and a memory of logistic regression in scikit-learn. No deep learning, no
# graphics card, no network. About two minutes of computing on two CPU cores.

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
from matplotlib import pyplot as plt

from helpers.figures import diagram, picture_grid, show
from helpers.pets import draw_pet

drawing = draw_pet("cat", seed=5).resize((224, 224))
light = np.asarray(drawing.convert("L")) / 255  # 0 is black, 1 is white

# %% [markdown]
# ## The idea
#
# You see a cat before you can say how. Your eye's receptors report nothing but points of
# light. Above them sit nerve cells, **neurons**, each wired to a few receptors. A neuron
# keeps silent until it meets the one thing that excites it, say, a light point to the
# right of a dark one: an edge. Then it *fires*. Neurons of the next **layer** listen to
# these, and so on upward: from light to edges, from edges to contours and shapes, from
# shapes to a cat.
#
# An artificial neuron multiplies each input by a **weight**, adds them up with a **bias**,
# and squeezes the sum into a number from 0, silent, to 1, firing:


# %%
def neuron(inputs, weights, bias):
    total = inputs @ weights + bias
    return 1 / (1 + np.exp(-total))  # the logistic function


edge_weights, edge_bias = np.array([-20.0, 20.0]), -2.0
at_edge = neuron(np.array([0.2, 0.5]), edge_weights, edge_bias)
on_wall = neuron(np.array([0.5, 0.5]), edge_weights, edge_bias)

boxes = {"left point\n0.2": (0, 0), "right point\n0.5": (0, 1)}
boxes |= {"sum, with bias −2:\n4": (1.8, 0.5), f"fires:\n{at_edge:.2f}": (3.4, 0.5)}
left, right, total, out = boxes
arrows = [(left, total, "× −20"), (right, total, "× 20"), (total, out, "logistic")]
fig = diagram(boxes, arrows, marked=[total], title="A neuron that looks for an edge")
show(
    fig, f"Dark beside light: {at_edge:.2f}, fires. Light beside light: {on_wall:.2f}."
)

# %% [markdown]
# Now let this neuron look at your cat: at each point and its neighbor to the right,
# everywhere.

# %%
pairs = np.stack([light[:, :-1], light[:, 1:]], axis=-1)  # (224, 223, 2)
fired = neuron(pairs, edge_weights, edge_bias)

titles = ["what the receptors report", "where the neuron fires"]
fig = picture_grid([light * 255, fired * 255], titles, columns=2)
show(fig, f"A cat, and its outlines: the neuron fires at {(fired > 0.5).mean():.0%}.")

# %% [markdown]
# Two weights and a bias, and a cat's outlines appear: those with dark on their left. For
# the others there are sisters with other weights.
#
# ## A neuron is logistic regression
#
# Weighted inputs, a sum, the logistic function: this is what scikit-learn fits. Take two
# measurements of a hundred cats and a hundred dogs, invented but plausible.

# %%
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(0)
is_dog = np.repeat([0, 1], 100)
typical = np.where(is_dog[:, np.newaxis] == 0, [0.8, -0.8], [-0.8, 0.8])
animals = rng.normal(typical)  # how pointed the ears, how long the snout

regression = LogisticRegression(C=np.inf).fit(animals, is_dog)  # inf: without penalty
print("weights", regression.coef_[0].round(2), "bias", regression.intercept_.round(2))

# %% [markdown]
# In Keras, a `Dense` layer of one neuron learns the same task in small steps:

# %%
one = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
one.compile(keras.optimizers.SGD(3.0), "binary_crossentropy")
one.fit(animals, is_dog, batch_size=200, epochs=100, verbose=0)

kernel, bias = one.get_weights()
print("weights", kernel[:, 0].round(2), "bias", bias.round(2))
difference = (
    one.predict(animals, verbose=0)[:, 0] - regression.predict_proba(animals)[:, 1]
)
print("same probability for every animal:", bool(np.abs(difference).max() < 0.001))

# %% [markdown]
# Same weights, same answers. So all that you know of logistic regression, you know of
# neurons. (With a hard threshold instead of the smooth curve, a neuron is the
# **perceptron** of 1958.)
#
# ## Layers, and why depth helps
#
# A lamp in a stairwell has two switches. It burns if exactly one of them is up: "either,
# but not both", for short **XOR**. A single neuron draws a single straight line. Can it
# learn the lamp?

# %%
switches = rng.choice([-1, 1], (200, 2))
burns = (switches[:, 0] != switches[:, 1]).astype(int)
switches = switches + rng.normal(
    0, 0.25, switches.shape
)  # not quite up, not quite down


def lamp_network(*hidden):
    output = layers.Dense(1, activation="sigmoid")
    return keras.Sequential([keras.Input((2,)), *hidden, output])


def share_right(model):
    return ((model.predict(switches, verbose=0)[:, 0] > 0.5) == burns).mean()


def learn_lamp(*hidden):
    model = lamp_network(*hidden)
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    model.fit(switches, burns, batch_size=50, epochs=30, verbose=0)
    return model


# %%
from helpers.figures import decision_map

perceptron, layered = learn_lamp(), learn_lamp(layers.Dense(4, activation="tanh"))
alone, together = share_right(perceptron), share_right(layered)

fig, axes = plt.subplots(1, 2, figsize=(7, 3.6), sharey=True)
decision_map(perceptron, switches, burns, axes[0])
decision_map(layered, switches, burns, axes[1], hidden=layered.layers[0])
axes[0].set(title=f"One neuron: {alone:.0%} right", ylabel="second switch")
axes[1].set(title=f"Four neurons, then one: {together:.0%}")
fig.supxlabel("first switch", fontsize=11)
show(fig, f"XOR: one neuron is right on {alone:.1f}, two layers on {together:.1f}.")

# %% [markdown]
# It cannot: wherever the line runs, some corner lies on the wrong side. In the second
# network four neurons form a **hidden layer**. Each draws a line of its own, dashed in the
# figure, and the neuron above learns from *their* answers instead of the switches. This is
# why depth helps: each layer gives the next one better things to look at.
#
# ## From light to objects
#
# Back to your cat. One neuron that looks everywhere with the same weights is a
# **convolution**, and its weights are a **filter**. Keras has a layer for it:

# %%
eye = keras.Sequential(
    [keras.Input((224, 224, 1)), layers.Conv2D(1, (1, 2), activation="sigmoid")]
)
eye.set_weights([edge_weights.reshape(1, 2, 1, 1), np.array([edge_bias])])
seen = eye.predict(light[np.newaxis, ..., np.newaxis], verbose=0)[0, ..., 0]
print("Conv2D fires where your neuron fired:", np.allclose(seen, fired, atol=1e-4))

# %% [markdown]
# An edge you could write down by hand. A shape is hard, a cat hopeless: filters must be
# *learned*. EfficientNet-Lite0 has learned its own from a million photographs. Watch it at
# three layers on the way up: how strongly do the filters respond, on average, at each
# place?

# %%
from helpers.backbones import EfficientNetLite0, decode_predictions, preprocess_input

network = EfficientNetLite0(weights="imagenet")
stages = {"edges": "block2b_expand_activation", "shapes": "block3b_expand_activation"}
stages |= {"object": "top_activation"}
outputs = [network.get_layer(name).output for name in stages.values()]
inputs = preprocess_input(np.asarray(drawing, "float32")[np.newaxis])
watched = keras.Model(network.input, [*outputs, network.output])
*maps, answer = watched.predict(inputs, verbose=0)
top_name = decode_predictions(answer, top=1)[0][0][1]

# %%
means = [m[0].mean(axis=-1) for m in maps]  # over all filters of a layer
grays = [255 * (m - m.min()) / np.ptp(m) for m in means]  # least black, most white
fig = picture_grid([light * 255, *grays], ["light", *stages], columns=4)
sizes = ", ".join(
    f"{len(m)}×{len(m)} points for {s}" for s, m in zip(stages, means, strict=True)
)
show(fig, f"A cat's way up: {sizes}. The network's answer: {top_name}.")

# %% [markdown]
# Light, edges, the shape of a cat, and at last a coarse map that says where the animal is
# and hardly what it looks like. So far it goes as in the brain. Then the last layer gives
# it a name: `teddy`<!--= top_name -->. This network knows photographs and never met a
# drawing. It sees well, only the name is wrong. Keep that in mind: *only the last step has
# to be learned anew.*
#
# ## Structure and weights
#
# A network is two things. Its **structure** says which layers there are and who is wired
# to whom. Its **weights** are the numbers on the wires, and they come from training.
# Give the lamp network a twin: first the structure alone, then the weights too.

# %%
import tempfile
from pathlib import Path

folder = tempfile.TemporaryDirectory()
weights_path = Path(folder.name) / "lamp.weights.h5"
layered.save_weights(weights_path)

twin = lamp_network(layers.Dense(4, activation="tanh"))  # the same structure
structure_only = share_right(twin)
twin.load_weights(weights_path)
with_weights = share_right(twin)
print(f"structure alone: {structure_only:.0%}, with its weights: {with_weights:.0%}")

# %% [markdown]
# You know this pair. In scikit-learn, the structure is called an algorithm, and the
# weights a fitted model:
#
# | | classic machine learning | deep learning |
# |---|---|---|
# | family | generalized linear models | CNN (below) |
# | one of its members | linear regression, logistic regression | VGG, MobileNet, Inception |
# | to choose it | `LogisticRegression()` | `keras.Model(…)`, a **structure** |
# | to train it | `fit(X, y)`, all data at once | `compile(…)`, `fit(…)`, a few pictures at a time |
# | what you get | a fitted model: `coef_`, `intercept_` | **weights**: `get_weights()`, a weights file |
# | to use it | `predict(X)` | `predict(images)` |

# %% [markdown]
# ## Three families
#
# | family | its wiring | made for | known members |
# |---|---|---|---|
# | **DNN**, deep neural network | each neuron to all of the layer below | tables: classic tasks | perceptron, multilayer perceptron |
# | **CNN**, convolutional | small filters that look everywhere | pictures | VGG, MobileNet, Inception |
# | **RNN**, recurrent | what was thought a moment ago comes in again | series, language | LSTM |
#
# A DNN you have trained already: the lamp. Give the next two a task that brings out their
# nature. First, letters: small, noisy, never in the same place.

# %%
from helpers.toys import draw_letters

latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
images, labels = draw_letters(latin, per_letter=60, seed=0)
unseen = draw_letters(latin, per_letter=20, seed=1)
titles = [latin[label] for label in labels[:7]]
fig = picture_grid(images[:7, ..., 0].clip(0, 1) * 255, titles, columns=7)
show(fig, f"The first of {len(images):,} pictures of letters: {', '.join(titles)}.")


# %%
def make_dnn(n_classes):
    hidden = [layers.Dense(128, activation="relu"), layers.Dense(64, activation="tanh")]
    output = layers.Dense(n_classes, activation="softmax")
    inputs = keras.Input((20, 20, 1))
    return keras.Sequential([inputs, layers.Flatten(), *hidden, output])


def make_cnn(n_classes):
    filters = [
        layers.Conv2D(16, 3, activation="relu"),  # 16 filters of 3×3 weights
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),  # keeps the strongest of 2×2 answers
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
    ]
    top = [layers.Flatten(), layers.Dense(64, activation="tanh")]
    output = layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input((20, 20, 1)), *filters, *top, output])


# %%
def learn_letters(model, images, labels, **settings):
    adam = keras.optimizers.Adam(0.003)
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        images,
        labels,
        validation_data=unseen,
        validation_batch_size=len(unseen[0]),  # all at once
        verbose=0,
        **settings,
    )
    return history.history["val_accuracy"]  # on unseen letters, on the way


dnn, cnn, read = make_dnn(26), make_cnn(26), {}
for name, model in (("DNN", dnn), ("CNN", cnn)):
    settings = {"epochs": 10, "batch_size": 32, "validation_freq": 10}
    read[name] = learn_letters(model, images, labels, **settings)[-1]
    size = f"{model.count_params():,} weights"
    print(f"{name}: {size}, reads about {round(read[name], 1):.0%} of unseen letters")

# %% [markdown]
# As many weights, as many pictures. But the DNN has to learn an A here and an A there one
# by one, while the filters of the CNN look everywhere and find both.
#
# ## Memory
#
# You see a photograph of a child on a swing, halfway up. Where will the child be in a
# moment? You cannot say: it may be coming or going. You need what you saw before. An
# **LSTM**, *long short-term memory*, is modeled on how people remember: it carries a
# memory along, and learns what to keep in it and what to let go.

# %%
moments = np.arange(37)
phases = rng.uniform(0, 2 * np.pi, (200, 1))
swings = np.sin(2 * np.pi * moments / 12 + phases)[..., np.newaxis]  # (200, 37, 1)
now, later = swings[:, :-1], swings[:, 1:]


def learn_swing(layer):
    model = keras.Sequential([keras.Input((None, 1)), layer, layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit(now[:150], later[:150], epochs=40, verbose=0)
    return model.predict(now[150:], verbose=0)


guesses = {
    "without memory": learn_swing(layers.Dense(16, activation="tanh")),
    "by an LSTM": learn_swing(layers.LSTM(16, return_sequences=True)),
}

# %%
missed = {n: np.abs(g - later[150:])[:, 3:].mean() for n, g in guesses.items()}
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(moments[1:], later[150, :, 0], color="0.75", linewidth=7, label="the swing")
for (name, guess), line in zip(guesses.items(), ("C1--", "C0-"), strict=True):
    ax.plot(moments[1:], guess[0, :, 0], line, label=f"expected {name}")
ax.set(xlabel="moment", ylabel="position", title="After a few moments, the LSTM knows")
fig.legend(loc="outside lower center", ncols=3)
ends = ", ".join(f"{name} {error:.1f}" for name, error in missed.items())
show(fig, f"Error from the fourth moment on, expected {ends}.")

# %% [markdown]
# The network without memory sees one position and hedges between coming and going. The
# LSTM needs a few moments, then knows.
#
# ## Attention
#
# One more thing learned from people. Reading "the cat that chased the dogs is tired", you
# look back to find out *who* is tired. **Attention** does that in numbers. Each word has a
# **key**, which says what it is; the place that asks has a **query**, which says what it
# looks for. The better they match, the larger the share of attention.

# %%
words = ["the cat", "that", "chased", "the dogs", "is tired"]
keys = np.array([[1, 1], [0, 0], [0, 0], [1, 0], [0, 0]])  # an animal? only one?
query = np.array([2, 2])  # "is tired" looks for an animal, and only one

match = keys @ query
attention = np.exp(match) / np.exp(match).sum()  # shares that add up to 1

boxes = {word: (0.95 * place, 1.7) for place, word in enumerate(words)}
boxes["Who?"] = (0.95 * 4, 0)
arrows = [("Who?", word, share) for word, share in zip(words, attention, strict=True)]
fig = diagram(boxes, arrows, marked=["Who?"], title="Who is tired?")
chosen = words[attention.argmax()]
show(fig, f"Of the attention, {attention.max():.0%} goes to “{chosen}”.")

# %% [markdown]
# These keys and queries are written by hand; in a network they are learned, and language
# models are built from layers of them.

# %% [markdown]
# ## Imitate what it does, or how it is built?
#
# Artificial intelligence has two schools. One imitates **function**: whatever does what
# people do is intelligent, no matter what is inside. It gets results, each for its own
# task: AlphaGo beat the best Go players in the world in 2016 and 2017, and can play
# nothing but Go. The other imitates **structure**: build something like a brain, and it
# will act like one. That promises a general mind, but nobody can say why it should work.
#
# You met both today. `a != b` has the function of the lamp, and no neurons. The layered
# network has neurons, and nobody told it the rule. Deep learning is where the schools
# meet, and AlphaGo itself is an example: its moves are searched by a program, and judged
# by neural networks.

# %% [markdown]
# ## First roller skates, then ice skates
#
# Who can roller-skate learns to ice-skate fast. Balance, pushing off, falling well: most
# of it carries over. Psychologists call this **transfer**. (Perhaps because related skills
# use nerve cells that are wired together already.) Networks can do it, too. Your CNN can
# read Latin letters. Its lower layers know strokes, bends and corners, and that is
# what Greek letters are made of too. So keep all layers but the last, **freeze** them, and
# put a new last layer on top.

# %%
greek = "αβγδλ"
images, labels = draw_letters(greek, per_letter=20, seed=2)  # they take turns: α β γ …
unseen = draw_letters(greek, per_letter=60, seed=3)

skills = keras.Sequential(cnn.layers[:-1])  # everything but the names of Latin letters
skills.trainable = False  # frozen


def transferred():
    output = layers.Dense(5, activation="softmax")
    return keras.Sequential([keras.Input((20, 20, 1)), skills, output])


curves = {}
for n in (1, 5, 20):  # pictures of each letter
    for name, model in (("new", make_cnn(5)), ("transferred", transferred())):
        few = images[: 5 * n], labels[: 5 * n]
        curves[name, n] = learn_letters(
            model, *few, epochs=20, batch_size=5, validation_freq=4
        )

# %%
epochs = range(4, 21, 4)  # they are asked about unseen letters after every fourth epoch
fig, axes = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True)
for name, line in (("transferred", "C0o-"), ("new", "C1s--")):
    axes[0].plot(epochs, curves[name, 5], line, markersize=3, label=name)
    axes[1].plot([1, 5, 20], [curves[name, n][-1] for n in (1, 5, 20)], line)
axes[0].set(title="Faster …", xlabel="epoch", ylabel="unseen letters read")
axes[0].set(ylim=(0, 1.02))
axes[0].legend()
axes[1].set(title="… and from fewer pictures", xlabel="pictures of each letter")
axes[1].set_xticks([1, 5, 20])
one_new, one_transferred = (curves[name, 1][-1] for name in ("new", "transferred"))
gain = one_transferred - one_new
show(fig, f"From one picture of each letter, transfer reads more: {gain > 0.1}.")

# %% [markdown]
# From a single picture of each letter, the transferred network reads about
# 55%<!--= one_transferred, 0.1 --> of letters it never saw, the new one
# 37%<!--= one_new, 0.08 -->; guessing gives 20%<!--= 1 / len(greek) -->. With twenty of
# each, they are level: who has plenty of pictures needs no transfer. For pictures of pets
# it is the same story: filters for edges and shapes can be kept, and only the last
# layers are new. This is what you do from lesson 3 on.
#
# ## Keras and its engines
#
# **Keras** is to TensorFlow as pandas is to NumPy. The lower one computes with arrays; the
# upper one gives the arrays names and the steps verbs:

# %%
import tensorflow as tf

by_numpy = np.stack([animals[is_dog == kind].mean(axis=0) for kind in (0, 1)])
by_pandas = pd.DataFrame(animals).groupby(is_dog).mean()

kernel, bias = one.weights
by_tensorflow = tf.sigmoid(tf.matmul(animals.astype("float32"), kernel) + bias)
by_keras = one.predict(animals, verbose=0)

print("pandas = NumPy:", np.allclose(by_pandas, by_numpy))
print("Keras = TensorFlow:", np.allclose(by_keras, by_tensorflow, atol=1e-5))

# %% [markdown]
# And TensorFlow is not the only engine. The same lines run on JAX or PyTorch, if these are
# installed: the setting `KERAS_BACKEND` chooses, before Keras is imported. So each engine
# gets a fresh Python, which loads your lamp and tries the four positions of its switches.

# %%
import os
import subprocess

layered.save(weights_path.with_name("lamp.keras"))  # structure and weights in one file
code = """
import keras
model = keras.models.load_model("lamp.keras")
four = keras.ops.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
print(model.predict(four, verbose=0).round().ravel())
"""
said = {}
for engine in ("tensorflow", "jax", "torch"):
    chosen_engine = {"KERAS_BACKEND": engine, "PYTHON_COLORS": "0"}  # plain messages
    settings = {"cwd": folder.name, "env": os.environ | chosen_engine}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, **settings
    )
    said[engine] = (run.stdout or run.stderr).splitlines()[-1]
    print(f"{engine}: {said[engine]}")

# %% [markdown]
# Off, on, on, off: that is the lamp. The other two lines are what an engine says that
# is not installed; this course needs TensorFlow alone.

# %% [markdown]
# ## Check it

# %% tags=["check"]
assert on_wall < 0.2 < 0.9 < at_edge
assert np.abs(difference).max() < 0.001
assert alone < 0.8
assert together > 0.95
assert np.allclose(seen, fired, atol=1e-4)
assert structure_only < with_weights == together
assert read["CNN"] > read["DNN"] + 0.2
assert missed["by an LSTM"] < missed["without memory"] / 5
assert chosen == "the cat"
for n in (1, 5):
    assert curves["transferred", n][-1] > curves["new", n][-1] + 0.05
assert said["tensorflow"] == "[0. 1. 1. 0.]"
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Layers without a bend.** Symptom: a deep network learns no more than a single neuron,
# and nothing warns you. Cause: `activation` is missing. A sum of sums is a sum, so any
# number of such layers is worth one.

# %%
straight = learn_lamp(layers.Dense(4), layers.Dense(4), layers.Dense(4))
unbent = share_right(straight)
print(f"four layers without activation: {unbent:.1f}")

# %% [markdown]
# Remedy: `activation="tanh"`, or `"relu"`, in all layers but the last. Two layers with it
# were right on 100%<!--= together -->.
#
# **Weights for another structure.** Symptom: an error on loading. Cause: a weights file
# holds numbers, not the structure that they belong to. Here, five hidden neurons instead
# of four.

# %%
wider = lamp_network(layers.Dense(5, activation="tanh"))
try:
    wider.load_weights(weights_path)
except ValueError as error:
    message = str(error).splitlines()[2].split(". Target")[0]
    print(message)

# %% [markdown]
# `variable.shape=(2, 5), Received: value.shape=(2, 4)`<!--= message -->: two inputs to
# five neurons, two inputs to four.
# Remedy: build the structure that the weights were trained in, or save both together, in
# a file that ends in `.keras`.

# %% [markdown]
# ## What you saw
#
# - A neuron and scikit-learn's logistic regression find the same weights.
# - One neuron is right on 47%<!--= alone, 0.1 --> of the lamp's cases, two layers on
#   100%<!--= together -->. With as many weights, filters read 89%<!--= read["CNN"], 0.05 -->
#   of unseen letters instead of 44%<!--= read["DNN"], 0.08 -->. With memory, a swing can be
#   predicted.
# - From one picture of each Greek letter, a network that reads Latin gets a good deal further.
#
# The limits: toys, one seed each. What transfer is worth on pictures of pets, lesson 6
# measures.

# %%
from helpers.ties import compare_text

compare_text("01_deep_learning_concepts", globals())

# %% [markdown]
# ## Try it
#
# - **Predict, then run:** turn the edge neuron's weights around, `[20.0, -20.0]`. Which
#   outlines of the cat remain? (Those with light on their left.)
# - **Change** the hidden layer of the lamp to two neurons, then to one. When does it fail?
#   (With one, surely; with two, it depends on luck.)
# - **Explore:** give the network without memory two positions at once, the last and the
#   one before. Does it still need an LSTM? (No: you remembered for it.)

# %% [markdown]
# ## Go on
#
# - [A neural network playground](https://playground.tensorflow.org): XOR and its hidden
#   neurons, live in the browser.
# - The [Keras engines](https://keras.io/getting_started/), and how to choose one.
# - David Hubel's [Eye, Brain, and Vision](https://en.wikipedia.org/wiki/David_H._Hubel):
#   how the edge neurons were found, in cats.
