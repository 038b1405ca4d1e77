"""The page of value tables: what is missing, what is taken, who else was there, and what it says of odd flows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.design.desk import owner
from engine.design.lookups import table_of, tables_of
from studio.state import drafts
from tests.studio.lookups.conftest import Screen

Show = Callable[..., Screen]


def test_a_value_without_a_row_is_on_top_and_one_click_adds_the_proposal(show: Show) -> None:
    screen = show()

    assert "1 value occurs and has no row" in screen.says()
    assert "“klarna_pay_now” gives this" in screen.says()
    screen.click("Add")
    assert screen.rows("payment_terms")["klarna_later"] == "Betaaldienst"
    assert "1 value occurs" not in screen.says()
    assert "Runs use the published rows until this draft is published." in screen.says()


def test_undo_and_redo_reach_the_rows(show: Show) -> None:
    screen = show()
    screen.click("Add")
    screen.click("Undo")
    assert "klarna_later" not in screen.rows("payment_terms")
    screen.click("Redo")
    assert "klarna_later" in screen.rows("payment_terms")


def change_elsewhere(screen: Screen, key: str) -> None:
    draft = drafts().open(screen.flow)
    operation = {"op": "set_row", "lookup": "payment_terms", "key": key, "value": "Contant"}
    drafts().of(owner()).apply(screen.flow, [operation], by="Anna", revision=draft.revision)


def test_second_editor_is_asked_and_both_changes_can_stay(show: Show) -> None:
    screen = show()
    change_elsewhere(screen, "new")
    screen.click("Add")

    assert "This draft was changed in another window" in screen.says()
    assert "klarna_later" not in screen.rows("payment_terms")
    screen.click("Put my change on top of theirs")
    assert {"new", "klarna_later"} <= set(screen.rows("payment_terms"))


def test_second_editor_can_leave_it_as_it_is(show: Show) -> None:
    screen = show()
    change_elsewhere(screen, "new")
    screen.click("Add")
    screen.click("Drop my change")

    assert "new" in screen.rows("payment_terms")
    assert "klarna_later" not in screen.rows("payment_terms")
    assert "This draft was changed" not in screen.says()


def test_pasted_rows_are_looked_at_first_and_then_taken(show: Show) -> None:
    screen = show("article_endings")
    screen.app.text_area[0].set_value("9\t-9\n25\t-25").run()

    assert "1 new · 0 changed · 0 removed" in screen.says()
    assert screen.rows("article_endings") == {"25": "-25"}
    screen.click("Take 2 rows")
    assert screen.rows("article_endings") == {"25": "-25", "9": "-9"}
    assert screen.app.text_area[0].value == ""


def test_a_bad_paste_changes_nothing_and_stays_to_be_mended(show: Show) -> None:
    screen = show("article_endings")
    screen.app.text_area[0].set_value("9\t-9\n9\t-10").run()

    assert "lines 1 and 2" in screen.says()
    assert not [button for button in screen.app.button if button.label.startswith("Take")]
    assert screen.app.text_area[0].value == "9\t-9\n9\t-10"


def test_what_happens_to_any_other_value_is_a_sentence_that_can_be_changed(show: Show) -> None:
    screen = show("article_endings")
    choice = next(each for each in screen.app.selectbox if each.label.startswith("What happens"))
    assert choice.value == "value"
    field = next(each for each in screen.app.text_input if each.label == "Value for everything else")
    field.set_value("-0").run()
    assert '"do": "value", "value": "-0"' in drafts().open(screen.flow).text

    choice = next(each for each in screen.app.selectbox if each.label.startswith("What happens"))
    choice.set_value("fail").run()
    assert "2 values occur and have no row: records with them are parked." in screen.says()


def test_an_unconnected_target_is_said(show: Show) -> None:
    assert "Visma eAccounting is not connected, so its payment terms cannot be offered here" in show().says()


def test_the_places_that_use_a_table_are_named(show: Show) -> None:
    assert "Customer: Payment terms" in show().says()
    assert "the named value priced" in show("article_endings").says()


def test_another_table_is_chosen_and_stays_in_the_address(show: Show) -> None:
    screen = show()
    screen.app.radio[0].set_value("units").run()

    assert screen.app.subheader[0].value == "Units by name"
    assert screen.app.query_params["lookup"] == "units"
    assert "These rows are read from the target" in screen.says()


def test_a_new_table_is_added_and_shown(show: Show) -> None:
    screen = show()
    field = next(each for each in screen.app.text_input if each.label == "What is the table for?")
    field.set_value("Stores by country, 2026")
    screen.click("Add it")

    assert screen.rows("stores_by_country_2026") == {}
    assert screen.app.subheader[0].value == "Stores by country, 2026"


def test_hostile_texts_are_shown_as_they_are(show: Show) -> None:
    title = "# <img src=x onerror=alert(1)> [a](http://x)"

    def change(document: dict[str, Any]) -> None:
        document["lookups"]["payment_terms"]["title"] = title

    shown = show(change=change).app.subheader[0].value

    assert shown.replace("\\", "").replace("\u2060", "") == title  # the joiner keeps an address from becoming a link
    assert "\\<img" in shown
    assert "\\[a\\]" in shown


def test_tables_of_a_broken_flow_can_be_changed(show: Show) -> None:
    screen = show("article_endings", lambda document: document["source"].pop("connector"))

    assert "The rest of this flow cannot be read" in screen.says()
    assert "gone" not in " ".join(screen.app.radio[0].options)
    screen.app.text_area[0].set_value("9;-9").run()
    screen.click("Take 1 row")
    assert screen.rows("article_endings")["9"] == "-9"


def test_a_flow_without_tables_says_so(show: Show) -> None:
    screen = show(change=lambda document: document.pop("lookups"))

    assert "This flow has no lookups." in screen.says()


def test_two_thousand_rows_are_shown(show: Show) -> None:
    def change(document: dict[str, Any]) -> None:
        document["lookups"]["payment_terms"]["rows"] = {f"method {n}": "Pin" for n in range(2000)}

    assert "2,000 rows" in str(show(change=change).app.radio[0].proto.captions)


def field(screen: Screen, kind: str, label: str, number: int = 0) -> Any:
    return [each for each in getattr(screen.app, kind) if each.label == label][number]


def test_a_new_table_can_name_records_of_the_target(show: Show) -> None:
    screen = show()
    choice = field(screen, "selectbox", "What its rows name in the target")
    assert {"Payment terms", "Units"} <= set(choice.options)
    choice.set_value("units")
    field(screen, "text_input", "What is the table for?").set_value("Units by code")
    screen.click("Add it")

    made = table_of(drafts().open(screen.flow).text, "units_by_code")
    assert made.refers is not None
    assert (made.refers.resource, made.refers.gives) == ("units", "Id")


def test_a_table_is_retitled_and_one_in_use_is_not_removed(show: Show) -> None:
    screen = show("article_endings")
    titles = [each for each in screen.app.text_input if each.value == "Ending of the article number by tax rate"]
    titles[0].set_value("Endings")
    screen.click("Change it")
    assert screen.app.subheader[0].value == "Endings"

    screen.click("Remove it")
    assert "is still used in the named value priced" in screen.says()
    assert screen.rows("article_endings") == {"25": "-25"}


def test_a_table_that_nothing_asks_is_removed(show: Show) -> None:
    screen = show("old", lambda document: document["lookups"].update(old=dict(OLD)))
    screen.click("Remove it")

    assert "old" not in tables_of(drafts().open(screen.flow).text)
    assert screen.app.query_params["lookup"] == "payment_terms"


OLD = {"title": "Old", "rows": {}, "otherwise": {"do": "fail"}}


def test_flows_are_chosen_by_title_and_broken_ones_are_told(show: Show, workspace: Path) -> None:
    broken = workspace / "saved_mappings" / "broken\nname.json"
    broken.write_text("{")
    (workspace / "saved_mappings" / "unread.json").write_text("{")
    try:
        screen = show(change=lambda document: document.update(title="Orders, tried"))
        assert "Orders, tried" in field(screen, "selectbox", "Flow").options
        assert "its name cannot be that of a flow" in screen.says()
        assert "saved_mappings/unread.json, line 1" in screen.says()
        assert screen.app.subheader[0].value == "Payment terms by payment method"
    finally:
        broken.unlink()
        (workspace / "saved_mappings" / "unread.json").unlink()
