"""Answers to the exercises of lesson 1: right ones; wrong ones and what is said."""

EDGE = "sister_weights, sister_bias = {weights}, {bias}"

LEARN = """\
def learn(animals, is_dog):
    weights, bias = np.zeros(2), 0.0
    for _ in range({steps}):
        too_high = neuron(animals, weights, bias) - is_dog
        weights = weights {sign} {rate} * too_high @ animals / {n}
        bias = bias {sign} {rate} * too_high.{mean}()
    return weights, bias
"""
GOOD = {"steps": 300, "sign": "-", "rate": 1.0, "n": "len(animals)", "mean": "mean"}

LAMP = """\
hidden_weights, hidden_bias = {hidden}, {bias}
out_weights, out_bias = {out}, {last}
"""
TWO_LINES = {"hidden": [[10, -10], [10, -10]], "bias": [10, 10]}

RIGHT = {
    "1.1": [
        EDGE.format(weights="np.array([20.0, -20.0])", bias=-2.0),
        EDGE.format(weights=[100, -100], bias=-5),
        EDGE.format(weights="-np.array([-9.0, 9.0])", bias="np.float32(-1)"),
    ],
    "1.2": [
        "rate = 3.0 / 400",
        "rate = 0.01",
        "rate = np.float64(0.02)",
    ],
    "1.3": [
        LEARN.format(**GOOD),
        LEARN.format(**GOOD | {"steps": 100, "rate": 3.0}),
        """\
def learn(animals, is_dog):
    inputs = np.column_stack([animals, np.ones(len(animals))])
    place = np.zeros(3)
    for _ in range(1000):
        place -= 0.5 * (neuron(inputs, place, 0) - is_dog) @ inputs / len(inputs)
    return place[:2], place[2]
""",
        """\
def learn(inputs, truth):
    found = LogisticRegression(C=1e9, max_iter=1000).fit(inputs, truth)
    return found.coef_, found.intercept_
""",
        """\
def learn(animals, is_dog):
    weights, bias = [0.0, 0.0], 0.0
    for _ in range(400):
        slopes, blame = np.zeros(2), 0.0
        for animal, truth in zip(animals, is_dog):
            too_high = neuron(animal, np.array(weights), bias) - truth
            slopes += too_high * animal / len(animals)
            blame += too_high / len(animals)
        weights = list(weights - 1.5 * slopes)
        bias -= 1.5 * blame
    return weights, bias
""",
    ],
    "1.4": [
        LAMP.format(**TWO_LINES, out=[10, 10], last=-15),
        LAMP.format(
            hidden="np.array([[8.0, -8.0], [-8.0, 8.0]])",
            bias="np.array([-8.0, -8.0])",
            out=[10, 10],
            last=-5,
        ),
        LAMP.format(hidden=[[9, 9], [9, 9]], bias=[9, -9], out=[20, -20], last=-10),
    ],
}

WRONG = {
    "1.1": [
        (EDGE.format(weights=[-20, 20], bias=-2), "fires where dark is on the left"),
        (EDGE.format(weights=[20, 20], bias=-30), "fires on a wall"),
        (EDGE.format(weights=[20, -20], bias=2), "fires everywhere, on walls too"),
        (EDGE.format(weights=[30, -10], bias=-9.5), "fires on a wall"),
        (EDGE.format(weights=[20, -20], bias=-30), "stays silent at an edge"),
        (EDGE.format(weights=[20, -20], bias=-7), "sees strong edges only"),
        (EDGE.format(weights=[20, -20, 0], bias=-2), "shape (2)"),
    ],
    "1.2": [
        ("rate = 3.0", "leap across the valley"),
        ("rate = 3.0 / 20", "leap across the valley"),
        ("rate = 0.0001", "the steps creep"),
        ("rate = 0", "the weight stays where it is"),
        ("rate = -0.0075", "walks uphill"),
        ("rate = '0.0075'", "should be a number"),
    ],
    "1.3": [
        (LEARN.format(**GOOD | {"sign": "+"}), "does it walk uphill"),
        (LEARN.format(**GOOD | {"steps": 3, "rate": 0.1}), "it has not arrived"),
        (
            LEARN.format(**GOOD).replace("bias = bias", "rest = bias"),
            "the bias is 0 still",
        ),
        (
            LEARN.format(**GOOD).replace("return weights, bias", "return weights"),
            "both weights together, then the bias",
        ),
        (
            "def learn(animals, is_dog):\n    return np.zeros(2), 0.0",
            "it has not arrived",
        ),
        (
            LEARN.format(**GOOD).replace("return weights, bias", "return bias"),
            "should return two things",
        ),
        ("def learn(animals):\n    return np.zeros(2), 0.0", "ends in TypeError"),
        (LEARN.format(**GOOD) + "learn = learn(animals, is_dog)", "be a function"),
    ],
    "1.4": [
        (
            LAMP.format(hidden=[[0, 0], [0, 0]], bias=[0, 0], out=[0, 0], last=0),
            "never",
        ),
        (LAMP.format(**TWO_LINES, out=[10, 10], last=15), "the lamp always burns"),
        (LAMP.format(**TWO_LINES, out=[-10, -10], last=15), "signs of `out_weights`"),
        (LAMP.format(**TWO_LINES, out=[10, 0], last=-5), "each hidden neuron draw"),
        (LAMP.format(**TWO_LINES, out=[10, 10], last=-5), "always burns"),
        (LAMP.format(hidden=[10, 10], bias=[10, 10], out=[10, 10], last=-15), "shape"),
    ],
}
