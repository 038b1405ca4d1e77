"""Publishing what mends a cause leads to its records, which are sent from there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.connectors.clock import SystemClock
from engine.design.drafts import Drafts
from engine.design.lookups import table_of
from engine.documents.workspace import Workspace
from tests.commands.conftest import FLOW, Ran, ran
from tests.studio.conftest import running_studio
from tests.studio.test_access import serious

__all__ = ["ran"]

expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def studio(ran: Ran) -> Iterator[str]:
    """The shipped flow has run once; its draft gives the row that parked orders miss."""
    workspace = Workspace(ran.workspace)
    drafts = Drafts(workspace, SystemClock())
    draft = drafts.open(FLOW)
    value = next(iter(table_of(draft.text, "payment_terms").rows.values()))
    row = {"op": "set_row", "lookup": "payment_terms", "key": "klarna_later", "value": value}
    drafts.apply(FLOW, [row], by="Anna", revision=draft.revision)
    with running_studio(Path(ran.workspace)) as address:
        yield address


def test_a_published_mend_leads_to_the_records_it_held_back_and_they_arrive(page: Page, studio: str) -> None:
    page.set_default_timeout(60_000)
    page.goto(f"{studio}/mapping?flow={FLOW}")
    page.get_by_role("button", name="Publish").first.click()
    page.locator(".st-key-publish_now button").click()

    offer = page.locator(".st-key-offer_to_send")
    expect(offer).to_contain_text("1 record was held back by this and can be sent now.")
    offer.get_by_role("button", name="Go and send them").click()

    cause = page.locator("[class*=st-key-cause_]").filter(has_text="has no row for ‹klarna_later›").first
    expect(cause).to_contain_text("Mended")
    expect(cause).to_contain_text("1 record can be sent now.")
    expect(page.locator(".stToast")).to_have_count(0)  # of the version that was published; Streamlit gives it no name
    assert serious(page) == []
    cause.get_by_role("button", name="Send them").click()
    page.get_by_role("button", name="Send 1 record now").click()
    expect(page.locator(".st-key-records_sending")).to_contain_text("1 arrived")
    page.get_by_role("button", name="Close").click()

    expect(page.locator(".st-key-records_of_cause")).to_contain_text("Nothing is parked any more for")
