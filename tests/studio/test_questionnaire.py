"""Each kind of question is drawn as what it is, and tells its answer as the schema wants it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROW = {"type": "object", "properties": {"from": {"type": "string", "title": "From"}, "to": {"type": "string"}}}
SCHEMA: dict[str, Any] = {
    "properties": {
        "name": {"type": "string", "title": "Name of *it* [x]"},
        "count": {"type": "integer", "title": "Count", "minimum": 1, "maximum": 9, "default": 2},
        "limit": {"type": "number", "title": "Limit", "minimum": 0, "maximum": 1, "default": 0.05},
        "paid": {"type": "boolean", "title": "Paid", "default": True},
        "short": {"title": "Short", "oneOf": [{"const": 1, "title": "Draft"}, {"const": 2, "title": "Sent"}]},
        "long": {"title": "Long", "enum": ["a", "b", "c", "d", "e", "f"]},
        "some": {"type": "array", "title": "Some", "items": {"enum": ["x", "y"]}, "default": ["x"]},
        "free": {"type": "array", "title": "Free", "items": {"type": "integer"}, "default": [1, 14]},
        "day": {"type": "string", "title": "Day", "format": "date"},
        "rows": {"type": "array", "title": "Rows", "items": ROW},
        "unit": {"type": "string", "title": "Unit", "x-options": {"resource": "units", "gives": "Id"}, "default": "st"},
        "key": {"type": "string", "title": "Key", "x-secret": True},
    }
}


def form() -> None:
    import streamlit as st

    from engine.design.questionnaire import Option, asked
    from engine.errors import DocumentError, Problem
    from studio.parts.questionnaire import Form, draw

    said = st.session_state.setdefault("said", {})

    def live(_question: object) -> list[Option]:
        if st.session_state.get("down"):
            raise DocumentError([Problem("Books", "nothing answers", "Try again.")])
        return [Option("st", "Stuk"), Option("u", "Uur")]

    draw(asked(st.session_state["schema"], said), Form("form", said.__setitem__, kept={"key"}, options=live))


@pytest.fixture
def page() -> AppTest:
    test = AppTest.from_function(form, default_timeout=60)
    test.session_state["schema"] = SCHEMA
    test.run()
    assert not test.exception
    return test


def said(page: AppTest) -> dict[str, Any]:
    page.run()
    assert not page.exception
    return dict(page.session_state["said"])


def test_a_form_shows_defaults_and_says_nothing_by_itself(page: AppTest) -> None:
    assert said(page) == {}
    assert page.number_input(key="form_count").value == 2
    assert page.number_input(key="form_limit").value == 0.05
    assert page.toggle(key="form_paid").value is True
    assert page.multiselect(key="form_free").value == ["1", "14"] or page.multiselect(key="form_free").value == [1, 14]


def test_answers_have_the_kinds_of_the_schema(page: AppTest) -> None:
    page.text_input(key="form_name").set_value("  Linde ")
    page.number_input(key="form_count").set_value(5)
    page.number_input(key="form_limit").set_value(0.1)
    page.toggle(key="form_paid").set_value(False)
    page.selectbox(key="form_long").set_value("d")
    page.multiselect(key="form_some").set_value(["x", "y"])
    page.date_input(key="form_day").set_value("2026-01-31")

    answers = said(page)

    assert answers["name"] == "Linde"
    assert (answers["count"], type(answers["count"])) == (5, int)
    assert (answers["limit"], answers["paid"], answers["long"]) == (0.1, False, "d")
    assert (answers["some"], answers["day"]) == (["x", "y"], "2026-01-31")


def test_few_short_options_stand_side_by_side(page: AppTest) -> None:
    page.button_group(key="form_short").set_value(2)

    assert said(page)["short"] == 2


def test_options_of_a_system_are_offered_by_their_names(page: AppTest) -> None:
    unit = page.button_group(key="form_unit")

    assert list(unit.options) == ["Stuk", "Uur"]


def test_where_a_system_does_not_answer_the_value_can_be_typed(page: AppTest) -> None:
    page.session_state["down"] = True
    page.run()

    assert "nothing answers" in page.error[0].value
    page.text_input(key="form_unit").set_value("kg")
    assert said(page)["unit"] == "kg"


def test_a_kept_secret_is_not_shown_and_its_absence_is_no_fault(page: AppTest) -> None:
    key = page.text_input(key="form_key")

    assert (key.value, key.placeholder) == ("", "kept; type to replace")


def test_a_title_is_read_as_it_stands(page: AppTest) -> None:
    assert page.text_input(key="form_name").label == r"Name of \*it\* \[x\] (optional)"


def test_what_is_wrong_is_said_beneath(page: AppTest) -> None:
    page.session_state["said"] = {"count": 12}
    page.session_state["schema"] = {"properties": {"count": {"type": "string", "title": "Count", "maxLength": 1}}}
    page.run()

    assert any("must be text, not a number" in line.value for line in page.markdown)
