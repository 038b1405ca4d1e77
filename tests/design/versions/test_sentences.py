"""The sentences of a step: how its record is found, what is done then, and for what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.design.desk import Desk
from engine.design.sentences import (
    POLICIES,
    Sentence,
    sentence_of_match,
    sentence_of_policy,
    sentence_of_step,
    sentence_of_when,
    templates,
)
from engine.design.wording import Wording
from engine.flows.flow import Match, Step
from engine.flows.library import load_flow

FLOW = "ccv-orders-to-eaccounting"
Words = Callable[[str], Step]


@pytest.fixture
def wording(things: Desk) -> Wording:
    return Wording(load_flow(things.workspace, FLOW))


@pytest.fixture
def step(wording: Wording) -> Words:
    return lambda name: next(step for step in wording.loaded.flow.steps if step.name == name)


def by_place(sentence: Sentence) -> dict[str, str]:
    return {part.place: part.value for part in sentence.parts if part.place}


def test_step_is_said_in_one_sentence(wording: Wording, step: Words) -> None:
    said = sentence_of_step(step("order"), wording)

    assert said.text == "Found by reference of the order: the order number; created if missing, else left as it is."
    assert by_place(said) == {
        "match.field": "BuyersOrderReference",
        "match.formula": "ordernumber_full",
        "policy": "skip_if_exists",
    }


def test_a_policy_that_a_formula_gives_is_said_as_what_it_does(wording: Wording, step: Words) -> None:
    assert sentence_of_policy(step("customer"), wording).words == (
        "then: “must be there, else the record is parked” if the answer to «One customer for all orders» is not empty; "
        "“created if missing, else updated” if the answer to «Update known customers» is yes; "
        "otherwise “created if missing, else left as it is”"
    )


def test_a_policy_that_is_only_compared_with_keeps_its_name(wording: Wording, step: Words) -> None:
    said = sentence_of_policy(step("articles"), wording).words

    assert "if the answer to «Articles that the books do not know» is “create”," in said
    assert "“must be there, else the record is parked”; where none is found, the one with this instead:" in said


def test_what_else_is_looked_at_is_said(wording: Wording, step: Words) -> None:
    said = sentence_of_match(step("customer"), wording)

    assert "; and together with it: “all” if the answer to «One customer for all orders» is not empty" in said.words
    assert "otherwise (“company” if «is company» is yes, otherwise “person”)" in said.words
    assert "; of those found, only one where «scope» is “all”, or «Private person» is yes exactly where" in said.words
    assert set(by_place(said)) == {"match.field", "match.formula", "match.scope", "match.where"}


def test_a_system_without_a_search_knows_only_what_was_made_from_here(wording: Wording, step: Words) -> None:
    by_name = replace(step("order"), match=Match("DeliveryName", "id", None, None))

    assert sentence_of_match(by_name, wording).words.startswith("known again by delivery name, among the records made")


def test_a_known_key_is_no_search(wording: Wording, step: Words) -> None:
    said = sentence_of_step(step("write_back"), wording)

    assert said.text == "Its key is known: the order id as text; updated without a search."
    assert by_place(said) == {"key": "$string(id)"}


@pytest.mark.parametrize("policy", POLICIES)
def test_each_policy_can_be_chosen_instead_of_each(wording: Wording, step: Words, policy: str) -> None:
    [part] = sentence_of_policy(replace(step("order"), policy=policy), wording).parts

    assert (part.place, part.kind, part.value) == ("policy", "choice", policy)
    assert [option.value for option in part.options] == list(POLICIES)
    assert part.text == next(option.text for option in part.options if option.value == policy)


def test_when_and_each_are_said(wording: Wording, step: Words) -> None:
    said = {name: sentence_of_when(step(name), wording).text for name in ("customer", "articles", "order")}

    assert said == {
        "customer": "Done for every record.",
        "articles": "Done once for each of «lines».",
        "order": "Done only if the answer to «What an order becomes» is “order”.",
    }
    both = sentence_of_when(replace(step("articles"), when="paid"), wording)
    assert both.text == "Done once for each of «lines», only if «Paid» is yes."


def test_a_formula_that_does_not_parse_is_shown_as_it_is(wording: Wording, step: Words) -> None:
    broken = replace(step("order"), when="a ? (", policy="", policy_formula='"create" ? (')

    assert sentence_of_when(broken, wording).text == "Done only if a formula of its own holds: a ? (."
    assert "a formula of its own" in sentence_of_policy(broken, wording).words


class Backwards:
    """A language in which the formula comes before the field, as a mark on every other template."""

    def gettext(self, message: str) -> str:
        if message == "found by {field}: {formula}":
            return "söks: {formula} i {field}"
        return message if message.startswith("{") else "¤" + message

    def ngettext(self, one: str, several: str, n: int) -> str:
        return self.gettext(one if n == 1 else several)


def test_parts_come_in_the_order_of_the_readers_language(things: Desk, step: Words) -> None:
    swedish = Wording(load_flow(things.workspace, FLOW), Backwards())
    said = sentence_of_match(step("order"), swedish)

    assert [part.place for part in said.parts] == ["", "match.formula", "", "match.field"]
    assert said.words.startswith("söks: ") and said.words.endswith(" i ¤Reference of the order")


def test_every_template_is_given_to_the_translators(things: Desk) -> None:
    heard: set[Any] = set()

    class Heard(Backwards):
        def gettext(self, message: str) -> str:
            heard.add(message)
            return message

    swedish = Wording(load_flow(things.workspace, FLOW), Heard())
    for step in swedish.loaded.flow.steps:
        sentence_of_step(step, swedish)
        sentence_of_when(step, swedish)

    assert {"created if missing, else updated", "found by {field}: {formula}", "{match}; {policy}"} <= heard
    assert all(isinstance(template, str) for template in templates())
