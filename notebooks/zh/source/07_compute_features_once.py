# %% [markdown]
# # 7 · 特征只算一次
#
# 第 6 课里，头学的是冻结网络一次算好的特征。这一课，你来证明这样做毫无损失，然后成打地训练头。

# %% [markdown]
# ## 你会学到什么
#
# - **证明**冻结的基础模型每次算出的都一样。
# - **计算**图片的特征，只算一次，存在磁盘上。
# - **选择**头、骨干网络和读图方式，靠交叉验证；测试只做一次。
# - **说清**这样做放弃了什么，什么时候要紧。

# %% [markdown]
# ## 需要准备什么
#
# 第 6 课（骨干网络、头、区间）。在两个 CPU 核上计算约一分钟，不用联网。再运行一遍，看看这回要多久：本课的意义就在这里。

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
from helpers.pictures import read_picture

pictures = open_pictures("drawn")  # or "photos"
train_paths, train_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
test_paths, test_labels = pictures.test_set()
print(len(train_paths), "pictures to learn from,", len(test_paths), "to test with")

# %% [markdown]
# ## 基本想法
#
# 冻结的基础模型是一个不变的函数：输入同一张图片，输出同一组数<!--? (by_hand == again).all() -->。训练 100 个周期<!--? epochs == 100 -->，每次问它的都是同一个问题。它的回答，即每张图片一个向量，就是图片的**特征**；记下来，问一次就够了。我们的基准测试用 2019 年的头，在照片上把两种做法都测了：

# %%
import matplotlib.pyplot as plt

from helpers.figures import show
from helpers.measured import measured_table

epochs = 100
record = measured_table("whole_path_photographs")
once = record.loc[f"ours, Dense 1024, Dense 2, {epochs} epochs"]
seconds = {
    "inside fit": record.loc["the article's recipe", "training (s)"],
    "features once": once["features (s)"] + once["training (s)"],
}
fig, ax = plt.subplots(figsize=(7, 1.8))
bars = ax.barh(list(seconds), list(seconds.values()), color=["C1", "C0"])
ax.bar_label(bars, fmt="{:.0f} s", padding=4)
ax.set_xlabel(f"seconds for {epochs} epochs")
ax.set_title("The same head, trained in two ways")
ax.margins(x=0.15)
ax.invert_yaxis()
show(
    fig, f"Two bars: {' against '.join(f'{s:.0f}' for s in seconds.values())} seconds."
)

# %% [markdown]
# 像下面那种要训练十次才有答案的问题，一种做法要 24 分钟<!--? round(10 * seconds["inside fit"] / 60) == 24 -->，另一种不到一分钟<!--? 10 * seconds["features once"] < 60 -->。

# %% [markdown]
# ## 手工做一遍
#
# 基础模型内含预处理，从原始像素一路算到每张图片一个向量：`pooling="avg"` 就是第 3 课的 GlobalAveragePooling2D。
#
# **预测：** 同一批图片送进去两遍<!--? len(by_hand) == len(again) -->，两次的输出有多像？
#
# <details><summary>前几位小数相同</summary>
#
# **不对。** 猜得有道理：换一台电脑，或者换一种批次大小，确实如此。但在这里，同样的运算按同样的先后又做了一遍。
#
# </details>
# <details><summary>不太像：网络本来就靠运气</summary>
#
# **不对。** 靠运气的是训练：权重随机起步，图片顺序打乱。权重一旦冻结，这个网络里就没有随机的东西了。
#
# </details>
# <details><summary>完全相等，一个比特都不差</summary>
#
# **对。**<!--? (by_hand == again).all() --> 所以没有理由再算一遍。
#
# </details>

# %%
backbone = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg"
)
inputs = keras.Input((224, 224, 3))
scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)  # 0…255 -> about −1…1
base = keras.Model(inputs, backbone(scaled), name="base")

few = np.stack([read_picture(path, (224, 224), crop=True) for path in train_paths[:8]])
by_hand = base.predict_on_batch(few)
again = base.predict_on_batch(few)
n_features = by_hand.shape[1]
print(by_hand.shape, "the same again:", bool((by_hand == again).all()))

# %% [markdown]
# 每张图片变成了 1,280<!--= n_features --> 个数。
#
# ## 用辅助函数
#
# `compute_features` 对许多张图片做同样的事，并按图片和基础模型的*内容*把结果存进磁盘：改了一张图片，就只重算那一张。

# %%
from helpers.features import compute_features

features = compute_features(base, train_paths, crop=True)
print(features.shape, by_hand.shape)
print("as by hand:", np.allclose(features[:8], by_hand, atol=1e-4))

# %% [markdown]
# 把上面的单元格再运行一次：什么都不用算，特征直接从磁盘读出。

# %% [markdown]
# ## 怎样选择
#
# 现在你可以样样都试。但谁按测试集上的成绩来取舍，谁就拟合了测试集。所以要在训练集内部选择：把它划分 10<!--= divisions.get_n_splits() --> 次，每次用一部分来学，拿另一部分来问，再看均值和波动。这就是**交叉验证**。测试集只在最后问一次。

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score

divisions = StratifiedShuffleSplit(10, train_size=0.8, random_state=0)
regression = LogisticRegression(max_iter=1000)
with_regression = cross_val_score(regression, features, train_labels, cv=divisions)
print(
    f"logistic regression: {with_regression.mean():.3f} ± {with_regression.std():.3f}"
)

# %% [markdown]
# **逻辑回归**也能当头：它没有层，没有周期，也没有学习率。它的对手是第 6 课的头。
#
# **预测：** 对手的参数是它的一千倍<!--? n_head > 1000 * n_features -->。两者谁答对得更多？
#
# <details><summary>大的那个：它能学到更多</summary>
#
# **不对。** 能是能，有几百万张图片时也许真会如此。但图片这么少，它能学到的，在两类之间画一条直线也都学到了。
#
# </details>
# <details><summary>逻辑回归：大的那个只会死记硬背</summary>
#
# **不对。** 它确实死记硬背，第 6 课已经看到了。但这并不妨碍它认对没见过的图片。
#
# </details>
# <details><summary>分不出高下</summary>
#
# **对。**<!--? abs(with_head.mean() - with_regression.mean()) < with_regression.std() --> 两个均值之差，比各次划分之间的波动还小。
#
# </details>

# %%
def make_head():
    head = keras.Sequential([keras.Input((n_features,)), layers.Dropout(0.5)])
    head.add(layers.Dense(1024, activation="relu"))
    head.add(layers.Dense(2, activation="softmax"))
    optimizer = keras.optimizers.RMSprop(2e-4)
    head.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return head


n_head = make_head().count_params()
with_head = []
for learn, ask in divisions.split(features, train_labels):
    head = make_head()
    head.fit(features[learn], train_labels[learn], epochs=10, verbose=0)
    with_head.append(head.evaluate(features[ask], train_labels[ask], verbose=0)[1])
    print(f"{with_head[-1]:.3f}", end=" ", flush=True)
with_head = np.array(with_head)
print(f"\na head of two layers: {with_head.mean():.3f} ± {with_head.std():.3f}")

# %% [markdown]
# 每次划分只问 40<!--= len(ask) --> 张图片，错一张就是 2.5<!--= 100 / len(ask) --> 个百分点，有这样的波动并不奇怪。分不出高下时，就选设置最少的<!--! a rule of thumb, not a result -->：逻辑回归。
#
# ## 挤压还是裁剪？
#
# 图片很少是正方形，网络要的却是正方形。可以把图片**挤压**（squeezed）成正方形，Keras 的生成器就是这么做的；也可以做**中心裁剪**：保持比例，切掉多出来的部分。前者得到一只瘦猫，后者可能丢掉一只耳朵。

# %%
from helpers.figures import picture_grid

shapes = [read_picture(path).shape for path in train_paths]
wide = train_paths[np.argmax([width / height for height, width, _ in shapes])]
ways = [read_picture(wide, (224, 224), crop=crop) for crop in (False, True)]
fig = picture_grid([read_picture(wide), *ways], ["as it is", "squeezed", "cropped"])
n_square = sum(height == width for height, width, _ in shapes)
show(
    fig,
    f"A wide picture, squeezed and cropped. {n_square} of {len(shapes)} are square.",
)

# %% [markdown]
# 两种都测一测，顺便看看多少张图片才够。头从每类几张图片中学习，再拿训练集里其余的图片来问它。
#
# **预测：** 每类给 5<!--= sizes[0] --> 张图片，它能答对多少？
#
# <details><summary>100 张里约 50 张</summary>
#
# **不对。** 五张图片似乎什么也学不到，从零开始的网络也只好抛硬币。但骨干网络早已学会什么是眼睛和耳朵。
#
# </details>
# <details><summary>100 张里约 70 张</summary>
#
# **不对。** 第 6 课从零开始、用上全部图片，成绩还要好一些。有了特征，几张图片就能做得更好<!--? curves["cropped"][5].mean() > 0.75 -->。
#
# </details>
# <details><summary>100 张里约 90 张</summary>
#
# **对。** 平均约 90%<!--= curves["cropped"][5].mean(), 0.03, 0.7 --> 答对。
#
# </details>

# %%
def accuracies(features, per_class):
    draws = StratifiedShuffleSplit(10, train_size=2 * per_class, random_state=0)
    return cross_val_score(regression, features, train_labels, cv=draws)


sizes = [5, 10, 20, 40, 80]
squeezed = compute_features(base, train_paths)
curves = {
    way: pd.DataFrame({n: accuracies(columns, n) for n in sizes})
    for way, columns in (("squeezed", squeezed), ("cropped", features))
}
pd.concat({way: curve.agg(["mean", "std"]) for way, curve in curves.items()}).round(2)

# %%
from helpers.figures import learning_curve_axes

fig, ax = learning_curve_axes(sizes)
for way, style in (("squeezed", "C1s--"), ("cropped", "C0o-")):
    mistakes = 100 * (1 - curves[way])
    ax.errorbar(
        sizes, mistakes.mean(), yerr=mistakes.std(), fmt=style, capsize=4, label=way
    )
ax.set_ylabel("mistakes in 100 unseen pictures")
ax.set_ylim(bottom=0)
ax.set_title("Mean and spread of ten draws: few mistakes from few pictures")
ax.legend()
means = [f"{100 * (1 - curves['cropped'][n].mean()):.1f} with {n}" for n in sizes]
show(fig, f"Mistakes in 100, cropped: {', '.join(means)}.")

# %% [markdown]
# 图片少时，误差棒很长<!--? spreads[5] > 2 * spreads[80] -->：碰巧抽到*哪几张*，比怎样读入影响更大<!--? spreads[5] > abs(curves["cropped"][5].mean() - curves["squeezed"][5].mean()) -->。挤压与裁剪的差别落在彼此的波动之内<!--? (abs(curves["cropped"].mean() - curves["squeezed"].mean()) < spreads).all() -->：这个训练集没法替你选。

# %%
spreads = curves["cropped"].std()
spreads.round(3)

# %% [markdown]
# ## 两个骨干网络并排
#
# 特征就是一列列数，所以两个骨干网络可以并排摆在一起。EfficientNet-Lite2 是 Lite0 的亲戚，层数更多，看的图片也更大<!--? base_2.input_shape[1] > base.input_shape[1] and len(second.layers) > len(backbone.layers) -->。

# %% tags=["nbval-ignore-output"] reason="a picture on the border changes the last digit; the text holds what may be said"
from helpers.backbones import EfficientNetLite2

second = EfficientNetLite2(include_top=False, input_shape=(260, 260, 3), pooling="avg")
inputs = keras.Input((260, 260, 3))
scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
base_2 = keras.Model(inputs, second(scaled), name="base_2")
features_2 = compute_features(base_2, train_paths, crop=True)
rivals = {"Lite0": features, "Lite2": features_2}
rivals["both joined"] = np.hstack([features, features_2])
compared = pd.DataFrame(
    {
        name: cross_val_score(regression, columns, train_labels, cv=divisions)
        for name, columns in rivals.items()
    }
).agg(["mean", "std"])
compared.round(3)

# %% [markdown]
# 几个均值之差不到一个波动<!--? np.ptp(compared.loc["mean"]) < compared.loc["std"].max() -->。这里也一样，靠 200<!--= len(train_paths) --> 张图片也说不出谁更好。
#
# ## 能下什么结论
#
# 我们的基准测试问了多得多的图片<!--? unseen.min() > len(ask) -->，用的是它自己的十次划分，既有[绘制的宠物](../benchmarks/results/accuracy_drawn.md)，也有[照片](../benchmarks/results/accuracy_photographs.md)。第一个领先第二个多少个波动？不到一个，两者就分不出高下。

# %%
kinds = ["drawn", "photographs"]
records = {kind: measured_table(f"accuracy_{kind}") for kind in kinds}
records = {kind: table[table["a class"] == 100] for kind, table in records.items()}
unseen = pd.concat(records)["unseen"]


def lead(table, first, second):
    difference = table.loc[first, "mean"] - table.loc[second, "mean"]
    return difference / table.loc[[first, second], "spread"].max()


pairs = [
    ("Lite0, cropped", "Lite0, squeezed"),
    ("Lite2, cropped", "Lite2, squeezed"),
    ("Lite2, cropped", "Lite0, cropped"),
    ("both, cropped", "Lite0, cropped"),
    ("both, cropped", "Lite2, cropped"),
    ("both, squeezed", "Lite2, squeezed"),
]
rows = {" before ".join(p): [lead(t, *p) for t in records.values()] for p in pairs}
leads = pd.DataFrame(rows, index=kinds).T
mistakes = 1 - records["photographs"]["mean"]
quarter = 1 - mistakes["Lite0, cropped"] / mistakes["Lite0, squeezed"]
leads.round(1)

# %% [markdown]
# - **裁剪。** 在照片上，它让 Lite0 的错误少了四分之一<!--? 0.2 < quarter < 0.3 and leads["photographs"].iloc[0] > 1 -->。换成 Lite2，或换成绘制的宠物，就分不出高下了<!--? leads.iloc[1].abs().max() < 1 and abs(leads["drawn"].iloc[0]) < 1 -->。
# - **换骨干网络。** Lite2 在照片上领先，在绘制的宠物上则没有<!--? leads["photographs"].iloc[2] > 1 > abs(leads["drawn"].iloc[2]) -->。
# - **两个并用。** 在绘制的宠物上，比单用哪一个都领先<!--? leads["drawn"].iloc[3:].min() > 1 -->。在照片上，裁剪时与单用 Lite2 分不出高下<!--? abs(leads["photographs"].iloc[4]) < 1 -->，挤压时反而更差<!--? leads["photographs"].iloc[5] < -1 -->。
#
# 可见没有什么定律。那就裁剪：在这里，没有一次因为裁剪而损失超过一个波动<!--? leads.iloc[:2].min(axis=None) > -1 -->。换骨干网络划不划算，要用你自己的图片做交叉验证才知道。还有，模型是从裁剪过的图片学来的，就用裁剪过的图片去问它。
#
# ## 只测试一次
#
# 选定：逻辑回归，用 Lite0 的特征，裁剪。让它用整个训练集来学。

# %%
from helpers.accuracy import accuracy_interval

regression.fit(features, train_labels)
test_features = compute_features(base, test_paths, crop=True)
n_right = int((regression.predict(test_features) == test_labels).sum())
accuracy = n_right / len(test_labels)
low, high = accuracy_interval(n_right, of=len(test_labels))
print(f"right on about {accuracy:.0%} of {len(test_labels)} unseen pictures")

# %% [markdown]
# 约 99%<!--= accuracy, 0.01 -->，区间（第 6 课）向下伸出一个半百分点<!--? 0.008 < accuracy - low < 0.02 -->。交叉验证许诺的也是这么多<!--? low < with_regression.mean() < high -->。
#
# ## 合回一个模型
#
# 朋友手里有照片，却没有特征。逻辑回归其实*就是*带 softmax 的全连接层；接到基础模型上，就成了第 6 课那样的模型，保存方法也一样。

# %%
from helpers.heads import head_from_regression, join

head = head_from_regression(regression)
model = join(base, head)
pixels = [read_picture(path, (224, 224), crop=True) for path in test_paths[::40]]
answers = model.predict_on_batch(np.stack(pixels))
expected = regression.predict_proba(test_features[::40])
print("joined and apart agree:", np.allclose(answers, expected, atol=1e-3))

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=9
assert (by_hand == again).all()
assert np.allclose(features[:8], by_hand, atol=1e-4)
assert with_head.mean() >= 0.95
assert with_regression.mean() >= 0.95
assert accuracy >= 0.97
assert curves["cropped"][80].mean() > curves["cropped"][5].mean() + 0.03
assert spreads[5] > spreads[80]
assert np.allclose(answers, expected, atol=1e-3)
assert np.allclose(
    head(test_features), regression.predict_proba(test_features), atol=1e-4
)
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **标签错位。** 症状：训练很顺利，测试却像瞎猜。原因：特征取自会打乱顺序的生成器，标签却取自别处。

# %%
shuffled = np.random.default_rng(0).permutation(len(test_labels))
out_of_step = regression.score(test_features[shuffled], test_labels)
print(f"the same head, features shuffled: right on about {out_of_step:.1f}")

# %% [markdown]
# 约 50%<!--= out_of_step, 0.08, accuracy -->。对策：特征和标签共用一份路径列表，保持同一个顺序；你给的是什么顺序，`compute_features` 就保持什么顺序。
#
# **基础模型变了，特征没变。** 症状：模型在特征上很好，接起来却很差。原因：存好特征之后，又微调了基础模型，或在它前面换了一种预处理。`compute_features` 用基础模型所做的全部计算生成**指纹**，按指纹存放特征，所以这种事不会发生<!--? before != after -->：

# %%
from helpers.features import fingerprint

before = fingerprint(base)
kernel = backbone.get_layer("stem_conv").kernel
kernel.assign(kernel * 1.001)  # what fine-tuning does, a little
after = fingerprint(base)
kernel.assign(kernel / 1.001)
print("a changed base has a fingerprint of its own:", before != after)

# %% [markdown]
# ## 放弃了什么
#
# **数据增强。** 每个周期重新翻转、重新裁剪的图片，都是新图片，特征也是新的。在这里有用吗？先测量，再付代价：在每次划分中，给用来学习的图片加上左右翻转的副本。

# %%
inputs = keras.Input((224, 224, 3))
mirror = keras.Model(inputs, base(keras.ops.flip(inputs, axis=2)))
mirrored = compute_features(mirror, train_paths, crop=True)
with_mirrored = []
for learn, ask in divisions.split(features, train_labels):
    columns = np.vstack([features[learn], mirrored[learn]])
    doubled = LogisticRegression(max_iter=1000)
    doubled.fit(columns, np.tile(train_labels[learn], 2))
    with_mirrored.append(doubled.score(features[ask], train_labels[ask]))
gain = np.mean(with_mirrored) - with_regression.mean()
print(
    f"with mirrored copies: {np.mean(with_mirrored):.3f} ± {np.std(with_mirrored):.3f}"
)

# %% [markdown]
# 差别小于波动<!--? abs(gain) < with_regression.std() -->：分不出高下，代价却是两倍<!--? len(columns) == 2 * len(learn) -->。
#
# **微调。** 如果基础模型自己也要学习，它的特征每一步都会变。这时要像第 4 课那样训练整个模型。

# %% [markdown]
# ## 你看到了什么
#
# - 在冻结的基础模型里走第二遍，得到的与第一遍相同<!--? (by_hand == again).all() -->；特征只算一次，省下 98%<!--= 1 - seconds["features once"] / seconds["inside fit"] --> 的时间。
# - 你拿着磁盘上的特征，用交叉验证来选择；在这个训练集上，什么都分不出高下：头是如此<!--? abs(with_head.mean() - with_regression.mean()) < with_regression.std() -->，裁剪与否是如此<!--? (abs(curves["cropped"].mean() - curves["squeezed"].mean()) < spreads).all() -->，骨干网络也是如此<!--? np.ptp(compared.loc["mean"]) < compared.loc["std"].max() -->。
# - 最简单的方案只测试一次，在 400<!--= len(test_labels) --> 张没见过的图片上答对约 99%<!--= accuracy, 0.01 -->。

# %%
from helpers.ties import compare_text

compare_text("07_compute_features_once", globals())

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
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from helpers.backbones import EfficientNetLite0
from helpers.features import compute_features
from helpers.figures import picture_grid, show
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")
train_paths, train_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
test_paths, test_labels = pictures.test_set()
print(len(train_paths), "pictures to learn from,", len(test_paths), "to test with")

# %% [markdown] tags=["exercise-setup"]
# 基础模型和课文里的相同，特征已经存到磁盘上；只要这一课运行过，这里片刻就好。

# %% tags=["exercise-setup"]
backbone = EfficientNetLite0(
    include_top=False, input_shape=(224, 224, 3), pooling="avg"
)
inputs = keras.Input((224, 224, 3))
base = keras.Model(
    inputs, backbone(layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
)
features = compute_features(base, train_paths, crop=True)
test_features = compute_features(base, test_paths, crop=True)
print(f"to learn from: {features.shape}; to test with: {test_features.shape}")

# %% [markdown] tags=["exercise"]
# ## 7.1 · 从一张学起
#
# 一个头只见过一只猫、一只狗，能走多远？改一行代码；运行之前，先说一个数。

# %% tags=["exercise-gap"]
per_class = 5  # change this line
draws = StratifiedShuffleSplit(20, train_size=2 * per_class, random_state=0)
head = LogisticRegression(max_iter=1000)
scores = cross_val_score(head, features, train_labels, cv=draws)
print(f"{scores.mean():.2f} ± {scores.std():.2f}, from {scores.min():.2f} on")

# %% [markdown] tags=["exercise-hint"]
# `train_size` 是两类图片合起来的张数。

# %% tags=["exercise-solution"]
per_class = 1
draws = StratifiedShuffleSplit(20, train_size=2 * per_class, random_state=0)
head = LogisticRegression(max_iter=1000)
scores = cross_val_score(head, features, train_labels, cv=draws)
print(f"{scores.mean():.2f} ± {scores.std():.2f}, from {scores.min():.2f} on")

# %% [markdown] tags=["exercise-solution"]
# 每类只有一张图片时，它答对约 73%<!--= scores.mean(), 0.03 -->；手气最差的那次抽样，简直在抛硬币<!--? scores.min() < 0.6 -->。各次抽样的波动是 11 个百分点<!--? round(100 * scores.std()) == 11 -->：单独一张图片，教的是画面上碰巧有的东西。

# %% [markdown] tags=["exercise"]
# ## 7.2 · 起作用的那一列
#
# 逻辑回归给 `1,280` 列各配一个权重：有力地支持狗，就是很大的正数；有力地支持猫，就远在零以下。哪一列（`strongest`）最支持狗？看看它取值最大的九张图片。

# %% tags=["exercise-setup"]
regression = LogisticRegression(max_iter=1000).fit(features, train_labels)
print(regression.coef_.shape)

# %% tags=["exercise-gap"]
strongest = ...  # the place of a column
largest = ...  # the places of nine pictures

# %% [markdown] tags=["exercise-hint"]
# `np.argmax` 给出最大值的位置。

# %% [markdown] tags=["exercise-hint"]
# `np.argsort(values)` 按值从小到大给出位置；`[-9:]` 取最后九个。

# %% tags=["exercise-solution"]
strongest = int(np.argmax(regression.coef_[0]))
largest = np.argsort(features[:, strongest])[-9:]
n_dogs = int(train_labels[largest].sum())
names = np.array(["cat", "dog"])[train_labels[largest]]
fig = picture_grid(
    [read_picture(train_paths[n], (224, 224), crop=True) for n in largest], names
)
show(fig, f"Column {strongest} is largest in {n_dogs} dogs and {9 - n_dogs} cats.")

# %% tags=["exercise-solution"]
column, unseen = features[:, [strongest]], test_features[:, [strongest]]
alone = LogisticRegression().fit(column, train_labels).score(unseen, test_labels)
together = regression.score(test_features, test_labels)
print(f"this column alone: right on {alone:.0%}; all of them: {together:.0%}")

# %% [markdown] tags=["exercise-solution"]
# 九张里有 6<!--= n_dogs --> 张是狗。就连最强的一列，单独用也只答对约 58%<!--= alone, 0.03, together -->：没有哪一列就是“狗”，许多列加起来才是。

# %% [markdown] tags=["exercise"]
# ## 7.3 · 不用训练的头
#
# **最近邻**头什么都不学：它把训练集的特征留着，新图片来了，看它最近的 k 个邻居多数属于哪一类，就归入哪一类。用下面的划分做交叉验证，从候选值中选出 k。然后让 `neighbors` 用这个 k 从整个训练集学习，再测试一次。

# %% tags=["exercise-setup"]
divisions = StratifiedShuffleSplit(10, train_size=0.8, random_state=0)
candidates = [1, 3, 5, 15, 45]

# %% tags=["exercise-gap"]
means = ...  # for each candidate its mean accuracy in the divisions
neighbors = ...  # a KNeighborsClassifier with the best k, fitted
tested = ...  # its accuracy on the test set, from 0 to 1

# %% [markdown] tags=["exercise-hint"]
# `cross_val_score(KNeighborsClassifier(k), features, train_labels, cv=divisions)` 给出某个 k 的十个准确率。

# %% [markdown] tags=["exercise-hint"]
# `candidates[int(np.argmax(means))]` 就是最好的 k；有并列时取第一个。

# %% tags=["exercise-solution"]
means = [
    cross_val_score(
        KNeighborsClassifier(k), features, train_labels, cv=divisions
    ).mean()
    for k in candidates
]
best = candidates[int(np.argmax(means))]
neighbors = KNeighborsClassifier(best).fit(features, train_labels)
tested = neighbors.score(test_features, test_labels)
print(f"means {np.round(means, 3)}: k = {best}; on the test set {tested:.1%}")

# %% tags=["exercise-solution"]
regression = LogisticRegression(max_iter=1000).fit(features, train_labels)
learned = regression.score(test_features, test_labels)
print(f"logistic regression: {learned:.1%}")

# %% [markdown] tags=["exercise-solution"]
# 各次划分中，三个邻居<!--? best == 3 -->最好；在测试图片上答对约 96%<!--= tested, 0.01 -->。这比逻辑回归低<!--? tested < learned -->，却完全不用训练。

# %% [markdown]
# ## 接着学
#
# - scikit-learn 用户指南讲[交叉验证](https://scikit-learn.org/stable/modules/cross_validation.html)和[流水线](https://scikit-learn.org/stable/modules/compose.html)的两章：特征也值得先做缩放。
# - 本项目的[基准测试](../benchmarks/results/recipes_photographs.md)，在同一批图片上还测了别的做法。
