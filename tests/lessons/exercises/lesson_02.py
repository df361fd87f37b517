"""Answers to the exercises of lesson 2: right ones; wrong ones and what is said."""

FILTER = """\
picture = keras.Input((224, 224, 3))
lying = keras.Model(picture, layers.Conv2D(1, 3)(picture))
edges = {edges}
lying.set_weights([np.repeat(edges[:, :, None, None], 3, axis=2), np.zeros(1)])
"""
STANDING = "np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])"
EYE = """\
eye = keras.Model(network.input, network.get_layer("{layer}").output)
maps = eye.predict(inputs, verbose=0)
strongest = {strongest}
"""
LAYER = "block5b_expand_activation"

RIGHT = {
    "2.1": [
        FILTER.format(edges=f"{STANDING}.T"),
        FILTER.format(edges="np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])"),
        FILTER.format(edges=f"np.rot90({STANDING})"),
        """\
lying = keras.Sequential([keras.Input((224, 224, 3)), layers.Conv2D(2, 2)])
weights = np.array([-0.5, 0.5]).reshape(2, 1, 1, 1) * np.ones((2, 2, 3, 2))
lying.layers[0].set_weights([weights, np.zeros(2)])
""",
    ],
    "2.2": [
        """\
place = list(table["name"]).index("mixed7")
behind = table["parameters"].iloc[place + 1 :].sum()
""",
        """\
names = [layer.name for layer in base.layers]
later = base.layers[names.index("mixed7") + 1 :]
behind = sum(layer.count_params() for layer in later)
""",
        """\
total = table.set_index("name")["parameters"].cumsum()
behind = float(total.iloc[-1] - total["mixed7"])
""",
    ],
    "2.3": [
        EYE.format(layer=LAYER, strongest="maps[..., 230].max(axis=(1, 2)).argmax()"),
        EYE.format(
            layer=LAYER,
            strongest="max(range(40), key=lambda n: maps[n, :, :, 230].max())",
        ),
        f"""\
eye = keras.Model(network.inputs, network.get_layer("{LAYER}").output)
maps = np.concatenate([eye(inputs[n : n + 1]) for n in range(40)])
strongest = np.unravel_index(maps[..., 230].argmax(), (40, 14, 14))[0]
""",
    ],
}

WRONG = {
    "2.1": [
        (FILTER.format(edges=STANDING), "still answers to edges that stand"),
        (FILTER.format(edges="np.zeros((3, 3))"), "its weights are zeros"),
        (FILTER.format(edges="np.ones((3, 3))"), "to a plain white picture"),
        (
            FILTER.format(edges="np.array([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]])"),
            "as well as to those that lie",
        ),
        (
            """\
lying = keras.Sequential([keras.Input((224, 224, 3)), layers.Conv2D(1, 3)])
""",
            "not yet",
        ),
        ("lying = ...", "is still `...`"),
        (f"lying = {STANDING}.T", "should be a keras.Model"),
    ],
    "2.2": [
        ("behind = ...", "is still `...`"),
        ("behind = base.count_params()", "the whole network"),
        (
            """\
place = list(table["name"]).index("mixed7")
behind = table["parameters"][:place].sum()
""",
            "before `mixed7`",
        ),
        (
            'behind = len(table) - 1 - list(table["name"]).index("mixed7")',
            "the number of layers behind",
        ),
        (
            """\
place = list(table["name"]).index("mixed7")
behind = table["parameters"][place + 2 :].sum()
""",
            "the first behind `mixed7` counts, too",
        ),
        ("behind = 0.59", "a share, perhaps"),
        ('behind = "12,827,520"', "should be a number"),
        ("behind = 13_000_000", "add up to another number"),
    ],
    "2.3": [
        ("eye, strongest = ..., ...", "is still `...`"),
        (
            EYE.format(
                layer="block5b_project_conv",
                strongest="maps[..., 23].max(axis=(1, 2)).argmax()",
            ),
            "choose it by its name",
        ),
        (
            f"""\
other = backbones.EfficientNetLite0(weights=None)
eye = keras.Model(other.input, other.get_layer("{LAYER}").output)
maps = eye.predict(inputs, verbose=0)
strongest = maps[..., 230].max(axis=(1, 2)).argmax()
""",
            "another layer, or other weights",
        ),
        (
            EYE.format(
                layer=LAYER, strongest="maps[..., 230].max(axis=(1, 2)).argmin()"
            ),
            "responds least",
        ),
        (
            EYE.format(
                layer=LAYER, strongest="maps[..., 230].max(axis=(1, 2)).argmax() + 1"
            ),
            "not yet",
        ),
        (
            EYE.format(
                layer=LAYER, strongest="maps[..., 229].max(axis=(1, 2)).argmax()"
            ),
            "not yet",
        ),
        (EYE.format(layer=LAYER, strongest="maps[..., 230].max()"), "not yet"),
        (EYE.format(layer=LAYER, strongest="None"), "gives None"),
    ],
}
