"""Formulas in plain words, for people who cannot program.

in_words("$uppercase(billing.country)")  # "the country in capital letters"
"""

from engine.formulas.words.catalogue import templates
from engine.formulas.words.reader import in_words
from engine.formulas.words.titles import Titles

__all__ = ["Titles", "in_words", "templates"]
