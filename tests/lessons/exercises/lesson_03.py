"""Answers to the exercises of lesson 3: right ones; wrong ones and what is said."""

HEAD = """\
head = keras.Sequential([
    keras.Input((2048,)),
    layers.Dense(1024, activation="relu"),
    layers.Dense({units}, activation="{activation}"),
])
n_parameters = {n}
"""
JUDGE = """\
judge = keras.Sequential([
    keras.Input((1280,)), layers.Dense({units}, activation={activation}),
])
judge.compile("rmsprop", "{loss}", metrics=["accuracy"])
judge.fit({x}, {y}, batch_size=50, epochs={epochs}, verbose=0)
accuracy = judge.evaluate({asked}, verbose=0)[1]
"""
GOOD = {
    "units": 1,
    "activation": "'sigmoid'",
    "loss": "binary_crossentropy",
    "x": "features",
    "y": "true",
    "epochs": 20,
    "asked": "unseen_features, unseen_true",
}


def judged(**changes):
    return JUDGE.format(**{**GOOD, **changes})


RIGHT = {
    "3.1": [
        HEAD.format(units=3, activation="softmax", n="2101251"),
        HEAD.format(units=3, activation="softmax", n="2049 * 1024 + 1025 * 3"),
        """\
x = keras.Input((2048,))
y = layers.Softmax()(layers.Dense(3)(layers.Dense(1024, "relu")(x)))
head = keras.Model(x, y)
n_parameters = np.int64(2100226 + 1025)
""",
    ],
    "3.2": [
        "pooled = lambda maps: np.mean(maps, axis=(1, 2))",
        """\
def pooled(maps):
    return maps.reshape(len(maps), -1, maps.shape[-1]).mean(axis=1)
""",
        """\
def pooled(maps):
    n, height, width, channels = maps.shape
    return [[maps[i, :, :, c].sum() / (height * width) for c in range(channels)]
            for i in range(n)]
""",
        "pooled = layers.GlobalAveragePooling2D()",
    ],
    "3.3": [
        judged(),
        judged() + "accuracy = round(accuracy, 3)",
        judged(epochs=60).replace('"rmsprop"', "keras.optimizers.Adam(0.01)"),
        """\
x = keras.Input((1280,))
judge = keras.Model(x, layers.Activation("sigmoid")(layers.Dense(1)(x)))
judge.compile("adam", keras.losses.BinaryCrossentropy())
judge.fit(features, true[:, None], epochs=60, verbose=0)
said = judge.predict(unseen_features, verbose=0)[:, 0] > 0.5
accuracy = (said == unseen_true).mean()
""",
    ],
}

WRONG = {
    "3.1": [
        (HEAD.format(units=2, activation="softmax", n=2100226), "gives 2 numbers"),
        (HEAD.format(units=3, activation="softmax", n=2100226), "for two classes"),
        (HEAD.format(units=3, activation="softmax", n=2101248), "leaves out a bias"),
        (HEAD.format(units=3, activation="softmax", n=3075), "last layer alone"),
        (HEAD.format(units=3, activation="sigmoid", n=2101251), "needs a softmax"),
        (HEAD.format(units=3, activation="softmax", n="..."), "is still `...`"),
        (
            """\
head = keras.Sequential([keras.Input((2048,)), layers.Dense(3, "softmax")])
n_parameters = head.count_params()
""",
            "only the last line needs a change",
        ),
    ],
    "3.2": [
        ("pooled = lambda maps: ...", "put your line in its place"),
        ("pooled = lambda maps: maps.max(axis=(1, 2))", "the largest value"),
        ("pooled = lambda maps: maps.sum(axis=(1, 2))", "the sum instead"),
        ("pooled = lambda maps: maps.mean(axis=(0, 1, 2))", "leave axis 0 alone"),
        ("pooled = lambda maps: maps.mean(axis=(1, 2, 3))", "leave the last axis"),
        ("pooled = lambda maps: maps.mean(axis=1)", "over rows only"),
        ("pooled = lambda maps: np.array([[1, 0.5, 1]])", "and should into"),
        ("def pooled(maps):\n    print(maps.mean(axis=(1, 2)))", "gives None"),
        ("pooled = np.array([[1, 0.5, 1]])", "should be a function"),
        ("pooled = lambda maps: maps.mean(axis=(2, 4))", "ends in"),
    ],
    "3.3": [
        ("judge, accuracy = ..., ...", "is still `...`"),
        (
            judged(
                units=2, activation="'softmax'", loss="sparse_categorical_crossentropy"
            ),
            "gives 2 numbers",
        ),
        (judged(activation="'softmax'"), "says 1 to everything"),
        (judged(activation="None", loss="mse"), "these are scores"),
        (judged(loss="mse"), "goes with binary_crossentropy"),
        (
            judged(epochs=0)
            .replace("evaluate", "test_on_batch")
            .replace(", verbose=0)[1]", ")[1]"),
            "did it learn",
        ),
        (
            judged(x="unseen_features", y="unseen_true", epochs=200),
            "surer of the unseen",
        ),
        (judged(asked="features, true"), "the pictures to learn from: ask"),
        (judged() + "accuracy = 98", "a share is asked for"),
        (judged() + "accuracy = 0.5", "0.500, and on the unseen"),
        (
            """\
judge = keras.Sequential([keras.Input((1280,)), layers.Dense(1, "sigmoid")])
accuracy = 0.98
""",
            "is not compiled",
        ),
    ],
}
