"""The unmodified libraries, and the ways in which each of them receives its updates."""

import json
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .processes import Process
from .server import clean_environment

HERE = Path(__file__).resolve().parents[1]
BOTS = HERE / "bots"
PYTHON = HERE / ".deps" / "python" / "bin" / "python"
# What `ringback exec` preloads into Node.js programs.
REDIRECT = HERE.parent / "crates" / "cli" / "src" / "commands" / "redirect.cjs"
AIOGRAM = "3.31.0"
BOTGRAM = "2.2.0"


def aiogram_missing():
    """Why aiogram cannot run here, or None."""
    if not PYTHON.exists():
        return "aiogram is not installed; run `cargo xtask setup`"
    probe = subprocess.run(
        [PYTHON, "-c", "from importlib.metadata import version; print(version('aiogram'))"],
        capture_output=True, text=True, env=clean_environment(), check=False,
    )
    if probe.stdout.strip() != AIOGRAM:
        found = probe.stdout.strip() or "none"
        return f"aiogram {AIOGRAM} is needed, found {found}; run `cargo xtask setup`"
    return None


def botgram_missing():
    """Why botgram cannot run here, or None."""
    if shutil.which("node") is None:
        return "Node.js is not installed; install the packages nodejs and npm, then run `cargo xtask setup`"
    manifest = HERE / "node_modules" / "botgram" / "package.json"
    if not manifest.exists():
        return "botgram is not installed; run `cargo xtask setup`"
    found = json.loads(manifest.read_text())["version"]
    return None if found == BOTGRAM else f"botgram {BOTGRAM} is needed, found {found}; run `cargo xtask setup`"


@dataclass(frozen=True)
class Counterpart:
    name: str
    argv: tuple
    missing: callable
    webhook: bool = False
    environment: tuple = ()

    @property
    def via(self):
        """The journal's word for how its updates are delivered."""
        return "webhook" if self.webhook else "polling"


_AIOGRAM = (PYTHON, BOTS / "bot_aiogram.py")
COUNTERPARTS = [
    Counterpart("aiogram-polling", _AIOGRAM, aiogram_missing),
    Counterpart("aiogram-webhook", _AIOGRAM, aiogram_missing, webhook=True),
    Counterpart("aiogram-webhook-response", _AIOGRAM, aiogram_missing, webhook=True,
                environment=(("ANSWER_IN_RESPONSE", "1"),)),
    Counterpart("botgram-agent", ("node", BOTS / "bot_botgram_agent.cjs"), botgram_missing),
    Counterpart("botgram-preload", ("node", BOTS / "bot_botgram.cjs"), botgram_missing,
                environment=(("NODE_OPTIONS", f'--require "{REDIRECT}"'),)),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bot:
    """A counterpart's program, which a scenario may stop and start again."""

    def __init__(self, counterpart, url, token, username, allowed):
        self.counterpart = counterpart
        self._environment = clean_environment(
            API_BASE=url, RINGBACK_URL=url, TOKEN=token, BOT_USERNAME=username, ALLOWED=",".join(map(str, allowed)),
            **dict(counterpart.environment),
        )
        if counterpart.webhook:
            self._environment["WEBHOOK_PORT"] = str(free_port())
        self._process = None
        self._earlier = ""

    def start(self):
        if self._process is None or not self._process.alive():
            self.stop()
            self._process = Process(self.counterpart.argv, env=self._environment)

    def stop(self, sig=signal.SIGTERM):
        if self._process is not None:
            self._process.stop(sig)
            self._earlier = self._process.tail()
            self._process.forget_log()
            self._process = None

    def check_alive(self):
        if self._process is not None and not self._process.alive():
            raise AssertionError(f"the bot ended by itself with {self._process.exit_code()}")

    def tail(self):
        return self._process.tail() if self._process is not None else self._earlier
