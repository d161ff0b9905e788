"""MTProto libraries, the programs that drive them, and the server they meet."""

import json
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .control import Control
from .mtproto_bot import KEYBOARD, EchoBot
from .processes import Process, wait_for_file
from .report import expect
from .server import ROOT, Server, clean_environment

HERE = Path(__file__).resolve().parents[1]
PHONE, CODE, PASSWORD = "+9996621234", "22222", "hunter2"
# How long a program may take; generous, since it is only ever reached by a failure.
DEADLINE = 90


@dataclass
class Library:
    """One library and the program that drives it."""

    name: str
    version: str
    command: list
    transports: list

    def missing(self):
        """Why it cannot be run; none if it can."""
        if self.name == "ringback":
            built = Path(self.command[0]).exists()
            return None if built else "build it with `cargo build --package ringback-client --example conformance`"
        if self.name == "telethon":
            python = self.command[0]
            if not Path(python).exists():
                return "Telethon is not installed; `cargo xtask setup` installs it"
            asked = subprocess.run(
                [python, "-c", "import telethon; print(telethon.__version__)"], capture_output=True, text=True)
            found = asked.stdout.strip()
        else:
            package = HERE / "node_modules" / "telegram" / "package.json"
            if shutil.which("node") is None or not package.exists():
                return "GramJS is not installed; `cargo xtask setup` installs it"
            found = json.loads(package.read_text())["version"]
        return None if found == self.version else f"{self.name} is {found or 'missing'}, not {self.version}"


LIBRARIES = [
    Library(
        "telethon", "1.45.0",
        [HERE / ".deps" / "python" / "bin" / "python", HERE / "clients" / "telethon_client.py"],
        ["full", "abridged", "intermediate", "obfuscated"],
    ),
    Library(
        "gramjs", "2.26.22", ["node", HERE / "clients" / "gramjs_client.js"],
        ["full", "abridged", "obfuscated", "websocket"],
    ),
    Library(
        "ringback", "ours", [ROOT / "target" / "debug" / "examples" / "conformance"],
        ["full", "abridged", "intermediate", "padded", "obfuscated"],
    ),
]


class Stage:
    """A server with a person who has a password, a bot, and its keyboard before them."""

    def __init__(self, binary, *arguments):
        self.binary, self.arguments = binary, arguments
        self.server = Server(binary, *arguments)
        self.port = self.control_port()
        self.bot = self.control.bot("mtproto_test_bot")
        self.user = self.control.user("Vera", username="vera", phone=PHONE, password=PASSWORD)
        self.control.say(self.user["id"], self.bot["id"], "/start")
        self.control.call("POST", "/messages", {
            "from": self.bot["id"], "chat": self.user["id"], "text": "Menu",
            "reply_markup": {"inline_keyboard": KEYBOARD},
        })
        self.echo = None
        self.programs = []

    @property
    def control(self):
        return self.server.control

    def control_port(self):
        return self.control.call("GET", "/mtproto")["port"]

    def kill(self):
        """The server ends at once, as in a crash."""
        self.server.process.stop(signal.SIGKILL)
        self.server.process.forget_log()
        self.control.http.close()

    def start_again(self, port):
        """With what it kept (`--db`), on this port."""
        ready = self.server.folder / "again.json"
        ready.unlink(missing_ok=True)
        self.server.process = Process(
            [self.binary, "dev", "--port", port, "--ready-file", ready, "--seed", "1", *self.arguments],
            env=clean_environment(), cwd=self.server.folder)
        self.server.url = json.loads(wait_for_file(ready, self.server.process, DEADLINE))["url"].rstrip("/")
        self.server.control = Control(self.server.url)

    def start_echo(self):
        """The bot, on the Bot API."""
        self.echo = EchoBot(self.server.url, self.bot["token"], "mtproto_test_bot")

    def close(self):
        if self.echo is not None:
            self.echo.stop()
        for process in self.programs:
            if process.alive():
                process.stop()
        self.server.__exit__()

    def session(self, library, who=None):
        who = who or self.user["id"]
        return self.control.call("POST", f"/users/{who}/sessions", {"for": library.name})["session"]

    def program(self, library, side, transport="full", program="client", **extra):
        """One of the programs, started."""
        about = self.control.call("GET", "/mtproto")
        key = self.server.folder / "key.pem"
        key.write_text(about["public_key_pem"])
        environment = {
            "PHONE": PHONE, "CODE": CODE, "PASSWORD": PASSWORD, "TOKEN": self.bot["token"],
            "PEER": "mtproto_test_bot", "PEER_ID": self.bot["id"], "USER_ID": self.user["id"], "SESSION": "",
            "CONTROL": f"{self.server.url}/_ringback/v1", **extra,
        }
        *run, client = library.command
        client = client.with_name(client.name.replace("_client", f"_{program}"))
        command = [*run, client, about["host"], about["port"], key, side, "--transport", transport]
        process = Process(command, env=clean_environment(**environment), cwd=HERE)
        self.programs.append(process)
        return process


def steps(process):
    lines = [line for line in process.output().splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines]


def finish(process):
    """Waits for a program; every step it told of must have held."""
    try:
        code = process.wait(DEADLINE)
        failed = [step for step in steps(process) if not step["ok"]]
        expect(code == 0 and not failed and steps(process), f"exit code {code}, failed: {failed}\n{process.tail(30)}")
    finally:
        process.stop()
        process.forget_log()


def wait_step(process, name):
    """Until a program has told of this step."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if any(step["step"] == name for step in steps(process)):
            return
        expect(process.alive(), f"ended before the step “{name}”:\n{process.tail(30)}")
        time.sleep(0.02)
    raise AssertionError(f"no step “{name}” within {DEADLINE} s:\n{process.tail(30)}")
