"""Reads the document in a reply's body, and says what is wrong with a body that has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.connectors.bodies import Reading
from engine.connectors.codecs import CODECS, Undecodable
from engine.connectors.exchange import Reply

_PAGE = re.compile(rb"<(!doctype\s+html|html)[\s>]", re.IGNORECASE)
_WEB_PAGE = "it answered with a web page"
_MAY_BE_EMPTY = "json"  # the one codec in which no body is an answer: there is nothing to say


def read_document(reply: Reply, codecs: Sequence[str], usual: str = "utf-8") -> str:
    """Sets the reply's document, by the first codec that fits; says what is wrong with the body, or "".

    usual: the encoding of texts that declare none.
    """
    body, content_type = reply.body, reply.headers.get("content-type", "").lower()
    if "none" in codecs:
        return ""
    if not body or body.isspace():
        return "" if _MAY_BE_EMPTY in codecs else "it is empty"
    is_html = "html" in content_type
    if _is_page(body, codecs) or (is_html and _MAY_BE_EMPTY in codecs):
        return _WEB_PAGE
    reading = Reading(content_type.partition("charset=")[2].partition(";")[0].strip(" \"'"), usual)
    unread = ""
    for codec in codecs:
        decode = CODECS[codec].decode
        if decode is None:
            raise LookupError(f"{codec} is for requests")  # the schema of connectors allows none of these
        try:
            reply.document = decode(body, reading)
        except Undecodable as fault:
            unread = unread or fault.why
        else:
            reply.codec = codec
            return ""
    return _WEB_PAGE if is_html else unread


def _is_page(body: bytes, codecs: Sequence[str]) -> bool:
    """A page for people. Older servers call all they send HTML, so where text or XML is read its own look decides."""
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return bool(_PAGE.search(start)) or (start[:1] == b"<" and "xml" not in codecs)
