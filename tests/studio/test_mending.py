"""Mending the cause in a browser: a missing row given where it is missed, a wrong value mended for one record, and the
order in the books; and two people at one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger, StoredRecord
from tests.commands.conftest import FLOW, Ran, ran
from tests.studio.conftest import running_studio
from tests.studio.test_access import serious

__all__ = ["ran"]

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def workspace(ran: Ran) -> Path:
    """Connected to both sandboxes, the shipped flow has run once: some orders arrived, some are parked."""
    return ran.workspace


@pytest.fixture(scope="module")
def studio(workspace: Path) -> Iterator[str]:
    with running_studio(workspace) as address:
        yield address


def record_of(workspace: Path, number: str) -> StoredRecord:
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        [record] = [each for each in ledger.find_records(number) if each.number == number]
    return record


def open_story(page: Page, studio: str, workspace: Path, number: str) -> None:
    page.set_default_timeout(30_000)
    page.goto(f"{studio}/records?record={record_of(workspace, number).id}")
    expect(page.get_by_role("heading", name=number)).to_be_visible()


def look_and_send(page: Page) -> None:
    """Look at what would be sent, then send it once."""
    page.get_by_role("button", name="Show what would be sent").click()
    sending = page.locator(".st-key-record_sending")
    expect(sending).to_contain_text("POST /v2/orders")
    sending.get_by_role("button", name="Send it", exact=True).click()
    expect(page.get_by_text(re.compile(r"It arrived as \d+\."))).to_be_visible()
    expect(page.locator(".st-key-record_failure_0")).to_have_count(0)


def type_value(page: Page, name: str, value: str) -> None:
    """Open the dialog by the value's small button, and type."""
    page.locator(".st-key-record_leaves_0").get_by_role("button", name=name).click()
    box = page.get_by_role("dialog").get_by_role("textbox", name="Value for this record")
    box.fill(value)
    box.press("Tab")


def save(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Save").click()


def test_a_missing_row_is_given_in_the_story_and_the_order_is_sent(page: Page, studio: str, workspace: Path) -> None:
    open_story(page, studio, workspace, "W-10001")
    row = page.locator("[class*=st-key-give_row_]")
    expect(row).to_contain_text("Give “klarna_later” a row in Payment terms by payment method")
    expect(row).to_contain_text("kept as a row of this flow's binding")
    row.get_by_role("combobox").click()
    page.get_by_role("option").first.click()
    row.get_by_role("button", name="Give it this row").click()

    given = page.locator(".st-key-row_given")
    expect(given).to_contain_text("“klarna_later” has a row in Payment terms by payment method now")
    expect(page.locator("[class*=st-key-give_row_]")).to_have_count(0)
    expect(given).to_be_focused()
    page.get_by_role("button", name="Show what would be sent").click()
    sending = page.locator(".st-key-record_sending")
    expect(sending).to_contain_text("POST /v2/orders")
    expect(sending).not_to_contain_text("before:")  # no request of this order was ever sent
    sending.get_by_text("Exactly what is sent").first.click()
    expect(sending.get_by_test_id("stCode").first).to_contain_text('"EmailAddress"')
    sending.get_by_role("button", name="Send it", exact=True).click()
    came_of_it = page.locator(".st-key-record_came_of_it")
    expect(came_of_it).to_contain_text(re.compile(r"It arrived as \d+\."))
    expect(came_of_it).to_be_focused()
    expect(page.get_by_text("Nothing was sent yet")).to_have_count(0)
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        binding = ledger.binding(FLOW, "default")
        [line] = ledger.audit(flow=FLOW, limit=1, what="bound")
    assert binding is not None and list(binding.lookups["payment_terms"]) == ["klarna_later"]
    assert "klarna_later" not in (workspace / "saved_mappings" / f"{FLOW}.json").read_text(encoding="utf-8")
    assert line.details == {"lookups": ["payment_terms"]}


def test_a_refused_article_number_is_mended_for_one_order_and_sent(page: Page, studio: str, workspace: Path) -> None:
    open_story(page, studio, workspace, "W-10028")
    expect(page.locator(".st-key-record_failure_0")).to_contain_text("the text has 50 characters, the target takes 40")
    type_value(page, "Order rows ▸ 1 ▸ Product number", "ART-9003")
    save(page)

    expect(page.get_by_text("Kept for this record. Nothing was sent")).to_be_visible()
    expect(page.locator(".st-key-record_just_mended")).to_be_focused()
    mended = page.locator(".st-key-record_mended")
    expect(mended).to_contain_text("1 value mended")
    expect(mended).to_contain_text("→ ART-9003")
    expect(page.locator(".st-key-record_timeline")).to_contain_text("mended “Order rows ▸ 1 ▸ Product number”")
    look_and_send(page)
    record = record_of(workspace, "W-10028")
    assert record.as_read is not None and len(record.as_read["orderrows"][0]["product_number"]) > 40
    page.goto(f"{studio}/records")
    expect(page.locator(f".st-key-record_row_{record.id}")).to_contain_text("1 value mended")


def test_the_second_of_two_people_is_asked_and_nothing_of_theirs_is_lost(
    page: Page, browser: Browser, studio: str, workspace: Path
) -> None:
    open_story(page, studio, workspace, "W-10035")
    other = browser.new_page()
    open_story(other, studio, workspace, "W-10035")

    for each, number in ((page, "ART-1001"), (other, "ART-1002")):
        type_value(each, "Order rows ▸ 1 ▸ Product number", number)
    save(other)
    expect(other.locator(".st-key-record_mended")).to_contain_text("ART-1002")
    save(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Somebody else changed this record since it was shown here.")
    expect(dialog).to_contain_text("→ ART-1002")
    expect(dialog).to_contain_text("→ ART-1001")
    assert [each.value for each in record_of(workspace, "W-10035").mended.holds] == ["ART-1002"]
    dialog.get_by_role("button", name="Put mine on top of theirs").click()

    expect(page.locator(".st-key-record_mended")).to_contain_text("→ ART-1001")
    assert [each.value for each in record_of(workspace, "W-10035").mended.holds] == ["ART-1001"]
    other.close()


def test_an_article_that_stands_in_several_rows_is_mended_in_all_of_them(
    page: Page, studio: str, workspace: Path
) -> None:
    open_story(page, studio, workspace, "W-10025")
    type_value(page, "Order rows ▸ 29 ▸ Product number: ART-1029", "ART-1001")
    page.get_by_role("dialog").get_by_text("Also in 2 other items that say the same").click()
    save(page)

    expect(page.locator(".st-key-record_mended")).to_contain_text("3 values mended")
    assert [each.value for each in record_of(workspace, "W-10025").mended.holds] == ["ART-1001"] * 3


def test_the_setting_that_a_check_names_stands_first_where_it_is_changed(
    page: Page, studio: str, workspace: Path
) -> None:
    open_story(page, studio, workspace, "W-10008")
    page.get_by_role("button", name="Change the setting “Largest rounding difference”").first.click()

    expect(page.locator(".st-key-asked_answer")).to_contain_text("Largest rounding difference")
    expect(page.get_by_label("Largest rounding difference")).to_have_count(1)


def test_any_other_value_is_found_by_its_name_and_taken_back(page: Page, studio: str, workspace: Path) -> None:
    open_story(page, studio, workspace, "W-10003")
    page.locator(".st-key-record_leaves_0").get_by_role("button", name="Edit another value").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Value").fill("Payment method as shown")
    page.get_by_role("option").first.click()
    expect(dialog).to_contain_text("It is kept here only, for this one record, and never written to CCV Shop.")
    box = dialog.get_by_role("textbox", name="Value for this record")
    box.fill("Invoice")
    box.press("Tab")
    dialog.get_by_role("button", name="Save").click()
    mended = page.locator(".st-key-record_mended")
    expect(mended).to_contain_text("→ Invoice")

    mended.get_by_role("button", name="Take back").click()

    expect(page.get_by_text("Taken back: what the source says counts again.")).to_be_visible()
    expect(mended).to_have_count(0)
    expect(page.locator(".st-key-record_timeline")).to_contain_text("took back the mended")


def wait_until_drawn(page: Page) -> None:
    """The texts of expanders come a moment after them."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_function("[...document.querySelectorAll('summary')].every(each => each.innerText.trim())")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_while_a_value_is_mended(
    browser: Browser, studio: str, workspace: Path, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    open_story(page, studio, workspace, "W-10008")
    expect(page.locator(".st-key-record_leaves_0")).to_be_visible()
    wait_until_drawn(page)
    assert serious(page) == []
    page.locator(".st-key-record_leaves_0").get_by_role("button", name="Total: 33.89").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_visible()
    wait_until_drawn(page)
    assert serious(page) == []
    context.close()
