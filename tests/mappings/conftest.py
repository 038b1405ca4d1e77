"""One warm pool of formulas for the tests of mappings, and an environment with a lookup."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.formulas import Environment, Formulas, LookupTable


@pytest.fixture(scope="session")
def formulas() -> Iterator[Formulas]:
    with Formulas() as pool:
        yield pool


@pytest.fixture(scope="session")
def environment() -> Environment:
    table = LookupTable("units", "Units", {"pcs": "st"})
    return Environment(datetime(2026, 11, 20, tzinfo=UTC), {"answers": {"prefix": "W"}}, {"units": table})
