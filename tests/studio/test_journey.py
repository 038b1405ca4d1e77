"""From an empty workspace to a flow that runs, as somebody who cannot program would go: by clicking and a few words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.studio.conftest import ROOT, running_studio


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that knows the systems and has no flow and no connection."""
    folder = tmp_path_factory.mktemp("workspace") / "empty"
    folder.mkdir()
    (folder / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    (folder / "saved_mappings").mkdir()
    return folder


@pytest.fixture(scope="module")
def studio(workspace: Path) -> Iterator[str]:
    with running_studio(workspace) as address:
        yield address


def row(page: Page, side: str, path: str):  # type: ignore[no-untyped-def]
    return page.locator(f'.pane.{side} .row[data-id="{path}"]')


def engine(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "engine", *words, "--workspace", str(workspace)]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_an_empty_workspace_becomes_a_flow_that_runs(page: Page, studio: str, workspace: Path) -> None:
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.goto(studio)

    # nothing is typed until the first order is on screen
    page.get_by_role("button", name="Start the trial").click()
    page.wait_for_url("**/mapping?**")
    expect(row(page, "target", "Name")).to_be_visible()
    expect(row(page, "source", "ordernumber_full")).to_contain_text("W-")
    assert row(page, "target", "EmailAddress").inner_text().count("@") == 1
    flow = parse_qs(urlsplit(page.url).query)["flow"][0]

    # a field is changed, and what the order becomes is seen at once
    row(page, "target", "ContactPersonEmail").locator(".label").click()
    editor = page.locator(".st-key-editor .cm-content")
    editor.click()
    page.keyboard.type("customer.email")
    page.keyboard.press("Escape")
    expect(row(page, "target", "ContactPersonEmail")).to_contain_text("@")
    expect(page.locator('path.stroke[data-source="customer.email"][data-target="ContactPersonEmail"]')).to_have_count(1)

    # it is published under a name, and is in the file
    page.get_by_role("radio", name="Request that would be sent").click()
    page.get_by_role("button", name="Ask the systems what a run would send").click()
    expect(page.get_by_text("The record would be created.")).to_be_visible()

    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill("With the contact's e-mail")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(re.compile("Published v1"))).to_be_visible()
    document = json.loads((workspace / "saved_mappings" / f"{flow}.json").read_text(encoding="utf-8"))
    customer = next(step for step in document["steps"] if step["step"] == "customer")
    assert customer["fields"]["ContactPersonEmail"]["formula"] == "customer.email"

    # and it runs, without a screen, over real orders
    done = engine(workspace, "run", flow, "--limit", "8", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode in (0, 1), done.stderr
    assert told[0]["counts"]["created"] >= 3, done.stdout


def test_a_new_flow_moves_its_result_as_one_answers(page: Page, studio: str) -> None:
    page.set_default_timeout(60_000)
    page.goto(f"{studio}/new-flow")
    result = page.locator(".st-key-moving_result")
    expect(result).to_contain_text("SHIPPING")

    box = page.get_by_role("textbox", name="Article for shipping")
    box.fill("FREIGHT")
    box.press("Enter")

    expect(result).to_contain_text("FREIGHT")
    expect(result).not_to_contain_text("SHIPPING")
    expect(result.locator(".ms-changed").first).to_contain_text("FREIGHT")
    expect(page.locator('[class*="row_shipping_article"]')).to_contain_text("Changes:")

    page.get_by_role("textbox", name="Name of the flow's file").fill("freight-orders")
    page.get_by_role("textbox", name="Name of the flow's file").press("Enter")
    page.get_by_role("button", name="Make the flow").click()
    page.wait_for_url("**/mapping?**flow=freight-orders**")
    expect(row(page, "target", "Name")).to_be_visible()


def test_reloading_keeps_the_place(page: Page, studio: str) -> None:
    page.set_default_timeout(60_000)
    page.goto(f"{studio}/mapping?flow=freight-orders&step=order&field=OrderDate")
    expect(row(page, "target", "OrderDate")).to_have_attribute("aria-selected", "true")

    page.reload()

    expect(row(page, "target", "OrderDate")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".st-key-editor .cm-content")).to_contain_text("$local_date")


def test_nothing_is_fetched_from_elsewhere(page: Page, studio: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{studio}/mapping?flow=freight-orders")
    expect(row(page, "target", "Name")).to_be_visible()

    assert [url for url in asked if not url.startswith((studio, "data:", "blob:"))] == []
