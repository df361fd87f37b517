"""A real browser, driven by its DevTools: enough to click, to read and to look.

websocket-client comes with Jupyter's server; Chromium comes with the system, if at all.
"""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from websocket import create_connection

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """A tab of the browser."""

    REQUEST = "Network.requestWillBeSent"  # the event of something that is asked for

    def __init__(self, address):
        self.socket = create_connection(address, suppress_origin=True, timeout=300)
        self.number = 0
        self.events = []  # of the domains that a test has enabled

    def call(self, method, **parameters):
        """Send a command and return its result."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        self.socket.send(json.dumps(command))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("id") == self.number:
                assert "error" not in told, told
                return told["result"]
            self.events.append(told)

    def do(self, script):
        """Run JavaScript and return the value of its last expression, awaited."""
        result = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in result, (script, result)
        return result["result"].get("value")

    def wait(self, script, seconds=60):
        """Wait until JavaScript gives something true, and return it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.do(script):
                return value
            time.sleep(0.2)
        raise AssertionError(f"not in {seconds} s: {script}")

    def show(self, address):
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def choose(self, selector, files):
        """Choose files, as a person does in the window that a button opens."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        found = self.call("DOM.querySelector", nodeId=root, selector=selector)
        names = [str(file) for file in files]
        self.call("DOM.setFileInputFiles", nodeId=found["nodeId"], files=names)

    def press(self, key, code=0, modifiers=0):
        """Press a key on what has the focus, and let it go."""
        typed = {"Enter": "\r", "Space": " "}.get(key, key if len(key) == 1 else "")
        name = " " if key == "Space" else key
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=name,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=modifiers,
                **({"text": typed} if typed and kind == "keyDown" else {}),
            )

    def resize(self, width, height=900, dark=False):
        """Give the page the width of a phone, or of a screen, by day or by night."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def at_start(self, script):
        """Run JavaScript in every page before anything of its own."""
        self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def save_into(self, folder):
        """Let what the page saves go into a folder."""
        self.call(
            "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder)
        )

    def requests(self):
        """The addresses that were asked for since `events` was emptied."""
        return [
            told["params"]["request"]["url"]
            for told in self.events
            if told.get("method") == self.REQUEST
        ]

    def keep_picture(self, path):
        """Write what is seen into a PNG file, for whoever looks into a failure."""
        data = self.call("Page.captureScreenshot")["data"]
        Path(path).write_bytes(base64.b64decode(data))


@contextlib.contextmanager
def browser(*wishes):
    """Start Chromium without a window; it knows nothing and nobody.

    Args:
        wishes: Options of its command line.

    Yields:
        Its one page.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        running = subprocess.Popen(
            [
                PROGRAM,
                "--headless=new",
                "--no-sandbox",  # which root, in a container, cannot have
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--window-size=1400,1000",
                "--remote-debugging-port=0",
                *wishes,
                f"--user-data-dir={home}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            told = Path(home) / "DevToolsActivePort"
            end = time.monotonic() + 60
            while not (told.is_file() and told.read_text().count("\n")):
                assert time.monotonic() < end, "Chromium does not start"
                time.sleep(0.1)
            port = told.read_text().splitlines()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [p for p in json.load(answer) if p["type"] == "page"]
            page = Page(pages[0]["webSocketDebuggerUrl"])
            page.call("Emulation.setFocusEmulationEnabled", enabled=True)
            yield page
        finally:
            running.terminate()
            running.wait()
