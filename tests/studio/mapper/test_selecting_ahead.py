"""A field that is selected stands in the editor at once; what Python tells of it, or of the one before, comes later."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.studio.mapper.conftest import Stage
from tests.studio.mapper.fields import mapped, mapper
from tests.studio.mapper.trees_in_use import client, row, shown

FIELDS = {"Currency": mapped("currency", "EUR"), "Amount": mapped("total", "148.70")}


def told(field: str, text: str, **more: Any) -> dict[str, Any]:
    """What Python tells the editor of a field of the step."""
    about = {
        "document": f"order\n{field}",
        "title": f"Formula of {field}",
        "text": text,
        "checked": text,
        "trees": "r1",
    }
    empty = {"diagnostics": [], "scope": None, "variables": [], "texts": {}, "acknowledged": {}}
    looks = {"label": "Formula", "placeholder": "", "height": 150, "reset": 0}
    return {"kind": "editor", **about, **empty, **looks, **more}


def begun(stage: Stage) -> tuple[Locator, Locator]:
    """The heading and the text of an editor with the field Currency, while Amount was just clicked."""
    shown(stage, fields=FIELDS, selected="Currency")
    stage.put("editor", told("Currency", "currency"))
    row(stage, "target", "Amount").locator(".label").click()
    part = stage.part("editor")
    return part.locator(".head"), part.locator(".cm-content")


def caught_up(stage: Stage) -> None:
    """Python has carried out the click."""
    stage.put("mapper", mapper(fields=FIELDS, selected="Amount", acknowledged={client(stage): 1}))


def test_a_selected_field_is_there_before_python_answers(stage: Stage) -> None:
    head, text = begun(stage)

    expect(head).to_contain_text("Amount")
    expect(text).to_have_text("total")


def test_what_python_still_tells_of_the_field_before_changes_nothing(stage: Stage) -> None:
    head, text = begun(stage)

    stage.put("editor", told("Currency", "currency", height=160))

    expect(head).to_contain_text("Amount")
    expect(text).to_have_text("total")


def test_what_python_has_of_the_field_takes_its_place(stage: Stage) -> None:
    head, text = begun(stage)

    caught_up(stage)
    stage.put("editor", told("Amount", "total * 2", reset=1))

    expect(head).to_have_text("Formula of Amount")
    expect(text).to_have_text("total * 2")


def test_what_was_typed_meanwhile_stays(stage: Stage) -> None:
    _head, text = begun(stage)
    text.click()
    stage.page.keyboard.press("End")
    stage.page.keyboard.type(" + 1")

    caught_up(stage)
    stage.put("editor", told("Amount", "total", reset=1))

    expect(text).to_have_text("total + 1")
    stage.page.wait_for_function("heard.some((each) => each.name === 'code')")
    sent = stage.heard("editor", "code")[-1]
    assert (sent["document"], sent["text"]) == ("order\nAmount", "total + 1")
