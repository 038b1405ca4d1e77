"""The first page: how every flow is, in words of the business, and what needs a person."""

from __future__ import annotations

from studio.parts.header import header
from studio.parts.home.ways_in import draw_trial, draw_ways_in
from studio.state import things
from studio.words import _


def home_page() -> None:
    """Draw it."""
    header(_("Home"), _("How everything is, and what needs somebody."))
    if not things().ledger.connections():
        draw_ways_in()
    else:
        draw_trial()
