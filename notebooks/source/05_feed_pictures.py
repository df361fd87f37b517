# %% [markdown]
# # 5 · Feed pictures
#
# A network learns from arrays of numbers; what you have is files. This lesson lays the
# pipe between the two: from folders of pictures, one handful at a time, into `fit`.

# %% [markdown]
# ## What you will learn
#
# - **Feed** a network from a label table or from class folders, with the tools of 2019
#   and with today's, and prove that both deliver the same batches.
# - **Count** epochs, batches and steps, and choose a batch size by measuring.
# - **Place** augmentation where it works, and recognize the tables and folders that
#   go wrong.

# %% [markdown]
# ## You need
#
# Lessons 3 and 4 (a head, a frozen base). About a minute of computing on two CPU cores,
# and no network.

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
from tensorflow.keras.preprocessing.image import ImageDataGenerator

from helpers.picture_sets import open_pictures

pictures = open_pictures("drawn")  # or "photos"
labels = pd.read_csv(pictures.train_table)
labels.head(3)

# %% [markdown]
# ## The idea
#
# Classic machine learning loads the whole table and calls `fit` once. Try that with
# pictures of InceptionV3's size, `299×299` pixels in three colors, four bytes a number:

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
# The 25,000<!--= max(gib) --> pictures of the full cats-vs-dogs set would fill
# 25.0<!--= gib[25_000] --> GiB, more than most laptops have. A network never needs them
# together: it looks at a few pictures, changes its weights a little, and looks at the next
# few. So a **generator** stands between disk and network. It knows where every picture
# lies, and reads the next few when it is asked to.
#
# ## A table, or folders
#
# Your table above has the article's form: a column of file names, a column of labels.
# `flow_from_dataframe` looks the files up in one flat folder. `ImageDataGenerator` is
# deprecated, but works; you find it in `tensorflow.keras`. (The article leaves the size
# out, which means `256×256`.)

# %%
train_datagen = ImageDataGenerator()
columns = {"x_col": "File Name", "y_col": "Label"}
settings = {"target_size": (224, 224), "batch_size": 50, "class_mode": "binary"}
settings |= {"interpolation": "bilinear"}  # the default, "nearest", is coarser

train_generator = train_datagen.flow_from_dataframe(
    labels, pictures.train_folder, **columns, **settings, seed=0
)
images, numbers = next(train_generator)
print(images.shape, images.dtype, f"values {images.min():.0f} to {images.max():.0f}")
print(numbers.shape, numbers.dtype, numbers[:6], train_generator.class_indices)

# %% [markdown]
# Always read the first line: 200<!--= train_generator.samples --> files found, in
# 2<!--= len(train_generator.class_indices) --> classes. Each `next` then gives a pair, a
# batch of images and, with `class_mode="binary"`, a number for each.
#
# The other layout needs no table: a folder for each class, with the class's name.

# %%
test_generator = ImageDataGenerator().flow_from_directory(
    pictures.test_folder, **settings, shuffle=False
)
turned = ImageDataGenerator().flow_from_directory(
    pictures.test_folder, **settings, classes=["dog", "cat"]
)
print(test_generator.class_indices, "or", turned.class_indices)

# %% [markdown]
# Classes become numbers in the order of the alphabet: `cat` is 0, `dog` is 1. (The
# article calls this order descending; it ascends.) With `classes=` you choose the order.
# Keep it: the model knows numbers only, and read in another order every answer is
# confidently wrong.
#
# ## Epoch, batch and step
#
# A **batch** is what one `next` gives. A **step** is one change of the weights, made with
# one batch. An **epoch** is one pass over all pictures. Below are two epochs: each square
# is a picture, its color the step that it took part in.

# %%
from helpers.figures import batch_map

orders = []
for _ in range(2):
    train_generator.on_epoch_end()  # `fit` calls this; the generator shuffles
    orders.append(train_generator.index_array)

n_steps = len(train_generator)
stay = (orders[0].argsort() // 50 == orders[1].argsort() // 50).mean()
text = f"Two epochs of {n_steps} steps; {stay:.0%} of the pictures keep their step."
show(batch_map(orders, batch_size=50), text)

# %% [markdown]
# Every picture comes once an epoch, in other company each time. By the article's formula,
# `steps = len(train_data) // batch_size`, that makes 4<!--= len(labels) // 50 --> steps;
# but its code says `steps_per_epoch=10`. What does `fit` do? Let a callback count, also
# for a batch size that leaves a rest.

# %%
from functools import partial

by_table = partial(train_datagen.flow_from_dataframe, **columns, **settings)
tiny = keras.Sequential([layers.GlobalAveragePooling2D(), layers.Dense(2, "softmax")])
tiny.compile("rmsprop", "sparse_categorical_crossentropy")
counts = []  # steps of each epoch
counter = keras.callbacks.LambdaCallback(
    on_epoch_begin=lambda epoch, logs: counts.append(0),
    on_train_batch_end=lambda batch, logs: counts.append(counts.pop() + 1),
)

# %% tags=["then"]
import warnings

fit = partial(tiny.fit, epochs=4, callbacks=[counter], verbose=0)
with warnings.catch_warnings(record=True) as caught:
    for size, asked in [(50, 10), (64, len(labels) // 64), (64, None)]:
        generator = by_table(labels, pictures.train_folder, batch_size=size)
        fit(generator, steps_per_epoch=asked)
        print(f"batch_size={size}, steps_per_epoch={asked}: {counts[-4:]} steps")

ran_out = str(caught[0].message)
print(ran_out)

# %% [markdown]
# Ten steps asked, four done, and a warning:
# `Your input ran out of data; interrupting training.`<!--= ran_out --> In truth the next
# epoch begins; the article's `epochs=100` are 400<!--= 100 * n_steps --> steps, not
# 1,000<!--= 100 * 10 -->. Its formula fares worse: where a rest remains, every second
# epoch is that rest, one step. Ask for nothing, and Keras counts rightly, rest included.
#
# ## How large a batch?
#
# The article warns of both ends: a small batch makes the epoch longer, a large one may
# keep the loss from converging. Measure it on a small head. Its inputs are the features
# that a frozen base makes of your pictures; `predict` takes generators, as `fit` does.

# %%
from helpers.backbones import EfficientNetLite0

inputs = keras.Input((224, 224, 3))
x = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)  # 0…255 -> about −1…1
base = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg"
)
in_order = by_table(labels, pictures.train_folder, shuffle=False)
features = keras.Model(inputs, base(x)).predict(in_order, verbose=0)
numbers = np.array(in_order.labels)
print(features.shape, numbers.shape)

# %%
import time

losses, seconds = {}, {}
for size in (1, 10, 50, 200):
    keras.utils.set_random_seed(0)
    head = keras.Sequential([layers.Dense(2, "softmax")])
    head.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    begin = time.perf_counter()
    run = head.fit(features, numbers, size, epochs=20, shuffle=False, verbose=0)
    losses[size] = run.history["loss"]
    seconds[size] = (time.perf_counter() - begin) / 20
table = pd.DataFrame(losses, index=range(1, 21)).loc[[1, 5, 20]].round(2)
table.rename_axis(index="epoch", columns="batch size")

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
from helpers.figures import batch_size_curves

show(
    batch_size_curves(losses, seconds),
    f"After 20 epochs the loss is {losses[1][-1]:.2f} with batches of 1 and "
    f"{losses[200][-1]:.2f} with batches of 200; an epoch takes "
    f"{seconds[1] / seconds[50]:.0f} times as long with batches of 1 as with 50.",
)

# %% [markdown]
# The same 20<!--= len(losses[1]) --> epochs are 4,000<!--= 20 * len(labels) --> small
# steps or 20<!--= len(losses[200]) --> large ones. Here the large ones converge, only
# later: the loss ends at 0.29<!--= losses[200][-1] -->, with batches of
# 50<!--= train_generator.batch_size --> at 0.12<!--= losses[50][-1] -->. Batches of one
# learn most in an epoch, and take by far the longest over it. A few dozen is a fair deal;
# beyond that an epoch gets hardly shorter.
#
# ## Today's tools
#
# For tables, write the few lines yourself. With **tf.data**, paths become batches by `map`
# and `batch`:

# %%
import tensorflow as tf


def read(path, number):
    file = tf.io.read_file(path)
    pixels = tf.io.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE")
    return tf.image.resize(pixels, (224, 224), antialias=True), number


paths = [str(pictures.train_folder / name) for name in labels["File Name"]]
train_ds = tf.data.Dataset.from_tensor_slices((paths, numbers)).map(read).batch(50)

# %% [markdown]
# With a **PyDataset** you say how many batches there are, and how to get number `step`.
# Whatever Python can read can be fed this way, to Keras on any of its engines.

# %%
from helpers.pictures import read_picture


class Pictures(keras.utils.PyDataset):
    def __len__(self):
        return n_steps

    def __getitem__(self, step):
        rows = slice(50 * step, 50 * step + 50)
        images = [read_picture(path, (224, 224)) for path in paths[rows]]
        return np.array(images, "float32"), numbers[rows]


# %% [markdown]
# Class folders have a ready-made tool, `image_dataset_from_directory`. Do all three give
# the batches of 2019?

# %%
from helpers.batches import compare_batches

test_ds = keras.utils.image_dataset_from_directory(
    pictures.test_folder, image_size=(224, 224), batch_size=50, shuffle=False
)
pairs = {
    "image_dataset_from_directory": (test_generator, test_ds),
    "tf.data": (in_order, train_ds),
    "PyDataset": (in_order, Pictures()),
}
found = {tool: compare_batches(*pair) for tool, pair in pairs.items()}
same = pd.DataFrame.from_dict(found, orient="index")
same.round(1)

# %% [markdown]
# Same order, same labels. PyDataset agrees bit for bit, tf.data to one
# gray level of 255, the rounding. `image_dataset_from_directory` is
# 1.3<!--= same["mean"].iloc[0] --> levels off on average and far more at single pixels:
# it decodes JPEG in a hurry and shrinks without smoothing. So read pictures for prediction
# with the tool that you trained with, and name the interpolation: the default was
# `"nearest"` then and is `"bilinear"` today. Both ready-made tools shuffle unless you
# forbid it; in a pipeline of your own, shuffling is yours to add.
#
# And all of these squeeze a picture until it is square. `crop_to_aspect_ratio=True`, in
# today's tool, cuts off what is too long instead; lesson 7 measures what that is worth.
#
# ## Augmentation
#
# **Augmentation** shows the network another version of a picture each time: mirrored,
# tilted, nearer, darker. The article puts it off. `ImageDataGenerator` has it as arguments
# (`horizontal_flip=True`); in Keras today, it is layers.

# %%
from helpers.figures import picture_grid

changes = [layers.RandomFlip("horizontal"), layers.RandomRotation(0.05)]
changes += [layers.RandomZoom(0.2), layers.RandomBrightness(0.2)]
augment = keras.Sequential(changes)

images, _ = in_order[0]
versions = [augment(images[:1], training=True)[0] for _ in range(7)]
fig = picture_grid([images[0], *versions], ["original", *["augmented"] * 7], columns=4)
show(fig, f"A {labels['Label'][0]} and {len(versions)} augmented versions of it.")

# %% [markdown]
# Where do they belong? At the **start of the model**: there they work in `fit` alone;
# `evaluate` and `predict` leave the picture as it is. Or in the **training pipeline**, by
# `map`: there they always work, so never put them on validation or test data.
#
# The trap is `.cache()`, which keeps what it receives for all further epochs. What is
# random must come after it.


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
# ## Check it

# %% tags=["check"]
assert n_steps == -(-len(labels) // 50) == 4
assert counts == [4, 4, 4, 4, 3, 1, 3, 1, 4, 4, 4, 4]
assert losses[1][-1] < losses[10][-1] < losses[50][-1] < losses[200][-1]
assert seconds[1] > seconds[50]
assert same["same labels"].all()
assert same["largest"]["PyDataset"] == 0
assert same["largest"]["tf.data"] < 1.5
assert kept
assert fresh
assert np.array_equal(augment.predict(images, verbose=0), images)
assert not np.array_equal(augment(images, training=True), images)
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **The article's own lines.** They fail at once, and are quickly mended.


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

# %% [markdown]
# `cannot import name 'ImageDataGenerator'`<!--= moved -->: take it from
# `tensorflow.keras`. `has no attribute 'next'`<!--= gone -->: write `next(generator)`.
# `name 'datagen' is not defined`<!--= slip -->: the article calls it `train_datagen`.
#
# **Tables.** Labels that are numbers; semicolons, as Excel writes them in many countries;
# another encoding than `UTF-8`; the right table beside the wrong folder.

# %%
import io

numbered = labels.assign(Label=(labels["Label"] == "dog").astype(int))
as_numbers = attempt("by_table(numbered, pictures.train_folder)")
semicolons = pd.read_csv(io.StringIO(labels.to_csv(sep=";")))
no_column = attempt("by_table(semicolons, pictures.train_folder)")
chinese = labels.replace({"cat": "猫", "dog": "狗"}).to_csv().encode("gbk")
not_utf8 = attempt("pd.read_csv(io.BytesIO(chinese))")
with warnings.catch_warnings(record=True) as caught:
    nothing = by_table(labels, pictures.test_folder)
print(ignored := str(caught[0].message))
late = attempt("tiny.fit(nothing, verbose=0)")

# %% [markdown]
# - `column values must be strings`<!--= as_numbers -->: `astype(str)` on the column.
# - `KeyError: 'File Name'`<!--= no_column -->: pandas took each line for one column;
#   `pd.read_csv(path, sep=";")`.
# - `'utf-8' codec can't decode byte`<!--= not_utf8 -->: name the encoding, here
#   `encoding="gbk"`. With cats alone it would be silent, and read `猫` as
#   `è`<!--= "猫".encode("gbk").decode() -->.
# - `Found 200 invalid image filename(s)`<!--= ignored --> is a warning, easily missed; the
#   error comes with `fit`: `The PyDataset has length 0`<!--= late -->. Correct the
#   folder, or names without ending or with other capitals.
#
# `read_label_table` in `helpers.sources.training_set` reads semicolons, and stops at the rest
# with a sentence that says what to do.
#
# **Folders.** Each counts as a class, even one that a program left behind, or all that
# lie one level too high.

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
# `dog` is class 2<!--= crowded["dog"] --> now, without a word. Today's tool skips folders
# with a dot, but not the Mac's: `there must be exactly 2 class_names`<!--= mac -->.
# Give the classes by name, `classes=` then, `class_names=` today, and read the line that
# begins with "Found".

# %% [markdown]
# ## What you saw
#
# - Table or folder, 2019 or today: the same pictures and labels, pixels at most
#   1.3<!--= same["mean"].max() --> levels apart on average.
# - 200<!--= len(labels) --> pictures in batches of 50<!--= train_generator.batch_size -->
#   make 4<!--= n_steps --> steps an epoch, also for who asks for ten. In
#   20<!--= len(losses[1]) --> epochs batches of 1 bring the loss to
#   0.00<!--= losses[1][-1] -->, batches of 200<!--= max(losses) --> to
#   0.29<!--= losses[200][-1] -->.
# - Augmentation before `.cache()` gives the same picture in every epoch.
#
# The limits: one seed, one learning rate, and a head so small that a step costs nothing.

# %%
from helpers.ties import compare_text

compare_text("05_feed_pictures", globals())

# %% [markdown]
# ## Try it
#
# - **Predict, then run:** `SGD(0.1)` with batches of `200`. Does the loss catch up with
#   small batches? (Nearly, after a few jumps.)
# - **Change** `"bilinear"` to `"nearest"` in `settings`. Which rows of the comparison
#   change? (All three: `"nearest"` picks pixels, the others blend them.)
# - **Explore:** cut the endings off the file names in `labels`. What is found, and when do
#   you hear of it?

# %% [markdown]
# ## Go on
#
# - [Loading images](https://keras.io/api/data_loading/image/) in Keras: every setting of
#   `image_dataset_from_directory`.
# - [tf.data, better performance](https://www.tensorflow.org/guide/data_performance): read
#   the next batch while this one is learned.
