"""`edit`: operations on the draft of a flow, from a file or standard input; the same that the screen sends."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.connectors.clock import SystemClock
from engine.design.desk import command_line, workspace_in
from engine.design.drafts import Draft, Drafts
from engine.design.operations import described
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem


def run(asked: Namespace) -> int:
    """Exit code 2 where an operation was refused."""
    output = Output(asked.json)
    drafts = Drafts(workspace_in(asked.workspace), SystemClock())
    output.problems(drafts.problems())
    if asked.show:
        return _show(drafts.open(asked.flow), output)
    by = caller(asked)
    if asked.discard:
        return _discard(drafts, asked.flow, by, output)
    operations = list(_operations(asked.file))
    draft = drafts.open(asked.flow)
    revision = draft.revision if asked.revision is None else asked.revision
    refused = changed = 0
    for number, operation in enumerate(operations, 1):
        before = draft.revision
        applied = drafts.apply(asked.flow, [operation], by=by, revision=revision, over=asked.over)
        draft = applied.draft
        revision = max(revision, draft.revision)
        refused += bool(applied.refused)
        changed += draft.revision != before
        output.problems(_at(number, problem) for problem in applied.refused)
        if not applied.refused:
            _tell(operation, draft.revision != before, output)
    _tell_draft(drafts, draft, changed, output, asked)
    return 2 if refused else 0


def _show(draft: Draft, output: Output) -> int:
    output.object("draft", **_about(draft), text=draft.text)
    if not output.as_json:
        sys.stdout.write(draft.text)
    return 0


def _discard(drafts: Drafts, flow: str, by: str, output: Output) -> int:
    was_there = flow in drafts.names()
    drafts.discard(flow, by)
    output.object("discarded", flow=flow, was_there=was_there)
    output.text(f"The draft of {flow} was dropped." if was_there else f"{flow} has no draft.")
    return 0


def _operations(file: str | None) -> Iterator[Json]:
    """Every line's operation; DocumentError names the line that is no JSON, before any is carried out."""
    for number, line in enumerate(_lines(file), 1):
        if line.strip():
            yield read_strict(line, where=f"{file or 'standard input'}, operation in line {number}")


def _lines(file: str | None) -> list[bytes]:
    if file is None:
        held = getattr(sys.stdin, "buffer", None)
        content = held.read() if held is not None else sys.stdin.read().encode("utf-8", "surrogatepass")
        return bytes(content).splitlines()
    try:
        return Path(file).read_bytes().splitlines()
    except OSError as error:
        what = f"the file cannot be read: {(error.strerror or '').lower()}"
        raise DocumentError([Problem(file, what, "Check its name and who may read it.")]) from error


def _at(number: int, problem: Problem) -> Problem:
    where = f"operation {number}" + (f", {problem.where}" if problem.where else "")
    return Problem(where, problem.what, problem.what_to_do, problem.code, problem.caret, problem.severity)


def _tell(operation: Json, is_changed: bool, output: Output) -> None:
    says = described(operation)
    output.object("operation", op=operation["op"], says=says, changed=is_changed)
    output.text(f"{says[0].upper()}{says[1:]}{'' if is_changed else ' (as it was already)'}.")


def _tell_draft(drafts: Drafts, draft: Draft, changed: int, output: Output, asked: Namespace) -> None:
    """Where the draft stands now, and how to look at it."""
    is_behind = drafts.published_changed(draft)
    output.object("draft", **_about(draft), published_changed=is_behind)
    many = f"{changed} change{'' if changed == 1 else 's'}" if changed else "No change"
    output.text(f"{many}; the draft of {draft.flow} is at revision {draft.revision}.")
    if is_behind:
        output.text("The published flow has changed since this draft began: compare them before you publish it.")
    if draft.is_stored:
        output.text(f"See it: {command_line(asked.workspace, 'edit', draft.flow, '--show')}")


def _about(draft: Draft) -> dict[str, Json]:
    return {
        "flow": draft.flow,
        "revision": draft.revision,
        "changed_by": draft.changed_by,
        "changed_at": draft.changed_at,
        "can_undo": draft.can_undo,
        "can_redo": draft.can_redo,
        "is_stored": draft.is_stored,
    }
