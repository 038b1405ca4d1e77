"""Starts stand-ins from the command line: python -m sandbox ccv-shop eaccounting."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from sandbox import keeping
from sandbox.catalogue import NAMES, build, listed
from sandbox.clock import Clock
from sandbox.server import Serving
from sandbox.system import System

ORDERS, SEED = 200, 7  # of a world that is made anew


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help=" or ".join(NAMES))
    parser.add_argument("--list", action="store_true", help="say which systems there are, one JSON object a line")
    parser.add_argument("--orders", type=int, help="how many orders the shop holds (default 200, or as kept)")
    parser.add_argument("--seed", type=int, help="the same seed gives the same data (default 7, or as kept)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep what the stand-ins hold in this folder")
    parser.add_argument("--host", default="127.0.0.1", choices=["127.0.0.1", "localhost"])
    parser.add_argument("--port", type=int, help="port of the first system, the next ones follow (default: free ones)")
    parser.add_argument("--no-limits", action="store_true", help="switch the systems' rate limits off")
    parser.add_argument(
        "--rotate-refresh-tokens",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether eaccounting gives a new refresh token with each use",
    )
    parser.add_argument(
        "--while-input-is-open",
        action="store_true",
        help="end when standard input closes, so that it never outlives the program that started it",
    )
    asked = parser.parse_args(words)
    if not asked.systems and not asked.list:
        parser.error(f"which system? There are {listed()}.")
    made = keeping.made(asked.state, asked.systems) if asked.state else {}
    asked.orders = made.get("orders", ORDERS) if asked.orders is None else asked.orders
    asked.seed = made.get("seed", SEED) if asked.seed is None else asked.seed
    return asked


def _restored(asked: argparse.Namespace, clock: Clock) -> list[System]:
    systems: list[System] = []
    for name in dict.fromkeys(asked.systems):
        system = build(name, clock, seed=asked.seed, orders=asked.orders, rotate=asked.rotate_refresh_tokens)
        kept = keeping.load(asked.state, name, asked.seed, asked.orders) if asked.state else None
        if kept is not None:
            behind = float(cast(float, kept.get("clock_offset_seconds", 0.0))) - clock.offset_seconds
            if behind > 0:
                clock.advance(behind)
            system.restore(cast("dict[str, object]", kept["state"]))
            system.limits_on = bool(kept.get("limits_on", True))
        if asked.no_limits:
            system.limits_on = False
        systems.append(system)
    return systems


def _await_end_of_input(stopped: threading.Event) -> None:
    while os.read(0, 4096):  # not through sys.stdin, whose lock this thread would hold when the program ends
        pass
    stopped.set()


def main(words: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 2 when the call itself is wrong."""
    asked = _arguments(words)
    if asked.list:
        print("\n".join(json.dumps({"system": name}) for name in NAMES))
        return 0
    clock = Clock()
    last = keeping.last_ports(asked.state) if asked.state and not asked.port else {}
    try:
        systems = _restored(asked, clock)
        serving = Serving(
            systems,
            clock=clock,
            host=asked.host,
            ports=lambda place, name: [asked.port + place] if asked.port else [last.get(name, 0), 0],
        )
    except (ValueError, keeping.OtherWorld) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except OSError as wrong:
        print(f"The port cannot be used: {wrong}.", file=sys.stderr)
        return 2
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if asked.while_input_is_open:
        threading.Thread(target=_await_end_of_input, args=(stopped,), daemon=True).start()
    kept = keeping.Keeping(asked.state, serving.doors, clock, asked.seed, asked.orders) if asked.state else None
    with serving:
        if kept:
            kept.start()
        for name, address in serving.addresses.items():
            print(json.dumps({"system": name, "address": address, "look": f"{address}/_sandbox/"}))
        print(json.dumps({"ready": True}), flush=True)
        stopped.wait()
    if kept:
        kept.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
