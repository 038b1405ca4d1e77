"""Every template with which flows are told in words, in one list, for whoever translates them."""

from __future__ import annotations

from engine.design import differences, reading, sentences
from engine.formulas import words
from engine.formulas.words import Template


def templates() -> list[Template]:
    """Each template once: a text, or the texts for one and for several."""
    found = [*words.templates(), *sentences.templates(), *differences.templates(), *reading.templates()]
    return list(dict.fromkeys(found))
