"""How soon the command line and a stand-in answer, how soon `scripts/run --headless` delivers, and what strict reading
costs beside the plain reader: `python -m benchmarks.start`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.stage import ROOT
from engine.documents.strict_json import read_strict

MOST_HELP_SECONDS = 0.4
MOST_FIRST_RECORD_SECONDS = 3.0
MOST_SANDBOX_SECONDS = 2.0
MOST_READER_RATIO = 4.0
# what a first record may look like on the way out: a line that names an outcome
OUTCOMES = ("created", "updated", "unchanged", "skipped", "waiting", "parked")


def help_seconds(rounds: int) -> float:
    """The median time of `python -m engine --help`."""
    return median(_timed([sys.executable, "-m", "engine", "--help"]) for _ in range(rounds))


def sandbox_seconds(rounds: int) -> float:
    """The median time until a stand-in with 200 orders says that it is ready."""
    words = [sys.executable, "-m", "sandbox", "ccv-shop", "eaccounting", "--while-input-is-open"]
    return median(first_record_seconds(words, ['"ready"']) or 0 for _ in range(rounds))


def reader_ratio(rounds: int) -> float:
    """How much longer the strict reader takes than json.loads for the same document of 400 lines."""
    lines = [{"sku": f"ART-{n}", "quantity": n, "price": n + 0.99, "name": "A product's name"} for n in range(400)]
    text = json.dumps({"lines": lines}).encode()

    def seconds(read: Callable[[bytes], object]) -> float:
        began = time.process_time()
        for _ in range(20):
            read(text)
        return time.process_time() - began

    return median(seconds(read_strict) / seconds(json.loads) for _ in range(rounds))


def _timed(words: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(words, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


def first_record_seconds(words: Sequence[str], outcomes: Sequence[str] = OUTCOMES) -> float | None:
    """Seconds until a command's output first names an outcome of a record; None when it ends without one.

    The command is ended then. It must print each record as it goes (`--json`), not only a sum at the end.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout
    try:
        for line in process.stdout:
            if any(outcome in line.lower() for outcome in outcomes):
                return time.perf_counter() - began
        return None
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
        if process.stdin:
            process.stdin.close()


def import_costs(module: str, most: int) -> list[tuple[float, str]]:
    """The modules that take longest to import, with what they import themselves: (milliseconds, name)."""
    words = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    said = subprocess.run(words, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=True).stderr
    costs = []
    for line in said.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[1].strip().isdigit():
            costs.append((int(parts[1]) / 1000, parts[2].strip()))
    return sorted(costs, reverse=True)[:most]


def main() -> None:
    """Print the times, and with --imports what costs them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--imports", metavar="MODULE", help="show what importing this module costs, and end")
    parser.add_argument("command", nargs="*", default=["scripts/run", "--headless"], help="what shows a first record")
    asked = parser.parse_args()
    if asked.imports:
        for milliseconds, name in import_costs(asked.imports, 25):
            print(f"{milliseconds:7.1f} ms  {name}")
        return
    print(f"python -m engine --help: {help_seconds(asked.rounds):.2f} s (at most {MOST_HELP_SECONDS})")
    print(f"stand-ins ready: {sandbox_seconds(asked.rounds):.2f} s (at most {MOST_SANDBOX_SECONDS})")
    print(f"strict reader / json.loads: {reader_ratio(asked.rounds):.2f} (at most {MOST_READER_RATIO})")
    if not (ROOT / asked.command[0]).exists():
        print(f"{asked.command[0]} is not there, so the first record is not measured")
        return
    seconds = first_record_seconds([str(ROOT / asked.command[0]), *asked.command[1:]])
    shown = "none came" if seconds is None else f"{seconds:.1f} s"
    print(f"{asked.command[0]} to its first record: {shown} (at most {MOST_FIRST_RECORD_SECONDS})")


if __name__ == "__main__":
    main()
