"""Answers to the exercises of lesson 0: right ones; wrong ones and what is said."""

FEW = """\
few = LogisticRegression(max_iter=1000).fit(features[:{n}], names[:{n}])
accuracy_of_few = few.score(unseen_features, truth)
"""

RIGHT = {
    "0.1": [
        FEW.format(n=20),
        """\
from sklearn.pipeline import make_pipeline
few = make_pipeline(LogisticRegression(solver="newton-cg"))
few.fit(features[0:20], list(names[0:20]))
accuracy_of_few = np.mean(few.predict(unseen_features) == truth)
""",
        """\
few = LogisticRegression(max_iter=1000)
few.fit(features[np.arange(20)[::-1]], names[np.arange(20)[::-1]])
said = few.predict(compute_features(base, unseen))
accuracy_of_few = sum(a == b for a, b in zip(said, truth)) / len(truth)
""",
        FEW.format(n=20) + "accuracy_of_few = np.array([accuracy_of_few])",
    ],
    "0.2": [
        "mistakes = np.flatnonzero(answers != truth)",
        "mistakes = [i for i in range(len(truth)) if answers[i] != truth[i]]",
        "mistakes = {i for i, a in enumerate(answers) if a != truth[i]}",
        "mistakes = pd.Series(truth).index[answers != truth]",
        "mistakes = np.argwhere(~(answers == truth)).ravel()",
    ],
    "0.3": [
        """\
blind = LogisticRegression(max_iter=1000).fit(small.reshape(200, 1728), names)
accuracy_without_eyes = blind.score(small_unseen.reshape(100, 1728), truth)
""",
        """\
rows, others = ([p.flatten() for p in s] for s in (small, small_unseen))
blind = LogisticRegression(C=10, max_iter=200)
blind.fit(rows, names)
accuracy_without_eyes = float((blind.predict(others) == truth).mean())
""",
        """\
from sklearn.svm import LinearSVC
rows, others = (255 * s.reshape(len(s), -1) for s in (small, small_unseen))
blind = LinearSVC().fit(rows, names)
accuracy_without_eyes = blind.score(others, truth)
""",
    ],
}

WRONG = {
    "0.1": [
        (FEW.format(n=200), "still learns from all 200"),
        (FEW.format(n=19), "learned from 19 pictures: one is off"),
        (FEW.format(n=21), "learned from 21 pictures: one is off"),
        (FEW.format(n=50), "other pictures than the first twenty"),
        (
            FEW.format(n=20) + "accuracy_of_few = few.score(features[:20], names[:20])",
            "the pictures it learned from",
        ),
        (FEW.format(n=20) + "accuracy_of_few = 97", "a share, from 0 to 1"),
        (FEW.format(n=20) + "accuracy_of_few = 0.9", "0.900, and on the unseen"),
        (FEW.format(n=20) + "few = LogisticRegression()", "learned nothing yet"),
        (FEW.format(n=20) + "few = LogisticRegression", "should be a classifier"),
        (
            """\
few = LogisticRegression().fit(features[:20, :8], names[:20])
accuracy_of_few = 0.5
""",
            "learned from 8 numbers a picture",
        ),
    ],
    "0.2": [
        ("mistakes = np.flatnonzero(answers == truth)", "`==` should be `!=`"),
        ("mistakes = answers != truth", "says yes or no for each picture"),
        ("mistakes = np.where(answers != truth)", "its first item"),
        ("mistakes = answers[answers != truth]", "holds words"),
        ("mistakes = (answers != truth).sum()", "but not which"),
        ("mistakes = np.flatnonzero(answers != truth) + 1", "off by one"),
        ("mistakes = np.flatnonzero(answers != truth)[:-1]", "lacks 1 of 20"),
        ("mistakes = [0, *np.flatnonzero(answers != truth)]", "1 that are no mistakes"),
        ("mistakes = []", "lacks 20 of 20"),
    ],
    "0.3": [
        (
            """\
rows, others = small.reshape(200, -1), small_unseen.reshape(100, -1)
blind = LogisticRegression(max_iter=1000).fit(rows, names)
accuracy_without_eyes = blind.score(rows, names)
""",
            "knows by heart",
        ),
        (
            """\
others = small_unseen.reshape(100, -1)
blind = LogisticRegression(max_iter=1000).fit(others, truth)
accuracy_without_eyes = blind.score(others, truth)
""",
            "did it learn from them",
        ),
        (
            """\
from sklearn.neighbors import KNeighborsClassifier
rows, others = small.reshape(200, -1), small_unseen.reshape(100, -1)
both = np.concatenate([rows, others]), np.concatenate([names, truth])
blind = KNeighborsClassifier(1).fit(*both)
accuracy_without_eyes = blind.score(others, truth)
""",
            "should only be asked about them",
        ),
        (
            """\
blind = LogisticRegression(max_iter=1000).fit(features, names)
accuracy_without_eyes = blind.score(unseen_features, truth)
""",
            "learned from 1280 numbers a picture, and the pixels are 1728",
        ),
        (
            """\
blind = LogisticRegression(max_iter=1000).fit(small.reshape(200, -1), names)
accuracy_without_eyes = 0.6
""",
            "0.600, and on the unseen pictures",
        ),
        (
            """\
blind = LogisticRegression(max_iter=1000)
accuracy_without_eyes = 0.49
""",
            "learned nothing yet",
        ),
        (
            """\
blind = LogisticRegression(max_iter=1000).fit(small.mean(axis=3)[:, :, 0], names)
accuracy_without_eyes = 0.49
""",
            "learned from 24 numbers a picture",
        ),
    ],
}
