"""A draft on a record: its lines, and the value and standing of each field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk, desk
from engine.design.view import Live, View
from engine.design.view.kept import shelf_of
from tests.design.view.conftest import FLOW, RECORD, Look, document, with_field, write_systems


def row(view: View, target: str, step: str = "order") -> dict[str, Any]:
    found: dict[str, Any] = view.picture(step)["fields"][target]
    return found


def test_fields_show_what_would_be_sent(look: Look) -> None:
    fields = look().picture("customer")["fields"]

    assert fields["Name"]["value"] == "Hello Anna"
    assert fields["Name"]["status"] == "ok"
    assert fields["Name"]["note"] == "As they are greeted."
    assert fields["Terms"]["write"] == "on_create"


def test_an_earlier_steps_answer_is_a_placeholder(look: Look) -> None:
    assert row(look(), "CustomerId")["value"] == "«Id of the new customer Anna»"


def test_rows_show_their_first_values_and_how_many_there_are(look: Look) -> None:
    many = {**RECORD, "lines": [{"sku": f"S{n}", "price": n} for n in range(200)]}

    assert row(look(), "Rows[]")["value"] == "2 ×"
    assert row(look(), "Rows[].UnitPrice")["value"] == "12.5 · 2"
    assert row(look(record=many), "Rows[].UnitPrice")["value"] == "0 · 1 · 2 · … (200)"
    assert row(look(record=many), "Rows[].UnitPrice")["count"] == 200


def test_a_step_done_for_several_items_shows_the_first_ones(look: Look) -> None:
    assert row(look(), "Number", "articles")["value"] == "MUG · PEN"


def test_what_the_finish_changed_is_a_note(look: Look) -> None:
    date = row(look(), "OrderDate")

    assert date["value"] == "2026-11-20"
    assert (date["status"], date["says"]) == ("note", "the time of day was left out.")


def test_what_the_finish_refuses_is_an_error(look: Look) -> None:
    held = row(look(with_field("Rows[].Text", '"far too long"')), "Rows[].Text")

    assert held["status"] == "error"
    assert "12 characters, the target takes 5" in held["says"]


def test_without_a_connection_facts_are_said_to_need_one(look: Look) -> None:
    held = row(look(), "Currency")

    assert (held["value"], held["status"]) == (None, "note")
    assert held["says"].startswith("Needs a connection to Books.")


def test_a_value_that_depends_on_a_fact_by_way_of_named_values_says_so_too(look: Look) -> None:
    flow = with_field("Currency", "$values.money")
    flow["values"] = {**flow["values"], "unit": "$facts.target.currency", "money": '$values.unit & "!"'}

    assert row(look(flow), "Currency")["says"].startswith("Needs a connection to Books.")


def test_with_a_connection_facts_are_there(look: Look, connected: Live) -> None:
    held = row(look(live=connected), "Currency")

    assert (held["value"], held["status"]) == ("EUR", "ok")


def test_a_lookup_of_records_shows_the_rows_name_until_it_is_connected(look: Look, connected: Live) -> None:
    flow = with_field("CustomerId", '$table("named", "a")')

    assert row(look(flow), "CustomerId")["value"] == "Anna"
    assert row(look(flow, live=connected), "CustomerId")["value"] == "customer-1"


def test_a_lookup_that_is_read_whole_needs_a_connection(look: Look, connected: Live) -> None:
    flow = with_field("CustomerId", '$table("all", name)')

    assert row(look(flow), "CustomerId")["says"].startswith("Needs a connection to Books.")
    assert row(look(flow, live=connected), "CustomerId")["value"] == "customer-1"


def test_a_failing_lookup_is_an_error_with_what_to_do(look: Look) -> None:
    held = row(look(record={**RECORD, "pay": "swish"}), "Terms", "customer")

    assert held["status"] == "error"
    assert held["says"].startswith("The lookup «Terms» has no row for ‹swish›. Add the row")


def test_a_failure_in_a_later_item_is_told_with_its_number(look: Look) -> None:
    flow = with_field("Rows[].Text", '$table("terms", sku = "PEN" ? "none" : "card")')

    assert row(look(flow), "Rows[].Text")["says"].startswith("Item 2: The lookup «Terms» has no row")


def test_a_required_field_without_a_mapping_is_missing(look: Look) -> None:
    view = look(with_field("OrderDate", None))

    assert row(view, "OrderDate")["status"] == "missing"


def test_what_is_required_is_counted_for_the_step_that_is_shown_and_problems_for_the_flow(look: Look) -> None:
    view = look(with_field("OrderDate", None))
    order, customer = (view.picture(step)["progress"] for step in ("order", "customer"))

    assert order == {"required": 3, "required_mapped": 2, "problems": 1}
    assert customer == {"required": 1, "required_mapped": 1, "problems": 1}


def test_a_required_field_of_an_object_counts_once_the_object_is_mapped(look: Look) -> None:
    flow = with_field("Address.Street", '"x"')

    assert row(look(flow), "Address.City")["status"] == "missing"
    assert "Address.City" not in look().picture("order")["fields"]


def test_a_required_field_whose_formula_gives_nothing_is_an_error(look: Look) -> None:
    held = row(look(record={**RECORD, "id": None} | {"id": None}), "Number")

    assert held["status"] == "error"


def test_lines_say_whether_the_formula_is_only_the_path_and_what_converts(look: Look) -> None:
    lines = {(line["source"], line["target"]): line for line in look().picture("order")["lines"]}

    assert lines["placed", "OrderDate"] == {
        "source": "placed",
        "target": "OrderDate",
        "kind": "field",
        "direct": True,
        "converts": "text → date",
    }
    assert "converts" not in lines["id", "Number"]
    assert lines["lines[].price", "Rows[].UnitPrice"]["direct"]
    assert lines["$facts.target.currency", "Currency"]["kind"] == "fact"
    assert not lines["$steps.articles.Id", "Rows[].ArticleId"]["direct"]


def test_every_end_of_a_line_is_a_row_of_its_tree(look: Look) -> None:
    view = look()
    for step in ("customer", "articles", "order"):
        sides = view.trees(step)
        sources = {node["id"] for node in sides["source"]["nodes"]}
        targets = {node["id"] for node in sides["target"]["nodes"]}
        for line in view.picture(step)["lines"]:
            assert line["source"] in sources, line
            assert line["target"] in targets, line


def test_changing_one_formula_changes_only_what_depends_on_it(look: Look) -> None:
    before, after = look().picture("order"), look(with_field("Number", 'id & "!"')).picture("order")

    assert after["fields"]["Number"]["value"] == "W-1!"
    assert {t for t, held in after["fields"].items() if held != before["fields"][t]} == {"Number"}


def test_changing_a_named_value_changes_what_reads_it(look: Look) -> None:
    flow = with_field("Rows[]", "$values.rows")
    assert row(look(flow), "Rows[].UnitPrice")["value"] == "12.5 · 2"

    flow["values"]["rows"] = "lines[price > 10]"
    assert row(look(flow), "Rows[].UnitPrice")["value"] == "12.5"


def test_changing_an_answer_changes_what_reads_it(look: Look) -> None:
    flow = document()
    flow["questions"]["properties"]["greeting"]["default"] = "Good day"

    assert row(look(flow), "Name", "customer")["value"] == "Good day Anna"


def test_a_step_that_is_not_done_shows_its_values_all_the_same(look: Look) -> None:
    flow = document()
    flow["steps"][2]["when"] = "paid = false"
    view = look(flow)

    assert view.picture("order")["done"] is False
    assert row(view, "Number")["value"] == "W-1"


def test_checks_before_a_step_are_problems_of_it(look: Look) -> None:
    flow = document()
    flow["steps"][2]["before"][0]["target"] = "1"

    [problem] = look(flow).problems()
    assert (problem["step"], problem["target"], problem["severity"]) == ("order", "before", "error")
    assert problem["what"] == "the total: the sums do not agree: 14.50 in Shop, 1.00 in Books"


@pytest.mark.parametrize("record", [{}, {"lines": "no list"}, {"lines": None}, {"lines": [None, 1]}])
def test_odd_records_never_break_the_page(look: Look, record: dict[str, Any]) -> None:
    view = look(record=record)
    for step in ("customer", "articles", "order"):
        assert view.picture(step)["fields"]
        assert view.trees(step)["revision"]


def test_a_changed_formula_is_the_only_one_that_is_worked_out_again(look: Look, things: Desk) -> None:
    look().picture("order")
    held = shelf_of(things).memo.columns
    before = held.count
    look(with_field("Currency", '"kr" & id')).picture("order")

    assert held.count == before + 1


def test_a_mended_connector_is_read_again(tmp_path: Path) -> None:
    write_systems(tmp_path)
    (tmp_path / "saved_mappings").mkdir()
    text = json.dumps(document())
    with desk(str(tmp_path)) as opened:
        assert View.of(opened, FLOW, text, RECORD).picture("order")["fields"]["OrderDate"]["value"] == "2026-11-20"
        file = tmp_path / "connector_specs" / "books" / "orders.schema.json"
        file.write_text(file.read_text().replace(', "format": "date"', ""))
        view = View.of(opened, FLOW, text, RECORD)

        assert view.picture("order")["fields"]["OrderDate"]["value"] == "2026-11-20T10:00:00Z"


def test_what_only_the_whole_schema_refuses_is_an_error_of_its_field(tmp_path: Path) -> None:
    write_systems(tmp_path)
    (tmp_path / "saved_mappings").mkdir()
    file = tmp_path / "connector_specs" / "books" / "articles.schema.json"
    schema = json.loads(file.read_text())
    schema["properties"]["Number"]["pattern"] = "^[A-Z]+$"
    file.write_text(json.dumps(schema))
    with desk(str(tmp_path)) as opened:
        record = {**RECORD, "lines": [{"sku": "MUG"}, {"sku": "pen"}]}
        held = row(View.of(opened, FLOW, json.dumps(document()), record), "Number", "articles")

        assert (held["status"], held["says"][:7]) == ("error", "Item 2:")
