"""A sign-in may lead to another company than before: the flow stops before it reads, and a person decides."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import ExchangeError, WrongCompany
from engine.runs.company import is_another
from tests.bindings.conftest import SECOND, MakeTwo
from tests.runs.conftest import FLOW, MakeStage, Stage, stage

__all__ = ["stage"]

OTHER = {"name": "Bakkerij Zon B.V.", "number": "00000002"}


def sign_in_to(customer: Stage, company: dict[str, str]) -> None:
    """What a person does who signs in to the books anew and picks this company."""
    books: Any = customer.books
    books.do("choose_company", dict(company))
    customer.connect(books)


def test_another_company_is_not_read_from_or_written_to(stage: MakeStage) -> None:
    s = stage()
    s.order()
    assert s.run().counts["created"] == 1
    sign_in_to(s, OTHER)
    s.order()
    s.serving.doors[0].requests.clear()
    s.serving.doors[1].requests.clear()
    with pytest.raises(WrongCompany, match=r"“Voorbeeldwinkel De Linde B.V., 00000001”, now it is “Bakkerij Zon B.V."):
        s.run()
    asked = {target.partition("?")[0] for _, target, *_ in s.requests("eaccounting") if "/connect/" not in target}
    assert asked == {"/v2/companysettings"}
    assert {target.split("/")[4] for _, target, *_ in s.requests("ccv-shop")} == {"webshops"}
    assert s.documents() == {}


def test_the_first_company_goes_on_when_it_is_signed_in_to_again(stage: MakeStage) -> None:
    s = stage()
    first = s.order()
    s.run()
    sign_in_to(s, OTHER)
    with pytest.raises(WrongCompany):
        s.open()
    sign_in_to(s, {"name": "Voorbeeldwinkel De Linde B.V.", "number": "00000001"})
    second = s.order()
    assert s.run().counts["created"] == 1
    s.assert_there_once([first, second])


def test_the_first_sight_of_a_company_is_kept_for_each_binding(two: MakeTwo) -> None:
    both = two()
    both.bind()
    both.second.books.do("choose_company", dict(OTHER))
    both.reconnect()
    both.open("default")
    both.open(SECOND)
    kept = {name: both.first.ledger.accounts(FLOW, name)["eaccounting"].facts for name in ("default", SECOND)}
    assert kept["default"]["company_name"] == "Voorbeeldwinkel De Linde B.V."
    assert kept[SECOND] == {"company_name": OTHER["name"], "company_number": OTHER["number"]}


def test_a_company_that_was_renamed_can_be_accepted(stage: MakeStage) -> None:
    s = stage()
    s.open()
    s.books.do("set_setting", {"name": "Name", "value": "De Linde Holding B.V."})
    with pytest.raises(WrongCompany, match=f"bindings {FLOW} default --accept-account --by NAME"):
        s.open()
    facts = {"company_name": "De Linde Holding B.V.", "company_number": "00000001"}
    s.ledger.accept_account(FLOW, "default", "eaccounting", facts, "Anna", s.clock.now())
    s.open()
    noted = s.ledger.audit(flow=FLOW)[0]
    assert (noted.what, noted.who, noted.subject, noted.details) == (
        *("accepted", "Anna", "eaccounting"),
        {"account": facts},
    )


def test_facts_that_cannot_be_read_stop_the_run_and_overwrite_nothing(stage: MakeStage) -> None:
    s = stage()
    s.open()
    before = s.ledger.accounts(FLOW, "default")
    sign_in_to(s, OTHER)
    s.serving.arm("eaccounting", [{"kind": "status", "status": 403, "path": "/v2/companysettings"}])
    with pytest.raises(ExchangeError):
        s.run()
    assert s.ledger.accounts(FLOW, "default") == before
    s.serving.arm("eaccounting", [])
    with pytest.raises(WrongCompany):
        s.run()


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ({"name": "A", "number": "1"}, {"name": "A", "number": "1"}, False),
        ({"name": "A", "number": "1"}, {"name": "B", "number": "1"}, True),
        ({"name": "A", "number": None}, {"name": "A", "number": "1"}, False),
        ({"name": "A", "number": "1"}, {"name": "A", "number": None}, True),
        ({"name": "A", "old": "x"}, {"name": "A"}, False),
    ],
)
def test_what_was_never_known_makes_no_other_company(before: Any, now: Any, other: bool) -> None:
    assert is_another(before, now) is other


def test_an_account_that_is_met_later_does_not_take_the_place_of_the_first(stage: MakeStage) -> None:
    s = stage(connect=False)
    ledger, now = s.ledger, s.clock.now()
    ledger.meet_account(FLOW, "default", "eaccounting", {"company_name": "A"}, now)
    ledger.meet_account(FLOW, "default", "eaccounting", {"company_name": "B"}, now)
    assert ledger.accounts(FLOW, "default")["eaccounting"].facts == {"company_name": "A"}


def test_an_account_that_somebody_accepts_meanwhile_stays_accepted(stage: MakeStage) -> None:
    """A run that had compared the earlier one before must not put it back."""
    s = stage()
    s.open()
    before = s.ledger.accounts(FLOW, "default")["eaccounting"].facts
    accepted = {"company_name": OTHER["name"], "company_number": OTHER["number"]}
    s.ledger.accept_account(FLOW, "default", "eaccounting", accepted, "Anna", s.clock.now())

    s.ledger.complete_account(FLOW, "default", "eaccounting", {**before, "more": "x"}, s.clock.now(), before=before)

    held = s.ledger.accounts(FLOW, "default")["eaccounting"]
    assert (held.facts, held.who) == (accepted, "Anna")
