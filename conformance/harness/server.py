"""`ringback dev` (or `demo`), started for a test and ended with it."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from .control import Control, Journal
from .processes import Process, wait_for_file

ROOT = Path(__file__).resolve().parents[2]


def clean_environment(**extra):
    """The environment without what would change the programs under test, and with no proxy on the way to loopback."""
    drop = ("RINGBACK_", "NODE_OPTIONS", "PYTHON", "API_BASE", "BOT_TOKEN", "TOKEN", "RUST_LOG")
    kept = {
        name: value for name, value in os.environ.items()
        if not name.startswith(drop) and not name.lower().endswith("_proxy")
    }
    return {**kept, **{name: str(value) for name, value in extra.items()}}


class Server:
    """One local Telegram on a loopback port of its own choice."""

    def __init__(self, binary, *arguments, command="dev", seed=1):
        self.folder = Path(tempfile.mkdtemp(prefix="ringback-conformance-"))
        ready = self.folder / "ready.json"
        self.process = Process(
            [binary, command, "--port", "0", "--ready-file", ready, "--seed", str(seed), *arguments],
            env=clean_environment(), cwd=self.folder,
        )
        self.url = json.loads(wait_for_file(ready, self.process))["url"].rstrip("/")
        if not self.url.startswith("http://127.0.0.1:"):
            raise AssertionError(f"the server listens beyond loopback: {self.url}")
        self.control = Control(self.url)
        self.journal = Journal(self.control)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()
        self.journal.close()
        self.control.http.close()
        self.process.forget_log()
        shutil.rmtree(self.folder, ignore_errors=True)

    def check_alive(self):
        if not self.process.alive():
            raise AssertionError(f"the server ended with {self.process.exit_code()}:\n{self.process.tail()}")
