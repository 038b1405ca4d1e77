"""Values and templates in the reader's language, for whoever shows them."""

from __future__ import annotations

from engine.design.differences import value_words
from engine.errors import Json
from engine.formulas import MISSING
from engine.formulas.words import Speech, Translations


def value_in_words(value: Json, translations: Translations | None = None) -> str:
    """A value as people read it; "" for nothing at all."""
    return "" if value is MISSING else value_words(value, Speech(translations))
