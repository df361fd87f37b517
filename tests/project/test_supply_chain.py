"""Nothing that is loaded can run code; Jupyter answers its owner alone."""

import ast
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from helpers.plumbing import ROOT
from tools.lab import arguments

FOLDERS = ("helpers", "data_scripts", "tools", "benchmarks", "notebooks/source")
SOURCES = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
# Modules whose `load` runs what is in a file. Of them, `pickle` is allowed where it is
# but the base of a reader that says itself which names a file may use.
HOSTILE = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve"}
HOSTILE |= {"marshal", "torch"}
CALLS = {"extractall", "unpack_archive"}
CALLS |= {"read_pickle", "enable_unsafe_deserialization", "_create_unverified_context"}


PICKLE = ("pickle", None)  # imported under its own name


def chooses_names(reader):
    """Whether a class says itself, and alone, which names a file may use."""
    own = [node for node in reader.body if getattr(node, "name", "") == "find_class"]
    return bool(own) and not any("super" in ast.unparse(node) for node in own)


def dangers(code):
    """What in a module could run what somebody else wrote, or believe anybody."""
    found = []
    tree = ast.parse(code)
    restricted = {
        id(base.value)
        for reader in ast.walk(tree)
        if isinstance(reader, ast.ClassDef) and chooses_names(reader)
        for base in reader.bases
        if ast.unparse(base) == "pickle.Unpickler"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [
                a.name
                for a in node.names
                if a.name.split(".")[0] in HOSTILE and (a.name, a.asname) != PICKLE
            ]
        elif isinstance(node, ast.Name):
            found += [node.id] * (node.id == "pickle" and id(node) not in restricted)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] * (node.module.split(".")[0] in HOSTILE)
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            last = name.rpartition(".")[2]
            given = {word.arg: ast.unparse(word.value) for word in node.keywords}
            if (
                last in CALLS
                or name in ("os.system", "os.popen")
                or given.get("allow_pickle", "False") != "False"
                or given.get("shell", "False") != "False"
                or given.get("verify", "True") != "True"
                or given.get("safe_mode", "True") != "True"
                or (last == "load_model" and "safe_mode" not in given)
                or (last.startswith("load") and name.startswith("yaml."))
            ):
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_nothing_is_loaded_that_can_run_code(path):
    assert dangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle as safe",
        "from pickle import Unpickler",
        "import pickle; pickle.load(file)",
        "import pickle; pickle.Unpickler(file).load()",
        "import pickle; read = getattr(pickle, name)",
        "import pickle\nclass Reader(pickle.Unpickler): pass",
        "import pickle\nclass Reader(pickle.Unpickler):\n persistent_load = dict.get",
        "import pickle\nclass Reader(pickle.Unpickler):\n"
        " def find_class(self, *name): return super().find_class(*name)",
        "import pickle\nclass Reader(pickle.Unpickler):\n"
        " def find_class(self, *name): return pickle.Unpickler.find_class(self, *name)",
        "import _pickle",
        "from joblib import load",
        "import torch.serialization",
        "np.load(path, allow_pickle=True)",
        "keras.models.load_model(path)",
        "keras.saving.load_model(path, safe_mode=False)",
        "yaml.load(text)",
        "pd.read_pickle(path)",
        "os.system(text)",
        "subprocess.run(text, shell=True)",
        "archive.extractall(folder)",
        "requests.get(address, verify=False)",
    ],
)
def test_what_could_is_found(code):
    assert len(dangers(code)) == 1


def test_what_cannot_is_left_in_peace():
    assert dangers("import pickletools; np.load(path, allow_pickle=False)") == []
    reader = "import pickle\nclass Reader(pickle.Unpickler):\n def find_class(self): 1"
    assert dangers(reader) == []
    assert dangers(f"{reader}\nReader(file).load()\npickle.load(file)") == ["pickle"]
    assert dangers("keras.models.load_model(path, safe_mode=True)") == []
    assert dangers("json.load(file); model.evaluate(pictures)") == []


@pytest.mark.slow
def test_jupyter_asks_for_its_token_and_listens_to_this_computer_alone(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"^lab:.*\n\t(.*)", makefile, flags=re.MULTILINE)
    assert recipe.startswith("@$(IN_VENV) -m tools.lab ")
    (tmp_path / "01_a.ipynb").touch()
    names = [option.partition("=")[0] for option in arguments(tmp_path)]
    assert names == [  # not a word about addresses, tokens, passwords
        "--ServerApp.root_dir",
        "--LabApp.default_url",
        "--LabApp.app_settings_dir",
        "--LabApp.check_for_updates_class",
        "--LabApp.news_url",
    ]
    assert not list(ROOT.glob("**/[!.]*jupyter*config*"))
    options = arguments(tmp_path)
    command = [sys.executable, "-m", "jupyterlab", *options, "--no-browser"]
    command += ["--allow-root", f"--ServerApp.port={port}"]  # where tests run as root
    clean = {key: os.environ[key] for key in os.environ if "JUPYTER" not in key}
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    clean |= {f"JUPYTER_{place}": str(tmp_path / place) for place in places}
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env=clean,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        for line in running.stderr:
            if shown := re.search(r"^ +http://(\S+?):(\d+)/lab\S*\?token=(\w+)", line):
                break
        host, port, token = shown.groups()
        assert host in ("localhost", "127.0.0.1")
        assert len(token) >= 32
        address = f"http://{host}:{port}/api/contents"
        for _ in range(100):  # it says where it is before it is there
            try:
                answer = urllib.request.urlopen(address)
            except urllib.error.HTTPError as refused:
                answer = refused
            except urllib.error.URLError:
                time.sleep(0.1)
                continue
            break
        assert answer.status == 403
        with urllib.request.urlopen(f"{address}?token={token}") as answer:
            assert answer.status == 200
    finally:
        running.terminate()
        running.communicate()
