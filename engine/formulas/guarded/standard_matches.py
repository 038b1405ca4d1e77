"""The language's functions on texts by regular expression, as the reference implementation has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.formulas.javascript import units
from engine.formulas.jsonata_library import JException, Utils
from engine.formulas.regular_expressions import Expression


def matches(expression: Expression, text: str, most: int | None = None) -> list[Any]:
    """The matches one after the other. D1004 for one that is empty: nothing would come after it."""
    found: list[Any] = []
    if most == 0:
        return found
    for match in expression.finditer(text):
        is_empty = match.end() == match.start()
        if is_empty and (found or match.end() < len(text)):
            raise JException("D1004", -1)
        if len(found) == most:
            break
        found.append(match)
    return found


def contains(text: str, expression: Expression) -> bool:
    return expression.search(text) is not None


def match(text: str | None, expression: Expression, limit: float | None = None) -> Any:
    if text is None:
        return None
    return Utils.create_sequence_from_iter(
        {"match": each.group(), "index": len(units(text[: each.start()])), "groups": _groups(each)}
        for each in matches(expression, text, limited(limit, "D3040"))
    )


def split(text: str, expression: Expression, most: int | None) -> list[str]:
    pieces, end = [], 0
    for each in matches(expression, text, most):
        pieces.append(text[end : each.start()])
        end = each.end()
    return [*pieces, text[end:]][:most]


def replace(text: str, expression: Expression, replacement: Callable[[Any], Any] | str, most: int | None) -> str:
    """replacement: a text in which $1 stands for a group, or a function of the match."""
    pieces, end = [], 0
    for each in matches(expression, text, most):
        new = _filled(replacement, each) if isinstance(replacement, str) else replacement(_described(text, each))
        if not isinstance(new, str):
            raise JException("D3012", -1)
        pieces += [text[end : each.start()], new]
        end = each.end()
    return "".join([*pieces, text[end:]])


def limited(limit: float | None, code: str) -> int | None:
    """How many times something may be done at most: a part of a time counts whole."""
    if limit is None:
        return None
    if limit < 0:
        raise JException(code, -1, limit)
    return int(-(-limit // 1))


def _groups(found: Any) -> list[str | None]:
    return [found.group(number) for number in range(1, len(found.groups()) + 1)]


def _described(text: str, found: Any) -> dict[str, Any]:
    start = len(units(text[: found.start()]))
    end = start + len(units(found.group()))
    return {"match": found.group(), "start": start, "end": end, "groups": _groups(found)}


def _filled(replacement: str, found: Any) -> str:
    groups = _groups(found)
    digits = len(str(len(groups))) if groups else 1
    first, *rest = replacement.split("$")
    filled, at = first, 0
    while at < len(rest):
        after = rest[at]
        at += 1
        number = _number_at(after, digits, len(groups))
        if after.startswith("0"):
            filled += found.group() + after[1:]
        elif number:
            index = int(number)
            filled += (groups[index - 1] or "" if 0 < index <= len(groups) else "") + after[len(str(index)) :]
        elif after == "" and at < len(rest):  # $$
            filled += "$" + rest[at]
            at += 1
        else:
            filled += "$" + after
    return filled


def _number_at(text: str, digits: int, groups: int) -> str:
    """The number of a group at the beginning of the text, "" where there is none."""
    number = ""
    for character in text[:digits]:
        if not character.isdecimal() or not character.isascii():
            break
        number += character
    if digits > 1 and number and int(number) > groups:
        number = number[: digits - 1]
    return number
