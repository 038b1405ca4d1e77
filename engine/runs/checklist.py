"""What must be so before a flow's first run, looked at in the connected systems: a list to tick off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice

from engine.connectors.system import System
from engine.errors import DocumentError, Json, Problem, StudioError
from engine.flows.flow import Precondition, Reading
from engine.formulas import MISSING, Evaluation
from engine.runs.batches import queue_problem, source_resource
from engine.runs.ledger import Ledger
from engine.runs.opening import OpenFlow

WELL, WRONG, BY_HAND, TICKED, UNKNOWN = "well", "wrong", "by hand", "ticked", "unknown"
MOST_READ = 10_000  # records of one precondition
MOST_NAMED = 20  # of what offends
_MOST_CHARS = 120
LOOKUPS, ANSWERS, CURRENCY = "lookup_rows", "answers", "currencies"  # made of itself; a flow's own names win
QUEUE = "queue"
TITLES = {
    LOOKUPS: "Every row of the lookups names a record that is there",
    ANSWERS: "Every question that needs an answer has one",
    CURRENCY: "Both systems have one currency",
    QUEUE: "No other flow takes what its source hands out once",
}


@dataclass(frozen=True, slots=True)
class Ticked:
    """One line of the list.

    state: well, wrong, by hand (a person has yet to look), ticked, unknown (it could not be told); is_error: where it
    is wrong, the first run does not begin; problems: what offends, MOST_NAMED at most; offenders: how many do;
    ticked_by: who looked.
    """

    name: str
    title: str
    state: str
    is_error: bool = True
    problems: tuple[Problem, ...] = ()
    offenders: int = 0
    what_to_do: str = ""
    ticked_by: str = ""
    ticked_at: datetime | None = None

    @property
    def stops(self) -> bool:
        """Does it keep a first run from beginning?"""
        return self.is_error and self.state == WRONG


ALL, ERRORS, NONE = "all", "errors", "none"  # which preconditions are looked at that read records


def checklist(opened: OpenFlow, ledger: Ledger, *, reads: str = ALL) -> list[Ticked]:
    """Every precondition of the flow, and what is made of the flow itself. reads: of those that read records, which."""
    flow = opened.loaded.flow
    named = {precondition.name for precondition in flow.preconditions}
    ticks = ledger.ticks(opened.name, opened.binding)
    records = _Records(opened)
    found = [ticked for ticked in (*_of_itself(opened), *_of_queue(opened, ledger)) if ticked.name not in named]
    for precondition in flow.preconditions:
        if precondition.by_hand:
            tick = ticks.get(precondition.name)
            line = Ticked(precondition.name, precondition.title, BY_HAND, precondition.is_error)
            line = replace(line, what_to_do=precondition.what_to_do)
            found.append(replace(line, state=TICKED, ticked_by=tick.who, ticked_at=tick.at) if tick else line)
        elif precondition.each is None or reads == ALL or (reads == ERRORS and precondition.is_error):
            found.append(_looked(records, precondition))
    return found


def may_begin(opened: OpenFlow, ledger: Ledger) -> list[Problem]:
    """Before a run: DocumentError where it would be the first one and something that must be so is not.

    Gives what is worth a warning. Records are read for errors of a first run only: the rest is for `check --connected`.
    """
    if ledger.has_begun(opened.name, opened.binding):  # where its queue was moved since, it delivers what it has read
        return [*opened.warnings, *_warnings(checklist(opened, ledger, reads=NONE))]
    found = checklist(opened, ledger, reads=ERRORS)
    stopping = [problem for ticked in found if ticked.stops for problem in ticked.problems]
    if stopping:
        raise DocumentError([replace(problem, severity="error") for problem in stopping])
    return _warnings(found)


def _warnings(found: list[Ticked]) -> list[Problem]:
    """What is wrong, as a warning; rows of lookups are told by who opened the flow."""
    wrong = [ticked for ticked in found if ticked.state in (WRONG, UNKNOWN) and ticked.name != LOOKUPS]
    return [replace(problem, severity="warning") for ticked in wrong for problem in ticked.problems]


# --- of the flow itself


def _of_itself(opened: OpenFlow) -> Iterator[Ticked]:
    flow = opened.loaded.flow
    if any(lookup.refers is not None for lookup in flow.lookups.values()):
        yield line_of(LOOKUPS, TITLES[LOOKUPS], opened.warnings)
    required = [name for name in flow.questions.get("required", ()) if opened.answers.get(name) in (None, "")]
    if flow.questions.get("required"):
        asked = flow.questions.get("properties", {})
        problems = [
            Problem(
                f"{opened.name}, {name}",
                f"“{asked.get(name, {}).get('title', name)}” needs an answer",
                f"Answer it: `bindings {opened.name} {opened.binding} --answer {name}=…`.",
            )
            for name in required
        ]
        yield line_of(ANSWERS, TITLES[ANSWERS], problems)
    yield from _currencies(opened)


def _of_queue(opened: OpenFlow, ledger: Ledger) -> Iterator[Ticked]:
    """Does another flow or binding take what the source hands out once?"""
    if source_resource(opened).is_handed_out:
        taken = queue_problem(opened, ledger)
        yield line_of(QUEUE, TITLES[QUEUE], [taken] if taken else [])


def _currencies(opened: OpenFlow) -> Iterator[Ticked]:
    """Both systems tell their currency: is it the same?"""
    loaded, facts = opened.loaded, opened.environment.variables["facts"]
    source, target = loaded.flow.source.connector, loaded.flow.target()
    told = {name: facts[name].get("currency") for name in (source, target)}
    if source == target or not all(isinstance(value, str) and value for value in told.values()):
        return
    titles = {name: loaded.connectors[name].title for name in told}
    problems = []
    if len({str(value).upper() for value in told.values()}) > 1:
        said = " and ".join(f"{titles[name]} has {value}" for name, value in told.items())
        advice = "Amounts are not converted: connect systems of one currency, or convert in the flow."
        problems.append(Problem(opened.name, said, advice))
    yield line_of(CURRENCY, TITLES[CURRENCY], problems)


def line_of(name: str, title: str, problems: list[Problem], *, is_error: bool = True) -> Ticked:
    """A line that is well where there are no problems, and names MOST_NAMED of them."""
    state = WRONG if problems else WELL
    return Ticked(name, title, state, is_error, tuple(problems[:MOST_NAMED]), len(problems))


# --- preconditions


class _Records:
    """Reads the records of preconditions; those of one resource after the other are read once for all of them."""

    def __init__(self, opened: OpenFlow) -> None:
        self.opened = opened
        self._held: tuple[tuple[str, str], list[dict[str, Json]]] | None = None

    def of(self, each: Reading) -> list[dict[str, Json]]:
        """The records that are meant, of the first MOST_READ."""
        place = (each.connector, each.resource)
        if self._held is None or self._held[0] != place:
            self._held = None  # what was held is let go before the next is read
            self._held = (place, self._read(each))
        records = self._held[1]
        if not each.where:
            return records
        found = _evaluated(self.opened, {"where": each.where}, records)
        return [record for record, values in zip(records, found, strict=True) if values["where"] is True]

    def _read(self, each: Reading) -> list[dict[str, Json]]:
        system = self.opened.systems[each.connector]
        if system.resource(each.resource).operation("read") is None:
            return [system.get(each.resource)]
        pages = chain.from_iterable(page.records for page in system.read(each.resource))
        return list(islice(pages, MOST_READ))


def _looked(records: _Records, precondition: Precondition) -> Ticked:
    opened = records.opened
    line = Ticked(precondition.name, precondition.title, WELL, precondition.is_error)
    line = replace(line, what_to_do=precondition.what_to_do)
    where = f"{opened.name}, {precondition.title}"
    try:
        if precondition.each is None:
            offenders = _of_the_whole(opened, precondition)
        else:
            offenders = _of_records(records, precondition, precondition.each)
    except StudioError as error:
        told = error.as_problem()
        problem = Problem(where, f"it cannot be told: {told.what}", told.what_to_do, told.code, told.caret)
        return replace(line, state=UNKNOWN, problems=(problem,))
    if not offenders:
        return line
    problems = tuple(Problem(where, what, precondition.what_to_do) for what in offenders[:MOST_NAMED])
    return replace(line, state=WRONG, problems=problems, offenders=len(offenders))


def _of_the_whole(opened: OpenFlow, precondition: Precondition) -> list[str]:
    found = _evaluated(opened, {"holds": precondition.holds or "true"}, [{}])[0]
    return [] if found["holds"] is True else ["it is not so"]


def _of_records(read: _Records, precondition: Precondition, each: Reading) -> list[str]:
    """What offends: the names of records that do not hold, or that share what should be one's own."""
    opened, system = read.opened, read.opened.systems[each.connector]
    records = read.of(each)
    asked = {"names": precondition.names, "proposal": precondition.proposal}
    asked |= {"unique": precondition.unique} if precondition.unique else {"holds": precondition.holds}
    found = _evaluated(opened, {name: formula for name, formula in asked.items() if formula}, records)
    called = [_called(system, each, record, values) for record, values in zip(records, found, strict=True)]
    if precondition.unique:
        offenders = list(_alike(found, called))
    else:
        offenders = [name for name, values in zip(called, found, strict=True) if values["holds"] is not True]
    return offenders


def _alike(found: list[dict[str, Json]], called: list[str]) -> Iterator[str]:
    """Each value that several records have, with their names."""
    by_value: dict[str, list[str]] = defaultdict(list)
    for values, name in zip(found, called, strict=True):
        if values["unique"] is not MISSING and values["unique"] is not None:
            by_value[str(values["unique"])].append(name)
    for value, names in by_value.items():
        if len(names) > 1:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            yield f"“{_short(value)}” is that of {len(names)}: {'; '.join(names[:MOST_NAMED])}{more}"


def _called(system: System, each: Reading, record: dict[str, Json], values: Mapping[str, Json]) -> str:
    """What people call a record, with the repair that is proposed."""
    name = values.get("names", MISSING)
    if name is MISSING or name is None:
        name = system.number_of(each.resource, record) or system.key_of(each.resource, record) or "one without a name"
    proposal = values.get("proposal", MISSING)
    repair = f"; proposed: {_short(str(proposal))}" if proposal is not MISSING and proposal is not None else ""
    return f"{_short(str(name))}{repair}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_CHARS else line[: _MOST_CHARS - 1] + "…"


def _evaluated(opened: OpenFlow, formulas: Mapping[str, str], records: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """The values of formulas over each record; raises the first error."""
    program = opened.formulas.program(formulas)
    results = opened.formulas.evaluate(program, opened.environment, [(record, {}) for record in records])
    return [{name: _value(evaluation) for name, evaluation in found.items()} for found in results]


def _value(evaluation: Evaluation) -> Json:
    if evaluation.error is not None:
        raise evaluation.error
    return evaluation.value
