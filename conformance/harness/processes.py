"""Child processes that never outlive the run: each in a process group of its own, ended by its id."""

import atexit
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

_running: list["Process"] = []


class Process:
    """A program with its output in a file (a pipe that nobody reads would stop it one day)."""

    def __init__(self, argv, env=None, cwd=None):
        self.argv = [str(a) for a in argv]
        self._log = tempfile.NamedTemporaryFile(prefix="ringback-conformance-", suffix=".log", delete=False)
        self._child = subprocess.Popen(
            self.argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True,
        )
        _running.append(self)

    @property
    def pid(self):
        return self._child.pid

    def alive(self):
        return self._child.poll() is None

    def exit_code(self):
        return self._child.poll()

    def wait(self, timeout=30):
        return self._child.wait(timeout)

    def stop(self, sig=signal.SIGTERM, grace=10):
        """Ends the whole group: politely, or at once with SIGKILL; after `grace` seconds at once in any case."""
        for signal_now in (sig, signal.SIGKILL):
            if self._child.poll() is None:
                self._signal_group(signal_now)
                try:
                    self._child.wait(grace)
                except subprocess.TimeoutExpired:
                    continue
        # What the program itself left behind in its group.
        self._signal_group(signal.SIGKILL)
        if self in _running:
            _running.remove(self)

    def _signal_group(self, sig):
        try:
            os.killpg(self._child.pid, sig)
        except ProcessLookupError:
            pass

    def output(self):
        return Path(self._log.name).read_text(errors="replace")

    def tail(self, lines=15):
        return "\n".join(self.output().splitlines()[-lines:])

    def forget_log(self):
        self._log.close()
        Path(self._log.name).unlink(missing_ok=True)


def _stop_all():
    for process in list(_running):
        process.stop(signal.SIGKILL)


def end_children_with_this_program():
    """Makes SIGTERM and SIGINT end the run the way an exception does, so that every child is ended too."""
    def leave(signum, _frame):
        raise SystemExit(128 + signum)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    atexit.register(_stop_all)


def wait_for_file(path: Path, process: Process, deadline=60) -> str:
    """The text of a file that `process` is about to write."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        if path.exists():
            text = path.read_text()
            if text.strip():
                return text
        if not process.alive():
            raise RuntimeError(f"{process.argv[0]} ended with {process.exit_code()}:\n{process.tail()}")
        time.sleep(0.01)
    raise RuntimeError(f"{process.argv[0]} wrote no {path.name} within {deadline} s:\n{process.tail()}")
