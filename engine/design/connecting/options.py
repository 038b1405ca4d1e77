"""The answers there are to choose from, read from a system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.connectors.connector import Connector
from engine.connectors.exchange import Exchange
from engine.connectors.system import System
from engine.design.connecting.diagnosis import diagnose
from engine.design.connecting.keeping import as_stored
from engine.design.connecting.trial_tokens import TrialVault
from engine.design.connecting.trying import opened
from engine.design.desk import Desk
from engine.design.people.rights import Role
from engine.design.questionnaire import LiveOptions, Option, Question
from engine.errors import DocumentError, FormulaError, Json, Problem, StudioError
from engine.flows.library import load_connector
from engine.formulas import MISSING, Environment
from engine.runs.clients import LedgerVault, stored_connection

MOST_OPTIONS = 1_000


def options(
    desk: Desk,
    connector: Connector | None,
    question: Question,
    answers: Mapping[str, Json] | None = None,
    *,
    allow_private: bool = False,
    connections: Mapping[str, str] = MappingProxyType({}),
) -> list[Option]:
    """The options of a question that has live ones, sorted by what people read; its own ones otherwise.

    connector: whose question it is (None: a flow's); answers: those typed so far, else the kept connection is
    asked; connections: by system its name, where it is not the system's own. DocumentError says why the system does
    not tell; answers that were typed take the role “administer”.
    """
    live = question.live
    if live is None:
        return list(question.options)
    source = load_connector(desk.workspace, live.connector) if live.connector else connector
    if source is None or live.resource not in source.resources:
        what = f"its options should be read from {live.resource}, which is not there"
        raise DocumentError([Problem(question.title, what, "Mend `x-options` of the question.")])
    exchanges: list[Exchange] = []
    try:
        if answers is None or live.connector:
            stored = stored_connection(desk.ledger, source, connections.get(source.name, source.name))
            with opened(desk, source, stored, LedgerVault(desk.ledger, desk.clock), exchanges) as system:
                return _read(desk, system, live)
        desk.person.must(Role.ADMINISTER, "connect a system")
        stored = as_stored(desk, source, answers, allow_private=allow_private)
        with opened(desk, source, stored, TrialVault(desk.ledger, desk.clock, source, answers), exchanges) as system:
            return _read(desk, system, live)
    except DocumentError:
        raise
    except StudioError as error:
        known = answers or {}
        raise DocumentError([diagnose(error, source, known, exchanges, allow_private=allow_private).problem]) from error


def _read(desk: Desk, system: System, live: LiveOptions) -> list[Option]:
    found: dict[str, Option] = {}
    for option in _of_records(desk, system.all(live.resource), live):
        found.setdefault(repr(option.value), option)
        if len(found) >= MOST_OPTIONS:
            break
    return sorted(found.values(), key=lambda option: option.title.casefold())


def _of_records(desk: Desk, records: Sequence[dict[str, Json]], live: LiveOptions) -> list[Option]:
    """One option for each record that is wanted; a formula that fails on a record is told, not passed over."""
    formulas = {"by": live.by, "gives": live.gives} | ({"where": live.where} if live.where else {})
    environment = Environment(now=desk.clock.now(), variables={}, lookups={})
    results = desk.formulas.evaluate(desk.formulas.program(formulas), environment, [(r, {}) for r in records])
    made = []
    for result in results:
        values: dict[str, Json] = {}
        for name, evaluation in result.items():
            if isinstance(evaluation.error, FormulaError):
                raise evaluation.error
            values[name] = None if evaluation.value is MISSING else evaluation.value
        if values["gives"] is not None and values.get("where", True) is True:
            made.append(Option(values["gives"], str(values["by"] if values["by"] is not None else values["gives"])))
    return made
