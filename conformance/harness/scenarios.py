"""What each counterpart has to live through. Everything is checked from outside, through the control API:
the presses' outcomes, the messages as people see them, and the journal for what caused what."""

import json
import signal

from .control import matches
from .report import Failure, expect, expect_equal

QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
SCENARIOS = {}
_LIBRARIES = {}


def scenario(function):
    SCENARIOS[function.__name__.replace("_", "-")] = function
    return function


def only(library):
    """For a scenario that asks for more than every library has."""
    def of(function):
        _LIBRARIES[function.__name__.replace("_", "-")] = library
        return scenario(function)
    return of


def suits(name, counterpart):
    """Whether a counterpart can go through the scenario of that name."""
    return counterpart.name.startswith(_LIBRARIES.get(name, ""))


class Stage:
    """One scenario's people, and its view of the server and the bot."""

    def __init__(self, server, bot, me, ann, ben, stranger):
        self.control, self.journal, self.bot = server.control, server.journal, bot
        self.me = me  # the bot, as the server knows it
        self.ann, self.ben, self.stranger = ann, ben, stranger
        self._server = server

    @property
    def via(self):
        return self.bot.counterpart.via

    def alive(self):
        self._server.check_alive()
        self.bot.check_alive()

    # What people do

    def say(self, user, text, chat=None):
        return self.control.say(user, chat or self.me["id"], text)

    def press(self, user, button, chat=None, **fields):
        return self.control.press(user, chat or self.me["id"], button, **fields)

    def press_and_go(self, user, button, chat=None, **fields):
        """A press that nobody waits for: its id."""
        press = self.press(user, button, chat, wait=False, **fields)
        expect("id" in press, f"the press was refused: {press}")
        return press["id"]

    def answered(self, user, button, chat=None, **fields):
        """A press that the bot has to answer: the answer."""
        press = self.press(user, button, chat, **fields)
        expect_equal(press.get("outcome"), "answered", f"outcome of the press {press}")
        expect(press.get("callback_query_id"), f"no callback_query_id in {press}")
        return press["answer"]

    def hold(self, user):
        """A press that the bot keeps unanswered until somebody writes /release; the bot has it when this returns."""
        before = self.now()
        press = self.press_and_go(user, "hold")
        self.wait("the bot's typing", before, kind="chat_action", **{"from": self.me["id"]})
        return press

    # What people see

    def messages(self, user, chat=None):
        return self.control.messages(user, chat or self.me["id"])

    def with_keyboard(self, user, text, chat=None):
        """The newest message with that text and a keyboard, as `user` sees it; waits for it."""
        def find():
            seen = self.messages(user, chat)
            return next((m for m in reversed(seen) if m.get("text") == text and "reply_markup" in m), None)
        return self.journal.until(find, f"message {text!r} with a keyboard", self.alive)

    def knob(self, user, chat=None):
        self.say(user, "/start", chat)
        return self.with_keyboard(user, "Volume: 50", chat)

    def panel(self, user, chat=None):
        self.say(user, "/menu", chat)
        return self.with_keyboard(user, "Menu", chat)

    def text_of(self, user, message_id, chat=None):
        found = [m for m in self.messages(user, chat) if m["message_id"] == message_id]
        return found[0].get("text") if found else None

    # What the journal tells

    def wait(self, what, since=0, alive=True, **fields):
        return self.journal.wait(what, since, self.alive if alive else None, **fields)

    def now(self):
        """The journal's newest seq, asked of the server itself."""
        events = self.control.events(self.journal.seq)
        return events[-1]["seq"] if events else self.journal.seq

    def happened(self, since, **fields):
        """Every such entry after `since`, asked of the server itself, so that none is still on its way."""
        return [entry for entry in self.control.events(since) if matches(entry, fields)]

    def delivered(self, press_id):
        return self.wait(f"delivery of press {press_id}", kind="update_delivered", press_id=press_id)

    def finished(self, press_id):
        self.wait(f"end of press {press_id}", kind="press_finished", press_id=press_id)
        return self.control.press_state(press_id)

    def answers_to(self, press_id):
        """The bot's answerCallbackQuery calls for a press, each with the server's response."""
        calls = [e for e in self.journal.entries()
                 if e["kind"] == "call" and e["method"].lower() == "answercallbackquery" and e.get("press_id") == press_id]
        pairs = []
        for call in calls:
            response = next((e for e in self.journal.entries() if e["kind"] == "response" and e["cause"] == call["seq"]), None)
            if response is not None:
                pairs.append((call, response))
        return pairs

    def responses(self, press_id, count):
        """The server's responses to the bot's answers, once there are that many."""
        return self.journal.until(
            lambda: [r for _, r in self.answers_to(press_id)][:count] if len(self.answers_to(press_id)) >= count else None,
            f"{count} responses to answerCallbackQuery", self.alive)

    def pass_the_timeout(self):
        self.control.advance(self.control.settings()["answer_timeout_ms"] + 1)

    def expect_timeout(self, press_id):
        press = self.finished(press_id)
        expect_equal(press["outcome"], "timeout", "outcome")
        expect("BOT_RESPONSE_TIMEOUT" in json.dumps(press.get("error")), f"no BOT_RESPONSE_TIMEOUT in {press}")
        expect("answer" not in press, f"an answer in a press that timed out: {press}")
        expect(not press.get("edited"), f"an edit that nobody made: {press}")


def toast(text):
    return {"text": text, "show_alert": False, "cache_time": 0}


def expect_answer(answer, **wanted):
    """The whole answer: what is not named has to be absent (or as empty as absent)."""
    shown = {"text": answer.get("text") or None, "show_alert": answer["show_alert"],
             "url": answer.get("url") or None, "cache_time": answer["cache_time"]}
    expect_equal(shown, {"text": None, "show_alert": False, "url": None, "cache_time": 0, **wanted}, "answer")


def expect_refusal(press, code):
    expect_equal(press.get("outcome"), "error", f"outcome of {press}")
    expect(code in json.dumps(press.get("error")), f"no {code} in {press}")


@scenario
def start(s):
    """/start brings the keyboard, as both sides see it."""
    before = s.now()
    s.say(s.ann, "/start")
    message = s.with_keyboard(s.ann, "Volume: 50")
    buttons = [[b["text"] for b in row] for row in message["reply_markup"]["inline_keyboard"]]
    expect_equal(buttons, [["up", "down"]], "keyboard")
    expect_equal(message["from"]["id"], s.me["id"], "the message's author")
    expect_equal(message["from"]["is_bot"], True, "the author's is_bot")
    sent = s.wait("the bot's message_sent", before, kind="message_sent", **{"from": s.me["id"]})
    kinds = [e["kind"] for e in s.journal.causes(sent)]
    expect_equal(kinds, ["call", "update_delivered", "update_queued", "message_sent"], "what led to the bot's message")
    chain = s.journal.causes(sent)
    expect_equal(chain[0]["method"].lower(), "sendmessage", "the call")
    expect_equal(chain[1]["via"], s.via, "the delivery's way")
    expect_equal(chain[3]["from"], s.ann, "who began it")


@scenario
def press(s):
    """A press, its update, its answer: one journey."""
    knob = s.knob(s.ann)
    press = s.press(s.ann, "up", message_id=knob["message_id"])
    expect_equal(press.get("outcome"), "answered", f"outcome of {press}")
    expect_answer(press["answer"], text="Volume: 60")
    expect(isinstance(press["callback_query_id"], str), "callback_query_id is not a string")
    expect(press["elapsed_ms"] >= 0, "elapsed_ms is missing")
    end = s.wait("the press's end", kind="press_finished", press_id=press["id"])
    chain = s.journal.causes(end)
    kinds = [e["kind"] for e in chain]
    expect_equal(kinds[-3:], ["update_delivered", "update_queued", "press"], "how the press began")
    answer = next((e for e in chain if e["kind"] == "call"), None)
    expect(answer is not None and answer["method"].lower() == "answercallbackquery", f"no answering call in {kinds}")
    expect_equal(answer["params"]["callback_query_id"], press["callback_query_id"], "the query it names")
    expect_equal(chain[-3]["via"], s.via, "the delivery's way")
    by_position = s.answered(s.ann, {"row": 0, "column": 1})
    expect_answer(by_position, text="Volume: 50")


@scenario
def alert(s):
    s.panel(s.ann)
    expect_answer(s.answered(s.ann, "alert"), text="An alert", show_alert=True)


@scenario
def url(s):
    s.panel(s.ann)
    expect_answer(s.answered(s.ann, "url"), url=f"https://t.me/{s.me['username']}?start=x")


@scenario
def empty(s):
    """An answer with nothing in it only ends the waiting."""
    s.panel(s.ann)
    expect_answer(s.answered(s.ann, "none"))


@scenario
def cache(s):
    """An answer with cache_time is given again without the bot, until its time is over."""
    s.panel(s.ann)
    expect_answer(s.answered(s.ann, "cache"), text="Cached", cache_time=30)
    before = s.now()
    again = s.press(s.ann, "cache")
    expect_equal(again.get("outcome"), "cached", f"outcome of {again}")
    expect_answer(again["answer"], text="Cached", cache_time=30)
    expect_equal(s.happened(before, kind="update_queued", bot=s.me["id"]), [], "updates of a press answered from the cache")
    expect_answer(s.answered(s.ann, "alert"), text="An alert", show_alert=True)
    s.control.advance(31_000)
    press = s.press(s.ann, "cache")
    expect_equal(press.get("outcome"), "answered", f"outcome after cache_time of {press}")
    s.delivered(press["id"])


@scenario
def no_answer(s):
    """Nobody answers: the press ends by itself, and the bot works on."""
    s.panel(s.ann)
    press = s.press_and_go(s.ann, "never")
    s.delivered(press)
    expect_equal(s.control.press_state(press)["outcome"], "pending", "outcome before the time is over")
    s.pass_the_timeout()
    s.expect_timeout(press)
    expect_answer(s.answered(s.ann, "alert"), text="An alert", show_alert=True)


@scenario
def edit_without_answer(s):
    """The bot edits and never answers: the press times out, marked so that clients show nothing wrong."""
    menu = s.panel(s.ann)
    press = s.press_and_go(s.ann, "mute", message_id=menu["message_id"])
    s.wait("the edit", kind="message_edited", **{"from": s.me["id"], "text": "Muted"})
    s.pass_the_timeout()
    end = s.finished(press)
    expect_equal(end["outcome"], "timeout", "outcome")
    expect_equal(end.get("edited"), True, "edited")
    expect_equal(s.text_of(s.ann, menu["message_id"]), "Muted", "text")


@scenario
def late_answer(s):
    """An answer after the time is over is refused, in Telegram's words."""
    s.panel(s.ann)
    press = s.hold(s.ann)
    s.pass_the_timeout()
    s.expect_timeout(press)
    s.say(s.ben, "/release")
    [response] = s.responses(press, 1)
    expect_equal(response["ok"], False, "ok")
    expect_equal(response["error_code"], 400, "error_code")
    expect_equal(response["description"], QUERY_TOO_OLD, "description")


@scenario
def double_answer_accepted(s):
    s.control.settings(second_answer="accept")
    s.panel(s.ann)
    before = s.now()
    press = s.press(s.ann, "twice")
    expect_equal(press.get("outcome"), "answered", f"outcome of {press}")
    expect_answer(press["answer"], text="first")
    first, second = s.responses(press["id"], 2)
    expect_equal((first["ok"], second["ok"]), (True, True), "ok of both")
    s.wait("a warning about the second answer", before, kind="warning")
    expect_answer(s.control.press_state(press["id"])["answer"], text="first")


@scenario
def double_answer_rejected(s):
    s.control.settings(second_answer="reject")
    s.panel(s.ann)
    press = s.press(s.ann, "twice")
    expect_equal(press.get("outcome"), "answered", f"outcome of {press}")
    expect_answer(press["answer"], text="first")
    first, second = s.responses(press["id"], 2)
    expect_equal((first["ok"], second["ok"]), (True, False), "ok of both")
    expect_equal(second["description"], QUERY_TOO_OLD, "description")


@scenario
def denied(s):
    """Somebody who is not allowed gets the bot's refusal, and nothing changes."""
    knob = s.knob(s.stranger)
    expect_answer(s.answered(s.stranger, "up"), text="Permission denied.")
    expect_equal(s.text_of(s.stranger, knob["message_id"]), "Volume: 50", "text")


@scenario
def foreign_data(s):
    """Data that is not this handler's: on a real button, made up, and forged."""
    s.panel(s.ann)
    press = s.press_and_go(s.ann, "foreign")
    s.delivered(press)
    s.pass_the_timeout()
    s.expect_timeout(press)

    before = s.now()
    expect_refusal(s.press(s.ann, {"data": "nothing like it"}), "DATA_INVALID")
    expect_equal(s.happened(before, kind="update_queued", bot=s.me["id"]), [], "updates of a refused press")

    press = s.press_and_go(s.ann, {"data": "nothing like it"}, forge=True)
    entry = s.wait("the forged press", kind="press", press_id=press)
    expect_equal((entry["data"], entry["forged"]), ("nothing like it", True), "the journal's data and forged")
    s.delivered(press)
    s.pass_the_timeout()
    s.expect_timeout(press)

    knob = s.knob(s.ann)
    forged = json.dumps({"type": "volume", "a": "alert"})
    answer = s.answered(s.ann, {"data": forged}, message_id=knob["message_id"], forge=True)
    expect_answer(answer, text="An alert", show_alert=True)


@scenario
def edit(s):
    """The message changes in place."""
    knob = s.knob(s.ann)
    count = len(s.messages(s.ann))
    expect_answer(s.answered(s.ann, "up"), text="Volume: 60")
    [message] = [m for m in s.messages(s.ann) if m["message_id"] == knob["message_id"]]
    expect_equal(message["text"], "Volume: 60", "text")
    expect(message.get("edit_date", 0) >= message["date"], f"no edit_date in {message}")
    expect_equal(message["reply_markup"], knob["reply_markup"], "keyboard")
    expect_equal(len(s.messages(s.ann)), count, "number of messages")


@scenario
def edit_not_modified(s):
    """An edit that changes nothing is an error that the library knows."""
    menu = s.panel(s.ann)
    expect_answer(s.answered(s.ann, "same"), text=NOT_MODIFIED)
    [message] = [m for m in s.messages(s.ann) if m["message_id"] == menu["message_id"]]
    expect("edit_date" not in message, f"an edit_date in {message}")


@scenario
def delete(s):
    """A message that the bot deletes is gone for everybody."""
    menu = s.panel(s.ann)
    expect_answer(s.answered(s.ann, "delete", message_id=menu["message_id"]), text="deleted")
    expect_equal(s.text_of(s.ann, menu["message_id"]), None, "text of the deleted message")
    gone = s.press(s.ann, {"data": json.dumps({"type": "volume", "a": "alert"}, separators=(",", ":"))},
                   message_id=menu["message_id"])
    expect_refusal(gone, "MESSAGE_ID_INVALID")


def restart(s, sig):
    knob = s.knob(s.ann)
    s.knob(s.ben)
    # The presses wait as long as it takes the bot to start again.
    s.control.settings(answer_timeout_ms=120_000)
    s.bot.stop(sig)
    first = s.press_and_go(s.ann, "up", message_id=knob["message_id"])
    second = s.press_and_go(s.ben, "down")
    for press in (first, second):
        expect_equal(s.control.press_state(press)["outcome"], "pending", "outcome while the bot is away")
    s.bot.start()
    for press, text in ((first, "Volume: 60"), (second, "Volume: 40")):
        end = s.finished(press)
        expect_equal(end["outcome"], "answered", f"outcome of {end}")
        expect_answer(end["answer"], text=text)
    expect_equal(s.text_of(s.ann, knob["message_id"]), "Volume: 60", "text")


@scenario
def restart_after_sigterm(s):
    """Presses made while the bot is away wait for it."""
    restart(s, signal.SIGTERM)


@scenario
def restart_after_sigkill(s):
    """The same when it had no time to say goodbye."""
    restart(s, signal.SIGKILL)


@scenario
def two_users(s):
    """One user's long wait is not another's."""
    s.panel(s.ann)
    s.knob(s.ben)
    held = s.hold(s.ann)
    expect_answer(s.answered(s.ben, "up"), text="Volume: 60")
    expect_equal(s.control.press_state(held)["outcome"], "pending", "the held press")
    s.say(s.ben, "/release")
    end = s.finished(held)
    expect_equal(end["outcome"], "answered", f"outcome of {end}")
    expect_answer(end["answer"], text="held")


@scenario
def order(s):
    """Presses of one user reach the bot in their order, whoever else presses in between."""
    s.knob(s.ann)
    s.knob(s.ben)
    mine, all_of_them = [], []
    for button in ("up", "up", "down", "up", "up"):
        mine.append(s.press_and_go(s.ann, button))
        all_of_them += [mine[-1], s.press_and_go(s.ben, button)]
    for press in all_of_them:
        end = s.finished(press)
        expect_equal(end["outcome"], "answered", f"outcome of {end}")
    deliveries = [e for e in s.journal.entries() if e["kind"] == "update_delivered" and e.get("press_id") in mine]
    expect_equal([e["press_id"] for e in deliveries], mine, "Ann's presses as delivered")
    updates = [e["update_id"] for e in deliveries]
    expect_equal(updates, sorted(set(updates)), "their update ids")
    if s.via == "webhook":
        ends = {e["press_id"]: e["seq"] for e in s.journal.entries() if e["kind"] == "answered" and e["press_id"] in mine}
        for earlier, later in zip(deliveries, deliveries[1:]):
            if later["seq"] < ends[earlier["press_id"]]:
                raise Failure("a webhook got a user's next press before it had answered the one before")


@scenario
def group(s):
    """In a group everybody presses the same message and sees the same edit; an answer is the presser's alone."""
    chat = s.control.call("POST", "/chats", {
        "type": "supergroup", "title": "Band", "members": [s.ann, s.ben, s.stranger, s.me["id"]],
    })["id"]
    s.say(s.ann, f"/start@{s.me['username']}", chat)
    mine = s.with_keyboard(s.ann, "Volume: 50", chat)
    theirs = s.with_keyboard(s.ben, "Volume: 50", chat)
    expect_answer(s.answered(s.ann, "up", chat, message_id=mine["message_id"]), text="Volume: 60")
    expect_answer(s.answered(s.ben, "up", chat, message_id=theirs["message_id"]), text="Volume: 70")
    expect_answer(s.answered(s.stranger, "down", chat), text="Permission denied.")
    for user, message in ((s.ann, mine), (s.ben, theirs)):
        expect_equal(s.text_of(user, message["message_id"], chat), "Volume: 70", "text")


@only("aiogram")
def photo_menu(s):
    """A picture whose buttons put others in its place: uploaded ones, one the server has, and a file."""
    s.say(s.ann, "/photos")

    def shown():
        return next((m for m in reversed(s.messages(s.ann)) if "photo" in m), None)
    first = s.journal.until(shown, "a picture", s.alive)
    expect_equal((first["caption"], first["photo"][0]["width"]), ("Picture 1", 1), "the first picture")

    def turn(button, said):
        expect_answer(s.answered(s.ann, button, message_id=first["message_id"]), text=said)
        return next(m for m in s.messages(s.ann) if m["message_id"] == first["message_id"])

    second = turn("next", "Picture 2")
    expect_equal((second["caption"], second["photo"][0]["width"]), ("Picture 2", 2), "the second picture")
    expect("edit_date" in second, "edit_date is missing")
    back = turn("first", "Picture 1")
    expect_equal(back["photo"], first["photo"], "the first picture again")
    turn("first", NOT_MODIFIED.removeprefix("Bad Request: "))
    document = turn("file", "A file")
    expect_equal(document["document"]["file_name"], "picture.txt", "the file's name")
    expect("photo" not in document, "the picture is still there")
