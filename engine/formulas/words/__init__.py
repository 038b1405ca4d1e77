"""Formulas in plain words, for people who cannot program.

in_words("$uppercase(billing.country)")  # "the country in capital letters"
"""

from engine.formulas.words.catalogue import templates
from engine.formulas.words.names import lowered
from engine.formulas.words.phrases import Speech, Template, Translations
from engine.formulas.words.reader import condition_in_words, in_words
from engine.formulas.words.titles import Titles, readable

__all__ = [
    "Speech",
    "Template",
    "Titles",
    "Translations",
    "condition_in_words",
    "in_words",
    "lowered",
    "readable",
    "templates",
]
