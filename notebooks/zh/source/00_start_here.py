# %% [markdown]
# # 0 · 从这里开始
#
# 在这一课里，你会弄清电脑是否准备好了、该怎样读这套课程，还会提前看一眼，学到最后能做出什么。

# %% [markdown]
# ## 你会学到什么
#
# - **检查**电脑是否就绪；没有就绪，也知道该怎么办。
# - **读**一课，记住一课：预测、运行、改动。
# - **看**一遍从图片到分类器的全过程，代码只有几行。

# %% [markdown]
# ## 需要准备什么
#
# 会一点 Python，还记得怎样用 scikit-learn 拟合逻辑回归；不用懂深度学习，不用显卡，也不用联网。在两个 CPU 核上大约计算一分钟。

# %% [markdown]
# ## 准备工作
#
# 下面这样的灰色方框叫做**单元格**。点进去，同时按 Shift 和 Enter，它就会运行，输出显示在下方。这个单元格固定了所有随机数，所以你看到的结果和这里给出的一样。

# %%
import sys

sys.path.insert(0, "../..")  # the project's folder, where `helpers` lives

from helpers.start import start_lesson

start_lesson(seed=0)

# %% [markdown]
# 你的电脑准备好了吗？

# %%
from helpers.readiness import readiness

print("\n".join(readiness()))

# %% [markdown]
# 哪一行没有写 *ready*，哪一行就会告诉你：发现了什么，该怎么办。

# %% [markdown]
# ## 基本想法
#
# 小孩子看几张图片就学会了分辨猫和狗，因为他早就会*看*了：毛发、耳朵、眼睛、边缘。电脑可以借来这样一双眼睛。有人用一百万张照片训练了一个网络，免费送给大家；你留下它看东西的本事，再教它两个新词。这就是**迁移学习**。
#
# 先看图片：200<!--= len(paths) --> 张，用来学习。它们是程序画的：画出来的猫和狗不花钱，而且人人拿到的都一样。（你自己的照片，到第 6 课再用。）

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
# 有一个网络，是用照片训练出来的。它会把每张图片看一遍，记下看到了什么。运行下一个单元格之前，先回答一个问题。
#
# **预测：** 一张图片进来时是 150,528<!--= size[0] * size[1] * 3 --> 个数，每个像素三个。网络会记下多少个数？
#
# <details><summary>两个：有多像猫，有多像狗</summary>
#
# **不对。** 最后确实该是这样，可是没有人告诉过网络你想知道什么。它只记下看到的东西；是猫还是狗，要由你来教。
#
# </details>
# <details><summary>1,280</summary>
#
# **对。** 1,280<!--= seen.shape[1] --> 个数，每个数说的是，它在图片里找到的某样东西有多少。这些数叫做**特征**；第 2 课会让你看到几个。
#
# </details>
# <details><summary>150,528 个：进来几个数，就记下几个</summary>
#
# **不对。** 说到“看”，好像就是什么都留下。但是，单看一个像素，跟猫有关的什么也看不出来；该略去什么，网络已经学会了。
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
# 刚才那个单元格，现在不必看懂。接下来的，你就熟悉了：让逻辑回归从特征中学习。

# %%
from sklearn.linear_model import LogisticRegression

head = LogisticRegression(max_iter=1000)
head.fit(seen, names)
print(f"learned {' and '.join(head.classes_)} from {len(names)} pictures")

# %% [markdown]
# 它分得清猫和狗吗？拿 100<!--= len(unseen) --> 张它没有见过<!--? not set(unseen) & set(paths) -->的图片考考它，一张猫，一张狗，交替着来。
#
# **预测：** 它会答对多少张？
#
# <details><summary>大约 50 张：两百张图片太少了</summary>
#
# **不对。** 抛硬币也就这个水平。要用它们学会*看*，确实太少；第 6 课会让一个网络试试。但是眼前这个网络早就会看了。
#
# </details>
# <details><summary>大约 75 张</summary>
#
# **不对。** 它片刻之间只学了这么一点，这样猜很合理。可是别忘了，它的眼睛从一百万张照片里学过。
#
# </details>
# <details><summary>超过 95 张</summary>
#
# **对。** 100<!--= len(unseen) --> 张里大约答对 98<!--= 100 * accuracy, 2 --> 张。难的那一步是“看”，在你来之前就已经学会了。
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
# 先看最前面的几个回答，再看所有的错误：

# %%
places = [*range(3), *truth.index[answers != truth][:6]]
titles = [
    answers[n] if answers[n] == truth[n] else f"{answers[n]} ✗, a {truth[n]}"
    for n in places
]
fig = picture_grid([read_picture(unseen[n], (224, 224)) for n in places], titles)
show(fig, f"Unseen pictures and the answers: {'; '.join(titles)}.")

# %% [markdown]
# 你的第一个分类器，面对 100<!--= len(unseen) --> 张从没见过的图片，大约答对 98<!--= 100 * accuracy, 2 --> 张。怎么会这样？这套课要讲的就是这个。
#
# ## 怎样读一课
#
# - **预测。** 先选好答案，再展开看，然后运行单元格。出乎意料的事，你会记住。
# - **改动。** 什么都弄不坏：`make lab` 打开的是课文的副本，随你怎么改。
# - **动手。** 每课结尾都有练习，能自己检查对错。
# - **查阅。** `layer_table?` 显示一个辅助函数做什么，`layer_table??` 显示它怎么做。粗体的词，当场就有解释，也收在[术语表](glossary.md)里。
# - **信任，也要核对。** 每课的最后一个单元格，会拿正文里的结果与实际运行的结果相比较。你改动了一课，它就会告诉你哪句话不再成立。

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=5
assert len(paths) == 200
assert sorted(set(names)) == ["cat", "dog"]
assert not set(paths) & set(unseen)
assert seen.shape == (200, 1280)
assert accuracy > 0.95
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **单元格没有按顺序运行。** 下一个单元格里，有人用了一个名字，可是还没有哪个单元格创建过它。
#
# **预测：** 会出现什么？
#
# <details><summary>一个空行：这个名字什么也不代表</summary>
#
# **不对。** 有些语言确实如此，电子表格的单元格也是这样。在 Python 看来，用没人创建过的名字就是错误，而且它会说出来。
#
# </details>
# <details><summary>那张图片：名字已经说明了要的是什么</summary>
#
# **不对。** 笔记本看上去像是会从头读到尾，连文字也读。其实 Python 只知道内核启动以后*运行过*的单元格创建了什么。
#
# </details>
# <details><summary>一条报错，点出这个名字</summary>
#
# **对。** `NameError: name 'my_first_picture' is not defined`<!--= message -->。
#
# </details>

# %%
try:
    print(my_first_picture)
except NameError as error:
    message = f"NameError: {error}"
    print(message)

# %% [markdown]
# 说明上面有个单元格没有运行过，或者重启之后没有再运行。对策：重启内核并全部运行，菜单里依次点 *Kernel*、*Restart Kernel and Run All Cells*。什么都说不通的时候，这一招也管用。
#
# **电脑配置太低。** 内存很小、磁盘又满了的电脑，`readiness` 会这样说：

# %%
from helpers.readiness import Machine

small = Machine((3, 12), (), memory_gb=0.8, disk_gb=0.2, cores=2)
lacking = [line for line in readiness(small) if "NOT READY" in line]
print("\n".join(lacking))

# %% [markdown]
# **The kernel appears to have died（内核似乎已停止）。** 多半是内存满了。把其他笔记本关掉：*Kernel*、*Shut Down All Kernels*。

# %% [markdown]
# ## 你看到了什么
#
# - `readiness` 的每一行都说已就绪，电脑才算就绪；一台配置低的电脑得到 2<!--= len(lacking) --> 行，说明该怎么办。
# - 读一课，要预测、运行、改动：没有单元格创建过的名字，换来的是 `NameError: name 'my_first_picture' is not defined`<!--= message -->。
# - 借来的眼睛，加上逻辑回归，100<!--= len(unseen) --> 张图片大约答对 98<!--= 100 * accuracy, 2 --> 张。
#
# 局限：只有 100<!--= len(unseen) --> 只绘制的宠物，只用了一个种子。第 6 课会更仔细地评判。

# %%
from helpers.ties import compare_text

compare_text("00_start_here", globals())

# %% [markdown]
# ## 动手试试
#
# 三道练习，每道都带检查，会告诉你哪里对了、哪里还不对：
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
# 图片和眼睛都与课文里的相同。眼睛看到的东西已经存到磁盘上，所以这里片刻就好。

# %% tags=["exercise-setup"]
eyes = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3), pooling="avg")
inputs = keras.Input((224, 224, 3))
base = keras.Model(inputs, eyes(preprocess_input(inputs)))
features = compute_features(base, paths)
unseen_features = compute_features(base, unseen)
print(f"to learn from: {features.shape}; to ask about: {unseen_features.shape}")

# %% [markdown] tags=["exercise"]
# ## 0.1 · 只学二十张
#
# 改一行，让分类器只从前二十张图片学习，不再用全部。它会退步多少？运行之前，先说一个数。

# %% tags=["exercise-gap"]
n = len(names)  # change this line
few = LogisticRegression(max_iter=1000)
few.fit(features[:n], names[:n])
accuracy_of_few = few.score(unseen_features, truth)
print(f"learned from {n}, right on {accuracy_of_few:.0%} of the unseen pictures")

# %% [markdown] tags=["exercise-hint"]
# `n` 决定取多少行。`features[:5]` 就是前五行。

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
# 几乎没有退步：从约 98%<!--= accuracy_of_all, 0.02 --> 到约 97%<!--= accuracy_of_few, 0.02 -->。在这里，十分之一的图片就够了。（取哪二十张是有差别的；第 7 课会抽好几次。）

# %% [markdown] tags=["exercise"]
# ## 0.2 · 找出错误
#
# `answers` 是一个分类器对一百张没见过的图片的回答，`truth` 是图上真正的动物。两者在哪些位置不同？第一张图片的位置是 0。

# %% tags=["exercise-setup"]
learner = LogisticRegression(max_iter=1000).fit(features[:8], names[:8])
answers = learner.predict(unseen_features)
print(answers[:6], truth[:6])

# %% tags=["exercise-gap"]
mistakes = ...  # your line

# %% [markdown] tags=["exercise-hint"]
# `answers != truth` 把一百张同时比较，每张给出一个是或否。

# %% [markdown] tags=["exercise-hint"]
# `np.flatnonzero(...)` 给出哪些位置为真。

# %% tags=["exercise-solution"]
mistakes = np.flatnonzero(answers != truth)
print(f"{len(mistakes)} mistakes, at {mistakes}")
print("taken for:", *set(answers[mistakes]))
assert set(answers[mistakes]) == {"dog"}

# %% [markdown] tags=["exercise-solution"]
# 这个分类器只从前八张图片学习，错了大约 20<!--= len(mistakes), 5 --> 张，而且都是同一种错：把猫当成狗。可见样本这么少，不但会让分类器变差，还可能让它偏向一边。

# %% [markdown] tags=["exercise"]
# ## 0.3 · 把眼睛拿走
#
# 网络到底有什么用？搭一个分类器 `blind`，不从特征学，而从像素学，再测一测没见过的图片它能答对多少。这里的图片缩小了，是 `24` 乘 `24` 像素，所以几秒就能算完；逻辑回归要求每张图片是一行数。
#
# 先预测：两百张图片不变，逻辑回归也不变。准确率还会剩下多少？

# %% tags=["exercise-setup"]
small = np.array([read_picture(path, (24, 24)) for path in paths]) / 255
small_unseen = np.array([read_picture(path, (24, 24)) for path in unseen]) / 255
print(f"to learn from: {small.shape}; to ask about: {small_unseen.shape}")

# %% tags=["exercise-gap"]
blind = ...  # a logistic regression that has learned from pixels
accuracy_without_eyes = ...  # on the unseen pictures, from 0 to 1

# %% [markdown] tags=["exercise-hint"]
# 形状为 `(200, 24, 24, 3)` 的数组，经过 `small.reshape(len(small), -1)`，就变成每张图片一行。

# %% [markdown] tags=["exercise-hint"]
# 用 `blind.fit(rows, names)` 学习，用 `blind.score(unseen_rows, truth)` 测量：没见过的图片也要变成一行一行的。

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
# 几乎什么也没剩下：约 49%<!--= accuracy_without_eyes, 0.08 -->，抛硬币也就这个水平。可是学过的图片，它 100%<!--= learned_by_heart --> 答对：它全都背下来了。单看某个位置上的像素，跟猫有关的什么也看不出来；从特征里却看得出。

# %% [markdown]
# ## 接着学
#
# - 第 1 课从单个神经元讲起。你早就认识它，只是叫法不同。
# - 忘了哪个词，就查[术语表](glossary.md)。
# - 你是老师？README 里的[用于教学](../README.md#for-a-class)一节，讲了怎样让整个教室的电脑只下载一次。
#
# 下面是所有的课；每课都自成一体，老师可以从中间开始。如果你有一个小时，就学第 6 课。
#
# <!-- lessons -->
