"""Formulas and conditions of the two sides: their texts, however they are written, and their words."""

from __future__ import annotations

from engine.design.differences.comparing import ABSENT, Words
from engine.documents.formula_text import formula_text
from engine.errors import Json


def formula_of(held: Json) -> Json:
    """A formula as one text, also where it is written as lines; anything else as it is."""
    is_lines = isinstance(held, list) and all(isinstance(line, str) for line in held)
    return formula_text(held) if is_lines and held is not ABSENT else held


def formula_words(step: str, target: str) -> Words:
    """What a formula gives, as each side calls things. step, target: where it stands."""
    return lambda wording, value: wording.formula(value, step, target) if isinstance(value, str) else ""


def condition_words(step: str) -> Words:
    """A condition as it follows an “if”."""
    return lambda wording, value: wording.condition(value, step) if isinstance(value, str) else ""
