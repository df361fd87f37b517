"""Answers to the exercises of lesson 13: right ones; wrong ones and what is said."""

TOGETHER = """\
def together(arrived, names):
    table = pd.concat(arrived).drop_duplicates("name")
    return table.set_index("name")["value"].reindex(names).to_numpy()
"""
BY_DICT = """\
def together(arrived, names):
    known = {}
    for table in arrived:
        known |= dict(zip(table["name"], table["value"]))
    return np.array([known.get(name, np.nan) for name in names])
"""
MEAN = """\
def mean_and_spread(batches):
    count, total, squares = 0, 0.0, 0.0
    for batch in batches:
        batch = batch.astype("float64")
        count += len(batch)
        total = total + batch.sum(axis=0)
        squares = squares + (batch**2).sum(axis=0)
    mean = total / count
    return mean, np.sqrt(squares / count - mean**2)
"""

RIGHT = {
    "13.1": [
        "workers = 15",
        "workers = next(n for n in range(1, 10_000) if hours(n) <= NIGHT)",
        "workers = np.argmax([hours(n + 1) <= 8 for n in range(100)]) + 1",
    ],
    "13.2": [
        TOGETHER,
        BY_DICT,
        """\
def together(arrived, names):
    values = np.full(len(names), np.nan)
    for table in arrived:
        for row in table.itertuples():
            values[names.index(row.name)] = row.value
    return values.tolist()
""",
        """\
def together(arrived, names):
    table = pd.concat(arrived).groupby("name")["value"].first()
    return table.reindex(names)
""",
    ],
    "13.3": [
        MEAN,
        """\
def mean_and_spread(batches):
    count, mean, away = 0, 0.0, 0.0
    for batch in batches:
        for row in batch.astype("float64"):
            count += 1
            before = row - mean
            mean = mean + before / count
            away = away + before * (row - mean)
    return mean, np.sqrt(away / count)
""",
        """\
def mean_and_spread(batches):
    from sklearn.preprocessing import StandardScaler
    scaler = StandardScaler()
    for batch in batches:
        scaler.partial_fit(batch)
    return scaler.mean_, scaler.scale_
""",
        MEAN.replace(
            "np.sqrt(squares / count - mean**2)",
            "np.sqrt((squares - count * mean**2) / (count - 1))",
        ),
    ],
}

WRONG = {
    "13.1": [
        ("workers = 2", "more of them"),
        ("workers = 14", "more of them"),
        ("workers = 16", "fewer of them"),
        ("workers = 1000", "fewer of them"),
        ("workers = 14.5", "workers come whole"),
        ("workers = 0", "workers come whole"),
        ("workers = hours", "should be a number"),
    ],
    "13.2": [
        (TOGETHER.replace('.drop_duplicates("name")', ""), "ends in ValueError"),
        (BY_DICT.replace(", np.nan)", ", 0.0)"), "never came has a value"),
        (BY_DICT.replace("for name in names", "for name in sorted(names)"), "order"),
        (
            BY_DICT.replace("for name in names", "for name in names if name in known"),
            "one for each name",
        ),
        (
            """\
def together(arrived, names):
    return pd.concat(arrived)["value"].to_numpy()
""",
            "one for each name",
        ),
        (
            """\
def together(arrived, names):
    sums = pd.concat(arrived).groupby("name")["value"].sum()
    return sums.reindex(names).to_numpy()
""",
            "not one more to add",
        ),
        (BY_DICT.replace("in arrived", "in arrived[:1]"), "has no value"),
        ("together = lambda arrived, names: pd.concat", "should give an array"),
        (BY_DICT.replace("np.array(", "print("), "gives None"),
    ],
    "13.3": [
        (
            """\
def mean_and_spread(batches):
    means = [batch.mean(axis=0) for batch in batches]
    return np.mean(means, axis=0), np.std(means, axis=0)
""",
            "the mean of the batches' means",
        ),
        (MEAN.replace("np.sqrt(squares / count - mean**2)", "squares"), "the spread"),
        (
            MEAN.replace(
                "np.sqrt(squares / count - mean**2)", "squares / count - mean**2"
            ),
            "take the root",
        ),
        (MEAN.replace("- mean**2", ""), "less the square of the mean"),
        (MEAN.replace("(axis=0)", "()"), "should have the shape"),
        (MEAN.replace("mean, np.sqrt", "np.sqrt"), "should give two arrays"),
        (
            MEAN.replace("count += len(batch)", "count += 1.5 * len(batch)"),
            "count the rows of each batch",
        ),
        (
            """\
def mean_and_spread(batches):
    mean = np.concatenate(list(batches)).mean(axis=0)
    return mean, np.concatenate(list(batches)).std(axis=0)
""",
            "ends in ValueError",
        ),
        (
            """\
def mean_and_spread(batches):
    rows = np.concatenate(list(batches)).astype("float64")
    return rows.mean(axis=0), rows.std(axis=0)
""",
            "it keeps batches for later",
        ),
    ],
}
