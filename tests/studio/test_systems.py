"""The page of systems in a real browser, against real stand-ins: connect, sign in, and be told what is wrong."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.studio.conftest import ROOT

HOSTILE = '<img src=x onerror="document.title=1"> **bold** :red[x] \u202eesrever'


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    clock = Clock()
    shop, books = CcvShop(clock, seed=7, orders=40), EAccounting(clock, seed=7, orders=40)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as served:
        yield served


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With connectors of its own, which a test may break."""
    folder = tmp_path_factory.mktemp("systems")
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(autouse=True)
def nothing_connected(workspace: Path) -> None:
    with Ledger.open(workspace / ".studio" / "ledger.sqlite") as ledger:
        for stored in ledger.connections():
            ledger.remove_connection(stored.name)


@pytest.fixture
def typed(serving: Serving) -> Callable[[str], dict[str, Any]]:
    return lambda name: dict(serving.system(name).credentials(serving.addresses[name]))


def settled(page: Page) -> None:
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Enter")
    settled(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).first.click()


def fill_shop(page: Page, answers: dict[str, Any]) -> None:
    fill(page, "Address of the shop", answers["shop_address"])
    page.get_by_text("This is a sandbox on this machine").click()
    fill(page, "Public key", answers["public_key"])
    fill(page, "Secret key", answers["secret"])


def fill_books(page: Page, answers: dict[str, Any]) -> None:
    fill(page, "Client id", answers["client_id"])
    fill(page, "Client secret", answers["client_secret"])
    page.get_by_text("Seldom changed").click()
    fill(page, "Address of the API", answers["api_address"])
    fill(page, "Address of the sign-in", answers["identity_address"])
    page.get_by_text("This is a sandbox on this machine").click()
    settled(page)


def connected(workspace: Path) -> list[str]:
    with Ledger.open(workspace / ".studio" / "ledger.sqlite") as ledger:
        return [stored.name for stored in ledger.connections()]


def serious(page: Page) -> list[tuple[str, Any]]:
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]


def test_the_catalogue_is_searched_by_name_and_role(open_page: Callable[[str], Page]) -> None:
    page = open_page("/systems")
    shop, books = page.get_by_text("CCV Shop"), page.get_by_text("Visma eAccounting")
    expect(shop).to_be_visible()
    expect(page.get_by_text("parts documented").first).to_be_visible()

    page.get_by_label("Search").fill("visma")
    expect(shop).to_be_hidden()
    expect(books).to_be_visible()
    page.get_by_label("Search").fill("nobody")
    expect(page.get_by_text("No system fits this search.")).to_be_visible()
    page.get_by_label("Search").fill("")
    page.get_by_role("button", name="Web shop").click()
    expect(books).to_be_hidden()
    expect(shop).to_be_visible()


def test_the_place_is_in_the_address(open_page: Callable[[str], Page]) -> None:
    page = open_page("/systems")
    page.locator(".st-key-system_ccv-shop").get_by_role("button").click()
    expect(page.get_by_label("Public key")).to_be_visible()
    assert page.url.endswith("/systems?system=ccv-shop")

    page.reload()
    expect(page.get_by_label("Public key")).to_be_visible()
    page.get_by_role("button", name="All systems").click()
    expect(page.get_by_label("Search")).to_be_visible()
    assert page.url.endswith("/systems")


def test_a_shop_is_tested_then_connected_and_its_secret_does_not_come_back(
    open_page: Callable[[str], Page], workspace: Path, typed: Callable[[str], dict[str, Any]]
) -> None:
    page, answers = open_page("/systems?system=ccv-shop"), typed("ccv-shop")
    fill_shop(page, answers)

    press(page, "Test it")
    expect(page.get_by_text("It is “De Verzonnen Winkel”.")).to_be_visible()
    assert connected(workspace) == []
    press(page, "Connect")
    expect(page.get_by_placeholder("kept; type to replace")).to_be_visible()
    assert connected(workspace) == ["ccv-shop"]

    secrets: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: secrets.append(str(frame))))
    page.reload()
    settled(page)
    expect(page.get_by_placeholder("kept; type to replace")).to_be_visible()
    assert page.get_by_label("Secret key", exact=True).input_value() == ""
    assert secrets and not any(answers["secret"] in frame for frame in secrets)
    press(page, "Test it")
    expect(page.get_by_text("It is “De Verzonnen Winkel”.")).to_be_visible()


def test_what_is_wrong_stands_at_its_question_and_nothing_is_kept(
    open_page: Callable[[str], Page], workspace: Path, typed: Callable[[str], dict[str, Any]]
) -> None:
    page = open_page("/systems?system=ccv-shop")
    fill(page, "Address of the shop", "my shop")
    press(page, "Test it")
    expect(page.get_by_text("“Address of the shop” is no address")).to_be_visible()
    expect(page.get_by_text("An answer is needed.")).to_have_count(2)

    fill_shop(page, {**typed("ccv-shop"), "secret": "not-the-secret"})
    press(page, "Connect")
    expect(page.get_by_text("it does not accept “Public key” or “Secret key”")).to_be_visible()
    row = page.locator("[class*='st-key-question_ccv-shop_'][class*='_row_secret']")
    expect(row.get_by_text("This answer did not work.")).to_be_visible()
    assert connected(workspace) == []
    press(page, "Keep these answers all the same")
    expect(page.get_by_placeholder("kept; type to replace")).to_be_visible()
    assert connected(workspace) == ["ccv-shop"]


def test_a_kept_secret_must_be_typed_again_for_another_address(
    open_page: Callable[[str], Page], typed: Callable[[str], dict[str, Any]]
) -> None:
    page = open_page("/systems?system=ccv-shop")
    fill_shop(page, typed("ccv-shop"))
    press(page, "Connect")
    expect(page.get_by_placeholder("kept; type to replace")).to_be_visible()

    fill(page, "Address of the shop", "https://elsewhere.example")
    press(page, "Test it")

    expect(page.get_by_text("An answer is needed.")).to_be_visible()
    expect(page.get_by_placeholder("kept; type to replace")).to_be_hidden()


def test_a_company_is_signed_in_to_through_the_browser(
    open_page: Callable[[str], Page], workspace: Path, typed: Callable[[str], dict[str, Any]]
) -> None:
    page = open_page("/systems?system=eaccounting")
    fill_books(page, typed("eaccounting"))
    expect(page.get_by_text("/oauth2/callback")).to_be_visible()

    press(page, "Sign in")
    page.get_by_role("button", name="Allow").click()

    expect(page.get_by_text("It is “Voorbeeldwinkel De Linde B.V.”.")).to_be_visible()
    assert "system=eaccounting" in page.url and "said=connected" in page.url
    assert "code=" not in page.url and "state=" not in page.url
    assert connected(workspace) == ["eaccounting"]
    page.reload()
    expect(page.get_by_text("It is “Voorbeeldwinkel De Linde B.V.”.")).to_be_visible()
    press(page, "All systems")
    expect(page.locator(".st-key-system_eaccounting").get_by_text("Connected")).to_be_visible()


def test_who_denies_is_told_and_nothing_is_kept(
    open_page: Callable[[str], Page], workspace: Path, typed: Callable[[str], dict[str, Any]]
) -> None:
    page = open_page("/systems?system=eaccounting")
    fill_books(page, typed("eaccounting"))

    press(page, "Test it")
    expect(page.get_by_text("nobody has signed in yet")).to_be_visible()
    press(page, "Sign in")
    page.get_by_role("button", name="Deny").click()

    expect(page.get_by_text("consent was not given; nothing was changed")).to_be_visible()
    assert connected(workspace) == []


def test_a_forged_way_back_is_refused(open_page: Callable[[str], Page], workspace: Path) -> None:
    page = open_page("/oauth2/callback?code=stolen&state=forged")

    expect(page.get_by_text("does not come from here")).to_be_visible()
    assert connected(workspace) == []


def test_disconnecting_asks_first_and_names_the_flows(
    open_page: Callable[[str], Page], workspace: Path, typed: Callable[[str], dict[str, Any]]
) -> None:
    page = open_page("/systems?system=ccv-shop")
    fill_shop(page, typed("ccv-shop"))
    press(page, "Connect")
    expect(page.get_by_placeholder("kept; type to replace")).to_be_visible()

    press(page, "Disconnect …")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("ccv-orders-to-eaccounting")).to_be_visible()
    dialog.get_by_role("button", name="Stay connected").click()
    expect(dialog).to_be_hidden()
    assert connected(workspace) == ["ccv-shop"]
    press(page, "Disconnect …")
    dialog.get_by_role("button", name="Disconnect", exact=True).click()

    expect(page.get_by_text("Not connected")).to_be_visible()
    assert connected(workspace) == []
    assert page.get_by_label("Public key").input_value() == ""


@pytest.fixture
def odd(workspace: Path) -> Iterator[Path]:
    """Two systems more: one whose file is broken, one that says hostile things."""
    source = workspace / "connector_specs" / "ccv-shop"
    for name in ("broken", "hostile"):
        shutil.copytree(source, workspace / "connector_specs" / name)
    file = workspace / "connector_specs" / "broken" / "connector.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"roles"', '"rolls"', 1), encoding="utf-8")
    file = workspace / "connector_specs" / "hostile" / "connector.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    document["title"] = document["questions"]["properties"]["secret"]["title"] = HOSTILE
    for about in document["questions"]["properties"].values():
        about["description"] = HOSTILE
        about["x-where"] = [HOSTILE, HOSTILE]
    document["evidence"][0]["note"] = HOSTILE
    file.write_text(json.dumps(document), encoding="utf-8")
    yield workspace
    for name in ("broken", "hostile"):
        shutil.rmtree(workspace / "connector_specs" / name)


def test_a_broken_file_says_what_and_where_and_the_rest_works(open_page: Callable[[str], Page], odd: Path) -> None:
    page = open_page("/systems")
    expect(page.get_by_text("Cannot be used")).to_be_visible()
    expect(page.locator(".st-key-system_ccv-shop")).to_be_visible()

    page.locator(".st-key-system_broken").get_by_role("button").click()

    expect(page.get_by_text("has an unknown key `rolls`")).to_be_visible()
    expect(page.get_by_text("connector_specs/broken/connector.json:").first).to_be_visible()


def test_a_connection_whose_system_is_gone_can_be_let_go(open_page: Callable[[str], Page], workspace: Path) -> None:
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        ledger.save_connection("gone", "gone", {"key": "k"}, ["key"], "gone.example", False, datetime.now(UTC))
    page = open_page("/systems")
    page.locator(".st-key-system_gone").get_by_role("button").click()
    expect(page.get_by_text("the description of this system is gone")).to_be_visible()

    press(page, "Disconnect …")
    page.get_by_role("dialog").get_by_role("button", name="Disconnect", exact=True).click()

    expect(page.get_by_role("dialog")).to_be_hidden()
    assert "gone" not in connected(workspace)


def test_hostile_words_are_shown_as_words(open_page: Callable[[str], Page], odd: Path) -> None:
    page = open_page("/systems")
    expect(page.locator(".st-key-system_hostile").get_by_text("<img src=x onerror=")).to_be_visible()

    page.locator(".st-key-system_hostile").get_by_role("button").click()

    expect(page.get_by_text("**bold** :red[x]").first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert page.title() != "1"


def test_a_system_that_is_not_there_is_said(open_page: Callable[[str], Page]) -> None:
    expect(open_page("/systems?system=ccv-shap").get_by_text("Did you mean 'ccv-shop'?")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/systems", "/systems?system=eaccounting"])
def test_the_page_has_no_serious_fault_of_access(browser: Browser, studio: str, scheme: Any, path: str) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme=scheme, locale="en-GB", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(studio + path)
    page.get_by_text("documented").first.wait_for()
    settled(page)
    expect(page.locator("[data-stale=true]")).to_have_count(0)  # what is drawn anew is faint for a moment

    assert serious(page) == []
    context.close()
