"""From a draft to a version and back: what differs is shown, a name is given, an earlier version comes back."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, expect

from engine.design.desk import desk
from tests.replay.remembered import remember_records
from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow


def without_examples(document: dict[str, Any]) -> None:
    document["examples"] = []


def change(mapping: Mapping, formula: str) -> None:
    mapping.select("YourReference", "Your reference")
    mapping.type(formula)
    mapping.becomes(formula, lambda: mapping.formula("order", "YourReference"))
    mapping.at_rest()


def publishing(mapping: Mapping) -> Locator:
    mapping.button("Publish").first.click()
    dialog = mapping.page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Name of the version")).to_be_visible(timeout=WAIT)
    return dialog


def publish(mapping: Mapping, name: str) -> None:
    dialog = publishing(mapping)
    dialog.get_by_role("textbox", name="Name of the version").fill(name)
    dialog.get_by_role("button", name="Publish", exact=True).click()


def test_a_draft_is_published_with_its_differences_and_an_earlier_version_comes_back(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "publish", without_examples), step="order")
    first = mapping.file().read_bytes()
    change(mapping, "customer.email")

    dialog = publishing(mapping)
    expect(dialog).to_contain_text("1 change")
    expect(dialog.locator(".ms-added")).to_contain_text("customer.email")
    expect(dialog.locator(".ms-removed")).to_contain_text("customer.reference")
    mapping.page.keyboard.press("Escape")
    publish(mapping, "E-mail as reference")

    expect(mapping.page.get_by_text("Version 2 is published.")).to_be_visible(timeout=WAIT)
    expect(mapping.page.get_by_text("Published v2")).to_be_visible()
    expect(mapping.page.get_by_text("Draft", exact=True).locator("visible=true")).to_have_count(1)  # the step's tab
    assert b"customer.email" in mapping.file().read_bytes()

    mapping.button("More").click()
    mapping.page.get_by_role("menuitem", name="Versions").click()
    versions = mapping.page.get_by_role("dialog", name="Versions")
    expect(versions).to_contain_text("E-mail as reference", timeout=WAIT)
    versions.get_by_role("button", name="Go back to it").click()
    expect(versions.locator(".ms-added")).to_contain_text("customer.reference", timeout=WAIT)
    assert b"customer.email" in mapping.file().read_bytes()
    versions.get_by_role("button", name="Publish it again").click()

    expect(mapping.page.get_by_text("Version 3 is published: it is as version 1 was.")).to_be_visible(timeout=WAIT)
    expect(mapping.page.get_by_text("Published v3")).to_be_visible()
    assert mapping.file().read_bytes() == first
    expect(mapping.row("target", "YourReference").locator(".chip")).not_to_contain_text("customer.email")


def test_an_example_that_differs_asks_for_a_reason(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "reasons"), step="order")
    change(mapping, '"always the same"')

    dialog = publishing(mapping)
    button = dialog.get_by_role("button", name="Publish", exact=True)
    expect(button).to_be_disabled()
    expect(dialog).to_contain_text("differs")
    reason = dialog.get_by_role("textbox", name="Why it is right although examples differ")
    reason.fill("The buyer asked for it")
    reason.press("Tab")
    expect(button).to_be_enabled(timeout=WAIT)


def test_a_file_that_changed_meanwhile_is_told_and_asked_about(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "meanwhile", without_examples), step="order")
    change(mapping, "customer.email")
    document = json.loads(mapping.file().read_text(encoding="utf-8"))
    document["title"] = "Changed in git"
    mapping.file().write_text(json.dumps(document, indent=2), encoding="utf-8")

    mapping.page.reload()
    mapping.loaded()
    expect(mapping.page.get_by_text("The published flow was changed since this draft began")).to_be_visible()
    dialog = publishing(mapping)
    expect(dialog).to_contain_text("Changed in git")
    button = dialog.get_by_role("button", name="Publish", exact=True)
    expect(button).to_be_disabled()
    dialog.get_by_text("Publish mine over what changed there").click()
    expect(button).to_be_enabled(timeout=WAIT)


def test_the_mapping_is_read_as_text(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "reading"), step="order")
    mapping.button("More").click()
    mapping.page.get_by_role("menuitem", name="Read as text").click()

    page = mapping.page.get_by_role("dialog").frame_locator("iframe")
    expect(page.locator("body")).to_contain_text("The order is made", timeout=WAIT)


def test_suggestions_fill_only_what_is_empty_and_say_why(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "suggested"), step="order")
    held = json.loads(mapping.text())
    mapping.button("Suggest").click()
    expect(mapping.page.locator(".lines path.stroke.suggestion").first).to_be_attached(timeout=WAIT)
    proposed = mapping.row("target", "InvoiceAddress1")
    expect(proposed).to_contain_text("same meaning")

    proposed.locator(".action.reject").click()
    expect(proposed).not_to_contain_text("same meaning", timeout=WAIT)
    mapping.page.get_by_role("button", name="Accept all").click()
    mapping.becomes(True, lambda: mapping.formula("order", "InvoiceCity") is not None)
    expect(mapping.page.locator(".lines path.stroke.suggestion")).to_have_count(0, timeout=WAIT)
    mapping.at_rest()

    now = {step["step"]: step["fields"] for step in json.loads(mapping.text())["steps"]}
    assert mapping.formula("order", "InvoiceAddress1") is None
    for step in held["steps"]:
        assert {name: now[step["step"]][name] for name in step["fields"]} == step["fields"]


def test_going_back_to_a_version_whose_examples_differ_asks_for_a_reason(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "back-with-a-reason", _with_another_word), step="order")
    change(mapping, "$truncate($first_filled(customer.reference), 100)")
    publish(mapping, "As it should be")
    expect(mapping.page.get_by_text("Version 2 is published.")).to_be_visible(timeout=WAIT)

    mapping.button("More").click()
    mapping.page.get_by_role("menuitem", name="Versions").click()
    versions = mapping.page.get_by_role("dialog", name="Versions")
    versions.get_by_role("button", name="Go back to it").click()
    button = versions.get_by_role("button", name="Publish it again")
    expect(button).to_be_disabled(timeout=WAIT)
    reason = versions.get_by_role("textbox", name="Why it is right although examples differ")
    reason.fill("Only until Monday")
    reason.press("Tab")
    button.click()
    expect(mapping.page.get_by_text("Version 3 is published: it is as version 1 was.")).to_be_visible(timeout=WAIT)


def _with_another_word(document: dict[str, Any]) -> None:
    order = next(step for step in document["steps"] if step["step"] == "order")
    order["fields"]["YourReference"] = {"formula": '"something else"'}


def test_what_is_not_published_yet_says_so_instead_of_comparing(mapping: Mapping) -> None:
    flow = copy_of_flow(mapping.workspace, "unpublished", without_examples)
    mapping.open(flow, step="order")
    change(mapping, "customer.email")
    mapping.file().unlink()
    mapping.page.reload()
    mapping.loaded()
    mapping.drawer("Changes against published")
    expect(mapping.page.get_by_text("Nothing of this flow is published yet")).to_be_visible(timeout=WAIT)
    expect(mapping.page.get_by_text("Not published yet")).to_be_visible()


def test_publishing_says_what_changes_for_the_records_that_are_known(mapping: Mapping) -> None:
    name = copy_of_flow(mapping.workspace, "impact", without_examples)
    with desk(str(mapping.workspace)) as things:
        remember_records(things, name, "ccv-orders-to-eaccounting", 3)
    mapping.open(name, step="order")
    change(mapping, '$string(id) = "1" ? $number("x") : "as agreed"')

    dialog = publishing(mapping)

    expect(dialog).to_contain_text("3 of the last 3 records change; only order.YourReference; 1 newly fails.")
    dialog.get_by_text("N-1 would be parked").click()
    expect(dialog).to_contain_text("field YourReference")
    dialog.get_by_text("N-2: 1 field differs").click()
    expect(dialog.get_by_text("as agreed").first).to_be_visible()
