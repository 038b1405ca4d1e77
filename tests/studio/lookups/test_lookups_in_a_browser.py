"""The grid as a person uses it: typed by keyboard, saved at once, there after a reload; and what axe says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, expect

from engine.connectors.clock import SystemClock
from engine.design.drafts import Drafts
from engine.design.lookups import table_of
from engine.documents.workspace import Workspace
from tests.studio.conftest import running_studio
from tests.studio.lookups.conftest import FLOW, make_workspace, store_orders

expect.set_options(timeout=30_000)
TABLE = f"/lookups?flow={FLOW}&lookup="
ROW = 32  # pixels


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("browser") / "studio")
    store_orders(folder, FLOW)
    return folder


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    with running_studio(place) as found:
        yield found


def rows(place: Path, lookup: str) -> dict[str, object]:
    return dict(table_of(Drafts(Workspace(place), SystemClock()).open(FLOW).text, lookup).rows)


def settled(page: Page) -> None:
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def editing(page: Page, column: int, row: int) -> None:
    """Open a cell of the grid, which is a picture: by its place. Until the page lies still, a click may miss it."""
    grid, field = page.get_by_test_id("data-grid-canvas").first, page.locator(".gdg-input")
    grid.wait_for()
    for _attempt in range(8):
        box = grid.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 60 + column * 260, box["y"] + ROW * (row + 1) + ROW / 2)
        for key in ("", "Enter"):  # the line that makes a new row opens by itself
            if key:
                page.keyboard.press(key)
            with contextlib.suppress(TimeoutError):
                field.wait_for(timeout=1_500)
                return
    raise AssertionError("the cell does not open")


def typed(page: Page, text: str) -> None:
    """Type as a person does: the grid knows a key only when it has drawn it."""
    page.keyboard.type(text)
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    page.keyboard.press("Enter")


def test_what_is_typed_into_the_grid_is_saved_and_there_after_a_reload(page: Page, address: str, place: Path) -> None:
    page.goto(address + TABLE + "article_endings")
    expect(page.get_by_text("Counted in 2 stored records.")).to_be_visible()
    settled(page)
    editing(page, 1, 0)
    page.keyboard.press("Control+A")
    typed(page, "-TWENTYFIVE")
    expect(page.get_by_text("Runs use the published rows until this draft is published.")).to_be_visible()
    settled(page)

    assert rows(place, "article_endings") == {"25": "-TWENTYFIVE"}

    editing(page, 0, 1)  # the line below the last row makes a new one
    typed(page, "9")
    expect(page.get_by_text("2 rows")).to_be_visible()
    settled(page)
    assert rows(place, "article_endings") == {"25": "-TWENTYFIVE", "9": ""}

    page.reload()
    expect(page.get_by_text("2 rows")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()


def test_only_the_download_that_makes_formulas_harmless_is_offered(page: Page, address: str) -> None:
    page.goto(address + TABLE + "payment_terms")
    expect(page.get_by_text("Counted in 2 stored records.")).to_be_visible()
    settled(page)
    page.get_by_test_id("stDataFrame").hover()
    expect(page.get_by_role("button", name="Search: Rows of")).to_be_visible()

    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(1)
    expect(page.get_by_test_id("stDownloadButton")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, locale="en-GB", viewport={"width": 1024, "height": 1400})  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + TABLE + "payment_terms")
    expect(page.get_by_text("Counted in 2 stored records.")).to_be_visible()
    settled(page)
    found = Axe().run(page).response["violations"]
    context.close()

    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"][:4]]) for each in serious] == []
