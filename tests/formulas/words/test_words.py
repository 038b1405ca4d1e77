"""Formulas read in words: sentences as a person would say them, every function, and formulas of any shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formulas.functions import FUNCTIONS
from engine.formulas.syntax import tree_here
from engine.formulas.words import Titles, condition_in_words, in_words, templates
from engine.formulas.words.phrases import Speech
from engine.formulas.words.reader import sentence

CASES: dict[str, Any] = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
SENTENCES = [(formula, said) for _, cases in CASES["cases"] for formula, said in cases]


@pytest.mark.parametrize(("formula", "said"), SENTENCES)
def test_a_formula_reads_as_a_person_would_say_it(formula: str, said: str) -> None:
    assert in_words(formula, CASES["titles"]) == said


def test_there_are_enough_sentences_and_none_twice() -> None:
    assert len(SENTENCES) >= 80
    assert len({formula for formula, _ in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("function", [function.name for function in FUNCTIONS])
def test_every_function_of_ours_has_words(function: str) -> None:
    said = in_words(f"${function}(price, rate)")

    assert "$" not in said
    assert "function" not in said


EVERYDAY = (
    "string length substring substringBefore substringAfter uppercase lowercase trim pad contains split join match "
    "replace number abs floor ceil round power sqrt formatNumber formatBase formatInteger parseInteger sum max min "
    "average boolean not exists count append sort reverse distinct zip keys lookup spread merge type now millis "
    "fromMillis toMillis error assert base64encode base64decode encodeUrl decodeUrl encodeUrlComponent "
    "decodeUrlComponent"
).split()


@pytest.mark.parametrize("function", EVERYDAY)
def test_every_everyday_function_has_words(function: str) -> None:
    for arguments in ("price", "price, rate", "price, rate, 2"):
        if function == "sort" and arguments != "price":
            continue  # its second argument is a function
        said = in_words(f"${function}({arguments})")

        assert f"${function}" not in said, said


# --- titles

SCHEMA: dict[str, Any] = {
    "properties": {
        "customer": {
            "type": "object",
            "title": "Buyer",
            "properties": {"btw": {"type": "string", "title": "VAT number"}, "klant": {"type": "string"}},
        },
        "betaald": {"type": ["boolean", "null"], "title": "Paid"},
        "rijen": {
            "type": "array",
            "title": "Rows",
            "items": {"type": "object", "properties": {"prijs": {"type": "number", "title": "Price per unit"}}},
        },
    }
}
QUESTIONS = {"properties": {"only_paid": {"type": "boolean", "title": "Only paid orders"}}}
VALUES = {
    "bill": "customer",
    "rows": "rijen",
    "open": "$not(betaald)",
    "goods": 'rijen.{"price": prijs}',
    "sums": '$document_sums($values.goods, "net")',
}


@pytest.fixture(scope="module")
def titles() -> Titles:
    return Titles.of(SCHEMA, questions=QUESTIONS, values=VALUES, others={"$steps.order": "The order"})


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("customer.btw", "the VAT number"),
        ("betaald ? 1 : 2", "1 if «Paid» is yes, otherwise 2"),
        ("rijen.prijs", "the price per unit of each of the rows"),
        ("$answers.only_paid = false or betaald", "yes, where the answer to «Only paid orders» is no or «Paid» is yes"),
        ("$values.bill.btw", "the VAT number"),
        ("$values.rows.prijs", "the price per unit of each of the rows"),
        ("$values.open ? 1 : 2", "1 if «open» is yes, otherwise 2"),
        ("$values.goods.price", "the price of each of «goods»"),
        ("$values.sums.total", "the total of «sums»"),
        ("$steps.order.Number", "the number the step «The order» gave"),
    ],
)
def test_titles_of_the_documents_are_used(formula: str, said: str, titles: Titles) -> None:
    assert in_words(formula, titles) == said


def test_inside_a_list_fields_of_an_item_have_their_titles(titles: Titles) -> None:
    assert in_words("prijs", titles.inside("rijen")) == "the price per unit"
    assert in_words("prijs", titles.inside("$values.rows")) == "the price per unit"
    assert in_words("prijs", titles) == "the prijs"


def test_titles_may_be_a_function() -> None:
    assert in_words("a.b", {"a.b": "Company"}.get) == "the company"


# --- languages


class Swedish:
    """A catalogue with a few templates, and a mark on all the others."""

    MESSAGES: dict[str, str] = {  # noqa: RUF012
        "the {name}": "{name}",
        "in capital letters": "med versaler",
        "{x} {what}": "{x} {what}",
        "there is {a}": "det finns {a}",
        "a {name}": "{name}",
        "yes, where {condition:if}": "ja, där {condition:if}",
        "there is no {bare}": "{bare} saknas",
    }

    def gettext(self, message: str) -> str:
        return self.MESSAGES.get(message, message)

    def ngettext(self, one: str, several: str, n: int) -> str:
        return "högst {b} tecken" if several.endswith("characters") else several


def test_every_template_goes_through_the_catalogue() -> None:
    assert in_words("$uppercase(kund)", {}, Swedish()) == "kund med versaler"
    assert in_words("$exists(kund)", {}, Swedish()) == "ja, där det finns kund"
    assert in_words("$not($exists(kund))", {}, Swedish()) == "ja, där kund saknas"
    assert in_words("$truncate(kund, 20)", {}, Swedish()) == "kund högst 20 tecken"


class Heard:
    """A catalogue that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: set[str | tuple[str, str]] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return message

    def ngettext(self, one: str, several: str, n: int) -> str:
        self.asked.add((one, several))
        return several


def test_what_translators_are_given_is_what_is_said() -> None:
    heard = Heard()
    for formula, _ in SENTENCES:
        in_words(formula, CASES["titles"], heard)

    assert heard.asked <= set(templates())
    assert len(heard.asked) > len(templates()) / 2


# --- any formula

NAMES = st.sampled_from(["company", "lines", "price", "created_at", "is_paid", "`odd {name}`", "$", "$$", "tax"])
VARIABLES = st.sampled_from(
    ["$values.x", "$answers", "$steps.customer.Id", "$facts.target.x", "$index", "$v", "$steps"]
)
LITERALS = st.sampled_from(["1", "-2", "0", '" "', '"{x}"', '""', "true", "null", "[]", "{}", "/a+/", "[1..3]"])
FUNCTION_NAMES = st.sampled_from(
    [*EVERYDAY, *(function.name for function in FUNCTIONS), "map", "filter", "sift", "odd"]
)
SHAPES = st.sampled_from(
    [
        *("{a} & {b}", "{a} + {b}", "{a} = {b}", "{a} and {b}", "{a} or {b}", "{a} in {b}", "{a} < {b}", "-{a}"),
        *("{a} ? {b} : {c}", "{a} ? {b}", "{a} ?? {b}", "{a} ?: {b}", "({a})", "({a}; {b})", "($v := {a}; {b})"),
        *("[{a}, {b}]", '{{"k": {a}, "l": {b}}}', "{a}.{b}", "{a}.({b})", "{a}[{b}]", "{a}[0]", "{a}^(>{b})"),
        *("{a}.{{'k': {b}}}", "{a}{{{b}: {c}}}", "${f}({a}, {b})", "${f}({a})", "${f}()", "{a} ~> ${f}({b})"),
        *("${f}({a}, function($v, $w) {{ {b} }})", "{a} ~> |{b}|{c}|", "lines.(%.{a})", "{a} * {b}", "{a}.*", "{a}[]"),
        *("{a}#$i.({b})", "function($x) {{ {a} }}", "${f}({a}, ?)", "{a}.**", "$not({a})", "$exists({a})"),
    ]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda shape, a, b, c, f: shape.format(a=a, b=b, c=c, f=f), SHAPES, inner, inner, inner, FUNCTION_NAMES
    )


FORMULAS = st.recursive(NAMES | VARIABLES | LITERALS, _grown, max_leaves=12)


@given(FORMULAS)
def test_any_formula_has_a_reading(formula: str) -> None:
    said = sentence(formula, Titles({"company": "Company {odd}", "lines": "Rows"}), Speech())

    assert said
    assert len(said) <= 700


@given(st.text(max_size=60))
def test_any_text_has_a_reading(text: str) -> None:
    assert sentence(text, Titles({}), Speech())


def test_a_fault_in_the_words_leaves_the_formula() -> None:
    def broken(path: str) -> str:
        raise KeyError(path)

    assert in_words("company & name", broken) == "a formula of its own: company & name"


def test_deep_and_long_formulas_are_shortened() -> None:
    deep = "$trim(" * 55 + "a" + ")" * 55
    wide = " & ".join(f"field{number}" for number in range(900))
    chain = " ? a : ".join(f"b{number}" for number in range(55))

    for formula in (deep, wide, chain, "a" * 100_000, "(" * 5_000):
        assert len(in_words(formula)) <= 600
    assert in_words(wide).endswith("…")
    assert tree_here(deep) is not None


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("$exists(company)", "there is a company"),
        ("company", "there is a company"),
        ('status = "paid" and $not(is_test)', "the status is “paid” and «is test» is no"),
        ("$count(lines) > 0", "there are lines"),
        ("$sum(lines.price)", "the sum over each of the lines of price has a value"),
        ("function($x){$x}(1)", "a formula of its own holds: function($x){$x}(1)"),
        ("a ? (", "a formula of its own holds: a ? ("),
    ],
)
def test_condition_reads_as_it_follows_an_if(formula: str, words: str) -> None:
    assert condition_in_words(formula) == words
