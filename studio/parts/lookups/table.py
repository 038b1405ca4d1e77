"""The rows of a value table in a grid: typed, chosen, added, dropped; saved as one goes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import pandas  # type: ignore[import-untyped]  # it says no types
import streamlit as st

from engine.design.lookups import KINDS, Coverage, Options, Table, Value, kind_of, shown
from engine.design.people.rights import Role
from engine.errors import Problem
from studio.parts.lookups.work import LookupWork
from studio.parts.trouble import show_problems
from studio.person import may
from studio.words import _, written

_ROW_HEIGHT, _MOST_HEIGHT = 32, 610


def draw_table(work: LookupWork, held: Coverage, known: Options, gone: Mapping[str, Problem]) -> None:
    """The grid; for rows that are read from the target, a plain list."""
    if work.table.is_read:
        _draw_read(work, held, known)
        return
    show_problems(work.unsaved)
    if work.shown is None:
        work.shown = work.table
        work.frame = _frame(work, held, work.table.rows, gone)
    columns = _columns(work.shown, known)
    named = any(work.frame["called"])
    noted = any(work.frame["note"])
    order = [
        "key",
        *(["called"] if named else []),
        "value",
        *([] if work.shown.refers is not None else ["kind"]),
        *(["note"] if noted else []),
        *_counted(held),
    ]
    st.data_editor(
        _typed(work.frame),
        key=work.grid_key,
        num_rows="dynamic" if may(Role.DESIGN) else "fixed",
        hide_index=True,
        column_order=order,
        column_config=columns,
        disabled=["called", "records", "newest", "note"] if may(Role.DESIGN) else True,
        row_height=_ROW_HEIGHT,
        height=min(_MOST_HEIGHT, _ROW_HEIGHT * (len(work.shown.rows) + 3) + 2),
        placeholder="",
        on_change=work.take_grid,
        alt=_("Rows of {title}", title=written(work.shown.title)),
    )
    work.is_drawn = True


def _frame(
    work: LookupWork, held: Coverage, rows: Mapping[str, Value], gone: Mapping[str, Problem]
) -> dict[str, list[Any]]:
    """Column by column what the grid shows."""
    used = {each.key: each for each in (*held.used.values(), *held.missing)}
    return {
        "key": list(rows),
        "called": [work.sheet.meanings.title(key) for key in rows],
        "value": [shown(value) for value in rows.values()],
        "kind": [kind_of(value) for value in rows.values()],
        "records": [used[key].count if key in used else 0 for key in rows],
        "newest": [used[key].newest if key in used else "" for key in rows],
        "note": [_note(key, held, gone) for key in rows],
    }


def _typed(frame: Mapping[str, list[Any]]) -> pandas.DataFrame:
    """With the kind of each column said, for an empty one has none of its own."""
    numbers = {"records": "Int64"}
    return pandas.DataFrame({name: pandas.array(held, numbers.get(name, "string")) for name, held in frame.items()})


def _counted(held: Coverage) -> list[str]:
    """The columns of what was counted; of examples and samples none is the newest."""
    if not held.looked_at:
        return []
    return ["records", "newest"] if held.source == "stored" else ["records"]


def _note(key: str, held: Coverage, gone: Mapping[str, Problem]) -> str:
    if key in gone:
        return f"⚠ {_('not there in the target')}"
    if any(unicodedata.category(character) in ("Cf", "Cc") for character in key):
        return f"⚠ {_('invisible characters')}"
    return _("never used") if key in held.unused else ""


def _columns(table: Table, known: Options) -> dict[str, Any]:
    config = st.column_config
    value: Any = config.TextColumn(_("Target value"), width=210)
    if table.refers is not None:
        value = config.TextColumn(_("Target value"), width=210, required=True)
        if known.is_known:
            says = {option.value: option.meaning for option in known}
            names = list(dict.fromkeys([*says, *(shown(held) for held in table.rows.values())]))
            value = config.SelectboxColumn(
                _("Target value"),
                options=names,
                required=True,
                width=210,
                format_func=lambda name: " · ".join(filter(None, (str(name), says.get(str(name))))),
                help=_("The names are those of the connected system."),
            )
    kinds = {"text": _("text"), "number": _("number"), "yes/no": _("yes/no"), "nothing": _("nothing")}
    return {
        "key": config.TextColumn(_("Source value"), width=160, required=True),
        "called": config.TextColumn(_("Called"), width=100, help=_("What the source calls it.")),
        "value": value,
        "kind": config.SelectboxColumn(
            _("Type"), options=list(KINDS), format_func=lambda kind: kinds[str(kind)], width=80
        ),
        "records": config.NumberColumn(_("Records"), width=70, help=_("In how many records it occurs.")),
        "newest": config.TextColumn(_("Newest"), width=80, help=_("The newest record with it.")),
        "note": config.TextColumn(_("Note"), width=120),
    }


def _draw_read(work: LookupWork, held: Coverage, known: Options) -> None:
    """Rows that nobody writes."""
    st.caption(_("These rows are read from the target with each run; change them there."))
    rows = work.sheet.rows(work.name)
    if not rows:
        if known.is_known:
            st.info(_("The target has none."), icon=":material/info:")
        return
    frame = _frame(work, held, rows, {})
    st.dataframe(
        _typed({name: frame[name] for name in ("key", "value", "records", "newest")}),
        hide_index=True,
        column_config={**_columns(work.table, Options()), "value": st.column_config.TextColumn(_("Target value"))},
        column_order=["key", "value", *_counted(held)],
        row_height=_ROW_HEIGHT,
        height=min(_MOST_HEIGHT, _ROW_HEIGHT * (len(rows) + 1) + 2),
    )
