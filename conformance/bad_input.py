#!/usr/bin/env python3
"""Broken, hostile and merely huge input against `ringback dev`.

Each time the answer has to be a clear error in the protocol's own form, and everybody else has to be served on:
a healthy bot and its user make a round trip before and after each case, and during the long ones.
Only loopback is ever talked to.
"""

import argparse
import gzip
import json
import os
import re
import resource
import selectors
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from harness.control import Control
from harness.health import BotApi, Healthy
from harness.hooks import Webhook
from harness.processes import end_children_with_this_program
from harness.report import Report, expect, expect_equal
from harness.server import ROOT, Server
from harness.wire import connect, exchange, read_answer, request

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
TOKEN = "700001:AAF-bad-input-bad-input-bad-input-x"
POLLS = 10_000
CASES = {}


def case(function):
    CASES[function.__name__.replace("_", "-")] = function
    return function


class Arena:
    def __init__(self, server, healthy):
        parts = urlsplit(server.url)
        self.server, self.healthy = server, healthy
        self.address = (parts.hostname, parts.port)
        self.control, self.journal = server.control, server.journal
        self.user = self.control.user("Vic")["id"]

    def send(self, raw, **options):
        return exchange(self.address, raw, **options)

    def post(self, method, body, content_type=JSON, token=TOKEN, **options):
        return self.send(request("POST", f"/bot{token}/{method}", body, content_type, **options))

    def memory(self):
        """What the server holds in memory now, in MiB."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) // 1024


def is_error(answer, code, description=None, what=""):
    """The Bot API's error envelope, whole."""
    codes = code if isinstance(code, tuple) else (code,)
    expect(answer.status in codes, f"{what}: expected HTTP {code}, got {answer.status}: {answer.raw[:300]!r}")
    envelope = answer.json()
    expect_equal(answer.headers.get("content-type"), JSON, f"{what}: Content-Type")
    expect_equal((envelope.get("ok"), envelope.get("error_code")), (False, answer.status), f"{what}: ok and error_code")
    expect(isinstance(envelope.get("description"), str) and envelope["description"], f"{what}: no description in {envelope}")
    if description is not None:
        expect_equal(envelope["description"], description, f"{what}: description")


def is_control_error(answer, what):
    expect(answer.status is not None and 400 <= answer.status < 500, f"{what}: {answer.raw[:300]!r}")
    error = answer.json().get("error")
    expect(isinstance(error, dict), f"{what}: no error object: {answer.raw[:300]!r}")
    expect(all(isinstance(error.get(key), str) for key in ("code", "message", "hint")), f"{what}: {error}")


def is_refused(answer, what):
    """HTTP itself is broken: a 4xx or 5xx of any form, or the end of the connection."""
    expect(answer.status is None or 400 <= answer.status < 600, f"{what}: {answer.raw[:300]!r}")
    expect(answer.status != 500, f"{what}: an internal error: {answer.raw[:300]!r}")


@case
def truncated_bodies(arena):
    """The client announces more than it sends, and hangs up."""
    body = b'{"chat_id": 1, "text": "cut o'
    for content_type in (JSON, FORM, "multipart/form-data; boundary=x"):
        raw = request("POST", f"/bot{TOKEN}/sendMessage", body, content_type, length=5000)
        answer = arena.send(raw, hang_up=True)
        is_refused(answer, f"truncated {content_type}")
        is_error(arena.post("sendMessage", body, content_type), 400, what=f"a cut {content_type} of the right length")
    raw = request("POST", f"/bot{TOKEN}/sendMessage", b"5\r\n{\"cha", JSON, headers=["Transfer-Encoding: chunked"])
    is_refused(arena.send(raw.replace(b"Content-Length: 8\r\n", b""), hang_up=True), "a cut chunk")
    is_refused(arena.send(b"POST /bot", hang_up=True), "a cut request line")
    raw = request("POST", "/_ringback/v1/users", b'{"first', JSON, length=5000)
    is_refused(arena.send(raw, hang_up=True), "a cut body of the control API")


@case
def oversized_bodies(arena):
    """More than anybody may send: refused as soon as it is known, and not kept."""
    before = arena.memory()
    piece, size = b"x" * (1 << 20), 60 << 20

    def declared():
        yield request("POST", f"/bot{TOKEN}/sendMessage", b"", JSON, length=size)
        for _ in range(size // len(piece)):
            yield piece

    def chunked():
        yield (f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n"
               "Transfer-Encoding: chunked\r\n\r\n").encode()
        for _ in range(size // len(piece)):
            yield b"%x\r\n%s\r\n" % (len(piece), piece)

    is_error(arena.send(declared()), 413, what="60 MiB declared")
    is_error(arena.send(chunked()), 413, what="60 MiB in chunks")
    absurd = request("POST", f"/bot{TOKEN}/sendMessage", b"{}", JSON, length=10**15)
    is_error(arena.send(absurd), 413, what="a petabyte declared")
    raw = request("POST", "/_ringback/v1/users", b"{}", JSON, length=10**12)
    is_control_error(arena.send(raw), "a terabyte for the control API")
    grown = arena.memory() - before
    expect(grown < 200, f"the server grew by {grown} MiB")


@case
def packed_body(arena):
    """A small body that unpacks into a huge one."""
    before = arena.memory()
    bomb = gzip.compress(b'{"text":"' + b"a" * (200 << 20))
    answer = arena.post("sendMessage", bomb, headers=["Content-Encoding: gzip"])
    is_error(answer, (400, 413, 415), what="a packed 200 MiB")
    grown = arena.memory() - before
    expect(grown < 200, f"the server grew by {grown} MiB")


@case
def wrong_types(arena):
    me = arena.control.call("POST", "/bots", {"username": "types_bot"})
    arena.control.say(arena.user, me["id"], "/start")
    chat = arena.user

    def post(method, **params):
        return arena.post(method, json.dumps(params).encode(), token=me["token"])

    for chat_id in ({}, [], "", None, True, "abc", 1e300, -(2**70), "@", [[1]]):
        is_error(post("sendMessage", chat_id=chat_id, text="x"), 400, what=f"chat_id {chat_id!r}")
    for text in ({}, [], None, "", " \n"):
        answer = post("sendMessage", chat_id=chat, text=text)
        # Whatever is no string is taken as its own JSON text, as the official server does.
        if not isinstance(text, str):
            expect(answer.status in (200, 400), f"text {text!r}: {answer.raw[:200]!r}")
        else:
            is_error(answer, 400, what=f"text {text!r}")
    is_error(post("sendMessage", chat_id=chat, text="x" * 4097), 400, "Bad Request: message is too long", "4097 characters")
    for markup, description in (
        ("not json", "Bad Request: can't parse reply keyboard markup JSON object"),
        ([], "Bad Request: object expected as reply markup"),
        (5, "Bad Request: object expected as reply markup"),
        ({"inline_keyboard": 5}, None),
        ({"inline_keyboard": [5]}, None),
        ({"inline_keyboard": [[5]]}, None),
        ({"inline_keyboard": [[{"text": "x"}]]}, None),
        ({"inline_keyboard": [[{"text": {}, "callback_data": "x"}]]}, None),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "я" * 33}]]}, "Bad Request: BUTTON_DATA_INVALID"),
    ):
        answer = post("sendMessage", chat_id=chat, text="x", reply_markup=markup)
        is_error(answer, 400, description, f"reply_markup {markup!r}")
    is_error(post("answerCallbackQuery", callback_query_id="not a number"), 400, what="a query id that is no number")
    is_error(post("answerCallbackQuery", callback_query_id="9" * 400), 400, what="a query id of 400 digits")
    is_error(post("editMessageText", chat_id=chat, message_id="abc", text="x"), 400, what="message_id abc")
    is_error(post("noSuchMethod"), 404, "Not Found: method not found", "a method that does not exist")
    # Numbers out of range are clamped, not refused.
    answer = post("getUpdates", offset="abc", limit=10**9, timeout=-5)
    expect_equal(answer.status, 200, "getUpdates with numbers out of range")

    for path, body in (
        ("/users", {"first_name": 5}), ("/users", {}), ("/users", []), ("/users", "x"), ("/users", None),
        ("/bots", {"username": {}}), ("/chats", {"type": "club", "title": "x", "members": []}),
        ("/chats", {"type": "group", "title": "x", "members": "everybody"}),
        ("/messages", {"from": "nobody", "chat": 1, "text": "x"}), ("/messages", {"from": arena.user, "chat": 10**30, "text": "x"}),
        ("/presses", {"from": arena.user, "chat": me["id"], "button": "ok"}),
        ("/presses", {"from": arena.user, "chat": me["id"], "button": {"row": -1, "column": 2**40}}),
        ("/clock/advance", {"by": "yesterday"}), ("/clock/advance", {"by": "-1s"}), ("/clock/advance", {"by": "9" * 30 + "s"}),
    ):
        raw = request("POST", "/_ringback/v1" + path, json.dumps(body).encode(), JSON)
        is_control_error(arena.send(raw), f"POST {path} {body!r}")
    is_control_error(arena.send(request("GET", "/_ringback/v1/nothing/here")), "an unknown path")
    is_control_error(arena.send(request("GET", "/_ringback/v1/presses/none-such")), "an unknown press")
    is_control_error(arena.send(request("GET", f"/_ringback/v1/messages?chat=abc&as={arena.user}")), "a chat that is no id")


@case
def invalid_utf8(arena):
    for what, body, content_type in (
        ("JSON", b'{"chat_id": 1, "text": "\xff\xfe"}', JSON),
        ("a form", b"chat_id=1&text=%FF%FE", FORM),
        ("multipart", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--x--\r\n', "multipart/form-data; boundary=x"),
    ):
        is_error(arena.post("sendMessage", body, content_type), 400, what=f"invalid UTF-8 in {what}")
    is_error(arena.send(request("GET", f"/bot{TOKEN}/sendMessage?chat_id=1&text=%FF%FE")), 400, what="in the query string")
    is_error(arena.send(request("GET", f"/bot{TOKEN}/get%FFMe")), 404, what="in the method's name")
    is_error(arena.send(request("GET", "/bot1%FF:abc/getMe")), (401, 404), what="in the token")
    is_refused(arena.send(request("GET", b"/bot\xff\xfe/getMe")), "as raw bytes of the path")
    raw = request("POST", "/_ringback/v1/users", b'{"first_name": "\xff"}', JSON)
    is_control_error(arena.send(raw), "in the control API's JSON")


@case
def tokens(arena):
    for token in ("abc", "123", "123:", ":abc", "abc:def", "-5:AAAAAAAA", "9" * 40 + ":AAAAAAAA", "1:" + "A" * 20_000, "1%3Aabc%2F..", "1: x"):
        answer = arena.send(request("GET", f"/bot{token.replace(' ', '%20')}/getMe"))
        is_error(answer, (401, 404), what=f"token {token[:40]!r}")
    is_error(arena.send(request("GET", "/botabc/getMe")), 401, "Unauthorized: invalid token specified", "token abc")
    for path in ("/bot", "/bot/", "/bot/getMe", f"/bot{TOKEN}", f"/bot{TOKEN}/"):
        is_error(arena.send(request("GET", path)), (401, 404), what=path)
    answer = arena.send(request("GET", f"/file/bot{TOKEN}/../../../../etc/passwd"))
    expect(answer.status is not None and 400 <= answer.status < 500, f"a path out of the folder: {answer.raw[:200]!r}")
    answer = arena.send(request("GET", f"/file/bot{TOKEN}/%2e%2e%2f%2e%2e%2fetc%2fpasswd"))
    expect(answer.status is not None and 400 <= answer.status < 500, f"the same, encoded: {answer.raw[:200]!r}")
    arena.control.settings(strict=True)
    try:
        is_error(arena.send(request("GET", "/bot700002:AAF-nobody-nobody-nobody-nobody-nob/getMe")), 401, "Unauthorized", "an unknown token")
    finally:
        arena.control.settings(strict=False)


@case
def bad_json(arena):
    deep = b"[" * 100_000
    for body in (b"{", b"[]", b'"x"', b"nul", b'{"chat_id": 1,}', b"{'chat_id': 1}", b'{"a":' + deep, deep,
                 b'{"text": "\\ud800"}', b'{"text": "\\x41"}', b'{"chat_id": 1e999999, "text": "x"}', b"\x00" * 100, b'{} {}'):
        is_error(arena.post("sendMessage", body), 400, what=f"{body[:30]!r}")
    markup = json.dumps({"chat_id": 1, "text": "x", "reply_markup": deep.decode()}).encode()
    is_error(arena.post("sendMessage", markup), 400, what="a deep reply_markup")
    for body in (b"{", b"", b"[]", deep):
        raw = request("POST", "/_ringback/v1/presses", body, JSON)
        is_control_error(arena.send(raw), f"control API {body[:30]!r}")


@case
def bad_multipart(arena):
    part = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhello'
    for what, body, content_type in (
        ("no boundary", part, "multipart/form-data"),
        ("an empty boundary", part, "multipart/form-data; boundary="),
        ("a boundary that never comes", part, "multipart/form-data; boundary=yyy"),
        ("no end", part, "multipart/form-data; boundary=x"),
        ("a part without a name", b"--x\r\nContent-Disposition: form-data\r\n\r\nhello\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        ("endless part headers", b"--x\r\n" + b"X-Filler: y\r\n" * 100_000, "multipart/form-data; boundary=x"),
        ("100,000 parts", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 100_000 + b"--x--\r\n", "multipart/form-data; boundary=x"),
    ):
        is_error(arena.post("sendMessage", body, content_type), (400, 413), what=what)


@case
def absurd_headers(arena):
    """HTTP itself is broken here, so any refusal will do; hanging or an internal error will not."""
    path = f"/bot{TOKEN}/getMe"
    for what, headers in (
        ("a header of 400 KiB", ["X-Filler: " + "y" * 400_000]),
        ("20,000 headers", [f"X-{n}: y" for n in range(20_000)]),
        ("a NUL", [b"X-Nul: a\x00b"]),
        ("no colon", ["this is no header"]),
        ("an empty name", [": x"]),
        ("two lengths", ["Content-Length: 1", "Content-Length: 2"]),
        ("a negative length", ["Content-Length: -1"]),
        ("a length of letters", ["Content-Length: many"]),
        ("a length beyond 64 bits", ["Content-Length: " + "9" * 30]),
        ("an unknown transfer encoding", ["Transfer-Encoding: pigeon"]),
        ("a bad chunk", ["Transfer-Encoding: chunked", "", "zz", "", ""]),
        ("a chunk beyond 64 bits", ["Transfer-Encoding: chunked", "", "f" * 30, "", ""]),
    ):
        method = "POST" if "hunk" in what or "transfer" in what else "GET"
        raw = request(method, path, headers=headers).replace(b"Content-Length: 0\r\n", b"", method == "POST")
        is_refused(arena.send(raw, hang_up=True), what)
    for raw in (b"BREW /bot HTTP/1.1\r\nHost: x\r\n\r\n", f"DELETE {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
                f"GET {path} HTTP/9.9\r\nHost: x\r\n\r\n".encode(), f"GET {path}\r\n\r\n".encode(),
                b"GET /" + b"a" * 400_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
                b"\x00" * 64, b"\xff" * 4096, bytes(range(256)) * 64, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
        is_refused(arena.send(raw, hang_up=True), f"{raw[:24]!r}")


@case
def half_requests(arena):
    """500 clients that begin a request and say no more."""
    idle = []
    try:
        for n in range(500):
            connection = connect(arena.address)
            connection.sendall((b"POST /bot1:AAF", b"GET /bot" + TOKEN.encode() + b"/getMe HTTP/1.1\r\nHost: x", b"",
                                request("POST", f"/bot{TOKEN}/sendMessage", b"{", JSON, length=100))[n % 4])
            idle.append(connection)
        for _ in range(20):
            arena.healthy.check("while 500 clients dawdle")
    finally:
        for connection in idle:
            connection.close()


@case
def ten_thousand_long_polls(arena):
    """Each of 10,000 bots waits for its updates; one that gets some is told at once, and nobody else is."""
    users = [arena.control.user(f"Poll{n}")["id"] for n in range(20)]
    selector = selectors.DefaultSelector()
    polls = {}
    before = arena.memory()
    begun = time.monotonic()
    try:
        for n in range(POLLS):
            connection = connect(arena.address)
            bot = 800_000_000 + n
            connection.sendall(request("GET", f"/bot{bot}:AAF-long-poll-long-poll-long-poll-long/getUpdates?timeout=50"))
            selector.register(connection, selectors.EVENT_READ, bot)
            polls[bot] = connection
            if n % 100 == 99:
                # A round trip through the same door: those before it are in. A faster client would only measure how
                # the kernel puts off whom the queue of the listener has no room for.
                arena.send(request("GET", f"/bot{TOKEN}/getMe"))
        opened = time.monotonic() - begun
        slowest = max(arena.healthy.check("during 10,000 long polls") for _ in range(20))
        expect(slowest < 5, f"a press took {slowest:.1f} s during 10,000 long polls")
        # A bot is made by its first use; that all of them exist says that all the polls have arrived.
        known = {bot["id"] for bot in arena.control.call("GET", "/bots")["bots"]}
        missing = [bot for bot in polls if bot not in known]
        expect(not missing, f"{len(missing)} polls have not arrived")
        expect(time.monotonic() - begun < 45, f"opening took {opened:.0f} s, too long to tell an early answer from the timeout's")
        early = [key.data for key, _ in selector.select(0)]
        expect_equal(early, [], "polls answered without an update")
        chosen = [800_000_000 + n * (POLLS // len(users)) for n in range(len(users))]
        for user, bot in zip(users, chosen):
            arena.control.say(user, bot, "wake up")
            answer = read_answer(polls[bot])
            expect_equal(answer.status, 200, "the poll's status")
            [update] = answer.json()["result"]
            expect_equal((update["message"]["text"], update["message"]["from"]["id"]), ("wake up", user), f"bot {bot}'s update")
        print(f"     {POLLS} polls opened in {opened:.1f} s, slowest press {slowest * 1000:.0f} ms, "
              f"{(arena.memory() - before) * 1024 / POLLS:.1f} KiB each")
    finally:
        selector.close()
        for connection in polls.values():
            connection.close()


def webhook_case(mode, failing):
    def body(arena):
        me = arena.control.bot(f"hook_{mode}_bot")
        hook, fine = Webhook(mode), Webhook("good")
        other = arena.control.bot(f"beside_{mode}_bot")
        api, other_api = BotApi(arena.control, me["token"]), BotApi(arena.control, other["token"])
        try:
            since = arena.journal.seq
            api.call("setWebhook", url=hook.url)
            other_api.call("setWebhook", url=fine.url)
            arena.control.say(arena.user, me["id"], "first")
            hook.wait(lambda h: h.seen >= 1, "first request")
            arena.healthy.check(f"with a webhook that does {mode}")
            arena.control.say(arena.user, other["id"], "beside")
            fine.wait(lambda h: [u["message"]["text"] for u in h.updates] == ["beside"], "update for the bot beside it")
            if failing:
                arena.journal.wait("webhook_failed", since, kind="webhook_failed", bot=me["id"])
                info = api.call("getWebhookInfo")
                expect(info.get("last_error_message"), f"no last_error_message in {info}")
                expect(info.get("last_error_date", 0) > 0, f"no last_error_date in {info}")
                expect_equal(info["pending_update_count"], 1, "pending_update_count")
                expect_equal(hook.updates, [], "updates taken")
                hook.mode = "good"
                # Longer than any pause between two tries, and far less than a message's 24 hours.
                arena.control.advance(130_000)
            hook.wait(lambda h: h.updates, "update that is taken in the end")
            expect_equal([u["message"]["text"] for u in hook.updates], ["first"], "updates taken")
            expect_equal(hook.strayed, 0, "requests for other paths (a redirect that was followed)")
            if not failing:
                arena.control.say(arena.user, me["id"], "second")
                hook.wait(lambda h: len(h.updates) == 2, "second update")
            api.call("deleteWebhook")
            other_api.call("deleteWebhook")
        finally:
            hook.close()
            fine.close()

    CASES[f"webhook-{mode.replace('_', '-')}"] = body


for mode in ("reset", "close", "redirect", "garbage", "error", "endless_headers"):
    webhook_case(mode, failing=True)
for mode in ("wrong_body", "unknown_method"):
    webhook_case(mode, failing=False)


@case
def webhook_hang(arena):
    """One user's update hangs in the webhook: another user's goes through, and the webhook can be taken away."""
    me = arena.control.bot("hook_hang_bot")
    api, hook = BotApi(arena.control, me["token"]), Webhook("hang")
    others = [arena.control.user(name)["id"] for name in ("Ida", "Jon")]
    try:
        api.call("setWebhook", url=hook.url)
        arena.control.say(arena.user, me["id"], "stuck")
        hook.wait(lambda h: h.seen == 1, "first request")
        for _ in range(5):
            arena.healthy.check("with a webhook that hangs")
        hook.mode = "good"
        for user in others:
            arena.control.say(user, me["id"], "free")
        hook.wait(lambda h: len(h.updates) == 2, "the other users' updates")
        arena.journal.until(lambda: api.call("getWebhookInfo")["pending_update_count"] == 1, "end of the other users' updates")
        expect_equal(sorted(u["message"]["from"]["id"] for u in hook.updates), sorted(others), "whose updates went through")
        expect_equal(api.call("deleteWebhook", patience=10), True, "deleteWebhook")
        pending = api.call("getUpdates", timeout=0)
        expect_equal([u["message"]["text"] for u in pending], ["stuck"], "what polling finds afterwards")
    finally:
        hook.close()


@case
def slow_events_reader(arena):
    """Somebody opens /events and never reads: everybody else goes on, the server's memory stays small, and the slow one
    gets every entry in the end, or is told what it missed, or loses the connection; it never gets them out of order."""
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.settimeout(60)
    slow.connect(arena.address)
    since = arena.journal.seq
    slow.sendall(request("GET", f"{Control.BASE}/events?since={since}", headers=["Accept: text/event-stream"]))
    me = arena.control.bot("chatty_bot")
    arena.control.say(arena.user, me["id"], "/start")
    api = BotApi(arena.control, me["token"])
    before = arena.memory()
    for n in range(3000):
        api.call("sendMessage", chat_id=arena.user, text=f"{n} " + "x" * 4000)
        if n % 500 == 0:
            arena.healthy.check("with a slow reader of /events")
    last = arena.control.events(arena.journal.seq - 1)[-1]["seq"]
    arena.journal.until(lambda: arena.journal.seq >= last, "the other reader's last entry")
    grown = arena.memory() - before
    expect(grown < 400, f"the server grew by {grown} MiB")
    raw = bytearray()
    with slow:
        try:
            while f"id: {last}\n".encode() not in raw[-20_000:]:
                more = slow.recv(1 << 20)
                if not more:
                    break
                raw += more
        except ConnectionResetError:
            pass
    entries = re.findall(rb"(?m)^id: (\d+)\r?\nevent: (\w+)\r?$", raw)
    expect(entries, f"the slow reader got nothing: {bytes(raw[:200])!r}")
    wanted = since + 1
    for seq, kind in entries:
        # What was too old to be kept is told of as a gap that ends with this number.
        expect(kind == b"gap" or int(seq) == wanted, f"the slow reader got {int(seq)} where {wanted} comes next")
        wanted = int(seq) + 1


def raise_file_limit(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= wanted


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target" / "debug" / "ringback")
    parser.add_argument("--only", action="append", choices=sorted(CASES), help="run just this case (may be given again)")
    parser.add_argument("--strict", action="store_true", default=bool(os.environ.get("CI")),
                        help="what cannot be tried here is a failure, not a skip (default where CI is set)")
    options = parser.parse_args()
    if not options.binary.exists():
        print(f"no server at {options.binary}; build it with `cargo build --package ringback-cli`", file=sys.stderr)
        return 2
    end_children_with_this_program()
    # The server inherits it.
    enough_files = raise_file_limit(POLLS + 1000)
    report = Report()
    with Server(options.binary.resolve()) as server:
        healthy = Healthy(server)
        arena = Arena(server, healthy)
        for name, body in CASES.items():
            if options.only and name not in options.only:
                continue
            if name == "ten-thousand-long-polls" and not enough_files:
                why = f"needs {POLLS + 1000} open files; raise the hard limit (ulimit -Hn)"
                (report.fail if options.strict else report.skip)(name, why)
                continue

            def whole(body=body):
                server.check_alive()
                healthy.check("before")
                body(arena)
                healthy.check("after")
                server.check_alive()

            report.run(name, whole, server.process.tail)
        healthy.stop()
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
