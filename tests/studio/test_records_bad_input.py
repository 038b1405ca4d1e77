"""The page of records where something is odd: foreign links, a version published meanwhile, many hits, no mouse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.design.support.asking import link_of
from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger, PulledRecord
from tests.commands.conftest import FLOW, Ran, ran
from tests.studio.conftest import running_studio
from tests.studio.test_access import serious
from tests.studio.test_records import give_row, open_record, search

__all__ = ["ran"]

expect.set_options(timeout=60_000)
MANY = 120


@pytest.fixture(scope="module")
def workspace(ran: Ran) -> Path:
    """The shipped flow has run once; many people of one name have ordered elsewhere."""
    with Ledger.open(Workspace(ran.workspace).ledger_path) as ledger:
        pulled = [
            PulledRecord(f"{i}", f"X-{i}", "v", {"id": i}, ("due", "skipped")[i % 2], search_words=["Anna Mangasson"])
            for i in range(MANY)
        ]
        ledger.store_page("elsewhere", "default", None, pulled, None, datetime(2026, 1, 1, tzinfo=UTC))
    return ran.workspace


@pytest.fixture(scope="module")
def studio(workspace: Path) -> Iterator[str]:
    with running_studio(workspace) as address:
        yield address


@pytest.fixture
def records(page: Page, studio: str) -> Page:
    page.set_default_timeout(60_000)
    page.goto(f"{studio}/records")
    expect(page.locator(".st-key-records_found")).to_be_visible()
    return page


def test_many_hits_are_counted_and_narrowed_by_how_they_stand(records: Page) -> None:
    search(records, "mangasson")
    counted = records.locator(".st-key-records_counted")
    expect(counted).to_contain_text("The first 50 of 120 records.")
    assert serious(records) == []

    counted.get_by_role("button", name="left out (60)").click()

    expect(counted).to_contain_text("The first 50 of 60 records.")
    expect(records.locator(".st-key-records_found")).not_to_contain_text("to be delivered")


def test_without_a_mouse_one_key_leads_to_the_first_record_and_its_story_is_read_from_its_heading(
    records: Page,
) -> None:
    search(records, "W-10002")
    expect(records.locator("[class*=st-key-open_record_] button")).to_have_count(1)
    box = records.get_by_role("textbox", name="Search")
    box.focus()
    records.keyboard.press("ArrowDown")
    expect(records.get_by_role("button", name="W-10002")).to_be_focused()
    records.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    records.keyboard.press("ArrowDown")
    records.keyboard.press("Enter")

    expect(records.get_by_role("heading", name="W-10002")).to_be_focused()


def test_a_link_of_another_workspace_opens_no_record_of_this_one(
    records: Page, studio: str, workspace: Path, tmp_path: Path
) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as other:
        page = [PulledRecord("1", "Z-1", "v", {"id": 1})]
        other.store_page("elsewhere", "default", None, page, None, datetime(2026, 1, 1, tzinfo=UTC))
        foreign = link_of(other, 1)
    records.goto(f"{studio}/records?record={foreign}")
    expect(records.get_by_text("There is no such record")).to_be_visible()

    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        mine = link_of(ledger, 1)
    records.goto(f"{studio}/records?record=1")
    expect(records.locator(".st-key-record_head")).to_be_visible()
    records.wait_for_url(f"**/records?record={mine}")


def test_what_was_published_after_it_was_shown_is_shown_again_before_it_is_sent(
    records: Page, workspace: Path, ran: Ran
) -> None:
    open_record(records, "W-10001")
    give_row(workspace, "klarna_later")
    records.get_by_role("button", name="Show what would be sent").click()
    sending = records.locator(".st-key-record_sending")
    expect(sending).to_contain_text("POST /v2/orders")
    rename(workspace, "Orders to the books")

    sending.get_by_role("button", name="Send it", exact=True).click()
    expect(sending).to_contain_text("Nothing was sent: something else would be sent by now than was shown.")
    expect(sending).to_contain_text("POST /v2/orders")
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        assert [each.number for each in ledger.parked(FLOW) if each.number == "W-10001"] == ["W-10001"]

    with Ledger.open(Workspace(workspace).ledger_path) as ledger, ledger.claim_flow(FLOW, "default"):
        sending.get_by_role("button", name="Send it", exact=True).click()
        expect(sending).to_contain_text("Nothing was sent, and nothing is lost.")
        assert serious(records) == []
    sending.get_by_role("button", name="Try again").click()
    expect(records.get_by_text("It arrived as")).to_be_visible()


def test_as_it_was_mapped_then_says_which_files_have_changed_since(records: Page, workspace: Path) -> None:
    path = workspace / "connector_specs" / "eaccounting" / "connector.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["version"] = "99.0.0"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    open_record(records, "W-10004")
    records.get_by_text("Send it once more").click()
    records.get_by_role("combobox", name="Mapped").click()
    records.get_by_role("option", name="As it was mapped then").click()

    records.get_by_role("button", name="Show what would be sent").click()

    sending = records.locator(".st-key-record_sending")
    expect(sending).to_contain_text("1 file of the connectors has changed since then.")
    expect(sending).to_contain_text("connector_specs/eaccounting/connector.json")


def rename(workspace: Path, title: str) -> None:
    path = workspace / "saved_mappings" / f"{FLOW}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["title"] = title
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")
