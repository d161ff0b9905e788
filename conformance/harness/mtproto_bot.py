"""A small bot on the Bot API, standard library only: it answers what the MTProto clients press."""

import json
import threading
import time
import urllib.error
import urllib.request

KEYBOARD = [
    [{"text": "press", "callback_data": "press"},
     {"text": "xfer", "callback_data": "xfer", "requires_password": True}],
    [{"text": "never", "callback_data": "never"}, {"text": "flood", "callback_data": "flood"}],
    [{"text": "alert", "callback_data": "alert"}, {"text": "url", "callback_data": "url"},
     {"text": "cache", "callback_data": "cache"}, {"text": "slow", "callback_data": "slow"}],
]


def counter(count):
    return {"inline_keyboard": [[{"text": f"{count} +1", "callback_data": "more"}]]}


class EchoBot:
    """Repeats what it is told and edits that; answers presses by their data."""

    def __init__(self, url, token, username):
        self.base = f"{url}/bot{token}/"
        self.username = username
        self.stopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def call(self, method, **fields):
        request = urllib.request.Request(
            self.base + method, json.dumps(fields).encode(), {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as response:
            return json.load(response)["result"]

    def run(self):
        offset = 0
        while not self.stopping:
            try:
                for update in self.call("getUpdates", offset=offset, timeout=20):
                    offset = update["update_id"] + 1
                    self.handle(update)
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)

    def handle(self, update):
        message = update.get("message")
        if message and message.get("text") == "/game":
            self.call("sendGame", chat_id=message["chat"]["id"], game_short_name="snake")
        elif message and "text" in message and "via_bot" not in message:
            chat = message["chat"]["id"]
            sent = self.call("sendMessage", chat_id=chat, text="echo: " + message["text"])
            self.call("editMessageText", chat_id=chat, message_id=sent["message_id"],
                      text="edited: " + message["text"])
        if "inline_query" in update:
            self.offer(update["inline_query"])
        query = update.get("callback_query")
        if not query:
            return
        if "game_short_name" in query:
            return self.play(query)
        if "inline_message_id" in query:
            self.call("editMessageText", inline_message_id=query["inline_message_id"], text="Count: 1", reply_markup=counter(1))
            self.call("answerCallbackQuery", callback_query_id=query["id"], text="counted")
            return
        data = query.get("data")
        answer = {
            "press": {"text": "bot says press"},
            "xfer": {"text": "bot says xfer"},
            "alert": {"text": "bot says alert", "show_alert": True},
            "url": {"url": f"https://t.me/{self.username}?start=x"},
            "cache": {"text": "bot says cache", "cache_time": 30},
            "slow": {"text": "bot says slow"},
        }.get(data)
        if data == "slow":
            time.sleep(1)
        if answer is not None:
            self.call("answerCallbackQuery", callback_query_id=query["id"], **answer)

    def play(self, query):
        """Opens the game; the player scores at once."""
        self.call("answerCallbackQuery", callback_query_id=query["id"], url="https://example.org/snake")
        message = query["message"]
        where = {"chat_id": message["chat"]["id"], "message_id": message["message_id"], "user_id": query["from"]["id"]}
        scores = self.call("getGameHighScores", **where)
        if not scores:
            self.call("setGameScore", score=7, **where)

    def offer(self, query):
        """A counter, to be sent anywhere."""
        article = {
            "type": "article", "id": "counter", "title": "Counter", "description": "Counts",
            "input_message_content": {"message_text": "Count: 0"}, "reply_markup": counter(0),
        }
        self.call("answerInlineQuery", inline_query_id=query["id"], results=[article], cache_time=5,
                  button={"text": "Settings", "start_parameter": "set"})

    def stop(self):
        self.stopping = True
