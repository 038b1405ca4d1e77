"""Home in a browser: whether anything needs somebody, each need with its way, every flow, the days, by itself anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.connectors.clock import SystemClock
from engine.design.people.rights import Role
from engine.formulas import Formulas
from engine.runs.ledger.sql import Transaction
from tests.design.home.stage import ORDERS, REFUSED, SIGN_IN, STOCK, Stage
from tests.studio.conftest import running_studio
from tests.studio.signed_in import SignedIn, with_password
from tests.studio.test_access import serious
from tests.studio.test_swedish import READ

expect.set_options(timeout=30_000)
EMPTIED = (
    "words",
    "payloads",
    "outcomes",
    "records",
    "hours",
    "runs",
    "causes",
    "pauses",
    "schedules",
    "audit",
    "tokens",
    "connections",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Formulas() as formulas:
        stage = Stage(tmp_path_factory.mktemp("home") / "workspace", formulas, ORDERS, STOCK, clock=SystemClock())
        yield stage
        stage.ledger.close()


@pytest.fixture(scope="module")
def studio(made: Stage) -> Iterator[str]:
    with running_studio(made.folder) as address:
        yield address


@pytest.fixture
def bare(made: Stage) -> Stage:
    """Nothing is connected and nothing has happened."""

    def empty(transaction: Transaction) -> None:
        for table in EMPTIED:
            transaction.connection.exec_driver_sql(f"DELETE FROM {table}")

    made.ledger.database.write(empty)
    return made


@pytest.fixture
def stage(bare: Stage) -> Stage:
    """Connected, with one flow that ran two minutes ago, served and backed up: all is well."""
    bare.connect()
    bare.run()
    bare.serve()
    bare.ledger.note("backed up", "anna", bare.clock.now())
    return bare


def spaced(text: str) -> re.Pattern[str]:
    """The text, whatever kind of blank stands between a currency and its amount."""
    return re.compile(r"\s".join(map(re.escape, text.split(" "))))


class Shown:
    """The page in one window."""

    def __init__(self, page: Page, studio: str) -> None:
        self.page, self.studio = page, studio
        page.set_default_timeout(30_000)

    def open(self, query: str = "") -> Shown:
        self.page.goto(f"{self.studio}/{query}")
        self.page.locator("[data-testid=stHeading]").first.wait_for()
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        return self

    def says(self, headline: str) -> None:
        expect(self.page.locator(".st-key-home_verdict")).to_contain_text(spaced(headline))


@pytest.fixture
def home(page: Page, studio: str) -> Shown:
    return Shown(page, studio)


def test_with_nothing_set_up_there_are_two_ways_in_and_no_verdict(bare: Stage, home: Shown) -> None:
    home.open()

    expect(home.page.get_by_role("button", name="Start the trial")).to_be_visible()
    expect(home.page.get_by_role("button", name="Connect a system")).to_be_visible()
    expect(home.page.locator(".st-key-home_verdict")).to_have_count(0)


def test_where_flows_have_run_a_lost_connection_is_told_instead_of_ways_in(stage: Stage, home: Shown) -> None:
    for name in ("ccv-shop", "eaccounting"):
        stage.ledger.remove_connection(name)
    home.open()

    home.says("2 things need somebody")
    expect(home.page.get_by_role("button", name="Connect CCV Shop")).to_be_visible()
    expect(home.page.get_by_role("button", name="Connect Visma eAccounting")).to_be_visible()
    expect(home.page.get_by_role("button", name="Start the trial")).to_have_count(0)


def test_where_nothing_runs_yet_the_way_leads_to_the_flows(bare: Stage, home: Shown) -> None:
    bare.connect("abicart")
    home.open()

    home.says("Nothing runs here yet")
    home.page.get_by_role("button", name="Flows").click()
    expect(home.page.get_by_role("heading", name="Flows", exact=True)).to_be_visible()


def test_all_well_is_said_in_one_line_with_what_arrived_and_what_runs_next(stage: Stage, home: Shown) -> None:
    stage.records("W-1", "W-2")
    home.open()

    home.says("Everything is well")
    expect(home.page.locator(".st-key-home_needs")).to_have_count(0)
    card = home.page.locator(f".st-key-flow_{ORDERS}_default")
    expect(card).to_contain_text("all well")
    expect(card).to_contain_text("Last run 2 minutes ago · every 5 minutes")
    expect(card).to_contain_text("next today")
    chart = home.page.get_by_role("img", name=re.compile("Records by day and outcome"))
    expect(chart).to_have_attribute("aria-label", "Records by day and outcome. In 14 days: 2 arrived.")
    home.page.get_by_text("As a table").click()
    expect(home.page.locator(".ms-table tbody tr").first.locator("td")).to_have_text(["2"])
    expect(home.page.locator(".st-key-home_coming")).to_contain_text("Orders from CCV Shop to eAccounting")
    expect(home.page.locator(".st-key-home_others")).to_contain_text("1 flow is not in use")


def test_what_did_not_arrive_is_told_in_the_words_and_money_of_the_business(stage: Stage, home: Shown) -> None:
    stage.records("W-4120", outcome="parked", ago=3 * 1440)
    stage.records("W-20", outcome="parked")
    stage.records("W-99", outcome="parked", currency="EUR", problem=REFUSED)
    home.open()

    home.says("2 things need somebody")
    home.says("3 orders did not arrive, €99.00 and SEK 4,140.00")
    card = home.page.locator(f".st-key-flow_{ORDERS}_default")
    expect(card).to_contain_text("needs somebody")
    expect(card).to_contain_text(spaced("3 orders did not arrive, €99.00 and SEK 4,140.00"))
    dearest = home.page.locator("[class*=st-key-need_records]").first
    expect(dearest).to_contain_text("The lookup «Terms» has no row for ‹later›")
    expect(dearest).to_contain_text(spaced("2 orders did not arrive · SEK 4,140.00 · for 3 days"))


def test_a_cause_leads_to_its_records_and_the_oldest_to_its_story(stage: Stage, home: Shown) -> None:
    stage.records("W-4120", outcome="parked", ago=1440)
    stage.records("W-99", outcome="parked", problem=REFUSED)
    home.open()
    home.page.locator("[class*=st-key-need_records]").first.get_by_role("button", name="Show them").click()

    expect(home.page.locator("[class*=st-key-open_record_] button")).to_have_text(["W-4120"])
    home.open()
    oldest = home.page.locator(".st-key-home_oldest")
    expect(oldest).to_contain_text("Not arrived for longest: W-4120, for 1 day")
    oldest.get_by_role("button", name="See what happened").click()
    expect(home.page.get_by_role("heading", name="W-4120")).to_be_visible()


def test_a_stopped_flow_stands_first_with_the_way_to_its_sign_in(stage: Stage, home: Shown) -> None:
    stage.records("W-1", outcome="parked")
    stage.stop(SIGN_IN)
    home.open()

    first = home.page.locator("[class*=st-key-need_]").first
    expect(first).to_contain_text("has expired, or is not accepted any more")
    expect(home.page.locator(f".st-key-flow_{ORDERS}_default")).to_contain_text("stopped")
    first.get_by_role("button", name="Sign in to Visma eAccounting").click()
    expect(home.page).to_have_url(re.compile("/systems\\?system=eaccounting"))


def test_paused_off_and_broken_flows_say_so(stage: Stage, home: Shown) -> None:
    stage.ledger.pause(ORDERS, "anna", "stock *taking*", stage.clock.now())
    stage.run(STOCK)
    file = stage.folder / "saved_mappings" / "broken.json"
    file.write_text('{"title": ', encoding="utf-8")
    try:
        home.open()

        card = home.page.locator(f".st-key-flow_{ORDERS}_default")
        expect(card).to_contain_text("paused")
        expect(card).to_contain_text("Paused by anna: stock *taking*")
        expect(home.page.locator(f".st-key-flow_{STOCK}_default")).to_contain_text("off")
        expect(home.page.locator(".st-key-flow_broken_default")).to_contain_text("cannot be used")
        expect(home.page.locator(".st-key-need_broken_broken_default")).to_contain_text("The flow cannot be used")
    finally:
        file.unlink()


def test_it_looks_again_by_itself_and_leaves_focus_and_place_as_they_are(stage: Stage, home: Shown) -> None:
    stage.records("W-1", outcome="parked")
    home.page.clock.install()
    home.open()
    home.says("1 order did not arrive, SEK 1.00")
    way = home.page.get_by_role("button", name="Show them")
    way.focus()
    stage.records("W-2", outcome="parked")

    home.page.clock.fast_forward("00:31")

    home.says("2 orders did not arrive, SEK 3.00")
    expect(way).to_be_focused()


def test_in_swedish_nothing_stays_english(stage: Stage, browser: Browser, studio: str) -> None:
    stage.records("W-1", "W-2", outcome="parked")
    stage.records("W-3", "W-4")
    context = browser.new_context(viewport={"width": 1024, "height": 900}, locale="sv-SE")
    shown = Shown(context.new_page(), studio).open()

    shown.says("En sak behöver någon")
    shown.says("2 ordrar kom inte fram, 3,00 kr")
    expect(shown.page.locator(f".st-key-flow_{ORDERS}_default")).to_contain_text(
        "Senaste körningen för 2 minuter sedan"
    )
    english = re.compile(r"\b(arrive|arrived|ago|flows?|runs?|nothing|needs|table|minutes)\b", re.IGNORECASE)
    assert [text for text in shown.page.evaluate(READ) if english.search(text)] == []
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 1024
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_where_much_needs_somebody(
    stage: Stage, browser: Browser, studio: str, scheme: Literal["light", "dark"]
) -> None:
    now = stage.clock.now()
    stage.records("W-4120", outcome="parked", ago=1440)
    stage.records("W-99", outcome="parked", problem=REFUSED)
    stage.records("W-3", outcome="created")
    stage.records("W-5", outcome="skipped")
    stage.records("W-6", outcome="unchanged")
    stage.records("W-7", outcome="waiting", state="waiting")
    stage.stop(SIGN_IN)
    stage.ledger.pause(STOCK, "anna", "", now - timedelta(days=3))
    context = browser.new_context(viewport={"width": 1024, "height": 900}, locale="en-GB", color_scheme=scheme)
    shown = Shown(context.new_page(), studio).open()
    shown.says("3 things need somebody")
    shown.page.get_by_text("As a table").click()
    expect(shown.page.locator(".ms-table")).to_be_visible()

    assert serious(shown.page) == []
    context.close()


def test_who_may_only_look_sees_what_needs_somebody_and_who_can_mend_it(tmp_path: Path, browser: Browser) -> None:
    with Formulas() as formulas:
        stage = Stage(tmp_path / "workspace", formulas, ORDERS, clock=SystemClock())
        stage.connect()
        stage.serve()
        stage.stop(SIGN_IN)
        stage.records("W-1", outcome="parked")
        stage.ledger.close()
    with_password(stage.folder)
    with running_studio(stage.folder) as studio:
        held = SignedIn(browser, studio, stage.folder, [])
        page = held.page_for(Role.LOOK)
        page.set_default_timeout(30_000)

        expect(page.locator(".st-key-home_verdict")).to_contain_text("2 things need somebody")
        sign_in = page.get_by_role("button", name="Sign in to Visma eAccounting")
        expect(sign_in).to_be_disabled()
        sign_in.hover(force=True)
        expect(page.get_by_text("Takes the role “administer”")).to_be_visible()
        expect(page.get_by_role("button", name="Show them")).to_be_enabled()
        held.opened[0].close()
