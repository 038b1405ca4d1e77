"""`check`: every problem of the documents in one go."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.output import Output
from engine.design.desk import desk, workspace_in
from engine.errors import Problem, StudioError
from engine.flows.check import check_workspace
from engine.formulas import Formulas
from engine.runs.bindings import binding_names


def run(asked: Namespace) -> int:
    """Exit code 2 where there is an error; warnings alone are well."""
    output = Output(asked.json)
    workspace = workspace_in(asked.workspace)
    with Formulas() as formulas:
        problems = check_workspace(workspace, asked.flows, formulas)
    errors = [problem for problem in problems if problem.severity == "error"]
    if asked.connected and not errors:
        problems += _connected(asked)
        errors = [problem for problem in problems if problem.severity == "error"]
    output.problems(problems)
    flows = asked.flows or workspace.flow_names()
    output.object("checked", flows=flows, errors=len(errors), warnings=len(problems) - len(errors))
    output.text(_summary(flows, len(errors), len(problems) - len(errors)))
    return 2 if errors else 0


def _connected(asked: Namespace) -> list[Problem]:
    """What only the connected systems can tell: whether they answer, and whether the lookups' rows are there."""
    problems: list[Problem] = []
    with desk(asked.workspace) as things:
        for name in asked.flows or things.workspace.flow_names():
            for binding in [asked.binding] if asked.binding else binding_names(things.ledger, name):
                try:
                    with things.opened(things.load(name), binding=binding):
                        pass
                except StudioError as error:
                    problems += getattr(error, "problems", None) or [error.as_problem()]
    return problems


def _summary(flows: list[str], errors: int, warnings: int) -> str:
    checked = f"{len(flows)} flow{'s' if len(flows) != 1 else ''} checked"
    if not errors and not warnings:
        return f"{checked}: all well."
    return f"{checked}: {errors} error{'s' if errors != 1 else ''}, {warnings} warning{'s' if warnings != 1 else ''}."
