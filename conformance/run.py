#!/usr/bin/env python3
"""Runs unmodified bot libraries against `ringback dev` and says what held.

One line for each counterpart and scenario, then the totals; the exit code is 1 when anything failed.
Everything it starts listens on loopback only and ends with it.
"""

import argparse
import os
import sys
from pathlib import Path

from harness.control import Overdue
from harness.counterparts import BOTS, COUNTERPARTS, PYTHON, Bot, aiogram_missing, botgram_missing
from harness.processes import Process, end_children_with_this_program
from harness.report import Report, expect_equal
from harness.scenarios import SCENARIOS, Stage, suits
from harness.server import ROOT, Server, clean_environment

# How many scenarios of a counterpart may wait until their deadline before the rest is given up.
PATIENCE = 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target" / "debug" / "ringback", help="the server (default: %(default)s)")
    parser.add_argument("--only", action="append", default=[], metavar="COUNTERPART[:SCENARIO]",
                        help="run just this; either side may be left out (`:cache`); may be given again")
    parser.add_argument("--strict", action="store_true", default=bool(os.environ.get("CI")),
                        help="a library that is not installed is a failure, not a skip (default where CI is set)")
    parser.add_argument("--list", action="store_true", help="print what there is, run nothing")
    return parser.parse_args()


def chosen(only, counterpart, scenario):
    def fits(pattern):
        left, _, right = pattern.partition(":")
        return left in ("", counterpart) and right in ("", scenario)
    return not only or any(fits(pattern) for pattern in only)


def run_counterpart(counterpart, scenarios, binary, report):
    """All the scenarios with one server and, while it lives, one bot; each scenario has people of its own."""
    with Server(binary) as server:
        control = server.control
        username = counterpart.name.replace("-", "_") + "_bot"
        me = control.bot(username)
        people = {
            name: [control.user(who)["id"] for who in ("Ann", "Ben", "Stranger")] for name in scenarios
        }
        allowed = [person for three in people.values() for person in three[:2]]
        bot = Bot(counterpart, server.url, me["token"], username, allowed)
        defaults = control.settings()
        overdue = 0
        try:
            for name in scenarios:
                if overdue == PATIENCE:
                    report.fail(f"{counterpart.name} · {name}", f"not tried: {PATIENCE} scenarios before it waited in vain")
                    continue
                stage = Stage(server, bot, me, *people[name])

                def body(name=name, stage=stage):
                    control.settings(**defaults)
                    bot.start()
                    SCENARIOS[name](stage)

                def details():
                    parts = [f"{counterpart.name} said last:\n{bot.tail()}"]
                    if server.process.tail():
                        parts.append(f"the server said last:\n{server.process.tail()}")
                    return "\n".join(parts)

                overdue += isinstance(report.run(f"{counterpart.name} · {name}", body, details), Overdue)
        finally:
            bot.stop()


def run_exec(binary, report):
    """`ringback exec` with a program that starts botgram as it is: it is led here, and its exit code is passed on."""
    probe = Path(__file__).resolve().parent / "exec_probe.py"
    process = Process([binary, "exec", "--port", "0", "--", sys.executable, probe], env=clean_environment())

    def body():
        expect_equal(process.wait(60), 7, "the exit code of `ringback exec`")

    try:
        report.run("exec · botgram", body, process.tail)
    finally:
        process.stop()
        process.forget_log()


def run_methods(binary, report):
    """Methods that have nothing to do with presses, each called once through aiogram."""
    with Server(binary) as server:
        control = server.control
        me = control.bot("methods_bot")
        ann, ben = (control.user(who)["id"] for who in ("Ann", "Ben"))
        group = control.call("POST", "/chats", {
            "type": "supergroup", "title": "Kitchen", "members": [ann, me["id"], ben]})["id"]
        control.call("POST", f"/chats/{group}/members", {"user": me["id"], "status": "administrator"})
        control.say(ann, me["id"], "/start")
        environment = clean_environment(API_BASE=server.url, TOKEN=me["token"], ANN=ann, BEN=ben, GROUP=group)
        process = Process((PYTHON, BOTS / "methods_aiogram.py"), env=environment)

        def body():
            expect_equal(process.wait(60), 0, "the exit code of the bot")
            expect_equal(process.tail(1), "done", "the last line of the bot")
            # What people see of it all.
            dice = [message for message in control.messages(ann, me["id"]) if "dice" in message]
            expect_equal(len(dice), 1, "dice that Ann sees")

        try:
            report.run("methods · aiogram", body, process.tail)
        finally:
            process.stop()
            process.forget_log()


def main():
    options = arguments()
    work = [(c, [s for s in SCENARIOS if suits(s, c) and chosen(options.only, c.name, s)]) for c in COUNTERPARTS]
    work = [(c, scenarios) for c, scenarios in work if scenarios]
    with_exec = chosen(options.only, "exec", "botgram")
    with_methods = chosen(options.only, "methods", "aiogram")
    if options.list:
        for counterpart, scenarios in work:
            for name in scenarios:
                print(f"{counterpart.name}:{name}")
        if with_exec:
            print("exec:botgram")
        if with_methods:
            print("methods:aiogram")
        return 0
    if not options.binary.exists():
        print(f"no server at {options.binary}; build it with `cargo build --package ringback-cli`", file=sys.stderr)
        return 2
    end_children_with_this_program()
    report = Report()
    binary = options.binary.resolve()

    def missing(name, why, count):
        if options.strict:
            report.fail(name, why)
        else:
            report.skip(name, why, count)

    for counterpart, scenarios in work:
        why = counterpart.missing()
        if why is not None:
            missing(counterpart.name, why, len(scenarios))
            continue
        try:
            run_counterpart(counterpart, scenarios, binary, report)
        except (AssertionError, RuntimeError, OSError) as error:
            report.fail(counterpart.name, str(error))
    if with_exec:
        why = botgram_missing()
        if why is None:
            run_exec(binary, report)
        else:
            missing("exec · botgram", why, 1)
    if with_methods:
        why = aiogram_missing()
        if why is None:
            run_methods(binary, report)
        else:
            missing("methods · aiogram", why, 1)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
