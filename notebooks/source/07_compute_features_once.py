# %% [markdown]
# # 7 · Compute features once
#
# In lesson 6 you waited for the same pictures to pass through the same frozen network,
# again and again. Here you let each of them pass once, keep what comes out, and train
# heads by the dozen while the kettle boils.

# %% [markdown]
# ## What you will learn
#
# - **Count** what a frozen base computes twice, and prove that it is the same.
# - **Compute** the features of your pictures once, and keep them on disk.
# - **Train** many heads in seconds, and so answer what you wonder about: how many
#   pictures, which backbone, squeezed or cropped.
# - **Say** what you give up, and when that matters.

# %% [markdown]
# ## You need
#
# Lesson 6. About a minute of computing on two CPU cores the first time, and half of that
# ever after: this is the lesson's point.

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

from helpers.backbones import EfficientNetLite0
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")  # or "photos"
train_paths, train_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
test_paths, test_labels = pictures.test_set()
print(len(train_paths), "pictures to learn from,", len(test_paths), "to test with")

# %% [markdown]
# ## The idea
#
# A frozen base is a function that never changes: the same picture in, the same numbers
# out. Training over a hundred epochs, as the article does, asks this function the same
# question a hundred times for each picture. The answers, one vector of numbers for each picture, are its
# **features**; whoever writes them down needs to ask only once.

# %%
import matplotlib.pyplot as plt

from helpers.figures import show

passes = {"train inside fit, 100 epochs": len(train_paths) * 100}
passes["compute features once"] = len(train_paths)
fig, ax = plt.subplots(figsize=(7, 1.8))
bars = ax.barh(list(passes), list(passes.values()), color=["C1", "C0"])
ax.bar_label(bars, fmt="{:,.0f}", padding=4)
ax.set_xlabel("forward passes through the base")
fig.suptitle(
    "Of a hundred passes, ninety-nine compute what is known", x=0.01, ha="left"
)
ax.set_xlim(0, 24_000)
ax.invert_yaxis()
times_fewer = passes["train inside fit, 100 epochs"] / passes["compute features once"]
show(fig, f"Two bars: {' against '.join(f'{n:,}' for n in passes.values())} passes.")

# %% [markdown]
# ## By hand
#
# The base, with its preprocessing inside, from raw pixels to one vector for each picture:
# `pooling="avg"` is the GlobalAveragePooling2D of lesson 3.

# %%
backbone = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg"
)
inputs = keras.Input((224, 224, 3))
scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)  # 0…255 -> about −1…1
base = keras.Model(inputs, backbone(scaled))

few = np.stack([read_picture(path, (224, 224)) for path in train_paths[:8]])
by_hand = base.predict_on_batch(few)
again = base.predict_on_batch(few)
n_features = by_hand.shape[1]
print(by_hand.shape, "the same again:", bool((by_hand == again).all()))

# %% [markdown]
# Each picture became 1,280<!--= n_features --> numbers, and the second pass gave exactly
# the numbers of the first. That is all there is to it.
#
# ## With the helper
#
# `compute_features` does the same for any number of pictures. It reads ahead and computes
# two small batches at once, so that no core is idle, and keeps the results on disk, under
# the *content* of picture and base: change one picture, and only that one is computed again.

# %%
from helpers.features import compute_features

train_features = compute_features(base, train_paths)
test_features = compute_features(base, test_paths)
print(train_features.shape, test_features.shape)
print("as by hand:", np.allclose(train_features[:8], by_hand, atol=1e-4))

# %% [markdown]
# Now run the cell above once more. Nothing is computed; the features come from the disk
# in a fraction of a second.

# %% [markdown]
# ## Heads in seconds
#
# A head needs nothing but features. Here is the article's head, all 100<!--= epochs --> epochs of it.


# %%
def make_head():
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            layers.Dense(1024, activation="relu"),
            layers.Dense(2, activation="softmax"),
        ]
    )


head = make_head()
head.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
epochs = 100
head.fit(train_features, train_labels, batch_size=50, epochs=epochs, verbose=0)
_, head_accuracy = head.evaluate(test_features, test_labels, verbose=0)
print(f"Keras head: about {head_accuracy:.0%} of {len(test_labels)} unseen pictures")

# %% [markdown]
# And here is a rival you know well. Features are columns, labels are labels: this is a
# case for **logistic regression**, which has no layers, no epochs and no learning rate.

# %%
from sklearn.linear_model import LogisticRegression

regression = LogisticRegression(max_iter=1000).fit(train_features, train_labels)
regression_accuracy = regression.score(test_features, test_labels)
print(f"logistic regression: about {regression_accuracy:.0%}")

# %% [markdown]
# The head with a million parameters is right on about 98%<!--= head_accuracy, 0.01 -->,
# logistic regression on about 98%<!--= regression_accuracy, 0.01 --> as well. The backbone
# did the work; what stands on top of it hardly matters.
#
# ## How many pictures are enough?
#
# Before, this question cost an evening for each point of the curve. Now it costs a
# moment: draw some of the training pictures, train, test, ten times over with ten seeds.


# %%
def accuracy_with(per_class, seed, train, test):
    rng = np.random.default_rng(seed)
    chosen = [
        rng.permutation(np.flatnonzero(train_labels == k))[:per_class] for k in (0, 1)
    ]
    rows = np.concatenate(chosen)
    model = LogisticRegression(max_iter=1000).fit(train[rows], train_labels[rows])
    return model.score(test, test_labels)


sizes = [5, 10, 25, 50, 90]
curve = pd.DataFrame(
    {
        n: [accuracy_with(n, s, train_features, test_features) for s in range(10)]
        for n in sizes
    }
)
curve.agg(["mean", "std"]).round(2)

# %%
from helpers.figures import learning_curve_axes

fig, ax = learning_curve_axes(sizes)
ax.errorbar(sizes, curve.mean(), yerr=curve.std(), marker="o", capsize=4)
ax.set_ylabel("accuracy on unseen pictures")
ax.set_ylim(0.4, 1.02)
ax.set_title("A few dozen pictures of each class get you most of the way")
show(fig, "Accuracy: " + ", ".join(f"{curve[n].mean():.2f} with {n}" for n in sizes))

# %% [markdown]
# Mean and spread of ten seeds: five pictures of each give
# 89%<!--= curve[5].mean(), 0.03 --> or so, ninety give 98%<!--= curve[90].mean(), 0.01 -->.
# The bars tell you something that one number never tells: with few pictures, *which* ones
# you happened to take matters more than any setting.
#
# ## Two backbones side by side
#
# Features are columns, so two backbones can stand side by side. EfficientNet-Lite2 is a
# larger relative that looks at larger pictures.

# %% tags=["nbval-ignore-output"] reason="a picture on the border changes the last digit; the text holds all three means"
from helpers.backbones import EfficientNetLite2

second = EfficientNetLite2(include_top=False, input_shape=(260, 260, 3), pooling="avg")
inputs = keras.Input((260, 260, 3))
scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
base_2 = keras.Model(inputs, second(scaled))
train_2, test_2 = (compute_features(base_2, p) for p in (train_paths, test_paths))
both = [
    np.hstack(pair) for pair in ((train_features, train_2), (test_features, test_2))
]
backbones = {"Lite0": (train_features, test_features), "Lite2": (train_2, test_2)}
backbones["both joined"] = tuple(both)
rivals = pd.Series(
    {
        name: 100 - 100 * np.mean([accuracy_with(90, s, *data) for s in range(10)])
        for name, data in backbones.items()
    },
    name="mistakes in 100",
)
rivals.round(1)

# %% [markdown]
# The larger one makes 1.5<!--= rivals["Lite2"], 0.4 --> mistakes in a hundred, against
# 1.8<!--= rivals["Lite0"], 0.4 -->; both together make 0.8<!--= rivals["both joined"], 0.4 -->.
# Two pairs of eyes see more than one. Whether that holds for your pictures, two lines tell
# you.
#
# ## Squeezed or cropped?
#
# The network looks through a square window, and few pictures are square. So far each was
# **squeezed** to fit, as Keras's generators do. The other way is a **center crop**: keep
# the proportions, and cut off on both sides what is then too long. Which one is better?
# You get a thin cat, or you lose an ear.

# %%
from helpers.figures import picture_grid

shapes = [read_picture(path).shape for path in train_paths]
wide = train_paths[np.argmax([width / height for height, width, _ in shapes])]
squeezed, cropped = (
    read_picture(wide, (224, 224), crop=crop) for crop in (False, True)
)
fig = picture_grid(
    [read_picture(wide), squeezed, cropped], ["as it is", "squeezed", "cropped"]
)
n_square = sum(height == width for height, width, _ in shapes)
show(
    fig,
    f"A wide picture, squeezed and cropped. {n_square} of {len(shapes)} are square.",
)

# %% [markdown]
# Guessing is cheap, and so is measuring now. The same backbone, the same pictures, cropped:

# %%
cropped_train, cropped_test = (
    compute_features(base, p, crop=True) for p in (train_paths, test_paths)
)
curve_cropped = pd.DataFrame(
    {
        n: [accuracy_with(n, s, cropped_train, cropped_test) for s in range(10)]
        for n in sizes
    }
)
fig, ax = learning_curve_axes(sizes)
for name, shares, line in (
    ("squeezed", curve, "C1s--"),
    ("cropped", curve_cropped, "C0o-"),
):
    ax.plot(sizes, 100 * (1 - shares.mean()), line, label=name)
ax.set_ylabel("mistakes in 100 unseen pictures")
ax.set_ylim(bottom=0)
ax.set_title("On these test pictures, cropping beats squeezing")
ax.legend()
better = (curve_cropped.mean() > curve.mean()).sum()
show(fig, f"Cropped, a head makes fewer mistakes at {better} of {len(sizes)} sizes.")

# %% [markdown]
# Here cropping wins: with ninety pictures of each class a head is wrong on
# 1.3<!--= 100 * (1 - curve_cropped[90].mean()), 0.4 --> in a hundred, instead of
# 1.8<!--= 100 * (1 - curve[90].mean()), 0.4 -->. But do not make a law of it yet. Your ten
# seeds change what a head learns from, and all are asked about the same test pictures.
# Divided anew, drawn pets leave the two ways
# [nearly level](../benchmarks/results/accuracy_drawn.md). Photographs do not: there, cropping
# takes [a quarter of the mistakes](../benchmarks/results/accuracy_photographs.md) away.
# The backbone learned from photographs whose proportions were kept, more or less.
#
# Whichever you choose, keep to it: a model that learned from cropped pictures wants to be
# asked with cropped ones, `read_picture(path, size, crop=True)`.
#
# ## Back to one model
#
# A head on features is of no use to a friend with a photograph. Join it to its base, and
# you have a model as in lesson 6, from raw pixels to a name; save it in the same way.

# %%
from helpers.heads import join

model = join(base, head)
pixels = np.stack([read_picture(path, (224, 224)) for path in test_paths[::40]])
answers = model.predict_on_batch(pixels)
expected = head.predict_on_batch(test_features[::40])
print("joined and apart agree:", np.allclose(answers, expected, atol=1e-3))

# %% [markdown]
# ## Check it

# %% tags=["check"]
from helpers.heads import head_from_regression

assert (by_hand == again).all()
assert np.allclose(train_features[:8], by_hand, atol=1e-4)
assert head_accuracy >= 0.965
assert regression_accuracy >= 0.965
assert curve[90].mean() > curve[10].mean() > curve[5].mean() - 0.02
assert rivals["both joined"] <= rivals["Lite0"] + 0.5
assert curve_cropped.mean().mean() > curve.mean().mean()
assert np.allclose(answers, expected, atol=1e-3)
same = head_from_regression(regression)(test_features)  # it *is* a dense layer
assert np.allclose(same, regression.predict_proba(test_features), atol=1e-4)
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Labels out of step.** Symptom: training goes well, the test looks like guessing.
# Cause: features were collected from a generator that shuffles, labels from somewhere
# else. Run it once, so that you recognize it:

# %%
shuffled = np.random.default_rng(0).permutation(len(test_labels))
out_of_step = head.predict(test_features[shuffled], verbose=0).argmax(-1)
accuracy_out_of_step = (out_of_step == test_labels).mean()
print(f"the same head, features shuffled: right on about {accuracy_out_of_step:.1f}")

# %% [markdown]
# About 50%<!--= accuracy_out_of_step, 0.08 -->. Remedy: one list of paths, in one order,
# for features and labels alike; `compute_features` keeps the order that you give it.
#
# **The base has changed, the features have not.** Symptom: a model that was good on
# features is poor when joined. Cause: the base was fine-tuned, or another preprocessing
# was put before it, after the features had been saved. `compute_features` keeps features
# under a **fingerprint** of everything that the base computes, so this cannot happen:

# %%
from helpers.features import fingerprint

before = fingerprint(base)
kernel = backbone.get_layer("stem_conv").kernel
kernel.assign(kernel * 1.001)  # what fine-tuning does, a little
after = fingerprint(base)
kernel.assign(kernel / 1.001)
print("a changed base has a fingerprint of its own:", before != after)

# %% [markdown]
# ## What you give up
#
# **Augmentation.** A picture that is flipped and cropped anew in each epoch is a new
# picture in each epoch, with new features. Does it help? Measure before you pay: add the
# mirrored copies of all training pictures, computed once.

# %%
mirrored = np.concatenate(
    [
        base.predict_on_batch(
            np.stack(
                [read_picture(p, (224, 224))[:, ::-1] for p in train_paths[i : i + 20]]
            )
        )
        for i in range(0, len(train_paths), 20)
    ]
)
doubled = LogisticRegression(max_iter=1000).fit(
    np.vstack([train_features, mirrored]), np.tile(train_labels, 2)
)
gain = doubled.score(test_features, test_labels) - regression_accuracy
print("mirrored copies change less than one answer in a hundred:", abs(gain) < 0.01)

# %% [markdown]
# Next to nothing, for better or worse. With a frozen base and an
# easy task, augmentation has little to add.
#
# **Fine-tuning.** When the base itself shall learn, its features change with every step.
# Then you need the training of lesson 6, and better begin with a head trained here.

# %% [markdown]
# ## What you saw
#
# - A hundred epochs inside `fit` need 100<!--= times_fewer --> times the forward passes, for the
#   same numbers.
# - From features on disk, a head with a million parameters trains in seconds and is right
#   on about 98%<!--= head_accuracy, 0.01 --> of 400<!--= len(test_labels) --> unseen pictures;
#   so is logistic regression.
# - Ten seeds and a learning curve took less time than one epoch of lesson 6. So you can
#   ask whether to crop or to squeeze, instead of guessing.

# %%
from helpers.ties import compare_text

compare_text("07_compute_features_once", globals())

# %% [markdown]
# ## Try it
#
# - **Predict, then run:** train the head on labels shuffled by
#   `np.random.default_rng(0).permutation(train_labels)`. Training accuracy? Test accuracy?
#   (You should see a perfect one, and one near half.)
# - **Change** `sizes` to begin with a single picture of each class.
# - **Explore:** which of the columns does logistic regression weigh most? Show the nine
#   pictures in which that column is largest.

# %% [markdown]
# ## Go on
#
# - scikit-learn's [user guide on pipelines](https://scikit-learn.org/stable/modules/compose.html):
#   features deserve a scaler and a cross-validation, too.
# - `benchmarks/` in this project measures what this lesson claims, against five published
#   recipes.
