"""Every form in which Specter may answer, as far as it is known, is read, and no other is guessed at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine import MISSING, evaluate, is_plain

CONNECTOR = json.loads(
    (Path(__file__).parents[3] / "connector_specs/specter/connector.json").read_text(encoding="utf-8")
)
HTTP, RESOURCES = CONNECTOR["http"], CONNECTOR["resources"]


def text(formula: str | list[str]) -> str:
    return formula if isinstance(formula, str) else "\n".join(formula)


def rows(*lines: str) -> dict[str, Any]:
    """Semicolon text as it is read."""
    return {"rows": [line.split(";") for line in lines]}


def answer(**parts: str) -> dict[str, Any]:
    """XML with plain elements, under the root that the samples have."""
    return {"APIresponse": {name: [value] for name, value in parts.items()}}


def read(resource: str, document: Any) -> list[Any]:
    operation = RESOURCES[resource]["operations"]["read"]
    found = evaluate(text(operation["records"]), document)
    held = [] if found is MISSING else found if isinstance(found, list) else [found]
    return [evaluate(text(operation["each"]), one) for one in held]


def made(resource: str, document: Any, operation: str = "create", **variables: Any) -> Any:
    return evaluate(text(RESOURCES[resource]["operations"][operation]["record"]), document, variables=variables)


def said(document: Any) -> tuple[Any, Any]:
    return evaluate(text(HTTP["errors"]["code"]), document), evaluate(text(HTTP["errors"]["message"]), document)


# --- yes and no


@pytest.mark.parametrize(
    ("document", "code", "message"),
    [
        (rows("0;17;Felmeddelande"), "17", "Felmeddelande"),
        (rows("0;17;Namn; adress saknas;"), "17", "Namn; adress saknas"),
        (rows("0;;Fel"), "0", "Fel"),
        (answer(code="99", message="Batch 'OLD-1' ej kvitterad"), "99", "Batch 'OLD-1' ej kvitterad"),
        ({"answer": {"code": ["17"], "message": ["Fel"]}}, "17", "Fel"),
    ],
)
def test_a_no_is_seen_in_both_forms(document: Any, code: str, message: str) -> None:
    assert said(document) == (code, message)


@pytest.mark.parametrize(
    "document",
    [rows("1;200345;"), rows("991;SKU-1;8;b"), answer(code="1", message="200345"), {"APIresponse": {"orders": [""]}}],
)
def test_a_yes_is_no_error(document: Any) -> None:
    assert said(document) == (MISSING, MISSING)


@pytest.mark.parametrize("document", [rows("1;200345;"), rows("1; 200345 ;OK"), answer(code="1", message="200345;")])
def test_the_number_of_what_was_made_is_read(document: Any) -> None:
    assert made("orders", document) == {"orderNo": "200345"}
    assert made("customers", document) == {"customerId": "200345"}


@pytest.mark.parametrize(
    "document", [rows("2;200345;"), rows("1;;"), answer(code="1", message="OK"), answer(message="200345")]
)
def test_a_yes_without_a_number_is_no_record_so_that_nobody_takes_it_for_one(document: Any) -> None:
    assert made("orders", document) is MISSING


def test_a_customer_who_comes_back_with_another_number_keeps_the_known_one_and_says_so() -> None:
    assert made("customers", rows("1;1001;"), "update", key="1001") == {"customerId": "1001"}
    other = {"customerId": "1001", "otherNumber": "1055"}
    assert made("customers", rows("1;1055;"), "update", key="1001") == other


def test_the_number_of_the_old_batch_is_what_stands_between_the_quotes() -> None:
    formula = RESOURCES["stock_changes"]["operations"]["read"]["batch"]["left_over"]["number"]
    for message, number in (("Batch 'OLD-1' ej kvitterad", "OLD-1"), ("Batch OLD-1", MISSING), ("", MISSING)):
        assert evaluate(formula, {}, variables={"error": {"code": "99", "message": message}}) == number


# --- what is handed out


def stock(*articles: tuple[str, str], site: str = "1") -> dict[str, Any]:
    held = [{"articleNo": [number], "noItemsAv": [level]} for number, level in articles]
    return {"@id": site, "articles": [{"article": held}]}


def test_levels_are_read_by_site_and_without_in_xml_and_in_text() -> None:
    by_site = {
        "APIresponse": {"stockChanges": [{"stock": [stock(("A", "8"), ("B", "2.5")), stock(("A", "0"), site="2")]}]}
    }
    assert read("stock_changes", by_site) == [
        {"articleNo": "A", "site": "1", "noItemsAv": 8},
        {"articleNo": "B", "site": "1", "noItemsAv": 2.5},
        {"articleNo": "A", "site": "2", "noItemsAv": 0},
    ]
    plain = {"APIresponse": {"articles": [{"article": [{"articleNo": ["A"], "noItemsAv": ["8"]}]}]}}
    assert read("stock_changes", plain) == [{"articleNo": "A", "noItemsAv": 8}]
    assert read("stock_changes", rows("991;A;8;b", "992;B;-1;b")) == [
        {"specterId": "991", "articleNo": "A", "noItemsAv": 8},
        {"specterId": "992", "articleNo": "B", "noItemsAv": -1},
    ]


@pytest.mark.parametrize("resource", ["stock_changes", "article_changes", "order_changes"])
def test_the_root_may_have_any_name_or_be_the_list_itself(resource: str) -> None:
    name, held = {
        "stock_changes": ("stockChanges", {"stock": [stock(("A", "8"))]}),
        "article_changes": ("articles", {"article": [{"articleNo": ["A"]}]}),
        "order_changes": ("orders", {"order": [{"@orderNo": "1"}]}),
    }[resource]
    assert len(read(resource, {"APIresponse": {name: [held]}})) == 1
    assert read(resource, {"answer": {name: [held]}}) == read(resource, {name: held})
    assert read(resource, {"APIresponse": {name: [""]}}) == read(resource, {"APIresponse": ""}) == []


@pytest.mark.parametrize(
    "odd", ["x", "8a", "1e5", "--5", "1-2", "1.2.3", "-", ".", "5.", "-.5", "1,5", "٣", "9007199254740993"]
)
def test_a_level_that_is_no_number_stays_as_it_is_and_keeps_nothing_back(odd: str) -> None:
    found = read("stock_changes", {"APIresponse": {"stockChanges": [{"stock": [stock(("A", odd), ("B", "8"))]}]}})
    assert [one["noItemsAv"] for one in found] == [odd, 8]


UNREADABLE = {
    "stock_changes": [("Fel", ""), ("0 rader", "")],
    "article_changes": [("Fel", ""), ("SKU-1", "Mugg", "8")],
    "order_changes": [("Fel", ""), ("200345", "5", "D")],
}


@pytest.mark.parametrize(("resource", "line"), [(name, line) for name, lines in UNREADABLE.items() for line in lines])
def test_text_that_nobody_can_read_is_no_empty_batch_which_would_be_acknowledged(
    resource: str, line: tuple[str, ...]
) -> None:
    formula = text(RESOURCES[resource]["operations"]["read"]["records"])

    assert evaluate(formula, {"rows": [list(line)]}) == line[0]  # which is no record, so the reply is broken
    assert evaluate(formula, {"rows": [["1", ""], list(line)]}) == line[0]
    assert evaluate(formula, {"rows": [["1", ""]]}) is MISSING


def test_an_order_tells_its_state_and_its_parcels() -> None:
    parcels = [{"@trackingNo": "17"}, {"@trackingNo": "24"}]
    state = {"orderstatus": [{"@statusId": "3", "@deliveryStatus": "D"}]}
    order = {"@orderNo": "200345", **state, "deliveries": [{"@updated": "1", "delivery": parcels}]}
    bare = {"@orderNo": "200346"}
    assert read("order_changes", {"APIresponse": {"orders": [{"order": [order, bare]}]}}) == [
        {
            "orderNo": "200345",
            "statusId": "3",
            "deliveryStatus": "D",
            "deliveriesUpdated": "1",
            "trackingNo": "17, 24",
            "trackingNumbers": ["17", "24"],
        },
        {"orderNo": "200346", "trackingNumbers": []},
    ]


def test_what_is_made_of_each_record_is_compiled() -> None:
    """Thousands come in one batch, and one that cannot be read in time would stand in the way for ever."""
    for name in ("stock_changes", "article_changes", "order_changes"):
        operation = RESOURCES[name]["operations"]["read"]
        assert is_plain(text(operation["records"])) and is_plain(text(operation["each"]))


# --- what is sent


def test_switches_are_one_or_absent_and_the_check_on_the_external_number_is_never_switched_off() -> None:
    operation = RESOURCES["orders"]["operations"]["create"]
    fields = {"customerId": "1", "sendOrderMail": True, "isPrepayment": False, "rows": [{"articleNo": "A"}]}
    sent = evaluate(text(operation["body"]), {}, variables={"fields": fields, "connection": {"webshopId": ""}})

    assert sent == {"customerId": "1", "sendOrderMail": 1, "rows": [{"articleNo": "A"}], "useXML": 1}
    assert "ignoreExternalOrderNoControl" not in json.dumps([HTTP, RESOURCES])


def test_a_change_of_an_article_is_handed_in_by_its_number_over_what_is_there() -> None:
    operation = RESOURCES["articles"]["operations"]["update"]
    variables = {"fields": {"name": "Ny"}, "key": "A", "connection": {"webshopId": "2"}}
    sent = evaluate(text(operation["body"]), {}, variables=variables)

    assert sent == {"forceArticleUpdate": 1, "rows": [{"articleNo": "A", "name": "Ny"}], "useXML": 1, "webshopId": "2"}
