"""Rows that name a record which the target no longer has, or no longer offers."""

from __future__ import annotations

from collections.abc import Mapping

from engine.design.desk import Desk
from engine.design.lookups.cells import shown
from engine.design.lookups.options import Options, options
from engine.design.lookups.tables import Table, tables_of
from engine.errors import Problem
from engine.flows.library import LoadedFlow


def problems(desk: Desk, loaded: LoadedFlow) -> list[Problem]:
    """Every row of a flow whose record is gone; nothing of lookups whose target cannot be asked."""
    found: list[Problem] = []
    for table in tables_of(loaded).values():
        if table.refers is not None and not table.is_read:
            found += gone_rows(table, options(desk, loaded, table)).values()
    return found


def gone_rows(table: Table, known: Options) -> Mapping[str, Problem]:
    """By key, what is wrong with rows that name no record; nothing where the records are not known."""
    if table.refers is None or table.is_read or not known.is_known:
        return {}
    is_open = {option.value: option.is_open for option in reversed(known.all)}
    is_open |= {option.value: True for option in known}
    return {
        key: _problem(table, key, shown(value), known, shown(value) in is_open)
        for key, value in table.rows.items()
        if not is_open.get(shown(value), False)
    }


def _problem(table: Table, key: str, name: str, known: Options, is_there: bool) -> Problem:
    if is_there:
        what = f"{known.system} has “{name[:80]}”, but it is none of those that may be used here"
        advice = "Choose another one, or make it usable there."
    elif not name:
        what, advice = "it names nothing", f"Choose one of {known.system}."
    else:
        what = f"{known.system} has nothing called “{name[:80]}”"
        advice = "Choose another one, or make it there: until then what needs the row is parked."
    return Problem(f"lookups.{table.name}, row “{key[:60]}”", what, advice)
