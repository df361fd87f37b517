# %% [markdown]
# # 9 · Choose a backbone
#
# Pretrained networks come in great numbers, and published tables rank them: on other
# pictures, on other computers. Here you measure what counts for you, milliseconds,
# megabytes and accuracy with its spread, and ask whether a cheap forecast would have
# told you the same.

# %% [markdown]
# ## What you will learn
#
# - **Measure** what a backbone costs, before you have its weights.
# - **Compare** backbones in the same divisions of your pictures, and say when two are not
#   told apart.
# - **Explain** what a backbone has to be trained for.
# - **Forecast** from 20<!--= len(few) --> pictures which one to take, and know how far to trust that.

# %% [markdown]
# ## You need
#
# Lesson 7, where features are computed once and heads are chosen by cross-validation, and
# the drawn pets. About two minutes of computing on two CPU cores, and no network.

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

pictures = open_pictures("drawn")  # or "photos"
train_paths, train_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
test_paths, test_labels = pictures.test_set()
print(len(train_paths), "pictures to learn from,", len(test_paths), "to test with")

# %% [markdown]
# ## The idea
#
# A backbone is a pair of eyes that somebody else has trained, for a purpose of their own.
# What serves that purpose is kept; what does not is thrown away, on the way from pixels to
# features. So it matters what the eyes were trained for. Our
# [benchmark](../benchmarks/results/backbones_drawn.md) has put heads on three kinds:
#
# - trained for the 1,000<!--! what ImageNet's challenge asks --> classes of ImageNet,
#   photographs of things and animals;
# - trained to find edges: VGG16, which began with ImageNet's weights and was then trained
#   to draw the outlines of things;
# - trained for nothing: random weights.
#
# **Predict:** a head on the *last* block of the network of edges: how often is it right?
#
# <details><summary>Nearly as often as one on ImageNet's: it is a large, trained network</summary>
#
# **No.** Size and training alone buy little: 69%<!--= ladder.loc["VGG16, block5", "edges"] -->,
# where random weights get 61%<!--= ladder.loc["VGG16, block5", "nothing"] -->. Where an
# outline runs is kept, and whose outline it is need not be.
#
# </details>
# <details><summary>In half of the cases: edges have nothing to do with pets</summary>
#
# **No.** Outlines have a little to do with them, and even random filters pass some
# information on.
#
# </details>
# <details><summary>Somewhere between</summary>
#
# **Yes.**<!--? 0.55 < ladder.loc["VGG16, block5", "edges"] < 0.9 -->
#
# </details>

# %%
import matplotlib.pyplot as plt

from helpers.figures import show
from helpers.measured import measured_table

kinds = ["ImageNet", "edges", "nothing"]  # what the backbone was trained for
record = measured_table("backbones_drawn").reset_index()
ladder = record.pivot(index="features of", columns="trained for", values="mean")
spread = record.pivot(index="features of", columns="trained for", values="spread")
ladder, spread = ladder[kinds], spread[kinds]
size_of = record.set_index("features of")["pixels"]
fig, ax = plt.subplots(figsize=(7, 3.2))
ladder.plot.barh(ax=ax, xerr=spread, width=0.8, capsize=2, color=["C0", "C1", "C2"])
ax.axvline(0.5, color="#444444", linestyle=":")
ax.set(xlim=(0.4, 1.02), xlabel="accuracy, mean and spread", ylabel="")
ax.set_title("It matters what the backbone was trained for")
ax.legend(title="trained for", loc="lower right")
ax.invert_yaxis()
best = ", ".join(f"{ladder[kind].max():.2f} for {kind}" for kind in kinds)
show(fig, f"Bars for each network, from a coin's half on; the best are {best}.")

# %% [markdown]
# A small network, trained for the right task, on pictures of the same
# 96<!--= size_of["Lite0 at 96"] --> pixels, is ahead of the large one of
# edges<!--? ladder.loc["Lite0 at 96", "ImageNet"] > ladder["edges"].max() -->. Of the
# latter, the last block is behind the block before
# it<!--? ladder.loc["VGG16, block4", "edges"] - ladder.loc["VGG16, block5", "edges"] > spread["edges"].max() -->:
# the end of a network belongs to its purpose. And random weights are behind all of
# them<!--? ladder["edges"].min() > ladder["nothing"].max() -->; VGG16's were drawn once,
# Lite0's three times<!--! the note above the benchmark's table says so -->.

# %%
ladder.round(2)

# %% [markdown]
# ## The candidates
#
# Three networks come with this course, trained on ImageNet: EfficientNet-Lite0, -Lite1
# and -Lite2, for larger pictures from one to the
# next<!--? bases["Lite0"].input_shape[1] < bases["Lite1"].input_shape[1] < bases["Lite2"].input_shape[1] -->.
# A network can also be cut: end at an earlier layer, pool there, and the rest need not be
# computed. One more has random weights, so that you see what the architecture does by
# itself.

# %%
from helpers.backbones import EfficientNetLite0, EfficientNetLite1, EfficientNetLite2


def from_pixels(network):
    inputs = keras.Input(network.input_shape[1:])
    scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)  # what Lite wants
    return keras.Model(inputs, network(scaled))


def lite(build, size, weights="imagenet"):
    shape = (size, size, 3)
    return build(include_top=False, weights=weights, input_shape=shape, pooling="avg")


# %% [markdown]
# Lite0 is there whole, and cut at an early and at a late layer.

# %%
lite0 = lite(EfficientNetLite0, 224)
block3, block6 = (
    layers.GlobalAveragePooling2D()(lite0.get_layer(cut).output)
    for cut in ("block3b_add", "block6d_add")
)
bases = {
    "random": from_pixels(lite(EfficientNetLite0, 224, weights=None)),
    "Lite0 to block 3": from_pixels(keras.Model(lite0.input, block3)),
    "Lite0 to block 6": from_pixels(keras.Model(lite0.input, block6)),
    "Lite0": from_pixels(lite0),
    "Lite1": from_pixels(lite(EfficientNetLite1, 240)),
    "Lite2": from_pixels(lite(EfficientNetLite2, 260)),
}
print({name: base.output_shape[1] for name, base in bases.items()})

# %% [markdown]
# ### A file that you have
#
# The article of 2019 took InceptionV3, whose weights do not come with this course. If you have the
# file of its weights without the top, say where it lies; it joins all tables
# below. Without it, InceptionV3 and VGG16 are built with random weights: enough to
# learn what they cost.

# %%
weights_file = None  # such as "../data/inception_v3_notop.h5"

inputs = keras.Input((299, 299, 3))
inception = keras.applications.InceptionV3(
    include_top=False, weights=weights_file, input_shape=(299, 299, 3), pooling="avg"
)
scaled = layers.Rescaling(1 / 127.5, offset=-1)(inputs)  # what InceptionV3 wants
inception = keras.Model(inputs, inception(scaled))
if weights_file:
    bases["InceptionV3"] = inception

vgg16 = keras.applications.VGG16(
    include_top=False, weights=None, input_shape=(224, 224, 3), pooling="avg"
)
timed = ["random", "Lite0 to block 6", "Lite0", "Lite1", "Lite2"]
costed = {name: bases[name] for name in timed}
costed |= {"InceptionV3": inception, "VGG16": vgg16}

# %% [markdown]
# ## What it costs
#
# Megabytes are parameters times four bytes. Milliseconds have to be measured: on the
# computer where the classifier will run, and in turns, so that whatever else it does
# falls on all alike.
#
# **Predict:** InceptionV3 and VGG16 stand here with random weights. What can you learn about
# them all the same?
#
# <details><summary>Nothing: random weights give random numbers</summary>
#
# **No.** Their *answers* are random. But a picture goes through the same layers, whatever
# their weights are.
#
# </details>
# <details><summary>How many megabytes they take, and nothing else</summary>
#
# **No.** It is natural to think that training makes a network slow. A product takes as long
# with any number: Lite0 with random weights takes about as long as
# Lite0<!--? 1 / 2 < costs.loc["random", "times Lite0"] < 2 -->.
#
# </details>
# <details><summary>Megabytes and milliseconds</summary>
#
# **Yes.** VGG16 turns out to take longer than
# InceptionV3<!--? costs.loc["VGG16", "times Lite0"] > costs.loc["InceptionV3", "times Lite0"] -->, with
# fewer megabytes<!--? costs.loc["VGG16", "MB"] < costs.loc["InceptionV3", "MB"] -->. Only the
# accuracy has to wait for the weights.
#
# </details>

# %% tags=["nbval-ignore-output"] reason="seconds and megabytes differ between machines; the text holds what may be said"
import time


def quickest(bases, turns=4):
    seconds = {name: [] for name in bases}
    for turn in range(turns + 1):
        for name, base in bases.items():
            pixels = np.full((1, *base.input_shape[1:]), 127, "float32")
            start = time.perf_counter()
            base.predict_on_batch(pixels)
            if turn > 0:  # the first one builds the graph
                seconds[name].append(time.perf_counter() - start)
    return pd.Series({name: min(times) for name, times in seconds.items()})


def weigh(bases):
    return pd.Series(
        {name: 4 * base.count_params() / 1e6 for name, base in bases.items()}
    )


costs = pd.DataFrame({"ms a picture": 1000 * quickest(costed), "MB": weigh(costed)})
costs["times Lite0"] = costs["ms a picture"] / costs.loc["Lite0", "ms a picture"]
costs.round(1)

# %% [markdown]
# VGG16 has 59<!--= costs.loc["VGG16", "MB"] --> MB and takes over 5 times as long as
# Lite0<!--? costs.loc["VGG16", "times Lite0"] > 5 -->. Lite2 has a good third more megabytes than
# Lite0<!--? 1.3 < costs.loc["Lite2", "MB"] / costs.loc["Lite0", "MB"] < 1.5 -->, and its pictures are
# larger<!--? bases["Lite2"].input_shape[1] > bases["Lite0"].input_shape[1] -->: it takes longer,
# too<!--? costs.loc["Lite2", "times Lite0"] > 1 -->.
#
# So strike out what is too slow or too large for you before you fetch any weights.

# %% [markdown]
# ## What it is worth
#
# Features once, as in lesson 7, and a head of logistic regression. Before it, each column
# is brought to one scale: the columns of a random network are tiny, and it
# should not lose by that.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.features import compute_features

ends = layers.Concatenate()([block3, block6, lite0.output])
at_once = from_pixels(keras.Model(lite0.input, ends))  # three candidates, one pass
columns = compute_features(at_once, train_paths, crop=True)
widths = np.cumsum([block3.shape[1], block6.shape[1]])
cuts = np.split(columns, widths, axis=1)
features = dict(
    zip(["Lite0 to block 3", "Lite0 to block 6", "Lite0"], cuts, strict=True)
)
for name in bases:
    if name not in features:
        features[name] = compute_features(bases[name], train_paths, crop=True)
print({name: columns.shape for name, columns in features.items()})

# %% [markdown]
# **Predict:** of Lite0, Lite1 and Lite2, which will be right most often?
#
# <details><summary>Lite2: the largest, and the best on ImageNet</summary>
#
# **No.** It was ahead
# there<!--? published["top-1 %"]["Lite2"] > published["top-1 %"]["Lite1"] > published["top-1 %"]["Lite0"] -->, on many more classes. Two classes
# ask for less, and so few pictures do not show a difference that small.
#
# </details>
# <details><summary>Lite0: small networks learn less by heart</summary>
#
# **No.** The backbone learns nothing here, and the head has as many weights on each
# of them.
#
# </details>
# <details><summary>They are not told apart</summary>
#
# **Yes.**<!--? np.ptp(scores[["Lite0", "Lite1", "Lite2"]].mean()) < scores[["Lite0", "Lite1", "Lite2"]].std().max() -->
# The means differ by less than a spread.
#
# </details>

# %%
head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
divisions = StratifiedShuffleSplit(10, train_size=0.5, random_state=0)
scores = pd.DataFrame(
    {
        name: cross_val_score(head, features[name], train_labels, cv=divisions)
        for name in bases
    }
)
scores.agg(["mean", "std"]).T.round(2)

# %% [markdown]
# Every candidate saw the same divisions, so compare within them: how far is each ahead of
# Lite0, division by division?

# %%
ahead = scores.sub(scores["Lite0"], axis=0).drop(columns="Lite0")
ahead = ahead.agg(["mean", "std"]).T
ahead["told apart"] = ahead["mean"].abs() > ahead["std"]
ahead.round(2)

# %% [markdown]
# Here, two are **told apart** if their mean difference is larger than its
# spread<!--? (ahead["told apart"] == (ahead["mean"].abs() > ahead["std"])).all() -->.
# Random weights and the early cut are
# behind<!--? ahead.loc[["random", "Lite0 to block 3"], "mean"].max() < 0 and ahead.loc[["random", "Lite0 to block 3"], "told apart"].all() -->.
# Lite1, Lite2 and the cut after block 6 are not told apart from
# Lite0<!--? not ahead.loc[["Lite0 to block 6", "Lite1", "Lite2"], "told apart"].any() -->:
# what Lite0 computes after block 6 buys nothing here.

# %% [markdown]
# Now both costs, beside what is bought with them. Lite1 and Lite2 stand further to the right
# than Lite0, in megabytes<!--? megabytes[["Lite1", "Lite2"]].min() > megabytes["Lite0"] -->
# and in milliseconds<!--? costs.loc[["Lite1", "Lite2"], "times Lite0"].min() > 1 -->, and
# neither is higher by more than a spread<!--? not ahead.loc[["Lite1", "Lite2"], "told apart"].any() -->:

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines, and with them the picture"
megabytes = weigh(bases)
measures = {"MB without the top": megabytes, "ms a picture": costs["ms a picture"]}
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
for ax, (label, measure) in zip(axes, measures.items(), strict=True):
    for number, name in enumerate(scores):
        if name in measure:
            line = {"fmt": "o", "capsize": 4, "color": f"C{number}", "label": name}
            mean, std = scores[name].mean(), scores[name].std()
            ax.errorbar(measure[name], mean, yerr=std, **line)
    ax.set(xlabel=label, ylim=(0.4, 1.02), xlim=0)
axes[0].set(ylabel="accuracy, mean and spread")
axes[0].set_title("What it is worth against what it costs")
axes[1].legend(*axes[0].get_legend_handles_labels(), loc="lower left")
worth = ", ".join(f"{name} {scores[name].mean():.2f}" for name in bases)
show(fig, f"A point for each candidate; mean accuracies: {worth}.")

# %% [markdown]
# ## Published tables
#
# Two publish what the weights that they hand out get on ImageNet:
# [Keras](https://keras.io/api/applications/) and
# [Google, for EfficientNet-Lite](https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite).
# Beside their figures stand ours, without the top.

# %%
published = pd.DataFrame(
    [
        ("VGG16", "Keras", 71.3, 528, 69.5),
        ("InceptionV3", "Keras", 77.9, 92, 42.2),
        ("Lite0", "Google", 75.1, 4 * 4.7, 12),
        ("Lite1", "Google", 76.7, 4 * 5.4, 18),
        ("Lite2", "Google", 77.6, 4 * 6.1, 26),
    ],
    columns=["network", "table of", "top-1 %", "MB", "ms"],
).set_index("network")
published["MB without top"] = costs["MB"]
published.round(1)

# %% [markdown]
# - **Megabytes.** They are with the top: of VGG16's 528<!--= published.loc["VGG16", "MB"] --> you keep
#   59<!--= published.loc["VGG16", "MB without top"] -->.
# - **Milliseconds.** Keras's are of a batch of 32 on a processor of 92 cores, Google's of one
#   picture on a telephone<!--! the makers' own notes beside their tables -->. Compare within a
#   table, and only there.
# - **Accuracy.** It is that of all classes of ImageNet, on a center crop. Other
#   collections, such as timm, run the same weights with another crop, another
#   interpolation, other means<!--! its settings for tf_efficientnet_lite0 -->, and state
#   other figures. What it says of your two classes, you have just measured.

# %% [markdown]
# ## Forecasts
#
# Features of all pictures, from all candidates: that is a night's work where candidates
# are many. Three forecasts need 20<!--= len(few) --> labelled pictures and a moment:
#
# - **Nearest neighbors:** has the most similar of the other pictures the same label?
# - A **probe**: a head learns from some of these and is asked about the others, then the
#   other way round.
# - **LogME**: how probable are these labels, if they come from the features by *some*
#   weighted sum, and noise? All sums count, each by its likelihood, so none is fitted
#   and none tested; the one number left, noise against weights, is chosen from a grid.
#
# By hand, for two classes:


# %%
def logme(features, labels):
    n, target = len(labels), np.where(labels == 1, 1.0, -1.0)
    strengths, directions = np.linalg.eigh(features @ features.T)  # n of each
    strengths = np.maximum(strengths, 0)
    along = (directions.T @ target) ** 2
    evidence = []
    for noise in strengths.max() * np.logspace(-6, 6, 49):
        share = 1 + strengths / noise
        misfit = n * np.log((along / share).sum() / n)
        evidence.append(-(misfit + np.log(share).sum() + n * (1 + np.log(2 * np.pi))))
    return max(evidence) / (2 * n)


toy_labels = np.repeat([0, 1], 10)
useless = np.random.default_rng(0).normal(size=(20, 50))
useful = useless + toy_labels[:, None]
toys = {"useless": logme(useless, toy_labels), "useful": logme(useful, toy_labels)}
print({name: round(float(value), 2) for name, value in toys.items()})

# %% [markdown]
# The features that hold the labels get the higher
# evidence<!--? toys["useful"] > toys["useless"] -->. scikit-learn's `BayesianRidge` computes the
# same quantity on its way; do they agree?

# %%
from sklearn.linear_model import BayesianRidge

columns = StandardScaler().fit_transform(features["Lite0 to block 3"])
ridge = BayesianRidge(compute_score=True, fit_intercept=False)
ridge.fit(columns, np.where(train_labels == 1, 1.0, -1.0))
theirs = ridge.scores_[-1] / len(train_labels)
ours = logme(columns, train_labels)
print(f"by hand {ours:.2f}, scikit-learn {theirs:.2f}")

# %% [markdown]
# All three, from features and labels:

# %%
from sklearn.model_selection import StratifiedKFold


def forecasts(columns, labels):
    scaled = StandardScaler().fit_transform(columns)
    apart = np.linalg.norm(scaled[:, None] - scaled, axis=2)
    nearest = (apart + np.diag(np.full(len(labels), np.inf))).argmin(axis=1)
    halves = StratifiedKFold(2)
    return {
        "neighbors": (labels[nearest] == labels).mean(),
        "probe": cross_val_score(head, columns, labels, cv=halves).mean(),
        "LogME": logme(scaled, labels),
    }


# %% [markdown]
# Compare them with the truth, the means that you have just seen, from all
# 200<!--= len(train_labels) --> pictures. The test set stays untouched.
#
# **Predict:** again and again, 20<!--= len(few) --> pictures are drawn, and each forecast names its favorite of
# the candidates. How often is that one of the good, within two points of the best?
#
# <details><summary>About half of the time: twenty pictures are next to nothing</summary>
#
# **No.** They are few for telling the good ones apart. But the bad ones lie far
# below.
#
# </details>
# <details><summary>Each time, and it is the same one each time</summary>
#
# **No.** Which of the good ones is named depends on the
# draw<!--? favorites.nunique().min() > 1 -->.
#
# </details>
# <details><summary>Each time, but not always the same one</summary>
#
# **Yes.**<!--? good.all(axis=None) and (favorites.nunique() > 1).all() -->
#
# </details>

# %%
truth = scores.mean()
draws = StratifiedShuffleSplit(10, train_size=20, random_state=0)
told = []
for draw, (few, _) in enumerate(draws.split(train_paths, train_labels)):
    for name, columns in features.items():
        found = forecasts(columns[few], train_labels[few])
        told += [(draw, which, name, value) for which, value in found.items()]
told = pd.DataFrame(told, columns=["draw", "forecast", "candidate", "value"])
told = told.pivot(index=["draw", "forecast"], columns="candidate", values="value")
told = told[list(bases)]
told.groupby("forecast").mean().round(2)

# %% [markdown]
# How good is the order that a forecast gives? **Rank correlation** is 1 if it is that of the
# truth, 0 if it has nothing to do with it.

# %%
ranks = told.T.corrwith(truth, method="spearman").unstack("forecast")
favorites = told.idxmax(axis=1).unstack("forecast")
good = favorites.replace(truth.to_dict()).astype(float) >= truth.max() - 0.02
summary = ranks.agg(["mean", "std"]).T
summary["good favorites of 10"] = good.sum()
summary["favorites"] = favorites.nunique()
of_logme = told.xs("LogME", level="forecast").mean()
summary.round(1)

# %% [markdown]
# Each favorite was one of the good<!--? good.all(axis=None) -->, for the hopeless lie far
# below. But which of the good it was changed with the twenty
# pictures<!--? favorites.nunique().min() > 1 -->: they tell good from bad, not good from best. And
# an order can be wrong further down: on average LogME prefers random weights to the cut after
# block 3<!--? of_logme["random"] > of_logme["Lite0 to block 3"] -->, which is right more
# often<!--? truth["random"] < truth["Lite0 to block 3"] -->.
#
# ## A rule in five lines
#
# 1. Take what was trained on pictures like yours, to tell kinds of things apart; not edges.
# 2. Strike out what is too slow or too large on the computer where it will run. This needs
#    no weights.
# 3. Many left? Let a forecast from a few pictures strike out the hopeless.
# 4. Compare the rest in the same divisions of your training set; of those not told apart,
#    take the lightest.
# 5. Test that one, once.
#
# By this rule:

# %%
best = truth.idxmax()
behind = scores.rsub(scores[best], axis=0).agg(["mean", "std"]).T
level = behind.index[behind["mean"] <= behind["std"]]
chosen = megabytes[level].idxmin()
print(f"best mean: {best}; level with it: {', '.join(level)}; the lightest: {chosen}")

test_features = compute_features(bases[chosen], test_paths, crop=True)
head.fit(features[chosen], train_labels)
tested = head.score(test_features, test_labels)
print(f"on {len(test_labels)} test pictures, once: {tested:.2f}")

# %% [markdown]
# The rule takes Lite0, cut after block 6<!--? chosen == "Lite0 to block 6" -->: 30%<!--= 1 - megabytes[chosen] / megabytes["Lite0"] -->
# of the megabytes are saved. On the test set, which chose nothing, it is right on more
# than nine in ten<!--? tested > 0.9 -->.

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=9
assert toys["useful"] > toys["useless"] + 0.05
assert abs(ours - theirs) < 0.01
assert costs.loc["VGG16", "times Lite0"] > costs.loc["InceptionV3", "times Lite0"]
assert costs.loc["InceptionV3", "MB"] > costs.loc["VGG16", "MB"]
assert scores["Lite0"].mean() > scores["Lite0 to block 3"].mean() + 0.1
assert scores["Lite0 to block 3"].mean() > scores["random"].mean()
assert ranks.mean().min() > 0.5
assert truth[chosen] > truth.max() - 0.02
assert tested > 0.9
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Another family's preprocessing.** Symptom: a backbone that others praise is poor, and no
# error is raised. Cause: each family wants its own scale of pixels. VGG16 wants colors in
# another order, their means taken away; give that to Lite0, and see:

# %%
inputs = keras.Input((224, 224, 3))
misled = keras.Model(inputs, lite0(keras.applications.vgg16.preprocess_input(inputs)))
poor = compute_features(misled, train_paths, crop=True)
misled_scores = cross_val_score(head, poor, train_labels, cv=divisions)
print(f"{misled_scores.mean():.2f} instead of {scores['Lite0'].mean():.2f}")

# %% [markdown]
# More than a spread is
# lost<!--? scores["Lite0"].mean() - misled_scores.mean() > scores["Lite0"].std() -->.
# Remedy: the preprocessing of the same family, as a layer inside the base.
#
# **A path that leads nowhere.** Symptom:

# %%
try:
    keras.applications.InceptionV3(include_top=False, weights="inception_v3.h5")
except ValueError as error:
    message = " ".join(str(error).split())
    print(f"ValueError: {message[:88]} …")

# %% [markdown]
# It asks for `the path to the weights file to be loaded`<!--= message -->, and does not say that
# there is no such file. Cause: a path is meant from the folder of the notebook. Remedy:
# `Path(weights_file).resolve()` shows where Keras looks.
#
# **The test set chooses.** Symptom: the chosen backbone disappoints on new pictures.
# Cause: a score that was picked from many is partly luck. Remedy: the last two lines of
# the rule.

# %% [markdown]
# ## What you saw
#
# - VGG16 weighs less than InceptionV3 and takes longer<!--? costs.loc["VGG16", "MB"] < costs.loc["InceptionV3", "MB"] and costs.loc["VGG16", "times Lite0"] > costs.loc["InceptionV3", "times Lite0"] -->:
#   measure both, before you have weights.
# - On 200<!--= len(train_labels) --> drawn pets Lite0, Lite1 and Lite2 are not told
#   apart<!--? not ahead.loc[["Lite1", "Lite2"], "told apart"].any() -->, and Lite0 without its
#   end is level with them<!--? "Lite0 to block 6" in level -->. More pictures, or harder
#   ones, may tell them apart<!--! none were tried here -->.
# - Right task, edges, nothing: on pictures of the same size the best heads are right on
#   92%<!--= ladder.loc["Lite0 at 96", "ImageNet"] -->, 83%<!--= ladder["edges"].max() --> and
#   61%<!--= ladder["nothing"].max() -->.
# - A forecast from 20<!--= len(few) --> pictures named one of the good in every
#   draw<!--? good.all(axis=None) -->, and not one and the same<!--? favorites.nunique().min() > 1 -->.

# %%
from helpers.ties import compare_text

compare_text("09_choose_a_backbone", globals())

# %% [markdown]
# ## Try it
#
# Three exercises, each with a check that tells you what is right and what is not yet:
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
import pandas as pd
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.backbones import EfficientNetLite0
from helpers.features import compute_features
from helpers.picture_sets import open_pictures

pictures = open_pictures("drawn")
train_paths, train_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
print(len(train_paths), "pictures to learn from")

# %% [markdown] tags=["exercise-setup"]
# Lite0's maps after each of its blocks, pooled, in one pass: `depths` has the columns
# of each layer.

# %% tags=["exercise-setup"]
lite0 = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3))
cuts = ["block1a_project_bn", "block2b_add", "block3b_add", "block4c_add"]
cuts += ["block5c_add", "block6d_add", "top_activation"]
maps = keras.Model(lite0.input, [lite0.get_layer(cut).output for cut in cuts])
inputs = keras.Input((224, 224, 3))
means = [
    layers.GlobalAveragePooling2D()(depth)
    for depth in maps(layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
]
base = keras.Model(inputs, layers.Concatenate()(means))
columns = compute_features(base, train_paths, crop=True)
ends = np.cumsum([mean.shape[-1] for mean in means])
depths = dict(zip(cuts, np.split(columns, ends[:-1], axis=1), strict=True))
head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
divisions = StratifiedShuffleSplit(10, train_size=0.5, random_state=0)
print({cut: depth.shape[1] for cut, depth in depths.items()})

# %% [markdown] tags=["exercise"]
# ## 9.1 · Cut it as early as you can
#
# Find the earliest layer after which the head is right no more than one spread less often
# than on the whole network, `"top_activation"`. Change one line, as often as you like.

# %% tags=["exercise-gap"]
cut = "block2b_add"  # change this line
for name in (cut, "top_activation"):
    scores = cross_val_score(head, depths[name], train_labels, cv=divisions)
    print(f"{name}: {scores.mean():.3f} ± {scores.std():.3f}")

# %% [markdown] tags=["exercise-hint"]
# `cuts` lists the layers from early to late. Begin in the middle.

# %% tags=["exercise-solution"]
cut = "block6d_add"
for name in (cut, "top_activation"):
    scores = cross_val_score(head, depths[name], train_labels, cv=divisions)
    print(f"{name}: {scores.mean():.3f} ± {scores.std():.3f}")

# %% tags=["exercise-solution"]
by_depth = pd.Series(
    {
        name: cross_val_score(head, columns, train_labels, cv=divisions).mean()
        for name, columns in depths.items()
    }
)
by_depth.round(2)

# %% [markdown] tags=["exercise-solution"]
# From block to block the head is right more
# often<!--? by_depth.iloc[:6].is_monotonic_increasing -->, up to block 6; what comes after
# it adds less than a spread<!--? abs(by_depth["top_activation"] - by_depth["block6d_add"]) < scores.std() -->.

# %% [markdown] tags=["exercise"]
# ## 9.2 · Told apart?
#
# How far is the whole network, `"top_activation"`, ahead of `"block3b_add"`, in each of the
# ten divisions? Put the ten differences into `ahead`, and into `told_apart` whether their mean is
# larger than their spread.

# %% tags=["exercise-gap"]
ahead = ...  # ten differences
told_apart = ...  # True or False

# %% [markdown] tags=["exercise-hint"]
# `cross_val_score(head, depths[name], train_labels, cv=divisions)` gives ten accuracies, in the
# same divisions each time.

# %% [markdown] tags=["exercise-hint"]
# Arrays can be subtracted, place by place; `ahead.mean()` and `ahead.std()` do the rest.

# %% tags=["exercise-solution"]
whole, early = (
    cross_val_score(head, depths[name], train_labels, cv=divisions)
    for name in ("top_activation", "block3b_add")
)
ahead = whole - early
told_apart = bool(abs(ahead.mean()) > ahead.std())
print(f"{ahead.mean():.2f} ± {ahead.std():.2f}: told apart: {told_apart}")

# %% [markdown] tags=["exercise-solution"]
# About 31<!--= 100 * ahead.mean(), 3 --> points ahead, several times the
# spread<!--? ahead.mean() > 2 * ahead.std() -->.

# %% [markdown] tags=["exercise"]
# ## 9.3 · The rule as a function
#
# Write `choose(scores, megabytes, budget)`. `scores` is a table: a column for each candidate, a row for
# each division. `megabytes` says what each weighs, `budget` what it may weigh at most. Of
# the candidates that fit, find the one with the best mean; a candidate is level with it if
# the mean of (best minus candidate) over the divisions is no larger than the spread of these
# differences. Return the name of the lightest that is level.


# %% tags=["exercise-gap"]
def choose(scores, megabytes, budget):
    return ...  # a name


# %% [markdown] tags=["exercise-hint"]
# `megabytes.index[megabytes <= budget]` are the names that fit; `scores[names]` are their columns.

# %% [markdown] tags=["exercise-hint"]
# `scores.mean().idxmax()` is the name with the best mean. For each name,
# `scores[best] - scores[name]` is a column of differences.


# %% tags=["exercise-solution"]
def choose(scores, megabytes, budget):
    fitting = scores[megabytes.index[megabytes <= budget]]
    best = fitting.mean().idxmax()
    behind = fitting.rsub(fitting[best], axis=0)
    level = behind.columns[behind.mean() <= behind.std()]
    return megabytes[level].idxmin()


# %% tags=["exercise-solution"]
table = pd.DataFrame(
    {
        name: cross_val_score(head, columns, train_labels, cv=divisions)
        for name, columns in depths.items()
    }
)
megabytes = pd.Series(
    {
        name: 4 * keras.Model(lite0.input, lite0.get_layer(name).output).count_params()
        for name in depths
    }
)
megabytes /= 1e6
picked = {budget: choose(table, megabytes, budget) for budget in (14, 5, 1)}
print(megabytes.round(1).to_dict())
print(picked)

# %% [markdown] tags=["exercise-solution"]
# With 14 MB to spend, the rule takes the network that ends after block 6<!--? picked[14] == "block6d_add" -->;
# with 5 MB, or 1, what is left of it has to
# do<!--? picked[14] != picked[5] != picked[1] -->.

# %% [markdown]
# ## Go on
#
# - [LogME](https://arxiv.org/abs/2102.11005), by You and others: where the third forecast comes
#   from, with candidates by the dozen.
# - The [table](../benchmarks/results/accuracy_photographs.md) of accuracies on photographs: how far
#   Lite2 is ahead where there are more pictures.
# - [Keras Applications](https://keras.io/api/applications/): backbones with their
#   preprocessing functions.
