"""Keeps what stand-ins hold in a folder, so that it survives a restart."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from sandbox.clock import Clock
from sandbox.server import Door

CONNECTIONS = "connections.json"


class OtherWorld(Exception):
    """The folder holds a world made from another seed or with another number of orders."""


class Keeping:
    """Saves each stand-in within a second after a change, from a thread of its own."""

    def __init__(self, folder: Path, doors: list[Door], clock: Clock, seed: int, orders: int) -> None:
        self._folder = folder
        self._doors = doors
        self._clock = clock
        self._made = {"seed": seed, "orders": orders}
        self._saved: dict[str, tuple[int, float]] = {}
        self._written: dict[str, str] = {}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Save everything once, then watch."""
        self.save()
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and save what is left."""
        self._stop.set()
        self._thread.join(5)
        self.save()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            try:
                self.save()
            except (OSError, RuntimeError) as wrong:  # RuntimeError: changed while it was read; next time
                print(f"not saved yet: {wrong}", file=sys.stderr)

    def save(self) -> None:
        """Save what has changed since the last time."""
        with self._lock:
            for door in self._doors:
                mark = (door.changes, self._clock.offset_seconds)
                if self._saved.get(door.system.name) == mark:
                    continue
                document = {
                    **self._made,
                    "clock_offset_seconds": self._clock.offset_seconds,
                    "limits_on": door.system.limits_on,
                    "state": door.system.state(),
                }
                self._write(f"{door.system.name}.json", "".join(_pieces(document, 3)))
                self._saved[door.system.name] = mark
            answers = {
                door.system.name: {"address": door.address, "answers": door.system.credentials(door.address)}
                for door in self._doors
            }
            for name, known in answers.items():  # as `connect --answers` takes them
                self._write(f"answers-{name}.json", json.dumps(known["answers"], indent=1, ensure_ascii=False))
            self._write(CONNECTIONS, json.dumps(answers, indent=1, ensure_ascii=False))

    def _write(self, name: str, text: str) -> None:
        if self._written.get(name) == text:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f".{name}.{os.getpid()}.part"
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._folder / name)
        self._written[name] = text


def _pieces(value: object, depth: int) -> Iterator[str]:
    """Write JSON piece by piece: one big dumps holds the interpreter lock, and so every request, up."""
    if depth and isinstance(value, dict) and value:
        mark = "{"
        for name, part in list(value.items()):
            yield mark + json.dumps(str(name)) + ":"
            yield from _pieces(part, depth - 1)
            mark = ","
        yield "}"
    elif depth and isinstance(value, list) and value:
        mark = "["
        for part in list(value):
            yield mark
            yield from _pieces(part, depth - 1)
            mark = ","
        yield "]"
    else:
        yield json.dumps(value, ensure_ascii=False)


def made(folder: Path, names: Sequence[str]) -> dict[str, int]:
    """How the world of the folder was made: `seed` and `orders`; nothing where it holds none of these systems."""
    for name in names:
        try:
            kept = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        return {part: int(kept[part]) for part in ("seed", "orders")}
    return {}


def load(folder: Path, name: str, seed: int, orders: int) -> dict[str, object] | None:
    """Give what was kept of that system, or None; OtherWorld when it was made differently."""
    try:
        kept = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if (kept.get("seed"), kept.get("orders")) != (seed, orders):
        raise OtherWorld(
            f"{folder} holds {name} made with --seed {kept.get('seed')} --orders {kept.get('orders')}; "
            "start it with those, or name another folder."
        )
    return cast("dict[str, object]", kept)


def last_ports(folder: Path) -> Mapping[str, int]:
    """Give the ports of the last time, so that addresses stay the same when they are free."""
    try:
        kept = json.loads((folder / CONNECTIONS).read_text(encoding="utf-8"))
        return {name: int(entry["address"].rpartition(":")[2]) for name, entry in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
