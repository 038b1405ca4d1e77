"""Every template with which flows are told in words, in one list, for whoever translates them."""

from __future__ import annotations

from engine.design import differences, impact, reading, sentences
from engine.design.home import health, needing, throughput, whole
from engine.design.running import checks, overview, schedule_words
from engine.design.settings import audit
from engine.design.support import causes, mended_causes, telling
from engine.design.view import catalogue as view
from engine.formulas import words
from engine.formulas.words import Template


def templates() -> list[Template]:
    """Each template once: a text, or the texts for one and for several."""
    packages = (
        *(words, sentences, differences, impact, reading, view, schedule_words, overview, checks),
        *(telling, causes, mended_causes, health, needing, throughput, whole, audit),
    )
    found = [template for package in packages for template in package.templates()]
    return list(dict.fromkeys(found))
