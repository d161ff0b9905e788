"""One line for each thing tried, and the totals."""

import sys
import textwrap
import time
import traceback


class Failure(AssertionError):
    """Something is not as it has to be."""


def expect(condition, message):
    if not condition:
        raise Failure(message)


def expect_equal(actual, wanted, what):
    if actual != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {actual!r}")


class Report:
    def __init__(self):
        # A line a scenario as it happens, also where the output is a pipe.
        sys.stdout.reconfigure(line_buffering=True)
        self.passed = self.failed = self.skipped = 0

    def run(self, name, body, details=None):
        """Runs `body` and gives back what it raised, if anything; the line tells the reason and what `details()` adds."""
        begun = time.monotonic()
        try:
            body()
        except Exception as error:
            self.failed += 1
            print(f"FAIL {name} ({time.monotonic() - begun:.2f} s): {error or type(error).__name__}")
            if not isinstance(error, AssertionError):
                print(textwrap.indent(traceback.format_exc(), "     | "))
            more = details() if details else ""
            if more:
                print(textwrap.indent(more, "     | "))
            return error
        self.passed += 1
        print(f"ok   {name} ({time.monotonic() - begun:.2f} s)")
        return None

    def skip(self, name, why, count=1):
        self.skipped += count
        print(f"skip {name}: {why}")

    def fail(self, name, why):
        self.failed += 1
        print(f"FAIL {name}: {why}")

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed or not self.passed else 0
