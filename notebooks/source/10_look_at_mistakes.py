# %% [markdown]
# # 10 · Look at mistakes
#
# A classifier that is right on about 99%<!--= as_drawn.mean(), 0.01, worst.mean() --> of its
# pictures can rest on the wrong thing. Here you build one that does, find out by three ways of
# looking, repair it, and clean its labels.

# %% [markdown]
# ## What you will learn
#
# - **Break** a good accuracy down by groups, and find the group that it hides.
# - **See** what an answer rests on, and put a control beside each heat map.
# - **Repair** a head with a few balanced pictures, and measure what it gains.
# - **Find** wrong labels, and count how many of those you flagged were wrong.

# %% [markdown]
# ## You need
#
# Lesson 7: features that are computed once, and cross-validation. About two minutes of
# computing on two CPU cores, and no network: pictures are drawn, so that the truth is known.

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
from sklearn.linear_model import LogisticRegression

from helpers.backbones import EfficientNetLite0
from helpers.figures import picture_grid, show
from helpers.pets import draw_pets
from helpers.pictures import find_pictures, read_picture
from helpers.plumbing import DATA

# %% [markdown]
# ## The idea
#
# Somebody photographs cats where cats are, on sofas, and dogs where dogs are, on lawns. A
# network that tells sofas from lawns is then right nearly always<!--? at_home.min() > 0.95 -->,
# and has learned nothing about dogs. Such a hint is a **shortcut**. No accuracy on pictures
# from the same somebody can tell: the shortcut works there, too.
#
# Our drawing program can do what no camera can: put the very same animal in another place.
# So whatever changes an answer is the place.

# %%
SCENES, KINDS, N_PETS = ["sofa", "lawn"], ["cat", "dog"], 160
for scene in SCENES:
    draw_pets(DATA / "scenes" / scene, per_class=N_PETS, scene=scene, distance=2)
paths = np.array(
    [
        [find_pictures(DATA / "scenes" / scene / kind)[:N_PETS] for kind in KINDS]
        for scene in SCENES
    ]
)  # (scene, kind, number)
four = [(scene, kind) for scene in (0, 1) for kind in (0, 1)]
names = [f"{KINDS[kind]}, {SCENES[scene]}" for scene, kind in four]
pixels = [read_picture(paths[s, k, 1], (224, 224), crop=True) for s, k in four]
fig = picture_grid(pixels, names, columns=4)
show(fig, f"The four groups: {'; '.join(names)}. Each animal is there twice.")

# %% [markdown]
# ## On a toy
#
# Two clues for each of 400<!--= len(kind) --> animals: how it *looks*, always there, but
# faint; and the *place*, plain to see, but wrong for one in
# twenty<!--? np.isclose((place * sign < 0).mean(), 1 / 20, atol=0.02) -->. What does
# logistic regression hold on to?

# %%
rng = np.random.default_rng(0)
kind = np.arange(400) % 2
sign = 2 * kind - 1
looks = sign + rng.normal(0, 1.5, 400)
place = np.where(rng.random(400) < 0.95, sign, -sign)
toy = LogisticRegression().fit(np.stack([looks, place], axis=1), kind)
toy_home = toy.predict(np.stack([looks, sign], axis=1)) == kind
toy_away = toy.predict(np.stack([looks, -sign], axis=1)) == kind
print("weights of looks and place:", toy.coef_[0].round(1))
print(f"at home right on {toy_home.mean():.0%}, away on {toy_away.mean():.0%}")

# %% [markdown]
# The place got more than twice the weight<!--? toy.coef_[0, 1] > 2 * toy.coef_[0, 0] -->.
# At home, where the place goes with the kind, that makes the toy nearly
# perfect<!--? toy_home.mean() > 0.95 -->; away, where it speaks for the other one, it is worse
# than a coin<!--? toy_away.mean() < 0.45 -->.
#
# ## A good number
#
# Now the real network. All pictures pass through it once, as in lesson 7.

# %%
from helpers.features import compute_features


def make_base(weights):
    backbone = EfficientNetLite0(
        include_top=False, weights=weights, input_shape=(224, 224, 3), pooling="avg"
    )
    inputs = keras.Input((224, 224, 3))
    scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    return backbone, keras.Model(inputs, backbone(scaled))


backbone, base = make_base("imagenet")
features = compute_features(base, paths.ravel(), crop=True).reshape(2, 2, N_PETS, -1)
print(features.shape, "scene, kind, number, feature")

# %% [markdown]
# Learn from the first 80<!--= N_TRAIN --> animals of each kind; the others are the test.
# A draw takes 60<!--= n_each --> cats and as many dogs<!--? (biased[1] == 1).sum() == n_each -->,
# and puts 95%<!--= (biased[0] == biased[1]).mean() --> of them where their kind is at home.
# From the animals that are left over, it makes a small set in which each kind is on sofas
# and on lawns equally often<!--? (balanced[0] == balanced[1]).mean() == 0.5 -->; it waits.

# %%
N_TRAIN, N_DRAWS = 80, 10


def draw_sets(seed, at_home=57):
    rng, biased, balanced = np.random.default_rng(seed), [], []
    for kind in (0, 1):
        pets = rng.permutation(N_TRAIN)
        for n, pet in enumerate(pets[:60]):
            biased.append((kind if n < at_home else 1 - kind, kind, pet))
        balanced += [(n % 2, kind, pet) for n, pet in enumerate(pets[60:])]
    return tuple(np.transpose(biased)), tuple(np.transpose(balanced))


# %%
def learn(chosen, weights=None):  # chosen: scenes, kinds, numbers
    head = LogisticRegression(max_iter=2000)
    return head.fit(features[chosen], chosen[1], sample_weight=weights)


def right_by_group(head):  # a row for each scene, a column for each kind
    said = head.predict(features[:, :, N_TRAIN:].reshape(-1, 1280))
    return (said.reshape(2, 2, -1) == [[[0], [1]]]).mean(axis=2)


sets = [draw_sets(seed) for seed in range(N_DRAWS)]
heads = [learn(biased) for biased, _ in sets]
groups = np.array([right_by_group(head) for head in heads])  # (draw, scene, kind)
at_home = groups[:, [0, 1], [0, 1]].mean(axis=1)
away = groups[:, [0, 1], [1, 0]].mean(axis=1)
as_drawn = 0.95 * at_home + 0.05 * away
biased, balanced = sets[0]
n_each = (biased[1] == 0).sum()
print(f"right, on pictures drawn alike: {as_drawn.mean():.3f} ± {as_drawn.std():.3f}")

# %% [markdown]
# A number to be proud of: mean and spread of ten draws<!--? N_DRAWS == 10 -->.
#
# **Predict:** the test has the same animals on sofas and on lawns. How often are
# the same heads right on *cats on lawns*?
#
# <details><summary>Nearly always, as on all of them</summary>
#
# **No.** That is what the accuracy seems to say. But of pictures drawn like those, only
# a few are cats on lawns: all of them may be wrong, and the number stays
# high<!--? at_home.mean() * 0.95 > 0.93 -->.
#
# </details>
# <details><summary>In about 75 of 100 cases</summary>
#
# **Yes.** On about 78%<!--= groups[:, 1, 0].mean(), 0.04, as_drawn.mean() -->.
#
# </details>
# <details><summary>Never: it has learned places alone</summary>
#
# **No.** So it would be if places were all it knew. But the backbone sees ears, too, and a
# few training pictures had no other way to be right.
#
# </details>

# %%
table = pd.DataFrame(groups.mean(axis=0), index=SCENES, columns=KINDS)
worst = groups.min(axis=(1, 2))
print(f"worst group: {worst.mean():.2f} ± {worst.std():.2f}")
table.round(2)

# %% [markdown]
# It gets about 72%<!--= worst.mean(), 0.04, as_drawn.mean() --> of its **worst group** right. That is
# what the good number hid. And the same animal, moved?

# %%
both = [[head.predict(features[s, k, N_TRAIN:]) for s, k in four] for head in heads]
both = np.array(both).reshape(N_DRAWS, 2, 2, -1)
moved = (both[:, 0] != both[:, 1]).mean(axis=(1, 2))
print(f"moved, and called something else: {moved.mean():.2f} ± {moved.std():.2f}")

# %% [markdown]
# About 25%<!--= moved.mean(), 0.03, 0 --> change their name with the place. With photographs you
# cannot move the animal. There are other ways to look.
#
# ## Cover a part
#
# **Occlusion** covers a square with gray and shows how far the score falls. What mattered was
# there. 49 squares<!--? covered.shape[1] == 49 --> make a map. The covered pictures pass
# through the base once; after that, a map of any head costs a product.

# %%
N_LOOK = 4  # cats on lawns, and as many dogs on sofas
away_from_home = [(1, 0), (0, 1)]
look = [paths[s, k, N_TRAIN + n] for s, k in away_from_home for n in range(N_LOOK)]
pixels = np.stack([read_picture(path, (224, 224), crop=True) for path in look])


# %%
def cover(base):
    found = []
    for picture in pixels:
        covered = np.repeat(picture[np.newaxis], 49, axis=0)
        for n in range(49):
            row, column = 32 * (n // 7), 32 * (n % 7)
            covered[n, row : row + 32, column : column + 32] = 127
        found.append(base.predict_on_batch(covered))
    return base.predict_on_batch(pixels), np.array(found)


def occlusion(head, whole, covered):  # positive: speaks for a dog
    before = head.decision_function(whole)[:, np.newaxis]
    after = head.decision_function(covered.reshape(-1, 1280)).reshape(-1, 49)
    return (before - after).reshape(-1, 7, 7)


whole, covered = cover(base)
by_occlusion = occlusion(heads[0], whole, covered)
print(by_occlusion.shape)

# %% [markdown]
# ## Follow the slopes
#
# **Grad-CAM** asks the network itself: the last maps, before pooling, still know where
# things are. How steeply does the score rise with each channel? Weigh the channels with
# that and add them up: one pass instead of 49<!--? covered.shape[1] == 49 -->.

# %%
import tensorflow as tf


def eyes_of(backbone):
    inputs = keras.Input((224, 224, 3))
    scaled = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    last = backbone.get_layer("top_activation").output
    return keras.Model(inputs, keras.Model(backbone.input, last)(scaled))


def grad_cam(eyes, head):  # positive: speaks for a dog
    kernel = head.coef_[0].astype("float32")
    with tf.GradientTape() as tape:
        maps = eyes(pixels.astype("float32"))  # (pictures, 7, 7, 1280)
        tape.watch(maps)
        pooled = keras.ops.mean(maps, axis=(1, 2))
        score = keras.ops.sum(pooled * kernel + head.intercept_[0] / 1280, axis=1)
    slopes = tape.gradient(score, maps)
    weights = keras.ops.mean(slopes, axis=(1, 2), keepdims=True)
    return np.asarray(keras.ops.sum(weights * maps, axis=-1))


# %%
eyes = eyes_of(backbone)
by_slopes = grad_cam(eyes, heads[0])
scores = heads[0].decision_function(whole)
difference = np.abs(by_slopes.sum(axis=(1, 2)) + heads[0].intercept_ - scores).max()
print("map and intercept add up to the score:", difference < 0.01)

# %% [markdown]
# With pooling and one dense layer, a map and the head's intercept add up to the
# score<!--? difference < 0.01 -->: nothing is left out. The method as published keeps only what is positive; here both signs
# stay, blue for *cat*, orange for *dog*.
#
# **Predict:** the first two pictures are cats on lawns. Where is the orange?
#
# <details><summary>On the animal: that is what it was asked about</summary>
#
# **No.** It was asked for a label that fits. The lawn fitted it.
#
# </details>
# <details><summary>Around the animal, on the lawn</summary>
#
# **Yes.**<!--? shares.loc["trained", "for the place's class"].max() < area --> The animal has
# less of it than its share of the picture.
#
# </details>
# <details><summary>Everywhere alike</summary>
#
# **No.** So it would be if the head had found nothing to hold on to: watch the controls.
#
# </details>

# %%
from helpers.figures import heat_figure

shown = [0, 1, N_LOOK, N_LOOK + 1]
said = np.array(KINDS)[heads[0].predict(whole[shown])]
titles = [
    f"{names[2 if n < N_LOOK else 1]}: said {w}"
    for n, w in zip(shown, said, strict=True)
]
heats = {"occlusion": by_occlusion[shown], "Grad-CAM": by_slopes[shown]}
fig = heat_figure(pixels[shown], heats, titles)
show(fig, f"Eight maps over four pictures: {'; '.join(titles)}.")

# %% [markdown]
# ## Do they agree, and do they mean anything?
#
# A heat map looks convincing whatever it shows. So count. Where the same animal on the other
# background has the same pixels, there is the animal: that gives the truth. Of all heat that
# speaks for the class of the *place*, how much lies on animals? And of that for the *true*
# class?
#
# Beside it two controls, in each of which a part knows nothing: a head that learned from
# *shuffled labels*, and a base with *random weights*. A method that shows the same there shows
# nothing.

# %%
elsewhere = [
    paths[1 - s, k, N_TRAIN + n] for s, k in away_from_home for n in range(N_LOOK)
]
others = [read_picture(path, (224, 224), crop=True) for path in elsewhere]
changed = np.abs(pixels.astype(int) - np.stack(others)).max(axis=-1)
animal = (changed < 24).reshape(-1, 7, 32, 7, 32).mean(axis=(2, 4))  # share of a square
area = animal.mean()
toward_place = np.repeat([1, -1], N_LOOK)[:, np.newaxis, np.newaxis]


def on_animals(heat):
    parts = [np.maximum(way * toward_place * heat, 0) for way in (1, -1)]
    return [(part * animal).sum() / part.sum() for part in parts]


print(f"animals, and what lies about, take {area:.0%} of the pictures")

# %% [markdown]
# The two controls:

# %%
from scipy.stats import spearmanr

shuffled = np.random.default_rng(0).permutation(biased[1])
blind_head = LogisticRegression(max_iter=2000).fit(features[biased], shuffled)
random_backbone, random_base = make_base(None)
random_features = compute_features(random_base, paths[biased], crop=True)
random_head = LogisticRegression(C=1e4, max_iter=5000).fit(random_features, biased[1])

# %%
random_seen = cover(random_base)  # whole, covered

# %%
heads_and_eyes = {
    "trained": (heads[0], eyes, (whole, covered)),
    "shuffled labels": (blind_head, eyes, (whole, covered)),
    "random weights": (random_head, eyes_of(random_backbone), random_seen),
}
maps = {
    name: {"occlusion": occlusion(head, *seen), "Grad-CAM": grad_cam(looking, head)}
    for name, (head, looking, seen) in heads_and_eyes.items()
}

# %% [markdown]
# And the count:

# %%
rows = {
    (name, method): on_animals(heat)
    for name, methods in maps.items()
    for method, heat in methods.items()
}
columns = ["for the place's class", "for the true class"]
shares = pd.DataFrame(rows, index=columns).T
contrast = (shares[columns[1]] - shares[columns[0]]).to_numpy()
learned, controls = contrast[:2], np.abs(contrast[2:])
shares.round(1)

# %% [markdown]
# - **Trained.** What speaks for the place's class lies on animals less than their area would
#   give<!--? shares.loc["trained", "for the place's class"].max() < area -->, what speaks for
#   the true class more than twice as much<!--? shares.loc["trained", "for the true class"].min() > 2 * area -->.
#   Both methods say so, each on its own.
# - **Controls.** There the two columns differ less than half as
#   much<!--? controls.max() < learned.min() / 2 -->. So, in
#   this draw, the difference comes from what was learned, not from the method.
#
# And do the two methods agree, square by square? The rank correlation of the two maps, picture
# by picture, against maps of two *different* pictures:

# %%
agreement = pd.DataFrame(
    {
        name: [
            spearmanr(m["occlusion"][n].ravel(), m["Grad-CAM"][n].ravel())[0]
            for n in range(len(look))
        ]
        for name, m in maps.items()
    }
)
first, second = maps["trained"]["occlusion"], maps["trained"]["Grad-CAM"]
agreement["another picture"] = [
    spearmanr(first[n].ravel(), second[n - 1].ravel())[0] for n in range(len(look))
]
agreement.agg(["mean", "std"]).round(1)

# %% [markdown]
# They agree somewhat<!--? 0.2 < agreement["trained"].mean() < 0.7 -->, more than maps of
# different pictures do<!--? agreement["trained"].mean() > agreement["another picture"].mean() + 0.15 -->,
# and far from fully<!--? agreement["trained"].mean() < 0.7 -->: gray squares are a sight that no
# picture offers, and a square of the last map has seen far beyond its own place. Trust what
# both show, over several pictures; not a single square.
#
# ## Ask the nearest
#
# The last way shows no heat but examples: the training pictures with the nearest features.
# For each test animal away from home, take five. How many share its place, how many its
# class?

# %%
from sklearn.neighbors import NearestNeighbors

nearest = NearestNeighbors(n_neighbors=5).fit(features[biased])
alike = {}
for s, k in away_from_home:
    found = nearest.kneighbors(features[s, k, N_TRAIN:], return_distance=False)
    alike[names[four.index((s, k))]] = {
        "same place": (biased[0][found] == s).mean(),
        "same class": (biased[1][found] == k).mean(),
    }
alike = pd.DataFrame(alike).T
alike["by chance"] = [np.mean(biased[1] == k) for _, k in away_from_home]
alike.round(1)

# %% [markdown]
# About half<!--? (alike["same place"] - 0.5).abs().max() < 0.12 --> share the place, although
# nearly all animals of that place have the other class<!--? (biased[0] == biased[1]).mean() > 0.9 -->.
# So the features hold both, class and place. The fault is not in the base; it is in what the
# head was given to choose from.
#
# ## Repair it
#
# If so, a new head may do. The small set has waited: 40<!--= len(balanced[0]) --> pictures, in
# which the place tells nothing.
#
# **Predict:** a head learns from these alone, a third of the pictures<!--? 3 * len(balanced[0]) == len(biased[0]) -->.
# What happens to the worst group?
#
# <details><summary>It gets worse: there is less to learn from</summary>
#
# **No.** So one would think. But what the many taught was the place.
#
# </details>
# <details><summary>It gains a few points</summary>
#
# **No.** A careful guess. What counts is how many pictures contradict the shortcut: here
# they are many more.
#
# </details>
# <details><summary>It gains more than ten points</summary>
#
# **Yes.**<!--? gain_few.mean() > 0.1 --> And the spread of the draws is less than a third
# of that<!--? gain_few.std() < gain_few.mean() / 3 -->.
#
# </details>


# %%
def weights_of(chosen):  # each group counts the same, however few are in it
    group = 2 * chosen[0] + chosen[1]
    return len(group) / (4 * np.bincount(group)[group])


repaired = {"biased": heads, "balanced, few": [learn(few) for _, few in sets]}
repaired["biased, weighted"] = [learn(many, weights_of(many)) for many, _ in sets]
joined = [tuple(map(np.concatenate, zip(*pair, strict=True))) for pair in sets]
repaired["both, weighted"] = [learn(all_, weights_of(all_)) for all_ in joined]
after = {name: [right_by_group(h) for h in hs] for name, hs in repaired.items()}
worst_after = pd.DataFrame({n: np.min(g, axis=(1, 2)) for n, g in after.items()})
mean_after = pd.DataFrame({n: np.mean(g, axis=(1, 2)) for n, g in after.items()})
gain = worst_after["both, weighted"] - worst_after["biased"]
gain_few = worst_after["balanced, few"] - worst_after["biased"]
summary = {"worst group": worst_after, "all groups": mean_after}
pd.concat({name: t.agg(["mean", "std"]) for name, t in summary.items()}).round(2)

# %%
from matplotlib import pyplot as plt

fig, ax = plt.subplots(figsize=(7, 2.2))
order = worst_after.mean().sort_values()
ax.barh(order.index, 100 * order, xerr=100 * worst_after.std()[order.index], capsize=4)
ax.set_xlabel("right in 100 of the worst group")
ax.set_title(f"Worst group, mean and spread of {N_DRAWS} draws")
ax.set_xlim(50, 100)
told = ", ".join(f"{name} {100 * value:.0f}" for name, value in order.items())
show(fig, f"Right in 100 of the worst group: {told}.")

# %% [markdown]
# The few balanced pictures alone bring about 18<!--= 100 * gain_few.mean(), 3, 0 --> points; all
# pictures together, each group weighing the same, about 20<!--= 100 * gain.mean(), 3, 0 -->, with a
# spread of two or three<!--? 1 < 100 * gain.std() < 4.5 -->. Weights alone, without a new
# picture, help too, and
# less<!--? 0.05 < (worst_after["biased, weighted"] - worst_after["biased"]).mean() < gain_few.mean() -->.
# The base stayed as it was. For another set, Waterbirds, a gain of 19.7 points was
# [published](https://arxiv.org/abs/2308.00473) for this repair<!--! Kirichenko and others, arXiv 2204.02937; 72.86 to 92.55 in arXiv 2308.00473 -->.
#
# One condition: somebody has to *know* the groups of some pictures.
#
# ## Maps of all pictures
#
# Could you have seen it coming? 1,280<!--= features.shape[-1] --> numbers a picture do not fit on
# paper; two do. **PCA** takes the directions in which the pictures are spread out. **Isomap**
# keeps distances, each measured on the way from neighbor to neighbor.

# %%
from sklearn.decomposition import PCA
from sklearn.manifold import Isomap

test = features[:, :, N_TRAIN:].reshape(-1, 1280)
scene_of, kind_of = np.repeat([0, 0, 1, 1], 80), np.repeat([0, 1, 0, 1], 80)
pca = PCA(2, svd_solver="full").fit(test)
flat = {
    "PCA": pca.transform(test),
    "Isomap": Isomap(n_neighbors=10).fit_transform(test),
}
fig, axes = plt.subplots(1, 2, figsize=(8, 3.6))
for ax, (name, points) in zip(axes, flat.items(), strict=True):
    for s, k in four:
        own = points[(scene_of == s) & (kind_of == k)]
        look_of = {"color": f"C{s}", "marker": "o^"[k], "label": names[2 * s + k]}
        ax.scatter(*own.T, s=12, alpha=0.7, **look_of)
    ax.set(title=name, xlabel="first direction", ylabel="second direction")
handles = axes[0].get_legend_handles_labels()
fig.legend(*handles, loc="outside lower center", ncols=4, fontsize=8)
kept = pca.explained_variance_ratio_.sum()
show(fig, f"Two maps of {len(test)} pictures; PCA keeps {kept:.0%} of what differs.")

# %%
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

folds = StratifiedKFold(5, shuffle=True, random_state=0)
told_by = {
    name: {
        what: cross_val_score(KNeighborsClassifier(5), points, truth, cv=folds).mean()
        for what, truth in (("class", kind_of), ("place", scene_of))
    }
    for name, points in {"all features": test, **flat}.items()
}
told_by = pd.DataFrame(told_by).T
told_by.round(2)

# %% [markdown]
# Five neighbors name class and place from all features; in PCA's map they name the
# place<!--? told_by.loc["PCA", "place"] > 0.95 --> still: a warning that you get for nothing.
# The limits: these two directions hold only about 16%<!--= kept, 0.016 --> of what differs, and
# what a map does *not* show may be there all the same.
#
# ## Clean the labels
#
# Another kind of mistake is not the network's. In ten well-known test sets at least 3.3% of
# labels were found to be wrong, on average<!--! Northcutt and others, arXiv 2103.14749, table 1 -->.
# Flip 5%<!--= len(wrong) / len(truth) --> of ours, in ten draws<!--? len(rows) == 10 -->, and find them: ask about each picture a head that has not learned
# from it, and doubt a label where the head says another class and is as sure of it as it is, on
# average, of that class's own.

# %%
from sklearn.model_selection import cross_val_predict

pool = features[:, :, :N_TRAIN].reshape(-1, 1280)
truth, heldout = np.repeat([0, 1, 0, 1], 80), np.repeat([0, 1, 0, 1], 80)


def doubt(labels):
    head = LogisticRegression(max_iter=2000)
    said = cross_val_predict(head, pool, labels, cv=folds, method="predict_proba")
    sure = np.array([said[labels == n, n].mean() for n in (0, 1)])
    answers = said.argmax(axis=1)
    chance = said[np.arange(len(labels)), answers]
    return said, np.flatnonzero((answers != labels) & (chance >= sure[answers]))


# %% tags=["nbval-ignore-output"] reason="a picture or two lie on the border; the text holds what may be said"
def accuracy_with(labels):
    head = LogisticRegression(max_iter=2000).fit(pool, labels)
    return head.score(test, heldout)


rows = []
for seed in range(N_DRAWS):
    wrong = np.random.default_rng(seed).permutation(len(truth))[: len(truth) // 20]
    noisy = truth.copy()
    noisy[wrong] = 1 - noisy[wrong]
    said, flagged = doubt(noisy)
    hits = np.intersect1d(flagged, wrong)
    relabeled = noisy.copy()
    relabeled[hits] = truth[hits]  # somebody looked, and mended those that were wrong
    found = {"precision": len(hits) / len(flagged), "recall": len(hits) / len(wrong)}
    found["accuracy, noisy"] = accuracy_with(noisy)
    found["relabeled"] = accuracy_with(relabeled)
    rows.append(found)
labels_found = pd.DataFrame(rows)
labels_found.agg(["mean", "std"]).round(2)

# %% [markdown]
# Of those flagged, about 85%<!--= labels_found["precision"].mean(), 0.05, 0.51 --> were wrong:
# **precision**. Of those wrong, about 82%<!--= labels_found["recall"].mean(), 0.05, 0.5 --> were
# flagged: **recall**.
# On the published sets, people confirmed 51% of what was
# flagged<!--! arXiv 2103.14749: photographs of many classes, a harder task -->; ours
# are easier, and their errors are random. Mending them brings about
# 3<!--= 100 * lift.mean(), 0.5, 0 --> points of accuracy, and from draw to draw that differs by
# less<!--? lift.std() < lift.mean() -->.
#
# `train_classifier` lists likely wrong labels in its report. Does its helper agree with the ten
# lines?

# %%
from helpers.teaching import doubtful_labels

lift = labels_found["relabeled"] - labels_found["accuracy, noisy"]
numbers = [str(n) for n in range(len(noisy))]
listed = doubtful_labels(said, noisy, numbers, KINDS)
agrees = {int(one["picture"]) for one in listed} == set(flagged.tolist())
print("the helper flags the same pictures:", agrees)

# %% [markdown]
# ## Check it

# %% tags=["check"] asserts=12
assert as_drawn.mean() > 0.97
assert worst.mean() < 0.8
assert worst.max() < as_drawn.min()
assert moved.mean() > 0.15
assert difference < 0.01
assert learned.min() > 2 * controls.max()
assert agreement["trained"].mean() > agreement["another picture"].mean() + 0.15
assert gain.min() > 0.1
assert mean_after["both, weighted"].mean() > mean_after["biased"].mean() + 0.05
assert labels_found["precision"].mean() > 0.6
assert lift.mean() > max(0.01, lift.std())
assert agrees
print("all true")

# %% [markdown]
# ## What can go wrong
#
# **A map of nothing.** Symptom: a pretty heat map, of a network that knows
# nothing. Cause: each map is drawn on its own scale, and each has a spot that stands out, whatever
# made it. Look at one from random weights:

# %%
heats = {name: maps[name]["Grad-CAM"][shown] for name in ("trained", "random weights")}
fig = heat_figure(pixels[shown], heats, titles)
show(fig, f"Maps of {len(heats)} networks: those of random weights are as colorful.")

# %% [markdown]
# Remedy: a control beside every map, and counting over several pictures.
#
# **The test was drawn like the training set.** Symptom: none. Cause: a split at random keeps
# every shortcut on both sides. Remedy: a few pictures from elsewhere, and accuracy by group.
#
# **Flagged is not wrong.** Symptom: rare but right pictures vanish from a set that was
# "cleaned". Cause: whatever is flagged was deleted; some of it was
# right<!--? labels_found["precision"].mean() < 0.95 -->. Remedy: look at each.

# %% [markdown]
# ## What you saw
#
# - Right on about 99%<!--= as_drawn.mean(), 0.01, worst.mean() --> of pictures drawn alike, and
#   far less in the worst group<!--? worst.mean() < as_drawn.mean() - 0.15 -->.
# - Occlusion and Grad-CAM both put the shortcut beside the
#   animal<!--? shares.loc["trained", "for the place's class"].max() < area -->; the controls
#   show no such difference<!--? controls.max() < learned.min() / 2 -->.
# - Balanced pictures and weights brought the worst group up by about
#   20<!--= 100 * gain.mean(), 3, 0 --> points, with the base untouched.
# - Of the flagged labels about 85%<!--= labels_found["precision"].mean(), 0.05, 0.51 --> were wrong.
#
# The limits: drawn animals, each in two places, one backbone, and flips without a reason;
# people mislabel what is hard.

# %%
from helpers.ties import compare_text

compare_text("10_look_at_mistakes", globals())

# %% [markdown]
# ## Try it
#
# Three exercises, each with a check that tells you what is right and what is not yet:
#
# <!-- exercises -->

# %% tags=["exercise-setup"]
import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression

from helpers.backbones import EfficientNetLite0
from helpers.features import compute_features
from helpers.pets import draw_pets
from helpers.pictures import find_pictures
from helpers.plumbing import DATA

SCENES, KINDS = ["sofa", "lawn"], ["cat", "dog"]
for scene in SCENES:
    draw_pets(DATA / "scenes" / scene, per_class=160, scene=scene, distance=2)
folders = [DATA / "scenes" / scene / kind for scene in SCENES for kind in KINDS]
paths = [path for folder in folders for path in find_pictures(folder)[:160]]

# %% [markdown] tags=["exercise-setup"]
# The same pictures and the same base as in the lesson. Their features are kept on the disk, so
# this takes a moment if the lesson has run.

# %% tags=["exercise-setup"]
backbone = EfficientNetLite0(
    include_top=False, input_shape=(224, 224, 3), pooling="avg"
)
inputs = keras.Input((224, 224, 3))
base = keras.Model(
    inputs, backbone(layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
)
features = compute_features(base, paths, crop=True).reshape(2, 2, 160, 1280)
unseen = features[:, :, 80:]
print(features.shape, "scene (sofa, lawn), kind (cat, dog), number, feature")


# %% tags=["exercise-setup"]
def draw_set(seed, at_home):
    """Of 60 cats and 60 dogs, `at_home` each are where their kind is at home."""
    rng, chosen = np.random.default_rng(seed), []
    for kind in (0, 1):
        for n, pet in enumerate(rng.permutation(80)[:60]):
            chosen.append((kind if n < at_home else 1 - kind, kind, pet))
    return tuple(np.transpose(chosen))  # scenes, kinds, numbers


def worst_group(head):
    """The smallest of four accuracies on unseen animals."""
    said = head.predict(unseen.reshape(-1, 1280)).reshape(2, 2, -1)
    return (said == [[[0], [1]]]).mean(axis=2).min()


# %% [markdown] tags=["exercise"]
# ## 10.1 · Let the place tell nothing
#
# What would the worst group be if the training pictures had been taken with more care? Change
# one line, so that the place tells nothing about the class, and say a number before you run it.

# %% tags=["exercise-gap"]
at_home = 57  # change this line
worst = []
for seed in range(5):
    chosen = draw_set(seed, at_home)
    head = LogisticRegression(max_iter=2000).fit(features[chosen], chosen[1])
    worst.append(worst_group(head))
print(f"worst group: {np.mean(worst):.2f} ± {np.std(worst):.2f}")

# %% [markdown] tags=["exercise-hint"]
# So many of the cats are on sofas, and the others on lawns. When does a sofa say nothing?

# %% tags=["exercise-solution"]
at_home = 30
worst = []
for seed in range(5):
    chosen = draw_set(seed, at_home)
    head = LogisticRegression(max_iter=2000).fit(features[chosen], chosen[1])
    worst.append(worst_group(head))
print(f"worst group: {np.mean(worst):.2f} ± {np.std(worst):.2f}")

# %% [markdown] tags=["exercise-solution"]
# About 96%<!--= np.mean(worst), 0.03 -->, from as many
# pictures<!--? len(chosen[1]) == 120 -->: carry the camera to another place, and there is
# nothing to repair.

# %% [markdown] tags=["exercise"]
# ## 10.2 · Weigh the groups
#
# Nobody can take new pictures. Give each of the training pictures below a weight, so that each
# of the four groups counts the same in sum; let `weighted` learn with these weights, and state
# its worst group.

# %% tags=["exercise-setup"]
chosen = draw_set(0, at_home=57)
scenes, kinds, _ = chosen
plain = LogisticRegression(max_iter=2000).fit(features[chosen], kinds)
print(f"without weights: {worst_group(plain):.2f}")

# %% tags=["exercise-gap"]
weights = ...  # a number for each training picture
weighted = ...  # a fitted LogisticRegression
worst_weighted = ...  # its worst group, from 0 to 1

# %% [markdown] tags=["exercise-hint"]
# `2 * scenes + kinds` is a number for each picture: its group.

# %% [markdown] tags=["exercise-hint"]
# `np.bincount` counts how many are in each group; a picture of a small group needs a large
# weight. `fit` takes `sample_weight`.

# %% tags=["exercise-solution"]
group = 2 * scenes + kinds
weights = len(group) / (4 * np.bincount(group)[group])
weighted = LogisticRegression(max_iter=2000)
weighted.fit(features[chosen], kinds, sample_weight=weights)
worst_weighted = worst_group(weighted)
print(f"with weights: {worst_weighted:.2f}")

# %% [markdown] tags=["exercise-solution"]
# The worst group gains<!--? worst_weighted > worst_group(plain) + 0.03 -->, though six pictures
# away from home<!--? (scenes != kinds).sum() == 6 --> now carry half of all the
# weight<!--? np.isclose(weights[scenes != kinds].sum(), weights.sum() / 2) -->: much hangs on
# which six.

# %% [markdown] tags=["exercise"]
# ## 10.3 · Doubt labels of any number of classes
#
# Write `doubted(said, labels)`: probabilities of shape (pictures, classes) that came from
# cross-validation, and labels from 0 on. It gives the places of all pictures that are taken for
# another class, with a probability that is at least the mean one of that class's own pictures.

# %% tags=["exercise-gap"]
doubted = ...  # a function of said and labels

# %% [markdown] tags=["exercise-hint"]
# For each class `n`, `said[labels == n, n]` are the probabilities of its own pictures.

# %% [markdown] tags=["exercise-hint"]
# `said.argmax(axis=1)` says what each is taken for, `said.max(axis=1)` how surely.


# %% tags=["exercise-solution"]
def doubted(said, labels):
    own = [said[labels == n, n].mean() for n in range(said.shape[1])]
    answers = said.argmax(axis=1)
    as_sure = said.max(axis=1) >= np.array(own)[answers]
    return np.flatnonzero((answers != labels) & as_sure)


example = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.2, 0.8]])
print("doubted:", doubted(example, np.array([0, 0, 1, 1])))

# %% [markdown] tags=["exercise-solution"]
# The third picture is taken for class 0 and labeled 1: it is
# doubted<!--? doubted(example, np.array([0, 0, 1, 1])).tolist() == [2] -->.

# %% [markdown]
# ## Go on
#
# - [Grad-CAM](https://arxiv.org/abs/1610.02391), as published; and
#   [sanity checks for saliency maps](https://arxiv.org/abs/1810.03292), where the controls come
#   from.
# - [Last layer re-training](https://arxiv.org/abs/2204.02937): the repair of this lesson.
# - [Pervasive label errors](https://labelerrors.com): wrong labels in sets that everybody
#   uses.
