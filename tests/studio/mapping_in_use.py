"""What the tests of the mapping page do again and again: opening a flow, mapping, typing, and looking at the draft."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

FLOW = "ccv-orders-to-eaccounting"
WAIT = 30_000  # ms that a busy machine may take; nothing is decided by it

EXAMPLES = re.compile(r"^\d+ examples$")  # the drawer's tab, with how many the flow has


class Mapping:
    """The mapping page of one window."""

    def __init__(self, page: Page, studio: str, workspace: Path) -> None:
        self.page = page
        self.studio = studio
        self.workspace = workspace
        self.flow = ""
        page.set_default_timeout(WAIT)

    def open(self, flow: str, **place: str) -> Mapping:
        self.flow = flow
        self.page.goto(f"{self.studio}/mapping?flow={flow}" + "".join(f"&{k}={v}" for k, v in place.items()))
        self.loaded()
        return self

    def loaded(self) -> None:
        """The trees are drawn, and nothing runs."""
        self.page.locator(".st-key-mapper .pane.target .row").first.wait_for()
        self.at_rest()

    def at_rest(self) -> None:
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    # --- what is on it

    def row(self, side: str, path: str) -> Locator:
        return self.page.locator(f'.pane.{side} .row[data-id="{path}"]')

    def stroke(self, source: str, target: str) -> Locator:
        return self.page.locator(f'path.stroke[data-source="{source}"][data-target="{target}"]')

    @property
    def editor(self) -> Locator:
        # the editor before stands beside its successor for a moment, while the page is drawn anew
        return self.page.locator(".st-key-editor .cm-content").last

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def select(self, path: str, title: str) -> None:
        self.row("target", path).scroll_into_view_if_needed()
        self.row("target", path).locator(".label").click()
        expect(self.page.get_by_text(f"Formula of {title}", exact=True).first).to_be_visible(timeout=WAIT)

    def type(self, text: str) -> None:
        """The text in place of what stands in the editor."""
        self.editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def drawer(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("radio", name=name).click()

    # --- what is kept

    def text(self) -> str:
        """The flow as it is being changed: its draft, or the published file where there is none."""
        return draft_text(self.workspace, self.flow) or self.file().read_text(encoding="utf-8")

    def file(self) -> Path:
        return self.workspace / "saved_mappings" / f"{self.flow}.json"

    def mapping(self, step: str, target: str) -> Any:
        """A field mapping as the draft has it; None where it is not mapped."""
        found = next(each for each in json.loads(self.text())["steps"] if each["step"] == step)
        return found["fields"].get(target)

    def formula(self, step: str, target: str) -> str | None:
        held = self.mapping(step, target)
        formula = held["formula"] if isinstance(held, dict) else held
        return "\n".join(formula) if isinstance(formula, list) else formula

    def becomes(self, wanted: object, found: Callable[[], object]) -> None:
        """Waits until something is so, while the page goes on; fails with what it is."""
        end = time.monotonic() + WAIT / 1000
        while (held := found()) != wanted and time.monotonic() < end:
            self.page.wait_for_timeout(50)
        assert held == wanted, held


def draft_text(workspace: Path, flow: str) -> str | None:
    """The text of a stored draft."""
    path = workspace / ".studio" / "drafts.json"
    rows = json.loads(path.read_text(encoding="utf-8")).get("drafts", {}) if path.is_file() else {}
    return next((row["text"] for row in rows.values() if row["flow"] == flow), None)


def copy_of_flow(workspace: Path, name: str, change: Callable[[dict[str, Any]], None] | None = None) -> str:
    """Another flow in the workspace, as the shipped one but for a change."""
    source = workspace / "saved_mappings" / f"{FLOW}.json"
    target = workspace / "saved_mappings" / f"{name}.json"
    if change is None:
        shutil.copyfile(source, target)
        return name
    document = json.loads(source.read_text(encoding="utf-8"))
    change(document)
    target.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return name
