"""What the ledger's tables are made of: columns of text, numbers and sealed bytes, in one set of tables."""

from __future__ import annotations

from engine.runs.ledger.sql import Column, Integer, LargeBinary, MetaData, Text

metadata = MetaData()


def text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def sealed(name: str, *, null: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=null)


def identity() -> Column[int]:
    return Column("id", Integer, primary_key=True)
