"""`reconcile`: the source's days beside what is in the target, and each difference with its story."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.commands.output import Output
from engine.commands.progress import Progress
from engine.commands.telling import called
from engine.design.desk import command_line, desk
from engine.design.running.reconciled import amounts_in_words, as_csv, counting, plain_money, sums_as_json
from engine.documents.saving import save
from engine.runs.reconciling import Day, Difference, Reconciling

ALL_WELL, SOMETHING_DIFFERS = 0, 1
MOST_SHOWN = 200


def run(asked: Namespace) -> int:
    """Exit code 1 where something differs, 3 where a system could not be reached."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        loaded = things.load(asked.flow)
        title = called(loaded.flow.title, asked.binding)
        progress = Progress(title, quiet=output.as_json)
        with progress, things.opened(loaded, progress.waits, asked.binding) as opened, ThreadPoolExecutor(4) as pool:
            target = opened.systems[loaded.flow.target()].title
            work = Reconciling(opened, things.ledger, pool, progress.read)
            days = work.days(asked.first, asked.last or asked.first)
            source = opened.source.title
    _tell(days, (title, source, target), output, asked)
    if asked.csv is not None:
        save(Path(asked.csv), as_csv(days), called="the CSV file")
        output.text(f"\nWritten to {asked.csv}.")
    return ALL_WELL if all(day.agrees for day in days) else SOMETHING_DIFFERS


def _tell(days: Sequence[Day], names: tuple[str, str, str], output: Output, asked: Namespace) -> None:
    title, source, target = names
    for day in days:
        output.object(
            "day",
            day=day.day,
            agrees=day.agrees,
            source=sums_as_json(day.source),
            target=sums_as_json(day.target),
            held_back=sums_as_json(day.held_back),
        )
    columns = ("day", source, "", target, "", "held back", "")
    output.table(columns, [_row(day) for day in days], title=title)
    wrong, said = counting(days)
    for difference in (*wrong, *said):
        output.object("difference", **difference.as_json())
    _list("what differs", wrong, output)
    _list("what is as the flow wants it", said, output)
    if not wrong:
        output.text("\nEverything agrees.")
    elif any(each.key for each in wrong):
        first = next(each for each in wrong if each.key)
        explain = command_line(asked.workspace, "explain", first.number or first.key, "--flow", asked.flow)
        output.text(f"\nThe story of one record: {explain}")


def _row(day: Day) -> tuple[str, ...]:
    held_back = day.held_back
    return (
        day.day,
        str(day.source.count),
        amounts_in_words(day.source),
        str(day.target.count),
        amounts_in_words(day.target),
        str(held_back.count or ""),
        "agrees" if day.agrees else "differs",
    )


def _list(title: str, differences: Sequence[Difference], output: Output) -> None:
    if not differences:
        return
    rows = [
        (each.number or each.key, each.day, each.kind, plain_money(each.source), plain_money(each.target), each.story)
        for each in differences[:MOST_SHOWN]
    ]
    output.text()
    output.table((title, "day", "", "source", "target", "why"), rows)
    if len(differences) > MOST_SHOWN:
        output.text(f"… and {len(differences) - MOST_SHOWN} more; --csv and --json have them all")
