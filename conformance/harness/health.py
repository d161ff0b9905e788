"""A bot and its user who only want to get on with it: as long as their presses are answered, nobody is harmed."""

import http.client
import json
import threading
import time

from .report import expect, expect_equal


class BotApi:
    """A bot's calls, as JSON."""

    def __init__(self, control, token):
        self._http, self._token = control.http, token

    def call(self, method, patience=90, **params):
        status, _, raw = self._http.request(
            "POST", f"/bot{self._token}/{method}", json.dumps(params).encode(),
            {"Content-Type": "application/json"}, patience)
        answer = json.loads(raw)
        if not answer.get("ok"):
            raise AssertionError(f"{method}: HTTP {status} {answer}")
        return answer["result"]


class Healthy:
    """Answers every press with "ok", over long polling."""

    def __init__(self, server, username="healthy_bot"):
        self.control = server.control
        self.me = self.control.bot(username)
        self.user = self.control.user("Hale")["id"]
        self.api = BotApi(self.control, self.me["token"])
        self._stopped = threading.Event()
        self._error = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.control.say(self.user, self.me["id"], "/start")
        server.journal.wait("the healthy bot's keyboard", kind="message_sent", **{"from": self.me["id"]})

    def _run(self):
        offset = 0
        try:
            while not self._stopped.is_set():
                for update in self.api.call("getUpdates", offset=offset, timeout=1):
                    offset = update["update_id"] + 1
                    if "callback_query" in update:
                        self.api.call("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="ok")
                    elif "message" in update:
                        self.api.call("sendMessage", chat_id=update["message"]["chat"]["id"], text="Press",
                                      reply_markup={"inline_keyboard": [[{"text": "ok", "callback_data": "ok"}]]})
        except (AssertionError, OSError, http.client.HTTPException, ValueError) as error:
            self._error = error

    def check(self, when):
        """One round trip; its time in seconds."""
        begun = time.monotonic()
        press = self.control.press(self.user, self.me["id"], "ok")
        expect(self._error is None, f"{when}: the healthy bot failed: {self._error}")
        expect_equal(press.get("outcome"), "answered", f"{when}: a healthy press {press}")
        expect_equal(press["answer"].get("text"), "ok", f"{when}: its answer")
        return time.monotonic() - begun

    def stop(self):
        self._stopped.set()
        self._thread.join(10)
