#!/usr/bin/env python3
"""Runs unmodified MTProto libraries, as users and as bots, against `ringback dev` and says what held.

One line for each library and scenario, then the totals; the exit code is 1 when anything failed.
Everything it starts listens on loopback only and ends with it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import mtproto_chats
from harness.mtproto_bot import KEYBOARD, EchoBot
from harness.processes import Process, end_children_with_this_program
from harness.report import Report, expect, expect_equal
from harness.server import ROOT, Server, clean_environment

HERE = Path(__file__).resolve().parent
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
]


class Stage:
    """A server with a person who has a password, a bot, and its keyboard before them."""

    def __init__(self, binary, *arguments):
        self.server = Server(binary, *arguments)
        self.control = self.server.control
        self.bot = self.control.bot("mtproto_test_bot")
        self.user = self.control.user("Vera", username="vera", phone=PHONE, password=PASSWORD)
        self.control.say(self.user["id"], self.bot["id"], "/start")
        self.control.call("POST", "/messages", {
            "from": self.bot["id"], "chat": self.user["id"], "text": "Menu",
            "reply_markup": {"inline_keyboard": KEYBOARD},
        })
        self.echo = None

    def start_echo(self):
        """The bot, on the Bot API."""
        self.echo = EchoBot(self.server.url, self.bot["token"], "mtproto_test_bot")

    def close(self):
        if self.echo is not None:
            self.echo.stop()
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
            "PEER": "mtproto_test_bot", "PEER_ID": self.bot["id"],
            "CONTROL": f"{self.server.url}/_ringback/v1", **extra,
        }
        *run, client = library.command
        client = client.with_name(client.name.replace("_client", f"_{program}"))
        command = [*run, client, about["host"], about["port"], key, side, "--transport", transport]
        return Process(command, env=clean_environment(**environment), cwd=HERE)


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


def user(stage, library, transport):
    """A login with code and password, and everything a user does, while the bot is on the Bot API."""
    stage.start_echo()
    finish(stage.program(library, "user", transport))


def session(stage, library):
    """A ready-made session does the same."""
    stage.start_echo()
    finish(stage.program(library, "session", SESSION=stage.session(library)))


def bot(stage, library, transport="full"):
    """A bot that is on MTProto alone: presses of the control API reach it, and its answers the presser."""
    process = stage.program(library, "bot", transport, COUNT=3)
    try:
        wait_step(process, "ready")
        since = stage.control.say(stage.user["id"], stage.bot["id"], "hi")["message_id"]
        for _ in range(3):
            press = stage.control.press(stage.user["id"], stage.bot["id"], "press")
            expect_equal(press["outcome"], "answered", "the outcome of the press")
            expect_equal(press["answer"]["text"], "bot says press", "the answer")
            expect_equal(press["answer"]["show_alert"], True, "show_alert")
        delivered = [entry for entry in stage.server.journal.entries() if entry.get("via") == "mtproto"]
        expect(delivered, "no update was delivered over MTProto, by the journal")
        texts = [message.get("text") for message in stage.control.messages(stage.user["id"], stage.bot["id"])
                 if message["message_id"] > since]
        expect("edited: hi" in texts, f"the bot's edit did not arrive: {texts}")
    finally:
        finish(process)


def pair(stage, presser, answerer):
    """A user on one library presses a button of a bot on another."""
    answering = stage.program(answerer, "bot", COUNT=1)
    try:
        wait_step(answering, "ready")
        finish(stage.program(presser, "press", SESSION=stage.session(presser)))
    finally:
        finish(answering)


def restart(binary, library):
    """With `--db`, a session made before a restart presses after it, and so does a key made by key exchange."""
    stage = Stage(binary, "--db", "world.redb")
    folder = stage.server.folder
    try:
        stage.start_echo()
        ready = stage.session(library)
        finish(stage.program(library, "press", SESSION=ready))
        port = stage.control.call("GET", "/mtproto")["port"]
        key = stage.control.call("GET", "/mtproto")["public_key_pem"]
        stage.echo.stop()
        stage.server.process.stop()
        stage.server.process.forget_log()
        ready_file = folder / "again.json"
        stage.server.process = Process(
            [binary, "dev", "--port", port, "--ready-file", ready_file, "--seed", "1", "--db", "world.redb"],
            env=clean_environment(), cwd=folder)
        end = time.monotonic() + DEADLINE
        while not (ready_file.exists() and ready_file.read_text().strip()):
            expect(time.monotonic() < end, "the server did not start again")
            time.sleep(0.02)
        stage.control.http.close()
        expect_equal(stage.control.call("GET", "/mtproto")["public_key_pem"], key, "the server's key")
        stage.start_echo()
        finish(stage.program(library, "press", SESSION=ready))
    finally:
        stage.close()


def scenarios(libraries):
    """(name, library, what to run with a stage)"""
    for library in libraries:
        for transport in library.transports:
            yield f"{library.name}:user-{transport}", [library], lambda s, l=library, t=transport: user(s, l, t)
        yield f"{library.name}:session", [library], lambda s, l=library: session(s, l)
        yield f"{library.name}:bot", [library], lambda s, l=library: bot(s, l)
        yield f"{library.name}:restart", [library], None
    for presser in libraries:
        for answerer in libraries:
            name = f"{presser.name}:presses-{answerer.name}"
            yield name, [presser, answerer], lambda s, p=presser, a=answerer: pair(s, p, a)
    yield from mtproto_chats.scenarios(libraries, finish)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target" / "debug" / "ringback", help="the server (default: %(default)s)")
    parser.add_argument("--only", action="append", default=[], metavar="LIBRARY[:SCENARIO]", help="run just this; may be given again")
    parser.add_argument("--strict", action="store_true", default=bool(os.environ.get("CI")),
                        help="a library that is not installed is a failure, not a skip (default where CI is set)")
    parser.add_argument("--list", action="store_true", help="print what there is, run nothing")
    return parser.parse_args()


def main():
    options = arguments()
    chosen = [one for one in scenarios(LIBRARIES)
              if not options.only or any(one[0] == only or one[0].split(":")[0] == only for only in options.only)]
    if options.list:
        print("\n".join(name for name, _, _ in chosen))
        return 0
    if not options.binary.exists():
        print(f"no server at {options.binary}; build it with `cargo build --package ringback-cli`", file=sys.stderr)
        return 2
    end_children_with_this_program()
    report = Report()
    binary = options.binary.resolve()
    why = {library.name: library.missing() for library in LIBRARIES}

    def on_stage(run):
        stage = Stage(binary)
        try:
            run(stage)
        finally:
            stage.close()

    for name, needed, run in chosen:
        missing = next((why[library.name] for library in needed if why[library.name]), None)
        if missing and options.strict:
            report.fail(name, missing)
        elif missing:
            report.skip(name, missing)
        elif run is None:
            report.run(name, lambda needed=needed: restart(binary, needed[0]))
        else:
            report.run(name, lambda run=run: on_stage(run))
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
