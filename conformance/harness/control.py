"""The control API and the journal, as a test sees them."""

import http.client
import json
import socket
import threading
import time
from urllib.parse import urlencode, urlsplit

DEADLINE = 30.0  # seconds; generous, since it is only ever reached by a failure


class ControlError(Exception):
    """A 4xx of the control API."""

    def __init__(self, status, error):
        self.status = status
        self.code = str(error.get("code", ""))
        self.message = str(error.get("message", ""))
        self.hint = str(error.get("hint", ""))
        super().__init__(f"HTTP {status} {self.code}: {self.message} ({self.hint})")


class Overdue(AssertionError):
    """What was waited for did not come."""


class Connection:
    """One HTTP connection a thread, kept alive; never through a proxy."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self._local = threading.local()

    def request(self, method, path, body=None, headers=None, timeout=120):
        """(status, headers, body bytes); one more try when the kept connection was closed meanwhile."""
        for attempt in (1, 2):
            connection = getattr(self._local, "connection", None)
            fresh = connection is None
            if fresh:
                connection = self._local.connection = http.client.HTTPConnection(self.host, self.port)
            connection.timeout = timeout
            if connection.sock is not None:
                connection.sock.settimeout(timeout)
            try:
                connection.request(method, path, body=body, headers=headers or {})
                response = connection.getresponse()
                return response.status, response.headers, response.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.close()
                if fresh or attempt == 2:
                    raise
            except BaseException:
                self.close()
                raise
        raise AssertionError("unreachable")

    def close(self):
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None


class Control:
    """`/_ringback/v1` of one server."""

    BASE = "/_ringback/v1"

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.http = Connection(self.url)

    def call(self, method, path, body=None, query=None, timeout=120):
        target = self.BASE + path + ("?" + urlencode(query) if query else "")
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        status, _, raw = self.http.request(method, target, data, headers, timeout)
        try:
            parsed = json.loads(raw)
        except ValueError:
            raise AssertionError(f"{method} {target}: HTTP {status}, not JSON: {raw[:200]!r}") from None
        if 400 <= status < 500:
            if not isinstance(parsed, dict) or not isinstance(parsed.get("error"), dict):
                raise AssertionError(f"{method} {target}: HTTP {status} without an error object: {raw[:200]!r}")
            raise ControlError(status, parsed["error"])
        if status != 200:
            raise AssertionError(f"{method} {target}: HTTP {status}: {raw[:200]!r}")
        return parsed

    def bot(self, username, token=None):
        return self.call("POST", "/bots", {"username": username, "first_name": username, **({"token": token} if token else {})})

    def user(self, first_name, **fields):
        return self.call("POST", "/users", {"first_name": first_name, **fields})

    def say(self, user, chat, text):
        return self.call("POST", "/messages", {"from": user, "chat": chat, "text": text})

    def messages(self, user, chat):
        return self.call("GET", "/messages", query={"chat": chat, "as": user})

    def press(self, user, chat, button, **fields):
        """The press as the API tells it. A refusal (4xx) comes back in the same shape, with `refused`."""
        if isinstance(button, str):
            button = {"text": button}
        try:
            return self.call("POST", "/presses", {"from": user, "chat": chat, "button": button, **fields})
        except ControlError as error:
            return {
                "outcome": "error", "refused": True,
                "error": {"code": error.code, "message": error.message, "hint": error.hint},
            }

    def press_state(self, press_id):
        return self.call("GET", f"/presses/{press_id}")

    def events(self, since):
        """Every entry after `since` that is in the journal now."""
        return self.call("GET", "/events", query={"since": since})["events"]

    def advance(self, milliseconds):
        return self.call("POST", "/clock/advance", {"by": f"{milliseconds}ms"})

    def settings(self, **changes):
        return self.call("PATCH", "/settings", changes) if changes else self.call("GET", "/settings")


class Journal:
    """Follows `/events` on a thread of its own, so that a test waits on what happened instead of sleeping."""

    def __init__(self, control):
        self._control = control
        self._changed = threading.Condition()
        self._entries = []
        self._end = None
        self._connection = http.client.HTTPConnection(control.http.host, control.http.port, timeout=None)
        self._connection.request("GET", f"{Control.BASE}/events?since=0", headers={"Accept": "text/event-stream"})
        self._socket = self._connection.sock
        self._response = self._connection.getresponse()
        content_type = self._response.headers.get("Content-Type", "")
        if self._response.status != 200 or not content_type.startswith("text/event-stream"):
            raise AssertionError(f"/events: HTTP {self._response.status} {content_type}")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        end = "the server closed /events"
        try:
            event = {}
            for raw in self._response:
                line = raw.decode().rstrip("\r\n")
                if line:
                    if not line.startswith(":"):
                        name, _, value = line.partition(":")
                        event[name] = value.removeprefix(" ")
                    continue
                if "data" in event:
                    self._take(event)
                event = {}
        except Exception as error:  # whatever it was, the waiting test has to hear of it
            end = f"/events: {error!r}"
        with self._changed:
            self._end = end
            self._changed.notify_all()

    def _take(self, event):
        entry = json.loads(event["data"])
        with self._changed:
            last = self._entries[-1]["seq"] if self._entries else 0
            if entry["seq"] <= last:
                raise AssertionError(f"seq {entry['seq']} after {last}")
            if str(entry["seq"]) != event.get("id") or entry["kind"] != event.get("event"):
                raise AssertionError(f"the SSE fields of {entry['seq']} differ from its data: {event}")
            self._entries.append(entry)
            self._changed.notify_all()

    @property
    def seq(self):
        with self._changed:
            return self._entries[-1]["seq"] if self._entries else 0

    def entries(self, since=0):
        with self._changed:
            return [entry for entry in self._entries if entry["seq"] > since]

    def until(self, condition, what, alive=None, deadline=DEADLINE):
        """Waits until `condition()` gives something true; it is asked again whenever the journal has grown."""
        end = time.monotonic() + deadline
        while True:
            with self._changed:
                seen = len(self._entries)
            found = condition()
            if found:
                return found
            if alive is not None:
                alive()
            with self._changed:
                if self._end is not None:
                    raise AssertionError(f"waiting for {what}: {self._end}")
                if len(self._entries) == seen:
                    # The slice only bounds how late a dead bot is noticed.
                    self._changed.wait(min(0.5, max(0.0, end - time.monotonic())))
            if time.monotonic() >= end:
                raise Overdue(f"no {what} within {deadline:.0f} s")

    def wait(self, what, since=0, alive=None, deadline=DEADLINE, **fields):
        """The first entry after `since` whose fields are these."""
        def find():
            return next((entry for entry in self.entries(since) if matches(entry, fields)), None)
        return self.until(find, what, alive, deadline)

    def causes(self, entry):
        """The entries that led to this one, nearest first."""
        by_seq = {e["seq"]: e for e in self.entries()}
        chain = []
        while entry is not None and entry.get("cause") is not None:
            entry = by_seq.get(entry["cause"])
            if entry is None or entry in chain:
                break
            chain.append(entry)
        return chain

    def close(self):
        try:
            # Wakes the reader; closing the file alone would wait for its lock.
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._thread.join(5)


def matches(entry, fields):
    return all(entry.get(name) == value for name, value in fields.items())
