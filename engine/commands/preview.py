"""`preview`: what one record becomes, field by field, and the requests that would be sent."""

from __future__ import annotations

from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor

from engine.commands.answers import read_answers
from engine.commands.output import Output
from engine.commands.preview_offline import preview_offline
from engine.commands.run import show_rehearsed
from engine.commands.samples import text_of
from engine.commands.telling import tell_fields
from engine.design.desk import Desk, desk
from engine.design.samples import record_of
from engine.errors import DocumentError, Json, Problem
from engine.flows.check import load_sound_flow_text
from engine.runs.fields import trace_fields
from engine.runs.opening import OpenFlow
from engine.runs.rehearsal import Rehearsal


def run(asked: Namespace) -> int:
    """Exit code 1 where the record would be parked."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        text = text_of(things, asked.flow, draft=asked.draft)
        record = _given(things, asked, text)
        if asked.offline:
            return preview_offline(things, asked.flow, text, _needed(record), output)
        loaded = load_sound_flow_text(things.workspace, asked.flow, text, things.formulas)
        with things.opened(loaded, binding=asked.binding) as opened, ThreadPoolExecutor(4) as pool:
            rehearsal = Rehearsal(opened, things.ledger, things.clock, pool)
            if record is not None:
                rehearsed = rehearsal.of_record(record)
            elif asked.key:
                rehearsed = rehearsal.of_key(asked.key)
            else:
                first = next(iter(rehearsal.of_new(None, 1)), None)
                if first is None:
                    raise DocumentError(
                        [
                            Problem(
                                asked.flow,
                                "the source has no record to preview",
                                "Name one with --key, or give one with --record FILE.",
                            )
                        ]
                    )
                rehearsed = first
            seen = rehearsed.result.seen if rehearsed.result else {}
            fields = trace_fields(
                loaded, things.formulas, opened.environment, rehearsed.judged.record, seen.get("steps", {})
            )
            tell_fields(fields, output, loaded, shows_code=asked.show_code)
            if asked.show_code:
                _show_code(opened, output)
            if rehearsed.judged.state != "due":
                output.text(f"\nA run would not take it now: {rehearsed.judged.reason} ({rehearsed.judged.state}).")
            parked = show_rehearsed(rehearsed, output)
    output.text("\nNothing was sent. «…» stands for what the target will give.")
    return 1 if parked else 0


def _given(things: Desk, asked: Namespace, text: str) -> dict[str, Json] | None:
    """The record that the call gives, or names among the samples."""
    if asked.record:
        return read_answers(asked.record, "the record")
    if asked.sample:
        return record_of(things, asked.sample, flow_name=asked.flow, text=text)
    return None


def _needed(record: dict[str, Json] | None) -> dict[str, Json]:
    if record is None:
        what, advice = (
            "without a system there is no record",
            "Name one with --sample ID, or give one with --record FILE.",
        )
        raise DocumentError([Problem("--offline", what, advice)])
    return record


def _show_code(opened: OpenFlow, output: Output) -> None:
    """What a run runs: the one function that each step's mapping is compiled to, the finish by the schema included."""
    for step in opened.steps:
        source = step.fields.source("create")
        output.object("code", step=step.step.name, code=source)
        output.text(f"\nstep {step.step.name} as one function, as it is called for a creation")
        for line in source.splitlines() or ["(none: it is worked out field by field)"]:
            output.text(f"  | {line}")
