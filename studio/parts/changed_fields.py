"""Fields that would hold something else: each with what it held and what it would hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from engine.design.speech import value_in_words
from engine.errors import Json
from studio.parts.mapping.said import rows, say, strong, text, value
from studio.words import _, n_, translations


class ChangedField(Protocol):
    """A place, and its value on either side; MISSING where there is nothing."""

    @property
    def path(self) -> str: ...

    @property
    def before(self) -> Json: ...

    @property
    def now(self) -> Json: ...


def draw_changed_fields(fields: Sequence[ChangedField], most: int) -> None:
    """The first of them, and how many more there are."""
    for each in fields[:most]:
        before, now = (value_in_words(held, translations()) for held in (each.before, each.now))
        say(strong(each.path), text(_("before:")), value(before), text(_("now:")), value(now))
    _say_how_many_more(fields, most)


def draw_new_fields(fields: Sequence[ChangedField], most: int) -> None:
    """The first of them with what they would hold, and how many more there are; there was nothing before."""
    st.html(rows((each.path, value(value_in_words(each.now, translations()))) for each in fields[:most]))
    _say_how_many_more(fields, most)


def _say_how_many_more(fields: Sequence[ChangedField], most: int) -> None:
    left = len(fields) - most
    if left > 0:
        st.caption(n_("and {n} more field", "and {n} more fields", left))
