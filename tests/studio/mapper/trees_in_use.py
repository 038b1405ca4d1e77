"""What the tests of the trees do again and again: showing, dragging, clicking, typing, and what was sent."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.studio.mapper.conftest import Stage
from tests.studio.mapper.fields import FIELDS, LINES, SOURCE, TARGET, line, mapped, mapper, node, trees

Json = dict[str, Any]


def shown(stage: Stage, **more: Any) -> Stage:
    """The trees of an order on the stage."""
    stage.put("trees", trees())
    stage.put("mapper", mapper(**more))
    return stage


def row(stage: Stage, side: str, path: str) -> Locator:
    return stage.page.locator(f'.pane.{side} .row[data-id="{path}"]')


def stroke(stage: Stage, source: str, target: str) -> Locator:
    return stage.page.locator(f'path.stroke[data-source="{source}"][data-target="{target}"]')


def sent(stage: Stage) -> list[Json]:
    """The operations so far, each once, without who sent them."""
    found = {each["seq"]: each for message in stage.heard("mapper", "operations") for each in message}
    return [{key: each[key] for key in each if key not in ("seq", "client")} for _, each in sorted(found.items())]


def client(stage: Stage) -> str:
    name: str = stage.heard("mapper", "operations")[-1][-1]["client"]
    return name


def drag(stage: Stage, source: Locator, target: Locator, *, release: bool = True) -> None:
    source.scroll_into_view_if_needed()
    target.scroll_into_view_if_needed()
    begin, end = source.bounding_box(), target.bounding_box()
    assert begin is not None and end is not None
    mouse = stage.page.mouse
    mouse.move(begin["x"] + 60, begin["y"] + 15)
    mouse.down()
    mouse.move(begin["x"] + 90, begin["y"] + 18)
    mouse.move(end["x"] + 60, end["y"] + 15, steps=4)
    if release:
        mouse.up()


def by_drag(stage: Stage, source: str, target: str) -> None:
    drag(stage, row(stage, "source", source), row(stage, "target", target))


def by_dragging_back(stage: Stage, source: str, target: str) -> None:
    row(stage, "source", source).scroll_into_view_if_needed()
    port, goal = row(stage, "target", target).locator(".port"), row(stage, "source", source)
    port.scroll_into_view_if_needed()
    begin, end = port.bounding_box(), goal.bounding_box()
    assert begin is not None and end is not None
    stage.page.mouse.move(begin["x"] + 11, begin["y"] + 15)
    stage.page.mouse.down()
    stage.page.mouse.move(begin["x"] - 20, begin["y"] + 15)
    stage.page.mouse.move(end["x"] + 40, end["y"] + 15, steps=4)
    stage.page.mouse.up()


def by_clicks(stage: Stage, source: str, target: str) -> None:
    row(stage, "source", source).locator(".port").click()
    row(stage, "target", target).locator(".label").click()


def by_clicks_from_the_target(stage: Stage, source: str, target: str) -> None:
    row(stage, "target", target).locator(".port").click()
    row(stage, "source", source).locator(".label").click()


def by_keyboard(stage: Stage, source: str, target: str) -> None:
    """Tab into the trees, letters to the fields, Enter to pick and to connect."""
    keyboard = stage.page.keyboard
    labels = {each["id"]: each["label"] for each in [*SOURCE, *TARGET]}
    stage.page.locator(".side.source input").focus()
    keyboard.press("ArrowDown")
    keyboard.type(labels[source])
    expect(row(stage, "source", source)).to_be_focused()
    keyboard.press("Enter")
    keyboard.type(labels[target])
    expect(row(stage, "target", target)).to_be_focused()
    keyboard.press("Enter")


def gone(stage: Stage) -> Stage:
    nodes = [*TARGET, {**node("OldReference", "Old reference"), "gone": True}]
    stage.put("trees", trees(target={"title": "Order", "nodes": nodes}))
    fields = {**FIELDS, "OldReference": mapped("note", "Please ring", "warning", "It is no longer in the schema.")}
    stage.put("mapper", mapper(fields=fields, lines=[*LINES, line("note", "OldReference")]))
    return stage


def painted(stage: Stage, mapping: Json, times: int) -> float:
    """Milliseconds from a key to the next picture, its data included: the middle of several."""
    call = """([data, ids]) => new Promise(async (done) => {
      const root = document.querySelector(".st-key-mapper").shadowRoot;
      const taken = [];
      for (const id of ids) {
        const begin = performance.now();
        root.querySelector(`.pane.target .row[data-id="${id}"] .label`).click();
        put("mapper", { ...data, selected: id });
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        taken.push(performance.now() - begin);
      }
      done(taken.sort((one, other) => one - other)[taken.length >> 1]);
    })"""
    ids = list(mapping["fields"])[:times]
    found: float = stage.page.evaluate(call, [mapping, ids])
    return found
