"""Finding a record by what a person has at hand: a number, its beginning, a name, an e-mail address."""

from __future__ import annotations

from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.records import WITH_PAYLOAD, Records
from engine.runs.ledger.rows import StoredRecord
from engine.runs.ledger.sql import Prepared, Transaction, and_, bindparam, func, or_, select
from engine.runs.ledger.words import normalised, search_terms

_R, _W = tables.records.c, tables.words.c
_LEAST_PREFIX = 3
_PAST_ALL = "\U0010ffff"
_THERE = and_(
    or_(_R.flow == bindparam("flow"), bindparam("any_flow") == 1),
    or_(_R.binding == bindparam("binding"), bindparam("any_binding") == 1),
)
_EXACT = Prepared(
    select(_R.id)
    .where(_THERE)
    .where(or_(_R.key == bindparam("text"), _R.number == bindparam("text"), _R.target_number == bindparam("text")))
    .order_by(_R.id.desc())
    .limit(bindparam("limit"))
)
_PREFIX = Prepared(
    select(_R.id)
    .where(_THERE)
    .where(
        or_(
            and_(_R.number >= bindparam("text"), _R.number < bindparam("past")),
            and_(_R.target_number >= bindparam("text"), _R.target_number < bindparam("past")),
        )
    )
    .order_by(_R.id.desc())
    .limit(bindparam("limit"))
)
_ALL_WORDS = (
    select(_W.record_id)
    .join_from(tables.words, tables.records, _R.id == _W.record_id)
    .where(_THERE)
    .where(_W.word.in_(bindparam("words", expanding=True)))
    .group_by(_W.record_id)
    .having(func.count() == bindparam("how_many"))
    .order_by(_W.record_id.desc())
    .limit(bindparam("limit"))
)
_THESE = WITH_PAYLOAD.where(_R.id.in_(bindparam("ids", expanding=True)))


class Searches(Records):
    """What support types."""

    def find_records(
        self, text: str, limit: int = 50, *, flow: str | None = None, binding: str | None = None
    ) -> list[StoredRecord]:
        """Records by exact key, number or target number, then by all the words, then by a number's beginning.

        Words are e-mail addresses (whole), words of names, telephone numbers; upper and lower case are one.
        flow, binding: only of these; else of all.
        """
        wanted = text.strip()
        if not wanted:
            return []
        there = _there(flow, binding)
        with self.database.read() as reading:
            ids = [row.id for row in reading.rows(_EXACT, text=wanted, limit=limit, **there)]
            ids += self._word_ids(reading, wanted, limit, there)
            if len(wanted) >= _LEAST_PREFIX:
                rows = reading.rows(_PREFIX, text=wanted, past=wanted + _PAST_ALL, limit=limit, **there)
                ids += [row.id for row in rows]
            first = list(dict.fromkeys(ids))[:limit]
            by_id = {row.id: row for row in reading.among(_THESE, ids=first)} if first else {}
        return [self._record(by_id[record_id]) for record_id in first if record_id in by_id]

    def ids_by_words(self, text: str, limit: int = 1_000_000) -> list[int]:
        """The ids of the records that are searched by all of these words."""
        with self.database.read() as reading:
            return self._word_ids(reading, text, limit, _there(None, None))

    def _word_ids(self, reading: Transaction, text: str, limit: int, there: dict[str, Any]) -> list[int]:
        words = [self.seal.fingerprint(term) for term in search_terms(normalised(text))]
        if not words:
            return []
        found = reading.among(_ALL_WORDS, words=words, how_many=len(words), limit=limit, **there)
        return [row.record_id for row in found]


def _there(flow: str | None, binding: str | None) -> dict[str, Any]:
    """The values of _THERE."""
    return {
        "flow": flow or "",
        "any_flow": int(flow is None),
        "binding": binding or "",
        "any_binding": int(binding is None),
    }
