"""The statements can be said to both databases, and values never become part of their text."""

import importlib
import pkgutil

import pytest
from sqlalchemy.dialects import postgresql, sqlite

import engine.runs.ledger
from engine.runs.ledger.sql import Prepared

STATEMENTS = [
    pytest.param(statement, id=f"{module.name}.{name}")
    for module in pkgutil.iter_modules(engine.runs.ledger.__path__)
    for name, statement in sorted(vars(importlib.import_module(f"engine.runs.ledger.{module.name}")).items())
    if isinstance(statement, Prepared)
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_can_be_said_to_sqlite_and_to_postgresql(statement: Prepared) -> None:
    in_sqlite, order, _ = statement.text_for(sqlite.dialect())
    in_postgresql, _, _ = statement.text_for(postgresql.dialect())

    assert order is not None
    assert in_sqlite.count("?") == len(order)
    assert all(f"%({name})s" in in_postgresql for name in order if not name.startswith("param_"))


def test_there_are_statements_to_look_at() -> None:
    assert len(STATEMENTS) > 30
