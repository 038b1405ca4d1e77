"""`test`: the examples of flows, tried without any system, and what differs from what they expect."""

from __future__ import annotations

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from textwrap import indent

from engine.commands.main import tell_error
from engine.commands.output import Output
from engine.commands.telling import shown
from engine.design.desk import command_line, workspace_in
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, FormulaError, Json, Problem
from engine.flows.check import load_sound_flow
from engine.flows.check_examples import NO_OUTCOME, check_examples
from engine.flows.flow import Example
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Formulas
from engine.runs.differences import Difference, differences
from engine.runs.examples import Outcome, tried_examples

OK, DIFFERS, WRONG = "ok", "differs", "wrong"


def run(asked: Namespace) -> int:
    """Exit code 1 where something differs, 2 where a flow or an example is wrong."""
    output = Output(asked.json)
    workspace = workspace_in(asked.workspace)
    counts: Counter[str] = Counter()
    with Formulas() as formulas:
        for name in asked.flows or workspace.flow_names():
            try:
                for word in _flow(name, workspace, formulas, asked, output):
                    counts[word] += 1
            except (DocumentError, FormulaError) as error:
                tell_error(error, output)
                counts[WRONG] += 1
    if asked.example and not counts:
        output.problems(
            [Problem("--example", f"no example has “{asked.example}” in its title", "Write a part of one.")]
        )
        counts[WRONG] += 1
    elif not asked.show:
        output.object("tested", examples=counts[OK] + counts[DIFFERS], differ=counts[DIFFERS])
        output.text(_summary(counts))
    return 2 if counts[WRONG] else 1 if counts[DIFFERS] else 0


def _flow(name: str, workspace: Workspace, formulas: Formulas, asked: Namespace, output: Output) -> Iterator[str]:
    """Try one flow's examples and tell of each; a word for each."""
    loaded = load_sound_flow(workspace, name, formulas)
    output.text(f"{name}: {loaded.flow.title}")
    if not loaded.flow.examples:
        _tell_none(name, workspace, output)
        return
    problems = _wrong(loaded, workspace, is_shown=asked.show)
    if problems:
        raise DocumentError(problems)
    for example, outcome in tried_examples(loaded, formulas, asked.example):
        if asked.show:
            _show(name, example, outcome, output)
            yield OK
        else:
            yield _tell(name, example, differences(example, outcome, loaded.flow), output)


def _wrong(loaded: LoadedFlow, workspace: Workspace, *, is_shown: bool) -> list[Problem]:
    """The errors of a flow's examples; one that expects nothing yet may be shown."""
    document = workspace.read_document(workspace.flow_path(loaded.flow.name))
    found = check_examples(loaded, document, workspace.relative(document.path))
    errors = [problem for problem in found if problem.severity == "error"]
    return [problem for problem in errors if not (is_shown and problem.code == NO_OUTCOME)]


def _tell_none(name: str, workspace: Workspace, output: Output) -> None:
    output.object("flow", flow=name, examples=0)
    file = workspace.relative(workspace.flow_path(name))
    show = command_line(workspace.root, "test", name, "--show")
    output.text(
        f"  It has no examples yet. Add one under `examples` in {file}: a `title` and a `given` record;\n"
        f"  {show}\n"
        "  then prints what becomes of it, to be looked at and pasted in. See docs/flows.md."
    )


def _show(name: str, example: Example, outcome: Outcome, output: Output) -> None:
    found = outcome.as_document()
    output.object("found", flow=name, example=example.title, **found)
    output.text(f"\n  {example.title}")
    output.text(indent(json.dumps(found, ensure_ascii=False, indent=2)[2:-2], "  "))


def _tell(name: str, example: Example, found: list[Difference], output: Output) -> str:
    output.object("example", flow=name, example=example.title, ok=not found, differences=len(found))
    output.text(f"  {DIFFERS if found else OK:8} {example.title}")
    for difference in found:
        output.object("difference", flow=name, example=example.title, **difference.as_json())
        tell_difference(difference, output)
    return DIFFERS if found else OK


def tell_difference(difference: Difference, output: Output) -> None:
    """One place that differs, with its formula and why the record is parked."""
    hint = f" ({difference.hint})" if difference.hint else ""
    place = difference.path or "the record"
    output.text(f"    {place}: expected {_value(difference)}, found {_value(difference, is_found=True)}{hint}")
    if difference.formula:
        output.text(f"        ← {shown(difference.formula, 110)}")
    if difference.problem is not None:
        output.text(indent(str(difference.problem), "        "))


def _value(difference: Difference, *, is_found: bool = False) -> str:
    value: Json = difference.found if is_found else difference.expected
    if value is MISSING:
        return "nothing"
    return shown(value if not difference.path else json.dumps(value, ensure_ascii=False), 160)


def _summary(counts: Counter[str]) -> str:
    many = counts[OK] + counts[DIFFERS]
    tried = f"{many} example{'' if many == 1 else 's'}"
    if not counts[DIFFERS]:
        return f"{tried}, all as expected." if many else "No example was tried."
    return f"{tried}: {counts[OK]} as expected, {counts[DIFFERS]} {'differs' if counts[DIFFERS] == 1 else 'differ'}."
