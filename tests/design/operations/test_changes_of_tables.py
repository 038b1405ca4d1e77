"""Operations on named values, questions, lookups, examples and titles: what each changes, and what it refuses."""

from __future__ import annotations

import json

from tests.design.operations.pair import FLOW, changed, difference, done, read, refusal

# --- values, questions, lookups


def test_a_named_value_comes_and_goes() -> None:
    operation = {"op": "set_value", "name": "city", "formula": "delivery.city"}

    assert list(read(done(operation))["values"]) == ["total", "city"]
    assert done(operation, {**operation, "formula": ""}) == FLOW
    gone = done({"op": "set_value", "name": "total", "formula": ""})
    assert "values" not in read(gone)
    assert list(read(done(operation, text=gone)))[-2:] == ["values", "steps"]
    assert "cannot be the name of a value" in refusal({**operation, "name": "Die Stadt"}).what


def test_an_answer_is_the_default_of_its_question() -> None:
    operation = {"op": "set_answer", "question": "unit", "value": "box"}

    assert read(done(operation))["questions"]["properties"]["unit"]["default"] == "box"
    assert "default" not in read(done({"op": "set_answer", "question": "unit"}))["questions"]["properties"]["unit"]
    assert refusal({**operation, "question": "units"}).what_to_do == "Did you mean “unit”?"


def test_rows_come_change_and_go() -> None:
    row = {"op": "set_row", "lookup": "terms", "key": "card", "value": "Card"}

    assert difference(row) == [
        '-"rows": {"ideal": "Paid at once", "invoice": "30 days"},',
        '+"rows": {"ideal": "Paid at once", "invoice": "30 days", "card": "Card"},',
    ]
    assert done(row, {"op": "remove_row", "lookup": "terms", "key": "card"}) == FLOW
    assert done({"op": "remove_row", "lookup": "terms", "key": "card"}) == FLOW
    assert read(done({"op": "set_rows", "lookup": "terms", "rows": {"a": 1}}))["lookups"]["terms"]["rows"] == {"a": 1}
    assert "a row's value is" in refusal({**row, "value": [1]}).what
    assert refusal({**row, "lookup": "term"}).what_to_do == "Did you mean “terms”?"


def test_the_keys_of_rows_are_texts_whatever_they_look_like() -> None:
    """A row named like a key of the document, or like a number, is only a row."""
    keys = ["rows", "0", "", "a.b", "ключ", '"', "default"]
    text = done(*({"op": "set_row", "lookup": "terms", "key": key, "value": key} for key in keys))

    assert list(read(text)["lookups"]["terms"]["rows"]) == ["ideal", "invoice", *keys]
    back = done(*({"op": "remove_row", "lookup": "terms", "key": key} for key in keys), text=text)
    assert back == FLOW


def test_what_happens_without_a_row() -> None:
    operation = {"op": "set_otherwise", "lookup": "terms", "do": "value", "value": None}

    assert read(done(operation))["lookups"]["terms"]["otherwise"] == {"do": "value", "value": None}
    assert done(operation, {"op": "set_otherwise", "lookup": "terms", "do": "fail"}) == FLOW
    assert "no value is given" in refusal({"op": "set_otherwise", "lookup": "terms", "do": "value"}).what


def test_a_new_lookup_is_empty_and_parks_what_it_does_not_know() -> None:
    operation = {"op": "add_lookup", "lookup": "units", "title": "Units"}

    assert read(done(operation))["lookups"]["units"] == {"title": "Units", "rows": {}, "otherwise": {"do": "fail"}}
    assert done(operation, operation) == done(operation)
    assert "there already" in refusal(operation, {**operation, "title": "Others"}).what.replace(
        " is a lookup “units”", ""
    )
    assert "cannot be the name" in refusal({**operation, "lookup": "My units"}).what


def test_a_lookup_gets_another_title_and_other_records() -> None:
    title = {"op": "set_lookup", "lookup": "terms", "title": " Terms "}
    refers = {"connector": "books", "resource": "units", "by": "Name", "gives": "Id"}
    terms = read(done(title, {"op": "set_lookup", "lookup": "terms", "refers": refers}))["lookups"]["terms"]

    assert (terms["title"], terms["refers"]) == ("Terms", refers)
    assert list(terms) == ["title", "refers", "rows", "otherwise"]
    assert "refers" not in read(done({"op": "set_lookup", "lookup": "terms", "refers": None}))["lookups"]["terms"]
    assert "nothing is said" in refusal({"op": "set_lookup", "lookup": "terms"}).what
    assert (
        "rows of its own" in refusal({"op": "set_lookup", "lookup": "terms", "refers": {**refers, "every": True}}).what
    )
    assert refusal({"op": "set_lookup", "lookup": "terms", "refers": {"connector": "books"}}).where.startswith(
        "lookups"
    )


def test_a_lookup_that_is_still_asked_is_not_taken_away() -> None:
    remove = {"op": "remove_lookup", "lookup": "terms"}
    unlink = {"op": "unlink", "step": "customer", "target": "TermsId"}
    value = {"op": "set_value", "name": "title", "formula": '$table( "terms" ,\n "x")'}
    note = {"op": "set_note", "step": "customer", "target": "Name", "note": 'Not $table("terms", x).'}

    assert "still used in customer: TermsId" in refusal(remove).what
    assert "the named value title" in refusal(value, unlink, remove).what
    assert "lookups" not in read(done(unlink, note, remove))
    another = {"op": "add_lookup", "lookup": "units", "title": "Units"}
    assert list(read(done(unlink, another, remove))["lookups"]) == ["units"]
    assert refusal({**remove, "lookup": "term"}).what_to_do == "Did you mean “terms”?"


def test_a_lookup_that_is_asked_in_a_condition_a_check_or_an_example_is_not_taken_away() -> None:
    document = read(done({"op": "unlink", "step": "customer", "target": "TermsId"}))
    document["source"]["where"] = [{"condition": ['$table("terms", x)', '= "y"'], "says": "It waits."}]
    document["steps"][0]["when"] = "$table('terms', "  # no formula yet
    document["examples"] = [{"title": "One", "given": {}, "lookups": {"terms": {}}, "skipped": True}]
    said = refusal({"op": "remove_lookup", "lookup": "terms"}, text=json.dumps(document)).what

    assert said.endswith("still used in a condition of the source; customer: its when; the example “One”")


# --- examples and titles


def test_an_example_is_added_replaced_by_title_and_taken_away() -> None:
    example = {"title": "One", "given": {"number": "W-1"}, "skipped": True}
    add = {"op": "add_example", "example": example}
    text = done(add, {"op": "add_example", "example": {**example, "title": "Two"}})

    assert [held["title"] for held in read(text)["examples"]] == ["One", "Two"]
    assert done(add, text=text) == text
    other = done({"op": "add_example", "example": {**example, "given": {"number": "W-2"}}}, text=text)
    assert [held["given"]["number"] for held in read(other)["examples"]] == ["W-2", "W-1"]
    one = done({"op": "remove_example", "index": 0}, text=text)
    assert [held["title"] for held in read(one)["examples"]] == ["Two"]
    assert done({"op": "remove_example", "index": 0}, text=one) == FLOW


def test_an_example_named_by_its_title_is_taken_away_once() -> None:
    examples = [{"title": title, "given": {}, "skipped": True} for title in ("One", "Two")]
    text = changed(examples=examples)
    operation = {"op": "remove_example", "index": 0, "title": "One"}

    assert done(operation, operation, text=text) == done(operation, text=text)
    assert "no example at this position" in refusal({"op": "remove_example", "index": 2}, text=text).what


def test_an_example_that_is_none_is_refused_with_the_reason() -> None:
    problem = refusal({"op": "add_example", "example": {"title": "x"}})

    assert "lacks `given`" in problem.what


def test_a_flow_needs_a_title() -> None:
    assert difference({"op": "set_title", "title": "Other"})[1] == '+"title": "Other",'
    assert "needs a title" in refusal({"op": "set_title", "title": ""}).what
