"""What the keys that records ask for find in a value table: rows used, rows never used, keys without a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.design.lookups.occurrences import EXAMPLES, SAMPLES, Occurrence, Occurrences
from engine.design.lookups.tables import Table, Value
from engine.errors import Problem


@dataclass(frozen=True, slots=True)
class Coverage:
    """One table against the records. used: by key; missing: keys without a row; unused: keys of rows nobody asked for.

    looked_at, source, is_partial: as in Occurrences.
    """

    table: Table
    used: dict[str, Occurrence]
    missing: tuple[Occurrence, ...]
    unused: tuple[str, ...]
    looked_at: int
    source: str
    is_partial: bool

    def problems(self) -> list[Problem]:
        """A problem for each key without a row: an error where it parks the record, else a note."""
        return [missing_problem(self, each) for each in self.missing]


def coverage(table: Table, found: Occurrences, rows: Mapping[str, Value] | None = None) -> Coverage:
    """The table against the keys that occur. Unused rows are only told where records were looked at.

    rows: those of a table that is read from the target; without them nothing is said to be missing there.
    """
    asked, known = found.of(table.name), table.rows if rows is None else rows
    used = {each.key: each for each in asked if each.key in known or (table.is_read and rows is None)}
    missing = tuple(each for each in asked if each.key not in used)
    unused = tuple(key for key in table.rows if key not in used) if found.looked_at else ()
    return Coverage(table, used, missing, unused, found.looked_at, found.source, found.is_partial)


def missing_problem(held: Coverage, each: Occurrence) -> Problem:
    """“pay_later” occurs in 4 records and has no row."""
    kind = {EXAMPLES: "example", SAMPLES: "sample record"}.get(held.source, "stored record")
    many = f"1 {kind}" if each.count == 1 else f"{each.count:,} {kind}s"
    what = f"“{each.key[:80]}” occurs in {many} and has no row"
    if each.newest:
        what += f"; the newest is {each.newest}" if each.count > 1 else f": {each.newest}"
    does = {
        "fail": "Add a row: until then such a record is parked.",
        "leave_out": "The field is left out; add a row if it should not be.",
        "value": "The value for everything else is taken; add a row if it should not be.",
    }[held.table.otherwise]
    severity = "error" if held.table.otherwise == "fail" else "note"
    return Problem(f"lookups.{held.table.name}", what, does, severity=severity)
