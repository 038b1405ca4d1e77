"""The checklist of a binding as rows to show and to tick off: what the engine looks at, and what stored records ask."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from engine.design.desk import Desk
from engine.design.localised import localised
from engine.design.lookups.occurrences import STORED, Occurrences, occurrences
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError, Problem, StudioError
from engine.flows.flow import Precondition
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Template, Translations
from engine.runs.bindings import DEFAULT, bound
from engine.runs.checklist import BY_HAND, TICKED, UNKNOWN, WELL, WRONG, Ticked, checklist, line_of
from engine.runs.checklist import TITLES as checklist_titles
from engine.runs.ledger.rows import DUE, WAITING
from engine.runs.opening import OpenFlow
from engine.runs.rehearsal import Rehearsal
from engine.runs.results import PARKED

KEYS, RECORDS = "keys_without_row", "waiting_records"
MARKS = {WELL: "✓", WRONG: "✗", BY_HAND: "☐", TICKED: "✓", UNKNOWN: "?"}
WORDS: dict[str, Template] = {
    WELL: "well",
    WRONG: "wrong",
    BY_HAND: "to be looked at",
    TICKED: "looked at",
    UNKNOWN: "cannot be told",
}
TITLES: dict[str, Template] = {  # of the lines that no precondition of the flow is behind
    **checklist_titles,
    KEYS: "Every key of the newest records has a row",
    RECORDS: "What waits can be delivered",
}
_MOST_REHEARSED, _NEWEST, _SECONDS = 20, 500, 10.0


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line. mark, words: its state; is_error: it stops the first run where it is wrong; offenders: how many there
    are, of which `problems` names some; may_tick: a person ticks it off (`tick`).
    """

    name: str
    title: str
    state: str
    mark: str
    words: str
    is_error: bool
    problems: tuple[Problem, ...] = ()
    offenders: int = 0
    what_to_do: str = ""
    ticked_by: str = ""
    ticked_at: datetime | None = None

    @property
    def may_tick(self) -> bool:
        return self.state in (BY_HAND, TICKED)


@dataclass(frozen=True, slots=True)
class Checks:
    """The list of a binding. is_first: it has not run yet, so what is wrong keeps it from running; problem: why the
    systems could not be asked, error: the same as it was raised.
    """

    flow: str
    binding: str
    rows: tuple[CheckRow, ...]
    is_first: bool
    problem: Problem | None = None
    error: StudioError | None = None

    @property
    def stopping(self) -> tuple[CheckRow, ...]:
        """The lines that keep the first run from beginning."""
        return tuple(row for row in self.rows if self.is_first and row.is_error and row.state == WRONG)

    @property
    def may_begin(self) -> bool:
        return self.problem is None and not self.stopping


def templates() -> list[Template]:
    """What is translated."""
    return [*WORDS.values(), *TITLES.values()]


def checks(desk: Desk, loaded: LoadedFlow, binding: str = DEFAULT, translations: Translations | None = None) -> Checks:
    """Look at everything now; the systems are read from, and nothing is sent."""
    name = loaded.flow.name
    bound(desk.ledger, loaded, binding)  # one that is not there is refused
    is_first = not desk.ledger.has_begun(name, binding)
    try:
        with desk.opened(loaded, binding=binding) as opened:
            found = [*checklist(opened, desk.ledger), *_of_records(desk, opened)]
    except StudioError as error:
        problem = error.problems[0] if isinstance(error, DocumentError) else error.as_problem()
        return Checks(name, binding, (), is_first, problem, error)
    say, own = Speech(translations), {each.name: each for each in localised(loaded, translations).flow.preconditions}
    return Checks(name, binding, tuple(_row(ticked, say, own.get(ticked.name)) for ticked in found), is_first)


@needs(Role.MEND, "tick off a line before the first run")
def tick(desk: Desk, loaded: LoadedFlow, binding: str, name: str, who: str, *, on: bool = True) -> None:
    """Tick a line off, or take the tick away; DocumentError where there is no such line to tick."""
    flow = loaded.flow
    bound(desk.ledger, loaded, binding)
    known = [precondition.name for precondition in flow.preconditions if precondition.by_hand]
    if name not in known:
        there = any(precondition.name == name for precondition in flow.preconditions)
        what = "it is looked at by itself, nobody ticks it off" if there else "there is no such precondition"
        advice = f"To tick off there are: {', '.join(known) or 'none'}."
        raise DocumentError([Problem(f"{flow.name}, {name}", what, advice)])
    change = desk.ledger.tick if on else desk.ledger.untick
    change(flow.name, binding, name, who, desk.clock.now())


def _row(ticked: Ticked, say: Speech, own: Precondition | None) -> CheckRow:
    """own: the flow's precondition in the reader's language; None for a line of ours."""
    return CheckRow(
        ticked.name,
        own.title if own is not None else say(TITLES[ticked.name]),
        ticked.state,
        MARKS[ticked.state],
        say(WORDS[ticked.state]),
        ticked.is_error,
        ticked.problems,
        ticked.offenders,
        own.what_to_do if own is not None else ticked.what_to_do,
        ticked.ticked_by,
        ticked.ticked_at,
    )


# --- what stored records ask for


def _of_records(desk: Desk, opened: OpenFlow) -> Iterator[Ticked]:
    """What records that were read already would meet."""
    found = occurrences(desk, opened.loaded, binding=opened.binding)
    if found.source == STORED and found.looked_at:
        yield _keys(opened, found)
    problems = _rehearsed(desk, opened)
    if problems is not None:
        yield _worth_knowing(RECORDS, problems)


def _keys(opened: OpenFlow, found: Occurrences) -> Ticked:
    problems = []
    for name, keys in found.by_lookup.items():
        table = opened.environment.lookups.get(name)
        if table is None or table.otherwise != "fail":
            continue
        for each in keys:
            if each.key not in table.rows and each.key not in table.gone:
                many = f"{each.count} stored records" if each.count > 1 else "1 stored record"
                what = f"“{each.key[:80]}” is in {many} and has no row; the newest is {each.newest}"
                advice = "Add a row: until then such a record is parked."
                problems.append(Problem(f"{opened.name}, {table.title}", what, advice))
    return _worth_knowing(KEYS, problems)


def _rehearsed(desk: Desk, opened: OpenFlow) -> list[Problem] | None:
    """What would park the newest records that wait, as a run would find it; None where nothing waits."""
    newest = desk.ledger.newest(opened.name, opened.binding, _NEWEST)
    waiting = [held for held in newest if held.state in (WAITING, DUE)]
    if not waiting:
        return None
    problems: list[Problem] = []
    until = desk.clock.monotonic() + _SECONDS
    with ThreadPoolExecutor(2) as pool:
        rehearsal = Rehearsal(opened, desk.ledger, desk.clock, pool)
        for held in waiting[:_MOST_REHEARSED]:
            if desk.clock.monotonic() > until:
                break
            result = rehearsal.of_key(held.key).result  # fetched: what waits is kept without what hangs on it
            if result is not None and result.outcome == PARKED:
                number = held.number or held.key
                problems += [Problem(f"{number}, {each.where}", each.what, each.what_to_do) for each in result.problems]
    return problems


def _worth_knowing(name: str, problems: list[Problem]) -> Ticked:
    """A line that keeps no run from beginning; its title is said in the reader's language when it is shown."""
    return line_of(name, "", problems, is_error=False)
