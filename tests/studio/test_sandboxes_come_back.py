"""The stand-ins that a workspace was tried with come back with the studio, whichever page is opened first."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.design.desk import desk
from engine.design.trial import connect_trial, stand_ins, start_trial
from tests.studio.conftest import running_studio, workspace_in


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/lookups?flow=ccv-orders-to-eaccounting&lookup=payment_terms", "Target values are the payment terms of"),
        ("/new-flow", "What becomes of "),
    ],
)
def test_the_page_that_is_opened_first_speaks_to_them(page: Page, tmp_path: Path, path: str, seen: str) -> None:
    workspace = workspace_in(tmp_path / "workspace")
    with desk(str(workspace)) as things:
        known = set(stand_ins()) & set(things.workspace.connector_names())
        trial = start_trial(sorted(known), workspace / ".studio" / "sandbox")
        try:
            connect_trial(things, trial)
        finally:
            trial.stop()

    with running_studio(workspace) as address:
        page.goto(address + path)

        expect(page.get_by_text(seen)).to_be_visible(timeout=60_000)
        expect(page.get_by_text("cannot be reached")).to_have_count(0)
