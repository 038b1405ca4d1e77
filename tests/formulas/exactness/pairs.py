"""Pairs of formula and record: from a seed, or as Hypothesis strategies that shrink."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.formulas.exactness import records
from tests.formulas.exactness.grammar import Grammar
from tests.formulas.exactness.trees import Tree


class Pair(NamedTuple):
    tree: Tree
    record: Any

    @property
    def formula(self) -> str:
        return str(self.tree)


def pair(random: Random) -> Pair:
    """A formula over an order whose fields were replaced, or over a wild record; two of three are wild."""
    orders = random.randrange(3) == 0
    tree = Grammar(random, orders=orders).formula(random.randrange(1, 5))
    return Pair(tree, records.mutated_order(random) if orders else records.wild(random))


def of_seed(seed: int) -> Pair:
    return pair(Random(seed))


def formulas() -> st.SearchStrategy[str]:
    """Formulas alone, as text."""
    return _randoms().map(lambda random: str(Grammar(random).formula(random.randrange(1, 5))))


def wild_records() -> st.SearchStrategy[Any]:
    return _randoms().map(records.wild)


def pairs() -> st.SearchStrategy[Pair]:
    return _randoms().map(pair)


def _randoms() -> st.SearchStrategy[Random]:
    return st.randoms(use_true_random=False)
