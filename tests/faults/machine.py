"""Faults of the computer: disk, rights, memory, processor; and two runs at once."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock
from PIL import Image

from helpers.backbones import LITE0, weights
from helpers.errors import InputError
from helpers.pets import draw_pets
from helpers.pictures import read_picture
from helpers.plumbing import ROOT, locked, whole_file, workshops
from helpers.plumbing.commands import STOPPED
from helpers.sources import checked, get_photos
from tests.things.killed import killed
from tools import set_up
from tools.machine import Facts, check_machine, report

from . import Scene, fault, script
from .folders import collect, draw, pets, split
from .network import fetch, reply, server
from .weights import _features, _model, save_classifier

GROUP = "machine"
FULL = (
    r"^the disk is full: .* was not written, and nothing is left of it\. Free some sp"
)
REFUSED = r"^no permission: .*\. Use a folder that you may read and write, such as o"


def _fails(number: int, place: Path) -> Callable:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, "from the system", str(place))

    return fail


@fault(GROUP, "a full disk while pets are drawn", FULL)
def _(scene: Scene):
    full = _fails(errno.ENOSPC, scene.folder)
    scene.patch.setattr(Image.Image, "save", full)
    return lambda: draw_pets(scene.folder / "drawn", per_class=1)


@fault(GROUP, "a full disk while photographs are copied", FULL)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    scene.patch.setattr(checked.shutil, "copyfile", _fails(errno.ENOSPC, scene.folder))
    return lambda: get_photos(source, scene.folder / "photos", progress=False)


@fault(GROUP, "a full disk during a download", FULL)
def _(scene: Scene):
    address = server(scene, lambda handler: reply(handler, b"PK"))
    scene.patch.setattr(tempfile, "mkdtemp", _fails(errno.ENOSPC, scene.folder))
    return fetch(scene, f"{address}/pets.zip")


@fault(GROUP, "a full disk while a training set is written", FULL)
def _(scene: Scene):
    call = split(scene, pets(scene.folder / "pets"))
    scene.patch.setattr("pathlib.Path.write_text", _fails(errno.ENOSPC, scene.folder))
    return call


@fault(GROUP, "a full disk while features are kept", FULL)
def _(scene: Scene):
    call = _features(scene)
    scene.patch.setattr("pathlib.Path.write_bytes", _fails(errno.ENOSPC, scene.folder))
    return call


@fault(GROUP, "a full disk while a classifier is saved", FULL)
def _(scene: Scene):
    full = _fails(errno.ENOSPC, scene.folder)
    scene.patch.setattr("keras.Model.save", full)
    path = scene.folder / "pets.keras"
    return lambda: save_classifier(_model(), ["cat", "dog"], path)


@fault(GROUP, "a full disk while weights are converted", FULL)
def _(scene: Scene):
    def never(*_: object, **__: object) -> None:
        raise AssertionError("HDF5 writes where it may not fail")

    scene.patch.setattr(weights, "DATA", scene.folder)
    scene.patch.setattr("keras.Model.save_weights", never)
    scene.patch.setattr("pathlib.Path.write_bytes", _fails(errno.ENOSPC, scene.folder))
    return lambda: weights.imagenet_weights(LITE0)


@fault(
    GROUP, "a file larger than a stick can hold", r"^a file would be larger than may"
)
def _(scene: Scene):
    scene.patch.setattr(Image.Image, "save", _fails(errno.EFBIG, scene.folder))
    return lambda: draw_pets(scene.folder / "drawn", per_class=1)


@fault(GROUP, "a quota that is used up", FULL)
def _(scene: Scene):
    scene.patch.setattr(Image.Image, "save", _fails(errno.EDQUOT, scene.folder))
    return lambda: draw_pets(scene.folder / "drawn", per_class=1)


for name, number in (
    ("a read-only folder", errno.EROFS),
    ("a folder of somebody else", errno.EACCES),
):

    @fault(GROUP, name, REFUSED)
    def _(scene: Scene, number: int = number):
        refuse = _fails(number, scene.folder)  # rights do not stop an administrator
        scene.patch.setattr(workshops.tempfile, "mkdtemp", refuse)
        return lambda: draw_pets(scene.folder / "drawn", per_class=1)


for name, meet in (
    ("photographs on a read-only disk", lambda scene, source: collect(scene, source)),
    ("a training set on a read-only disk", lambda scene, source: split(scene, source)),
):

    @fault(GROUP, name, REFUSED)
    def _(scene: Scene, meet: Callable = meet):
        source, opened = pets(scene.folder / "pets"), os.open

        def refuse(path: str, flags: int, *rest: object, **more: object) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise OSError(errno.EROFS, "Read-only file system", str(path))
            return opened(path, flags, *rest, **more)

        scene.patch.setattr(os, "open", refuse)  # which locks are taken with
        return meet(scene, source)


@fault(GROUP, "a finished set on a read-only disk", "works: nothing is to be written")
def _(scene: Scene):
    call = split(scene, pets(scene.folder / "pets"))
    call()
    refuse = _fails(errno.EROFS, scene.folder)
    scene.patch.setattr(workshops.tempfile, "mkdtemp", refuse)
    scene.patch.setattr(FileLock, "acquire", refuse)
    return call


def _written(path: Path) -> None:
    with whole_file(path) as unfinished:
        unfinished.write_text("whole")


@fault(GROUP, "a stick that was pulled out", r"^the disk cannot be read or written: .*")
def _(scene: Scene):
    gone = _fails(errno.EIO, scene.folder / "labels.csv")
    scene.patch.setattr("pathlib.Path.write_text", gone)
    return lambda: _written(scene.folder / "labels.csv")


@fault(
    GROUP, "a folder where a file belongs", "^expected a file or nothing at .*/labels"
)
def _(scene: Scene):
    (scene.folder / "labels.csv").mkdir()
    (scene.folder / "labels.csv" / "mine.txt").write_text("mine")
    return lambda: _written(scene.folder / "labels.csv")


@fault(GROUP, "a lock's note that is a link to a file of yours", "works: left as it is")
def _(scene: Scene):
    (scene.folder / "mine.txt").write_text("mine")
    try:
        (scene.folder / ".labels.csv.held.lock").symlink_to("mine.txt")
    except OSError:  # Windows gives this right to few
        (scene.folder / ".labels.csv.held.lock").write_text("mine")

    def call() -> None:
        with locked(scene.folder / "labels.csv"):
            pass
        assert (scene.folder / "mine.txt").read_text() == "mine"

    return call


@fault(
    GROUP, "a folder of yours that is called like unfinished work", "works: it stays"
)
def _(scene: Scene):
    left = killed(scene.folder / "labels.csv")
    theirs = left.rename(left.with_name(f"{left.name[:-8]}holidays"))
    (theirs / "beach.jpg").write_text("mine")

    def call() -> None:
        _written(scene.folder / "other.csv")
        assert (theirs / "beach.jpg").read_text() == "mine"
        (scene.folder / "other.csv").unlink()

    return call


@fault(GROUP, "a home folder that cannot be written to", "works: nothing is kept there")
def _(scene: Scene):
    (scene.folder / "home").write_text("no folder at all")

    def call() -> None:
        home = str(scene.folder / "home")
        code = (
            "import os\n"
            f"for name in ('HOME', 'USERPROFILE'): os.environ[name] = {home!r}\n"
            "os.environ.pop('KERAS_HOME', None)\n"
            "from helpers.start import start_lesson\n"
            "start_lesson()"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr

    return call


@fault(GROUP, "two runs at once on the same folder", "works: the second one waits")
def _(scene: Scene):
    folder = scene.folder / "drawn"
    command = [sys.executable, "-m", "data_scripts.draw_pets", "--per-class", "4"]

    def call() -> None:
        runs = [
            subprocess.Popen(
                [*command, "--folder", folder],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
            for _ in range(2)
        ]
        for run in runs:
            out, errors = run.communicate()
            assert run.returncode == 0, errors
            assert out.startswith("4 cats and 4 dogs are in")
        draw_pets(scene.folder / "alone", per_class=4)
        whole = {
            p.name: p.read_bytes() for p in (scene.folder / "alone").rglob("*.jp*")
        }
        assert whole == {p.name: p.read_bytes() for p in folder.rglob("*.jp*")}
        assert len(whole) == 8

    return call


@fault(
    GROUP, "little memory", r"cat\.png does not fit into this computer's memory\. Cl"
)
def _(scene: Scene):
    draw(0).convert("L").save(scene.folder / "cat.png")

    def fail(*_: object) -> None:
        raise MemoryError

    scene.patch.setattr(Image.Image, "convert", fail)
    return lambda: read_picture(scene.folder / "cat.png")


for name, facts, sees in (
    ("an old Python", Facts(python=(3, 8)), r"Python 3\.8; the lessons' packages"),
    (
        "a Python that is too new",
        Facts(python=(3, 15)),
        r"Python 3\.15; the lessons' packages",
    ),
    ("a 32-bit Python", Facts(bits=32), "a 32-bit Python; TensorFlow has 64-bit build"),
    (
        "no AVX",
        Facts(avx=False),
        "a processor without AVX instructions; TensorFlow nee",
    ),
    ("little space", Facts(free_gb=1), r"1\.0 GB free on this disk; the set-up needs"),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, facts: Facts = facts):
        def call() -> None:
            raise InputError(report(check_machine(facts)))  # as `make` prints it

        return call


for name, sees, make in (
    (
        "a `.venv` with other files in it",
        r"\.venv is a folder with homework\.py in it; it was left as it is",
        lambda venv: (venv.mkdir(), (venv / "homework.py").write_text("mine")),
    ),
    (
        "a file called `.venv`",
        r"\.venv is a file; it was left as it is\. The lessons need that place",
        lambda venv: venv.write_text("mine"),
    ),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, make: Callable = make):
        make(scene.folder / ".venv")
        (scene.folder / "requirements.txt").touch()
        scene.patch.setattr(set_up, "look_around", lambda venv: Facts())

        def call() -> None:
            try:
                set_up.set_up(scene.folder)
            except set_up.NotReady as problem:  # which `make` prints
                raise InputError(str(problem)) from None

        return call


@fault(
    GROUP,
    "a Python without the packages",
    r"^expected the Python of this project, found python, which lacks what the le",
)
def _(scene: Scene):
    def call() -> None:
        command = [sys.executable, "-S", "-m", "data_scripts.name_picture", "x.jpg"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
        assert done.returncode == 2
        python = done.stderr.removeprefix("error: ").replace(sys.executable, "python")
        raise InputError(python.rstrip())

    return call


@fault(
    GROUP,
    "a package that has lost a file",
    r"packages of this Python are damaged: No module named 'tqdm\.lost'\. Delete the f",
)
def _(scene: Scene):
    code = "from helpers.plumbing import run\ndef work(): import tqdm.lost\nrun(work)"

    def call() -> None:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
        assert done.returncode == 2
        raise InputError(done.stderr.removeprefix("error: ").rstrip())

    return call


HEAD = "from helpers.plumbing import run\nimport helpers, os, sys\n"


def _ends(code: str, **options: object) -> Callable[[], tuple[int, str]]:
    """A command in a process of its own: its exit code, and what it says of a fault."""

    def call() -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-c", f"{HEAD}def work():\n    {code}\nrun(work)"],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            **options,
        )
        return done.returncode, done.stderr

    return call


@fault(GROUP, "somebody stops reading, as `head` does", "works: silent; exit code 141")
def _(scene: Scene):
    read, write = os.pipe()
    os.close(read)
    scene.later.callback(os.close, write)
    call = _ends("print('tom.jpg: cat')", stdout=write)

    def checked() -> None:
        assert call() == (141, "")

    return checked


@fault(GROUP, "no terminal and no file to speak to", "works: the data stay clean")
def _(scene: Scene):
    path = scene.folder / "data"
    path.touch()
    # Whatever is opened next gets the number that standard error would have.
    work = f"file = open({str(path)!r}, 'w'); os.write(2, b'a warning'); file.close()"
    code = f"{HEAD}def work():\n    {work}\nrun(work)"
    close = (
        f"import os, sys; os.close(2); os.execv(sys.executable, ['-', '-c', {code!r}])"
    )

    def call() -> None:
        done = subprocess.run([sys.executable, "-c", close], cwd=ROOT)
        assert (done.returncode, path.read_text()) == (0, "")

    return call


for umask in (0o777, 0o277, 0):

    @fault(GROUP, f"a umask of {umask:03o}", "works: what is made can be opened")
    def _(scene: Scene, umask: int = umask):
        there = scene.folder / "drawn"
        scene.later.callback(os.umask, os.umask(umask))

        def call() -> None:
            script("draw_pets", "--per-class=1", "--folder", there)
            made = [scene.folder / ".drawn.lock", there, *there.rglob("*")]
            assert len(made) == 7
            # An administrator could open anything; the modes tell what others can.
            assert all(path.stat().st_mode & 0o600 == 0o600 for path in made)
            assert all(os.access(path, os.X_OK) for path in made if path.is_dir())

        return call


@fault(GROUP, "a umask of 777 during the set-up", "works: what is made can be opened")
def _(scene: Scene):
    there = scene.folder / "installed"
    scene.patch.setattr(set_up, "set_up", there.touch)
    scene.later.callback(os.umask, os.umask(0o777))

    def call() -> None:
        assert set_up.main() == 0
        assert there.stat().st_mode & 0o600 == 0o600

    return call


for name, variable, value, code in (
    (
        "tqdm set to a number that is none",
        "TQDM_MININTERVAL",
        "soon",
        "import tqdm; tqdm.tqdm",
    ),
    (
        "a figures' backend that does not exist",
        "MPLBACKEND",
        "nonsense",
        "import matplotlib.pyplot",
    ),
):

    @fault(GROUP, name, "works: passed by")
    def _(scene: Scene, variable: str = variable, value: str = value, code: str = code):
        scene.patch.setenv(variable, value)
        call = _ends(code, stdout=subprocess.DEVNULL)

        def checked() -> None:
            assert call() == (0, "")

        return checked


# A command that is stopped at a moment which chance would seldom hit.
COMMAND = """
import sys
sys.argv[0] = "-m"  # as `python -m` has it while it looks for the command
import atexit, os, signal
now = lambda *_: os.kill(os.getpid(), signal.SIGINT)
{before}
import data_scripts
from helpers.plumbing import run
def work():
    {work}
run(work)
{after}
"""

for name, happens, moment, code in (
    ("as a command's last line is printed", 130, "work", "print('done.'); now()"),
    ("behind a command's last line", 130, "after", "now()"),
    ("while a command is tidying up", 130, "work", "atexit.register(now)"),
    ("when a command has tidied up", 0, "before", "atexit.register(now)"),
    ("where Python would go on", 130, "work", "type('', (), {'__del__': now})()"),
):
    seen = "one line, exit code 130" if happens else "all is done; exit code 0"

    @fault(GROUP, f"Ctrl-C {name}", f"works: {seen}")
    def _(scene: Scene, happens: int = happens, moment: str = moment, code: str = code):
        parts = {"before": "", "work": "pass", "after": "", moment: code}
        code = COMMAND.format(**parts)
        line = STOPPED + "\n" if happens else ""

        def call() -> None:
            command = [sys.executable, "-c", code]
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, encoding="utf-8"
            )
            assert (done.returncode, done.stderr) == (happens, line), done

        return call
