"""A draft that is broken, old or hostile: what can be shown is shown, and each problem has its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from engine.design.view import View
from tests.design.view.conftest import DOCUMENT, RECORD, Look, document, with_field

HOSTILE = '<img src=x onerror=alert(1)>\u202e"\n\t`\u0000'


def places(view: View) -> list[tuple[str, str, str]]:
    return [(held["step"], held["target"], held["severity"]) for held in view.problems()]


def test_a_formula_that_does_not_parse_is_an_error_of_its_field_and_the_others_go_on(look: Look) -> None:
    view = look(with_field("OrderDate", "$substring(placed"))
    fields = view.picture("order")["fields"]

    assert fields["OrderDate"]["status"] == "error"
    assert fields["Number"]["value"] == "W-1"
    assert places(view) == [("order", "OrderDate", "error")]
    assert view.problems()[0]["where"] == "The order is made: Order date"


@pytest.mark.parametrize("part", ["when", "match", "before", "values", "lookups", "source"])
def test_a_formula_that_does_not_parse_is_told_wherever_it_stands(look: Look, part: str) -> None:
    flow = document()
    order = flow["steps"][2]
    if part == "when":
        order["when"] = "paid ="
    elif part == "match":
        order["match"]["formula"] = "id &"
    elif part == "before":
        order["before"][0]["source"] = "$sum("
    elif part == "values":
        flow["values"]["total"] = "$sum("
    elif part == "lookups":
        flow["lookups"]["named"]["refers"]["by"] = "Name &"
    else:
        flow["source"]["where"] = [{"condition": "paid =", "says": "it is not paid"}]
    view = look(flow)

    assert view.picture("order")["fields"]["CustomerId"]["value"]
    assert [held["severity"] for held in view.problems()].count("error") >= 1
    target = {"values": "$values.total", "lookups": "$lookups.named", "source": ""}.get(part, part)
    assert target in {held["target"] for held in view.problems()}


@pytest.mark.parametrize(
    "change",
    [
        {"title": 5},
        {"steps": [*DOCUMENT["steps"], "no step", {"step": "bare"}]},
        {"steps": [{**DOCUMENT["steps"][0], "policy": "sometimes"}, *DOCUMENT["steps"][1:]]},
        {"values": {**DOCUMENT["values"], "odd": 5}},
        {"lookups": {**DOCUMENT["lookups"], "odd": []}},
        {"questions": [], "nonsense": True},
        {"examples": [{"title": "x"}]},
        {"source": {**DOCUMENT["source"], "where": "text"}},
    ],
)
def test_a_document_against_its_schema_is_shown_as_far_as_it_goes(look: Look, change: dict[str, Any]) -> None:
    view = look({**document(), **change})

    assert not view.is_whole
    assert view.picture("order")["fields"]["Number"]["value"] == "W-1"
    assert view.trees("order")["target"]["nodes"]
    assert view.problems()[0]["severity"] == "error"


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"steps": 5}', "{}", '"text"'])
def test_a_text_that_is_no_flow_is_a_problem_and_no_crash(look: Look, text: str) -> None:
    view = look(text)

    assert view.problems()
    assert view.steps() == []
    assert view.picture("order")["fields"] == {}
    assert view.trees("order")["source"]["nodes"] == []
    assert view.result("order") is None
    assert view.request("order") == {"requests": [], "notes": []}
    assert view.diagnose("order", "Number", "id")["value"] is None


def test_a_step_for_a_system_nobody_knows_is_told_first_and_the_others_stay(look: Look) -> None:
    flow = document()
    flow["steps"][0]["connector"] = "bookz"
    view = look(flow)

    assert view.problems()[0]["what"] == "there is no connector 'bookz'"
    assert {target for step, target, _ in places(view) if step} == {"Currency"}  # it was the target's currency
    assert view.picture("order")["fields"]["Number"]["value"] == "W-1"
    assert view.picture("customer")["fields"]["Name"]["value"] == "Hello Anna"


def test_a_resource_nobody_knows_is_told_and_its_mappings_are_kept(look: Look) -> None:
    flow = document()
    flow["steps"][2]["resource"] = "invoices"
    view = look(flow)

    assert ("order", "resource", "error") in places(view)
    assert {node["id"] for node in view.trees("order")["target"]["nodes"] if node.get("gone")} >= {"Number", "Rows[]"}


def test_a_mapping_whose_field_is_gone_stays_with_homes_to_go_to(look: Look) -> None:
    flow = with_field("OrderDate", None)
    flow["steps"][2]["fields"]["InvoiceDate"] = {"formula": "placed"}
    view = look(flow)
    nodes = {node["id"]: node for node in view.trees("order")["target"]["nodes"]}
    field = view.picture("order")["fields"]["InvoiceDate"]

    assert nodes["InvoiceDate"]["gone"] is True
    assert field["value"] == "2026-11-20T10:00:00Z"
    assert field["status"] == "error"
    assert [home["target"] for home in field["homes"]][:1] == ["OrderDate"]
    assert field["homes"][0]["why"].startswith("same meaning")


def test_a_field_gone_from_rows_goes_to_a_field_of_rows(look: Look) -> None:
    field = look(with_field("Rows[].UnitPrize", "price")).picture("order")["fields"]["Rows[].UnitPrize"]

    assert all(home["target"].startswith("Rows[].") for home in field["homes"])


def test_a_mistyped_path_is_a_warning_with_what_was_meant(look: Look) -> None:
    view = look(with_field("Number", "nmae"))
    held = view.picture("order")["fields"]["Number"]
    [problem] = [each for each in view.problems() if each["severity"] == "warning"]

    assert problem["target"] == "Number"
    assert "Did you mean “name”?" in problem["what_to_do"]
    assert (problem["from"], problem["to"], problem["proposal"]) == (0, 4, "name")
    assert held["status"] == "error"  # it is required, and so it gives nothing


def test_a_field_that_only_the_sample_has_is_no_mistake(look: Look) -> None:
    view = look(with_field("Number", "gift_wrap"))
    nodes = {node["id"]: node for node in view.trees("order")["source"]["nodes"]}

    assert view.picture("order")["fields"]["Number"]["status"] == "ok"
    assert nodes["gift_wrap"]["type"] == "text"


def test_hostile_names_and_values_stay_data(look: Look) -> None:
    record = copy.deepcopy(RECORD) | {HOSTILE: HOSTILE, "name": HOSTILE, "lines": [{"sku": HOSTILE}]}
    view = look(record=record)
    for step in ("customer", "articles", "order"):
        told = json.dumps([view.trees(step), view.picture(step), view.result(step), view.request(step)])
        assert "\0" not in "".join(view.picture(step)["values"].values())
        assert json.loads(told)
    nodes = [node for node in view.trees("order")["source"]["nodes"] if node["name"].startswith("<img")]

    assert len(nodes) == 1
    assert "\n" not in view.picture("order")["values"][nodes[0]["id"]]


def test_long_values_are_shortened(look: Look) -> None:
    view = look(record={**RECORD, "name": "x" * 1_000_000})

    assert len(view.picture("order")["values"]["name"]) <= 80
    assert len(view.picture("customer")["fields"]["Name"]["value"] or "") <= 80


def test_a_flow_that_is_in_no_file_yet_has_a_view(look: Look) -> None:
    assert look(document(title="Fresh")).loaded.flow.title == "Fresh"


def test_problems_come_in_the_order_of_the_flow(look: Look) -> None:
    flow = with_field("Number", "1 +")
    flow["values"]["total"] = "$sum("
    flow["steps"][0]["fields"]["Terms"]["formula"] = "nowhere"
    flow["steps"][2]["fields"]["Rows[].UnitPrice"]["formula"] = "$nofunction(price)"

    assert [(step, target) for step, target, _ in places(look(flow))][:5] == [
        ("", "$values.total"),
        ("customer", "Terms"),
        ("order", "Number"),
        ("order", "Rows[].UnitPrice"),
        ("order", "Rows[].UnitPrice"),
    ]


def test_meaning_counts_for_more_than_the_name(look: Look) -> None:
    flow = with_field("OrderDate", None)
    del flow["steps"][2]["fields"]["Currency"]
    flow["steps"][2]["fields"]["Currencies"] = {"formula": "placed"}
    homes = look(flow).picture("order")["fields"]["Currencies"]["homes"]

    assert [(home["target"], home["why"]) for home in homes] == [
        ("OrderDate", "same meaning"),
        ("Currency", "similar name, same type"),
    ]


def test_an_object_and_a_field_in_it_do_not_change_each_other(look: Look) -> None:
    flow = with_field("Address", '{"City": "here"}')
    flow["steps"][2]["fields"]["Address.City"] = {"formula": '"there"'}
    look(flow)

    assert look(flow).picture("order")["fields"]["Address"]["value"] == "{City: here}"
    assert look(flow).result("order")["Address"] == {"City": "there"}
