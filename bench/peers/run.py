#!/usr/bin/env python3
"""Builds what is missing, runs every bot under the presser, and prints the tables. See README.md; standard library only."""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULTS = HERE.parent / "results"

MODES = {
    "poll": (["--mode", "poll"], "Polling, as fast as it can"),
    "webhook": (["--mode", "webhook", "--connections", "40"], "Webhook, 40 connections"),
    "poll-latency": (["--mode", "poll-latency", "--presses", "1500"], "Polling, one press at a time"),
    "webhook-latency": (["--mode", "webhook-latency", "--presses", "1500"], "Webhook, one press at a time"),
    "rtt": (["--mode", "poll", "--delay-ms", "30"], "Polling, the API 30 ms away"),
    "hot": (["--mode", "poll", "--delay-ms", "30", "--chats", "1"], "The same, all presses one person's, in one chat"),
}
# Slow ones must end, too.
FEW = {"rtt": 300, "hot": 300}
# With the API far away, 300 presses are gone before anything is steady: the fast ones get more.
MANY = {"rtt": 10_000, "hot": 10_000}


def bots():
    return tomllib.loads((HERE / "bots.toml").read_text())["bot"]


def build(wanted):
    """What the wanted bots need and is not there."""
    def run(*command, cwd=HERE):
        subprocess.run(command, cwd=cwd, check=True)

    run("cargo", "build", "--profile", "dist", "-p", "bench-presser", "-p", "bench-ringback", "--bins", cwd=ROOT)
    for bot in wanted:
        program = bot["command"][0]
        if found := re.fullmatch(r"rust/target/(\w+)/(peer-\w+)", program):
            # One at a time: together they would share features.
            run("cargo", "build", "--quiet", "--locked", "--profile", found[1], "-p", found[2], cwd=HERE / "rust")
        elif program == "node" and not (HERE / "node/node_modules").exists():
            run("npm", "ci", "--no-audit", "--no-fund", cwd=HERE / "node")
        elif program.startswith("python/") and not (HERE / program).exists():
            run(sys.executable, "-m", "venv", "python/.venv")
            run("python/.venv/bin/pip", "install", "--quiet", "-r", "python/requirements.txt")


def busy():
    """Seconds of processor time that this machine has used."""
    fields = [int(field) for field in open("/proc/stat").readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet(load, patience):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        before, start = busy(), time.monotonic()
        time.sleep(0.25)
        if (busy() - before) / (time.monotonic() - start) < load:
            return


def measure(bot, mode, options):
    presses = options.presses or (MANY if bot["name"].startswith(("limit", "ringback")) else FEW).get(mode, bot["presses"])
    arguments = MODES[mode][0]
    if "--presses" not in arguments:
        arguments = [*arguments, "--presses", str(presses)]
    command = [str(ROOT / "target/dist/bench-presser"), *arguments, "--name", bot["name"], "--", *bot["command"]]
    environment = {**os.environ, **bot.get("environment", {})}
    for attempt in range(3):
        wait_for_quiet(options.quiet, 10)
        done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, timeout=300)
        if not done.stdout.strip():
            return {"name": bot["name"], "mode": mode, "error": done.stderr.strip()[-300:] or "no report"}
        report = {"mode": mode, **json.loads(done.stdout)}
        if report["other_load"] < options.quiet + 0.2:
            break
    return report


def number(value, digits=0):
    return f"{value:,.{digits}f}"


def duration(micros):
    return f"{micros / 1000:.1f} ms" if micros >= 1000 else f"{micros:.0f} µs"


def faults(runs):
    kinds = ("missing", "duplicates", "wrong_text", "unknown_id", "out_of_order")
    found = {kind: max(run[kind] for run in runs) for kind in kinds}
    return ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in found.items() if count)


def tables(runs, order):
    """Medians as Markdown."""
    lines = []
    for mode, (_, title) in MODES.items():
        rows, limit = [], None
        for name in order:
            mine = [run for run in runs if run["mode"] == mode and run["name"] == name]
            good = [run for run in mine if not run.get("error")]
            if not good:
                if mine:
                    rows.append((0, f"| {name} | failed: {mine[0]['error']} | | | | | | |"))
                continue
            median = {key: statistics.median(run[key] for run in good)
                      for key, value in good[0].items() if isinstance(value, (int, float))}
            limit = limit or (median if name == "limit" else None)

            def times(key):
                return f" ({median[key] / limit[key]:.2f} ×)" if limit and name != "limit" and limit[key] else ""

            rank = -median["p50_us"] if "latency" in mode else median["answers_per_s"]
            rows.append((rank, "| " + " | ".join([
                name,
                number(median["answers_per_s"]) + times("answers_per_s"),
                number(median["cpu_us_per_answer"], 1) + times("cpu_us_per_answer"),
                duration(median["p50_us"]) + times("p50_us"),
                duration(median["p99_us"]),
                number(median["rss_peak_mib"], 1),
                faults(good),
                number(median["other_load"], 2),
            ]) + " |"))
        if rows:
            rows.sort(key=lambda row: -row[0])
            lines += ["", f"### {title}", "",
                      "| bot | answers/s | CPU µs per answer | p50 | p99 | peak MiB | faults | other load |",
                      "|---|--:|--:|--:|--:|--:|---|--:|", *(row for _, row in rows)]
    return "\n".join(lines) + "\n"


# What the overview shows: a column's title, the mode, the figure, and how it is written.
OVERVIEW = [
    ("polling, answers/s", "poll", "answers_per_s", number),
    ("CPU µs", "poll", "cpu_us_per_answer", lambda value: number(value, 1)),
    ("peak MiB", "poll", "rss_peak_mib", lambda value: number(value, 1)),
    ("webhook, answers/s", "webhook", "answers_per_s", number),
    ("CPU µs", "webhook", "cpu_us_per_answer", lambda value: number(value, 1)),
    ("one at a time, polling", "poll-latency", "p50_us", duration),
    ("webhook", "webhook-latency", "p50_us", duration),
    ("API 30 ms away, answers/s", "rtt", "answers_per_s", number),
    ("one hot chat", "hot", "answers_per_s", number),
]


def overview(runs, order):
    """A line for each bot: medians as Markdown."""
    lines = []
    for name in order:
        cells = []
        for _, mode, key, write in OVERVIEW:
            good = [run for run in runs if (run["mode"], run["name"]) == (mode, name) and not run.get("error")]
            if not good:
                cells.append("–")
                continue
            # What it was fast at was another thing.
            mark = " †" if key == "answers_per_s" and statistics.median(run["out_of_order"] for run in good) else ""
            cells.append(write(statistics.median(run[key] for run in good)) + mark)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    titles = [title for title, *_ in OVERVIEW]
    return "\n".join(["### All of them († not in order)", "", "| | " + " | ".join(titles) + " |",
                      "|---|" + "--:|" * len(titles), *lines]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; medians count")
    parser.add_argument("--bots", default="", help="a regular expression; without it, all")
    parser.add_argument("--modes", default=",".join(MODES), help="of " + ", ".join(MODES))
    parser.add_argument("--presses", type=int, help="instead of each bot's own number")
    parser.add_argument("--add", action="append", default=[], metavar="NAME=COMMAND", help="one more bot")
    parser.add_argument("--quiet", type=float, default=0.3, help="other load, in cores, that a run may begin with")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS / "peers.jsonl", help="every single run")
    options = parser.parse_args()

    wanted = [bot for bot in bots() if re.search(options.bots, bot["name"])]
    build(wanted)
    for added in options.add:
        name, _, command = added.partition("=")
        wanted.append({"name": name, "modes": list(MODES), "presses": 20_000, "command": command.split()})
    options.out.parent.mkdir(exist_ok=True)
    runs = []
    with options.out.open("w") as out:
        for number_of_round in range(options.rounds):
            for mode in options.modes.split(","):
                # There and back, so that no bot is always the one after the same other.
                for bot in wanted if number_of_round % 2 == 0 else reversed(wanted):
                    if mode not in bot["modes"]:
                        continue
                    report = measure(bot, mode, options)
                    runs.append(report)
                    print(json.dumps(report), file=out, flush=True)
                    print(f"{mode:16} {bot['name']:24} {report.get('answers_per_s', 0):>9,.0f}/s "
                          f"{report.get('cpu_us_per_answer', 0):>8.1f} µs  {report.get('error') or ''}",
                          file=sys.stderr, flush=True)
    order = [bot["name"] for bot in wanted]
    print(tables(runs, order))
    print(overview(runs, order))


if __name__ == "__main__":
    main()
