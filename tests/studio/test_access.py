"""Nobody is kept out: axe finds nothing serious on any page, light or dark, and the keyboard alone gets everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.studio.mapping_in_use import EXAMPLES, FLOW, WAIT, Mapping

SERIOUS = ("serious", "critical")

IN_FOCUS = """(() => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
})()"""

# Streamlit's own, which a page cannot change: rule, a part of the element, and why it stands.
OF_STREAMLIT: list[tuple[str, str, str]] = []


def field(mapping: Mapping) -> None:
    mapping.open(FLOW, step="order", field="YourReference")
    mapping.type("customer.emial")
    expect(mapping.row("target", "YourReference")).to_have_attribute("data-status", "warning", timeout=WAIT)


def explained(mapping: Mapping) -> None:
    mapping.open(FLOW, step="order", field="Rows[].UnitPrice")
    expect(mapping.page.locator(".st-key-explain")).to_contain_text("Result", timeout=WAIT)


def settings(mapping: Mapping) -> None:
    mapping.open(FLOW, step="order")
    mapping.drawer("Settings")
    expect(mapping.page.locator("[class*=st-key-answers_]").first).to_be_visible(timeout=WAIT)


def examples(mapping: Mapping) -> None:
    mapping.open(FLOW, step="order")
    mapping.drawer(EXAMPLES)
    expect(mapping.page.get_by_text("as expected").first).to_be_visible(timeout=WAIT)


def values(mapping: Mapping) -> None:
    mapping.open(FLOW, step="order")
    mapping.drawer("Named values")
    expect(mapping.page.locator(".st-key-value_person_name")).to_be_visible(timeout=WAIT)


def step_form(mapping: Mapping) -> None:
    mapping.open(FLOW, step="order")
    mapping.button("Change").click()
    expect(mapping.page.locator(".st-key-step_form")).to_be_visible(timeout=WAIT)


def publishing(mapping: Mapping) -> None:
    field(mapping)
    mapping.button("Publish").first.click()
    expect(mapping.page.get_by_role("dialog", name="Publish")).to_contain_text("change", timeout=WAIT)


def at(path: str) -> Callable[[Mapping], None]:
    def go(mapping: Mapping) -> None:
        mapping.page.goto(mapping.studio + path)
        mapping.page.locator("[data-testid=stHeading]").first.wait_for()
        mapping.at_rest()

    return go


PLACES: dict[str, Callable[[Mapping], None]] = {
    "flows": at("/"),
    "systems": at("/systems"),
    "system": at("/systems?system=ccv-shop"),
    "new flow": at("/new-flow"),
    "lookups": at(f"/lookups?flow={FLOW}"),
    "running": at("/runs"),
    "binding": at(f"/runs?flow={FLOW}&binding=default"),
    **{
        f"binding, {part}": at(f"/runs?flow={FLOW}&binding=default&part={part}")
        for part in ("connections", "answers", "lookups", "checklist")
    },
    "records": at("/records"),
    "no such record": at("/records?record=99999"),
    "mapping": at("/mapping"),
    "no such flow": at("/mapping?flow=nowhere"),
    "field": field,
    "long explanation": explained,
    "settings": settings,
    "examples": examples,
    "values": values,
    "step": step_form,
    "publish": publishing,
}


@pytest.fixture(scope="module", params=["light", "dark"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """One window for all places."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        reduced_motion="reduce",
        color_scheme=request.param,
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing_serious(visitor: Page, studio: str, workspace: Path, place: str) -> None:
    PLACES[place](Mapping(visitor, studio, workspace))

    assert serious(visitor) == []


def serious(page: Page) -> list[str]:
    """What axe finds serious on this page, but for what is Streamlit's own."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
        if not any(each["id"] == rule and part in node["html"] for rule, part, _why in OF_STREAMLIT)
    ]


def test_the_keyboard_alone_opens_a_flow_and_maps_a_field(page: Page, studio: str, workspace: Path) -> None:
    mapping = Mapping(page, studio, workspace)
    mapping.flow = FLOW
    page.goto(f"{studio}/mapping")
    page.locator(f".st-key-open_{FLOW} button").wait_for()
    mapping.at_rest()

    def reach(wanted: str) -> None:
        for _times in range(80):
            page.keyboard.press("Tab")
            if page.evaluate(f"{IN_FOCUS}?.closest({wanted!r}) !== null"):
                return
        raise AssertionError(f"Tab does not come to {wanted}")

    reach(f".st-key-open_{FLOW} button")
    page.keyboard.press("Enter")
    mapping.loaded()
    reach(".pane.target .row")
    page.keyboard.type("Contact e-mail")
    expect(mapping.row("target", "ContactPersonEmail")).to_be_focused()
    page.keyboard.press("F2")
    expect(mapping.editor).to_be_focused(timeout=WAIT)
    page.keyboard.type("customer.email")

    mapping.becomes("customer.email", lambda: mapping.formula("customer", "ContactPersonEmail"))
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(mapping.row("target", "ContactPersonEmail")).to_be_focused()
