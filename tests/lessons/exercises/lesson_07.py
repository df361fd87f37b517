"""Answers to the exercises of lesson 7: right ones; wrong ones and what is said."""

ONE = """\
per_class = {n}
draws = StratifiedShuffleSplit({times}, train_size=2 * per_class, random_state={seed})
scores = cross_val_score(
    LogisticRegression(max_iter=1000), features, train_labels, cv=draws
)
"""
COLUMN = "strongest = {place}\nlargest = np.argsort(features[:, {of}])[{rows}]\n"
BEST = "int(np.argmax(regression.coef_[0]))"
MEANS = """\
means = [
    cross_val_score(
        KNeighborsClassifier(k), features, train_labels, cv=divisions
    ).mean()
    for k in candidates
]
"""
CHOSEN = """\
neighbors = KNeighborsClassifier({k}).fit(features, train_labels)
tested = neighbors.score(test_features, test_labels)
"""
K = "candidates[int(np.argmax(means))]"

RIGHT = {
    "7.1": [
        ONE.format(n=1, times=20, seed=0),
        ONE.format(n=1, times=30, seed=7),
        ONE.format(n=1, times=20, seed=0) + "scores = list(scores)",
    ],
    "7.2": [
        COLUMN.format(place=BEST, of="strongest", rows="-9:"),
        COLUMN.format(
            place="regression.coef_.argmax()", of="strongest", rows="::-1][:9"
        ),
        """\
strongest = max(range(1280), key=lambda n: regression.coef_[0, n])
largest = set(sorted(range(200), key=lambda n: features[n, strongest])[-9:])
largest = sorted(largest)
""",
    ],
    "7.3": [
        MEANS + CHOSEN.format(k=K),
        MEANS
        + CHOSEN.format(k=K)
        + "means, tested = np.round(means, 3), round(tested, 3)",
        """\
means = np.zeros(5)
for place, k in enumerate(candidates):
    for learn, ask in divisions.split(features, train_labels):
        head = KNeighborsClassifier(k).fit(features[learn], train_labels[learn])
        means[place] += head.score(features[ask], train_labels[ask]) / 10
"""
        + CHOSEN.format(k=K),
        """\
from sklearn.model_selection import GridSearchCV
search = GridSearchCV(
    KNeighborsClassifier(), {"n_neighbors": candidates}, cv=divisions
).fit(features, train_labels)
means, neighbors = search.cv_results_["mean_test_score"], search.best_estimator_
tested = (neighbors.predict(test_features) == test_labels).mean()
""",
    ],
}

WRONG = {
    "7.1": [
        (ONE.format(n=5, times=20, seed=0), "still 5"),
        (ONE.format(n=2, times=20, seed=0), "are 1 of each class"),
        ("per_class = 0.5\ndraws = scores = None", "one half"),
        ("per_class = 0\ndraws = scores = None", "from no picture"),
        (
            ONE.format(n=5, times=20, seed=0) + "per_class = 1",
            "gives the head 10 pictures",
        ),
        (
            ONE.format(n=1, times=20, seed=0) + "scores = np.full(20, 0.98)",
            "compute the scores again",
        ),
        (ONE.format(n=1, times=20, seed=0) + "draws = 20", "a StratifiedShuffleSplit"),
    ],
    "7.2": [
        (
            COLUMN.format(place="int(regression.coef_[0].argmin())", of=0, rows="-9:"),
            "speaks for a cat",
        ),
        (
            COLUMN.format(place="regression.coef_.max()", of=0, rows="-9:"),
            "weight itself",
        ),
        (
            COLUMN.format(place="features.mean(axis=0).argmax()", of=0, rows="-9:"),
            "look at the weights",
        ),
        (COLUMN.format(place=1280, of=0, rows="-9:"), "a place from 0 to 1279"),
        (COLUMN.format(place=3, of=3, rows="-9:"), "column 3 has the weight"),
        (COLUMN.format(place=BEST, of="strongest", rows=":9"), "take the other end"),
        (COLUMN.format(place=BEST, of="strongest", rows="-8:"), "nine are asked for"),
        (COLUMN.format(place=BEST, of="strongest", rows="-19:-10"), "among its nine"),
        (
            COLUMN.format(place=BEST, of="strongest", rows="-9:")
            + "largest = largest + 200",
            "places that no picture has",
        ),
    ],
    "7.3": [
        (
            """\
means = [
    KNeighborsClassifier(k)
    .fit(features, train_labels)
    .score(test_features, test_labels)
    for k in candidates
]
"""
            + CHOSEN.format(k=K),
            "on the test set: choose within",
        ),
        (
            MEANS.replace("cv=divisions", "cv=5") + CHOSEN.format(k=K),
            "in these divisions the candidates reach",
        ),
        (
            MEANS + CHOSEN.format(k="candidates[int(np.argmin(means))]"),
            "the best mean is",
        ),
        (
            MEANS
            + CHOSEN.format(k=K)
            .replace(".fit(features, train_labels)", "", 1)
            .replace("neighbors.score(test_features, test_labels)", "0.9"),
            "has learned nothing yet",
        ),
        (
            MEANS
            + CHOSEN.format(k=K).replace(
                "fit(features, train_labels)", "fit(features[:160], train_labels[:160])"
            ),
            "keeps 160 pictures",
        ),
        (
            MEANS + CHOSEN.format(k=K) + "tested = max(means)",
            "on the test set it is right",
        ),
        (
            MEANS + CHOSEN.format(k=K) + "neighbors = LogisticRegression()",
            "KNeighborsCl",
        ),
        (
            MEANS + CHOSEN.format(k=K) + "means = means[:4]",
            "`means` should have the shape (5)",
        ),
    ],
}
