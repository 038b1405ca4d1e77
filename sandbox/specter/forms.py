"""Reads forms and queries in ISO-8859-1 (specter.md, Base: "POST form, ISO-8859-1")."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from sandbox.exchange import Request
from sandbox.specter.choices import Choices
from sandbox.specter.refusals import FORM, Refused

MEDIA = "application/x-www-form-urlencoded"  # specter-order.form.txt
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ODD = re.compile("[\x7f-\x9f]")  # no printed sign in ISO-8859-1: Windows-1252, or bytes of another encoding
_HIGH = re.compile("[\x80-\xff]+")
_BROKEN = re.compile("%(?![0-9A-Fa-f]{2})")


def query_of(request: Request, choices: Choices) -> dict[str, str]:
    """Read the query of the target as it stood on the line."""
    return _read(request.target.partition("?")[2], choices)


def body_of(request: Request, choices: Choices) -> dict[str, str]:
    """Read the body of a POST."""
    media, _, rest = request.headers.get("content-type", "").partition(";")
    if media.strip().lower() != MEDIA:
        raise Refused(FORM, f"The body is a form, {MEDIA}.")
    charset = rest.partition("charset=")[2].strip().strip('"').lower()
    if charset not in ("", "iso-8859-1", "latin1"):
        raise Refused(FORM, f"The body is in ISO-8859-1, not in {charset}.")
    return _read(request.body.decode("latin-1"), choices)


def _read(text: str, choices: Choices) -> dict[str, str]:
    if _BROKEN.search(text):
        raise Refused(FORM, "A % is followed by two hexadecimal digits.")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), encoding="latin-1")
    except ValueError as wrong:
        raise Refused(FORM, f"The form cannot be read: {wrong}.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Refused(FORM, f"{name} stands in the form twice.")
        _check(name, value, choices)
        found[name] = value
    return found


def _check(name: str, value: str, choices: Choices) -> None:
    """Refuse what is no text in ISO-8859-1; not documented: that the system would."""
    if _FORBIDDEN.search(name + value):
        raise Refused(FORM, f"{name} holds control signs.")
    if choices.utf8_bytes == "refuse" and any(map(_is_utf8, _HIGH.findall(value))):
        raise Refused(FORM, f"{name} is in UTF-8, not in ISO-8859-1.")
    if choices.odd_bytes == "refuse" and _ODD.search(value):
        raise Refused(FORM, f"{name} holds bytes that are no signs in ISO-8859-1.")


def _is_utf8(high: str) -> bool:
    try:
        high.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
