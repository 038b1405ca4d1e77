"""Reconcile: the source's records of each day against what was made of them, with a story for each difference.

Reads only, and keeps nothing. The source is read since the day before; so is the target where it can be read since a
moment, for then what is there twice or only there is seen as well. Where it cannot, each record is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property

from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Reconciliation
from engine.formulas import MISSING, Evaluation, Shared
from engine.runs.chosen import Chosen
from engine.runs.expected_documents import Document, Expected, ExpectedDocuments
from engine.runs.ledger import Ledger, StoredRecord
from engine.runs.opening import OpenFlow
from engine.runs.pull import SKIPPED, WAITING, Judged, Pull
from engine.runs.results import ARRIVED
from engine.runs.story import begun_from, earliest_of

MISSING_THERE, OTHER_SUM, TWICE, ONLY_THERE, UNWANTED, HELD_BACK, OTHER_DAY, UNREADABLE = (
    "missing",
    "other sum",
    "twice",
    "only there",
    "not wanted",
    "held back",
    "other day",
    "unreadable",
)
SAID_ONLY = (HELD_BACK, OTHER_DAY)  # nothing is wrong with these: they are told, and do not count
_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(slots=True)
class Sums:
    """How many records, and how much in each currency."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def add(self, currency: str, amount: Decimal | None) -> None:
        self.count += 1
        if amount is not None:
            self.amounts[currency] = self.amounts.get(currency, Decimal(0)) + amount


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that is not on both sides as it should be. kind: see above; source, target: the amounts, None where
    there is nothing; made: what it is called in the target; story: what is known of it.
    """

    kind: str
    day: str
    key: str
    number: str
    currency: str
    source: Decimal | None
    target: Decimal | None
    made: tuple[str, ...]
    story: str

    @property
    def counts(self) -> bool:
        """Is something wrong?"""
        return self.kind not in SAID_ONLY

    def as_json(self) -> dict[str, Json]:
        return {
            "difference": self.kind,
            "day": self.day,
            "key": self.key,
            "number": self.number,
            "currency": self.currency,
            "source": None if self.source is None else str(self.source),
            "target": None if self.target is None else str(self.target),
            "made": list(self.made),
            "story": self.story,
            "counts": self.counts,
        }


@dataclass(slots=True)
class Day:
    """A day on both sides. held_back: what the flow itself does not take, which is not part of `source`."""

    day: str
    source: Sums = field(default_factory=Sums)
    target: Sums = field(default_factory=Sums)
    held_back: Sums = field(default_factory=Sums)
    differences: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Is it the same on both sides?"""
        return not any(difference.counts for difference in self.differences)


@dataclass(frozen=True, slots=True)
class _Told:
    """A record of the source with its day and amount."""

    judged: Judged
    day: str
    amount: Decimal | None
    currency: str
    problem: str = ""


class Reconciling:
    """Compares the days of one opened flow. told: called after each page with how many records it brought."""

    def __init__(
        self,
        opened: OpenFlow,
        ledger: Ledger,
        pool: ThreadPoolExecutor,
        told: Callable[[int], None] | None = None,
    ) -> None:
        reconcile = opened.loaded.flow.reconcile
        if reconcile is None:
            where, what = f"saved_mappings/{opened.name}.json", "the flow does not say how its days are compared"
            raise DocumentError([Problem(where, what, "Give it `reconcile` with day, sum and target_sum.")])
        self._reconcile: Reconciliation = reconcile
        self._opened = opened
        self._ledger = ledger
        self._told = told or (lambda count: None)
        self._pull = Pull(opened, ledger, opened.environment.now, pool)
        self._chosen = Chosen(opened, ledger, self._pull)
        parts = {"day": reconcile.day, "sum": reconcile.sum}
        parts |= {"currency": reconcile.currency} if reconcile.currency else {}
        self._program = opened.formulas.program(parts)
        self._target_sum = opened.formulas.program({"sum": reconcile.target_sum})
        self.unread: list[str] = []  # kinds of documents of which what only the target has stays unseen

    def days(self, first: date, last: date) -> list[Day]:
        """Every day from the first to the last. Raises ExchangeError where a system cannot be asked."""
        if last < first:
            what = f"{last} comes before {first}"
            raise DocumentError([Problem("--to", what, "Give the earlier day with --from.")])
        self._days = {str(first + timedelta(n)): Day(str(first + timedelta(n))) for n in range((last - first).days + 1)}
        since = datetime.combine(first, time(), UTC) - timedelta(days=1)
        expected = ExpectedDocuments(self._opened, self._ledger, since)
        self.unread = expected.unread()
        seen: set[str] = set()
        for told, documents in self._source(since, expected):
            seen |= set(documents.matches)
            if told.day in self._days:
                self._compare(self._days[told.day], told, documents)
        self._only_there(expected, seen)
        for day in self._days.values():
            day.differences.sort(key=lambda each: (each.number, each.key))
        return list(self._days.values())

    # --- the source

    def _source(self, since: datetime, expected: ExpectedDocuments) -> Iterator[tuple[_Told, Expected]]:
        """Each record of the source once, with what should be there of it."""
        seen: set[str] = set()
        operation = self._opened.source.resource(self._opened.loaded.flow.source.resource).operation("read")
        ordered = operation is not None and operation.ordered
        for page in self._pull.pages(since, whole=True):
            fresh = []
            for judged in page:
                if judged.key not in seen:
                    seen.add(judged.key)
                    fresh.append(judged)
            several = [self._of_source(judged) for judged in fresh]
            for told in several:
                yield told, self._expected(told, expected)
            self._told(len(fresh))
            last = max(self._days)
            if ordered and several and all(told.day > _after(last, 2) for told in several if told.day):
                return

    def _expected(self, told: _Told, expected: ExpectedDocuments) -> Expected:
        """Of a record outside of the days only the names under which it may be in the target."""
        return expected.of(told.judged.key, told.judged.record, looks=told.day in self._days)

    def _of_source(self, judged: Judged) -> _Told:
        variables = Shared({"record": judged.record, "values": {}})
        found = self._opened.formulas.evaluate(
            self._program, self._opened.environment, [(judged.record, {})], shared=variables
        )[0]
        day, amount = _given(found, "day"), _decimal(_given(found, "sum"))
        problem = next((str(each.error.what) for each in found.values() if each.error is not None), "")
        currency = _given(found, "currency") if "currency" in found else ""
        shown = str(day)[:10] if day else ""
        if shown and not _A_DAY.fullmatch(shown):
            shown, problem = "", problem or f"its day “{shown}” is none that is written as 2026-01-31"
        if not shown and judged.time is not None:
            shown = str(judged.time.date())  # its day cannot be told: it is shown somewhere near
            problem = problem or "its day cannot be told"
        return _Told(judged, shown, amount, str(currency or ""), problem)

    # --- comparing

    def _compare(self, day: Day, told: _Told, expected: Expected) -> None:
        documents = expected.documents
        judged = told.judged
        amounts = [self._amount(document) for document in documents]
        for amount in amounts:
            day.target.add(told.currency, amount)
        if judged.state in (WAITING, SKIPPED) and not documents:
            day.held_back.add(told.currency, told.amount)
            day.differences.append(self._difference(HELD_BACK, told, documents, None, self._story(told, expected)))
            return
        day.source.add(told.currency, told.amount)
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        kind, story = self._verdict(told, expected, amounts, total)
        if kind:
            there = total if documents else None
            day.differences.append(self._difference(kind, told, documents, there, story))

    def _verdict(
        self, told: _Told, expected: Expected, amounts: list[Decimal | None], total: Decimal
    ) -> tuple[str, str]:
        """What is wrong with a record and its documents, and the sentence; "" where nothing is."""
        documents, judged = expected.documents, told.judged
        if expected.problem or told.problem:
            return UNREADABLE, expected.problem or told.problem
        if not documents:
            return MISSING_THERE, self._story(told, expected)
        names = ", ".join(document.called for document in documents)
        if judged.state == SKIPPED:
            return UNWANTED, f"it is there as {names}, but the flow skips it now: {judged.reason}"
        if len([amount for amount in amounts if amount is None or _same_way(amount, told.amount)]) > 1:
            return TWICE, f"it is there {len(documents)} times: {names}"
        if told.amount is None or None in amounts:
            return UNREADABLE, told.problem or f"the amount of {names} cannot be read"
        if total != told.amount:
            credited = f", of {len(documents)} documents: {names}" if len(documents) > 1 else ""
            return OTHER_SUM, f"{told.amount} in {self._opened.source.title}, {total} there as {names}{credited}"
        other = [document for document in documents if document.day and document.day != told.day]
        if other:
            return OTHER_DAY, f"there as {names} it bears {other[0].day}"
        return "", ""

    def _difference(
        self, kind: str, told: _Told, documents: Iterable[Document], there: Decimal | None, story: str
    ) -> Difference:
        judged = told.judged
        made = tuple(document.called for document in documents)
        return Difference(kind, told.day, judged.key, judged.number, told.currency, told.amount, there, made, story)

    def _amount(self, document: Document) -> Decimal | None:
        found = self._opened.formulas.evaluate(
            self._target_sum, self._opened.environment, [(document.record, {})], shared=Shared({})
        )[0]
        return _decimal(_given(found, "sum"))

    # --- stories

    def _story(self, told: _Told, expected: Expected) -> str:
        """What is known of a record that is not there."""
        judged = told.judged
        if judged.state in (WAITING, SKIPPED):
            return f"{'it waits' if judged.state == WAITING else 'it is skipped'}: {judged.reason}"
        stored = self._ledger.record(self._opened.name, self._opened.binding, judged.key)
        if stored is None:
            return f"no run has seen it{self._reach(judged)}"
        return _standing(stored, expected)

    @cached_property
    def _begun(self) -> list[datetime | None]:
        """Since when runs have read."""
        return begun_from(self._ledger, self._opened.name, self._opened.binding)

    def _reach(self, judged: Judged) -> str:
        if not self._begun:
            return ": the flow has not run yet"
        earliest = earliest_of(self._begun)
        if judged.time is not None and earliest is not None and judged.time < earliest:
            return f": it is older than what runs have read (since {earliest:%Y-%m-%d %H:%M} UTC)"
        return "; the next run reads it, or `run FLOW --only NUMBER`"

    # --- what only the target has

    def _only_there(self, expected: ExpectedDocuments, seen: set[str]) -> None:
        """Documents that name a record which the source has not."""
        for documents in expected.others(seen):
            day = next((document.day for document in documents if document.day in self._days), None)
            if day is None or self._is_known(documents[0].match):
                continue
            amounts = [self._amount(document) for document in documents]
            currency = next(iter(self._days[day].source.amounts), "")
            for amount in amounts:
                self._days[day].target.add(currency, amount)
            made = tuple(document.called for document in documents)
            total = sum((amount for amount in amounts if amount is not None), Decimal(0))
            story = f"{self._opened.source.title} has no record “{documents[0].match[:60]}”"
            self._days[day].differences.append(
                Difference(ONLY_THERE, day, "", documents[0].match, currency, None, total, made, story)
            )

    def _is_known(self, match: str) -> bool:
        """Is it a record of another day, or of long ago?"""
        try:
            self._chosen.key_of(match)
        except DocumentError:
            return False
        return True


def _standing(stored: StoredRecord, expected: Expected) -> str:
    """How a record stands in the ledger that is not in the target."""
    if stored.state in ARRIVED:
        made = f" as {stored.target_number}" if stored.target_number else ""
        gone = f"it was made{made}, and is not found now: it was deleted or renamed there"
        return f"{gone}. `replay {stored.number or stored.key} --not-there` makes it anew"
    if stored.state == "due":
        return f"it is to be delivered by the next run{f' ({stored.reason})' if stored.reason else ''}"
    advice = f" {stored.problems[0].what_to_do}" if stored.problems else ""
    return f"it is {stored.state}: {stored.reason}.{advice}".replace("..", ".")


def _same_way(amount: Decimal, source: Decimal | None) -> bool:
    """A credit note beside its invoice is no second invoice."""
    return source is None or (amount < 0) == (source < 0)


def _given(found: Mapping[str, Evaluation], name: str) -> Json:
    evaluation = found.get(name)
    if evaluation is None or evaluation.error is not None or evaluation.value is MISSING:
        return None
    return evaluation.value


def _decimal(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _after(day: str, count: int) -> str:
    return str(date.fromisoformat(day) + timedelta(count))
