"""What a flow's formulas see of its connected systems: their facts, and the records that its lookups name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.design.desk import Desk
from engine.design.view.around import Live
from engine.design.view.kept import Shelf
from engine.design.view.live import Told
from engine.errors import ConnectionMissing, FormulaError, Json, Problem
from engine.flows.flow import Lookup, Reference
from engine.flows.library import LoadedFlow
from engine.formulas import Environment
from engine.runs.clients import stored_connection
from engine.runs.lookups import rows_by_name
from engine.runs.reading import flow_formulas

_FACTS = re.compile(r"\$facts\b")


def live_of(desk: Desk, shelf: Shelf, loaded: LoadedFlow, wait: float = 0.0) -> Live:
    """What is known now of a flow's systems; what is missing is being read from now on."""
    flow = loaded.flow
    wants_facts = any(_FACTS.search(formula) for _, formula in flow_formulas(flow))
    wanted: dict[str, set[str]] = {name: set() for name in loaded.connectors} if wants_facts else {}
    for lookup in flow.lookups.values():
        if lookup.refers is not None:
            wanted.setdefault(lookup.refers.connector, set()).add(lookup.refers.resource)
    told: dict[str, Told] = {}
    why: dict[str, str] = {}
    is_reading = False
    for name, resources in wanted.items():
        connector = loaded.connectors.get(name)
        if connector is None:
            continue
        try:
            stored = stored_connection(desk.ledger, connector, name)
        except ConnectionMissing as missing:
            why[name] = (
                f"Needs a connection to {connector.title}." if desk.ledger.connection(name) is None else str(missing)
            )
            continue
        known = frozenset(resources & set(connector.resources))
        found = shelf.live.told(desk, connector, stored, known, wants_facts, wait)
        if found is None:
            is_reading, why[name] = True, f"Just being read from {connector.title}."
        elif found.why:
            why[name] = found.why
        else:
            told[name] = found
    facts = {name: held.facts for name, held in told.items() if held.facts is not None}
    rows, problems = _rows(desk, shelf, loaded, told, facts)
    return Live(facts, rows, why, tuple(problems), is_reading)


def _rows(
    desk: Desk,
    shelf: Shelf,
    loaded: LoadedFlow,
    told: Mapping[str, Told],
    facts: Mapping[str, Mapping[str, Json]],
) -> tuple[dict[str, dict[str, Json]], list[Problem]]:
    """The rows of the lookups that name records, and which rows name none."""
    rows: dict[str, dict[str, Json]] = {}
    problems: list[Problem] = []
    for name, lookup in loaded.flow.lookups.items():
        refers = lookup.refers
        records = told[refers.connector].records.get(refers.resource) if refers and refers.connector in told else None
        if refers is None or records is None:
            continue
        try:
            known = _known(desk, shelf, loaded, refers, records, facts)
        except FormulaError as error:
            problems.append(Problem(f"lookups.{name}.refers", error.what, error.what_to_do, error.code, error.caret))
            continue
        rows[name] = known if refers.every else {key: known.get(str(held), held) for key, held in lookup.rows.items()}
        problems += [] if refers.every else _unknown(loaded, lookup, known)
    return rows, problems


def _known(
    desk: Desk,
    shelf: Shelf,
    loaded: LoadedFlow,
    refers: Reference,
    records: list[dict[str, Json]],
    facts: Mapping[str, Mapping[str, Json]],
) -> dict[str, Json]:
    """What the records of a reference give, by what they are called; worked out once for each reading."""
    answers = shelf.memo.same(loaded.flow.answers())
    variables: dict[str, Json] = {"answers": answers, "facts": {name: dict(held) for name, held in facts.items()}}

    def work() -> tuple[dict[str, Json], Json, Json]:
        environment = Environment(desk.clock.now(), variables)
        return rows_by_name(refers, records, desk.formulas, environment), records, answers

    return shelf.findings.made(("rows", refers, id(records), id(answers)), work)[0]


def _unknown(loaded: LoadedFlow, lookup: Lookup, known: Iterable[str]) -> list[Problem]:
    """A problem for each row that names a record the system does not have."""
    names = set(known)
    assert lookup.refers is not None
    title = loaded.connectors[lookup.refers.connector].title
    return [
        Problem(
            f"lookups.{lookup.name}.rows",
            f"{title} has nothing called “{name}”, which the row “{key}” of “{lookup.title}” names",
            "Choose one of its records for the row, or make it there.",
        )
        for key, name in lookup.rows.items()
        if str(name) not in names
    ]
