"""Lint never fails, never says what is not so of the text, and leaves alone what it knows nothing of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formulas.lint import RULES, UNKNOWN, Scope, from_schema, lint, record_shape, shape_of
from engine.formulas.lint.source import Source, within
from engine.formulas.syntax import tree_here

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["a"],
    "properties": {
        "a": {"type": "number", "x-kind": "money"},
        "b": {"type": ["string", "null"], "x-personal": True, "enum": ["x", "y"]},
        "c": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}, "b": {}}}},
        "d": {"type": "string", "x-kind": "datetime"},
    },
}
TARGETS = ({"type": "string", "x-kind": "date"}, {"type": "number", "x-kind": "money"}, {"type": "string"})
names = st.sampled_from(["a", "b", "c", "d", "zz", "`a b`", "$", "$$", "$x", "*", "**", "%", "c.a", "c.b.a", "$.a"])
literals = st.sampled_from(["1", "-1", "0", '"x"', "''", "true", "false", "null", "[]", "{}", "/r/"])
functions = st.sampled_from(
    "sum round average string toMillis fromMillis exists not count join merge append lookup first_filled map".split()
)


def written(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    signs = "+ - * / % & = != < > <= >= and or in ?? ?: . ~> ..".split()
    return st.one_of(
        st.tuples(inner, st.sampled_from(signs), inner).map(" ".join),
        pair.map(lambda p: f"{p[0]}[{p[1]}]"),
        pair.map(lambda p: f"[{p[0]}, {p[1]}]"),
        pair.map(lambda p: f'{{"k": {p[0]}, {p[1]}: 1}}'),
        pair.map(lambda p: f"{p[0]}{{{p[1]}: {p[0]}}}"),
        pair.map(lambda p: f"{p[0]}^(>{p[1]})"),
        pair.map(lambda p: f"($x := {p[0]}; {p[1]})"),
        pair.map(lambda p: f"{p[0]}@$x.{p[1]}"),
        pair.map(lambda p: f"{p[0]}#$x[{p[1]}]"),
        pair.map(lambda p: f"{p[0]} ~> |{p[1]}|{{}}|"),
        pair.map(lambda p: f"$map({p[0]}, function($x, $i) {{ {p[1]} }})"),
        st.tuples(inner, inner, inner).map(lambda p: f"{p[0]} ? {p[1]} : {p[2]}"),
        pair.map(lambda p: f"{p[0]} ? {p[1]}"),
        st.tuples(functions, inner, inner).map(lambda p: f"${p[0]}({p[1]}, {p[2]})"),
        st.tuples(functions, inner).map(lambda p: f"${p[0]}({p[1]}, ?)"),
        functions.map(lambda name: f"${name}()"),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-{text}"),
        inner.map(lambda text: f"{text}[]"),
        inner.map(lambda text: f"/* accepts money_arithmetic: so */ {text}"),
    )


formulas = st.recursive(names | literals, written, max_leaves=12)


@settings(max_examples=150)
@given(formulas, st.sampled_from(TARGETS), st.booleans())
def test_lint_never_fails_and_its_proposals_parse(formula: str, target: dict[str, Any], is_known: bool) -> None:
    scope = Scope(record=record_shape(SCHEMA) if is_known else UNKNOWN, target=from_schema(target))
    for finding in lint(formula, scope):
        assert finding.rule in {rule.name for rule in RULES}
        assert 0 <= finding.position < len(formula)
        assert finding.what and finding.what_to_do
        if finding.proposal is not None:
            assert tree_here(finding.proposal) is not None
            assert finding.proposal != formula


@settings(max_examples=80)
@given(st.text(alphabet="ab$.[]{}()'\"`+-*/%&=<>?:;,|~^@#! 01\\/", max_size=40))
def test_lint_takes_any_text(text: str) -> None:
    for finding in lint(text, Scope(record=record_shape(SCHEMA), target=from_schema(TARGETS[0]))):
        assert 0 <= finding.position <= len(text)


@settings(max_examples=80)
@given(formulas)
def test_the_text_of_a_part_is_a_formula_of_that_part(formula: str) -> None:
    """A proposal puts texts of parts where other text was: each must parse to the same part again."""
    tree = tree_here(formula)
    if tree is None:
        return
    source = Source(formula, tree)
    for node in within(tree.root):
        if node.type in ("binary", "condition", "function", "block", "unary", "path"):
            text = source.text(node)
            again = tree_here(text) if text else None
            if again is not None and not {"#", "@"} & set(text):  # these make a path of what stands before them
                assert kind_of(again.root) == kind_of(node), (text, formula)


def kind_of(node: Any) -> tuple[str, str]:
    return node.type, str(node.value) if node.type == "binary" else ""


@pytest.mark.parametrize(
    "formula",
    [
        "a" + " & b" * 1_900,
        "a" + " + a" * 1_900,
        "b = 'x'" + " and b = 'x'" * 600,
        "(" * 59 + "a * 2" + ")" * 59,
        "c" + "[b]" * 2_500,
        "c" + ".c" * 3_900,
        "$map(" * 59 + "c" + ", function($x) { $x.a & b })" * 59,
        "a * " * 1_900 + "2",
        "b ?? " * 1_500 + "2",
        "b ? " * 1_500 + "2",
        "{'a': " * 59 + "a * 2" + "}" * 59,
        "",
        " ",
        "/*",
        "((((",
        "/* accepts */ a * 2",
        "/* accepts , */ a * 2",
        "a * 2 /* accepts money_arithmetic",
    ],
    ids=lambda formula: formula[:20],
)
def test_hostile_formulas_are_linted_or_left_alone(formula: str) -> None:
    lint(formula, Scope(record=record_shape(SCHEMA), target=from_schema(TARGETS[0])))


@given(formulas)
def test_what_is_not_known_gives_no_finding_that_needs_a_schema(formula: str) -> None:
    needing = {"money_arithmetic", "time_without_zone", "day_in_utc", "personal_data"}
    if not any(word in formula for word in ("$money", "$sum_money")):
        assert needing & {finding.rule for finding in lint(formula, Scope())} == set()


def test_a_formula_that_does_not_parse_is_left_to_those_who_tell_of_it() -> None:
    assert lint("a *", Scope(record=record_shape(SCHEMA))) == []
    assert shape_of("a *", Scope(record=record_shape(SCHEMA))) == UNKNOWN
