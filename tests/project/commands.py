"""Commands as a reader copies them: does what they name exist, with these options?"""

import argparse
import ast
import importlib
import importlib.util
import re
import shlex
import sys

from helpers.plumbing import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)
OURS = ("data_scripts", "tools", "benchmarks", "tests")
_COMMAND = re.compile(
    r"make [A-Za-z-]|(\S*python[\d.]*|py|…)( -3\.\d+)? (-m |tools[/\\])"
)
_WISHES = (
    "PHOTOS",
    "OFFLINE",
    "CLEAN",
    "CLASSIFIER",
    "PYTHON",
    "PYTHONS",
    "SYSTEMS",
)


def commands(text):
    """The commands in the fences and the code spans of a Markdown text, in order."""
    fences = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
    lines = [line for block in fences.findall(text) for line in block.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", fences.sub("", text))
    return [command.strip() for command in lines + spans if _COMMAND.match(command)]


def strings(path, docstrings=True):
    """The strings in a Python file; what is computed in one stands as `X`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose, parts = set(), set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr):
            prose.add(first.value)
        if isinstance(node, ast.JoinedStr):
            parts |= set(node.values)
    for node in ast.walk(tree):
        if node in parts or (node in prose and not docstrings):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            plain = [isinstance(part, ast.Constant) for part in node.values]
            parts_of_it = zip(plain, node.values, strict=True)
            yield "".join(part.value if p else "X" for p, part in parts_of_it)


def bare(path, docstrings=False):
    """Messages that name a `python` alone: another one on most computers, or none."""
    return [
        text
        for text in strings(path, docstrings)
        if re.search(r"(?<![/\\\w}])python -m ", text)
    ]


def said_commands(path):
    """Commands of ours in the docstrings and messages of a Python file.

    Those in code marks, and lines that are one; two blanks begin what it is for.
    """
    for text in strings(path):
        text = text.replace("\\\n", " ")
        for marked, line in re.findall(
            r"`([^`]*)`|^ *((?:\S*python|X) -m .*)$", text, re.MULTILINE
        ):
            command = " ".join(marked.split()) or line.split("  ")[0].strip()
            if re.match(rf"(\S*python|X) -m ({'|'.join(OURS)})\.\w", command):
                yield re.sub("^X", "python", command)


class _Understood(Exception):
    """An argument parser took the command; what follows is not run."""


def fault(command):
    """Why a command cannot work, or None. It is not run: its options are read.

    Args:
        command: A line such as `.venv/bin/python -m tools.run_lessons --offline`.
    """
    words = shlex.split(command.replace("\\", "/"), comments=True)
    if words[0] == "make":
        for word in words[1:]:
            name, is_wish, _ = word.partition("=")
            if name not in (_WISHES if is_wish else TARGETS):
                return f"make has no {word}"
        return None
    if "-m" not in words:
        (script,) = [word for word in words if word.endswith(".py")]
        return None if (ROOT / script).is_file() else f"there is no {script}"
    place = words.index("-m") + 1
    module, arguments = words[place], words[place + 1 :]
    if module.split(".")[0] not in OURS:
        return None if importlib.util.find_spec(module) else f"no module {module}"
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None:
        return f"no module {module}"
    if spec.submodule_search_locations:
        module += ".__main__"
    source = importlib.util.find_spec(module).loader.get_source(module)
    if "parse_args" not in source:
        takes_any = "sys.argv" in source
        return None if takes_any or not arguments else f"{module} takes no arguments"
    return _unread(module, arguments)


def _unread(module, arguments):
    """Let the module's own parser read the arguments, and stop there."""
    loaded = importlib.import_module(module)
    original = argparse.ArgumentParser.parse_args

    def stop(parser, args=None, namespace=None):
        parser.allow_abbrev = False  # a reader finds `--photo` nowhere
        original(parser, arguments, namespace)
        raise _Understood

    def refuse(parser, message):
        raise ValueError(message)

    argv, error = sys.argv, argparse.ArgumentParser.error
    argparse.ArgumentParser.parse_args, argparse.ArgumentParser.error = stop, refuse
    sys.argv = [module, *arguments]
    try:
        getattr(loaded, "_main", getattr(loaded, "main", None))()
    except _Understood:
        return None
    except ValueError as problem:
        return f"{module}: {problem}"
    finally:
        argparse.ArgumentParser.parse_args = original
        argparse.ArgumentParser.error = error
        sys.argv = argv
    return f"{module} did not read its arguments"
