# %% [markdown]
# # 9 · 选择骨干网络
#
# 预训练网络多得很，公开的榜单还给它们排了名次：可那是在别人的图片、别人的电脑上。这一课，你来测量对自己要紧的：毫秒、兆字节，以及准确率和它的波动；再问一问：省事的预估，是不是本来就能告诉你同样的结果。

# %% [markdown]
# ## 你会学到什么
#
# - **测量**骨干网络的成本，不必先有权重。
# - 用同样的图片划分**比较**骨干网络，并说得出什么时候两者分不出高下。
# - **解释**骨干网络该为什么任务而训练。
# - **预估**该选哪一个，只凭 20<!--= len(few) --> 张图片，并知道这种预估能信几分。

# %% [markdown]
# ## 需要准备什么
#
# 第 7 课（特征只算一次，用交叉验证来选头），以及绘制的宠物。在两个 CPU 核上计算约两分钟，不用联网。

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

pictures = open_pictures("drawn")  # or "photos"
train_paths, train_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
test_paths, test_labels = pictures.test_set()
print(len(train_paths), "pictures to learn from,", len(test_paths), "to test with")

# %% [markdown]
# ## 基本想法
#
# 骨干网络是别人训练好的一双眼睛，训练时自有别人的目的。从像素到特征，一路上合乎那个目的的留下，不合的扔掉。所以，这双眼睛为什么而训练，大有关系。我们的[基准测试](../benchmarks/results/backbones_drawn.md)给三种骨干网络接上了头：
#
# - 为 ImageNet 的 1,000<!--! what ImageNet's challenge asks --> 个类别而训练，看的是物品和动物的照片；
# - 为寻找边缘而训练：VGG16 从 ImageNet 的权重起步，再训练它画出物体的轮廓；
# - 不为什么而训练：随机权重。
#
# **预测：** 在学边缘的网络的*最后*一块上接一个头，能答对多少？
#
# <details><summary>与接在 ImageNet 网络上相差无几：它又大，又训练过</summary>
#
# **不对。** 光是大、光是训练过，换不来多少：它答对 69%<!--= ladder.loc["VGG16, block5", "edges"] -->，随机权重也有 61%<!--= ladder.loc["VGG16, block5", "nothing"] -->。轮廓在哪里，它留着；是谁的轮廓，就不必留了。
#
# </details>
# <details><summary>一半：边缘跟宠物没有关系</summary>
#
# **不对。** 轮廓跟宠物有一点关系；就连随机的滤波器，也会传过去一些信息。
#
# </details>
# <details><summary>介于两者之间</summary>
#
# **对。**<!--? 0.55 < ladder.loc["VGG16, block5", "edges"] < 0.9 -->
#
# </details>

# %%
import matplotlib.pyplot as plt

from helpers.figures import show
from helpers.measured import measured_table

kinds = ["ImageNet", "edges", "nothing"]  # what the backbone was trained for
record = measured_table("backbones_drawn").reset_index()
ladder = record.pivot(index="features of", columns="trained for", values="mean")
spread = record.pivot(index="features of", columns="trained for", values="spread")
ladder, spread = ladder[kinds], spread[kinds]
size_of = record.set_index("features of")["pixels"]
fig, ax = plt.subplots(figsize=(7, 3.2))
ladder.plot.barh(ax=ax, xerr=spread, width=0.8, capsize=2, color=["C0", "C1", "C2"])
ax.axvline(0.5, color="#444444", linestyle=":")
ax.set(xlim=(0.4, 1.02), xlabel="accuracy, mean and spread", ylabel="")
ax.set_title("It matters what the backbone was trained for")
ax.legend(title="trained for", loc="lower right")
ax.invert_yaxis()
best = ", ".join(f"{ladder[kind].max():.2f} for {kind}" for kind in kinds)
show(fig, f"Bars for each network, from a coin's half on; the best are {best}.")

# %% [markdown]
# 同样看 96<!--= size_of["Lite0 at 96"] --> 像素的图片，训练任务对路的小网络，领先学边缘的大网络<!--? ladder.loc["Lite0 at 96", "ImageNet"] > ladder["edges"].max() -->。而在后者之中，最后一块不如它的前一块<!--? ladder.loc["VGG16, block4", "edges"] - ladder.loc["VGG16, block5", "edges"] > spread["edges"].max() -->：网络的末端，只为它自己的目的服务。随机权重比它们都差<!--? ladder["edges"].min() > ladder["nothing"].max() -->；其中 VGG16 的随机权重只抽了一次，Lite0 的抽了三次<!--! the note above the benchmark's table says so -->。

# %%
ladder.round(2)

# %% [markdown]
# ## 候选
#
# 本课程自带三个在 ImageNet 上训练好的网络：EfficientNet-Lite0、-Lite1 和 -Lite2，看的图片一个比一个大<!--? bases["Lite0"].input_shape[1] < bases["Lite1"].input_shape[1] < bases["Lite2"].input_shape[1] -->。网络还可以截断：在较早的一层结束，就地池化，其余部分不必再算。另有一个候选用随机权重，让你看看光凭架构能做到什么。

# %%
from helpers.backbones import EfficientNetLite0, EfficientNetLite1, EfficientNetLite2


def from_pixels(network):
    inputs = keras.Input(network.input_shape[1:])
    scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)  # what Lite wants
    return keras.Model(inputs, network(scaled))


def lite(build, size, weights="imagenet"):
    shape = (size, size, 3)
    return build(include_top=False, weights=weights, input_shape=shape, pooling="avg")


# %% [markdown]
# Lite0 有完整的，也有在较早一层和较晚一层截断的。

# %%
lite0 = lite(EfficientNetLite0, 224)
block3, block6 = (
    layers.GlobalAveragePooling2D()(lite0.get_layer(cut).output)
    for cut in ("block3b_add", "block6d_add")
)
bases = {
    "random": from_pixels(lite(EfficientNetLite0, 224, weights=None)),
    "Lite0 to block 3": from_pixels(keras.Model(lite0.input, block3)),
    "Lite0 to block 6": from_pixels(keras.Model(lite0.input, block6)),
    "Lite0": from_pixels(lite0),
    "Lite1": from_pixels(lite(EfficientNetLite1, 240)),
    "Lite2": from_pixels(lite(EfficientNetLite2, 260)),
}
print({name: base.output_shape[1] for name, base in bases.items()})

# %% [markdown]
# ### 你手头的文件
#
# 2019 年的文章用的是 InceptionV3，它的权重不随本课程提供。如果你有它不含顶部的权重文件，就写明放在哪里，它便会加入下面所有的表格。没有也不要紧，InceptionV3 和 VGG16 就用随机权重搭建：要了解它们的成本，这就够了。

# %%
weights_file = None  # such as "../../data/inception_v3_notop.h5"

inputs = keras.Input((299, 299, 3))
inception = keras.applications.InceptionV3(
    include_top=False, weights=weights_file, input_shape=(299, 299, 3), pooling="avg"
)
scaled = layers.Rescaling(1 / 127.5, offset=-1)(inputs)  # what InceptionV3 wants
inception = keras.Model(inputs, inception(scaled))
if weights_file:
    bases["InceptionV3"] = inception

vgg16 = keras.applications.VGG16(
    include_top=False, weights=None, input_shape=(224, 224, 3), pooling="avg"
)
timed = ["random", "Lite0 to block 6", "Lite0", "Lite1", "Lite2"]
costed = {name: bases[name] for name in timed}
costed |= {"InceptionV3": inception, "VGG16": vgg16}

# %% [markdown]
# ## 要花多少
#
# 兆字节数等于参数个数乘以四字节。毫秒数则必须测量：在分类器将来运行的那台电脑上测，而且各个网络轮流来，这样电脑同时在忙的别的事，就平摊到大家头上。
#
# **预测：** 这里的 InceptionV3 和 VGG16 用的是随机权重。即便如此，能了解它们的哪些情况？
#
# <details><summary>什么也了解不到：随机权重只给出随机的数</summary>
#
# **不对。** 随机的是它们的*答案*。不管权重是多少，图片经过的层都一样。
#
# </details>
# <details><summary>只知道占多少兆字节，别的都不知道</summary>
#
# **不对。** 人们容易以为训练会让网络变慢。其实不管数是多少，做一次乘法用时都一样：随机权重的 Lite0，用时和 Lite0 差不多<!--? 1 / 2 < costs.loc["random", "times Lite0"] < 2 -->。
#
# </details>
# <details><summary>兆字节和毫秒</summary>
#
# **对。** 结果是 VGG16 比 InceptionV3 用时更长<!--? costs.loc["VGG16", "times Lite0"] > costs.loc["InceptionV3", "times Lite0"] -->，占的兆字节却更少<!--? costs.loc["VGG16", "MB"] < costs.loc["InceptionV3", "MB"] -->。只有准确率，要等有了权重才知道。
#
# </details>

# %% tags=["nbval-ignore-output"] reason="seconds and megabytes differ between machines; the text holds what may be said"
import time


def quickest(bases, turns=4):
    seconds = {name: [] for name in bases}
    for turn in range(turns + 1):
        for name, base in bases.items():
            pixels = np.full((1, *base.input_shape[1:]), 127, "float32")
            start = time.perf_counter()
            base.predict_on_batch(pixels)
            if turn > 0:  # the first one builds the graph
                seconds[name].append(time.perf_counter() - start)
    return pd.Series({name: min(times) for name, times in seconds.items()})


def weigh(bases):
    return pd.Series(
        {name: 4 * base.count_params() / 1e6 for name, base in bases.items()}
    )


costs = pd.DataFrame({"ms a picture": 1000 * quickest(costed), "MB": weigh(costed)})
costs["times Lite0"] = costs["ms a picture"] / costs.loc["Lite0", "ms a picture"]
costs.round(1)

# %% [markdown]
# VGG16 有 59<!--= costs.loc["VGG16", "MB"] --> MB，用时是 Lite0 的 5 倍以上<!--? costs.loc["VGG16", "times Lite0"] > 5 -->。Lite2 的兆字节比 Lite0 多三分之一有余<!--? 1.3 < costs.loc["Lite2", "MB"] / costs.loc["Lite0", "MB"] < 1.5 -->，看的图片也更大<!--? bases["Lite2"].input_shape[1] > bases["Lite0"].input_shape[1] -->：用时也更长<!--? costs.loc["Lite2", "times Lite0"] > 1 -->。
#
# 所以先把对你来说太慢或太大的划掉，再去下载权重。

# %% [markdown]
# ## 值多少
#
# 像第 7 课那样，特征只算一次，头用逻辑回归。在此之前，先把每一列调到同一尺度：随机网络的各列数值极小，不该让它因此吃亏。

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.features import compute_features

ends = layers.Concatenate()([block3, block6, lite0.output])
at_once = from_pixels(keras.Model(lite0.input, ends))  # three candidates, one pass
columns = compute_features(at_once, train_paths, crop=True)
widths = np.cumsum([block3.shape[1], block6.shape[1]])
cuts = np.split(columns, widths, axis=1)
features = dict(
    zip(["Lite0 to block 3", "Lite0 to block 6", "Lite0"], cuts, strict=True)
)
for name in bases:
    if name not in features:
        features[name] = compute_features(bases[name], train_paths, crop=True)
print({name: columns.shape for name, columns in features.items()})

# %% [markdown]
# **预测：** Lite0、Lite1 和 Lite2，谁答对得最多？
#
# <details><summary>Lite2：它最大，在 ImageNet 上也最好</summary>
#
# **不对。** 它在那里确实领先<!--? published["top-1 %"]["Lite2"] > published["top-1 %"]["Lite1"] > published["top-1 %"]["Lite0"] -->，但那里类别多得多。两个类别的要求没那么高，图片又这么少，显不出这样小的差别。
#
# </details>
# <details><summary>Lite0：小网络较少死记硬背</summary>
#
# **不对。** 骨干网络在这里什么都不学；而头接在谁上面，权重都一样多。
#
# </details>
# <details><summary>分不出高下</summary>
#
# **对。**<!--? np.ptp(scores[["Lite0", "Lite1", "Lite2"]].mean()) < scores[["Lite0", "Lite1", "Lite2"]].std().max() --> 几个均值之差不到一个波动。
#
# </details>

# %%
head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
divisions = StratifiedShuffleSplit(10, train_size=0.5, random_state=0)
scores = pd.DataFrame(
    {
        name: cross_val_score(head, features[name], train_labels, cv=divisions)
        for name in bases
    }
)
scores.agg(["mean", "std"]).T.round(2)

# %% [markdown]
# 每个候选遇到的都是同样的划分，所以要在划分之内比：逐次划分来看，各自领先 Lite0 多少？

# %%
ahead = scores.sub(scores["Lite0"], axis=0).drop(columns="Lite0")
ahead = ahead.agg(["mean", "std"]).T
ahead["told apart"] = ahead["mean"].abs() > ahead["std"]
ahead.round(2)

# %% [markdown]
# 在这里，如果两者之差的均值大于它的波动，就说两者**分得出高下**（told apart）<!--? (ahead["told apart"] == (ahead["mean"].abs() > ahead["std"])).all() -->。随机权重和较早的截断落在后面<!--? ahead.loc[["random", "Lite0 to block 3"], "mean"].max() < 0 and ahead.loc[["random", "Lite0 to block 3"], "told apart"].all() -->。Lite1、Lite2 和第 6 块之后的截断，与 Lite0 分不出高下<!--? not ahead.loc[["Lite0 to block 6", "Lite1", "Lite2"], "told apart"].any() -->：Lite0 在第 6 块之后的计算，在这里换不来什么。

# %% [markdown]
# 再把两种成本和换来的东西摆在一起。Lite1 和 Lite2 比 Lite0 更靠右，看兆字节如此<!--? megabytes[["Lite1", "Lite2"]].min() > megabytes["Lite0"] -->，看毫秒也如此<!--? costs.loc[["Lite1", "Lite2"], "times Lite0"].min() > 1 -->，而两者高出的都不到一个波动<!--? not ahead.loc[["Lite1", "Lite2"], "told apart"].any() -->：

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines, and with them the picture"
megabytes = weigh(bases)
measures = {"MB without the top": megabytes, "ms a picture": costs["ms a picture"]}
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
for ax, (label, measure) in zip(axes, measures.items(), strict=True):
    for number, name in enumerate(scores):
        if name in measure:
            line = {"fmt": "o", "capsize": 4, "color": f"C{number}", "label": name}
            mean, std = scores[name].mean(), scores[name].std()
            ax.errorbar(measure[name], mean, yerr=std, **line)
    ax.set(xlabel=label, ylim=(0.4, 1.02), xlim=0)
axes[0].set(ylabel="accuracy, mean and spread")
axes[0].set_title("What it is worth against what it costs")
axes[1].legend(*axes[0].get_legend_handles_labels(), loc="lower left")
worth = ", ".join(f"{name} {scores[name].mean():.2f}" for name in bases)
show(fig, f"A point for each candidate; mean accuracies: {worth}.")

# %% [markdown]
# ## 公开的榜单
#
# 有两家公布了自己提供的权重在 ImageNet 上的成绩：[Keras](https://keras.io/api/applications/) 和 [Google（EfficientNet-Lite）](https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite)。旁边放上我们测得的数，不含顶部。

# %%
published = pd.DataFrame(
    [
        ("VGG16", "Keras", 71.3, 528, 69.5),
        ("InceptionV3", "Keras", 77.9, 92, 42.2),
        ("Lite0", "Google", 75.1, 4 * 4.7, 12),
        ("Lite1", "Google", 76.7, 4 * 5.4, 18),
        ("Lite2", "Google", 77.6, 4 * 6.1, 26),
    ],
    columns=["network", "table of", "top-1 %", "MB", "ms"],
).set_index("network")
published["MB without top"] = costs["MB"]
published.round(1)

# %% [markdown]
# - **兆字节。** 榜单算上了顶部：VGG16 的 528<!--= published.loc["VGG16", "MB"] --> 里，你只留下 59<!--= published.loc["VGG16", "MB without top"] -->。
# - **毫秒。** Keras 的数，是一批 32 张图片在 92 核处理器上测的；Google 的数，是一张图片在手机上测的<!--! the makers' own notes beside their tables -->。只能在同一张表里比，出了表就不行。
# - **准确率。** 那是 ImageNet 全部类别的准确率，用的是中心裁剪。timm 等其他模型库用同样的权重，但裁剪、插值、均值都不同<!--! its settings for tf_efficientnet_lite0 -->，报出的数也就不同。至于它对你那两个类别意味着什么，你刚刚测过。

# %% [markdown]
# ## 预估
#
# 用所有候选算出所有图片的特征：候选一多，就要算上一夜。而下面三种预估，只要 20<!--= len(few) --> 张有标签的图片和片刻工夫：
#
# - **最近邻：** 在其他图片里，与它最相似的那张，标签是否相同？
# - **探针**：头用其中一部分图片来学，再拿另一部分来考，然后两边对调。
# - **LogME**：如果这些标签来自特征的*某个*加权和，再加上噪声，那么出现这样的标签，概率有多大？所有加权和都算在内，各按其似然计入，所以不必拟合哪一个，也不必测试哪一个；只剩一个数，即噪声与权重之比，从网格中选取。
#
# 手工算一遍，两个类别：

# %%
def logme(features, labels):
    n, target = len(labels), np.where(labels == 1, 1.0, -1.0)
    strengths, directions = np.linalg.eigh(features @ features.T)  # n of each
    strengths = np.maximum(strengths, 0)
    along = (directions.T @ target) ** 2
    evidence = []
    for noise in strengths.max() * np.logspace(-6, 6, 49):
        share = 1 + strengths / noise
        misfit = n * np.log((along / share).sum() / n)
        evidence.append(-(misfit + np.log(share).sum() + n * (1 + np.log(2 * np.pi))))
    return max(evidence) / (2 * n)


toy_labels = np.repeat([0, 1], 10)
useless = np.random.default_rng(0).normal(size=(20, 50))
useful = useless + toy_labels[:, None]
toys = {"useless": logme(useless, toy_labels), "useful": logme(useful, toy_labels)}
print({name: round(float(value), 2) for name, value in toys.items()})

# %% [markdown]
# 含有标签信息的特征，证据值更高<!--? toys["useful"] > toys["useless"] -->。scikit-learn 的 `BayesianRidge` 中途会算同一个量；两边一致吗？

# %%
from sklearn.linear_model import BayesianRidge

columns = StandardScaler().fit_transform(features["Lite0 to block 3"])
ridge = BayesianRidge(compute_score=True, fit_intercept=False)
ridge.fit(columns, np.where(train_labels == 1, 1.0, -1.0))
theirs = ridge.scores_[-1] / len(train_labels)
ours = logme(columns, train_labels)
print(f"by hand {ours:.2f}, scikit-learn {theirs:.2f}")

# %% [markdown]
# 有了特征和标签，三种一起算：

# %%
from sklearn.model_selection import StratifiedKFold


def forecasts(columns, labels):
    scaled = StandardScaler().fit_transform(columns)
    apart = np.linalg.norm(scaled[:, None] - scaled, axis=2)
    nearest = (apart + np.diag(np.full(len(labels), np.inf))).argmin(axis=1)
    halves = StratifiedKFold(2)
    return {
        "neighbors": (labels[nearest] == labels).mean(),
        "probe": cross_val_score(head, columns, labels, cv=halves).mean(),
        "LogME": logme(scaled, labels),
    }


# %% [markdown]
# 拿这三种预估跟真相对一对：真相就是你刚才看到的均值，来自全部 200<!--= len(train_labels) --> 张图片。测试集还是不碰。
#
# **预测：** 一次又一次抽出 20<!--= len(few) --> 张图片，让每种预估从候选中点出自己最看好的一个。与最好的相差不到两个百分点，就算好候选。有多少次能点中好候选？
#
# <details><summary>约一半：二十张图片几乎等于没有</summary>
#
# **不对。** 要在好候选之间分高下，二十张是太少。但差的都远远落在下面。
#
# </details>
# <details><summary>每次都中，而且每次是同一个</summary>
#
# **不对。** 点中的是哪一个好候选，要看抽样<!--? favorites.nunique().min() > 1 -->。
#
# </details>
# <details><summary>每次都中，但不总是同一个</summary>
#
# **对。**<!--? good.all(axis=None) and (favorites.nunique() > 1).all() -->
#
# </details>

# %%
truth = scores.mean()
draws = StratifiedShuffleSplit(10, train_size=20, random_state=0)
told = []
for draw, (few, _) in enumerate(draws.split(train_paths, train_labels)):
    for name, columns in features.items():
        found = forecasts(columns[few], train_labels[few])
        told += [(draw, which, name, value) for which, value in found.items()]
told = pd.DataFrame(told, columns=["draw", "forecast", "candidate", "value"])
told = told.pivot(index=["draw", "forecast"], columns="candidate", values="value")
told = told[list(bases)]
told.groupby("forecast").mean().round(2)

# %% [markdown]
# 预估给出的排序有多好？**秩相关**为 1，说明与真实排序相同；为 0，说明两者毫不相干。

# %%
ranks = told.T.corrwith(truth, method="spearman").unstack("forecast")
favorites = told.idxmax(axis=1).unstack("forecast")
good = favorites.replace(truth.to_dict()).astype(float) >= truth.max() - 0.02
summary = ranks.agg(["mean", "std"]).T
summary["good favorites of 10"] = good.sum()
summary["favorites"] = favorites.nunique()
of_logme = told.xs("LogME", level="forecast").mean()
summary.round(1)

# %% [markdown]
# 每次点中的都是好候选<!--? good.all(axis=None) -->，因为没希望的远远落在下面。但点中哪一个，随那二十张图片而变<!--? favorites.nunique().min() > 1 -->：它们分得清好与坏，分不清好与最好。而且排序靠后的地方可能出错：平均来看，LogME 更看好随机权重，而不是第 3 块之后的截断<!--? of_logme["random"] > of_logme["Lite0 to block 3"] -->，其实后者答对得更多<!--? truth["random"] < truth["Lite0 to block 3"] -->。
#
# ## 五行规则
#
# 1. 选训练图片与你的图片相像、训练任务是区分物体种类的网络；不要学边缘的。
# 2. 在将来运行的电脑上太慢或太大的，划掉。这一步不需要权重。
# 3. 剩下的还很多？用少量图片做预估，把没希望的划掉。
# 4. 其余的，在训练集的同样划分里比较；分不出高下的，取最轻的。
# 5. 只测试这一个，只测一次。
#
# 按这条规则：

# %%
best = truth.idxmax()
behind = scores.rsub(scores[best], axis=0).agg(["mean", "std"]).T
level = behind.index[behind["mean"] <= behind["std"]]
chosen = megabytes[level].idxmin()
print(f"best mean: {best}; level with it: {', '.join(level)}; the lightest: {chosen}")

test_features = compute_features(bases[chosen], test_paths, crop=True)
head.fit(features[chosen], train_labels)
tested = head.score(test_features, test_labels)
print(f"on {len(test_labels)} test pictures, once: {tested:.2f}")

# %% [markdown]
# 规则选中了在第 6 块之后截断的 Lite0<!--? chosen == "Lite0 to block 6" -->：省下 30%<!--= 1 - megabytes[chosen] / megabytes["Lite0"] --> 的兆字节。测试集没有参与任何选择；在它上面，十张里答对九张以上<!--? tested > 0.9 -->。

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=9
assert toys["useful"] > toys["useless"] + 0.05
assert abs(ours - theirs) < 0.01
assert costs.loc["VGG16", "times Lite0"] > costs.loc["InceptionV3", "times Lite0"]
assert costs.loc["InceptionV3", "MB"] > costs.loc["VGG16", "MB"]
assert scores["Lite0"].mean() > scores["Lite0 to block 3"].mean() + 0.1
assert scores["Lite0 to block 3"].mean() > scores["random"].mean()
assert ranks.mean().min() > 0.5
assert truth[chosen] > truth.max() - 0.02
assert tested > 0.9
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **用了别家的预处理。** 症状：大家都夸的骨干网络，成绩很差，也不报错。原因：每个系列都有自己的像素尺度。VGG16 要的是颜色换过次序、减去均值的像素；把这样的像素交给 Lite0，看看会怎样：

# %%
inputs = keras.Input((224, 224, 3))
misled = keras.Model(inputs, lite0(keras.applications.vgg16.preprocess_input(inputs)))
poor = compute_features(misled, train_paths, crop=True)
misled_scores = cross_val_score(head, poor, train_labels, cv=divisions)
print(f"{misled_scores.mean():.2f} instead of {scores['Lite0'].mean():.2f}")

# %% [markdown]
# 丢掉的不止一个波动<!--? scores["Lite0"].mean() - misled_scores.mean() > scores["Lite0"].std() -->。对策：用同一系列的预处理，作为一层放进基础模型。
#
# **路径走不通。** 症状：

# %%
try:
    keras.applications.InceptionV3(include_top=False, weights="inception_v3.h5")
except ValueError as error:
    message = " ".join(str(error).split())
    print(f"ValueError: {message[:88]} …")

# %% [markdown]
# 它要的是 `the path to the weights file to be loaded`<!--= message -->，却不说没有这个文件。原因：路径要从笔记本所在的文件夹算起。对策：`Path(weights_file).resolve()` 会显示 Keras 到哪里去找。
#
# **让测试集来选。** 症状：选中的骨干网络，到了新图片上令人失望。原因：从许多分数里挑出来的最高分，有一部分是运气。对策：规则的最后两行。

# %% [markdown]
# ## 你看到了什么
#
# - VGG16 比 InceptionV3 轻，用时却更长<!--? costs.loc["VGG16", "MB"] < costs.loc["InceptionV3", "MB"] and costs.loc["VGG16", "times Lite0"] > costs.loc["InceptionV3", "times Lite0"] -->：在拿到权重之前，两样都要测。
# - 在 200<!--= len(train_labels) --> 张绘制的宠物上，Lite0、Lite1 和 Lite2 分不出高下<!--? not ahead.loc[["Lite1", "Lite2"], "told apart"].any() -->，去掉末端的 Lite0 与它们持平<!--? "Lite0 to block 6" in level -->。图片更多或更难时，也许分得出<!--! none were tried here -->。
# - 任务对路、学边缘、什么都没学：图片同样大小时，最好的头分别答对 92%<!--= ladder.loc["Lite0 at 96", "ImageNet"] -->、83%<!--= ladder["edges"].max() --> 和 61%<!--= ladder["nothing"].max() -->。
# - 凭 20<!--= len(few) --> 张图片做的预估，每次抽样都点中了好候选<!--? good.all(axis=None) -->，但并不总是同一个<!--? favorites.nunique().min() > 1 -->。

# %%
from helpers.ties import compare_text

compare_text("09_choose_a_backbone", globals())

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
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.backbones import EfficientNetLite0
from helpers.features import compute_features
from helpers.picture_sets import open_pictures

pictures = open_pictures("drawn")
train_paths, train_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
print(len(train_paths), "pictures to learn from")

# %% [markdown] tags=["exercise-setup"]
# Lite0 在每一块之后的特征图，池化之后，一趟全部得到：`depths` 存着各层的列。

# %% tags=["exercise-setup"]
lite0 = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3))
cuts = ["block1a_project_bn", "block2b_add", "block3b_add", "block4c_add"]
cuts += ["block5c_add", "block6d_add", "top_activation"]
maps = keras.Model(lite0.input, [lite0.get_layer(cut).output for cut in cuts])
inputs = keras.Input((224, 224, 3))
means = [
    layers.GlobalAveragePooling2D()(depth)
    for depth in maps(layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
]
base = keras.Model(inputs, layers.Concatenate()(means))
columns = compute_features(base, train_paths, crop=True)
ends = np.cumsum([mean.shape[-1] for mean in means])
depths = dict(zip(cuts, np.split(columns, ends[:-1], axis=1), strict=True))
head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
divisions = StratifiedShuffleSplit(10, train_size=0.5, random_state=0)
print({cut: depth.shape[1] for cut, depth in depths.items()})

# %% [markdown] tags=["exercise"]
# ## 9.1 · 能截多早就截多早
#
# 找出最早的这样一层：在它之后接头，与接在整个网络（`"top_activation"`）之后相比，少答对的不超过一个波动。只改一行，改多少次都行。

# %% tags=["exercise-gap"]
cut = "block2b_add"  # change this line
for name in (cut, "top_activation"):
    scores = cross_val_score(head, depths[name], train_labels, cv=divisions)
    print(f"{name}: {scores.mean():.3f} ± {scores.std():.3f}")

# %% [markdown] tags=["exercise-hint"]
# `cuts` 从早到晚列出各层。从中间试起。

# %% tags=["exercise-solution"]
cut = "block6d_add"
for name in (cut, "top_activation"):
    scores = cross_val_score(head, depths[name], train_labels, cv=divisions)
    print(f"{name}: {scores.mean():.3f} ± {scores.std():.3f}")

# %% tags=["exercise-solution"]
by_depth = pd.Series(
    {
        name: cross_val_score(head, columns, train_labels, cv=divisions).mean()
        for name, columns in depths.items()
    }
)
by_depth.round(2)

# %% [markdown] tags=["exercise-solution"]
# 一块一块往后，头答对得越来越多<!--? by_depth.iloc[:6].is_monotonic_increasing -->，直到第 6 块；再往后，增加的不到一个波动<!--? abs(by_depth["top_activation"] - by_depth["block6d_add"]) < scores.std() -->。

# %% [markdown] tags=["exercise"]
# ## 9.2 · 分得出高下吗？
#
# 整个网络 `"top_activation"` 在十次划分的每一次里，各领先 `"block3b_add"` 多少？把十个差放进 `ahead`，再把“差的均值是否大于差的波动”放进 `told_apart`。

# %% tags=["exercise-gap"]
ahead = ...  # ten differences
told_apart = ...  # True or False

# %% [markdown] tags=["exercise-hint"]
# `cross_val_score(head, depths[name], train_labels, cv=divisions)` 给出十个准确率，每次用的都是同样的划分。

# %% [markdown] tags=["exercise-hint"]
# 数组可以按位置逐个相减；剩下的交给 `ahead.mean()` 和 `ahead.std()`。

# %% tags=["exercise-solution"]
whole, early = (
    cross_val_score(head, depths[name], train_labels, cv=divisions)
    for name in ("top_activation", "block3b_add")
)
ahead = whole - early
told_apart = bool(abs(ahead.mean()) > ahead.std())
print(f"{ahead.mean():.2f} ± {ahead.std():.2f}: told apart: {told_apart}")

# %% [markdown] tags=["exercise-solution"]
# 领先约 31<!--= 100 * ahead.mean(), 3 --> 个百分点，是波动的好几倍<!--? ahead.mean() > 2 * ahead.std() -->。

# %% [markdown] tags=["exercise"]
# ## 9.3 · 把规则写成函数
#
# 写出 `choose(scores, megabytes, budget)`。`scores` 是一张表：每个候选一列，每次划分一行。`megabytes` 说明每个候选有多重，`budget` 说明最多能有多重。在不超重的候选中，找出均值最好的那个；如果（最好的减去某候选）在各次划分上的均值，不大于这些差的波动，这个候选就与最好的持平。返回持平者中最轻的那个的名字。

# %% tags=["exercise-gap"]
def choose(scores, megabytes, budget):
    return ...  # a name


# %% [markdown] tags=["exercise-hint"]
# `megabytes.index[megabytes <= budget]` 是不超重的名字；`scores[names]` 是它们的列。

# %% [markdown] tags=["exercise-hint"]
# `scores.mean().idxmax()` 是均值最好的名字。对每个名字，`scores[best] - scores[name]` 是一列差。

# %% tags=["exercise-solution"]
def choose(scores, megabytes, budget):
    fitting = scores[megabytes.index[megabytes <= budget]]
    best = fitting.mean().idxmax()
    behind = fitting.rsub(fitting[best], axis=0)
    level = behind.columns[behind.mean() <= behind.std()]
    return megabytes[level].idxmin()


# %% tags=["exercise-solution"]
table = pd.DataFrame(
    {
        name: cross_val_score(head, columns, train_labels, cv=divisions)
        for name, columns in depths.items()
    }
)
megabytes = pd.Series(
    {
        name: 4 * keras.Model(lite0.input, lite0.get_layer(name).output).count_params()
        for name in depths
    }
)
megabytes /= 1e6
picked = {budget: choose(table, megabytes, budget) for budget in (14, 5, 1)}
print(megabytes.round(1).to_dict())
print(picked)

# %% [markdown] tags=["exercise-solution"]
# 有 14 MB 可用时，规则选中在第 6 块之后结束的网络<!--? picked[14] == "block6d_add" -->；只有 5 MB 或 1 MB 时，就只好把它截得更短<!--? picked[14] != picked[5] != picked[1] -->。

# %% [markdown]
# ## 接着学
#
# - [LogME](https://arxiv.org/abs/2102.11005)，作者 You 等人：第三种预估就出自这里，文中的候选有几十个。
# - 照片准确率的[表格](../benchmarks/results/accuracy_photographs.md)：图片更多时，Lite2 领先多少。
# - [Keras Applications](https://keras.io/api/applications/)：骨干网络，连同各自的预处理函数。
