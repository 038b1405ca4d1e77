"""What goes wrong between Abicart and Specter: letters, keys, currencies, replies that are none, odd numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.checklist import BY_HAND, WELL, checklist
from engine.runs.run import RunOptions
from tests.runs.specter import Make, OrdersStage, stages

BIG_UID = 9007199254740993  # sixteen digits, one more than a double counts to
NO = "<?xml version='1.0' encoding='ISO-8859-1'?><APIresponse><code>17</code><message>Nej, {}</message></APIresponse>"


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas) as make:
        yield make


def fault(s: OrdersStage, kind: str, action: str, **more: Any) -> None:
    s.serving.arm("specter", [{"kind": kind, "holds": f"action={action}", "times": 1, **more}])


# --- letters


def test_letters_of_western_europe_arrive_as_they_were_written(stage: Make) -> None:
    s = stage()
    number = s.order(
        name="Åsa Öst-Æble & Çelik", fields={"note": "½ måne; så här: ”nej” är fel, «ja» rätt".replace("”", '"')}
    )
    s.run()

    assert s.buyer(number)["name"] == "Åsa Öst-Æble & Çelik"
    assert s.made(number)["internalComment"] == '½ måne; så här: "nej" är fel, «ja» rätt'


@pytest.mark.parametrize(("name", "said"), [("Łukasz Mgłowski", "“Ł”"), ("Zoë 🎈 Ballong", "🎈"), ("יעל לוי", "“י”")])
def test_letters_that_specter_does_not_have_are_named_and_nothing_is_sent(stage: Make, name: str, said: str) -> None:
    s = stage()
    number = s.order(name=name)
    s.run()

    assert s.state(number) == "parked"
    assert said in s.problem(number).what
    assert [action for action in s.actions() if action.startswith("new")] == []


def test_they_are_written_with_others_where_that_is_chosen(stage: Make) -> None:
    s = stage(other_letters="transliterate")
    number = s.order(name="Łukasz Źródlany", fields={"note": "Ring först\n🚚 tack"})
    s.run()

    assert s.buyer(number)["name"] == "Lukasz Zródlany"
    assert "?" not in s.made(number)["internalComment"]
    assert s.made(number)["internalComment"].startswith("Ring först")


# --- the sign-in


@pytest.mark.parametrize(("version", "key"), [("v1", ""), ("v2", None)])
def test_either_key_is_taken_from_what_is_said_in_latin_letters(stage: Make, version: str, key: str | None) -> None:
    changes = {} if key is None else {"integrationKey": key}  # an optional answer that was left empty
    s = stage(books={"key_version": version}, connections={"specter": changes})
    number = s.order(name="Åsa Östersjö")
    s.run()

    assert s.state(number) == "created"


def test_a_key_that_does_not_fit_is_told_in_specters_words_and_stops_the_run(stage: Make) -> None:
    s = stage(connections={"specter": {"apiUserKey": "wrong"}})
    s.order()

    with pytest.raises(Exception, match="The key is wrong"):
        s.run()
    assert s.documents() == {}


def test_no_key_stands_in_what_is_kept_of_the_requests(stage: Make) -> None:
    s = stage()
    number = s.order()
    s.run()

    account = s.books.account
    record = s.record(number)
    kept = [stored.exchange for stored in s.ledger.exchanges(record.flow, "default", record.key)]
    texts = [f"{e.url} {e.request_body!r} {e.reply_body!r}" for e in kept]
    assert any("newOrderSubmit" in text for text in texts)
    made = account.key_v2(s.made(number)["customerId"])
    assert not any(secret in text for secret in (account.api_user_key, account.integration_key, made) for text in texts)


# --- the shop


def test_a_shop_in_euro_is_told_before_anything_is_sent(stage: Make) -> None:
    s = stage(shop={"base_currency": "EUR"})
    s.order()

    with pytest.raises(Exception, match="work in Swedish kronor"):
        s.run()
    assert s.documents() == {}


def test_an_order_without_rows_is_parked_in_words(stage: Make) -> None:
    s = stage()
    number = s.order(lines=[])
    s.run()

    assert "the order has no rows" in [problem.what for problem in s.record(number).problems]
    assert s.documents() == {}


def test_a_payment_method_without_a_row_is_named(stage: Make) -> None:
    s = stage(own_workspace=True)
    s.edit_flow(lambda flow: flow["lookups"]["payment_types"]["rows"].pop("52"))
    number = s.order()
    s.run()

    assert "Payment by payment method" in s.problem(number).what and "52" in s.problem(number).what
    assert s.documents() == {}


def test_an_article_number_of_sixteen_digits_arrives_digit_by_digit(stage: Make) -> None:
    s = stage()
    s.shop.do("new_article", {"articleNumber": "9007199254740995", "name": "Lång", "price": 100})
    number = s.order(lines=[{"articleNumber": "9007199254740995"}])
    s.run()

    assert s.made(number)["rows"][0]["articleNo"] == "9007199254740995"


def test_an_amount_of_sixteen_digits_is_parked_and_not_rounded(stage: Make) -> None:
    s = stage()
    number = s.order(lines=[{"articleNumber": "9007199254740993"}])  # the dearest article of the stand-in
    s.run()

    assert "too large" in s.problem(number).what
    assert s.documents() == {}


def test_an_order_in_euro_is_parked_before_its_buyer_is_made(stage: Make) -> None:
    s = stage()
    number = s.order(currency="EUR", email="nobody.yet@post.example")
    s.run()

    assert s.problem(number).what == "the order is in EUR, Specter works in SEK"
    assert not [each for each in s.books.books.customers.values() if "nobody.yet" in str(each)]


def test_numbers_that_specter_does_not_take_are_named_with_what_would_do(stage: Make) -> None:
    s = stage()
    s.shop.do("new_article", {"articleNumber": "Blå, 5 %", "name": "Blå", "price": 100})
    number = s.order(lines=[{"articleNumber": "Blå, 5 %"}, {"articleNumber": "AB-1001"}])
    s.run()

    assert "Blå, 5 % (as Bla5?)" in s.problem(number).what
    assert s.documents() == {}


def test_the_list_before_the_first_run_names_each_offender_with_a_proposal(stage: Make) -> None:
    s = stage(orders=1)
    found = {each.name: each for each in checklist(s.open(), s.ledger)}

    signs = [problem.what for problem in found["numbers_have_their_signs"].problems]
    assert "Å 12,5% & mer: Vara med märkligt nummer; proposed: A125mer" in signs
    assert any("DUBBEL-1" in problem.what for problem in found["one_number"].problems)
    assert any("Vara utan nummer" in problem.what for problem in found["articles_without_number"].problems)
    assert any("PAKET-1" in problem.what for problem in found["bundles"].problems)
    assert found["base_currency"].state == WELL
    assert {name for name, each in found.items() if each.state == BY_HAND} >= {"own_confirmation", "charge_articles"}


def test_a_deleted_article_arrives_with_the_number_it_had(stage: Make) -> None:
    s = stage()
    s.shop.do("new_article", {"articleNumber": "GONE-1", "name": "Borta", "price": 100})
    number = s.order(lines=[{"articleNumber": "GONE-1"}])
    s.shop.do("delete_article", {"articleNumber": "GONE-1"})
    s.run()

    assert s.made(number)["rows"][0]["articleNo"] == "GONE-1"


def test_an_order_in_a_language_no_article_has_arrives_without_a_language(stage: Make) -> None:
    s = stage()
    number = s.order(language="fi")
    s.run()

    assert "language" not in s.made(number)
    assert s.made(number)["rows"][0]["articleName"]


def test_an_order_whose_id_has_sixteen_digits_is_written_back_to_itself(stage: Make) -> None:
    s = stage(orders=60, only_paid=False, from_date="2020-01-01")
    [big] = [o for o in s.shop.records.all("Order") if o["uid"] == BIG_UID]
    s.run(RunOptions(only=[big["orderNumber"]], threads=1))

    assert s.state(big["orderNumber"]) == "created"
    assert big["externalOrderNumber"] == s.made(big["orderNumber"])["orderNo"]


# --- replies


@pytest.mark.parametrize("text", ["<html><body>closed</body></html>", "hello", "2;200001;", "1;;"])
def test_a_reply_that_is_neither_form_is_told_and_no_second_order_is_made(stage: Make, text: str) -> None:
    s = stage()
    number = s.order()
    fault(s, "body", "newOrderSubmit", replace=[["1;200001;", text]])
    s.run()
    s.run()

    assert len(s.documents()[number]) == 1
    assert s.state(number) == "parked"


def test_a_refusal_in_xml_is_read_though_text_was_asked_for(stage: Make) -> None:
    s = stage()
    number = s.order()
    fault(s, "status", "newCustomerSubmit", status=200, body=NO.format("kunden finns inte"))
    s.run()

    assert "kunden finns inte" in s.problem(number).what


def test_what_specter_refuses_is_told_in_its_own_words(stage: Make) -> None:
    s = stage(books={"codes": "same"}, stock_site="99")
    number = s.order()
    s.run()

    assert "There is no stock site 99." in s.problem(number).what
    assert s.documents() == {}


def test_articles_that_specter_does_not_know_are_named_where_it_refuses_them(stage: Make) -> None:
    s = stage(books={"unknown_articles": "refuse"})
    number = s.order()
    s.run()

    assert "There is no article AB-1001" in s.problem(number).what
