# %% [markdown]
# # 1 · 深度学习的概念
#
# 你马上就要让电脑看东西了。先从一个**神经元**讲起，你早就认识它，只是叫法不同；再一步步走到整套课程的中心想法：网络学会过一次的东西，不必再学一遍。

# %% [markdown]
# ## 你会学到什么
#
# - **搭**一个神经元，一步一步教它，最后发现它就是逻辑回归。
# - **说清**学习率、优化器、层、滤波器和记忆各有什么作用，每一样都用实验来看；见到过拟合能认出来。
# - 把网络学会的东西**迁移**到新任务上，并测量这样能省下多少。

# %% [markdown]
# ## 需要准备什么
#
# 会一点 Python，还记得 scikit-learn 里的逻辑回归；不用懂深度学习，不用显卡，也不用联网。在两个 CPU 核上大约计算一分钟。

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

from helpers.figures import diagram, picture_grid, show
from helpers.pets import draw_pet

drawing = draw_pet("cat", seed=5).resize((224, 224))
light = np.asarray(drawing.convert("L")) / 255  # 0 is black, 1 is white

# %% [markdown]
# ## 基本想法
#
# 你看见一只猫，却说不出是怎么看见的。眼睛里的感受器只会报告一个个光点。在它们上面有神经细胞，也就是**神经元**，每个都连着几个感受器。神经元平时沉默，直到遇见唯一能让它兴奋的东西，比如一个暗点的右边有个亮点，这就是边缘。这时它才*放电*。下一**层**的神经元倾听这一层，就这样一层层向上：从光到边缘，从边缘到轮廓和形状，从形状到猫。
#
# 人工神经元给每个输入乘以一个**权重**，全部加起来，再加上一个**偏置**，最后把总和压成 0（沉默）到 1（放电）之间的一个数：

# %%
def neuron(inputs, weights, bias):
    total = inputs @ weights + bias
    return 1 / (1 + np.exp(-total))  # the logistic function


edge_weights, edge_bias = np.array([-20.0, 20.0]), -2.0
at_edge = neuron(np.array([0.2, 0.5]), edge_weights, edge_bias)
on_wall = neuron(np.array([0.5, 0.5]), edge_weights, edge_bias)

boxes = {"left point\n0.2": (0, 0), "right point\n0.5": (0, 1)}
boxes |= {"sum, with bias −2:\n4": (1.8, 0.5), f"fires:\n{at_edge:.2f}": (3.4, 0.5)}
left, right, total, out = boxes
arrows = [(left, total, "× −20"), (right, total, "× 20"), (total, out, "logistic")]
fig = diagram(boxes, arrows, marked=[total], title="A neuron that looks for an edge")
show(
    fig, f"Dark beside light: {at_edge:.2f}, fires. Light beside light: {on_wall:.2f}."
)

# %% [markdown]
# 现在让这个神经元看看你的猫：每个点，连同它右边的邻居，处处都看。

# %%
pairs = np.stack([light[:, :-1], light[:, 1:]], axis=-1)  # (224, 223, 2)
fired = neuron(pairs, edge_weights, edge_bias)

titles = ["what the receptors report", "where the neuron fires"]
fig = picture_grid([light * 255, fired * 255], titles, columns=2)
show(fig, f"A cat, and its outlines: the neuron fires at {(fired > 0.5).mean():.0%}.")

# %% [markdown]
# 两个权重和一个偏置，猫的轮廓就出来了：左边暗的那些。其余的轮廓，由权重不同的姐妹来管。
#
# ## 神经元就是逻辑回归
#
# 加权的输入，求和，逻辑函数：scikit-learn 拟合的正是这个。拿一百<!--? (is_dog == 0).sum() == 100 -->只猫和同样多的狗，每只量两个数；数是编的，不过说得过去。

# %%
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(0)
is_dog = np.repeat([0, 1], 100)
typical = np.where(is_dog[:, np.newaxis] == 0, [0.8, -0.8], [-0.8, 0.8])
animals = rng.normal(typical)  # how pointed the ears, how long the snout

regression = LogisticRegression(C=np.inf).fit(animals, is_dog)  # inf: without penalty
fitted, intercept = regression.coef_[0], regression.intercept_[0]
difference = (
    neuron(animals, fitted, intercept) - regression.predict_proba(animals)[:, 1]
)
print(f"weights {fitted.round(2)}, bias {intercept:.2f}")
print("same probability for every animal:", bool(np.abs(difference).max() < 1e-9))

# %% [markdown]
# 所以，你对逻辑回归懂多少，对神经元就懂多少。（把平滑的曲线换成硬阈值，神经元就是 1958 年的**感知机**。）scikit-learn 找到了三个数。要靠你自己，怎样才能找到它们？
#
# ## 神经元怎样学习
#
# 从一个什么都不知道的神经元开始：全是零。然后量一量它*错得有多厉害*。对每只动物，先看神经元给真实类别多大的概率，再取它的负对数：有把握而且对，就是 0；有把握却错了，就很大。所有动物的平均值叫做**损失**，这里用的是*交叉熵*。学习，无非是让它变小。
#
# 哪边是下坡？把每个权重轻轻拨一下，看损失是升还是降。

# %%
def loss(weights, bias):
    dog = neuron(animals, weights, bias)  # the probability of a dog
    right = np.where(is_dog, dog, 1 - dog)  # the probability of what it is
    return -np.log(right).mean()


zeros, nudge = np.zeros(2), 0.001
loss_before = loss(zeros, 0.0)
nudged = [(loss(zeros + nudge * one, 0.0) - loss_before) / nudge for one in np.eye(2)]
print(f"loss {loss_before:.3f}")
print(f"slopes: ears {nudged[0]:+.2f}, snout {nudged[1]:+.2f}")

# %% [markdown]
# 多给尖耳朵一点权重，损失上升<!--? nudged[0] > 0 -->；多给长吻部一点权重，损失下降<!--? nudged[1] < 0 -->。所有斜率合在一起，就是**梯度**。它指向上坡，所以要反着走：每走一步，各个权重都朝反方向移动，移动的量是它的斜率乘以一个数；这个数由你来选，叫做**学习率**。
#
# 一个权重一个权重地拨，太费时间。对这种损失，微积分一次就给出全部斜率：*（回答 − 真值）× 输入*，再取平均。

# %%
def step(weights, bias, rate):
    too_high = neuron(animals, weights, bias) - is_dog  # answer minus truth
    gradient = too_high @ animals / len(animals)
    return weights - rate * gradient, bias - rate * too_high.mean()


by_hand = step(zeros, 0.0, rate=3.0)
loss_after = loss(*by_hand)
print(f"loss {loss_before:.3f}, after one step {loss_after:.3f}")

# %% [markdown]
# 只走一步，就从 0.693<!--= loss_before --> 到了 0.307<!--= loss_after -->。下面用 Keras。只有一个神经元的 `Dense` 层，就是同样的神经元；`compile` 接收走法和损失；`fit` 开始走。

# %%
one = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
one.set_weights([np.zeros((2, 1)), np.zeros(1)])
one.compile(keras.optimizers.SGD(3.0), "binary_crossentropy")

one.fit(animals, is_dog, batch_size=200, epochs=1, verbose=0)
first_step = one.get_weights()[0][:, 0]
one.fit(animals, is_dog, batch_size=200, epochs=39, verbose=0)
kernel, bias = one.get_weights()
print("Keras's first step is yours:", np.allclose(first_step, by_hand[0], atol=1e-4))
print(f"after all steps: weights {kernel[:, 0].round(2)}, bias {bias[0]:.2f}")

# %% [markdown]
# 这正是 scikit-learn 的权重<!--? np.allclose(kernel[:, 0], fitted, atol=0.01) -->，不过是靠走下坡找到的。
#
# *周期*（epoch）是把全部数据看一遍，*批次*（batch）是神经元每走一步之前看的那些数据。这里一批就是全部 200<!--= len(animals) --> 只动物，所以一个周期就是一步。如果用 `batch_size=20`，就是十步<!--? len(animals) / 20 == 10 -->，每一步都沿着粗略估计的梯度走：所以叫*随机*梯度下降，即 `SGD`。第 5 课两种都会试。

# %% [markdown]
# ## 一步走多远
#
# 学习率由你来选。只给神经元一个权重，也就是吻部的，损失就能画成一条曲线。从 0 出发走十步，用三种学习率。

# %% [markdown]
# **预测：** 学习率为 3<!--= trials[1] --> 时，神经元会走到谷底。换成 40<!--= trials[2] -->，会怎样？
#
# <details><summary>第一步就走到</summary>
#
# **不对。** 步子长，看上去就快。可是步长等于斜率乘学习率，谷底再近也是如此。
#
# </details>
# <details><summary>它跳过谷底，但一跳比一跳小</summary>
#
# **不对。** 学习率稍微偏高时才这样。照这里的学习率，每次往回走，最后都落到陡的那一侧，又被甩出去。
#
# </details>
# <details><summary>它来回地跳，停不下来</summary>
#
# **对。** 走完十步，损失比出发时还高<!--? leaps > loss_before -->。
#
# </details>

# %%
snouts = animals[:, 1:]


def curve(weights):  # the loss of a neuron with one weight and no bias
    dog = neuron(snouts, weights[np.newaxis], 0.0)  # (200, weights)
    return -np.log(np.where(is_dog[:, np.newaxis], dog, 1 - dog)).mean(axis=0)


def walk_curve(rate, steps=10):
    path = [np.zeros(1)]
    for _ in range(steps):
        too_high = neuron(snouts, path[-1], 0.0) - is_dog
        path.append(path[-1] - rate * too_high @ snouts / len(snouts))
    return np.concatenate(path)


trials = [0.3, 3.0, 40.0]
paths = {rate: walk_curve(rate) for rate in trials}
creeps, arrives, leaps = (curve(path)[-1] for path in paths.values())

# %%
from helpers.figures import descent_curves

titled = {f"rate {rate}": path for rate, path in paths.items()}
fig = descent_curves(curve, titled, reach=(-1, 16))
ends = ", ".join(f"{title} {curve(path)[-1]:.2f}" for title, path in titled.items())
show(fig, f"The loss after ten steps: {ends}.")

# %% [markdown]
# 学习率太小，就是在爬：十步之后还没到谷底（0.53<!--= creeps -->，而走到谷底的是 0.48<!--= arrives -->）。学习率太大，就会越过山谷跳到对面坡上，最后比出发时还高：1.05<!--= leaps --><!--? leaps > loss_before -->。看到损失上升或者大起大落，就知道是学习率太大。哪个学习率合适，要看损失有多陡，所以只能试；每次放大到三倍，或者缩小到三分之一，是合理的试法。
#
# ## 优化器带来什么
#
# 有两个权重，损失就是一片地形，常常是一条又长又窄的山谷。换个单位来量吻部，就会得到这样一条。怎样走过它，由**优化器**来定。试四种，每种都从五个学习率<!--? len(rates) == 5 -->里取最好的<!--? all(rate in rates[1:-1] for rate in best.values()) -->。

# %%
from functools import partial

from scipy.special import expit  # the logistic function, safe for large sums

optimizers = {
    "SGD": keras.optimizers.SGD,
    "momentum": partial(keras.optimizers.SGD, momentum=0.9),
    "RMSprop": keras.optimizers.RMSprop,
    "Adam": keras.optimizers.Adam,
}


def walk(optimizer, inputs, steps=50):
    place = keras.Variable([0.0, 0.0])
    path = [place.numpy()]
    for _ in range(steps):
        too_high = expit(inputs @ path[-1]) - is_dog
        optimizer.apply([too_high @ inputs / len(inputs)], [place])
        path.append(place.numpy())
    return np.array(path)


# %%
narrow = animals * [1, 10]  # the snouts in another unit


def landscape(places):  # the loss at places (..., 2), safe for large sums
    sums = places @ narrow.T
    return (np.logaddexp(0, sums) - is_dog * sums).mean(axis=-1)


def ends_at(path):  # on average over the last ten steps
    return landscape(path[-10:]).mean()


rates, ways, best = [0.03, 0.05, 0.1, 0.3, 0.5], {}, {}
for name, make in optimizers.items():
    tried = {rate: walk(make(rate), narrow) for rate in rates}
    best[name] = min(tried, key=lambda rate: ends_at(tried[rate]))
    ways[name] = tried[best[name]]

# %%
from helpers.figures import descent_map

line = LogisticRegression(C=np.inf, fit_intercept=False).fit(narrow, is_dog)
goal = line.coef_[0]
above = {name: ends_at(way) - landscape(goal) for name, way in ways.items()}
titled = {f"{name}, rate {best[name]}": way for name, way in ways.items()}
fig = descent_map(landscape, titled, reach=((-2.6, 0.4), (-0.4, 1.2)), goal=goal)
fig.supxlabel("weight of the ears", fontsize=11)
fig.supylabel("weight of the snout", fontsize=11)
left_over = ", ".join(f"{name} {rest:.3f}" for name, rest in above.items())
show(fig, f"They end so much above the lowest loss (the cross): {left_over}.")

# %% [markdown]
# - `SGD` 跟着斜坡走，而斜坡指向山谷的对面，不是顺着山谷。于是它左右来回地跳，前进得很慢。
# - 有了**动量**，它会留住上一步的一部分，像滚动的球那样。横向的跳互相抵消，纵向的步子越积越大。
# - `RMSprop` 把每个斜率除以它近来的大小，这样，坡陡的权重和坡缓的权重就走得一样快。
# - `Adam` 两样都做。
#
# 在这条山谷里，这三种走到的地方都比普通的 `SGD`<!--? above["SGD"] > max(above["momentum"], above["RMSprop"], above["Adam"]) --> 更低。不过，是单位把山谷弄窄的。用原来的单位，`SGD` 不用帮忙也能走到谷底<!--? round_valley < 0.001 -->：所以，先缩放输入。

# %%
round_way = walk(keras.optimizers.SGD(3.0), animals)
round_valley = loss(round_way[-1], 0.0) - landscape(goal)
print(f"snouts in the old unit: SGD ends {round_valley:.4f} above the lowest loss")

by_name = keras.optimizers.get("rmsprop")
default_rate = float(by_name.learning_rate)
print(f"optimizer 'rmsprop': a rate of {default_rate:.3f}")

# %% [markdown]
# 后面的课用名字来选优化器，写成 `compile("rmsprop", …)`。这样得到的学习率是 0.001<!--= default_rate -->，层数多的网络常用这个值。

# %% [markdown]
# ## 多一层带来什么
#
# 楼梯间有一盏灯，由两个开关控制。恰好有一个开关朝上时，灯就亮<!--? ((corners[:, 0] != corners[:, 1]) == burns).all() -->：“非此即彼，不可兼得”，简称**异或**（XOR）。单个神经元只画得出一条直线。让它学这盏灯，从三个起点各学一次。
#
# **预测：** 各种情形里，它能答对多少？
#
# <details><summary>全部，只要训练得够久</summary>
#
# **不对。** 训练会移动那条线。可是没有哪条线能让灯亮的两个角都在一边，另外两个角都在另一边。
#
# </details>
# <details><summary>四分之三：四个角里的三个</summary>
#
# **不对。** 这样的线是有的，想到它的人会指望神经元找到它。可是没有人要求神经元答对，只要求它损失低。
#
# </details>
# <details><summary>大约一半，和抛硬币一样</summary>
#
# **对。** 大约 49%<!--= alone.mean(), 0.03 -->，从哪个起点都一样<!--? np.ptp(alone) < 0.03 -->。
#
# </details>

# %%
corners = rng.choice([-1, 1], (200, 2))
burns = (corners[:, 0] != corners[:, 1]).astype(int)
switches = corners + rng.normal(0, 0.25, (200, 2))  # not quite up, not quite down


def lamp_network(*hidden):
    output = layers.Dense(1, activation="sigmoid")
    return keras.Sequential([keras.Input((2,)), *hidden, output])


def share_right(model):
    return ((np.asarray(model(switches))[:, 0] > 0.5) == burns).mean()


def begin_again(model, rate):  # other weights, and an optimizer that recalls nothing
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        variable.assign(keras.ops.zeros_like(variable))
    model.optimizer.learning_rate = rate


# %%
def learn_lamp(*hidden, starts=3):
    model, shares = lamp_network(*hidden), []
    model.compile(keras.optimizers.Adam(), "binary_crossentropy")
    for _ in range(starts):
        begin_again(model, rate=0.05)
        model.fit(switches, burns, batch_size=20, epochs=10, verbose=0)
        shares.append(share_right(model))
        print(f"layers: {len(model.layers)}, right on {shares[-1]:.2f}")
    return model, np.array(shares)


single, alone = learn_lamp()
layered, together = learn_lamp(layers.Dense(4, activation="tanh"))

# %%
from helpers.figures import decision_map

fig, axes = plt.subplots(1, 2, figsize=(7, 3.6), sharey=True)
decision_map(single, switches, burns, axes[0])
decision_map(layered, switches, burns, axes[1], hidden=layered.layers[0])
axes[0].set(title=f"One neuron: right on {alone[-1]:.2f}", ylabel="second switch")
axes[1].set(title=f"Four neurons, then one: {together[-1]:.2f}")
fig.supxlabel("first switch", fontsize=11)
show(fig, f"One neuron is right on {alone[-1]:.2f}, two layers on {together[-1]:.2f}.")

# %% [markdown]
# 无论哪条线，总会把一个角留在错的一边，所以它最多<!--? best_line < 0.8 -->答对四个角里的三个。可是神经元连这样的线都没有找到：不比抛硬币强<!--? alone.max() < 0.6 -->。它不数答对几个，只管降低损失。而损失的谷底，是一个对什么都说“也许”的神经元：

# %%
angles = np.linspace(0, np.pi, 180)
across = switches @ np.stack([np.cos(angles), np.sin(angles)])  # (200, angles)
sides = [(burns == (across > t).T).mean(axis=1) for t in np.linspace(-2, 2, 81)]
best_line = np.maximum(sides, 1 - np.array(sides)).max()

perhaps = np.asarray(single(switches))[:, 0]
lamp_loss = -np.log(np.where(burns, perhaps, 1 - perhaps)).mean()
print(f"the best of all lines is right on {best_line:.1%}")
print(
    f"the neuron says {perhaps.min():.2f} to {perhaps.max():.2f}, loss {lamp_loss:.3f}"
)

# %% [markdown]
# 在第二个网络里，四个神经元组成一个**隐藏层**。每个画一条自己的线，就是图中的虚线；上面的神经元学的不再是开关，而是*它们*的回答。在那里，一条直线就够了。问问逻辑回归：

# %%
hidden_answers = np.asarray(layered.layers[0](switches))
on_switches = LogisticRegression().fit(switches, burns).score(switches, burns)
on_answers = (
    LogisticRegression().fit(hidden_answers, burns).score(hidden_answers, burns)
)
print(f"a line through the switches: {on_switches:.0%}")
print(f"a line through the hidden neurons' answers: {on_answers:.0%}")

# %% [markdown]
# 这就是多一层带来的：它把任务变成下一层能解决的样子。
#
# ## 多层网络怎样学习
#
# 最后一个神经元还像以前那样学。可是，一个*隐藏*的权重该往哪边走？没有人说过隐藏的神经元该怎么回答。**反向传播**从损失往回推：每个加权和该负多少责任，由它上面那个加权和的责任推出来。下面每层只有一个神经元，而灯应当亮：

# %%
x, w_hidden, w_out, truth = 1.0, 0.5, -1.0, 1
hidden = np.tanh(x * w_hidden)  # forward, layer by layer
answer = 1 / (1 + np.exp(-hidden * w_out))

blame_out = answer - truth  # backward: first the last sum,
bend = 1 - hidden**2  # the slope of tanh there
blame_hidden = blame_out * w_out * bend  # then the one below it
slope_out, slope_hidden = blame_out * hidden, blame_hidden * x  # blame × input

# %%
boxes = {
    f"input\n{x:.0f}": (0, 0),
    f"hidden\n{hidden:.2f}": (2, 0),
    f"answer\n{answer:.2f}": (4, 0),
    f"its blame\n{blame_hidden:.2f}": (2, 1.6),
    f"its blame\n{blame_out:.2f}": (4, 1.6),
    f"slope of weight 0.5\n{slope_hidden:.2f}": (0.6, 2.9),
    f"slope of weight −1\n{slope_out:.2f}": (2.9, 2.9),
}
boxes = {text.replace("-", "−"): place for text, place in boxes.items()}
start, middle, end, low, high, first, second = boxes
arrows = [(start, middle, "× 0.5, tanh"), (middle, end, "× −1, logistic")]
arrows += [(end, high, "− truth"), (high, low, f"× −1 × {bend:.2f}")]
arrows += [(low, first, "× input"), (high, second, "× hidden")]
fig = diagram(
    boxes, arrows, marked=[low, high, first, second], title="Forward, and back"
)
show(fig, f"Slopes of the two weights: {slope_hidden:.2f} and {slope_out:.2f}.")

# %% [markdown]
# 往前走一遍，往回走一遍，就一次得到全部权重的斜率：一层的责任，在下面一层会再用到。要是一个个去拨，每个权重都得往前走一遍，而你接下来遇到的网络，权重有 4.7<!--= network.count_params() / 1e6 --> 百万个。
#
# 责任在往下传的路上，每过一道弯折就变小一些。逻辑函数的斜率最多四分之一<!--? 0.24 < steepest <= 0.25 -->，连过十道，剩下的不到百万分之一<!--? through_ten < 1e-6 -->，除非有大的权重来弥补：这就是**梯度消失**。所以隐藏层更爱用 `"relu"`，只要它放电，斜率就是 1<!--? relu_slope == 1 -->。

# %%
sums = np.linspace(-6, 6, 1201)
logistic = 1 / (1 + np.exp(-sums))
steepest = (logistic * (1 - logistic)).max()
through_ten = steepest**10
relu = keras.ops.convert_to_numpy(keras.activations.relu(np.array([2.0, 3.0])))
relu_slope = relu[1] - relu[0]
print(f"logistic: {steepest:.2f} at most, ten of them {through_ten:.1e}")
print(f"relu: {relu_slope:.0f}")

# %% [markdown]
# ## 从光到物体
#
# 回到你的猫。一个神经元，用同样的权重看遍各处，就是**卷积**<!--? eye.count_params() == 3 -->，它的权重就是**滤波器**。Keras 有一种层专做这件事：

# %%
eye = keras.Sequential(
    [keras.Input((224, 224, 1)), layers.Conv2D(1, (1, 2), activation="sigmoid")]
)
eye.set_weights([edge_weights.reshape(1, 2, 1, 1), np.array([edge_bias])])
seen = eye.predict(light[np.newaxis, ..., np.newaxis], verbose=0)[0, ..., 0]
print("Conv2D fires where your neuron fired:", np.allclose(seen, fired, atol=1e-4))

# %% [markdown]
# 边缘，你还能亲手写出来。形状就难了，猫更是没有指望：滤波器只能靠*学*。EfficientNet-Lite0 的滤波器，是从一百万张照片里学来的。沿着往上的路，看其中三层：滤波器在各个位置的响应，平均有多强？

# %%
from helpers.backbones import EfficientNetLite0, decode_predictions, preprocess_input

network = EfficientNetLite0(weights="imagenet")
stages = {"edges": "block2b_expand_activation", "shapes": "block3b_expand_activation"}
stages |= {"object": "top_activation"}
outputs = [network.get_layer(name).output for name in stages.values()]
inputs = preprocess_input(np.asarray(drawing, "float32")[np.newaxis])
watched = keras.Model(network.input, [*outputs, network.output])
*maps, named = watched.predict(inputs, verbose=0)
top_name = decode_predictions(named, top=1)[0][0][1]

# %%
means = [m[0].mean(axis=-1) for m in maps]  # over all filters of a layer
grays = [255 * (m - m.min()) / np.ptp(m) for m in means]  # least black, most white
fig = picture_grid([light * 255, *grays], ["light", *stages], columns=4)
sizes = ", ".join(
    f"{len(m)}×{len(m)} points for {s}" for s, m in zip(stages, means, strict=True)
)
show(fig, f"A cat's way up: {sizes}. The network's answer: {top_name}.")

# %% [markdown]
# 光，边缘，猫的形状，最后是一张粗略的图：只说动物在哪里，不再说它长什么样。到这里，与人们对大脑的了解相仿。接着，最后一层给它起了名字：`teddy`<!--= top_name -->。这个网络认识照片，几乎没见过画<!--! ImageNet, from which it learned, is a collection of photographs; a few show drawings -->。动物，它找到了；错的只是名字。请记住这一点：*只有最后一步要重新学。*
#
# ## 结构与权重
#
# 网络由两样东西组成。**结构**说的是有哪些层，谁和谁相连。**权重**是连线上的数值，来自训练。给灯的网络造一个双胞胎：先只给结构，再给权重。

# %%
import tempfile
from pathlib import Path

folder = tempfile.TemporaryDirectory()
weights_path = Path(folder.name) / "lamp.weights.h5"
layered.save_weights(weights_path)

twin = lamp_network(layers.Dense(4, activation="tanh"))  # the same structure
structure_only = share_right(twin)
twin.load_weights(weights_path)
with_weights = share_right(twin)
print(f"structure alone: {structure_only:.0%}, with its weights: {with_weights:.0%}")

# %% [markdown]
# 这一对，你早就认识。在经典机器学习里，结构叫算法，权重叫拟合好的模型：
#
# | | 经典机器学习 | 深度学习 |
# |---|---|---|
# | 家族 | 广义线性模型 | CNN（见下） |
# | 其中一员 | 线性回归、逻辑回归 | VGG、MobileNet 和 Inception |
# | 选定 | `LogisticRegression()` | `keras.Model(…)`，一个**结构** |
# | 训练 | `fit(X, y)`，一次用全部数据 | `compile(…)`、`fit(…)`，一次用几张图片 |
# | 得到 | 拟合好的模型：`coef_`、`intercept_` | **权重**：`get_weights()`，权重文件 |
# | 使用 | `predict(X)` | `predict(images)` |

# %% [markdown]
# ## 三个家族
#
# | 家族 | 怎样连接 | 适合什么 | 有名的成员 |
# |---|---|---|---|
# | **DNN**，深度神经网络 | 每个神经元都与下面一层的全部神经元相连 | 表格：经典任务 | 感知机、多层感知机 |
# | **CNN**，卷积神经网络 | 小小的滤波器，处处都看 | 图片 | VGG、MobileNet 和 Inception |
# | **RNN**，循环神经网络 | 刚才想过的，再送进来 | 序列、语言 | LSTM |
#
# （CNN 也是深的：这里叫 DNN 的，许多人叫多层感知机。）DNN 你已经训练过一个了：就是那盏灯。给接下来的两个网络出一道能看出本性的题：认字母。字母很小，带噪声，位置各不相同。

# %%
from helpers.toys import draw_letters

latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
letters = draw_letters(latin, per_letter=60, seed=0)  # images, labels
unseen = draw_letters(latin, per_letter=20, seed=1)
titles = [latin[label] for label in letters[1][:7]]
fig = picture_grid(letters[0][:7, ..., 0].clip(0, 1) * 255, titles, columns=7)
show(fig, f"The first of {len(letters[0]):,} pictures of letters: {', '.join(titles)}.")


# %%
def make_dnn(n_classes, *extra):
    hidden = [layers.Dense(128, activation="relu"), *extra]
    hidden += [layers.Dense(64, activation="tanh")]
    output = layers.Dense(n_classes, activation="softmax")
    inputs = keras.Input((20, 20, 1))
    return keras.Sequential([inputs, layers.Flatten(), *hidden, output])


def make_cnn(n_classes):
    filters = [
        layers.Conv2D(16, 3, activation="relu"),  # 16 filters of 3×3 weights
        layers.MaxPooling2D(),  # keeps the strongest of 2×2 answers
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(padding="same"),
    ]
    top = [layers.Flatten(), layers.Dense(64, activation="tanh")]
    output = layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input((20, 20, 1)), *filters, *top, output])


# %% [markdown]
# 每个网络都从不同的起点学三次<!--? len(dnn_histories) == len(cnn_histories) == 3 -->。每个周期之后，拿它没有学过的字母来考它，这些字母就是*验证数据*。（多个类别用 `softmax` 和 `sparse_categorical_crossentropy`，正如两个类别用逻辑函数和交叉熵；第 3 课会把它们拆开来看。）

# %%
def ready(model):
    loss = "sparse_categorical_crossentropy"
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def learn_letters(model, letters, unseen, epochs, batch_size=128, **settings):
    begin_again(model, rate=0.005)
    settings |= {"validation_data": unseen, "validation_batch_size": len(unseen[0])}
    history = model.fit(*letters, batch_size, epochs, verbose=0, **settings).history
    print(f"reads {history['val_accuracy'][-1]:.2f} of unseen letters")
    return history


def last(histories, key="val_accuracy"):
    return np.array([history[key][-1] for history in histories])


# %%
dnn = ready(make_dnn(26))
print(f"DNN, {dnn.count_params():,} weights:")
dnn_histories = [learn_letters(dnn, letters, unseen, epochs=14) for _ in range(3)]

# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
cnn = ready(make_cnn(26))
print(f"CNN, {cnn.count_params():,} weights:")
cnn_histories = [learn_letters(cnn, letters, unseen, epochs=14) for _ in range(3)]
dnn_reads, cnn_reads = last(dnn_histories), last(cnn_histories)

# %% [markdown]
# DNN 约 40%<!--= dnn_reads.mean(), 0.03 -->，CNN 约 87%<!--= cnn_reads.mean(), 0.03 --><!--? cnn_reads.min() > dnn_reads.max() + 0.3 -->，权重一样多<!--? abs(cnn.count_params() / dnn.count_params() - 1) < 0.02 -->，图片也一样。A 出现在这里，A 出现在那里，DNN 得一个一个地学；CNN 的滤波器处处都看，两个都找得到。

# %% [markdown]
# ## 死记硬背
#
# 可是，在学过的字母上，DNN 几乎不出错<!--? last(dnn_histories, "accuracy").min() > 0.99 -->。它把这些字母连同噪声一起背了下来：这就是**过拟合**。
#
# **预测：** 到了最后，它还在训练，虽然已经没有什么可学。这时，它在没见过的字母上的损失会怎样？
#
# <details><summary>继续慢慢下降</summary>
#
# **不对。** 人们总觉得练习有用。可是剩下可练的，只有这些图片上的噪声。
#
# </details>
# <details><summary>停在原处</summary>
#
# **不对。** 准确率倒是差不多停在原处<!--? steady < 0.05 -->，所以有人选这个。可是损失还要看它有多肯定：对同样的错，它越来越肯定。
#
# </details>
# <details><summary>上升</summary>
#
# **对。** 它在第 5 个周期前后最低<!--? abs(turns(dnn_histories) - 5).max() <= 2 -->，到最后更高，从每个起点都是如此<!--? rise > 1.01 -->。
#
# </details>

# %% [markdown]
# 可以试的一种疗法是**丢弃法**（dropout）：每走一步，`Dropout(0.5)` 都让一层里半数<!--? share == 0.5 -->的神经元沉默，每次换一批，这样谁也不能依赖邻居。

# %%
share = 0.5
dropper = ready(make_dnn(26, layers.Dropout(share)))
drop_histories = [learn_letters(dropper, letters, unseen, epochs=14) for _ in range(3)]


def turns(histories):  # the epoch after which the loss on unseen letters rises
    return np.array([np.argmin(history["val_loss"]) + 1 for history in histories])


lowest_losses = [min(history["val_loss"]) for history in dnn_histories]
rise = (last(dnn_histories, "val_loss") / lowest_losses).min()
accuracies = np.array([history["val_accuracy"] for history in dnn_histories])
steady = np.abs(accuracies[:, -1] - accuracies[:, 9]).max()
drop_reads = last(drop_histories)


# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), sharey=True)
kinds = {"DNN": dnn_histories, "DNN with dropout": drop_histories}
for ax, (name, histories) in zip(axes, kinds.items(), strict=True):
    for history in histories:
        ax.plot(range(1, 15), history["loss"], "C0-", linewidth=1)
        ax.plot(range(1, 15), history["val_loss"], "C0--", linewidth=1)
    ax.set(title=name, xlabel="epoch", xticks=[1, 5, 10, 14])
axes[0].set_ylabel("loss")
axes[0].legend(["letters to learn from", "unseen letters"])
lowest = {name: turns(histories).tolist() for name, histories in kinds.items()}
show(fig, f"The loss on unseen letters is lowest after these epochs: {lowest}.")

# %% [markdown]
# 用了丢弃法，没见过的字母上的损失晚一些才掉头向上<!--? turns(drop_histories).min() > turns(dnn_histories).max() -->，但终究还是掉了头，认出的字母也差不多：约 42%<!--= drop_reads.mean(), 0.03 -->。其他办法：没见过的数据上损失一掉头，就停下；用更多的数据；或者让网络先从别人的数据里学，这套课要讲的就是这个。

# %% [markdown]
# ## 记忆
#
# 你看到一张照片：孩子在荡秋千，正荡到半空。下一刻孩子会在哪里？你说不出：也许正荡过来，也许正荡过去。你得知道之前看到了什么。RNN 就把它带在身上。可是这样一来，错误的责任要穿过每个时刻往回传，传着传着就消失了。**LSTM**（*长短期记忆*）在 1997 年问世，正是为了防止这一点：记住的东西从一个时刻传到下一个时刻，中间没有弯折；什么该留，由它自己学；从 2000 年起，什么该放，也由它自己学。

# %%
from helpers.progress import EpochLines

moments = np.arange(37)
phases = rng.uniform(0, 2 * np.pi, (200, 1))
swings = np.sin(2 * np.pi * moments / 12 + phases)[..., np.newaxis]  # (200, 37, 1)
now, later = swings[:, :-1], swings[:, 1:]


def learn_swing(layer):
    model = keras.Sequential([keras.Input((None, 1)), layer, layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.02), "mse")
    lines = [EpochLines(every=15)]
    model.fit(now[:150], later[:150], 75, epochs=30, verbose=0, callbacks=lines)
    return model.predict(now[150:], verbose=0)


guesses = {
    "without memory": learn_swing(layers.Dense(16, activation="tanh")),
    "by an LSTM": learn_swing(layers.LSTM(16, return_sequences=True)),
}

# %%
missed = {n: np.abs(g - later[150:])[:, 3:].mean() for n, g in guesses.items()}
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(moments[1:], later[150, :, 0], color="0.75", linewidth=7, label="the swing")
for (name, guess), style in zip(guesses.items(), ("C1--", "C0-"), strict=True):
    ax.plot(moments[1:], guess[0, :, 0], style, label=f"expected {name}")
ax.set(xlabel="moment", ylabel="position", title="After a few moments, the LSTM knows")
fig.legend(loc="outside lower center", ncols=3)
ends = ", ".join(f"{name} {error:.2f}" for name, error in missed.items())
show(fig, f"Error from the fourth moment on, expected {ends}.")

# %% [markdown]
# 没有记忆的网络只看到一个位置，只好在荡过来和荡过去之间折中<!--? missed["without memory"] > 5 * missed["by an LSTM"] -->：单凭一个位置，谁也说不准。LSTM 要看几个时刻，然后就知道了。
#
# > **如果你从 2019 年来：** 从前讲 LSTM 和注意力，常说它们仿照了人的记忆和注意力。名字倒确实是仿的。可是当初造它们，为的是让梯度和信息传得远。
#
# ## 注意力
#
# 读到 “the cat that chased the dogs is tired”（追狗的那只猫累了），你会往回看，找出*谁*累了。**注意力**用数来做这件事。每个词有一个**键**，说它是什么；还有一个**值**，是它要讲的内容。提问的地方有一个**查询**，说它要找什么。键与查询越相配，这个词的份额越大<!--? attention.argmax() == match.argmax() -->。

# %%
words = ["the cat", "that", "chased", "the dogs", "is tired"]
keys = np.array([[1, 1], [0, 0], [0, 0], [1, 0], [0, 0]])  # an animal? only one?
values = np.array([[1, 0], [0, 0], [0, 0], [0, 1], [0, 0]])  # a cat? a dog?
query = np.array([2, 2])  # "is tired" looks for an animal, and only one

match = keys @ query
attention = np.exp(match) / np.exp(match).sum()  # shares that add up to 1
heard = attention @ values  # what arrives: the values, weighed

boxes = {word: (0.95 * place, 1.7) for place, word in enumerate(words)}
asks = f"heard: cat {heard[0]:.2f}, dog {heard[1]:.2f}"
boxes[asks] = (0.95 * 3.2, 0)
arrows = [(word, asks, share) for word, share in zip(words, attention, strict=True)]
fig = diagram(boxes, arrows, marked=[asks], title="Who is tired?")
show(fig, f"Shares {attention.round(2)}; what is heard: {heard.round(2)}.")

# %% [markdown]
# 传来的是一只猫<!--? heard[0] > 5 * heard[1] -->。这里的键、值和查询都是手写的；在网络里，它们是学来的，语言模型就由这样的层一层层搭成。

# %% [markdown]
# ## 模仿它做的事，还是模仿它的构造？
#
# 人工智能有两派。一派模仿**功能**：人能做的事，谁做得到，谁就有智能，里面是什么都行。这一派做出了成果，只是每样成果只管自己的任务。另一派模仿**结构**：造出像大脑的东西，它就会像大脑那样行事；可是为什么会这样，没有人说得出。`a != b` 有那盏灯的功能，却没有神经元。你的多层网络有神经元，而且没有人告诉过它规则。深度学习正是两派相遇的地方：2016 年和 2017 年击败围棋冠军的 AlphaGo，让神经网络来判断，让程序来搜索。除了围棋，它什么也不会。

# %% [markdown]
# ## 先会轮滑，再学滑冰
#
# 会轮滑的人，学滑冰很快。平衡、蹬地、怎样摔才不疼：许多本领都带得过去。心理学家把这叫做**迁移**。（也许是因为，相近的技能用到的神经细胞早已连在一起<!--! a conjecture of psychology, marked as one -->。）网络也可以。你的 CNN 认得拉丁字母。它下面的几层懂得笔画、弯和角，希腊字母也是由这些组成的。所以，留下最后一层以外的所有层，**冻结**它们，再在上面放一个新的最后一层。（冻结的部分不会变，所以它的回答可以在训练之前算好。）

# %% [markdown]
# **预测：** 每个希腊字母给 60<!--= sizes[-1] --> 张图片，哪个网络能认出更多没见过的字母？
#
# <details><summary>迁移来的：它一开始就懂得多得多</summary>
#
# **不对。** 它起步领先，每个字母只有一张图片时，也一直领先。可它是冻结的：只能把拉丁字母教给它的东西重新组合。
#
# </details>
# <details><summary>全新的：它什么都从希腊字母学起</summary>
#
# **对。** 约 97%<!--= new[60].mean(), 0.02 --> 对约 89%<!--= moved[60].mean(), 0.03 --><!--? new[60].mean() > moved[60].mean() + 0.03 -->。自己的图片够多，让所有层都来学就划算；第 4 课的微调是两者之间的路。
#
# </details>
# <details><summary>两个一样</summary>
#
# **不对。** 在这中间的某处，两者会打平，但不是在这里。
#
# </details>

# %%
greek = "αβγδλ"
sizes, seeds = (1, 6, 60), range(3)
n_greek = 60 * len(greek)  # for each seed; letters take turns: α β γ …
images, labels = draw_letters(greek, per_letter=180, seed=2)
unseen_greek = draw_letters(greek, per_letter=60, seed=3)

skills = keras.Sequential(cnn.layers[:-1])  # all but the names of Latin letters
traits, unseen_traits = (
    skills.predict(x, verbose=0) for x in (images, unseen_greek[0])
)
output = layers.Dense(len(greek), activation="softmax")
transferred = ready(keras.Sequential([keras.Input(traits.shape[1:]), output]))


def learn_greek(model, inputs, unseen_inputs, size, seed):
    few = seed * n_greek + np.arange(len(greek) * size)
    few = np.tile(few, 60 // size)  # each is shown more often if there are few
    known, unseen = (inputs[few], labels[few]), (unseen_inputs, unseen_greek[1])
    settings = {"epochs": 15, "batch_size": 40, "validation_freq": 5}
    return learn_letters(model, known, unseen, **settings)


def learn_from_few(*parts):
    return {n: [learn_greek(*parts, n, seed) for seed in seeds] for n in sizes}


# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
from_scratch = learn_from_few(ready(make_cnn(len(greek))), images, unseen_greek[0])
new = {n: last(histories) for n, histories in from_scratch.items()}

# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
from_latin = learn_from_few(transferred, traits, unseen_traits)
moved = {n: last(histories) for n, histories in from_latin.items()}
reads = pd.DataFrame({"new": new, "transferred": moved})
print(reads.map(lambda shares: shares.round(2)))

# %% [markdown]
# 左图是每个字母给六张图片<!--? sizes[1] == 6 -->时一路的情形；右图是图片数不同时，最后各走到哪里：

# %% tags=["nbval-ignore-output"] reason="a training from scratch takes another way on another processor; the text holds what may be said"
fig, axes = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True)
kinds = {"transferred": (from_latin, "C0o-"), "new": (from_scratch, "C1s--")}
for name, (histories, style) in kinds.items():
    on_the_way = np.mean([history["val_accuracy"] for history in histories[6]], axis=0)
    axes[0].plot(range(5, 16, 5), on_the_way, style, markersize=3, label=name)
    means = [reads[name][n].mean() for n in sizes]
    spreads = [reads[name][n].std(ddof=1) for n in sizes]
    axes[1].errorbar(sizes, means, spreads, fmt=style, markersize=3, capsize=3)
axes[0].set(title="Six pictures of each: ahead", xlabel="epoch", ylim=(0, 1.02))
axes[0].set(ylabel="unseen letters read", xticks=range(5, 16, 5))
axes[0].legend()
axes[1].set(title="Ahead with few, not with many", xlabel="pictures of each letter")
axes[1].set_xscale("log")
axes[1].set_xticks(sizes, [str(size) for size in sizes])
axes[1].minorticks_off()
gains = ", ".join(f"{moved[size].mean() - new[size].mean():+.2f}" for size in sizes)
show(fig, f"With {sizes} pictures of each letter, transfer gains {gains}.")

# %% [markdown]
# 每个字母只给一张图片时，没见过的字母，迁移来的网络能认出约 64%<!--= moved[1].mean(), 0.05, new[1].mean() -->，全新的约 31%<!--= new[1].mean(), 0.03 --><!--? moved[1].min() > new[1].max() + 0.1 -->；瞎猜是 20%<!--= 1 / len(greek) -->。（竖线表示各个起点之间的波动，每个起点都有自己的图片。）宠物的图片也不多。到了那里，看边缘和形状的滤波器都留下，只有最后几层是新的。从第 3 课起，你做的就是这个。
#
# ## Keras 和它的引擎
#
# **Keras** 之于 TensorFlow，就像 pandas 之于 NumPy。下面的拿数组来计算；上面的给数组起名字，给步骤配动词：

# %%
import tensorflow as tf

by_numpy = np.stack([animals[is_dog == kind].mean(axis=0) for kind in (0, 1)])
by_pandas = pd.DataFrame(animals).groupby(is_dog).mean()

kernel_now, bias_now = one.weights
by_tensorflow = tf.sigmoid(tf.matmul(animals.astype("float32"), kernel_now) + bias_now)
by_keras = one.predict(animals, verbose=0)

print("pandas = NumPy:", np.allclose(by_pandas, by_numpy))
print("Keras = TensorFlow:", np.allclose(by_keras, by_tensorflow, atol=1e-5))
print("engine:", keras.backend.backend())

# %% [markdown]
# TensorFlow 不是唯一的引擎。装上 JAX 或 PyTorch，同样的代码也能在它们上面运行：用哪个，由设置 `KERAS_BACKEND` 来选，而且要在导入 Keras 之前。这套课只需要 TensorFlow。

# %% [markdown]
# ## 检验一下

# %% tags=["check"] asserts=19
assert on_wall < 0.2 < 0.9 < at_edge
assert np.abs(difference).max() < 1e-9
assert np.allclose(nudged, (zeros - by_hand[0]) / 3, atol=0.001)
assert np.allclose(first_step, by_hand[0], atol=1e-4)
assert np.allclose(kernel[:, 0], fitted, atol=0.01)
assert arrives < creeps < loss_before < leaps
for name in ("momentum", "RMSprop", "Adam"):
    assert above[name] < above["SGD"]
assert alone.max() < 0.6 < best_line < 0.8
assert together.min() > 0.95
assert on_switches < 0.6 < 0.95 < on_answers
nudged_loss = -np.log(1 / (1 + np.exp(-w_out * np.tanh(x * (w_hidden + 1e-6)))))
assert abs((nudged_loss + np.log(answer)) / 1e-6 - slope_hidden) < 1e-4
assert np.allclose(seen, fired, atol=1e-4)
assert structure_only < with_weights == together[-1]
assert cnn_reads.min() > dnn_reads.max() + 0.3
assert turns(drop_histories).min() > turns(dnn_histories).max()
assert missed["by an LSTM"] < missed["without memory"] / 5
assert heard[0] > 5 * heard[1]
assert moved[1].mean() > new[1].mean() + 0.1
assert new[60].mean() > moved[60].mean() + 0.03
print("all true")

# %% [markdown]
# ## 哪里会出错
#
# **没有弯折的层。** 症状：网络很深，学到的却不比单个神经元多<!--? unbent < 0.6 -->，而且没有任何警告。原因：漏写了 `activation`。和的和还是和，所以这样的层再多，也只抵得上一层<!--? worth_one -->。

# %%
straight, shares = learn_lamp(*(layers.Dense(4) for _ in range(3)), starts=1)
unbent = shares[0]

kernels = [layer.get_weights()[0] for layer in straight.layers]
product = np.linalg.multi_dot(kernels)  # (2, 1): the weights of a single neuron
said = np.asarray(straight(switches))
rest = np.log(said / (1 - said)) - switches @ product  # and its bias, if it is one
worth_one = bool(np.ptp(rest) < 0.001)
print(f"three hidden layers without activation: {unbent:.2f}, worth one: {worth_one}")

# %% [markdown]
# 对策：除最后一层外，每层都写上 `activation="tanh"` 或 `"relu"`。只要一个这样的隐藏层，就答对了 100%<!--= together[-1] -->。
#
# **权重配错了结构。** 症状：加载时报错。原因：权重文件里只有数值，没有这些数值所属的结构。这里的隐藏神经元是五个，而不是四个。

# %%
wider = lamp_network(layers.Dense(5, activation="tanh"))
try:
    wider.load_weights(weights_path)
except ValueError as error:
    message = str(error).splitlines()[2].split(". Target")[0]
    print(message)

# %% [markdown]
# `variable.shape=(2, 5), Received: value.shape=(2, 4)`<!--= message -->：一边是两个输入连五个神经元，一边是两个输入连四个。对策：搭出训练这些权重时用的结构，或者把两者一起保存，用以 `.keras` 结尾的文件。

# %% [markdown]
# ## 你看到了什么
#
# - 神经元就是逻辑回归。一步步走下坡，你找到了 scikit-learn 找到的权重<!--? np.allclose(kernel[:, 0], fitted, atol=0.01) -->。
# - 学习率 0.3<!--= trials[0] --> 在爬，3<!--= trials[1] --> 走到了，40<!--= trials[2] --> 跳出了山谷。灯的各种情形，一个神经元答对约 49%<!--= alone.mean(), 0.03 -->，两层答对 100%<!--= together[-1] -->。权重一样多，没见过的字母，滤波器认出约 87%<!--= cnn_reads.mean(), 0.03, dnn_reads.mean() -->；DNN 虽然把学过的都背了下来，却只认出大约一半那么多<!--? 0.4 < dnn_reads.mean() / cnn_reads.mean() < 0.6 -->。
# - 每个希腊字母只给一张图片，认得拉丁字母的网络走得远多了<!--? moved[1].mean() > new[1].mean() + 0.1 -->；各给 60<!--= sizes[-1] --> 张，走得更远的是全新的网络<!--? new[60].mean() > moved[60].mean() + 0.03 -->。
#
# 局限：都是小例子，各有三个起点。迁移用在宠物图片上有多大用处，第 6 课会测量。

# %%
from helpers.ties import compare_text

compare_text("01_deep_learning_concepts", globals())

# %% [markdown]
# ## 动手试试
#
# 四道练习，每道都带检查，会告诉你哪里对了、哪里还不对：
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import numpy as np
from matplotlib import pyplot as plt
from sklearn.linear_model import LogisticRegression

from helpers.figures import picture_grid, show
from helpers.pets import draw_pet


def neuron(inputs, weights, bias):
    total = inputs @ weights + bias
    return 0.5 + 0.5 * np.tanh(total / 2)  # the logistic function, safe for large sums


rng = np.random.default_rng(0)
is_dog = np.repeat([0, 1], 100)
typical = np.where(is_dog[:, np.newaxis] == 0, [0.8, -0.8], [-0.8, 0.8])
animals = rng.normal(typical)  # how pointed the ears, how long the snout
light = np.asarray(draw_pet("cat", seed=5).resize((224, 224)).convert("L")) / 255

# %% [markdown] tags=["exercise"]
# ## 1.1 · 找出另一种边缘
#
# 改一行，让神经元在左亮右暗的地方放电。`0.5` 旁边是 `0.2`，就应当放电了；在墙上则要沉默。你预计会出现猫的哪些轮廓？

# %% tags=["exercise-gap"]
sister_weights = np.array([-20.0, 20.0])  # change this line
sister_bias = -2.0

pairs = np.stack([light[:, :-1], light[:, 1:]], axis=-1)  # left, right
fired = neuron(pairs, sister_weights, sister_bias)
fig = picture_grid([light * 255, fired * 255], ["light", "where she fires"], columns=2)
show(fig, f"The sister fires at {(fired > 0.5).mean():.1%} of all places.")

# %% [markdown] tags=["exercise-hint"]
# 第一个权重属于左边的点。要让她放电，两个点里哪一个该是亮的？

# %% tags=["exercise-solution"]
sister_weights = np.array([20.0, -20.0])
sister_bias = -2.0

pairs = np.stack([light[:, :-1], light[:, 1:]], axis=-1)
fired = neuron(pairs, sister_weights, sister_bias)
fig = picture_grid([light * 255, fired * 255], ["light", "where she fires"], columns=2)
show(fig, f"The sister fires at {(fired > 0.5).mean():.1%} of all places.")

# %% [markdown] tags=["exercise-solution"]
# 正负号对调，偏置不变。一层里两个神经元都有，网络就知道每条边缘的哪一边是亮的。

# %% [markdown] tags=["exercise"]
# ## 1.2 · 换个尺度走
#
# 选一个学习率，让只有一个权重的神经元在十步之内走到最低的损失。在课文里，`3.0` 做得到。这里，同样的吻部换了单位来量，数值是原来的 `20` 倍。

# %% tags=["exercise-setup"]
small_unit = 20 * animals[:, 1]


def loss_of(weight):
    sums = weight * small_unit
    return (np.logaddexp(0, sums) - is_dog * sums).mean()


def ten_steps(rate):
    weight = 0.0
    for _ in range(10):
        too_high = neuron(small_unit[:, np.newaxis], np.array([weight]), 0.0) - is_dog
        weight = weight - rate * (too_high * small_unit).mean()
    return weight


# %% tags=["exercise-gap"]
rate = 3.0  # change this line
weight = ten_steps(rate)
print(
    f"at a rate of {rate} the weight becomes {weight:.3f}, the loss {loss_of(weight):.3f}"
)

# %% [markdown] tags=["exercise-hint"]
# 损失高于出发时的 `0.693`，说明它跳过了山谷。往下调，每次降到三分之一，或者十分之一。

# %% [markdown] tags=["exercise-hint"]
# 数值是原来的 `20` 倍，斜率就是原来的 `20` 倍，最好的权重却只有原来的 `20` 分之一。那么，需要走的那一步会怎样？实际走的那一步呢？

# %% tags=["exercise-solution"]
rate = 3.0 / 20**2
weight = ten_steps(rate)
print(
    f"at a rate of {rate} the weight becomes {weight:.3f}, the loss {loss_of(weight):.3f}"
)
assert loss_of(weight) < loss_of(ten_steps(3.0))

# %% [markdown] tags=["exercise-solution"]
# 0.0075<!--= rate -->：坡更陡，路更短，所以学习率要为这两样各缩小一次：一共缩小到 400<!--= 3.0 / rate --> 分之一。所以，离开输入的尺度，学习率毫无意义；图片要先缩放，再给网络看，也是这个道理。

# %% [markdown] tags=["exercise"]
# ## 1.3 · 教一个神经元
#
# 写出 `learn(animals, is_dog)`：它教一个有两个权重和一个偏置的神经元，并返回 `weights, bias`。从零开始，往下坡走，需要几步就走几步。检查时还会换别的动物来试。

# %% tags=["exercise-gap"]
def learn(animals, is_dog):
    weights, bias = np.zeros(2), 0.0
    ...  # your lines
    return weights, bias


weights, bias = learn(animals, is_dog)
print("weights", weights, "bias", bias)

# %% [markdown] tags=["exercise-hint"]
# 在每一步里：神经元的回答是什么，每个回答偏高多少？权重的斜率，就是偏高的量乘以这个权重的输入，对所有动物取平均。

# %% [markdown] tags=["exercise-hint"]
# `too_high @ animals / len(animals)` 就是两个权重的斜率。偏置也是权重，它的输入总是 1。

# %% tags=["exercise-solution"]
def learn(animals, is_dog):
    weights, bias = np.zeros(2), 0.0
    for _ in range(300):
        too_high = neuron(animals, weights, bias) - is_dog
        weights = weights - 1.0 * too_high @ animals / len(animals)
        bias = bias - 1.0 * too_high.mean()
    return weights, bias


weights, bias = learn(animals, is_dog)
fitted = LogisticRegression(C=np.inf).fit(animals, is_dog)
print("yours:       ", weights.round(3), round(bias, 3))
print("scikit-learn:", fitted.coef_[0].round(3), fitted.intercept_[0].round(3))
assert np.allclose(weights, fitted.coef_[0], atol=0.01)

# %% [markdown] tags=["exercise-solution"]
# 六行代码，`LogisticRegression` 有的，你就有了；Keras 的 `fit` 对任意深度的网络，做的也是这些：只是那里的斜率来自反向传播。

# %% [markdown] tags=["exercise"]
# ## 1.4 · 亲手搭这盏灯
#
# 为两个隐藏神经元和一个输出神经元找出权重，让灯恰好在一个开关朝上时亮。朝上约为 1，朝下约为 −1。什么都不训练；所有神经元都用逻辑函数。

# %% tags=["exercise-setup"]
corners = rng.choice([-1, 1], (200, 2))
burns = (corners[:, 0] != corners[:, 1]).astype(int)
switches = corners + rng.normal(0, 0.25, (200, 2))


def lamp(hidden_weights, hidden_bias, out_weights, out_bias):
    hidden = neuron(switches, np.array(hidden_weights), np.array(hidden_bias))
    return neuron(hidden, np.array(out_weights), out_bias)


# %% tags=["exercise-gap"]
hidden_weights = [[0.0, 0.0], [0.0, 0.0]]  # rows: the switches; columns: the neurons
hidden_bias = [0.0, 0.0]
out_weights = [0.0, 0.0]
out_bias = 0.0

answers = lamp(hidden_weights, hidden_bias, out_weights, out_bias)
print(f"right on {((answers > 0.5) == burns).mean():.0%}")

# %% [markdown] tags=["exercise-hint"]
# “恰好一个朝上”的意思是：至少一个朝上，而且不是两个都朝上。让一个隐藏神经元为前一条放电，另一个为后一条放电。

# %% [markdown] tags=["exercise-hint"]
# “至少一个朝上”是一条线：两个开关之和大于 −1。也就是 `10 * first + 10 * second + 10 > 0`。

# %% [markdown] tags=["exercise-hint"]
# 输出要的是两条都成立：权重是 `10` 时，两个神经元都放电，和是 `20`；只有一个放电，和是 `10`。哪个偏置落在中间？

# %% tags=["exercise-solution"]
hidden_weights = [[10.0, -10.0], [10.0, -10.0]]
hidden_bias = [10.0, 10.0]
out_weights = [10.0, 10.0]
out_bias = -15.0

answers = lamp(hidden_weights, hidden_bias, out_weights, out_bias)
right = ((answers > 0.5) == burns).mean()
print(f"right on {right:.0%}")
assert right > 0.95

# %% [markdown] tags=["exercise-solution"]
# 两个神经元，两条线；灯在两条线之间亮。训练的网络得从样本里找出这样的权重，而隐藏神经元只有两个时，找不找得到要看起点。

# %% [markdown]
# ## 接着学
#
# - [神经网络游乐场](https://playground.tensorflow.org)：在浏览器里现场看异或和它的隐藏神经元。
# - [Keras 的优化器](https://keras.io/api/optimizers/)，连同它们的全部设置。
# - [David Hubel](https://en.wikipedia.org/wiki/David_H._Hubel)：他与 Torsten Wiesel 一起，在猫身上发现了边缘神经元。
