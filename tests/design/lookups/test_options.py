"""What rows may name, read from the connected target; rows whose record is gone; what is proposed for a key."""

from __future__ import annotations

import json

import pytest

from engine.design.lookups import Options, key_meanings, options, problems, proposals, table_of
from engine.design.lookups.options import KEPT_SECONDS, Option
from engine.design.lookups.tables import Table
from engine.flows.flow import Reference
from tests.design.lookups.conftest import Place

REFERS = Reference("books", "terms", "Name", "Id", None)


class Swedish:
    """A few words, asked as gettext is asked."""

    def gettext(self, message: str) -> str:
        return {"Card": "Kort", "Normal": "Normalt", "Days": "Dagar"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2


def known(place: Place, lookup: str) -> Options:
    return options(place.desk, place.loaded, table_of(place.loaded, lookup))


def asked(place: Place) -> int:
    door = next(door for door in place.serving.doors if door.system.name == "eaccounting")
    return len([target for _method, target, *_ in door.requests if "termsofpayments" in target])


def test_without_a_connection_that_is_said_and_what_to_do(place: Place) -> None:
    found = known(place, "payment_terms")

    assert (list(found), found.is_connected, found.is_known) == ([], False, False)
    assert found.problem is not None
    assert found.problem.what == "Visma eAccounting is not connected"
    assert "Connect" in found.problem.what_to_do


def test_options_are_the_targets_records_with_what_tells_them_apart(place: Place) -> None:
    place.connect()
    found = known(place, "payment_terms")

    assert (found.system, found.is_known, found.read_at is not None) == ("Visma eAccounting", True, True)
    assert ("Pin", "card") in [(option.value, option.meaning) for option in found]
    assert "Inkoop 60 dagen" not in [option.value for option in found]
    assert "Inkoop 60 dagen" in [option.value for option in found.all]


def test_what_tells_options_apart_is_in_the_readers_language(place: Place) -> None:
    place.connect()
    table = table_of(place.loaded, "payment_terms")
    found = {option.value: option for option in options(place.desk, place.loaded, table, translations=Swedish())}

    assert found["Pin"].meaning == "kort"
    assert found["Pin"].codes == ("card",)  # what proposals go by
    assert found["30 dagen"].meaning == "Dagar 30, normalt"


def test_the_target_is_asked_once_for_a_while(place: Place) -> None:
    place.connect()
    before = asked(place)
    known(place, "payment_terms")
    known(place, "payment_terms")
    once = asked(place) - before
    options(place.desk, place.loaded, table_of(place.loaded, "payment_terms"), fresh=True)
    twice = asked(place) - before
    place.clock.past += KEPT_SECONDS + 1
    known(place, "payment_terms")

    assert (once, twice, asked(place) - before) == (1, 2, 3)


def test_a_table_of_all_the_targets_records_shows_them_as_rows(place: Place) -> None:
    place.connect()
    rows = known(place, "units").rows()

    assert "Stuk" in rows
    assert table_of(place.loaded, "units").is_read


def test_a_table_that_names_no_records_has_no_options(place: Place) -> None:
    assert known(place, "article_endings") == Options()


def test_a_formula_that_fails_on_a_record_is_named(place: Place) -> None:
    place.connect()
    held = place.lookups()
    held["payment_terms"]["refers"]["where"] = "$number(Name)"
    place.change(lookups=held)
    found = known(place, "payment_terms")

    assert found.problem is not None
    assert found.problem.where == "refers.where"


def test_a_target_that_is_away_is_a_problem_and_not_an_error(place: Place) -> None:
    place.connect()
    ledger, now = place.desk.ledger, place.clock.now()
    stored = ledger.connection("eaccounting")
    assert stored is not None
    answers = json.loads(
        json.dumps(stored.answers).replace(place.serving.addresses["eaccounting"], "http://127.0.0.1:9")
    )
    ledger.save_connection("eaccounting", "eaccounting", answers, set(stored.secrets), "127.0.0.1", True, now)
    ledger.write_tokens("eaccounting", {"refresh_token": "from elsewhere"}, now)
    found = known(place, "payment_terms")

    assert (found.is_connected, found.is_known, list(found)) == (True, False, [])


def test_rows_whose_record_is_gone_are_named(place: Place) -> None:
    place.connect()
    place.set_rows("payment_terms", ideal="Betaaldienst", old="Wissel", late="Inkoop 60 dagen", none="")
    found = {problem.where.split("“")[1]: problem.what for problem in problems(place.desk, place.loaded)}

    assert found == {
        "old”": "Visma eAccounting has nothing called “Wissel”",
        "late”": "Visma eAccounting has “Inkoop 60 dagen”, but it is none of those that may be used here",
        "none”": "it names nothing",
    }


def test_nothing_is_said_to_be_gone_where_the_target_cannot_be_asked(place: Place) -> None:
    place.set_rows("payment_terms", old="Wissel")

    assert problems(place.desk, place.loaded) == []


# --- proposals

CARD = Option("Pin", "Pin", codes=("card",))
BANK = Option("Betaaldienst", "Betaaldienst", codes=("payment_provider",))
HIGH = Option("Goederen hoog 21%", "Goederen hoog 21%", numbers=(21,))
LOW = Option("Goederen laag 9%", "Goederen laag 9%", numbers=(9,))
SERVICE = Option("Diensten hoog 21%", "Diensten hoog 21%", numbers=(21,))
BELGIAN = Option("Goederen België 21%", "Goederen België 21%", numbers=(21,))
DAYS = Option("30 dagen", "30 dagen", numbers=(30,))


@pytest.mark.parametrize(
    ("key", "rows", "known", "value", "says"),
    [
        ("betaaldienst", {}, [CARD, BANK], "Betaaldienst", "it is called the same"),
        ("21", {"9": "Goederen laag 9%"}, [HIGH, LOW, SERVICE], "Goederen hoog 21%", "both say 21"),
        ("9%", {}, [HIGH, LOW], "Goederen laag 9%", "both say 9"),
        ("21 BE", {}, [HIGH, SERVICE, BELGIAN], "Goederen België 21%", "both say 21"),
        (
            "klarna_later",
            {"klarna_pay_now": "Betaaldienst"},
            [CARD, BANK],
            "Betaaldienst",
            "“klarna_pay_now” gives this",
        ),
        ("Betaaldients", {}, [CARD, BANK], "Betaaldienst", "it is called nearly the same"),
        ("x", {"a": "Pin", "b": "Pin", "c": "Pin"}, [CARD, BANK], "Pin", "every row gives this"),
        ("klarna_later", {"klarna_pay_now": "Betaaldienst"}, [], "Betaaldienst", "“klarna_pay_now” gives this"),
    ],
)
def test_a_key_gets_a_proposal_with_its_reason(
    key: str, rows: dict[str, str], known: list[Option], value: str, says: str
) -> None:
    [found] = proposals(Table("t", "T", rows=rows, refers=REFERS), [key], known).values()

    assert (found.value, found.says) == (value, says)


@pytest.mark.parametrize(
    ("key", "rows", "known"),
    [
        ("21", {}, [HIGH, SERVICE]),
        ("21 DE", {}, [HIGH, SERVICE, BELGIAN]),  # without a row the table by rate counts
        ("6", {"9": "Goederen laag 9%"}, [HIGH, LOW]),
        ("gift_voucher", {"ideal": "Pin"}, [CARD, BANK]),
        ("klarna_later", {"klarna_pay_now": "Wissel"}, [CARD, BANK]),
        ("", {}, [CARD]),
    ],
)
def test_where_nothing_tells_nothing_is_proposed(key: str, rows: dict[str, str], known: list[Option]) -> None:
    assert proposals(Table("t", "T", rows=rows, refers=REFERS), [key], known) == {}


def test_what_the_source_says_of_a_key_leads_to_its_kind(place: Place) -> None:
    place.connect()
    meanings = key_meanings(place.desk, place.loaded)
    found = proposals(
        Table("t", "T", refers=REFERS),
        ["sandboxpay_creditcard", "klarna_pay_now", "offline_cash"],
        list(known(place, "payment_terms")),
        meanings,
    )

    assert meanings.is_live
    assert meanings.title("sandboxpay_ideal") == "iDEAL"
    assert {key: (each.value, each.says) for key, each in found.items()} == {
        "sandboxpay_creditcard": ("Pin", "it suits the kind “card”"),
        "klarna_pay_now": ("Betaaldienst", "it suits the kind “online bank”"),
        "offline_cash": ("Contant", "it suits the kind “cash”"),
    }


def test_ways_of_delivery_suit_the_methods_that_are_named_so(place: Place) -> None:
    place.connect()
    found = proposals(
        table_of(place.loaded, "delivery_methods"),
        ["shipping", "pickup", "delivery"],
        list(known(place, "delivery_methods")),
        key_meanings(place.desk, place.loaded),
    )

    assert {key: (each.value, each.says) for key, each in found.items()} == {
        "shipping": ("Pakketpost", "it suits the kind “shipping”"),
        "pickup": ("Afhalen", "it suits the kind “pickup”"),
        "delivery": ("Koerier", "it suits the kind “own delivery”"),
    }


def test_the_sources_other_codes_are_known_before_they_occur(place: Place) -> None:
    meanings = key_meanings(place.desk, place.loaded)

    assert "offline_cash" in meanings.alike(["sandboxpay_ideal"])
    assert meanings.alike(["21", "9"]) == []
