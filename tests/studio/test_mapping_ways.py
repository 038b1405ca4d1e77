"""Every way to map on the mapping page leaves the same draft, byte for byte."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from engine.design.operations import Schemas, apply
from engine.documents.workspace import Workspace
from tests.studio.mapper.trees_in_use import drag
from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow

SOURCE, TARGET = "ordernumber_full", "OurReference"
LINK = {"op": "link", "step": "order", "target": TARGET, "source": SOURCE, "how": "replace"}


def by_drag(mapping: Mapping) -> None:
    drag(mapping, mapping.row("source", SOURCE), mapping.row("target", TARGET))  # type: ignore[arg-type]


def by_clicks(mapping: Mapping) -> None:
    mapping.row("source", SOURCE).locator(".port").click()
    mapping.row("target", TARGET).locator(".label").click()


def by_keyboard(mapping: Mapping) -> None:
    keyboard = mapping.page.keyboard
    mapping.page.locator(".side.source input").focus()
    keyboard.press("ArrowDown")
    keyboard.type("Order number")
    while mapping.page.evaluate(FOCUSED) != SOURCE:  # a shorter title may come first
        keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.type("Our reference")
    expect(mapping.row("target", TARGET)).to_be_focused()
    keyboard.press("Enter")


FOCUSED = """() => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found?.dataset.id;
}"""


@pytest.mark.parametrize("connect", [by_drag, by_clicks, by_keyboard], ids=lambda way: way.__name__)
def test_each_way_to_map_gives_the_same_draft(mapping: Mapping, connect: Callable[[Mapping], None]) -> None:
    mapping.open(copy_of_flow(mapping.workspace, connect.__name__.replace("_", "-")), step="order")
    wanted = apply(mapping.text(), LINK, Schemas.of(Workspace(mapping.workspace)))

    connect(mapping)

    mapping.becomes(wanted, mapping.text)
    expect(mapping.stroke(SOURCE, TARGET)).to_have_count(1)
    expect(mapping.row("target", TARGET)).to_contain_text("W-", timeout=WAIT)
    expect(mapping.button("Undo")).to_be_enabled()


def test_what_is_dropped_on_a_mapped_field_may_join_it(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "joined"), step="order")
    before = mapping.formula("order", "BuyersOrderReference")

    drag(mapping, mapping.row("source", "id"), mapping.row("target", "BuyersOrderReference"))  # type: ignore[arg-type]
    mapping.page.get_by_role("menuitem", name="Join").click()

    expect(mapping.stroke("id", "BuyersOrderReference")).to_have_count(1, timeout=WAIT)
    mapping.becomes(True, lambda: mapping.formula("order", "BuyersOrderReference") != before)
    assert "ordernumber_full" in (mapping.formula("order", "BuyersOrderReference") or "")


def test_the_keyboard_alone_edits_undoes_and_finds_problems(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "keys"), step="order")
    keyboard = mapping.page.keyboard
    mapping.page.locator(".side.target input").focus()
    keyboard.press("ArrowDown")
    keyboard.type("Your reference")
    expect(mapping.row("target", "YourReference")).to_be_focused()
    keyboard.press("F2")
    expect(mapping.editor).to_be_focused(timeout=WAIT)
    before = mapping.formula("order", "YourReference")
    keyboard.press("Control+a")
    keyboard.type("customer.refrence")
    mapping.becomes("customer.refrence", lambda: mapping.formula("order", "YourReference"))

    keyboard.press("Escape")  # closes what is proposed
    keyboard.press("Escape")
    expect(mapping.row("target", "YourReference")).to_be_focused()
    keyboard.press("Control+z")
    mapping.becomes(before, lambda: mapping.formula("order", "YourReference"))
    expect(mapping.row("target", "YourReference")).to_be_focused()
    expect(mapping.button("Redo")).to_be_enabled()
    keyboard.press("Control+Shift+Z")
    mapping.becomes("customer.refrence", lambda: mapping.formula("order", "YourReference"))

    # the problem is found again from another step
    mapping.page.get_by_role("radio", name="Customer").click()
    expect(mapping.row("target", "Name")).to_be_visible(timeout=WAIT)
    mapping.page.locator(".side.target input").focus()
    keyboard.press("F8")
    expect(mapping.page.get_by_text("Formula of Your reference", exact=True)).to_be_visible(timeout=WAIT)
    expect(mapping.row("target", "YourReference")).to_have_attribute("aria-selected", "true")
