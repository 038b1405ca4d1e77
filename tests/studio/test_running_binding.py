"""One binding on the page Runs, with two customers' systems: what is changed is kept, and what is down is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger
from engine.runs.ledger.bindings import StoredBinding
from tests.bindings.conftest import CONNECTIONS, SECOND
from tests.bindings.customers import Customers, two_customers
from tests.studio.conftest import running_studio

expect.set_options(timeout=30_000)
SERIOUS = ("serious", "critical")
ORDERS = "ccv-orders-to-eaccounting"
SAVED = "Saved. Runs use it from now on."


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customers]:
    with two_customers(tmp_path_factory.mktemp("customers")) as both:
        yield both


@pytest.fixture(scope="module")
def workspace(customers: Customers) -> Path:
    return customers.workspace


@pytest.fixture(scope="module")
def studio(workspace: Path) -> Iterator[str]:
    with running_studio(workspace) as address:
        yield address


class Bindings:
    """A binding in one window, and what is kept of it."""

    def __init__(self, page: Page, studio: str, workspace: Path) -> None:
        self.page, self.studio, self.workspace = page, studio, workspace
        page.set_default_timeout(30_000)

    def open(self, binding: str = SECOND, part: str = "") -> Page:
        self.page.goto(f"{self.studio}/runs?flow={ORDERS}&binding={binding}&part={part}")
        self.page.get_by_role("heading", name="Orders from CCV Shop").wait_for()
        self.at_rest()
        return self.page

    def at_rest(self) -> None:
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def save(self) -> None:
        self.press("Save")
        expect(self.page.get_by_text(SAVED)).to_be_visible()

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def kept(self, binding: str = SECOND) -> StoredBinding:
        held = self.maybe(binding)
        assert held is not None
        return held

    def maybe(self, binding: str = SECOND) -> StoredBinding | None:
        with Ledger.open(Workspace(self.workspace).ledger_path) as ledger:
            return ledger.binding(ORDERS, binding)


@pytest.fixture
def bindings(page: Page, studio: str, workspace: Path, customers: Customers) -> Iterator[Bindings]:
    """The second customer's binding, as new for each test."""
    customers.bind(title="Customer B", is_on=False, answers={}, lookups={}, schedules=None)
    yield Bindings(page, studio, workspace)
    with customers.ledger() as ledger:
        for held in ledger.bindings(ORDERS):
            ledger.remove_binding(ORDERS, held.name)


def test_a_new_binding_opens_at_once_and_begins_switched_off(bindings: Bindings) -> None:
    page = bindings.open("default")
    page.get_by_role("button", name="New binding").click()
    page.get_by_role("textbox", name="Title").fill("Customer C")
    page.get_by_role("textbox", name="Short name").fill("customer_c")
    bindings.press("Make it")

    expect(page.get_by_text("Visma eAccounting · Customer C")).to_be_visible()
    expect(page.locator(".st-key-binding_state")).to_contain_text("off")
    kept = bindings.kept("customer_c")
    assert (kept.title, kept.is_on) == ("Customer C", False)


def test_an_answer_counts_for_this_binding_and_is_given_back(bindings: Bindings) -> None:
    page = bindings.open(part="answers")
    page.get_by_text("Only paid orders").click()
    expect(page.get_by_text("Not saved yet: 1 answer")).to_be_visible()
    bindings.save()
    assert bindings.kept().answers == {"only_paid": False}

    page.get_by_role("button", name="As the flow says").click()
    expect(page.get_by_text("Not saved yet: 1 answer")).to_be_visible()
    bindings.save()
    assert bindings.kept().answers == {}


def test_another_connection_is_chosen(bindings: Bindings) -> None:
    bindings.open(part="connections")
    bindings.choose("CCV Shop", "ccv-shop")
    bindings.save()

    assert bindings.kept().connections == {"eaccounting": CONNECTIONS["eaccounting"]}


def test_a_row_of_a_lookup_is_another_here(bindings: Bindings) -> None:
    page = bindings.open(part="lookups")
    page.get_by_text("Payment terms by payment method").click()
    grid = page.locator("[data-testid=stDataFrame] .dvn-scroller").first
    grid.click(position={"x": 600, "y": 48})  # the cell "Here" of the first row
    expect(page.get_by_test_id("glide-cell-1-0").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.locator("textarea.gdg-input").fill("Pin")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not saved yet: 1 row")).to_be_visible()
    bindings.save()

    assert bindings.kept().lookups == {"payment_terms": {"sandboxpay_ideal": "Pin"}}


def test_the_list_is_asked_for_and_ticked_off_with_who_and_when(bindings: Bindings) -> None:
    page = bindings.open(part="checklist")
    bindings.press("Check now")
    line = page.locator(".st-key-check_currency")
    expect(page.get_by_text("The first run may begin. 2 lines are for you to look at.")).to_be_visible()
    line.get_by_role("button", name="Tick it off").click()

    expect(line).to_contain_text("Ticked off by")
    expect(page.get_by_text("1 line is for you to look at.")).to_be_visible()
    page.reload()
    bindings.press("Check now")
    expect(line).to_contain_text("looked at")
    expect(line).to_contain_text("Ticked off by")


def test_a_system_that_is_down_is_told_and_the_page_goes_on(bindings: Bindings, customers: Customers) -> None:
    with customers.ledger() as ledger:
        stored = ledger.connection("ccv-shop")
        assert stored is not None
        dead = {**stored.answers, "shop_address": "http://127.0.0.1:9"}
        ledger.save_connection("shop_dead", "ccv-shop", dead, ["secret"], "127.0.0.1", True, stored.saved_at)
    customers.bind(connections={"ccv-shop": "shop_dead", "eaccounting": "books_b"})
    page = bindings.open(part="checklist")
    bindings.press("Check now")

    expect(page.get_by_role("alert").first).to_contain_text("CCV Shop")
    page.get_by_text("Answers", exact=True).click()
    expect(page.get_by_text("Only paid orders")).to_be_visible()


def test_a_binding_is_downloaded_removed_and_read_again(
    bindings: Bindings, tmp_path: Path, customers: Customers
) -> None:
    customers.bind(answers={"only_paid": False})
    page = bindings.open()
    with page.expect_download() as coming:
        bindings.press("Download this binding")
    file = tmp_path / "binding.json"
    coming.value.save_as(file)
    assert not [secret for secret in customers.secrets() if secret in file.read_text()]
    page.get_by_role("button", name="Remove this binding").click()
    bindings.press("Remove it")
    expect(page.locator(f".st-key-running_{ORDERS}")).to_be_visible()
    assert bindings.maybe() is None

    page.get_by_role("button", name="Read bindings from a file").click()
    page.locator("input[type=file]").set_input_files(file)
    bindings.press("Read it")
    expect(page.get_by_text("1 binding was taken over")).to_be_visible()
    assert bindings.kept().answers == {"only_paid": False}
    assert json.loads(file.read_text())


def test_back_in_the_browser_leads_to_where_one_was(bindings: Bindings) -> None:
    page = bindings.page
    page.goto(f"{bindings.studio}/runs")
    page.get_by_role("heading", name="Runs").wait_for()
    bindings.at_rest()
    opening = page.locator(f".st-key-open_{ORDERS}_{SECOND} button").first
    opening.click()
    page.get_by_text("Answers", exact=True).click()
    expect(page.get_by_text("Only paid orders")).to_be_visible()
    page.go_back()
    expect(page.locator(".st-key-schedule_meaning")).to_be_visible()
    page.go_back()

    expect(page.locator(f".st-key-running_{ORDERS}")).to_be_visible()


def test_the_keyboard_alone_changes_an_answer_and_saves_it(bindings: Bindings) -> None:
    page = bindings.open(part="answers")
    expect(page.get_by_text("Only paid orders")).to_be_visible()
    reach(page, "[role=switch], input[type=checkbox]", "Only paid orders")
    page.keyboard.press("Space")
    expect(page.get_by_text("Not saved yet: 1 answer")).to_be_visible()
    reach(page, "button", "Save", back=True)
    page.keyboard.press("Enter")

    expect(page.get_by_text(SAVED)).to_be_visible()
    assert bindings.kept().answers == {"only_paid": False}


def reach(page: Page, kind: str, name: str, *, back: bool = False) -> None:
    """Press Tab until the focus is on this control."""
    wanted = """([kind, name]) => {
        const held = document.activeElement;
        const said = held.getAttribute("aria-label") ?? (held.closest("label") ?? held).innerText;
        return held.matches(kind) && said.endsWith(name);
    }"""
    for _times in range(80):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate(wanted, [kind, name]):
            return
    raise AssertionError(f"Tab does not come to {name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_was_asked_of_the_systems(bindings: Bindings, scheme: str) -> None:
    bindings.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = bindings.open(part="checklist")
    bindings.press("Check now")
    page.get_by_role("button", name="Tick it off").first.wait_for()
    bindings.at_rest()

    found = Axe().run(page).response["violations"]
    told = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in SERIOUS]
    assert told == []
