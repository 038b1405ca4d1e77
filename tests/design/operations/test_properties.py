"""Whatever is done to a flow: it stays one, what was not meant stays as it was, and twice is once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.design.draft_changes import Working
from engine.design.operations import Schemas, apply
from engine.documents.positions import node_at
from engine.documents.schemas import validate
from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from tests.design.operations.pair import FLOW, SCHEMAS, read

ROOT = Path(__file__).parents[3]
SHIPPED = (ROOT / "saved_mappings/ccv-orders-to-eaccounting.json").read_text(encoding="utf-8")
OF_SHIPPED = Schemas.of(Workspace(ROOT))

_steps = st.sampled_from(["customer", "order"])
_targets = st.sampled_from(
    [
        "Name",
        "Email",
        "Address.City",
        "Reference",
        "Total",
        "Text",
        "Rows[]",
        "Rows[].Price",
        "Rows[].Text",
        "Fees[].Text",
    ]
)
_sources = st.sampled_from(
    "number buyer.email lines lines[].price lines[].name payments[].amount labels paid placed_at delivery.post-code "
    "$answers.unit $values.total $values.x $steps.customer.Id $lookups.terms $facts.target.currency".split()
)
_texts = st.text(max_size=12) | st.sampled_from(
    ["a", "a &", "$join_filled([a, b])", "$first_filled(a,\n b)", "", '"', "\\"]
)
REFERS = {"connector": "books", "resource": "terms", "by": "Name", "gives": "Id", "where": "IsActive"}
_names = st.sampled_from(["terms", "units", "x", "Y y", ""])
_values = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from([0.1, 1e300]) | _texts | st.just([1])
_examples = st.fixed_dictionaries({"title": _texts, "given": st.just({"number": "W-1"}), "skipped": st.just(True)})

few = settings(max_examples=60, deadline=None)  # a busy machine is no error


def _operation(op: str, /, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"op": st.just(op), **parts})


_field: dict[str, Any] = {"step": _steps, "target": _targets}
operations = st.one_of(
    _operation("link", **_field, source=_sources, how=st.sampled_from(["replace", "join", "first"])),
    _operation("link_list", **_field, source=_sources, children=st.just([["lines[].name", "Rows[].Text"]])),
    _operation("unlink", **_field),
    _operation("unlink", **_field, source=_sources),
    _operation("set_formula", **_field, formula=_texts),
    _operation("set_write", **_field, write=st.sampled_from(["always", "on_create", "if_empty"])),
    _operation("set_note", **_field, note=_texts),
    _operation("move", **_field, to=_targets),
    _operation("set_match", step=_steps, field=_targets, formula=_texts, where=_texts),
    _operation("set_policy", step=_steps, policy=st.sampled_from(["create", "must_exist"])),
    _operation("set_policy", step=_steps, formula=_texts),
    _operation("set_when", step=_steps, formula=_texts),
    _operation("set_step_title", step=_steps, title=_texts),
    _operation("set_value", name=_names, formula=_texts),
    _operation("set_answer", question=st.just("unit"), value=_values),
    _operation("set_row", lookup=_names, key=_texts, value=_values),
    _operation("remove_row", lookup=_names, key=_texts),
    _operation("set_rows", lookup=_names, rows=st.dictionaries(_texts, _values, max_size=3)),
    _operation("set_otherwise", lookup=_names, do=st.sampled_from(["fail", "value"]), value=_values),
    _operation("add_lookup", lookup=_names, title=_texts),
    _operation("set_lookup", lookup=_names, title=_texts),
    _operation("set_lookup", lookup=_names, refers=st.sampled_from([None, {"connector": "books"}, REFERS])),
    _operation("remove_lookup", lookup=_names),
    _operation("add_example", example=_examples),
    _operation("remove_example", index=st.integers(0, 2)),
    _operation("set_title", title=_texts),
)
_layouts = st.sampled_from(
    [FLOW, json.dumps(read(FLOW), indent="\t").replace("\n", "\r\n"), json.dumps(read(FLOW)), "\ufeff" + FLOW]
)


def carried_out(text: str, operation: dict[str, Any], schemas: Schemas = SCHEMAS) -> str:
    try:
        return apply(text, operation, schemas)
    except DocumentError:
        return text


@few
@given(_layouts, st.lists(operations, max_size=8))
def test_a_flow_stays_a_flow(text: str, some: list[dict[str, Any]]) -> None:
    for operation in some:
        text = carried_out(text, operation)

        assert validate(read(text), "flow") == []
        text.encode("utf-8")


@few
@given(_layouts, st.lists(operations, min_size=1, max_size=5))
def test_the_same_operation_twice_is_the_same_once(text: str, some: list[dict[str, Any]]) -> None:
    for operation in some:
        once = carried_out(text, operation)
        if operation["op"] != "remove_example":  # a position names another example then; its title would not
            assert carried_out(once, operation) == once
        text = once


@few
@given(st.lists(operations, max_size=5), operations)
def test_what_is_not_meant_is_the_same_bytes(before: list[dict[str, Any]], operation: dict[str, Any]) -> None:
    text = FLOW
    for earlier in before:
        text = carried_out(text, earlier)
    after = carried_out(text, operation)

    for path in _not_meant(read(text), operation):
        assert _bytes_at(text, path) == _bytes_at(after, path), path


def _not_meant(document: Any, operation: dict[str, Any]) -> Iterator[list[str | int]]:
    """Parts of the document that the operation does not name."""
    meant = {"set_title": "title", "set_value": "values", "set_answer": "questions"}.get(operation["op"], "")
    meant = meant or ("steps" if "step" in operation else "lookups" if "lookup" in operation else "examples")
    yield from ([name] for name in document if name != meant)
    for number, step in enumerate(document["steps"] if meant == "steps" else ()):
        if step["step"] != operation["step"]:
            yield ["steps", number]
            continue
        named = {operation.get("target", ""), operation.get("to", "")}
        alone = {path.partition("[]")[0] for path in named}
        for target in step.get("fields", {}):
            if target.partition("[]")[0] not in alone:
                yield ["steps", number, "fields", target]
    for name in document["lookups"] if meant == "lookups" else ():
        if name != operation["lookup"]:
            yield ["lookups", name]


def _bytes_at(text: str, path: list[str | int]) -> str:
    node = node_at(text, path)
    return text[node.start : node.end] if node else "nothing"


@few
@given(st.lists(operations | st.sampled_from([{"op": "undo"}, {"op": "redo"}]), max_size=12), st.integers(0, 12))
def test_undoing_everything_gives_the_first_bytes_and_doing_it_again_the_last(
    some: list[dict[str, Any]], part: int
) -> None:
    working = Working("x", FLOW, "")
    for operation in some:
        try:
            working.carry_out(operation, "Anna", "", SCHEMAS)
        except DocumentError:
            continue
    last, many = working.text, len(working.done)
    again = Working.of(json.loads(json.dumps(working.as_row())), "x", "", "")

    while again.undo("Anna", ""):
        pass
    assert again.text == FLOW
    for _ in range(many):
        assert again.redo("Anna", "")
    assert again.text == last


def differing(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The lines of both without what they begin and end with alike."""
    fewer = min(len(before), len(after))
    start = next((n for n in range(fewer) if before[n] != after[n]), fewer)
    end = next((n for n in range(fewer - start) if before[-1 - n] != after[-1 - n]), fewer - start)
    return before[start : len(before) - end], after[start : len(after) - end]


@few
@given(st.data())
def test_lines_of_the_shipped_flow_that_are_not_meant_are_the_same_bytes(data: st.DataObject) -> None:
    document = read(SHIPPED)
    step = data.draw(st.sampled_from(document["steps"]))
    target = data.draw(st.sampled_from(list(step["fields"])))
    source = data.draw(
        st.sampled_from(
            ["customer.email", "orderrows[].product_name", "$values.lines[].price", "create_date", "currency"]
        )
    )
    how = data.draw(st.sampled_from(["replace", "join", "first"]))
    operation = {"op": "link", "step": step["step"], "target": target, "source": source, "how": how}

    after = carried_out(SHIPPED, operation, OF_SHIPPED)

    formula = step["fields"][target].get("formula")
    lines = {json.dumps(line, ensure_ascii=False) for line in formula} if isinstance(formula, list) else set()
    gone, came = differing(SHIPPED.split("\n"), after.split("\n"))
    assert len(gone) <= len(lines) + 2 * bool(lines) + 1
    assert all(line.strip(" ,") in {*lines, "]"} or '"formula": ' in line or '"each": ' in line for line in gone)
    assert len(came) <= 1 or lines
    assert validate(read(after), "flow") == []
