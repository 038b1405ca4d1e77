"""`map` over a reshaping that does what its records say, in processes as real as those of the command."""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from engine.commands import map as command
from engine.commands.main import main as door
from engine.commands.map_worker import Wanted, serve
from engine.errors import DocumentError, Problem, StudioError


class Fake:
    """Gives each record back with its line's number; `do` in a record says what else happens."""

    def chunk(self, lines: bytes, first: int) -> tuple[bytes, bytes, int]:
        results, failures = [], []
        for number, line in enumerate(lines.split(b"\n")[:-1], first):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                act(record)
                results.append(json.dumps({"line": number, **record}))
            except ValueError as error:
                problem = Problem("", f"it is not valid JSON ({error})", "Mend the line.")
                failures.append(json.dumps({"kind": "failure", "line": number, "problems": [problem.as_json()]}))
        return as_lines(results), as_lines(failures), len(failures)


def act(record: dict[str, Any]) -> None:
    match record.get("do"):
        case "wait":
            time.sleep(record["seconds"])
        case "end":
            with Path(record["ends"]).open("a", encoding="utf-8") as ends:
                ends.write("one\n")
            os.kill(os.getpid(), signal.SIGKILL)
        case "end once":
            mark = Path(record["mark"])
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "fail":
            raise KeyError(record["secret"])
        case "stop":
            raise StudioError("The disk of the formulas is gone", what_to_do="Put it back.")
        case "say":
            print("a library speaks", flush=True)
        case "await":
            Path(record["begun"]).touch()
            until = time.monotonic() + 60
            while not Path(record["file"]).exists():
                assert time.monotonic() < until, "it was never made"
                time.sleep(0.01)
        case "make":
            Path(record["file"]).touch()


def as_lines(texts: list[str]) -> bytes:
    return "".join(text + "\n" for text in texts).encode()


@contextmanager
def open_fake(wanted: Wanted) -> Iterator[Fake]:
    if wanted.flow == "unknown":
        raise DocumentError([Problem("saved_mappings", "there is no flow 'unknown'", "Did you mean 'known'?")])
    if wanted.flow == "broken":
        raise RuntimeError("the reshaping is broken")
    yield Fake()


def tell_peak() -> None:
    """Leave this process's peak of memory (kB) in the folder $PEAKS; ru_maxrss would tell its starter's too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = status.partition("VmHWM:")[2].split()[0]
    (Path(os.environ["PEAKS"]) / str(os.getpid())).write_text(peak, encoding="utf-8")


def main() -> None:
    """With `child`, a child; else the command line as it is, its `map` over the fake."""
    if "PEAKS" in os.environ:
        atexit.register(tell_peak)
    if sys.argv[1] == "child":
        serve(open_fake)
        return
    words = [sys.executable, __file__, "child"]
    command.run = partial(command.run, opening=open_fake, words=words)
    raise SystemExit(door(["map", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
