"""Forms and digests as they go over the wire."""

import hashlib

import pytest

from engine.connectors.forms import read_form
from engine.errors import ConnectionMissing, RecordProblem
from engine.formulas.characters import PLACEHOLDER
from tests.connectors.speaking import (
    ACCOUNT,
    ANSWERS,
    CREATE,
    DIGEST,
    HTTP,
    INTEGRATION,
    SECRET,
    books,
    md5,
)


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
