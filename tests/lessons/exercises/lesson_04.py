"""Answers to the exercises of lesson 4: right ones; wrong ones and what is said."""

TOY = """\
toy = new_toy()
{freeze}
toy.compile("sgd", "mse")
toy.fit(numbers, targets, epochs={epochs}, verbose=0)
{after}
"""
BELOW = 'toy.get_layer("below").trainable = False'
ABOVE = 'toy.get_layer("above").trainable = False'

FROM = """\
def unfreeze_from(base, name):
    base.trainable = {whole}
    reached = False
    for layer in base.layers:
        {before}
        normalizes = isinstance(layer, layers.BatchNormalization)
        layer.trainable = {rule}
        {after}
"""
REACH = "reached = reached or layer.name == name"
GOOD = {
    "whole": True,
    "before": REACH,
    "rule": "reached and not normalizes",
    "after": "",
}


def unfrozen(**changes):
    return FROM.format(**{**GOOD, **changes})


RIGHT = {
    "4.1": [
        TOY.format(freeze=ABOVE, epochs=5, after=""),
        TOY.format(freeze="toy.layers[1].trainable = False", epochs=1, after=""),
        """\
toy = new_toy()
for layer in toy.layers:
    layer.trainable = layer.name == "below"
toy.compile(keras.optimizers.Adam(0.1), "mae")
toy.train_on_batch(numbers, targets)
""",
    ],
    "4.2": [
        """\
def n_learning(model):
    return sum(int(np.prod(array.shape)) for array in model.trainable_weights)
""",
        "n_learning = lambda m: sum(w.numpy().size for w in m.trainable_weights)",
        """\
def n_learning(model):
    still = sum(np.prod(w.shape) for w in model.non_trainable_weights)
    return model.count_params() - still
""",
        """\
def n_learning(model):
    n = 0
    for array in model.trainable_variables:
        size = 1
        for length in array.shape:
            size *= length
        n += size
    return n
""",
    ],
    "4.3": [
        unfrozen(),
        """\
def unfreeze_from(base, name):
    base.trainable = False
    base.trainable = True
    at = [layer.name for layer in base.layers].index(name)
    for n, layer in enumerate(base.layers):
        if n < at or "norm" in layer.name:
            layer.trainable = False
        else:
            layer.trainable = True
""",
        """\
def unfreeze_from(base, name):
    base.trainable = True
    learns = True
    for layer in reversed(base.layers):
        layer.trainable = learns and not isinstance(layer, layers.BatchNormalization)
        if layer.name == name:
            learns = False
""",
    ],
}

WRONG = {
    "4.1": [
        (TOY.format(freeze=BELOW, epochs=5, after=""), "the wrong way round"),
        (TOY.format(freeze=f"{BELOW}; {ABOVE}", epochs=5, after=""), "is frozen, too"),
        (TOY.format(freeze="", epochs=5, after=""), "is not frozen yet"),
        (TOY.format(freeze="", epochs=5, after=ABOVE), "Freeze first, then compile"),
        (TOY.format(freeze=ABOVE, epochs=0, after=""), "has not been trained yet"),
        (
            TOY.format(
                freeze=ABOVE,
                epochs=5,
                after='toy.get_layer("above").trainable = True',
            ),
            "says that it is trainable",
        ),
        ("toy = keras.Sequential([layers.Dense(1)])", "as `new_toy()` makes it"),
        ("toy = new_toy", "should be a keras.Model"),
    ],
    "4.2": [
        ("n_learning = lambda model: len(model.trainable_weights)", "counts arrays"),
        ("n_learning = lambda model: model.count_params()", "frozen ones included"),
        (
            """\
def n_learning(model):
    return sum(np.prod(w.shape) for w in model.non_trainable_weights)
""",
            "counts what does not learn",
        ),
        (
            """\
def n_learning(model):
    return sum(la.count_params() for la in model.layers if la.trainable)
""",
            "`n_learning` counts all parameters",
        ),
        ("def n_learning(model):\n    print(model.trainable_weights)", "gives None"),
        ("n_learning = 10", "should be a function"),
        ("n_learning = lambda model: 10", "`n_learning` says 10 of"),
        ("n_learning = lambda model: model.trainable_weights[0].shape[9]", "ends in"),
    ],
    "4.3": [
        (unfrozen(whole=False), "nothing learns: `base.trainable` is False"),
        (unfrozen(rule="reached"), "batch normalization learns, too"),
        (unfrozen(rule="not normalizes"), "layers before it learn, too"),
        (unfrozen(before="", after=REACH), "this does not learn: b/"),
        (
            unfrozen(before="reached = layer.name == name"),
            "this does not learn: c/",
        ),
        (unfrozen(rule="not (reached or normalizes)"), "layers before it learn"),
        ("def unfreeze_from(base, name):\n    pass", "nothing learns"),
        (
            """\
def unfreeze_from(base, name):
    base.get_layer(name).trainable = True
    base.trainable = True
""",
            "batch normalization learns, too",
        ),
        ("def unfreeze_from(base):\n    pass", "ends in TypeError"),
    ],
}
