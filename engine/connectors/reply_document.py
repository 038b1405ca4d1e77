"""Reads the document in a reply's body, and says what is wrong with a body that has none."""

from __future__ import annotations

from engine.connectors.codecs import CODECS, Undecodable
from engine.connectors.exchange import Reply


def read_document(reply: Reply, codecs: tuple[str, ...]) -> str:
    """Sets the reply's document, by the first codec that fits; says what is wrong with the body, or ""."""
    body = reply.body
    if codecs == ("none",) or not body or body.isspace():
        return ""
    if body.lstrip()[:1] == b"<" or "html" in reply.headers.get("content-type", ""):
        return "it answered with a web page"
    unread = ""
    for codec in codecs:
        try:
            reply.document = CODECS[codec].decode(_as_utf8(body, reply.headers.get("content-type", "")))
        except Undecodable as fault:
            unread = unread or fault.why
        else:
            return ""
    return unread


def _as_utf8(body: bytes, content_type: str) -> bytes:
    """The body in UTF-8: as it is when it is so already (many systems declare Latin-1 and send UTF-8)."""
    declared = content_type.lower().partition("charset=")[2].partition(";")[0].strip(' "')
    if declared in ("", "utf-8", "utf8"):
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return body.decode(declared).encode()
        except (UnicodeDecodeError, LookupError):
            return body  # the codec says what is wrong with it
    return body
