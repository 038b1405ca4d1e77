"""Completes records with the fields that requests of their own bring, for a whole page at once.

For each such field: what stands in the record already is taken; what the records name by ids is fetched for all of
them together; the rest is asked for record by record. What came is completed the same way, again for the whole page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from engine.connectors.choosing import choice, schema_below
from engine.connectors.client import OnExchange
from engine.connectors.connector import Child, Operation, Together
from engine.connectors.evaluator import Evaluator
from engine.connectors.pages import PageReader, Row, Unmade
from engine.errors import Cause, ExchangeError, FormulaError, Json, Problem, RecordProblem
from engine.formulas import MISSING

Keeper: TypeAlias = Callable[[Collection[int]], OnExchange | None]  # of the records an exchange was made for
Each: TypeAlias = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]  # as map, or several at a time

INCOMPLETE = "incomplete"  # the code of what kept a record from being completed


@dataclass(frozen=True, slots=True)
class Completed:
    """A record with its children; problem: what of them could not be worked out, and the record is as it was."""

    record: Row
    problem: Problem | None = None


def no_keeper(_records: Collection[int]) -> None:
    """Exchanges are told to nobody."""


@dataclass(slots=True)
class _Page:
    """Records being completed together."""

    operation: Operation
    schema: Mapping[str, Json]
    records: Sequence[Row]
    known: list[dict[str, Json]]  # what the formulas over each record gave
    whole: list[Row]
    problems: list[Problem | None]
    keeper: Keeper
    each: Each
    kept: bool

    def sound(self) -> Iterator[int]:
        return (number for number, problem in enumerate(self.problems) if problem is None)


class Children:
    """Fetches children for one system. Safe to use from several threads."""

    def __init__(self, reader: PageReader, evaluator: Evaluator) -> None:
        self._reader = reader
        self._evaluator = evaluator

    def complete(
        self,
        operation: Operation,
        schema: Mapping[str, Json],
        records: Sequence[Row],
        keeper: Keeper = no_keeper,
        each: Each = map,
        *,
        kept: bool = False,
    ) -> list[Completed]:
        """The records, in their order. Raises ExchangeError where a request fails: then none of them is complete.

        keeper: who is told of the exchanges made for these records, by their places; each: as map; kept: they were
        completed and kept, or kept without being completed: what stands in its place is taken as it is.
        """
        if not operation.children or not records:
            return [Completed(record) for record in records]
        page = _Page(operation, schema, records, [], [dict(r) for r in records], [], keeper, each, kept)
        self._look(page)
        for name, child in operation.children.items():
            self._add(page, name, child)
        return [
            Completed(whole) if problem is None else Completed(record, replace(problem, code=INCOMPLETE))
            for record, whole, problem in zip(records, page.whole, page.problems, strict=True)
        ]

    def _look(self, page: _Page) -> None:
        """What stands in the records of their children: themselves, or their ids."""
        formulas = {}
        for name, child in page.operation.children.items():
            if child.inline:
                formulas[f"inline {name}"] = child.inline
            if child.together:
                formulas[f"ids {name}"] = child.together.ids
        for found in self._evaluator.tried(formulas, page.records, {}):
            if isinstance(found, FormulaError):
                page.problems.append(found.as_problem())
                page.known.append({})
            else:
                page.problems.append(None)
                page.known.append({name: value for name, value in found.items() if value is not MISSING})

    def _add(self, page: _Page, name: str, child: Child) -> None:
        """Fetch one kind of children for all records that are sound, complete them, and put them in their places."""
        held = f"inline {name}"
        groups = {
            number: self._reader.rows(child.operation, page.known[number][held])
            for number in page.sound()
            if held in page.known[number]
        }
        if page.kept:
            there = {number: _rows_in(child, page.records[number].get(name, MISSING)) for number in page.sound()}
            groups |= {number: rows for number, rows in there.items() if rows is not None}
        rest = [number for number in page.sound() if number not in groups]
        below = schema_below(page.schema, name)
        if child.together:
            groups |= self._together(page, name, child, child.together, below, rest)
        else:
            groups |= self._one_by_one(page, child, below, rest)
        groups = self._below(page, child, below, groups)
        for number, rows in groups.items():
            if child.single and len(rows) > 1:
                raise self._reader.broken(child.operation, "it holds several records where there can be one")
            page.whole[number][name] = (rows[0] if rows else None) if child.single else rows

    def _below(
        self, page: _Page, child: Child, schema: Mapping[str, Json], groups: dict[int, list[Row]]
    ) -> dict[int, list[Row]]:
        """The children with children of their own, those of the whole page at once; one that several share, once."""
        if not child.operation.children:
            return groups
        places: dict[int, int] = {}  # of each row object in the list of all
        rows: list[Row] = []
        owners: list[list[int]] = []
        for number, held in groups.items():
            for row in held:
                place = places.setdefault(id(row), len(rows))
                if place == len(rows):
                    rows.append(row)
                    owners.append([])
                owners[place].append(number)

        def keeper(of: Collection[int]) -> OnExchange | None:
            return page.keeper({number for place in of for number in owners[place]})

        completed = self.complete(child.operation, schema, rows, keeper, page.each, kept=page.kept)
        for place, one in enumerate(completed):
            for number in owners[place] if one.problem else ():
                page.problems[number] = page.problems[number] or one.problem
        return {number: [completed[places[id(row)]].record for row in held] for number, held in groups.items()}

    # --- by ids, for all records together

    def _together(
        self,
        page: _Page,
        name: str,
        child: Child,
        together: Together,
        schema: Mapping[str, Json],
        numbers: Sequence[int],
    ) -> dict[int, list[Row]]:
        """The children that the records name, in the records' order; what does not come back is left out."""
        named: dict[int, list[str]] = {}
        wanted: dict[str, Json] = {}  # an id as text → as it stands in the record
        owners: dict[str, set[int]] = {}
        for number in numbers:
            ids = ids_in(page.known[number].get(f"ids {name}"))
            problem = _unusable(ids, child, name)
            if problem is not None:
                page.problems[number] = problem
                continue
            named[number] = [id_text(one) for one in ids or ()]
            for text, one in zip(named[number], ids or (), strict=True):
                wanted.setdefault(text, one)
                owners.setdefault(text, set()).add(number)
        texts = list(wanted)
        portions = [texts[at : at + together.at_most] for at in range(0, len(texts), together.at_most)]

        def fetched(portion: list[str]) -> dict[str, Row]:
            keeper = page.keeper({number for text in portion for number in owners[text]})
            return self._portion(child, together, schema, {text: wanted[text] for text in portion}, keeper)

        found: dict[str, Row] = {}
        for part in page.each(fetched, portions):
            found |= part
        groups = {number: [found[text] for text in ids if text in found] for number, ids in named.items()}
        for number, rows in groups.items():
            page.problems[number] = next((row.problem for row in rows if isinstance(row, Unmade)), None)
        return {number: rows for number, rows in groups.items() if page.problems[number] is None}

    def _portion(
        self,
        child: Child,
        together: Together,
        schema: Mapping[str, Json],
        wanted: Mapping[str, Json],
        on_exchange: OnExchange | None,
    ) -> dict[str, Row]:
        """What one request finds of these ids; further pages of it are read only as long as some are missing."""
        operation = child.operation
        variables = {"ids": list(wanted.values())} | choice(operation, schema)
        found: dict[str, Row] = {}
        for page in self._reader.pages(operation, None, variables, on_exchange):
            by = self._evaluator.of_each({"by": together.by}, page.records, {})
            for row, value in zip(page.records, by, strict=True):
                ids = ids_in(value["by"])
                if ids is None or len(ids) != 1:
                    raise self._reader.broken(operation, "a record in it has no id")
                text = id_text(ids[0])
                if found.setdefault(text, row) != row:
                    raise self._reader.broken(operation, "two different records in it have the same id")
            if wanted.keys() <= found.keys():
                break
        return found

    # --- record by record

    def _one_by_one(
        self, page: _Page, child: Child, schema: Mapping[str, Json], numbers: Sequence[int]
    ) -> dict[int, list[Row]]:
        operation = child.operation
        variables = choice(operation, schema)

        def fetched(number: int) -> list[Row] | Problem:
            try:
                return self._reader.all(operation, page.records[number], variables, page.keeper({number}))
            except RecordProblem as problem:
                return problem.problems[0]
            except FormulaError as error:
                return error.as_problem()
            except ExchangeError as error:
                if child.single and error.cause is Cause.NOT_FOUND:
                    return []
                raise

        nowhere = self._without_address(page, operation, numbers) if child.single else set()
        asked = [number for number in numbers if number not in nowhere]
        groups: dict[int, list[Row]] = {number: [] for number in nowhere}
        for number, came in zip(asked, page.each(fetched, asked), strict=True):
            if isinstance(came, Problem):
                page.problems[number] = came
            else:
                groups[number] = came
        return groups

    def _without_address(self, page: _Page, operation: Operation, numbers: Sequence[int]) -> set[int]:
        """The records that name no such child: a hole of the path has no value."""
        values = self._evaluator.tried(operation.path_formulas(), [page.records[number] for number in numbers], {})
        return {
            number
            for number, found in zip(numbers, values, strict=True)
            if isinstance(found, dict)
            and any(value is MISSING or value is None or value == "" for value in found.values())
        }


def _rows_in(child: Child, held: Json) -> list[Row] | None:
    """The children that were put into a record; None where what stands there was not made of any."""
    if child.single:
        return [] if held is None else [held] if isinstance(held, dict) else None
    is_made = isinstance(held, list) and all(isinstance(row, dict) for row in held)
    return held if is_made else None


def ids_in(value: Json) -> list[Json] | None:
    """The ids a formula gave, without empty ones; None where something in it cannot be one."""
    held = value if isinstance(value, list) else [value]
    ids = [one for one in held if one is not MISSING and one is not None and one != ""]
    return ids if all(isinstance(one, str | int | float | Decimal) and one is not True for one in ids) else None


def id_text(value: Json) -> str:
    """An id as what it is compared by: 12, 12.0 and "12" are one."""
    return str(int(value)) if isinstance(value, float | Decimal) and value == int(value) else str(value)


def _unusable(ids: list[Json] | None, child: Child, name: str) -> Problem | None:
    where = child.operation.title if child.operation.title != child.operation.name else name
    if ids is None:
        return Problem(where, "what should be an id is neither text nor a number", "Look at the record in the source.")
    if child.single and len(ids) > 1:
        return Problem(where, "the record names several where there can be one", "Look at the record in the source.")
    return None
