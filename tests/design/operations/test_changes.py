"""Operations on formulas and steps: what each changes, and how it is told."""

from __future__ import annotations

import json

import pytest

from engine.design.operations import NAMES, apply, described
from engine.documents.schemas import validate
from tests.design.operations.pair import FLOW, any_parts, difference, done, fields, read, refusal

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


# --- told in words


def test_every_operation_is_told_in_a_sentence() -> None:
    said = {name: described({"op": name, **any_parts(name)}) for name in sorted(NAMES)}

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
