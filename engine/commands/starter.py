"""`starter`: a flow from meanings alone, printed, kept as a draft or written; or what can be made."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import nullcontext

from engine.commands.answers import read_answers
from engine.commands.output import Output
from engine.connectors.clock import SystemClock
from engine.design.desk import command_line, desk, user_of_machine, workspace_in
from engine.design.drafts import Drafts
from engine.design.starter import StarterResult, offers, starter
from engine.design.starter.live import live_samples
from engine.documents.saving import save
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Problem


def run(asked: Namespace) -> int:
    """Exit code 2 where the flow cannot be made, with every reason."""
    output = Output(asked.json)
    workspace = workspace_in(asked.workspace)
    if asked.source is None:
        return _list(workspace, output)
    if asked.target is None:
        raise DocumentError([Problem("TARGET", "the system that is written to is not named", "Name it as well.")])
    answers = read_answers(asked.answers) if asked.answers else {}
    missed: list[Problem] = []
    with desk(asked.workspace) if asked.connected else nullcontext() as things:
        samples = live_samples(things, missed.append) if things is not None else None
        made = starter(workspace, asked.source, asked.target, asked.resource, answers, samples, asked.process)
    kind = f"{asked.resource}-{asked.process}" if asked.process else asked.resource
    name = asked.name or f"{asked.source}-{kind}-to-{asked.target}"
    drafts = Drafts(workspace, SystemClock())
    if asked.draft:
        drafts.create(name, made.text, by=user_of_machine())
    elif asked.write:
        _write(workspace, drafts, name, made.text)
    _tell(name, made, output, asked)
    output.problems(missed)
    return 0


def _list(workspace: Workspace, output: Output) -> int:
    rows = []
    for offer in offers(workspace):
        why = "; ".join(problem.what for problem in offer.why_not)
        output.object(
            "offer",
            source=offer.source,
            target=offer.target,
            resource=offer.resource,
            process=offer.kind,
            title=offer.title,
            possible=offer.is_possible,
            why_not=[problem.as_json() for problem in offer.why_not],
        )
        rows.append((offer.source, offer.target, offer.resource, offer.kind, why or "can be made"))
    if rows:
        output.table(("source", "target", "records", "process", ""), rows)
    else:
        output.text("There are no two systems between which a flow could be made.")
    return 0


def _write(workspace: Workspace, drafts: Drafts, name: str, text: str) -> None:
    path = workspace.flow_place(name)
    taken = [known for known in (*workspace.flow_names(), *drafts.names()) if known.casefold() == name.casefold()]
    if taken:
        where = workspace.relative(path)
        raise DocumentError([Problem(where, f"there is a flow “{taken[0]}” already", "Choose another --name.")])
    workspace.flows.mkdir(exist_ok=True)
    save(path, text)


def _tell(name: str, made: StarterResult, output: Output, asked: Namespace) -> None:
    state = "draft" if asked.draft else "written" if asked.write else "printed"
    touches = {question: [list(place) for place in places] for question, places in made.touches.items()}
    output.object(
        "starter",
        flow=name,
        state=state,
        process=made.process,
        questions=made.questions,
        touches=touches,
        gaps=[problem.as_json() for problem in made.gaps],
        notes=[problem.as_json() for problem in made.notes],
        text=made.text,
    )
    if asked.json:
        return
    is_printed = state == "printed"
    if is_printed:
        sys.stdout.write(made.text)
    beside = Output(False, sys.stderr) if is_printed else output
    for sentence in made.process:
        beside.text(sentence)
    output.problems([*made.gaps, *made.notes])
    if state == "draft":
        beside.text(f"The draft of {name} is kept. See it: {command_line(asked.workspace, 'edit', name, '--show')}")
    elif state == "written":
        beside.text(f"{name} is written. Check it: {command_line(asked.workspace, 'check', name)}")
