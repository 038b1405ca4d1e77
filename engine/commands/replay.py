"""`replay`: what a record would become by another version of its flow, beside what was sent; and sending it, once."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import groupby

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.progress import Progress
from engine.commands.signals import first_finishes, stopped_by_signals
from engine.commands.telling import bound_words, called, moment, shown
from engine.design.desk import Desk, command_line, desk
from engine.design.replays import Mapped, as_then, flow_as, records_named, replay
from engine.errors import ExchangeError, RecordProblem
from engine.runs.ledger import StoredRecord
from engine.runs.replaying import Replay, Replayed, ReplayReport, Shown
from engine.runs.request_differences import DROPPED, LEFT, RequestChange
from engine.runs.results import PARKED, WAITING

ALL_WELL, SOMETHING_FAILED, NOT_REACHED = 0, 1, 3
MOST_FIELDS = 40  # of one request that are shown
MOST_CHARS = 100


def run(asked: Namespace) -> int:
    """Exit code 1 where a record is parked or would be, 3 where a system could not be reached."""
    output = Output(asked.json)
    codes = [ALL_WELL]
    with desk(asked.workspace) as things:
        records = records_named(things, asked.keys, asked.flow, asked.binding)
        for mapped, some in _mapped(things, records, asked):
            codes.append(_one_way(things, mapped, some, asked, output))
    return max(codes)


def _mapped(things: Desk, records: list[StoredRecord], asked: Namespace) -> Iterator[tuple[Mapped, list[StoredRecord]]]:
    """The records with how they are mapped; “as then” each by its own run."""
    if not asked.as_then:
        yield flow_as(things, records[0].flow, asked.version), records
        return
    then = sorted(((as_then(things, record), record) for record in records), key=lambda pair: pair[0].run_id or 0)
    for _, group in groupby(then, key=lambda pair: pair[0].run_id):
        pairs = list(group)
        yield pairs[0][0], [record for _, record in pairs]


def _one_way(things: Desk, mapped: Mapped, records: list[StoredRecord], asked: Namespace, output: Output) -> int:
    """Show records that are mapped in one way, and send them if that is wanted."""
    manner = mapped.manner(update=asked.update, as_well=asked.as_well, not_there=asked.not_there)
    flow = mapped.loaded.flow
    title = called(flow.title, asked.binding)
    output.text(f"{title}, {mapped.label}")
    if mapped.files:
        output.text(f"Its connectors have changed since: {', '.join(mapped.files)}. Those of today are used.")
    progress = Progress(title, quiet=output.as_json)
    with replay(things, mapped, manner, binding=asked.binding, on_wait=progress.waits) as work:
        code, sendable = _show(work, records, asked, output)
        if not sendable:
            return code
        if not asked.send and not _agrees(len(sendable), output):
            words = ("replay", *asked.keys, *_said_again(asked, flow.name), "--send", "--by", "NAME")
            output.text(f"\nNothing was sent. To send it: {command_line(asked.workspace, *words)}")
            return code
        with progress, stopped_by_signals(first_finishes(work.stop)):
            report = work.send(
                [record.key for record in sendable], caller(asked), again=asked.again, told=_counted(progress)
            )
    return max(code, _tell(report, len(sendable), output))


def _said_again(asked: Namespace, flow: str) -> list[str]:
    words = ["--flow", flow, *bound_words(asked.binding)]
    words += ["--version", asked.version] if asked.version else []
    return words + [
        f"--{name.replace('_', '-')}" for name in ("as_then", "update", "as_well", "not_there") if getattr(asked, name)
    ]


def _agrees(count: int, output: Output) -> bool:
    """Ask at a terminal; nobody is asked in a pipe, and nothing is sent."""
    if output.as_json or not is_at_terminal():
        return False
    what = "this record" if count == 1 else f"these {count} records"
    try:
        return input(f"\nSend {what} now? [y/N] ").strip().casefold() in ("y", "yes")
    except EOFError:  # the terminal was closed, or Ctrl-D
        return False


def is_at_terminal() -> bool:
    """Is there somebody who reads a question and can answer it?"""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _counted(progress: Progress) -> Callable[[Replayed], None]:
    def told(replayed: Replayed) -> None:
        progress.delivered(replayed.record, replayed.delivered)

    return told


# --- showing


def _show(
    work: Replay, records: list[StoredRecord], asked: Namespace, output: Output
) -> tuple[int, list[StoredRecord]]:
    """Show what would be sent for each; the code so far, and those for which something would be."""
    from engine.commands.main import exit_code_of, tell_error

    code, sendable = ALL_WELL, []
    for record in records:
        output.text(f"\n{_name(record)}")
        try:
            found = work.show(record.key)
        except (RecordProblem, ExchangeError) as error:
            tell_error(error, output)
            code = max(code, exit_code_of(error))
            continue
        _show_one(found, asked, output)
        if found.is_wanted(again=asked.again):
            sendable.append(record)
        if found.delivered.outcome == PARKED:
            code = max(code, SOMETHING_FAILED)
    return code, sendable


def _name(record: StoredRecord) -> str:
    made = f", {record.target_number} in the target" if record.target_number else ""
    return f"{record.number or record.key}{made}"


def _show_one(found: Shown, asked: Namespace, output: Output) -> None:
    record, earlier = found.record, found.earlier
    output.object(
        "replay",
        flow=record.flow,
        binding=record.binding,
        key=record.key,
        number=record.number,
        outcome=found.delivered.outcome,
        reason=found.delivered.reason,
        problems=[problem.as_json() for problem in found.delivered.problems],
        changes=[change.as_json() for change in found.changes],
        fetched=found.was_fetched,
        sent_before_kept=bool(found.before),
        earlier={"by": earlier.who, "at": earlier.at.isoformat(), "state": earlier.state} if earlier else None,
    )
    if found.was_fetched:
        output.text("  Its content was purged after the retention time: it was read anew from the source.")
    if found.held_back:
        output.text(f"  This version does not take it ({found.held_back}); nothing is sent.")
        return
    if found.changes and not found.before:
        output.text("  What was sent is not kept (never sent, or purged): the difference is against nothing.")
    for change in found.changes:
        _show_change(change, output, is_updating=asked.update)
    if found.delivered.reason:
        output.text(f"  {found.delivered.reason}")
    if found.is_made_anew:
        output.text("  It was made before, is not found any more, and is made anew, as you say.")
    for problem in found.delivered.problems:
        output.text("  It would be parked: " + str(problem).replace("\n", "\n  "))
    if not found.sends and found.delivered.outcome != PARKED:
        output.text("  Nothing would be sent that was not sent so before.")
    if earlier is not None:
        _show_earlier(found, output, again=asked.again)


def _show_earlier(found: Shown, output: Output, *, again: bool) -> None:
    earlier = found.earlier
    assert earlier is not None
    began = f"{earlier.who} replayed it in this way on {moment(earlier.at)}"
    if earlier.is_open:
        output.text(f"  {began}, and that did not come to its end: what was begun is looked up and goes on.")
    elif not earlier.has_settled(found.record.state):
        output.text(f"  {began}, and it stayed parked: it is tried again.")
    elif again:
        output.text(f"  {began} ({earlier.state}); it is sent again, as you say.")
    else:
        made = f" as {found.record.target_number}" if found.record.target_number else ""
        output.text(f"  {began}: {earlier.state}{made}. It is not sent again without --again.")


def _show_change(change: RequestChange, output: Output, *, is_updating: bool) -> None:
    before, now = change.before, change.now
    was = f"{before.method} {before.target} on {moment(before.at)}" if before is not None else ""
    if change.becomes == DROPPED:
        output.text(f"  {change.step}: {was} is not sent any more")
        return
    assert now is not None
    if change.becomes == LEFT:
        if not (change.is_main or change.fields):
            return  # nothing to tell
        hint = " (--update changes it)" if change.is_main and not is_updating else ""
        output.text(f"  {change.step}: already there as {change.there_as}: nothing is sent{hint}")
    else:
        output.text(f"  {change.step}: {now.method} {now.target}{f', before {was}' if was else ''}")
    if not change.fields:
        output.text("    no difference")
    for each in change.fields[:MOST_FIELDS]:
        output.text(f"    {each.path or 'the whole body'}")
        output.text(f"      - {shown(each.before, MOST_CHARS)}")
        output.text(f"      + {shown(each.now, MOST_CHARS)}")
    if len(change.fields) > MOST_FIELDS:
        output.text(f"    … and {len(change.fields) - MOST_FIELDS} more; --json has them all")


# --- what came of it


def _tell(report: ReplayReport, wanted: int, output: Output) -> int:
    from engine.commands.main import exit_code_of

    output.text()
    for replayed in report.done:
        _tell_one(replayed, output)
    left = wanted - len(report.done)
    code = ALL_WELL
    if report.stopped is not None:
        output.text(f"The replay stopped: {report.stopped}")
        code = exit_code_of(report.stopped)
    if left:
        output.text(f"{left} of {wanted} were not begun. The same call goes on with them.")
        code = code or SOMETHING_FAILED
    output.object("replayed_all", run=report.run_id, done=len(report.done), left=left, stopped=_or_none(report.stopped))
    outcomes = {replayed.delivered.outcome for replayed in report.done}
    if WAITING in outcomes or report.later:
        code = max(code, NOT_REACHED)
    return max(code, SOMETHING_FAILED if PARKED in outcomes else ALL_WELL)


def _or_none(error: Exception | None) -> str | None:
    return str(error) if error is not None else None


def _tell_one(replayed: Replayed, output: Output) -> None:
    record, result = replayed.record, replayed.delivered
    output.object(
        "replayed",
        key=record.key,
        number=record.number,
        outcome=result.outcome,
        reason=result.reason,
        target_number=result.target_number,
        problems=[problem.as_json() for problem in result.problems],
        before=replayed.earlier is not None,
    )
    made = f" as {result.target_number}" if result.target_number else ""
    reason = f": {result.reason}" if result.reason else ""
    if replayed.earlier is not None:
        made += f", by {replayed.earlier.who} on {moment(replayed.earlier.at)} already"
    output.text(f"{record.number or record.key}: {result.outcome}{made}{reason}")
    for problem in result.problems:
        output.text("    " + str(problem).replace("\n", "\n    "))
    if result.outcome == WAITING:
        output.text("    The same call goes on with it; what may have been made is looked up first.")
