# %% [markdown]
# # 1 · Deep learning concepts
#
# You are about to let a computer see. It begins with one **neuron**, which you know
# already by another name, and leads to the idea that this whole course is about: what a
# network has learned once, it need not learn again.

# %% [markdown]
# ## What you will learn
#
# - **Build** a neuron, teach it step by step, and find that it is logistic regression.
# - **Tell** what learning rate, optimizer, layers, filters and memory do, each from an
#   experiment, and know overfitting when you see it.
# - **Transfer** what a network has learned to a new task, and measure what that saves.

# %% [markdown]
# ## You need
#
# Some Python, and a memory of logistic regression in scikit-learn. No deep learning, no
# graphics card, no network. About a minute of computing on two CPU cores.

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
# measurements of a hundred<!--? (is_dog == 0).sum() == 100 --> cats and as many dogs,
# invented but plausible.

# %%
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(0)
is_dog = np.repeat([0, 1], 100)
typical = np.where(is_dog[:, np.newaxis] == 0, [0.8, -0.8], [-0.8, 0.8])
animals = rng.normal(typical)  # how pointed the ears, how long the snout

regression = LogisticRegression(C=np.inf).fit(animals, is_dog)  # inf: without penalty
fitted, intercept = regression.coef_[0], regression.intercept_[0]
difference = (
    neuron(animals, fitted, intercept) - regression.predict_proba(animals)[:, 1]
)
print(f"weights {fitted.round(2)}, bias {intercept:.2f}")
print("same probability for every animal:", bool(np.abs(difference).max() < 1e-9))

# %% [markdown]
# So all that you know of logistic regression, you know of neurons. (With a hard threshold
# instead of the smooth curve, a neuron is the **perceptron** of 1958.) scikit-learn has
# found three numbers. How could you find them yourself?
#
# ## How a neuron learns
#
# Begin with a neuron that knows nothing: all zeros. Then measure *how wrong* it is. For
# each animal, take the probability that the neuron gives to what the animal is, and take
# the negative logarithm of that: 0 if it was sure and right, large if it was sure and
# wrong. The mean over all animals is the **loss**, here *cross-entropy*. Learning is
# nothing but making it small.
#
# Which way is down? Nudge each weight a little, and see whether the loss rises or falls.


# %%
def loss(weights, bias):
    dog = neuron(animals, weights, bias)  # the probability of a dog
    right = np.where(is_dog, dog, 1 - dog)  # the probability of what it is
    return -np.log(right).mean()


zeros, nudge = np.zeros(2), 0.001
loss_before = loss(zeros, 0.0)
nudged = [(loss(zeros + nudge * one, 0.0) - loss_before) / nudge for one in np.eye(2)]
print(f"loss {loss_before:.3f}")
print(f"slopes: ears {nudged[0]:+.2f}, snout {nudged[1]:+.2f}")

# %% [markdown]
# More weight on pointed ears, and the loss rises<!--? nudged[0] > 0 -->; more on a long
# snout, and it falls<!--? nudged[1] < 0 -->. All slopes together are the **gradient**. It
# points uphill, so go the other way: a step changes each weight by its slope, times a
# number that you choose, the **learning rate**.
#
# Nudging weight after weight would take long. For this loss, calculus gives all slopes at
# once: *(answer − truth) × input*, on average.


# %%
def step(weights, bias, rate):
    too_high = neuron(animals, weights, bias) - is_dog  # answer minus truth
    gradient = too_high @ animals / len(animals)
    return weights - rate * gradient, bias - rate * too_high.mean()


by_hand = step(zeros, 0.0, rate=3.0)
loss_after = loss(*by_hand)
print(f"loss {loss_before:.3f}, after one step {loss_after:.3f}")

# %% [markdown]
# From 0.693<!--= loss_before --> to 0.307<!--= loss_after --> in a single step. Now Keras.
# A `Dense` layer of one neuron is the same neuron; `compile` takes the way to walk and the
# loss; `fit` walks.

# %%
one = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
one.set_weights([np.zeros((2, 1)), np.zeros(1)])
one.compile(keras.optimizers.SGD(3.0), "binary_crossentropy")

one.fit(animals, is_dog, batch_size=200, epochs=1, verbose=0)
first_step = one.get_weights()[0][:, 0]
one.fit(animals, is_dog, batch_size=200, epochs=39, verbose=0)
kernel, bias = one.get_weights()
print("Keras's first step is yours:", np.allclose(first_step, by_hand[0], atol=1e-4))
print(f"after all steps: weights {kernel[:, 0].round(2)}, bias {bias[0]:.2f}")

# %% [markdown]
# The weights of scikit-learn<!--? np.allclose(kernel[:, 0], fitted, atol=0.01) -->, found
# by walking downhill.
#
# An *epoch* is one pass over all data, a *batch* is what the neuron looks at before each
# step. Here the batch is all 200<!--= len(animals) --> animals, so an epoch is one step.
# With `batch_size=20` it would be ten<!--? len(animals) / 20 == 10 -->, each along a rough
# guess of the gradient: hence *stochastic* gradient descent, `SGD`. Lesson 5 tries both.

# %% [markdown]
# ## How far to step
#
# The learning rate is yours to choose. Give the neuron a single weight, for the snout, and
# you can draw its loss as a curve. Start at 0, and take ten steps, at three rates.

# %% [markdown]
# **Predict:** at a rate of 3<!--= trials[1] -->, the neuron will arrive at the bottom.
# What happens at 40<!--= trials[2] -->?
#
# <details><summary>It arrives in the first step</summary>
#
# **No.** Long steps look quick. But the step is the slope times the rate,
# however near the bottom is.
#
# </details>
# <details><summary>It leaps over the bottom, and each leap is smaller than the one before</summary>
#
# **No.** That is what happens at a rate that is a little too high. At this one, each way
# back ends on the steep side, which throws it out anew.
#
# </details>
# <details><summary>It leaps back and forth, and does not come to rest</summary>
#
# **Yes.** After ten steps the loss is higher than at the start<!--? leaps > loss_before -->.
#
# </details>


# %%
snouts = animals[:, 1:]


def curve(weights):  # the loss of a neuron with one weight and no bias
    dog = neuron(snouts, weights[np.newaxis], 0.0)  # (200, weights)
    return -np.log(np.where(is_dog[:, np.newaxis], dog, 1 - dog)).mean(axis=0)


def walk_curve(rate, steps=10):
    path = [np.zeros(1)]
    for _ in range(steps):
        too_high = neuron(snouts, path[-1], 0.0) - is_dog
        path.append(path[-1] - rate * too_high @ snouts / len(snouts))
    return np.concatenate(path)


trials = [0.3, 3.0, 40.0]
paths = {rate: walk_curve(rate) for rate in trials}
creeps, arrives, leaps = (curve(path)[-1] for path in paths.values())

# %%
from helpers.figures import descent_curves

titled = {f"rate {rate}": path for rate, path in paths.items()}
fig = descent_curves(curve, titled, reach=(-1, 16))
ends = ", ".join(f"{title} {curve(path)[-1]:.2f}" for title, path in titled.items())
show(fig, f"The loss after ten steps: {ends}.")

# %% [markdown]
# Too small a rate creeps: after ten steps it is not yet at the bottom
# (0.53<!--= creeps --> against 0.48<!--= arrives -->). Too large a rate leaps across the
# valley and up the other side, and ends higher than it began:
# 1.05<!--= leaps --><!--? leaps > loss_before -->. A loss that rises or swings wildly is
# how you recognize it. Which rate is right depends on how steep the loss is, so it has to
# be tried; a factor of three up or down is a sensible trial.
#
# ## What an optimizer adds
#
# With two weights the loss is a landscape. Often it is a long, narrow valley. You get one
# by measuring the snouts in another unit. How to step through it is up to the
# **optimizer**. Try four, each with the
# best<!--? all(rate in rates[1:-1] for rate in best.values()) --> of five rates<!--? len(rates) == 5 -->.

# %%
from functools import partial

from scipy.special import expit  # the logistic function, safe for large sums

optimizers = {
    "SGD": keras.optimizers.SGD,
    "momentum": partial(keras.optimizers.SGD, momentum=0.9),
    "RMSprop": keras.optimizers.RMSprop,
    "Adam": keras.optimizers.Adam,
}


def walk(optimizer, inputs, steps=50):
    place = keras.Variable([0.0, 0.0])
    path = [place.numpy()]
    for _ in range(steps):
        too_high = expit(inputs @ path[-1]) - is_dog
        optimizer.apply([too_high @ inputs / len(inputs)], [place])
        path.append(place.numpy())
    return np.array(path)


# %%
narrow = animals * [1, 10]  # the snouts in another unit


def landscape(places):  # the loss at places (..., 2), safe for large sums
    sums = places @ narrow.T
    return (np.logaddexp(0, sums) - is_dog * sums).mean(axis=-1)


def ends_at(path):  # on average over the last ten steps
    return landscape(path[-10:]).mean()


rates, ways, best = [0.03, 0.05, 0.1, 0.3, 0.5], {}, {}
for name, make in optimizers.items():
    tried = {rate: walk(make(rate), narrow) for rate in rates}
    best[name] = min(tried, key=lambda rate: ends_at(tried[rate]))
    ways[name] = tried[best[name]]

# %%
from helpers.figures import descent_map

line = LogisticRegression(C=np.inf, fit_intercept=False).fit(narrow, is_dog)
goal = line.coef_[0]
above = {name: ends_at(way) - landscape(goal) for name, way in ways.items()}
titled = {f"{name}, rate {best[name]}": way for name, way in ways.items()}
fig = descent_map(landscape, titled, reach=((-2.6, 0.4), (-0.4, 1.2)), goal=goal)
fig.supxlabel("weight of the ears", fontsize=11)
fig.supylabel("weight of the snout", fontsize=11)
left_over = ", ".join(f"{name} {rest:.3f}" for name, rest in above.items())
show(fig, f"They end so much above the lowest loss (the cross): {left_over}.")

# %% [markdown]
# - `SGD` follows the slope, which points across the valley rather than along it. It leaps
#   from side to side, and gets on slowly.
# - With **momentum** it keeps part of its last step, as a ball does. Leaps across cancel
#   out, steps along add up.
# - `RMSprop` divides each slope by how large it has been lately, so that steep and flat
#   weights move at the same pace.
# - `Adam` does both.
#
# In this valley, all three end lower than plain
# `SGD`<!--? above["SGD"] > max(above["momentum"], above["RMSprop"], above["Adam"]) -->. But
# it was the unit that made it narrow. In the old one, `SGD` arrives without
# help<!--? round_valley < 0.001 -->: scale your inputs first.

# %%
round_way = walk(keras.optimizers.SGD(3.0), animals)
round_valley = loss(round_way[-1], 0.0) - landscape(goal)
print(f"snouts in the old unit: SGD ends {round_valley:.4f} above the lowest loss")

by_name = keras.optimizers.get("rmsprop")
default_rate = float(by_name.learning_rate)
print(f"optimizer 'rmsprop': a rate of {default_rate:.3f}")

# %% [markdown]
# Later lessons ask for an optimizer by its name, `compile("rmsprop", …)`. It comes with a
# rate of 0.001<!--= default_rate -->, a usual one for networks of many layers.

# %% [markdown]
# ## What a layer adds
#
# A lamp in a stairwell has two switches. It burns if exactly one of them is up<!--? ((corners[:, 0] != corners[:, 1]) == burns).all() -->:
# "either, but not both", for short **XOR**. A single neuron draws a single straight line.
# Let it learn the lamp, from three starts.
#
# **Predict:** in how many of the cases will it be right?
#
# <details><summary>All, if it trains for long enough</summary>
#
# **No.** Training moves the line. No line has both corners where the lamp burns on one
# side, and both others on the other.
#
# </details>
# <details><summary>Three quarters: three corners out of four</summary>
#
# **No.** There is such a line, and people who think of it expect the neuron to find it. But
# nobody asked the neuron for right answers, only for a low loss.
#
# </details>
# <details><summary>About half, like a coin</summary>
#
# **Yes.** About 49%<!--= alone.mean(), 0.03 -->, from each start<!--? np.ptp(alone) < 0.03 -->.
#
# </details>

# %%
corners = rng.choice([-1, 1], (200, 2))
burns = (corners[:, 0] != corners[:, 1]).astype(int)
switches = corners + rng.normal(0, 0.25, (200, 2))  # not quite up, not quite down


def lamp_network(*hidden):
    output = layers.Dense(1, activation="sigmoid")
    return keras.Sequential([keras.Input((2,)), *hidden, output])


def share_right(model):
    return ((np.asarray(model(switches))[:, 0] > 0.5) == burns).mean()


def begin_again(model, rate):  # other weights, and an optimizer that recalls nothing
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        variable.assign(keras.ops.zeros_like(variable))
    model.optimizer.learning_rate = rate


# %%
def learn_lamp(*hidden, starts=3):
    model, shares = lamp_network(*hidden), []
    model.compile(keras.optimizers.Adam(), "binary_crossentropy")
    for _ in range(starts):
        begin_again(model, rate=0.05)
        model.fit(switches, burns, batch_size=20, epochs=10, verbose=0)
        shares.append(share_right(model))
        print(f"layers: {len(model.layers)}, right on {shares[-1]:.2f}")
    return model, np.array(shares)


single, alone = learn_lamp()
layered, together = learn_lamp(layers.Dense(4, activation="tanh"))

# %%
from helpers.figures import decision_map

fig, axes = plt.subplots(1, 2, figsize=(7, 3.6), sharey=True)
decision_map(single, switches, burns, axes[0])
decision_map(layered, switches, burns, axes[1], hidden=layered.layers[0])
axes[0].set(title=f"One neuron: right on {alone[-1]:.2f}", ylabel="second switch")
axes[1].set(title=f"Four neurons, then one: {together[-1]:.2f}")
fig.supxlabel("first switch", fontsize=11)
show(fig, f"One neuron is right on {alone[-1]:.2f}, two layers on {together[-1]:.2f}.")

# %% [markdown]
# Any line leaves a corner on the wrong side, so three corners of four are the
# most<!--? best_line < 0.8 --> that it can get right. Yet the neuron did not even find such
# a line: it is no better than a coin<!--? alone.max() < 0.6 -->. It does not count right
# answers, it lowers its loss. And the bottom of that is a neuron that says "perhaps" to
# everything:

# %%
angles = np.linspace(0, np.pi, 180)
across = switches @ np.stack([np.cos(angles), np.sin(angles)])  # (200, angles)
sides = [(burns == (across > t).T).mean(axis=1) for t in np.linspace(-2, 2, 81)]
best_line = np.maximum(sides, 1 - np.array(sides)).max()

perhaps = np.asarray(single(switches))[:, 0]
lamp_loss = -np.log(np.where(burns, perhaps, 1 - perhaps)).mean()
print(f"the best of all lines is right on {best_line:.1%}")
print(
    f"the neuron says {perhaps.min():.2f} to {perhaps.max():.2f}, loss {lamp_loss:.3f}"
)

# %% [markdown]
# In the second network four neurons form a **hidden layer**. Each draws a line of its own,
# dashed in the figure, and the neuron above learns from *their* answers instead of the
# switches. There, a straight line is enough. Ask logistic regression:

# %%
hidden_answers = np.asarray(layered.layers[0](switches))
on_switches = LogisticRegression().fit(switches, burns).score(switches, burns)
on_answers = (
    LogisticRegression().fit(hidden_answers, burns).score(hidden_answers, burns)
)
print(f"a line through the switches: {on_switches:.0%}")
print(f"a line through the hidden neurons' answers: {on_answers:.0%}")

# %% [markdown]
# This is what a layer adds: it turns the task into one that the next layer can solve.
#
# ## How several layers learn
#
# The last neuron can learn as before. But which way should a *hidden* weight go? Nobody
# says what a hidden neuron should have answered. **Backpropagation** finds out, from the
# loss backwards: how much a sum is to blame follows from the blame of the sum above it.
# Here with one neuron in each layer, and a lamp that should burn:

# %%
x, w_hidden, w_out, truth = 1.0, 0.5, -1.0, 1
hidden = np.tanh(x * w_hidden)  # forward, layer by layer
answer = 1 / (1 + np.exp(-hidden * w_out))

blame_out = answer - truth  # backward: first the last sum,
bend = 1 - hidden**2  # the slope of tanh there
blame_hidden = blame_out * w_out * bend  # then the one below it
slope_out, slope_hidden = blame_out * hidden, blame_hidden * x  # blame × input

# %%
boxes = {
    f"input\n{x:.0f}": (0, 0),
    f"hidden\n{hidden:.2f}": (2, 0),
    f"answer\n{answer:.2f}": (4, 0),
    f"its blame\n{blame_hidden:.2f}": (2, 1.6),
    f"its blame\n{blame_out:.2f}": (4, 1.6),
    f"slope of weight 0.5\n{slope_hidden:.2f}": (0.6, 2.9),
    f"slope of weight −1\n{slope_out:.2f}": (2.9, 2.9),
}
boxes = {text.replace("-", "−"): place for text, place in boxes.items()}
start, middle, end, low, high, first, second = boxes
arrows = [(start, middle, "× 0.5, tanh"), (middle, end, "× −1, logistic")]
arrows += [(end, high, "− truth"), (high, low, f"× −1 × {bend:.2f}")]
arrows += [(low, first, "× input"), (high, second, "× hidden")]
fig = diagram(
    boxes, arrows, marked=[low, high, first, second], title="Forward, and back"
)
show(fig, f"Slopes of the two weights: {slope_hidden:.2f} and {slope_out:.2f}.")

# %% [markdown]
# One way forward and one way back give the slopes of all weights at once: the blame of a
# layer is used again in the layer below. Nudging would take a way forward for each weight,
# and the network that you meet next has 4.7<!--= network.count_params() / 1e6 --> million.
#
# On its way down, the blame passes each bend and shrinks. The logistic function's slope is
# a quarter<!--? 0.24 < steepest <= 0.25 --> at most, so ten of them leave less than a
# millionth<!--? through_ten < 1e-6 -->, unless large weights make up for it: the
# **vanishing gradient**. This is why hidden layers prefer `"relu"`, whose slope is 1 wherever it fires<!--? relu_slope == 1 -->.

# %%
sums = np.linspace(-6, 6, 1201)
logistic = 1 / (1 + np.exp(-sums))
steepest = (logistic * (1 - logistic)).max()
through_ten = steepest**10
relu = keras.ops.convert_to_numpy(keras.activations.relu(np.array([2.0, 3.0])))
relu_slope = relu[1] - relu[0]
print(f"logistic: {steepest:.2f} at most, ten of them {through_ten:.1e}")
print(f"relu: {relu_slope:.0f}")

# %% [markdown]
# ## From light to objects
#
# Back to your cat. One neuron that looks everywhere with the same weights is a
# **convolution**<!--? eye.count_params() == 3 -->, and its weights are a **filter**. Keras has a layer for it:

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
*maps, named = watched.predict(inputs, verbose=0)
top_name = decode_predictions(named, top=1)[0][0][1]

# %%
means = [m[0].mean(axis=-1) for m in maps]  # over all filters of a layer
grays = [255 * (m - m.min()) / np.ptp(m) for m in means]  # least black, most white
fig = picture_grid([light * 255, *grays], ["light", *stages], columns=4)
sizes = ", ".join(
    f"{len(m)}×{len(m)} points for {s}" for s, m in zip(stages, means, strict=True)
)
show(fig, f"A cat's way up: {sizes}. The network's answer: {top_name}.")

# %% [markdown]
# Light, edges, the shape of a cat, and at last a coarse map: where the animal is,
# no longer what it looks like. So far it resembles what is known of the brain. Then the last layer gives it
# a name: `teddy`<!--= top_name -->. This network knows photographs and hardly ever met
# a drawing<!--! ImageNet, from which it learned, is a collection of photographs; a few show drawings -->. It
# found the animal; only the name is wrong. Keep that in mind: *only the last step has to
# be learned anew.*
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
# You know this pair. In classic machine learning, the structure is called an algorithm,
# and the weights a fitted model:
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
# (A CNN is deep, too: what is called a DNN here, many call a multilayer perceptron.) You
# have trained one already: the lamp. Give the next two a task that brings out their
# nature: letters, small, noisy, each in a different place.

# %%
from helpers.toys import draw_letters

latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
letters = draw_letters(latin, per_letter=60, seed=0)  # images, labels
unseen = draw_letters(latin, per_letter=20, seed=1)
titles = [latin[label] for label in letters[1][:7]]
fig = picture_grid(letters[0][:7, ..., 0].clip(0, 1) * 255, titles, columns=7)
show(fig, f"The first of {len(letters[0]):,} pictures of letters: {', '.join(titles)}.")


# %%
def make_dnn(n_classes, *extra):
    hidden = [layers.Dense(128, activation="relu"), *extra]
    hidden += [layers.Dense(64, activation="tanh")]
    output = layers.Dense(n_classes, activation="softmax")
    inputs = keras.Input((20, 20, 1))
    return keras.Sequential([inputs, layers.Flatten(), *hidden, output])


def make_cnn(n_classes):
    filters = [
        layers.Conv2D(16, 3, activation="relu"),  # 16 filters of 3×3 weights
        layers.MaxPooling2D(),  # keeps the strongest of 2×2 answers
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(padding="same"),
    ]
    top = [layers.Flatten(), layers.Dense(64, activation="tanh")]
    output = layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input((20, 20, 1)), *filters, *top, output])


# %% [markdown]
# Each learns three times<!--? len(dnn_histories) == len(cnn_histories) == 3 -->, from different
# starts. After every epoch it is asked about letters that it does not learn from, its
# *validation data*. (`softmax` and `sparse_categorical_crossentropy` are to many classes what
# the logistic function and cross-entropy are to two; lesson 3 takes them apart.)


# %%
def ready(model):
    loss = "sparse_categorical_crossentropy"
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def learn_letters(model, letters, unseen, epochs, batch_size=128, **settings):
    begin_again(model, rate=0.005)
    settings |= {"validation_data": unseen, "validation_batch_size": len(unseen[0])}
    history = model.fit(*letters, batch_size, epochs, verbose=0, **settings).history
    print(f"reads {history['val_accuracy'][-1]:.2f} of unseen letters")
    return history


def last(histories, key="val_accuracy"):
    return np.array([history[key][-1] for history in histories])


# %%
dnn = ready(make_dnn(26))
print(f"DNN, {dnn.count_params():,} weights:")
dnn_histories = [learn_letters(dnn, letters, unseen, epochs=14) for _ in range(3)]

# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
cnn = ready(make_cnn(26))
print(f"CNN, {cnn.count_params():,} weights:")
cnn_histories = [learn_letters(cnn, letters, unseen, epochs=14) for _ in range(3)]
dnn_reads, cnn_reads = last(dnn_histories), last(cnn_histories)

# %% [markdown]
# About 40%<!--= dnn_reads.mean(), 0.03 --> against about
# 87%<!--= cnn_reads.mean(), 0.03 --><!--? cnn_reads.min() > dnn_reads.max() + 0.3 -->, with
# as many weights<!--? abs(cnn.count_params() / dnn.count_params() - 1) < 0.02 -->
# and the same pictures. The DNN has to learn an A here and an A there one by one; the
# filters of the CNN look everywhere, and find both.

# %% [markdown]
# ## Learned by heart
#
# Yet the DNN makes hardly a mistake<!--? last(dnn_histories, "accuracy").min() > 0.99 --> on the
# letters that it learned from. It knows them by heart, noise and all: **overfitting**.
#
# **Predict:** at the end it still trains, though nothing is left to learn. What does its
# loss on unseen letters do meanwhile?
#
# <details><summary>It falls on, slowly</summary>
#
# **No.** One expects practice to help. But all that is left to practice is the noise of
# these very pictures.
#
# </details>
# <details><summary>It stays where it is</summary>
#
# **No.** Its accuracy does, more or less<!--? steady < 0.05 -->, and so people choose this.
# The loss also counts how sure it is: more and more so, of the same mistakes.
#
# </details>
# <details><summary>It rises</summary>
#
# **Yes.** It is lowest around epoch 5<!--? abs(turns(dnn_histories) - 5).max() <= 2 -->, and
# higher at the end, from each start<!--? rise > 1.01 -->.
#
# </details>

# %% [markdown]
# A cure to try is **dropout**: `Dropout(0.5)` silences half<!--? share == 0.5 --> of a
# layer's neurons at each step, different ones each time, so that none can rely on its
# neighbors.

# %%
share = 0.5
dropper = ready(make_dnn(26, layers.Dropout(share)))
drop_histories = [learn_letters(dropper, letters, unseen, epochs=14) for _ in range(3)]


def turns(histories):  # the epoch after which the loss on unseen letters rises
    return np.array([np.argmin(history["val_loss"]) + 1 for history in histories])


lowest_losses = [min(history["val_loss"]) for history in dnn_histories]
rise = (last(dnn_histories, "val_loss") / lowest_losses).min()
accuracies = np.array([history["val_accuracy"] for history in dnn_histories])
steady = np.abs(accuracies[:, -1] - accuracies[:, 9]).max()
drop_reads = last(drop_histories)


# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), sharey=True)
kinds = {"DNN": dnn_histories, "DNN with dropout": drop_histories}
for ax, (name, histories) in zip(axes, kinds.items(), strict=True):
    for history in histories:
        ax.plot(range(1, 15), history["loss"], "C0-", linewidth=1)
        ax.plot(range(1, 15), history["val_loss"], "C0--", linewidth=1)
    ax.set(title=name, xlabel="epoch", xticks=[1, 5, 10, 14])
axes[0].set_ylabel("loss")
axes[0].legend(["letters to learn from", "unseen letters"])
lowest = {name: turns(histories).tolist() for name, histories in kinds.items()}
show(fig, f"The loss on unseen letters is lowest after these epochs: {lowest}.")

# %% [markdown]
# With dropout the loss on unseen letters turns upward
# later<!--? turns(drop_histories).min() > turns(dnn_histories).max() -->, but turn it does,
# and about as many letters are read: 42%<!--= drop_reads.mean(), 0.03 --> or so. Other remedies: stop when
# the loss on unseen data turns; have more data; or let a network learn from other people's
# data first, which is what this course is about.

# %% [markdown]
# ## Memory
#
# You see a photograph of a child on a swing, halfway up. Where will the child be in a
# moment? You cannot say: it may be coming or going. You need what you saw before. An RNN
# carries it along. But the blame for a mistake then travels back through every moment,
# and vanishes on the way. The **LSTM**, *long short-term memory*, was built in 1997 to
# prevent that: what it remembers passes from moment to moment without a bend, and it
# learns what to keep and, since 2000, what to let go.

# %%
from helpers.progress import EpochLines

moments = np.arange(37)
phases = rng.uniform(0, 2 * np.pi, (200, 1))
swings = np.sin(2 * np.pi * moments / 12 + phases)[..., np.newaxis]  # (200, 37, 1)
now, later = swings[:, :-1], swings[:, 1:]


def learn_swing(layer):
    model = keras.Sequential([keras.Input((None, 1)), layer, layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.02), "mse")
    lines = [EpochLines(every=15)]
    model.fit(now[:150], later[:150], 75, epochs=30, verbose=0, callbacks=lines)
    return model.predict(now[150:], verbose=0)


guesses = {
    "without memory": learn_swing(layers.Dense(16, activation="tanh")),
    "by an LSTM": learn_swing(layers.LSTM(16, return_sequences=True)),
}

# %%
missed = {n: np.abs(g - later[150:])[:, 3:].mean() for n, g in guesses.items()}
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(moments[1:], later[150, :, 0], color="0.75", linewidth=7, label="the swing")
for (name, guess), style in zip(guesses.items(), ("C1--", "C0-"), strict=True):
    ax.plot(moments[1:], guess[0, :, 0], style, label=f"expected {name}")
ax.set(xlabel="moment", ylabel="position", title="After a few moments, the LSTM knows")
fig.legend(loc="outside lower center", ncols=3)
ends = ", ".join(f"{name} {error:.2f}" for name, error in missed.items())
show(fig, f"Error from the fourth moment on, expected {ends}.")

# %% [markdown]
# The network without memory sees one position and hedges between coming and
# going<!--? missed["without memory"] > 5 * missed["by an LSTM"] -->: from
# a single position, nobody can tell. The LSTM needs a few moments, then knows.
#
# > **If you come from 2019:** LSTM and attention were often explained as likenesses of
# > human memory and attention. The names are. They were built to let gradients and
# > information travel far.
#
# ## Attention
#
# Reading "the cat that chased the dogs is tired", you look back to find out *who* is tired.
# **Attention** does that in numbers. Each word has a **key**, which says what it is, and a
# **value**, which is what it has to tell. The place that asks has a **query**, which says
# what it looks for. The better a key fits it, the larger the word's
# share<!--? attention.argmax() == match.argmax() -->.

# %%
words = ["the cat", "that", "chased", "the dogs", "is tired"]
keys = np.array([[1, 1], [0, 0], [0, 0], [1, 0], [0, 0]])  # an animal? only one?
values = np.array([[1, 0], [0, 0], [0, 0], [0, 1], [0, 0]])  # a cat? a dog?
query = np.array([2, 2])  # "is tired" looks for an animal, and only one

match = keys @ query
attention = np.exp(match) / np.exp(match).sum()  # shares that add up to 1
heard = attention @ values  # what arrives: the values, weighed

boxes = {word: (0.95 * place, 1.7) for place, word in enumerate(words)}
asks = f"heard: cat {heard[0]:.2f}, dog {heard[1]:.2f}"
boxes[asks] = (0.95 * 3.2, 0)
arrows = [(word, asks, share) for word, share in zip(words, attention, strict=True)]
fig = diagram(boxes, arrows, marked=[asks], title="Who is tired?")
show(fig, f"Shares {attention.round(2)}; what is heard: {heard.round(2)}.")

# %% [markdown]
# What arrives is a cat<!--? heard[0] > 5 * heard[1] -->. These keys, values and queries are
# written by hand; in a network they are learned, and language models are built from layers
# of them.

# %% [markdown]
# ## Imitate what it does, or how it is built?
#
# Artificial intelligence has two schools. One imitates **function**: whatever does what
# people do is intelligent, no matter what is inside. It gets results, each for its own
# task. The other imitates **structure**: build something like a brain, and it will act like
# one; but nobody can say why it should. `a != b` has the function of the lamp, and no
# neurons. Your layered network has neurons, and nobody told it the rule. Deep learning is
# where the schools meet: AlphaGo, which beat the champions of Go in 2016 and 2017, lets
# neural networks judge and a program search. It can play nothing but Go.

# %% [markdown]
# ## First roller skates, then ice skates
#
# Somebody who can roller-skate learns to ice-skate fast. Balance, pushing off, falling well: much of
# it carries over. Psychologists call this **transfer**. (Perhaps because related skills use
# nerve cells that are wired together already<!--! a conjecture of psychology, marked as one -->.) Networks can do it, too. Your CNN reads
# Latin letters. Its lower layers know strokes, bends and corners, and that is what Greek
# letters are made of too. So keep all layers but the last, **freeze** them, and put a new
# last layer on top. (What is frozen does not change, so its answers can be computed before
# the training.)

# %% [markdown]
# **Predict:** from 60<!--= sizes[-1] --> pictures of each Greek letter, which network will read more unseen ones?
#
# <details><summary>The transferred one: it starts with so much more</summary>
#
# **No.** It starts ahead, and with one picture of each it stays ahead. But it is frozen: it
# can only recombine what Latin letters taught it.
#
# </details>
# <details><summary>The new one, which learns everything from Greek letters</summary>
#
# **Yes.** About 97%<!--= new[60].mean(), 0.02 --> against about 89%<!--= moved[60].mean(), 0.03 --><!--? new[60].mean() > moved[60].mean() + 0.03 -->.
# With enough of your own pictures, learning all layers pays; fine-tuning in lesson 4 is
# the way between.
#
# </details>
# <details><summary>Both the same</summary>
#
# **No.** Somewhere in between they are level, but not here.
#
# </details>

# %%
greek = "αβγδλ"
sizes, seeds = (1, 6, 60), range(3)
n_greek = 60 * len(greek)  # for each seed; letters take turns: α β γ …
images, labels = draw_letters(greek, per_letter=180, seed=2)
unseen_greek = draw_letters(greek, per_letter=60, seed=3)

skills = keras.Sequential(cnn.layers[:-1])  # all but the names of Latin letters
traits, unseen_traits = (
    skills.predict(x, verbose=0) for x in (images, unseen_greek[0])
)
output = layers.Dense(len(greek), activation="softmax")
transferred = ready(keras.Sequential([keras.Input(traits.shape[1:]), output]))


def learn_greek(model, inputs, unseen_inputs, size, seed):
    few = seed * n_greek + np.arange(len(greek) * size)
    few = np.tile(few, 60 // size)  # each is shown more often if there are few
    known, unseen = (inputs[few], labels[few]), (unseen_inputs, unseen_greek[1])
    settings = {"epochs": 15, "batch_size": 40, "validation_freq": 5}
    return learn_letters(model, known, unseen, **settings)


def learn_from_few(*parts):
    return {n: [learn_greek(*parts, n, seed) for seed in seeds] for n in sizes}


# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
from_scratch = learn_from_few(ready(make_cnn(len(greek))), images, unseen_greek[0])
new = {n: last(histories) for n, histories in from_scratch.items()}

# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
from_latin = learn_from_few(transferred, traits, unseen_traits)
moved = {n: last(histories) for n, histories in from_latin.items()}
reads = pd.DataFrame({"new": new, "transferred": moved})
print(reads.map(lambda shares: shares.round(2)))

# %% [markdown]
# On the left, the way there with six pictures of each letter<!--? sizes[1] == 6 -->; on the
# right, where each number of pictures ends:

# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
fig, axes = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True)
kinds = {"transferred": (from_latin, "C0o-"), "new": (from_scratch, "C1s--")}
for name, (histories, style) in kinds.items():
    on_the_way = np.mean([history["val_accuracy"] for history in histories[6]], axis=0)
    axes[0].plot(range(5, 16, 5), on_the_way, style, markersize=3, label=name)
    means = [reads[name][n].mean() for n in sizes]
    spreads = [reads[name][n].std(ddof=1) for n in sizes]
    axes[1].errorbar(sizes, means, spreads, fmt=style, markersize=3, capsize=3)
axes[0].set(title="Six pictures of each: ahead", xlabel="epoch", ylim=(0, 1.02))
axes[0].set(ylabel="unseen letters read", xticks=range(5, 16, 5))
axes[0].legend()
axes[1].set(title="Ahead with few, not with many", xlabel="pictures of each letter")
axes[1].set_xscale("log")
axes[1].set_xticks(sizes, [str(size) for size in sizes])
axes[1].minorticks_off()
gains = ", ".join(f"{moved[size].mean() - new[size].mean():+.2f}" for size in sizes)
show(fig, f"With {sizes} pictures of each letter, transfer gains {gains}.")

# %% [markdown]
# From a single picture of each letter, the transferred network reads about
# 64%<!--= moved[1].mean(), 0.05, new[1].mean() --> of letters it never saw, the new one about
# 31%<!--= new[1].mean(), 0.03 --><!--? moved[1].min() > new[1].max() + 0.1 -->; guessing
# gives 20%<!--= 1 / len(greek) -->. (The bars show the spread of the starts, each with
# pictures of its own.) Pictures of pets are few, too. There, filters for edges
# and shapes are kept, and only the last layers are new. From lesson 3 on, this
# is what you do.
#
# ## Keras and its engines
#
# **Keras** is to TensorFlow as pandas is to NumPy. The lower one computes with arrays; the
# upper one gives the arrays names and the steps verbs:

# %%
import tensorflow as tf

by_numpy = np.stack([animals[is_dog == kind].mean(axis=0) for kind in (0, 1)])
by_pandas = pd.DataFrame(animals).groupby(is_dog).mean()

kernel_now, bias_now = one.weights
by_tensorflow = tf.sigmoid(tf.matmul(animals.astype("float32"), kernel_now) + bias_now)
by_keras = one.predict(animals, verbose=0)

print("pandas = NumPy:", np.allclose(by_pandas, by_numpy))
print("Keras = TensorFlow:", np.allclose(by_keras, by_tensorflow, atol=1e-5))
print("engine:", keras.backend.backend())

# %% [markdown]
# TensorFlow is not the only engine. The same lines run on JAX or PyTorch, if these are
# installed: the setting `KERAS_BACKEND` chooses, before Keras is imported. This course needs
# TensorFlow alone.

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=19
assert on_wall < 0.2 < 0.9 < at_edge
assert np.abs(difference).max() < 1e-9
assert np.allclose(nudged, (zeros - by_hand[0]) / 3, atol=0.001)
assert np.allclose(first_step, by_hand[0], atol=1e-4)
assert np.allclose(kernel[:, 0], fitted, atol=0.01)
assert arrives < creeps < loss_before < leaps
for name in ("momentum", "RMSprop", "Adam"):
    assert above[name] < above["SGD"]
assert alone.max() < 0.6 < best_line < 0.8
assert together.min() > 0.95
assert on_switches < 0.6 < 0.95 < on_answers
nudged_loss = -np.log(1 / (1 + np.exp(-w_out * np.tanh(x * (w_hidden + 1e-6)))))
assert abs((nudged_loss + np.log(answer)) / 1e-6 - slope_hidden) < 1e-4
assert np.allclose(seen, fired, atol=1e-4)
assert structure_only < with_weights == together[-1]
assert cnn_reads.min() > dnn_reads.max() + 0.3
assert turns(drop_histories).min() > turns(dnn_histories).max()
assert missed["by an LSTM"] < missed["without memory"] / 5
assert heard[0] > 5 * heard[1]
assert moved[1].mean() > new[1].mean() + 0.1
assert new[60].mean() > moved[60].mean() + 0.03
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Layers without a bend.** Symptom: a deep network learns no more
# than a single neuron<!--? unbent < 0.6 -->, and nothing warns you. Cause: `activation` is
# missing. A sum of sums is a sum, so any number of such layers is worth
# one<!--? worth_one -->.

# %%
straight, shares = learn_lamp(*(layers.Dense(4) for _ in range(3)), starts=1)
unbent = shares[0]

kernels = [layer.get_weights()[0] for layer in straight.layers]
product = np.linalg.multi_dot(kernels)  # (2, 1): the weights of a single neuron
said = np.asarray(straight(switches))
rest = np.log(said / (1 - said)) - switches @ product  # and its bias, if it is one
worth_one = bool(np.ptp(rest) < 0.001)
print(f"three hidden layers without activation: {unbent:.2f}, worth one: {worth_one}")

# %% [markdown]
# Remedy: `activation="tanh"`, or `"relu"`, in all layers but the last. A single hidden
# layer with it was right on 100%<!--= together[-1] -->.
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
# - A neuron is logistic regression. By steps downhill you found the weights that
#   scikit-learn finds<!--? np.allclose(kernel[:, 0], fitted, atol=0.01) -->.
# - A rate of 0.3<!--= trials[0] --> crept, 3<!--= trials[1] --> arrived,
#   40<!--= trials[2] --> leapt out of the valley. One neuron was right on
#   about 49%<!--= alone.mean(), 0.03 --> of the lamp's cases, two layers on 100%<!--= together[-1] -->. With
#   as many weights, filters read about 87%<!--= cnn_reads.mean(), 0.03, dnn_reads.mean() -->
#   of unseen letters, and the DNN, which knew its own by heart, about half of
#   that<!--? 0.4 < dnn_reads.mean() / cnn_reads.mean() < 0.6 -->.
# - From one picture of each Greek letter, a network that reads Latin got a good deal
#   further<!--? moved[1].mean() > new[1].mean() + 0.1 -->; from 60<!--= sizes[-1] --> of
#   each, a new one did<!--? new[60].mean() > moved[60].mean() + 0.03 -->.
#
# The limits: toys, three starts each. What transfer is worth on pictures of pets, lesson 6
# measures.

# %%
from helpers.ties import compare_text

compare_text("01_deep_learning_concepts", globals())

# %% [markdown]
# ## Try it
#
# Four exercises, each with a check that tells you what is right and what is not yet:
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import numpy as np
from matplotlib import pyplot as plt
from sklearn.linear_model import LogisticRegression

from helpers.figures import picture_grid, show
from helpers.pets import draw_pet


def neuron(inputs, weights, bias):
    total = inputs @ weights + bias
    return 0.5 + 0.5 * np.tanh(total / 2)  # the logistic function, safe for large sums


rng = np.random.default_rng(0)
is_dog = np.repeat([0, 1], 100)
typical = np.where(is_dog[:, np.newaxis] == 0, [0.8, -0.8], [-0.8, 0.8])
animals = rng.normal(typical)  # how pointed the ears, how long the snout
light = np.asarray(draw_pet("cat", seed=5).resize((224, 224)).convert("L")) / 255

# %% [markdown] tags=["exercise"]
# ## 1.1 · Find the other edges
#
# Change one line, so that the neuron fires where light is on the left and dark on the
# right. It should fire at `0.5` beside `0.2` already, and be silent on a wall. Which outlines
# of the cat do you expect?

# %% tags=["exercise-gap"]
sister_weights = np.array([-20.0, 20.0])  # change this line
sister_bias = -2.0

pairs = np.stack([light[:, :-1], light[:, 1:]], axis=-1)  # left, right
fired = neuron(pairs, sister_weights, sister_bias)
fig = picture_grid([light * 255, fired * 255], ["light", "where she fires"], columns=2)
show(fig, f"The sister fires at {(fired > 0.5).mean():.1%} of all places.")

# %% [markdown] tags=["exercise-hint"]
# The first weight belongs to the left point. Which of the two should be bright for her to
# fire?

# %% tags=["exercise-solution"]
sister_weights = np.array([20.0, -20.0])
sister_bias = -2.0

pairs = np.stack([light[:, :-1], light[:, 1:]], axis=-1)
fired = neuron(pairs, sister_weights, sister_bias)
fig = picture_grid([light * 255, fired * 255], ["light", "where she fires"], columns=2)
show(fig, f"The sister fires at {(fired > 0.5).mean():.1%} of all places.")

# %% [markdown] tags=["exercise-solution"]
# The signs change places, the bias stays. A network with both neurons in a layer knows of
# each edge on which side the light is.

# %% [markdown] tags=["exercise"]
# ## 1.2 · Step at another scale
#
# Choose a learning rate that brings a neuron with one weight to the lowest loss in ten
# steps. In the lesson, `3.0` did. Here the same snouts are measured in another unit, and the
# numbers are `20` times as large.

# %% tags=["exercise-setup"]
small_unit = 20 * animals[:, 1]


def loss_of(weight):
    sums = weight * small_unit
    return (np.logaddexp(0, sums) - is_dog * sums).mean()


def ten_steps(rate):
    weight = 0.0
    for _ in range(10):
        too_high = neuron(small_unit[:, np.newaxis], np.array([weight]), 0.0) - is_dog
        weight = weight - rate * (too_high * small_unit).mean()
    return weight


# %% tags=["exercise-gap"]
rate = 3.0  # change this line
weight = ten_steps(rate)
print(
    f"at a rate of {rate} the weight becomes {weight:.3f}, the loss {loss_of(weight):.3f}"
)

# %% [markdown] tags=["exercise-hint"]
# A loss above `0.693`, where it began, means that it leapt across the valley. Go down by
# factors of three, or of ten.

# %% [markdown] tags=["exercise-hint"]
# Numbers that are `20` times as large make the slope `20` times as steep, and the best
# weight `20` times as small. What does that do to the step that is needed, and to the step that is
# taken?

# %% tags=["exercise-solution"]
rate = 3.0 / 20**2
weight = ten_steps(rate)
print(
    f"at a rate of {rate} the weight becomes {weight:.3f}, the loss {loss_of(weight):.3f}"
)
assert loss_of(weight) < loss_of(ten_steps(3.0))

# %% [markdown] tags=["exercise-solution"]
# 0.0075<!--= rate -->: the slope is steeper and the way shorter, so the rate has to be
# smaller by both: 400<!--= 3.0 / rate --> times. This is why a learning rate is
# worth nothing without the scale of its inputs, and why pictures are scaled before a
# network sees them.

# %% [markdown] tags=["exercise"]
# ## 1.3 · Teach a neuron
#
# Write `learn(animals, is_dog)`, which teaches a neuron with two weights and a bias, and
# returns `weights, bias`. Begin at zero, and take as many steps downhill as it needs. It
# will be tried with other animals, too.


# %% tags=["exercise-gap"]
def learn(animals, is_dog):
    weights, bias = np.zeros(2), 0.0
    ...  # your lines
    return weights, bias


weights, bias = learn(animals, is_dog)
print("weights", weights, "bias", bias)

# %% [markdown] tags=["exercise-hint"]
# In each step: what does the neuron answer, and by how much is each answer too high? The
# slope of a weight is that, times the weight's input, on average over the animals.

# %% [markdown] tags=["exercise-hint"]
# `too_high @ animals / len(animals)` are the slopes of both weights. The bias is a weight
# whose input is always 1.


# %% tags=["exercise-solution"]
def learn(animals, is_dog):
    weights, bias = np.zeros(2), 0.0
    for _ in range(300):
        too_high = neuron(animals, weights, bias) - is_dog
        weights = weights - 1.0 * too_high @ animals / len(animals)
        bias = bias - 1.0 * too_high.mean()
    return weights, bias


weights, bias = learn(animals, is_dog)
fitted = LogisticRegression(C=np.inf).fit(animals, is_dog)
print("yours:       ", weights.round(3), round(bias, 3))
print("scikit-learn:", fitted.coef_[0].round(3), fitted.intercept_[0].round(3))
assert np.allclose(weights, fitted.coef_[0], atol=0.01)

# %% [markdown] tags=["exercise-solution"]
# Six lines, and you have what `LogisticRegression` has, and what `fit` of Keras does for
# networks of any depth: only the slopes come from backpropagation there.

# %% [markdown] tags=["exercise"]
# ## 1.4 · Build the lamp by hand
#
# Find weights for two hidden neurons and an output neuron, so that the lamp burns if
# exactly one switch is up. Up is about 1, down about −1. Nothing is trained; all neurons
# are logistic.

# %% tags=["exercise-setup"]
corners = rng.choice([-1, 1], (200, 2))
burns = (corners[:, 0] != corners[:, 1]).astype(int)
switches = corners + rng.normal(0, 0.25, (200, 2))


def lamp(hidden_weights, hidden_bias, out_weights, out_bias):
    hidden = neuron(switches, np.array(hidden_weights), np.array(hidden_bias))
    return neuron(hidden, np.array(out_weights), out_bias)


# %% tags=["exercise-gap"]
hidden_weights = [[0.0, 0.0], [0.0, 0.0]]  # rows: the switches; columns: the neurons
hidden_bias = [0.0, 0.0]
out_weights = [0.0, 0.0]
out_bias = 0.0

answers = lamp(hidden_weights, hidden_bias, out_weights, out_bias)
print(f"right on {((answers > 0.5) == burns).mean():.0%}")

# %% [markdown] tags=["exercise-hint"]
# "Exactly one is up" means: at least one is up, and not both. Let one hidden neuron fire
# for the first, the other one for the second.

# %% [markdown] tags=["exercise-hint"]
# "At least one is up" is a line: the sum of the switches is above −1. That is
# `10 * first + 10 * second + 10 > 0`.

# %% [markdown] tags=["exercise-hint"]
# The output has to ask for both: with weights of `10`, the sum of two firing neurons is
# `20`, of one it is `10`. Which bias lies between?

# %% tags=["exercise-solution"]
hidden_weights = [[10.0, -10.0], [10.0, -10.0]]
hidden_bias = [10.0, 10.0]
out_weights = [10.0, 10.0]
out_bias = -15.0

answers = lamp(hidden_weights, hidden_bias, out_weights, out_bias)
right = ((answers > 0.5) == burns).mean()
print(f"right on {right:.0%}")
assert right > 0.95

# %% [markdown] tags=["exercise-solution"]
# Two neurons, two lines; the lamp burns between them. A network that is trained has to
# find such weights from examples, and with two hidden neurons it depends on the start
# whether it does.

# %% [markdown]
# ## Go on
#
# - [A neural network playground](https://playground.tensorflow.org): XOR and its hidden
#   neurons, live in the browser.
# - The [optimizers of Keras](https://keras.io/api/optimizers/), with all their settings.
# - [David Hubel](https://en.wikipedia.org/wiki/David_H._Hubel), who found the edge neurons
#   in cats, with Torsten Wiesel.
