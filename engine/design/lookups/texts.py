"""The bytes of a file as text: UTF-8 or UTF-16 by their mark, else UTF-8, else Windows-1252."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from engine.errors import Problem

MOST_BYTES = 8 * 1024 * 1024
UTF_8, UTF_16, WINDOWS = "UTF-8", "UTF-16", "Windows-1252"
_SAVE_AS_CSV = "Open it in the spreadsheet and save it as CSV."


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text. encoding: in words, "" for what was no file; problem: why it is none that can be read."""

    text: str
    encoding: str = ""
    problem: Problem | None = None


def decoded(held: str | bytes) -> Decoded:
    """The text, without a mark of its encoding."""
    if len(held) > MOST_BYTES:
        return _unreadable(f"it is larger than {MOST_BYTES // 1024 // 1024} MB", "Take out what is not needed.")
    if isinstance(held, str):
        return Decoded(held.removeprefix("\ufeff"))
    if held.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _unreadable("it is a workbook, not a text", _SAVE_AS_CSV)
    try:
        return _decoded(held)
    except UnicodeDecodeError:
        return _unreadable("it is not written in UTF-8, UTF-16 or Windows-1252", _SAVE_AS_CSV)


def _decoded(held: bytes) -> Decoded:
    if held.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(held.decode("utf-16"), UTF_16)
    if b"\0" in held and not held.startswith(codecs.BOM_UTF8):
        return _unreadable("it is no text", _SAVE_AS_CSV)
    try:
        return Decoded(held.decode("utf-8-sig"), UTF_8)
    except UnicodeDecodeError:
        return Decoded(held.decode("cp1252"), WINDOWS)


def _unreadable(what: str, advice: str) -> Decoded:
    return Decoded("", problem=Problem("the file", what, advice))
