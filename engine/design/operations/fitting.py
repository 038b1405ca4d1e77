"""A plain path made to fit the field it goes into: one value of a list, a day of a moment, a text of a yes or no."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from engine.design.operations.editing import Editing, refuse
from engine.design.operations.reach import Standpoint
from engine.errors import Json
from engine.flows.check import flow_formula_paths
from engine.formulas.lint import Scope, Shape, lint, shape_of

_UTC = ("UTC", "Etc/UTC", "GMT", "Z")
_ZONE = re.compile(
    r"\$(?:local_date|in_zone)\(.*?,\s*(\"[A-Za-z_]+/[\w/+-]+\"|\$(?:answers|facts|values)\.[\w.]+)\s*\)", re.DOTALL
)
_TEXTS = frozenset({"string"})
_OF_OBJECTS = frozenset({"object"})


def fitted(editing: Editing, formula: str, at: Standpoint, source: str) -> str:
    """The formula as the target's field takes it; refused where one value cannot be made of the source.

    As it is where nothing is known of either.
    """
    scope = at.scope
    if scope is None or scope.target is None:
        return formula
    shape = shape_of(formula, scope)
    _refuse_objects(shape, scope.target, at.target, source)
    for finding in lint(formula, scope):
        if finding.rule == "list_for_one" and finding.proposal is not None:
            formula = _joined(formula, shape) if finding.proposal.startswith("$join(") else finding.proposal
            shape = shape_of(formula, scope)
    return _converted(editing, formula, shape, scope)


def _joined(formula: str, shape: Shape) -> str:
    """All values as one text. `$join` takes texts only, `$join_filled` numbers too, and passes over null."""
    are_texts = shape.types == _TEXTS and not shape.may_be_null
    return f'${"join" if are_texts else "join_filled"}({formula}, ", ")'


def _refuse_objects(shape: Shape, target: Shape, path: str, source: str) -> None:
    takes_objects = not target.types or "object" in target.types
    if shape.types == _OF_OBJECTS and not takes_objects:
        fields = list(shape.fields or {})
        has = f" ({', '.join(fields[:8])}{', …' if len(fields) > 8 else ''})" if fields else ""
        advice = f"Take one of its fields{has}"
        counted = ", or count them with $count" if shape.many else ""
        refuse(path, f"“{source}” holds several fields, and “{path}” takes one value", f"{advice}{counted}.")
    if target.types == _OF_OBJECTS and shape.types and not shape.is_object:
        refuse(path, f"“{path}” has fields of its own, and “{source}” is one value", "Map it to one of those fields.")


def _converted(editing: Editing, formula: str, shape: Shape, scope: Scope) -> str:
    target = scope.target
    if target is None or shape.many or not shape.types or not target.types:
        return formula
    held = f"$first_filled({formula})" if shape.may_be_null else formula
    if shape.kind == "datetime" and target.kind == "date":
        zone = _zone(editing.document, shape)
        return f"$local_date({held}, {zone})" if zone else formula
    if shape.kind == "datetime" and target.kind == "datetime" and not shape.has_zone:
        zone = _zone(editing.document, shape) or '"UTC"'
        return f"$in_zone({held}, {zone})"
    if shape.types == {"boolean"} and target.types == {"string"}:
        return f"$first_filled($text({formula}))" if shape.may_be_null else f"$string({formula})"
    return formula


def _zone(document: Mapping[str, Json], shape: Shape) -> str:
    """The zone whose days are meant: the flow's own where a formula of it names one, a setting, or the field's."""
    named = Counter(zone for _, formula in flow_formula_paths(document) for zone in _ZONE.findall(formula))
    if named:
        return str(named.most_common(1)[0][0])
    questions = (document.get("questions") or {}).get("properties") or {}
    asked = [name for name in questions if "zone" in name.lower().split("_")]
    if asked:
        return f"$answers.{asked[0]}"
    return "" if shape.zone in ("", *_UTC) else f'"{shape.zone}"'


def for_text(scope: Scope | None) -> Scope | None:
    """The same standpoint where the value becomes a part of a text."""
    if scope is None or scope.target is None:
        return scope
    return replace(scope, target=Shape(types=frozenset({"string"})))
