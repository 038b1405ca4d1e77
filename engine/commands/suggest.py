"""`suggest`: proposals for the fields of a flow that have no formula, and taking some of them into its draft."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.connectors.clock import SystemClock
from engine.design.desk import workspace_in
from engine.design.drafts import Drafts
from engine.design.suggestions import Suggestion, suggestions, titles_of
from engine.errors import DocumentError, Problem
from engine.flows.check_connector import sample_records
from engine.flows.library import load_flow_text


def run(asked: Namespace) -> int:
    """Exit code 0 whether there is something to propose or not; 2 where a field is accepted that has no proposal."""
    output = Output(asked.json)
    workspace = workspace_in(asked.workspace)
    drafts = Drafts(workspace, SystemClock())
    draft = drafts.open(asked.flow)
    loaded = load_flow_text(workspace, asked.flow, draft.text)
    steps = [step.name for step in loaded.flow.steps] if asked.step is None else [asked.step]
    samples, titles = partial(sample_records, workspace), titles_of(workspace)
    found = [(step, each) for step in steps for each in suggestions(loaded, step, samples, titles)]
    if asked.accept:
        by = caller(asked)
        operations = [_operation(step, each) for step, each in _accepted(found, asked.accept)]
        applied = drafts.apply(asked.flow, operations, by=by, revision=draft.revision)
        output.problems(applied.refused)
        found = _accepted(found, asked.accept)
        output.object("accepted", flow=asked.flow, revision=applied.draft.revision, fields=[e.target for _, e in found])
        output.text(f"{len(found)} put into the draft of {asked.flow}.")
        return 2 if applied.refused else 0
    for step, each in found:
        output.object("suggestion", flow=asked.flow, step=step, **each.as_json())
    if found:
        rows = [(step, each.target, each.formula, each.why) for step, each in found]
        output.table(("step", "field", "formula", "why"), rows)
    else:
        output.text("There is nothing to suggest: every field with a counterpart is mapped.")
    return 0


def _accepted(found: list[tuple[str, Suggestion]], wanted: list[str]) -> list[tuple[str, Suggestion]]:
    """The proposals for the fields that are named, `Name` or `customer.Name`; DocumentError for one without any."""
    chosen = []
    for name in wanted:
        here = [(step, each) for step, each in found if name in (each.target, f"{step}.{each.target}")]
        if len(here) != 1:
            what = f"there is no proposal for “{name}”" if not here else f"several steps have a proposal for “{name}”"
            advice = "Look at them without --accept." if not here else f"Write {here[0][0]}.{name}, or name the --step."
            raise DocumentError([Problem("--accept", what, advice)])
        chosen += here
    return chosen


def _operation(step: str, suggestion: Suggestion) -> dict[str, str]:
    return {"op": "set_formula", "step": step, "target": suggestion.target, "formula": suggestion.formula}
