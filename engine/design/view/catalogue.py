"""What the mapping page says of its own accord, for whoever translates it; problems are told in English."""

from __future__ import annotations

from engine.design.suggestions import WHY
from engine.design.view import completing
from engine.design.view.newcomers import FOUND, NEW
from engine.design.view.requests import NOTES
from engine.design.view.rows import NOTHING
from engine.design.view.trees import ROOTS
from engine.design.view.view import PARTS
from engine.formulas.words import Template


def templates() -> list[Template]:
    """Every template of this package."""
    told = [NOTHING, NEW, FOUND, *NOTES.values(), *WHY.values()]
    return [*ROOTS.values(), *PARTS.values(), *told, *completing.templates()]
