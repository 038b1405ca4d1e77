"""`explain`: the story of a record, in words."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from engine.commands.mend import tell_mended
from engine.commands.output import Output
from engine.commands.telling import bound_words, called, moment, shown, tell_fields
from engine.design.desk import Desk, command_line, desk
from engine.design.replays import version_of
from engine.design.support.mending import mended_values
from engine.design.versions import label_of
from engine.errors import DocumentError
from engine.runs.bindings import binding_names
from engine.runs.ledger import StoredExchange
from engine.runs.results import UNKNOWN
from engine.runs.shared_reads import shared_reads
from engine.runs.story import NeverSeen, Story, body_of, never_seen, stories

_STATES = {
    "due": "is to be delivered by the next run",
    "waiting": "waits",
    "skipped": "was skipped",
    "parked": "is parked",
    "created": "arrived",
    "updated": "arrived, and was updated",
    "unchanged": "had arrived already; nothing was changed",
}


def run(asked: Namespace) -> int:
    """Exit code 0 where a story was told, 1 where the record was never seen."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        found = stories(things.ledger, things.formulas, asked.key, asked.flow, binding=asked.binding)
        for story in found:
            _tell(story, things, output, asked.workspace, full=asked.requests)
        if not found:
            _tell_never_seen(things, asked, output)
    return 0 if found else 1


def _tell(story: Story, things: Desk, output: Output, folder: str, *, full: bool) -> None:
    record = story.record
    output.object(
        "record",
        flow=record.flow,
        binding=record.binding,
        key=record.key,
        number=record.number,
        state=record.state,
        reason=record.reason,
        target_number=record.target_number,
        first_seen=record.first_seen.isoformat(),
        last_seen=record.last_seen.isoformat(),
        problems=[p.as_json() for p in record.problems],
    )
    arrived = f" as {record.target_number}" if record.target_number else ""
    reason = f": {record.reason}" if record.reason else ""
    output.text(f"{record.number or record.key} {_STATES.get(record.state, record.state)}{arrived}{reason}.")
    output.text(f"Flow {called(record.flow, record.binding)}: {story.title}. Key in the source: {record.key}.")
    if record.source_time:
        output.text(f"{moment(record.source_time)}  made in the source")
    output.text(f"{moment(record.first_seen)}  first seen; last seen {moment(record.last_seen)}")
    _tell_outcomes(story, things, output)
    _tell_exchanges(story, shared_reads(things.ledger, record, story.loaded), output, full=full)
    _tell_mended(story, things, output)
    tell_fields(story.fields, output, story.loaded)
    if story.fields_missing:
        output.text(f"\nIts fields cannot be shown: {story.fields_missing}.")
    _tell_way_out(story, output, folder)
    output.text()


def _tell_mended(story: Story, things: Desk, output: Output) -> None:
    """What a person put in for this record, and who did it, also where the values are forgotten by now."""
    values = mended_values(things, story.record)
    if values:
        output.text("\nvalues mended for this record")
        tell_mended(values, output)
    elif story.record.payload is None and (last := things.ledger.mendings(story.record)[-1:]):
        output.text(f"{last[0].who} mended values of it; they were forgotten with its content.")


def _tell_outcomes(story: Story, things: Desk, output: Output) -> None:
    for outcome in story.outcomes:
        version = story.versions.get(outcome.run_id or 0, "")
        who = story.replayed.get(outcome.run_id or 0)
        numbered = version_of(things, story.record.flow, version, outcome.at, is_replay=who is not None)
        label = label_of(numbered) if numbered else f"version {version[:8]}"
        replayed = f", replayed by {who}" if who else ""
        output.object(
            "outcome",
            run=outcome.run_id,
            version=version,
            version_number=numbered.number if numbered else None,
            outcome=outcome.outcome,
            reason=outcome.reason,
            attempt=outcome.attempt,
            at=outcome.at.isoformat(),
            target_number=outcome.target_number,
            problems=[p.as_json() for p in outcome.problems],
            replayed_by=who,
        )
        more = f" as {outcome.target_number}" if outcome.target_number else ""
        reason = f": {outcome.reason}" if outcome.reason else ""
        run = f"run {outcome.run_id} ({label} of the flow{replayed})"
        output.text(f"{moment(outcome.at)}  {run}: {outcome.outcome}{more}{reason}")
        for problem in outcome.problems:
            output.text("    " + str(problem).replace("\n", "\n    "))
        if outcome.next_attempt_at:
            output.text(f"    tried again from {moment(outcome.next_attempt_at)}")
    for replay in story.unfinished:
        output.object("unfinished_replay", by=replay.who, at=replay.at.isoformat(), run=replay.run_id)
        began = f"{moment(replay.at)}  {replay.who} began a replay"
        output.text(f"{began} that did not come to its end; the same call goes on with it")


def _tell_exchanges(story: Story, shared: list[StoredExchange], output: Output, *, full: bool) -> None:
    if shared:
        output.text("\nread together with other records")
    for kept in shared:  # what they say of the others is only shown where it is asked for
        _tell_exchange(kept, output, ("sent", "answered") if full else (), full=full, shared=True)
    if story.exchanges:
        output.text("\nwhat was sent and answered")
    for kept in story.exchanges:
        bodies = ("sent", "answered") if full or kept.exchange.problem else ("sent",)
        _tell_exchange(kept, output, bodies, full=full)


def _tell_exchange(
    kept: StoredExchange, output: Output, bodies: tuple[str, ...], *, full: bool, shared: bool = False
) -> None:
    exchange = kept.exchange
    told: dict[str, Any] = {"shared": True} if shared else {}
    if full or not shared:
        told |= {"request": body_of(exchange.request_body), "reply": body_of(exchange.reply_body)}
    output.object(
        "exchange",
        step=kept.step,
        run=kept.run_id,
        at=kept.at.isoformat(),
        method=exchange.method,
        url=exchange.url,
        status=exchange.status,
        attempt=exchange.attempt,
        seconds=round(exchange.seconds, 4),
        problem=exchange.problem,
        **({"note": exchange.note} if exchange.note else {}),
        **told,
    )
    status = exchange.status or "no answer"
    problem = f" ({exchange.problem})" if exchange.problem else ""
    output.text(f"  {moment(kept.at)}  {kept.step}: {exchange.method} {_target(kept)} → {status}{problem}")
    if exchange.note:
        output.text(f"      {exchange.note}")
    for label, body in (("sent", exchange.request_body), ("answered", exchange.reply_body)):
        if body and label in bodies:
            output.text(f"      {label} {body if full else shown(body, 200)}")


def _target(kept: StoredExchange) -> str:
    return kept.exchange.url.split("://", 1)[-1].partition("/")[2] or kept.exchange.url


def _tell_way_out(story: Story, output: Output, folder: str) -> None:
    record = story.record
    if record.state == "parked":
        words = ("run", record.flow, "--only", record.number or record.key, *bound_words(record.binding))
        if record.reason.startswith(UNKNOWN):
            output.text(f"\nIf it is in the target:     {command_line(folder, *words, '--made-as', 'NUMBER')}")
            output.text(f"If it is surely not there: {command_line(folder, *words, '--not-there')}")
        else:
            output.text(f"\nOnce the cause is mended: {command_line(folder, *words)}")
    elif record.state == "waiting":
        output.text("\nIt is looked at again with every run.")


def _tell_never_seen(things: Desk, asked: Namespace, output: Output) -> None:
    output.text(f"No record is known by “{asked.key}”.")
    for name in [asked.flow] if asked.flow else things.workspace.flow_names():
        try:
            loaded = things.load(name)
        except DocumentError as error:
            output.problems(error.problems)
            continue
        for binding in [asked.binding] if asked.binding else binding_names(things.ledger, name):
            _tell_windows(never_seen(things.ledger, loaded, binding), binding, output, asked.workspace)


def _tell_windows(known: NeverSeen, binding: str, output: Output, folder: str) -> None:
    output.object(
        "never_seen",
        flow=known.flow,
        binding=binding,
        since=known.since.isoformat() if known.since else None,
        windows=[
            {
                "since": w.since.isoformat() if w.since else None,
                "until": w.until.isoformat() if w.until else None,
                "pages": w.pages,
                "records": w.records,
                "run": w.run_id,
            }
            for w in known.windows
        ],
        held_back=known.held_back,
    )
    output.text(f"\n{called(known.flow, binding)}: {known.title}")
    if not known.windows:
        output.text("  Nothing was read yet: run the flow first.")
    else:
        output.text(f"  Read so far: everything made since {moment(known.since) if known.since else 'the beginning'}.")
    for window in known.windows:
        since = moment(window.since) if window.since else "the beginning"
        until = moment(window.until) if window.until else "now"
        output.text(
            f"    run {window.run_id}: from {since} to {until}, {window.records} records on {window.pages} pages"
        )
    output.text("  A record of this flow:")
    for sentence in known.held_back:
        output.text(f"    {sentence}")
    again = command_line(folder, "run", known.flow, "--only", "KEY", *bound_words(binding))
    output.text(f"  To fetch one now, whatever was read: {again}")
