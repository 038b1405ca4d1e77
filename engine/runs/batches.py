"""What a system hands out once: asked for under a number of ours, stored, acknowledged, until nothing is handed out.

The number is in the ledger before the batch is asked for, and the batch is acknowledged only after it is stored with
the word that it is (`engine.runs.ledger.batches` says which commits that takes). So a run that ends anywhere is
followed by one that asks under the same number, or acknowledges what it has, and each change is here once.

A batch that somebody else began and left, or that we lost the number of, is fetched and acknowledged first, where the
system names it. One queue belongs to one flow and binding: what one of them took would be lost to the other. Who only
looks asks under the same number, stores nothing and acknowledges nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from engine.connectors.connector import Resource
from engine.errors import DocumentError, ExchangeError, Json, Problem, RecordRefused, StudioError
from engine.runs.aim import Seam, no_seam
from engine.runs.ledger import Ledger
from engine.runs.ledger.batches import QueuePlace, StoredQueue
from engine.runs.opening import OpenFlow
from engine.runs.reading import version_of_record

MOST_BATCHES = 1_000  # of one run, where the connector says nothing
MOST_OLDER = 20  # batches that a system may name one after the other before it gives one
Records = list[dict[str, Json]]
Batch = tuple[QueuePlace, str]
Take = Callable[[Batch, Records], bool]


def queue_place(opened: OpenFlow) -> QueuePlace:
    """The queue that the flow's source is."""
    source = opened.loaded.flow.source
    return QueuePlace(opened.connections.get(source.connector, source.connector), source.resource)


def source_resource(opened: OpenFlow) -> Resource:
    return opened.source.resource(opened.loaded.flow.source.resource)


def refuse_times(opened: OpenFlow, since: datetime | None, *, again: bool) -> None:
    """DocumentError where somebody wants to read anew what is handed out once."""
    asked = "--since" if since is not None else "--again" if again else ""
    if asked and source_resource(opened).is_handed_out:
        resource = source_resource(opened).title.lower()
        what = (
            f"{opened.source.title} hands out each change of its {resource} once: it cannot be asked for those of a day"
        )
        advice = "Leave it out: a run takes what is waiting. A record that was read before is delivered with --only."
        raise DocumentError([Problem(asked, what, advice)])


def queue_problem(opened: OpenFlow, ledger: Ledger) -> Problem | None:
    """What speaks against reading: the queue belongs to another flow or binding."""
    if not source_resource(opened).is_handed_out:
        return None
    queue = ledger.queue(queue_place(opened))
    return None if queue is None or _is_ours(queue, opened) else _of_another(queue, opened)


def _is_ours(queue: StoredQueue, opened: OpenFlow) -> bool:
    return queue.owner is None or queue.owner == (opened.name, opened.binding)


def _of_another(queue: StoredQueue, opened: OpenFlow) -> Problem:
    assert queue.owner is not None
    flow, binding = queue.owner
    title, resource = opened.source.title, source_resource(opened).title.lower()
    return Problem(
        f"{opened.name}, {opened.binding}",
        f"{title} hands out each change of its {resource} once, and {flow} ({binding}) takes them",
        f"Only one flow can have them. If {flow} is not to run any more, switch it off and move them: "
        f"`bindings {opened.name} {opened.binding} --take-queue`.",
    )


class Queue:
    """The queue of an opened flow's source. on_exchange: told of each exchange."""

    def __init__(
        self,
        opened: OpenFlow,
        ledger: Ledger,
        now: datetime,
        on_exchange: Callable[[Any], None] | None = None,
        seam: Seam = no_seam,
    ) -> None:
        self.place = queue_place(opened)
        self._opened = opened
        self._system = opened.source
        self._ledger = ledger
        self._now = now
        self._on_exchange = on_exchange
        self._seam = seam
        self._had: set[str] = set()  # what was handed out in this run
        self._acknowledged: set[str] = set()

    def look(self) -> Records:
        """What is handed out next; the next run is handed out the same."""
        with self._ledger.queue_lock(self.place):
            return self._ask()[1]

    def empty(self, take: Take) -> None:
        """Hand each batch to `take`, which stores it, and acknowledge it; until nothing is handed out, or `take` gives
        False. Raises DocumentError where the queue is another flow's, StudioError where there is no end to it.
        """
        queue = self._ledger.claim_queue(self.place, self._opened.name, self._opened.binding, self._now)
        if not _is_ours(queue, self._opened):
            raise DocumentError([_of_another(queue, self._opened)])
        operation = self._system.resource(self.place.resource).operations["read"]
        most = (operation.paging or {}).get("max_pages", MOST_BATCHES)
        self._end_last()
        for _ in range(most):
            with self._ledger.queue_lock(self.place):
                if not self._one(take):
                    return
        raise self._endless(f"{most} batches were handed out and acknowledged, and there is still another one")

    def _end_last(self) -> None:
        """Acknowledge what the last run stored and did not get to acknowledge."""
        with self._ledger.queue_lock(self.place):
            queue = self._ledger.queue(self.place)
            if queue is None or not (queue.number and queue.is_stored):
                return
            try:
                self._system.acknowledge(self.place.resource, queue.number, self._on_exchange)
            except RecordRefused:  # it may have been acknowledged already: whether it is still there is found by asking
                self._ledger.begin_batch(self.place, queue.number, self._now)
            else:
                self._over(queue.number)

    def _one(self, take: Take) -> bool:
        """Take one batch; False where it was the last."""
        number, records, is_new = self._ask()
        if not records:
            self._acknowledge(number, is_empty=True)
            return not is_new  # of an older one being empty nothing follows
        comes_again = self._was_had(records)
        goes_on = take((self.place, number), records)
        self._seam("batch stored")
        self._acknowledge(number)
        if comes_again:
            raise self._endless("it was acknowledged, and all that was in it is handed out once more")
        return goes_on

    # --- asking

    def _ask(self) -> tuple[str, Records, bool]:
        """The next batch with its number, and whether it was asked for as a new one. Its number stays in the ledger."""
        queue = self._ledger.queue(self.place)
        kept = queue.number if queue is not None else ""
        number = kept or uuid4().hex
        asked: set[str] = set()
        while True:
            self._ledger.begin_batch(self.place, number, self._now)
            self._seam("batch begun")
            try:
                return number, self._records(number), not kept and not asked
            except ExchangeError as error:
                older = self._system.left_over(self.place.resource, error)
                if older is None:
                    raise
                asked.add(number)
                number = self._older(older, asked, error)

    def _records(self, number: str) -> Records:
        variables = {"since": None, "batch": number}
        pages = self._system.read(self.place.resource, variables, self._on_exchange)
        return [record for page in pages for record in page.records]

    def _older(self, number: str, asked: set[str], error: ExchangeError) -> str:
        """The batch that must be fetched first; raises where that leads nowhere."""
        if not number:
            said = error.system_message or error.system_code
            why = f"an older batch waits, and which one cannot be read from what the system says (“{said}”)"
            raise self._blocked(why) from error
        if number in self._acknowledged:
            raise self._endless(f"batch {number} was acknowledged, and is said to be waiting all the same") from error
        if number in asked or len(asked) >= MOST_OLDER:
            raise self._blocked(f"batch {number} is said to be waiting, and is not handed out") from error
        return number

    # --- acknowledging

    def _acknowledge(self, number: str, *, is_empty: bool = False) -> None:
        try:
            self._system.acknowledge(self.place.resource, number, self._on_exchange)
        except RecordRefused as refused:
            if not is_empty:  # where nothing was handed out there may be nothing to acknowledge
                raise self._not_taken(number, refused) from refused
        self._over(number)

    def _over(self, number: str) -> None:
        self._acknowledged.add(number)
        self._seam("batch acknowledged")
        self._ledger.batch_over(self.place, self._now)

    def _was_had(self, records: Records) -> bool:
        """Was every record of it handed out before in this run, exactly so?"""
        versions = {version_of_record(record, list(record)) for record in records}
        known = versions <= self._had
        self._had |= versions
        return known

    # --- what is told

    def _not_taken(self, number: str, refused: RecordRefused) -> StudioError:
        said = refused.system_message or refused.why or refused.what
        return StudioError(
            f"What was handed out is stored, but its batch {number} could not be acknowledged",
            where=self._where(),
            why=f"“{said}”",
            what_to_do="What was read is delivered all the same. The next run acknowledges it; if it stays so, ask the "
            "system's support.",
        )

    def _endless(self, why: str) -> StudioError:
        return StudioError(
            "There is no end to what is handed out",
            where=self._where(),
            why=why,
            what_to_do="What was read is stored and delivered once. The next run tries again; if it stays so, ask the "
            "system's support why acknowledged batches come again.",
        )

    def _blocked(self, why: str) -> StudioError:
        return StudioError(
            "Nothing new is handed out",
            where=self._where(),
            why=why,
            what_to_do="Ask the system's support to let the old batch go; the next run goes on from there.",
        )

    def _where(self) -> str:
        return f"{self._system.title}, {self._system.resource(self.place.resource).title.lower()}"
