#!/usr/bin/env python3
"""Runs the browser test of the page (page/page.test.mjs) against `ringback demo`."""

import argparse
import sys
from pathlib import Path

from harness.processes import Process, end_children_with_this_program
from harness.server import ROOT, Server, clean_environment

TEST = Path(__file__).resolve().parent / "page" / "page.test.mjs"
LIMIT = 600  # seconds for the whole test


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, default=ROOT / "target" / "debug" / "ringback")
    options = parser.parse_args()
    end_children_with_this_program()
    with Server(options.binary.resolve(), command="demo") as server:
        environment = clean_environment(RINGBACK_URL=server.url)
        # In a group of its own, so that no browser is left behind, whatever happens to the test.
        test = Process(["node", "--test", "--test-reporter=tap", TEST], env=environment, cwd=TEST.parent)
        try:
            code = test.wait(LIMIT)
        finally:
            test.stop()
            sys.stdout.write(test.output())
            test.forget_log()
        if code != 0:
            print(f"the server said last:\n{server.process.tail()}")
        return code


if __name__ == "__main__":
    sys.exit(main())
