"""XML as plain values: elements are objects, attributes @name, children lists, text beside them #."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from engine.connectors.bodies import USUAL_READING, Reading, Undecodable, decoded
from engine.errors import Json

DEEPEST = 200
MOST_PARTS = 1_000_000  # elements and attributes: each costs memory, however short it is written
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode_xml(body: bytes, reading: Reading = USUAL_READING) -> Json:
    """{"orders": {"@page": "1", "order": [{…}, …]}}: under the name of the first element, what it holds.

    An element with text alone is that text, an empty one "". Names stand without their namespace.
    """
    text = decoded(body, _encoding(body) or reading.declared or reading.usual).lstrip()
    if not text:
        raise Undecodable("it is empty")
    tree = _Tree()
    try:
        parser = DefusedXMLParser(target=tree, forbid_dtd=True)
        parser.feed(text)  # a text, so what it declares of its encoding is not believed a second time
        return parser.close()
    except DefusedXmlException:
        raise Undecodable("it brings definitions of its own (a DTD or entities), which are not read") from None
    except (ParseError, ValueError):
        raise Undecodable("it is not well-formed XML") from None


def _encoding(body: bytes) -> str:
    """The encoding that the document itself tells; it goes before that of a header, which servers add unasked."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return encoding
    told = _DECLARED.match(body[:1000])
    return told[1].decode("ascii") if told else ""


class _Tree:
    """What the parser tells, built into plain values as it comes."""

    def __init__(self) -> None:
        self._root: dict[str, Json] = {}
        self._open: list[tuple[dict[str, Json], list[str]]] = []
        self._parts = 0

    def start(self, _tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise Undecodable(f"it is nested deeper than {DEEPEST} levels")
        self._parts += 1 + len(attributes)
        if self._parts > MOST_PARTS:
            raise Undecodable(f"it has more than {MOST_PARTS} elements and attributes")
        held: dict[str, Json] = {f"@{_local(name)}": value for name, value in attributes.items()}
        if len(held) < len(attributes):
            raise Undecodable("two attributes of one element have the same name")
        self._open.append((held, []))

    def data(self, text: str) -> None:
        self._open[-1][1].append(text)

    def end(self, tag: str) -> None:
        held, texts = self._open.pop()
        text = "".join(texts)
        value: Any = held
        if not held:
            value = text
        elif not text.isspace() and text:
            held["#"] = text
        if self._open:
            self._open[-1][0].setdefault(_local(tag), []).append(value)
        else:
            self._root = {_local(tag): value}

    def close(self) -> dict[str, Json]:
        return self._root


def _local(name: str) -> str:
    return name.rpartition("}")[2]
