# %% [markdown]
# # 4 · 冻结层
#
# 预训练的基础模型知道的东西，靠你那几张图片是教不会的。这一课把它冻结起来，证明里面没有一个数变动；再看看它在哪些情况下照样会变，而且一声不吭。

# %% [markdown]
# ## 你会学到什么
#
# - 用两种方法**冻结**基础模型，并证明它保持原样。
# - 每次改动 `trainable` 之后都**编译**，并认得出不这样做的后果。
# - **解冻**其中一部分：用低学习率，并让批量归一化保持不动。

# %% [markdown]
# ## 需要准备什么
#
# 第 3 课（基础模型、头、参数），或者懂得其中的这些词。在两个 CPU 核上大约计算一分钟，不用联网。

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
from keras import layers

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

IMAGE_SIZE = (96, 96)  # small: today you train the base as well
pictures = open_pictures("drawn")  # or "photos"
paths, labels = pictures.training_set()  # 0 is a cat, 1 is a dog
images = np.array([read_picture(path, IMAGE_SIZE) for path in paths], "float32")
print(images.shape, "cats and dogs:", np.bincount(labels))

# %% [markdown]
# ## 基本想法
#
# 刷墙之前，要先给窗框贴上胶带，因为刷子总会刷出界。新的头也会出界：它的权重是随机的，所以误差很大，而训练会把误差传给下面的一切。胶带就是一个属性：`trainable = False`。带上它的层就**冻结**了：照常计算，但训练的任何一步都不改变它的权重。

# %%
from helpers.figures import diagram, show

boxes = {"pictures": (0, 0), "base\nfrozen": (1.2, 0), "pooling": (2.4, 0)}
boxes |= {"head\nlearns": (3.6, 0), "loss": (4.8, 0)}
forward = list(zip(boxes, list(boxes)[1:], strict=False))
fig = diagram(
    boxes,
    [*forward, ("loss", "head\nlearns", "errors")],
    ["head\nlearns"],
    "Errors go back as far as the head",
)
show(
    fig,
    f"What passes: {', '.join(boxes)}; errors go back to the head.".replace("\n", " "),
)

# %% [markdown]
# ## 先看一个小例子
#
# 两个层：下面三个神经元，上面一个。Keras 把层的权重放在数组里：**核**装着它所有神经元的权重，另一个数组装着偏置。所以这里每个层有两个数组<!--? len(below.weights) == len(above.weights) == 2 -->。冻结下面那层，训练，再把所有数组与原来的比较。
#
# **预测：** 哪些数组会变？
#
# <details><summary>全部：误差从上面来，两层都要穿过</summary>
#
# **不对。** 误差的确会穿过，这正是要冻结的原因。冻结的层把误差往下传，自己什么也不学。
#
# </details>
# <details><summary>上面那层的</summary>
#
# **对。** 核与偏置，2<!--= len(above.weights) --> 个变了 2<!--= moved[1] --> 个；下面的变了 0<!--= moved[0] --> 个。
#
# </details>
# <details><summary>下面那层的变一点，上面那层的变得多些</summary>
#
# **不对。** 冻结不等于慢。学习率低才是慢，后面就会遇到。
#
# </details>

# %%
rng = np.random.default_rng(0)
numbers, targets = rng.normal(size=(64, 2)), rng.normal(size=(64, 1))

below, above = layers.Dense(3, activation="tanh"), layers.Dense(1)
toy = keras.Sequential([keras.Input((2,)), below, above])
below.trainable = False
toy.compile("sgd", "mse")


def snapshot(*parts):
    return [array.numpy().copy() for part in parts for array in part.weights]


def n_moved(before, *parts):
    after = snapshot(*parts)
    return sum(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


before = {"below": snapshot(below), "above": snapshot(above)}
toy.fit(numbers, targets, epochs=5, verbose=0)
print("kernel below, before:", before["below"][0][0].round(3))
print("kernel below, after: ", below.kernel.numpy()[0].round(3))
moved = [n_moved(before["below"], below), n_moved(before["above"], above)]
pd.DataFrame({"arrays": [2, 2], "moved": moved}, index=list(before))

# %% [markdown]
# 下面那层，核与偏置原地未动，一个比特都不差。上面那层，两个都变了。
#
# ## 文章里的循环
#
# > **如果你从 2019 年来：** 那篇文章逐层冻结 InceptionV3：

# %% tags=["then"]
from keras.applications import InceptionV3

base_model = InceptionV3(weights=None, include_top=False)
x = layers.GlobalAveragePooling2D()(base_model.output)
x = layers.Dense(1024, activation="relu")(x)
predictions = layers.Dense(2, activation="softmax")(x)
model = keras.Model(inputs=base_model.input, outputs=predictions)

try:
    # first: train only the top layers (which were randomly initialized)
    # i.e. freeze all convolutional InceptionV3 layers
    for layer in base_model:
        layer.trainable = False
except TypeError as error:
    message = f"TypeError: {error}"
    print(message)

# %% [markdown]
# `'Functional' object is not iterable`<!--= message -->：各层都在 `base_model.layers` 里。所以有两种办法：对它循环，或者只写一行：

# %%


def count():
    learning = model.trainable_weights
    return {
        "arrays that learn": len(learning),
        "parameters that learn": sum(int(np.prod(w.shape)) for w in learning),
        "base.trainable": base_model.trainable,
    }


rows = {"as built": count()}
base_model.trainable = False
rows["base.trainable = False"] = count()
base_model.trainable = True
rows["base.trainable = True"] = count()
for layer in base_model.layers:
    layer.trainable = False
rows["a loop over base.layers"] = count()
base_model.trainable = True
rows["and then base.trainable = True"] = count()
n_arrays = len(model.weights)
counts = pd.DataFrame(rows).T
counts

# %% [markdown]
# 两种办法都只留下 4<!--= counts["arrays that learn"].iloc[1] --> 个数组，即两个全连接层的核与偏置，共 2,100,226<!--= counts["parameters that learn"].iloc[1] --> 个参数：正是你在第 3 课数过的头。即使解冻，380<!--= n_arrays --> 个数组里也只有 192<!--= counts["arrays that learn"].iloc[0] --> 个在学习。其余是统计量，下面再说。
#
# 最后一行是个陷阱。循环之后，基础模型仍说自己可以训练，所以 `base.trainable = True` 什么也不改变：属性已经是这个值，Keras 在 TensorFlow 上就不会再设一遍。冻结和解冻都用那一行写法；如果用过循环，就先设成 `False`，再设成 `True`。
#
# ## 改完再编译
#
# 文章里的注释说得对：*compile the model (should be done after setting layers to non-trainable)*（编译模型，要放在把各层设为不可训练之后）。现在换成预训练的基础模型 EfficientNet-Lite0。（按照 Keras 指南的建议，调用它时用了 `training=False`；这个建议有没有用，你会亲自检验。）

# %%
base = EfficientNetLite0(include_top=False, weights="imagenet", input_shape=(96, 96, 3))
inputs = keras.Input((96, 96, 3))
x = base(preprocess_input(inputs), training=False)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


def compile_model():
    optimizer = keras.optimizers.RMSprop()
    optimizer.build(model.trainable_weights)  # fit would do it, and begin twice
    model.compile(optimizer, loss="sparse_categorical_crossentropy")


# %%
def share_moved():
    before = snapshot(base)
    model.fit(images[::50], labels[::50], verbose=0)  # a single step
    return round(n_moved(before, base) / len(before), 1)


base.trainable = False
compile_model()
frozen = share_moved()
print(f"of {len(base.weights)} arrays in the frozen base moved: {frozen:.0%}")

# %% [markdown]
# 忘了编译呢？解冻，训练，编译，再训练。然后反过来做一遍。
#
# **预测：** 基础模型解冻了，但还没有编译，这时训练会怎样？
#
# <details><summary>基础模型会学习：fit 开始时会看 trainable</summary>
#
# **不对。** 看上去是这样，因为学习的数组个数马上就变了。但训练步早就做好了。
#
# </details>
# <details><summary>Keras 报错停下，或者给出警告</summary>
#
# **不对。** 真能这样就好了，旧版本确实会警告。今天什么也不说。
#
# </details>
# <details><summary>基础模型保持原样</summary>
#
# **对。** 编译之前，它的数组里变了的占 0%<!--= silent.iloc[0, 1] -->。
#
# </details>

# %%
pretrained = base.get_weights()
steps = {}
for trainable in (True, False):
    base.trainable = trainable
    word = "unfrozen" if trainable else "frozen again"
    says = len(model.trainable_weights)
    steps[f"{word}, not compiled"] = says, share_moved()
    compile_model()
    steps[f"{word}, compiled"] = says, share_moved()
base.set_weights(pretrained)
silent = pd.DataFrame(
    steps, index=["arrays that learn, says the model", "share of the base that moved"]
).T
silent

# %% [markdown]
# 第一行和第三行就是陷阱。模型*说*有 149<!--= int(silent.iloc[0, 0]) --> 个数组在学习，基础模型里却一个也没学；或者说只有 2<!--= silent.iloc[2, 0] --> 个在学习，基础模型却继续在变。原因：训练步是 `compile` 和第一次 `fit` 一起做成的，做的那一刻哪些可以训练，就定死在里面了。没有任何警告告诉你。
#
# 现在基础模型又冻结了，训练步也是照这个做的。接下来，让头学习。

# %%
from helpers.progress import EpochLines

settings = {"batch_size": 20, "verbose": 0}
model.fit(images, labels, epochs=5, callbacks=[EpochLines()], **settings)
start = model.get_weights()

# %% [markdown]
# 用两个数看它在没见过的图片上有多好：答对多少；还有损失，正确的答案变得不那么肯定时，损失也会察觉。

# %%
test_paths, test_labels = (part[::4] for part in pictures.test_set())
test_images = np.array(
    [read_picture(path, IMAGE_SIZE) for path in test_paths], "float32"
)
asked = keras.Model(model.input, model.output)  # the same layers, never compiled
rows = np.arange(len(test_labels))


def score():
    answers = asked.predict(test_images, batch_size=50, verbose=0)
    loss = -np.log(answers[rows, test_labels].clip(1e-7)).mean()
    return (answers.argmax(axis=-1) == test_labels).mean(), loss


start_right, start_loss = score()
print(f"right on {start_right:.0%} of {len(rows)}, loss {start_loss:.2f}")

# %% [markdown]
# ## 批量归一化自行其是
#
# **批量归一化**层对经过的每个通道，减去平均值，再除以标准差；然后乘以一个*缩放*、加上一个*平移*，这两个像别的权重一样靠学习得到。训练时，平均值和标准差在手头的批次上测量。为了预测，这一层另外保存两个数组：*移动均值*和*移动方差*。它们不由梯度改变：只要有数据以训练模式经过，它们就会变。
#
# Keras 指南给出两个对策：冻结这一层，或者用 `training=False` 调用它。四种组合都试一遍<!--? kept.size == 4 -->。

# %%
def statistics_move(trainable, **call):
    normalize = layers.BatchNormalization(trainable=trainable)
    inputs = keras.Input((2,))
    small = keras.Model(inputs, layers.Dense(1)(normalize(inputs, **call)))
    small.compile("sgd", "mse")
    before = normalize.moving_mean.numpy().copy()
    small.fit(numbers, targets, verbose=0)
    return bool((normalize.moving_mean.numpy() != before).any())


kept = pd.DataFrame(
    [
        [statistics_move(True), statistics_move(True, training=False)],
        [statistics_move(False), statistics_move(False, training=False)],
    ],
    index=["trainable=True", "trainable=False"],
    columns=["layer(x)", "layer(x, training=False)"],
)
print("Do the statistics move in fit?")
kept

# %% [markdown]
# 在 Keras 3 里，`fit` 会盖过 `training=False`：只有 `trainable=False` 才能保护它。那么在基础模型里呢？你调用它时也用了 `training=False`。让二十张图片<!--? len(images[::10]) == 20 -->以训练模式经过，没有优化器，一步也不走。
#
# **预测：** 基础模型会变多少？
#
# <details><summary>不变：一步没走，什么也学不到</summary>
#
# **不对。** 确实什么也没*学*。但统计量是测出来的，不是学来的，用不着走步。
#
# </details>
# <details><summary>不变：基础模型是用 training=False 调用的</summary>
#
# **不对。** 指南是这么说的，在 Keras 2 里也的确如此。但你刚看到，`fit` 不理会它；你怎样调用整个模型，也没有差别。
#
# </details>
# <details><summary>每个归一化层的两个数组</summary>
#
# **对。** 平均值和方差变，缩放和平移不变：196<!--= n_normalizing --> 个数组里的 98<!--= drifted --> 个。
#
# </details>

# %%
base.trainable = True
normalizing = [la for la in base.layers if isinstance(la, layers.BatchNormalization)]
others = [layer for layer in base.layers if layer not in normalizing]
before, before_others = snapshot(*normalizing), snapshot(*others)
model(images[::10], training=True)  # the mode that fit is in
n_normalizing = len(before)
drifted, learned = n_moved(before, *normalizing), n_moved(before_others, *others)
print(f"{drifted} of {n_normalizing} arrays of the normalizing layers moved,")
print(f"and {learned} of {len(before_others)} others")

# %% [markdown]
# 49<!--= len(normalizing) --> 个层的平均值和方差变了，朝着这些图片的样子靠近。这有害吗？每个批次只让它们走百分之一的路<!--? round(1 - slow, 2) == 0.01 -->，要很久才看得出来。改成十分之一，五个批次就能走得和五十个一样远<!--? abs(fast**5 - slow**50) < 0.02 -->。从同一个起点出发，让一百张图片<!--? len(order) == 100 -->经过，三个种子各用不同的图片。

# %%
slow, fast, drifts = normalizing[0].momentum, 0.9, []
for layer in normalizing:
    layer.momentum = fast
for seed in range(3):
    model.set_weights(start)
    order = np.random.default_rng(seed).permutation(len(images))[::2]
    for batch in order.reshape(-1, 20):
        model(images[batch], training=True)
    drifts.append(score())
    print(f"seed {seed}: right on {drifts[-1][0]:.0%}, loss {drifts[-1][1]:.2f}")
right_drifted, loss_drifted = np.array(drifts).T

# %% [markdown]
# 光是漂移，无论哪个种子，都要丢掉不止 4 个百分点<!--? 100 * (start_right - right_drifted.max()) > 4 -->，损失也上升<!--? loss_drifted.min() > start_loss + 0.03 -->。补救只要一行。
#
# ## 解冻最后一块
#
# **微调**放在头学会之后：让基础模型的上部也跟着学，用低学习率。试三种做法：只有头；最后一块，其中的批量归一化除外；全部，批量归一化除外。

# %%
def unfreeze(part):
    base.trainable = False  # so that the next line reaches every layer
    base.trainable = part != "head"
    for layer in base.layers:
        still = isinstance(layer, layers.BatchNormalization)
        below = not layer.name.startswith(("block7", "top")) and part == "last block"
        if still or below:
            layer.trainable = False


# %% [markdown]
# 都从同一个头出发，三个种子：只训练头用高学习率，最后一个块用低学习率，整个网络两种都试。这里的一个周期是一百张图片<!--? len(images[::2]) == 100 -->。

# %%
import time

ticks = []  # when each step began
watch = keras.callbacks.LambdaCallback(
    on_train_batch_begin=lambda batch, logs: ticks.append(time.perf_counter())
)


def one_epoch(seed, learning_rate):
    keras.utils.set_random_seed(seed)
    model.set_weights(start)
    for variable in model.optimizer.variables:  # as if compiled anew
        variable.assign(keras.ops.zeros_like(variable))
    model.optimizer.learning_rate = learning_rate
    model.fit(images[::2], labels[::2], callbacks=[watch], **settings)
    return score()


# %%
def tune(part, *rates):
    unfreeze(part)
    compile_model()  # afterwards
    for rate in rates:
        way = f"{part}, {rate:g}"
        ticks.clear()
        runs[way] = np.array([one_epoch(seed, rate) for seed in range(3)])
        print(f"{way}: right {runs[way][:, 0].mean():.2f}")
        arrays[way], seconds[way] = base.get_weights(), np.diff(ticks).min()


# %% tags=["nbval-ignore-output"] reason="every weight of the network learns here; the text holds what may be said"
runs, arrays, seconds = {}, {}, {}
tune("head", 0.003)
tune("last block", 1e-5)
tune("all", 1e-5, 0.003)

rows_of_table = {}
for way, scores in runs.items():
    mean, spread = scores.mean(axis=0), scores.std(axis=0, ddof=1)
    rows_of_table[way] = [mean[0], spread[0], mean[1], spread[1]]
columns = ["right", "± (of three)", "loss", "±"]
tuned = pd.DataFrame.from_dict(rows_of_table, orient="index", columns=columns)
tuned.round(2)

# %% [markdown]
# 头受得了高学习率：大多数图片仍然答对<!--? tuned["right"]["head, 0.003"] > 0.75 -->。整个网络受不了：跌到大约 50%<!--= tuned["right"]["all, 0.003"], 0.03 -->，等于瞎猜。刷子刷出界了。用低学习率，走这么几步，什么也没丢，也没有看得出来的收获：两者与起点的差距都在 5 个百分点以内<!--? 100 * (tuned["right"].filter(like="1e-05") - start_right).abs().max() < 5 -->。
#
# 卷积在哪里变了，变了多少？

# %%
from helpers.figures import change_figure

kernels = [n for n, array in enumerate(base.weights) if "kernel" in array.path]


def changes(arrays):
    pairs = [(pretrained[n], arrays[n]) for n in kernels]
    return [100 * np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in pairs]


moved_by = {way: changes(after) for way, after in arrays.items()}
n_convolutions = [np.count_nonzero(change) for change in moved_by.values()]
fig = change_figure({way: moved_by[way] for way in list(moved_by)[1:]})
text = f"Of {len(kernels)} convolutions, {n_convolutions[1]} move with the last block."
show(fig, text)

# %% [markdown]
# 解冻最后一块时，49<!--= len(kernels) --> 个卷积里有 45<!--= len(kernels) - n_convolutions[1] --> 个保持 ImageNet 训练出来的样子。全部解冻时，个个都变<!--? n_convolutions[2] == len(kernels) -->：低学习率时变得少；高学习率时变得多，连变得最少的也超过低学习率时变得最多的<!--? min(moved_by["all, 0.003"]) > max(moved_by["all, 1e-05"]) -->。
#
# ## 一步要花多少
#
# 冻结还省开销：冻结的基础模型不用计算梯度，优化器也不必为它做记录。每一步的时间，你其实已经测过了：

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
slower = seconds["all, 0.003"] / seconds["head, 0.003"]
pd.Series(seconds, name="seconds, the quickest step").to_frame().round(3)

# %% [markdown]
# 整个网络走一步，比头走一步要久<!--? slower > 1 -->。

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=11
assert moved == [0, 2]
assert counts["arrays that learn"].tolist() == [192, 4, 192, 4, 4]
assert frozen == 0
assert silent["share of the base that moved"].tolist() == [0, 1, 1, 0]
assert kept.to_numpy().tolist() == [[True, True], [False, False]]
assert learned == 0
assert drifted == 2 * len(normalizing)
assert n_convolutions == [0, 4, 49, 49]
assert tuned["right"]["last block, 1e-05"] > 0.8
assert tuned["right"]["all, 0.003"] < 0.7
assert slower > 1
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **忘了 `compile`**、**批量归一化漂移**、**学习率太高**：这几样你都运行过，没有一样会给提示。对策：每次改动之后都编译；每个批量归一化都保持 `trainable=False`；凡是预训练过的，都用低学习率，这里是 `1e-5`，并且前后都看看没见过的图片。
#
# **笔误。** Python 接受任何属性，而任何非空的文本都算真：

# %%
base.trainable = True
base.trainabel = False
after_slip = base.trainable
base.trainable = "False"
after_text = base.trainable
print(f"after trainabel = False: {after_slip}; after trainable = 'False': {after_text}")

base.trainable = False
print(f"after trainable = False: {base.trainable}")

# %% [markdown]
# 对策：事后问一句。头只有一个全连接层时，`len(model.trainable_weights)` 应当是 2<!--= len(model.trainable_weights) -->。

# %% [markdown]
# ## 你看到了什么
#
# - 冻结的层，权重一个比特都不变：基础模型的 245<!--= len(base.weights) --> 个数组，变了 0%<!--= frozen -->。
# - `trainable` 在做训练步的那一刻起作用。不 `compile`，解冻的基础模型仍然不动<!--? silent.iloc[0, 1] == 0 -->，冻结的却继续在变<!--? silent.iloc[2, 1] == 1 -->。
# - 即使什么都不学，批量归一化也会漂移；在 Keras 3 里，`training=False` 拦不住它<!--? drifted > 0 and kept.iloc[0, 1] -->。光是漂移就丢掉了不止 4 个百分点<!--? 100 * (start_right - right_drifted.max()) > 4 -->。
# - 头受得了的学习率，把整个网络变成了抛硬币：大约 50%<!--= tuned["right"]["all, 0.003"], 0.03 -->。
#
# 局限：一个头，图片的三种顺序<!--? len(runs["all, 0.003"]) == 3 -->，小图片，一个周期只有一半的图片。

# %%
from helpers.ties import compare_text

compare_text("04_freeze_layers", globals())

# %% [markdown]
# ## 动手试试
#
# 三道练习，每道都带检查：
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(0)
numbers, targets = rng.normal(size=(64, 2)), rng.normal(size=(64, 1))


def new_toy():
    keras.utils.set_random_seed(0)  # the same weights each time
    below = layers.Dense(3, activation="tanh", name="below")
    return keras.Sequential([keras.Input((2,)), below, layers.Dense(1, name="above")])


# %% [markdown] tags=["exercise"]
# ## 4.1 · 冻结上面的层
#
# 改一行，让 `above` 冻结，`below` 学习。先预测：误差从上面来，能穿过冻结的层吗？

# %% tags=["exercise-gap"]
toy = new_toy()
toy.get_layer("below").trainable = False  # change this line
toy.compile("sgd", "mse")
toy.fit(numbers, targets, epochs=5, verbose=0)

# %% [markdown] tags=["exercise-hint"]
# `toy.get_layer(…)` 按名字找层。各行的顺序本来就是对的。

# %% tags=["exercise-solution"]
toy = new_toy()
toy.get_layer("above").trainable = False
toy.compile("sgd", "mse")
toy.fit(numbers, targets, epochs=5, verbose=0)
pairs = list(zip(new_toy().get_weights(), toy.get_weights(), strict=True))
moved = [not np.array_equal(old, new) for old, new in pairs]
print("moved:", moved)
assert moved == [True, True, False, False]

# %% [markdown] tags=["exercise-solution"]
# 能穿过：下面的核与偏置都变了<!--? moved[:2] == [True, True] -->。冻结的层把误差传下去，自己却什么也不学。

# %% [markdown] tags=["exercise"]
# ## 4.2 · 数一数什么在学习
#
# 写出函数 `n_learning`：接收一个模型，给出训练可以改变多少个参数（一个个的数，不是数组）。模型里套着基础模型时，不论冻结与否，它都要数对；遇到批量归一化也一样。以后就可以问它，不必靠侥幸。

# %% tags=["exercise-setup"]
normalized = keras.Sequential([keras.Input((5,)), layers.BatchNormalization()])


# %% tags=["exercise-gap"]
def n_learning(model):
    return ...  # your line


print(n_learning(normalized))

# %% [markdown] tags=["exercise-hint"]
# `model.trainable_weights` 是数组的列表，内层模型的也在其中。

# %% [markdown] tags=["exercise-hint"]
# 形状为 `(3, 3, 3, 32)` 的数组里有多少个数？`np.prod` 会做乘法。

# %% tags=["exercise-solution"]
def n_learning(model):
    return sum(int(np.prod(array.shape)) for array in model.trainable_weights)


print(n_learning(normalized), "of", normalized.count_params())

# %% [markdown] tags=["exercise-solution"]
# 20<!--= normalized.count_params() --> 个参数里有 10<!--= n_learning(normalized) --> 个会学习：每个通道一个缩放、一个平移。移动均值和移动方差不学习，它们只是在变。

# %% [markdown] tags=["exercise"]
# ## 4.3 · 从某一层起解冻
#
# 写出函数 `unfreeze_from`：接收一个基础模型和一个层的名字。之后，这一层和它后面的都学习，批量归一化除外；它前面的保持冻结。无论之前冻结了什么，它都要管用。

# %% tags=["exercise-setup"]


def new_base():
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(4, name="a"),
            layers.BatchNormalization(name="a_norm"),
            layers.Dense(4, name="b"),
            layers.BatchNormalization(name="b_norm"),
            layers.Dense(4, name="c"),
        ]
    )


# %% tags=["exercise-gap"]
def unfreeze_from(base, name): ...  # your lines


base = new_base()
base.trainable = False
unfreeze_from(base, "b")
print([array.path for array in base.trainable_weights])

# %% [markdown] tags=["exercise-hint"]
# 只要 `base.trainable` 是 False，里面就什么都不学习，不管各层自己怎么说。而设置它，也就设置了每一层。

# %% [markdown] tags=["exercise-hint"]
# 依次走过 `base.layers`，用一个变量记住这个名字的层是否已经出现。批量归一化用 `isinstance(layer, layers.BatchNormalization)` 来辨认。

# %% tags=["exercise-solution"]
def unfreeze_from(base, name):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == name
        normalizes = isinstance(layer, layers.BatchNormalization)
        layer.trainable = reached and not normalizes


base = new_base()
base.trainable = False
unfreeze_from(base, "b")
learning = base.trainable_weights
print([array.path for array in learning])
assert [layer.name for layer in base.layers if layer.trainable] == ["b", "c"]

# %% [markdown] tags=["exercise-solution"]
# 4<!--= len(learning) --> 个数组在学习。这就是微调的配方；之后是 `compile`，用低学习率。

# %% [markdown]
# ## 接着学
#
# - [Keras 的迁移学习指南](https://keras.io/guides/transfer_learning/)：同样的步骤，还有你刚检验过的关于 `training=False` 的建议。
# - [批量归一化](https://keras.io/api/layers/normalization_layers/batch_normalization/)：看看它的文档怎么讲冻结。
