# %% [markdown]
# # 2 · 看看 InceptionV3 的内部
#
# 一个有名的网络，一行代码就加载好了。这一课把它打开：它是怎样搭的，权重是什么；还要借另一个自带权重的网络，看看这样的网络学会了看什么。

# %% [markdown]
# ## 你会学到什么
#
# - **分清**网络和它的权重，并用 Keras 的三种方式加载权重。
# - **认路**：在 311<!--= n_layers --> 层之间，凭路标、分支和名字找到方向。
# - **看到**训练过的网络对什么有响应，从边缘到耳朵，并让它说出图片的名字。

# %% [markdown]
# ## 需要准备什么
#
# 第 1 课（神经元、层、滤波器），或者懂得其中的这些词。在两个 CPU 核上大约计算一分钟，不用联网。

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

from helpers.figures import picture_grid, show
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")  # or "photos"
labels = pd.read_csv(pictures.train_table)
paths = [pictures.train_folder / name for name in labels["File Name"]]
pixels = np.array([read_picture(path, (224, 224)) for path in paths])
print(pixels.shape, pixels.dtype)

# %% [markdown]
# ## 基本想法
#
# 只管用的话，网络就是一样东西：一个文件。往里看，却是两样：
#
# | | 图纸 | 数值 |
# |---|---|---|
# | 自动钢琴 | 钢琴 | 打孔的纸卷，一个音一个孔 |
# | 经典机器学习 | `LogisticRegression` | `fit` 之后的 `coef_` |
# | 深度学习 | **网络**：有哪些层，按什么顺序 | **权重**：各层用来相乘的数值 |
#
# 图纸是一页代码，随 Keras 一起装好了。数值放在**权重文件**里。**预训练**的意思是：训练这件事，别人已经做了。
#
# > **如果你从 2019 年来：** 那篇文章说：“在深度学习领域，模型与权重文件是等价的。”对一行代码就加载两样的人来说，这么说也差不太多。

# %% [markdown]
# ## 一个网络，两套权重
#
# 照同一张小图纸搭两个网络：一层，一个滤波器。第一个保留随机权重，第二个换上边缘滤波器的权重。

# %%
def build():
    picture = keras.Input((224, 224, 3), name="picture")
    return keras.Model(picture, layers.Conv2D(1, 3, name="filter")(picture))


random_one, edge_one = build(), build()
edges = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # right minus left
kernel = np.repeat(edges[:, :, None, None], 3, axis=2)  # (3, 3, 3 colors, 1 filter)
edge_one.set_weights([kernel, np.zeros(1)])
edge_one.count_params()

# %% [markdown]
# 每个网络都有 28<!--= edge_one.count_params() --> 个数要填。给它们看同一张图片。
#
# **预测：** 权重随机的那个，会把图片变成什么样？
#
# <details><summary>什么也没有：一片黑</summary>
#
# **不对。** 权重全是零才会那样。随机权重也是数；图片的每个位置与它们相乘，总会得出点什么。
#
# </details>
# <details><summary>一张模糊或者发淡的图片，没有什么意义</summary>
#
# **对。** 权重随机的滤波器，把相邻的像素随便混在一起。它给出的图跟着图片的明暗走<!--? follows(maps[0]) > 0.5 -->，边缘滤波器给出的图却不是这样<!--? abs(follows(maps[1])) < 0.5 -->。
#
# </details>
# <details><summary>和另一个差不多：要紧的是图纸</summary>
#
# **不对。** 图纸只规定有多少个数，什么与什么相乘。得出什么，由数值来定。
#
# </details>

# %%
one = pixels[:1]
maps = [np.abs(net(one))[0, :, :, 0] for net in (random_one, edge_one)]
gray = [255 * output / output.max() for output in maps]


def follows(output):
    """The correlation of a map with the brightness of the picture, -1 to 1."""
    return np.corrcoef(output.ravel(), one[0, 1:-1, 1:-1].mean(axis=-1).ravel())[0, 1]


titles = ["picture"]
for kind, output in zip(["random", "edge"], maps, strict=True):
    titles.append(f"{kind} weights: {follows(output):.2f}")
text = "A picture and two maps; how far each map follows the brightness: "
show(picture_grid([one[0], *gray], titles), text + ", ".join(titles[1:]) + ".")

# %% [markdown]
# 把第二个网络的数值保存下来，看看文件里有什么，再交给第一个。

# %%
import tempfile
from pathlib import Path

import h5py

folder = tempfile.TemporaryDirectory()
edge_path = Path(folder.name) / "edges.weights.h5"
edge_one.save_weights(edge_path)

with h5py.File(edge_path) as file:
    for number in file["layers/conv2d/vars"].values():
        print(number.name, number.shape, number.dtype)

random_one.load_weights(edge_path)
same = np.array_equal(random_one(one), edge_one(one))
print("same result:", same)

# %% [markdown]
# 文件夹里放着数组，没有图纸：只有照同样方式搭出来的网络，才用得上权重文件。
#
# ## InceptionV3，一层一层看
#
# **Keras Applications** 是一批带权重的网络，可以直接用，也可以在上面接着搭。要紧的设置有两个：`weights` 和 `include_top`。用 `weights=None`，得到的是图纸，里面填着随机数。

# %%
from keras.applications import InceptionV3

base = InceptionV3(weights=None, include_top=False)
n_layers = len(base.layers)
print(n_layers, "layers; the first three:", [layer.name for layer in base.layers[:3]])

# %% [markdown]
# 一层是由什么组成的？查查它的设置。先看卷积层：

# %%
convolution = base.layers[1].get_config()
{key: convolution[key] for key in ("filters", "kernel_size", "strides", "use_bias")}

# %% [markdown]
# 它有 32<!--= convolution["filters"] --> 个 `3×3` 的滤波器，每次移动 2<!--= convolution["strides"][0] --> 个像素，不加偏置：后面跟着的批量归一化自己有一个偏置<!--? base.layers[2].center -->。（第 4 课讲这种层。）
#
# > **如果你从 2019 年来**，请往下读；否则可以直接去看地图。
#
# 那篇文章开头有五行导入，并打印了这三层的 `layer.get_config()`。这些导入还能用吗？设置又变了哪些？

# %% tags=["then"]
from keras import backend as K
from keras.applications.inception_v3 import InceptionV3
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model
from keras.preprocessing import image

from helpers.layers import ARTICLE_2019, compare_configs

kinds = InceptionV3, image, Model, Dense, GlobalAveragePooling2D, K
print("they work:", *[kind.__name__.split(".")[-1] for kind in kinds])

later = ["optional", "renorm", "renorm_clipping", "renorm_momentum"]  # newer Keras only
configs = {
    kind: compare_configs(then, layer.get_config(), ignore=later)
    for (kind, then), layer in zip(ARTICLE_2019.items(), base.layers[:3], strict=True)
}
settings = pd.concat(configs)
settings[settings["change"] != "none"]

# %% [markdown]
# 36<!--= (settings["change"] != "new").sum() --> 项设置里，31<!--= (settings["change"] == "none").sum() --> 项和当年一样。形状换了名字，每一层都保存了 `dtype`，初始化器用上了正式的名字：设置成这样的 `VarianceScaling`，*就是* `GlorotUniform`。为什么会有 `conv2d_95`？Keras 在整个会话里给层连续编号，而作者在那之前已经搭过一次这个网络。
#
# ## 一张地图
#
# `base.summary()` 给每层打印一行，有的还不止一行。不如只看路标：图片在哪里缩小，分支在哪里汇合。图片就用 InceptionV3 原本设计的尺寸。

# %%
from helpers.layers import layer_table

base = InceptionV3(weights=None, include_top=False, input_shape=(299, 299, 3))
table = layer_table(base)
table["parameters so far"] = table["parameters"].cumsum()
landmarks = table["name"].str.fullmatch(r"input.*|max.*|mixed\d+")
print(table["type"].value_counts().to_dict())
above = table.set_index("name")["parameters so far"]
table.loc[landmarks, ["name", "output shape", "parameters so far"]]

# %% [markdown]
# 一共有 94<!--= (table["type"] == "Conv2D").sum() --> 个卷积，每个后面都有归一化和激活，此外还有 29<!--= len(table) - 3 * (table["type"] == "Conv2D").sum() --> 层。再看往下的路：图片从 `299×299`<!--? base.input_shape[1:3] == (299, 299) --> 个位置缩到 64<!--= np.prod(base.output_shape[1:3]) --> 个，而每个位置上知道的，从 3<!--= base.input_shape[-1] --> 种颜色增加到 2,048<!--= base.output_shape[-1] --> 个**通道**，每个通道是一个滤波器的回答。21,802,784<!--= base.count_params() --> 个参数里，一半以上在 `mixed7`<!--? above["mixed7"] < 0.5 * base.count_params() --> 后面。
#
# 这是你第二次搭它，所以它的卷积从 `conv2d_94`<!--= base.layers[1].name --> 起编号（2019 年的 Keras 从一数起）。只有 `mixed7` 这样的名字不变：请用这些名字。
#
# ## 分支
#
# VGG16 是一条链。InceptionV3 则同时问好几个问题，针对大小不同的几种邻域<!--? len(set(kernels)) > 1 -->，再由名叫 `mixed` 的层把回答并排放在一起。它一共有十一<!--? table["name"].str.fullmatch(r"mixed\d+").sum() == 11 -->个块，下面两个是照网络本身画的（每个方框是一个卷积，连同归一化和激活，并写明给出多少个通道）：

# %%
from helpers.figures import block_diagram, branches

joined = base.get_layer("mixed0").output.shape[-1]
ends = [path[-1].split()[-1] for path in branches(base, "mixed0")]
text = f"Two blocks: mixed0 joins {' + '.join(ends)} = {joined} channels."
show(block_diagram(base, ["mixed0", "mixed4"]), text)

kernels = [
    layer.kernel_size for layer in base.layers if isinstance(layer, layers.Conv2D)
]
print(pd.Series(kernels).value_counts().to_dict())

# %% [markdown]
# `mixed0` 各分支末端的通道加起来：`64 + 64 + 96 + 32`<!--= " + ".join(ends) -->，得到 256<!--= joined -->。在较大的滤波器之前放一个 `1×1` 卷积，会把数据变薄，大的滤波器算起来就便宜<!--? branches(base, "mixed0")[1][0] == "1×1 conv, 48" -->。右图中，一个滤波器高一个像素、宽七个像素，配上它竖着的双胞胎<!--? {(1, 7), (7, 1)} < set(kernels) -->，就能做边长为七的方形滤波器的活：邻域一样大，权重只要 14<!--= sum(np.prod(k) for k in set(kernels) if max(k) == 7) --> 个，不用 49<!--= max(max(k) for k in kernels) ** 2 --> 个。
#
# ## 带顶部与不带顶部
#
# 网络怎样收尾，由 `include_top` 决定：

# %%
full = InceptionV3(weights=None, include_top=True)
tops = {
    False: layer_table(base, slice(-1, None)),
    True: layer_table(full, slice(-3, None)),
}
pd.concat(tops, names=["include_top", "place"]).drop(columns="trainable")

# %% [markdown]
# **带**顶部，网络就是完整的：先是池化，再给 ImageNet 的 1,000<!--= full.output_shape[-1] --> 个类别各一个概率。要给图片命名，就用它。**不带**顶部，网络就停在它看到的东西上：这就是迁移学习要用的**骨干网络**，第 3 课会给它加一个头。
#
# ## 四个网络放在一起看
#
# 把 InceptionV3 与 VGG16、MobileNet，还有这套课用的骨干网络 EfficientNet-Lite0 放在一起。都不带顶部，迁移学习就是这样用的。你要测的是一次**前向传播**，从图片到回答（一个权重占四个字节<!--? networks["megabytes"]["VGG16"] == 4e-6 * parameters["VGG16"] -->）：
#
# **预测：** VGG16 有 19<!--= networks["layers"]["VGG16"] --> 层，InceptionV3 有 311<!--= networks["layers"]["InceptionV3"] --> 层。看一张图片，哪个用的时间更多？
#
# <details><summary>InceptionV3：它的层多得多</summary>
#
# **不对。** 数层数是人之常情，可是层与层不同：VGG16 的一层，有许多滤波器，作用在大的图上；InceptionV3 的一层，滤波器常常是薄的，作用在小的图上。
#
# </details>
# <details><summary>VGG16</summary>
#
# **对。** 虽然它的图片小一些<!--? sizes["VGG16"] < sizes["InceptionV3"] -->，用的时间却更长<!--? seconds["VGG16"] > seconds["InceptionV3"] -->。
#
# </details>
# <details><summary>差不多：时间只看兆字节数</summary>
#
# **不对。** 卷积的一个权重，在图的每个位置都要用一次。所以时间还取决于：有权重的地方，图还有多大。
#
# </details>

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
import timeit
from functools import partial

from keras.applications import VGG16, MobileNet

from helpers import backbones

makers = [VGG16, MobileNet, InceptionV3, backbones.EfficientNetLite0]
sizes = {make.__name__: 299 if make is InceptionV3 else 224 for make in makers}
seconds, parameters, n_layers_of = {}, {}, {}
for make in makers:
    name, size = make.__name__, sizes[make.__name__]
    network = make(weights=None, include_top=False, input_shape=(size, size, 3))
    parameters[name], n_layers_of[name] = network.count_params(), len(network.layers)
    forward = partial(network.predict_on_batch, np.zeros((1, size, size, 3)))
    forward()  # the first pass also prepares
    seconds[name] = min(timeit.repeat(forward, number=1, repeat=5))
print({name: f"{1000 * s:.0f} ms" for name, s in seconds.items()})

# %%
networks = pd.DataFrame(
    {"layers": n_layers_of, "megabytes": 4e-6 * pd.Series(parameters)}
)
with keras.StatelessScope(initialize_variables=False):  # the plan, and no numbers
    vgg16_with_top = VGG16(weights=None).count_params()
print(f"VGG16 with its top: {vgg16_with_top:,} parameters")
networks.round(1)

# %% tags=["nbval-ignore-output"] reason="seconds differ between machines"
shown = networks.assign(milliseconds=1000 * pd.Series(seconds))
layout = {"subplots": True, "layout": (1, 3), "figsize": (8, 2.2)}
axes = shown[::-1].plot.barh(legend=False, sharey=True, sharex=False, **layout)
text = ", ".join(f"{name} {1000 * s:.0f} ms" for name, s in seconds.items())
show(axes[0, 0].figure, f"A forward pass for one picture takes: {text}.")

# %% [markdown]
# 层多，网络并不因此更慢，兆字节数也不因此更多：MobileNet 有 86<!--= networks["layers"]["MobileNet"] --> 层、12.9<!--= networks["megabytes"]["MobileNet"] --> MB，VGG16 有 19<!--= networks["layers"]["VGG16"] --> 层，却有 58.9<!--= networks["megabytes"]["VGG16"] --> MB。（带上顶部，VGG16 有 553<!--= 4e-6 * vgg16_with_top --> MB：大部分在顶部，而第 3 课会去掉它。）两个小网络是为手机造的，也适合笔记本电脑：每个用的时间都不到 InceptionV3 的一半<!--? 2 * max(seconds["MobileNet"], seconds["EfficientNetLite0"]) < seconds["InceptionV3"] -->。
#
# ## 三种权重
#
# `weights` 接受三种东西：
#
# - `"imagenet"`：在 ImageNet 上训练出来的数值，那里有一百多万张照片，分成 1,000<!--= scores.shape[1] --> 类；
# - `None`：随机数，用于从零开始训练；那需要很多图片（第 6 课用不多的图片试试），很少是你想要的；
# - 路径：一个权重文件，也许是你自己的。
#
# 对 InceptionV3 来说，`"imagenet"` 要下载。EfficientNet-Lite0 的数值，安装时就一起装好了：把它连同顶部一起拿来，找出它最有把握的那只猫<!--? known[cat] == known[is_cat].max() -->。

# %%
network = backbones.EfficientNetLite0(weights="imagenet")
inputs = backbones.preprocess_input(pixels)  # 0…255 -> about −1…1
scores = network.predict(inputs, batch_size=16, verbose=0)

is_cat = (labels["Label"] == "cat").to_numpy()
cats, dogs = slice(281, 286), slice(151, 269)  # their places among the 1,000 classes
known = np.where(is_cat, scores[:, cats].sum(axis=1), scores[:, dogs].sum(axis=1))
cat = (known * is_cat).argmax()
print(scores.shape, "best-known cat:", labels["File Name"][cat])

# %% [markdown]
# 看到这张图片，分别换上每一种权重，网络会把多少信念分给 ImageNet 的 5<!--= cats.stop - cats.start --> 种猫？
#
# **预测：** 用 `weights=None` 呢？
#
# <details><summary>大约一半：它拿不定主意</summary>
#
# **不对。** 只有两个类别时才会这样。它的信念要分给 1,000<!--= scores.shape[1] --> 个类别。
#
# </details>
# <details><summary>几乎没有</summary>
#
# **对。** 不到 0.01<!--? beliefs["None"] < 0.01 -->。随机的数，信念也随机，而猫只占 1,000<!--= scores.shape[1] --> 类中的 5<!--= cats.stop - cats.start --> 类。
#
# </details>
# <details><summary>报错：它没有权重</summary>
#
# **不对。** 那倒算它好心了。`None` 的意思是随机数，一切照样运行；正因如此，这个疏忽才这么难发现。
#
# </details>

# %%
lite0_path = backbones.imagenet_weights(backbones.LITE0)
beliefs = {}
for kind, weights in {
    "imagenet": "imagenet",
    "a path": lite0_path,
    "None": None,
}.items():
    answer = np.array(backbones.EfficientNetLite0(weights=weights)(inputs[[cat]]))
    beliefs[kind] = answer[0, cats].sum()
pd.DataFrame({"belief in a cat": beliefs}).round(3)

# %% [markdown]
# 路径里是同样的数值，回答也就一样<!--? beliefs["a path"] == beliefs["imagenet"] -->；随机的数什么都不知道。
#
# InceptionV3 的**图纸**，你看过了：层、名字、形状、大小和秒数，都是真的。它*看到*什么，随机权重显示不出来；所以从这里起，改用 EfficientNet-Lite0 来看。如果你能上网，把下面的代码复制到一个单元格里，InceptionV3 也会回答：
#
# ```python
# from keras.applications import inception_v3
#
# online = inception_v3.InceptionV3(weights="imagenet")  # 96 MB, kept in ~/.keras/models
# picture = read_picture(paths[cat], size=(299, 299)).astype("float32")
# answer = online.predict(inception_v3.preprocess_input(picture[np.newaxis]))
# inception_v3.decode_predictions(answer, top=5)[0]
# ```
#
# ## 说出图片的名字
#
# `decode_predictions` 查出排在前五的名字：网络最有把握的那只猫和那只狗，还有它最没有把握的那只宠物<!--? known[chosen[2]] == known.min() -->。

# %%
chosen = [cat, (known * ~is_cat).argmax(), known.argmin()]
titles = [f"{labels['Label'][n]}, picture {n}" for n in chosen]
show(picture_grid(pixels[chosen], titles), f"Three pets: {'; '.join(titles)}.")

top5 = backbones.decode_predictions(scores[chosen], top=5)
names = [[f"{name} {score:.2f}" for _, name, score in row] for row in top5]
pd.DataFrame(names, index=titles, columns=range(1, 6)).T

# %% [markdown]
# **预测：** 200<!--= len(first) --> 只宠物里，有多少只的第一个名字是 ImageNet 里的某种猫或狗，而且没有把猫狗弄反？
#
# <details><summary>几乎全部：它可是用一百万张照片训练的</summary>
#
# **不对。** 换成宠物的照片，会是这样。最后一步要从看到的东西得出名字，对这一步来说，画是一种新的图片。
#
# </details>
# <details><summary>大约一半</summary>
#
# **不对。** 在两个回答之间瞎猜才是这样。它有 1,000<!--= scores.shape[1] --> 个回答，其中有些用来称呼画也说得过去。
#
# </details>
# <details><summary>大约十分之一</summary>
#
# **对。** 21<!--= right.sum() --> 只。它最爱说的是 `teddy`<!--= first_names.index[0] -->。
#
# </details>

# %%
first = [row[0][1] for row in backbones.decode_predictions(scores, top=1)]
best = scores.argmax(axis=1)
right = np.where(is_cat, np.isin(best, np.r_[cats]), np.isin(best, np.r_[dogs]))
print(f"{right.sum()} of {len(first)} are called a cat or a dog, and rightly so")
first_names = pd.Series(first).value_counts()
print(first_names.head(3).to_dict())

# %% [markdown]
# 这个网络是用照片训练的，200<!--= len(first) --> 只绘制的宠物里，它把 99<!--= first_names["teddy"] --> 只叫做 `teddy`：这个回答并不傻。完整的网络只认得自己的 1,000<!--= scores.shape[1] --> 个类别，和自己的那种图片。所以你会去掉它的顶部，留下下面的部分。
#
# ## 从边缘到耳朵
#
# 下面的部分里有什么？任何一层的输出，都可以当作模型的输出。取五层，从靠前的一层到靠后的一层<!--? len(channels) == 5 -->，每层手工挑几个通道。

# %%
channels = {
    "stem_activation": [13, 4, 18, 3],
    "block2b_expand_activation": [97, 111, 81, 40],
    "block3b_expand_activation": [97, 43, 137, 199],
    "block5b_expand_activation": [448, 230, 580, 164],
    "block6c_expand_activation": [309, 159, 700, 413],
}
outputs = {name: network.get_layer(name).output for name in channels}
eyes = keras.Model(network.input, outputs)
activations = eyes(inputs[[cat]])
for name, output in activations.items():
    print(f"{name:<26}", output.shape)

# %%
from helpers.figures import activation_figure

shapes = [output.shape[1] for output in activations.values()]
text = f"Where 20 channels respond, in maps of {shapes[0]}×{shapes[0]} to "
text += f"{shapes[-1]}×{shapes[-1]} places, laid over a {labels['Label'][cat]}."
of_cat = {name: output[0] for name, output in activations.items()}
show(activation_figure(pixels[cat], of_cat, channels), text)

# %% [markdown]
# 在这些通道里，靠前的层响应明暗和颜色，接下来的响应轮廓，响应竖线或横线。再往后，就挑剔起来：眼睛、胡须、耳朵尖。这些是从照片里学来的，如今用在一张画上。
#
# 一张图片可能骗人。在全部 200<!--= len(pixels) --> 张图片里，一个通道在哪里响应最强？

# %%
from helpers.figures import spot_figure, strongest_spots

asked = {
    "block2b_expand_activation": [97],
    "block3b_expand_activation": [97],
    "block5b_expand_activation": [360, 230],
    "block6c_expand_activation": [309, 612, 159],
}
n_spots = 8
spots = strongest_spots(eyes, inputs, asked, n=n_spots)
late = spots[spots["layer"].str.startswith("block6c")]
n_dogs = late.groupby("channel")["picture"].agg(lambda rows: (~is_cat[rows]).sum())
spot_sizes = dict(zip(list(channels)[1:], [40, 64, 80, 112], strict=True))  # in pixels
text = (
    f"The spots that {len(spots) // n_spots} channels respond to most. Dogs among the "
)
text += f"{n_spots} pictures of each channel of block6c: {n_dogs.to_dict()}."
show(spot_figure(pixels, spots, spot_sizes), text)

# %% [markdown]
# 从上到下：竖条；毛发、眼睛或鼻子上的暗点；吻部；胡须，还有一簇草；尖耳朵，不管长在谁头上；狗的脸；猫的脸。通道 `612`<!--? 612 in n_dogs.index --> 响应最强的 8<!--= n_spots --> 张图片里，8<!--= n_dogs[612] --> 张是狗；通道 `159`<!--? 159 in n_dogs.index --> 的图片里，0<!--= n_dogs[159] --> 张是狗。没有人告诉过网络什么是耳朵，是训练告诉它的。
#
# ## 检验一下

# %% tags=["check"] asserts=12
assert n_layers == len(base.layers) == 311
assert len(full.layers) == 313
assert full.count_params() - base.count_params() == 2048 * 1000 + 1000
changed = settings[settings["change"] == "value"].index.get_level_values(1)
assert set(changed) == {"name", "kernel_initializer"}
glorot = keras.initializers.GlorotUniform()
assert isinstance(glorot, keras.initializers.VarianceScaling)
assert (glorot.scale, glorot.mode, glorot.distribution) == (1, "fan_avg", "uniform")
assert base.layers[1].name == "conv2d_94"
assert same
assert seconds["VGG16"] > seconds["InceptionV3"] > seconds["EfficientNetLite0"]
assert beliefs["a path"] == beliefs["imagenet"] > 10 * beliefs["None"]
assert shapes == [112, 56, 28, 14, 7]
assert n_dogs[612] - n_dogs[159] >= 4
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# 权重可以从磁盘上的文件加载（2019 年的那篇文章也有这一行，不过注释掉了）。造一个这样的文件，里面是随机数，拿来试试；再试一个写错的名字，还有一个只收到前面一部分的文件。

# %%
def attempt(load):
    try:
        load()
    except Exception as error:
        message = f"{type(error).__name__}: {error}".split(", sblock")[0]
        print(message)
        return message


# %% tags=["then"]
import logging

old_path = Path(folder.name) / "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
logging.getLogger("absl").setLevel("ERROR")  # no warning that `.h5` is an old format
full.save(old_path)
with_top = attempt(lambda: InceptionV3(weights=old_path, include_top=False))
slip = attempt(lambda: InceptionV3(weights="inception_v3.h5", include_top=False))

half_path = Path(folder.name) / "half.weights.h5"
half_path.write_bytes(edge_path.read_bytes()[:6000])
half = attempt(lambda: edge_one.load_weights(half_path))

# %% [markdown]
# - `Model expected 188 layers, found 189 saved layers`<!--= with_top -->：这个文件是*带*顶部的网络的。（不是每层都有权重。）请换成名字以 `_notop.h5` 结尾的文件，或者用 `include_top=True`。
# - `Received: weights=inception_v3.h5`<!--= slip -->：没有这个文件，报错却不说。用 `Path(…).exists()` 看一下。
# - `truncated file`<!--= half -->：只下载了一半，或者只复制了一半。重新取一次。（Keras 自己下载的文件，它会检查，放在 `~/.keras/models`。）如果完全没有网络，`weights="imagenet"` 会以 `URL fetch failure on https://…` 告终；从同事那里要一个文件放进去，能解围。
# - **没有报错**：本来想写 `"imagenet"`，却写了 `weights=None`。一切照样运行，网络却什么都不知道。拿一张它必定认得的图片问问它。

# %% [markdown]
# ## 你看到了什么
#
# - 网络是图纸；它的权重是文件里的数值。有了数值，对猫的信念是 0.47<!--= beliefs["a path"] -->；没有，就是 0.00<!--= beliefs["None"] -->。
# - InceptionV3 有 311<!--= n_layers --> 层，11<!--= table["name"].str.fullmatch(r"mixed\d+").sum() --> 个块，从 `mixed0` 到 `mixed10`。顶部再加 2<!--= len(full.layers) - len(base.layers) --> 层，2,049,000<!--= full.count_params() - base.count_params() --> 个参数。
# - 训练过的网络从光走到线条，再走到耳朵。它自己的那些名字，适合 200<!--= len(first) --> 只绘制的宠物里的 21<!--= right.sum() --> 只；它的特征有多大用处，第 6 课再问。
#
# 局限：通道是手工挑的，InceptionV3 没有自己的数值。

# %%
from helpers.ties import compare_text

compare_text("02_look_inside_inceptionv3", globals())

# %% [markdown]
# ## 动手试试
#
# 三道练习，从改一行到搭一个自己的模型：
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
import pandas as pd
from keras import layers
from keras.applications import InceptionV3

from helpers import backbones
from helpers.layers import layer_table
from helpers.picture_sets import open_pictures
from helpers.pictures import read_picture

pictures = open_pictures("drawn")
labels = pd.read_csv(pictures.train_table)
paths = [pictures.train_folder / name for name in labels["File Name"][:40]]
pixels = np.array([read_picture(path, (224, 224)) for path in paths])

# %% [markdown] tags=["exercise"]
# ## 2.1 · 把滤波器转一下
#
# 课文里的滤波器，响应的是竖着的边缘。改一行，让 `lying` 响应平躺的边缘：地平线、桌面、猫背。

# %% tags=["exercise-gap"]
edges = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # right minus left

picture = keras.Input((224, 224, 3))
lying = keras.Model(picture, layers.Conv2D(1, 3)(picture))
lying.set_weights([np.repeat(edges[:, :, None, None], 3, axis=2), np.zeros(1)])

# %% [markdown] tags=["exercise-hint"]
# 一行里的数，代表从左到右的邻居。哪些数代表从上到下的邻居？

# %% [markdown] tags=["exercise-hint"]
# 在 NumPy 里，`.T` 把行变成列。

# %% tags=["exercise-solution"]
edges = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]).T  # below minus above

picture = keras.Input((224, 224, 3))
lying = keras.Model(picture, layers.Conv2D(1, 3)(picture))
lying.set_weights([np.repeat(edges[:, :, None, None], 3, axis=2), np.zeros(1)])

# %% tags=["exercise-solution"]
flag = np.zeros((1, 224, 224, 3), "float32")
flag[:, 112:] = 255  # black above, white below: one flat edge
of_lying = float(np.abs(lying(flag)).max())
of_standing = float(np.abs(lying(flag.transpose(0, 2, 1, 3))).max())
print(f"a flat edge: {of_lying:.0f}; an upright one: {of_standing:.0f}")
assert of_standing < 1e-3 < of_lying

# %% [markdown] tags=["exercise-solution"]
# 对平躺的边缘，它的回答是 3,060<!--= of_lying -->；对竖着的，毫无反应。图纸没变，九个数<!--? edges.size == 9 -->换了位置。

# %% [markdown] tags=["exercise"]
# ## 2.2 · 参数在哪里？
#
# 在 InceptionV3 里，有多少参数在 `mixed7` 后面，也就是在它之后的各层里？`table` 每层一行，从图片往下排。

# %% tags=["exercise-setup"]
with keras.StatelessScope(initialize_variables=False):  # the plan, and no numbers
    base = InceptionV3(weights=None, include_top=False, input_shape=(299, 299, 3))
table = layer_table(base)
table[["name", "parameters"]].tail(3)

# %% tags=["exercise-gap"]
behind = ...  # a whole number

# %% [markdown] tags=["exercise-hint"]
# `table.set_index("name").index.get_loc("mixed7")` 就是 `mixed7` 在表里的位置。

# %% [markdown] tags=["exercise-hint"]
# `table["parameters"][place + 1 :].sum()` 从那个位置的下一行起，全部加起来。

# %% tags=["exercise-solution"]
place = table.set_index("name").index.get_loc("mixed7")
behind = table["parameters"][place + 1 :].sum()
share = behind / base.count_params()
print(f"{behind:,} of {base.count_params():,}, in {len(table) - place - 1} layers")

# %% [markdown] tags=["exercise-solution"]
# 311<!--= len(table) --> 层中的 82<!--= len(table) - place - 1 --> 层里，有 59%<!--= share --> 的参数。那里的图小，通道多；所以一层有很多权重，每个权重只用在不多的位置上。

# %% [markdown] tags=["exercise"]
# ## 2.3 · 透过一个通道看
#
# 搭一个模型 `eye`，从图片到 `block5b_expand_activation` 这一层。这一层的通道 `230`，对 `40` 张图片里的哪一张响应最强？在哪个位置都算。把它的编号（从 0 数起）放进 `strongest`。

# %% tags=["exercise-setup"]
network = backbones.EfficientNetLite0(weights="imagenet")
inputs = backbones.preprocess_input(pixels)
inputs.shape, network.get_layer("block5b_expand_activation").output.shape

# %% tags=["exercise-gap"]
eye = ...  # a keras.Model
strongest = ...  # the number of a picture

# %% [markdown] tags=["exercise-hint"]
# 模型有输入和输出，任何一层的输出都可以用：`keras.Model(network.input, network.get_layer(name).output)`。

# %% [markdown] tags=["exercise-hint"]
# 拿来问它的是 `inputs`，不是 `pixels`。回答的形状是（图片，高，宽，通道）：先取一个通道，再对高和宽取 `max`，最后取 `argmax`。

# %% tags=["exercise-solution"]
name = "block5b_expand_activation"
eye = keras.Model(network.input, network.get_layer(name).output)
responses = eye.predict(inputs, verbose=0)[..., 230].max(axis=(1, 2))
strongest = int(responses.argmax())
print(
    f"picture {strongest}, a {labels['Label'][strongest]}: {responses[strongest]:.2f}"
)

# %% [markdown] tags=["exercise-solution"]
# 图片 13<!--= strongest -->。这个通道响应最强的地方，你在课文里见过：胡须。

# %% [markdown]
# ## 接着学
#
# - [Keras Applications](https://keras.io/api/applications/)：它的全部网络，附有大小、准确率和时间。
# - [特征可视化](https://distill.pub/2017/feature-visualization/)：专为让某个通道兴奋而造的图片。
# - [Rethinking the Inception architecture](https://arxiv.org/abs/1512.00567)：InceptionV3 就出自这篇论文。
