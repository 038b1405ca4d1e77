"""Each kind of sign-in puts its credential on the request, and nothing shows it afterwards."""

import base64
import hmac

import httpx
import pytest

from engine.connectors.clock import FakeClock
from engine.connectors.exchange import Request
from engine.connectors.redaction import HIDDEN
from engine.connectors.signing import written_date
from engine.errors import BrokenReply, ConnectionMissing, RecordProblem

SIGNED = {
    "kind": "hmac",
    "secret": "secret",
    "algorithm": "sha512",
    "encoding": "hex",
    "parts": ["key", "method", "target", "body", "date"],
    "separator": "|",
    "headers": {"x-public": "{key}", "x-date": "{date}", "x-hash": "{signature}"},
}
REPLY = {"header": "X-Hash", "parts": ["key", "method", "target", "body", "date"], "date_header": "X-Date"}


def signature(*parts, algorithm="sha512"):
    return hmac.new(b"very-secret-value", "|".join(parts).encode(), algorithm)


def signed_reply(request, body='{"ok":true}', status=200, date="2030-01-01T00:00:09Z", said=None):
    target = request.url.raw_path.decode()
    right = signature("public-key", request.method, target, said or body, date).hexdigest()
    return httpx.Response(status, content=body.encode(), headers={"x-hash": right, "x-date": date})


def test_headers_are_filled_from_answers(bench):
    b = bench(http={"sign_in": {"kind": "header", "headers": {"X-App": "{key}", "X-Token": "t {secret}"}}})

    b.get()

    assert b.sent[0].headers["x-app"] == "public-key"
    assert b.sent[0].headers["x-token"] == "t very-secret-value"


def test_basic_and_bearer_write_the_authorization(bench):
    basic = bench(http={"sign_in": {"kind": "basic", "user": "{key}", "password": "{secret}"}})
    bearer = bench(http={"sign_in": {"kind": "bearer", "token": "{secret}"}})

    basic.get()
    bearer.get()

    pair = base64.b64encode(b"public-key:very-secret-value").decode()
    assert basic.sent[0].headers["authorization"] == f"Basic {pair}"
    assert bearer.sent[0].headers["authorization"] == "Bearer very-secret-value"


def test_a_missing_answer_is_said_before_anything_is_sent(bench):
    with pytest.raises(ConnectionMissing, match="“secret” has no answer"):
        bench(http={"sign_in": {"kind": "bearer", "token": "{secret}"}}, answers={"shop": "shop.test"})


def test_a_line_break_in_a_credential_is_refused_without_showing_it(bench):
    with pytest.raises(ConnectionMissing) as refused:
        bench(
            http={"sign_in": {"kind": "bearer", "token": "{secret}"}},
            answers={"shop": "shop.test", "secret": "abc\r\nX-Evil: 1"},
        )
    assert "abc" not in str(refused.value)


def test_a_header_that_cannot_be_written_is_a_problem_of_the_record(bench):
    b = bench()
    for value in ("a\r\nX-Evil: 1", "日本"):
        with pytest.raises(RecordProblem, match="header"):
            b.client.send(Request("GET", b.client.base, {"X-Reference": value}), safe=True)


def test_the_signature_covers_what_is_sent(bench):
    b = bench(http={"sign_in": SIGNED})

    b.client.send(Request("POST", b.client.base + "/orders?a=b%20c&$d='e'", body='{"å":1}'.encode()), safe=False)

    sent = b.sent[0]
    target = sent.url.raw_path.decode()
    right = signature("public-key", "POST", target, '{"å":1}', "2030-01-01T00:00:00Z").hexdigest()
    assert sent.headers["x-hash"] == right
    assert sent.headers["x-date"] == "2030-01-01T00:00:00Z"
    assert sent.content == '{"å":1}'.encode()


def test_other_hashes_and_writings_are_a_matter_of_the_description(bench):
    spec = {**SIGNED, "algorithm": "sha256", "encoding": "base64", "date": "unix", "parts": ["url", "date"]}
    b = bench(http={"sign_in": spec})

    b.get()

    right = signature("https://shop.test/api/orders", "1893456000", algorithm="sha256").digest()
    assert b.sent[0].headers["x-hash"] == base64.b64encode(right).decode()


def test_every_attempt_is_signed_anew(bench):
    b = bench([httpx.Response(429, headers={"retry-after": "30"}), httpx.Response(200)], http={"sign_in": SIGNED})

    b.get()

    assert b.sent[1].headers["x-date"] == "2030-01-01T00:00:30Z"
    assert b.sent[0].headers["x-hash"] != b.sent[1].headers["x-hash"]


def test_dates_are_written_as_systems_read_them():
    now = FakeClock().now()

    assert written_date(now, "iso") == "2030-01-01T00:00:00Z"
    assert written_date(now, "http") == "Tue, 01 Jan 2030 00:00:00 GMT"
    assert written_date(now, "unix") == "1893456000"
    assert written_date(now, "unix_ms") == "1893456000000"


def test_a_signed_reply_is_believed(bench):
    b = bench(signed_reply, http={"sign_in": {**SIGNED, "reply": REPLY}})

    assert b.get("/orders?start=0").document == {"ok": True}


def test_a_signed_reply_without_a_body_is_believed(bench):
    b = bench(
        lambda request: signed_reply(request, body="", status=204),
        http={"sign_in": {**SIGNED, "reply": REPLY}},
    )

    assert b.post().status == 204


def test_the_date_of_the_request_counts_where_replies_have_none(bench):
    about = {name: value for name, value in REPLY.items() if name != "date_header"}
    b = bench(
        lambda request: signed_reply(request, date=request.headers["x-date"]),
        http={"sign_in": {**SIGNED, "reply": about}},
    )

    assert b.get().status == 200


@pytest.mark.parametrize("safe", [True, False])
def test_a_tampered_reply_is_refused(bench, safe):
    b = bench(lambda request: signed_reply(request, said="{}"), http={"sign_in": {**SIGNED, "reply": REPLY}})

    with pytest.raises(BrokenReply, match="signature is wrong") as broken:
        b.post(safe=safe)
    assert broken.value.outcome_unknown is not safe
    assert len(b.sent) == 1


def test_an_unsigned_success_is_refused(bench):
    b = bench(httpx.Response(200, json={}), http={"sign_in": {**SIGNED, "reply": REPLY}})

    with pytest.raises(BrokenReply, match="not signed"):
        b.get()


def test_an_unsigned_failure_counts_unless_every_reply_must_be_signed(bench):
    failing = httpx.Response(404, json={})
    with pytest.raises(Exception, match="does not have"):
        bench(failing, http={"sign_in": {**SIGNED, "reply": REPLY}}).get()

    with pytest.raises(BrokenReply, match="not signed"):
        bench(failing, http={"sign_in": {**SIGNED, "reply": {**REPLY, "signed": "every"}}}).get()


def test_what_is_kept_shows_no_secret(bench):
    def echo(request):
        return httpx.Response(200, json={"you said": "very-secret-value", "pin": "1234"}, headers={"set-cookie": "a=b"})

    http = {
        "sign_in": SIGNED,
        "headers": {"X-Extra": "{pin}", "X-Odd": "p={odd}"},
    }
    answers = {
        "shop": "shop.test",
        "key": "public-key",
        "secret": "very-secret-value",
        "pin": "1234",
        "odd": "a/b+c=&d",
    }
    b = bench(echo, http=http, answers=answers, options={"secret_answers": {"pin", "odd"}})

    b.client.send(
        Request(
            "POST",
            b.client.base + "/x?t=very-secret-value&p=1234&o=a%2Fb%2Bc%3D%26d&n=12345",
            body=b'"very-secret-value"',
        ),
        safe=True,
    )

    kept = b.exchanges[0]
    assert kept.url == f"https://shop.test/api/x?t={HIDDEN}&p={HIDDEN}&o={HIDDEN}&n=12345"
    assert kept.request_body == f'"{HIDDEN}"'.encode()
    assert kept.reply_body == f'{{"you said":"{HIDDEN}","pin":"{HIDDEN}"}}'.encode()
    assert kept.request_headers["x-hash"] == HIDDEN
    assert kept.request_headers["x-public"] == "public-key"
    assert kept.request_headers["X-Extra"] == HIDDEN
    assert kept.request_headers["X-Odd"] == f"p={HIDDEN}"
    assert kept.reply_headers["set-cookie"] == HIDDEN


def test_signatures_are_not_kept_either_way(bench):
    b = bench(signed_reply, http={"sign_in": {**SIGNED, "reply": REPLY}})

    b.get()

    assert b.exchanges[0].request_headers["x-hash"] == HIDDEN
    assert b.exchanges[0].reply_headers["x-hash"] == HIDDEN


def test_their_words_show_no_secret(bench):
    reply = httpx.Response(400, json={"message": "token very-secret-value is odd"})
    b = bench(reply, http={"sign_in": {"kind": "bearer", "token": "{secret}"}})

    with pytest.raises(Exception, match="is odd") as failed:
        b.get()
    assert "very-secret-value" not in str(failed.value)
    assert "very-secret-value" not in failed.value.system_message


def test_a_secret_is_hidden_at_the_edge_of_what_is_kept(bench):
    edge = b"x" * 999_990 + b"very-secret-value" + b"x" * 100
    b = bench(httpx.Response(400, content=edge), http={"sign_in": {"kind": "bearer", "token": "{secret}"}})

    with pytest.raises(Exception, match="refused"):
        b.get()
    assert len(b.exchanges[0].reply_body) == 1_000_000
    assert b"very" not in b.exchanges[0].reply_body
