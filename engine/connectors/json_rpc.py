"""JSON-RPC 2.0: a call by name in one request, its result or its error in the reply."""

from __future__ import annotations

from engine.connectors.bodies import USUAL_READING, USUAL_WRITING, Reading, Undecodable, Writing, unwritable
from engine.connectors.json_body import decode_json, encode_json
from engine.errors import Json
from engine.formulas import MISSING

ID = 1  # one call a request, so that the reply to it can be no other's


def encode_call(params: Json, writing: Writing = USUAL_WRITING) -> bytes:
    """The call with its parameters, which are a list or an object; MISSING leaves them out."""
    call: dict[str, Json] = {"jsonrpc": "2.0", "id": ID, "method": writing.call}
    if params is not MISSING:
        if not isinstance(params, list | dict):
            raise unwritable("the parameters of a call are a list or an object")
        call["params"] = params
    return encode_json(call)


def decode_reply(body: bytes, reading: Reading = USUAL_READING) -> Json:
    """The whole reply, error or result, so that errors can be judged."""
    reply = decode_json(body, reading)
    if isinstance(reply, list):
        raise Undecodable("it is a list of replies, and one call was made")
    if not isinstance(reply, dict):
        raise Undecodable("it is no reply to a call")
    failed = reply.get("error") is not None
    if failed and reply.get("result") is not None:
        raise Undecodable("it holds a result and an error")
    if not failed and "result" not in reply:
        raise Undecodable("it holds neither a result nor an error")
    if not _is_ours(reply, failed):
        raise Undecodable("it is the reply to another call")
    return reply


def result_of(reply: Json) -> Json:
    """The result alone. Raises Undecodable where there is an error after all, which nobody read."""
    if reply.get("error") is not None:
        raise Undecodable("it tells of an error that the connector does not read")
    return reply["result"]


def _is_ours(reply: dict[str, Json], failed: bool) -> bool:
    """An error may come without an id, where the system could not read the call."""
    identity = reply.get("id")
    return (type(identity) is int and identity == ID) or (failed and identity is None)
