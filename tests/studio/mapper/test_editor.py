"""The formula editor in a real browser: what is typed, where it goes, and how the keyboard comes and leaves."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.studio.mapper.conftest import Stage
from tests.studio.mapper.editor_in_use import Editor


@pytest.fixture
def editor(stage: Stage) -> Editor:
    return Editor(stage)


def test_what_is_typed_is_sent_after_a_pause(editor: Editor) -> None:
    editor.stop_the_clock()
    editor.type("customer")
    editor.page.clock.run_for(199)
    assert editor.sent() == []

    editor.page.clock.run_for(1)

    (code,) = editor.sent()

    expected = {"document": "order/Name", "text": "customer", "n": 1, "attempt": 1, "earlier": []}
    assert expected == {key: code[key] for key in expected}
    assert len(code["client"]) == 24


def test_leaving_sends_at_once(editor: Editor) -> None:
    editor.type("abc")
    editor.textbox.blur()

    assert editor.sent()[-1]["text"] == "abc"


def test_answers_never_change_the_text_or_the_caret(editor: Editor) -> None:
    editor.type("currency = 1")
    for _ in range(4):
        editor.page.keyboard.press("ArrowLeft")
    editor.put(text="something older", checked="curr", acknowledged={"x": 1})
    editor.page.keyboard.type("!")

    assert editor.text() == "currency! = 1"


def test_another_formula_takes_its_place_and_the_last_one_is_sent(editor: Editor) -> None:
    editor.type("first")
    editor.put(document="order/City", text="city", checked="city", label="Formula of Name")

    assert editor.text() == "city"
    last = editor.sent()[-1]
    assert (last["document"], last["text"]) == ("order/Name", "first")
    editor.textbox.focus()
    editor.page.keyboard.press("Control+z")
    assert editor.text() == "city", "undo does not bring another formula here"


def test_a_reset_takes_its_place_and_undo_brings_back_what_was_typed(editor: Editor) -> None:
    editor.type("mine + 1 ")
    editor.put(reset=1, text="theirs", checked="theirs")
    assert editor.text() == "theirs"

    editor.page.keyboard.press("Control+z")

    assert editor.text().strip() == "mine + 1"


def test_an_editor_that_is_drawn_again_catches_up_with_what_python_has(editor: Editor) -> None:
    editor.put(text="all of it", checked="all of it")  # as the forerunner left it, which came later
    assert editor.text() == "all of it"

    editor.type("mine ")
    editor.put(text="all of it", checked="all of it")
    assert "mine" in editor.text()


def test_a_session_that_begins_anew_does_not_take_what_was_typed(editor: Editor) -> None:
    editor.put(reset=3)
    editor.type("typed while the line was dead ")

    editor.put(reset=0, text="old", checked="old")

    assert editor.text() == "typed while the line was dead "


def test_what_did_not_arrive_is_sent_again(editor: Editor) -> None:
    editor.stop_the_clock()
    editor.type("kept")
    editor.page.clock.run_for(250)
    editor.page.clock.run_for(2_100)

    editor.put(reset=0, variables=[])  # the line is back: an update without what was typed

    first, again = editor.sent()
    assert (first["text"], first["n"], first["attempt"]) == ("kept", 1, 1)
    assert (again["text"], again["n"], again["attempt"]) == ("kept", 1, 2)
    editor.put(checked="kept", acknowledged={first["client"]: 1})
    editor.page.clock.run_for(120_000)
    assert len(editor.sent()) == 2


def test_control_enter_sends_and_asks_for_a_test(editor: Editor) -> None:
    editor.type("curr")
    expect(editor.options.first).to_be_visible()
    editor.page.keyboard.press("Control+Enter")

    assert editor.sent()[-1]["text"] == "curr"
    assert [code["text"] for code in editor.stage.heard("editor", "commit")] == ["curr"]
    assert editor.text() == "curr"


def test_escape_leads_back_to_where_the_keyboard_was(editor: Editor) -> None:
    editor.page.evaluate(
        "() => { const button = document.createElement('button'); button.id = 'row'; button.textContent = 'Row';"
        " document.querySelector('main').prepend(button); button.focus(); }"
    )
    editor.put(focus=1)
    expect(editor.textbox).to_be_focused()

    editor.type("cust")
    expect(editor.options.first).to_be_visible()
    editor.page.keyboard.press("Escape")
    expect(editor.options).to_have_count(0)
    expect(editor.textbox).to_be_focused()
    editor.page.keyboard.press("Escape")

    expect(editor.page.locator("#row")).to_be_focused()
    assert editor.sent()[-1]["text"] == "cust"


def test_a_dialog_that_took_the_keyboard_gives_it_back(editor: Editor) -> None:
    editor.type("12")
    editor.page.evaluate(
        "() => { const dialog = document.createElement('section'); dialog.setAttribute('role', 'dialog');"
        " dialog.tabIndex = -1; document.body.append(dialog); dialog.focus(); }"
    )
    expect(editor.textbox).not_to_be_focused()

    editor.page.evaluate("() => document.querySelector('[role=dialog]').remove()")

    expect(editor.textbox).to_be_focused()
    editor.page.keyboard.type("3")
    assert editor.text() == "123"


def test_tab_leaves_the_editor(editor: Editor) -> None:
    editor.page.evaluate(
        "() => { const button = document.createElement('button'); button.id = 'next';"
        " document.querySelector('main').append(button); }"
    )
    editor.type("12")

    editor.page.keyboard.press("Tab")

    expect(editor.page.locator("#next")).to_be_focused()
    assert editor.text() == "12"


def test_letters_typed_here_are_no_commands_of_the_page(editor: Editor) -> None:
    editor.type("rc")
    editor.page.keyboard.press("Escape")
    editor.textbox.focus()
    editor.page.keyboard.press("F8")

    assert editor.stage.global_keys() == ["F8"]


def test_an_update_that_overtakes_another_leaves_one_editor(editor: Editor) -> None:
    for count in range(10):
        editor.put(variables=[{"label": f"$v{count}", "value": "", "help": ""}])

    expect(editor.part.locator(".cm-editor")).to_have_count(1)
    editor.type("12")
    assert editor.text() == "12"


def test_an_editor_that_leaves_the_page_sends_what_was_typed(editor: Editor) -> None:
    editor.stop_the_clock()
    editor.type("late")

    editor.stage.take("editor")
    editor.page.clock.run_for(1)

    assert [code["text"] for code in editor.sent()] == ["late"]
