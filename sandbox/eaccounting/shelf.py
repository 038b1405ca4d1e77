"""Keeps the records of one kind in the order of creation and finds them quickly by the value of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from sandbox.eaccounting.models import Model, Record

Key = Callable[[Record], str]


def index_key(value: Any) -> Any:
    """Give what two equal values have in common; texts are compared without regard to case."""
    # not documented: case in comparisons; taken as SQL Server's usual collation has it.
    return value.lower() if isinstance(value, str) else value


class Shelf:
    """Records by id, with an index for each field that was ever searched by equality."""

    def __init__(self, model: Model, records: Iterable[Record] = (), key: Key = itemgetter("Id")) -> None:
        self.model = model
        self.key = key
        self._records: dict[str, Record] = {}
        self._places: dict[str, int] = {}
        self._next_place = 0
        self._indexes: dict[str, dict[Any, set[str]]] = {}
        for record in records:
            self.put(record)

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def get(self, record_id: str | None) -> Record | None:
        """Find by id."""
        return self._records.get(record_id) if record_id is not None else None

    def slice(self, start: int, stop: int) -> list[Record]:
        """Give a stretch of all records, oldest first."""
        return list(islice(self._records.values(), start, stop))

    def put(self, record: Record) -> None:
        """Add a record or put it in the place of the one with its id."""
        record_id = self.key(record)
        old = self._records.get(record_id)
        if old is None:
            self._places[record_id] = self._next_place
            self._next_place += 1
        for name, index in self._indexes.items():
            if old is not None:
                self._forget(index, old[name], record_id)
            index.setdefault(index_key(record[name]), set()).add(record_id)
        self._records[record_id] = record

    def remove(self, record_id: str) -> None:
        """Take a record away."""
        old = self._records.pop(record_id)
        del self._places[record_id]
        for name, index in self._indexes.items():
            self._forget(index, old[name], record_id)

    def having(self, name: str, value: Any) -> list[Record]:
        """Find by the value of one field, oldest first."""
        return self.having_any([(name, value)])

    def having_any(self, pairs: Iterable[tuple[str, Any]]) -> list[Record]:
        """Find the records of which at least one field has its value, oldest first."""
        found: set[str] = set()
        for name, value in pairs:
            found |= self._index(name).get(index_key(value), set())
        return [self._records[i] for i in sorted(found, key=self._places.__getitem__)]

    def _index(self, name: str) -> dict[Any, set[str]]:
        index = self._indexes.get(name)
        if index is None:
            index = {}
            for record_id, record in self._records.items():
                index.setdefault(index_key(record[name]), set()).add(record_id)
            self._indexes[name] = index
        return index

    @staticmethod
    def _forget(index: dict[Any, set[str]], value: Any, record_id: str) -> None:
        key = index_key(value)
        ids = index[key]
        ids.discard(record_id)
        if not ids:
            del index[key]
