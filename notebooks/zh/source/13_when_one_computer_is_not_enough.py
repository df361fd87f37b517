# %% [markdown]
# # 13 · 一台计算机不够用的时候
#
# 你的猫和狗，几秒钟就变成了特征。而一座博物馆有几百万张图片。这一课让几台计算机来分担，在这台计算机上用几个进程预演；你会杀掉其中一台，并证明什么都没有丢。

# %% [markdown]
# ## 你会学到什么
#
# - **测出**时间花在哪里，一台计算机还有什么没用上。
# - **分派**图片给几台计算机，杀掉一台，并证明什么都没有丢。
# - **拟合**一个头，它用的特征不必都放在内存里。
# - **算出**极多的图片要花多少时间、多少钱，并指出瓶颈。

# %% [markdown]
# ## 需要准备什么
#
# 第 7 课（特征、指纹），绘制的宠物，还有一个附加组件 [Ray](https://docs.ray.io)：`.venv/bin/python -m tools.many` 安装一次即可。在两个 CPU 核上计算约两分钟，不用联网；内存要够三台计算机用，因为预演的正是三台。

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
from helpers.features import compute_features
from helpers.many import Computers, cluster, compute_parts, fit_head, read_features
from helpers.picture_sets import open_pictures

pictures = open_pictures("drawn")  # or "photos"

# %% [markdown]
# 没有 Ray，上面的单元格就会停下，用一行字告诉你怎样装上它。基础模型就是第 7 课的那个：

# %%
backbone = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg"
)
inputs = keras.Input((224, 224, 3))
scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
base = keras.Model(inputs, backbone(scaled))

# %% [markdown]
# ## 基本想法
#
# 许多人一起整理一座图书馆。其中一个是**分派者**（giver），他手里有清单，谁空着就给谁一个书架。有人病倒了，留下一个没整理完的书架：换别人从头再来。所以一个书架不宜太大。
#
# 在这里，书架就是**一份**（part），几百张图片<!--? 100 < len(names) / len(tables) < 400 -->；**工作进程**（worker）是一个进程，占一个核。它先把基础模型搭好一次，然后把一份又一份变成文件。两条规矩保证不出错。一个文件，要么完整地在，要么不在。文件名由装进去的东西决定：基础模型的指纹，以及每张图片的名字、大小和时间。所以，有人把一份再算一遍也无妨；谁重新开始，都能找到已经做完的。

# %%
from helpers.figures import diagram, show

boxes = {
    "list of\npictures": (0, 0.5),
    "giver": (1, 0.5),
    "features,\nin files": (3.4, 0.5),
}
workers = {"worker 1": (2.2, 0), "worker 2": (2.2, 1)}
listed, giver, files = boxes
arrows = [(listed, giver)]
arrows += [(giver, worker, "a part") for worker in workers]
arrows += [(worker, files) for worker in workers]
fig = diagram(boxes | workers, arrows, marked=workers, title="Who does what")
show(fig, f"A list, a giver, {len(workers)} workers that it gives parts to, and files.")

# %% [markdown]
# ## 先看一个小例子
#
# 十份<!--? len(done) == 10 -->，还有一个时不时死掉的工作进程。它手上没做完的，回到队尾：

# %%
rng = np.random.default_rng(2)
waiting, done, tries = list(range(10)), {}, 0
while waiting:
    part, tries = waiting.pop(0), tries + 1
    if rng.random() < 0.3:  # the worker dies
        waiting.append(part)
    else:
        done[part] = part**2
print(f"{tries} tries for {len(done)} parts:", [done[part] for part in sorted(done)])

# %% [markdown]
# 一共试了 17<!--= tries --> 次，每一份恰好一次，而且按顺序<!--? [done[part] for part in sorted(done)] == [n**2 for n in range(10)] -->。
#
# ## 时间花在哪里
#
# 先要更多的图片：每只测试宠物，原样一张，镜像一张，缩小一张，各存成一个文件。

# %%
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from helpers.pictures import find_pictures

folder = tempfile.TemporaryDirectory()  # goes when the kernel stops
FOLDER = Path(folder.name)
versions = {"as it is": ImageOps.exif_transpose, "mirrored": ImageOps.mirror}
versions |= {"shrunk": lambda picture: picture.reduce(2)}
for path, label in zip(*pictures.test_set(), strict=True):
    place = FOLDER / "pictures" / ("cat", "dog")[label]
    place.mkdir(parents=True, exist_ok=True)
    with Image.open(path) as picture:
        for name, change in versions.items():
            change(picture.convert("RGB")).save(place / f"{path.stem} {name}.jpg")
files = find_pictures(FOLDER / "pictures")
print(len(files), "files")

# %% [markdown]
# **预测：** 从磁盘读出文件，把图片解码并裁剪，再送进网络。哪一步最花时间？
#
# <details><summary>读取：磁盘很慢</summary>
#
# **不对。** 磁盘从前很慢，网络另一端的存储如今也慢。但这里的文件就在这台计算机上，多半还留在内存里。
#
# </details>
# <details><summary>解码：JPEG 文件小，图片大</summary>
#
# **不对。** 在这里它排第二。图片若有几千万像素，它也可能排第一：往下看。
#
# </details>
# <details><summary>网络：它的各层要做的事很多</summary>
#
# **对。**<!--? spent["network"] > spent["decode"] > spent["read"] --> 所以，多几台同样的计算机会有用。
#
# </details>

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
import io
import time

from helpers.pictures import pixels_of


def timed(work, *given):
    start = time.perf_counter()
    result = work(*given)
    return result, 1000 * (time.perf_counter() - start) / len(few)


few = files[::12]
base.predict_on_batch(np.zeros((20, 224, 224, 3)))  # the first time takes longer
data, read = timed(lambda: [path.read_bytes() for path in few])
pixels, decode = timed(
    lambda: [pixels_of(one, "a pet", (224, 224), crop=True) for one in data]
)
batches = np.stack(pixels).reshape(5, -1, 224, 224, 3)
_, network = timed(lambda: [base.predict_on_batch(batch) for batch in batches])
spent = {"read": read, "decode": decode, "network": network}
print({step: f"{ms:.2f} ms a picture" for step, ms in spent.items()})

# %% [markdown]
# 要第二台计算机之前，先看看第一台是不是已经尽了全力。
#
# - **线程。** 网络在工作时，`compute_features` 已经在读取和解码后面的图片。
# - **换一个引擎。** 我们的基准测试量过它们：从文件到特征，每秒多少张图片。
# - **往小里解码。** JPEG 可以按一半或四分之一的尺寸解码，花的力气也少<!--? small < large -->。`pixels_of` 自己就会这样做。

# %%
from helpers.measured import measured_table

rates = measured_table("rates_drawn", 1)["pictures a second, median"]
big = io.BytesIO()
Image.fromarray(pixels[0]).resize((4000, 4000)).save(big, "JPEG")
_, small = timed(pixels_of, big.getvalue(), "a pet", (224, 224), True)
_, large = timed(lambda: np.asarray(Image.open(big).convert("RGB").resize((224, 224))))
print("16 megapixels, decoded small: in less than half the time:", small < large / 2)
rates.to_frame()

# %% [markdown]
# 这些都用上，一台双核的计算机，算出的张数是普通做法的 1.7<!--= gain --> 倍。改变不了的是：图片多一倍，时间也多一倍<!--? abs(seconds[25000] / seconds[5000] - 5) < 0.5 -->。

# %%
seconds = measured_table("growth")["seconds"]
plain = rates["model.predict on ImageDataGenerator"]
gain = rates["ours: compute_features, onnx_engine"] / plain
days = 25e6 / 25_000 * seconds[25_000] / 3600 / 24
print(f"25,000 pictures: {seconds[25_000] / 60:.1f} minutes on this benchmark's cores")
print(f"25 million, at this rate: {days:.1f} days")

# %% [markdown]
# ## 两台计算机
#
# **Ray** 这个引擎负责启动工作进程，把各份发给它们，少了一个也能察觉。在真正的集群上，你在一台计算机上输入 `ray start --head`，在其他各台输入它打印出来的命令。`Computers` 用这台计算机上的几个进程做同样的事；它们像别处的计算机一样，只通过网络相见。

# %%
computers = Computers()  # the head: it gives, and does not compute
for _ in range(2):
    computers.add()
print("a head and", len(computers.workers), "workers")

# %% [markdown]
# **预测：** 第一份一出来，两台中的一台就被杀掉，好像有人拔了它的插头。最后会少多少张图片？
#
# <details><summary>它已经做完的那几份</summary>
#
# **不对。** 那些文件放在大家都够得着的地方，不在死掉的那一台里。
#
# </details>
# <details><summary>它正在计算的那些</summary>
#
# **不对。** 它那一份没做完，分派者就把这一份交给另一台，从头算起。
#
# </details>
# <details><summary>一张也不少</summary>
#
# **对。**<!--? found.names == names and len(set(found.names)) == len(files) --> 全都在，每张恰好一次。只是要多花些时间<!--! one worker does the work of two -->。
#
# </details>

# %%
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout

target = FOLDER / "features"


def parts():
    return sorted(target.rglob("*.parquet"))


told = io.StringIO()  # Ray tells in paragraphs of whoever dies
with redirect_stdout(told), cluster(computers.address), ThreadPoolExecutor() as pool:
    work = pool.submit(compute_parts, base, FOLDER / "pictures", target, crop=True)
    while not (parts() or work.done()):
        time.sleep(0.05)
    was_running = not work.done()
    computers.kill(computers.workers[-1])
    outcome = work.result()
print("killed while they worked:", was_running)
print(f"{outcome.pictures} pictures, {len(outcome.unreadable)} unreadable")

# %% [markdown]
# 它自己这么说，什么也证明不了。和一台计算机从头算到尾的结果比一比：

# %%
found = read_features(target)
expected = compute_features(base, files, crop=True)
names = [path.relative_to(FOLDER / "pictures").as_posix() for path in files]
furthest = np.abs(found.features - expected).max()
print("every picture once, in the same order:", found.names == names)
print("no number is further away than 0.00001:", furthest < 1e-5)

# %% [markdown]
# ## 那里放着什么
#
# 这些文件是 **Parquet** 格式，pandas、数据库和别的语言都能读。下面是清单上第一张图片所在的那个：

# %%
tables = [pd.read_parquet(part) for part in parts()]
(first,) = [table for table in tables if names[0] in set(table["name"])]
print(f"{len(tables)} files; this one: {len(first)} pictures, {[*first.columns]}")
first[["name", "label", "problem"]].head(3)

# %% [markdown]
# `digest` 是图片文件的校验和：证明是哪一个文件。读不了的图片，`features` 是空的，`problem` 说明原因。
#
# ## 一次只看几份的头
#
# 每张图片的特征占 5<!--= round(found.features.nbytes / len(found.names) / 1000) --> kB。一亿张（100 个百万）就是半个 TB<!--? round(found.features.nbytes / len(names) * 100e6 / 1e9) == 512 -->，这里没有哪块内存装得下。`fit_head` 每次读几份，把里面的图片打乱，像网络那样一批一批地学。它的对手把同样的图片一次全放进内存。大约每五张留出一张来测试<!--? 0.15 < head.tested / len(names) < 0.25 -->，由校验和来挑。

# %%
from sklearn.linear_model import LogisticRegression

head = fit_head(target)
is_dog = np.array(found.labels) == "dog"
lots = np.array([int.from_bytes(digest, "big") / 2**256 for digest in found.digests])
for_test = lots < 0.2
rival = LogisticRegression(max_iter=1000)
rival.fit(found.features[~for_test], is_dog[~for_test].astype(int))
pets = np.array([path.stem.split(" ")[0] for path in files])
both = set(pets[for_test]) & set(pets[~for_test])
print(f"by its own test: right on {head.accuracy:.0%} of {head.tested}")
print(f"{len(both)} of {len(set(pets))} pets are on both sides")

# %% [markdown]
# 别信这次测试：其中许多宠物，另一个版本已经学过了<!--? len(both) > 100 -->。换一些宠物来问，它们的任何版本，两个头都没见过：

# %%
from helpers.accuracy import accuracy_interval

unseen_paths, unseen_labels = pictures.training_set()  # 0 is a cat, 1 is a dog
unseen = compute_features(base, unseen_paths, crop=True)
by_batches = head.model.predict_on_batch(unseen)[:, 1]  # how sure of a dog
at_once = rival.predict_proba(unseen)[:, 1]
right = {
    way: int(((sure > 0.5) == unseen_labels).sum())
    for way, sure in (("in batches", by_batches), ("in memory", at_once))
}
low, high = accuracy_interval(right["in memory"], of=len(unseen))
apart = np.abs(by_batches - at_once).mean()
print(f"right of {len(unseen)}: {right}; interval {low:.2f} to {high:.2f}")
print(f"their probabilities differ by {apart:.2f} on average")

# %% [markdown]
# 一批一批学的那个，落在另一个的区间（第 6 课）里<!--? low <= right["in batches"] / len(unseen) <= high -->，两者给出的概率几乎没有差别<!--? apart < 0.02 -->。
#
# ## 要花多少时间，多少钱
#
# 这里没有人有那么多计算机。能做的是一个模型，它说明自己的假设，里面用上我们基准测试量出来的数：速度，平摊到两个核上；还有分派者花在每张图片上的时间。其余的数都是假设；换上你自己的。

# %%
RATE = rates["ours: compute_features"] / 2  # pictures a second and core; measured
GIVEN = measured_table("many", 1)["µs a picture"]["to give"] / 1e6  # seconds; measured
LINE = 1.25e9  # bytes a second that the store delivers: ten gigabits
SIZE = 100e3  # bytes of a picture
PRICE = 0.05  # euros for a core and an hour


def plan(pictures, workers):
    hours = pd.Series(
        {
            "workers": pictures / RATE / workers,
            "giver": pictures * GIVEN,
            "line": pictures * SIZE / LINE,
        }
    )
    return hours / 3600


# %%
rows = {}
for n, workers in ((1e6, 2), (25e6, 20), (100e6, 100), (100e6, 1000)):
    hours = plan(n, workers)
    rows[f"{n / 1e6:.0f} million, {workers}"] = {
        "hours": round(hours.max(), 1),
        "euros": round(workers * hours.max() * PRICE, 1),
        "what takes longest": hours.idxmax(),
    }
plans = pd.DataFrame(rows).T
plans

# %% [markdown]
# 另外还假设：存储不停地送来图片，核和基准测试用的一样，一个也不会死，而且 Ray 本身不花时间。价格不是任何一家的。这样，一欧元大约能算 8<!--= millions --> 百万张图片；工作进程再多，也只是早点做完<!--? abs(plan(25e6, 20).max() * 20 / (plan(1e6, 2).max() * 2) - 25) < 0.01 -->。直到别的东西成了瓶颈：

# %%
import matplotlib.pyplot as plt

millions = 3600 * RATE / PRICE / 1e6
counts = np.geomspace(1, 10_000, 50)
curves = pd.DataFrame([plan(100e6, count) for count in counts], index=counts)
enough = counts[
    (curves["workers"] < curves.drop(columns="workers").max(axis=1)).argmax()
]
fig, ax = plt.subplots(figsize=(7, 3))
for name in curves:
    ax.loglog(curves.index, curves[name], label=name)
ax.set(xlabel="workers", ylabel="hours for 100 million pictures")
ax.set_title("More workers help until something else takes longer")
ax.legend()
bottleneck = curves.iloc[-1].idxmax()
show(
    fig,
    f"Three lines of hours; beyond some {enough:.0f} workers the {bottleneck} is it.",
)

# %% [markdown]
# 有 20 个工作进程时，最花时间的是它们自己<!--? plans.loc["25 million, 20", "what takes longest"] == "workers" -->；有 1,000 个时，按这些假设，最花时间的是通往存储的线路<!--? plans.loc["100 million, 1000", "what takes longest"] == "line" -->，再多也只是等着。
#
# ## 不能离开的数据
#
# 医院不能把图片交出去。特征可以吗？从特征里，谁也看不见图片。但特征并不匿名。手里有一张镜像或缩小副本的人可以问：这 400<!--= len(original) --> 个特征里，哪一个是它的？
#
# **预测：** 对一张镜像的副本，最近的那个特征有多少次恰好就是它的？
#
# <details><summary>400 次里有 1 次，和碰运气一样</summary>
#
# **不对。** 特征忘掉的是像素，留下的是图片上有什么。副本上的东西是一样的。
#
# </details>
# <details><summary>大约一半</summary>
#
# **不对。** 要是特征只留下动物的种类，才会这样。
#
# </details>
# <details><summary>几乎每一次</summary>
#
# **对。**<!--? again["mirrored"] > 0.9 --> 谁有副本，谁就找得到这个特征，并由此知道旁边记着的一切。
#
# </details>

# %%
from sklearn.neighbors import NearestNeighbors

of_version = {
    version: found.features[[version in name for name in names]] for version in versions
}
original = of_version["as it is"]
neighbors = NearestNeighbors(n_neighbors=1).fit(original)
again = pd.Series(dtype=float)
for version in ("mirrored", "shrunk"):
    nearest = neighbors.kneighbors(of_version[version])[1][:, 0]
    again[version] = (nearest == np.arange(len(original))).mean()
print("found again by a copy:")
again.round(2).to_frame("share")

# %% [markdown]
# 所以特征防得住被人看见，防不住被人认出，也防不住被人提问：是猫还是狗，随便一个头都说得出来<!--? right["in memory"] / len(unseen) > 0.9 -->。公开发表的攻击走得更远，能从特征画出一张模糊的图片<!--! read in the paper linked at the end, not run -->。特征若要离开，就让校验和与名字留在原处：光凭校验和，就能知道某人有没有这一个文件。
#
# ## 在多台计算机上训练基础模型
#
# 冻结的基础模型什么也不用告诉别人。会学习的就不一样了：每走一步，所有计算机都得对权重达成一致。每一台在自己那一份批次上算出梯度，再把这些梯度的均值发给大家。它就是整个批次的梯度吗？

# %%
import tensorflow as tf

learner = EfficientNetLite0(
    include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg"
)
model = keras.Sequential([learner, layers.Dense(2, kernel_initializer="zeros")])
images = (np.stack(pixels[::5]).astype("float32") - 127) / 128
classes = is_dog[::12][::5].astype(int)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def gradient(share, training):
    with tf.GradientTape() as tape:
        value = loss(classes[share], model(images[share], training=training))
    found = tape.gradient(value, model.trainable_variables)
    return np.concatenate([np.ravel(one) for one in found])


# %%
model.build((None, 224, 224, 3))
model.layers[-1].set_weights(
    [np.random.default_rng(0).normal(0, 0.05, (1280, 2)), np.zeros(2)]
)
everyone = slice(None)
shares = (slice(0, None, 2), slice(1, None, 2))
off = {}
for training in (False, True):
    whole = gradient(everyone, training)
    mean = np.mean([gradient(share, training) for share in shares], axis=0)
    off[training] = np.linalg.norm(mean - whole) / np.linalg.norm(whole)
print("statistics frozen, the same gradient:", off[False] < 1e-3)
print("statistics of each share, the same gradient:", off[True] < 1e-3)

# %% [markdown]
# 是的<!--? off[False] < 1e-3 -->，只要批量归一化的统计量保持不动（第 8 课）。如果每台计算机按自己那一份来归一化，梯度就是另一个了<!--? off[True] > 0.1 -->。而且它很大：每一步、每台计算机 13<!--= megabytes --> MB，而冻结的基础模型每张图片只发 5 kB，只发一次<!--? round(found.features.nbytes / len(names) / 1000) == 5 -->。因此，算特征要多少台计算机都行，训练则要少数几台之间有一条快的网络。
#
# 今天有什么：在 JAX 上，Keras 用 `keras.distribution.DataParallel` 把批次分开。我们的基准测试用一个小网络试过：两个进程，每个批次各拿自己的一份。

# %%
megabytes = 4 * len(whole) / 1e6
print(f"{len(whole):,} weights: {megabytes:.1f} MB a step")
trained = measured_table("base_on_many")
begun_again = measured_table("base_on_many", 1)
trained

# %% [markdown]
# 它们最后的权重，和一个进程独自学完全部批次的一样<!--? trained["weights differ by"].max() < 1e-3 -->；带批量归一化也一样：那里的统计量就是整个批次的<!--? trained.loc["with batch normalization", "weights differ by"] < 1e-3 -->。但少了死掉的那个，什么都进行不下去。两个里杀掉一个：另一个等了一阵，以一个错误告终<!--? begun_again.loc["one of two", "the other"].startswith("ends after") -->。两个都从自己存下的地方重新开始，最后得到同样的权重<!--? begun_again["weights differ by, in the end"].max() < 1e-3 -->。
#
# 在 TensorFlow 上，则由 `tf.distribute` 来做；要分给几台计算机，训练循环就得自己写<!--! Keras's `fit` failed under MultiWorkerMirroredStrategy when tried with Keras 3.15.1; not run here -->。Ray Train 启动这样的进程，出事后从上一个检查点继续<!--! read in Ray's documentation; not run here -->。第 8 课若已经让你看到微调确有所得，再选其中一种。

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=11
assert [done[part] for part in range(10)] == [part**2 for part in range(10)]
assert was_running
assert outcome.pictures == len(files)
assert found.names == names
assert len(set(found.names)) == len(files)
assert furthest < 1e-5
assert low <= right["in batches"] / len(unseen) <= high
assert apart < 0.02
assert head.tested == for_test.sum()
assert again["mirrored"] > 0.9
assert off[False] < 1e-3 < off[True]
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **有一份坏了。** 症状：`is damaged or gone`<!--= message -->。原因：磁盘出了故障，或者复制中断了。每一份都有校验和，所以会被发现；再调用一次，就只在剩下的工作进程上重算这一份：

# %%
victim = parts()[0]
victim.write_bytes(victim.read_bytes()[:-50])
try:
    read_features(target)
except ValueError as error:
    message = str(error)
print("…", message.partition(".parquet ")[2])
with cluster(computers.address):
    mended = compute_parts(base, FOLDER / "pictures", target, crop=True)
same = np.array_equal(read_features(target).features, found.features)
computers.close()
print("computed again:", mended.computed < outcome.pictures / 2, "· as before:", same)

# %% [markdown]
# **图片不在别人找的地方。** 症状：某个工作进程的图片全都读不了。原因：`/home/you/pictures` 是*你的*计算机上的文件夹。对策：用共享文件夹，或者 `s3://museum/pictures` 这样的存储，让每一台都能用这个名字找到它。
#
# **全部又算了一遍。** 症状：什么都没改，却什么都找不到。原因：复制文件时丢了时间，或者基础模型改动了一点：哪一样都会得到别的指纹。对策：复制时保留时间（`cp -a`），并保存你用过的基础模型。

# %% [markdown]
# ## 你看到了什么
#
# - 网络最花时间<!--? max(spent, key=spent.get) == "network" -->；在请来第二台计算机之前，线程和引擎已经带来 1.7<!--= gain --> 倍的速度。
# - 一个工作进程被杀掉，1,200<!--= len(files) --> 张图片每张恰好一次，特征和一台计算机算出的一样<!--? furthest < 1e-5 -->。
# - 一次只看几份的头，和全部放进内存的头一样准，相差在区间之内<!--? low <= right["in batches"] / len(unseen) <= high -->。
# - 按一个带有实测速度的模型，用 20 个工作进程时，它们自己就是瓶颈<!--? plans.loc["25 million, 20", "what takes longest"] == "workers" -->；用 1,000 个时，瓶颈是通往存储的线路<!--? plans.loc["100 million, 1000", "what takes longest"] == "line" -->。没有人真的用过那么多。

# %%
from helpers.ties import compare_text

compare_text("13_when_one_computer_is_not_enough", globals())

# %% [markdown]
# ## 动手试试
#
# 三个练习，都不需要 Ray，每个都带检查，会告诉你哪里对了、哪里还没对：
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import numpy as np
import pandas as pd

# %% [markdown] tags=["exercise"]
# ## 13.1 · 天亮前做完
#
# 一座博物馆要在 8<!--= NIGHT --> 小时内得到所有图片的特征。函数 `hours` 里的速度和本课的差不多。改一行：至少要多少个工作进程才刚好够？

# %% tags=["exercise-setup"]
NIGHT = 8  # hours
PICTURES = 25_000_000


def hours(workers, rate=60.0, start=40.0, given=2e-5):
    """Hours for all pictures: `rate` a second and worker, `given` seconds for the giver."""
    return (start + PICTURES * max(1 / rate / workers, given)) / 3600


# %% tags=["exercise-gap"]
workers = 2  # change this line
print(f"{workers} workers: {hours(workers):.1f} hours")

# %% [markdown] tags=["exercise-hint"]
# 工作进程多一倍，时间差不多少一半。比刚好够再少一个，就不够了。

# %% tags=["exercise-solution"]
workers = next(n for n in range(1, 10_000) if hours(n) <= NIGHT)
print(
    f"{workers} workers: {hours(workers):.2f} hours; {hours(10 * workers):.2f} with ten times"
)
least = hours(100_000)

# %% [markdown] tags=["exercise-solution"]
# 15<!--= workers --> 个刚好够。而且不管有多少个，都不会少于 9<!--= round(60 * least) --> 分钟：那时最花时间的是分派者。

# %% [markdown] tags=["exercise"]
# ## 13.2 · 各一次，按顺序
#
# 工作进程送来了几张表，先后不定；有一张送了两次，因为大家以为送它的已经死了。写出 `together(arrived, names)`：一个数组，按 `names` 的顺序给出每个名字的值，没来的填 `np.nan`。

# %% tags=["exercise-setup"]
names = [f"pet {n}" for n in range(8)]
arrived = [
    pd.DataFrame({"name": ["pet 5", "pet 6"], "value": [50.0, 60.0]}),
    pd.DataFrame({"name": ["pet 0", "pet 1", "pet 2"], "value": [0.0, 10.0, 20.0]}),
    pd.DataFrame({"name": ["pet 5", "pet 6"], "value": [50.0, 60.0]}),
    pd.DataFrame({"name": ["pet 7", "pet 3"], "value": [70.0, 30.0]}),
]
print(len(names), "names,", sum(map(len, arrived)), "rows")

# %% tags=["exercise-gap"]
together = ...  # a function of arrived and names

# %% [markdown] tags=["exercise-hint"]
# `pd.concat` 把它们合成一张表。其中哪些行出现了两次？

# %% [markdown] tags=["exercise-hint"]
# 以名字为索引的 Series 有一个方法，能按另一种顺序取值，缺了名字就留空：`reindex`。它要求每个名字只出现一次。

# %% tags=["exercise-solution"]
def together(arrived, names):
    table = pd.concat(arrived).drop_duplicates("name")
    return table.set_index("name")["value"].reindex(names).to_numpy()


values = together(arrived, names)
print(values)

# %% [markdown] tags=["exercise-solution"]
# `pet 4` 一直没来<!--? np.isnan(values).tolist().index(True) == 4 -->：看得见的空缺，好过悄悄顶上来的一行。

# %% [markdown] tags=["exercise"]
# ## 13.3 · 均值和标准差，一次一批
#
# 头希望特征的均值是 0，标准差是 1。写出 `mean_and_spread(batches)`：每一批只许看一次，一批也不留，却要像全部放在内存里那样，给出每一列的均值和标准差。各批的长度不一样。

# %% tags=["exercise-setup"]
rng = np.random.default_rng(0)
rows = rng.normal([5, 0, -2], [1, 3, 0.1], (1000, 3))


def in_batches(rows):
    """The rows in batches of different lengths, one after another."""
    yield from np.split(rows, [10, 250, 251, 900])


# %% tags=["exercise-gap"]
mean_and_spread = ...  # a function of batches, which gives two arrays

# %% [markdown] tags=["exercise-hint"]
# 只要留住三样：一共多少行，每一列的和，每一列的平方和。

# %% [markdown] tags=["exercise-hint"]
# 标准差的平方，等于平方的均值减去均值的平方。

# %% tags=["exercise-solution"]
def mean_and_spread(batches):
    count, total, squares = 0, 0.0, 0.0
    for batch in batches:
        batch = batch.astype("float64")
        count += len(batch)
        total = total + batch.sum(axis=0)
        squares = squares + (batch**2).sum(axis=0)
    mean = total / count
    return mean, np.sqrt(squares / count - mean**2)


mean, spread = mean_and_spread(in_batches(rows))
print(mean.round(2), spread.round(2))

# %% [markdown] tags=["exercise-solution"]
# 和放在内存里一样<!--? np.allclose(mean, rows.mean(axis=0)) and np.allclose(spread, rows.std(axis=0)) -->。各批均值的均值就不行<!--? not np.allclose(np.mean([b.mean(axis=0) for b in in_batches(rows)], axis=0), rows.mean(axis=0), rtol=1e-3) -->：只有一行的批，会和有几百行的批算得一样重。

# %% [markdown]
# ## 接着学
#
# - [Ray Data](https://docs.ray.io/en/latest/data/data.html) 和 [Ray Train](https://docs.ray.io/en/latest/train/train.html)：前者把各份分派出去，后者在多台计算机上启动训练。
# - [用 Keras 做分布式训练](https://keras.io/guides/distribution/)：一张由设备组成的网格，一个批次分给它们。
# - [Inverting visual representations](https://arxiv.org/abs/1506.02753)：从特征重新画出图片。
# - [helpers.many](../helpers/many/README.md)：什么会死，会丢什么，各由哪个测试来证明。
