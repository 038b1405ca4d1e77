"""How bodies are written and read: one row for each codec."""

from __future__ import annotations

from collections.abc import Mapping

from engine.connectors.bodies import USUAL_WRITING, Codec, Undecodable, Writing
from engine.connectors.forms import encode_form
from engine.connectors.json_body import decode_json, encode_json
from engine.connectors.json_rpc import decode_reply, encode_call, result_of
from engine.connectors.semicolon import decode_semicolon
from engine.connectors.xml_document import decode_xml
from engine.errors import Json

__all__ = ["CODECS", "REPLIES", "Codec", "Undecodable", "encode"]

CODECS: Mapping[str, Codec] = {
    "json": Codec("application/json", "application/json", encode_json, decode_json),
    "form": Codec("application/x-www-form-urlencoded", "*/*", encode_form),
    "json_rpc": Codec("application/json", "application/json", encode_call, decode_reply, result_of),
    "semicolon": Codec("text/plain", "text/plain", decode=decode_semicolon),
    "xml": Codec("application/xml", "application/xml, text/xml", decode=decode_xml),
}
REPLIES = {"form": "json"}  # how the reply to a body is read where the connector says nothing, if not alike


def encode(codec: str, document: Json, writing: Writing = USUAL_WRITING) -> tuple[bytes, dict[str, str]]:
    """A body and the header that says how it is written. Raises RecordProblem."""
    row = CODECS[codec]
    if row.encode is None:
        raise LookupError(f"{codec} is for replies")  # the schema of connectors allows none of these
    return row.encode(document, writing), {"Content-Type": row.content_type}
