"""$table: read a value table by key."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from engine.errors import Json
from engine.formulas.functions.texts import text_of
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind
from engine.formulas.surroundings import Surroundings


def table(around: Surroundings, table_name: Any, key: Any) -> Any:
    """The value in the table's row for the text of `key`; a missing key gives missing.

    M2001: no row, and the table says fail; or a row whose record is gone. M2002: no such table. M2003: the key is no
    text or number.
    """
    tables = around.tables
    chosen = tables.get(table_name) if isinstance(table_name, str) else None
    if chosen is not None and type(key) is str and around.used is None and key in chosen["rows"]:
        return chosen["rows"][key]  # what nearly every look-up comes to
    if chosen is None:
        raise _unknown(tables, table_name)
    if key is MISSING:
        return MISSING
    if key is None or not isinstance(key, str | int | float):
        raise Refused(
            "M2003",
            f"The lookup «{chosen['title']}» was asked for {kind(key)}; a key is a text or a number",
            "Point the formula at the field that holds the code, or give a default with ?? .",
        )
    if text_of(key) in chosen.get("gone", ()):
        raise Refused(
            "M2001",
            f"In the lookup «{chosen['title']}» the row ‹{text_of(key)[:80]}› names a record that is no longer there",
            "Choose another record for the row, or make it there again.",
        )
    found = _value(chosen, text_of(key))
    if around.used is not None:
        around.used.append((str(table_name), text_of(key), found))
    if found is not MISSING or chosen["otherwise"] == "leave_out":
        return found
    raise Refused(
        "M2001",
        f"The lookup «{chosen['title']}» has no row for ‹{text_of(key)[:80]}›",
        "Add the row, or say in the lookup what to do with keys it does not know.",
    )


def _value(table: Mapping[str, Json], key: str) -> Any:
    if key in table["rows"]:
        return table["rows"][key]
    return table["value"] if table["otherwise"] == "value" else MISSING


def _unknown(tables: Mapping[str, Any], name: Any) -> Refused:
    if not isinstance(name, str):
        return Refused(
            "M2002",
            f"$table needs the name of a lookup as its first argument, but it got {kind(name)}",
            'Write the name in quotes: $table("countries", country).',
        )
    near = difflib.get_close_matches(name, tables, n=1)
    if near:
        advice = f"Did you mean «{near[0]}»?"
    elif tables:
        advice = "The flow has: " + ", ".join(f"«{known}»" for known in sorted(tables)[:10]) + "."
    else:
        advice = "The flow has no lookups yet: add one."
    return Refused("M2002", f"There is no lookup named «{name[:80]}»", advice)
