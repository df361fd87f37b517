# %% [markdown]
# # 5 · Feed pictures
#
# A network learns from arrays; what you have is files. This lesson lays the pipe between
# the two: from folders of pictures, one handful at a time, into `fit`.

# %% [markdown]
# ## What you will learn
#
# - **Feed** a network from class folders or from a label table, with today's tools and
#   with those of 2019, and compare what they deliver.
# - **Count** epochs, batches and steps, and judge a batch size by the clock.
# - **Place** augmentation where it works, and recognize the tables and folders that
#   go wrong.

# %% [markdown]
# ## You need
#
# Lessons 3 and 4 (a head, a frozen base). About a minute of computing on two CPU cores,
# no network.

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
import tensorflow as tf
from keras import layers

from helpers.picture_sets import open_pictures

pictures = open_pictures("drawn")  # or "photos"
IMAGE_SIZE = (224, 224)
labels = pd.read_csv(pictures.train_table)
labels.head(3)

# %% [markdown]
# ## The idea
#
# Classic machine learning loads the whole table and calls `fit` once. Try that with
# pictures of the size that InceptionV3 wants, four bytes a number:

# %%
from matplotlib import pyplot as plt

from helpers.figures import show

gib = {n: n * 299 * 299 * 3 * 4 / 2**30 for n in (25_000, 2_000, 50)}

fig, ax = plt.subplots(figsize=(7, 2))
bars = ax.barh([f"{n:,} pictures" for n in gib], list(gib.values()))
ax.bar_label(bars, fmt=" %.2f")
ax.invert_yaxis()
ax.set(xlabel="memory (GiB)", xlim=(0, 29), title="All at once, or 50 at a time?")
show(fig, ", ".join(f"{n:,} pictures take {g:.2f} GiB" for n, g in gib.items()) + ".")

# %% [markdown]
# The 25,000<!--! how many that set holds, whatever this run does --> pictures of the full cats-vs-dogs set would fill
# 25.0<!--= gib[25_000] --> GiB, more than most laptops have<!--! the memory of laptops differs -->. A
# network does not need them together: it learns from a few pictures, then from the next
# few. So a **generator** stands between disk and network. It knows where every picture
# lies, and reads the next few when it is asked to.
#
# ## Class folders
#
# The usual layout: a folder for each class, with the class's name.
# `image_dataset_from_directory` makes a generator of it.

# %%
from functools import partial

from_folders = partial(
    keras.utils.image_dataset_from_directory,
    pictures.test_folder,
    image_size=IMAGE_SIZE,
    batch_size=50,
    shuffle=False,
)
test_ds = from_folders()
for images, numbers in test_ds.take(1):
    print(
        images.shape, f"values {images.numpy().min():.0f} to {images.numpy().max():.0f}"
    )
    print(numbers.shape, numbers[:6].numpy(), test_ds.class_names)

# %% [markdown]
# Read the line that begins with "Found": 400<!--= len(test_ds.file_paths) --> files,
# in 2<!--= len(test_ds.class_names) --> classes. Classes become numbers in the order of the
# alphabet: `cat` is 0, `dog` is 1. With `class_names=` you choose the order. Keep it: in
# another order a right answer counts as wrong.
#
# Your pictures have many shapes, and a network wants one. Say how, or a default decides:

# %%
from helpers.figures import picture_grid
from helpers.pictures import read_picture

as_they_are = [read_picture(path) for path in test_ds.file_paths[:50]]
tall = np.argmax([len(picture) / len(picture[0]) for picture in as_they_are])
ways = {"squeezed (default)": {}}
for way in ("crop_to_aspect_ratio", "pad_to_aspect_ratio"):
    ways[way] = {way: True}
fitted = {"as it is": as_they_are[tall]}
for way, setting in ways.items():
    for images, _ in from_folders(**setting, verbose=False).take(1):
        fitted[way] = images[tall].numpy()
fig = picture_grid(list(fitted.values()), list(fitted), columns=4)
show(fig, f"A tall picture made square in {len(ways)} ways: {', '.join(ways)}.")

# %% [markdown]
# Squeezing makes a tall cat broad; cropping cuts off what is too long; padding adds black
# bars. Lesson 7 measures what cropping is worth.
#
# ## A label table
#
# Your table has a column of file names and one of labels; the files lie side by side. With
# **tf.data**, paths become batches by `map` and `batch`:

# %%
numbers = (labels["Label"] == "dog").astype(int).to_numpy()
paths = [str(pictures.train_folder / name) for name in labels["File Name"]]


def read(path, number):
    file = tf.io.read_file(path)
    pixels = tf.io.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE")
    return tf.image.resize(pixels, IMAGE_SIZE, antialias=True), number


train_ds = tf.data.Dataset.from_tensor_slices((paths, numbers)).map(read).batch(50)

# %% [markdown]
# With a **PyDataset** you say how many batches there are, and how to get number `step`. It
# feeds whatever Python can read, to Keras on any of its engines.


# %%
class Pictures(keras.utils.PyDataset):
    def __len__(self):
        return -(-len(paths) // 50)  # rounded up

    def __getitem__(self, step):
        rows = slice(50 * step, 50 * step + 50)
        images = [read_picture(path, IMAGE_SIZE) for path in paths[rows]]
        return np.array(images, "float32"), numbers[rows]


# %%
from helpers.batches import compare_batches

same = {"tf.data and PyDataset": compare_batches(train_ds, Pictures(workers=1))}
same

# %% [markdown]
# Same order, same labels, and pixels at most one gray level of 255
# apart<!--? same["tf.data and PyDataset"]["largest"] < 1.5 -->: the rounding.
#
# ## Epoch, batch and step
#
# A **batch** is what one `next` gives. A **step** is one change of the weights. An **epoch** is one pass over all pictures.
#
# **Predict:** 200<!--= len(labels) --> pictures, batches of
# 64<!--= uneven -->. How many steps has an epoch?
#
# <details><summary>3: what is left over makes no batch</summary>
#
# **No.** The article's formula, `steps = len(train_data) // batch_size`, says so. But then
# some pictures would be left out, or wait for the next epoch.
#
# </details>
# <details><summary>4</summary>
#
# **Yes.** 4<!--= counts[3] -->: the last batch is what is left over,
# 8<!--= len(labels) % uneven --> pictures.
#
# </details>
# <details><summary>64: as many as the batch size says</summary>
#
# **No.** Easily mixed up: the batch size counts the pictures in a step, not the steps.
#
# </details>

# %%
tiny = keras.Sequential([layers.Dense(2, "softmax")])
tiny.compile("rmsprop", "sparse_categorical_crossentropy")
counts = []  # steps of each epoch
counter = keras.callbacks.LambdaCallback(
    on_epoch_begin=lambda epoch, logs: counts.append(0),
    on_train_batch_end=lambda batch, logs: counts.append(counts.pop() + 1),
)
uneven = 64
stand_ins = np.zeros(
    (len(labels), 3)
)  # the steps do not depend on what is in a picture
for size in (50, uneven):
    tiny.fit(stand_ins, numbers, size, epochs=2, callbacks=[counter], verbose=0)
print(counts)

# %% [markdown]
# A pipeline of your own shuffles if you say so; `image_dataset_from_directory` does unless
# you forbid it. Below are two epochs: each square is a picture, its color the step that it
# took part in.

# %%
from helpers.figures import batch_map

dealt = tf.data.Dataset.range(len(labels)).shuffle(len(labels), seed=0)
orders = [np.array(list(dealt.as_numpy_iterator())) for _ in range(2)]
stay = (orders[0].argsort() // 50 == orders[1].argsort() // 50).mean()
text = f"Two epochs of {counts[0]} steps; {stay:.0%} of the pictures keep their step."
show(batch_map(orders, batch_size=50), text)

# %% [markdown]
# ## How large a batch?
#
# The article warns of both ends: a small batch makes an epoch slow, a large one may keep
# the loss from converging. Measure it on a small head, fed with the features that a frozen
# base makes of your pictures.

# %%
from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.features import compute_features

eyes = EfficientNetLite0(include_top=False, input_shape=(*IMAGE_SIZE, 3), pooling="avg")
inputs = keras.Input((*IMAGE_SIZE, 3))
base = keras.Model(inputs, eyes(preprocess_input(inputs)))
test_paths, test_numbers = pictures.test_set()
features = compute_features(base, paths)
test_features = compute_features(base, test_paths)
print(features.shape, test_features.shape)

# %% [markdown]
# First all batch sizes at the same learning rate, with three seeds each.
#
# **Predict:** after 10<!--= len(curves[1]) --> epochs, which has the lowest loss?
#
# <details><summary>Batches of 1</summary>
#
# **Yes.** Its loss is 0.01<!--= same_rate["loss"][1] -->: it has made
# 2,000<!--= 10 * len(labels) --> steps, where batches of 200<!--= len(labels) --> made
# 10<!--= len(curves[200]) -->.
#
# </details>
# <details><summary>Batches of 50: neither too small nor too large</summary>
#
# **No.** The golden mean sounds wise. But at the same rate, more steps go further.
#
# </details>
# <details><summary>Batches of 200: every step knows all pictures</summary>
#
# **No.** Each step knows what all pictures say. But there are few of them, and at the same
# rate they go no further.
#
# </details>

# %%
import time


def learn(size, learning_rate, epochs=10):
    head = keras.Sequential([keras.Input((1280,)), layers.Dense(2, "softmax")])
    optimizer = keras.optimizers.SGD(learning_rate)
    head.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        head.set_weights(keras.models.clone_model(head).get_weights())  # begin again
        ticks = []  # when each epoch began
        watch = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs, ticks=ticks: ticks.append(
                time.perf_counter()
            )
        )
        run = head.fit(features, numbers, size, epochs, 0, [watch])
        seconds = np.diff(ticks).min()
        unseen = head.evaluate(test_features, test_numbers, 400, verbose=0)
        yield run.history["loss"], seconds, *unseen


# %%
def compare(rate_of):
    rows, curves = {}, {}
    for size in (1, 10, 50, 200):
        runs = list(learn(size, rate_of(size)))
        curves[size] = np.mean([run[0] for run in runs], axis=0)
        last, unseen = [run[0][-1] for run in runs], [run[3] for run in runs]
        print(f"batches of {size}: loss {np.mean(last):.2f}")
        seconds = min(run[1] for run in runs)
        rows[size] = [
            rate_of(size),
            np.mean(last),
            np.std(last, ddof=1),
            np.mean(unseen),
        ]
        rows[size] += [np.std(unseen, ddof=1), seconds]
    names = ["rate", "loss", "± (of three)", "right, unseen", "±", "seconds an epoch"]
    return pd.DataFrame(rows, index=names).T.rename_axis("batch size"), curves


# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
same_rate, curves = compare(lambda size: 0.01)
same_rate.round(3)

# %% [markdown]
# The smaller the batch, the lower the
# loss<!--? same_rate["loss"].is_monotonic_increasing -->. That is no fair race. An epoch of
# small batches takes
# longer<!--? same_rate["seconds an epoch"][1] > 2 * same_rate["seconds an epoch"][50] -->. And the
# step of a large batch is the mean of many pictures: perhaps it can bear a high rate. So
# let the rate grow with the batch, and look at the clock.

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
from helpers.figures import batch_size_curves

scaled, scaled_curves = compare(lambda size: 0.001 * size)
fig = batch_size_curves(scaled_curves, scaled["seconds an epoch"].to_dict())
show(
    fig,
    "With a rate that grows with the batch, the loss after 10 epochs is "
    + ", ".join(f"{c[-1]:.2f} (batches of {n})" for n, c in scaled_curves.items()),
)
scaled.round(3)

# %% [markdown]
# Now the losses all end below 0.1<!--? scaled["loss"].max() < 0.1 -->, though batches of
# 200 leap first<!--? max(scaled_curves[200]) > 2 * scaled_curves[200][0] -->. By the
# clock, batches of one come last<!--? scaled["seconds an epoch"].idxmax() == 1 -->. On
# 400<!--= len(test_paths) --> unseen pictures all are right on about
# 97%<!--= scaled["right, unseen"].mean(), 0.015 --><!--? np.ptp(scaled["right, unseen"]) < 0.03 -->.
# So take a batch that your memory holds, let the rate grow with it, and look whether the
# loss still falls.
#
# ## Augmentation
#
# **Augmentation** shows the network another version of a picture each time, made by layers.

# %%
changes = [layers.RandomFlip("horizontal"), layers.RandomRotation(0.05)]
changes += [layers.RandomZoom(0.2), layers.RandomBrightness(0.2)]
augment = keras.Sequential(changes)

images, _ = Pictures(workers=1)[0]
versions = [augment(images[:1], training=True)[0] for _ in range(7)]
fig = picture_grid([images[0], *versions], ["original", *["augmented"] * 7], columns=4)
show(fig, f"A {labels['Label'][0]} and {len(versions)} augmented versions of it.")

# %% [markdown]
# Does it help? Let a head learn from the features of a few pictures of each class; then
# from those of three<!--? copies == 3 --> augmented versions besides, with as many steps. Each
# of five<!--? len(gains) == 5 --> seeds draws other pictures.

# %%
copies = 3
head = keras.Sequential([keras.Input((1280,)), layers.Dense(2, "softmax")])
sgd, loss = keras.optimizers.SGD(0.02), "sparse_categorical_crossentropy"
head.compile(sgd, loss, metrics=["accuracy"])


def learn_from(seen):
    head.set_weights(keras.models.clone_model(head).get_weights())  # begin again
    known = np.tile([0] * 10 + [1] * 10, len(seen) // 20)
    head.fit(seen, known, 20, epochs=160 * 20 // len(seen), verbose=0)
    return head.evaluate(test_features, test_numbers, 400, verbose=0)[1]


# %%
gains = []
for seed in range(5):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    rows = np.ravel(
        [rng.choice(np.flatnonzero(numbers == n), 10, False) for n in (0, 1)]
    )
    chosen = np.array([read_picture(paths[n], IMAGE_SIZE) for n in rows], "float32")
    changed = [augment(chosen, training=True) for _ in range(copies)]
    seen = [features[rows], *(base.predict(batch, verbose=0) for batch in changed)]
    gains.append(learn_from(np.concatenate(seen)) - learn_from(features[rows]))
    print(f"seed {seed}: gain {100 * gains[-1]:+.1f} points")
gain, gain_error = np.mean(gains), np.std(gains, ddof=1) / np.sqrt(len(gains))
print(f"gain: {100 * gain:.1f} ± {100 * gain_error:.1f} points")

# %% [markdown]
# Weigh the gain against its ±, the standard error. It is less than 3
# points<!--? 100 * abs(gain) < 3 -->, and from one draw of the pictures to another it
# differs by more than that<!--? max(gains) - min(gains) > abs(gain) -->. So here, on a
# trained base, augmentation promises little.
#
# Where do these layers belong? At the **start of the model**: there they work in `fit`
# alone. Or in the **training pipeline**, by `map`: there they work no matter who asks, so
# keep them off validation and test data. The trap is `.cache()`, which keeps what it
# receives for all further epochs.
#
# **Predict:** a pipeline ends in `.map(augmented).cache()`. How many versions of a picture
# does the network see in three epochs?
#
# <details><summary>Three: another one each epoch</summary>
#
# **No.** So it should be, and nothing tells you that it is not. But the cache comes after
# the chance.
#
# </details>
# <details><summary>One</summary>
#
# **Yes.** The versions of all epochs are equal<!--? kept -->. What is
# random has to come after the cache.
#
# </details>
# <details><summary>None: an augmented picture cannot be cached</summary>
#
# **No.** The cache keeps any array; it does not know that there was chance in it.
#
# </details>


# %%
def augmented(images, numbers):
    return augment(images, training=True), numbers


one = train_ds.take(1)
both = (one.map(augmented).cache(), one.cache().map(augmented))  # the first is the trap
seen = [images[0].numpy() for ds in both for _ in range(3) for images, _ in ds]
titles = [*["map, cache"] * 3, *["cache, map"] * 3]
kept, fresh = np.array_equal(seen[0], seen[1]), not np.array_equal(seen[3], seen[4])
text = f"Cached after `map`, always the same: {kept}; before it, another: {fresh}."
show(picture_grid(seen, titles, title="One picture in three epochs"), text)

# %% [markdown]
# ## The tools of 2019
#
# > **If you come from 2019**, this section is for you. Others go on with "Check it".
#
# `ImageDataGenerator` is deprecated, but works; you find it in `tensorflow.keras`. (The
# article leaves the size out, which means 256<!--= by_default.target_size[0] --> pixels each
# way, and puts augmentation off; it would be an argument here, `horizontal_flip=True`.)

# %% tags=["then"]
from tensorflow.keras.preprocessing.image import ImageDataGenerator

train_datagen = ImageDataGenerator()
columns = {"x_col": "File Name", "y_col": "Label"}
settings = {"target_size": (224, 224), "batch_size": 50, "class_mode": "binary"}
settings |= {"interpolation": "bilinear"}  # the default, "nearest", is coarser

by_default = train_datagen.flow_from_directory(pictures.test_folder)
by_table = partial(train_datagen.flow_from_dataframe, **columns, **settings)
train_generator = train_datagen.flow_from_dataframe(
    labels, pictures.train_folder, **columns, **settings, shuffle=False
)
test_generator = ImageDataGenerator().flow_from_directory(
    pictures.test_folder, **settings, shuffle=False
)
images, answers = next(train_generator)
print(images.shape, answers[:6], train_generator.class_indices)

# %% [markdown]
# Each `next` gives a pair, a batch of images and, with `class_mode="binary"`, a number for
# each, in the order of the alphabet. (The article calls this order descending; it
# ascends.) Are these the batches of today?

# %%
train_generator.reset()
same["tf.data and the table of 2019"] = compare_batches(train_generator, train_ds)
same["class folders, today and 2019"] = compare_batches(test_generator, test_ds)
pd.DataFrame.from_dict(same, orient="index").round(1)

# %% [markdown]
# From folders, pixels differ by
# 1.3<!--= same["class folders, today and 2019"]["mean"] --> gray levels on average: today's
# tool decodes JPEG in a hurry and shrinks without smoothing. So predict with the tool that
# you trained with. How many steps? By the article's formula,
# `steps = len(train_data) // batch_size`, 4<!--= len(labels) // 50 -->; but its code says
# `steps_per_epoch=10`.

# %% tags=["then"]
import warnings

tiny = keras.Sequential([layers.GlobalAveragePooling2D(), layers.Dense(2, "softmax")])
tiny.compile("rmsprop", "sparse_categorical_crossentropy")
then = len(counts)
fit = partial(tiny.fit, callbacks=[counter], verbose=0)
with warnings.catch_warnings(record=True) as caught:
    for size, steps in [(50, 10), (64, len(labels) // 64)]:
        generator = by_table(labels, pictures.train_folder, batch_size=size)
        fit(generator, steps_per_epoch=steps, epochs=2)
        print(f"batch_size={size}, steps_per_epoch={steps}: {counts[-2:]} steps")

ran_out = str(caught[0].message)
print(ran_out)

# %% [markdown]
# Ten steps asked for, 4<!--= counts[then] --> done, and a warning:
# `Your input ran out of data; interrupting training.`<!--= ran_out --> In truth the next
# epoch begins. The formula fares worse: every second epoch is the rest,
# 1<!--= counts[-1] --> step. Ask for nothing, and Keras counts correctly.
#
# The article's own lines fail at once:


# %% tags=["then"]
def attempt(line):
    try:
        exec(line, globals())
    except Exception as error:
        message = f"{type(error).__name__}: {error}".split(" (")[0].split(" in pos")[0]
        print(message)
        return message


moved = attempt("from keras.preprocessing.image import ImageDataGenerator")
gone = attempt("images, numbers = train_generator.next()")
slip = attempt("test_generator = datagen.flow_from_directory(test_data_dir)")
numbered = labels.assign(Label=numbers)
as_numbers = attempt("by_table(numbered, pictures.train_folder)")
with warnings.catch_warnings(record=True) as caught:
    nothing = by_table(labels, pictures.test_folder)
print(ignored := str(caught[0].message))
late = attempt("tiny.fit(nothing, verbose=0)")

# %% [markdown]
# - `cannot import name 'ImageDataGenerator'`<!--= moved -->: take it from
#   `tensorflow.keras`.
# - `has no attribute 'next'`<!--= gone -->: write `next(generator)`.
# - `name 'datagen' is not defined`<!--= slip -->: the article calls it `train_datagen`.
# - `column values must be strings`<!--= as_numbers -->: `astype(str)` on the column.
# - `Found 200 invalid image filename(s)`<!--= ignored --> is a warning, easily missed; the
#   error comes with `fit`: `The PyDataset has length 0`<!--= late -->. Correct the
#   folder, or names without ending or with other capitals.

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=9
assert counts[:4] == [4, 4, 4, 4]
assert counts[then:] == [4, 4, 3, 1]
assert same_rate["loss"].is_monotonic_increasing
assert same_rate["seconds an epoch"][1] > same_rate["seconds an epoch"][50]
assert pd.DataFrame(same).T["same labels"].all()
assert kept
assert fresh
assert np.array_equal(augment.predict(images, verbose=0), images)
assert not np.array_equal(augment(images, training=True), images)
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **Folders.** Each counts as a class, even one that a program left behind.

# %%
import shutil
import tempfile
from pathlib import Path

by_folder = partial(ImageDataGenerator().flow_from_directory, **settings)
with tempfile.TemporaryDirectory() as folder:
    copy = Path(shutil.copytree(pictures.test_folder, Path(folder) / "test"))
    (copy / ".ipynb_checkpoints").mkdir()  # Jupyter leaves these
    print(crowded := by_folder(copy).class_indices)
    print(by_folder(copy, classes=["cat", "dog"]).class_indices)  # the cure
    (copy / "__MACOSX").mkdir()  # an archive from a Mac
    mac = attempt("keras.utils.image_dataset_from_directory(copy, label_mode='binary')")

# %% [markdown]
# With the tool of 2019, `dog` is class 2<!--= crowded["dog"] --> now, without a word. Today's
# skips folders whose names begin with a dot, but not the Mac's: `there must be exactly 2
# class_names`<!--= mac -->. Give the classes by name: `class_names=` today, `classes=` then.
#
# **Tables.** Excel writes semicolons in many countries, and old programs do not write
# `UTF-8`.

# %%
import io

semicolons = pd.read_csv(io.StringIO(labels.to_csv(sep=";")))
no_column = attempt("semicolons['File Name']")
chinese = labels.replace({"cat": "猫", "dog": "狗"}).to_csv().encode("gbk")
not_utf8 = attempt("pd.read_csv(io.BytesIO(chinese))")

# %% [markdown]
# - `KeyError: 'File Name'`<!--= no_column -->: pandas took each line for one column;
#   `pd.read_csv(path, sep=";")`.
# - `'utf-8' codec can't decode byte`<!--= not_utf8 -->: name the encoding, here
#   `encoding="gbk"`.
#
# `read_label_table` in `helpers.sources.training_set` reads semicolons, and says what to do
# about the rest.

# %% [markdown]
# ## What you saw
#
# - From a table, two tools of today give the same pictures and labels, pixels at most a
#   gray level apart<!--? same["tf.data and PyDataset"]["largest"] < 1.5 -->; from folders,
#   2019 and today differ by
#   1.3<!--= same["class folders, today and 2019"]["mean"] --> on average.
# - 200<!--= len(labels) --> pictures in batches of
#   50<!--= train_generator.batch_size --> make 4<!--= counts[0] --> steps an epoch. At one
#   rate, small batches go further in an epoch<!--? same_rate["loss"].is_monotonic_increasing -->; with a
#   rate that grows with the batch, batches of one only take
#   longer<!--? scaled["seconds an epoch"].idxmax() == 1 -->.
# - Augmentation before `.cache()` gives the same picture in every epoch<!--? kept -->.
#   With a few pictures of each class and a frozen base, it gained less than 3
#   points<!--? 100 * abs(gain) < 3 -->.
#
# The limits: a head so small that a step costs next to
# nothing<!--! that is what the section says -->, drawn pets, few seeds.

# %%
from helpers.ties import compare_text

compare_text("05_feed_pictures", globals())

# %% [markdown]
# ## Try it
#
# Three exercises:
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import shutil
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.picture_sets import open_pictures
from helpers.pictures import find_pictures

pictures = open_pictures("drawn")

# %% [markdown] tags=["exercise"]
# ## 5.1 · Count the steps
#
# Change one line, so that `n_steps` gives the number of steps that `fit` makes, for any
# number of pictures, any batch size and any number of epochs.


# %% tags=["exercise-gap"]
def n_steps(n_pictures, batch_size, epochs):
    return epochs * (n_pictures // batch_size)  # change this line


print(n_steps(200, 64, 2))

# %% [markdown] tags=["exercise-hint"]
# What is left over makes a batch, too, at the end of *each* epoch. `math.ceil` rounds up;
# so does `-(-a // b)`.


# %% tags=["exercise-solution"]
def n_steps(n_pictures, batch_size, epochs):
    return epochs * -(-n_pictures // batch_size)


print(n_steps(200, 64, 2))

# %% [markdown] tags=["exercise-solution"]
# 8<!--= n_steps(200, 64, 2) -->: what is left over is dealt out at the end of each epoch.

# %% [markdown] tags=["exercise"]
# ## 5.2 · Feed what the Mac has left
#
# `folder` holds cats, dogs, and what a Mac put into the archive. Make `dataset` with
# `keras.utils.image_dataset_from_directory`: cats are 0 and dogs 1, pictures of `32` by `32`
# pixels, **cropped** to a square instead of squeezed.

# %% tags=["exercise-setup"]
kept_folder = tempfile.TemporaryDirectory()  # goes when the kernel stops
folder = Path(kept_folder.name)
for name, n in {"cat": 5, "dog": 3, "__MACOSX": 2}.items():
    (folder / name).mkdir()
    source = pictures.test_folder / ("cat" if name == "__MACOSX" else name)
    for path in find_pictures(source)[:n]:
        shutil.copy(path, folder / name)
print(sorted(path.name for path in folder.iterdir()))

# %% tags=["exercise-gap"]
dataset = ...  # your lines

# %% [markdown] tags=["exercise-hint"]
# `class_names=` says which folders count, and in which order.

# %% [markdown] tags=["exercise-hint"]
# Height and width are `image_size=`. The setting for cropping stands in "Class folders".

# %% tags=["exercise-solution"]
dataset = keras.utils.image_dataset_from_directory(
    folder,
    class_names=["cat", "dog"],
    image_size=(32, 32),
    crop_to_aspect_ratio=True,
)
n_found = len(dataset.file_paths)

# %% [markdown] tags=["exercise-solution"]
# 8<!--= n_found --> files. Without `class_names`, what the Mac left would have been class 0:
# capitals and underlines come before small letters in this alphabet.

# %% [markdown] tags=["exercise"]
# ## 5.3 · Build the pipeline
#
# `files` stands for a slow disk: it counts how often something is read. Make `train_ds` from
# it: each picture is read **once** for all epochs, and each epoch sees another augmented
# version, in batches of `4`. Use `augment`.

# %% tags=["exercise-setup"]
reads = []
images = np.random.default_rng(0).uniform(0, 255, (10, 8, 8, 3)).astype("float32")
augment = keras.Sequential([layers.RandomBrightness(0.3, seed=0)])


def read_all():
    for number, image in enumerate(images):
        reads.append(number)
        yield image, number  # each has a label of its own


kinds = tf.TensorSpec((8, 8, 3), tf.float32), tf.TensorSpec((), tf.int64)
files = tf.data.Dataset.from_generator(read_all, output_signature=kinds)

# %% tags=["exercise-gap"]
train_ds = ...  # your lines

# %% [markdown] tags=["exercise-hint"]
# Three steps: `.cache()`, `.batch(4)`, and `.map(…)` with a function of images and labels
# that gives both. What is random comes after what is kept.

# %% [markdown] tags=["exercise-hint"]
# In a pipeline `augment` has to be told that this is training: `augment(images,
# training=True)`. It takes whole batches.

# %% tags=["exercise-solution"]
train_ds = (
    files.cache()
    .batch(4)
    .map(lambda images, numbers: (augment(images, training=True), numbers))
)
epochs = [[batch.numpy() for batch, _ in train_ds] for _ in range(3)]
print(f"{len(reads)} reads in {len(epochs)} epochs")
assert not np.array_equal(epochs[0][0], epochs[1][0])

# %% [markdown] tags=["exercise-solution"]
# 10<!--= len(reads) --> reads for 10<!--= len(images) --> pictures, and another version in
# each epoch<!--? not np.array_equal(epochs[0][0], epochs[1][0]) -->.

# %% [markdown]
# ## Go on
#
# - [Loading images](https://keras.io/api/data_loading/image/) in Keras: every setting of
#   `image_dataset_from_directory`.
# - [tf.data, performance](https://www.tensorflow.org/guide/data_performance): read
#   the next batch while this one is learned.
