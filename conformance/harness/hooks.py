"""A webhook that behaves as badly as it is told to."""

import json
import socket
import struct
import threading


class Webhook:
    """One listener on loopback; `mode` says how each request is met."""

    def __init__(self, mode):
        self.mode = mode
        self.updates = []  # what was taken properly
        self.seen = 0  # every request that arrived, taken or not
        self.strayed = 0  # requests for any other path than /hook
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._open = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection, connection.makefile("rb") as stream:
                while (received := self._read(stream)) is not None:
                    path, body = received
                    with self._changed:
                        self.seen += 1
                        self.strayed += path != "/hook"
                        self._changed.notify_all()
                    if not getattr(self, "_" + self.mode)(connection, body):
                        return
        except (OSError, ValueError):
            pass
        finally:
            self._open.discard(connection)

    @staticmethod
    def _read(stream):
        first = stream.readline()
        if not first:
            return None
        length = 0
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return first.split(b" ")[1].decode(), stream.read(length)

    def _take(self, body):
        with self._changed:
            self.updates.append(json.loads(body))
            self._changed.notify_all()

    # The ways to meet a request; true keeps the connection.

    def _good(self, connection, body):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self._take(body)
        return True

    def _hang(self, connection, _body):
        connection.recv(1)  # until the other side gives up
        return False

    def _reset(self, connection, _body):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
        return False

    def _close(self, _connection, _body):
        return False

    def _redirect(self, connection, _body):
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/elsewhere\r\nContent-Length: 0\r\n\r\n" % self.port)
        return True

    def _garbage(self, connection, _body):
        connection.sendall(b"\x00\xff\xfe not http at all \r\n\r\n" * 50)
        return False

    def _error(self, connection, _body):
        connection.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops")
        return True

    def _endless_headers(self, connection, _body):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Filler: " + b"y" * 8000 + b"\r\n")

    def _wrong_body(self, connection, body):
        """Taken, with a body that looks like a method and is none."""
        answer = b'{"method": ["sendMessage"], "chat_id": {}, \xff'
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
        self._take(body)
        return True

    def _unknown_method(self, connection, body):
        answer = b'{"method": "noSuchMethod", "chat_id": 1}'
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
        self._take(body)
        return True

    def wait(self, condition, what, deadline=60):
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), deadline):
                raise AssertionError(f"webhook: no {what} within {deadline} s ({self.seen} requests, {len(self.updates)} taken)")

    def close(self):
        self._listener.close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
