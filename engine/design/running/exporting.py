"""Bindings written into a file and read from one, without secrets: what is missing where it is read is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from engine.connectors.connector import Connector
from engine.design.connecting.trying import needs_sign_in, not_signed_in_yet
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.running.changing import Wanted, changed, check_answers, place, save_change, wanted_problems
from engine.design.running.schedule_words import check_schedules
from engine.documents.schemas import validate
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem, StudioError
from engine.flows.flow import Schedule
from engine.flows.library import load_flow
from engine.runs.bindings import name_problem
from engine.runs.clients import stored_connection
from engine.runs.ledger.bindings import StoredBinding

MOST_BYTES = 8 * 1024 * 1024
FORM = 1


@dataclass(frozen=True, slots=True)
class Imported:
    """Bindings that were taken over, and what they lack here: connections, their secrets, a sign-in."""

    taken: tuple[tuple[str, str], ...]
    missing: tuple[Problem, ...]


def export_bindings(desk: Desk, flow: str = "", name: str = "") -> dict[str, Json]:
    """The bindings of a flow, or of all, as `bindings.schema.json` has them. No secret is in it, and no answer of a
    connection: only what connections are called and of which system they are.
    """
    found = desk.ledger.bindings(flow or None)
    if name:
        found = [each for each in found if each.name == name]
    systems = {each.name: each.connector for each in desk.ledger.connections()}
    named = sorted({connection for each in found for connection in each.connections.values()})
    return {
        "form": FORM,
        "connections": {connection: systems[connection] for connection in named if connection in systems},
        "bindings": [_document(desk, each) for each in found],
    }


def _document(desk: Desk, stored: StoredBinding) -> dict[str, Json]:
    secret = _secret_questions(desk, stored.flow)
    held: dict[str, Json] = {
        "title": stored.title,
        "connections": dict(stored.connections),
        "answers": {name: value for name, value in stored.answers.items() if name not in secret},
        "lookups": {lookup: dict(rows) for lookup, rows in stored.lookups.items()},
    }
    document = {"flow": stored.flow, "name": stored.name, **{part: value for part, value in held.items() if value}}
    if stored.schedules is not None:
        document["schedules"] = [dict(each) for each in stored.schedules]
    return {**document, "on": stored.is_on}


def _secret_questions(desk: Desk, flow: str) -> set[str]:
    """Questions of a flow that are marked secret; a flow whose file cannot be read gives away no answer at all."""
    try:
        asked = load_flow(desk.workspace, flow).flow.questions.get("properties", {})
    except DocumentError:
        return {name for each in desk.ledger.bindings(flow) for name in each.answers}
    return {name for name, about in asked.items() if isinstance(about, Mapping) and about.get("x-secret")}


@needs(Role.DESIGN, "take over bindings from a file")
def import_bindings(desk: Desk, text: bytes | str, who: str, where: str, *, over: bool = False) -> Imported:
    """Take the bindings of a file over, all or none; DocumentError says everything that speaks against it.

    over: also where a binding of that name is there already. Connections that are missing keep nothing from being taken
    over: they are named, with the command that makes each.
    """
    document = read_strict(text, where=where, most_bytes=MOST_BYTES)
    problems = validate(document, "bindings", where)
    if problems:
        raise DocumentError(problems)
    bindings = document["bindings"]
    systems = document.get("connections", {})
    problems = list(_refusals(desk, bindings, systems, where, over=over))
    if problems:
        raise DocumentError(problems)
    for about in bindings:
        connections = about.get("connections", {})
        details = {"imported": True, "connections": connections}
        save_change(desk, about["flow"], about["name"], partial(_in_place_of, about), who, details)
    taken = tuple((about["flow"], about["name"]) for about in bindings)
    return Imported(taken, tuple(_missing(desk, bindings)))


def wanted_of(about: Mapping[str, Json]) -> Wanted:
    """A change from its document (`binding.schema.json`)."""
    schedules = about.get("schedules")
    return Wanted(
        title=about.get("title"),
        connections=about.get("connections", {}),
        answers=about.get("answers", {}),
        lookups=about.get("lookups", {}),
        whole_lookups=frozenset(about.get("lookups", {})),
        schedules=None if schedules is None else tuple(Schedule(**each) for each in schedules),
        is_on=about.get("on"),
    )


def _in_place_of(about: Mapping[str, Json], before: StoredBinding) -> StoredBinding:
    """The binding as the document has it, and nothing of what it was before."""
    return changed(StoredBinding(before.flow, before.name, saved_at=before.saved_at), wanted_of(about))


def _refusals(
    desk: Desk, bindings: list[Mapping[str, Json]], systems: Mapping[str, str], where: str, *, over: bool
) -> Iterator[Problem]:
    """What speaks against taking them over."""
    stored = {each.name: each.connector for each in desk.ledger.connections()}
    seen: set[tuple[str, str]] = set()
    for about in bindings:
        flow, name, wanted = about["flow"], about["name"], wanted_of(about)
        its_place = place(flow, name)
        yield from filter(None, [name_problem(name, where)])
        if (flow, name) in seen:
            yield Problem(where, f"{its_place}, stands twice in it", "Take one of them out.")
        seen.add((flow, name))
        try:
            loaded = load_flow(desk.workspace, flow)
            check_schedules(wanted.schedules or (), its_place)
            check_answers(loaded.flow, _in_place_of(about, StoredBinding(flow, name)), wanted, its_place)
        except DocumentError as error:
            yield from error.problems
            continue
        yield from wanted_problems(desk, loaded, wanted, its_place, may_be_missing=True)
        for system, connection in wanted.connections.items():
            named = None if connection == system else name_problem(connection, its_place)
            if named is not None:
                yield named
            elif systems.get(connection, system) != system or stored.get(connection, system) != system:
                what = (
                    f"{connection} is a connection of {stored.get(connection) or systems[connection]}, not of {system}"
                )
                yield Problem(its_place, what, "Mend the file, or give the connection another name in it.")
        if not over and desk.ledger.binding(flow, name) is not None:
            advice = "With --over it is replaced; or give it another name in the file."
            yield Problem(its_place, "there is such a binding already", advice)


def _missing(desk: Desk, bindings: list[Mapping[str, Json]]) -> Iterator[Problem]:
    """The connections that the bindings need and that are not complete here."""
    seen: set[tuple[str, str]] = set()
    for about in bindings:
        for system, connector in load_flow(desk.workspace, about["flow"]).connectors.items():
            connection = about.get("connections", {}).get(system, system)
            if (system, connection) in seen:
                continue
            seen.add((system, connection))
            problem = _lacks(desk, connector, connection)
            if problem is not None:
                yield problem


def _lacks(desk: Desk, connector: Connector, connection: str) -> Problem | None:
    """What a connection lacks before it can be used: all of it, an answer, a secret, a sign-in."""
    try:
        stored_connection(desk.ledger, connector, connection)
        lacks_sign_in = needs_sign_in(desk, connector, name=connection)
    except StudioError as error:  # it is not there, or sealed with another key
        return error.as_problem()
    return not_signed_in_yet(connector).problem if lacks_sign_in else None
