"""Forms, calls, XML and digests as they go over the wire, and what is kept of them."""

import hashlib
import json
import logging
from collections.abc import Iterator

import pytest

from engine.connectors.forms import read_form
from engine.connectors.redaction import HIDDEN
from engine.errors import BrokenReply, ConnectionMissing, RecordProblem, RecordRefused, TryAgain
from engine.formulas.characters import PLACEHOLDER
from tests.connectors.speaking import Speaks

SECRET, INTEGRATION, ACCOUNT = "canary-secret-1", "canary-integration-2", "4711"
ANSWERS = {"account": ACCOUNT, "user": "u", "secret_key": SECRET, "shop": "7", "empty": ""}
DIGEST = {
    "kind": "digest",
    "algorithm": "md5",
    "parts": ["secret_key", "account", "subject"],
    "outer": ["secret_integration", "digest"],
    "parameters": {"account": "{account}", "key": "{digest}", "extra": "{empty}"},
}
HTTP = {
    "text": {"encoding": "iso-8859-1"},
    "query": {"shop": "{shop}", "unsaid": "{empty}"},
    "sign_in": DIGEST,
    "errors": {
        "in_success": True,
        "code": '$exists(rows) ? (rows[0][0] = "0" ? rows[0][1]) : reply.code[0]',
        "message": '$exists(rows) ? (rows[0][0] = "0" ? rows[0][2]) : reply.message[0]',
    },
}
CREATE = {
    "method": "POST",
    "path": "/put",
    "query": {"action": '"order"'},
    "codec": "form",
    "reply": ["semicolon", "xml"],
    "numbered": ["rows"],
    "subject": "$fields.name",
    "body": '{"name": $fields.name, "user": $connection.user, "rows": $fields.rows}',
    "record": '{"number": rows[0][1]}',
}
READ = {
    "method": "GET",
    "path": "/get",
    "query": {"batch": "$batch", "who": '"Åsa"'},
    "reply": ["xml", "semicolon"],
    "subject": "$batch",
    "records": "reply.order.{'number': `@no`}",
}
CALL = {
    "method": "POST",
    "path": "/",
    "codec": "json_rpc",
    "call": "Order.list",
    "body": "[true]",
    "records": "$",
}


@pytest.fixture
def speaks(serve, formulas) -> Iterator[Speaks]:
    made = Speaks(serve, formulas)
    yield made
    made.close()


def md5(*parts: str) -> str:
    return hashlib.md5("".join(parts).encode("latin-1")).hexdigest()


def books(speaks, **more):
    return speaks(HTTP | more, {"create": CREATE, "read": READ}, ANSWERS)


def test_a_form_goes_out_in_latin_1_signed_over_its_subject(speaks):
    s = books(speaks)

    made = s.system.create("orders", {"name": "Åsa Öst", "rows": [{"no": "A", "n": 2}, {"no": "B"}]})

    [sent] = s.sent
    assert made.number == "7"
    assert sent.target == "/api/put?action=order&shop=7"
    assert sent.body == (
        f"name=%C5sa+%D6st&user=u&no_1=A&n_1=2&no_2=B&account=4711&key={md5(SECRET, ACCOUNT, 'Åsa Öst')}".encode()
    )
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert sent.headers["accept"] == "text/plain, application/xml, text/xml"


def test_an_outer_key_makes_a_second_digest(speaks):
    s = speaks(HTTP, {"create": CREATE}, ANSWERS | {"secret_integration": INTEGRATION})

    s.system.create("orders", {"name": "Åsa"})

    inner = md5(SECRET, ACCOUNT, "Åsa")
    assert f"key={md5(INTEGRATION, inner)}".encode() in s.sent[0].body


def test_an_outer_hash_may_be_over_the_subject_too(speaks):
    s = books(speaks, sign_in={**DIGEST, "outer": ["digest", "subject"]})

    s.system.create("orders", {"name": "Åsa"})

    assert f"key={md5(md5(SECRET, ACCOUNT, 'Åsa'), 'Åsa')}".encode() in s.sent[0].body


def test_a_request_without_a_form_is_signed_in_its_query(speaks):
    s = books(speaks).answer(b'<?xml version="1.0"?><reply><order no="1"/><order no="2"/></reply>', kind="text/xml")

    [page] = s.system.read("orders", {"batch": "b1"})

    assert page.records == [{"number": "1"}, {"number": "2"}]
    assert s.sent[0].target == f"/api/get?batch=b1&who=%C5sa&shop=7&account=4711&key={md5(SECRET, ACCOUNT, 'b1')}"
    assert s.sent[0].body == b""


def test_a_signature_is_as_long_as_its_algorithm_says(speaks):
    s = books(speaks, sign_in={**DIGEST, "algorithm": "sha256"})

    s.system.create("orders", {"name": "x"})

    assert hashlib.sha256(f"{SECRET}{ACCOUNT}x".encode()).hexdigest().encode() in s.sent[0].body


@pytest.mark.parametrize("fields", [{"name": "Wałęsa"}, {"name": "x", "rows": [{"no": "😀"}]}, {"name": "\ud800"}])
def test_what_latin_1_does_not_have_is_refused_before_anything_is_sent(speaks, fields):
    s = books(speaks)

    with pytest.raises(RecordProblem, match="ISO-8859-1"):
        s.system.create("orders", fields)
    assert s.sent == s.exchanges == []


def test_a_request_that_is_signed_over_nothing_is_not_sent(speaks):
    s = books(speaks)

    for fields in ({}, {"name": None}, {"name": ""}):
        with pytest.raises(RecordProblem, match="signed over has no value"):
            s.system.create("orders", fields)
    assert s.sent == []


def test_a_request_to_look_at_may_hold_what_does_not_exist_yet(speaks):
    s = books(speaks)
    name = f"{PLACEHOLDER}Number of the new customer ł»"

    shown = s.system.write_request("orders", "create", {"fields": {"name": name}})

    assert read_form(shown.body, shown.encoding)["name"] == name
    with pytest.raises(RecordProblem, match="ISO-8859-1"):
        s.system.write_request("orders", "create", {"fields": {"name": "ł"}})
    with pytest.raises(RecordProblem, match="ISO-8859-1"):
        s.system.create("orders", {"name": name})
    assert s.sent == []


def test_a_query_that_latin_1_does_not_have_is_refused(speaks):
    s = books(speaks)

    with pytest.raises(RecordProblem, match="parameter batch of the request"):
        list(s.system.read("orders", {"batch": "ł"}))
    assert s.sent == []


def test_a_line_break_in_a_subject_moves_nothing(speaks):
    s = books(speaks)

    s.system.create("orders", {"name": "a\r\nX-Evil: 1&key=stolen"})

    assert s.sent[0].body.count(b"key=") == 1
    assert s.sent[0].body.startswith(b"name=a%0D%0AX-Evil%3A+1%26key%3Dstolen&")
    assert "x-evil" not in s.sent[0].headers


@pytest.mark.parametrize("answer", [f"{SECRET}\r\nX-Evil: 1", "odd-ł-secret"])
def test_an_answer_that_cannot_be_sent_is_refused_without_showing_it(speaks, answer):
    with pytest.raises(ConnectionMissing) as refused:
        speaks(HTTP, {"create": CREATE}, ANSWERS | {"secret_key": answer})
    assert SECRET not in str(refused.value) and "ł" not in str(refused.value)


def test_a_missing_answer_of_a_digest_is_said(speaks):
    with pytest.raises(ConnectionMissing, match="“secret_key” has no answer"):
        speaks(HTTP, {"create": CREATE}, {"account": ACCOUNT, "shop": "7"})


# --- replies


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("0;17;Kunden Åsa saknas".encode("latin-1"), "text/html"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>'
         "<reply><code>17</code><message>Kunden Åsa saknas</message></reply>".encode("latin-1"), "text/html"),
    ],
)  # fmt: skip
def test_an_error_is_read_in_either_form_whatever_its_header_says(speaks, body, kind):
    s = books(speaks).answer(body, kind=kind)

    with pytest.raises(RecordRefused) as refused:
        s.system.create("orders", {"name": "x"})
    assert (refused.value.system_code, refused.value.system_message) == ("17", "Kunden Åsa saknas")
    assert not refused.value.outcome_unknown


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"", "text/plain", "it is empty"),
        (b" \r\n", "text/plain", "it is empty"),
        (b"OK", "text/plain", "not text with semicolons"),
        (b"OK", "text/html", "a web page"),
        (b"<html><body>a;b</body></html>", "text/plain", "a web page"),
        (b"<!DOCTYPE html><p>a;b</p>", "text/plain", "a web page"),
        (b"\r\n  <HTML lang='sv'></HTML>", "text/xml", "a web page"),
        (b"<reply><code>1</code>", "text/xml", "not text with semicolons"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "text/xml", "not text with semicolons"),
    ],
)
def test_a_reply_that_fits_nothing_leaves_the_outcome_of_a_write_unknown(speaks, body, kind, said):
    s = books(speaks).answer(body, kind=kind)

    with pytest.raises(BrokenReply, match=said) as broken:
        s.system.create("orders", {"name": "x"})
    assert broken.value.outcome_unknown
    assert len(s.sent) == 1


def test_a_reply_whose_error_cannot_be_read_is_no_success(speaks):
    errors = {"in_success": True, "code": '$uppercase(rows[0][0] = "1" ? 5)'}
    s = books(speaks, errors=errors)

    with pytest.raises(BrokenReply, match="whether it tells of an error is not known") as broken:
        s.system.create("orders", {"name": "x"})
    assert broken.value.outcome_unknown


def test_a_failure_without_a_body_is_judged_by_its_status(speaks):
    s = books(speaks).answer(b"", status=503)

    with pytest.raises(TryAgain) as failed:
        s.system.create("orders", {"name": "x"})
    assert failed.value.outcome_unknown


def test_a_very_long_reply_is_refused_and_a_long_one_read(speaks):
    row = b"A-1;" + b"x" * 1_000 + b"\r"
    s = speaks(
        HTTP | {"reply_limit_mb": 21}, {"read": {**READ, "records": "$count(rows).{'number': $string($)}"}}, ANSWERS
    )
    s.answer(row * 20_000)

    [page] = s.system.read("orders", {"batch": "b"})
    assert page.records == [{"number": "20000"}]
    s.answer(row * 21_000)
    with pytest.raises(BrokenReply, match="larger than 21 MB"):
        list(s.system.read("orders", {"batch": "b"}))


# --- calls


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


# --- what is kept


def test_what_is_kept_shows_neither_secrets_nor_digests(speaks, caplog):
    s = speaks(HTTP, {"create": CREATE, "read": READ}, ANSWERS | {"secret_integration": INTEGRATION})
    key = md5(INTEGRATION, md5(SECRET, ACCOUNT, "x"))
    s.answer(f"0;1;key {key} of {SECRET} is wrong".encode(), f"0;1;{INTEGRATION}".encode())

    with caplog.at_level(logging.DEBUG):
        for attempt in (
            lambda: s.system.create("orders", {"name": "x"}),
            lambda: list(s.system.read("orders", {"batch": "x"})),
        ):
            with pytest.raises(RecordRefused) as refused:
                attempt()
            told = repr(refused.value.__dict__) + str(refused.value)
            assert SECRET not in told and INTEGRATION not in told and key not in told
    kept = repr(s.exchanges)
    assert SECRET not in kept and INTEGRATION not in kept and key not in kept and f"account={ACCOUNT}" not in kept
    assert SECRET not in caplog.text and INTEGRATION not in caplog.text and key not in caplog.text
    form, query = s.exchanges
    assert form.request_body.decode() == f"name=x&user=u&account={HIDDEN}&key={HIDDEN}"
    assert query.url.endswith(f"/get?batch=x&who=%C5sa&shop=7&account={HIDDEN}&key={HIDDEN}")


def test_a_reply_in_latin_1_is_kept_readable_and_without_secrets(speaks):
    s = speaks(HTTP, {"create": CREATE}, ANSWERS | {"secret_word": "hemlig-Åsa-ö"})
    s.answer("0;1;Kunden Åsa har hemlig-Åsa-ö".encode("latin-1"))

    with pytest.raises(RecordRefused):
        s.system.create("orders", {"name": "hemlig-Åsa-ö"})

    assert s.exchanges[0].reply_body.decode() == f"0;1;Kunden Åsa har {HIDDEN}"
    assert s.exchanges[0].request_body.decode().startswith(f"name={HIDDEN}&")


def test_what_signs_in_by_query_is_hidden_by_its_name(speaks):
    answers = ANSWERS | {"short": "ab"}
    http = {"sign_in": {"kind": "query", "parameters": {"auth": "{secret_key}", "v": "{short}"}}}
    s = speaks(http, {"read": {"method": "GET", "path": "/x?v=ab&w=ab", "records": "$"}}, answers).answer(b"[]")

    list(s.system.read("orders"))

    assert s.sent[0].target == f"/api/x?w=ab&auth={SECRET}&v=ab"
    assert s.exchanges[0].url.endswith(f"/x?w={HIDDEN}&auth={HIDDEN}&v={HIDDEN}")


def test_a_key_is_hidden_wherever_it_comes_back_as_it_stands_in_the_address(speaks):
    sign_in = {"kind": "query", "parameters": {"auth": "{secret_key}"}}
    s = speaks({"sign_in": sign_in}, {"read": READ}, {"secret_key": "canary:one/two$three,4="})
    s.answer(b"asked for;auth=canary:one%2Ftwo$three,4%3D")
    list(s.system.read("orders", {"batch": "1"}))

    assert "canary" not in repr(s.exchanges)


def test_what_is_hidden_does_not_grow_with_every_digest(speaks):
    s = books(speaks)
    redactor = s.system._client._redactor
    before = len(redactor._secrets)

    for number in range(20):
        s.system.create("orders", {"name": f"n{number}"})

    assert len(redactor._secrets) == before


def test_secrets_are_no_answers_that_formulas_see(speaks):
    operation = {**CREATE, "body": '{"a": $connection.user, "b": $connection.secret_key, "c": $keys($connection)}'}
    s = speaks(HTTP, {"create": operation}, ANSWERS)

    s.system.create("orders", {"name": "x"})

    assert s.sent[0].body.startswith(b"a=u&c=account&c=user&c=shop&c=empty&account=")


def test_an_answer_to_a_question_that_is_gone_is_told_to_nobody(speaks):
    connector = books(speaks).system.connector

    assert connector.told({"user": "u", "secret_key": SECRET, "gone": "was a secret"}) == {"user": "u"}
