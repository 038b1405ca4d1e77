"""What a draft gives on a record, beside what another version of the flow gives."""

from __future__ import annotations

from collections.abc import Iterator

from engine.design.view.rows import value_text
from engine.design.view.work import StepWork, Work
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json
from engine.formulas import MISSING


def published(workspace: Workspace, flow_name: str) -> str | None:
    """The text of the published flow; None where there is none that could be read."""
    path = workspace.flow_place(flow_name)
    try:
        return workspace.read_document(path).text if path.is_file() else None
    except DocumentError:
        return None


def changes(before: Work, after: Work) -> Iterator[dict[str, Json]]:
    """Each target field that becomes another: step, target, before, after (None where there is nothing)."""
    for name in dict.fromkeys([*after.steps, *before.steps]):
        old, new = before.steps.get(name), after.steps.get(name)
        if old is None or new is None or old.is_done != new.is_done:
            yield _row(name, "", _of_step(old), _of_step(new))
        elif new.is_done:
            yield from _of_fields(name, old, new)


def _of_fields(name: str, old: StepWork, new: StepWork) -> Iterator[dict[str, Json]]:
    targets = [mapping.path for step in (new.step, old.step) for mapping in step.fields]
    for target in dict.fromkeys(targets):
        if _values(old, target) != _values(new, target):
            yield _row(name, target, value_text(old.works(target))[0], value_text(new.works(target))[0])


def _values(made: StepWork, target: str) -> list[Json]:
    """What a field becomes, with the kind of each value: 1 is not true."""
    found: list[list[Json]] = []
    for work in made.works(target):
        if work.mapping.is_list:
            found.append([_many(value) for value in work.done.values])
        elif work.error is not None:
            found.append([("error", work.error.what)])
        else:
            found.append([(type(value), value) for value in work.done.values if value is not MISSING])
    return [each for each in found if each]


def _many(value: Json) -> int:
    return len(value) if isinstance(value, list) else 0 if value is MISSING or value is None else 1


def _of_step(made: StepWork | None) -> str | None:
    return None if made is None else "done" if made.is_done else "not done"


def _row(step: str, target: str, before: str | None, after: str | None) -> dict[str, Json]:
    return {"step": step, "target": target, "before": before, "after": after}
