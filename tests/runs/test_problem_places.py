"""The step and the field of a problem are told as names, kept in the ledger, and read from its words only where not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Problem
from engine.formulas import Formulas
from engine.runs.ledger.rows import problem_of, problems_json
from engine.runs.places import Place, in_step, place_of
from tests.runs.handing_out import Bench
from tests.runs.unsearchable import ORDERS, Books, unsearchable

WORDS = Problem("step order (Books, orders), field Rows[2].Article", "it is too long", "Shorten it.")


@pytest.fixture
def s(tmp_path: Path, formulas: Formulas) -> Iterator[tuple[Books, Bench]]:
    with unsearchable(tmp_path, formulas) as made:
        yield made


def test_names_go_before_words_and_words_tell_what_older_ledgers_kept() -> None:
    assert place_of(WORDS) == Place("order", "Rows[2].Article")
    assert place_of(replace(WORDS, where="somewhere else", step="order", field="Total")) == Place("order", "Total")
    assert place_of(Problem("elsewhere", "", "")) == Place("", "")


def test_a_problem_of_another_step_keeps_its_own() -> None:
    assert in_step(WORDS, "customer").step == "order"
    assert in_step(Problem("its match value", "it is missing", ""), "customer").step == "customer"
    assert in_step(replace(WORDS, step="back"), "customer").step == "back"


def test_names_are_kept_and_change_neither_what_is_said_nor_whether_two_are_the_same() -> None:
    named = in_step(WORDS, "order")
    [kept] = problems_json([named])

    assert (problem_of(kept).step, problem_of(kept).field) == ("order", "Rows[2].Article")
    assert named == WORDS and named.as_json() == WORDS.as_json()


def test_what_parks_a_record_says_its_step_and_field(s: tuple[Books, Bench]) -> None:
    books, b = s
    books.orders[books.order("W1")]["total"] = "a lot"
    books.order("W2", email="bert@post.example")
    books.refused = "Not today."
    b.run(ORDERS)

    [mapped], [refused] = b.record("W1", ORDERS).problems, b.record("W2", ORDERS).problems
    assert (mapped.step, mapped.field) == ("order", "Total")
    assert (refused.step, refused.field) == ("order", "")
