"""Suggestions are decided one by one: what was decided counts, whatever became of the studio meanwhile."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.studio.conftest import killable_studio, running_studio
from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow


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
