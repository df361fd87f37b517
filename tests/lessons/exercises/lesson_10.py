"""Answers to the exercises of lesson 10: right ones; wrong ones and what is said."""

CARE = """\
at_home = {n}
worst = []
for seed in range({seeds}):
    chosen = draw_set(seed, at_home)
    head = LogisticRegression(max_iter=2000).fit(features[chosen], chosen[1])
    worst.append(worst_group(head))
"""
WEIGHTS = """\
group = 2 * scenes + kinds
weights = 1 / np.bincount(group)[group]
"""
WEIGHTED = """\
weighted = LogisticRegression(max_iter=2000)
weighted.fit(features[chosen], kinds, sample_weight=30 * weights)
worst_weighted = worst_group(weighted)
"""
DOUBTED = """\
def doubted(said, labels):
    own = [said[labels == n, n].mean() for n in range(said.shape[1])]
    answers = said.argmax(axis=1)
    as_sure = said.max(axis=1) >= np.array(own)[answers]
    return np.flatnonzero((answers != labels) & as_sure)
"""

RIGHT = {
    "10.1": [
        CARE.format(n=30, seeds=5),
        CARE.format(n="60 // 2", seeds=8),
        CARE.format(n=30, seeds=5) + "worst = np.array(worst)",
    ],
    "10.2": [
        WEIGHTS + WEIGHTED,
        WEIGHTS + WEIGHTED + "worst_weighted = round(worst_weighted, 3)",
        """\
from sklearn.utils.class_weight import compute_sample_weight
weights = compute_sample_weight("balanced", 2 * scenes + kinds)
weighted = LogisticRegression(max_iter=2000).fit(features[chosen], kinds, weights)
said = weighted.predict(unseen.reshape(-1, 1280)).reshape(2, 2, 80)
worst_weighted = min((said[s, k] == k).mean() for s in (0, 1) for k in (0, 1))
""",
        """\
weights = [19 if s != k else 1 for s, k in zip(scenes, kinds)]
weighted = LogisticRegression(max_iter=2000)
weighted.fit(features[chosen], kinds, sample_weight=weights)
worst_weighted = np.array([worst_group(weighted)])
""",
    ],
    "10.3": [
        DOUBTED,
        """\
def doubted(said, labels):
    found = []
    for n, (row, label) in enumerate(zip(said, labels)):
        answer = int(np.argmax(row))
        own = said[labels == answer, answer].mean()
        if answer != label and row[answer] >= own:
            found.append(n)
    return found
""",
        DOUBTED.replace("np.flatnonzero(", "np.argwhere(")
        + """\
places = doubted
def doubted(said, labels):
    return places(said, labels).ravel()[::-1]
""",
    ],
}

WRONG = {
    "10.1": [
        (CARE.format(n=57, seeds=5), "still 57"),
        (CARE.format(n=60, seeds=3), "without a mistake"),
        (CARE.format(n=0, seeds=3), "without a mistake"),
        (CARE.format(n=45, seeds=3), "still speaks for one class"),
        ("at_home = 0.5\nworst = None", "not a share"),
        (CARE.format(n=57, seeds=5) + "at_home = 30", "run the whole cell again"),
        (CARE.format(n=30, seeds=5) + "worst = worst[:1]", "several draws"),
    ],
    "10.2": [
        ("weights = np.ones(120)\n" + WEIGHTED, "all the same"),
        (
            WEIGHTS.replace("1 / ", "1.0 * ") + WEIGHTED,
            "it should be the other way",
        ),
        (
            "weights = np.where(scenes != kinds, 5.0, 1.0)\n" + WEIGHTED,
            "these should be equal",
        ),
        (
            WEIGHTS + "weights = weights[:60]\n" + "weighted = worst_weighted = 1",
            "(120)",
        ),
        (
            WEIGHTS + WEIGHTED.replace(", sample_weight=30 * weights", ""),
            "give `fit` the `sample_weight`",
        ),
        (WEIGHTS + WEIGHTED + "worst_weighted = 0.99", "the worst group of `weighted`"),
        (WEIGHTS + WEIGHTED + "weighted = LogisticRegression()", "learned nothing yet"),
        (
            WEIGHTS + WEIGHTED + "weighted.fit(features[chosen][:, :9], kinds)",
            "learned from 9 numbers a picture",
        ),
    ],
    "10.3": [
        (DOUBTED.replace(" & as_sure", ""), "the unsure ones should stay out"),
        (DOUBTED.replace("answers != labels", "answers == labels"), "should be `!=`"),
        (DOUBTED.replace("np.flatnonzero", "np.asarray"), "yes or no"),
        (
            DOUBTED.replace("range(said.shape[1])", "(0, 1)"),
            "ends in IndexError",
        ),
        (
            DOUBTED.replace("np.array(own)[answers]", "np.array(own)[labels]"),
            "too many",
        ),
        (DOUBTED.replace("return", "found ="), "is None"),
        (DOUBTED.replace(">=", "<"), "it lacks"),
        ("doubted = np.array([2])", "should be a function"),
    ],
}
