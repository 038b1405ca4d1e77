"""Trying a connection says what it found, or exactly what is wrong and which answer to look at."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.connector import Connector
from engine.design.connecting.finding import Finding
from engine.design.connecting.peeking import with_peeks
from engine.design.connecting.trying import connect, try_connection
from engine.design.desk import Desk
from engine.errors import ConnectionMissing, DocumentError
from engine.flows.library import load_connector
from sandbox.clock import Clock
from sandbox.server import Serving
from tests.connectors.test_transport import certificate_for
from tests.design.connecting.conftest import Answers, change


def problem_of(finding: Finding) -> str:
    assert not finding.ok and finding.problem is not None and finding.problem.what_to_do
    return finding.problem.what


def test_a_shop_is_told_by_name_and_by_its_newest_order(things: Desk, shop: Connector, answers: Answers) -> None:
    finding = try_connection(things, shop, answers("ccv-shop"), allow_private=True)

    assert finding.ok and finding.facts["shop_name"] == "De Verzonnen Winkel"
    assert finding.sentences[0] == "It is “De Verzonnen Winkel”."
    assert "Orders: 38 in the last 30 days; the newest is W-10038 of " in "\n".join(finding.sentences)


def test_books_are_told_by_company_currency_and_numbers(things: Desk, books: Connector, answers: Answers) -> None:
    finding = try_connection(things, books, answers("eaccounting"), allow_private=True)

    assert finding.facts["currency"] == "EUR"
    assert {"It is “Voorbeeldwinkel De Linde B.V.”.", "Currency of the books: EUR.", "Articles: 31."} <= set(
        finding.sentences
    )
    assert "Orders: none yet." in finding.sentences


def test_a_try_keeps_nothing_and_only_reads(things: Desk, books: Connector, answers: Answers, serving: Serving) -> None:
    assert try_connection(things, books, answers("eaccounting"), allow_private=True).ok

    assert things.ledger.connections() == []
    door = next(door for door in serving.doors if door.system.name == "eaccounting")
    assert {(method, target) for method, target, *_ in door.requests if method != "GET"} == {("POST", "/connect/token")}
    with pytest.raises(ConnectionMissing):
        try_connection(things, books)


def test_a_token_that_works_once_survives_the_try(things: Desk, books: Connector, answers: Answers) -> None:
    typed = answers("eaccounting")

    for _ in range(3):  # the first try uses the typed token up
        assert try_connection(things, books, typed, allow_private=True).ok
    assert connect(things, books, typed, allow_private=True).ok
    assert try_connection(things, books).ok
    assert connect(things, books, typed, allow_private=True).ok, "the same answers once more mean the same account"
    assert try_connection(things, books).ok


def test_wrong_answers_do_not_take_the_place_of_working_ones(things: Desk, shop: Connector, answers: Answers) -> None:
    connect(things, shop, answers("ccv-shop"), allow_private=True)

    finding = connect(things, shop, answers("ccv-shop", secret="not-the-secret"), allow_private=True)

    assert not finding.ok
    assert try_connection(things, shop).ok


@pytest.mark.parametrize(
    ("system", "wrong", "said", "question"),
    [
        ("ccv-shop", {"secret": "not-the-secret"}, "it does not accept “Public key” or “Secret key”", "secret"),
        ("ccv-shop", {"public_key": "nobody"}, "“The header x-public is not a known public key.”", "secret"),
        ("ccv-shop", {"shop_address": "http://127.0.0.1:9"}, "nothing answers at 127.0.0.1:9", "shop_address"),
        (
            "ccv-shop",
            {"shop_address": "https://no-such-shop.invalid"},
            "there is no system called no-such-shop.invalid",
            "shop_address",
        ),
        ("ccv-shop", {"shop_address": "http://169.254.1.1"}, "nothing was sent", "shop_address"),
        (
            "eaccounting",
            {"client_secret": "wrong"},
            "it does not accept “Client id” or “Client secret”",
            "client_secret",
        ),
        ("eaccounting", {"refresh_token": "wrong"}, "it does not accept “Refresh token”", "refresh_token"),
        ("eaccounting", {"identity_address": "http://127.0.0.1:9"}, "nothing answers at", "identity_address"),
    ],
)
def test_each_wrong_answer_is_named(
    things: Desk, answers: Answers, system: str, wrong: dict[str, Any], said: str, question: str
) -> None:
    connector = load_connector(things.workspace, system)

    finding = try_connection(things, connector, answers(system, **wrong), allow_private=True)

    assert said in problem_of(finding)
    assert finding.question == question
    assert not any(str(value) in str(finding) for name, value in wrong.items() if "secret" in name)


def test_another_systems_address_is_told(things: Desk, shop: Connector, answers: Answers, serving: Serving) -> None:
    wrong = answers("ccv-shop", shop_address=serving.addresses["eaccounting"])

    finding = try_connection(things, shop, wrong, allow_private=True)

    assert "something answers at 127.0.0.1:" in problem_of(finding) and "not as CCV Shop does" in problem_of(finding)


def test_a_page_for_people_is_no_system(things: Desk, shop: Connector, answers: Answers) -> None:
    with website() as address:
        finding = try_connection(things, shop, answers("ccv-shop", shop_address=address), allow_private=True)

    assert "not as CCV Shop does" in problem_of(finding)
    assert finding.question == "shop_address"


def test_a_certificate_that_nobody_signed_is_told(
    things: Desk, shop: Connector, answers: Answers, tmp_path: Path
) -> None:
    with website(tmp_path) as address:
        finding = try_connection(things, shop, answers("ccv-shop", shop_address=address), allow_private=True)

    assert "nothing was sent, since the certificate of 127.0.0.1:" in problem_of(finding)


def test_a_clock_that_differs_is_told_as_that(things: Desk, shop: Connector, answers: Answers, clock: Clock) -> None:
    clock.advance(600)

    finding = try_connection(things, shop, answers("ccv-shop"), allow_private=True)

    assert "the clock of this machine is 10 minutes behind the system's" in problem_of(finding)


def test_a_sandbox_must_be_said_to_be_one(things: Desk, shop: Connector, answers: Answers) -> None:
    finding = try_connection(things, shop, answers("ccv-shop"))

    assert problem_of(finding) == "nothing was sent: the address is on this machine"
    assert "sandbox" in (finding.problem.what_to_do if finding.problem else "")


def test_what_is_not_open_to_us_is_a_note_when_the_rest_works(
    things: Desk, books: Connector, answers: Answers, serving: Serving
) -> None:
    serving.arm(
        "eaccounting",
        [{"method": "GET", "path": "/v2/orders", "kind": "status", "status": 403, "body": "{}", "times": 9}],
    )

    finding = try_connection(things, books, answers("eaccounting"), allow_private=True)

    assert finding.ok
    [note] = finding.notes
    assert note.what.startswith("Orders cannot be read") and note.severity == "warning"
    assert "rights" in note.what_to_do


def test_no_rights_at_all_are_told(things: Desk, books: Connector, answers: Answers, serving: Serving) -> None:
    serving.arm(
        "eaccounting",
        [{"method": "GET", "path": "/v2/", "kind": "status", "status": 403, "body": "{}", "times": 99}],
    )

    finding = try_connection(things, books, answers("eaccounting"), allow_private=True)

    assert "it lets us in, but not to this" in problem_of(finding)


def test_answers_that_do_not_fit_are_told_before_anything_is_sent(things: Desk, shop: Connector) -> None:
    with pytest.raises(DocumentError) as wrong:
        try_connection(things, shop, {"shop_address": "my shop", "public_kye": "x"})

    said = str(wrong.value)
    assert "“Address of the shop” is no address" in said
    assert "Did you mean `public_key`?" in said
    assert "“Secret key” needs an answer" in said


def test_a_reply_that_counts_its_records_is_believed_only_with_records(workspace: Path, things: Desk) -> None:
    change(workspace, "eaccounting", lambda c: c["resources"]["orders"]["operations"]["read"]["paging"].pop("size"))

    connector = load_connector(things.workspace, "eaccounting")
    look = with_peeks(connector, things.clock.now()).resources["peek orders"].operations["get"]
    assert '"total"' not in (look.record or ""), "pages of a hundred do not count records"


class Page(BaseHTTPRequestHandler):
    """A page for people, whatever is asked."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Welcome</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def website(certificate_in: Path | None = None) -> Iterator[str]:
    """A web site on this machine; with a folder: over TLS, with a certificate that nobody signed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    scheme = "http"
    if certificate_in is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate_for("127.0.0.1", certificate_in))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
