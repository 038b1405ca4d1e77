"""Sentences and values as text only: what stands in a record, a document or a remote answer is never read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import streamlit as st

from studio.words import _

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ICONS = {"error": "error", "warning": "warning", "note": "info"}


def say(*parts: str, quiet: bool = False) -> None:
    """A paragraph of parts that are HTML already."""
    st.html(paragraph(*parts, quiet=quiet))


def paragraph(*parts: str, quiet: bool = False) -> str:
    return f'<p class="ms-said{" ms-quiet" if quiet else ""}">{" ".join(parts)}</p>'


def text(words: object) -> str:
    """Words of anybody, in a direction of their own; characters that turn the direction of others are named."""
    return f"<bdi>{escape(_TURNING.sub(lambda found: f'[U+{ord(found[0]):04X}]', str(words)))}</bdi>"


def strong(words: object) -> str:
    return f"<strong>{text(words)}</strong>"


def value(shown: object) -> str:
    """A value as it stands in a record."""
    return (
        f'<code class="ms-value">{text(shown)}</code>' if shown not in (None, "") else f"<em>{text(_('nothing'))}</em>"
    )


def icon(name: str) -> str:
    return f'<span class="ms-icon" aria-hidden="true">{escape(name)}</span>'


def severity(name: str) -> str:
    """An icon and a word."""
    word = {"error": _("Error"), "warning": _("Warning")}.get(name, _("Note"))
    return f"{icon(_ICONS.get(name, 'info'))}{strong(word)}"


def problem(told: Mapping[str, Any], place: str = "") -> str:
    """A problem in one paragraph."""
    where = f"{text(place)}:" if place else ""
    what, advice = sentence(told["what"]), sentence(told["what_to_do"])
    return paragraph(f"{severity(str(told['severity']))}:", where, text(what), text(advice))


def sentence(words: object) -> str:
    """With a capital and a full stop, as findings are told that are written without them."""
    said = str(words).strip()
    return said[:1].upper() + said[1:] + ("" if not said or said[-1] in ".!?…:" else ".")


def rows(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with values beside them; the values are HTML already."""
    told = "".join(f'<div class="ms-row"><dt>{text(name)}</dt><dd>{held}</dd></div>' for name, held in pairs)
    return f'<dl class="ms-rows">{told}</dl>' if told else ""


def difference(path: str, expected: object, found: object, hint: str) -> str:
    """What an example expects and what there is."""
    told = [strong(path), text(_("expected:")), value(expected), text(_("found:")), value(found)]
    return " ".join([*told, text(hint)] if hint else told)
