"""The set-up with a real environment and a real pip, on a small package of our own."""

import errno
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from helpers.plumbing import ROOT
from tools import installing, machine, set_up
from tools.installing import EXPLANATIONS, NotReady, explain
from tools.set_up import main

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

    @pytest.mark.parametrize("lost", ["tinypet.py", "tinypet-1.0.dist-info"])
    def test_what_was_deleted_by_hand_is_put_back(self, project, capsys, lost):
        (place,) = (project.root / ".venv").rglob(lost)
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        set_up.set_up(project.root)
        assert project.installed() == "1.0"
        assert place.exists()
        assert f"Missing from .venv, or changed: {lost}" in capsys.readouterr().out

    def test_another_lock_is_installed_into_the_same_environment(
        self, project, monkeypatch
    ):
        project.lock("2.0")
        monkeypatch.setattr(set_up, "make_venv", pytest.fail)
        set_up.set_up(project.root)
        assert project.installed() == "2.0"

    @pytest.mark.parametrize("where", ["variables", "file"])
    def test_no_setting_of_pip_leads_elsewhere(
        self, project, tmp_path, monkeypatch, where
    ):
        wishes = {"target": "elsewhere", "prefix": "elsewhere", "root": "elsewhere"}
        wishes |= {"dry-run": "1", "user": "1", "no-binary": ":all:", "quiet": "3"}
        wishes |= {"python": "elsewhere/python", "require-virtualenv": "1"}
        file = tmp_path / "pip.conf"
        lines = [f"{name} = {value}" for name, value in wishes.items()]
        text = "\n".join(["[install]", *lines]) if where == "file" else ""
        file.write_text(text.replace("\npython", "\n# python"), encoding="utf-8")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
        if where == "variables":
            for name, value in wishes.items():
                monkeypatch.setenv("PIP_" + name.upper().replace("-", "_"), value)
        project.lock("1.0")
        set_up.set_up(project.root)
        assert project.installed() == "1.0"
        assert not (project.root / "elsewhere").exists()
        project.lock("2.0")
        set_up.set_up(project.root)

    def test_code_that_builds_a_package_is_never_run(self, project, tmp_path):
        ran = tmp_path / "ran"
        stored = io.BytesIO()
        with tarfile.open(fileobj=stored, mode="w:gz") as archive:
            for name, text in {
                "setup.py": f"open({str(ran)!r}, 'w').close()\nimport setuptools\n"
                "setuptools.setup(name='tinypet', version='3.0')\n",
                "PKG-INFO": "Metadata-Version: 2.1\nName: tinypet\nVersion: 3.0\n",
            }.items():
                entry = tarfile.TarInfo(f"tinypet-3.0/{name}")
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text.encode()))
        source = project.root / "wheels" / "tinypet-3.0.tar.gz"
        source.write_bytes(stored.getvalue())
        digest = hashlib.sha256(stored.getvalue()).hexdigest()
        (project.root / "requirements.txt").write_text(
            f"tinypet==3.0 --hash=sha256:{digest}\n", encoding="utf-8"
        )
        with pytest.raises(NotReady, match="no file for this system"):
            set_up.set_up(project.root)
        assert not ran.exists()
        source.unlink()

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

    def test_one_that_was_killed_while_pip_came_is_made_anew(
        self, project, monkeypatch
    ):
        """Half of pip can be imported, and the stamp of old may still be there."""

        class Killed(BaseException):
            pass

        def killed(*_, **__):
            raise Killed

        venv = project.root / ".venv"
        monkeypatch.setattr(set_up.subprocess, "run", killed)
        with pytest.raises(Killed):
            set_up.make_venv(venv)
        monkeypatch.undo()
        assert os.listdir(venv) == [set_up.MARK]
        assert set_up.is_half_made(venv)
        facts = machine.Facts(python=sys.version_info[:2])
        monkeypatch.setattr(set_up, "look_around", lambda venv: facts)
        set_up.set_up(project.root)
        assert not set_up.is_half_made(venv)
        assert project.installed() == "1.0"


@pytest.mark.usefixtures("will_do")
class TestWhatIsNotOurs:
    """A `.venv` that this set-up did not make stays as it is, to the last byte."""

    @pytest.fixture
    def root(self, tmp_path, monkeypatch):
        (tmp_path / "requirements.txt").touch()
        monkeypatch.setattr(set_up, "make_venv", pytest.fail)
        monkeypatch.setattr(set_up, "install", pytest.fail)
        return tmp_path

    @pytest.mark.parametrize(
        ("names", "found"),
        [
            (["homework.py"], "a folder with homework.py in it"),
            ([set_up.MARK, "bin/x", "notes/a.txt"], "a folder with notes in it"),
            (["pyvenv.cfg", "bin/x"], "a folder that this set-up did not make"),
        ],
    )
    def test_a_folder(self, root, names, found):
        for name in names:
            (root / ".venv" / name).parent.mkdir(parents=True, exist_ok=True)
            (root / ".venv" / name).write_text("mine")
        with pytest.raises(NotReady, match=f"{found}; it was left as it is"):
            set_up.set_up(root)
        assert all((root / ".venv" / name).read_text() == "mine" for name in names)

    def test_a_file(self, root):
        (root / ".venv").write_text("mine")
        with pytest.raises(NotReady, match="is a file; it was left"):
            set_up.set_up(root)
        assert (root / ".venv").read_text() == "mine"

    @pytest.mark.skipif(os.name == "nt", reason="links need rights there")
    @pytest.mark.parametrize("target", ["there", "nowhere"])
    def test_a_link(self, root, target):
        (root / "there").mkdir()
        (root / "there" / "mine.txt").write_text("mine")
        (root / ".venv").symlink_to(root / target)
        with pytest.raises(NotReady, match="is a link; it was left"):
            set_up.set_up(root)
        assert (root / ".venv").is_symlink()
        assert (root / "there" / "mine.txt").read_text() == "mine"


def test_of_pips_settings_the_way_to_the_index_survives(tmp_path, monkeypatch):
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://a/simple\ntarget = /x\ncert = /global\n"
        "extra-index-url =\n  https://b/simple\n  https://c/simple\n"
        "[install]\ncert = /install\nfind-links = /wheels\nconstraint = /x\n",
        encoding="utf-8",
    )
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_FIND_LINKS", "/stick")
    monkeypatch.setenv("PIP_PROXY", "http://proxy:80")
    monkeypatch.setenv("PIP_NO_BINARY", ":all:")
    found = installing.pip_environment(Path(sys.executable))
    settings = {name: found[name] for name in found if name.startswith("PIP_")}
    assert settings.pop("PIP_EXTRA_INDEX_URL").split() == [
        *["https://b/simple", "https://c/simple"]
    ]
    assert settings == {
        "PIP_INDEX_URL": "https://a/simple",
        "PIP_CERT": "/install",
        "PIP_FIND_LINKS": "/stick",
        "PIP_PROXY": "http://proxy:80",
        "PIP_CONFIG_FILE": os.devnull,
    }
    assert found["PATH"] == os.environ["PATH"]


def test_settings_that_pip_cannot_read_are_named(tmp_path, monkeypatch):
    (tmp_path / "pip.conf").write_text("no section", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    with pytest.raises(NotReady, match=r"(?s)pip\.conf.*Mend the file that it"):
        installing.pip_environment(Path(sys.executable))


@pytest.mark.parametrize("module", ["tools.run_lessons", "data_scripts.name_picture"])
def test_a_python_without_our_packages_is_told_which_one_to_use(module):
    command = [sys.executable, "-S", "-m", module, "x"]  # -S: no packages
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: expected the Python of this project, found ")
    assert done.stderr.count("\n") == 1
    assert PYTHON.replace("python.exe", "python") in done.stderr.replace("\\", "/")


@pytest.fixture
def clearing(monkeypatch):
    """Let clearing `.venv` end in these faults, and then do; how often it was tried."""
    tries = []

    def let(*faults):
        def clear(venv):
            tries.append(venv)
            if len(tries) <= len(faults):
                number = faults[len(tries) - 1]
                raise OSError(number, os.strerror(number))
            venv.mkdir(exist_ok=True)

        monkeypatch.setattr(set_up, "_clear", clear)
        monkeypatch.setattr(set_up.time, "sleep", lambda _: None)
        return tries

    return let


@pytest.mark.slow
def test_a_folder_that_a_killed_run_still_fills_is_waited_for(clearing, tmp_path):
    tries = clearing(errno.ENOTEMPTY, errno.ENOTEMPTY)
    set_up.make_venv(tmp_path / ".venv")
    assert len(tries) == 3
    assert not set_up.is_half_made(tmp_path / ".venv")


@pytest.mark.parametrize(
    ("number", "patience"), [(errno.EACCES, 30), (errno.ENOTEMPTY, -1)]
)
def test_another_fault_or_too_long_a_wait_is_told(
    clearing, tmp_path, monkeypatch, number, patience
):
    monkeypatch.setattr(set_up, "PATIENCE", patience)
    tries = clearing(number)
    with pytest.raises(NotReady, match=os.strerror(number)):
        set_up.make_venv(tmp_path / ".venv")
    assert len(tries) == 1


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
    (tmp_path / ".venv/lib/python3.12/site-packages").mkdir(parents=True)
    (tmp_path / ".venv/Lib/site-packages").mkdir(parents=True, exist_ok=True)
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
