# %% [markdown]
# # 8 · 微调，以及何时不微调
#
# 第 4 课解冻了基础模型，却看不出有什么收获。这一课，你用两种做法让网络的大半都来学习<!--? share > 0.5 -->，再问一问：遇到与你的图片相像的图片，它得到什么；遇到别的图片，它失去什么；它又遗忘了什么。

# %% [markdown]
# ## 你会学到什么
#
# - **找到**合适的学习率：做一次简短的扫描，再加上预热。
# - **比较**探针、微调，以及先探针后微调，既在与训练图片相像的图片上比，也在发生了偏移的图片上比。
# - 给每组层**设定**各自的学习率。
# - **测量**网络遗忘了什么。

# %% [markdown]
# ## 需要准备什么
#
# 第 4 课（冻结的层、批量归一化）和第 7 课（特征、交叉验证）。在两个 CPU 核上计算约三分钟，不用联网。

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
from matplotlib import pyplot as plt

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.figures import learning_curve_axes, picture_grid, show
from helpers.picture_sets import open_pictures
from helpers.pictures import at_night, in_pencil, read_picture

pictures = open_pictures("drawn")  # or "photos"
train_paths, labels = pictures.training_set()  # 0 is a cat, 1 is a dog
test_paths, true = (part[::2] for part in pictures.test_set())
print(len(train_paths), "pictures to learn from,", len(test_paths), "to test with")

# %% [markdown]
# ## 基本想法
#
# *探针*就是冻结的基础模型上的一个头：眼睛保持原样，只有眼睛之上的判断在学习。微调让眼睛也学，所以能更贴合你的图片<!--? (toy["everything"].loc["inside"] < toy["probe"].loc["inside"]).all() -->。但新的头随机起步，误差很大；凡是你的图片涉及的地方，眼睛都迁就这些误差，走了样。你的图片没有涉及的地方还是原样，却跟头不再合拍。
#
# Kumar 等人在十种偏移上测量过这件事，有照片，也有素描<!--! arXiv 2202.10054, its abstract and section 4 -->。与探针相比，一上来就全部微调，在与训练图片相像的图片上高出两个百分点，在偏移的图片上低了七个<!--! arXiv 2202.10054, its abstract -->。他们的对策：先训练探针，再从那里开始微调。

# %% [markdown]
# ## 先看一个小例子
#
# 两个线性层就能演示：`eyes` 把十二个数变成三个，`head` 再把三个变成一个。旧眼睛有一点偏差。训练时，十二个数里有六个始终为零；到了分布外，轮到另外六个为零<!--? n_seen == 6 and n_numbers == 12 -->。

# %%
n_numbers, n_seen = 12, 6


def make_world(seed):
    rng = np.random.default_rng(seed)
    true_eyes, _ = np.linalg.qr(rng.normal(size=(n_numbers, 3)))
    target = true_eyes @ rng.normal(size=3)
    old_eyes = true_eyes + rng.normal(0, 0.05, true_eyes.shape)
    x = rng.normal(size=(60, n_numbers)) * (np.arange(n_numbers) < n_seen)
    return target, old_eyes, rng.normal(size=3), x


# %%
def descend(eyes, head, x, y, eyes_learn=True):
    eyes, head = eyes.copy(), head.copy()
    for _ in range(4000):
        slope = x.T @ (x @ eyes @ head - y) / len(x)
        step = np.outer(slope, head)
        head -= 0.05 * eyes.T @ slope
        eyes -= 0.05 * step * eyes_learn
    return eyes, head


# %%
def errors(target, eyes, head):  # squared, of a number of unit spread in each place
    wrong = (eyes @ head - target) ** 2
    return {"inside": wrong[:n_seen].sum(), "outside": wrong[n_seen:].sum()}


# %%
toy = {"probe": [], "everything": [], "probe first": []}
for seed in range(8):
    target, old_eyes, new_head, x = make_world(seed)
    probe = descend(old_eyes, new_head, x, x @ target, eyes_learn=False)
    ways = [probe, descend(old_eyes, new_head, x, x @ target)]
    ways.append(descend(old_eyes, probe[1], x, x @ target))
    for way, found in zip(toy, ways, strict=True):
        toy[way].append(errors(target, *found))
toy = {way: pd.DataFrame(found).T for way, found in toy.items()}  # a column a world
pd.DataFrame({way: found.median(axis=1) for way, found in toy.items()}).round(3)

# %% [markdown]
# 在八个世界里，个个如此<!--? toy["probe"].shape[1] == 8 -->：分布内（inside），微调领先探针<!--? (toy["everything"].loc["inside"] < toy["probe"].loc["inside"]).all() -->；分布外（outside），微调落后于探针<!--? (toy["everything"].loc["outside"] > toy["probe"].loc["outside"]).all() -->。如果从探针的头起步，分布内照样领先<!--? (toy["probe first"].loc["inside"] < toy["probe"].loc["inside"]).all() -->，分布外的误差只增加一点点<!--? (toy["probe first"].loc["outside"] < 1.2 * toy["probe"].loc["outside"]).all() -->。这正是论文的结论。换成真正的网络，还成立吗？

# %% [markdown]
# ## 分布内与分布外
#
# 有了绘制的宠物和几行 NumPy，偏移是什么，你一清二楚：还是那些测试图片，只是换到月光下，或者改用铅笔来画。这些图片从不用来训练。

# %%
SIZE = (96, 96)  # small: today the network learns


def read(paths):
    return np.stack([read_picture(path, SIZE, crop=True) for path in paths])


day = read(test_paths)
tests = {"inside": day, "night": at_night(day, seed=0), "pencil": in_pencil(day)}
shown = [pixels[n] for n in (0, -1) for pixels in tests.values()]
fig = picture_grid(shown, 2 * list(tests))
show(fig, f"A cat and a dog in {len(tests)} ways: {', '.join(tests)}.")

# %% [markdown]
# ## 让上半部分学习
#
# 为了让每次训练只用几秒，网络在 `block5c_add` 层之后截断。下半部分保持冻结，所以它的特征图只算一次，就像第 7 课的特征。大部分权重在上半部分<!--? share > 0.5 -->。批量归一化保持不动（第 4 课）。

# %%
base = EfficientNetLite0(include_top=False, input_shape=(*SIZE, 3))
cut = base.get_layer("block5c_add").output
below = keras.Model(base.input, cut)
above = keras.Model(cut, base.output)
normalizing = [la for la in above.layers if isinstance(la, layers.BatchNormalization)]
for layer in normalizing:
    layer.trainable = False
share = above.count_params() / base.count_params()


def maps_of(pixels):
    inputs = preprocess_input(pixels.astype("float32"))
    return below.predict(inputs, batch_size=50, verbose=0)


maps = maps_of(read(train_paths))
test_maps = {kind: maps_of(pixels) for kind, pixels in tests.items()}
print(f"{share:.0%} of the weights lie above; maps of {maps.shape[1:]}")

# %%
inputs = keras.Input(cut.shape[1:])
pooled = layers.GlobalAveragePooling2D()(above(inputs))
eyes = keras.Model(inputs, pooled)  # from maps to features
head = layers.Dense(2, activation="softmax")
model = keras.Model(inputs, head(pooled))
model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
model.optimizer.build(model.trainable_variables)
imagenet, new_head = above.get_weights(), head.get_weights()
print(len(model.trainable_variables), "arrays learn")

# %% [markdown]
# 你抽出 100<!--= len(learn) --> 张图片供网络学习；训练集的其余部分留出来，用来做选择。探针是逻辑回归，与第 7 课相同。

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit

from helpers.heads import head_from_regression

divisions = StratifiedShuffleSplit(1, train_size=100, random_state=0)
learn, held_out = next(divisions.split(maps, labels))
features = eyes.predict(maps[learn], verbose=0)
regression = LogisticRegression(max_iter=2000).fit(features, labels[learn])
probe = head_from_regression(regression).get_weights()

# %% [markdown]
# ## 定学习率，慢慢起步
#
# 该学多快？试几个学习率，逐个相差十倍<!--? np.allclose(np.diff(np.log10(rates)), 1) -->，各训练三个周期，都用同一个新的头，再看留出图片上的损失。扫描这么短，藏着一个陷阱。Adam 会把每一步除以梯度平时的大小，可在最初几步，它还无从知道平时是多大。所以先来一段**预热**：在全部步数的前五分之一里，学习率从接近零升到峰值，然后再降下来。

# %%
class WarmUp(keras.callbacks.Callback):
    def __init__(self, peak, steps, warm):
        super().__init__()
        self.peak, self.steps, self.warm, self.step = peak, steps, warm, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.step += 1
        rise = self.step / self.warm
        fall = (self.steps + 1 - self.step) / (self.steps + 1 - self.warm)
        self.model.optimizer.learning_rate = self.peak * min(rise, fall)


# %%
def train(start, peak, epochs, warm=0.2):
    keras.utils.set_random_seed(0)
    above.set_weights(imagenet)
    head.set_weights(start)
    for variable in model.optimizer.variables:  # as if compiled anew
        variable.assign(keras.ops.zeros_like(variable))
    steps = epochs * -(-len(learn) // 20)  # the last batch may be smaller
    schedule = WarmUp(peak, steps, max(1, round(warm * steps)))
    settings = {"batch_size": 20, "epochs": epochs, "verbose": 0}
    past = model.fit(maps[learn], labels[learn], callbacks=[schedule], **settings)
    return past.history["loss"][-1]


# %% [markdown]
# **预测：** 没有预热，学习率 0.001<!--= rates[1] --> 会怎样？它正是 Keras 里 Adam 的默认值。
#
# <details><summary>学得最快：三个周期很短</summary>
#
# **不对。** 它的步子大，可那是另一回事：迈得太大的一步，还得退回来。
#
# </details>
# <details><summary>与有预热时一样：少数几步没什么影响</summary>
#
# **不对。** 那是最初的几步，这时网络所知道的，全在预训练的权重里。
#
# </details>
# <details><summary>它最后的损失比有预热时高</summary>
#
# **对。**<!--? sweep.loc[1e-3, "at once"] > sweep.loc[1e-3, "warm-up"] -->
#
# </details>

# %%
rates = [1e-4, 1e-3, 1e-2]
toss = 1 / 2  # how probable a coin finds each answer
rows = np.arange(len(held_out))


def loss_of(start, peak, **settings):
    train(start, peak, epochs=3, **settings)
    answers = model.predict(maps[held_out], verbose=0)
    return -np.log(answers[rows, labels[held_out]].clip(1e-7)).mean()


# %% tags=["nbval-ignore-output"] reason="every weight of the network learns here; the text holds what may be said"
sweep = pd.DataFrame(
    {
        way: [loss_of(start, rate, warm=warm) for rate in rates]
        for way, start, warm in (
            ("warm-up", new_head, 0.2),
            ("at once", new_head, 0),
            ("from the probe", probe, 0.2),
        )
    },
    index=rates,
)
RATES = {
    "everything": float(sweep["warm-up"].idxmin()),
    "probe first": float(sweep["from the probe"].idxmin()),
}
sweep.round(2)

# %% [markdown]
# 顺着第一列往下看：学习率太低，三个周期之后还没学到多少；太高，就丢掉了 ImageNet 的知识，不比抛硬币强<!--? sweep.loc[1e-2].min() > 0.6 -->，而抛硬币的损失约为 0.69<!--= -np.log(toss), 0.01 -->。有了预热，两个可用的学习率最后的损失都更低<!--? (sweep.loc[[1e-4, 1e-3], "warm-up"] < sweep.loc[[1e-4, 1e-3], "at once"]).all() -->；这只是一次抽样的结果，算不上规律。从探针的头出发，学习率取它的十分之一更好<!--? RATES["probe first"] == RATES["everything"] / 10 -->：出发点离目标近，步子就要小。
#
# ## 三种做法
#
# 三种做法学的是同样的图片，考的也是同样的图片：*探针*（probe）；*全部一起*（everything），带着新的头，一上来就全学；*先探针*（probe first），再全部学。每种做法都用自己那一列选出的学习率。10<!--= EPOCHS --> 个周期之后，后两种都几乎没什么可学的了<!--? max(last_loss.values()) < 0.1 -->。
#
# 字母留到后面用：它们跟宠物毫不相干。

# %%
from helpers.toys import draw_letters

letters, names = draw_letters("ABCDEFGHIJ", per_letter=20, seed=0)
large = np.repeat(np.repeat(255 * letters, 5, axis=1), 5, axis=2)[:, 2:98, 2:98]
letter_maps = maps_of(np.repeat(large.clip(0, 255), 3, axis=-1))

# %%
results, kept = {}, {}


def ask(way):
    results[way] = {}
    for kind, given in test_maps.items():
        answers = model.predict(given, verbose=0).argmax(axis=-1)
        results[way][kind] = (answers == true).mean()


def keep(way):  # for what it forgets
    known = (test_maps["inside"], letter_maps)
    kept[way] = [eyes.predict(each, verbose=0) for each in known]


# %%
EPOCHS, last_loss = 10, {}
above.set_weights(imagenet)
head.set_weights(probe)
ask("probe")
keep("probe")
for way, start in (("everything", new_head), ("probe first", probe)):
    last_loss[way] = train(start, RATES[way], EPOCHS)
    ask(way)
    keep(way)

# %% tags=["nbval-ignore-output"] reason="every weight of the network learns here; the text holds what may be said"
pd.DataFrame(results).T.round(2)

# %% [markdown]
# 这是一次抽样，测试图片有 200<!--= len(true) --> 张：这样的比例，误差有两三个百分点<!--? 0.015 < np.sqrt(0.94 * 0.06 / len(true)) and np.sqrt(0.75 * 0.25 / len(true)) < 0.035 -->（第 6 课）。换一次抽样，结果又不一样。
#
# ## 五次抽样
#
# 所以，我们的基准测试抽样五次，用三个学习率<!--? fifty.index.get_level_values("rate").nunique() == 3 -->，做了同样的事，既有[绘制的宠物](../benchmarks/results/fine_tuning_drawn.md)，也有[照片](../benchmarks/results/fine_tuning_photographs.md)。探针和每种做法都从同一次抽样中学习，各种做法领先探针多少个百分点？
#
# **预测：** 在夜里和铅笔画上，两种做法中，谁在各次抽样之间差别更大？
#
# <details><summary>都一样：两者学的是同样的图片</summary>
#
# **不对。** 图片相同，出发点却不同。
#
# </details>
# <details><summary>先探针：它学两次，运气也就掺进来两次</summary>
#
# **不对。** 探针本身不靠运气：答案只有一个，它找得到。
#
# </details>
# <details><summary>全部一起</summary>
#
# **对。**<!--? (drawn.loc["everything", spreads[1:]] > 2 * drawn.loc["probe first", spreads[1:]]).all() --> 在绘制的宠物上，两处都是另一种的两倍多。
#
# </details>

# %%
from helpers.measured import measured_table

sets = ["drawn", "photographs"]
record = pd.concat({kind: measured_table(f"fine_tuning_{kind}") for kind in sets})
record.index.names = ["pictures", "way"]
upper = record[record["learns"] == "upper part"].set_index("rate", append=True)
fifty = upper[upper["a class"] == 50]
chosen = fifty["held-out loss"].groupby(level=["pictures", "way"]).idxmin()
own = fifty.loc[chosen].droplevel("rate")
drawn, photographs = (own.loc[kind] for kind in sets)
against = "probe first, against everything"  # each at its own rate

# %%
ways = ["everything", "probe first"]
fig, axes = plt.subplots(2, 3, figsize=(7, 4.4), sharex=True, sharey="row")
for kind, line in zip(sets, axes, strict=True):
    for place, ax in zip(tests, line, strict=True):
        for way, mark in zip(ways, "os", strict=True):
            rows = fifty.loc[kind, way]
            points = rows[f"{place} ahead"], rows[f"{place} spread"]
            ax.errorbar(rows.index, *points, fmt=f"{mark}-", capsize=3, label=way)
        ax.axhline(0, color="#444444", linestyle=":")
        ax.set(xscale="log", title=f"{kind}, {place}")
axes[0, 0].legend(fontsize=8)
fig.supxlabel("learning rate")
fig.supylabel("points ahead of the probe")
told = ", ".join(f"{drawn.loc['probe first', f'{p} ahead']:.0f}" for p in tests)
show(fig, f"Six panels; probe first at its own rate, drawn, is ahead by {told}.")

# %%
numbers = ("ahead", "spread", "least")
columns = [f"{place} {what}" for place in tests for what in numbers]
spreads = [f"{place} spread" for place in tests]
own[columns].round(1)

# %% [markdown]
# - **在照片上，除了分布内，结果偏向论文所说的。** *全部一起*在三处都落后于探针，用哪个学习率都一样<!--? (fifty.loc[("photographs", "everything"), leads] < 0).all(axis=None) -->。用它自己的学习率，落后不到一个波动<!--? (photographs.loc["everything", leads].abs().to_numpy() < photographs.loc["everything", spreads].to_numpy()).all() -->；用最高的学习率，在夜里丢掉约 6<!--= -dark["ahead"], 0.6, 0 --> 个百分点，这就超过了一个波动<!--? -dark["ahead"] > dark["spread"] -->。
# - **在绘制的宠物上则不然。** 平均来看，*全部一起*领先<!--? (drawn.loc["everything", leads] > 0).all() -->。但它在那里能得到多少，要看运气：最差的一次抽样，在铅笔画上丢掉了 11<!--= -drawn.loc["everything", "pencil least"] --> 个百分点。
# - **对策在夜里管用。** 在照片上，*先探针*在夜里每次抽样都领先*全部一起*<!--? photographs.loc[against, "night least"] > 0 -->，平均领先约 7<!--= photographs.loc[against, "night ahead"], 0.6, 0 --> 个百分点；在绘制的宠物上，两者分不出高下<!--? (drawn.loc[against, leads].abs().to_numpy() < drawn.loc[against, spreads].to_numpy()).all() -->。与探针相比，*先探针*在夜里每次抽样都领先，两套图片都是如此<!--? min(drawn.loc["probe first", "night least"], photographs.loc["probe first", "night least"]) > 0 -->。
# - **分布内的收获不大。** 在绘制的宠物上约 2<!--= drawn.loc["probe first", "inside ahead"], 0.4, 0 --> 个百分点；在照片上分不出高下<!--? photographs.loc["probe first", "inside ahead"] < photographs.loc["probe first", "inside spread"] -->。

# %%
leads = [f"{place} ahead" for place in tests]
fastest = fifty.xs(1e-3, level="rate").loc["photographs"]
dark = {what: fastest.loc["everything", f"night {what}"] for what in numbers}
too_fast = fastest.loc["probe first", "inside ahead"]
probes = record[record["a class"] == 50].xs("probe", level="way")["held-out loss"]
print("held-out loss of the probe:", probes.to_dict())

# %% [markdown]
# 学习率也要紧。从探针起步，用最高的学习率，照片连*分布内*都丢掉约 6<!--= -too_fast, 0.6, 0 --> 个百分点<!--? too_fast < photographs.loc["probe first", "inside ahead"] - 5 -->。还有一句提醒：要是按留出图片的*损失*来选，两套图片上选中的都会是探针<!--? (probes < own["held-out loss"].groupby(level=0).min()).all() -->，而夜间领先的，两套上都是*先探针*<!--? min(drawn.loc["probe first", "night least"], photographs.loc["probe first", "night least"]) > 0 -->。损失还要看答案有多大把握（第 11 课）。

# %% [markdown]
# ## 多少张图片才值得？
#
# 基准测试用绘制的宠物接着做下去：*先探针*，用它自己的学习率，从每类十张到两百张<!--? curve.index.tolist() == [10, 25, 50, 100, 200] -->。
#
# **预测：** 图片越来越多，它在分布内的领先会怎样？
#
# <details><summary>更大：整个网络需要许多图片，头只要几张</summary>
#
# **不对。** 通常的建议是这么说的。但图片多了，探针也会变好<!--? by_number["inside"].is_monotonic_increasing -->；它已经答对的，别的做法也就没有可多得的了。
#
# </details>
# <details><summary>不变：每张图片对两者的帮助一样大</summary>
#
# **不对。** 领先的部分来自探针的错误，而错误越来越少<!--? by_number["inside"].is_monotonic_increasing -->。
#
# </details>
# <details><summary>变小</summary>
#
# **对。**<!--? curve["inside ahead"].iloc[-1] < curve["inside ahead"].iloc[0] / 2 --> 从约 2<!--= curve["inside ahead"].iloc[0], 0.4, 0 --> 个百分点，降到分不出高下。
#
# </details>

# %%
curve = upper.loc[[("drawn", "probe first", RATES["probe first"])]]
curve = curve.set_index("a class").sort_index()
fig, ax = learning_curve_axes(curve.index.tolist())
for place, mark in zip(("inside", "night"), "os", strict=True):
    points = curve[f"{place} ahead"], curve[f"{place} spread"]
    ax.errorbar(curve.index, *points, fmt=f"{mark}-", capsize=4, label=place)
ax.axhline(0, color="#444444", linestyle=":")
ax.set_ylabel("points ahead of the probe")
ax.set_title("Drawn pets: probe first gains most from few pictures")
ax.legend()
told = ", ".join(f"{lead:.1f}" for lead in curve["inside ahead"])
show(fig, f"Points ahead inside, from 10 pictures of a class on: {told}.")

# %% [markdown]
# 每类两百张时，探针自己就答对约 96%<!--= probe_inside, 0.01, 0.5 -->，分布内已分不出高下<!--? abs(curve["inside ahead"].iloc[-1]) < curve["inside spread"].iloc[-1] -->。在夜里，无论图片多少，*先探针*领先都超过一个波动<!--? (curve["night ahead"] > curve["night spread"]).all() -->。所以，先问将来拿什么图片问它，再问你有多少图片。

# %%
by_number = record.loc["drawn"].loc["probe"].set_index("a class")
probe_inside = by_number["inside"].iloc[-1] / 100
by_number[list(tests)]

# %% [markdown]
# 在铅笔画上，白天的图片再多，很快也帮不上忙：从每类五十张起，探针在那里不再变好，在分布内却还在变好<!--? by_number["pencil"].loc[50:].idxmax() == 50 and by_number["inside"].loc[50:].is_monotonic_increasing -->。头也会学到只在分布内成立的东西。
#
# ## 每组层一个学习率
#
# 靠前的层看的是所有图片共有的东西，靠后的层看的是 ImageNet 要求的东西。所以，人们让靠前的层学得慢一些<!--! what people do; measured below -->。把它们的梯度按比例缩小，什么用也没有：Adam 会除以梯度平时的大小。要缩小的是*步子*：

# %%
SHARES = {"block6": 0.1, "block7": 0.3}  # of the rate; the top and the head get all


class ByGroup(keras.optimizers.Adam):
    def update_step(self, gradient, variable, learning_rate):
        shares = [share for part, share in SHARES.items() if part in variable.name]
        super().update_step(gradient, variable, (shares or [1])[0] * learning_rate)


model.compile(ByGroup(), "sparse_categorical_crossentropy")
model.optimizer.build(model.trainable_variables)
train(probe, RATES["probe first"], EPOCHS)
moved = [abs(a - b).max() for a, b in zip(above.get_weights(), imagenet, strict=True)]
ask("by group")

# %% [markdown]
# 为此，Keras 从 3.15 版起提供 `MultiOptimizer`，每组层配一个优化器。它走的步子与这里一样<!--! test_one_optimizer_a_group_steps_as_the_shares_of_lesson_8_do compares them -->。
#
# ## 批量归一化：不动还是动？
#
# 到目前为止，它一直不动。现在让它的统计量动起来，缩放和平移也来学习：

# %%
for layer in normalizing:
    layer.trainable = True
model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
model.optimizer.build(model.trainable_variables)
train(probe, RATES["probe first"], EPOCHS)
ask("moving")

# %% [markdown]
# 上面两样都只抽样一次。基准测试抽样五次，用的还是绘制的宠物；它的学习率，是在不分组时选的<!--! as the note above its table says -->。
#
# **预测：** 学习率分组之后，*先探针*在夜里的领先会怎样？
#
# <details><summary>更大：靠前的层是通用的，应当保持原样</summary>
#
# **不对。** 分组用学习率，通常说的就是这个理由。在这里，前面的层放慢之后，领先少了一部分<!--? changed["night ahead"].iloc[0] < drawn.loc["probe first", "night ahead"] -->。
#
# </details>
# <details><summary>不变：有了 Adam，每一层最后都能走到位</summary>
#
# **不对。** 50<!--= remembered --> 步走不到位。
#
# </details>
# <details><summary>大约剩一半</summary>
#
# **对。**<!--? 0.3 < changed["night ahead"].iloc[0] / drawn.loc["probe first", "night ahead"] < 0.7 --> 而且各次抽样之间的差别也更小<!--? (changed[spreads].iloc[0] < drawn.loc["probe first", spreads]).all() -->。
#
# </details>

# %%
changed = record.loc["drawn"].set_index("learns")[columns]
changed = changed.loc[["upper part, by group", "upper part, moving"]]
pd.concat([drawn.loc[["probe first"], columns], changed]).round(1)

# %% [markdown]
# - **分组。** 每一处的收获都更少<!--? (changed[leads].iloc[0] < drawn.loc["probe first", leads]).all() -->：步子小，就离探针不远。
# - **动起来。** 分布内分不出高下<!--? abs(changed["inside ahead"].iloc[1]) < changed["inside spread"].iloc[1] -->。在夜里，*先探针*本来领先探针，现在却落后，而且超过一个波动<!--? -changed["night ahead"].iloc[1] > changed["night spread"].iloc[1] -->。
#
# 所以，让批量归一化动起来，害处偏偏出在你没有图片可供检验的地方：与训练集相像的测试集，是看不出来的。

# %% [markdown]
# ## 它遗忘了什么
#
# 眼睛原是 ImageNet 的，除了宠物，还认得许多别的东西。其中丢掉了的，就叫**遗忘**。用两个问题来测量。把 ImageNet 自己的顶部装回眼睛上：它给出的名字，有多少还和从前一样？再让它认字母，一共十个<!--? len(set(names)) == 10 -->，每个都看特征空间里的最近邻是谁。

# %%
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

top, bias = EfficientNetLite0(include_top=True).layers[-1].get_weights()
before = kept["probe"][0] @ top + bias
reader = KNeighborsClassifier(n_neighbors=1)

# %% tags=["nbval-ignore-output"] reason="a picture or two lie on the border; the text holds what may be said"
memory = {}
for way, (pets, characters) in kept.items():
    same = (pets @ top + bias).argmax(axis=1) == before.argmax(axis=1)
    read_right = cross_val_score(reader, characters, names, cv=5).mean()
    memory[way] = {"the same name": same.mean(), "letters read": read_right}
memory = pd.DataFrame(memory).T
memory.round(2)

# %% [markdown]
# *全部一起*学习率高，只有不到三分之一的图片还得到旧名字<!--? memory.loc["everything", "the same name"] < 1 / 3 -->。*先探针*的学习率只有它的十分之一，留下的更多<!--? memory.loc["probe first", "the same name"] > memory.loc["everything", "the same name"] + 0.2 -->。字母，在这样的小图片上本来就认不好<!--? memory.loc["probe", "letters read"] < 0.5 -->，现在认得几乎和原来一样<!--? (memory["letters read"] > memory.loc["probe", "letters read"] - 0.15).all() -->：失去了什么，要看你问的是什么。

# %% [markdown]
# > **少学，少忘。** 有两种方法只训练少量的数，其余的权重都不动。[**LoRA**](https://arxiv.org/abs/2106.09685) 给冻结的核加上两个瘦长矩阵的乘积，只训练这两个矩阵：如果全连接层的输入和输出都是 1280<!--= n_features --> 个数，秩取四，要训练的数就只有 1/160<!--? 2 * 4 * n_features / n_features**2 == 1 / 160 -->。Keras 为全连接层、嵌入层和卷积提供了它，写作 `layer.enable_lora(rank=4)`；这里没有全连接层<!--? n_dense == 0 -->，而 Keras 的深度卷积（depthwise）没有它。[只训练批量归一化](https://arxiv.org/abs/2003.00152)，即它的缩放和平移，则不需要任何库：把其他层全部冻结就行。在网络的这一部分里，那只是权重的 1%<!--= n_normalizing / above.count_params() -->。

# %%
n_features = pooled.shape[-1]
n_dense = sum(isinstance(layer, layers.Dense) for layer in above.layers)
n_normalizing = sum(2 * layer.gamma.shape[0] for layer in normalizing)
print(f"{n_normalizing} scales and shifts, {above.count_params()} weights in all")

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=10
inside, outside = (
    {way: f.loc[k] for way, f in toy.items()} for k in ("inside", "outside")
)
assert (inside["everything"] < inside["probe"]).all()
assert (outside["everything"] > outside["probe"]).all()
assert (inside["probe first"] < inside["probe"]).all()
assert (outside["probe first"] < 1.2 * outside["probe"]).all()
assert sweep.loc[1e-3, "at once"] > sweep.loc[1e-3, "warm-up"]
assert RATES["probe first"] < RATES["everything"]
assert max(last_loss.values()) < 0.1
assert (
    drawn.loc["probe first", "night ahead"] > drawn.loc["probe first", "night spread"]
)
assert (
    photographs.loc[against, "night ahead"] > photographs.loc[against, "night spread"]
)
assert memory.loc[ways, "the same name"].max() < 1
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **学习率太高。** 症状：损失与抛硬币相仿，甚至更高<!--? sweep.loc[1e-2].min() > 0.6 -->。原因：没几步，预训练的权重就没了。对策：做一次扫描。
#
# **优化器有记忆。** 症状：权重恢复之后再训练一次，走的却是另一条路。原因：Adam 还留着它对梯度的了解：

# %%
above.set_weights(imagenet)
remembered = int(model.optimizer.iterations.numpy())
print("steps that the optimizer remembers:", remembered)

# %% [markdown]
# 权重又是 ImageNet 的了，优化器却还记着已走了 50<!--= remembered --> 步。对策：重新编译，或像 `train` 那样把它的变量清零。
#
# **让偏移的图片来选。** 症状：某个学习率在夜里很出色，在别处都不行。原因：选它的时候用了偏移的图片。对策：在留出的图片上选，偏移的图片只看一次。

# %% [markdown]
# ## 你看到了什么
#
# - 三个周期的扫描为每种起点各选出一个学习率，从探针的头起步时，要低到十分之一<!--? RATES["probe first"] == RATES["everything"] / 10 -->；有预热时，损失比没有时低<!--? sweep.loc[1e-3, "warm-up"] < sweep.loc[1e-3, "at once"] -->。
# - 在照片上，*全部一起*无论分布内外都落后于探针，用哪个学习率都一样<!--? (fifty.loc[("photographs", "everything"), leads] < 0).all(axis=None) -->；在绘制的宠物上没有落后<!--? (drawn.loc["everything", leads] > 0).all() -->。*先探针*在夜里每次抽样都领先，两套图片都是如此<!--? min(drawn.loc["probe first", "night least"], photographs.loc["probe first", "night least"]) > 0 -->。
# - 图片越多，它在分布内的领先越小<!--? curve["inside ahead"].iloc[-1] < curve["inside ahead"].iloc[0] / 2 -->。分组的学习率，让夜里的领先只剩约一半；让批量归一化动起来，领先没了，反倒成了损失<!--? changed["night ahead"].iloc[1] < 0 < changed["night ahead"].iloc[0] -->。
# - 从前给出的名字，ImageNet 自己的顶部不再个个都给得出<!--? memory.loc[ways, "the same name"].max() < 1 -->。
#
# 局限：小图片、程序做出的两种偏移、五次抽样，而且只有上半部分在学<!--? share < 1 -->。

# %%
from helpers.ties import compare_text

compare_text("08_fine_tune_a_backbone", globals())

# %% [markdown]
# ## 动手试试
#
# 三道练习，每道都带检查，会告诉你哪里对了、哪里还不对：
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import numpy as np

n_numbers, n_seen = 12, 6  # the first six are seen in training


def make_world(seed):
    rng = np.random.default_rng(seed)
    true_eyes, _ = np.linalg.qr(rng.normal(size=(n_numbers, 3)))
    target = true_eyes @ rng.normal(size=3)
    old_eyes = true_eyes + rng.normal(0, 0.05, true_eyes.shape)
    x = rng.normal(size=(60, n_numbers)) * (np.arange(n_numbers) < n_seen)
    return target, old_eyes, rng.normal(size=3), x


def descend(eyes, head, x, y, eyes_learn=True):
    eyes, head = eyes.copy(), head.copy()
    for _ in range(4000):
        slope = x.T @ (x @ eyes @ head - y) / len(x)
        step = np.outer(slope, head)
        head -= 0.05 * eyes.T @ slope
        eyes -= 0.05 * step * eyes_learn
    return eyes, head


# %% tags=["exercise-setup"]
def errors(eyes, head):  # squared: inside, and outside
    wrong = (eyes @ head - target) ** 2
    return wrong[:n_seen].sum(), wrong[n_seen:].sum()


target, old_eyes, new_head, x = make_world(seed=1)
y = x @ target
probe = descend(old_eyes, new_head, x, y, eyes_learn=False)
print("probe, inside and outside: {:.3f}, {:.3f}".format(*errors(*probe)))

# %% [markdown] tags=["exercise"]
# ## 8.1 · 换个起点
#
# 在那个小例子里，从旧眼睛和新的头出发，全部都来学习。请改一行，使分布内没有什么可学的了，而分布外的误差至多比探针高十分之一。

# %% tags=["exercise-gap"]
start = new_head  # change this line
tuned = descend(old_eyes, start, x, y)
print("tuned, inside and outside: {:.3f}, {:.3f}".format(*errors(*tuned)))

# %% [markdown] tags=["exercise-hint"]
# 头如果跟旧眼睛合拍，误差就小；误差小，眼睛就不大走样。哪里有这样的头？

# %% tags=["exercise-solution"]
start = probe[1]
tuned = descend(old_eyes, start, x, y)
print("tuned, inside and outside: {:.3f}, {:.3f}".format(*errors(*tuned)))

# %% [markdown] tags=["exercise-solution"]
# 分布内没有什么可学的了<!--? errors(*tuned)[0] < 1e-6 -->，分布外的误差与探针几乎一样<!--? errors(*tuned)[1] < 1.1 * errors(*probe)[1] -->。

# %% [markdown] tags=["exercise"]
# ## 8.2 · 预热
#
# 写出 `rate_at(step, steps, warm, peak)`，给出某一步的学习率；第一步是 1，最后一步是 `steps`。在最初 `warm` 步里，它每步升高同样多，到第 `warm` 步达到 `peak`；然后每步降低同样多，到最后一步的下一步，恰好会降到零。

# %% tags=["exercise-gap"]
rate_at = ...  # a function of step, steps, warm and peak

# %% [markdown] tags=["exercise-hint"]
# 一条直线向上，一条直线向下；两条直线在峰值处相交，学习率取其中较小的那个。

# %% [markdown] tags=["exercise-hint"]
# 下降途中，`steps + 1 - step` 数的是离零还有几步。在峰值处，是几步？

# %% tags=["exercise-solution"]
def rate_at(step, steps, warm, peak):
    rise = step / warm
    fall = (steps + 1 - step) / (steps + 1 - warm)
    return peak * min(rise, fall)


schedule = [rate_at(step, steps=10, warm=2, peak=0.9) for step in range(1, 11)]
print(np.round(schedule, 2))

# %% [markdown] tags=["exercise-solution"]
# 峰值在第二步达到<!--? int(np.argmax(schedule)) == 1 -->，最后一步的学习率最小<!--? int(np.argmin(schedule)) == 9 -->。

# %% [markdown] tags=["exercise"]
# ## 8.3 · 两个网络之间
#
# Wortsman 等人发现，把旧的和微调后的*权重*取平均，可以兼有两者的长处<!--! arXiv 2109.01903, its abstract -->。写出 `between(old, new, share)`：`old` 和 `new` 是数组的列表，就像 `get_weights()` 给出的那样，形状相同。它返回一个新列表：份额为 0 时是旧权重，为 1 时是新权重，介于其间时落在两者的连线上。

# %% tags=["exercise-gap"]
between = ...  # a function of old, new and share

# %% [markdown] tags=["exercise-hint"]
# 先考虑一个数组：从旧的出发，朝新的走一段，走多远由份额决定。然后对每一对都这样做。

# %% [markdown] tags=["exercise-hint"]
# `zip(old, new, strict=True)` 负责配对。用 `+=` 会改动交给你的数组。

# %% tags=["exercise-solution"]
def between(old, new, share):
    return [a + share * (b - a) for a, b in zip(old, new, strict=True)]


ends = {
    "everything": descend(old_eyes, new_head, x, y),
    "probe first": descend(*probe, x, y),
}
middle = {way: errors(*between(probe, end, 0.5)) for way, end in ends.items()}
for way, end in ends.items():
    places = [errors(*between(probe, end, share))[0] for share in (0, 0.5, 1)]
    print(f"inside, from the probe to {way}: {np.round(places, 3)}")

# %% [markdown] tags=["exercise-solution"]
# *全部一起*（everything）是从另一个头起步的，走到它的半路，分布内的误差比两头都大<!--? middle["everything"][0] > max(errors(*probe)[0], errors(*ends["everything"])[0]) -->。走到*先探针*（probe first）的半路，误差比探针小<!--? middle["probe first"][0] < errors(*probe)[0] -->。要混合，就混合同出一源的。

# %% [markdown]
# ## 接着学
#
# - [《微调可能扭曲预训练特征》](https://arxiv.org/abs/2202.10054)（Fine-tuning can distort pretrained features），Kumar 等人：这一课检验的，就是其中的结论。
# - [稳健的微调](https://arxiv.org/abs/2109.01903)（Robust fine-tuning），Wortsman 等人：新旧之间的权重。
# - [Keras 的 LoRA 指南](https://keras.io/examples/nlp/parameter_efficient_finetuning_of_gpt2_with_lora/)，用于由全连接层构成的网络。
