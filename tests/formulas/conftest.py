"""One warm pool for the tests of an area, and a short way to evaluate one formula."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import FormulaError
from engine.formulas import Environment, Formulas, Limits, LookupTable

NOW = datetime(2026, 11, 20, 10, 11, 12, 345000, tzinfo=UTC)

COUNTRIES = LookupTable("countries", "Countries", {"se": "SE", "752": "SE", "no": None})
TERMS = LookupTable("terms", "Payment terms", {"klarna": 30}, otherwise="leave_out")
UNITS = LookupTable("units", "Units", {"pcs": "st"}, otherwise="value", value="st")

Ask = Callable[..., Any]


@pytest.fixture(scope="session", params=[True, False], ids=["compiled", "evaluated"])
def pool(request: pytest.FixtureRequest) -> Iterator[Formulas]:
    """Each test runs twice: with plain formulas compiled, and with every formula asked of a worker."""
    with Formulas(limits=Limits(seconds=0.4, memory_mb=300, result_mb=4), compiles=request.param) as formulas:
        yield formulas


@pytest.fixture(scope="session")
def environment() -> Environment:
    tables = {table.name: table for table in (COUNTRIES, TERMS, UNITS)}
    return Environment(now=NOW, variables={"answers": {"prefix": "W"}}, lookups=tables)


@pytest.fixture
def value(pool: Formulas, environment: Environment) -> Ask:
    """value(formula, record, **variables): the value, or its error raised."""

    def ask(formula: str, record: Any = None, /, **variables: Any) -> Any:
        program = pool.program({"field": formula})
        [evaluations] = pool.evaluate(program, environment, [({} if record is None else record, variables)])
        if evaluations["field"].error is not None:
            raise evaluations["field"].error
        return evaluations["field"].value

    return ask


@pytest.fixture
def error(value: Ask) -> Callable[..., FormulaError]:
    """error(formula, record, **variables): the error the formula gives, parsing included."""

    def ask(formula: str, record: Any = None, /, **variables: Any) -> FormulaError:
        with pytest.raises(FormulaError) as caught:
            value(formula, record, **variables)
        return caught.value

    return ask
