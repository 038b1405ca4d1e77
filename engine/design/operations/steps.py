"""Operations on steps: how a record is found, what is done when it is there, when the step is done, its title."""

from __future__ import annotations

from collections.abc import Mapping

from engine.design.operations.editing import Editing, as_held, refuse, tidy
from engine.documents.positions import path_text
from engine.errors import Json

POLICIES = ("create", "update", "create_or_update", "must_exist", "skip_if_exists")
_BEFORE_MATCH = ("step", "title", "connector", "resource", "each", "when")

Operation = Mapping[str, Json]


def set_match(editing: Editing, operation: Operation) -> None:
    """Say how a record is found in the target; an empty formula takes the match away."""
    path: list[str | int] = ["steps", editing.step(operation["step"]), "match"]
    if not operation["formula"].strip():
        editing.remove(path)
        return
    if not editing.named(*path):
        match = {"field": operation["field"], "formula": as_held(tidy(operation["formula"], path))}
        editing.set(path, match, after=_BEFORE_MATCH)
    else:
        editing.set([*path, "field"], operation["field"])
        editing.set_formula([*path, "formula"], operation["formula"], after=("field",))
    for part, before in (("scope", ("field", "formula")), ("where", ("field", "formula", "scope"))):
        _set_or_remove(editing, [*path, part], operation.get(part), before)


def set_policy(editing: Editing, operation: Operation) -> None:
    """Say what is done when the target has the record, and when not: a policy, or a formula that gives one."""
    path: list[str | int] = ["steps", editing.step(operation["step"]), "policy"]
    policy, formula = operation.get("policy"), operation.get("formula", "")
    if (policy is None) == (not formula.strip()):
        refuse(
            path_text(path), "a policy or a formula for it is needed, one of them", f"There are: {_listed(POLICIES)}."
        )
    if policy is not None:
        editing.set(path, policy)
    elif editing.named(*path):
        editing.set_formula([*path, "formula"], formula)
    else:
        editing.set(path, {"formula": as_held(tidy(formula, path))})


def set_when(editing: Editing, operation: Operation) -> None:
    """Say when the step is done; an empty formula means always."""
    path: list[str | int] = ["steps", editing.step(operation["step"]), "when"]
    _set_or_remove(editing, path, operation["formula"], _BEFORE_MATCH)


def set_step_title(editing: Editing, operation: Operation) -> None:
    """Say in words what the step does."""
    title = operation["title"].strip()
    path: list[str | int] = ["steps", editing.step(operation["step"]), "title"]
    if not title:
        refuse(path_text(path), "a step needs a title", "Say in a few words what it does.")
    editing.set(path, title, after=("step",))


def _set_or_remove(editing: Editing, path: list[str | int], formula: str | None, before: tuple[str, ...]) -> None:
    """Write a formula, or take it away where it is empty; None leaves it as it is."""
    if formula is None:
        return
    if formula.strip():
        editing.set_formula(path, formula, after=before)
    else:
        editing.remove(path)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
