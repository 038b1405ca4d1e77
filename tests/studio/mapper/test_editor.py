"""The formula editor in a real browser, Python's part played by the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.studio.mapper.conftest import Stage


def node(id: str, parent: str | None, name: str, type: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": id, "parent": parent, "name": name, "label": name, "type": type, **more}


TREES = {
    "kind": "trees",
    "revision": "r1",
    "source": {
        "title": "Orders",
        "nodes": [
            node("ordernumber", None, "ordernumber", "integer", label="Order number", value="10482"),
            node("currency", None, "currency", value="SEK"),
            node("customer", None, "customer", "object", label="Customer"),
            node("customer.email", "customer", "email", label="E-mail", value="anna@example.com", personal=True),
            node("customer.firstname", "customer", "firstname", label="First name", value="Anna"),
            node("customer.e-mail 2", "customer", "e-mail 2", label="Second e-mail"),
            node(
                "customer.remark", "customer", "remark", value="<img src=x onerror=alert(1)> \u202etxt " + "long " * 20
            ),
            node("orderrows", None, "orderrows", "list", label="Rows"),
            node("orderrows[].price", "orderrows", "price", "number", label="Price", value="19.99"),
            node("orderrows[].quantity", "orderrows", "quantity", "number", label="Quantity", value="3"),
            node("$answers", None, "$answers", "object", label="Settings"),
            node("$answers.unit", "$answers", "unit", label="Unit of articles", value="st"),
            node("$lookups", None, "$lookups", "object", label="Lookups"),
            node("$lookups.payment_terms", "$lookups", "payment_terms", "table", label="Payment terms"),
            node("$steps", None, "$steps", "object", label="Earlier steps"),
            node("$steps.customer", "$steps", "customer", "object", label="Customer"),
            node("$steps.customer.Id", "$steps.customer", "Id", label="Id"),
        ],
    },
    "target": {"title": "Invoice", "nodes": []},
    "texts": {},
}


def function(name: str, arguments: str, help: str, example: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "arguments": arguments.split(", "),
        "signature": f"${name}({arguments})",
        "help": help,
        "example": example,
    }


FUNCTIONS = [
    function(
        "money", "amount, decimals = 2", "Rounds an amount of money; half a cent goes up.", "$money(1.005) → 1.01"
    ),
    function("multiply", "a, b, …", "The exact product.", "$multiply(3, 19.99) → 59.97"),
    function("uppercase", "text", "The text in capitals."),
    function("truncate", "text, length", "The text cut to a length.", '$truncate("Storgatan", 4) → "Stor"'),
]


def data(**more: Any) -> dict[str, Any]:
    text = more.get("text", "")
    return {
        "kind": "editor",
        "document": "order/Name",
        "reset": 0,
        "text": text,
        "checked": text,
        "diagnostics": [],
        "trees": "r1",
        "scope": None,
        "functions": FUNCTIONS,
        "variables": [{"label": "$index", "value": "0", "help": "The number of the row, from 0."}],
        "label": "Formula of Name",
        "placeholder": "Type a formula, or drag a field here",
        "height": 150,
        "texts": {},
        "acknowledged": {},
        **more,
    }


def finding(start: int, end: int, message: str = "There is no field here.", severity: str = "error") -> dict[str, Any]:
    return {"from": start, "to": end, "severity": severity, "message": message}


class Editor:
    """The editor as somebody sees it."""

    def __init__(self, stage: Stage, **more: Any) -> None:
        self.stage = stage
        self.page = stage.page
        self.part = stage.part("editor")
        self.textbox = self.part.get_by_role("textbox", name="Formula of Name")
        self.options = self.part.get_by_role("option")
        self.marks = self.part.locator(".cm-lintRange")
        self.status = self.part.get_by_role("status")
        stage.put("trees", TREES)
        self.put(**more)

    def put(self, **more: Any) -> None:
        self.stage.put("editor", data(**more))

    def type(self, text: str) -> None:
        self.textbox.focus()
        self.page.keyboard.type(text)

    def text(self) -> str:
        lines: list[str] = self.part.locator(".cm-line").evaluate_all("lines => lines.map(line => line.textContent)")
        return "\n".join(lines)

    def sent(self) -> list[Any]:
        return self.stage.heard("editor", "code")

    def stop_the_clock(self) -> None:
        """From now on time passes only where the test says so."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(60_000)

    def take(self, proposal: str) -> None:
        """Take the first proposal, once it is this one."""
        expect(self.options.first).to_contain_text(proposal)
        self.page.wait_for_timeout(100)  # a list that has just come up takes no Enter meant for a new line
        self.page.keyboard.press("Enter")

    def option(self, label: str) -> Locator:
        return self.options.filter(has=self.page.get_by_text(label, exact=True))


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
