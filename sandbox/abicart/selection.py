"""List selection: filters under JSON pointers, sort, limit and offset."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.abicart.choices import Choices
from sandbox.abicart.classes import Class
from sandbox.abicart.errors import bad_params
from sandbox.abicart.kinds import FREE, PLAIN, Doc, Kind, moment_of

MOST = 500  # abicart.md, Paging: "max 500 per call – go on until an empty response"
# abicart.md, List selection: `{"filters":…,"sort":"ordered","descending":false,"limit":100,"offset":0}`
KEYS = frozenset({"filters", "sort", "descending", "limit", "offset"})
# abicart.md, List selection: "direct value/`equals`, `min`, `max`, `in`, `contains`, `startsWith`, plus
# `term`/`relevance` for search"
CONDITIONS = ("equals", "min", "max", "in", "contains", "startsWith", "term", "relevance")
Test = Callable[[Any], bool]


def selected(records: list[Doc], selection: Any, kind: Class, choices: Choices) -> list[Doc]:
    """Give the records of one call; there is neither a cursor nor a total."""
    if selection is None:  # not documented: whether it may be left out
        selection = {}
    if not isinstance(selection, dict):
        raise bad_params("The selection is an object.")
    for name in selection:
        if name not in KEYS:
            raise bad_params(f"A selection has no {name!r}.")
    found = filtered(records, selection.get("filters", {}), kind, choices)
    found = _sorted(found, selection, kind)
    limit = _whole(selection.get("limit", choices.default_limit), "limit")
    offset = _whole(selection.get("offset", 0), "offset")
    if limit > MOST:
        if choices.too_much == "refuse":  # not documented: what more than 500 does
            raise bad_params(f"limit is at most {MOST}.")
        limit = MOST
    return found[offset : offset + limit]


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise bad_params(f"{name} is a whole number and not below zero.")
    return value


def _sorted(records: list[Doc], selection: Doc, kind: Class) -> list[Doc]:
    descending = selection.get("descending", False)
    if not isinstance(descending, bool):
        raise bad_params("descending is true or false.")
    # not documented: the order without `sort`, and among equals; here by uid
    name = selection.get("sort", "uid")
    field = kind.fields.get(name) if isinstance(name, str) else None
    if field is None or field.name not in PLAIN:
        raise bad_params(f"{kind.name} cannot be sorted by {name!r}.")

    def key(record: Doc) -> Any:
        value = record.get(name)
        return (value is not None, value if value is not None else 0, record["uid"])

    return sorted(records, key=key, reverse=descending)


def filtered(records: list[Doc], filters: Any, kind: Class, choices: Choices) -> list[Doc]:
    """Give those that meet every condition: "all conditions are ANDed"."""
    if not isinstance(filters, dict):
        raise bad_params("filters is an object with a JSON pointer for each condition.")
    tests: list[tuple[list[str], list[Test]]] = []
    for pointer, condition in filters.items():
        steps, target = _pointed(pointer, kind)
        tests.append((steps, _tests(condition, target, pointer, choices)))
    return [one for one in records if all(test(_at(one, steps)) for steps, own in tests for test in own)]


def _pointed(pointer: str, kind: Class) -> tuple[list[str], Kind]:
    """Read a JSON pointer (RFC 6901) and find what it points to."""
    if not pointer.startswith("/") or any(part[:1] not in ("0", "1") for part in pointer.split("~")[1:]):
        raise bad_params(f"{pointer!r} is no JSON pointer to a field.")
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]
    target: Kind | None = kind.fields.get(steps[0])
    for step in steps[1:]:
        target = target and target.below(step)
    if target is None:
        raise bad_params(f"{kind.name} has no field at {pointer!r}.")
    return steps, target


def _at(record: Doc, steps: list[str]) -> Any:
    found: Any = record
    for step in steps:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal():
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def _tests(condition: Any, kind: Kind, pointer: str, choices: Choices) -> list[Test]:
    if not isinstance(condition, dict):
        condition = {"equals": condition}
    if not condition or not set(condition) <= set(CONDITIONS):
        raise bad_params(f"The condition at {pointer!r} has one or more of {', '.join(CONDITIONS)}.")
    if "relevance" in condition and "term" not in condition:
        raise bad_params(f"The relevance at {pointer!r} belongs to a term.")
    return [_test(name, value, kind, pointer, choices) for name, value in condition.items()]


def _test(name: str, value: Any, kind: Kind, pointer: str, choices: Choices) -> Test:
    fold: Callable[[str], str] = str if choices.case_matters else str.casefold  # not documented: whether case counts

    def plain(one: Any) -> Any:
        return fold(one) if isinstance(one, str) else one

    if name == "in":
        if not isinstance(value, list):
            raise bad_params(f"`in` at {pointer!r} takes a list.")
        wanted = [plain(_operand(one, kind, pointer)) for one in value]
        return lambda own: plain(_comparable(own, kind)) in wanted
    if name == "equals":
        one = plain(_operand(value, kind, pointer))
        return lambda own: bool(plain(_comparable(own, kind)) == one)
    if name in ("min", "max"):
        return _bound(name, value, kind, pointer, choices)
    if name == "contains" and kind.name == "list":
        return lambda own: isinstance(own, list) and value in own
    if name == "relevance":  # not documented: its scale; here all that is found is as relevant as can be
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise bad_params(f"relevance at {pointer!r} is a number.")
        return lambda own: value <= 1
    if not isinstance(value, str) or kind.name not in ("text", "free", "words"):
        raise bad_params(f"`{name}` at {pointer!r} takes a text and a field that holds text.")
    if name == "term":  # not documented: how it searches; here each word stands somewhere in the text
        words = value.casefold().split()
        return lambda own: all(any(word in text.casefold() for text in _texts(own)) for word in words)
    sought = fold(value)
    if name == "startsWith":
        return lambda own: any(fold(text).startswith(sought) for text in _texts(own))
    return lambda own: any(sought in fold(text) for text in _texts(own))


def _texts(own: Any) -> list[str]:
    """The texts of a value; not documented: that a search in texts by language is one in each of them."""
    if isinstance(own, dict):
        return [text for text in own.values() if isinstance(text, str)]
    return [own] if isinstance(own, str) else []


def _bound(name: str, value: Any, kind: Kind, pointer: str, choices: Choices) -> Test:
    if value is None or kind.name in ("truth", "list", "object", "map", "words"):
        raise bad_params(f"`{name}` at {pointer!r} takes a value of a field that has more and less.")
    bound = _operand(value, kind, pointer)
    signs = (operator.ge, operator.le) if choices.bounds_inclusive else (operator.gt, operator.lt)
    holds = signs[0] if name == "min" else signs[1]  # not documented: whether the bound itself belongs

    def test(own: Any) -> bool:
        own = _comparable(own, kind)
        if own is None or isinstance(own, str) != isinstance(bound, str):
            return False  # not documented: null is neither more nor less than anything
        return bool(holds(own, bound))

    return test


def _operand(value: Any, kind: Kind, pointer: str) -> Any:
    """Read a value to compare with; not documented: one of another type is refused, never converted."""
    if value is None or kind is FREE:
        return value
    if kind.name == "moment":
        moment = moment_of(value)
        if moment is None:
            raise bad_params(f"{value!r} at {pointer!r} is no moment such as 2013-01-14T15:04:34Z.")
        return moment
    if kind.name in ("number", "rate", "whole", "uid"):
        good = isinstance(value, int | Decimal) and not isinstance(value, bool)
    elif kind.name == "truth":
        good = isinstance(value, bool)
    elif kind.name in ("list", "object", "map", "words"):
        good = isinstance(value, list | dict)
    else:
        good = isinstance(value, str)
    if not good:
        raise bad_params(f"{value!r} at {pointer!r} is of another type than the field.")
    return value


def _comparable(own: Any, kind: Kind) -> Any:
    return moment_of(own) if kind.name == "moment" and own is not None else own
