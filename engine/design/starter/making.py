"""A flow generated from meanings alone, for a source and a target whose fields say what they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.connectors.connector import Connector
from engine.design.questions import touched_by
from engine.design.starter.changes import ChangeProcess
from engine.design.starter.context import Context
from engine.design.starter.order import OrderProcess
from engine.design.starter.pair import Pair, Samples, no_samples
from engine.design.starter.refusals import CHANGES, no_process, processes_of, reasons
from engine.design.starter.settings import question
from engine.design.starter.simple import SimpleProcess
from engine.design.starter.tables import Tables
from engine.design.starter.templates import Unfilled, as_written, document, said
from engine.documents.schemas import explain
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import read_flow
from engine.flows.library import LoadedFlow

Process = OrderProcess | SimpleProcess | ChangeProcess

READ = "{{resource}} of {{source}} are read."
_ANSWER = re.compile(r"\$answers\.([a-z_][a-z0-9_]*)")
_VALUE = re.compile(r"\$values\.([a-z_][a-z0-9_]*)")
_UNCERTAIN = {"inferred": "this is concluded, not documented", "not_found": "nothing was found about this"}
_TABLE = re.compile(r'\$table\(\\?"([a-z_][a-z0-9_]*)')


@dataclass(frozen=True, slots=True)
class StarterResult:
    """A flow's beginning.

    text: the flow's document; questions: its settings with name, title, description, type, default, …; process: a
    sentence for each step; gaps: what could not be filled or found, as warnings; notes: what the connectors are not
    sure of, of the resources that are used; touches: question → (step, target field) that it changes, as `touched_by`
    tells it.
    """

    text: str
    questions: list[dict[str, Json]]
    process: list[str]
    gaps: list[Problem]
    touches: dict[str, list[tuple[str, str]]]
    notes: list[Problem]


def made(
    connectors: Mapping[str, Connector],
    source: str,
    target: str,
    resource: str,
    answers: Mapping[str, Json] | None = None,
    samples: Samples = no_samples,
    name: str = "",
) -> StarterResult:
    """The flow of a source's records into a target. DocumentError says why there can be none, or which answer is wrong.

    name: of the process; without it the first for this kind of record that can be done with the two.

    answers: they become the defaults of the flow's questions; samples: records of a resource, from which rows of
    lookups and defaults are proposed (read live, or `sample_records`).
    """
    pair = Pair(connectors[source], connectors[target], resource, samples)
    name = _possible(pair, [name] if name else processes_of(pair.record.resource.kind))
    process = document(name)
    context = Context(pair, process, Tables(pair, process["lookups"]))
    maker = _maker(name, context)
    try:
        maker.values()
        steps = list(maker.steps())
    except Unfilled as missing:
        what = f"a flow from {pair.source.title} to {pair.target.title} cannot be made: there is no {missing}"
        advice = "Where a field holds it, say so in its schema (x-meaning); else write the flow by hand."
        raise DocumentError([Problem(resource, what, advice)]) from missing
    flow = _assembled(context, steps, maker)
    _answer(flow, answers or {})
    loaded = LoadedFlow(read_flow("made", flow), dict(connectors), "", {})
    _note_empty_tables(context, flow)
    return StarterResult(
        json.dumps(flow, ensure_ascii=False, indent=2) + "\n",
        [{"name": name, **about} for name, about in flow["questions"]["properties"].items()],
        [_read(context), *maker.sentences],
        context.gaps,
        touched_by(loaded),
        list(_evidence(context, flow)),
    )


def _possible(pair: Pair, names: Sequence[str]) -> str:
    """The first process that can be done with the two; DocumentError with the reasons of each where none can."""
    if not names:
        raise DocumentError([no_process(pair)])
    problems = []
    for name in names:
        why_not = reasons(pair, name)
        if not why_not:
            return name
        problems += why_not
    raise DocumentError(list(dict.fromkeys(problems)))


def _maker(name: str, context: Context) -> Process:
    if name in CHANGES:
        return ChangeProcess(context)
    return OrderProcess(context) if name == "order" else SimpleProcess(context)


def _read(context: Context) -> str:
    pair = context.pair
    return said(
        context.process.get("reads", READ), {"resource": pair.record.resource.title, "source": pair.source.title}
    )


def _assembled(context: Context, steps: list[Json], maker: Process) -> dict[str, Json]:
    """The document: of values, lookups and questions only those that are used."""
    process, choices = context.process, maker.choices()
    what = " or ".join(f"an {called}" if called[0] in "aeiou" else f"a {called}" for _, called in choices.documents)
    source = _source(context)
    values = _used_values(context, json.dumps([source, steps], ensure_ascii=False))
    formulas = json.dumps([source, steps, values], ensure_ascii=False)
    asked = dict.fromkeys(_ANSWER.findall(formulas))
    questions = {
        name: question(name, template, context.pair, choices)
        for name, template in process["questions"].items()
        if name in asked
    } | {name: about for name, about in context.asked.items() if name in asked}
    lookups = {name: held for name, held in context.tables.made.items() if name in _TABLE.findall(formulas)}
    return {
        "title": context.said(process["title"]),
        "description": context.said(process["description"], what=what),
        "source": source,
        "questions": {"type": "object", "additionalProperties": False, "properties": questions},
        **({"lookups": lookups} if lookups else {}),
        **({"values": values} if values else {}),
        "steps": steps,
    }


def _source(context: Context) -> dict[str, Json]:
    template, pair = context.process["source"], context.pair
    about: dict[str, Json] = {"connector": pair.source.name, "resource": pair.resource}
    if "since" in template and pair.record.resource.time:
        about["since"] = template["since"]
    about["overlap_minutes"] = template["overlap_minutes"]
    for part in ("where", "never"):
        held = []
        for condition in template.get(part, ()):
            if condition.get("needs", "") not in ("", *context.computed):
                continue
            formula = context.filled_or_none(condition["condition"])
            if formula is not None:
                held.append({"condition": as_written(formula), "says": context.said(condition["says"])})
        if held:
            about[part] = held
    return {**about, "wait_days": template["wait_days"]}


def _used_values(context: Context, formulas: str) -> dict[str, Json]:
    """The named values that something reads, in their order."""
    used: set[str] = set()
    waiting = _VALUE.findall(formulas)
    while waiting:
        name = waiting.pop()
        if name not in used and name in context.values:
            used.add(name)
            waiting += _VALUE.findall(context.values[name])
    return {name: as_written(formula) for name, formula in context.values.items() if name in used}


def _answer(flow: dict[str, Json], answers: Mapping[str, Json]) -> None:
    """Put the answers in as defaults; DocumentError for one that fits no question."""
    questions = flow["questions"]["properties"]
    problems = [
        Problem(f"answer {name}", "the starter asks no such question", f"It asks: {', '.join(questions)}.")
        for name in answers
        if name not in questions
    ]
    for place, sentence in explain(flow["questions"], dict(answers)) if not problems else ():
        name = str(place[0]) if place else "answers"
        problems.append(Problem(f"answer {name}", f"it does not fit its question: {sentence}", "Mend the answer."))
    if problems:
        raise DocumentError(problems)
    for name, value in answers.items():
        questions[name]["default"] = value


def _note_empty_tables(context: Context, flow: Mapping[str, Json]) -> None:
    for name, held in flow.get("lookups", {}).items():
        if not held["rows"] and not held.get("refers", {}).get("every") and held["otherwise"]["do"] == "fail":
            context.gap(
                f"lookup {name}",
                f"no row could be proposed for “{held['title']}”",
                "Fill it in: a value without a row parks its record.",
            )


def _evidence(context: Context, flow: Mapping[str, Json]) -> Iterator[Problem]:
    """What is not certain of the resources that the flow speaks to, as their connectors say it."""
    used = {(flow["source"]["connector"], flow["source"]["resource"])}
    used |= {(step["connector"], step["resource"]) for step in flow["steps"]}
    for connector in (context.pair.source, context.pair.target):
        for known in connector.evidence:
            part, note = known["part"], known.get("note", "")
            names = {"resources", *(part.split(",")[0].split(".")[1:2])}
            is_ours = part.startswith("resources.") and any((connector.name, name) in used for name in names)
            if known["level"] in _UNCERTAIN and note and is_ours:
                what = _UNCERTAIN[known["level"]]
                yield Problem(f"{connector.title}, {part}", what, note, severity="note")
