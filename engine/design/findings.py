"""What stands in the way of publishing a flow: errors, open questions, examples that differ from what they expect."""

from __future__ import annotations

from dataclasses import dataclass

from engine.design.desk import Desk
from engine.errors import DocumentError, ExamplesDiffer, Problem
from engine.flows.check import check_flow_text
from engine.flows.check_examples import NO_OUTCOME
from engine.flows.flow import Example
from engine.flows.library import LoadedFlow, load_flow_text
from engine.runs.differences import Difference, differences
from engine.runs.examples import tried_examples

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """An example, and what differs from what it expects."""

    example: Example
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands in the way of publishing a text: errors always, examples until a reason is given; warnings never."""

    errors: list[Problem]
    warnings: list[Problem]
    differing: list[Tried]
    unfinished: list[Problem]
    tried: int
    loaded: LoadedFlow | None

    @property
    def examples_are_well(self) -> bool:
        return not self.differing and not self.unfinished


def findings_of(things: Desk, flow: str, text: str) -> Findings:
    """All that `check` and the examples say of a text."""
    problems = check_flow_text(things.workspace, flow, text, things.formulas)
    unfinished = [problem for problem in problems if problem.code == NO_OUTCOME]
    errors = [p for p in problems if p.severity == "error" and p.code != NO_OUTCOME]
    warnings = [problem for problem in problems if problem.severity != "error"]
    try:
        loaded = load_flow_text(things.workspace, flow, text)
    except DocumentError:
        return Findings(errors, warnings, [], unfinished, 0, None)
    if errors:
        return Findings(errors, warnings, [], unfinished, 0, loaded)
    tried = [(e, outcome) for e, outcome in tried_examples(loaded, things.formulas) if len(e.outcomes) == 1]
    found = [Tried(example, differences(example, outcome, loaded.flow)) for example, outcome in tried]
    return Findings(errors, warnings, [one for one in found if one.differences], unfinished, len(tried), loaded)


def examples_differ(flow: str, findings: Findings) -> ExamplesDiffer:
    """The error for a flow that was not published because of its examples."""
    titles = [f"“{tried.example.title}”" for tried in findings.differing]
    more = f" and {len(titles) - _MOST_NAMED} more" if len(titles) > _MOST_NAMED else ""
    named = f"{', '.join(titles[:_MOST_NAMED])}{more}"
    why = f"{len(titles)} of {findings.tried} examples differ: {named}" if titles else ""
    if findings.unfinished:
        why = "; ".join(filter(None, [why, f"{len(findings.unfinished)} expect nothing yet"]))
    return ExamplesDiffer(
        "The flow was not published",
        where=flow,
        why=why,
        what_to_do="Mend the mapping, or the examples if they are wrong; or give a reason to publish it all the same.",
        tried=findings.differing,
        problems=findings.unfinished,
    )
