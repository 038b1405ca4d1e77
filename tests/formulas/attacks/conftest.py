"""A pool with short limits, in place of the one that tries each formula both ways."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.formulas import Formulas, Limits


@pytest.fixture(scope="module")
def pool() -> Iterator[Formulas]:
    """As it is used: with plain formulas compiled."""
    with Formulas(limits=Limits(seconds=0.4, memory_mb=300, result_mb=4)) as formulas:
        yield formulas


def nested(levels: int, value: Any = 1) -> Any:
    for _ in range(levels):
        value = {"x": value}
    return value
