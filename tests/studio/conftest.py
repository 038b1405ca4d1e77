"""A real Chromium, and a real studio over a workspace of its own, for the tests of the screen."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.studio.mapping_in_use import Mapping
from tests.studio.signed_in import SignedIn, with_password
from tests.studio.watching import watched

ROOT = Path(__file__).parents[2]
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --font-render-hinting=none"
).split()


def chromium() -> str:
    """The browser of this machine; STUDIO_CHROMIUM names another."""
    found = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("No Chromium was found: on Debian and Ubuntu `apt install chromium`, or set STUDIO_CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        opened.new_context = watched(opened.new_context)  # type: ignore[method-assign]
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor, who reads English and wants no motion."""
    opened = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
    )
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail."""
    failures: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    assert failures == []


@contextlib.contextmanager
def studio_process(workspace: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`python -m studio` over this folder: its address, and its process, which whoever asks for it ends."""
    call = [sys.executable, "-m", "studio", "--workspace", str(workspace), "--port", str(port), "--no-browser"]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://" in line, f"the studio did not start: {line!r}"
            yield "http://" + line.split("http://")[1].split()[0], process
        finally:
            process.kill()
            process.wait(15)
            print(process.stdout.read() if process.stdout is not None else "")  # what it said is looked through


@contextlib.contextmanager
def running_studio(workspace: Path, port: int = 0) -> Iterator[str]:
    """A studio; its address."""
    with studio_process(workspace, port) as (address, process):
        try:
            yield address
        finally:
            process.terminate()
            process.wait(15)


@contextlib.contextmanager
def killable_studio(workspace: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A studio, its address, and what ends it without a word."""
    with studio_process(workspace) as (address, process):
        yield address, process.kill


def workspace_in(folder: Path) -> Path:
    """A workspace with the connectors of the repository and a copy of its flows, and nothing connected."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    shutil.copytree(ROOT / "saved_mappings", folder / "saved_mappings")
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a module's studio."""
    return workspace_in(tmp_path_factory.mktemp("workspace") / "studio")


@pytest.fixture(scope="module")
def studio(workspace: Path) -> Iterator[str]:
    """The address of a studio that all tests of a module share."""
    with running_studio(workspace) as address:
        yield address


@pytest.fixture
def mapping(page: Page, studio: str, workspace: Path) -> Mapping:
    """The mapping page in a browser."""
    return Mapping(page, studio, workspace)


@pytest.fixture
def open_page(page: Page, studio: str) -> Callable[[str], Page]:
    """Go to a path of the studio."""

    def go(path: str) -> Page:
        page.goto(studio + path)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        return page

    return go


@pytest.fixture(scope="module")
def guarded_studio(workspace: Path) -> Iterator[str]:
    """The address of a studio that asks for a sign-in; over the workspace of the module, which may be filled before."""
    with_password(workspace)
    with running_studio(workspace) as address:
        yield address


@pytest.fixture
def signed_in(browser: Browser, guarded_studio: str, workspace: Path) -> Iterator[SignedIn]:
    """Pages of people who have signed in to that studio: `signed_in.page_for(Role.LOOK, "/records")`."""
    opened: list[BrowserContext] = []
    yield SignedIn(browser, guarded_studio, workspace, opened)
    for context in opened:
        context.close()
