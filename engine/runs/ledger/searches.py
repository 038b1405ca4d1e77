"""Finding a record by what a person has at hand: a number, its beginning, a name, an e-mail address, an amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.records import WITH_PAYLOAD, Records
from engine.runs.ledger.rows import PARKED, StoredRecord, amount_number, time_text
from engine.runs.ledger.sql import Transaction, and_, bindparam, exists, false, func, select
from engine.runs.ledger.words import normalised, search_terms

_R, _W = tables.records.c, tables.words.c
PLACE, AMOUNT, DAYS = "place", "amount", "days"  # what may lead to records
_LEAST_PREFIX = 3
_PAST_ALL = "\U0010ffff"
_MOST_COUNTED = 5_000
_CALLED = (_R.key, _R.number, _R.target_number)
_FEW = select(_W.record_id).where(_W.word == bindparam("word")).limit(_MOST_COUNTED).subquery()
_HOW_MANY = select(func.count().label("many")).select_from(_FEW)
_NEXT_BINDING = (
    select(_R.flow, _R.binding)
    .where(_R.flow == bindparam("flow"), _R.binding > bindparam("binding"))
    .order_by(_R.flow, _R.binding)
    .limit(1)
)
_NEXT_FLOW = select(_R.flow, _R.binding).where(_R.flow > bindparam("flow")).order_by(_R.flow, _R.binding).limit(1)
_THESE = WITH_PAYLOAD.where(_R.id.in_(bindparam("ids", expanding=True)))
_AT_ONCE = 5_000  # ids asked for by one statement
_STATES = (
    select(_R.state, func.count().label("many")).where(_R.id.in_(bindparam("ids", expanding=True))).group_by(_R.state)
)
_ALL_WORDS = (
    select(_W.record_id)
    .where(_W.word.in_(bindparam("words", expanding=True)))
    .group_by(_W.record_id)
    .having(func.count() == bindparam("how_many"))
    .order_by(_W.record_id.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the records that are looked for have; None or nothing: it may be any.

    text: a number or key (also in the target), the beginning of a number, or words of names and addresses; amounts: the
    least and the most it may come to; since, until: when it was made in the source, `until` itself left out.
    """

    text: str = ""
    flow: str | None = None
    binding: str | None = None
    states: Sequence[str] = ()
    cause: str | None = None
    amounts: tuple[Decimal, Decimal] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self, lead: str = "") -> list[Any]:
        """All but the text, over the table of records. lead: PLACE, AMOUNT or DAYS where an index over these finds
        them; the others are written so that none of their indexes does.
        """

        def told(column: Any, of: str = "") -> Any:
            return column if lead and of == lead else column + (0 if of == AMOUNT else "")

        held: list[Any] = []
        for column, name in ((_R.flow, self.flow), (_R.binding, self.binding)):
            if name is not None:
                held.append(told(column, PLACE) == name)
        if self.states:
            held.append(told(_R.state, PLACE).in_(list(self.states)))
        if self.cause is not None:
            held.append(_R.cause == self.cause)
        if self.amounts is not None:
            least, most = (amount_number(amount) for amount in self.amounts)
            if least is None or most is None:
                held.append(false())  # past all sums of money
            else:
                held.append(and_(told(_R.amount, AMOUNT) >= least, told(_R.amount, AMOUNT) <= most))
        if self.since is not None:
            held.append(told(_R.source_time, DAYS) >= time_text(self.since))
        if self.until is not None:
            held.append(told(_R.source_time, DAYS) < time_text(self.until))
        return held


class Searches(Records):
    """What support types."""

    def find_records(
        self, text: str, limit: int = 50, *, flow: str | None = None, binding: str | None = None
    ) -> list[StoredRecord]:
        """Records by exact key, number or target number, then by all the words, then by a number's beginning.

        Words are e-mail addresses (whole), words of names, telephone numbers; upper and lower case are one.
        flow, binding: only of these; else of all.
        """
        return self.records_like(Wanted(text, flow, binding), limit) if text.strip() else []

    def records_like(self, wanted: Wanted, limit: int = 50) -> list[StoredRecord]:
        """Up to `limit` records that are as wanted: those the text names first, and of these the last seen first.

        Without a text all that keep the conditions, the last seen first.
        """
        wanted = replace(wanted, text=wanted.text.strip())
        with self.database.read() as reading:
            first = list(dict.fromkeys(self._ids_like(reading, wanted, limit)))[:limit]
            by_id = {row.id: row for row in reading.among(_THESE, ids=first)} if first else {}
        return [self._record(by_id[record_id]) for record_id in first if record_id in by_id]

    def ids_like(self, wanted: Wanted, limit: int) -> list[int]:
        """The ids of at most so many records that are as wanted, each once."""
        wanted = replace(wanted, text=wanted.text.strip())
        with self.database.read() as reading:
            return list(dict.fromkeys(self._ids_like(reading, wanted, limit)))[:limit]

    def states_of(self, ids: Sequence[int]) -> dict[str, int]:
        """How many of these records are in each state."""
        found: dict[str, int] = {}
        with self.database.read() as reading:
            for start in range(0, len(ids), _AT_ONCE):
                for row in reading.among(_STATES, ids=list(ids[start : start + _AT_ONCE])):
                    found[row.state] = found.get(row.state, 0) + int(row.many)
        return found

    def ids_by_words(self, text: str, limit: int = 1_000_000) -> list[int]:
        """The ids of the records that are searched by all of these words."""
        words = self._hashed(text)
        if not words:
            return []
        with self.database.read() as reading:
            found = reading.among(_ALL_WORDS, words=words, how_many=len(words), limit=limit)
        return [row.record_id for row in found]

    def _ids_like(self, reading: Transaction, wanted: Wanted, limit: int) -> list[int]:
        if not wanted.text:
            return _without_text(reading, wanted, limit)
        text, conditions = wanted.text, wanted.conditions()
        ids: list[int] = []
        for column in _CALLED:
            ids += _meeting(reading, limit, column == text, *conditions)
        words = self._hashed(text)
        if words:
            ids += _by_words(reading, words, wanted, limit)
        if len(text) >= _LEAST_PREFIX:
            for column in (_R.number, _R.target_number):
                ids += _meeting(reading, limit, column >= text, column < text + _PAST_ALL, *conditions)
        return ids

    def _hashed(self, text: str) -> list[bytes]:
        return [self.seal.fingerprint(term) for term in sorted(search_terms(normalised(text)))]


# Each is led by the index that leaves the fewest records: a database that knows no counts would read all of them in the
# order of their ids, in the hope that fifty come soon.


def _meeting(reading: Transaction, limit: int, *conditions: Any) -> list[int]:
    """The last seen of those that keep the conditions, all of which are looked at."""
    return _these(reading, select(_R.id).where(*conditions).order_by((_R.id + 0).desc()).limit(limit))


def _by_words(reading: Transaction, words: Sequence[bytes], wanted: Wanted, limit: int) -> list[int]:
    counted = sorted((reading.among(_HOW_MANY, word=word)[0].many, word) for word in words)
    if counted[0][0] >= _MOST_COUNTED and (wanted.amounts or (wanted.since is not None and wanted.until is not None)):
        lead = AMOUNT if wanted.amounts is not None else DAYS
        return _meeting(reading, limit, *wanted.conditions(lead), *(_has(word, _R.id) for word in words))
    conditions = wanted.conditions()
    rarest, *others = (word for _, word in counted)
    named = select(_W.record_id.label("id")).where(_W.word == rarest, *(_has(word, _W.record_id) for word in others))
    if conditions:
        named = named.join_from(tables.words, tables.records, _R.id == _W.record_id).where(*conditions)
    return _these(reading, named.order_by(_W.record_id.desc()).limit(limit))


def _without_text(reading: Transaction, wanted: Wanted, limit: int) -> list[int]:
    if wanted.amounts is not None:
        return _meeting(reading, limit, *wanted.conditions(AMOUNT))
    if wanted.since is not None or wanted.until is not None:
        if _are_few(reading, wanted):
            lead, time = PLACE, _R.source_time + ""
        else:
            lead, time = DAYS, _R.source_time
        return _these(reading, select(_R.id).where(*wanted.conditions(lead)).order_by(time.desc()).limit(limit))
    if not wanted.states and wanted.cause is None:
        return _these(reading, select(_R.id).where(*wanted.conditions(PLACE)).order_by(_R.id.desc()).limit(limit))
    conditions = wanted.conditions()
    found: list[int] = []
    for flow, binding in places(reading, wanted):
        for state in wanted.states or (PARKED,):
            place = (_R.flow == flow, _R.binding == binding, _R.state == state)
            last = select(_R.id).where(*place, *conditions).order_by(_R.id.desc()).limit(limit)
            found += _these(reading, last)
    return sorted(found, reverse=True)[:limit]


def _are_few(reading: Transaction, wanted: Wanted) -> bool:
    """Has the flow that is wanted so few records, of these states, that all of them may be looked at?"""
    if wanted.flow is None:
        return False
    place = Wanted("", wanted.flow, wanted.binding, wanted.states)
    some = select(_R.id).where(*place.conditions(PLACE)).limit(_MOST_COUNTED).subquery()
    return bool(reading.among(select(func.count().label("many")).select_from(some))[0].many < _MOST_COUNTED)


def places(reading: Transaction, wanted: Wanted) -> list[tuple[str, str]]:
    """The flows and bindings that have records: from each to the next one, without reading what lies between."""
    if wanted.flow is not None and wanted.binding is not None:
        return [(wanted.flow, wanted.binding)]
    found: list[tuple[str, str]] = []
    last = ("", "")
    while True:
        rows = reading.among(_NEXT_BINDING, flow=last[0], binding=last[1]) or reading.among(_NEXT_FLOW, flow=last[0])
        if not rows:
            return [each for each in found if wanted.flow in (None, each[0]) and wanted.binding in (None, each[1])]
        last = (rows[0].flow, rows[0].binding)
        found.append(last)


def _these(reading: Transaction, statement: Any) -> list[int]:
    return [row.id for row in reading.among(statement)]


def _has(word: bytes, record_id: Any) -> Any:
    """Is the record searched by this word?"""
    other = tables.words.alias()
    return exists().where(other.c.word == word, other.c.record_id == record_id)
