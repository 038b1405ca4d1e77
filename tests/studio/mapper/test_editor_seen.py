"""The formula editor in a real browser: what it proposes, marks and tells."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.studio.mapper.conftest import Stage
from tests.studio.mapper.editor_in_use import Editor, finding


@pytest.fixture
def editor(stage: Stage) -> Editor:
    return Editor(stage)


def test_a_field_is_proposed_with_its_value(editor: Editor) -> None:
    editor.type("emai")

    expect(editor.options.first).to_contain_text("anna@example.com")
    editor.take("customer.email")
    assert editor.text() == "customer.email"


def test_a_name_that_needs_backticks_gets_them(editor: Editor) -> None:
    editor.type("customer.")
    expect(editor.options).to_have_count(4)

    editor.option("`e-mail 2`").click()

    assert editor.text() == "customer.`e-mail 2`"


def test_a_function_comes_with_its_description_and_places_to_fill(editor: Editor) -> None:
    editor.type("$tru")
    card = editor.part.locator(".cm-completionInfo")
    expect(card).to_contain_text("$truncate(text, length)")
    expect(card).to_contain_text("The text cut to a length.")
    expect(card).to_contain_text('"Stor"')

    editor.take("$truncate")
    editor.page.keyboard.type("currency")
    expect(editor.options).to_have_count(0)  # the name is whole
    editor.page.keyboard.press("Tab")
    editor.page.keyboard.type("9")

    assert editor.text() == "$truncate(currency, 9)"


def test_settings_lookups_and_earlier_steps_are_proposed(editor: Editor) -> None:
    editor.type("unit")
    editor.take("$answers.unit")
    editor.page.keyboard.type(" & payme")
    editor.take("payment_terms")
    editor.page.keyboard.type("$steps.customer.I")
    editor.take("Id")

    assert editor.text() == '$answers.unit & $table("payment_terms", $steps.customer.Id)'


def test_inside_a_list_mapping_the_items_fields_are_proposed(stage: Stage) -> None:
    editor = Editor(stage, scope="orderrows")

    editor.type("pric")

    expect(editor.options.first.locator(".cm-completionLabel")).to_have_text("price")
    expect(editor.options.first).to_contain_text("19.99")


def test_hostile_values_are_text_and_long_ones_are_cut(editor: Editor) -> None:
    editor.type("rema")

    expect(editor.options.first).to_contain_text("<img src=x")
    expect(editor.part.locator(".cm-completionInfo")).to_contain_text("onerror")
    assert editor.part.locator("img").count() == 0
    box = editor.options.first.bounding_box()
    assert box is not None
    assert box["height"] < 40
    assert box["width"] < 600


def test_an_error_is_marked_at_its_column(stage: Stage) -> None:
    editor = Editor(stage, text="1 + custmer", diagnostics=[finding(4, 11, "There is no field custmer.")])

    expect(editor.marks).to_have_text("custmer")
    expect(editor.status).to_have_text("✕Error, column 5: There is no field custmer.")
    expect(editor.textbox).to_have_attribute("aria-invalid", "true")


def test_positions_after_an_emoji_are_right(stage: Stage) -> None:
    editor = Editor(stage, text='"😀" & custmer', diagnostics=[finding(6, 13)])

    expect(editor.marks).to_have_text("custmer")
    expect(editor.status).to_contain_text("column 7")


def test_while_somebody_types_no_error_is_shown(editor: Editor) -> None:
    editor.stop_the_clock()
    editor.type("xyzzy")
    editor.page.clock.run_for(250)
    assert [code["text"] for code in editor.sent()] == ["xyzzy"]

    editor.put(checked="xyzzy", diagnostics=[finding(0, 5)])
    editor.page.clock.run_for(300)
    assert editor.marks.count() == 0

    editor.page.clock.run_for(300)
    expect(editor.marks).to_have_text("xyzzy")

    editor.page.keyboard.type("x")
    editor.page.clock.run_for(1)
    assert editor.marks.count() == 0
    editor.page.clock.run_for(5_000)
    assert editor.marks.count() == 0, "the text on screen was not checked yet"


def test_while_proposals_are_shown_no_error_is(editor: Editor) -> None:
    editor.stop_the_clock()
    editor.type("cust")
    editor.page.clock.run_for(300)
    expect(editor.options.first).to_be_visible()
    editor.put(checked="cust", diagnostics=[finding(0, 4)])
    editor.page.clock.run_for(2_000)
    assert editor.marks.count() == 0

    editor.page.keyboard.press("Escape")
    editor.page.clock.run_for(10)

    expect(editor.marks).to_have_text("cust")
    expect(editor.textbox).to_be_focused()


def test_brackets_are_closed_and_matched_over_several_lines(editor: Editor) -> None:
    editor.type("$multiply(")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.type("2,")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.type("3")

    assert editor.text() == "$multiply(\n  2,\n  3\n)"
    editor.page.keyboard.press("Control+End")
    expect(editor.part.locator(".cm-matchingBracket")).to_have_count(2)


def test_the_function_being_written_is_shown_with_its_argument(editor: Editor) -> None:
    editor.type("$multiply(2, 3")

    expect(editor.part.locator(".hint")).to_have_text("$multiply(a, b, …)")
    expect(editor.part.locator(".hint b")).to_have_text("b")


def test_under_the_pointer_a_field_shows_its_value(stage: Stage) -> None:
    editor = Editor(stage, text="customer.email & currency")

    editor.part.locator(".cm-line").hover(position={"x": 110, "y": 10})

    expect(editor.part.locator(".cm-tooltip-hover")).to_contain_text("anna@example.com")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_finding_of_accessibility(open_stage: Callable[..., Stage], theme: str) -> None:
    editor = Editor(open_stage(theme), text="$money(custmer)", diagnostics=[finding(7, 14)])
    expect(editor.marks).to_have_text("custmer")
    assert serious(editor) == []

    editor.textbox.focus()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.type(" & cur")
    expect(editor.options.first).to_be_visible()
    assert serious(editor) == []


def serious(editor: Editor) -> list[str]:
    found = Axe().run(editor.page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in ("serious", "critical")]
