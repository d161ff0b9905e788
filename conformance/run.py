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
from harness.counterparts import COUNTERPARTS, Bot
from harness.processes import end_children_with_this_program
from harness.report import Report
from harness.scenarios import SCENARIOS, Stage
from harness.server import ROOT, Server

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


def main():
    options = arguments()
    work = [(c, [s for s in SCENARIOS if chosen(options.only, c.name, s)]) for c in COUNTERPARTS]
    work = [(c, scenarios) for c, scenarios in work if scenarios]
    if options.list:
        for counterpart, scenarios in work:
            for name in scenarios:
                print(f"{counterpart.name}:{name}")
        return 0
    if not options.binary.exists():
        print(f"no server at {options.binary}; build it with `cargo build --package ringback-cli`", file=sys.stderr)
        return 2
    end_children_with_this_program()
    report = Report()
    for counterpart, scenarios in work:
        why = counterpart.missing()
        if why is None:
            try:
                run_counterpart(counterpart, scenarios, options.binary.resolve(), report)
            except (AssertionError, RuntimeError, OSError) as error:
                report.fail(f"{counterpart.name}", str(error))
        elif options.strict:
            report.fail(counterpart.name, why)
        else:
            report.skip(counterpart.name, why, len(scenarios))
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
