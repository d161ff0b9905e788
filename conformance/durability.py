#!/usr/bin/env python3
"""`ringback dev --db FILE`, killed again and again: nothing that was acknowledged may be lost.

Needs nothing but Python and the binary. Only loopback is ever talked to.
"""

import argparse
import json
import signal
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

from harness.processes import end_children_with_this_program
from harness.report import Report, expect, expect_equal
from harness.server import ROOT, Server, clean_environment

TOKEN = "7111:durable"
BUTTON = {"inline_keyboard": [[{"text": "press", "callback_data": "go"}]]}


def call(server, method, **params):
    """A Bot API call: its result, or the whole envelope of an error."""
    request = urllib.request.Request(
        f"{server.url}/bot{TOKEN}/{method}", json.dumps(params).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["result"]
    except urllib.error.HTTPError as error:
        return json.load(error)


def multipart(server, method, fields, name, content):
    boundary = "durability"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
             for key, value in fields.items()]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="x.bin"\r\n\r\n'.encode())
    body = b"".join(parts) + content + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(f"{server.url}/bot{TOKEN}/{method}", body,
                                     {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["result"]


class Case:
    def __init__(self, binary):
        self.binary = binary
        self.folder = Path(tempfile.mkdtemp(prefix="ringback-durability-"))
        self.file = self.folder / "world.db"

    def start(self):
        return Server(self.binary, "--db", self.file)

    def kill(self, server):
        server.process.stop(signal.SIGKILL)
        server.__exit__()

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def acknowledged_messages(case):
    """Three people write at once; the server is killed in the middle, five times over."""
    server = case.start()
    people = [server.control.user(name)["id"] for name in ("Ann", "Ben", "Cid", "Dan")]
    reader, writers = people[0], people[1:]
    acknowledged = {writer: [] for writer in writers}
    for round_number in range(5):
        enough, gone = threading.Event(), threading.Event()

        def write(writer):
            while not gone.is_set():
                text = f"{writer} {len(acknowledged[writer])}"
                try:
                    server.control.say(writer, reader, text)
                except Exception:
                    return  # killed: whether this one was taken is open
                acknowledged[writer].append(text)
                if sum(map(len, acknowledged.values())) >= (round_number + 1) * 30:
                    enough.set()

        threads = [threading.Thread(target=write, args=(writer,)) for writer in writers]
        for thread in threads:
            thread.start()
        expect(enough.wait(60), "the writers got nowhere")
        server.process.stop(signal.SIGKILL)
        gone.set()
        for thread in threads:
            thread.join()
        case.kill(server)
        server = case.start()
        for writer in writers:
            seen = [message["text"] for message in server.control.messages(reader, writer)]
            lost = [text for text in acknowledged[writer] if text not in seen]
            expect_equal(lost, [], f"lost in round {round_number}")
            # What was under way at the kill may be there too, unacknowledged: go on from what is there.
            acknowledged[writer] = list(dict.fromkeys(seen))
    server.__exit__()


def presses_and_updates(case):
    """A press waits over a kill and is answered after it; what was confirmed does not come again; files stay."""
    server = case.start()
    ann = server.control.user("Ann")["id"]
    me = call(server, "getMe")
    server.control.say(ann, me["id"], "/start")
    [first] = call(server, "getUpdates")
    call(server, "sendMessage", chat_id=ann, text="a button", reply_markup=BUTTON)
    content = bytes(range(256)) * 100
    document = multipart(server, "sendDocument", {"chat_id": ann}, "document", content)["document"]
    expect_equal(call(server, "getUpdates", offset=first["update_id"] + 1), [], "updates after confirming")
    press = server.control.press(ann, me["id"], {"text": "press"}, wait=False)
    case.kill(server)

    server = case.start()
    updates = call(server, "getUpdates")
    expect_equal([list(update)[1] for update in updates], ["callback_query"], "what waits")
    expect_equal(updates[0]["update_id"], first["update_id"] + 1, "update id")
    query = updates[0]["callback_query"]
    expect_equal(query["data"], "go", "data")
    expect_equal(call(server, "answerCallbackQuery", callback_query_id=query["id"], text="late but there"), True, "answer")
    ended = server.control.press_state(press["id"])
    expect_equal((ended["outcome"], ended["answer"]["text"]), ("answered", "late but there"), "outcome")
    path = call(server, "getFile", file_id=document["file_id"])["file_path"]
    with urllib.request.urlopen(f"{server.url}/file/bot{TOKEN}/{path}", timeout=60) as response:
        expect_equal(response.read(), content, "the file's bytes")
    case.kill(server)

    server = case.start()
    expect_equal(call(server, "answerCallbackQuery", callback_query_id=query["id"]), True, "a second answer, after another kill")
    expect_equal(server.control.press_state(press["id"])["outcome"], "answered", "outcome")
    server.__exit__()


def webhooks(case):
    """A webhook and its settings survive."""
    server = case.start()
    call(server, "setWebhook", url="http://127.0.0.1:9/hook", max_connections=3, allowed_updates=["callback_query"])
    case.kill(server)
    server = case.start()
    info = call(server, "getWebhookInfo")
    expect_equal((info["url"], info["max_connections"], info["allowed_updates"]), ("http://127.0.0.1:9/hook", 3, ["callback_query"]), "webhook")
    server.__exit__()


def files_that_are_none(case):
    """A file that is no world, and one that another server has open: a clear error, and exit code 1."""
    def refused(path):
        result = subprocess.run([case.binary, "dev", "--port", "0", "--db", path], capture_output=True, text=True,
                                env=clean_environment(), timeout=60)
        expect_equal(result.returncode, 1, "exit code")
        expect(str(path) in result.stderr and "panicked" not in result.stderr, result.stderr)

    garbage = case.folder / "garbage"
    garbage.write_bytes(b"this is no world" * 1000)
    refused(garbage)
    refused(case.folder)
    server = case.start()
    refused(case.file)
    server.__exit__()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=ROOT / "target/debug/ringback")
    parser.add_argument("--strict", action="store_true", help="taken for the sake of its siblings: nothing is skipped here")
    binary = parser.parse_args().binary
    end_children_with_this_program()
    report = Report()
    for body in (acknowledged_messages, presses_and_updates, webhooks, files_that_are_none):
        case = Case(binary)
        report.run(body.__name__.replace("_", "-"), lambda: body(case))
        case.close()
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
