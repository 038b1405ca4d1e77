"""Nothing that somebody did on the mapping page is lost: by reopening, undo, another schema, another window, a drop."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.studio.conftest import ROOT, killable_studio, running_studio, workspace_in
from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with connectors of its own, which a test may change."""
    folder = workspace_in(tmp_path_factory.mktemp("workspace") / "studio")
    (folder / "connector_specs").unlink()
    shutil.copytree(ROOT / "connector_specs", folder / "connector_specs")
    return folder


@pytest.fixture
def second(context: BrowserContext, studio: str, workspace: Path) -> Iterator[Mapping]:
    """Another window."""
    yield Mapping(context.new_page(), studio, workspace)


def test_looking_and_reopening_changes_no_byte(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "looked-at"), step="order")
    before = mapping.file().read_bytes()
    mapping.select("Rows[].UnitPrice", "Rows, price per unit")
    mapping.drawer("Settings")
    expect(mapping.page.locator("[class*=st-key-answers_]").first).to_be_visible(timeout=WAIT)
    mapping.page.reload()
    mapping.loaded()

    assert mapping.file().read_bytes() == before
    assert mapping.text().encode() == before
    expect(mapping.button("Undo")).to_be_disabled()


def test_reload_and_back_keep_the_place_and_undo_goes_on(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "reloaded"), step="order")
    original = mapping.text()
    mapping.select("YourReference", "Your reference")
    mapping.type("customer.email")
    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
    mapping.select("OurReference", "Our reference")

    mapping.page.reload()
    mapping.loaded()
    expect(mapping.page.get_by_text("Formula of Our reference", exact=True)).to_be_visible(timeout=WAIT)
    mapping.page.go_back()
    expect(mapping.page.get_by_text("Formula of Your reference", exact=True)).to_be_visible(timeout=WAIT)
    expect(mapping.editor).to_have_text("customer.email")
    mapping.page.go_forward()
    expect(mapping.page.get_by_text("Formula of Our reference", exact=True)).to_be_visible(timeout=WAIT)

    mapping.button("Undo").click()
    mapping.becomes(original, mapping.text)
    expect(mapping.button("Undo")).to_be_disabled(timeout=WAIT)
    mapping.button("Redo").click()
    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))


def test_a_formula_that_is_emptied_and_typed_anew_keeps_its_write_rule(mapping: Mapping) -> None:
    def only_once(document: dict[str, Any]) -> None:
        order = next(step for step in document["steps"] if step["step"] == "order")
        order["fields"]["YourReference"] = {"formula": "customer.reference", "write": "on_create", "note": "as agreed"}

    mapping.open(copy_of_flow(mapping.workspace, "emptied", only_once), step="order")
    mapping.select("YourReference", "Your reference")
    mapping.type("")
    mapping.page.keyboard.press("Delete")
    mapping.becomes(None, lambda: mapping.mapping("order", "YourReference"))
    mapping.page.keyboard.type("customer.email")

    wanted = {"formula": "customer.email", "write": "on_create", "note": "as agreed"}
    mapping.becomes(wanted, lambda: mapping.mapping("order", "YourReference"))


def test_a_draft_of_an_older_schema_keeps_everything_and_offers_new_homes(mapping: Mapping) -> None:
    schema_path = mapping.workspace / "connector_specs" / "eaccounting" / "orders.schema.json"
    mapping.open(copy_of_flow(mapping.workspace, "older"), step="order")
    mapping.select("YourReference", "Your reference")
    mapping.type("customer.email")
    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
    before, schema = mapping.text(), schema_path.read_text(encoding="utf-8")

    changed = json.loads(schema)
    changed["properties"]["YourReferenceText"] = changed["properties"].pop("YourReference")
    schema_path.write_text(json.dumps(changed, indent=2), encoding="utf-8")
    try:
        mapping.page.reload()
        mapping.loaded()
        assert mapping.text() == before
        gone = mapping.row("target", "YourReference")
        expect(gone).to_be_visible(timeout=WAIT)
        gone.hover()
        gone.locator("button.move").click()
        mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReferenceText"))
        assert mapping.formula("order", "YourReference") is None
    finally:
        schema_path.write_text(schema, encoding="utf-8")


def test_an_order_of_one_line_stays_a_list(mapping: Mapping) -> None:
    sample = json.loads((ROOT / "connector_specs/ccv-shop/samples/orders.json").read_text(encoding="utf-8"))[0]
    sample["orderrows"] = sample["orderrows"][:1]
    mapping.open(copy_of_flow(mapping.workspace, "one-line"), step="order")
    mapping.button("Other record").click()
    mapping.page.get_by_role("textbox", name="Or paste a record as JSON").fill(json.dumps(sample))
    mapping.page.keyboard.press("Control+Enter")
    mapping.button("Look at it").click()

    expect(mapping.row("source", "orderrows")).to_contain_text("1 ×", timeout=WAIT)
    mapping.select("Rows[]", "Rows")
    mapping.drawer("Request that would be sent")
    shown = mapping.page.locator("[data-testid=stJson]").first
    expect(shown).to_contain_text("Rows", timeout=WAIT)
    expect(shown).to_contain_text("[")


def test_the_second_of_two_windows_is_asked_and_both_answers_hold(mapping: Mapping, second: Mapping) -> None:
    flow = copy_of_flow(mapping.workspace, "two-windows")
    mapping.open(flow, step="order")
    second.open(flow, step="order")
    mapping.select("OurReference", "Our reference")
    mapping.type('"one"')
    mapping.becomes('"one"', lambda: mapping.formula("order", "OurReference"))

    second.select("YourReference", "Your reference")
    second.type('"two"')
    expect(second.page.get_by_text("This draft was changed in another window")).to_be_visible(timeout=WAIT)
    expect(second.editor).to_have_text('"two"')
    assert second.formula("order", "YourReference") != '"two"'
    second.button("Put my change on top of theirs").click()
    mapping.becomes('"two"', lambda: second.formula("order", "YourReference"))
    assert second.formula("order", "OurReference") == '"one"'

    mapping.type('"three"')
    expect(mapping.page.get_by_text("This draft was changed in another window")).to_be_visible(timeout=WAIT)
    mapping.button("Drop my change").click()
    expect(mapping.editor).to_have_text('"one"', timeout=WAIT)
    assert mapping.formula("order", "OurReference") == '"one"'
    expect(mapping.row("target", "YourReference")).to_contain_text("two", timeout=WAIT)


def test_what_is_typed_while_the_socket_is_down_arrives(mapping: Mapping) -> None:
    sockets: list[WebSocketRoute] = []
    mapping.page.route_web_socket("**/_stcore/stream", lambda route: (sockets.append(route), route.connect_to_server()))
    mapping.open(copy_of_flow(mapping.workspace, "dropped"), step="order")
    mapping.select("YourReference", "Your reference")
    mapping.type("customer.")
    mapping.becomes("customer.", lambda: mapping.formula("order", "YourReference"))

    sockets[-1].close(code=4000)
    mapping.editor.press_sequentially("email")

    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
    expect(mapping.editor).to_have_text("customer.email")
    expect(mapping.row("target", "YourReference")).to_contain_text("@", timeout=WAIT)


def test_the_field_stays_open_when_the_line_drops_as_soon_as_its_editor_has_come(mapping: Mapping) -> None:
    told: list[bytes] = []

    def until_the_editor_comes(route: WebSocketRoute) -> None:
        def pass_on(said: str | bytes) -> None:
            if told:  # the line that comes after it stays
                route.send(said)
                return
            route.send(said)
            if isinstance(said, bytes) and b"Formula of Your reference" in said:
                told.append(said)
                route.close(code=4000)

        route.connect_to_server().on_message(pass_on)

    mapping.page.route_web_socket("**/_stcore/stream", until_the_editor_comes)
    mapping.open(copy_of_flow(mapping.workspace, "dropped-at-once"), step="order")
    mapping.select("YourReference", "Your reference")
    mapping.type("customer.email")

    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
    expect(mapping.editor).to_have_text("customer.email")


def test_what_is_typed_outlives_a_new_start_of_the_studio(page: Page, workspace: Path) -> None:
    flow = copy_of_flow(workspace, "restarted")
    with running_studio(workspace) as address:
        mapping = Mapping(page, address, workspace).open(flow, step="order")
        mapping.select("YourReference", "Your reference")
        mapping.type("customer.reference")
        mapping.becomes("customer.reference", lambda: mapping.formula("order", "YourReference"))
    mapping.editor.press_sequentially(" & 'x'")
    port = int(address.rsplit(":", 1)[1].strip("/"))
    with running_studio(workspace, port):
        mapping.becomes("customer.reference & 'x'", lambda: mapping.formula("order", "YourReference"))
        expect(mapping.editor).to_have_text("customer.reference & 'x'")


def test_the_page_goes_on_after_the_studio_was_killed_and_started_anew(page: Page, workspace: Path) -> None:
    flow = copy_of_flow(workspace, "killed")
    with killable_studio(workspace) as (address, kill):
        mapping = Mapping(page, address, workspace).open(flow, step="order")
        mapping.select("YourReference", "Your reference")
        mapping.type("customer.email")
        mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
        kill()
    port = int(address.rsplit(":", 1)[1].strip("/"))
    with running_studio(workspace, port):
        connected = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
        page.locator(connected).wait_for(timeout=2 * WAIT)
        mapping.select("OurReference", "Our reference")
        mapping.type('"after"')
        mapping.becomes('"after"', lambda: mapping.formula("order", "OurReference"))
        assert mapping.formula("order", "YourReference") == "customer.email"


def test_the_whole_page_is_asked_for_when_the_studio_is_back(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "back-again"), step="order", field="YourReference")
    mapping.type("customer.email")
    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
    mapping.at_rest()
    mapping.file().write_text(mapping.file().read_text(encoding="utf-8") + "\n", encoding="utf-8")

    # As Streamlit says it when a studio that was away for long is there again; by itself it asks for what it could
    # not ask for meanwhile, a part of the page, of which a new studio knows nothing.
    mapping.page.evaluate(
        """async () => {
            const app = document.querySelector("[data-testid=stApp]");
            for (const state of ["PINGING_SERVER", "CONNECTED"]) {
                app.setAttribute("data-test-connection-state", state);
                await new Promise((done) => setTimeout(done));
            }
        }"""
    )

    told = mapping.page.get_by_text("The published flow was changed since this draft began")
    expect(told).to_be_visible(timeout=WAIT)
