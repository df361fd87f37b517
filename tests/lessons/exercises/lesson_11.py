"""Answers to the exercises of lesson 11: right ones; wrong ones and what is said."""

ASK = """\
threshold = {t}
answers = sureness >= threshold
cost = 100 * np.where(answers, {c} * ~right, 1).mean()
"""
FIT = """\
tried = np.geomspace(0.05, 20, 500)
logs = [np.log(softmax(scores / t, axis=1)[np.arange(60), kinds]).mean() for t in tried]
temperature = tried[np.argmax(logs)]
"""
COOL = "cooled = softmax(new_scores / temperature, axis=1)\n"
TEST = """\
from scipy.stats import binomtest
def p_value(first, second):
    alone, other = np.sum(first & ~second), np.sum(second & ~first)
    return binomtest(alone, alone + other).pvalue if alone + other else 1.0
"""

RIGHT = {
    "11.1": [
        ASK.format(t="1 - 1 / 25", c=25),
        """\
threshold = 0.96
mistakes = np.sum((sureness >= threshold) & ~right)
asked = np.sum(sureness < threshold)
cost = (25 * mistakes + asked) / len(right) * 100
""",
        ASK.format(t="np.float32(24 / 25)", c=25) + "cost = np.array([cost])\n",
    ],
    "11.2": [
        FIT + COOL,
        """\
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss
def loss(log):
    return log_loss(kinds, softmax(scores / np.exp(log), axis=1))
temperature = np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded").x)
cooled = np.exp(new_scores / temperature)
cooled = cooled / cooled.sum(axis=1, keepdims=True)
""",
        """\
best = {}
for t in np.arange(0.1, 5, 0.1):
    said = softmax(scores / t, axis=1)
    best[np.prod([row[k] for row, k in zip(said, kinds)])] = t
temperature = best[max(best)]
cooled = softmax(new_scores / temperature, axis=-1).astype("float32")
""",
    ],
    "11.3": [
        TEST,
        """\
from math import comb
def p_value(first, second):
    alone = sum(bool(a) and not b for a, b in zip(first, second))
    other = sum(bool(b) and not a for a, b in zip(first, second))
    n = alone + other
    tail = sum(comb(n, k) for k in range(min(alone, other) + 1)) / 2**n
    return min(1, 2 * tail)
""",
        """\
from scipy.stats import binom
def p_value(first, second):
    counts = (first > second).sum(), (second > first).sum()
    return np.minimum(1, 2 * binom.cdf(min(counts), sum(counts), 0.5))
""",
    ],
}

WRONG = {
    "11.1": [
        (ASK.format(t=0.5, c=25), "still 0.5"),
        (ASK.format(t=0.9, c=25), "0.9 is the lesson's"),
        (ASK.format(t=0.04, c=25), "between a half and 1"),
        (ASK.format(t=25, c=25), "between a half and 1"),
        (ASK.format(t=0.98, c=25), "they should cost the same"),
        (ASK.format(t=0.96, c=10), "a hundred pictures cost"),
        (ASK.format(t=0.5, c=25) + "threshold = 0.96", "run the whole cell again"),
    ],
    "11.2": [
        ("temperature = 1\n" + COOL, "leaves every probability as it is"),
        ("temperature = -2\ncooled = None", "above zero"),
        (FIT + "temperature = 1 / temperature\n" + COOL, "should divide"),
        (FIT + "temperature = 3 * temperature\n" + COOL, "and it can be"),
        (FIT + "cooled = softmax(new_scores, axis=1)", "at temperature 1"),
        (FIT + "cooled = new_scores / temperature", "do not add up to 1"),
        (FIT + "cooled = softmax(new_scores * temperature, axis=1)", "other probab"),
        (FIT + "cooled = softmax(new_scores / temperature)", "do not add up to 1"),
        (FIT + "cooled = softmax(scores[:9] / temperature, axis=1)", "(60, 4)"),
    ],
    "11.3": [
        (TEST.replace(").pvalue", ', alternative="greater").pvalue'), "one side"),
        (TEST.replace("second & ~first", "second"), "a coin gives as uneven"),
        (TEST.replace("return", "answer ="), "is None"),
        (TEST.replace(" if alone + other else 1.0", ""), "ends in ValueError"),
        ("p_value = 0.02", "should be a function"),
        (TEST.replace(".pvalue if", " if"), "should be a number"),
        (
            """\
from scipy.stats import ttest_rel
def p_value(first, second):
    return ttest_rel(first.astype(float), second.astype(float)).pvalue
""",
            "a coin gives as uneven",
        ),
        (
            """\
from scipy.stats import binom
def p_value(first, second):
    counts = (first & ~second).sum(), (second & ~first).sum()
    return binom.cdf(min(counts), sum(counts), 0.5)
""",
            "looks at one side",
        ),
    ],
}
