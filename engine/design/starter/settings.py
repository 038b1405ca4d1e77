"""The settings of a starter: questions whose choices and defaults come from what the two systems say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.design.starter import proposals
from engine.design.starter.fields import Field
from engine.design.starter.pair import Pair
from engine.design.starter.templates import said
from engine.errors import Json

_OURS = ("rule", "not_at_first", "of_type", "meaning", "among", "prefer")


@dataclass(frozen=True, slots=True)
class Choices:
    """What only the finished steps know: the kinds of documents, the status field, where a number is written back."""

    documents: Sequence[tuple[str, str]] = ()  # (name of the step, what it is called)
    status: Field | None = None
    write_back: Sequence[Field] = ()
    charge_rate: str = ""


def question(name: str, template: Mapping[str, Json], pair: Pair, choices: Choices) -> Json:
    """The question as it stands in the flow."""
    about = {key: value for key, value in template.items() if key not in _OURS}
    words = {**pair.words, "charge rate": choices.charge_rate}
    rule = _RULES.get(str(template.get("rule", "")))
    if rule is not None:
        extra = rule(template, pair, choices)
        words |= extra.pop("words", {})
        about |= extra
    for part in ("title", "description"):
        about[part] = said(about[part], words)
    if not about["description"]:
        del about["description"]
    return about


def _statuses(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    field = pair.record.one("order.status")
    if field is None or not field.codes:
        return {"items": {"type": "string"}, "default": [], "words": {"codes": "name them here"}}
    never = {"cancelled"}
    codes = {field.typed(code): meant for code, meant in field.codes.items() if meant not in never}
    first = [code for code, meant in codes.items() if meant not in template["not_at_first"]]
    kind = "string" if field.is_text else "integer"
    return {"items": {"type": kind, "enum": list(codes)}, "default": first, "words": {"codes": _listed(codes)}}


def _methods(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    return {"default": [code for code, kind in proposals.methods(pair).items() if kind == template["of_type"]]}


def _documents(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    names = [name for name, _ in choices.documents]
    kinds = [called if name == called else f"{called} ({name})" for name, called in choices.documents]
    return {"default": names[0] if names else "", "enum": names, "words": {"kinds": " or ".join(kinds)}}


def _first_status(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    field = choices.status
    if field is None or not field.codes:
        return {"type": "string", "words": {"codes": "name it here"}}
    codes = {field.typed(code): meant for code, meant in field.codes.items() if meant in template["among"]}
    chosen = next((code for meant in template["prefer"] for code, m in codes.items() if m == meant), None)
    about: dict[str, Json] = {"type": "string" if field.is_text else "integer", "enum": list(codes)}
    if chosen is not None:
        about["default"] = chosen
    return {**about, "words": {"codes": _listed(codes)}}


def _write_back(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    names = {field.path: field.title for field in choices.write_back}
    fields = ", ".join(f"{title} ({name})" for name, title in names.items())
    return {"default": next(iter(names), "none"), "enum": [*names, "none"], "words": {"fields": fields}}


def _proposed(propose: Callable[[Pair], Json]) -> Callable[[Mapping[str, Json], Pair, Choices], dict[str, Json]]:
    def rule(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
        value = propose(pair)
        return {} if value is None else {"default": value}

    return rule


_RULES: Mapping[str, Callable[[Mapping[str, Json], Pair, Choices], dict[str, Json]]] = {
    "statuses": _statuses,
    "methods": _methods,
    "documents": _documents,
    "first_status": _first_status,
    "write_back": _write_back,
    "unit": _proposed(proposals.unit),
    "usual_rate": _proposed(proposals.usual_rate),
    "home_country": _proposed(proposals.country),
    "time_zone": _proposed(proposals.time_zone),
}


def _listed(codes: Mapping[Json, str]) -> str:
    """`1 new, 2 in process`."""
    return ", ".join(f"{code} {meant.replace('_', ' ')}" for code, meant in codes.items())
