"""Pull: read pages from the source, judge each record by the flow's conditions, store it, and move the cursor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.connectors.children import INCOMPLETE
from engine.connectors.pages import UNMADE, Unmade
from engine.errors import Cause, DocumentError, ExchangeError, Json, Problem
from engine.formulas import MISSING
from engine.runs.aim import Seam, no_seam
from engine.runs.amounts import Amounts
from engine.runs.batches import Batch, Queue
from engine.runs.judging import DUE, SKIPPED, WAITING, Judged, Judging
from engine.runs.ledger import Ledger, PulledRecord, StoredRecord
from engine.runs.ledger.mended_fields import put_over
from engine.runs.moments import as_moment, since_text
from engine.runs.opening import OpenFlow
from engine.runs.reading import version_of_record
from engine.runs.record_fields import fields_of, value_at

__all__ = ["DUE", "SKIPPED", "WAITING", "Judged", "Pull"]


class Pull:
    """One read of a flow's source. on_page is told of each stored page, on_exchange of each exchange (key or None)."""

    def __init__(
        self,
        opened: OpenFlow,
        ledger: Ledger,
        now: datetime,
        pool: Executor,
        on_page: Callable[[list[Judged]], None] | None = None,
        on_exchange: Callable[[str | None, Any], None] | None = None,
        seam: Seam = no_seam,
    ) -> None:
        self.opened = opened
        self.ledger = ledger
        self.now = now
        self._pool = pool
        self._judging = Judging(opened, now, pool, self._keeper)
        self._on_page = on_page or (lambda judged: None)
        self._on_exchange = on_exchange or (lambda key, exchange: None)
        self._seam = seam
        flow = opened.loaded.flow
        self._source = flow.source
        self._resource = opened.source.resource(flow.source.resource)
        self._amounts = Amounts(self._resource.schema)
        # where the schema says that support looks records up
        self._searched = [path for path, about in fields_of(self._resource.schema) if about.get("x-search")]
        handed_out = self._resource.is_handed_out
        self._queue = Queue(opened, ledger, now, self._keeper(None), seam) if handed_out else None

    # --- what is read

    def since(self, asked: datetime | None) -> datetime | None:
        """From when to read: as asked, else the stored cursor less the overlap, else the flow's own beginning."""
        if asked is not None:
            return asked
        cursor = self.ledger.cursor(self.opened.name, self.opened.binding)
        if cursor and cursor.get("until"):
            reached = min(datetime.fromisoformat(cursor["until"]), self.now)
            return reached - timedelta(minutes=self._source.overlap_minutes)
        if self._source.since is None:
            return None
        program = self.opened.formulas.program({"since": self._source.since})
        found = self.opened.formulas.evaluate(program, self.opened.environment, [({}, {})])[0]["since"]
        if found.error is not None:
            raise found.error
        return None if found.value is MISSING or not found.value else as_moment(str(found.value))

    def pages(self, since: datetime | None, *, whole: bool = False) -> Iterator[list[Judged]]:
        """The pages of the source, judged, whole (with their children) where a record may be delivered.

        whole: they are taken as they are. Of what is handed out once this is the next batch, which stays there.
        """
        if self._queue is not None:
            yield self.judge(self._queue.look(), whole=whole)
            return
        variables = {"since": None if since is None else since_text(since)}
        for page in self.opened.source.read(self._source.resource, variables, self._keeper(None)):
            yield self.judge(page.records, whole=whole)

    def judge(self, records: list[dict[str, Json]], *, whole: bool = False) -> list[Judged]:
        """Judge records; those that pass are completed with their children. whole: they are taken as they are."""
        return self._judging.judge(records, whole=whole)

    def judge_stored(self, stored: Collection[StoredRecord]) -> list[Judged]:
        """Judge records as the ledger has them; what they lack, for they were held back or parked then, is fetched.

        DocumentError where the content of one is gone: then its source alone has it.
        """
        as_read: list[dict[str, Json]] = []
        kept: list[dict[str, Json]] = []
        unmade: list[StoredRecord] = []
        for one in stored:
            codes, content = {problem.code for problem in one.problems}, self._content(one)
            if UNMADE in codes:
                unmade.append(one)
            else:
                (as_read if INCOMPLETE in codes else kept).append(content)
        return [*self._judged_anew(unmade), *self._judging.judge(as_read), *self._judging.judge_stored(kept)]

    def _judged_anew(self, unmade: list[StoredRecord]) -> list[Judged]:
        judged = self._judging.judge([self._made_anew(one) for one in unmade])
        return [self._unless_taken(one, found) for one, found in zip(unmade, judged, strict=True)]

    def _made_anew(self, stored: StoredRecord) -> dict[str, Json]:
        """A record as it was sent, of which the connector could make nothing: perhaps it can by now."""
        sent = self._content(stored)
        try:
            return self.opened.source.made_anew(self._source.resource, sent)
        except ExchangeError:  # what is made of it is no record
            return Unmade(sent, next(problem for problem in stored.problems if problem.code == UNMADE))

    def _unless_taken(self, stored: StoredRecord, judged: Judged) -> Judged:
        """It may only now have its key, and must not take the place of what came under that since."""
        if judged.key == stored.key or self.ledger.record(stored.flow, stored.binding, judged.key) is None:
            return judged
        what = f"it is of {judged.key}, of which something else is here already"
        advice = "Compare both: the other one may have come later. Nothing of this one is sent."
        problem = Problem(self._resource.title, what, advice, code=UNMADE)
        return Judged(stored.key, stored.number, judged.time, self._content(stored), DUE, what, problem)

    def _content(self, stored: StoredRecord) -> dict[str, Json]:
        if stored.payload is None:
            what = f"{self.opened.source.title} cannot be asked for one record, and what was read of it is not kept"
            advice = "It can be delivered again when the source hands it out again."
            raise DocumentError([Problem(stored.number or stored.key, what, advice)])
        return stored.payload

    def _keeper(self, key: str | None) -> Callable[[Any], None]:
        return lambda exchange: self._on_exchange(key, exchange)

    # --- what is stored

    def run(self, run_id: int, asked: datetime | None = None, limit: int | None = None, *, again: bool = False) -> None:
        """Read everything since the cursor, and fetch again the records that wait.

        again: what is read becomes due although it did not change.
        """
        if self._queue is not None:
            self._empty(self._queue, run_id, limit)
            return
        opened = self.opened
        since = self.since(asked)
        until: datetime | None = None
        pages = count = 0
        seen: set[str] = set()
        ordered = bool(self._resource.operations["read"].ordered)
        held = self.ledger.cursor(opened.name, opened.binding) or {}
        moves = self._leaves_no_gap(asked)
        for judged in self.pages(since):
            judged = judged[: limit - count] if limit is not None else judged
            pages, count = pages + 1, count + len(judged)
            seen.update(j.key for j in judged)
            # a date in the future would leave out all that comes before it
            times = [j.time for j in judged if j.time is not None and j.time <= self.now]
            until = max([*times, *([until] if until else [])], default=None)
            self.store(run_id, judged, _cursor(held, until) if ordered and moves else held, again=again)
            if limit is not None and count >= limit:
                break
        if limit is None:
            self._window(run_id, since, pages, count, _cursor(held, until) if moves else held)
            self._fetch_waiting(run_id, seen)

    def _empty(self, queue: Queue, run_id: int, limit: int | None) -> None:
        """Store batch after batch. limit: no batch is asked for after so many records; none is cut."""
        held = self.ledger.cursor(self.opened.name, self.opened.binding) or {}
        sizes: list[int] = []
        seen: set[str] = set()

        def take(batch: Batch, records: list[dict[str, Json]]) -> bool:
            judged = self.judge(records)
            sizes.append(len(judged))
            seen.update(j.key for j in judged)
            self.store(run_id, judged, held, batch=batch)
            return limit is None or sum(sizes) < limit

        queue.empty(take)
        if limit is None:
            self._window(run_id, None, len(sizes), sum(sizes), held)
            self._fetch_waiting(run_id, seen)

    def _leaves_no_gap(self, asked: datetime | None) -> bool:
        """A read that begins later than the next one of itself would must not move the cursor past what it left out."""
        usual = self.since(None)
        return asked is None or (usual is not None and asked <= usual)

    def _window(self, run_id: int, since: datetime | None, pages: int, count: int, cursor: Json) -> None:
        self.ledger.keep_window(self.opened.name, self.opened.binding, run_id, since, self.now, pages, count, self.now)
        self.ledger.store_page(self.opened.name, self.opened.binding, run_id, [], cursor, self.now)

    def store(
        self, run_id: int, judged: list[Judged], cursor: Json, *, again: bool = False, batch: Batch | None = None
    ) -> None:
        records = [self.pulled(j) for j in judged]
        flow = (self.opened.name, self.opened.binding)
        arrived = [record.key for record in records if again and self._arrived_as(record)]
        self._seam("page read")
        self.ledger.store_page(*flow, run_id, records, cursor, self.now, batch)
        for key in arrived:
            self.ledger.make_due(*flow, key, self.now)
        self._on_page(judged)

    def _arrived_as(self, pulled: PulledRecord) -> bool:
        """Would it be left alone, because it came to its end in this version?"""
        held = self.ledger.record(self.opened.name, self.opened.binding, pulled.key)
        return held is not None and held.version == pulled.version and DUE == pulled.state != held.state

    def pulled(self, judged: Judged) -> PulledRecord:
        words = [str(value) for path in self._searched if (value := value_at(judged.record, path))]
        amount, currency = self._amounts.of(judged.record)
        return PulledRecord(
            key=judged.key,
            number=judged.number,
            version=version_of_record(judged.record, self.opened.reads),
            payload=judged.record,
            state="parked" if judged.problem else judged.state,
            reason=judged.reason,
            problems=(judged.problem,) if judged.problem else (),
            source_time=judged.time,
            search_words=words,
            amount=amount,
            currency=currency,
        )

    def _fetch_waiting(self, run_id: int, seen: set[str]) -> None:
        waiting = [k for k in self.ledger.waiting(self.opened.name, self.opened.binding) if k not in seen]
        for start in range(0, len(waiting), 50):
            self.fetch(run_id, waiting[start : start + 50])

    def fetch(self, run_id: int, keys: list[str]) -> list[Judged]:
        """Fetch these records anew by their keys and store them."""
        judged = self._fetched(keys)
        cursor = self.ledger.cursor(self.opened.name, self.opened.binding)
        self.store(run_id, judged, cursor)
        known = {j.key for j in judged}
        for key in keys:
            if key not in known:
                self._gone(run_id, key)
        return judged

    def _fetched(self, keys: list[str]) -> list[Judged]:
        """Those that are still there, judged; where the source cannot be asked for one, as they were read last."""
        if not self.can_get:
            held = (self.ledger.record(self.opened.name, self.opened.binding, key) for key in keys)
            # what a person mended lies beside it, and never becomes what was read
            return self.judge_stored([replace(stored, payload=stored.as_read) for stored in held if stored is not None])
        found = zip(keys, self._pool.map(self._unless_gone, keys), strict=True)
        there = {key: record for key, record in found if record is not None}
        return self._judging.judge_fetched(list(there.values()), list(there))

    def look_at(self, key: str) -> Judged:
        """One record fetched anew and judged, as it would be delivered; nothing is stored. ExchangeError where it is
        gone.
        """
        found = self._judging.judge_fetched([self._get(key)], [key])[0] if self.can_get else self._fetched([key])[0]
        return self.as_delivered(found)

    def as_delivered(self, judged: Judged) -> Judged:
        """With what was mended in it, where it may be delivered: that is judged by what the source has."""
        held = self.ledger.record(self.opened.name, self.opened.binding, judged.key) if judged.is_due else None
        if held is None or not held.mended.fields:
            return judged
        whole, _ = put_over(judged.record, held.mended.revision, held.mended.fields)
        return replace(judged, record=whole)

    @property
    def can_get(self) -> bool:
        """Can the source be asked for one record?"""
        return self._resource.operation("get") is not None

    def _get(self, key: str) -> dict[str, Json]:
        return self.opened.source.get(self._source.resource, key, self._keeper(key), whole=False)

    def _unless_gone(self, key: str) -> dict[str, Json] | None:
        try:
            return self._get(key)
        except ExchangeError as error:
            if error.cause is Cause.NOT_FOUND:
                return None
            raise

    def _gone(self, run_id: int, key: str) -> None:
        stored = self.ledger.record(self.opened.name, self.opened.binding, key)
        if stored is not None:
            moved = "it has a key now, and is kept under that"  # as stored, it is always found
            reason = f"{self.opened.source.title} does not know it any more" if self.can_get else moved
            self.ledger.finish_record(
                self.opened.name, self.opened.binding, key, stored.version, SKIPPED, reason, [], None, run_id, self.now
            )


def _cursor(held: Json, until: datetime | None) -> Json:
    """The furthest moment seen; it never moves back."""
    before = (held or {}).get("until")
    if until is None:
        return held or {}
    text = until.astimezone(UTC).isoformat()
    return {"until": max(before, text) if before else text}
