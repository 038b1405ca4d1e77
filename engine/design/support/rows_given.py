"""A missing row of a lookup, given where it is missed: kept with the record's binding, so that it counts at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.design.desk import Desk
from engine.design.lookups.cells import common_kind, value_of
from engine.design.lookups.meanings import key_meanings
from engine.design.lookups.options import Options, options
from engine.design.lookups.proposals import Proposal, proposals
from engine.design.lookups.tables import Table, Value, table_of
from engine.design.people.rights import Role, needs
from engine.design.running.changing import Seen, Wanted, change_binding
from engine.errors import DocumentError, Problem
from engine.flows.library import load_flow
from engine.formulas.words import Speech, Translations
from engine.runs.bindings import bound
from engine.runs.ledger import StoredRecord

__all__ = ["Options", "Proposal", "RowChoices", "give_row", "row_choices"]


@dataclass(frozen=True, slots=True)
class RowChoices:
    """What a missing row may say. options: records of the target, none where rows name no records or it cannot be
    asked; has_row: somebody gave it one meanwhile; is_read: its rows are the target's own, so that nobody writes them.
    """

    table: Table
    title: str
    key: str
    options: Options
    proposal: Proposal | None
    seen: Seen
    has_row: bool

    @property
    def is_read(self) -> bool:
        return self.table.is_read


def row_choices(
    things: Desk, record: StoredRecord, lookup: str, key: str, translations: Translations | None = None
) -> RowChoices:
    """What a key may be given for this record's binding; the target is asked, at most once a minute.

    DocumentError where the flow or its lookup cannot be read.
    """
    loaded = load_flow(things.workspace, record.flow)
    held = bound(things.ledger, loaded, record.binding)
    table = _with_rows(table_of(loaded, lookup), held.lookups.get(lookup, {}))
    connections = held.connections
    known = options(things, loaded, table, translations=translations, connections=connections)
    has_row = key in (known.rows() if table.is_read and known.is_known else table.rows)
    proposed = None
    if not (has_row or table.is_read):
        proposed = proposals(table, [key], list(known), key_meanings(things, loaded)).get(key)
    title = Speech(translations).titled(table.title)
    return RowChoices(table, title, key, known, proposed, Seen(held.saved_at), has_row)


@needs(Role.MEND, "give a lookup a row")
def give_row(things: Desk, record: StoredRecord, choices: RowChoices, text: str, who: str) -> None:
    """Give the key its row in this record's binding; from now on every run and replay there knows it.

    DocumentError where it cannot be, or where somebody else changed the binding since.
    """
    if not text:
        advice = "Choose what it stands for."
        raise DocumentError([Problem(choices.title, f"“{choices.key[:60]}” is given nothing", advice)])
    wanted = Wanted(lookups={choices.table.name: {choices.key: _value(choices.table, text)}})
    change_binding(things, record.flow, record.binding, wanted, who, seen=choices.seen)


def _with_rows(table: Table, own: object) -> Table:
    return replace(table, rows={**table.rows, **own}) if isinstance(own, dict) and own else table


def _value(table: Table, text: str) -> Value:
    """As a value of the table's kind, where it is one; a row that names a record names it by a text."""
    if table.refers is not None:
        return text
    try:
        return value_of(text, common_kind(table.rows.values()))
    except ValueError:
        return text
