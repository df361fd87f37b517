"""Two things have one name if, and only if, they compute the same."""

import contextlib
import functools
import io
import subprocess
import sys
import threading

import keras
import numpy as np
import pytest
from keras import layers

from helpers.engines import identity, onnx_engine, tensorflow_engine
from helpers.errors import InputError
from helpers.plumbing import ROOT

pytestmark = pytest.mark.slow

SHAPE = (6, 6, 3)

BASES = """
import functools, keras, numpy as np
from keras import layers

FACTOR = {factor}
TABLE = np.full(5000, {factor})

def inner(x):
    return x * FACTOR

def deep(x):
    def deeper(x):
        return inner(x)
    return deeper(x)

def of_table(x):
    return x * float(TABLE[-1])

def body(x):
    return x * {factor}

def power(x, by):
    return x * by

def made(by):
    return lambda x: x * by

def decorated(function):
    @functools.wraps(function)
    def around(x):
        return function(x)
    return around

@decorated
def wrapped(x):
    return x * {factor}

class Callable:
    def __init__(self, by):
        self.by = by
    def __call__(self, x):
        return x * self.by

class Own(layers.Layer):
    def call(self, x):
        return self.scaled(x)
    def scaled(self, x):
        return x * {factor}

class Configless(layers.Layer):
    def __init__(self, table):
        super().__init__()
    def call(self, x):
        return x

class Child(Own):
    pass

class Table(layers.Layer):
    def __init__(self):
        super().__init__()
        self.table = np.full(5000, {factor})
    def call(self, x):
        return x * float(self.table[-1])

class Holding(layers.Layer):
    def __init__(self):
        super().__init__()
        self.parts = [layers.Lambda(body)]
    def call(self, x):
        return self.parts[0](x)

class OwnModel(keras.Model):
    def call(self, x):
        return x * {factor}

class OwnGraph(keras.Model):
    def call(self, x, training=None):
        return {factor} * super().call(x)

def own_graph(x):
    inputs = keras.Input(x.shape[1:])
    return OwnGraph(inputs, layers.ReLU()(inputs))(x)

def nested(x):
    inputs = keras.Input(x.shape[1:])
    return keras.Model(inputs, layers.Lambda(body)(inputs))(x)
"""

NAMELESS = {
    "a partial": "layers.Lambda(functools.partial(power, by=FACTOR))",
    "an object that is called": "layers.Lambda(Callable(FACTOR))",
    "a layer without a config": "Configless(np.zeros(3))",
}
PARTS = {
    "the body of a function": "layers.Lambda(body)",
    "a global that it reads": "layers.Lambda(inner)",
    "a function in a function": "layers.Lambda(deep)",
    "the middle of a large array": "layers.Lambda(of_table)",
    "a closure": "layers.Lambda(made(FACTOR))",
    "behind a decorator": "layers.Lambda(wrapped)",
    "a lambda": "layers.Lambda(lambda x: body(x))",
    "an own activation": "layers.Activation(body)",
    "an activation of a convolution": "layers.Conv2D(2, 1, activation=body)",
    "an own layer": "Own()",
    "its parent class": "Child()",
    "an array of an own layer": "Table()",
    "a layer in a list of a layer": "Holding()",
    "an own model": "OwnModel()",
    "an own graph": "own_graph",
    "in a model of a model": "nested",
    "in a wrapper": "layers.TimeDistributed(layers.Lambda(body))",
    "arguments": "layers.Lambda(power, arguments={'by': FACTOR})",
    "a setting": "layers.Rescaling(FACTOR)",
    "a long setting": "layers.Rescaling(list(TABLE[:3]))",
    "an operation": "lambda x: x * FACTOR",
}


def name_of(part, factor):
    scope = {"__name__": f"own_{factor}", "__package__": ""}
    exec(compile(BASES.format(factor=factor), "<cell>", "exec"), scope)
    keras.utils.set_random_seed(0)
    keras.utils.set_random_seed(0)
    inputs = keras.Input(SHAPE)
    outputs = layers.GlobalMaxPooling2D()(eval(part, scope)(inputs))
    return identity(keras.Model(inputs, outputs))


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_it_follows_code_and_what_code_reads(part):
    assert name_of(part, 2.0) != name_of(part, 3.0)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_what_is_made_anew_in_the_same_way_has_the_same_name(part):
    assert name_of(part, 2.0) == name_of(part, 2.0)


@pytest.mark.parametrize("part", NAMELESS.values(), ids=NAMELESS)
def test_what_keras_cannot_describe_is_refused(part):
    with pytest.raises(InputError, match="expected layers that Keras can describe"):
        name_of(part, 2.0)


def one_engine(factor):
    def engine(base):
        return lambda pixels: pixels * factor

    return engine


def test_engines_of_one_name():
    assert identity(one_engine(2)) != identity(one_engine(3))
    assert identity(one_engine(2)) == identity(one_engine(2))
    partials = [functools.partial(one_engine, factor=n) for n in (2, 2, 3)]
    first, second, third = map(identity, partials)
    assert first == second != third
    ours = {identity(engine) for engine in (tensorflow_engine, onnx_engine)}
    assert len(ours) == 2


def named(name, activation):
    inputs = keras.Input(SHAPE)
    x = layers.Conv2D(2, 1, kernel_initializer="ones", name=name)(inputs)
    x = layers.Activation(activation, name=activation)(x)
    return keras.Model(inputs, layers.GlobalMaxPooling2D()(x))


def test_names_of_layers_do_not_count_but_what_they_are_does():
    assert identity(named("one", "relu")) == identity(named("other", "relu"))
    assert identity(named("one", "relu")) != identity(named("one", "tanh"))


@pytest.mark.parametrize("policy", ["mixed_float16", "float16", "bfloat16", "float64"])
def test_precision_counts(policy):
    one, other = (
        keras.Sequential([keras.Input(SHAPE), layers.ReLU(dtype=dtype)])
        for dtype in ("float32", policy)
    )
    assert identity(one) != identity(other)


def test_weights_count():
    base = named("one", "relu")
    before = identity(base)
    base.weights[0].assign(base.weights[0] * 1.001)
    assert identity(base) != before


def test_training_leaves_no_trace_but_the_weights():
    base = named("one", "relu")
    before = identity(base)
    base.compile("sgd", lambda true, found: found[:, 0])
    base.fit(np.zeros((1, *SHAPE)), np.zeros((1, 2)), epochs=1, verbose=0)
    base.set_weights(named("one", "relu").get_weights())
    assert identity(base) == before


@pytest.mark.parametrize("hold", [threading.Lock, object, lambda: io.StringIO()])
def test_what_has_no_content_is_named(hold):
    with contextlib.ExitStack() as stack:
        thing = hold()
        if hasattr(thing, "close"):
            stack.enter_context(thing)
        with pytest.raises(InputError, match="found an object of "):
            identity(lambda x: thing)


CHILD = """
from tests.helpers.engines.test_fingerprints import *
print(name_of("Own()", 2.0), identity(one_engine(2)), identity(onnx_engine))
"""


def test_another_process_gives_the_same_name():
    names = name_of("Own()", 2.0), identity(one_engine(2)), identity(onnx_engine)
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.split() == list(names)


def test_what_a_cache_remembers_is_known_by_what_it_wraps():
    def double(x):
        return 2 * x

    assert identity(functools.cache(double)) == identity(double)
    assert identity(functools.cache(lambda x: 3 * x)) != identity(double)
