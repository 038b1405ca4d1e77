"""What tells something about a person, sent to a field that is not about one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.formulas.lint.view import Finding, View

RULE = "personal_data"
_OF_PEOPLE = ("email", "phone", "name", "address")  # kinds that are about somebody wherever they stand


def personal_data(view: View) -> Iterator[Finding]:
    """One finding for a field; a field with the same meaning as its source is one of the same kind."""
    target = view.scope.target
    if target is None or target.is_personal or target.kind in _OF_PEOPLE or target.types is None:
        return
    personal = sorted(view.result.all_personal())
    if target.fields is not None or not personal:
        return
    if target.meaning and target.meaning == view.result.meaning:
        return
    node = next((n for n in view.nodes if n.type in ("path", "variable") and view.shape(n).all_personal()), view.root)
    name = f" “{view.scope.target_path}”" if view.scope.target_path else ""
    yield Finding(
        RULE,
        view.start(node),
        f"{_listed(personal)} tells something about a person, and the field{name} is not about one",
        "Leave it out; if it must be sent, mark the target's field as x-personal in its schema.",
    )


def _listed(names: list[Any]) -> str:
    return ", ".join(f"“{name}”" for name in names[:3]) + (", …" if len(names) > 3 else "")
