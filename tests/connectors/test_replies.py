"""A reply is whole, bounded and readable, or it is a broken reply that says why."""

import gzip
import tracemalloc
import zlib

import httpx
import pytest

from engine.connectors.exchange import Request
from engine.connectors.reply_body import BodyFault, collect
from engine.errors import BrokenReply, Cause, FormulaError, RecordRefused, TryAgain


class Pieces(httpx.SyncByteStream):
    def __init__(self, *pieces):
        self.pieces = pieces

    def __iter__(self):
        yield from self.pieces


def reply(body, **headers):
    return httpx.Response(200, stream=Pieces(body), headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("body", [b"", b"  \n"])
def test_an_empty_reply_has_no_document(bench, body):
    assert bench(httpx.Response(200, content=body)).get().document is None


def test_numbers_come_as_they_were_written(bench):
    body = b'{"id": 12345678901234567, "price": 0.1, "rate": 0.12345678901234567891}'

    document = bench(httpx.Response(200, content=body)).get().document

    assert document == {"id": "12345678901234567", "price": 0.1, "rate": "0.12345678901234567891"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": ', "not valid JSON"),
        (b"<!DOCTYPE html><p>maintenance</p>", "web page"),
        (b'{"a": "\xe5"}', "UTF-8"),
    ],
)
def test_what_is_no_strict_json_is_a_broken_reply(bench, body, said):
    with pytest.raises(BrokenReply, match=said) as broken:
        bench(httpx.Response(200, content=body)).get()
    assert broken.value.cause is Cause.BROKEN_REPLY
    assert not broken.value.outcome_unknown


def test_an_unreadable_reply_to_a_write_leaves_its_outcome_unknown(bench):
    b = bench(httpx.Response(201, content=b"{"))

    with pytest.raises(BrokenReply) as broken:
        b.post()
    assert broken.value.outcome_unknown
    assert len(b.sent) == 1


def test_a_reply_nobody_reads_may_be_anything(bench):
    b = bench(httpx.Response(200, content=b"OK <done>"))

    assert b.client.send(Request("GET", b.client.base, reply_codecs=("none",)), safe=True).body == b"OK <done>"


def test_latin_1_is_read_where_it_is_declared_and_true(bench):
    declared = {"content-type": "application/json; charset=ISO-8859-1"}
    latin, mislabelled = '{"city": "Malmö"}'.encode("latin-1"), '{"city": "Malmö"}'.encode()

    for body in (latin, mislabelled):
        assert bench(httpx.Response(200, content=body, headers=declared)).get().document == {"city": "Malmö"}


def test_a_web_page_with_an_error_status_is_judged_by_the_status(bench):
    b = bench(httpx.Response(502, html="<h1>Bad gateway</h1>"))

    with pytest.raises(TryAgain, match="web page") as failed:
        b.get()
    assert failed.value.cause is Cause.SERVER_FAULT


def test_packed_replies_are_unpacked(bench):
    body = b'{"a": [1, 2, 3]}'
    twice = gzip.compress(body[:5], mtime=0) + gzip.compress(body[5:], mtime=0)

    for packed, name in ((gzip.compress(body, mtime=0), "gzip"), (zlib.compress(body), "deflate"), (twice, "gzip")):
        assert bench(reply(packed, content_encoding=name)).get().document == {"a": [1, 2, 3]}


@pytest.mark.parametrize(
    ("body", "encoding", "said"),
    [
        (b"{}", "br", "did not ask"),
        (b"{}", "gzip", "said to be compressed"),
        (gzip.compress(b"{}" * 999, mtime=0)[:-9], "gzip", "before its end"),
    ],
)
def test_wrongly_packed_replies_are_broken(bench, body, encoding, said):
    with pytest.raises(BrokenReply, match=said):
        bench(lambda _: reply(body, content_encoding=encoding)).get()


def test_a_reply_above_the_limit_is_refused(bench):
    b = bench(httpx.Response(200, content=b'"' + b"x" * 1_000_000 + b'"'), http={"reply_limit_mb": 1})

    with pytest.raises(BrokenReply, match="larger than 1 MB"):
        b.get()
    assert len(b.sent) == 1


def test_a_bomb_is_refused_without_unpacking_it_whole():
    bomb = gzip.compress(b"\0" * 30_000_000, 1, mtime=0)
    tracemalloc.start()

    with pytest.raises(BodyFault, match="larger"):
        collect([bomb], {"content-encoding": "gzip"}, 1_000_000)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 5_000_000


def test_a_packed_reply_without_a_body_is_empty():
    assert collect([], {"content-encoding": "gzip", "content-length": "0"}, 10) == b""


def test_a_cut_reply_is_asked_for_again_and_then_broken(bench):
    b = bench(lambda _: reply(b'{"a"', content_length="100"))

    with pytest.raises(BrokenReply, match="before its end") as broken:
        b.get()
    assert len(b.sent) == 4
    assert broken.value.cause is Cause.INTERRUPTED
    assert b.exchanges[0].status == 200


def test_a_reply_that_drips_for_ever_is_given_up(bench):
    def slow(request):
        def pieces():
            while True:
                b.clock.advance(50)
                yield b" "

        return httpx.Response(200, stream=Endless(pieces))

    class Endless(httpx.SyncByteStream):
        def __init__(self, pieces):
            self.pieces = pieces

        def __iter__(self):
            return self.pieces()

    b = bench(slow, http={"timeouts": {"total": 300}, "retry": {"attempts": 1}})

    with pytest.raises(TryAgain) as failed:
        b.get()
    assert failed.value.cause is Cause.TIME_OUT


def test_a_failing_error_formula_does_not_hide_the_error(bench):
    def read_error(_document):
        raise FormulaError("unknown function", code="T1006", formula="$x()")

    b = bench(httpx.Response(422, json={"a": 1}), options={"read_error": read_error})

    with pytest.raises(RecordRefused, match="unknown function") as failed:
        b.post()
    assert failed.value.status == 422


def test_long_words_of_theirs_are_shortened(bench):
    b = bench(httpx.Response(400, json={"message": "x\n" * 1000}))

    with pytest.raises(RecordRefused) as failed:
        b.get()
    assert len(failed.value.system_message) == 300
    assert "\n" not in failed.value.system_message


def test_a_code_the_connector_knows_is_said_in_its_words(bench):
    http = {"errors": {"says": {"7": {"what": "the period is locked", "what_to_do": "Open the period."}}}}
    replies = [httpx.Response(400, json={"code": code, "message": "No, Z-9"}) for code in ("7", "8")]

    errors = []
    b = bench(replies, http=http)
    for _ in replies:
        with pytest.raises(RecordRefused) as refused:
            b.get()
        errors.append(refused.value)

    known, other = errors
    assert (known.what, known.what_to_do, known.explained) == ("the period is locked", "Open the period.", True)
    assert "Z-9" in known.why
    assert (other.what, other.explained) == ("the system refused the request", False)
