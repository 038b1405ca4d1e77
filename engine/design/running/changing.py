"""Bindings changed as people ask for it: checked against the flow, kept with who did it, never half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.connectors.connector import Connector
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.questionnaire import answer_problems
from engine.design.running.schedule_words import as_document, check_schedules
from engine.documents.workspace import did_you_mean
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Flow, Schedule
from engine.flows.library import LoadedFlow, load_flow
from engine.runs.bindings import DEFAULT, Bound, binding_names, bound, unsaved
from engine.runs.bindings import name_problem as name_problem  # the studio asks it, too
from engine.runs.clients import stored_connection
from engine.runs.company import account_of, in_words
from engine.runs.ledger.bindings import Change, StoredBinding

LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to change; what is not named stays.

    connections: "" for that of the system's own name; answers, lookups: None for what the flow's file says;
    whole_lookups: those whose rows here are taken away first; own_schedules: back to those of the flow.
    """

    title: str | None = None
    connections: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Json] = field(default_factory=dict)
    lookups: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    whole_lookups: frozenset[str] = frozenset()
    schedules: tuple[Schedule, ...] | None = None
    own_schedules: bool = False
    is_on: bool | None = None

    @property
    def is_of_rows(self) -> bool:
        """Does only what lookups say here change?"""
        return self == Wanted(lookups=self.lookups, whole_lookups=self.whole_lookups)


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of a binding that a change was meant for: when it was saved, None for one that was not there."""

    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A system whose account is another one from now on, in words."""

    system: str
    title: str
    before: str
    now: str


def change_binding(
    desk: Desk, flow_name: str, name: str, wanted: Wanted, who: str, *, seen: Seen | None = None
) -> Bound:
    """Change a binding, or make it; DocumentError says everything that is wrong, and nothing is changed.

    Rows of lookups take the role “mend”, all else “design”. seen: refused where somebody else changed it since.
    """
    if wanted.is_of_rows and name in binding_names(desk.ledger, flow_name):
        desk.person.must(Role.MEND, "change rows of a binding")
    else:
        desk.person.must(Role.DESIGN, "change a binding")
    loaded = load_flow(desk.workspace, flow_name)
    where = place(flow_name, name)
    problems = [problem] if (problem := name_problem(name, flow_name)) is not None else []
    problems += wanted_problems(desk, loaded, wanted, where)
    if problems:
        raise DocumentError(problems)
    if wanted.schedules is not None:
        check_schedules(wanted.schedules, f"{where}, schedules")

    def change(before: StoredBinding) -> StoredBinding:
        if seen is not None and seen.saved_at != before.saved_at:
            raise DocumentError([_changed_meanwhile(where, before)])
        is_untouched = name == DEFAULT and before.saved_at is None
        after = changed(unsaved(loaded.flow) if is_untouched else before, wanted)
        check_answers(loaded.flow, after, wanted, where)
        return after

    save_change(desk, flow_name, name, change, who, _told(wanted))
    return bound(desk.ledger, loaded, name)


@needs(Role.MEND, "change rows of a binding")
def save_change(desk: Desk, flow_name: str, name: str, change: Change, who: str, details: dict[str, Json]) -> None:
    """Keep a binding as `change` makes it; with other connections and nothing booked it begins afresh."""
    is_moved = False

    def noticed(before: StoredBinding) -> StoredBinding:
        nonlocal is_moved
        after = change(before)
        is_moved = after.connections != before.connections
        return after

    desk.ledger.change_binding(flow_name, name, noticed, desk.clock.now(), who=who, details=details)
    if is_moved and not desk.ledger.records_of_binding(flow_name, name):
        desk.ledger.begin_afresh(flow_name, name)  # the next accounts are the first


def changed(before: StoredBinding, wanted: Wanted) -> StoredBinding:
    """The binding with the changes in it."""
    lookups = {n: dict(rows) for n, rows in before.lookups.items() if n not in wanted.whole_lookups}
    for lookup, rows in wanted.lookups.items():
        lookups[lookup] = _over(lookups.get(lookup, {}), rows)
    schedules = before.schedules
    if wanted.schedules is not None:
        schedules = tuple(as_document(schedule) for schedule in wanted.schedules)
    return replace(
        before,
        title=before.title if wanted.title is None else wanted.title.strip(),
        connections=_over(before.connections, {system: held or None for system, held in wanted.connections.items()}),
        answers=_over(before.answers, wanted.answers),
        lookups={lookup: rows for lookup, rows in lookups.items() if rows},
        schedules=None if wanted.own_schedules else schedules,
        is_on=before.is_on if wanted.is_on is None else wanted.is_on,
    )


@needs(Role.DESIGN, "remove a binding")
def remove_binding(desk: Desk, flow_name: str, name: str, who: str, *, keep_records: bool = False) -> int:
    """Forget a binding; how many records of it stay in the ledger. Refused where there are any, unless they may stay.

    The default one is as the flow's file says again.
    """
    if name not in binding_names(desk.ledger, flow_name):
        bound(desk.ledger, load_flow(desk.workspace, flow_name), name)  # says which there are
    count = desk.ledger.records_of_binding(flow_name, name)
    if count and not keep_records and name != DEFAULT:
        advice = f"Switch it off: `bindings {flow_name} {name} --off`. With --keep-records it goes and they stay."
        raise DocumentError([Problem(place(flow_name, name), f"it has {count} records in the ledger", advice)])
    desk.ledger.remove_binding(flow_name, name)
    desk.ledger.unplan_flow(flow_name, name)
    if name != DEFAULT:
        desk.ledger.free_queues(flow_name, name)  # the default one stays, as its flow does
    if not count:
        desk.ledger.begin_afresh(flow_name, name)
    desk.ledger.note("unbound", who, desk.clock.now(), flow=flow_name, binding=name, details={"records": count})
    return count


@needs(Role.ADMINISTER, "accept another account")
def accept_accounts(desk: Desk, flow_name: str, name: str, who: str) -> list[Accepted]:
    """Say that the accounts which answer now are right; those that differ from before. Reads their facts only."""
    loaded = load_flow(desk.workspace, flow_name)
    held = bound(desk.ledger, loaded, name)
    known, now, found = desk.ledger.accounts(flow_name, name), desk.clock.now(), []
    accounts = {system: account_now(desk, connector, held, now) for system, connector in loaded.connectors.items()}
    for system, account in accounts.items():
        before = known.get(system)
        if account and (before is None or before.facts != account):
            desk.ledger.accept_account(flow_name, name, system, account, who, now)
            said = in_words(before.facts) if before else ""
            found.append(Accepted(system, loaded.connectors[system].title, said, in_words(account)))
    return found


def account_now(desk: Desk, connector: Connector, held: Bound, now: datetime) -> dict[str, Json]:
    """The account of this system that answers now; reads its facts only."""
    stored = stored_connection(desk.ledger, connector, held.connections[connector.name])
    with desk.system(connector, stored, now) as system:
        return account_of(connector, system.facts())


def place(flow_name: str, name: str) -> str:
    """Where a problem of a binding is."""
    return f"{flow_name}, binding {name}"


# --- what is wrong


def wanted_problems(
    desk: Desk, loaded: LoadedFlow, wanted: Wanted, where: str, *, may_be_missing: bool = False
) -> list[Problem]:
    """What cannot be, whatever the binding is so far. may_be_missing: connections that are not there yet."""
    problems = []
    if wanted.title is not None and (len(wanted.title) > LONGEST_TITLE or not wanted.title.isprintable()):
        advice = f"Give one line of at most {LONGEST_TITLE} characters."
        problems.append(Problem(f"{where}, title", "it is too long, or more than a line", advice))
    stored = {each.name: each.connector for each in desk.ledger.connections()}
    for system, connection in wanted.connections.items():
        if not (may_be_missing and system in loaded.connectors and connection not in stored):
            problems += _connection_problems(loaded, system, connection, stored, where)
    for lookup, rows in wanted.lookups.items():
        problems += _row_problems(loaded.flow, lookup, rows, where)
    return problems


def _connection_problems(
    loaded: LoadedFlow, system: str, connection: str, stored: Mapping[str, str], where: str
) -> list[Problem]:
    place_of = f"{where}, connection of {system}"
    if system not in loaded.connectors:
        close = did_you_mean(system, loaded.connectors)
        advice = f"Did you mean `{close}`?" if close else f"Its systems are {', '.join(loaded.connectors)}."
        return [Problem(place_of, f"the flow does not speak to {system}", advice)]
    if connection in ("", system):
        return []
    mine = sorted(name for name, connector in stored.items() if connector == system)
    if connection in mine:
        return []
    if connection in stored:
        what = f"{connection} is a connection of {stored[connection]}"
    else:
        what = f"there is no connection {connection}"
    known = f"There are: {', '.join(mine)}. " if mine else ""
    advice = f"{known}Make one with `connect {system} --as NAME --answers FILE`."
    return [Problem(place_of, what, advice)]


def _row_problems(flow: Flow, name: str, rows: Mapping[str, Json], where: str) -> list[Problem]:
    place_of = f"{where}, lookup {name}"
    lookup = flow.lookups.get(name)
    if lookup is None:
        close = did_you_mean(name, flow.lookups)
        known = ", ".join(flow.lookups) or "none"
        advice = f"Did you mean `{close}`?" if close else f"Its lookups are: {known}."
        return [Problem(place_of, "the flow has no such lookup", advice)]
    if lookup.refers is not None and lookup.refers.every and rows:
        advice = "Make the record there; the next run knows it."
        return [Problem(place_of, f"its rows are all {lookup.refers.resource} of {lookup.refers.connector}", advice)]
    wrong = [
        key
        for key, value in rows.items()
        if isinstance(value, (dict, list)) or (lookup.refers is not None and not isinstance(value, str | None))
    ]
    return [Problem(f"{place_of}, {key}", "a row gives one value", "Give a text or a number.") for key in wrong]


def check_answers(flow: Flow, after: StoredBinding, wanted: Wanted, where: str) -> None:
    """DocumentError for answers that are changed now and do not fit; one that is missing is told before a run."""
    named = [name for name, value in wanted.answers.items() if value is not None]
    problems = [
        problem
        for problem in answer_problems(flow.questions, flow.answers(after.answers), where)
        if any(problem.where == f"{where}, {name}" or f"`{name}`" in problem.what for name in named)
    ]
    if problems:
        raise DocumentError(problems)


def _changed_meanwhile(where: str, before: StoredBinding) -> Problem:
    when = f" at {before.saved_at:%Y-%m-%d %H:%M:%S} UTC" if before.saved_at else ""
    what = f"somebody else changed it{when}, after it was shown here; nothing of yours was saved"
    return Problem(where, what, "Look at it again, and make your change once more.")


# --- pieces


def _over(before: Mapping[str, Json], changes: Mapping[str, Json]) -> dict[str, Json]:
    """Changes over what was; None takes a name away."""
    whole = {**before, **changes}
    return {name: value for name, value in whole.items() if value is not None}


def _told(wanted: Wanted) -> dict[str, Json]:
    """What the audit log keeps of a change: no answers and no rows, which may say something of people."""
    schedules = "the flow's" if wanted.own_schedules else [as_document(each) for each in wanted.schedules or ()]
    told: dict[str, Json] = {
        "connections": dict(wanted.connections),
        "answers": sorted(wanted.answers),
        "lookups": sorted({*wanted.lookups, *wanted.whole_lookups}),
        "schedules": schedules,
        "on": wanted.is_on,
        "title": wanted.title,
    }
    return {name: value for name, value in told.items() if value not in ({}, [], None)}
