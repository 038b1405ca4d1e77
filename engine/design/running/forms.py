"""A binding as a form: which connections there are, the flow's questions and rows with what differs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.design.connecting.options import options
from engine.design.desk import Desk
from engine.design.localised import localised
from engine.design.questionnaire import Option, Question, asked
from engine.design.running.changing import Seen
from engine.design.running.schedule_words import in_words
from engine.errors import Json
from engine.flows.flow import Lookup, Schedule
from engine.flows.library import LoadedFlow
from engine.formulas.words import Translations
from engine.runs.bindings import DEFAULT, Bound, all_bound
from engine.runs.company import in_words as account_in_words


@dataclass(frozen=True, slots=True)
class ConnectionChoice:
    """A system of the flow: the connection that is used, and those there are."""

    system: str
    title: str
    chosen: str
    options: tuple[str, ...]

    @property
    def is_connected(self) -> bool:
        return self.chosen in self.options


@dataclass(frozen=True, slots=True)
class RowForm:
    """A row of a lookup. value: what counts here; of_flow: what the flow's file has, None for no such row; is_own: the
    binding says it.
    """

    key: str
    value: Json
    of_flow: Json
    is_own: bool


@dataclass(frozen=True, slots=True)
class LookupForm:
    """A lookup. refers: connector and resource whose records its rows name, "" for none; is_read: all rows are read
    there.
    """

    name: str
    title: str
    refers: tuple[str, str]
    is_read: bool
    rows: tuple[RowForm, ...]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Which account a system is, in words; who: accepted it in place of another, "" for the first."""

    system: str
    title: str
    account: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BindingForm:
    """All that can be changed of a binding. questions: with the answers that count here; own_answers: those that differ
    from the flow's; schedules: that count here; own_schedules: they are not the flow's; seen: for `change_binding`, so
    that nobody's change is lost; is_new: there is no such binding yet.
    """

    flow: str
    flow_title: str
    name: str
    title: str
    is_on: bool
    connections: tuple[ConnectionChoice, ...]
    questions: tuple[Question, ...]
    own_answers: frozenset[str]
    lookups: tuple[LookupForm, ...]
    schedules: tuple[Schedule, ...]
    schedule: str
    flow_schedule: str
    own_schedules: bool
    accounts: tuple[AccountRow, ...]
    seen: Seen
    is_new: bool


def form(
    desk: Desk,
    loaded: LoadedFlow,
    name: str = DEFAULT,
    answers: Mapping[str, Json] | None = None,
    translations: Translations | None = None,
) -> BindingForm:
    """The form of a binding; of one that is not there yet, an empty one. answers: typed so far, over those kept."""
    held = next((each for each in all_bound(desk.ledger, loaded) if each.name == name), None)
    is_new = held is None
    if held is None:
        held = Bound(loaded.flow.name, name, "", {system: system for system in loaded.connectors})
    shown = localised(loaded, translations)
    given = {**held.answers, **(answers or {})}
    kept = desk.ledger.accounts(loaded.flow.name, name)
    titles = {system: connector.title for system, connector in shown.connectors.items()}
    return BindingForm(
        flow=loaded.flow.name,
        flow_title=shown.flow.title,
        name=name,
        title=held.title,
        is_on=held.is_on,
        connections=_connections(desk, held, titles),
        questions=tuple(asked(shown.flow.questions, loaded.flow.answers(given))),
        own_answers=frozenset(given),
        lookups=tuple(_lookup(each, held) for each in shown.flow.lookups.values()),
        schedules=held.scheduled(loaded.flow),
        schedule=in_words(held.scheduled(loaded.flow), translations),
        flow_schedule=in_words(loaded.flow.schedules, translations),
        own_schedules=held.schedules is not None,
        accounts=tuple(
            AccountRow(system, titles.get(system, system), account_in_words(each.facts), each.who, each.at)
            for system, each in kept.items()
        ),
        seen=Seen(held.saved_at),
        is_new=is_new,
    )


def answer_options(desk: Desk, shown: BindingForm, question: Question) -> list[Option]:
    """The answers there are to choose from, read through the binding's connections; DocumentError says why not."""
    return options(desk, None, question, connections=_chosen(shown))


def _chosen(shown: BindingForm) -> dict[str, str]:
    return {each.system: each.chosen for each in shown.connections}


def _connections(desk: Desk, held: Bound, titles: Mapping[str, str]) -> tuple[ConnectionChoice, ...]:
    stored = desk.ledger.connections()
    return tuple(
        ConnectionChoice(
            system,
            titles[system],
            chosen,
            tuple(sorted(each.name for each in stored if each.connector == system)),
        )
        for system, chosen in held.connections.items()
    )


def _lookup(lookup: Lookup, held: Bound) -> LookupForm:
    own = held.lookups.get(lookup.name, {})
    keys = list(dict.fromkeys([*lookup.rows, *own]))
    rows = tuple(RowForm(key, own.get(key, lookup.rows.get(key)), lookup.rows.get(key), key in own) for key in keys)
    refers = (lookup.refers.connector, lookup.refers.resource) if lookup.refers else ("", "")
    return LookupForm(lookup.name, lookup.title, refers, bool(lookup.refers and lookup.refers.every), rows)
