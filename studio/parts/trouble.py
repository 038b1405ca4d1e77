"""Problems on screen: where, what and what to do, with an icon and a word, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from engine.errors import Problem, StudioError
from studio.words import _

_NO_LINK = "\N{WORD JOINER}"  # of no width; Markdown's own links are made of whole addresses
_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}


def show_problems(problems: Iterable[Problem]) -> None:
    """Each problem in a box of its own."""
    for problem in problems:
        show_problem(problem)


def show_problem(problem: Problem) -> None:
    """One problem; what the engine says in it is English. Documents and remote systems may hold any text, so none of
    it is read as Markdown.
    """
    box = {"error": st.error, "warning": st.warning}.get(problem.severity, st.info)
    word = {"error": _("Error"), "warning": _("Warning")}.get(problem.severity, _("Note"))
    lines = [f"**{word}:** {plain(problem.what)}"]
    if problem.where:
        lines.append(_("Where: {place}", place=plain(problem.where)))
    if problem.what_to_do:
        lines.append(_("What to do: {advice}", advice=plain(problem.what_to_do)))
    box("  \n".join(lines), icon=_ICONS[problem.severity])


def show_error(error: StudioError) -> None:
    """An error of the engine, as its problem."""
    show_problem(error.as_problem())


def plain(text: str) -> str:
    """The text with everything that Markdown would read taken literally; no address becomes a link."""
    escaped = "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|<>~$:" else c for c in text)
    return (
        escaped.replace("@", f"@{_NO_LINK}").replace("\\:/", f"\\:{_NO_LINK}/").replace("www\\.", f"www{_NO_LINK}\\.")
    )
