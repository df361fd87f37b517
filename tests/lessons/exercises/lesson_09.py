"""Answers to the exercises of lesson 9: right ones; wrong ones and what is said."""

DIFFERENCES = """\
whole, early = (
    cross_val_score(head, depths[name], train_labels, cv=divisions)
    for name in ("top_activation", "block3b_add")
)
ahead = whole - early
told_apart = bool(abs(ahead.mean()) > ahead.std())
"""
CHOOSE = """\
def choose(scores, megabytes, budget):
    fitting = scores[megabytes.index[megabytes <= budget]]
    best = fitting.mean().idxmax()
    behind = fitting.rsub(fitting[best], axis=0)
    level = behind.columns[behind.mean() <= behind.std()]
    return megabytes[level].idxmin()
"""

RIGHT = {
    "9.1": [
        'cut = "block6d_add"',
        "cut = cuts[-2]",
        """\
scores = {
    name: cross_val_score(head, depths[name], train_labels, cv=divisions)
    for name in cuts
}
whole = scores["top_activation"]
cut = next(n for n in cuts if scores[n].mean() >= whole.mean() - whole.std())
""",
    ],
    "9.2": [
        DIFFERENCES,
        DIFFERENCES + "ahead, told_apart = list(ahead), np.bool_(True)",
        """\
ahead = []
for learn, ask in divisions.split(columns, train_labels):
    right = []
    for name in ("block3b_add", "top_activation"):
        head.fit(depths[name][learn], train_labels[learn])
        right.append(head.score(depths[name][ask], train_labels[ask]))
    ahead.append(right[1] - right[0])
told_apart = True
""",
    ],
    "9.3": [
        CHOOSE,
        """\
def choose(scores, megabytes, budget):
    best = max((n for n in scores if megabytes[n] <= budget),
               key=lambda n: scores[n].mean())
    lightest = best
    for name in scores:
        difference = scores[best] - scores[name]
        if megabytes[name] < megabytes[lightest] and (
            difference.mean() <= difference.std()
        ):
            lightest = name
    return lightest
""",
        """\
def choose(scores, megabytes, budget):
    names = [n for n in megabytes.sort_values().index if megabytes[n] <= budget]
    values = scores[names].to_numpy()
    best = values.mean(axis=0).argmax()
    behind = values[:, [best]] - values
    level = behind.mean(axis=0) <= behind.std(axis=0)
    return names[int(level.argmax())]
""",
    ],
}

WRONG = {
    "9.1": [
        ('cut = "block2b_add"', "more than a spread below"),
        ('cut = "block5c_add"', "more than a spread below"),
        ('cut = "top_activation"', "so is an earlier layer"),
        ('cut = "block6"', "there is no 'block6' among the layers"),
        ("cut = 5", "a layer's name"),
        ('cut = ["block6d_add"]', "a layer's name"),
    ],
    "9.2": [
        (DIFFERENCES + "ahead = -ahead", "the other way round"),
        (DIFFERENCES + "ahead = whole", "accuracies of one of them"),
        (DIFFERENCES + "ahead = early", "accuracies of one of them"),
        (DIFFERENCES + "ahead = ahead[:5]", "there are 10 divisions"),
        (DIFFERENCES + "ahead = ahead.mean()", "should have the shape"),
        (DIFFERENCES + "ahead = whole - np.sort(early)", "each in its place"),
        (DIFFERENCES + "told_apart = False", "should be True"),
        (DIFFERENCES + 'told_apart = "yes"', "True or False, and is the text 'yes'"),
        (DIFFERENCES + "told_apart = ahead.mean()", "should be True or False"),
    ],
    "9.3": [
        (
            """\
def choose(scores, megabytes, budget):
    return scores.mean().idxmax()
""",
            "`middle` is the lighter one of them",
        ),
        (
            """\
def choose(scores, megabytes, budget):
    return megabytes.idxmin()
""",
            "'middle' is asked for",
        ),
        (
            CHOOSE.replace("megabytes <= budget", "megabytes > 0"),
            "`large` does not fit",
        ),
        (
            CHOOSE.replace("megabytes <= budget", "megabytes < budget"),
            "the 10 MB that the budget allows",
        ),
        (
            CHOOSE.replace("behind.mean() <= behind.std()", "behind.mean() <= 0.03"),
            "take the spread of the differences",
        ),
        (
            """\
def choose(scores, megabytes, budget):
    fitting = scores[megabytes.index[megabytes <= budget]]
    best = fitting.mean().idxmax()
    floor = fitting[best].mean() - fitting[best].std()
    return megabytes[fitting.columns[fitting.mean() >= floor]].idxmin()
""",
            "take the spread of the differences",
        ),
        (
            CHOOSE.replace("return megabytes[level].idxmin()", "return list(level)"),
            "`choose` gives a list",
        ),
        (
            CHOOSE.replace(
                "    fitting", "    scores['none'] = 0.0\n    fitting", 1
            ).replace("fitting = scores[", "fitting = scores[", 1),
            "work on copies",
        ),
        ('choose = "middle"', "should be a function"),
    ],
}
