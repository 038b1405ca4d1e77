"""Is everything there that is needed, and is it well? Packages, disk, workers, ledger, drafts, connections."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine.connectors.clock import SystemClock
from engine.design.desk import Desk
from engine.design.drafts import Drafts
from engine.design.people.rights import Role, needs
from engine.documents.workspace import Workspace
from engine.errors import Problem, StudioError
from engine.flows.library import load_connector, load_flow
from engine.formulas import Environment, Formulas
from engine.runs.bindings import binding_names
from engine.runs.clients import open_system, stored_connection
from engine.runs.ledger import Ledger
from engine.runs.serving.due import name_of, overdue, unended
from engine.runs.telling.recipients import failing, recipients

_PACKAGES = (
    "apprise",
    "cronsim",
    "cryptography",
    "filelock",
    "google-re2",
    "httpx",
    "jsonata-python",
    "jsonschema",
    "jsonschema-rs",
    "rich",
    "sqlalchemy",
    "tinydb",
)
_LEAST_FREE_MB = 200

Finding = str | Problem  # what is well, in words; or what is not


Opening = Callable[[], AbstractContextManager[Ledger]]


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a part. weight: of the exit code where it is not well."""

    part: str
    finding: Finding
    weight: int

    @property
    def is_well(self) -> bool:
        return isinstance(self.finding, str)


def examine(workspace: Workspace, opening: Opening | None = None) -> Iterator[Look]:
    """Look at everything, part by part. opening: gives the ledger where it is open already."""
    opening = opening or (lambda: Ledger.open(workspace.ledger_path))
    for part, look, weight in _looks(workspace, opening):
        for finding in _safely(look):
            yield Look(part, finding, weight)


@needs(Role.ADMINISTER, "ask every system whether it answers")
def examine_here(desk: Desk) -> Iterator[Look]:
    """The same over a workspace that is open."""
    return examine(desk.workspace, lambda: nullcontext(desk.ledger))


def _looks(workspace: Workspace, opening: Opening) -> Iterator[tuple[str, Callable[[], Iterator[Finding]], int]]:
    yield "python", _python, 2
    yield "disk", lambda: _disk(workspace.root), 2
    yield "formulas", _formulas, 2
    yield "ledger", lambda: _ledger(workspace, opening), 2
    yield "schedules", lambda: _schedules(opening), 2
    yield "telling", lambda: _telling(opening), 2
    yield "drafts", lambda: _drafts(workspace), 2
    yield "connections", lambda: _connections(workspace, opening), 3


def _safely(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except StudioError as error:
        yield error.as_problem()


def _python() -> Iterator[Finding]:
    missing = []
    for name in _PACKAGES:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Problem(
            "python", f"missing: {', '.join(missing)}", "Run scripts/run, or install the locked requirements."
        )
    else:
        yield f"Python {platform.python_version()} with its {len(_PACKAGES)} packages"


def _disk(root: Path) -> Iterator[Finding]:
    free_mb = shutil.disk_usage(root).free // 1_000_000
    if free_mb < _LEAST_FREE_MB:
        yield Problem("disk", f"only {free_mb} MB are free", "Make room: a full disk stops every run.")
    else:
        yield f"{free_mb} MB free"


def _formulas() -> Iterator[Finding]:
    with Formulas() as formulas:
        program = formulas.program({"sum": "$sum_money([0.1, 0.2])"})
        found = formulas.evaluate(program, Environment(datetime.now(UTC), {}, {}), [({}, {})])[0]["sum"]
    if found.value == 0.3:
        yield "a worker evaluates"
    else:
        yield Problem("formulas", "a worker gives wrong results", "Install the locked requirements anew.")


def _ledger(workspace: Workspace, opening: Opening) -> Iterator[Finding]:
    with opening() as ledger:
        runs = ledger.runs(limit=1)
        copy, queues = ledger.older_copy, [queue for queue in ledger.queues() if queue.owner]
    last = f"; the last run began {runs[0].started_at:%Y-%m-%d %H:%M} UTC" if runs else "; nothing has run yet"
    yield f"{workspace.ledger_path} opens with its key{last}"
    if copy is not None and queues:
        named = ", ".join(f"{queue.place.resource} of {queue.place.connection}" for queue in queues)
        yield (
            f"it was put back at {_said(copy.at)} from a backup of {_said(copy.made_at)}; what was handed out once "
            f"in between ({named}) does not come again, see docs/batches.md"
        )


def _schedules(opening: Opening) -> Iterator[Finding]:
    """Flows that run by themselves: whether each ran when it should, and what is paused."""
    now = SystemClock().now()
    with opening() as ledger:
        planned, late, pauses = ledger.timetable(), overdue(ledger, now), ledger.pauses()
        served_at = ledger.served_at()
        long = unended(ledger, now)
    if served_at is not None:
        yield f"`serve` looked at the clock last at {_said(served_at)}"
    for each in late:
        what = f"{name_of(each)} should have run at {_said(each.due_at or now)} and did not"
        yield Problem("schedules", what, "Look whether `serve` is running; it runs the flow at once when it starts.")
    for each in long:
        what = f"the run of {name_of(each)} that began at {_said(each.last_started or now)} has not ended"
        yield Problem("schedules", what, "Look in `history` whether it gets on; start `serve` again where it hangs.")
    for each in planned:
        if each.problem is not None:
            yield replace(each.problem, where=f"{name_of(each)}, its last run by itself")
    for pause in pauses:
        yield f"{pause.flow or 'everything'} is paused by {pause.who} since {_said(pause.at)}"
    if not late:
        count = len(planned)
        yield (
            f"{count} flow{'' if count == 1 else 's'} by the clock, none overdue"
            if count
            else "nothing has run by the clock yet; `serve` runs flows, and `bindings` says when each is due"
        )


def _telling(opening: Opening) -> Iterator[Finding]:
    """Who is told what goes wrong, and whether messages arrive."""
    with opening() as ledger:
        known, lost = recipients(ledger), failing(ledger)
    for each in lost:
        since = _said(datetime.fromisoformat(each.failing_since or each.at))
        what = f"messages to {each.named} do not arrive since {since}: {each.why}"
        yield Problem("telling", what, "Try `tell --test`; `tell --remove` and `--add` put another in its place.")
    if not known:
        yield "nobody is told what goes wrong; `tell --add` names somebody"
    elif not lost:
        yield f"{len(known)} told what goes wrong"


def _drafts(workspace: Workspace) -> Iterator[Finding]:
    drafts = Drafts(workspace, SystemClock())
    names = drafts.names()  # a damaged file is put aside first
    aside = drafts.problems()
    yield from aside
    if not aside:
        yield f"{len(names)} draft{'' if len(names) == 1 else 's'}" if names else "there are none"


def _connections(workspace: Workspace, opening: Opening) -> Iterator[Finding]:
    clock = SystemClock()
    with opening() as ledger, Formulas() as formulas:
        kept = ledger.connections()
        idle = _idle(workspace, ledger, {each.connector for each in kept}) if kept else set()
        for name in workspace.connector_names():
            connector = load_connector(workspace, name)
            if name in idle:
                yield f"{connector.title} is not connected, and no flow that has run needs it"
                continue
            for connection in [each.name for each in kept if each.connector == name] or [name]:
                called = connector.title if connection == name else f"{connector.title} as {connection}"
                try:
                    stored = stored_connection(ledger, connector, connection)
                    system = open_system(
                        connector, stored, ledger=ledger, formulas=formulas, clock=clock, now=clock.now()
                    )
                    try:
                        system.facts()
                    finally:
                        system.close()
                    yield f"{called} answers"
                except StudioError as error:
                    yield error.as_problem()


def _idle(workspace: Workspace, ledger: Ledger, connected: set[str]) -> set[str]:
    """The systems that nobody has connected and nobody misses: what has run so far does without them."""
    missed: set[str] = set()
    for name in workspace.flow_names():
        if any(ledger.was_run(name, binding) for binding in binding_names(ledger, name)):
            missed |= set(load_flow(workspace, name).flow.connectors())
    return set(workspace.connector_names()) - connected - missed


def _said(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
