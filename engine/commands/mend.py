"""`mend`: a value of one record, put in here over what the source says, or taken back; nothing is sent by it."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.caller import caller, of_caller
from engine.commands.output import Output
from engine.commands.telling import bound_words, moment, shown
from engine.design.desk import Desk, command_line, desk
from engine.design.replays import records_named
from engine.design.support.leaves import path_of, path_text
from engine.design.support.mending import Shown, mend, mended_values, take_back
from engine.errors import DocumentError, Json, Problem
from engine.formulas import MISSING
from engine.runs.ledger import StoredRecord

ALL_WELL = 0


def run(asked: Namespace) -> int:
    """0 where all of it was kept; without a change it tells what is mended."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        record = _record(things, asked)
        record = _changed(of_caller(things, asked), record, asked)
        tell_mended(mended_values(things, record), output)
        is_changed = bool(asked.set or asked.nothing or asked.take_back)
        if not record.mended.fields:
            output.text("Every value is the source's own." if is_changed else "No value of it is mended.")
        if is_changed:
            words = ("replay", record.number or record.key, *bound_words(record.binding))
            output.text(
                f"Nothing was sent. To look at what would be, and send it: {command_line(asked.workspace, *words)}"
            )
    return ALL_WELL


def _record(things: Desk, asked: Namespace) -> StoredRecord:
    [found] = records_named(things, [asked.key], asked.flow, asked.binding)
    record = things.ledger.record_by_id(found.id)
    assert record is not None
    return record


def _changed(things: Desk, record: StoredRecord, asked: Namespace) -> StoredRecord:
    """With all changes in it, one after the other; what could not be done leaves those before it."""
    who = caller(asked)
    for text in asked.take_back:
        record = take_back(things, record, path_of(text), who)
    for text in asked.nothing:
        record = mend(things, record, path_of(text), None, who)
    for text in asked.set:
        path, mark, value = text.partition("=")
        if not mark:
            advice = "Write it as --set customer.email=anna@example.com."
            raise DocumentError([Problem(f"--set {text[:60]}", "it names no value", advice)])
        record = mend(things, record, path_of(path), value, who)
    return record


def tell_mended(values: list[Shown], output: Output) -> None:
    """Each value that was mended, with what the source has, and whether it still counts."""
    for each in values:
        output.object(
            "mended",
            path=path_text(each.path),
            title=each.title,
            was=_or_none(each.was),
            value=each.value,
            by=each.who,
            at=each.at.isoformat(),
            holds=each.holds,
        )
        counts = "" if each.holds else "; the source has changed it since, and its own value counts again"
        by = f"mended by {each.who} on {moment(each.at)}{counts}"
        output.text(f"{each.title}: {shown(each.was)} → {shown(each.value)} ({by})")


def _or_none(value: Json) -> Json:
    return None if value is MISSING else value
