"""What scripts/pictures does: a trial is begun in a new workspace, and each page is photographed in light and dark."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--font-render-hinting=none"]
WAIT = 60_000  # milliseconds for the slowest page, on a busy machine


def main() -> None:
    """Write <page>-light.png and <page>-dark.png."""
    parser = argparse.ArgumentParser(prog="scripts/pictures", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "pictures", metavar="DIR")
    parser.add_argument("--language", default="en", help="en or sv; other than en is part of the file's name")
    parser.add_argument("--width", type=int, default=1440)
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        workspace.mkdir()
        (workspace / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
        (workspace / "saved_mappings").mkdir()
        call = [sys.executable, "-m", "studio", "--workspace", str(workspace), "--port", "0", "--no-browser"]
        with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                address = "http://" + process.stdout.readline().split("http://")[1].split()[0]
                with sync_playwright() as playwright:
                    path = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium")
                    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
                    _take(browser, address, asked)
                    browser.close()
            finally:
                process.terminate()
                process.wait(20)


def _take(browser: Browser, address: str, asked: argparse.Namespace) -> None:
    ending = "" if asked.language == "en" else f"-{asked.language}"
    flow = ""
    for theme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": asked.width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]
            locale={"en": "en-GB", "sv": "sv-SE"}[asked.language],
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.set_default_timeout(WAIT)
        if not flow:
            _go(page, address, ".st-key-way_trial")
            page.screenshot(path=asked.to / f"home-empty-{theme}{ending}.png")
            page.locator(".st-key-way_trial button").click()
            page.wait_for_url("**/mapping?**flow=**")
            flow = parse_qs(urlsplit(page.url).query)["flow"][0]
        places = {
            "home": ("/", ".st-key-home_verdict"),
            "flows": ("/flows", ".st-key-trial"),
            "systems": ("/systems", "[data-testid=stTextInput]"),
            "new-flow": ("/new-flow", ".st-key-moving_result .ms-row"),
            "mapping": (f"/mapping?flow={flow}&step=order&field=OrderDate", ".st-key-editor .cm-content"),
            "lookups": (f"/lookups?flow={flow}&lookup=payment_terms", "[data-testid=stDataFrame]"),
        }
        for name, (path, seen) in places.items():
            _go(page, address + path, seen)
            page.screenshot(path=asked.to / f"{name}-{theme}{ending}.png")
            print(f"{name}-{theme}{ending}.png", flush=True)
        context.close()


def _go(page: Page, address: str, seen: str) -> None:
    """Open a page and wait until it is drawn and stands still."""
    page.goto(address)
    page.locator(seen).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.locator("[data-testid=stSpinner]").wait_for(state="hidden")
    page.wait_for_timeout(1500)  # fonts, and the fading in of what was drawn last


if __name__ == "__main__":
    main()
