"""The settings of a starter: questions whose choices and defaults come from what the two systems say of themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.design.starter import proposals
from engine.design.starter.fields import Field, Record
from engine.design.starter.pair import Pair
from engine.design.starter.templates import said
from engine.errors import Json

_OURS = ("rule", "not_at_first", "of_type", "meaning", "among", "prefer", "kept")


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
    words = {**pair.words, "charge rate": _of_charge(template, choices.charge_rate)}
    rule = _RULES.get(str(template.get("rule", "")))
    if rule is not None:
        extra = rule(template, pair, choices)
        about |= extra
    for part in ("title", "description"):
        about[part] = said(about[part], words)
    if "oneOf" in about:
        about["oneOf"] = [{**option, "title": said(option["title"], words)} for option in about["oneOf"]]
    if not about["description"]:
        del about["description"]
    return about


def _of_charge(template: Mapping[str, Json], said: str) -> str:
    """What is said of the number of a charge's article; its example belongs to the article that it names only."""
    sentence, _colon, number = said.partition(": ")
    default = str(template.get("default") or "")
    return said if not said or (default and number.startswith(f"{default}-")) else f"{sentence}."


def _statuses(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    field = pair.record.one("order.status")
    if field is None or not field.codes:
        return {"items": {"type": "string"}, "default": []}
    never = {"cancelled"}
    codes = {field.typed(code): meant for code, meant in field.codes.items() if meant not in never}
    first = [code for code, meant in codes.items() if meant not in template["not_at_first"]]
    kind = "string" if field.is_text else "integer"
    return {"items": {"type": kind, "oneOf": _options(codes)}, "default": first}


def _methods(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    return {"default": [code for code, kind in proposals.methods(pair).items() if kind == template["of_type"]]}


def _documents(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    return {"default": choices.documents[0][0] if choices.documents else "", "oneOf": _options(dict(choices.documents))}


def _first_status(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    field = choices.status
    if field is None or not field.codes:
        return {"type": "string"}
    codes = {field.typed(code): meant for code, meant in field.codes.items() if meant in template["among"]}
    chosen = next((code for meant in template["prefer"] for code, m in codes.items() if m == meant), None)
    about: dict[str, Json] = {"type": "string" if field.is_text else "integer", "oneOf": _options(codes)}
    if chosen is not None:
        about["default"] = chosen
    return about


def _kept_statuses(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    """Codes of the target's status, of which those are kept that mean that nothing more is to come."""
    field = choices.status
    if field is None or not field.codes:
        return {}
    codes = {field.typed(code): meant for code, meant in field.codes.items()}
    kind = "string" if field.is_text else "integer"
    kept = [code for code, meant in codes.items() if meant in template["kept"]]
    return {"items": {"type": kind, "oneOf": _options(codes)}, "default": kept}


def _bank_account(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    """The records that may be chosen: those that the field of a payment refers to."""
    payment = pair.of_kind("payment", "create")
    field = payment.written("payment.account") if payment is not None else None
    record = pair.target_resource(field.refers) if field is not None and field.refers else None
    if record is None or not record.can("read") or not record.resource.key_field:
        return {}
    return _chosen_from(pair, record, record.resource.key_field)


def _payment_term(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    """The names of the target's terms; the one that is usual for buying on account."""
    record = pair.of_kind("payment_term", "read")
    if record is None:
        return {}
    usual = proposals.term_on_account(pair, record)
    return {**_chosen_from(pair, record, proposals.name_field(record)), **({"default": usual} if usual else {})}


def _chosen_from(pair: Pair, record: Record, gives: str) -> dict[str, Json]:
    """That the answer is one of the target's records."""
    where = proposals.condition(record)
    about = {"connector": pair.target.name, "resource": record.resource.name, "by": proposals.name_field(record)}
    return {"x-options": {**about, "gives": gives, **({"where": where} if where else {})}}


def _write_back(template: Mapping[str, Json], pair: Pair, choices: Choices) -> dict[str, Json]:
    names = {field.path: field.title for field in choices.write_back}
    return {"default": next(iter(names), "none"), "oneOf": _options({**names, "none": "Nowhere"})}


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
    "kept_statuses": _kept_statuses,
    "bank_account": _bank_account,
    "payment_term": _payment_term,
    "unit": _proposed(proposals.unit),
    "usual_rate": _proposed(proposals.usual_rate),
    "home_country": _proposed(proposals.country),
    "time_zone": _proposed(proposals.time_zone),
}


def _options(meanings: Mapping[Json, str]) -> list[Json]:
    """The answers there are, each with words; those that mean the same are told apart by their codes."""
    titles = {code: _capital(meant.replace("_", " ")) for code, meant in meanings.items()}
    many = Counter(titles.values())
    return [{"const": c, "title": title if many[title] == 1 else f"{title} ({c})"} for c, title in titles.items()]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
