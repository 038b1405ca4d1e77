"""Calls in their envelope as they go over the wire, and replies to them."""

import json

import pytest

from engine.errors import BrokenReply, RecordRefused
from tests.connectors.speaking import ANSWERS, SECRET

CALL = {
    "method": "POST",
    "path": "/",
    "codec": "json_rpc",
    "call": "Order.list",
    "body": "[true]",
    "records": "$",
}


def called(speaks, sign_in=None, **answer):
    http = {
        "query": {"shop": "{shop}"},
        "sign_in": sign_in or {"kind": "query", "parameters": {"auth": "{secret_key}"}},
        "errors": {"in_success": True, "code": "$string(error.code)", "message": "error.message"},
    }
    s = speaks(http, {"read": CALL, "create": {**CALL, "record": "$", "body": "[null, $fields]"}}, ANSWERS)
    return s.answer(json.dumps(answer).encode(), kind="application/json")


def test_a_call_goes_out_in_its_envelope_and_its_records_are_the_result(speaks):
    s = called(speaks, jsonrpc="2.0", id=1, result=[{"number": "1"}])

    [page] = s.system.read("orders")

    assert page.records == [{"number": "1"}]
    assert s.sent[0].target == f"/api/?shop=7&auth={SECRET}"
    assert json.loads(s.sent[0].body) == {"jsonrpc": "2.0", "id": 1, "method": "Order.list", "params": [True]}


def test_the_error_of_a_call_is_the_system_s_own(speaks):
    s = called(speaks, id=1, error={"code": 9001, "message": "no such field"})

    with pytest.raises(RecordRefused) as refused:
        s.system.create("orders", {"name": "x"})
    assert (refused.value.system_code, refused.value.system_message) == ("9001", "no such field")


def test_a_write_whose_result_is_nothing_is_done(speaks):
    assert called(speaks, id=1, result=None).system.create("orders", {"name": "x"}).record == {}


@pytest.mark.parametrize("answer", [{"id": 2, "result": {}}, {"id": 1}, {"id": 1, "result": 1, "error": {}}])
def test_a_reply_to_no_call_of_ours_leaves_the_outcome_unknown(speaks, answer):
    s = called(speaks, **answer)

    with pytest.raises(BrokenReply) as broken:
        s.system.create("orders", {"name": "x"})
    assert broken.value.outcome_unknown


def test_an_error_that_nobody_looks_for_is_not_taken_for_a_result(speaks):
    s = speaks({"sign_in": {"kind": "none"}}, {"create": {**CALL, "record": "$"}}, ANSWERS)
    s.answer(b'{"id":1,"error":{"code":1}}')

    with pytest.raises(BrokenReply, match="does not read"):
        s.system.create("orders", {"name": "x"})


def test_a_parameter_of_the_system_goes_before_the_usual_one_and_the_sign_in_before_all(speaks):
    operation = {**CALL, "method": "GET", "codec": "json", "query": {"shop": '"9"', "auth": '"mine"'}}
    http = {"query": {"shop": "{shop}"}, "sign_in": {"kind": "query", "parameters": {"auth": "{secret_key}"}}}
    s = speaks(http, {"read": {k: v for k, v in operation.items() if k not in ("call", "body")}}, ANSWERS).answer(b"[]")

    list(s.system.read("orders"))

    assert s.sent[0].target == f"/api/?shop=9&auth={SECRET}"
