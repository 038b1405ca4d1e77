"""What each role is offered: which pages open, which controls can be used on them, and what a draft takes from whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.design.desk import desk
from engine.design.drafts import Drafts
from engine.design.people.rights import Role
from engine.design.people.store import set_person
from engine.design.running.changing import Wanted, change_binding
from engine.design.running.pausing import pause
from engine.design.samples import paste
from studio.routes import PAGES
from tests.commands.conftest import FLOW, Ran, ran
from tests.design.people.test_actions import state_of
from tests.studio.mapping_in_use import Mapping
from tests.studio.signed_in import NAMES, SignedIn

__all__ = ["ran"]

expect.set_options(timeout=30_000)
Open = Callable[[Role, str], Page]


@pytest.fixture(scope="module")
def workspace(ran: Ran) -> Path:
    """Both sandboxes are connected, the flow has run once; there is a draft, a second binding, a sample and a pause."""
    with desk(str(ran.workspace)) as things:
        drafts = Drafts(things.workspace, things.clock)
        revision = drafts.open(FLOW).revision
        drafts.apply(FLOW, [{"op": "set_title", "title": "Orders in hand"}], by="anna", revision=revision)
        change_binding(things, FLOW, "second", Wanted(title="Second"), "anna")
        paste(things, FLOW, '{"ordernumber": "1"}', "one")
        pause(things, FLOW, "anna", "while we look")
    return ran.workspace


@pytest.fixture
def opened(signed_in: SignedIn) -> Open:
    def open_page(role: Role, path: str) -> Page:
        page = signed_in.page_for(role, path)
        page.set_default_timeout(30_000)
        return page

    return open_page


def is_at_rest(page: Page, landmark: str = "h1, h2") -> None:
    page.locator(landmark).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    expect(page.locator("[data-testid=stSpinner]")).to_have_count(0)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    expect(page.get_by_text("could not be drawn")).to_have_count(0)


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.word if role else "nobody")
def test_a_page_opens_or_says_which_role_it_takes(role: Role | None, signed_in: SignedIn) -> None:
    page = signed_in.page_for(role, "/")
    for each in PAGES:
        page.goto(f"{signed_in.studio}/{each.path}")
        is_at_rest(page)
        if role is None:
            assert page.get_by_role("heading").all_inner_texts() == ["Sign in"]
        elif role < each.role:
            expect(page.get_by_role("heading", name="This page is not open to you")).to_be_visible()
            expect(page.get_by_text(f"takes the role “{each.role.word}”")).to_be_visible()
        else:
            expect(page.get_by_role("heading", name="This page is not open to you")).to_have_count(0)


# Each place with what stands on it when it is drawn.
BINDING = f"runs?flow={FLOW}&binding=second"
PLACES = {
    "": ".st-key-home_verdict",
    "records": ".st-key-records_found",
    "records?record={record}": ".st-key-record_sending",
    "runs": f".st-key-running_{FLOW}",
    "runs?part=history": ".st-key-runs_of",
    "runs?part=compare": ".st-key-compare_now",
    BINDING: ".st-key-schedule_meaning",
    f"{BINDING}&part=connections": ".st-key-connection_eaccounting",
    f"{BINDING}&part=answers": "[class*=_row_document]",
    f"{BINDING}&part=lookups": ".st-key-rows_of_payment_terms",
    f"{BINDING}&part=checklist": ".st-key-check_now",
    "flows": f".st-key-flow_{FLOW}",
    "mapping": f".st-key-choose_{FLOW}",
    f"mapping?flow={FLOW}": ".st-key-drawer_result",
    f"lookups?flow={FLOW}": ".st-key-lookup_files",
    "systems": ".st-key-open_system_specter",
    "systems?system=ccv-shop": ".st-key-connection_buttons",
    "systems?system=specter": ".st-key-connection_buttons",
    "settings": ".st-key-settings_shown",
    "settings?part=retention": "[class*=st-key-retention_days]",
    "settings?part=notifications": ".st-key-settings_shown h3",
    "settings?part=keys": ".st-key-settings_shown h3",
    "settings?part=people": ".st-key-settings_shown h3",
    "settings?part=backup": ".st-key-settings_shown h3",
    "settings?part=audit": ".st-key-settings_shown h2",
    "settings?part=about": ".st-key-settings_shown h3",
}
TOOLTIP = "[data-testid=stTooltipIcon]"
CONTROLS = """() => {
  const all = [...document.querySelectorAll("[data-testid=stMain] :is(button, input, textarea)")];
  const isHidden = (each) => each.type === "file" && !each.checkVisibility();  // its button is what one sees and uses
  return all.filter((each) => !each.closest("[data-testid=stTooltipIcon]") && !isHidden(each)).map((each) => {
    const keyed = each.closest("[class*=st-key-]");
    const key = keyed ? [...keyed.classList].find((name) => name.startsWith("st-key-")).slice(7) : "";
    return [`${key}|${each.getAttribute("aria-label") || each.innerText}`, !each.disabled];
  });
}"""
# What whoever may only look can use: it leads elsewhere, narrows what is shown, looks, or shows more.
HARMLESS = re.compile(
    r"open_|way_|show_|who\||language\||\|language|all_|part_|use_|more_samples|sample_"
    r"|records_(flow|from|to|states|text|more)|record_(look|mapped|update|sending|content|timeline)|cause_way_"
    r"|runs_(part|kind|of)|running_search|compare_|check_now|export_|other_"
    r"|lookups_|lookup_(counted|source|files|grid|list|payment_terms|codings)|systems_(roles|search)"
    r"|step_|drawer_|settings_language|.*\|Copy to clipboard|more\||test\|"
    r"|grid_.*\|(Download as CSV|Fullscreen|Search|Show/hide columns):"
)


def test_whoever_looks_is_offered_nothing_that_changes(opened: Open, workspace: Path, signed_in: SignedIn) -> None:
    page = opened(Role.LOOK, "/")
    offered = {}
    for path, landmark in PLACES.items():
        page.goto(f"{signed_in.studio}/{path}".format(record=a_parked_record(workspace)))
        is_at_rest(page, landmark)
        usable = {key for key, is_usable in page.evaluate(CONTROLS) if is_usable}
        others = sorted(key for key in usable if not HARMLESS.match(key))
        if others:
            offered[path] = others
    assert not offered, "\n".join(f"{path}: {keys}" for path, keys in offered.items())


def a_parked_record(workspace: Path) -> int:
    with desk(str(workspace)) as things:
        return next(iter(things.ledger.parked(FLOW))).id


# Controls by the beginning of their key, on each place, with the role that each takes.
TAKES = {
    "records": {"send_cause_": Role.MEND, "show_cause_": Role.LOOK},
    BINDING: {
        "run_now_button_": Role.MEND,
        "resume_this": Role.MEND,
        "switch_": Role.DESIGN,
        "new_binding": Role.DESIGN,
        "remove_binding": Role.DESIGN,
        "plan_": Role.DESIGN,
    },
    f"mapping?flow={FLOW}": {"publish": Role.DESIGN, "policy": Role.DESIGN, "more_samples": Role.LOOK},
    "systems?system=ccv-shop": {"test_it": Role.MEND, "disconnect": Role.ADMINISTER, "question_": Role.ADMINISTER},
    "settings?part=backup": {"make_backup": Role.ADMINISTER},
}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.word)
def test_a_control_can_be_used_by_whoever_has_its_role(role: Role, opened: Open, signed_in: SignedIn) -> None:
    page = opened(role, "/")
    for path, controls in TAKES.items():
        page.goto(f"{signed_in.studio}/{path}")
        is_at_rest(page, PLACES[path])
        for begins, takes in controls.items():
            expect(page.locator(f"[class*=st-key-{begins}] :is(button, input)").first).to_be_attached()
            usable = page.locator(f"[class*=st-key-{begins}] :is(button, input):enabled:not({TOOLTIP} *)")
            if role >= takes:
                expect(usable.first, f"{begins} on {path}").to_be_attached()
            else:
                expect(usable, f"{begins} on {path}").to_have_count(0)


def test_a_control_says_which_role_it_takes(opened: Open) -> None:
    page = opened(Role.LOOK, f"/mapping?flow={FLOW}")
    is_at_rest(page, PLACES[f"mapping?flow={FLOW}"])

    page.get_by_role("button", name="Publish").hover(force=True)

    expect(page.get_by_test_id("stTooltipContent")).to_have_text("Takes the role “design”")
    expect(page.get_by_text("You may look at this. To change it takes the role “design”.")).to_be_visible()


def test_whoever_looks_moves_nothing_in_the_trees(opened: Open, workspace: Path, signed_in: SignedIn) -> None:
    page = opened(Role.LOOK, "/")
    mapping = Mapping(page, signed_in.studio, workspace).open(FLOW, step="order")
    before, source = state_of(workspace), mapping.row("source", "ordernumber")
    mapping.select("YourReference", "Your reference")
    formula = mapping.editor.inner_text()

    source.locator(".port").drag_to(mapping.row("target", "YourReference").locator(".field"))
    source.locator(".port").click()
    mapping.row("target", "OurReference").locator(".field").click()
    mapping.row("target", "YourReference").press("Delete")
    mapping.row("target", "YourReference").press("Control+z")
    mapping.type("nothing")
    page.keyboard.press("Control+Enter")

    mapping.select("YourReference", "Your reference")
    expect(mapping.editor).to_have_text(formula)
    expect(page.locator(".st-key-mapper .unsaved")).to_be_hidden()
    expect(mapping.row("target", "YourReference").locator(".action.remove")).to_be_hidden()
    assert state_of(workspace) == before


def test_a_role_that_is_taken_away_in_mid_work_loses_nothing(
    opened: Open, workspace: Path, signed_in: SignedIn
) -> None:
    page = opened(Role.DESIGN, "/")
    mapping = Mapping(page, signed_in.studio, workspace).open(FLOW, step="order")
    mapping.select("YourReference", "Your reference")
    before = mapping.formula("order", "YourReference")
    try:
        gives(workspace, Role.LOOK)
        mapping.type('"typed in vain"')

        expect(page.get_by_text("You may not change a draft").first).to_be_visible()
        expect(mapping.editor).to_have_text('"typed in vain"')
        assert mapping.formula("order", "YourReference") == before
    finally:
        gives(workspace, Role.DESIGN)
    page.reload()
    mapping.loaded()
    mapping.becomes('"typed in vain"', lambda: mapping.formula("order", "YourReference"))


def gives(workspace: Path, role: Role) -> None:
    with desk(str(workspace)) as things:
        set_person(things, NAMES[Role.DESIGN], role)
