"""What is kept of forms, calls, XML and digests: readable, and without secrets."""

import logging

import pytest

from engine.connectors.redaction import HIDDEN
from engine.errors import RecordRefused
from tests.connectors.speaking import ACCOUNT, ANSWERS, CREATE, HTTP, INTEGRATION, READ, SECRET, books, md5


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
