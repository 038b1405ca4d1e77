"""`diff`: what differs between the draft and what is published, or between two versions, in words."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from engine.commands.output import Output
from engine.commands.telling import shown
from engine.design.desk import desk
from engine.design.differences import Change
from engine.design.impact import Impact, RecordImpact, impact, impact_in_words
from engine.design.versions import differences
from engine.errors import Json

MOST_CHARS = 200
MOST_RECORDS = 20  # that are told one by one


def run(asked: Namespace) -> int:
    """Always 0, whether something differs or not."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        found = differences(things, asked.flow, asked.a, asked.b)
        if asked.records and found.changes:
            texts = {"text": found.after_text, "before": found.before_text}
            changed = impact(things, asked.flow, **texts, binding=asked.binding, most=asked.records)
        else:
            changed = None
    output.object("compared", flow=asked.flow, before=found.before, after=found.after, changes=len(found.changes))
    if not found.changes:
        same = f"{found.before} and {found.after} are the same"
        output.text(
            f"{asked.flow}: {same if found.before != found.after else 'there is nothing else to compare with'}."
        )
        return 0
    output.text(f"{asked.flow}: from {found.before} to {found.after}\n")
    tell_changes(found.changes, output)
    many = len(found.changes)
    output.text(f"{many} difference{'' if many == 1 else 's'}.")
    if changed is not None:
        tell_impact(changed, output)
    return 0


def tell_impact(found: Impact, output: Output) -> None:
    """How many records would be otherwise, and each of them with what differs."""
    output.object(
        "impact",
        looked=found.looked,
        changed=len(found.records),
        failing=len(found.failing),
        mended=len(found.mended),
        fields=dict(found.fields()),
        has_run=found.has_run,
    )
    output.text(f"\n{impact_in_words(found)}")
    for one in found.records[:MOST_RECORDS]:
        output.object("record", **one.as_json())
        output.text(f"  {one.number or one.key}: {_otherwise(one)}")
    if len(found.records) > MOST_RECORDS:
        output.text(f"  and {len(found.records) - MOST_RECORDS} more; --json lists them all.")


def _otherwise(one: RecordImpact) -> str:
    if one.problem is not None and one.fails_newly:
        return f"would be parked: {shown(str(one.problem), MOST_CHARS)}"
    if one.before != one.now:
        return f"is {one.before} today, would be {one.now}" + (f": {one.reason}" if one.reason else "")
    return ", ".join(each.path for each in one.fields)


def tell_changes(changes: Iterable[Change], output: Output) -> None:
    """Each change with what was there and what is there now."""
    for change in changes:
        output.object("change", **change.as_json())
        output.text(f"  {change.says}")
        for sign, value, words in (("-", change.before, change.before_words), ("+", change.after, change.after_words)):
            if value is not None or words:
                output.text(f"    {sign} {_side(value, words)}")


def _side(value: Json, words: str) -> str:
    text = shown(value, MOST_CHARS) if value is not None else ""
    if isinstance(value, str | dict) and words and text and words != value:
        return f"{text}\n      {shown(words, MOST_CHARS)}"
    return shown(words, MOST_CHARS) or text
