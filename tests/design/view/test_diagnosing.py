"""A formula while it is typed: what it gives, what is wrong and where; and how a field came to its value."""

from __future__ import annotations

import time

from engine.design.view import Live
from tests.design.view.conftest import RECORD, Look, with_field


def marked(look: Look, formula: str, target: str = "Number") -> list[tuple[str, str]]:
    """(the text under the mark, severity) of each finding."""
    found = look().diagnose("order", target, formula)["diagnostics"]
    return [(formula[each["from"] : each["to"]], each["severity"]) for each in found]


def test_a_sound_formula_gives_its_value_and_no_mark(look: Look) -> None:
    told = look().diagnose("order", "Number", "$uppercase(name)")

    assert told == {"value": "ANNA", "shown": "ANNA", "diagnostics": [], "reads": ["name"], "lacks": ""}


def test_an_error_is_marked_at_its_token(look: Look) -> None:
    assert marked(look, "name & 2)") == [(")", "error")]
    assert marked(look, "1 + name") == [("+", "error")]
    assert marked(look, "$uppercase(name") == [("name", "error")]


def test_a_path_that_leads_nowhere_is_a_warning_with_what_was_meant(look: Look) -> None:
    [told] = look().diagnose("order", "Number", "nmae & id")["diagnostics"]

    assert (told["from"], told["to"], told["severity"]) == (0, 4, "warning")
    assert "Did you mean “name”?" in told["message"]
    assert told["proposal"] == "name & id"


def test_a_half_written_name_is_no_error(look: Look) -> None:
    for begun in ("na", "buyer.em", "$upper", "$answers.gre", "$values.to", "$ans"):
        assert "error" not in [severity for _, severity in marked(look, begun)], begun


def test_a_function_nobody_knows_is_an_error_once_more_is_written(look: Look) -> None:
    assert ("$uppercas", "error") in marked(look, "$uppercas(name)")


def test_what_the_target_refuses_is_marked(look: Look) -> None:
    formula = "name & name & name & name & name & name"

    assert marked(look, formula) == [(formula, "error")]


def test_a_formula_in_rows_is_tried_on_the_first_items(look: Look) -> None:
    assert look().diagnose("order", "Rows[].UnitPrice", "price * 2")["shown"] == "25 · 4"


def test_a_missing_connection_is_no_error_of_the_formula(look: Look) -> None:
    told = look().diagnose("order", "Currency", '$uppercase($facts.target.currency) & "!" & 1 + 1')

    assert told["lacks"].startswith("Needs a connection to Books")


def test_a_formula_that_never_ends_shows_its_limit_and_the_page_lives_on(look: Look) -> None:
    view = look()
    told = view.diagnose("order", "Rows[].UnitPrice", "($f := function($n) {$f($n + 1)}; $f(price))")

    assert "error" in [each["severity"] for each in told["diagnostics"]]
    assert view.diagnose("order", "Number", "id")["value"] == "W-1"

    started = time.monotonic()
    view.diagnose("order", "Rows[].UnitPrice", "($f := function($n) {$f($n + 1)}; $f(price))")
    assert time.monotonic() - started < 0.5  # its limit is not used up a second time


def test_a_field_of_rows_that_never_ends_costs_its_limit_once(look: Look) -> None:
    many = {**RECORD, "lines": [{"sku": f"S{n}", "price": n} for n in range(50)]}
    started = time.monotonic()
    view = look(with_field("Rows[].UnitPrice", "($f := function($n) {$f($n + 1)}; $f(price))"), many)

    assert view.picture("order")["fields"]["Rows[].UnitPrice"]["status"] == "error"
    assert view.picture("order")["fields"]["Number"]["value"] == "W-1"
    assert time.monotonic() - started < 12


def test_explain_says_a_field_in_words_with_what_it_read(look: Look) -> None:
    told = look().explain("customer", "Name")

    assert told["words"] == "the answer to «Greeting», space, name"
    [result] = told["results"]
    assert result["shown"] == "Hello Anna"
    assert {read["path"]: read["shown"] for read in result["reads"]} == {"$answers.greeting": "Hello", "name": "Anna"}


def test_explain_tells_lookups_and_what_the_finish_changed(look: Look, connected: Live) -> None:
    view = look(live=connected)

    assert view.explain("customer", "Terms")["results"][0]["lookups"] == [
        {"lookup": "terms", "key": "card", "shown": "PAID", "missing": False}
    ]
    [date] = view.explain("order", "OrderDate")["results"]
    assert (date["gave"], date["shown"]) == ("2026-11-20T10:00:00Z", "2026-11-20")
    assert date["notes"] == ["the time of day was left out"]


def test_explain_tells_the_first_items_of_rows(look: Look) -> None:
    told = look().explain("order", "Rows[].UnitPrice")

    assert [each["shown"] for each in told["results"]] == ["12.5", "2"]
    assert told["count"] == 2


def test_explain_of_what_is_not_mapped_has_no_words(look: Look) -> None:
    assert look().explain("order", "Address.City")["words"] == ""
    assert look().explain("nowhere", "Number")["results"] == []
