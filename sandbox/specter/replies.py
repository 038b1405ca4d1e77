"""The two forms of a reply: semicolon text and XML, both in ISO-8859-1."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from sandbox.exchange import Reply

# not documented: the media types; specter-order.form.txt says "text/plain, semicolon separated"
TEXT = {"Content-Type": "text/plain; charset=ISO-8859-1"}
XML = {"Content-Type": "text/xml; charset=ISO-8859-1"}
DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1"?>\n'  # specter-getOrders.xml


def text_reply(text: str) -> Reply:
    """Write text; a sign outside ISO-8859-1 is a question mark (not documented)."""
    return Reply(200, text.encode("latin-1", "replace"), dict(TEXT))


def xml_reply(inner: str) -> Reply:
    """Write XML under the root of the constructed samples; a sign outside ISO-8859-1 is a reference."""
    document = f"{DECLARATION}<APIresponse>{inner}</APIresponse>"
    return Reply(200, document.encode("latin-1", "xmlcharrefreplace"), dict(XML))


def element(name: str, text: str = "", *inner: str, **attributes: str) -> str:
    """Write one element; `inner` is XML already."""
    head = name + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    held = escape(text) + "".join(inner)
    return f"<{head}>{held}</{name}>" if held else f"<{head}/>"


def done(ids: Sequence[str], *, xml: bool) -> Reply:
    """Say yes: specter.md, Writes: "Reply `1;<customerId>;…`"."""
    if xml:
        # not documented: XML of a yes; code 1 and what the text has, in the two elements that are known
        return xml_reply(element("code", "1") + element("message", ";".join(ids)))
    return text_reply(f"1;{';'.join(ids)};")


def refused(code: int, message: str, *, xml: bool) -> Reply:
    """Say no: specter.md, Errors: "Text `0;code;message` or XML `APIresponse/code`,`message`"."""
    if xml:
        return xml_reply(element("code", str(code)) + element("message", message))
    return text_reply(f"0;{code};{message}")
