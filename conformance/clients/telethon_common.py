"""What the parts of the Telethon program share."""

import json
import os
import urllib.request

from telethon import errors, functions
from telethon import password as srp

failures = 0


def say(step, ok=True, **fields):
    """One step, told as one JSON object."""
    global failures
    failures += not ok
    print(json.dumps({"client": "telethon", "step": step, "ok": bool(ok), **fields}, default=str), flush=True)


def control(method, path, body=None):
    """The server's control API, for what neither a user nor a bot can do."""
    request = urllib.request.Request(os.environ["CONTROL"] + path, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as response:
        return json.load(response)


def faults(*rules):
    control("PUT", "/faults", {"faults": list(rules)})


async def refused(step, call, name, **also):
    """The call must fail, with an error of this class."""
    try:
        answer = await call
    except errors.RPCError as error:
        fits = type(error).__name__ == name and all(getattr(error, key) == value for key, value in also.items())
        say(step, fits, error=type(error).__name__, code=error.code, text=str(error))
    else:
        say(step, False, answer=answer)


async def proof(client, word):
    """The SRP proof of a password."""
    return srp.compute_check(await client(functions.account.GetPasswordRequest()), word)
