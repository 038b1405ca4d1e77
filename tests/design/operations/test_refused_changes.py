"""What is no operation, and documents that are none: refused in words, nothing is lost."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from engine.design.operations import NAMES, apply
from engine.documents.schemas import validate
from engine.errors import DocumentError, OperationRefused
from tests.design.operations.pair import FLOW, any_parts, done, read, refusal

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
            apply(text, {"op": name, **any_parts(name)})


def test_a_broken_document_may_be_mended_bit_by_bit() -> None:
    broken = FLOW.replace('"policy": "create_or_update"', '"policy": "whatever"').replace(
        '"title": "Orders', '"tilte": "Orders'
    )

    text = done({"op": "set_policy", "step": "customer", "policy": "create_or_update"}, text=broken)

    assert '"policy": "create_or_update"' in text
    assert validate(read(text), "flow") != []
