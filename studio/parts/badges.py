"""How a flow stands, in a word or two: its version, and whether it has a draft."""

from __future__ import annotations

from engine.design.versions import History, history
from studio.state import things
from studio.words import _


def badges(flow: str, *, has_draft: bool, known: History | None = None) -> str:
    """As Markdown, to stand behind the flow's title. known: its versions, where somebody has them already."""
    known = known or history(things(), flow)
    if known.published is not None:
        said = f":green-badge[{_('Published v{number}', number=known.published.stored.number)}]"
    elif known.is_new:  # what is in the file runs; its first run or publishing gives it a number
        said = f":gray-badge[{_('As in its file')}]"
    else:
        said = f":gray-badge[{_('Not published yet')}]"
    return f"{said} :orange-badge[{_('Draft')}]" if has_draft else said
