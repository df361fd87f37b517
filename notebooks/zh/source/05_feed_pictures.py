# %% [markdown]
# # 5 · 喂图片
#
# 网络从数组学习，而你手里是文件。这一课在两者之间铺一条管道：从图片文件夹里，一次一小把，送进 `fit`。

# %% [markdown]
# ## 你会学到什么
#
# - 给网络**喂**图片：从类别文件夹，或从标签表；今天的工具和 2019 年的工具都用，再比较它们送来的是什么。
# - **数清**周期、批次和步，并掐着表评判批次大小。
# - 把数据增强**放在**它起作用的地方，并认得出会出问题的表格和文件夹。

# %% [markdown]
# ## 需要准备什么
#
# 第 3 课和第 4 课（头、冻结的基础模型）。在两个 CPU 核上大约计算一分钟，不用联网。

# %% [markdown]
# ## 准备工作

# %%
import sys

sys.path.insert(0, "../..")  # the project's folder, where `helpers` lives

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
# ## 基本想法
#
# 经典机器学习把整张表载入内存，调用一次 `fit`。换成图片试试：大小是 InceptionV3 要的那种，每个数四个字节：

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
# 完整的猫狗数据集有 25,000<!--! how many that set holds, whatever this run does --> 张图片，要占 25.0<!--= gib[25_000] --> GiB，超过大多数笔记本电脑的内存<!--! the memory of laptops differs -->。网络并不需要它们同时到场：先从几张图片学习，再从接下来的几张学习。所以在磁盘和网络之间，放一个**生成器**。它知道每张图片在哪里，叫到它时才读接下来的几张。
#
# ## 类别文件夹
#
# 常见的放法：每个类别一个文件夹，以类别命名。`image_dataset_from_directory` 由此做出一个生成器。

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
# 看以“Found”开头的那一行：400<!--= len(test_ds.file_paths) --> 个文件，2<!--= len(test_ds.class_names) --> 个类别。类别按字母顺序变成数字：`cat` 是 0，`dog` 是 1。用 `class_names=` 可以自己定顺序。定了就别再变：换一个顺序，对的答案也会算成错的。
#
# 你的图片形状各异，而网络只要一种。说清楚怎么变，否则就由默认值决定：

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
# 挤压会把瘦高的猫变宽；裁剪会切掉太长的部分；填充会加上黑边。裁剪值不值，第 7 课会测量。
#
# ## 标签表
#
# 你的表里，一列是文件名，一列是标签；文件都放在一起。用 **tf.data**，路径经过 `map` 和 `batch` 就变成批次：

# %%
numbers = (labels["Label"] == "dog").astype(int).to_numpy()
paths = [str(pictures.train_folder / name) for name in labels["File Name"]]


def read(path, number):
    file = tf.io.read_file(path)
    pixels = tf.io.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE")
    return tf.image.resize(pixels, IMAGE_SIZE, antialias=True), number


train_ds = tf.data.Dataset.from_tensor_slices((paths, numbers)).map(read).batch(50)

# %% [markdown]
# 用 **PyDataset**，你只要说明有多少个批次，以及怎样拿到第 `step` 个。凡是 Python 读得了的，它都能喂给 Keras，不论 Keras 用哪个引擎。

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
# 顺序相同，标签相同，像素最多相差 255 级灰度里的一级<!--? same["tf.data and PyDataset"]["largest"] < 1.5 -->：这是舍入造成的。
#
# ## 周期、批次和步
#
# 一次 `next` 给出的是一个**批次**。权重改变一次是一**步**。所有图片过一遍是一个**周期**。
#
# **预测：** 200<!--= len(labels) --> 张图片，每批 64<!--= uneven --> 张。一个周期有多少步？
#
# <details><summary>3：剩下的凑不成一个批次</summary>
#
# **不对。** 文章里的公式 `steps = len(train_data) // batch_size` 是这么算的。但那样会有图片被漏掉，或者要等到下一个周期。
#
# </details>
# <details><summary>4</summary>
#
# **对。** 4<!--= counts[3] --> 步：最后一个批次就是剩下的 8<!--= len(labels) % uneven --> 张图片。
#
# </details>
# <details><summary>64：批次大小是多少，就是多少步</summary>
#
# **不对。** 很容易弄混：批次大小数的是一步里有多少张图片，不是有多少步。
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
# 你自己写的管道，要求了才打乱；`image_dataset_from_directory` 则是不禁止就打乱。下面是两个周期：每个方块是一张图片，颜色表示它参加了哪一步。

# %%
from helpers.figures import batch_map

dealt = tf.data.Dataset.range(len(labels)).shuffle(len(labels), seed=0)
orders = [np.array(list(dealt.as_numpy_iterator())) for _ in range(2)]
stay = (orders[0].argsort() // 50 == orders[1].argsort() // 50).mean()
text = f"Two epochs of {counts[0]} steps; {stay:.0%} of the pictures keep their step."
show(batch_map(orders, batch_size=50), text)

# %% [markdown]
# ## 批次要多大？
#
# 那篇文章提醒，两头都有问题：批次小，一个周期就慢；批次大，损失可能无法收敛。用一个小小的头来测：喂给它的是冻结的基础模型从你的图片算出的特征。

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
# 先让所有批次大小用同一个学习率，各用三个种子。
#
# **预测：** 10<!--= len(curves[1]) --> 个周期之后，哪一种损失最低？
#
# <details><summary>每批 1 张</summary>
#
# **对。** 它的损失是 0.01<!--= same_rate["loss"][1] -->：它走了 2,000<!--= 10 * len(labels) --> 步，而每批 200<!--= len(labels) --> 张的只走了 10<!--= len(curves[200]) --> 步。
#
# </details>
# <details><summary>每批 50 张：不太小，也不太大</summary>
#
# **不对。** 中庸之道听起来很有智慧。但学习率相同时，步数越多，走得越远。
#
# </details>
# <details><summary>每批 200 张：每一步都了解全部图片</summary>
#
# **不对。** 每一步确实知道全部图片的意见。但步数少，而学习率相同，每一步并不迈得更远。
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
# 批次越小，损失越低<!--? same_rate["loss"].is_monotonic_increasing -->。这样比并不公平。批次小，一个周期花的时间长<!--? same_rate["seconds an epoch"][1] > 2 * same_rate["seconds an epoch"][50] -->。而大批次的一步，是许多图片的平均：也许它受得了高学习率。那就让学习率随批次一起变大，再掐表看看。

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
# 现在，所有的损失最后都低于 0.1<!--? scaled["loss"].max() < 0.1 -->，只是每批 200 张的一开始会猛地一跳<!--? max(scaled_curves[200]) > 2 * scaled_curves[200][0] -->。掐表来算，每批一张的最后才到<!--? scaled["seconds an epoch"].idxmax() == 1 -->。在 400<!--= len(test_paths) --> 张没见过的图片上，全都答对大约 97%<!--= scaled["right, unseen"].mean(), 0.015 --><!--? np.ptp(scaled["right, unseen"]) < 0.03 -->。所以，批次取内存装得下的，让学习率随它变大，再看损失是否还在下降。
#
# ## 数据增强
#
# **数据增强**让网络每次看到的都是同一张图片的另一个版本；这些版本由层来制作。

# %%
changes = [layers.RandomFlip("horizontal"), layers.RandomRotation(0.05)]
changes += [layers.RandomZoom(0.2), layers.RandomBrightness(0.2)]
augment = keras.Sequential(changes)

images, _ = Pictures(workers=1)[0]
versions = [augment(images[:1], training=True)[0] for _ in range(7)]
fig = picture_grid([images[0], *versions], ["original", *["augmented"] * 7], columns=4)
show(fig, f"A {labels['Label'][0]} and {len(versions)} augmented versions of it.")

# %% [markdown]
# 有用吗？先让头从每个类别少数几张图片的特征学习；再加上这些图片的三个<!--? copies == 3 -->增强版本，步数不变。五个<!--? len(gains) == 5 -->种子，各抽各的图片。

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
# 把提高的幅度与它的 ±（即标准误差）放在一起掂量。提高不到 3 个百分点<!--? 100 * abs(gain) < 3 -->，而换一批抽到的图片，差别就比这还大<!--? max(gains) - min(gains) > abs(gain) -->。所以在这里，基础模型是训练好的，数据增强没有多大指望。
#
# 这些层该放在哪里？可以放在**模型开头**：在那里，它们只在 `fit` 时起作用。也可以用 `map` 放进**训练管道**：在那里，不管谁来要数据，它们都起作用，所以别让验证数据和测试数据经过它们。陷阱是 `.cache()`：它收到什么，以后所有的周期就都是什么。
#
# **预测：** 一条管道以 `.map(augmented).cache()` 结尾。三个周期里，网络看到一张图片的几个版本？
#
# <details><summary>三个：每个周期一个新的</summary>
#
# **不对。** 本该如此；现在不是这样，却没有任何提示。可惜缓存排在了随机之后。
#
# </details>
# <details><summary>一个</summary>
#
# **对。** 所有周期的版本都一样<!--? kept -->。随机的东西必须放在缓存之后。
#
# </details>
# <details><summary>一个也没有：增强过的图片不能缓存</summary>
#
# **不对。** 什么数组缓存都照收不误；它不知道里面有过随机。
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
# ## 2019 年的工具
#
# > **如果你从 2019 年来**，这一节是写给你的。其他人请直接去看“检验一下”。
#
# `ImageDataGenerator` 已经弃用，但还能用；它在 `tensorflow.keras` 里。（那篇文章没写图片大小，也就是宽和高都是 256<!--= by_default.target_size[0] --> 像素；数据增强它留到以后再讲，在这里不过是一个参数：`horizontal_flip=True`。）

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
# 每次 `next` 给出一对东西：一批图片；还有，在 `class_mode="binary"` 时，每张图片一个数，按字母顺序编号。（那篇文章把这个顺序叫作降序；其实是升序。）这些批次，和今天的工具给出的一样吗？

# %%
train_generator.reset()
same["tf.data and the table of 2019"] = compare_batches(train_generator, train_ds)
same["class folders, today and 2019"] = compare_batches(test_generator, test_ds)
pd.DataFrame.from_dict(same, orient="index").round(1)

# %% [markdown]
# 从文件夹读，像素平均相差 1.3<!--= same["class folders, today and 2019"]["mean"] --> 级灰度：今天的工具为了快，解码 JPEG 比较粗略，缩小时也不做平滑。所以用什么工具训练，就用什么工具预测。多少步呢？按文章的公式 `steps = len(train_data) // batch_size`，是 4<!--= len(labels) // 50 --> 步；但它的代码写的是 `steps_per_epoch=10`。

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
# 要求十步，只走了 4<!--= counts[then] --> 步，还有一句警告：`Your input ran out of data; interrupting training.`<!--= ran_out --> 其实是下一个周期开始了。公式的下场更糟：每隔一个周期，就只有剩下的零头，1<!--= counts[-1] --> 步。什么都不要求，Keras 反而数得对。
#
# 文章原来的几行代码，一运行就失败：

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
# - `cannot import name 'ImageDataGenerator'`<!--= moved -->：改从 `tensorflow.keras` 导入。
# - `has no attribute 'next'`<!--= gone -->：写成 `next(generator)`。
# - `name 'datagen' is not defined`<!--= slip -->：文章里它叫 `train_datagen`。
# - `column values must be strings`<!--= as_numbers -->：对这一列用 `astype(str)`。
# - `Found 200 invalid image filename(s)`<!--= ignored --> 只是一句警告，很容易看漏；到 `fit` 时才报错：`The PyDataset has length 0`<!--= late -->。请改正文件夹，或者缺了扩展名、大小写不一致的文件名。

# %% [markdown]
# ## 检验一下

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
# ## 哪里会出错
#
# **文件夹。** 每个都算一个类别，哪怕是某个程序留下的。

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
# 用 2019 年的工具，`dog` 现在成了类别 2<!--= crowded["dog"] -->，而且一声不吭。今天的工具会跳过名字以点开头的文件夹，但不跳过 Mac 的：`there must be exactly 2 class_names`<!--= mac -->。请把类别的名字写明：今天用 `class_names=`，那时用 `classes=`。
#
# **表格。** 在许多国家，Excel 写出的是分号；老程序写的也不是 `UTF-8`。

# %%
import io

semicolons = pd.read_csv(io.StringIO(labels.to_csv(sep=";")))
no_column = attempt("semicolons['File Name']")
chinese = labels.replace({"cat": "猫", "dog": "狗"}).to_csv().encode("gbk")
not_utf8 = attempt("pd.read_csv(io.BytesIO(chinese))")

# %% [markdown]
# - `KeyError: 'File Name'`<!--= no_column -->：pandas 把每一行当成了一列；用 `pd.read_csv(path, sep=";")`。
# - `'utf-8' codec can't decode byte`<!--= not_utf8 -->：说明编码，这里是 `encoding="gbk"`。
#
# `helpers.sources.training_set` 里的 `read_label_table` 能读分号，遇到别的情况会告诉你该怎么办。

# %% [markdown]
# ## 你看到了什么
#
# - 从标签表读，今天的两种工具给出的图片和标签相同，像素最多相差一级灰度<!--? same["tf.data and PyDataset"]["largest"] < 1.5 -->；从文件夹读，2019 年的与今天的平均相差 1.3<!--= same["class folders, today and 2019"]["mean"] --> 级。
# - 200<!--= len(labels) --> 张图片，每批 50<!--= train_generator.batch_size --> 张，一个周期 4<!--= counts[0] --> 步。学习率相同时，批次小，一个周期走得更远<!--? same_rate["loss"].is_monotonic_increasing -->；学习率随批次变大时，每批一张只是更费时间<!--? scaled["seconds an epoch"].idxmax() == 1 -->。
# - 数据增强放在 `.cache()` 之前，每个周期的图片都一样<!--? kept -->。每个类别只有几张图片、基础模型冻结时，它带来的提高不到 3 个百分点<!--? 100 * abs(gain) < 3 -->。
#
# 局限：头很小，一步几乎不花时间<!--! that is what the section says -->；用的是绘制的宠物；种子不多。

# %%
from helpers.ties import compare_text

compare_text("05_feed_pictures", globals())

# %% [markdown]
# ## 动手试试
#
# 三道练习：
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
# ## 5.1 · 数一数步数
#
# 改一行，让 `n_steps` 给出 `fit` 走的步数：不论图片有多少张、批次大小是多少、周期有多少个，都要数对。

# %% tags=["exercise-gap"]
def n_steps(n_pictures, batch_size, epochs):
    return epochs * (n_pictures // batch_size)  # change this line


print(n_steps(200, 64, 2))

# %% [markdown] tags=["exercise-hint"]
# 剩下的也组成一个批次，*每个*周期结束时都是这样。`math.ceil` 向上取整；`-(-a // b)` 也是。

# %% tags=["exercise-solution"]
def n_steps(n_pictures, batch_size, epochs):
    return epochs * -(-n_pictures // batch_size)


print(n_steps(200, 64, 2))

# %% [markdown] tags=["exercise-solution"]
# 8<!--= n_steps(200, 64, 2) --> 步：每个周期结束时，剩下的都会发出去。

# %% [markdown] tags=["exercise"]
# ## 5.2 · 对付 Mac 留下的东西
#
# `folder` 里有猫、有狗，还有 Mac 塞进压缩包里的东西。请用 `keras.utils.image_dataset_from_directory` 做出 `dataset`：猫是 0，狗是 1，图片为 `32` 乘 `32` 像素，**裁剪**成正方形，而不是挤压。

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
# `class_names=` 说明哪些文件夹算数，以及它们的顺序。

# %% [markdown] tags=["exercise-hint"]
# 高和宽用 `image_size=`。裁剪的设置在“类别文件夹”一节里。

# %% tags=["exercise-solution"]
dataset = keras.utils.image_dataset_from_directory(
    folder,
    class_names=["cat", "dog"],
    image_size=(32, 32),
    crop_to_aspect_ratio=True,
)
n_found = len(dataset.file_paths)

# %% [markdown] tags=["exercise-solution"]
# 8<!--= n_found --> 个文件。如果不写 `class_names`，Mac 留下的东西就成了类别 0：在这种字母顺序里，大写字母和下划线排在小写字母前面。

# %% [markdown] tags=["exercise"]
# ## 5.3 · 搭管道
#
# `files` 扮演一块慢磁盘：它会数一共读了多少次。由它做出 `train_ds`：每张图片在所有周期里只读**一次**，而每个周期看到的都是另一个增强版本，每批 `4` 张。请使用 `augment`。

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
# 三步：`.cache()`、`.batch(4)`，还有 `.map(…)`，里面的函数接收图片和标签，也返回这两样。随机的东西放在保存的东西之后。

# %% [markdown] tags=["exercise-hint"]
# 在管道里，要告诉 `augment` 现在是训练：`augment(images, training=True)`。它接收整个批次。

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
# 10<!--= len(images) --> 张图片，读了 10<!--= len(reads) --> 次，而每个周期都是另一个版本<!--? not np.array_equal(epochs[0][0], epochs[1][0]) -->。

# %% [markdown]
# ## 接着学
#
# - Keras 的[载入图片](https://keras.io/api/data_loading/image/)：`image_dataset_from_directory` 的全部设置。
# - [tf.data 的性能](https://www.tensorflow.org/guide/data_performance)：一边学这个批次，一边读下一个。
