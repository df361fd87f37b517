"""Without a network means without: other computers cannot be reached, this one can."""

import platform
import shutil
import socketserver
import subprocess
import sys
import threading

import pytest

from helpers.plumbing import ROOT
from tools.offline import held_back, without_network

CONNECT = "import socket; socket.create_connection(({host!r}, {port}), timeout=5)"


def run(code):
    """Run Python with the guard alone, in the network of this computer."""
    command = [sys.executable, "-c", code]
    _, environment, _ = without_network(command)
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "2001:db8::1", "example.org", "127.evil.example"]
)
def test_another_computer_cannot_be_reached(host):
    done = run(CONNECT.format(host=host, port=80))
    assert done.returncode == 1
    assert f"no network for {host}" in done.stderr


UDP = "socket.socket(type=socket.SOCK_DGRAM)"


@pytest.mark.parametrize(
    "code",
    [
        f"import socket; {UDP}.sendto(b'', ('192.0.2.1', 53))",
        f"import socket; {UDP}.sendmsg([b''], [], 0, ('192.0.2.1', 53))",
        f"import _socket as socket; {UDP}.connect(('192.0.2.1', 53))",
        "import socket; socket.gethostbyname('example.org')",
        "import socket; socket.socket().connect_ex(('192.0.2.1', 80))",
        "import socket; socket.gethostbyaddr('192.0.2.1')",
        "import socket; socket.getnameinfo(('192.0.2.1', 80), 0)",
    ],
    ids=[
        *("sendto", "sendmsg", "_socket", "gethostbyname", "connect_ex"),
        *("gethostbyaddr", "getnameinfo"),
    ],
)
def test_no_other_way_leads_out_of_python(code):
    done = run(code)
    assert done.returncode == 1
    assert "no network for " in done.stderr


def test_a_process_started_by_python_is_held_back_as_well():
    code = CONNECT.format(host="192.0.2.1", port=80)
    child = f"subprocess.run([sys.executable, '-c', {code!r}]).returncode"
    done = run(f"import subprocess, sys; sys.exit({child})")
    assert done.returncode == 1
    assert "no network for 192.0.2.1" in done.stderr


def test_this_computer_can_be_reached():
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as s:
        threading.Thread(target=s.handle_request, daemon=True).start()
        port = s.server_address[1]
        done = run(CONNECT.format(host="127.0.0.1", port=port))
    assert done.returncode == 0, done.stderr


def test_other_programs_have_no_network_either_where_the_system_allows():
    command, environment, alone = without_network(
        [sys.executable, "-S", "-c", CONNECT.format(host="192.0.2.1", port=80)]
    )
    can = platform.system() == "Linux" and shutil.which("unshare") is not None
    if alone:  # -S: without the guard, the system alone must hold it back
        assert can
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert "Network is unreachable" in done.stderr
    else:
        assert command[0] == sys.executable
        assert str(ROOT / "tools" / "no_network") in environment["PYTHONPATH"]


def test_the_exit_code_is_the_commands():
    done = subprocess.run(
        [sys.executable, "-m", "tools.offline", sys.executable, "-c", "exit(3)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "run without a network" in done.stdout


def test_what_is_not_held_back_is_said():
    assert "nobody in it" in held_back(True)
    assert "other programs were not" in held_back(False)
