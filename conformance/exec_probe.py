#!/usr/bin/env python3
"""What `ringback exec` runs in its conformance test: starts botgram as it is, presses its button, exits with 7.

Everything it knows, it knows from the environment that `exec` gives a program.
"""

import os
import sys

from harness.control import Control, Journal
from harness.counterparts import BOTS
from harness.processes import Process, end_children_with_this_program
from harness.report import expect, expect_equal

HELD = 7  # an exit code of its own, to see that it is passed on


def main():
    end_children_with_this_program()
    url, token = os.environ["RINGBACK_URL"], os.environ["BOT_TOKEN"]
    expect_equal(os.environ["API_BASE"], url, "API_BASE")
    control = Control(url)
    journal = Journal(control)
    [me] = [bot for bot in control.call("GET", "/bots")["bots"] if bot["token"] == token]
    ann = control.user("Ann")["id"]
    bot = Process(["node", BOTS / "bot_botgram.cjs"],
                  env={**os.environ, "TOKEN": token, "ALLOWED": str(ann), "BOT_USERNAME": me["username"]})

    def alive():
        expect(bot.alive(), f"the bot ended: {bot.tail()}")

    try:
        control.say(ann, me["id"], "/start")
        journal.wait("the bot's keyboard", alive=alive, kind="message_sent", **{"from": me["id"]})
        press = control.press(ann, me["id"], "up")
        expect_equal((press.get("outcome"), press.get("answer", {}).get("text")), ("answered", "Volume: 60"), f"the press {press}")
    except AssertionError as error:
        print(f"{error}\n{bot.tail()}", file=sys.stderr)
        return 1
    finally:
        bot.stop()
    return HELD


if __name__ == "__main__":
    sys.exit(main())
