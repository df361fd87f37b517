"""Answers to the exercises of lesson 6: right ones; wrong ones and what is said."""

FORTY = """\
epochs = {epochs}
head = trained_head({n}, {trained})
accuracy_of_forty = head.evaluate(test_features, test_true, verbose=0)[1]
"""
SIDE = """\
halves = keras.Model(inputs, {outputs})
columns = compute_features(halves, train_paths, crop=True)
unseen = compute_features(halves, test_paths, crop=True)
side = LogisticRegression(max_iter=1000).fit(columns, train_side)
side_accuracy = side.score(unseen, test_side)
"""
APART = "layers.Flatten()(layers.AveragePooling2D((112, 56))(early))"

RIGHT = {
    "6.1": [
        FORTY.format(epochs=35, n=40, trained=35),
        FORTY.format(epochs="70 / 2", n=40, trained=35),
        FORTY.format(epochs=35, n=40, trained=35)
        + "accuracy_of_forty = np.float32(accuracy_of_forty)",
        FORTY.format(epochs=35, n=40, trained=35)
        + "accuracy_of_forty = round(accuracy_of_forty, 3)",
    ],
    "6.2": [
        "needed = 784",
        "needed = 0.98 * (1 - 0.98) * (2 / 0.01) ** 2",
        "import math\nneeded = math.ceil(0.98 * 0.02 / 0.005**2)",
        """\
needed = next(n for n in range(1, 2000) if 2 * np.sqrt(0.98 * 0.02 / n) <= 0.01)
""",
    ],
    "6.3": [
        SIDE.format(outputs=APART),
        SIDE.format(
            outputs="layers.Flatten()(layers.AveragePooling2D((56, 56))(early))"
        ),
        """\
left = layers.GlobalAveragePooling2D()(early[:, :, :56])
right = layers.GlobalAveragePooling2D()(early[:, :, 56:])
"""
        + SIDE.format(outputs="layers.Subtract()([left, right])"),
    ],
}

WRONG = {
    "6.1": [
        (FORTY.format(epochs=10, n=40, trained=10), "still 10: 40 pictures are 2"),
        (FORTY.format(epochs=50, n=40, trained=50), "a step for each batch"),
        (FORTY.format(epochs=70, n=40, trained=70), "twice as many steps"),
        (FORTY.format(epochs=20, n=40, trained=20), "40 steps, and the head of the"),
        (FORTY.format(epochs=35, n=40, trained=10), "`head` took 20 steps"),
        (FORTY.format(epochs=35, n=200, trained=35), "`head` took 245 steps"),
        (
            FORTY.format(epochs=35, n=40, trained=35) + "accuracy_of_forty = 0.5",
            "`accuracy_of_forty` is 0.500",
        ),
        ("epochs = 35\nhead = trained_head\naccuracy_of_forty = 0.9", "a Keras model"),
    ],
    "6.2": [
        ("needed = 196", "one standard error is 0.01 then"),
        ("needed = np.sqrt(0.98 * 0.02) * 200", "the root is over n"),
        ("needed = 0.98 * 0.02 * 2**2", "a point is 0.01, not 1"),
        ("needed = 0.25 * 200**2", "that is for a coin"),
        ("needed = 0.98 * 200**2", "(1 − p) is missing"),
        ("needed = 400", "two standard errors are 0.0140"),
        ("needed = -784", "a number of pictures"),
        ("needed = 'many'", "should be a number"),
    ],
    "6.3": [
        (
            SIDE.format(outputs="layers.GlobalAveragePooling2D()(early)"),
            "left and right apart",
        ),
        (
            SIDE.format(
                outputs="layers.Flatten()("
                "layers.AveragePooling2D((7, 3), strides=(7, 4))(late))"
            ),
            "a layer that still knows the brightness",
        ),
        (SIDE.format(outputs="layers.GlobalAveragePooling2D()(late)"), "can be had"),
        (
            SIDE.format(outputs=APART)
            + "side_accuracy = side.score(columns, train_side)",
            "on the test pictures it is",
        ),
        (
            "halves = keras.Model(inputs, layers.AveragePooling2D((112, 56))(early))\n"
            "side, side_accuracy = LogisticRegression(), 0.9",
            "`layers.Flatten()` makes one",
        ),
        (
            SIDE.format(outputs=APART) + "side = LogisticRegression",
            "should be a classifier that has learned",
        ),
        (SIDE.format(outputs=APART) + "halves = stem", "a picture are one row"),
        (
            SIDE.format(outputs=APART)
            + "halves = keras.Model(early, layers.Flatten()(early))",
            "should begin at `inputs`",
        ),
        (
            SIDE.format(outputs=APART).replace("train_side)", "train_true)"),
            "can be had",
        ),
    ],
}
