"""Semicolon text: rows of values parted by semicolons, as older systems answer."""

from __future__ import annotations

import re

from engine.connectors.bodies import USUAL_READING, Reading, Undecodable, decoded
from engine.errors import Json

_ROW_END = re.compile(r"\r\n|\r|\n")


def decode_semicolon(body: bytes, reading: Reading = USUAL_READING) -> Json:
    """{"rows": [["1", "1042", ""], …]}: each value as it stands, quotes and spaces too; empty rows are none."""
    text = decoded(body, reading.declared or reading.usual)
    if text.lstrip()[:1] in ("<", "{", "["):
        raise Undecodable("it is not text with semicolons")
    rows = [row.split(";") for row in _ROW_END.split(text) if row.strip()]
    if not rows:
        raise Undecodable("it is empty")
    if any(len(row) == 1 for row in rows):
        raise Undecodable("it is not text with semicolons: a row of it has none")
    return {"rows": rows}
