"""Sign-in by consent: there and back through a real browser's requests, once, and everything that can go wrong."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from engine.connectors.clock import FakeClock, SystemClock
from engine.connectors.connector import Connector
from engine.design.connecting import consent
from engine.design.connecting.catalogue import entry_of
from engine.design.connecting.finding import Finding
from engine.design.connecting.trying import connect, try_connection
from engine.design.desk import Desk
from engine.design.people.rights import NOBODY, Person, Role
from engine.design.people.sign_in import sign_in_with_password
from engine.design.people.store import remove_person, set_person
from engine.errors import AddressRefused, DocumentError, NotAllowed
from engine.flows.library import load_connector
from sandbox.server import Serving
from tests.design.connecting.conftest import Answers, change

BACK = "http://127.0.0.1:8000/oauth2/callback"


def person(address: str, answer: str = "allow") -> dict[str, str]:
    """What the browser comes back with when a person opens the address and answers."""
    page = httpx.get(address)
    assert page.status_code == 200, page.text
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    form = {html.unescape(name): html.unescape(value) for name, value in hidden}
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    back = httpx.post(origin + "/connect/authorize", data={**form, "answer": answer})
    assert back.headers["location"].startswith(BACK)
    return dict(parse_qsl(urlsplit(back.headers["location"]).query))


@pytest.fixture
def typed(answers: Answers) -> dict[str, Any]:
    """What a person types who has no token."""
    return answers("eaccounting", refresh_token=None)


def begun(things: Desk, books: Connector, typed: Mapping[str, Any]) -> consent.Consent:
    return consent.begin(things, books, typed, BACK, allow_private=True)


def why(finding: Finding) -> str:
    assert not finding.ok and finding.problem is not None
    return finding.problem.what


def test_who_agrees_is_connected_and_told_what_was_found(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    finding = consent.finish(things, person(begun(things, books, typed).address))

    assert finding.ok and finding.connector == "eaccounting"
    assert "It is “Voorbeeldwinkel De Linde B.V.”." in finding.sentences
    assert try_connection(things, books).ok
    kept = entry_of(things, "eaccounting").connected
    assert kept is not None and not kept.needs_sign_in


def test_the_way_back_is_nobodys_and_goes_on_in_the_hands_of_who_began_while_they_may(
    things: Desk, books: Connector, typed: dict[str, Any]
) -> None:
    nobody = replace(things, person=NOBODY)
    assert consent.finish(nobody, person(begun(things, books, typed).address)).ok
    assert things.ledger.audit()[0].who == things.person.name
    for name in ("anna@example.com", "bo@example.com"):
        set_person(things, name, Role.ADMINISTER)
    sign_in_with_password(things, "four words of a test")
    anna = replace(things, person=Person("anna@example.com", Role.ADMINISTER))
    assert consent.finish(nobody, person(begun(anna, books, typed).address)).ok
    way_back = person(begun(anna, books, typed).address)
    remove_person(things, "anna@example.com")
    with pytest.raises(NotAllowed):
        consent.finish(nobody, way_back)

    assert consent.finish(things, person(begun(things, books, typed).address)).ok  # on the command line


def test_a_second_connection_is_signed_in_to_under_its_own_name(
    things: Desk, books: Connector, typed: dict[str, Any]
) -> None:
    sign_in = consent.begin(things, books, typed, BACK, allow_private=True, name="books_b")
    assert consent.finish(things, person(sign_in.address)).ok

    assert try_connection(things, books, name="books_b").ok
    entry = entry_of(things, "eaccounting")
    assert (entry.connected, list(entry.others)) == (None, ["books_b"])
    assert not entry.others["books_b"].needs_sign_in


def test_without_a_token_a_try_says_that_somebody_must_sign_in(
    things: Desk, books: Connector, typed: dict[str, Any]
) -> None:
    finding = try_connection(things, books, typed, allow_private=True)

    assert finding.needs_sign_in and why(finding) == "nobody has signed in yet"


def test_a_way_back_works_once(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    back = person(begun(things, books, typed).address)

    assert consent.finish(things, back).ok
    assert "was used already" in why(consent.finish(things, back))
    assert try_connection(things, books).ok, "the connection of the first way back stays"


@pytest.mark.parametrize("changed", [{"state": "forged"}, {"state": ""}])
def test_a_state_that_was_not_given_out_is_refused(
    things: Desk, books: Connector, typed: dict[str, Any], changed: dict[str, str], serving: Serving
) -> None:
    back = person(begun(things, books, typed).address)
    door = next(door for door in serving.doors if door.system.name == "eaccounting")
    door.requests.clear()

    finding = consent.finish(things, {**back, **changed})

    assert "does not come from here" in why(finding)
    assert list(door.requests) == [] and things.ledger.connections() == []
    assert consent.finish(things, back).ok, "the true way back still works"


def test_who_denies_is_not_connected(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    finding = consent.finish(things, person(begun(things, books, typed).address, "deny"))

    assert why(finding) == "consent was not given; nothing was changed"
    assert things.ledger.connections() == []


def test_who_denies_keeps_the_connection_there_was(things: Desk, books: Connector, answers: Answers) -> None:
    connect(things, books, answers("eaccounting"), allow_private=True)
    begun_again = begun(things, books, answers("eaccounting", refresh_token=None))

    consent.finish(things, person(begun_again.address, "deny"))

    assert try_connection(things, books).ok


def test_after_ten_minutes_it_is_too_late(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    things.clock = clock = FakeClock(SystemClock().now())
    back = person(begun(things, books, typed).address)
    clock.advance(consent.TIME_TO_AGREE.total_seconds())

    assert "older than ten minutes" in why(consent.finish(things, back))


def test_what_was_cancelled_is_over(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    sign_in = begun(things, books, typed)
    back = person(sign_in.address)

    consent.cancel(things, sign_in.state)

    assert "not known" in why(consent.finish(things, back))


def test_a_code_that_is_not_accepted_is_told(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    back = person(begun(things, books, typed).address)

    finding = consent.finish(things, {**back, "code": "another"})

    assert "came too late, was used already" in why(finding) and finding.needs_sign_in
    assert things.ledger.connections() == []


def test_a_wrong_client_secret_is_told_by_name(things: Desk, books: Connector, answers: Answers) -> None:
    wrong = answers("eaccounting", refresh_token=None, client_secret="wrong-secret-value")

    finding = consent.finish(things, person(begun(things, books, wrong).address))

    assert "“Client secret”" in why(finding) and finding.question == "client_secret"
    assert "wrong-secret-value" not in str(finding)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"error": "invalid_scope"}, "it does not offer the rights we ask for; nothing was changed"),
        ({"error": "odd_one", "error_description": "no\r\nway"}, "it did not agree (odd_one), and says: “no way”"),
        ({}, "it did not agree; nothing was changed"),
    ],
)
def test_what_the_system_answers_instead_of_a_code_is_told(
    things: Desk, books: Connector, typed: dict[str, Any], query: dict[str, str], said: str
) -> None:
    sign_in = begun(things, books, typed)

    assert said in why(consent.finish(things, {"state": sign_in.state, **query}))


def test_two_sign_ins_at_once_do_not_disturb_each_other(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    first, second = begun(things, books, typed), begun(things, books, typed)

    assert first.state != second.state
    assert consent.finish(things, person(second.address)).ok
    assert consent.finish(things, person(first.address)).ok


def test_neither_secrets_nor_state_stand_in_the_file(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    sign_in = begun(things, books, typed)

    written = b"".join(file.read_bytes() for file in things.workspace.studio.glob("ledger.sqlite*"))
    assert str(typed["client_secret"]).encode() not in written and sign_in.state.encode() not in written
    assert str(typed["client_secret"]) not in sign_in.address


def test_a_system_that_knows_proofs_gets_one(things: Desk, typed: dict[str, Any]) -> None:
    change(things.workspace.root, "eaccounting", lambda c: c["http"]["sign_in"].update(pkce="S256"))
    connector = load_connector(things.workspace, "eaccounting")

    one, other = (parse_qs(urlsplit(begun(things, connector, typed).address).query) for _ in range(2))

    assert one["code_challenge_method"] == ["S256"] and len(one["code_challenge"][0]) == 43
    assert one["code_challenge"] != other["code_challenge"]


def test_a_system_without_consent_says_so(things: Desk, shop: Connector, answers: Answers) -> None:
    with pytest.raises(DocumentError, match="one does not sign in to this system with a browser"):
        consent.begin(things, shop, answers("ccv-shop"), BACK, allow_private=True)


@pytest.mark.parametrize("address", ["javascript://alert", "http://identity.example"])
def test_a_browser_is_sent_to_no_odd_address(things: Desk, books: Connector, answers: Answers, address: str) -> None:
    odd = answers("eaccounting", identity_address=address)

    with pytest.raises(AddressRefused):
        consent.begin(things, books, odd, BACK)


def test_ten_minutes_are_said(things: Desk, books: Connector, typed: dict[str, Any]) -> None:
    ends = begun(things, books, typed).ends

    assert timedelta(minutes=9) < ends - things.clock.now() <= consent.TIME_TO_AGREE
