"""What a draft would change for the records that are known, before it is published."""

from __future__ import annotations

import streamlit as st

from engine.design.impact import Impact, RecordImpact, impact_in_words, impacts
from engine.errors import StudioError
from studio.parts.changed_fields import draw_changed_fields
from studio.parts.mapping.said import say, text
from studio.parts.trouble import plain, show_error, show_problem
from studio.state import things
from studio.words import _, n_, translations

_MOST_RECORDS = 10  # that are listed; those that newly fail go first
_MOST_FIELDS = 12  # of one record


def show_impact(flow: str, draft: str) -> None:
    """How many of the last records change, and each of them to open."""
    try:
        with st.spinner(_("Trying it on the last records …")):
            found = impacts(things(), flow, draft)
    except StudioError as error:
        show_error(error)
        return
    for binding, one in found:
        _impact(one, binding)


def _impact(found: Impact, binding: str) -> None:
    of = "" if binding == "default" else f"{binding}: "
    words = plain(of + impact_in_words(found, translations()))
    if found.failing:
        st.warning(words, icon=":material/warning:")
    else:
        st.info(words, icon=":material/info:")
    if found.looked and not found.has_run:
        st.caption(_("Nothing has run yet, so what the systems say is not known here."))
    _records(found, binding)


def _records(found: Impact, binding: str) -> None:
    ordered = sorted(found.records, key=lambda each: not each.fails_newly)
    for place, one in enumerate(ordered[:_MOST_RECORDS]):
        with st.expander(_called(one), icon=_icon(one), key=f"impact_{binding}_{place}"):
            _record(one)
    left = len(ordered) - _MOST_RECORDS
    if left > 0:
        st.caption(n_("and {n} more record", "and {n} more records", left))


def _record(one: RecordImpact) -> None:
    if one.problem is not None:
        show_problem(one.problem)
    elif one.reason:
        say(text(one.reason), quiet=True)
    draw_changed_fields(one.fields, _MOST_FIELDS)


def _called(one: RecordImpact) -> str:
    name = plain(one.number or one.key)
    if one.fails_newly:
        return _("{record} would be parked", record=name)
    if one.is_mended:
        return _("{record} would no longer be parked", record=name)
    if one.before != one.now:
        return _("{record} would be held back or let through", record=name)
    return n_("{record}: {n} field differs", "{record}: {n} fields differ", len(one.fields), record=name)


def _icon(one: RecordImpact) -> str:
    return ":material/error:" if one.fails_newly else ":material/swap_horiz:"
