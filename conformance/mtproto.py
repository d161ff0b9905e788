#!/usr/bin/env python3
"""Runs unmodified MTProto libraries, as users and as bots, against `ringback dev` and says what held.

One line for each library and scenario, then the totals; the exit code is 1 when anything failed.
Everything it starts listens on loopback only and ends with it.
"""

import argparse
import os
import sys
from pathlib import Path

from harness.mtproto_scenarios import scenarios
from harness.mtproto_stage import LIBRARIES, Stage
from harness.processes import end_children_with_this_program
from harness.report import Report
from harness.server import ROOT


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
        print("\n".join(one[0] for one in chosen))
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

    for name, needed, run, own in chosen:
        missing = next((why[library.name] for library in needed if why[library.name]), None)
        if missing and options.strict:
            report.fail(name, missing)
        elif missing:
            report.skip(name, missing)
        elif own:
            report.run(name, lambda run=run: run(binary))
        else:
            report.run(name, lambda run=run: on_stage(run))
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
