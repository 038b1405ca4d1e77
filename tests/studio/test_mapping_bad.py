"""The mapping page with what it should never be given: hostile texts, broken files, very much of everything."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from benchmarks.wide import FLOW as WIDE
from benchmarks.wide import make
from tests.studio.conftest import running_studio
from tests.studio.mapping_in_use import WAIT, Mapping

IMG = '<img src=x onerror="window.hacked=1">'
HOSTILE = f"{IMG} **bold** $x^2$ [a](javascript:1) \u202eesrever eve@post.example :red[r] `c` <b>b</b>"
LINES = 200


def _json(path: Path, change: Any) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _hostile(folder: Path) -> None:
    """Every text a document or a record can bring, on both sides."""
    specs = folder / "connector_specs"
    for system in ("shop", "books"):
        _json(specs / system / "connector.json", lambda about: about.update(title=HOSTILE))
        _json(specs / system / "orders.schema.json", _hostile_schema)
    _json(specs / "shop" / "samples" / "orders.json", lambda records: records[0].update(id=HOSTILE, number=HOSTILE))
    _json(folder / "saved_mappings" / f"{WIDE}.json", _hostile_flow)


def _hostile_schema(schema: dict[str, Any]) -> None:
    schema["properties"]["id"].update(title=HOSTILE, description=HOSTILE)
    if "yourReference" in schema["properties"]:
        schema["properties"]["yourReference"].update(title=HOSTILE, description=HOSTILE)


def _hostile_flow(flow: dict[str, Any]) -> None:
    flow["title"] = flow["steps"][0]["title"] = HOSTILE
    flow["questions"] = {"type": "object", "properties": {"word": {"title": IMG, "type": "string", "default": IMG}}}
    flow["values"] = {"word": f'"{IMG.replace(chr(34), chr(39))}" & $answers.word'}
    flow["steps"][0]["fields"]["yourReference"] = {"formula": "number & $values.word", "note": HOSTILE}
    given = {"id": "1", "number": "1"}
    flow["examples"] = [{"title": HOSTILE, "given": given, "expected": {"order": {"yourReference": IMG}}}]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("workspace") / "bad", 20)
    _hostile(folder)
    (folder / "saved_mappings" / "cut-off.json").write_text('{"title": "Cut off", "source": {', encoding="utf-8")
    _json_copy(folder, "no-such-system", lambda flow: flow["source"].update(connector="nowhere"))
    broken = folder / "connector_specs" / "broken"
    shutil.copytree(folder / "connector_specs" / "shop", broken)
    (broken / "connector.json").write_text('{"connector": "broken", "titel": 1}', encoding="utf-8")
    _json_copy(folder, "broken-system", lambda flow: flow["source"].update(connector="broken"))
    return folder


def _json_copy(folder: Path, name: str, change: Any) -> None:
    target = folder / "saved_mappings" / f"{name}.json"
    shutil.copyfile(folder / "saved_mappings" / f"{WIDE}.json", target)
    _json(target, change)


def only_text(page: Page) -> None:
    """Nothing of the hostile texts became anything but text."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    assert page.evaluate("window.hacked") is None
    for made in ("img[src=x]", "a[href^='javascript:']", "a[href^='mailto:']", ".katex"):  # in the trees too
        found = page.locator(made).evaluate_all("all => all.map((one) => one.parentElement.outerHTML.slice(0, 300))")
        assert found == [], made
    expect(page.locator("b, strong").filter(has_text=re.compile("^(b|bold)$"))).to_have_count(0)


def test_hostile_texts_are_text_everywhere_on_the_page(mapping: Mapping) -> None:
    page = mapping.open(WIDE).page
    only_text(page)
    expect(page.locator(".st-key-title")).to_contain_text("[U+202E]esrever eve@post.example")
    mapping.row("target", "yourReference").scroll_into_view_if_needed()
    mapping.row("target", "yourReference").locator(".label").click()
    expect(page.locator(".st-key-explain")).to_contain_text("onerror", timeout=WAIT)
    only_text(page)
    for part in ("Changes", "problem", "Request", "example", "Settings", "Named values"):
        page.get_by_role("radio", name=part).click()
        mapping.at_rest()
        only_text(page)
    mapping.button("Change").click()
    only_text(page)
    page.keyboard.press("Escape")
    mapping.type("$error(\"<img src=x onerror='window.hacked=1'>\")")
    mapping.becomes(True, lambda: "$error" in (mapping.formula("order", "yourReference") or ""))
    only_text(page)
    mapping.button("Publish").first.click()
    expect(page.get_by_role("dialog", name="Publish")).to_contain_text("onerror", timeout=WAIT)
    only_text(page)


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        ("cut-off", "cut-off.json"),
        ("no-such-system", "nowhere"),
        ("broken-system", "titel"),
        ("not-there", "not-there"),
        ("..%2Fx", "there is no flow"),
        ("x" * 300, "there is no flow"),
        ("%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E", "there is no flow"),
    ],
)
def test_what_is_broken_is_said_with_its_place_and_the_rest_works(mapping: Mapping, flow: str, says: str) -> None:
    page = mapping.page
    page.goto(f"{mapping.studio}/mapping?flow={flow}")
    mapping.at_rest()

    expect(page.get_by_text(says).locator("visible=true").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("This part of the page could not be drawn")).to_have_count(0)
    only_text(page)
    page.goto(f"{mapping.studio}/mapping")
    page.locator(f".st-key-open_{WIDE} button").click()
    expect(mapping.row("target", "field0")).to_be_visible(timeout=WAIT)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """500 fields a side, one sample of 5 MB with a list of 200 lines."""
    folder = make(tmp_path_factory.mktemp("workspace") / "wide", 500, value="long " * 8_000)
    path = folder / "connector_specs" / "shop" / "samples" / "orders.json"
    lines = [{"sku": f"A-{n}", "count": n} for n in range(LINES)]
    _json(path, lambda records: records[0].update(lines=lines))
    about = {
        "title": "Lines",
        "type": "array",
        "items": {"type": "object", "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}}},
    }
    for system in ("shop", "books"):
        schema = folder / "connector_specs" / system / "orders.schema.json"
        _json(schema, lambda held: held["properties"].update(lines=about))
    assert path.stat().st_size > 5_000_000
    with running_studio(folder) as address:
        yield address, folder


def test_500_fields_200_lines_and_5_megabytes_can_be_worked_on(page: Page, wide: tuple[str, Path]) -> None:
    mapping = Mapping(page, *wide).open(WIDE)
    expect(mapping.page.locator(".pane.target .row")).to_have_count(504)
    shown = mapping.row("target", "field0").locator(".value")
    expect(shown).to_contain_text("long long", timeout=WAIT)
    assert len(shown.inner_text()) < 200

    mapping.select("yourReference", "Your reference")
    mapping.type("number")
    mapping.becomes("number", lambda: mapping.formula("order", "yourReference"))
    expect(mapping.row("target", "yourReference").locator(".value")).to_have_text("W-1", timeout=WAIT)

    mapping.row("source", "lines").scroll_into_view_if_needed()
    mapping.row("source", "lines").locator(".port").click()
    mapping.row("target", "lines[]").scroll_into_view_if_needed()
    mapping.row("target", "lines[]").locator(".label").click()
    mapping.page.get_by_role("button", name="Map the list").click()
    expect(mapping.stroke("lines", "lines[]")).to_have_count(1, timeout=WAIT)
    mapping.becomes("lines", lambda: (mapping.mapping("order", "lines[]") or {}).get("each"))
    expect(mapping.page.locator("[data-testid=stJson]")).to_contain_text("more characters", timeout=WAIT)


def test_a_field_that_is_not_there_is_said_and_leaves_the_address(mapping: Mapping) -> None:
    page = mapping.open(WIDE, field="noSuchField").page

    expect(page.get_by_text("There is no field “noSuchField” in this step.")).to_be_visible(timeout=WAIT)
    expect(mapping.editor).to_have_count(0)
    mapping.becomes(False, lambda: "noSuchField" in page.url)


def test_a_flow_that_is_no_json_opens_its_problems(mapping: Mapping) -> None:
    page = mapping.page
    page.goto(f"{mapping.studio}/mapping?flow=cut-off")

    expect(page.locator(".st-key-problem_0")).to_contain_text("It is not valid JSON", timeout=WAIT)
