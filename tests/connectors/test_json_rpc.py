"""A call has one reply of its own, with a result or an error."""

import json

import pytest

from engine.connectors.bodies import Reading, Undecodable, Writing
from engine.connectors.json_rpc import decode_reply, encode_call, result_of
from engine.errors import RecordProblem
from engine.formulas import MISSING

CALL = Writing(call="Order.list")


def test_a_call_is_made_by_name():
    assert encode_call([1, {"a": "å"}], CALL) == (
        '{"jsonrpc":"2.0","id":1,"method":"Order.list","params":[1,{"a":"å"}]}'.encode()
    )
    assert encode_call({"uid": 7}, CALL).endswith(b'"params":{"uid":7}}')
    assert encode_call(MISSING, CALL) == b'{"jsonrpc":"2.0","id":1,"method":"Order.list"}'


@pytest.mark.parametrize("params", ["text", 1, None, True])
def test_parameters_are_a_list_or_an_object(params):
    with pytest.raises(RecordProblem, match="a list or an object"):
        encode_call(params, CALL)


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ({"jsonrpc": "2.0", "id": 1, "result": [1]}, [1]),
        ({"id": 1, "result": None}, None),
        ({"id": 1, "result": {"error": "not this one"}, "error": None}, {"error": "not this one"}),
    ],
)
def test_a_result_is_read_without_its_envelope(reply, result):
    assert result_of(decode_reply(json.dumps(reply).encode())) == result


@pytest.mark.parametrize("identity", [1, None])
def test_an_error_comes_whole_also_without_an_id(identity):
    reply = {"jsonrpc": "2.0", "id": identity, "error": {"code": -32700, "message": "no"}}

    assert decode_reply(json.dumps(reply).encode()) == reply


def test_an_error_that_nobody_read_is_no_result():
    with pytest.raises(Undecodable, match="does not read"):
        result_of({"id": 1, "error": {"code": 1}})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'[{"id":1,"result":1}]', "a list of replies"),
        (b"[]", "a list of replies"),
        (b'"yes"', "no reply to a call"),
        (b'{"id":1}', "neither a result nor an error"),
        (b'{"id":1,"error":null}', "neither a result nor an error"),
        (b'{"id":1,"result":1,"error":{"code":1}}', "a result and an error"),
        (b'{"id":2,"result":1}', "another call"),
        (b'{"id":"1","result":1}', "another call"),
        (b'{"id":true,"result":1}', "another call"),
        (b'{"id":null,"result":1}', "another call"),
        (b'{"result":1}', "another call"),
        (b'{"id":2,"error":{"code":1}}', "another call"),
        (b'{"id":1,"id":2,"result":1}', "twice"),
        (b'{"id":1,"result":NaN}', "NaN"),
        (b"", "empty"),
    ],
)
def test_what_is_no_reply_to_our_call_says_why(body, why):
    with pytest.raises(Undecodable, match=why):
        decode_reply(body)


def test_long_numbers_stay_exact():
    digits = "123456789012345678901234567890"
    reply = decode_reply(f'{{"id":1,"result":{{"uid":{digits},"price":0.{digits}}}}}'.encode())

    assert reply["result"] == {"uid": digits, "price": f"0.{digits}"}


def test_a_reply_that_declares_latin_1_is_read_so():
    body = '{"id":1,"result":"Åsa"}'

    assert decode_reply(body.encode("latin-1"), Reading("iso-8859-1"))["result"] == "Åsa"
    with pytest.raises(Undecodable, match="UTF-8"):
        decode_reply(body.encode("latin-1"), Reading(usual="iso-8859-1"))  # JSON that says nothing is UTF-8
