# %% [markdown]
# # 0 · Start here
#
# Here you find out whether your computer is ready and how to read these lessons, and you
# look ahead once to what you will have at the end.

# %% [markdown]
# ## What you will learn
#
# - **Check** that your computer is ready, and what to do if it is not.
# - **Read** a lesson so that it sticks: predict, run, change.
# - **See** the whole way, from pictures to a classifier, in a few lines.

# %% [markdown]
# ## You need
#
# Some Python, and a memory of fitting a logistic regression in scikit-learn: no deep
# learning, no graphics card, no network. About a minute of computing on two CPU cores.

# %% [markdown]
# ## Set up
#
# A gray field like the next one is a **cell**. Click into it and press Shift and Enter: it
# runs, and its output appears below. This one fixes all random numbers, so that you see
# the results that are printed here.

# %%
import sys

sys.path.insert(0, "..")  # the project's folder, where `helpers` lives

from helpers.start import start_lesson

start_lesson(seed=0)

# %% [markdown]
# Is your computer ready?

# %%
from helpers.readiness import readiness

print("\n".join(readiness()))

# %% [markdown]
# A line that does not say *ready* says what was found and what to do about it.

# %% [markdown]
# ## The idea
#
# A child learns to tell cats from dogs from a handful of pictures: it can *see* already,
# fur, ears, eyes, edges. A computer can borrow such eyes. Somebody has trained a network on
# a million photographs and gives it away; you keep what it sees and teach it two new words.
# This is **transfer learning**.
#
# First, the pictures: 200<!--= len(paths) --> to learn from. A program draws them: drawn cats
# and dogs are free, and the same for everyone. (Photographs of your own come in lesson 6.)

# %%
import pandas as pd

from helpers.figures import picture_grid, show
from helpers.picture_sets import open_pictures
from helpers.pictures import find_pictures, read_picture

pictures = open_pictures("drawn")  # or "photos"
table = pd.read_csv(pictures.train_table)
paths = [pictures.train_folder / name for name in table["File Name"]]
names = table["Label"].tolist()
fig = picture_grid([read_picture(path, (224, 224)) for path in paths[:6]], names[:6])
show(fig, f"Six of {len(paths)} pictures to learn from: {', '.join(names[:6])}.")

# %% [markdown]
# A network that was trained on photographs will look at every picture once and write down
# what it saw. Before you run the next cell, answer a question.
#
# **Predict:** a picture comes in as 150,528<!--= size[0] * size[1] * 3 --> numbers, three
# for each pixel. How many numbers does the network write down?
#
# <details><summary>Two: how much it looks like a cat, and how much like a dog</summary>
#
# **No.** That is where it should end, but nobody told the network what you want to
# know. It writes down what it sees; cat or dog is for you to teach it.
#
# </details>
# <details><summary>1,280</summary>
#
# **Yes.** 1,280<!--= seen.shape[1] --> numbers, each of which says how much of something
# it found in the picture. They are called **features**; lesson 2 shows some.
#
# </details>
# <details><summary>150,528: one for each number that came in</summary>
#
# **No.** Seeing sounds like keeping everything. But a pixel says nothing about a cat, and
# the network has learned what to leave out.
#
# </details>

# %%
import keras

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.features import compute_features

size = (224, 224)
eyes = EfficientNetLite0(include_top=False, input_shape=(*size, 3), pooling="avg")
inputs = keras.Input((*size, 3))
base = keras.Model(inputs, eyes(preprocess_input(inputs)))

seen = compute_features(base, paths)
print(f"{seen.shape[0]} pictures, {seen.shape[1]:,} features of each")

# %% [markdown]
# You need not understand that cell yet. What comes now, you know: a logistic regression
# learns from the features.

# %%
from sklearn.linear_model import LogisticRegression

head = LogisticRegression(max_iter=1000)
head.fit(seen, names)
print(f"learned {' and '.join(head.classes_)} from {len(names)} pictures")

# %% [markdown]
# Does it know a cat from a dog? Ask it about 100<!--= len(unseen) --> that it has not seen<!--? not set(unseen) & set(paths) -->, every other one
# a dog.
#
# **Predict:** on how many of them will it be right?
#
# <details><summary>On about 50: two hundred pictures are very few</summary>
#
# **No.** That is what a coin gets. They are few for learning to *see*;
# lesson 6 lets a network try. But this one can see already.
#
# </details>
# <details><summary>On about 75</summary>
#
# **No.** A fair guess for something that learned in a moment from so little. It forgets
# the million photographs that its eyes have learned from.
#
# </details>
# <details><summary>On more than 95</summary>
#
# **Yes.** On about 98<!--= 100 * accuracy, 2 --> of 100<!--= len(unseen) -->. The hard part,
# seeing, was learned before you came.
#
# </details>

# %%
cats, dogs = (find_pictures(pictures.test_folder / name) for name in ("cat", "dog"))
unseen = [path for pair in zip(cats[:50], dogs[:50], strict=True) for path in pair]
truth = pd.Series(["cat", "dog"] * 50)
answers = head.predict(compute_features(base, unseen))
accuracy = (answers == truth).mean()
print(f"right on {(answers == truth).sum()} of {len(unseen)} pictures")

# %% [markdown]
# The first answers, and after them every mistake:

# %%
places = [*range(3), *truth.index[answers != truth][:6]]
titles = [
    answers[n] if answers[n] == truth[n] else f"{answers[n]} ✗, a {truth[n]}"
    for n in places
]
fig = picture_grid([read_picture(unseen[n], (224, 224)) for n in places], titles)
show(fig, f"Unseen pictures and the answers: {'; '.join(titles)}.")

# %% [markdown]
# Your first classifier is right on about 98<!--= 100 * accuracy, 2 --> of
# 100<!--= len(unseen) --> pictures that it never saw. How can that be? That is what the
# lessons are about.
#
# ## How to read a lesson
#
# - **Predict.** Choose an answer before you unfold one, and before you run the cell. You
#   remember what surprises you.
# - **Change.** Nothing can break: `make lab` opens copies of the lessons that are yours.
# - **Do.** Each lesson ends with exercises that check themselves.
# - **Look things up.** `layer_table?` shows what a helper does, `layer_table??` how. A word
#   in bold is explained where it stands, and in the [glossary](glossary.md).
# - **Trust, and check.** The results in the text are compared with the run by the last
#   cell of each lesson. Change a lesson and it tells you which sentence no longer holds.

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=5
assert len(paths) == 200
assert sorted(set(names)) == ["cat", "dog"]
assert not set(paths) & set(unseen)
assert seen.shape == (200, 1280)
assert accuracy > 0.95
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Cells out of order.** In the next cell somebody uses a name that no cell has made yet.
#
# **Predict:** what comes?
#
# <details><summary>An empty line: the name stands for nothing</summary>
#
# **No.** Some languages do that, and so does a cell of a spreadsheet. Python takes a name
# that nobody has made for a mistake, and says so.
#
# </details>
# <details><summary>The picture: the name says what is meant</summary>
#
# **No.** A notebook looks as if it were read from top to bottom, words and all. Python
# knows only what a cell has made that *ran*, since the kernel was started.
#
# </details>
# <details><summary>An error that names it</summary>
#
# **Yes.** `NameError: name 'my_first_picture' is not defined`<!--= message -->.
#
# </details>

# %%
try:
    print(my_first_picture)
except NameError as error:
    message = f"NameError: {error}"
    print(message)

# %% [markdown]
# A cell above was not run, or not since you restarted. Remedy: *Kernel*, *Restart Kernel and
# Run All Cells*. This also helps when nothing makes sense any more.
#
# **A computer that is too small.** This is what `readiness` says on one with little memory
# and a full disk:

# %%
from helpers.readiness import Machine

small = Machine((3, 12), (), memory_gb=0.8, disk_gb=0.2, cores=2)
lacking = [line for line in readiness(small) if "NOT READY" in line]
print("\n".join(lacking))

# %% [markdown]
# **The kernel appears to have died.** Most often the memory was full. Close other
# notebooks: *Kernel*, *Shut Down All Kernels*.

# %% [markdown]
# ## What you saw
#
# - A computer is ready when all lines of `readiness` say so; a small one got
#   2<!--= len(lacking) --> lines that say what to do.
# - A lesson is read by predicting, running and changing it: the name that no cell had made
#   gave `NameError: name 'my_first_picture' is not defined`<!--= message -->.
# - Borrowed eyes and a logistic regression are right on about 98<!--= 100 * accuracy, 2 --> of
#   100<!--= len(unseen) --> pictures.
#
# The limits: 100<!--= len(unseen) --> drawn pets, one seed. Lesson 6 judges it with more care.

# %%
from helpers.ties import compare_text

compare_text("00_start_here", globals())

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
from sklearn.linear_model import LogisticRegression

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.features import compute_features
from helpers.picture_sets import open_pictures
from helpers.pictures import find_pictures, read_picture

pictures = open_pictures("drawn")
table = pd.read_csv(pictures.train_table)
paths = [pictures.train_folder / name for name in table["File Name"]]
names = table["Label"].to_numpy()
cats, dogs = (find_pictures(pictures.test_folder / name) for name in ("cat", "dog"))
unseen = [path for pair in zip(cats[:50], dogs[:50], strict=True) for path in pair]
truth = np.array(["cat", "dog"] * 50)

# %% [markdown] tags=["exercise-setup"]
# The same pictures, the same eyes as in the lesson. What they saw is kept on the disk, so
# this takes a moment only.

# %% tags=["exercise-setup"]
eyes = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3), pooling="avg")
inputs = keras.Input((224, 224, 3))
base = keras.Model(inputs, eyes(preprocess_input(inputs)))
features = compute_features(base, paths)
unseen_features = compute_features(base, unseen)
print(f"to learn from: {features.shape}; to ask about: {unseen_features.shape}")

# %% [markdown] tags=["exercise"]
# ## 0.1 · Learn from twenty
#
# Change one line, so that the classifier learns from the first twenty pictures instead of
# all of them. How far does it fall? Say a number before you run it.

# %% tags=["exercise-gap"]
n = len(names)  # change this line
few = LogisticRegression(max_iter=1000)
few.fit(features[:n], names[:n])
accuracy_of_few = few.score(unseen_features, truth)
print(f"learned from {n}, right on {accuracy_of_few:.0%} of the unseen pictures")

# %% [markdown] tags=["exercise-hint"]
# `n` says how many rows are taken. `features[:5]` are the first five.

# %% tags=["exercise-solution"]
n = 20
few = LogisticRegression(max_iter=1000)
few.fit(features[:n], names[:n])
accuracy_of_few = few.score(unseen_features, truth)
print(f"learned from {n}, right on {accuracy_of_few:.0%} of the unseen pictures")

# %% tags=["exercise-solution"]
every = LogisticRegression(max_iter=1000).fit(features, names)
accuracy_of_all = every.score(unseen_features, truth)
print(f"learned from {len(names)}, right on {accuracy_of_all:.0%}")
assert accuracy_of_all - accuracy_of_few < 0.05

# %% [markdown] tags=["exercise-solution"]
# It hardly falls: from 98%<!--= accuracy_of_all, 0.02 --> to
# 97%<!--= accuracy_of_few, 0.02 -->. A tenth of the pictures was enough here. (It makes a
# difference which twenty you take; lesson 7 draws them several times.)

# %% [markdown] tags=["exercise"]
# ## 0.2 · Find the mistakes
#
# `answers` holds what a classifier says of the hundred unseen pictures, and `truth` what
# they are. At which places do they differ? The first picture has the place 0.

# %% tags=["exercise-setup"]
learner = LogisticRegression(max_iter=1000).fit(features[:8], names[:8])
answers = learner.predict(unseen_features)
print(answers[:6], truth[:6])

# %% tags=["exercise-gap"]
mistakes = ...  # your line

# %% [markdown] tags=["exercise-hint"]
# `answers != truth` compares all hundred at once and gives a yes or no for each.

# %% [markdown] tags=["exercise-hint"]
# `np.flatnonzero(...)` gives the places at which something is true.

# %% tags=["exercise-solution"]
mistakes = np.flatnonzero(answers != truth)
print(f"{len(mistakes)} mistakes, at {mistakes}")
print("taken for:", *set(answers[mistakes]))
assert set(answers[mistakes]) == {"dog"}

# %% [markdown] tags=["exercise-solution"]
# This classifier has learned from the first eight pictures only, and makes
# 20<!--= len(mistakes), 5 --> mistakes. All of them are of one kind: cats that it takes for
# dogs. So few examples do not only make a classifier worse, they can make it one-sided.

# %% [markdown] tags=["exercise"]
# ## 0.3 · Take the eyes away
#
# What is the network good for? Build a classifier, `blind`, that learns from the pixels
# instead of the features, and measure how often it is right on the unseen pictures. The
# pictures are small here, `24` by `24` pixels, so that it takes seconds; a logistic
# regression wants a row of numbers for each picture.
#
# Predict: the two hundred pictures are the same, and so is the logistic regression. How
# much of its accuracy will be left?

# %% tags=["exercise-setup"]
small = np.array([read_picture(path, (24, 24)) for path in paths]) / 255
small_unseen = np.array([read_picture(path, (24, 24)) for path in unseen]) / 255
print(f"to learn from: {small.shape}; to ask about: {small_unseen.shape}")

# %% tags=["exercise-gap"]
blind = ...  # a logistic regression that has learned from pixels
accuracy_without_eyes = ...  # on the unseen pictures, from 0 to 1

# %% [markdown] tags=["exercise-hint"]
# An array of shape `(200, 24, 24, 3)` becomes one with a row for each picture by
# `small.reshape(len(small), -1)`.

# %% [markdown] tags=["exercise-hint"]
# Learn with `blind.fit(rows, names)`. Measure with `blind.score(unseen_rows, truth)`: the
# unseen pictures need rows, too.

# %% tags=["exercise-solution"]
rows = small.reshape(len(small), -1)
unseen_rows = small_unseen.reshape(len(small_unseen), -1)
blind = LogisticRegression(max_iter=1000).fit(rows, names)
accuracy_without_eyes = blind.score(unseen_rows, truth)
learned_by_heart = blind.score(rows, names)
print(f"{rows.shape[1]} numbers a picture")
print(
    f"right on {accuracy_without_eyes:.0%}; on what it learned, {learned_by_heart:.0%}"
)

# %% [markdown] tags=["exercise-solution"]
# Hardly anything is left: 49%<!--= accuracy_without_eyes, 0.08 --> is what a coin gets. And yet it
# is right on 100%<!--= learned_by_heart --> of the pictures that it learned from: it knows
# them by heart. A pixel at a place says nothing about cats; the features do.

# %% [markdown]
# ## Go on
#
# - Lesson 1 begins with a single neuron, which you know already by another name.
# - The [glossary](glossary.md), for a word that you have forgotten.
# - A teacher? The README's section [For a class](../README.md#for-a-class) says how a
#   room full of computers downloads once.
#
# All lessons; each stands on its own, so a teacher may begin in the middle. If you have an
# hour, take lesson 6.
#
# <!-- lessons -->
