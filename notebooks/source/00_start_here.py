# %% [markdown]
# # 0 · Start here
#
# In ten minutes you will know whether your computer is ready, how these lessons want to be
# read, and what you will hold in the end. You will even see it work once.

# %% [markdown]
# ## What you will learn
#
# - **Check** that your computer is ready, and what to do if it is not.
# - **Read** a lesson so that it sticks: predict, run, change.
# - **See** the whole way, from pictures to a classifier, in a few lines.

# %% [markdown]
# ## You need
#
# Some Python, and a memory of fitting a logistic regression in scikit-learn. Nothing else:
# no deep learning, no graphics card, no network. About a minute of computing on two CPU
# cores, the first time.

# %% [markdown]
# ## Set up
#
# A gray field like the next one is a **cell**. Click into it and press Shift and Enter: it
# runs, and what it gives appears below. Every lesson begins with this cell, which fixes
# all random numbers, so that you see the results that are printed here.

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
# Everything should say *ready*. A line that does not says what was found and what to do
# about it.

# %% [markdown]
# ## The idea
#
# Suppose you taught a child to tell cats from dogs. A handful of pictures would do,
# because the child can *see* already: fur, ears, eyes, edges. A computer can borrow such
# eyes. Somebody has trained a network on a million photographs and gives it away; you
# keep what it sees and teach it two new words. This is **transfer learning**, and these
# are the lessons:
#
# <!-- lessons -->

# %% [markdown]
# Each one stands on its own, so a teacher may begin in the middle. If you have an
# hour, take lessons 1, 3 and 6.
#
# ## What you will hold in the end
#
# First, the pictures: two hundred to learn from. A program draws them, once, because drawn
# cats and dogs are free, the same for everyone, and need no network. (Photographs of your
# own come in lesson 6.)

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
# Now the whole way in one cell. You need not understand it yet; each line has a lesson of
# its own. A network that was trained on photographs looks at every picture once, and a
# logistic regression, which you know, learns from what it saw:

# %%
import keras
from sklearn.linear_model import LogisticRegression

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.features import compute_features

eyes = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3), pooling="avg")
inputs = keras.Input((224, 224, 3))
base = keras.Model(inputs, eyes(preprocess_input(inputs)))

head = LogisticRegression(max_iter=1000)
head.fit(compute_features(base, paths), names)
print(f"learned {' and '.join(head.classes_)} from {len(names)} pictures")

# %% [markdown]
# Does it know a cat from a dog? Ask it about a hundred that it never saw, every other one
# a dog:

# %%
cats, dogs = (find_pictures(pictures.test_folder / name) for name in ("cat", "dog"))
unseen = [path for pair in zip(cats[:50], dogs[:50], strict=True) for path in pair]
answers = head.predict(compute_features(base, unseen))
accuracy = (answers == ["cat", "dog"] * 50).mean()

fig = picture_grid([read_picture(path, (224, 224)) for path in unseen[:6]], answers[:6])
show(fig, f"Six unseen pictures and the answers: {', '.join(answers[:6])}.")

# %% [markdown]
# Above each picture stands what your first classifier says. It is right on
# 99<!--= 100 * accuracy, 2 --> of 100<!--= len(unseen) --> pictures that it never saw,
# after two hundred examples and a few seconds. How can that be? That is what the lessons
# are about.
#
# ## How to read a lesson
#
# - **Predict.** Before you press Shift and Enter, say what will come. You remember what
#   surprises you.
# - **Change.** Nothing can break. `git restore notebooks` brings the original back.
# - **Look things up.** `layer_table?` shows what a helper does, `layer_table??` how. A word
#   in bold is explained where it stands, and in the [glossary](glossary.md).
# - **Trust, and check.** The results in the text are compared with the run by the last
#   cell of each lesson. Change a lesson and it tells you which sentence no longer holds.

# %% [markdown]
# ## Check it

# %% tags=["check"]
assert len(paths) == 200
assert sorted(set(names)) == ["cat", "dog"]
assert not set(paths) & set(unseen)
assert accuracy > 0.95
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Cells out of order.** Symptom: a `NameError`. Here somebody uses a name that no cell
# has made yet:

# %%
try:
    print(my_first_picture)
except NameError as error:
    message = f"NameError: {error}"
    print(message)

# %% [markdown]
# `name 'my_first_picture' is not defined`<!--= message -->: a cell above was not run, or not
# since you restarted. Remedy: *Kernel*, *Restart Kernel and Run All Cells*. This also helps
# when nothing makes sense any more.
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
# - A computer is ready when six things are; each one that is not says what to do.
# - Borrowed eyes and a logistic regression are right on 99<!--= 100 * accuracy, 2 --> of
#   100<!--= len(unseen) --> pictures.
#
# The limits: a hundred drawn pets, one seed. Lesson 6 judges it with more care.

# %%
from helpers.ties import compare_text

compare_text("00_start_here", globals())

# %% [markdown]
# ## Try it
#
# - **Predict, then run:** give the classifier twenty pictures to learn from, `paths[:20]`
#   and `names[:20]`. How far does it fall? (Less than you think: to about nine in ten.)
# - **Change** `paths[:6]` to `paths[6:12]` and meet more of the pets.
# - **Explore:** `answers[answers != ["cat", "dog"] * 50]` lists the mistakes.

# %% [markdown]
# ## Go on
#
# - Lesson 1 begins with a single neuron, which you know already by another name.
# - The [glossary](glossary.md), for a word that you have forgotten.
# - A teacher? The README's section [For a class](../README.md#for-a-class) says how thirty
#   computers need not download thirty times.
