"""Suggestions are decided one by one: what was decided counts, whatever became of the studio meanwhile."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.studio.conftest import killable_studio, running_studio
from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow


def test_undo_brings_back_what_was_turned_down_last_and_then_what_was_accepted(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "turned-down"), step="order")
    mapping.button("Suggest").click()
    city, street = mapping.row("target", "InvoiceCity"), mapping.row("target", "InvoiceAddress1")
    city.scroll_into_view_if_needed()
    city.locator(".action.accept").click()
    mapping.becomes(True, lambda: bool(mapping.formula("order", "InvoiceCity")))
    street.scroll_into_view_if_needed()
    street.locator(".action.reject").click()
    expect(street.locator(".action.accept")).to_have_count(0, timeout=WAIT)
    mapping.at_rest()

    mapping.button("Undo").click()
    expect(street.locator(".action.accept")).to_have_count(1, timeout=WAIT)
    assert mapping.formula("order", "InvoiceCity")
    mapping.at_rest()
    mapping.button("Undo").click()
    mapping.becomes(None, lambda: mapping.formula("order", "InvoiceCity"))
    expect(city.locator(".action.accept")).to_have_count(1, timeout=WAIT)


def test_a_suggestion_says_why_in_swedish(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "suggested-in-swedish"), step="order", lang="sv")
    mapping.button("Föreslå").click()

    expect(mapping.row("target", "InvoiceCity")).to_contain_text("samma betydelse", timeout=WAIT)
    expect(mapping.page.locator(".pane.target").get_by_text("same meaning")).to_have_count(0)


def test_what_was_accepted_after_the_studio_died_is_in_the_draft_when_it_is_back(page: Page, workspace: Path) -> None:
    flow = copy_of_flow(workspace, "accepted-of-a-dead-one")
    with killable_studio(workspace) as (address, kill):
        mapping = Mapping(page, address, workspace).open(flow, step="order")
        mapping.button("Suggest").click()
        row = mapping.row("target", "InvoiceCity")
        expect(row.get_by_role("button", name="Accept")).to_be_visible(timeout=WAIT)
        row.scroll_into_view_if_needed()
        kill()
        row.get_by_role("button", name="Accept").click()
    port = int(address.rsplit(":", 1)[1].strip("/"))
    with running_studio(workspace, port):  # the page finds it again by itself
        mapping.becomes(True, lambda: bool(mapping.formula("order", "InvoiceCity")))
