"""Values and formulas as the mapping page shows them: one line, short, data whatever stands in them."""

from __future__ import annotations

import json
import re

from engine.errors import Json
from engine.formulas import MISSING
from engine.mappings.finish import PLACEHOLDER, as_text

MOST_CHARS = 80
MOST_CHIP = 60
_LOOKED_AT = 400  # characters of a long text that are looked at
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


def shown(value: Json, most: int = MOST_CHARS) -> str | None:
    """A value on one line, as it would be sent; None where there is none. Of a list the count and the first item."""
    if value is MISSING:
        return None
    if isinstance(value, list):
        return _list(value, most)
    if isinstance(value, dict):
        return _cut(_object(value), most)
    return _cut(plain(value), most)


def plain(value: Json) -> str:
    """A single value as text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return as_text(value)
    return str(value)[:_LOOKED_AT].replace(PLACEHOLDER, "«")


def chip(formula: str) -> str:
    """A formula on one short line."""
    return _cut(formula[:_LOOKED_AT], MOST_CHIP)


def _list(value: list[Json], most: int) -> str:
    if not value:
        return "[]"
    first = shown(value[0], most) or ""
    return first if len(value) == 1 else _cut(f"{len(value)} × {first}", most)


def _object(value: dict[str, Json]) -> str:
    parts = []
    for name, held in list(value.items())[:8]:
        text = json.dumps(held, ensure_ascii=False) if isinstance(held, dict | list) and len(held) < 4 else None
        parts.append(f"{name}: {text or shown(held, 30)}")
    return "{" + ", ".join(parts) + (", …" if len(value) > 8 else "") + "}"


def _cut(text: str, most: int) -> str:
    line = _BREAKS.sub(" ", text).strip(" ")
    return line if len(line) <= most else line[: most - 1] + "…"
