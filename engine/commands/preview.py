"""`preview`: what one record becomes, field by field, and the requests that would be sent."""

from __future__ import annotations

from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor

from engine.commands.answers import read_answers
from engine.design.desk import desk
from engine.commands.output import Output
from engine.commands.run import show_rehearsed
from engine.commands.telling import tell_fields
from engine.errors import DocumentError, Problem
from engine.runs.fields import trace_fields
from engine.runs.opening import OpenFlow
from engine.runs.rehearsal import Rehearsal


def run(asked: Namespace) -> int:
    """Exit code 1 where the record would be parked."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        loaded = things.load(asked.flow)
        with things.opened(loaded) as opened, ThreadPoolExecutor(4) as pool:
            rehearsal = Rehearsal(opened, things.ledger, things.clock, pool)
            if asked.record:
                rehearsed = rehearsal.of_record(read_answers(asked.record, "the record"))
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


def _show_code(opened: OpenFlow, output: Output) -> None:
    """What a run runs: the one function that each step's mapping is compiled to, the finish by the schema included."""
    for step in opened.steps:
        source = step.fields.source("create")
        output.object("code", step=step.step.name, code=source)
        output.text(f"\nstep {step.step.name} as one function, as it is called for a creation")
        for line in source.splitlines() or ["(none: it is worked out field by field)"]:
            output.text(f"  | {line}")
