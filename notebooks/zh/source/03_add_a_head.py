# %% [markdown]
# # 3 · 加一个头
#
# 去掉顶部，骨干网络的终点是一叠小小的特征图，对什么都没有看法。这一课加上有看法的那一部分：*猫*，还是*狗*。它只有三层，里面的每一个数你都会明白。

# %% [markdown]
# ## 你会学到什么
#
# - 把一个批次**推**过基础模型、池化和头，说得出每一步之后的形状。
# - **数清**头的参数：手算，得到与 Keras 一样的数。
# - **配好**最后一层、损失和标签，并认出那些一声不吭就失败的组合。

# %% [markdown]
# ## 需要准备什么
#
# 第 2 课（骨干网络、通道、`include_top`），或者懂得其中的这些词。在两个 CPU 核上大约计算一分钟，不用联网。

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

from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")  # or "photos"
paths, true = pictures.training_set()  # 0 is a cat, 1 is a dog
images = np.array([read_picture(path, (256, 256)) for path in paths[:8]])
print("one batch:", images.shape, images.dtype)

# %% [markdown]
# ## 基本想法
#
# 想象一场审判。基础模型是证人：它报告在图片的每个位置上看到了多少毛发、边缘和眼睛。**头**是法官，只看报告，必须在两个词里说出一个。两者之间有一位书记员，他把报告缩短，略去是在*哪里*看到的：这就是**池化**。
#
# 图中的每一块，是图片经过上方所写的那一层之后的样子（用的是对数刻度，否则两个类别小得看不见）：

# %%
from keras.applications import InceptionV3

from helpers.figures import show, volume_diagram

base_model = InceptionV3(weights=None, include_top=False)
seen = base_model.compute_output_shape((None, 256, 256, 3))[1:]
shapes = {"picture": (256, 256, 3), "InceptionV3": seen, "pooling": seen[-1:]}
shapes |= {"Dense(1024)": (1024,), "Dense(2)": (2,)}
text = "; ".join(f"{name} {shape}" for name, shape in shapes.items())
show(volume_diagram(shapes), f"The shape of one picture after each layer: {text}.")

# %% [markdown]
# ## 手工做一遍
#
# 先看一张只有四个位置、三个通道的图片。池化对每个通道取平均。**全连接层**（dense）乘以它的**核**，再加上它的**偏置**。**Softmax** 把得分变成概率。

# %%
maps = np.array([[[[1, 0, 4], [3, 0, 0]], [[0, 2, 0], [0, 0, 0]]]])  # (1, 2, 2, 3)
kernel = np.array([[1, -1], [2, 0], [0, 1]])  # 3 channels -> 2 classes
bias = np.array([0.5, 0])

pooled = maps.mean(axis=(1, 2))  # (1, 2, 2, 3) -> (1, 3)
scores = pooled @ kernel + bias  # (1, 3) -> (1, 2)
by_hand = np.exp(scores) / np.exp(scores).sum()

pool, dense = layers.GlobalAveragePooling2D(), layers.Dense(2, activation="softmax")
toy = keras.Sequential([keras.Input((2, 2, 3)), pool, dense])
dense.set_weights([kernel, bias])
by_keras = np.array(toy(maps))
print("by hand: ", pooled[0], "->", scores[0], "->", by_hand[0].round(3))
print("by Keras:", by_keras[0].round(3))

# %% [markdown]
# 池化没有什么要学的；全连接层的核有 6<!--= dense.get_weights()[0].size --> 个数，偏置有 2<!--= dense.get_weights()[1].size --> 个，一共 8<!--= toy.count_params() --> 个。所以这样数：*输入数 × 输出数 + 输出数*。
#
# ## 两个类别的头
#
# 装在 InceptionV3 上面，池化与答案之间再加一层：
#
# > **如果你从 2019 年来：** 这几行出自那篇文章，连注释都一样，今天仍然能运行。（`200 classes` 是 Keras 官方示例里的说法，文章的代码就来自那里。）

# %%
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model

# add a global spatial average pooling layer
x = base_model.output
x = GlobalAveragePooling2D()(x)
# let's add a fully-connected layer
x = Dense(1024, activation="relu")(x)
# and a logistic layer -- let's say we have 200 classes
predictions = Dense(2, activation="softmax")(x)
# this is the model we will train
model = Model(inputs=base_model.input, outputs=predictions)

# %% [markdown]
# 到这里还什么都没有计算：每一行只是记下谁接在谁后面。现在把那个批次推过去：

# %%
stations = [
    model.input,
    base_model.output,
    *(layer.output for layer in model.layers[-3:]),
]
values = keras.Model(model.input, stations).predict_on_batch(images / 127.5 - 1)
names = ["picture", "base", "pooling", "Dense(1024)", "Dense(2)"]
passed = pd.DataFrame(index=names)
passed["as planned"] = [str(station.shape) for station in stations]
passed["this batch"] = [str(tuple(value.shape)) for value in values]
passed

# %% [markdown]
# `None` 的意思是“来多少都行”：图片张数不限，在这里连大小也不限。8<!--= len(images) --> 张图片并排通过。基础模型把 `256×256`<!--? images.shape[1:3] == (256, 256) --> 个位置变成 `6×6`<!--? values[1].shape[1:3] == (6, 6) --> 个；池化之后，一张图片剩下 2,048<!--= values[2].shape[-1] --> 个数；头再把它们浓缩成两个。（中间的 **ReLU** 把负数换成零。）
#
# 现在抢在 Keras 前面数一数。
#
# **预测：** 头里的数，大部分在哪里？
#
# <details><summary>在池化里：它接收的最多</summary>
#
# **不对。** 数据的确全都经过它，但求平均没有什么要学的。只有要靠训练去找的东西，层才为它设参数。
#
# </details>
# <details><summary>在第一个全连接层（Dense）里</summary>
#
# **对。** 它的每个单元，对每个输入的数都有一个权重：占整个头的 99.9%<!--= head_table["by hand"].iloc[1] / n_head -->。
#
# </details>
# <details><summary>在最后一层里：做决定的是它</summary>
#
# **不对。** 决定是它做的，但依据的数很少，类别也只有两个。起作用的是*输入数 × 输出数*。
#
# </details>

# %%
from helpers.layers import layer_table

head_table = layer_table(model, slice(-3, None)).drop(columns="trainable")
head_table["by hand"] = [0, 2048 * 1024 + 1024, 1024 * 2 + 2]
n_head = head_table["by hand"].sum()
head_table

# %% [markdown]
# 头有 2,100,226<!--= n_head --> 个参数，基础模型有 21.8<!--= base_model.count_params() / 1e6 --> 百万个：头相当于它的十分之一<!--? 0.09 < n_head / base_model.count_params() < 0.11 -->，而你要训练的全部就是这些。
#
# ## 模型就是估计器
#
# 这样的模型，在多大程度上像 scikit-learn 的估计器？
#
# | scikit-learn | Keras |
# |---|---|
# | `LogisticRegression(…)` | `Model(inputs=…, outputs=…)` |
# | 它的参数 `solver` | `compile(optimizer=…)` |
# | 它的损失，即逻辑损失 | `compile(loss=…)` |
# | 它的参数 `C`：取小的值，权重就保持较小 | 某一层的 `kernel_regularizer=…` |
# | `fit(X, y)` | `fit(x, y, epochs=…)` |
# | `predict_proba(X)` | `predict(x)` |
# | `predict(X)` | `predict(x).argmax(axis=-1)` |
# | `score(X, y)` | `evaluate(x, y)` |
# | `coef_`, `intercept_` | `get_weights()` |
#
# > **如果你从 2019 年来：** 那篇文章讲到最后一行时说：“类似 sklearn 中对具体的算法进行实例化。”
#
# 有一处差别很要紧。趁两边都还没学过任何东西，问问它们。
#
# **预测：** Keras 模型会怎么说？
#
# <details><summary>它拒绝回答，和 scikit-learn 一样</summary>
#
# **不对。** 那样倒是稳妥。但 Keras 模型分不清自己的数是训练来的，还是随机来的。
#
# </details>
# <details><summary>每个类别正好一半</summary>
#
# **不对。** 如果权重全是零，的确会这样。但权重是随机的，所以它有看法，只是毫无根据。
#
# </details>
# <details><summary>两个概率，好像它知道似的</summary>
#
# **对。** 它们加起来是 1.00<!--= values[-1][0].sum() -->，却毫无意义。
#
# </details>

# %%
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

try:
    LogisticRegression().predict(values[2])
except NotFittedError as error:
    message = f"NotFittedError: {error}"
    print("scikit-learn:", message)
print("Keras:", np.array(values[-1])[0].round(4))

# %% [markdown]
# scikit-learn 说：`This LogisticRegression instance is not fitted yet`<!--= message -->。Keras 模型一出生就有权重，是随机的，还能一本正经地回答你。
#
# ## 池化留下了什么
#
# 从这里起，答案要当真了，所以基础模型换成带真正权重的 EfficientNet-Lite0：1,280<!--= base.output_shape[-1] --> 个通道，各有 `7×7`<!--? base.output_shape[1:3] == (7, 7) --> 个位置。把一只宠物向右移，看其中 3<!--= len(strongest) --> 个通道：

# %%
from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.figures import pooling_figure

base = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3)
)
pixels = np.array([read_picture(path, (224, 224)) for path in paths])
moved = np.roll(pixels[:16], 64, axis=2)  # to the right, and in again on the left
here, there = (base.predict_on_batch(preprocess_input(p)) for p in (pixels[:16], moved))

rows = {"as it is": pixels[0], "moved": moved[0]}
strongest = here[0].mean(axis=(0, 1)).argsort()[::-1][:3]
means = here[0].mean(axis=(0, 1))[strongest], there[0].mean(axis=(0, 1))[strongest]
text = " and ".join(f"{a:.1f}, moved {b:.1f}" for a, b in zip(*means, strict=True))
fig = pooling_figure(rows, [here[0], there[0]], strongest)
show(fig, f"Three channels, with means {text}.")

# %% [markdown]
# 亮斑跟着移动了。不用池化，也可以用 **Flatten**：把所有通道的所有位置排成一长行。一只宠物与移动后的它自己，在两种做法之后各有多相似（1 是完全相同）？

# %%
from sklearn.metrics.pairwise import cosine_similarity

pairs = {"pooled": [m.mean(axis=(1, 2)) for m in (here, there)]}
pairs["flattened"] = [m.reshape(len(m), -1) for m in (here, there)]
itself = np.eye(16, dtype=bool)
alike = pd.DataFrame(index=["itself, moved", "another pet, moved"])
for name, (a, b) in pairs.items():
    likeness = cosine_similarity(a, b)  # (16, 16): each pet with each moved one
    alike[name] = [likeness[itself].mean(), likeness[~itself].mean()]
alike.round(2)

# %% [markdown]
# 池化之后，移动过的宠物与自己的相似度是 0.91<!--= alike["pooled"]["itself, moved"] -->，与另一只宠物的相似度是 0.48<!--= alike["pooled"]["another pet, moved"] -->。展平之后，它与自己的相似度只有 0.41<!--= alike["flattened"]["itself, moved"] -->，还比不上池化之后与另一只宠物的相似度<!--? alike["flattened"]["itself, moved"] < alike["pooled"]["another pet, moved"] -->。
#
# 那么 Flatten 的代价是什么？下面是 InceptionV3 上一个 `Dense(1024)` 的参数个数，图片有几种大小：

# %%
sizes = [150, 224, 256, 299]
counts = pd.DataFrame(index=pd.Index(sizes, name="picture size"))
seen = [base_model.compute_output_shape((None, size, size, 3)) for size in sizes]
counts["places"] = [f"{height}×{width}" for _, height, width, _ in seen]
counts["after Flatten"] = [np.prod(shape[1:]) * 1024 + 1024 for shape in seen]
counts["after pooling"] = [shape[-1] * 1024 + 1024 for shape in seen]
counts["times as many"] = counts["after Flatten"] / counts["after pooling"]
counts.round(1)

# %% [markdown]
# 有多少个位置，就是多少倍：图片为 256<!--= counts.index[2] --> 像素时，是 36<!--= counts["times as many"][256] --> 倍。
#
# 这么多权重，换来了什么吗？先算出三组特征图：学习用的图片、没见过的图片、没见过又移到一边的图片。再训练一个短得不能再短的头，一次接在 Flatten 之后，一次接在池化之后，各从 5<!--= len(SEEDS) --> 个随机起点开始。

# %%
test_paths, test_true = pictures.test_set()
test_pixels = np.array([read_picture(path, (224, 224)) for path in test_paths])

inputs = keras.Input((224, 224, 3))
witness = keras.Model(inputs, base(preprocess_input(inputs)))  # from raw pixels
maps, test_maps, moved_maps = (
    witness.predict(p, batch_size=16, verbose=0)
    for p in (pixels, test_pixels, np.roll(test_pixels, 112, axis=2))
)
print(maps.shape, test_maps.shape, moved_maps.shape)

# %% [markdown]
# **预测：** 在没见过的图片上，哪个头答对的更多？把宠物移到一边，又会怎样？
#
# <details><summary>两种情况都是 Flatten 更好：它的权重更多</summary>
#
# **不对。** 权重多，能装的就多，可是有什么可装呢？200<!--= len(true) --> 张图片，并没有在每个位置上都重新说一遍猫是什么样。
#
# </details>
# <details><summary>原样的图片上不相上下；移动过的图片上，池化更好</summary>
#
# **对。** 在原样的图片上，两个平均值相差不到 1.0<!--? 100 * abs(mean["unseen"]["pooling"] - mean["unseen"]["Flatten"]) < 1.0 --> 个百分点。在移动过的图片上，池化领先<!--? lead.mean() > 2 * lead_error -->：Flatten 在哪些位置上看到，学到的就是为那些位置准备的。
#
# </details>
# <details><summary>两种情况都不相上下：活儿都让基础模型干完了</summary>
#
# **不对。** 对于和学习时相似的图片，是这样。但 Flatten 把东西是在*哪里*看到的也传了下去，从中学习的头就会依赖这一点。
#
# </details>

# %%
alternatives = {
    "Flatten": [m.reshape(len(m), -1) for m in (maps, test_maps, moved_maps)],
    "pooling": [m.mean(axis=(1, 2)) for m in (maps, test_maps, moved_maps)],
}


def begin_again(head):  # other weights, and an optimizer that recalls nothing
    head.set_weights(keras.models.clone_model(head).get_weights())
    for variable in head.optimizer.variables:
        variable.assign(keras.ops.zeros_like(variable))
    head.optimizer.learning_rate = 0.001


# %% tags=["nbval-ignore-output"] reason="a picture or two lie on the border between cat and dog; the text holds the accuracies"
SEEDS, rows = range(5), []
for name, (seen, unseen, aside) in alternatives.items():
    last = layers.Dense(2, activation="softmax")
    head = keras.Sequential([keras.Input(seen.shape[1:]), last])
    head.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        begin_again(head)
        head.fit(seen, true, batch_size=50, epochs=20, verbose=0)
        right = [head.evaluate(m, test_true, verbose=0)[1] for m in (unseen, aside)]
        rows.append([name, seed, head.count_params(), *right])
        print(f"{name}, start {seed}: {right[0]:.1%}, moved {right[1]:.1%}")

# %% tags=["nbval-ignore-output"] reason="a picture or two lie on the border between cat and dog; the text holds the accuracies"
table = pd.DataFrame(rows, columns=["head", "start", "parameters", "unseen", "moved"])
by_head = table.drop(columns="start").groupby("head")
mean, low = by_head.mean(), by_head.min()
lead = table.pivot(index="start", columns="head", values="moved")
lead = lead["pooling"] - lead["Flatten"]  # a number for each start
lead_error = lead.std() / np.sqrt(len(lead))
print(f"moved, pooling ahead: {100 * lead.mean():.1f} ± {100 * lead_error:.1f} points")
by_head.agg(["mean", "min", "max"]).round(3)

# %% [markdown]
# 在原样的图片上，Flatten 对 400<!--= len(test_true) --> 张答对大约 98%<!--= mean["unseen"]["Flatten"], 0.012 -->；权重是池化的 49<!--= mean["parameters"]["Flatten"] / mean["parameters"]["pooling"] --> 倍，却没有换来看得见的领先<!--? mean["unseen"]["Flatten"] - mean["unseen"]["pooling"] <= 0.01 -->。宠物移动之后，池化平均领先，超过标准误差的两倍<!--? lead.mean() > 2 * lead_error -->，不过领先得不多<!--? lead.mean() < 0.04 -->。所以这套课用池化。`Dense(1024)` 也并不需要：活儿都让基础模型干完了。
#
# ## 为什么是两个，什么时候一个就够
#
# 两个类别，两个输出，softmax：两个概率加起来是 1。可这样一来，第二个并没有说出新东西。Softmax 只看得分的*差*，而 **sigmoid** 能把一个得分变成概率。所以一个单元就够了。就用你刚才最后训练的那两个，把它造出来：

# %%
features, test_features, _ = alternatives["pooling"]
kernel, bias = last.get_weights()  # (1280, 2) and (2,)

one = layers.Dense(1, activation="sigmoid")
one.build((None, 1280))
one.set_weights([kernel[:, [1]] - kernel[:, [0]], bias[[1]] - bias[[0]]])

dog_of_two = np.array(last(test_features))[:, 1]
dog_of_one = np.array(one(test_features))[:, 0]
gap = np.abs(dog_of_one - dog_of_two).max()
print(f"largest disagreement over {len(test_true)} pictures: {gap:.3f}")

# %%
import matplotlib.pyplot as plt

scores = test_features @ kernel + bias  # (400, 2)
difference, z = scores[:, 1] - scores[:, 0], np.linspace(-11, 10)
fig, ax = plt.subplots(figsize=(7, 2.8))
ax.plot(difference, dog_of_two, "o", alpha=0.3, label="pictures, by softmax over two")
ax.plot(z, 1 / (1 + np.exp(-z)), color="C1", label="sigmoid")
ax.set(xlabel="score of dog − score of cat", ylabel="probability of dog")
ax.set_title("Softmax over two scores is the sigmoid of their difference")
ax.legend()
show(fig, f"{len(scores)} pictures lie on the sigmoid curve, to within {gap:.3f}.")

# %% [markdown]
# 答案相同<!--? gap < 1e-4 -->，参数只要一半<!--? 2 * one.count_params() == kernel.size + bias.size -->：加权求和再套上 sigmoid，就是逻辑回归。如果还有兔子，就需要 softmax，每个类别一个单元；如果一张图片里可能既有猫*又*有狗，就给每个类别一个 sigmoid。
#
# ## 损失要配对
#
# 最后一层、**损失**（训练要压低的那个数）和标签的形式，三者是配套的。全部试一遍：标签写成数字（`0`、`1`）或写成数对（`[1, 0]`、`[0, 1]`），3<!--= len(losses) --> 种损失，4<!--= len(ends) --> 种最后一层。
#
# **预测：** 这 24<!--= verdicts.size --> 种组合里，有多少种行得通？
#
# <details><summary>几乎全部：Keras 会自己理顺</summary>
#
# **不对。** 真能这样就太体贴了。Keras 只比较形状，对不上就停下；一个数是什么*意思*，它不知道。
#
# </details>
# <details><summary>少数几种；其余的都报错停下</summary>
#
# **不对。** 有 14<!--= n["error"] --> 种会停下。但还有一些，一路训练到底，损失也在下降，结果却是错的。危险的正是这些。
#
# </details>
# <details><summary>少数几种；其余的里面，有些一声不吭地训练下去</summary>
#
# **对。** 4<!--= n["fits"] --> 种配得上，14<!--= n["error"] --> 种停下，6<!--= n["scores"] + n["silent"] --> 种照样训练下去。
#
# </details>

# %%
def verdict(labels, loss, units, activation):
    last = keras.Sequential([keras.Input((1280,)), layers.Dense(units, activation)])
    last.compile("rmsprop", f"{loss}_crossentropy")
    try:
        last.fit(features, labels, batch_size=50, epochs=10, verbose=0)
    except Exception:  # of several kinds; which ones does not matter here
        return "error"
    answer = np.array(last(test_features))
    chosen = answer.argmax(axis=1) if units == 2 else answer[:, 0] > 0.5
    right = (chosen == test_true).mean()
    probabilities = answer.min() >= 0 and answer.max() <= 1
    word = "silent" if right < 0.9 else "fits" if probabilities else "scores"
    return f"{word} {right:.0%}"


# %%
import warnings

from helpers.figures import verdict_grid

forms = {"numbers": true, "pairs": np.eye(2)[true]}
losses = ("binary", "sparse_categorical", "categorical")
rows = [(form, loss) for form in forms for loss in losses]
ends = {"1 sigmoid": (1, "sigmoid"), "2 softmax": (2, "softmax")}
ends |= {"1 softmax": (1, "softmax"), "2, no activation": (2, None)}
verdicts = pd.DataFrame(index=["\n".join(row) for row in rows])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for name, end in ends.items():
        verdicts[name] = [verdict(forms[form], loss, *end) for form, loss in rows]
n = verdicts.stack().str.split().str[0].value_counts()
text = f"Of {verdicts.size}, {n['fits']} fit, {n['error']} stop; without a word, "
text += f"{n['silent']} are wrong and {n['scores']} give no probabilities."
show(
    verdict_grid(verdicts, "Form of the labels and loss, against the last layer"), text
)

# %% [markdown]
# 24<!--= verdicts.size --> 种里有 4<!--= n["fits"] --> 种配得上。值得记住的是两种，标签都写成数字：**一个 sigmoid 配 binary**<!--? verdicts["1 sigmoid"].iloc[0][:4] == "fits" -->，两个 softmax 配 sparse_categorical<!--? verdicts["2 softmax"].iloc[1][:4] == "fits" -->。标签写成数对时，两个 softmax 配 binary 和 categorical 都行<!--? (verdicts["2 softmax"].iloc[[3, 5]].str[:4] == "fits").all() -->。
#
# 14<!--= n["error"] --> 种报错停下。其余 6<!--= n["silent"] + n["scores"] --> 种一声不吭地训练到底：5<!--= n["silent"] --> 种是错的；还有 1<!--= n["scores"] --> 种，按得分看是对的，但没有 softmax，得分不是概率，会超出 0 到 1 的范围。（如果要用得分来训练，就用 `from_logits=True` 告诉损失。）

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=11
assert passed["this batch"]["base"] == "(8, 6, 6, 2048)"
assert passed["this batch"]["Dense(2)"] == "(8, 2)"
assert np.allclose(by_hand, by_keras)
assert (head_table["by hand"] == head_table["parameters"]).all()
assert alike["pooled"]["itself, moved"] > 0.8 > alike["flattened"]["itself, moved"]
assert (low["unseen"] > 0.94).all()
assert lead.mean() > 2 * lead_error
assert gap < 1e-4
assert verdicts["1 sigmoid"]["numbers\nbinary"].startswith("fits")
assert verdicts["2 softmax"]["numbers\nsparse_categorical"].startswith("fits")
assert (n["fits"], n["error"], n["scores"] + n["silent"]) == (4, 14, 6)
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **只有一个单元，却用 softmax。** 症状：损失照常下降，准确率却一直停在 0.5<!--= runs["softmax"]["accuracy"][10] -->。下面是这样的训练，以及正确的训练：

# %%
runs, warned = {}, []
for activation in ("softmax", "sigmoid"):
    last = keras.Sequential([keras.Input((1280,)), layers.Dense(1, activation)])
    last.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    with warnings.catch_warnings(record=True) as caught:
        run = last.fit(features, true, batch_size=50, epochs=10, verbose=0)
    runs[activation] = pd.DataFrame(run.history, range(1, 11)).loc[[1, 10]]
    warned += [str(warning.message) for warning in caught]
print(warned[0].split(" of a tensor")[0])
pd.concat(runs, names=["activation", "epoch"]).round(1)

# %% [markdown]
# 原因：一个数除以它自己等于 1，所以模型对什么都说“狗”；但 Keras 计算损失时，用的是 softmax *之前*的得分，而得分确实在学习。唯一的迹象是一句警告：`You are using a softmax over axis -1`<!--= warned[0] -->。对策：用 sigmoid。
#
# **忘了池化**，以及**不定大小就用 Flatten**。两者都会立刻停下：

# %%
unpooled = keras.Sequential([keras.Input((7, 7, 1280)), layers.Dense(2, "softmax")])
unpooled.compile("rmsprop", "sparse_categorical_crossentropy")
errors = []
for attempt in (
    lambda: unpooled.fit(maps, true, verbose=0),
    lambda: layers.Dense(2)(layers.Flatten()(base_model.output)),
):
    try:
        attempt()
    except ValueError as error:
        errors.append(f"ValueError: {error}")
        print(errors[-1].partition(" for variable")[0])

# %% [markdown]
# - `must have rank (ndim)`<!--= errors[0] -->：`Dense` 直接接在特征图上，会在 `7×7`<!--? maps.shape[1:3] == (7, 7) --> 个位置上各回答一次。对策：前面先做池化。
# - `Shapes used to initialize variables must be fully-defined`<!--= errors[1] -->：能接受任意大小图片的基础模型，位置的个数不固定。对策：做池化，或者给基础模型指定 `input_shape=(224, 224, 3)`。

# %% [markdown]
# ## 你看到了什么
#
# - 一张图片从 `256×256×3` 变成 `6×6×2048`<!--? values[1].shape[1:] == (6, 6, 2048) -->，再变成 2,048<!--= values[2].shape[-1] --> 个、1,024<!--= values[3].shape[-1] --> 个，最后是 2<!--= values[4].shape[-1] --> 个数。
# - 头有 2,100,226<!--= n_head --> 个参数，手算和 Keras 算的一致<!--? (head_table["by hand"] == head_table["parameters"]).all() -->。换成 Flatten，光是它的第一层，参数就有 36<!--= counts["times as many"][256] --> 倍之多；宠物移动之后，展平的头还略差一点<!--? 0 < lead.mean() < 0.04 -->。
# - 两个单元加 softmax，和一个单元加 sigmoid 说的是一回事<!--? gap < 1e-4 -->。24<!--= verdicts.size --> 种组合里，4<!--= n["fits"] --> 种配得上，6<!--= n["silent"] + n["scores"] --> 种出了错却不报错。
#
# 局限：只有一个骨干网络，图片又是绘制的，凡是合理的头在上面都表现不错。

# %%
from helpers.ties import compare_text

compare_text("03_add_a_head", globals())

# %% [markdown]
# ## 动手试试
#
# 三道练习，从改一行，到自己造一位法官：
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
from keras import layers

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.features import compute_features
from helpers.picture_sets import open_pictures

# %% [markdown] tags=["exercise"]
# ## 3.1 · 第三个类别
#
# 兔子也来了。改一行，让 `head` 对三个类别各有一个答案；再手算它的参数个数，写进 `n_parameters`。

# %% tags=["exercise-gap"]
head = keras.Sequential(
    [
        keras.Input((2048,)),
        layers.Dense(1024, activation="relu"),
        layers.Dense(2, activation="softmax"),
    ]
)
n_parameters = ...  # counted by hand

# %% [markdown] tags=["exercise-hint"]
# 最后一层给每个类别一个单元。一层有*输入数 × 输出数 + 输出数*这么多个数，而头有两个这样的层。

# %% tags=["exercise-solution"]
head = keras.Sequential(
    [
        keras.Input((2048,)),
        layers.Dense(1024, activation="relu"),
        layers.Dense(3, activation="softmax"),
    ]
)
n_parameters = (2048 * 1024 + 1024) + (1024 * 3 + 3)
print(f"{n_parameters:,}")
assert n_parameters == head.count_params()

# %% [markdown] tags=["exercise-solution"]
# 2,101,251<!--= n_parameters -->：多一个类别，核就多一列，偏置多一个数，一共多 1,025<!--= n_parameters - 2100226 --> 个。

# %% [markdown] tags=["exercise"]
# ## 3.2 · 手写池化
#
# 写出函数 `pooled`：输入是特征图，一个形状为 `(pictures, height, width, channels)` 的数组；输出是每个通道在所有位置上的平均值，形状为 `(pictures, channels)`。用小例子算，结果应当和课文里一样：`[1, 0.5, 1]`。

# %% tags=["exercise-setup"]
toy_maps = np.array([[[[1, 0, 4], [3, 0, 0]], [[0, 2, 0], [0, 0, 0]]]])  # (1, 2, 2, 3)


# %% tags=["exercise-gap"]
def pooled(maps):
    return ...  # your line


print(pooled(toy_maps))

# %% [markdown] tags=["exercise-hint"]
# `array.mean(axis=…)` 可以给一个轴，也可以给几个：`axis=(…, …)`。轴 0 是图片。

# %% tags=["exercise-solution"]
def pooled(maps):
    return np.mean(maps, axis=(1, 2))


print(pooled(toy_maps))
pool = layers.GlobalAveragePooling2D()
gap = np.abs(pooled(toy_maps) - np.array(pool(toy_maps.astype("float32")))).max()
assert gap < 1e-6

# %% [markdown] tags=["exercise-solution"]
# `GlobalAveragePooling2D` 这一层背后也就是这些：两者一致<!--? gap < 1e-6 -->。

# %% [markdown] tags=["exercise"]
# ## 3.3 · 一位法官，一个单元
#
# 造一个 `judge`：只有**一个**单元的头，输入是已经池化好的特征，输出是狗的概率。用配得上的损失编译，让它从 `features` 和 `true` 学习，再测出它在没见过的图片上的准确率，写进 `accuracy`。

# %% tags=["exercise-setup"]
pictures = open_pictures("drawn")
paths, true = pictures.training_set()
unseen_paths, unseen_true = pictures.test_set()
eyes = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3), pooling="avg")
inputs = keras.Input((224, 224, 3))
base = keras.Model(inputs, eyes(preprocess_input(inputs)))
features = compute_features(base, paths)
unseen_features = compute_features(base, unseen_paths)
print(features.shape, unseen_features.shape)

# %% tags=["exercise-gap"]
judge = ...  # a keras.Model from 1,280 features to one probability
accuracy = ...  # on the unseen pictures, from 0 to 1

# %% [markdown] tags=["exercise-hint"]
# `keras.Sequential([keras.Input((1280,)), layers.Dense(…, activation=…)])`。哪一种激活能把单独一个得分变成概率？

# %% [markdown] tags=["exercise-hint"]
# 标签写成数字、一个 sigmoid，配的是 `binary_crossentropy`。加上 `metrics=["accuracy"]`，`evaluate` 就会给出损失和准确率。

# %% tags=["exercise-solution"]
judge = keras.Sequential([keras.Input((1280,)), layers.Dense(1, activation="sigmoid")])
judge.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
judge.fit(features, true, batch_size=50, epochs=20, verbose=0)
accuracy = judge.evaluate(unseen_features, unseen_true, verbose=0)[1]
print(f"{accuracy:.1%} of {len(unseen_true)}, with {judge.count_params():,} parameters")

# %% [markdown] tags=["exercise-solution"]
# 约 97%<!--= accuracy, 0.015 -->，用了 1,281<!--= judge.count_params() --> 个参数：每个特征一个，再加一个偏置。

# %% [markdown]
# ## 接着学
#
# - [Keras 里的损失](https://keras.io/api/losses/)：全部列表，以及 `from_logits`。
# - [函数式 API](https://keras.io/guides/functional_api/)：有几个输入或几个头的模型，写法和你写的这个一样。
