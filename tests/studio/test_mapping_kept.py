"""What was done just before a page was left is not lost: by a reload, a closed tab, a studio that is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.studio.conftest import killable_studio, running_studio
from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow

NAMES = "Object.keys(localStorage).filter((name) => name.startsWith('mapping-studio.kept'))"
LONG_AGO = """for (const name of NAMES) {
  const items = JSON.parse(localStorage.getItem(name)).map((each) => ({ ...each, at: each.at - 60000 }));
  localStorage.setItem(name, JSON.stringify(items));
}""".replace("NAMES", NAMES)


@pytest.fixture
def second(browser_of_another: BrowserContext, studio: str, workspace: Path) -> Iterator[Mapping]:
    yield Mapping(browser_of_another.new_page(), studio, workspace)


@pytest.fixture
def browser_of_another(context: BrowserContext) -> Iterator[BrowserContext]:
    """Somebody else's browser, which keeps nothing of ours."""
    assert context.browser is not None
    opened = context.browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield opened
    opened.close()


def nothing_kept(mapping: Mapping) -> None:
    mapping.becomes(0, lambda: mapping.page.evaluate(f"{NAMES}.length"))


def silence(mapping: Mapping) -> list[bool]:
    """From the moment that the list holds something, nothing that the browser says arrives."""
    is_silent: list[bool] = []

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(lambda message: None if is_silent else server.send(message))

    mapping.page.route_web_socket("**/_stcore/stream", between)
    return is_silent


def come_back(mapping: Mapping, is_silent: list[bool]) -> None:
    """Leave the page while nothing arrives, not even what it says at the last moment, and open it again."""
    address = mapping.page.url
    mapping.page.goto("about:blank")
    is_silent.clear()
    mapping.page.goto(address)


def test_letters_typed_just_before_a_reload_are_in_the_draft(mapping: Mapping) -> None:
    is_silent = silence(mapping)
    mapping.open(copy_of_flow(mapping.workspace, "reloaded-at-once"), step="order", field="YourReference")
    is_silent.append(True)
    mapping.type("customer.email & 'last'")
    come_back(mapping, is_silent)

    mapping.becomes("customer.email & 'last'", lambda: mapping.formula("order", "YourReference"))
    mapping.loaded()
    expect(mapping.editor).to_have_text("customer.email & 'last'", timeout=WAIT)
    nothing_kept(mapping)


def test_what_was_typed_while_offline_outlives_the_closing_of_the_tab(
    mapping: Mapping, context: BrowserContext
) -> None:
    is_silent = silence(mapping)
    flow = copy_of_flow(mapping.workspace, "closed")
    mapping.open(flow, step="order", field="YourReference")
    is_silent.append(True)
    mapping.type("customer.email & 'closed'")
    mapping.page.close()

    later = Mapping(context.new_page(), mapping.studio, mapping.workspace)
    later.page.goto(f"{mapping.studio}/assets/fonts/none")
    later.page.evaluate(LONG_AGO)
    later.open(flow)  # no field is selected, so that there is no editor
    later.becomes("customer.email & 'closed'", lambda: later.formula("order", "YourReference"))


def test_a_line_drawn_while_nothing_arrives_is_there_after_a_reload(mapping: Mapping) -> None:
    is_silent = silence(mapping)
    mapping.open(copy_of_flow(mapping.workspace, "drawn"), step="order")
    is_silent.append(True)
    mapping.row("source", "customer.email").locator(".port").click()
    mapping.row("target", "YourReference").scroll_into_view_if_needed()
    mapping.row("target", "YourReference").locator(".label").click()
    mapping.page.get_by_role("menuitem", name="Replace").click()
    expect(mapping.stroke("customer.email", "YourReference")).to_be_attached()
    come_back(mapping, is_silent)

    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
    nothing_kept(mapping)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(mapping: Mapping, second: Mapping) -> None:
    is_silent = silence(mapping)
    flow = copy_of_flow(mapping.workspace, "meanwhile")
    mapping.open(flow, step="order", field="YourReference")
    is_silent.append(True)
    mapping.type('"mine"')
    second.open(flow, step="order", field="YourReference")
    second.type('"theirs"')
    second.becomes('"theirs"', lambda: second.formula("order", "YourReference"))
    come_back(mapping, is_silent)

    expect(mapping.page.get_by_text("This draft was changed in another window")).to_be_visible(timeout=WAIT)
    expect(mapping.editor).to_have_text('"mine"', timeout=WAIT)
    assert mapping.formula("order", "YourReference") == '"theirs"'
    mapping.page.reload()  # the question is asked again
    expect(mapping.page.get_by_text("This draft was changed in another window")).to_be_visible(timeout=WAIT)
    mapping.button("Put my change on top of theirs").click()
    mapping.becomes('"mine"', lambda: mapping.formula("order", "YourReference"))
    nothing_kept(mapping)


def test_the_question_of_two_people_outlives_a_reload(mapping: Mapping, second: Mapping) -> None:
    flow = copy_of_flow(mapping.workspace, "asked")
    mapping.open(flow, step="order", field="YourReference")
    second.open(flow, step="order", field="YourReference")
    second.type('"theirs"')
    second.becomes('"theirs"', lambda: second.formula("order", "YourReference"))
    mapping.type('"mine"')
    expect(mapping.page.get_by_text("This draft was changed in another window")).to_be_visible(timeout=WAIT)

    mapping.page.reload()
    expect(mapping.page.get_by_text("This draft was changed in another window")).to_be_visible(timeout=WAIT)
    expect(mapping.editor).to_have_text('"mine"', timeout=WAIT)
    mapping.button("Drop my change").click()
    expect(mapping.editor).to_have_text('"theirs"', timeout=WAIT)
    assert mapping.formula("order", "YourReference") == '"theirs"'
    nothing_kept(mapping)


def test_what_was_typed_after_the_studio_died_is_there_when_it_is_back(page: Page, workspace: Path) -> None:
    flow = copy_of_flow(workspace, "died")
    with killable_studio(workspace) as (address, kill):
        mapping = Mapping(page, address, workspace).open(flow, step="order", field="YourReference")
        kill()
        mapping.type("customer.email & 'dead'")
        page.goto("about:blank")
    port = int(address.rsplit(":", 1)[1].strip("/"))
    with running_studio(workspace, port):
        mapping.open(flow, step="order", field="YourReference")
        mapping.becomes("customer.email & 'dead'", lambda: mapping.formula("order", "YourReference"))
        expect(mapping.editor).to_have_text("customer.email & 'dead'", timeout=WAIT)


def test_what_cannot_be_saved_is_told_and_is_saved_once_it_can_be(mapping: Mapping) -> None:
    obstacle = mapping.workspace / ".studio" / "drafts.json.lock"
    mapping.open(copy_of_flow(mapping.workspace, "unwritable"), step="order", field="YourReference")
    obstacle.unlink(missing_ok=True)
    obstacle.mkdir()  # as in a folder without rights: no draft can be written
    try:
        mapping.type("customer.email & 'later'")
        expect(mapping.page.get_by_text("the drafts cannot be written").first).to_be_visible(timeout=WAIT)
        mapping.page.reload()
        expect(mapping.editor).to_have_text("customer.email & 'later'", timeout=WAIT)
    finally:
        obstacle.rmdir()
    mapping.page.reload()
    mapping.becomes("customer.email & 'later'", lambda: mapping.formula("order", "YourReference"))
