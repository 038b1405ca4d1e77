"""How the selected field comes to its value: in words, then for the first items what it read and what it gave."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import streamlit as st

from engine.errors import Json
from studio.parts.mapping.said import icon, paragraph, problem, rows, text, value
from studio.parts.mapping.work import VALUES, Work
from studio.words import _


def draw_explanation(work: Work, target: str, height: int) -> None:
    """Draw it, in one piece."""
    told = _of_value(work, target) if target.startswith(VALUES) else _of_field(work, target)
    name = escape(_("Explain"))
    # The keyboard must get to what scrolls.
    box = f'<div class="ms-box" role="region" aria-label="{name}" tabindex="0" style="height: {height}px">'
    with st.container(key="explain"):
        st.html(f'<p class="ms-head">{name}</p>{box}{"".join(told)}</div>')


def _of_field(work: Work, target: str) -> Iterator[str]:
    told = work.view.explain(work.step, target)
    words = str(told["words"])
    yield paragraph(text(words[:1].upper() + words[1:] if words else _("This field is not mapped.")))
    if told["lacks"]:
        yield paragraph(icon("cable"), text(told["lacks"]), quiet=True)
    yield from map(problem, told["problems"])
    for number, each in enumerate(told["results"]):
        yield from _result(each, number, int(told["count"]))


def _result(each: dict[str, Json], number: int, count: int) -> Iterator[str]:
    """One value: what it is, what the finish changed, and what it was made of."""
    which = f" ({number + 1}/{count})" if count > 1 else ""
    yield rows([(f"{_('Result')}{which}", value(each["shown"]))])
    for note in each["notes"]:
        yield paragraph(icon("info"), text(note), quiet=True)
    reads = [(str(read["path"]), value(read["shown"])) for read in each["reads"]]
    reads += [(f"{use['lookup']} ({use['key']})", value(use["shown"])) for use in each["lookups"]]
    if reads:
        yield paragraph(text(_("It read:")), quiet=True)
        yield rows(reads)


def _of_value(work: Work, target: str) -> Iterator[str]:
    yield paragraph(text(_("A named value: worked out once for each record, and used by the formulas of fields.")))
    yield from (problem(each) for each in work.view.problems() if each["target"] == target)
    yield rows([(_("Result"), value(work.view.picture(work.step)["values"].get(target, "")))])
