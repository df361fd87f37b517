# %% [markdown]
# # 6 · 训练猫狗分类器
#
# 零件齐了，现在拼起来：取一个从一百万张照片里学过的网络，换上新的头，让它看猫和狗，再把得到的分类器留下来。

# %% [markdown]
# ## 你会学到什么
#
# - **训练**一个猫狗分类器：200<!--= len(labels) --> 张图片，一台笔记本电脑。
# - **评判**它，实事求是：用新图片，带上误差，错误一个一个地看。
# - **保存**它：写进文件，在全新的进程里加载，再拿你自己的图片问它。

# %% [markdown]
# ## 需要准备什么
#
# 知道什么是头（第 3 课）、冻结（第 4 课）和批次（第 5 课）。在两个 CPU 核上计算约一分钟，不用联网。

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

from helpers.backbones import EfficientNetLite0
from helpers.picture_sets import open_pictures

pictures = open_pictures("drawn")  # or "photos"
labels = pd.read_csv(pictures.train_table)
labels.head()

# %% [markdown]
# ## 基本想法
#
# 认识许多动物的孩子，看几张图片就能认得一种新的：边缘、毛发、耳朵、眼睛早就认得，新的只是名字。你的网络也一样。它的**骨干网络** EfficientNet-Lite0 已经从 ImageNet 学会了这些，保持原样不动；它的**头**只有两层，要学的是：其中哪些意味着*猫*，哪些意味着*狗*。
#
# 先看几张用来学习的图片，都是程序画的，人人拿到的都一样：

# %%
from helpers.figures import picture_grid, show
from helpers.pictures import read_picture

nine = labels.head(9)
fig = picture_grid(
    [
        read_picture(pictures.train_folder / name, (224, 224), crop=True)
        for name in nine["File Name"]
    ],
    titles=nine["Label"].tolist(),
)
show(fig, f"{len(nine)} training pictures: {', '.join(nine['Label'])}.")

# %% [markdown]
# ## 把图片变成数字
#
# 骨干网络要的是边长 224<!--= IMAGE_SIZE[0] --> 像素的正方形，而图片并不是正方形。硬压成正方形，猫会变瘦或变胖；裁剪的话，形状不变，但会丢掉边上的部分。这个骨干网络是用裁剪过的图片训练的，所以你也裁剪。

# %%
IMAGE_SIZE = (224, 224)  # height and width that the backbone was trained with


def read_all(paths, size=IMAGE_SIZE):
    return np.stack([read_picture(path, size, crop=True) for path in paths])


train_paths, train_true = pictures.training_set()
train_pixels = read_all(train_paths)  # (200, 224, 224, 3), uint8
class_names = sorted(labels["Label"].unique())
print(train_pixels.shape, train_pixels.dtype, train_pixels.min(), train_pixels.max())
print(train_true[:9], class_names)

# %% [markdown]
# 类别按字母顺序编号：0 是猫，1 是狗。
#
# ## 骨干网络、头、完整模型
#
# 骨干网络要的数值大约在 −1 到 1 之间，而不是 0 到 255。忘了这一点，谁也不会提醒你。所以把预处理做成一个*层*，跟模型一起保存。

# %%
backbone = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3)
)
inputs = keras.Input((224, 224, 3))
scaled = layers.Rescaling(1 / 128, offset=-127 / 128, name="scale")(inputs)
pooled = layers.GlobalAveragePooling2D()(backbone(scaled))  # -> (batch, 1280)
base = keras.Model(inputs, pooled, name="base")
base.trainable = False  # freeze first, compile afterwards

# %% [markdown]
# 这就是基础模型：从像素到一行数字，也就是**特征**。装在它上面的头，摊到每张图片上有几千个参数<!--? counts["trainable"] > 2000 * len(labels) -->。**丢弃法**在每一步随机丢掉一半特征，让头依靠许多特征，而不是只靠其中几个<!--! what dropout was made for -->。（丢弃多少、学习率多大、训练几个周期：这些怎样不靠测试图片来选，见第 7 课。）

# %%
def make_head():
    return keras.Sequential(
        [
            keras.Input((1280,)),
            layers.Dropout(0.5),
            layers.Dense(1024, activation="relu"),
            layers.Dense(2, activation="softmax"),
        ],
        name="head",
    )


def compiled(network, learning_rate=2e-4):
    network.compile(
        keras.optimizers.RMSprop(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return network


# %%
def joined(base, head):
    inputs = keras.Input((224, 224, 3))
    return keras.Model(inputs, head(base(inputs)))


model = compiled(joined(base, make_head()))

# %% [markdown]
# > **如果你从 2019 年来：** 那时的 `optimizer="rmsprop"` 做的是同一件事，只是用优化器默认的学习率。
#
# 数一数有多少东西要学：

# %%
from helpers.layers import weight_counts

counts = weight_counts(model)
share = counts["trainable"] / counts["total"]
counts

# %% [markdown]
# 头的 1,313,794<!--= counts["trainable"] --> 个参数参与学习，占总数的 28%<!--= share -->；骨干网络的 3.4<!--= counts["frozen"] / 1e6 --> 百万个参数保持 ImageNet 训练出来的样子。
#
# ## 训练
#
# 从图片里留出 40<!--= n_val --> 张作**验证集**：这些图片网络不学，只在每个周期结束后拿来问它。其余 160<!--= len(labels) - n_val --> 张由 Keras 按每批 32<!--= BATCH_SIZE --> 张分发，每个周期重新打乱。
#
# **预测：** 第一个周期之后，网络在验证集上的准确率会是多少？
#
# <details><summary>约 0.5：一个周期几乎等于没学</summary>
#
# **不对。** 从零开始的网络会是这样。但这个网络一开始就有训练好的骨干网络，而且每看一个批次就走一步。
#
# </details>
# <details><summary>比在学习用的图片上低</summary>
#
# **不对。** 面对没见过的图片，训练又已完成，确实会这么想。但训练准确率是边训练边测的，而且开着丢弃法。
#
# </details>
# <details><summary>比在学习用的图片上高</summary>
#
# **对。**<!--? first["val_accuracy"] > first["accuracy"] --> 验证集是在周期结束之后才问的。训练准确率却是整个周期的平均：最前面那个批次也算在内，那时头还什么都不懂；而且从头到尾都开着丢弃法。
#
# </details>

# %%
from helpers.progress import EpochLines

n_val, BATCH_SIZE = round(0.2 * len(labels)), 32
settings = {"validation_split": 0.2, "batch_size": BATCH_SIZE, "verbose": 0}
settings["callbacks"] = [EpochLines()]
first = model.fit(train_pixels, train_true, epochs=1, **settings).history
first = {key: values[0] for key, values in first.items()}

# %% [markdown]
# 需要几个周期？基础模型已经冻结，每个周期给出的特征都一样。那就只算一次（第 7 课），让一个新的头拿这些特征去学。

# %%
from helpers.features import compute_features

EPOCHS = 10
features = compute_features(base, train_paths, crop=True)  # (200, 1280)
head = compiled(make_head())
history = head.fit(features, train_true, epochs=EPOCHS, **settings).history

# %%
from helpers.figures import training_curves

fig = training_curves(history, title="The head learns within a few epochs")
show(
    fig,
    f"Training accuracy goes from {history['accuracy'][0]:.2f} to "
    f"{history['accuracy'][-1]:.2f} in {EPOCHS} epochs, validation accuracy from "
    f"{history['val_accuracy'][0]:.2f} to {history['val_accuracy'][-1]:.2f}.",
)

# %% [markdown]
# 训练准确率什么也证明不了：这么大的头，完全可以把图片背下来。验证准确率（虚线）也说明不了多少：图片这么少，它很快就到 100%<!--= max(history["val_accuracy"]) -->。能说明问题的是验证*损失*：它降到不足最初值的一半<!--? history["val_loss"][-1] < history["val_loss"][0] / 2 -->，而最后三个周期合起来，降得还没有第二个周期多<!--? history["val_loss"][-4] - history["val_loss"][-1] < history["val_loss"][0] - history["val_loss"][1] -->。所以 10<!--= EPOCHS --> 个周期就够了。
#
# 现在重新开始：换一个新的头，用上全部 200<!--= len(labels) --> 张图片。

# %%
settings |= {"validation_split": 0.0, "callbacks": [EpochLines(every=5)]}
head = compiled(make_head())
head.fit(features, train_true, epochs=EPOCHS, **settings)
model = joined(base, head)  # from pixels to probabilities

# %% [markdown]
# ## 评判
#
# 现在是最后一问，也是最老实的一问：网络没见过的图片。

# %%
from helpers.batches import confusion_table

test_paths, test_true = pictures.test_set()
test_features = compute_features(base, test_paths, crop=True)  # (400, 1280)
probabilities = head.predict(test_features, verbose=0)
predicted = probabilities.argmax(axis=-1)
true = test_true
n_right = int((predicted == true).sum())
accuracy = n_right / len(true)
print(f"right on about {accuracy:.0%} of {len(true)} pictures it never saw")

# %% tags=["nbval-ignore-output"] reason="a picture on the border between cat and dog may fall on the other side; the text holds the number of mistakes"
confusion_table(true, predicted, class_names)

# %% [markdown]
# 400<!--= len(true) --> 张图片里，答对了大约 **98%**<!--= accuracy, 0.01 -->。看看它错得最自信的几张<!--? confidence[worst[0]] == confidence[predicted != true].max() -->。

# %%
confidence = probabilities.max(axis=-1)
worst = sorted(np.flatnonzero(predicted != true), key=lambda i: -confidence[i])[:6]
titles = [
    f"{class_names[true[i]]}, taken for a {class_names[predicted[i]]}" for i in worst
]
fig = picture_grid(
    read_all([test_paths[i] for i in worst]),
    titles,
    title="The most confident mistakes",
)
show(fig, f"{len(worst)} confident mistakes: a {'; a '.join(titles)}.")

# %% [markdown]
# ## 这个数有多可信？
#
# 换一批图片，得到的就是另一个数。会差多少？把每张图片想成抛一枚硬币，落在*对*那面的概率是 p。那么 n 张图片上的准确率会偏离 p，幅度是 √(p (1 − p) / n)，这叫**标准误差**。向两边各取两个标准误差，就得到一个**区间**：100 次里有 95 次，真实的准确率落在其中<!--! the definition of a 95% interval -->。离满分很近时，这样的区间太短；一个错也没有时，它干脆缩成了零。`accuracy_interval` 算出的区间，在那里也成立<!--! a property of Clopper and Pearson's interval -->。
#
# **预测：** 验证集用 40<!--= n_val --> 张图片，给出了 100%<!--= max(history["val_accuracy"]) -->。真实的准确率最低可能是多少？
#
# <details><summary>100%：一个错也没有</summary>
#
# **不对。** p = 1 时，公式也这么说。但一枚经常、而不是总是落在*对*那面的硬币，抛 40 次，偶尔也会一次都不错<!--? 0.9**n_val > 0.01 and n_val == 40 -->。
#
# </details>
# <details><summary>约 99%</summary>
#
# **不对。** 结果完美，这么猜很自然。但图片这么少，一个能答对 99%<!--! the answer that is refuted --> 的分类器经常一个错也没有，只能答对 95%<!--? 0.95**n_val > 0.1 --> 的也可能如此。
#
# </details>
# <details><summary>约 91%</summary>
#
# **对。** 区间从 91%<!--= interval_of_validation[0] --> 开始。所以验证准确率说明不了多少。
#
# </details>

# %%
from helpers.accuracy import accuracy_interval

standard_error = np.sqrt(accuracy * (1 - accuracy) / len(true))
low, high = accuracy_interval(n_right, of=len(true))
interval_of_validation = accuracy_interval(n_val, of=n_val)
print(f"standard error: about {100 * standard_error:.1f} points")
print(f"{n_val} of {n_val} right: from {interval_of_validation[0]:.0%} to 100%")

# %% [markdown]
# 所以，对这样的图片，你的分类器能答对大约 98%<!--= accuracy, 0.01 -->，上下浮动一两个百分点<!--? 0.005 < high - accuracy < accuracy - low < 0.025 -->。从这里起，凡是准确率都带上误差；差一点点，说明不了什么。

# %% [markdown]
# ## 存下来，问问它
#
# 这个函数用名字来回答。它读图片的方式和训练时一样，再补上批次那一维。

# %%
def get_predict(path):
    pixels = read_picture(path, IMAGE_SIZE, crop=True)  # (224, 224, 3), 0…255
    batch = pixels[np.newaxis].astype("float32")  # (1, 224, 224, 3)
    answer = model.predict_on_batch(batch)[0]
    return class_names[answer.argmax()], float(answer.max())


picture = test_paths[-1]
name, probability = get_predict(picture)
print(f"{name}, {probability:.1%}")

# %% [markdown]
# 迟早会有人拿一杯咖啡的照片来问它。它只会两个词，所以会说 *cat* 或 *dog*，还可能说得很肯定。不过，别的东西的特征，离它学过的那些很远<!--? "grace_hopper.jpg: none of these" in answer -->。所以把下面几样存进同一个文件：模型、类别名、读图片的方式，以及它认得的特征是哪些。

# %%
from helpers.classifier import fit_known, save_classifier

saved = save_classifier(
    model,
    class_names,
    crop=True,
    known=fit_known(features, train_true),
    accuracy=float(accuracy),
    n_pictures=len(true),
    made_by="lesson 6",
    pictures=pictures.name,
)

# %% [markdown]
# 再到一个*全新*的进程里问一遍，就像收到这个文件的人会做的那样：问你的图片，也问 Matplotlib 自带的一张肖像。

# %%
import subprocess

from matplotlib.cbook import get_sample_data

portrait = get_sample_data("grace_hopper.jpg", asfileobj=False)
command = [sys.executable, "-m", "data_scripts.name_picture", "--model", saved]
command += [picture, portrait]
answer = subprocess.run(command, capture_output=True, text=True, cwd="../..").stdout
print(answer)

# %% [markdown]
# 对你的图片，答案与笔记本里的一致<!--? f"{name} ({probability:.1%})" in answer -->；那张肖像则两者都不是。也可以在终端里、项目的文件夹下运行：
#
# ```
# .venv/bin/python -m data_scripts.name_picture my_cat.jpg
# ```
#
# （Windows 上用 `.venv\Scripts\python`。）

# %% [markdown]
# ## 是骨干网络的功劳吗？
#
# 还有什么别的办法？给没有骨干网络的小网络一次机会：图片小，好让它学得快；**数据增强**，每个周期随机左右翻转图片；周期数多到再也学不到东西；还有 3<!--= len(scratch) --> 个种子。

# %%
def from_scratch(seed, side=32):
    keras.utils.set_random_seed(seed)
    network = keras.Sequential([keras.Input((side, side, 3))])
    network.add(layers.RandomFlip("horizontal"))
    network.add(layers.Rescaling(1 / 128, offset=-127 / 128))
    for filters in (16, 32, 64):
        network.add(layers.Conv2D(filters, 3, activation="relu"))
        network.add(layers.MaxPooling2D())
    network.add(layers.Flatten())
    network.add(layers.Dropout(0.5))
    network.add(layers.Dense(2, activation="softmax"))
    return compiled(network, learning_rate=1e-3)


# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds where it ends"
small_train, small_test = (read_all(p, (32, 32)) for p in (train_paths, test_paths))
scratch, learned = [], []
for seed in range(3):
    network = from_scratch(seed)
    past = network.fit(
        small_train,
        train_true,
        batch_size=BATCH_SIZE,
        epochs=120,
        verbose=0,
        callbacks=[EpochLines(every=40)],
    ).history
    learned.append(np.mean(past["accuracy"][-10:]))
    scratch.append(network.evaluate(small_test, test_true, verbose=0)[1])
    print(f"seed {seed}: right on {scratch[-1]:.1%} of the unseen pictures")

# %% [markdown]
# 自己学过的图片，它背了下来，或者差不多背了下来<!--? min(learned) > 0.97 -->；没见过的图片，它答对大约 82%<!--= np.mean(scratch), 0.03, accuracy -->。没有一个种子接近你的分类器的区间<!--? max(scratch) + 0.05 < low -->。（图片边长 96 像素、再多一层时，三个种子得到 87%、92% 和 91%<!--! measured once outside this lesson, for it takes too long here -->：近了一些，但还没到。）
#
# ## 是运气吗？
#
# 你还恰好用了这些图片来学习，恰好用了这一个种子。那就把图片全部放到一起，分成 3<!--= len(again) --> 份，让每一份各教一个头：任何两个头都没学过同一张图片。

# %%
from sklearn.model_selection import StratifiedKFold

all_features = np.concatenate([features, test_features])
all_true = np.concatenate([train_true, test_true])


def fit_head(inputs, targets, epochs=EPOCHS, learning_rate=2e-4):
    head = compiled(make_head(), learning_rate)
    head.fit(inputs, targets, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return head


thirds, again = StratifiedKFold(3, shuffle=True, random_state=0), []
for seed, (ask, learn) in enumerate(thirds.split(all_features, all_true)):
    keras.utils.set_random_seed(seed)
    learner = fit_head(all_features[learn], all_true[learn])
    said = learner.predict(all_features[ask], verbose=0).argmax(-1)
    again.append((said == all_true[ask]).mean())
again = np.array(again)
print(f"mean about {again.mean():.0%}, spread about {again.std():.2f}")

# %% [markdown]
# 不是运气：平均约 99%<!--= again.mean(), 0.01 -->，运气最差的那个，100 张里答对的也超过 96 张<!--? 100 * again.min() > 96 -->。
#
# ## 训练准确率值多少？
#
# 把标签打乱，这样就没有东西可学了；再训练同样的头。
#
# **预测：** 它的训练准确率会是多少？
#
# <details><summary>约 50%：没有东西可学</summary>
#
# **不对。** 确实没有规律可找，在没见过的图片上也确实会是这样。但没有规律，照样可以把图片记住。
#
# </details>
# <details><summary>约 75%：有一部分能背下来</summary>
#
# **不对。** 如果是一个人要记 200<!--= len(labels) --> 张面孔，这么猜很合理。而这个头，摊到每一张上有几千个参数<!--? counts["trainable"] > 2000 * len(labels) -->。
#
# </details>
# <details><summary>约 100%</summary>
#
# **对。** 约 100%<!--= random_train, 0.01 -->：这么大的头，什么标签都背得下来。
#
# </details>

# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds how far from a coin"
random_labels = np.random.default_rng(0).permutation(train_true)
by_heart = fit_head(features, random_labels, epochs=60, learning_rate=1e-3)
random_train = by_heart.evaluate(features, random_labels, verbose=0)[1]
random_test = by_heart.evaluate(test_features, test_true, verbose=0)[1]
print(f"random labels: training {random_train:.0%}, unseen about {random_test:.1f}")

# %% [markdown]
# 训练时约 100%<!--= random_train, 0.01, random_test -->，在没见过的图片上等于抛硬币<!--? abs(random_test - 0.5) < 0.15 -->。只报训练准确率的人，分不清是学会了，还是背下来了。
#
# ## 骨干网络原本就知道什么？
#
# ImageNet 的 1,000<!--= n_classes --> 个类别里，118<!--= n_dogs --> 个是狗的品种，5<!--= n_cats --> 个是家猫。这还算迁移吗？让整个网络连同自带的顶部说说它看到了什么；再问它的特征一件谁也没教过的事：*图片的哪一半更亮？* 一行代码的规则就能回答这个问题，一个错也没有<!--! the rule is what gave the labels -->。

# %%
from sklearn.linear_model import LogisticRegression

from helpers.backbones import preprocess_input

CATS, DOGS = range(281, 286), range(151, 269)  # their places among ImageNet's classes
test_pixels = read_all(test_paths)
whole = EfficientNetLite0(include_top=True, weights="imagenet")
votes = whole.predict(preprocess_input(test_pixels[::4]), verbose=0)
guesses = votes.argmax(-1)
n_classes, n_cats, n_dogs = votes.shape[1], len(CATS), len(DOGS)
says_right = np.where(
    test_true[::4] == 0, np.isin(guesses, CATS), np.isin(guesses, DOGS)
)
named = says_right.mean()
print(f"its own top names the right animal: about {round(named, 1):.0%}")


# %%
def left_is_brighter(pixels):
    halves = pixels[:, :, :112].mean((1, 2, 3)), pixels[:, :, 112:].mean((1, 2, 3))
    return (halves[0] > halves[1]).astype(int)


side = LogisticRegression(max_iter=1000).fit(features, left_is_brighter(train_pixels))
side_accuracy = side.score(test_features, left_is_brighter(test_pixels))
print(f"its features tell the brighter half: about {round(side_accuracy, 1):.0%}")

# %% [markdown]
# 骨干网络自带的顶部，在大约 20%<!--= named, 0.05, accuracy --> 的画上说对了动物；你的头答对的多得多<!--? accuracy > 3 * named -->。这就是迁移。但哪一半更亮，一眼就能看出来，它的特征却只答对大约 50%<!--= side_accuracy, 0.06, accuracy -->，几乎不比抛硬币强<!--? side_accuracy < 0.6 -->。特征能迁移到的，是与旧问题相像的问题。（亮度到哪里去了？最后一个练习会找到它。）

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=15
from helpers.classifier import load_classifier, name_picture

assert accuracy >= 0.97, accuracy
whole_way = model.predict_on_batch(test_pixels[:4].astype("float32"))
assert np.allclose(whole_way, probabilities[:4], atol=1e-3)
assert name in answer
assert f"{probability:.1%}" in answer
assert "grace_hopper.jpg: none of these" in answer
loaded, names = load_classifier(saved)
assert names == class_names
assert name_picture(loaded, picture, names)[0] == name
rescaled = base.get_layer("scale")(train_pixels[:4])  # as preprocess_input does it
assert np.allclose(rescaled, preprocess_input(train_pixels[:4]), atol=1e-6)
seen = {pixels.tobytes() for pixels in train_pixels}
assert not any(pixels.tobytes() in seen for pixels in test_pixels)
assert max(scratch) + 0.05 < low
assert min(learned) > 0.95  # the rival has learned what it could
assert again.min() > 0.96
assert random_train > 0.97
assert abs(random_test - 0.5) < 0.15
assert side_accuracy < 0.65
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **预处理不对。** 症状：没有任何提示，答案很差。有人照另一篇教程的做法，先把像素除以 255 再问你的模型。模型又缩放了一遍。

# %%
batches = np.split(test_pixels[::4] / np.float32(255), 5)
wrongly_scaled = np.concatenate([model.predict_on_batch(b) for b in batches]).argmax(-1)
accuracy_scaled = (wrongly_scaled == test_true[::4]).mean()
called_one_class = max((wrongly_scaled == k).mean() for k in (0, 1))
print(f"right on {accuracy_scaled:.0%}; {called_one_class:.0%} get the same answer")

# %% [markdown]
# 几乎每张图片得到的答案都一样<!--? called_one_class > 0.9 -->，一句警告也没有。对策：预处理放在模型里面，外面一律用原始像素。
#
# > **如果你从 2019 年来：** 那时，网络一边学，生成器一边读图片（第 5 课），由 `fit_generator` 接手。这个方法已经没有了；`fit` 自己就能接受生成器。

# %% tags=["then"]
from tensorflow.keras.preprocessing.image import ImageDataGenerator

train_generator = ImageDataGenerator().flow_from_dataframe(
    labels, pictures.train_folder, x_col="File Name", y_col="Label", batch_size=20
)
try:
    model.fit_generator(train_generator, steps_per_epoch=10, epochs=100)
except AttributeError as error:
    message = f"AttributeError: {error}"
    print(message)

# %% [markdown]
# > `'Functional' object has no attribute 'fit_generator'`<!--= message -->：改写成 `model.fit(train_generator, epochs=…)`，不写 `steps_per_epoch`；有多少个批次，Keras 自己会数（第 5 课）。
# >
# > 2019 年的 `get_predict` 没管图片大小，全凭运气。它的那几行是：

# %% tags=["then"]
from keras.preprocessing import image

img = image.load_img(picture)
x = image.img_to_array(img)
try:
    model.predict(np.expand_dims(x, axis=0), verbose=0)
except ValueError as error:
    size_message = str(error).partition(": ")[2]
    print("ValueError: …", size_message.partition(", found")[0], "…")

# %% [markdown]
# > `expected shape=(None, 224, 224, 3)`<!--= size_message -->：图片在磁盘上多大，进来就是多大。别指望总能看到这条报错。先拿一个大小正确的数组问一次，再问刚才那张：

# %%
model.predict(test_pixels[:1].astype("float32"), verbose=0)
unnoticed = model.predict(np.expand_dims(x, axis=0), verbose=0)
print(f"{x.shape[:2]} instead of {IMAGE_SIZE}, and an answer: {unnoticed.shape}")

# %% [markdown]
# > 遇到第二种大小时，TensorFlow 会让 `predict` 准备好接受*任何*大小。对策：用 `target_size=IMAGE_SIZE` 把大小告诉 `load_img`，或者像上面那样读取。

# %% [markdown]
# ## 你看到了什么
#
# - 200<!--= len(labels) --> 张图片、一个冻结的骨干网络、一个两层的头，10<!--= EPOCHS --> 个周期就得到一个分类器：400<!--= len(true) --> 张新图片，答对大约 98%<!--= accuracy, 0.01 -->。
# - 这个数的误差在两个百分点以内<!--? 0.005 < high - accuracy < accuracy - low < 0.025 -->，而且是骨干网络的功劳：用小图片从零训练，只有大约 82%<!--= np.mean(scratch), 0.03, accuracy -->。
# - 它在任何进程里都用名字回答，输入是原始像素；遇到别的种类的图片，它会说出来<!--? "none of these" in answer -->。如果像素先经人手缩放过，它只能答对大约 50%<!--= accuracy_scaled, 0.06, accuracy -->，还一声不吭。
#
# 局限：图片是绘制的，而骨干网络见过真的猫和狗，它们占了 ImageNet 的 123<!--= n_cats + n_dogs --> 个类别。

# %%
from helpers.ties import compare_text

compare_text("06_train_cats_vs_dogs", globals())

# %% [markdown]
# ## 动手试试
#
# 三道练习，每道都带检查，会告诉你哪里对了、哪里还不对：
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression

from helpers.backbones import EfficientNetLite0
from helpers.features import compute_features
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")
train_paths, train_true = pictures.training_set()  # 0 is a cat, 1 is a dog
test_paths, test_true = pictures.test_set()
print(len(train_paths), "pictures to learn from,", len(test_paths), "to test with")

# %% [markdown] tags=["exercise-setup"]
# 基础模型和课文里的相同，特征已经存到磁盘上；只要这一课运行过，这里片刻就好。

# %% tags=["exercise-setup"]
backbone = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3))
inputs = keras.Input((224, 224, 3))
scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
maps = backbone(scaled)  # (batch, 7, 7, 1280)
base = keras.Model(inputs, layers.GlobalAveragePooling2D()(maps))
features = compute_features(base, train_paths, crop=True)
test_features = compute_features(base, test_paths, crop=True)
print(f"to learn from: {features.shape}; to test with: {test_features.shape}")

# %% [markdown] tags=["exercise"]
# ## 6.1 · 只学四十张
#
# 本课的头用 `200` 张图片学了 `10` 个周期。每个批次 `32` 张图片，网络每看一个批次就走一步，最后没装满的那个批次也算，一共 `70` 步。现在只让它学前 `40` 张图片，请改一行，使它走的**步数和之前一样多**。

# %% tags=["exercise-setup"]
def trained_head(n, epochs):
    keras.utils.set_random_seed(0)
    head = keras.Sequential([keras.Input((1280,)), layers.Dropout(0.5)])
    head.add(layers.Dense(1024, activation="relu"))
    head.add(layers.Dense(2, activation="softmax"))
    optimizer = keras.optimizers.RMSprop(2e-4)
    head.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    head.fit(features[:n], train_true[:n], batch_size=32, epochs=epochs, verbose=0)
    return head


# %% tags=["exercise-gap"]
epochs = 10  # change this line
head = trained_head(40, epochs)
accuracy_of_forty = head.evaluate(test_features, test_true, verbose=0)[1]
print(f"{epochs} epochs: right on {accuracy_of_forty:.1%}")

# %% [markdown] tags=["exercise-hint"]
# `40` 张图片，每批 `32` 张，分成几个批次？

# %% [markdown] tags=["exercise-hint"]
# 全部图片分成七个批次：六个满的，一个只有八张。四十张分成两个。

# %% tags=["exercise-solution"]
epochs = 70 // 2
head = trained_head(40, epochs)
accuracy_of_forty = head.evaluate(test_features, test_true, verbose=0)[1]
steps = int(head.optimizer.iterations.numpy())
print(f"{epochs} epochs, {steps} steps: right on {accuracy_of_forty:.1%}")

# %% tags=["exercise-solution"]
hurried = trained_head(40, 10)
few_steps = int(hurried.optimizer.iterations.numpy())
right = hurried.evaluate(test_features, test_true, verbose=0)[1]
print(f"10 epochs, {few_steps} steps: right on {right:.1%}")

# %% [markdown] tags=["exercise-solution"]
# 走完 70<!--= steps --> 步，它从四十张图片学到的已经足够答对大约 98%<!--= accuracy_of_forty, 0.02 -->。如果周期数不变，它只走 20<!--= few_steps --> 步：那时可别只怪图片少。

# %% [markdown] tags=["exercise"]
# ## 6.2 · 精确到一个百分点
#
# 你有一个分类器，能答对大约 `98%` 的图片。你想知道这个数，误差不超过一个百分点：两个标准误差应当等于 `0.01`。需要多少张测试图片？

# %% tags=["exercise-gap"]
needed = ...  # a number of pictures

# %% [markdown] tags=["exercise-hint"]
# 标准误差是 `√(p (1 − p) / n)`，其中 `p = 0.98`。它应当等于多少，你是知道的。

# %% [markdown] tags=["exercise-hint"]
# 由 `2 √(p (1 − p) / n) = 0.01` 得 `n = p (1 − p) (2 / 0.01)²`。

# %% tags=["exercise-solution"]
needed = 0.98 * 0.02 * (2 / 0.01) ** 2
print(f"{needed:.0f} pictures")
half_a_point = 0.98 * 0.02 * (2 / 0.005) ** 2
print(f"for half a point {half_a_point:.0f}")

# %% [markdown] tags=["exercise-solution"]
# 784<!--= needed --> 张图片，将近本课的两倍<!--? 1.9 < needed / len(test_true) < 2 -->。要精确到半个百分点，就要四倍的图片<!--? round(half_a_point / needed) == 4 -->。

# %% [markdown] tags=["exercise"]
# ## 6.3 · 找回亮度
#
# 图片哪一半更亮，本课的特征几乎看不出来。这个信息是在哪里丢的：在穿过骨干网络的路上，还是在把所有位置合成一个数的池化里？这里有较早一层的值 `early`，和最后一层的值 `late`。请搭一个模型 `halves`，从 `inputs` 到一行*看得出来*的特征。算出它的特征，让逻辑回归 `side` 用训练图片的特征学习 `train_side`，再用测试图片测它。

# %% tags=["exercise-setup"]
stem = keras.Model(backbone.input, backbone.get_layer("stem_activation").output)
early, late = stem(scaled), maps
print(early.shape, late.shape)


def left_is_brighter(paths):
    pixels = np.stack([read_picture(p, (224, 224), crop=True) for p in paths])
    left, right = pixels[:, :, :112].mean((1, 2, 3)), pixels[:, :, 112:].mean((1, 2, 3))
    return (left > right).astype(int)


train_side, test_side = left_is_brighter(train_paths), left_is_brighter(test_paths)

# %% tags=["exercise-gap"]
halves = ...  # a model from pixels to features
side = ...  # a logistic regression that has learned from its features
side_accuracy = ...  # on the test pictures, from 0 to 1

# %% [markdown] tags=["exercise-hint"]
# `GlobalAveragePooling2D` 对所有位置取平均，`AveragePooling2D((height, width))` 则分块取平均，每块就这么大。`early` 的一半是 `(112, 56)`。

# %% [markdown] tags=["exercise-hint"]
# `layers.Flatten()` 把剩下的位置排成一行。两个层都试试，其中一个能给出好答案。

# %% tags=["exercise-solution"]
def tested(outputs):
    model = keras.Model(inputs, layers.Flatten()(outputs))
    columns, unseen = (
        compute_features(model, paths, crop=True) for paths in (train_paths, test_paths)
    )
    side = LogisticRegression(max_iter=1000).fit(columns, train_side)
    return model, side, side.score(unseen, test_side)


halves, side, side_accuracy = tested(layers.AveragePooling2D((112, 56))(early))
print(f"early, left and right apart: right on {side_accuracy:.0%}")

# %% tags=["exercise-solution"]
_, _, early_pooled = tested(layers.GlobalAveragePooling2D()(early))
_, _, late_halves = tested(layers.AveragePooling2D((7, 3), strides=(7, 4))(late))
print(f"early, pooled over all places: {early_pooled:.0%}")
print(f"late, left and right apart: {late_halves:.0%}")

# %% [markdown] tags=["exercise-solution"]
# 约 91%<!--= side_accuracy, 0.03, 0.5 -->：两样缺一不可，既要较早的层，又要把位置分开。如果对所有位置做池化，或者用最后一层，答对的就少得多<!--? side_accuracy > max(early_pooled, late_halves) + 0.15 -->。要说出照片里是什么，亮度派不上用场；至于在什么位置，从来没人问过。

# %% [markdown]
# ## 接着学
#
# - 换成照片：运行 `.venv/bin/python -m data_scripts.get_photos`，再用 `open_pictures("photos")` 运行本课。
# - 换成你自己的类别：每个类别一个文件夹的图片，再运行 `.venv/bin/python -m data_scripts.train_classifier FOLDER`。它做的就是本课做的事：用交叉验证来选，只测试一次，再写一份报告。
# - [Keras 的迁移学习指南](https://keras.io/guides/transfer_learning/)接下来会讲微调。
# - [`flow_from_dataframe`](https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/ImageDataGenerator) 及其全部设置。
