"""Replies to forms: errors in either form, and what fits nothing."""

import pytest

from engine.errors import BrokenReply, RecordRefused, TryAgain
from tests.connectors.speaking import ANSWERS, HTTP, READ, books


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
