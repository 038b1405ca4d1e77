"""The table of functions that see the run they are called in: its lookups and its zone."""

from __future__ import annotations

from engine.formulas.functions import lookups, times
from engine.formulas.functions.function import Function

RUNS = (
    Function(
        "table",
        "lookup, key",
        "The value a lookup has for a key; the lookup says what happens to keys without a row.",
        '$table("countries", "se")',
        '"SE"',
        "<xx:x>",
        lookups.table,
        sees_run=True,
    ),
    Function(
        "local_date",
        "time, zone",
        "The calendar date on which a moment falls in a time zone.",
        '$local_date("2026-11-20T23:30:00Z", "Europe/Stockholm")',
        '"2026-11-21"',
        "<x-x:s>",
        times.local_date,
        sees_run=True,
    ),
    Function(
        "in_zone",
        "time, zone",
        "The same moment as a clock in the time zone shows it, with its offset.",
        '$in_zone("2026-11-20T23:30:00Z", "Europe/Stockholm")',
        '"2026-11-21T00:30:00+01:00"',
        "<x-x:s>",
        times.in_zone,
        sees_run=True,
    ),
)
