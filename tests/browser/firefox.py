"""Firefox, driven by the standard for it (WebDriver BiDi): the page is read there too.

It offers what `tools.chromium.Page` does, as far as the tests of the page need it:
what differs in the two languages is written here.
"""

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tools import chromium

PROGRAM = shutil.which("firefox") or shutil.which("firefox-esr")
LISTENING = re.compile(rb"listening on (ws://\S+)")
# A fresh profile: it asks nothing, fetches nothing of its own, and saves unasked.
SETTINGS = {
    "remote.active-protocols": 1,  # BiDi alone
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.download.alwaysOpenPanel": False,
    "dom.disable_beforeunload": True,
}


class Page(chromium.Page):
    """A tab of the browser.

    Args:
        address: Of the browser's socket.
        saved: A link, to wherever downloads are to go.
    """

    REQUEST = "network.beforeRequestSent"

    def __init__(self, address, saved):
        super().__init__(address)
        self.saved = saved
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=[self.REQUEST])
        tree = self.call("browsingContext.getTree")
        self.context = tree["contexts"][0]["context"]

    def do(self, script):
        """Run JavaScript and return the value of its last expression, awaited."""
        told = self.call(
            "script.evaluate",
            expression=script,
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        assert told["type"] == "success", (script, told)
        return _value(told["result"])

    def show(self, address):
        """Go to an address."""
        self.call(
            "browsingContext.navigate",
            context=self.context,
            url=address,
            wait="none",
        )

    def choose(self, selector, files):
        """Choose files, as a person does in the window that a button opens."""
        found = self.call(
            "browsingContext.locateNodes",
            context=self.context,
            locator={"type": "css", "value": selector},
        )
        self.call(
            "input.setFiles",
            context=self.context,
            element={"sharedId": found["nodes"][0]["sharedId"]},
            files=[str(file) for file in files],
        )

    def resize(self, width, height=900):
        """Give the page the width of a phone, or of a screen."""
        self.call(
            "browsingContext.setViewport",
            context=self.context,
            viewport={"width": width, "height": height},
        )

    def at_start(self, script):
        """Run JavaScript in every page before anything of its own."""
        self.call("script.addPreloadScript", functionDeclaration=f"() => {{{script}}}")

    def save_into(self, folder):
        """Let what the page saves go into a folder."""
        self.saved.unlink()
        self.saved.symlink_to(folder, target_is_directory=True)

    def keep_picture(self, path):
        """Write what is seen into a PNG file, for whoever looks into a failure."""
        told = self.call("browsingContext.captureScreenshot", context=self.context)
        Path(path).write_bytes(base64.b64decode(told["data"]))


def _value(told):
    """What Python has for a value of JavaScript."""
    match told["type"]:
        case "undefined" | "null":
            return None
        case "array":
            return [_value(each) for each in told["value"]]
        case "object":
            return {key: _value(each) for key, each in told["value"]}
        case _:
            return told["value"]


@contextlib.contextmanager
def browser():
    """Start Firefox without a window; it knows nothing and nobody.

    Yields:
        Its one page.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        profile = Path(home) / "profile"
        profile.mkdir()
        saved = Path(home) / "saved"  # a link: the setting cannot change later
        saved.symlink_to(profile, target_is_directory=True)
        settings = {**SETTINGS, "browser.download.dir": str(saved)}
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in settings.items()
            ),
            encoding="utf-8",
        )
        log = Path(home) / "log"
        with log.open("wb") as said:
            running = subprocess.Popen(
                [
                    *(PROGRAM, "--headless", "--no-remote"),
                    *("--remote-debugging-port=0", "--profile", str(profile)),
                    "about:blank",
                ],
                stdout=said,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": home},
            )
        try:
            end = time.monotonic() + 60
            while not (
                told := re.search(rb"listening on (ws://\S+)", log.read_bytes())
            ):
                assert time.monotonic() < end, "Firefox does not start"
                time.sleep(0.1)
            yield Page(f"{told[1].decode()}/session", saved)
        finally:
            running.terminate()
            running.wait()
