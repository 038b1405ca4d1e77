"""Articles from Abicart to Specter: the first export, what follows a change in the shop, what is named or parked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.run import RunOptions
from tests.runs.specter import Make
from tests.runs.specter_articles import ARTICLES, FEW, add, change, hand_ins, handed_in, shops, there


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    """A shop that sells what is named, else FEW."""
    with shops(tmp_path, formulas) as make:
        yield make


# --- the first export


def test_an_article_is_handed_in_with_its_name_price_rate_and_barcode(stage: Make) -> None:
    s = stage()
    add(s, "LJUS-1", name="Ljus, åäö & é", price=125, ean="2000000000017")
    s.run()

    article = there(s, "LJUS-1")
    assert (article["name"], article["priceExclVAT"], article["vatPercent"]) == ("Ljus, åäö & é", "100", "25")
    assert (article["barCode"], article["managed"], article["levels"]) == ("2000000000017", True, {})
    assert "productWeight" not in article
    assert s.outcomes("LJUS-1") == ["created"]


def test_all_of_a_shop_comes_over_but_for_what_is_named_in_words(stage: Make) -> None:
    s = stage("*")
    _first, *others = (a["uid"] for a in s.shop.records.all("Article") if a["articleNumber"] == "DUBBEL-1")
    change(s, others[0], articleNumber="DUBBEL-2")
    report = s.run(RunOptions(threads=8))

    parked = {record.number: record.problems[0].what for record in s.ledger.parked(ARTICLES)}
    assert set(parked) == {"Å 12,5% & mer", "MED MELLANSLAG 1", "GÅVA", "NAMNLOS-1", "EMOJI-1"}
    assert "“A125mer” would do" in parked["Å 12,5% & mer"]
    skipped = {number: s.record(number).reason for number in ("PAKET-1", "UTKAST-1", "DOLD-1", "VISA-1", "RABATT")}
    assert skipped["PAKET-1"].startswith("it is a package of articles")
    assert (skipped["UTKAST-1"], skipped["VISA-1"]) == ("it is a draft", "it is shown only, not for sale")
    counts = report.counts
    assert (counts["parked"], counts["skipped"]) == (5, 6)  # the sixth has no number
    assert len(handed_in(s)) == counts["created"] == counts["read"] - 11 == 138


@pytest.mark.parametrize(
    ("shop", "price", "rate", "answers", "net"),
    [
        ({}, "249", "0.25", {}, "199.2"),
        ({}, "64.50", "0.12", {}, "57.59"),
        ({}, "64.50", "0.12", {"price_decimals": 4}, "57.5893"),
        ({"prices_with_vat": False}, "64.50", "0.12", {}, "64.5"),
        ({"price_shape": "number"}, "249", "0.25", {}, "199.2"),
        ({}, "500", "0", {}, "500"),
        ({}, "0.01", "0.25", {"price_decimals": 4}, "0.008"),
        ({}, "90071992547409.93", "0.25", {}, "72057594037927.94"),  # no binary number has these digits
    ],
)
def test_the_price_is_without_tax_to_the_cent_whatever_the_shop_stores(
    stage: Make, shop: dict[str, Any], price: str, rate: str, answers: dict[str, Any], net: str
) -> None:
    s = stage(shop=shop, **answers)
    add(s, "LJUS-1", price=price, vatRate=float(rate))
    s.run()

    assert there(s, "LJUS-1")["priceExclVAT"] == net


def test_the_offer_is_the_price_where_that_is_chosen_and_there_is_one(stage: Make) -> None:
    s = stage("AB-1005", "AB-1001", price="offer")  # the fifth of them has an offer
    s.run()

    with s.shop.lock:
        offered = next(a for a in s.shop.records.all("Article") if a["articleNumber"] == "AB-1005")
    with_tax = offered["pricing"][0]["specialOffer"]["SEK"]
    assert abs(float(there(s, "AB-1005")["priceExclVAT"]) * 1.25 - float(with_tax)) < 0.01
    assert with_tax < offered["price"]["SEK"]


@pytest.mark.parametrize("stock_key", ["stock", "onHand"])
def test_the_level_goes_along_the_first_time_where_that_is_chosen(stage: Make, stock_key: str) -> None:
    s = stage(
        shop={"stock_key": stock_key},
        connections={"abicart": {"stock_field": stock_key}},
        create_fields=["stock_level"],
    )
    add(s, "LJUS-1")
    s.shop.do("set_stock", {"articleNumber": "LJUS-1", "level": 7, "useStock": True})
    add(s, "TJANST-1")
    s.shop.do("set_stock", {"articleNumber": "TJANST-1", "level": 9, "useStock": False})
    s.run()

    assert (there(s, "LJUS-1")["levels"], there(s, "LJUS-1")["managed"]) == ({"1": "7"}, True)
    assert (there(s, "TJANST-1")["levels"], there(s, "TJANST-1")["managed"]) == ({}, False)
    assert "barCode" not in there(s, "LJUS-1")


@pytest.mark.parametrize(("unit", "sent"), [("kg", "0.42"), ("g", "420")])
def test_the_weight_goes_along_in_the_unit_that_was_chosen(stage: Make, unit: str, sent: str) -> None:
    s = stage(weight=unit)
    add(s, "LJUS-1", weight=420)
    s.run()

    assert there(s, "LJUS-1")["productWeight"] == sent


# --- on change


def test_what_changed_in_the_shop_follows_and_what_is_written_once_stays(stage: Make) -> None:
    s = stage()
    add(s, "LJUS-1", ean="2000000000017")
    s.run()
    change(s, "LJUS-1", price={"SEK": 250, "EUR": 22}, name={"sv": "Ljus 2"}, ean="2000000000024")
    before = hand_ins(s)
    s.run()

    article = there(s, "LJUS-1")
    assert (article["name"], article["priceExclVAT"], article["barCode"]) == ("Ljus 2", "200", "2000000000017")
    assert s.outcomes("LJUS-1") == ["created", "updated"]
    assert hand_ins(s) == before + 1
    assert s.outcomes("AB-1001") == ["created"]


def test_only_what_changed_since_is_asked_of_the_shop(stage: Make) -> None:
    s = stage()
    s.run()
    s.clock.sleep(7_200)
    add(s, "LJUS-1")
    report = s.run()
    s.clock.sleep(7_200)
    again = s.run()

    found = [(run.counts["read"], run.counts["created"], run.counts["unchanged"]) for run in (report, again)]
    assert found == [(2, 1, 1), (1, 0, 1)]  # the one that had changed last is read once more


def test_nothing_is_handed_in_for_what_did_not_change(stage: Make) -> None:
    s = stage()
    s.run()
    before = hand_ins(s)
    s.run()
    s.run(RunOptions(since=s.clock.now().replace(year=2000)))  # all of it is read once more

    assert hand_ins(s) == before


@pytest.mark.parametrize("fields", [{"description": {"sv": "Ny text"}}, {"images": ["/images/2.jpg"]}])
def test_a_change_that_is_none_for_specter_sends_nothing(stage: Make, fields: dict[str, Any]) -> None:
    s = stage()
    s.run()
    before = hand_ins(s)
    change(s, "AB-1001", **fields)
    s.run()

    assert hand_ins(s) == before


def test_a_level_that_moves_in_the_shop_afterwards_sends_nothing(stage: Make) -> None:
    s = stage(create_fields=["stock_level"])
    s.run()
    before, held = hand_ins(s), there(s, "AB-1001")["levels"]
    s.clock.sleep(1)
    s.shop.do("set_stock", {"articleNumber": "AB-1001", "level": 999, "useStock": True})
    s.run()

    assert (hand_ins(s), there(s, "AB-1001")["levels"]) == (before, held)


def test_articles_are_made_only_where_that_is_chosen(stage: Make) -> None:
    s = stage(write="create")
    s.run()
    before = hand_ins(s)
    change(s, "AB-1001", name={"sv": "Ett annat namn"})
    add(s, "LJUS-1")
    s.run()

    assert there(s, "AB-1001")["name"] != "Ett annat namn"
    assert hand_ins(s) == before + 1
    assert s.outcomes("LJUS-1") == ["created"]


def test_what_changed_in_specter_stays_until_the_shop_changes_it(stage: Make) -> None:
    s = stage()
    s.run()
    s.books.do("change_article", {"articleNo": "AB-1001", "name": "Specters namn"})
    s.run()
    assert there(s, "AB-1001")["name"] == "Specters namn"

    change(s, "AB-1001", name={"sv": "Butikens namn"})
    s.run()
    assert there(s, "AB-1001")["name"] == "Butikens namn"


def test_a_hidden_article_comes_once_it_is_shown(stage: Make) -> None:
    s = stage()
    add(s, "LJUS-1", hidden=True)
    s.run()
    assert s.record("LJUS-1").reason == "it is hidden in the shop"

    change(s, "LJUS-1", hidden=False)
    s.run()
    assert "LJUS-1" in handed_in(s)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [({"hidden": True}, "hidden"), ({"draft": True}, "drafts"), ({"isBuyable": False}, "not_for_sale")],
)
def test_hidden_ones_drafts_and_those_not_for_sale_come_along_by_a_setting_each(
    stage: Make, fields: dict[str, Any], answer: str
) -> None:
    s = stage(**{answer: True})
    add(s, "LJUS-1", **fields)
    s.run()

    assert "LJUS-1" in handed_in(s)


# --- what Specter has already


def test_an_article_that_specter_has_is_changed(stage: Make) -> None:
    s = stage()
    s.books.do("new_article", {"articleNo": "AB-1001", "name": "För hand", "priceExclVAT": "1", "vatPercent": "25"})
    s.run()

    assert there(s, "AB-1001")["name"] != "För hand"
    assert [a["articleNo"] for a in s.held("articles")].count("AB-1001") == 1


@pytest.mark.parametrize(("books", "state"), [({"known_article": "skip"}, "created"), ({}, "parked")])
def test_an_article_that_specter_has_stays_as_it_is_where_that_is_chosen(
    stage: Make, books: dict[str, Any], state: str
) -> None:
    s = stage(books=books, known="leave")
    s.books.do("new_article", {"articleNo": "AB-1001", "name": "För hand", "priceExclVAT": "1", "vatPercent": "25"})
    s.run()

    assert there(s, "AB-1001")["name"] == "För hand"
    assert (s.state("AB-1001"), s.state("AB-1002")) == (state, "created")


# --- variants


@pytest.mark.parametrize("shows_base", [False, True])
def test_each_variant_is_an_article_of_its_own_beside_the_main_one(stage: Make, shows_base: bool) -> None:
    s = stage("TR-1", "TR-1-A", "TR-1-B", "TR-1-C", shop={"variants_show_base": shows_base})
    s.run()

    articles = handed_in(s)
    assert set(articles) == {"TR-1", "TR-1-A", "TR-1-B", "TR-1-C"}
    assert len({article["barCode"] for article in articles.values()}) == 4
    assert {n: a["priceExclVAT"] for n, a in articles.items()} == {
        "TR-1": "160", "TR-1-A": "160", "TR-1-B": "160", "TR-1-C": "199.2"
    }  # fmt: skip


def test_a_variant_has_the_price_of_its_option_where_that_is_chosen(stage: Make) -> None:
    s = stage("TR-1", "TR-1-A", "TR-1-C", variant_prices="option", variant_names="number")
    change(s, "TR-1-C", price={"SEK": 1, "EUR": 1})
    s.run()

    assert {n: a["priceExclVAT"] for n, a in handed_in(s).items()} == {
        "TR-1": "160",
        "TR-1-A": "160",
        "TR-1-C": "199.2",
    }
    assert there(s, "TR-1-C")["name"] == "Tröja 1 (TR-1-C)"


def test_main_articles_of_variants_stay_out_where_that_is_chosen(stage: Make) -> None:
    s = stage("TR-1", "TR-1-A", with_choices=False)
    s.run()

    assert set(handed_in(s)) == {"TR-1-A"}
    assert s.record("TR-1").reason == "it is sold with choices, and those are left out"


# --- numbers, names and languages


def test_a_number_of_sixteen_digits_stays_as_it_is(stage: Make) -> None:
    s = stage("9007199254740993")
    s.run()

    assert there(s, "9007199254740993")["barCode"] == "9007199254740993"


def test_a_polish_name_is_parked_with_one_that_would_do(stage: Make) -> None:
    s = stage()
    add(s, "BALONIK", name={"pl": "Żółty balonik"})
    s.run()

    assert (
        s.problem("BALONIK").what == "“Żółty balonik” has letters that Specter does not have; “Zólty balonik” would do"
    )
    assert set(handed_in(s)) == set(FEW)


def test_a_polish_name_is_written_with_other_letters_where_that_is_chosen(stage: Make) -> None:
    s = stage(other_letters="transliterate")
    add(s, "BALONIK", name={"pl": "Żółty balonik 🎈"})
    add(s, "EMOJI", name={"sv": "🎈"})
    s.run()

    assert there(s, "BALONIK")["name"] == "Zólty balonik"
    assert "none that it has" in s.problem("EMOJI").what


@pytest.mark.parametrize("missing", ["null", "default", "absent"])
def test_a_name_that_is_missing_in_the_shops_language_is_taken_from_another(stage: Make, missing: str) -> None:
    s = stage("ENGELSK-1", "NAMNLOS-1", shop={"missing_language": missing})
    s.run()

    assert there(s, "ENGELSK-1")["name"] == "Only in English"
    assert s.problem("NAMNLOS-1").what == "the article has no name in any language"


# --- what is parked alone


def test_an_article_that_specter_refuses_is_parked_alone_in_its_words(stage: Make) -> None:
    s = stage()
    add(s, "LJUS(1)")  # no rule that is published speaks against it
    s.run()

    assert set(handed_in(s)) == set(FEW)
    assert "has signs that it must not have" in s.problem("LJUS(1)").what

    change(s, "LJUS(1)", articleNumber="LJUS-1")
    s.run()
    assert set(handed_in(s)) == {*FEW, "LJUS-1"}
