"""What is done to the studio on purpose: foreign pages, broken files, names that would be markup."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.studio.conftest import ROOT, workspace_in

HOSTILE = '<img src=x onerror="document.title=1"> **bold** $x^2$ :red[red] [link](javascript:alert(1)) `code`'
TURNING = "Orders \u202eturned"  # a mark that turns the direction of what follows, and never back
SHIPPED = ROOT / "saved_mappings" / "ccv-orders-to-eaccounting.json"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which most files are broken or hostile, and one flow is well."""
    folder = workspace_in(tmp_path_factory.mktemp("workspace") / "attacked")
    flows = folder / "saved_mappings"
    (flows / "no-json.json").write_text('{"title": "x",,}', encoding="utf-8")
    (flows / "list.json").write_text("[]", encoding="utf-8")
    (flows / "a:b.json").write_text("{}", encoding="utf-8")
    _flow(flows / "no-flow.json", lambda flow: flow.update(surprise=1))
    _flow(flows / "hostile.json", _hostile)
    _flow(flows / "turning.json", lambda flow: flow.update(title=TURNING))
    _flow(flows / "long.json", lambda flow: flow.update(title="W" * 10_000))
    return folder


def _flow(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    flow = json.loads(SHIPPED.read_text(encoding="utf-8"))
    change(flow)
    path.write_text(json.dumps(flow), encoding="utf-8")


def _hostile(flow: dict[str, Any]) -> None:
    flow["title"] = HOSTILE
    for step in flow["steps"]:
        step["title"] = HOSTILE
    for lookup in flow["lookups"].values():
        lookup["title"] = lookup["help"] = HOSTILE


# --- other pages and other names


def answer(studio: str, host: str) -> tuple[int, dict[str, str]]:
    """Status and headers of the first page, asked for by this name."""
    place = urlsplit(studio)
    talk = http.client.HTTPConnection(str(place.hostname), place.port, timeout=20)
    try:
        talk.request("GET", "/", headers={"Host": host.format(port=place.port)})
        told = talk.getresponse()
        return told.status, {name.lower(): value for name, value in told.getheaders()}
    finally:
        talk.close()


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}"])
def test_the_studio_answers_to_this_machine_and_cannot_be_laid_under_another_page(studio: str, host: str) -> None:
    status, headers = answer(studio, host)

    assert status == 200
    assert headers["content-security-policy"] == "frame-ancestors 'self'"


@pytest.mark.parametrize("host", ["elsewhere.example:{port}", "127.0.0.1.elsewhere.example", "[", ""])
def test_a_name_that_was_given_our_address_is_turned_away(studio: str, host: str) -> None:
    assert answer(studio, host)[0] == 403


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        ("http://127.0.0.1:{port}", True),
        ("http://elsewhere.example", False),
        ("http://localhost:1", False),  # another program's page on this machine
        ("http://127.0.0.1.elsewhere.example:{port}", False),
        ("null", False),
    ],
)
def test_only_our_own_page_may_open_a_websocket(studio: str, origin: str, is_let_in: bool) -> None:
    place = urlsplit(studio)

    async def opened() -> bool:
        address = f"ws://{place.netloc}/_stcore/stream"
        try:
            async with connect(address, origin=origin.format(port=place.port), subprotocols=["streamlit"]):  # type: ignore[arg-type,list-item]
                return True
        except InvalidStatus as refused:
            assert refused.response.status_code == 403
            return False

    with ThreadPoolExecutor(1) as pool:  # this thread may have the browser's loop
        assert pool.submit(lambda: asyncio.run(opened())).result() is is_let_in


# --- broken files and hostile names


def card(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(f'[class*="st-key-flow_{name}"]')


def test_a_broken_flow_says_what_and_where_and_the_rest_works(open_page: Callable[[str], Page]) -> None:
    page = open_page("/flows")

    cards = page.locator("[class*=st-key-flow_], [class*=st-key-broken_flow_]")
    broken = {name: cards.filter(has_text=f"saved_mappings/{name}.json") for name in ("no-json", "no-flow", "list")}
    expect(broken["no-json"]).to_contain_text("it is not valid JSON")
    expect(broken["no-json"]).to_contain_text("saved_mappings/no-json.json, line 1, column 15")
    expect(broken["no-flow"]).to_contain_text("unknown key")
    expect(broken["list"]).to_contain_text("a flow is an object")
    well = card(page, "ccv-orders-to-eaccounting")
    expect(well.get_by_text("Error")).to_have_count(0)
    well.get_by_role("button", name="Open").click()
    expect(page.locator('.pane.target .row[data-id="Name"]')).to_be_visible()


def test_the_same_flows_are_listed_on_both_pages_those_that_cannot_be_used_too(
    open_page: Callable[[str], Page], workspace: Path
) -> None:
    many = len(list((workspace / "saved_mappings").iterdir()))
    for path in ("/flows", "/mapping"):
        page = open_page(path)

        expect(page.get_by_text("its name cannot be that of a flow")).to_have_count(1)
        expect(page.get_by_text("saved_mappings/a:b.json")).to_have_count(1)
        expect(page.get_by_text("saved_mappings/no-json.json, line 1, column 15")).to_have_count(1)
        expect(page.get_by_role("button", name="Open", exact=True)).to_have_count(many - 3)  # no-flow can be mended


def test_hostile_names_are_shown_as_they_are_written(open_page: Callable[[str], Page]) -> None:
    for path in ("/", "/flows", "/mapping?flow=hostile", "/lookups?flow=hostile"):
        page = open_page(path)
        if path == "/":
            page.get_by_text("flows are not in use").click()
        expect(page.get_by_text(HOSTILE).first).to_be_visible()
        assert page.locator('img[src="x"]').count() == 0
        assert page.title().endswith("Mapping Studio")


def test_a_name_that_turns_the_direction_turns_nothing_else(open_page: Callable[[str], Page]) -> None:
    page = open_page("/flows")
    title = card(page, "turning").locator("strong").bounding_box()
    badge = card(page, "turning").get_by_text("As in its file").bounding_box()

    assert title is not None and badge is not None
    assert badge["x"] >= title["x"] + title["width"] - 1


def test_a_very_long_name_is_shortened(open_page: Callable[[str], Page]) -> None:
    box = card(open_page("/flows"), "long").bounding_box()

    assert box is not None and box["height"] < 200


def test_a_wrong_answer_in_a_new_flow_can_be_mended(open_page: Callable[[str], Page]) -> None:
    page = open_page("/new-flow")
    answer_box = page.get_by_role("textbox", name="From which date")
    make = page.get_by_role("button", name="Make the flow")

    answer_box.fill("yesterday")
    answer_box.press("Enter")

    expect(page.get_by_text("From which date” does not have the form")).to_be_visible()
    expect(make).to_be_disabled()
    expect(page.locator(".st-key-moving_result")).to_contain_text("SHIPPING")

    answer_box.fill("2026-01-31")
    answer_box.press("Enter")

    expect(make).to_be_enabled()


# --- the workspace for trying


def test_what_is_published_in_the_trial_stays_in_the_trial(tmp_path: Path) -> None:
    home = tmp_path / "clone"
    home.mkdir()
    for name in ("scripts", "saved_mappings", "connector_specs"):
        shutil.copytree(ROOT / name, home / name)
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]; import try_it; try_it._make_workspace(); "
        "try_it._make_workspace(); print(try_it.TRIAL)"
    )
    (home / ".trial").mkdir()
    (home / ".trial" / "saved_mappings").symlink_to("../saved_mappings")  # as it was made before
    done = subprocess.run(
        [sys.executable, "-c", code, str(home / "scripts"), str(ROOT)], capture_output=True, text=True, check=True
    )
    flows = Path(done.stdout.strip()) / "saved_mappings"

    (flows / "tried.json").write_text("{}", encoding="utf-8")

    assert (flows / SHIPPED.name).read_bytes() == SHIPPED.read_bytes()
    assert (flows / SHIPPED.name).is_symlink()
    assert not (home / "saved_mappings" / "tried.json").exists()
