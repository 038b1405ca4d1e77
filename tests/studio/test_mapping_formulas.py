"""Typing a formula on the mapping page: what is wrong is said where it is and when it helps, and nothing hangs."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.studio.mapping_in_use import EXAMPLES, WAIT, Mapping, copy_of_flow

ENDLESS = "($f := function(){$f()}; $f())"


@pytest.fixture(scope="module")
def flow(workspace: Path) -> str:
    return copy_of_flow(workspace, "formulas")


@pytest.fixture
def mapping(page: Page, studio: str, workspace: Path, flow: str) -> Mapping:
    """The reference of the order in the editor."""
    mapping = Mapping(page, studio, workspace).open(flow, step="order")
    mapping.select("YourReference", "Your reference")
    return mapping


def test_a_mistyped_path_is_warned_of_with_the_field_that_was_meant(mapping: Mapping) -> None:
    mapping.type("customer.emial")

    found = mapping.page.locator(".st-key-editor .cm-lintRange-warning")
    expect(found).to_have_text("emial", timeout=WAIT)
    expect(mapping.page.locator(".st-key-editor")).to_contain_text("Did you mean “email”?")
    expect(mapping.row("target", "YourReference")).to_have_attribute("data-status", "warning")
    expect(mapping.page.get_by_role("radio", name="1 problem")).to_be_visible()
    expect(mapping.page.locator(".st-key-explain")).to_contain_text("Did you mean “email”?")


def test_an_error_is_marked_at_its_column(mapping: Mapping) -> None:
    mapping.type("$uppercase(customer.email) &")
    mapping.page.keyboard.press("Escape")
    mapping.page.keyboard.press("Tab")

    expect(mapping.page.locator(".st-key-editor .cm-lintRange-error")).to_be_visible(timeout=WAIT)
    expect(mapping.page.locator(".st-key-editor")).to_contain_text("column 28")


def test_no_error_is_marked_while_a_name_is_typed_and_fields_come_with_their_values(mapping: Mapping) -> None:
    mapping.type("$uppercase(customer.ema")

    proposed = mapping.page.locator(".st-key-editor .cm-tooltip-autocomplete")
    expect(proposed).to_contain_text("@", timeout=WAIT)
    expect(mapping.page.locator(".st-key-editor .cm-lintRange-error")).to_have_count(0)
    mapping.becomes(True, lambda: "$uppercase(customer.ema" in (mapping.formula("order", "YourReference") or ""))
    mapping.at_rest()
    expect(mapping.page.locator(".st-key-editor .cm-lintRange-error")).to_have_count(0)

    proposed.get_by_role("option").filter(has_text="email").first.click()
    mapping.becomes("$uppercase(customer.email)", lambda: mapping.formula("order", "YourReference"))
    expect(mapping.row("target", "YourReference")).to_contain_text("@", timeout=WAIT)


def test_line_breaks_and_spaces_stay_while_one_types(mapping: Mapping) -> None:
    mapping.type("customer.email &")
    mapping.becomes("customer.email &", lambda: mapping.formula("order", "YourReference"))
    mapping.at_rest()
    if mapping.page.locator(".cm-tooltip-autocomplete").is_visible():  # which Enter would choose from
        mapping.page.keyboard.press("Escape")
    mapping.page.keyboard.press("Enter")
    mapping.page.keyboard.press("Enter")
    mapping.becomes("customer.email &", lambda: mapping.formula("order", "YourReference"))
    mapping.at_rest()
    mapping.page.keyboard.type("'x'")

    mapping.becomes("customer.email &\n\n'x'", lambda: mapping.formula("order", "YourReference"))


def test_a_formula_that_never_ends_says_so_and_the_page_lives_on(mapping: Mapping) -> None:
    mapping.type(ENDLESS)

    row = mapping.row("target", "YourReference")
    expect(row).to_have_attribute("data-status", "error", timeout=WAIT)
    expect(row).to_contain_text("longer than")
    mapping.select("CurrencyCode", "Currency")
    expect(mapping.row("target", "CurrencyCode")).to_contain_text("EUR")
    mapping.select("YourReference", "Your reference")
    mapping.type("customer.reference")
    expect(row).to_have_attribute("data-status", "ok", timeout=WAIT)


def test_control_enter_tries_the_examples(mapping: Mapping) -> None:
    mapping.type('"nobody expects this"')
    mapping.page.keyboard.press("Control+Enter")

    expect(mapping.page.get_by_role("radio", name=EXAMPLES)).to_be_checked(timeout=WAIT)
    expect(mapping.page.get_by_text("nobody expects this").last).to_be_visible(timeout=WAIT)
    assert mapping.formula("order", "YourReference") == '"nobody expects this"'


def test_a_named_value_is_changed_in_the_same_editor(mapping: Mapping) -> None:
    mapping.drawer("Named values")
    mapping.page.locator(".st-key-edit_value_person_name button").click()
    expect(mapping.editor).to_be_focused(timeout=WAIT)
    mapping.type('"Somebody else"')

    values = mapping.page.locator(".st-key-value_person_name")
    expect(values).to_contain_text("Somebody else", timeout=WAIT)
    mapping.page.get_by_role("radio", name="Customer").click()
    expect(mapping.row("target", "Name")).to_contain_text("Somebody else", timeout=WAIT)


def test_a_setting_is_answered_beside_the_fields_it_changes(mapping: Mapping) -> None:
    mapping.drawer("Settings")
    asked = mapping.page.locator("[class*=_row_order_status]").last
    expect(asked).to_contain_text("Order ▸ Status", timeout=WAIT)
    mapping.at_rest()
    asked.get_by_role("combobox").click()
    mapping.page.get_by_role("option").last.click()

    expect(mapping.row("target", "Status").locator(".value")).to_have_text("3", timeout=WAIT)
