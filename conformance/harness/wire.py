"""HTTP by hand, for requests that no client library would send."""

import errno
import json
import select
import socket
import time

LIMIT = 30.0


class Answer:
    """A response, or the end of the connection without one (`status` is None)."""

    def __init__(self, raw):
        self.raw = raw
        head, separator, rest = raw.partition(b"\r\n\r\n")
        self.status, self.headers, self.body = None, {}, b""
        if separator and head.startswith(b"HTTP/1."):
            first, *lines = head.decode("latin-1").split("\r\n")
            self.status = int(first.split(" ")[1])
            for line in lines:
                name, _, value = line.partition(":")
                self.headers[name.strip().lower()] = value.strip()
            self.body = _dechunked(rest) if self.headers.get("transfer-encoding") == "chunked" else rest

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            raise AssertionError(f"the answer is not JSON: {self.raw[:300]!r}") from None


def _dechunked(rest):
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            break
        body, rest = body + rest[:length], rest[length + 2:]
    return body


def _complete(raw):
    answer = Answer(raw)
    if answer.status is None:
        return False
    length = answer.headers.get("content-length")
    if length is not None:
        return len(raw.partition(b"\r\n\r\n")[2]) >= int(length)
    return answer.headers.get("transfer-encoding") == "chunked" and raw.endswith(b"0\r\n\r\n")


def connect(address):
    connection = socket.create_connection(address, timeout=LIMIT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exchange(address, pieces, hang_up=False, limit=LIMIT):
    """Sends the pieces until the server answers, then reads the answer. `hang_up` ends the sending side early, as a
    client does that has lost its way. An answer or the connection's end has to come within `limit`."""
    if isinstance(pieces, bytes):
        pieces = [pieces]
    with connect(address) as connection:
        # Not select(): it knows no descriptor beyond 1023.
        readable = select.poll()
        readable.register(connection, select.POLLIN)
        try:
            for piece in pieces:
                connection.sendall(piece)
                if readable.poll(0):
                    break
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
        except OSError as error:
            # It hung up on us first: what it said is still to be read.
            if error.errno not in (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN):
                raise
        return read_answer(connection, limit)


def read_answer(connection, limit=LIMIT):
    raw, end = b"", time.monotonic() + limit
    while not _complete(raw):
        connection.settimeout(max(0.01, end - time.monotonic()))
        try:
            more = connection.recv(65536)
        except TimeoutError:
            raise AssertionError(f"no complete answer within {limit:.0f} s; so far {raw[:200]!r}") from None
        except ConnectionResetError:
            break
        if not more:
            break
        raw += more
    return Answer(raw)


def request(method, target, body=b"", content_type=None, headers=(), length=None):
    """The bytes of a request; `length` may lie."""
    if isinstance(target, str):
        target = target.encode()
    lines = [method.encode() + b" " + target + b" HTTP/1.1", b"Host: localhost"]
    if content_type is not None:
        lines.append(b"Content-Type: " + content_type.encode())
    if body or length is not None or method == "POST":
        lines.append(b"Content-Length: %d" % (len(body) if length is None else length))
    lines += [line if isinstance(line, bytes) else line.encode() for line in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
