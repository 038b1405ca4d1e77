"""The words for a value that breaks one rule of a schema: what it must be, what it is, what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.documents.choices import choices
from engine.documents.workspace import did_you_mean
from engine.errors import Json

Said = list[tuple[str, str]]  # sentences, each with what to do
Path = Sequence[str | int]

_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_MOST_SHOWN = 40


def sentence_of(rule: str, wanted: Json, value: Json, schema: Json, path: Path) -> Said:
    """What is said when `value`, at `path`, breaks the rule (a JSON Schema keyword) of its schema.

    No part of the value is shown that is longer than 40 characters.
    """
    name = name_of(path)
    say = _RULES.get(rule)
    about = schema if isinstance(schema, Mapping) else {}
    if say is None:
        return [(f"{name} does not keep the rule {rule!r}", _advice(about))]
    return [(sentence, what_to_do or _advice(about)) for sentence, what_to_do in say(name, wanted, value, about)]


def name_of(path: Path) -> str:
    """The value's name in a sentence: `title`, item 3 of `steps`, the document."""
    if not path:
        return "the document"
    last = path[-1]
    if isinstance(last, str):
        return f"`{last}`"
    return f"item {last + 1} of {name_of(path[:-1])}"


def kind_of(value: Json) -> str:
    """What a value is, in words: text, a number, a list."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return "a number"
    return {"str": "text", "dict": "an object", "list": "a list"}.get(type(value).__name__, type(value).__name__)


def shown(value: Json) -> str:
    """A short value as it stands in the file; of a long one only what it is."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else kind_of(value)


def listed(names: Sequence[str], join: str = "or") -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {join} {names[-1]}"


def _advice(schema: Mapping[str, Any]) -> str:
    """What the schema's author says the value is for is the best advice there is."""
    about = schema.get("description")
    return str(about) if about else ""


def _type(name: str, wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    is_number = isinstance(value, float) and "integer" in kinds
    what = f"{shown(value)}" if is_number else kind_of(value)
    return [(f"{name} must be {listed([_KINDS.get(kind, kind) for kind in kinds])}, not {what}", "")]


def _required(name: str, wanted: Json, value: Json, schema: Mapping[str, Any]) -> Said:
    said: Said = []
    for key in wanted:
        if key not in value:
            about = schema.get("properties", {}).get(key, {})
            said.append((f"{name} lacks `{key}`", f"Add `{key}`. {_advice(about)}".strip()))
    return said


def _unknown_keys(name: str, _wanted: Json, value: Json, schema: Mapping[str, Any]) -> Said:
    known = list(schema.get("properties", {}))
    said: Said = []
    for key in value:
        if key in known or _matches_a_pattern(key, schema):
            continue
        close = did_you_mean(key, (k for k in known if k not in value)) or did_you_mean(key, known)
        allowed = f"Allowed are {listed([f'`{k}`' for k in known], 'and')}." if known else "It takes no keys."
        advice = f"Did you mean `{close}`? {allowed}" if close else f"Remove it. {allowed}"
        said.append((f"{name} has an unknown key `{key}`", advice))
    return said


def _matches_a_pattern(key: str, schema: Mapping[str, Any]) -> bool:
    return any(re.search(pattern, key) for pattern in schema.get("patternProperties", {}))


def _enum(name: str, wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
    close = did_you_mean(value, (w for w in wanted if isinstance(w, str))) if isinstance(value, str) else None
    advice = f'Did you mean "{close}"?' if close else ""
    return [(f"{name} must be {listed([shown(w) for w in wanted])}, not {shown(value)}", advice)]


def _const(name: str, wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
    return [(f"{name} must be {shown(wanted)}, not {shown(value)}", "")]


def _choice(name: str, wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
    """No alternative fits: say what the alternatives are, as far as their schemas say it in a word."""
    if values := choices({"oneOf": wanted}):
        return _enum(name, [known for known, _ in values], value, {})
    kinds = [_described(branch) for branch in wanted]
    if all(set(branch) == {"required"} for branch in wanted if isinstance(branch, Mapping)):
        names = [listed([f"`{key}`" for key in branch["required"]], "and") for branch in wanted]
        held = value if isinstance(value, Mapping) else {}
        given = sum(all(key in held for key in branch["required"]) for branch in wanted)
        return [(f"{name} must have {listed(names)}{', not both' if given > 1 else ''}", "")]
    known = list(dict.fromkeys(kind for kind in kinds if kind))
    if known:
        return [(f"{name} must be {listed(known)}, not {shown(value)}", "")]
    return [(f"{name} is none of the things it may be", "")]


def _described(branch: Json) -> str:
    if not isinstance(branch, Mapping):
        return ""
    if "enum" in branch:
        return listed([shown(w) for w in branch["enum"]])
    if "const" in branch:
        return shown(branch["const"])
    kind = branch.get("type")
    if isinstance(kind, str):
        title = branch.get("title")
        return f"{_KINDS.get(kind, kind)} ({title})" if title else _KINDS.get(kind, kind)
    title = branch.get("title") or branch.get("$ref", "").split("/")[-1].removesuffix(".schema.json")
    return f"a {title.lower()}" if title else ""


def _bound(words: str) -> Callable[[str, Json, Json, Mapping[str, Any]], Said]:
    return lambda name, wanted, value, _: [(f"{name} must be {words} {shown(wanted)}, not {shown(value)}", "")]


def _length(least: bool, thing: str) -> Callable[[str, Json, Json, Mapping[str, Any]], Said]:
    def say(name: str, wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
        if least and wanted == 1:
            return [(f"{name} must not be empty", "")]
        many = thing if wanted == 1 else thing + "s"
        return [(f"{name} must have at {'least' if least else 'most'} {wanted} {many}, it has {len(value)}", "")]

    return say


def _pattern(name: str, wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
    return [(f"{name} does not have the form {wanted}: {shown(value)}", "")]


def _unique(name: str, _wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
    twice = next((item for n, item in enumerate(value) if item in value[:n]), None)
    return [(f"{name} has {shown(twice)} twice", "Remove one of them.")]


def _never(name: str, _wanted: Json, _value: Json, _: Mapping[str, Any]) -> Said:
    return [(f"{name} is not allowed here", "")]


def _dependent(name: str, wanted: Json, value: Json, _: Mapping[str, Any]) -> Said:
    return [
        (f"{name} lacks `{key}`, which `{given}` needs", f"Add `{key}`.")
        for given, keys in wanted.items()
        if given in value
        for key in keys
        if key not in value
    ]


_RULES: dict[str, Callable[[str, Json, Json, Mapping[str, Any]], Said]] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _unknown_keys,
    "unevaluatedProperties": _unknown_keys,
    "enum": _enum,
    "const": _const,
    "anyOf": _choice,
    "oneOf": _choice,
    "minimum": _bound("at least"),
    "maximum": _bound("at most"),
    "exclusiveMinimum": _bound("more than"),
    "exclusiveMaximum": _bound("less than"),
    "multipleOf": _bound("a multiple of"),
    "minLength": _length(True, "character"),
    "maxLength": _length(False, "character"),
    "minItems": _length(True, "item"),
    "maxItems": _length(False, "item"),
    "minProperties": _length(True, "key"),
    "maxProperties": _length(False, "key"),
    "pattern": _pattern,
    "uniqueItems": _unique,
    "dependentRequired": _dependent,
    "not": _never,
    "False": _never,
}
