"""`history`: the latest runs, or the records a text finds."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from engine.commands.output import Output
from engine.commands.telling import called, moment, shown
from engine.design.desk import workspace_in
from engine.design.support.asking import find, zone_here
from engine.design.support.leaves import path_text
from engine.design.support.said import end_of, plain_amount, start_of
from engine.errors import Json
from engine.runs.ledger import Ledger, StoredRecord, StoredRun
from engine.runs.ledger.searches import Wanted

WIDE = 120  # columns that the table of runs needs
_COUNTS = ("read", "created", "updated", "unchanged", "skipped", "waiting", "parked")


def run(asked: Namespace) -> int:
    """Always 0: an empty history is one."""
    output = Output(asked.json)
    workspace = workspace_in(asked.workspace)
    with Ledger.open(workspace.ledger_path) as ledger:
        if asked.parked:
            flows = [asked.flow] if asked.flow else workspace.flow_names()
            parked = [record for flow in flows for record in ledger.parked(flow, asked.binding, limit=asked.limit)]
            _records(parked[: asked.limit], output, "Nothing is parked.")
        elif any((asked.find, asked.amount, asked.first, asked.last, asked.outcome)):
            _found(ledger, asked, output)
        else:
            _runs(ledger, asked, output)
    return 0


def _runs(ledger: Ledger, asked: Namespace, output: Output) -> None:
    runs = ledger.runs(asked.flow, asked.limit, binding=asked.binding)
    for one in runs:
        output.object(
            "run",
            run=one.id,
            flow=one.flow,
            binding=one.binding,
            version=one.version,
            mode=one.mode,
            state=one.state,
            started_at=one.started_at.isoformat(),
            ended_at=one.ended_at.isoformat() if one.ended_at else None,
            counts=one.counts,
            problem=one.problem.as_json() if one.problem else None,
            stopped_by=one.stopped_by or None,
        )
    if not runs:
        output.text("Nothing has run yet.")
        return
    if output.is_narrow(WIDE):
        for one in runs:
            counts = ", ".join(f"{one.counts[name]} {name}" for name in _COUNTS if one.counts.get(name))
            flow = called(one.flow, one.binding)
            output.text(f"run {one.id}  {moment(one.started_at)}  {one.state}  {flow}: {counts or 'nothing'}")
    else:
        output.table(("run", "flow", "started", "took", "state", *_COUNTS), [_row(one) for one in runs])
    _problems(runs, output)


def _problems(runs: list[StoredRun], output: Output) -> None:
    for one in runs:
        if one.problem:
            output.text(f"run {one.id}: {one.problem}")
        if one.stopped_by:
            output.text(f"run {one.id}: {one.stopped_by} asked it to stop")


def _row(one: StoredRun) -> list[str]:
    took = f"{(one.ended_at - one.started_at).total_seconds():.1f} s" if one.ended_at else ""
    counts = [str(one.counts.get(name, "")) for name in _COUNTS]
    return [str(one.id), called(one.flow, one.binding), moment(one.started_at), took, one.state, *counts]


def _found(ledger: Ledger, asked: Namespace, output: Output) -> None:
    zone = zone_here()
    wanted = Wanted(
        asked.find or "",
        asked.flow,
        asked.binding,
        (asked.outcome,) if asked.outcome else (),
        amounts=asked.amount,
        since=start_of(asked.first, zone) if asked.first else None,
        until=end_of(asked.last, zone) if asked.last else None,
    )
    found = find(ledger, wanted, zone, asked.limit)
    by = f" by “{asked.find}”" if asked.find else " so"
    _records(found.records, output, f"No record is found{by}. `explain KEY` says what was read.")
    if found.more:
        output.text(f"These are the first {asked.limit}; --limit shows more.")


def _mended(record: StoredRecord) -> dict[str, Json]:
    """Which values were put in for it, where any were."""
    return {"mended": [path_text(each.path) for each in record.mended.holds]} if record.mended.holds else {}


def _records(records: Sequence[StoredRecord], output: Output, none: str) -> None:
    for record in records:
        output.object(
            "record",
            flow=record.flow,
            binding=record.binding,
            key=record.key,
            number=record.number,
            state=record.state,
            reason=record.reason,
            target_number=record.target_number,
            amount=None if record.amount is None else plain_amount(record.amount),
            currency=record.currency,
            changed_at=record.changed_at.isoformat(),
            **_mended(record),
        )
    if not records:
        output.text(none)
        return
    rows = [
        (
            r.number or r.key,
            r.state,
            r.target_number or "",
            "" if r.amount is None else f"{plain_amount(r.amount)} {r.currency or ''}".strip(),
            moment(r.changed_at),
            shown(f"{r.reason} (values mended here)" if r.mended.holds else r.reason, 100).strip(),
            called(r.flow, r.binding),
        )
        for r in records
    ]
    output.table(("record", "state", "in the target", "amount", "since", "why", "flow"), rows)
