"""The page of support in a browser: from what a caller says to what happened, the mend, and the order in the books."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger
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


@pytest.fixture
def records(page: Page, studio: str) -> Page:
    page.set_default_timeout(30_000)
    page.goto(f"{studio}/records")
    expect(page.locator(".st-key-records_found")).to_contain_text("W-10001")
    return page


def search(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Search")
    box.fill(text)
    box.press("Enter")


def only(page: Page, *numbers: str) -> None:
    """These records are found, and no others."""
    expect(page.locator("[class*=st-key-open_record_] button")).to_have_text(list(numbers))


def open_record(page: Page, number: str) -> None:
    search(page, number)
    page.get_by_role("button", name=number, exact=True).click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()


def test_an_order_is_found_by_whatever_a_caller_says(records: Page, workspace: Path) -> None:
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        [arrived] = [r for r in ledger.find_records("W-10002") if r.number == "W-10002"]
    assert arrived.payload is not None
    email = arrived.payload["customer"]["email"]

    for said in ("W-10002", email, str(arrived.target_number)):
        search(records, said)
        expect(records.locator(".st-key-records_found")).to_contain_text("W-10002")
    search(records, "18 246,35")
    only(records, "W-10025")
    search(records, "nobody@nowhere.example")
    expect(records.get_by_text("No record is found by this.")).to_be_visible()
    assert "example" not in records.url  # whom somebody asked for stands in no address


def test_the_search_is_there_again_after_a_record_was_looked_at(records: Page) -> None:
    search(records, "18 246,35")
    records.get_by_role("button", name="W-10025").click()
    expect(records.get_by_text("The article ART-1029 is not active.").first).to_be_visible()

    records.get_by_role("button", name="Search").click()

    expect(records.get_by_role("textbox", name="Search")).to_have_value("18 246,35")
    only(records, "W-10025")


def test_only_what_is_parked_is_shown_where_that_is_asked(records: Page, workspace: Path) -> None:
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        parked = [record.number for record in ledger.parked(FLOW)]

    records.get_by_role("combobox", name="Outcome").click()
    records.get_by_role("option", name="not arrived").click()

    only(records, *reversed(parked))


def test_a_record_that_arrived_tells_when_and_as_what(records: Page, workspace: Path) -> None:
    open_record(records, "W-10002")
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        [record] = [r for r in ledger.find_records("W-10002") if r.number == "W-10002"]

    expect(records.locator(".st-key-record_head")).to_contain_text(
        f"In Visma eAccounting it is {record.target_number}."
    )
    timeline = records.locator(".st-key-record_timeline")
    expect(timeline).to_contain_text("Made in CCV Shop")
    expect(timeline).to_contain_text(f"Arrived as {record.target_number}")
    timeline.get_by_text("POST → 201").last.click()
    expect(timeline.get_by_text("Sent", exact=True).locator("visible=true")).to_have_count(1)
    expect(timeline.get_by_text('"Amount": 42.89').locator("visible=true")).to_have_count(1)
    assert records.get_by_text(re.compile("Bearer|x-hash")).count() == 0


def test_a_missing_row_is_found_mended_and_the_order_sent_once(records: Page, workspace: Path) -> None:
    open_record(records, "W-10001")
    failure = records.locator(".st-key-record_failure_0")
    expect(failure).to_contain_text("has no row for ‹klarna_later›")
    expect(failure).to_contain_text("The buyer is found, or becomes a customer ▸ Payment terms")
    expect(failure).to_contain_text("paymethod = klarna_later")
    address = records.url
    expect(failure).to_contain_text("Give “klarna_later” a row in Payment terms by payment method")
    failure.get_by_role("button", name="Open the lookup").click()
    expect(records.locator(".st-key-lookup_missing")).to_contain_text("klarna_later")

    give_row(workspace, "klarna_later")
    records.goto(address)
    records.get_by_role("button", name="Show what would be sent").click()
    sending = records.locator(".st-key-record_sending")
    expect(sending).to_contain_text("POST /v2/orders")
    sending.get_by_role("button", name="Send it", exact=True).click()

    expect(records.get_by_text(re.compile(r"It arrived as \d+\."))).to_be_visible()
    expect(records.locator(".st-key-record_failure_0")).to_have_count(0)
    records.get_by_role("button", name="Show what would be sent").click()
    expect(sending).to_contain_text("It is not sent again.")


def test_a_cause_is_shown_with_what_it_comes_to_and_its_records_are_sent_together(
    records: Page, workspace: Path
) -> None:
    cause = records.locator("[class*=st-key-cause_]").filter(has_text="These articles bear another tax")
    expect(cause).to_contain_text("1 record")
    dearest = records.locator("[class*=st-key-cause_]").first
    expect(dearest).to_contain_text("€18,246.35")

    cause.get_by_role("button", name="Show them").click()
    only(records, "W-10003")
    records.get_by_role("button", name="All records").click()
    expect(records.locator(".st-key-records_found")).to_contain_text("W-10002")

    cause.get_by_role("button", name="Send them").click()
    records.get_by_role("button", name="Send 1 record now").click()
    expect(records.locator(".st-key-records_sending")).to_contain_text("1 still parked")
    records.get_by_role("button", name="Close").click()
    expect(cause).to_have_count(1)  # while the page is drawn anew, rows of the list stand where causes come
    expect(cause).to_contain_text("1 record")


def test_a_record_that_was_never_read_says_what_was_and_is_fetched_at_once(records: Page, ran: Ran) -> None:
    number = ran.serving.system("ccv-shop").do("new_order", {"paid": False})["ordernumber"]
    search(records, f"W-{number}")
    unread = records.locator(".st-key-unread_0")
    expect(unread).to_contain_text("Orders from CCV Shop to eAccounting")
    expect(unread).to_contain_text("Has read everything since")
    expect(unread).to_contain_text("it is not paid yet")

    unread.get_by_role("button", name="Fetch it now").click()

    expect(records.get_by_text("It was read, and waits:")).to_be_visible()
    expect(records.locator(".st-key-records_found")).to_contain_text(f"W-{number}")
    search(records, "W-777777")
    records.locator(".st-key-unread_0").get_by_role("button", name="Fetch it now").click()
    expect(records.get_by_text("CCV Shop has no such record, by number or by key")).to_be_visible()


def give_row(workspace: Path, key: str) -> None:
    """Add the row to the published flow, as somebody else may have done."""
    path = workspace / "saved_mappings" / f"{FLOW}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    rows = document["lookups"]["payment_terms"]["rows"]
    rows[key] = next(iter(rows.values()))
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")


def test_a_stale_link_says_so(page: Page, studio: str) -> None:
    for held in ("99999999", "abc"):
        page.goto(f"{studio}/records?record={held}")

        expect(page.get_by_text("There is no such record")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_search_and_a_story(browser: Browser, studio: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{studio}/records")
    expect(page.locator(".st-key-records_found")).to_contain_text("W-10001")
    assert serious(page) == []
    open_record(page, "W-10003")
    page.get_by_role("button", name="Show what would be sent").click()
    expect(page.locator(".st-key-record_sending")).to_contain_text("these articles bear another tax")
    assert serious(page) == []
    context.close()
