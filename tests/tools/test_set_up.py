"""The set-up with a real environment and a real pip, on a small package of our own."""

import hashlib
import io
import subprocess
import sys
import zipfile

import pytest

from tools import machine, set_up
from tools.set_up import EXPLANATIONS, NotReady, explain, main

PYTHON = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"


def wheel(version):
    """A package `tinypet` that says its version, as the bytes of a wheel."""
    info = f"tinypet-{version}.dist-info"
    contents = {
        "tinypet.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"""Metadata-Version: 2.1
Name: tinypet
Version: {version}
""",
        f"{info}/WHEEL": """Wheel-Version: 1.0
Root-Is-Purelib: true
Tag: py3-none-any
""",
    }
    contents[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in contents)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, text in contents.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # 1980: the same bytes always
    return stored.getvalue()


class Project:
    """A folder with a lock and the folder `wheels` that a teacher would make."""

    def __init__(self, root):
        self.root = root
        (root / "wheels").mkdir()
        for version in ("1.0", "2.0"):
            self.hand_out(version, wheel(version))
        self.lock("1.0")

    def hand_out(self, version, data):
        (self.root / f"wheels/tinypet-{version}-py3-none-any.whl").write_bytes(data)

    def lock(self, version):
        digest = hashlib.sha256(wheel(version)).hexdigest()
        (self.root / "requirements.txt").write_text(
            f"tinypet=={version} --hash=sha256:{digest}\n", encoding="utf-8"
        )

    def installed(self):
        """The version that the environment imports; "" if it has none."""
        command = [str(self.root / ".venv" / PYTHON), "-c"]
        command += ["import tinypet; print(tinypet.version)"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Shared by the tests below, which tell one story: an environment takes seconds."""
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def will_do(monkeypatch):
    """A computer without problems, so that the tests are not about this one."""
    monkeypatch.setattr(
        set_up,
        "look_around",
        lambda venv: machine.Facts(python=sys.version_info[:2]),
    )


@pytest.mark.usefixtures("will_do")
@pytest.mark.slow
class TestOneProject:
    def test_first_an_environment_is_made_and_filled(self, project, capsys):
        set_up.set_up(project.root)
        assert project.installed() == "1.0"
        assert "Using the folder wheels" in capsys.readouterr().out

    def test_nothing_is_done_or_said_the_second_time(
        self, project, capsys, monkeypatch
    ):
        monkeypatch.setattr(set_up, "install", pytest.fail)
        monkeypatch.setattr(set_up, "make_venv", pytest.fail)
        monkeypatch.setattr(set_up, "look_around", pytest.fail)
        set_up.set_up(project.root)
        assert capsys.readouterr().out == ""

    def test_another_lock_is_installed_into_the_same_environment(
        self, project, monkeypatch
    ):
        project.lock("2.0")
        monkeypatch.setattr(set_up, "make_venv", pytest.fail)
        set_up.set_up(project.root)
        assert project.installed() == "2.0"

    def test_a_changed_file_is_refused(self, project, capfd):
        project.hand_out("1.0", wheel("1.0") + b"changed on its way")
        project.lock("1.0")
        with pytest.raises(NotReady, match="not the one that the lock names"):
            set_up.set_up(project.root)
        assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err  # pip's own words
        assert project.installed() == "2.0"

    def test_after_a_failure_the_next_run_completes(self, project):
        project.hand_out("1.0", wheel("1.0"))
        set_up.set_up(project.root)
        assert project.installed() == "1.0"

    def test_after_an_interruption_no_old_stamp_counts(self, project, monkeypatch):
        install, calls = set_up.install, []

        def interrupted_first(python, root):
            calls.append(root)
            if len(calls) == 1:
                raise KeyboardInterrupt
            install(python, root)

        monkeypatch.setattr(set_up, "install", interrupted_first)
        project.lock("2.0")
        with pytest.raises(KeyboardInterrupt):
            set_up.set_up(project.root)
        project.lock("1.0")  # which was installed, before something else began
        set_up.set_up(project.root)
        assert len(calls) == 2
        assert project.installed() == "1.0"

    def test_wheels_of_another_system_are_recognised(self, project, capfd):
        (project.root / "requirements.txt").write_text(
            f"tinypet==3.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8"
        )
        with pytest.raises(NotReady, match="made for another system or version"):
            set_up.set_up(project.root)
        assert "No matching distribution" in capfd.readouterr().err

    def test_a_broken_environment_is_made_anew(self, project):
        project.lock("1.0")
        (project.root / ".venv" / PYTHON).unlink()
        set_up.set_up(project.root)
        assert project.installed() == "1.0"


def test_a_computer_that_will_not_do_is_told_before_pip_runs(
    tmp_path, capsys, monkeypatch
):
    (tmp_path / "requirements.txt").touch()
    facts = machine.Facts(python=(3, 14), avx=False)
    monkeypatch.setattr(set_up, "look_around", lambda venv: facts)
    monkeypatch.setattr(set_up, "make_venv", pytest.fail)
    monkeypatch.setattr(set_up.set_up, "__defaults__", (tmp_path,))
    assert main() == 2
    said = capsys.readouterr().err
    assert "Python 3.14" in said
    assert "AVX" in said
    assert not (tmp_path / ".venv").exists()


def test_an_old_python_may_start_what_a_suitable_one_has_made(tmp_path, monkeypatch):
    """`make PYTHON=python3.12 run`, and from then on plain `make test`."""
    (tmp_path / "requirements.txt").touch()
    stamp = tmp_path / ".venv" / "installed.sha256"
    stamp.parent.mkdir()
    stamp.write_text(hashlib.sha256(b"").hexdigest())
    monkeypatch.setattr(set_up, "version_of", lambda command, module: (3, 12))
    monkeypatch.setattr(set_up.sys, "version_info", (3, 9, 6))
    monkeypatch.setattr(set_up, "look_around", pytest.fail)
    set_up.set_up(tmp_path)


@pytest.mark.parametrize(
    ("present", "starting", "expected"),
    [
        (None, (3, 12), False),  # missing, or broken
        ((3, 12), (3, 12), True),
        ((3, 11), (3, 12), False),  # another one was asked for
        ((3, 12), (3, 14), True),  # the system's own cannot be meant
        ((3, 9), (3, 9), False),
        ((3, 9), (3, 12), False),
    ],
)
def test_which_environment_stays(present, starting, expected):
    assert set_up.keeps(present, starting) is expected


# What pip 23.2 and 26.3 wrote when each of these was made to happen.
RETRYING = "WARNING: Retrying (Retry(total=4, ...)) after connection broken by '{}'\n"
NOTHING = "ERROR: Could not find a version that satisfies the requirement keras==3.15.1"
UNRESOLVED = 'NameResolutionError("HTTPSConnection(host=…): Failed to resolve")'
REFUSED = "NewConnectionError('…: Failed to establish a new connection: [Errno 111]')"
PROXY = f"ProxyError('Cannot connect to proxy.', {REFUSED})"
CERTIFICATE = (
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] "
    "certificate verify failed: self-signed certificate (_ssl.c:1006)'))"
)
LONG = (
    "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or "
    "directory: 'C:\\…'\nHINT: This error might have occurred since this system does "
    "not have Windows Long Path support enabled."
)


@pytest.mark.parametrize(
    ("said", "found", "remedy"),
    [
        (RETRYING.format(REFUSED) + NOTHING, "index cannot be reached", "HTTPS_PROXY"),
        (RETRYING.format(UNRESOLVED) + NOTHING, "cannot be reached", "folder `wheels`"),
        (RETRYING.format(PROXY) + NOTHING, "the proxy", "HTTPS_PROXY"),
        (RETRYING.format(CERTIFICATE) + NOTHING, "a certificate", "PIP_CERT"),
        ("ERROR: … [Errno 28] No space left on device", "disk is full", "4 GB"),
        ("ERROR: … [WinError 5] Access is denied: 'C:\\…'", "has it open", "Jupyter"),
        (LONG, "path is longer", "C:\\tl"),
        (NOTHING + " (from versions: none)", "no file for this system", "wheels"),
        ("ERROR: something new", "its own words stand above", "same command again"),
    ],
)
def test_why_pip_failed_is_said(said, found, remedy):
    text = explain(said)
    assert found in text
    assert remedy in text


def test_an_explanation_is_plain_enough_for_every_terminal():
    for _pattern, found, remedy in EXPLANATIONS:
        f"{found}{remedy}".encode("ascii")
