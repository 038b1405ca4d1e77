"""Operations on formulas, steps, lookups, questions and examples: what each changes, and what it refuses."""

from __future__ import annotations

import contextlib
import difflib
import json
from typing import Any

import pytest

from engine.design.operations import NAMES, apply, described
from engine.design.operations.kinds import KINDS
from engine.documents.schemas import validate
from engine.errors import DocumentError, OperationRefused
from tests.design.operations.pair import FLOW, changed, done, fields, read, refusal


def lines_of(before: str, after: str) -> list[str]:
    """The lines that differ, without their indentation."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line[0] + line[1:].strip() for line in found if not line.startswith(("---", "+++", "@@"))]


def difference(operation: dict[str, Any], text: str = FLOW) -> list[str]:
    return lines_of(text, done(operation, text=text))


# --- fields


def test_writing_a_formula_changes_its_line_only() -> None:
    operation = {"op": "set_formula", "step": "customer", "target": "Email", "formula": "buyer.mail"}

    assert difference(operation) == [
        '-"Email": {"formula": "$lowercase(buyer.email)", "write": "on_create"},',
        '+"Email": {"formula": "buyer.mail", "write": "on_create"},',
    ]


def test_a_formula_held_as_lines_stays_lines() -> None:
    text = done({"op": "set_formula", "step": "customer", "target": "Email", "formula": "a\r\n& b\n"})
    assert fields(text, "customer")["Email"]["formula"] == ["a", "& b"]

    again = done({"op": "set_formula", "step": "customer", "target": "Email", "formula": "a"}, text=text)
    assert fields(again, "customer")["Email"]["formula"] == ["a"]


def test_a_new_mapping_stands_behind_its_neighbours() -> None:
    row = {"op": "set_formula", "step": "order", "target": "Rows[].Text", "formula": "name"}
    top = {"op": "set_formula", "step": "order", "target": "Text", "formula": "number"}

    assert list(fields(done(top, row), "order")) == [
        *("Reference", "CustomerId", "Rows[]", "Rows[].Article", "Rows[].Price", "Rows[].LineNumber", "Rows[].Text"),
        "Text",
    ]


def test_an_empty_formula_takes_the_mapping_away() -> None:
    operation = {"op": "set_formula", "step": "order", "target": "CustomerId", "formula": " \n"}

    assert difference(operation) == ['-"CustomerId": {"formula": "$steps.customer.Id"},']
    assert done(operation) == done({"op": "unlink", "step": "order", "target": "CustomerId"})


def test_a_list_goes_with_the_fields_of_its_items_and_its_formula_may_come_back() -> None:
    after = done({"op": "unlink", "step": "order", "target": "Rows[]"})

    assert list(fields(after, "order")) == ["Reference", "CustomerId"]


def test_a_step_whose_last_mapping_goes_keeps_its_schema() -> None:
    gone = [{"op": "unlink", "step": "customer", "target": target} for target in ("Name", "Email", "TermsId")]
    text = done(*gone)

    assert "fields" not in read(text)["steps"][0]
    assert validate(read(text), "flow") == []
    assert fields(done({"op": "link", "step": "customer", "target": "Name", "source": "number"}, text=text), "customer")


def test_what_is_gone_already_stays_gone() -> None:
    assert done({"op": "unlink", "step": "customer", "target": "Phone"}) == FLOW
    assert done({"op": "set_formula", "step": "customer", "target": "Phone", "formula": ""}) == FLOW


def test_a_write_rule_and_a_note_are_kept_with_the_mapping() -> None:
    rule = {"op": "set_write", "step": "customer", "target": "Name", "write": "if_empty"}
    note = {"op": "set_note", "step": "customer", "target": "Name", "note": " Names change. "}

    text = done(rule, note)

    assert fields(text, "customer")["Name"] == {
        "formula": "$truncate(buyer.name, 50)",
        "write": "if_empty",
        "note": "Names change.",
    }
    assert done({**rule, "write": "always"}, {**note, "note": ""}, text=text) == FLOW


def test_a_row_has_no_write_rule_of_its_own() -> None:
    problem = refusal({"op": "set_write", "step": "order", "target": "Rows[].Price", "write": "on_create"})

    assert problem.what_to_do == "Say it of “Rows[]”."


def test_a_mapping_moves_with_its_rule_and_place() -> None:
    operation = {"op": "move", "step": "customer", "target": "Email", "to": "Phone"}

    assert difference(operation) == [
        '-"Email": {"formula": "$lowercase(buyer.email)", "write": "on_create"},',
        '+"Phone": {"formula": "$lowercase(buyer.email)", "write": "on_create"},',
    ]


def test_a_list_moves_with_the_fields_of_its_items() -> None:
    text = FLOW.replace('"Rows[]', '"Lines[]')

    assert done({"op": "move", "step": "order", "target": "Lines[]", "to": "Rows[]"}, text=text) == FLOW


@pytest.mark.parametrize(
    ("target", "to", "said"),
    [
        ("Email", "Name", "“Name” is mapped already"),
        ("Email", "Rows[].Text", "means something else outside it"),
        ("Phone", "Email2", "there is no mapping of a field “Phone”"),
        ("Email", "Mobile", "there is no field “Mobile”"),
    ],
)
def test_a_move_that_would_lose_something_is_refused(target: str, to: str, said: str) -> None:
    assert said in refusal({"op": "move", "step": "customer", "target": target, "to": to}).what


# --- steps


def test_a_match_is_set_part_by_part_and_taken_away() -> None:
    operation = {"op": "set_match", "step": "customer", "field": "Name", "formula": "buyer.name", "where": "Active"}
    text = done(operation)

    assert read(text)["steps"][0]["match"] == {"field": "Name", "formula": "buyer.name", "where": "Active"}
    back = {"op": "set_match", "step": "customer", "field": "Email", "formula": "$lowercase(buyer.email)", "where": ""}
    assert done(back, text=text) == FLOW
    gone = done({**operation, "formula": ""})
    assert "match" not in read(gone)["steps"][0]
    assert list(read(done(operation, text=gone))["steps"][0])[4] == "match"


def test_a_policy_is_a_name_or_a_formula() -> None:
    by_formula = {"op": "set_policy", "step": "order", "formula": 'paid ? "create" : "must_exist"'}

    assert difference({"op": "set_policy", "step": "order", "policy": "create"}) == [
        '-"policy": "skip_if_exists",',
        '+"policy": "create",',
    ]
    text = done(by_formula)
    assert read(text)["steps"][1]["policy"] == {"formula": by_formula["formula"]}
    assert done({"op": "set_policy", "step": "order", "policy": "skip_if_exists"}, text=text) == FLOW
    assert "one of them" in refusal({"op": "set_policy", "step": "order"}).what
    assert "one of them" in refusal({**by_formula, "policy": "create"}).what


def test_a_condition_and_a_title_of_a_step() -> None:
    when = {"op": "set_when", "step": "order", "formula": "paid"}

    assert difference(when) == ['+"when": "paid",']
    assert done(when, {**when, "formula": ""}) == FLOW
    assert difference({"op": "set_step_title", "step": "order", "title": "An order"}) == [
        '-"title": "The order is made",',
        '+"title": "An order",',
    ]
    assert "needs a title" in refusal({"op": "set_step_title", "step": "order", "title": " "}).what


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


# --- operations that are none


@pytest.mark.parametrize(
    ("operation", "said", "advice"),
    [
        ("link", "an operation is an object", "set_title"),
        ({"op": "lnk"}, "there is no operation “lnk”", "Did you mean “link”?"),
        ({"op": 7}, "there is no operation “7”", "There are:"),
        ({"op": "link", "step": "order"}, "the operation says no `target`", "step, target, source"),
        ({"op": "set_title", "title": 1}, "`title` is not a text", ""),
        ({"op": "set_title", "titel": "", "title": "x"}, "has no part `titel`", "Did you mean `title`?"),
        ({"op": "set_when", "step": "ordr", "formula": ""}, "there is no step “ordr”", "Did you mean “order”?"),
        ({"op": "undo"}, "only a draft knows what was done before", ""),
        (
            {"op": "link", "step": "order", "target": "Text", "source": "number", "how": "add"},
            "`how` is not one of replace, join, first",
            "",
        ),
    ],
)
def test_what_is_no_operation_is_refused_in_words(operation: Any, said: str, advice: str) -> None:
    with pytest.raises(OperationRefused) as caught:
        apply(FLOW, operation)

    assert said in caught.value.problems[0].what
    assert advice in caught.value.problems[0].what_to_do


def test_half_a_character_is_refused() -> None:
    with pytest.raises(OperationRefused, match="half a character"):
        apply(FLOW, {"op": "set_title", "title": "\ud800"})


def test_a_formula_that_is_too_long_to_be_evaluated_is_refused() -> None:
    problem = refusal({"op": "set_value", "name": "x", "formula": "a" * 65_537})

    assert "65,537 characters" in problem.what


def test_a_document_that_is_broken_is_said_to_be() -> None:
    with pytest.raises(DocumentError, match="not valid JSON"):
        apply(FLOW[:-3], {"op": "set_title", "title": "x"})


@pytest.mark.parametrize(
    "text", ["[]", '{"steps": 7}', '{"steps": [7]}', '{"steps": [{"step": "order", "fields": 3}]}']
)
def test_a_document_of_another_shape_is_refused_not_met_with_a_fault(text: str) -> None:
    for name in sorted(NAMES - {"undo", "redo"}):
        with contextlib.suppress(DocumentError):
            apply(text, {"op": name, **_any(name)})


def test_a_broken_document_may_be_mended_bit_by_bit() -> None:
    broken = FLOW.replace('"policy": "create_or_update"', '"policy": "whatever"').replace(
        '"title": "Orders', '"tilte": "Orders'
    )

    text = done({"op": "set_policy", "step": "customer", "policy": "create_or_update"}, text=broken)

    assert '"policy": "create_or_update"' in text
    assert validate(read(text), "flow") != []


def _any(name: str) -> dict[str, Any]:
    everything: dict[str, Any] = {
        **dict.fromkeys(("target", "field", "to"), "Text"),
        **dict.fromkeys(("formula", "note", "title", "name", "key"), "a"),
        "step": "order",
        "source": "number",
        "write": "on_create",
        "question": "unit",
        "value": 1,
        "lookup": "terms",
        "rows": {},
        "do": "fail",
        "example": {"title": "t", "given": {}, "skipped": True},
        "index": 0,
    }
    return {key: everything[key] for key in KINDS[name].needs} | ({"policy": "create"} if name == "set_policy" else {})


# --- told in words


def test_every_operation_is_told_in_a_sentence() -> None:
    said = {name: described({"op": name, **_any(name)}) for name in sorted(NAMES)}

    assert said["link"] == "Text is now number"
    assert said["set_match"] == "order is found by Text: a"
    assert all(sentence and "\n" not in sentence and not sentence.endswith(".") for sentence in said.values())


def test_a_long_formula_is_told_in_short() -> None:
    said = described({"op": "set_formula", "step": "order", "target": "Text", "formula": "a\n& " + "b" * 100})

    assert said == "Text is now a & " + "b" * 55 + "…"


def test_unknown_parts_of_a_document_survive() -> None:
    text = json.dumps({"x-own": {"kept": 1.50, "big": 12345678901234567890}, **read(FLOW)}, indent="\t").replace(
        "\n", "\r\n"
    )

    after = apply(text, {"op": "set_formula", "step": "order", "target": "Text", "formula": "a\nb"})

    assert after.count("\n") == after.count("\r\n")
    assert [line for line in text.split("\r\n") if line not in after.split("\r\n")] == []
