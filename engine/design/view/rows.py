"""A target field as the page shows it: formula, value, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from engine.design.view.findings import Finding, worst
from engine.design.view.shown import chip, shown
from engine.design.view.work import FieldWork, StepWork
from engine.errors import Json
from engine.formulas import MISSING
from engine.formulas.words import Speech, Template
from engine.mappings.mapping import FieldMapping

_MOST_VALUES = 3
NOTHING: Template = "The formula gives nothing for this record."


def field_row(made: StepWork, mapping: FieldMapping, findings: Sequence[Finding], say: Speech) -> dict[str, Json]:
    """A mapped field. value: its finished value, of several items the first ones and how many there are."""
    works = made.works(mapping.path)
    value, count = value_text(works)
    told = worst(findings)
    row: dict[str, Json] = {
        "formula": mapping.formula,
        "chip": chip(mapping.formula),
        "value": value,
        "status": told.severity if told is not None else "ok",
        "says": said(told) if told is not None else say(NOTHING) if value is None and works else "",
        "write": mapping.write,
    }
    notes = [finding.what for finding in findings if finding.severity == "note"]
    more = {"note": mapping.note, "count": count, "notes": notes}
    row |= {name: held for name, held in more.items() if held}
    if len(findings) > 1:
        row["problems"] = [finding.as_json() for finding in findings if finding.severity != "note"]
    return row


def missing_row(finding: Finding) -> dict[str, Json]:
    """A required field to which nothing is mapped."""
    return {"formula": "", "chip": "", "value": None, "status": "missing", "says": said(finding), "write": "always"}


def said(finding: Finding) -> str:
    """A finding in one line."""
    what = finding.what if finding.what.endswith((".", "!", "?", "…")) else finding.what + "."
    return f"{what} {finding.what_to_do}".strip()


def value_text(works: Sequence[FieldWork]) -> tuple[str | None, int]:
    """The value in words, and of how many items it is; 0 for a single one."""
    if not works:
        return None, 0
    if works[0].mapping.is_list:
        held = works[0].done.values[0] if works[0].done.values else MISSING
        many = 0 if held in (MISSING, None) else len(held) if isinstance(held, list) else 1
        return (None if works[0].error is not None else f"{many} ×"), many
    values = [value for work in works for value in work.done.values]
    if len(values) == 1:
        return shown(values[0]), 0
    first = [shown(value, 30) or "–" for value in values[:_MOST_VALUES]]
    if all(value is MISSING for value in values):
        return None, len(values)
    more = f" · … ({len(values)})" if len(values) > _MOST_VALUES else ""
    return " · ".join(first) + more, len(values)
