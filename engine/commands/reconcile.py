"""`reconcile`: the source's days beside what is in the target, and each difference with its story."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from engine.commands.output import Output
from engine.commands.progress import Progress
from engine.commands.telling import called
from engine.design.desk import command_line, desk
from engine.design.lookups.cells import guarded
from engine.documents.saving import save
from engine.errors import Json
from engine.runs.reconciling import Day, Difference, Reconciling, Sums

ALL_WELL, SOMETHING_DIFFERS = 0, 1
_CSV = ("day", "what", "number", "key", "currency", "source", "target", "in the target", "story")
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
        _write(asked.csv, days)
        output.text(f"\nWritten to {asked.csv}.")
    return ALL_WELL if all(day.agrees for day in days) else SOMETHING_DIFFERS


def _tell(days: Sequence[Day], names: tuple[str, str, str], output: Output, asked: Namespace) -> None:
    title, source, target = names
    for day in days:
        output.object(
            "day",
            day=day.day,
            agrees=day.agrees,
            source=_as_json(day.source),
            target=_as_json(day.target),
            held_back=_as_json(day.held_back),
        )
    columns = ("day", source, "", target, "", "held back", "")
    output.table(columns, [_row(day) for day in days], title=title)
    wrong = [each for day in days for each in day.differences if each.counts]
    said = [each for day in days for each in day.differences if not each.counts]
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
        _amounts(day.source),
        str(day.target.count),
        _amounts(day.target),
        str(held_back.count or ""),
        "agrees" if day.agrees else "differs",
    )


def _amounts(sums: Sums) -> str:
    return ", ".join(f"{_money(amount)} {currency}".strip() for currency, amount in sorted(sums.amounts.items()))


def _money(amount: Decimal | None) -> str:
    """Two decimals at least, and every one there is."""
    if amount is None:
        return ""
    exponent = amount.normalize().as_tuple().exponent
    return f"{amount:.2f}" if isinstance(exponent, int) and exponent >= -2 else format(amount.normalize(), "f")


def _as_json(sums: Sums) -> dict[str, Json]:
    return {"count": sums.count, "sums": {currency: str(amount) for currency, amount in sums.amounts.items()}}


def _list(title: str, differences: Sequence[Difference], output: Output) -> None:
    if not differences:
        return
    rows = [
        (each.number or each.key, each.day, each.kind, _money(each.source), _money(each.target), each.story)
        for each in differences[:MOST_SHOWN]
    ]
    output.text()
    output.table((title, "day", "", "source", "target", "why"), rows)
    if len(differences) > MOST_SHOWN:
        output.text(f"… and {len(differences) - MOST_SHOWN} more; --csv and --json have them all")


def _write(file: str, days: Sequence[Day]) -> None:
    """Days and differences as CSV; what a spreadsheet would take for a formula is guarded."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(_CSV)
    for day in days:
        for currency in sorted({*day.source.amounts, *day.target.amounts}) or [""]:
            sums = (day.source.amounts.get(currency), day.target.amounts.get(currency))
            counts = f"{day.source.count} in the source, {day.target.count} in the target"
            if day.held_back.count:
                counts += f", {day.held_back.count} held back"
            what = "agrees" if day.agrees else "differs"
            writer.writerow([day.day, what, "", "", guarded(currency), *map(_money, sums), "", counts])
        for each in day.differences:
            texts = (each.kind, each.number, each.key, each.currency)
            amounts = (_money(each.source), _money(each.target))
            writer.writerow(
                [each.day, *map(guarded, texts), *amounts, guarded(", ".join(each.made)), guarded(each.story)]
            )
    save(Path(file), "\ufeff" + written.getvalue(), called="the CSV file")
