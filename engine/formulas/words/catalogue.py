"""Every template of this package, for whoever translates them."""

from __future__ import annotations

from engine.formulas.words.calls import AFTER, CALLS, OVER, THINGS, WHETHER
from engine.formulas.words.conditions import CONDITIONS
from engine.formulas.words.constants import ALL_BUT, CONSTANTS, PATTERNS
from engine.formulas.words.names import NAMES
from engine.formulas.words.phrases import Template
from engine.formulas.words.places import PLACES
from engine.formulas.words.reader import SENTENCES
from engine.formulas.words.special import SPECIAL


def templates() -> list[Template]:
    """Each template once: a text, or the texts for one and for several."""
    tables = (SENTENCES, CONDITIONS, NAMES, PLACES, CONSTANTS, ALL_BUT, PATTERNS, CALLS, OVER, AFTER, THINGS, SPECIAL)
    found: list[Template] = [template for table in tables for template in table.values()]
    found += [template for pair in WHETHER.values() for template in pair]
    return list(dict.fromkeys(found))
