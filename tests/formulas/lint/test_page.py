"""What docs/lint.md says is so: each example gives that finding and that proposal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.formulas.lint import RULES, Scope, from_schema, lint, record_shape

PAGE = (Path(__file__).parents[3] / "docs/lint.md").read_text(encoding="utf-8")
SOURCE, TARGET = (json.loads(text) for text in re.findall(r"```json resource\n(.*?)```", PAGE, re.DOTALL))
ROWS = re.findall(r"^\| (?:`(\w+)`)? ?\| (.*?) ?\| (?:`(\w+)`)? ?\| (?:`(.*?)`)? ?\| (.*?) \|$", PAGE, re.MULTILINE)


class Example(NamedTuple):
    rule: str
    field: str
    before: str
    after: str


def examples() -> list[Example]:
    """The rows of the table; one without a name belongs to the rule above it."""
    found: list[Example] = []
    for rule, _, field, before, after in ROWS:
        found.append(Example(rule or found[-1].rule, field, before, after))
    return found


def told(formula: str, field: str, rule: str = "") -> list[Any]:
    """The findings; that a formula is not plain goes for several examples, and counts in its own only."""
    target = from_schema(TARGET["properties"][field])
    found = lint(formula, Scope(record=record_shape(SOURCE), target=target, target_path=field))
    return [finding for finding in found if finding.rule != "not_plain" or rule == "not_plain"]


@pytest.mark.parametrize("example", [e for e in examples() if e.before], ids=lambda e: f"{e.rule}: {e.before}")
def test_an_example_gives_its_finding_and_its_proposal(example: Example) -> None:
    [finding] = told(example.before, example.field, example.rule)

    assert finding.rule == example.rule
    if example.after.startswith("`"):
        assert finding.proposal == example.after.strip("`")
        assert told(finding.proposal, example.field) == []
    elif "`" in example.after:
        assert example.after.strip("*`") in finding.what_to_do
    else:
        assert finding.proposal is None


def test_every_rule_has_its_row() -> None:
    assert list(dict.fromkeys(example.rule for example in examples())) == [rule.name for rule in RULES]


def test_the_comment_on_the_page_silences_what_it_says() -> None:
    [text] = re.findall(r"^/\* accepts .*$", PAGE, re.MULTILINE)

    assert told(text, "Text") == []
    assert [finding.rule for finding in told(re.sub(r"/\*.*\*/ ", "", text), "Text")] == ["null_in_text"]


@pytest.mark.parametrize(
    ("formula", "rules"),
    [
        ("/* accepts null_in_text, money_arithmetic */ method & price * 2", []),
        ("method & price * 2 /* accepts money_arithmetic: it is a percentage */", ["null_in_text"]),
        ("method & /* accepts null_in_text */ price * 2", ["money_arithmetic"]),
        ('"/* accepts null_in_text */" & method', ["null_in_text"]),
        ("/* accept null_in_text */ method & number", ["null_in_text"]),
    ],
)
def test_a_comment_accepts_the_rules_it_names_and_no_other(formula: str, rules: list[str]) -> None:
    assert [finding.rule for finding in told(formula, "Text")] == rules


def test_a_comment_that_names_no_rule_is_told() -> None:
    [unknown, kept] = told("/* accepts null_in_txt */ method & number", "Text")

    assert (unknown.what, unknown.what_to_do) == (
        "there is no rule “null_in_txt” to accept",
        "Did you mean “null_in_text”?",
    )
    assert (unknown.position, kept.rule) == (11, "null_in_text")
