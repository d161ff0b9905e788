"""What is tried with MTProto libraries. A scenario gets a stage, or (where it says so) the server's binary."""

import mtproto_chats

from .counterparts import COUNTERPARTS, Bot, free_port
from .mtproto_stage import Stage, finish, wait_step
from .report import expect, expect_equal


def user(stage, library, transport):
    """A login with code and password, and everything a user does, while the bot is on the Bot API."""
    stage.start_echo()
    finish(stage.program(library, "user", transport))


def session(stage, library):
    """A ready-made session does the same."""
    stage.start_echo()
    finish(stage.program(library, "session", SESSION=stage.session(library)))


def bot(stage, library, transport="full"):
    """A bot that is on MTProto alone: presses of the control API reach it, and its answers the presser."""
    process = stage.program(library, "bot", transport, COUNT=3)
    try:
        wait_step(process, "ready")
        since = stage.control.say(stage.user["id"], stage.bot["id"], "hi")["message_id"]
        for _ in range(3):
            press = stage.control.press(stage.user["id"], stage.bot["id"], "press")
            expect_equal(press["outcome"], "answered", "the outcome of the press")
            expect_equal(press["answer"]["text"], "bot says press", "the answer")
            expect_equal(press["answer"]["show_alert"], True, "show_alert")
        delivered = [entry for entry in stage.server.journal.entries() if entry.get("via") == "mtproto"]
        expect(delivered, "no update was delivered over MTProto, by the journal")
        texts = [message.get("text") for message in stage.control.messages(stage.user["id"], stage.bot["id"])
                 if message["message_id"] > since]
        expect("edited: hi" in texts, f"the bot's edit did not arrive: {texts}")
    finally:
        finish(process)


def pair(stage, presser, answerer):
    """A user on one library presses a button of a bot on another."""
    answering = stage.program(answerer, "bot", COUNT=1)
    try:
        wait_step(answering, "ready")
        finish(stage.program(presser, "press", SESSION=stage.session(presser)))
    finally:
        finish(answering)


def restart(binary, library):
    """With `--db`, a session made before a crash presses after it, and the server's key is the same."""
    stage = Stage(binary, "--db", "world.redb")
    try:
        stage.start_echo()
        ready = stage.session(library)
        finish(stage.program(library, "press", SESSION=ready))
        key = stage.control.call("GET", "/mtproto")["public_key_pem"]
        stage.echo.stop()
        stage.kill()
        stage.start_again(stage.port)
        expect_equal(stage.control.call("GET", "/mtproto")["public_key_pem"], key, "the server's key")
        stage.start_echo()
        finish(stage.program(library, "press", SESSION=ready))
    finally:
        stage.close()


def stays(binary, library):
    """A client stays while the server crashes and comes back; what was sent meanwhile, it gets."""
    stage = Stage(binary, "--db", "world.redb")
    go = stage.server.folder / "go"
    friend = stage.control.user("Fred")["id"]

    def say(text):
        stage.control.say(friend, stage.user["id"], text)

    try:
        process = stage.program(library, "stays", SESSION=stage.session(library), GO=go)
        wait_step(process, "ready")
        say("before")
        wait_step(process, "before")
        if library.name == "gramjs":
            wait_step(process, "counted")
        stage.kill()
        # Where the client does not look, so that it is surely away.
        stage.start_again(free_port())
        say("while you were away")
        stage.kill()
        stage.start_again(stage.port)
        go.touch()
        wait_step(process, "connected again")
        say("after")
        finish(process)
    finally:
        stage.close()


def errors(stage, library):
    """Every error that a press can have, each under its condition."""
    stage.start_echo()
    keyboard = {"inline_keyboard": [[{"text": "press", "callback_data": "press"}]]}
    owner = stage.control.user("Olaf")
    members = [owner["id"], stage.user["id"], stage.bot["id"]]
    stage.control.call("POST", "/chats", {
        "type": "supergroup", "title": "Left", "username": "left_behind", "members": members})
    sent = stage.control.call("POST", "/messages", {
        "from": stage.bot["id"], "chat": "@left_behind", "text": "Menu", "reply_markup": keyboard})
    stage.control.call("DELETE", f"/chats/@left_behind/members/{stage.user['id']}")
    finish(stage.program(library, "errors", SESSION=stage.session(library),
                         LEFT="left_behind", LEFT_MESSAGE=sent["message_id"]))


def two(stage, user_library, user_side, bot_library, bot_side):
    """A user and a bot, each on MTProto, meet."""
    answering = stage.program(bot_library, bot_side)
    try:
        wait_step(answering, "ready")
        finish(stage.program(user_library, user_side, SESSION=stage.session(user_library)))
    finally:
        finish(answering)


def game(stage, player, bot):
    two(stage, player, "player", bot, "game-bot")


def inline(stage, asker, bot):
    two(stage, asker, "asker", bot, "inline-bot")


def bot_api_game(stage, library):
    """The same with a bot on the Bot API."""
    stage.start_echo()
    finish(stage.program(library, "player", SESSION=stage.session(library), AGAIN=1))


def bot_api_inline(stage, library):
    """The same with a bot on the Bot API."""
    stage.start_echo()
    finish(stage.program(library, "asker", SESSION=stage.session(library)))


def profile(stage, user, bot):
    """What a bot says about itself, its users see, and the Bot API too."""
    finish(stage.program(bot, "profile-bot"))
    finish(stage.program(user, "profile", SESSION=stage.session(user)))
    calls = [entry for entry in stage.server.journal.entries() if entry.get("method") == "bots.setBotCommands"]
    names = [[command["command"] for command in call["params"]["commands"]] for call in calls]
    expect_equal(names, [["start"], ["knob"], ["Not A Name"]], "the commands in the journal")


def watch(stage, library):
    """An aiogram bot's answers and edits show in a user client."""
    counterpart = COUNTERPARTS[0]
    missing = counterpart.missing()
    expect(not missing, missing)
    bot = Bot(counterpart, stage.server.url, stage.bot["token"], "mtproto_test_bot", [stage.user["id"]])
    bot.start()
    try:
        finish(stage.program(library, "watch", SESSION=stage.session(library)))
    finally:
        bot.stop()


def scenarios(libraries):
    """(name, libraries, what to run, whether with a server of its own)"""
    for library in libraries:
        name = library.name
        for transport in library.transports:
            yield f"{name}:user-{transport}", [library], lambda s, l=library, t=transport: user(s, l, t), False
        alone = [session, bot, errors, bot_api_game, bot_api_inline, watch]
        for run in alone:
            label = run.__name__.replace("_", "-")
            yield f"{name}:{label}", [library], lambda s, l=library, run=run: run(s, l), False
        for run in (restart, stays):
            yield f"{name}:{run.__name__}", [library], lambda binary, l=library, run=run: run(binary, l), True
    for one in libraries:
        for other in libraries:
            for label, run in (("presses", pair), ("plays", game), ("asks", inline), ("looks-at", profile)):
                name = f"{one.name}:{label}-{other.name}"
                yield name, [one, other], lambda s, a=one, b=other, run=run: run(s, a, b), False
    for name, needed, run in mtproto_chats.scenarios(libraries, finish):
        yield name, needed, run, False
