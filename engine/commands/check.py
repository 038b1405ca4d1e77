"""`check`: every problem of the documents in one go, and with --connected what the systems tell, as a list."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.telling import bound_words, called
from engine.design.desk import command_line, desk, workspace_in
from engine.design.running.checks import CheckRow, Checks, checks, tick
from engine.errors import DocumentError, Problem
from engine.flows.check import check_workspace
from engine.formulas import Formulas
from engine.runs.bindings import DEFAULT, binding_names
from engine.runs.checklist import WRONG


def run(asked: Namespace) -> int:
    """Exit code 2 where there is an error, 3 where a system could not be reached; warnings alone are well."""
    output = Output(asked.json)
    workspace = workspace_in(asked.workspace)
    if asked.tick or asked.untick:
        return _tick(asked, output)
    with Formulas() as formulas:
        problems = check_workspace(workspace, asked.flows, formulas)
    errors = [problem for problem in problems if problem.severity == "error"]
    code = 2 if errors else 0
    if asked.connected and not errors:
        found, code = _connected(asked, output)
        problems += found
        errors = [problem for problem in problems if problem.severity == "error"]
    output.problems(problems)
    there = workspace.flow_names()
    flows = [name for name in asked.flows if name in there] if asked.flows else there
    output.object("checked", flows=flows, errors=len(errors), warnings=len(problems) - len(errors))
    systems = [] if asked.flows else workspace.connector_names()
    output.text(_summary(systems, flows, len(errors), len(problems) - len(errors)))
    return code


def _tick(asked: Namespace, output: Output) -> int:
    if len(asked.flows) != 1:
        raise DocumentError([Problem("check --tick", "it is not said of which flow", "Name one flow.")])
    name, binding = asked.flows[0], asked.binding or DEFAULT
    with desk(asked.workspace) as things:
        loaded = things.load(name)
        for wanted, is_on in [*((n, True) for n in asked.tick), *((n, False) for n in asked.untick)]:
            tick(things, loaded, binding, wanted, caller(asked), on=is_on)
            output.object("ticked", flow=name, binding=binding, name=wanted, ticked=is_on, by=caller(asked))
            what = "is ticked off" if is_on else "is to be looked at again"
            output.text(f"{called(name, binding)}, {wanted}: it {what}.")
    return 0


def _connected(asked: Namespace, output: Output) -> tuple[list[Problem], int]:
    """The lists of the flows, told; what is wrong in them, and the exit code."""
    from engine.commands.main import exit_code_of

    problems: list[Problem] = []
    code = 0
    with desk(asked.workspace) as things:
        for name in asked.flows or things.workspace.flow_names():
            loaded = things.load(name)
            for binding in [asked.binding] if asked.binding else binding_names(things.ledger, name):
                found = checks(things, loaded, binding)
                wrong = _list(found, output, things.workspace.root)
                problems += wrong
                if any(problem.severity == "error" for problem in wrong):
                    code = max(code, 2, exit_code_of(found.error) if found.error else 0)
    return problems, code


def _list(found: Checks, output: Output, root: Path) -> list[Problem]:
    """The list of one binding; gives its problems, as errors where they keep a first run from beginning."""
    if found.problem is not None:
        return [found.problem]
    if found.rows:
        output.text(f"{called(found.flow, found.binding)}: {_begins(found)}")
    for row in found.rows:
        _tell(found, row, output, root)
    wrong = [row for row in found.rows if row.problems]
    stopping = {row.name for row in found.stopping}
    return [
        replace(problem, severity="error" if row.name in stopping else "warning")
        for row in wrong
        for problem in row.problems
    ]


def _begins(found: Checks) -> str:
    if not found.is_first:
        return "it has run already; what is wrong is a warning"
    return "it may begin" if found.may_begin else "its first run does not begin before this is put right"


def _tell(found: Checks, row: CheckRow, output: Output, root: Path) -> None:
    output.object(
        "precondition",
        flow=found.flow,
        binding=found.binding,
        name=row.name,
        title=row.title,
        state=row.state,
        stops=row in found.stopping,
        offenders=row.offenders,
        problems=[problem.as_json() for problem in row.problems],
        what_to_do=row.what_to_do,
        ticked_by=row.ticked_by or None,
    )
    by = f" by {row.ticked_by}" if row.ticked_by else ""
    named = f" ({row.name})" if row.may_tick else ""
    output.text(f"  {row.mark} {row.title}{named}: {row.words}{by}")
    if row.may_tick and not row.ticked_by:
        words = ("check", found.flow, *bound_words(found.binding), "--tick", row.name, "--by", "NAME")
        output.text(f"      {row.what_to_do} Then: {command_line(root, *words)}")
    if row.state == WRONG and row.offenders > len(row.problems):
        output.text(f"      {row.offenders} in all; {len(row.problems)} of them are named below")


def _summary(systems: list[str], flows: list[str], errors: int, warnings: int) -> str:
    described = f"{len(systems)} system{'s' if len(systems) != 1 else ''} and " if systems else ""
    checked = f"{described}{len(flows)} flow{'s' if len(flows) != 1 else ''} checked"
    if not errors and not warnings:
        return f"{checked}: all well."
    return f"{checked}: {errors} error{'s' if errors != 1 else ''}, {warnings} warning{'s' if warnings != 1 else ''}."
