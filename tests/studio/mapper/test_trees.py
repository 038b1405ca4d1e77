"""The two field trees with lines between them: every way to connect, the way to Python, the keyboard, the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.studio.mapper.conftest import Stage
from tests.studio.mapper.fields import FIELDS, LINES, SOURCE, SUGGESTIONS, TARGET, line, mapped, mapper, node, trees
from tests.studio.mapper.trees_in_use import (
    by_clicks,
    by_clicks_from_the_target,
    by_drag,
    by_dragging_back,
    by_keyboard,
    client,
    drag,
    row,
    sent,
    shown,
    stroke,
)

WITHOUT_ROWS: dict[str, Any] = {
    "lines": [each for each in LINES if not each["target"].startswith("Rows")],
    "fields": {path: field for path, field in FIELDS.items() if not path.startswith("Rows")},
}
WAYS = [by_drag, by_dragging_back, by_clicks, by_clicks_from_the_target, by_keyboard]


# Connecting


@pytest.mark.parametrize("connect", WAYS, ids=lambda way: way.__name__)
def test_every_way_to_connect_gives_the_same_operation(stage: Stage, connect: Callable[..., None]) -> None:
    shown(stage)

    connect(stage, "note", "YourReference")

    link = {"op": "link", "step": "order", "target": "YourReference", "source": "note", "how": "replace"}
    assert sent(stage) == [link]


@pytest.mark.parametrize("connect", WAYS, ids=lambda way: way.__name__)
def test_a_line_is_there_before_python_answers(stage: Stage, connect: Callable[..., None]) -> None:
    shown(stage)

    connect(stage, "note", "YourReference")

    expect(stroke(stage, "note", "YourReference")).to_have_count(1)
    expect(row(stage, "target", "YourReference")).to_have_attribute("aria-selected", "true")
    expect(row(stage, "target", "YourReference")).to_be_focused()


def test_the_value_comes_with_the_answer(stage: Stage) -> None:
    shown(stage)
    by_clicks(stage, "status", "YourReference")

    fields = {**FIELDS, "YourReference": mapped("status", "5")}
    answered = {"lines": [*LINES, line("status", "YourReference")], "fields": fields}
    stage.put("mapper", mapper(acknowledged={client(stage): 1}, **answered))

    expect(row(stage, "target", "YourReference").locator(".value")).to_have_text("5")


def test_escape_calls_a_drag_off(stage: Stage) -> None:
    shown(stage)

    drag(stage, row(stage, "source", "note"), row(stage, "target", "YourReference"), release=False)
    expect(stage.page.locator(".ghost")).to_contain_text("Note of the customer")
    stage.page.keyboard.press("Escape")
    stage.page.mouse.up()

    expect(stage.page.locator(".ghost")).to_have_count(0)
    assert sent(stage) == []
    assert stage.global_keys() == []


def test_a_drag_says_what_becomes_of_the_value(stage: Stage) -> None:
    shown(stage)

    drag(stage, row(stage, "source", "note"), row(stage, "target", "DeliveryDate"), release=False)

    expect(stage.page.locator(".ghost")).to_contain_text("text\u2069 → \u2068date")
    expect(row(stage, "target", "InvoiceAddress")).to_have_attribute("data-fit", "hardly")
    stage.page.mouse.up()
    assert sent(stage)[0]["target"] == "DeliveryDate"


def test_a_drag_near_the_edge_scrolls(stage: Stage) -> None:
    shown(stage, height=400)
    row(stage, "source", "note").scroll_into_view_if_needed()
    pane = stage.page.locator(".pane.target")
    drag(stage, row(stage, "source", "note"), row(stage, "target", "Currency"), release=False)
    box = pane.bounding_box()
    assert box is not None

    stage.page.mouse.move(box["x"] + 80, box["y"] + box["height"] - 4)

    stage.page.wait_for_function(
        "document.querySelector('.st-key-mapper').shadowRoot.querySelector('.pane.target').scrollTop > 150"
    )
    stage.page.keyboard.press("Escape")
    stage.page.mouse.up()


def test_a_drop_on_a_mapped_field_asks_and_gives_the_focus_back(stage: Stage) -> None:
    shown(stage)
    city = row(stage, "target", "InvoiceAddress.City")

    by_drag(stage, "customer.last_name", "InvoiceAddress.City")

    items = stage.page.get_by_role("menuitem")
    expect(items).to_have_count(4)
    expect(items.first).to_be_focused()
    expect(items.nth(1)).to_contain_text("Stockholm\u2069 \u2068Lindqvist")
    stage.page.keyboard.press("Escape")
    expect(city).to_be_focused()
    assert sent(stage) == []


@pytest.mark.parametrize(("keys", "how"), [([], "replace"), (["ArrowDown"], "join"), (["f"], "first")])
def test_the_question_is_answered_by_keyboard(stage: Stage, keys: list[str], how: str) -> None:
    shown(stage)
    by_keyboard(stage, "customer.phone", "InvoiceAddress.Phone")
    row(stage, "source", "customer.phone").focus()
    stage.page.keyboard.press("Enter")
    row(stage, "target", "InvoiceAddress.Email").focus()
    stage.page.keyboard.press("Enter")

    for key in [*keys, "Enter"]:
        stage.page.keyboard.press(key)

    link = {"op": "link", "step": "order", "target": "InvoiceAddress.Email", "source": "customer.phone", "how": how}
    assert sent(stage)[-1] == link
    expect(row(stage, "target", "InvoiceAddress.Email")).to_be_focused()


def test_a_list_on_a_list_offers_the_fields_of_the_same_name(stage: Stage) -> None:
    targets = [each for each in TARGET if not each["id"].startswith("Rows[].")]
    targets += [node(f"Rows[].{name}", name, parent="Rows[]") for name in ("ProductName", "Quantity", "Other")]
    stage.put("trees", trees(target={"title": "Order", "nodes": targets}))
    stage.put("mapper", mapper(**WITHOUT_ROWS))

    by_drag(stage, "orderrows", "Rows[]")
    dialog = stage.page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox")).to_have_count(2)
    dialog.get_by_role("checkbox").nth(1).uncheck()
    dialog.get_by_role("button", name="Map the list").click()

    children = [["orderrows[].product_name", "Rows[].ProductName"]]
    linked = {"op": "link_list", "step": "order", "target": "Rows[]", "source": "orderrows", "children": children}
    assert sent(stage) == [linked]
    expect(row(stage, "target", "Rows[]")).to_be_focused()


def test_a_list_that_is_not_mapped_after_all_leaves_everything(stage: Stage) -> None:
    shown(stage, **WITHOUT_ROWS)

    by_drag(stage, "orderrows", "Rows[]")
    stage.page.keyboard.press("Escape")

    expect(stage.page.get_by_role("dialog")).to_have_count(0)
    expect(row(stage, "target", "Rows[]")).to_be_focused()
    assert sent(stage) == []


# The way to Python


def test_a_lost_message_is_sent_again_and_nothing_twice(stage: Stage) -> None:
    shown(stage)
    stage.page.clock.install()
    by_clicks(stage, "note", "YourReference")

    stage.page.clock.fast_forward(3_100)
    messages = stage.await_heard("mapper", "operations", 2)
    assert [[each["seq"] for each in message] for message in messages] == [[1], [1]]

    stage.put("mapper", mapper(acknowledged={client(stage): 1}))
    stage.page.clock.fast_forward(60_000)
    row(stage, "target", "Amount").click()
    assert [each["seq"] for each in stage.heard("mapper", "operations")[-1]] == [2]


def test_what_is_not_saved_for_long_is_said(stage: Stage) -> None:
    shown(stage)
    stage.page.clock.install()
    by_clicks(stage, "note", "YourReference")

    stage.page.clock.fast_forward(5_500)
    expect(stage.page.get_by_text("Not saved yet")).to_be_visible()

    stage.put("mapper", mapper(acknowledged={client(stage): 1}))
    expect(stage.page.get_by_text("Not saved yet")).to_be_hidden()


def test_an_answer_to_the_first_of_two_keeps_the_second_on_screen(stage: Stage) -> None:
    shown(stage)
    by_clicks(stage, "note", "YourReference")
    by_clicks(stage, "paid", "IsPaid")

    first = {
        "lines": [*LINES, line("note", "YourReference")],
        "fields": {**FIELDS, "YourReference": mapped("note", "x")},
    }
    stage.put("mapper", mapper(acknowledged={client(stage): 1}, **first))

    expect(stroke(stage, "paid", "IsPaid")).to_have_count(1)
    assert [each["target"] for each in sent(stage)] == ["YourReference", "IsPaid"]


# Focus


@pytest.mark.parametrize(
    "place",
    ['.pane.source .row[data-id="customer.email"]', '.pane.target .row[data-id="Status"]', ".side.source input"],
)
def test_focus_survives_answers_and_grown_trees(stage: Stage, place: str) -> None:
    shown(stage)
    stage.page.locator(place).focus()

    stage.put("mapper", mapper(selected="Amount", suggestions=SUGGESTIONS))
    expect(stage.page.locator(place if "target" not in place else '.row[data-id="Amount"]')).to_be_focused()

    stage.page.locator(place).focus()
    source = {"title": "Orders of CCV Shop", "nodes": [node("new", "New field"), *SOURCE]}
    target = {"title": "Order in eAccounting", "nodes": [node("New", "New field"), *TARGET]}
    stage.put("trees", trees("r2", source=source, target=target))
    stage.put("mapper", mapper(trees="r2", selected="Amount"))
    expect(row(stage, "source", "new")).to_be_visible()
    expect(stage.page.locator(place)).to_be_focused()


def test_search_and_what_is_open_survive_answers(stage: Stage) -> None:
    shown(stage)
    row(stage, "target", "InvoiceAddress").locator(".twist").click()
    box = stage.page.get_by_role("textbox", name="Search source fields")
    box.fill("city")

    stage.put("mapper", mapper(selected="Amount"))

    expect(box).to_have_value("city")
    expect(row(stage, "source", "customer.address.city")).to_be_visible()
    expect(row(stage, "source", "note")).to_be_hidden()
    expect(row(stage, "target", "InvoiceAddress.Name")).to_be_hidden()


def test_a_field_that_python_chose_is_brought_into_sight(stage: Stage) -> None:
    shown(stage, height=360)
    row(stage, "target", "Rows[]").locator(".twist").click()
    row(stage, "target", "CustomerId").focus()

    stage.put("mapper", mapper(height=360, selected="Rows[].UnitPrice"))

    expect(row(stage, "target", "Rows[].UnitPrice")).to_be_in_viewport()
    expect(row(stage, "target", "Rows[].UnitPrice")).to_be_focused()
