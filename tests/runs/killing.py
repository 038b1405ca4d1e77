"""A process that runs flows in children which kill themselves at a chosen place; a script, spoken to in lines.

Each line of its input is a `Wish` as JSON; it forks, the child runs the flow once, and a line comes back:
{"signal": 9 or 0, "said": what the child told before it ended}. Forking a process that has imported everything
and holds nothing open costs a tenth of starting one; the workers of formulas are forked for the same reason.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from engine.connectors.transport import CheckedTransport
from engine.documents.workspace import Workspace
from engine.errors import FlowBusy
from engine.flows.library import LoadedFlow, load_flow
from engine.formulas import Environment, Formulas
from engine.formulas.guarded import worker
from engine.runs.ledger import Ledger
from engine.runs.opening import open_flow
from engine.runs.reading import flow_formulas
from engine.runs.reshaping import Reshaping
from engine.runs.run import Run, RunOptions

RESOURCES = ("customers", "articles", "orders")
POSTED = (
    *RESOURCES,
    "products",
    "categories",
    "producttocategories",
    "quotes",
    "customerinvoices",
    "customerinvoicedrafts",
    "payments",
    "putInfo.asp",
)


@dataclass
class Wish:
    """One run. place: where the child sends itself `signal`, at the `nth` time it gets there; "" lets it live.

    Places: `intent stored: R`, `reply unread: R`, `reply received: R` for a resource R of the books, `page read`,
    `reply unread: payments`,
    and `anything`: each of these, and before and after each request.
    pause: when the run reaches this place for the first time it makes the file `go`.reached and waits for `go`.
    """

    workspace: str
    flow: str
    ledger: str
    offset_seconds: float = 0.0
    place: str = ""
    nth: int = 1
    signal: int = signal.SIGKILL
    threads: int = 4
    pause: str = ""
    go: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    binding: str = "default"


class ShiftedClock:
    """The machine's clock moved like the sandboxes'; sleeping only moves it further."""

    def __init__(self, offset_seconds: float) -> None:
        self._offset_seconds = offset_seconds

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset_seconds)

    def monotonic(self) -> float:
        return time.monotonic() + self._offset_seconds

    def sleep(self, seconds: float) -> None:
        self._offset_seconds += max(0.0, seconds)


class Places:
    """Counts how often each place was reached and ends this process at the chosen one."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._lock = threading.Lock()
        self.counts: dict[str, int] = {}
        self._paused = False

    def reached(self, place: str) -> None:
        with self._lock:
            for name in (place, "anything"):
                count = self.counts[name] = self.counts.get(name, 0) + 1
                if name == self._wish.place and count == self._wish.nth:
                    os.kill(os.getpid(), self._wish.signal)
            if place != self._wish.pause or self._paused:
                return
            self._paused = True
        Path(self._wish.go + ".reached").touch()
        until = time.monotonic() + 30
        while not Path(self._wish.go).exists() and time.monotonic() < until:
            time.sleep(0.005)


class Watched(httpx.BaseTransport):
    """The real transport; places are told before each request and after its reply's first bytes."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._inner = CheckedTransport(allow_private=True)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._places.reached("request")
        reply = self._inner.handle_request(request)
        last = request.url.path.rstrip("/").rsplit("/", 1)[-1]
        made = request.method == "POST" and last in POSTED
        self._places.reached(f"reply unread: {last}" if made else "reply")
        return reply

    def close(self) -> None:
        self._inner.close()


def run_once(wish: Wish, loaded: LoadedFlow) -> dict[str, Any]:
    """Run the flow to its end, unless the chosen place is reached."""
    clock, places = ShiftedClock(wish.offset_seconds), Places(wish)
    transports = {name: Watched(places) for name in loaded.connectors}
    with Formulas(workers=1) as formulas, Ledger.open(Path(wish.ledger)) as ledger:
        opened = open_flow(
            loaded,
            ledger=ledger,
            formulas=formulas,
            clock=clock,
            now=clock.now(),
            binding=wish.binding,
            answers=wish.answers,
            transports=transports,
        )
        run = Run(opened, ledger, clock, RunOptions(threads=wish.threads), seam=places.reached)
        signal.signal(signal.SIGTERM, lambda number, frame: run.stop())
        try:
            report = run.go()
        except FlowBusy as busy:
            return {"busy": str(busy)}
        finally:
            opened.close()
        state = next(r.state for r in ledger.runs() if r.id == report.run_id)
    return {"counts": report.counts, "stopped": str(report.stopped or ""), "places": places.counts, "state": state}


class ForkedWorker(subprocess.Popen[bytes]):
    """A worker of formulas: a process of its own with the same code, pipes and bounds, that need not import it all."""

    def __init__(self, words: list[str], *, pass_fds: tuple[int], **about: Any) -> None:
        super().__init__(words, pass_fds=pass_fds, preexec_fn=partial(_work, *pass_fds), **about)


def _work(marks: int) -> None:
    """Be the worker, with its pipes open and nothing else, as if it had been started anew."""
    try:
        os.closerange(3, marks)
        os.closerange(marks + 1, os.sysconf("SC_OPEN_MAX"))
        worker.main(marks)
    finally:
        os._exit(0)


def _forked(wish: Wish, loaded: LoadedFlow) -> dict[str, Any]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(read)
            said = run_once(wish, loaded)
            os.write(write, json.dumps(said).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        words = pipe.read()
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    if ended > 0:
        raise SystemExit(f"the child failed with {ended}")
    return {"signal": -ended, "said": json.loads(words) if words else {}}


def compile_ahead(loaded: LoadedFlow) -> None:
    """Compile what the flow compiles, so that the children find it done."""
    with Formulas() as formulas:
        Reshaping(loaded, formulas, Environment(now=datetime.now(UTC)), None)
        formulas.check_all({f"{place} {text}": text for place, text in flow_formulas(loaded.flow)})


def main() -> None:
    subprocess.Popen = ForkedWorker  # type: ignore[misc]  # nothing else is started here
    flows: dict[tuple[str, str, int], LoadedFlow] = {}
    for line in sys.stdin:
        wish = Wish(**json.loads(line))
        # another test may have got the folder's name again
        made = Path(wish.workspace, "connector_specs").stat().st_ctime_ns
        place = (wish.workspace, wish.flow, made)
        if place not in flows:
            flows[place] = load_flow(Workspace(Path(wish.workspace)), wish.flow)
            compile_ahead(flows[place])
        print(json.dumps(_forked(wish, flows[place])), flush=True)


def as_line(wish: Wish) -> str:
    return json.dumps(asdict(wish)) + "\n"


if __name__ == "__main__":
    main()
