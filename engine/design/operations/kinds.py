"""The operations there are: what each needs, what it does, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.design.operations import fields, sentences, settings, steps, tables
from engine.design.operations.editing import Editing, refuse
from engine.documents.workspace import did_you_mean
from engine.errors import Json

Operation = Mapping[str, Json]
Test = Callable[[Json], bool]
OF_EVERY = ("op", "seq", "client", "typing")  # what a draft looks at, and the document does not


@dataclass(frozen=True, slots=True)
class Part:
    """What may stand under a key of an operation. says: the same in words."""

    says: str
    holds: Test


@dataclass(frozen=True, slots=True)
class Kind:
    """One operation. change: None for undo and redo, which only a draft with its history can carry out."""

    change: Callable[[Editing, Operation], None] | None
    says: Callable[[Operation], str]
    needs: Mapping[str, Part] = field(default_factory=dict)
    may: Mapping[str, Part] = field(default_factory=dict)


def _one_of(*choices: str) -> Part:
    return Part(f"one of {', '.join(choices)}", lambda value: value in choices)


_TEXT = Part("a text", lambda value: isinstance(value, str))
_NAME = Part("a text that is not empty", lambda value: isinstance(value, str) and bool(value.strip()))
_ANY = Part("a value", lambda value: True)
_OBJECT_OR_NULL = Part("an object or null", lambda value: value is None or isinstance(value, dict))
_LIST = Part("a list", lambda value: isinstance(value, list))
_OBJECT = Part("an object", lambda value: isinstance(value, dict))
_INDEX = Part("a position from 0", lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0)
_FIELD = {"step": _NAME, "target": _NAME}

KINDS: dict[str, Kind] = {
    "link": Kind(
        fields.link, sentences.link, {**_FIELD, "source": _NAME}, {"how": _one_of("replace", "join", "first")}
    ),
    "link_list": Kind(fields.link_list, sentences.link_list, {**_FIELD, "source": _NAME}, {"children": _LIST}),
    "unlink": Kind(fields.unlink, sentences.unlink, _FIELD, {"source": _TEXT}),
    "set_formula": Kind(fields.set_formula, sentences.set_formula, {**_FIELD, "formula": _TEXT}),
    "set_write": Kind(fields.set_write, sentences.set_write, {**_FIELD, "write": _one_of(*fields.WRITES)}),
    "set_note": Kind(fields.set_note, sentences.set_note, {**_FIELD, "note": _TEXT}),
    "move": Kind(fields.move, sentences.move, {**_FIELD, "to": _NAME}),
    "set_match": Kind(
        steps.set_match,
        sentences.set_match,
        {"step": _NAME, "field": _NAME, "formula": _TEXT},
        {"where": _TEXT, "scope": _TEXT},
    ),
    "set_policy": Kind(
        steps.set_policy, sentences.set_policy, {"step": _NAME}, {"policy": _one_of(*steps.POLICIES), "formula": _TEXT}
    ),
    "set_when": Kind(steps.set_when, sentences.set_when, {"step": _NAME, "formula": _TEXT}),
    "set_step_title": Kind(steps.set_step_title, sentences.set_step_title, {"step": _NAME, "title": _TEXT}),
    "set_value": Kind(settings.set_value, sentences.set_value, {"name": _NAME, "formula": _TEXT}),
    "set_answer": Kind(settings.set_answer, sentences.set_answer, {"question": _NAME}, {"value": _ANY}),
    "set_row": Kind(tables.set_row, sentences.set_row, {"lookup": _NAME, "key": _TEXT, "value": _ANY}),
    "remove_row": Kind(tables.remove_row, sentences.remove_row, {"lookup": _NAME, "key": _TEXT}),
    "set_rows": Kind(tables.set_rows, sentences.set_rows, {"lookup": _NAME, "rows": _OBJECT}),
    "set_otherwise": Kind(
        tables.set_otherwise,
        sentences.set_otherwise,
        {"lookup": _NAME, "do": _one_of(*tables.OTHERWISE)},
        {"value": _ANY},
    ),
    "add_lookup": Kind(tables.add_lookup, sentences.add_lookup, {"lookup": _NAME, "title": _NAME}, {"refers": _OBJECT}),
    "set_lookup": Kind(
        tables.set_lookup, sentences.set_lookup, {"lookup": _NAME}, {"title": _NAME, "refers": _OBJECT_OR_NULL}
    ),
    "remove_lookup": Kind(tables.remove_lookup, sentences.remove_lookup, {"lookup": _NAME}),
    "add_example": Kind(settings.add_example, sentences.add_example, {"example": _OBJECT}),
    "remove_example": Kind(settings.remove_example, sentences.remove_example, {"index": _INDEX}, {"title": _TEXT}),
    "set_title": Kind(settings.set_title, sentences.set_title, {"title": _TEXT}),
    "undo": Kind(None, sentences.undo),
    "redo": Kind(None, sentences.redo),
}


def kind_of(operation: Json) -> Kind:
    """The kind of an operation that is well formed; refused where it is none."""
    if not isinstance(operation, Mapping):
        refuse("", "an operation is an object", 'Write it as {"op": "set_title", "title": "…"}.')
    name = operation.get("op")
    if not isinstance(name, str) or name not in KINDS:
        close = did_you_mean(name, KINDS) if isinstance(name, str) else None
        advice = f"Did you mean “{close}”?" if close else f"There are: {', '.join(KINDS)}."
        refuse("op", f"there is no operation “{str(name)[:40]}”", advice)
    kind = KINDS[name]
    parts = {**kind.needs, **kind.may}
    for key in kind.needs:
        if key not in operation:
            refuse(name, f"the operation says no `{key}`", f"It needs: {', '.join(kind.needs)}.")
    for key, value in operation.items():
        if key in parts and not parts[key].holds(value):
            refuse(name, f"`{key}` is not {parts[key].says}", "Write it so.")
        if key not in parts and key not in OF_EVERY:
            close = did_you_mean(key, parts)
            advice = f"Did you mean `{close}`?" if close else f"It takes: {', '.join(parts) or 'nothing more'}."
            refuse(name, f"the operation has no part `{key[:40]}`", advice)
    return kind
