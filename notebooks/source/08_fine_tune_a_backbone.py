# %% [markdown]
# # 8 · Fine-tune, and when not to
#
# Lesson 4 unfroze a base and gained nothing that could be told. Here you let the larger part of
# a network learn<!--? share > 0.5 -->, in two ways, and ask what it gains on pictures like yours,
# what it loses on others, and what it forgets.

# %% [markdown]
# ## What you will learn
#
# - **Find** a learning rate by a short sweep, with a warm-up.
# - **Compare** a probe, fine-tuning, and first the one and then the other, on pictures like
#   those they learned from and on shifted ones.
# - **Give** each group of layers a rate of its own.
# - **Measure** what a network forgets.

# %% [markdown]
# ## You need
#
# Lesson 4 (frozen layers, batch normalization) and lesson 7 (features, cross-validation). About
# five minutes of computing on two CPU cores, and no network.

# %% [markdown]
# ## Set up

# %%
import sys

sys.path.insert(0, "..")  # the project's folder, where `helpers` lives

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
# ## The idea
#
# A *probe* is a head on a frozen base: the eyes stay as they are, and only the judgment on top
# of them learns. Fine-tuning lets the eyes learn, too, so it can fit your pictures more
# closely<!--? (toy["everything"].loc["inside"] < toy["probe"].loc["inside"]).all() -->. But a
# new head begins at random. Its errors are large, and the eyes bend to them, wherever your
# pictures show anything. What your pictures do not show stays as it was, and no longer fits the
# head.
#
# Kumar and others have measured that on ten shifts, of photographs and of
# sketches<!--! arXiv 2202.10054, its abstract and section 4 -->. Against a probe, fine-tuning
# everything at once gained two points on pictures like those it had learned from, and lost
# seven on shifted ones<!--! arXiv 2202.10054, its abstract -->. Their remedy: first the probe, then
# fine-tuning from there.

# %% [markdown]
# ## On a toy
#
# Two linear layers can show it: `eyes` turn twelve numbers into three, `head` makes one of
# these. The old eyes are a little wrong. In training, six of the twelve numbers are always zero;
# outside, the other six<!--? n_seen == 6 and n_numbers == 12 -->.


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
# In each of the eight worlds<!--? toy["probe"].shape[1] == 8 --> fine-tuning is ahead of
# the probe inside<!--? (toy["everything"].loc["inside"] < toy["probe"].loc["inside"]).all() -->
# and behind it outside<!--? (toy["everything"].loc["outside"] > toy["probe"].loc["outside"]).all() -->.
# Begun at the probe's head, it is ahead inside, too<!--? (toy["probe first"].loc["inside"] < toy["probe"].loc["inside"]).all() -->,
# and outside its error grows by little<!--? (toy["probe first"].loc["outside"] < 1.2 * toy["probe"].loc["outside"]).all() -->.
# That is the published result. Does it hold for a real network?

# %% [markdown]
# ## Inside, and outside
#
# With drawn pets and a few lines of NumPy you know what the shift is: the same test pictures by
# moonlight, or drawn in pencil. Nothing is ever trained on those.

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
# ## The upper part learns
#
# To keep each training at seconds, the network is cut after the layer `block5c_add`. What lies below stays
# frozen, so its maps are computed once, as the features of lesson 7 were. Above lie most of
# the weights<!--? share > 0.5 -->. Batch normalization stays still (lesson 4).

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
groups = [(model.optimizer, 1)]  # with the share of the rate that each gets
imagenet, new_head = above.get_weights(), head.get_weights()
print(len(model.trainable_variables), "arrays learn")

# %% [markdown]
# Three draws of 100<!--= len(draws[0][0]) --> pictures to learn from; the rest of the training
# set is held out, to choose with. The probe is logistic regression, as in lesson 7.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit

from helpers.heads import head_from_regression

divisions = StratifiedShuffleSplit(3, train_size=100, random_state=0)
draws = list(divisions.split(maps, labels))
features = eyes.predict(maps, verbose=0)


def probe_of(learn):
    probe = LogisticRegression(max_iter=2000).fit(features[learn], labels[learn])
    return head_from_regression(probe).get_weights()


probes = [probe_of(learn) for learn, held_out in draws]

# %% [markdown]
# ## A rate, and a slow start
#
# How fast shall it learn? Try rates ten times apart<!--? np.allclose(np.diff(np.log10(rates)), 1) -->,
# each for three epochs, all with the same new head, and look at the loss on what was held
# out. A sweep that short has a trap. Adam divides each step by how large
# slopes usually are, and in its first steps it cannot know that yet. So begin with a
# **warm-up**: the rate rises from near zero to its peak in the first fifth of all steps, and then
# falls again.


# %%
class WarmUp(keras.callbacks.Callback):
    def __init__(self, peak, steps, warm):
        super().__init__()
        self.peak, self.steps, self.warm, self.step = peak, steps, warm, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.step += 1
        rise = self.step / self.warm
        fall = (self.steps + 1 - self.step) / (self.steps + 1 - self.warm)
        for optimizer, share in groups:
            optimizer.learning_rate = share * self.peak * min(rise, fall)


# %%
def train(start, learn, peak, epochs, warm=0.2, seed=0):
    keras.utils.set_random_seed(seed)
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
# **Predict:** without a warm-up, what does the rate of 0.001<!--= rates[1] --> do, which is
# Adam's own in Keras?
#
# <details><summary>It learns quickest: three epochs are short</summary>
#
# **No.** It takes large steps, and that is another thing: a step that is too large has to be
# taken back.
#
# </details>
# <details><summary>The same as with a warm-up: a few steps make no difference</summary>
#
# **No.** They are the first ones, in which the pretrained weights are all that is known.
#
# </details>
# <details><summary>Its loss ends higher than with a warm-up</summary>
#
# **Yes.**<!--? sweep.loc[1e-3, "at once"] > sweep.loc[1e-3, "warm-up"] -->
#
# </details>

# %%
rates = [1e-4, 1e-3, 1e-2]
toss = 1 / 2  # how probable a coin finds each answer
learn, held_out = draws[0]
rows = np.arange(len(held_out))


def loss_of(start, peak, **settings):
    train(start, learn, peak, epochs=3, **settings)
    answers = model.predict(maps[held_out], verbose=0)
    return -np.log(answers[rows, labels[held_out]].clip(1e-7)).mean()


# %%
sweep = pd.DataFrame(
    {
        way: [loss_of(new_head, rate, warm=warm) for rate in rates]
        for way, warm in (("warm-up", 0.2), ("at once", 0))
    },
    index=rates,
)
RATE = float(sweep["warm-up"].idxmin())
sweep.round(2)

# %% [markdown]
# Read down the first column: too low a rate has not learned much after three epochs, too high a
# one has lost what ImageNet knew, and is no better than a
# coin<!--? sweep.loc[1e-2].min() > 0.6 -->, whose loss is about 0.69<!--= -np.log(toss), 0.01 -->. The best
# of these is 0.001<!--= RATE -->: take it from here on. With the warm-up, the loss ended lower at both
# of the usable rates<!--? (sweep.loc[[1e-4, 1e-3], "warm-up"] < sweep.loc[[1e-4, 1e-3], "at once"]).all() -->;
# that is one draw, and no law.
#
# ## Three ways
#
# All three learn from the same draws, and are asked about the same pictures: the *probe*;
# *everything* at once, with a new head; and *probe first*, then everything. Ten epochs bring both to where hardly anything is
# left to learn<!--? max(last_loss.values()) < 0.05 -->.
#
# **Predict:** in pencil, which none of them has learned from, how do the fine-tuned do against the
# probe?
#
# <details><summary>Worse: their eyes were bent to pictures by day</summary>
#
# **No.** So it was in the toy, and on average in what was published. Here it is not.
#
# </details>
# <details><summary>Alike: a drawing in pencil is new to all of them</summary>
#
# **No.** It is new to all of them, but they do not look at it with the same eyes.
#
# </details>
# <details><summary>Better</summary>
#
# **Yes.**<!--? ahead.loc[ways, "pencil"].min() > 0 --> In each of the draws.
#
# </details>

# %% [markdown]
# Letters are for later: something that has nothing to do with pets.

# %%
from helpers.toys import draw_letters

letters, names = draw_letters("ABCDEFGHIJ", per_letter=20, seed=0)
large = np.repeat(np.repeat(255 * letters, 5, axis=1), 5, axis=2)[:, 2:98, 2:98]
letter_maps = maps_of(np.repeat(large.clip(0, 255), 3, axis=-1))

# %%
EPOCHS = 10
results, kept, last_loss = {}, {}, {}


def ask(way, draw):
    results[way, draw] = {}
    for kind, given in test_maps.items():
        answers = model.predict(given, verbose=0).argmax(axis=-1)
        results[way, draw][kind] = (answers == true).mean()
    if way in ("probe", "everything", "probe first"):  # for what it forgets
        columns = [
            eyes.predict(m, verbose=0) for m in (test_maps["inside"], letter_maps)
        ]
        kept[way, draw] = columns


# %%
for draw, (learn, _) in enumerate(draws):
    above.set_weights(imagenet)
    head.set_weights(probes[draw])
    ask("probe", draw)
    for way, start in (("everything", new_head), ("probe first", probes[draw])):
        last_loss[way, draw] = train(start, learn, RATE, EPOCHS, seed=draw)
        ask(way, draw)
    print(f"draw {draw} done")

# %% [markdown]
# The draws are the same for all, so compare within them: how many points is each way ahead of the
# probe?

# %% tags=["nbval-ignore-output"] reason="every weight of the network learns here; the text holds what may be said"
table = pd.DataFrame(results).T.sort_index()
table.index.names = ["way", "draw"]
ahead = 100 * (table - table.loc["probe"].reindex(table.index, level="draw"))
ways = ["everything", "probe first"]
night = ahead["night"].unstack("way")[ways]  # a row for each draw
fig, ax = plt.subplots(figsize=(7, 2.8))
for number, way in enumerate(ways):
    place = np.arange(3) + 0.35 * (number - 0.5)
    mean, std = ahead.loc[way].mean(), ahead.loc[way].std()
    ax.bar(place, mean, 0.33, yerr=std, capsize=3, label=way)
ax.axhline(0, color="#444444")
ax.set_xticks(range(3), list(tests))
ax.set(ylabel="points ahead of the probe", title="What fine-tuning gains, and where")
ax.legend(loc="upper left")
told = [f"{way} {', '.join(f'{m:.0f}' for m in ahead.loc[way].mean())}" for way in ways]
show(fig, f"Points ahead inside, at night, in pencil: {'; '.join(told)}.")

# %% [markdown]
# In pencil, both are ahead of the probe in every draw, by more than five
# points<!--? ahead.loc[ways, "pencil"].min() > 5 -->, though none of them has learned from pencil. Inside,
# *everything* is ahead by about 3<!--= ahead.loc["everything"]["inside"].mean(), 0.5, 0 --> points. At
# night, neither is told apart from the
# probe<!--? (night.mean().abs() < night.std()).all() -->: from draw to draw it goes up and
# down by more than the mean.
#
# So the published loss does not show here: nowhere is fine-tuning behind the probe by more than
# a spread<!--? all((ahead.loc[way].mean() > -ahead.loc[way].std()).all() for way in ways) -->, and
# the remedy has nothing to remedy. Why does the toy lose, then? In the toy, outside and inside
# have nothing in common, and a drawing in pencil shares its shapes with the picture by
# day<!--! a guess at the reason: nothing here tests it -->.
# So neither the gain nor the loss is a law. Keep a few labeled pictures from elsewhere, and ask.

# %% [markdown]
# ## How many pictures make it pay?
#
# The same comparison from fewer pictures, each draw for as many steps<!--? len(set(n_steps.values())) == 1 -->.

# %%
SIZES = [10, 50]  # of each class
N_EPOCHS = {10: 50, 50: EPOCHS}
n_steps = {size: n * -(-2 * size // 20) for size, n in N_EPOCHS.items()}
gains = {50: ahead.loc["probe first"]["inside"].tolist()}


def inside():
    answers = model.predict(test_maps["inside"], verbose=0).argmax(axis=-1)
    return (answers == true).mean()


# %%
def gains_from(size):
    found = []
    for draw, (learn, _) in enumerate(draws):
        few = np.concatenate([learn[labels[learn] == kind][:size] for kind in (0, 1)])
        start = probe_of(few)
        above.set_weights(imagenet)
        head.set_weights(start)
        before = inside()
        train(start, few, RATE, N_EPOCHS[size], seed=draw)
        found.append(100 * (inside() - before))
    return found


gains[10] = gains_from(10)

# %% tags=["nbval-ignore-output"] reason="every weight of the network learns here; the text holds what may be said"
curve = pd.DataFrame(gains)[SIZES]
fig, ax = learning_curve_axes(SIZES)
ax.errorbar(SIZES, curve.mean(), yerr=curve.std(), fmt="o-", capsize=4)
ax.axhline(0, color="#444444", linestyle=":")
ax.set_ylabel("points ahead of the probe, inside")
ax.set_title("First the probe, then everything: what it gains")
pays = [n for n in SIZES if curve[n].mean() > curve[n].std()]
print("ahead by more than a spread with:", *pays or ["none of these"])
told = ", ".join(f"{curve[n].mean():.0f} with {n}" for n in SIZES)
show(fig, f"Points ahead of the probe, by training pictures of a class: {told}.")

# %% [markdown]
# ## A rate for each group of layers
#
# Early layers see what all pictures have, late layers what ImageNet asked for. So people let
# early ones learn more slowly<!--! what people do; measured below -->. Keras has
# `MultiOptimizer` for that since version 3.15: it takes an optimizer for each group, and a pattern says which
# arrays belong to it. (With an older Keras, this cell gives one rate to all.)
#
# **Predict:** if the early of these layers learn ten times more slowly than the head, what
# becomes of the gain in pencil<!--? groups_tried[0][1] == 0.1 -->?
#
# <details><summary>It grows: early layers are general, and should stay so</summary>
#
# **No.** That is the usual reason for such rates. But what is general in photographs need not be
# what drawn pets share.
#
# </details>
# <details><summary>It stays as it is</summary>
#
# **No.** Inside you could not tell the difference. In pencil you can.
#
# </details>
# <details><summary>Most of it is lost</summary>
#
# **Yes.**<!--? changed["by group"]["pencil"].mean() < -0.6 * ahead.loc["probe first"]["pencil"].mean() -->
#
# </details>

# %%
slow, middle, fast = (keras.optimizers.Adam() for _ in range(3))
if hasattr(keras.optimizers, "MultiOptimizer"):
    groups = [(slow, 0.1), (middle, 0.3), (fast, 1)]  # shares of the rate
    patterns = {"block6.*": slow, "block7.*": middle}  # fast: the top, and the head
    choose = keras.optimizers.OptimizerMap(fast, patterns)
    optimizer = keras.optimizers.MultiOptimizer(choose)
else:
    groups, optimizer = [(fast, 1)], fast
model.compile(optimizer, "sparse_categorical_crossentropy")
model.optimizer.build(model.trainable_variables)
for draw, (learn, _) in enumerate(draws):
    train(probes[draw], learn, RATE, EPOCHS, seed=draw)
    ask("by group", draw)
groups_tried = groups

# %% [markdown]
# ## Batch normalization: still or moving?
#
# So far it stood still. Now its statistics move, and its scales and shifts learn:

# %%
for layer in normalizing:
    layer.trainable = True
model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
model.optimizer.build(model.trainable_variables)
groups = [(model.optimizer, 1)]
for draw, (learn, _) in enumerate(draws):
    train(probes[draw], learn, RATE, EPOCHS, seed=draw)
    ask("moving", draw)

# %% tags=["nbval-ignore-output"] reason="every weight of the network learns here; the text holds what may be said"
changed = pd.DataFrame(results).T
changed = {
    way: 100 * (changed.loc[way] - changed.loc["probe first"])
    for way in ("by group", "moving")
}
told_apart = {
    way: points.mean().abs() > points.std() for way, points in changed.items()
}
parts = {way: points.agg(["mean", "std"]) for way, points in changed.items()}
pd.concat(parts, names=["ahead of probe first"]).round(0)

# %% [markdown]
# Three draws are few, and yet in pencil both are told apart from *probe first*. Slower early
# layers lose about 20<!--= -changed["by group"]["pencil"].mean(), 2, 0 --> points there. Moving
# batch normalization loses about 15<!--= -changed["moving"]["pencil"].mean(), 1.5, 0 -->. Inside
# and at night neither is told
# apart<!--? [told_apart[way].tolist() for way in changed] == 2 * [[False, False, True]] -->. So here
# both do harm, and only outside: a test set like the training set would not have shown it.

# %% [markdown]
# ## What it forgets
#
# The eyes were ImageNet's, and knew many other things besides pets. What of that is lost is called
# **forgetting**. Two questions measure it. Put ImageNet's own top back onto the eyes: how often
# does it still give the same name as before? And let letters be read, ten of
# them<!--? len(set(names)) == 10 -->, each as its nearest neighbor among the features.
#
# %%
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

top, bias = EfficientNetLite0(include_top=True).layers[-1].get_weights()
before = kept["probe", 0][0] @ top + bias
reader = KNeighborsClassifier(n_neighbors=1)

# %%
memory = {}
for place, (pets, characters) in kept.items():
    same = (pets @ top + bias).argmax(axis=1) == before.argmax(axis=1)
    read_right = cross_val_score(reader, characters, names, cv=5).mean()
    memory[place] = {"the same name": same.mean(), "letters read": read_right}
memory = pd.DataFrame(memory).T
memory.groupby(level=0, sort=False).agg(["mean", "std"]).round(2)

# %% [markdown]
# > **Learn less, forget less.** Two ways train few numbers beside weights that stay.
# > [**LoRA**](https://arxiv.org/abs/2106.09685) adds to a frozen kernel the product of two thin
# > matrices, and trains these: for a dense layer of 1280<!--= n_features --> by as many, with a rank of four, 1/160 of
# > the numbers<!--? 2 * 4 * n_features / n_features**2 == 1 / 160 -->. Keras has it for dense layers
# > and embeddings, as `layer.enable_lora(rank=4)`; this network is made of convolutions, and so it has no
# > place in it<!--? n_dense == 0 -->.
# > [Training batch normalization alone](https://arxiv.org/abs/2003.00152), its scales and shifts,
# > needs no library: freeze all other layers. In this part of the network that would be
# > 1%<!--= n_normalizing / above.count_params() --> of the weights.

# %%
n_features = pooled.shape[-1]
n_dense = sum(isinstance(layer, layers.Dense) for layer in above.layers)
n_normalizing = sum(2 * layer.gamma.shape[0] for layer in normalizing)
print(f"{n_normalizing} scales and shifts, {above.count_params()} weights in all")

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=8
inside, outside = (
    {way: f.loc[k] for way, f in toy.items()} for k in ("inside", "outside")
)
assert (inside["everything"] < inside["probe"]).all()
assert (outside["everything"] > outside["probe"]).all()
assert (inside["probe first"] < inside["probe"]).all()
assert (outside["probe first"] < 1.2 * outside["probe"]).all()
assert sweep.loc[1e-3, "at once"] > sweep.loc[1e-3, "warm-up"]
assert max(last_loss.values()) < 0.05
assert ahead.loc["everything"]["pencil"].min() > 0
assert memory.loc[ways, "the same name"].max() < 1
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **A rate that is too high.** Symptom: a loss of about 0.7<!--= sweep.loc[1e-2, "warm-up"], 0.06 -->,
# that of a coin. Cause: the pretrained weights are gone after a few steps. Remedy: a sweep.
#
# **The optimizer remembers.** Symptom: a second run from weights that were set back goes another
# way. Cause: Adam keeps what it has learned of the slopes:

# %%
above.set_weights(imagenet)
remembered = int(model.optimizer.iterations.numpy())
print("steps that the optimizer remembers:", remembered)

# %% [markdown]
# The weights are ImageNet's again, and the optimizer still counts
# 50<!--= remembered --> steps. Remedy: compile again, or set its variables to zero, as `train`
# does.
#
# **The shift chose.** Symptom: a rate that shines at night and nowhere else. Cause: the shifted
# pictures were used to choose it. Remedy: choose on held-out pictures, look at shifted ones once.

# %% [markdown]
# ## What you saw
#
# - A sweep of three epochs chose a rate of 0.001<!--= RATE -->; with a warm-up its loss was lower
#   than without<!--? sweep.loc[1e-3, "warm-up"] < sweep.loc[1e-3, "at once"] -->.
# - *Everything* gained about 3<!--= ahead.loc["everything"]["inside"].mean(), 0.5, 0 --> points
#   inside and about 15<!--= ahead.loc["everything"]["pencil"].mean(), 1.5, 0 --> in
#   pencil<!--? ahead.loc["everything"]["pencil"].mean() > ahead.loc["everything"]["inside"].mean() -->;
#   at night nothing was told apart<!--? (night.mean().abs() < night.std()).all() -->. The published loss outside
#   showed in the toy<!--? (toy["everything"].loc["outside"] > toy["probe"].loc["outside"]).all() -->, and not on
#   drawn pets.
# - Rates by group and moving batch normalization did harm in
#   pencil<!--? told_apart["by group"]["pencil"] and told_apart["moving"]["pencil"] -->, and none that
#   could be told inside.
# - ImageNet's own top no longer gives all the names that it
#   gave<!--? memory.loc[ways, "the same name"].max() < 1 -->.
#
# The limits: drawn pets, small pictures, two shifts, three draws, and only the upper part
# learned<!--? share < 1 -->.

# %%
from helpers.ties import compare_text

compare_text("08_fine_tune_a_backbone", globals())

# %% [markdown]
# ## Try it
#
# Three exercises, each with a check that tells you what is right and what is not yet:
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
# ## 8.1 · Begin elsewhere
#
# In the toy, everything learns, from the old eyes and a new head. Change one line, so that nothing
# is left to learn inside, and the error outside is at most a tenth above the probe's.

# %% tags=["exercise-gap"]
start = new_head  # change this line
tuned = descend(old_eyes, start, x, y)
print("tuned, inside and outside: {:.3f}, {:.3f}".format(*errors(*tuned)))

# %% [markdown] tags=["exercise-hint"]
# A head that fits the old eyes makes small errors, and small errors bend eyes little. Where is
# such a head?

# %% tags=["exercise-solution"]
start = probe[1]
tuned = descend(old_eyes, start, x, y)
print("tuned, inside and outside: {:.3f}, {:.3f}".format(*errors(*tuned)))

# %% [markdown] tags=["exercise-solution"]
# Inside nothing is left to learn<!--? errors(*tuned)[0] < 1e-6 -->, and outside the error is
# the probe's, nearly<!--? errors(*tuned)[1] < 1.1 * errors(*probe)[1] -->.

# %% [markdown] tags=["exercise"]
# ## 8.2 · Warm up
#
# Write `rate_at(step, steps, warm, peak)`: the rate of a step, of which the first is 1 and the last is
# `steps`. In the first `warm` steps it rises by the same amount each step and reaches `peak` in
# step `warm`; then it falls by the same amount each step, and would reach zero in the step after
# the last one.

# %% tags=["exercise-gap"]
rate_at = ...  # a function of step, steps, warm and peak

# %% [markdown] tags=["exercise-hint"]
# A straight line up and a straight line down; of two lines that cross at the peak, the rate is
# the smaller one.

# %% [markdown] tags=["exercise-hint"]
# On the way down, `steps + 1 - step` counts the steps to zero. How many are they at the
# peak?


# %% tags=["exercise-solution"]
def rate_at(step, steps, warm, peak):
    rise = step / warm
    fall = (steps + 1 - step) / (steps + 1 - warm)
    return peak * min(rise, fall)


schedule = [rate_at(step, steps=10, warm=2, peak=0.9) for step in range(1, 11)]
print(np.round(schedule, 2))

# %% [markdown] tags=["exercise-solution"]
# The peak is reached in the second step<!--? int(np.argmax(schedule)) == 1 -->, and the last step is
# the smallest<!--? int(np.argmin(schedule)) == 9 -->.

# %% [markdown] tags=["exercise"]
# ## 8.3 · Between two networks
#
# Wortsman and others found that a mean of old and fine-tuned *weights* can keep what both are
# good at<!--! arXiv 2109.01903, its abstract -->. Write `between(old, new, share)`: `old` and `new` are lists of arrays, as
# `get_weights()` gives them, of the same shapes. It returns a new list: at a share of 0 the
# old weights, at 1 the new ones, and between them on the straight line.

# %% tags=["exercise-gap"]
between = ...  # a function of old, new and share

# %% [markdown] tags=["exercise-hint"]
# First for one array: begin at the old one, and go a share of the way to the new one. Then do so
# for each pair.

# %% [markdown] tags=["exercise-hint"]
# `zip(old, new, strict=True)` makes the pairs. `+=` would change the array that you were given.


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
# Halfway to *everything*, which began with another head, the error inside is larger than at
# both ends<!--? middle["everything"][0] > max(errors(*probe)[0], errors(*ends["everything"])[0]) -->.
# Halfway to *probe first* it is smaller than the
# probe's<!--? middle["probe first"][0] < errors(*probe)[0] -->. Mix what has a common origin.

# %% [markdown]
# ## Go on
#
# - [Fine-tuning can distort pretrained features](https://arxiv.org/abs/2202.10054), by Kumar and
#   others: the result that this lesson put to the test.
# - [Robust fine-tuning](https://arxiv.org/abs/2109.01903), by Wortsman and others: weights
#   between old and new.
# - The [Keras guide to LoRA](https://keras.io/examples/nlp/parameter_efficient_finetuning_of_gpt2_with_lora/),
#   for networks of dense layers.
