"""The field trees by keyboard alone: keys, arrows, the way of the focus, and what one hears."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.studio.mapper.conftest import Stage
from tests.studio.mapper.trees_in_use import (
    row,
    sent,
    shown,
)


def test_keys_of_the_trees_ask_for_what_they_should(stage: Stage) -> None:
    shown(stage)
    row(stage, "target", "Amount").focus()

    for key in ("Enter", "F2", "Delete", "Control+z", "Control+Shift+Z", "F8", "Control+Enter"):
        stage.page.keyboard.press(key)

    asked = [(each["op"], each.get("target")) for each in sent(stage)]
    fields = [("select", "Amount"), ("edit", "Amount"), ("unlink", "Amount")]
    assert asked == [*fields, ("undo", None), ("redo", None), ("next_problem", None), ("test", None)]


def test_letters_that_streamlit_listens_for_stay_in_the_mapper(stage: Stage) -> None:
    shown(stage)

    for place in (row(stage, "source", "note"), row(stage, "target", "Note"), stage.page.locator(".side.target input")):
        place.focus()
        for key in ("r", "c"):
            stage.page.keyboard.press(key)

    assert stage.global_keys() == []


def test_keys_that_mean_nothing_here_go_on_to_the_page(stage: Stage) -> None:
    shown(stage)
    row(stage, "source", "note").focus()

    for key in ("Escape", "F9", "Control+k"):
        stage.page.keyboard.press(key)

    assert stage.global_keys() == ["Escape", "F9", "Control", "k"]


def test_arrows_open_and_close_groups(stage: Stage) -> None:
    shown(stage)
    group = row(stage, "source", "customer")
    group.focus()

    stage.page.keyboard.press("ArrowLeft")
    expect(group).to_have_attribute("aria-expanded", "false")
    expect(row(stage, "source", "customer.email")).to_be_hidden()

    stage.page.keyboard.press("ArrowRight")
    stage.page.keyboard.press("ArrowRight")
    expect(row(stage, "source", "customer.id")).to_be_focused()

    stage.page.keyboard.press("End")
    expect(row(stage, "source", "$facts.target.currency")).to_be_focused()


def test_tab_goes_to_the_row_that_had_the_focus_last_however_it_got_it(stage: Stage) -> None:
    shown(stage)
    row(stage, "target", "Status").focus()
    stage.page.locator(".side.target input").focus()

    assert row(stage, "target", "Status").get_attribute("tabindex") == "0"
    assert stage.page.locator('.pane.target .row[tabindex="0"]').count() == 1


def test_escape_puts_down_what_was_picked_and_goes_back_to_it(stage: Stage) -> None:
    shown(stage)
    row(stage, "source", "note").focus()
    stage.page.keyboard.press("Enter")
    expect(stage.page.locator(".foot")).to_contain_text("is picked")

    stage.page.keyboard.press("Escape")

    expect(row(stage, "source", "note")).to_be_focused()
    row(stage, "target", "Note").focus()
    stage.page.keyboard.press("Enter")
    assert [each["op"] for each in sent(stage)] == ["select"]


def test_by_keyboard_too_one_hears_what_becomes_of_the_value(stage: Stage) -> None:
    shown(stage)
    row(stage, "source", "note").focus()
    stage.page.keyboard.press("Enter")

    row(stage, "target", "DeliveryDate").focus()

    expect(stage.page.locator("[aria-live]")).to_contain_text("is converted: \u2068text\u2069 → \u2068date")
    expect(stage.page.locator(".foot")).to_contain_text("is converted")
    row(stage, "target", "YourReference").focus()
    expect(stage.page.locator(".foot")).not_to_contain_text("is converted")


def test_a_click_elsewhere_puts_down_what_was_picked_and_stays_there(stage: Stage) -> None:
    shown(stage)
    row(stage, "source", "note").locator(".port").click()

    row(stage, "source", "paid").locator(".label").click()

    expect(row(stage, "source", "paid")).to_be_focused()
    expect(stage.page.locator(".mapper.connecting")).to_have_count(0)
