"""Reads the pages of an operation to their end, and sees to it that no record slips through between two of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from engine.connectors.building import RequestBuilder
from engine.connectors.client import Client, OnExchange
from engine.connectors.connector import Operation
from engine.connectors.evaluator import Evaluator
from engine.connectors.exchange import Request
from engine.connectors.paging import (
    PageValues,
    Paging,
    Place,
    broken,
    first_place,
    in_body,
    next_place,
    place_before,
    refuse_repetition,
    request_at,
)
from engine.documents.formula_text import formula_text
from engine.errors import BrokenReply, Cause, FormulaError, Json, Problem, RecordProblem
from engine.formulas import MISSING

Row: TypeAlias = dict[str, Json]
NO_CONTENT = 204
UNMADE = "unmade"  # the code of what kept a record from being made of what was sent
_MOST_ALIKE = 2  # pages alike, one after the other: records that shift may make one, a system that cannot page all


class Unmade(Row):
    """A record as it was sent, since the connector's formula failed on it; problem: how. Nothing is made of it."""

    def __init__(self, row: Row, problem: Problem) -> None:
        super().__init__(row)
        self.problem = replace(problem, code=UNMADE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of records; `last` where no other follows; `back`: it may hold what pages long before it held."""

    records: list[Row]
    last: bool
    back: bool = False


class PageReader:
    """Sends the reads of one system. Safe to use from several threads."""

    def __init__(self, title: str, client: Client, builder: RequestBuilder, evaluator: Evaluator) -> None:
        self._title = title
        self._client = client
        self._builder = builder
        self._evaluator = evaluator

    def pages(
        self, operation: Operation, record: Json, variables: Mapping[str, Json], on_exchange: OnExchange | None
    ) -> Iterator[Page]:
        """Each page, without the records of the page before that an overlap asked for again.

        Records that came or went meanwhile shift those behind them. Where there is an overlap, a page that holds
        nothing of the page before it shows that they shifted further than that: it is left, and the read goes back.
        Raises BrokenReply where the pages do not end.
        """
        paging = Paging.read(operation.paging)
        place, back, alike = first_place(paging), False, 0
        request = self._request(operation, record, variables, paging, place, None)
        before: list[Row] = []
        for pages in itertools.count(1):
            values, rows = self._read(operation, request, self._seen(variables, paging, place), on_exchange)
            fresh = without(rows, before) if place.again else rows
            is_joined = not place.again or len(fresh) < len(rows)
            alike = alike + 1 if rows and rows == before else 0
            if alike == _MOST_ALIKE:
                raise broken(request, "page after page holds the same records")
            following: Place | None
            if is_joined:
                said = PageValues.read(values, len(rows), len(rows) if alike else len(fresh), request)
                following = next_place(paging, place, said)
            else:
                following, back = place_before(place, len(before)), True
            turned = request
            if following is not None:
                turned = self._request(operation, record, variables, paging, following, request)
                refuse_repetition(paging, request, turned, pages)
            if is_joined:
                yield Page(self.made(operation, fresh, variables), following is None, back)
                before = rows
            if following is None:
                return
            place, request = following, turned

    def all(
        self, operation: Operation, record: Json, variables: Mapping[str, Json], on_exchange: OnExchange | None
    ) -> list[Row]:
        """The records of all pages, each once. RecordProblem where one of them could not be made."""
        found: list[Row] = []
        for page in self.pages(operation, record, variables, on_exchange):
            refuse_unmade(page)
            found += without(page.records, found) if page.back else page.records
        return found

    def rows(self, operation: Operation, held: Json) -> list[Row]:
        """A list of records from what a formula gave; BrokenReply where something in it is none."""
        rows = [] if held is MISSING or held is None else held if isinstance(held, list) else [held]
        if not all(isinstance(row, dict) for row in rows):
            raise self.broken(operation, "something in its list is no record")
        return rows

    def broken(self, operation: Operation, why: str, *, unknown: bool = False) -> BrokenReply:
        return BrokenReply(
            f"The reply of {self._title} to “{operation.title or operation.name}” cannot be used",
            cause=Cause.BROKEN_REPLY,
            why=why,
            what_to_do="Look at the exchange with explain; if the system changed, its connector must follow.",
            outcome_unknown=unknown,
        )

    def _read(
        self, operation: Operation, request: Request, variables: Mapping[str, Json], on_exchange: OnExchange | None
    ) -> tuple[dict[str, Json], list[Row]]:
        reply = self._client.send(request, safe=True, on_exchange=on_exchange)
        if reply.document is None and reply.status != NO_CONTENT:
            # taken for an empty list, a search would be believed that nothing is there, and make it twice
            raise self.broken(operation, "it says null" if reply.body.strip() else "it is empty")
        spec = operation.paging or {}
        wanted = {name: formula_text(spec[name]) for name in ("next", "total_pages") if name in spec}
        wanted |= {"records": operation.records} if operation.records not in (None, "$") else {}
        values = self._evaluator.values(wanted, reply.document, variables)
        rows = self.rows(operation, values.pop("records", reply.document))
        return {name: None if value is MISSING else value for name, value in values.items()}, rows

    def made(self, operation: Operation, rows: list[Row], variables: Mapping[str, Json]) -> list[Row]:
        """What the connector makes of each record, one by one: each has a formula's limits and faults for itself."""
        if operation.each is None:
            return rows
        tried = self._evaluator.tried({"each": operation.each}, rows, variables)
        made = [
            Unmade(row, one.as_problem()) if isinstance(one, FormulaError) else one["each"]
            for row, one in zip(rows, tried, strict=True)
        ]
        return self.rows(operation, made)

    def _request(
        self,
        operation: Operation,
        record: Json,
        variables: Mapping[str, Json],
        paging: Paging,
        place: Place,
        previous: Request | None,
    ) -> Request:
        if previous is None or paging.in_body:
            return self._builder.request(operation, record, self._seen(variables, paging, place))
        return request_at(paging, place, previous)

    def _seen(self, variables: Mapping[str, Json], paging: Paging, place: Place) -> Mapping[str, Json]:
        return {**variables, "paging": in_body(paging, place)} if paging.in_body else variables


def refuse_unmade(page: Page) -> None:
    """RecordProblem where something on a page could not be made, for those who need all of it."""
    faults = [row.problem for row in page.records if isinstance(row, Unmade)]
    if faults:
        raise RecordProblem(faults)


def without(rows: Sequence[Row], before: Sequence[Row]) -> list[Row]:
    """The rows less those that stood on the page before, each as often as it stood there."""
    left = list(before)
    fresh = []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            fresh.append(row)
    return fresh
