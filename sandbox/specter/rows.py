"""Numbered fields: `articleNo_1`, `articleNo_2` (specter.md, Writes: "rows `articleNo_N`")."""

from __future__ import annotations

import re

from sandbox.specter.choices import Choices
from sandbox.specter.refusals import MISSING, WRONG, Refused

NUMBERED = re.compile(r"([A-Za-z]+)_([1-9][0-9]{0,4})")


def numbers_in(form: dict[str, str], name: str) -> list[int]:
    """Give the numbers under which that field stands, in order."""
    found = (NUMBERED.fullmatch(field) for field in form)
    return sorted(int(one[2]) for one in found if one and one[1] == name)


def rows_of(form: dict[str, str], names: tuple[str, ...], choices: Choices) -> list[dict[str, str]]:
    """Gather the numbered fields of those names into rows."""
    rows: dict[int, dict[str, str]] = {}
    for field, value in form.items():
        one = NUMBERED.fullmatch(field)
        if one and one[1] in names:
            rows.setdefault(int(one[2]), {})[one[1]] = value
    numbers = sorted(rows)
    if not numbers:
        raise Refused(MISSING, "articleNo_1 is missing.")
    # not documented: where numbers begin, and whether one may be left out
    whole = [number for place, number in enumerate(numbers, 1) if number == place]
    if len(whole) < len(numbers):
        if choices.row_gaps == "refuse":
            raise Refused(WRONG, f"Rows are numbered 1, 2, 3; {len(whole) + 1} is left out.")
        if choices.row_gaps == "stop":
            numbers = whole
    return [{"": str(number), **rows[number]} for number in numbers]
