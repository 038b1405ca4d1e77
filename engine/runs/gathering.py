"""Several records in one request: each is delivered by a thread of its own, and who comes to its write waits for the
others.

So everything that makes a write happen once stays as it is for one record: its intent is on disk before, its outcome
is stored after, and it is parked alone. Only the request is shared. It goes out when each record of the group has come
to its write, or has ended without one; as several, where some differ in what counts for a whole request (`alike`).
Where one is refused, each is sent alone, so that the one that is wrong is found.

A record whose intent somebody else holds leaves the group before it waits: nobody waits for a record that waits.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from engine.connectors.exchange import Exchange
from engine.connectors.system import Answer
from engine.errors import Json, RecordProblem, RecordRefused
from engine.runs.aim import Place

if TYPE_CHECKING:
    from engine.runs.opening import OpenFlow, OpenStep

MOST_TOGETHER = 100  # records of one request, and threads that wait for it
KeepWhole = Callable[[str, Exchange], None]  # (step, exchange): kept with the run


def most_together(opened: OpenFlow) -> int:
    """How many records of the flow one request may carry; 1 where its steps do not allow more."""
    if len(opened.steps) != 1 or opened.steps[0].step.each is not None:
        return 1
    create = opened.steps[0].resource.operation("create")
    return min(create.at_most, MOST_TOGETHER) if create is not None else 1


@dataclass(slots=True)
class _Share:
    """What one record has in the request, and what came of it. is_over: it need not wait any more."""

    step: OpenStep
    fields: dict[str, Json]
    place: Place
    is_over: bool = False
    answer: Answer | None = None
    error: BaseException | None = None


class Group:
    """The records that go together."""

    def __init__(self, size: int, keep_whole: KeepWhole) -> None:
        self._changed = threading.Condition()
        self._coming = size
        self._shares: list[_Share] = []
        self._keep_whole = keep_whole

    def come(self, share: _Share) -> None:
        """Wait for the others, and for the answer."""
        with self._changed:
            self._shares.append(share)
        self.one_less()
        with self._changed:
            self._changed.wait_for(lambda: share.is_over)

    def one_less(self) -> None:
        """One of the group has come, or will not come; the last one sends what all brought."""
        with self._changed:
            self._coming -= 1
            is_last = self._coming == 0
        if is_last and self._shares:
            try:
                self._send()
            finally:
                with self._changed:
                    for share in self._shares:
                        share.is_over = True
                    self._changed.notify_all()

    def _send(self) -> None:
        create = self._shares[0].step.resource.operation("create")
        alike = create.alike if create is not None else ()
        parts: dict[str, list[_Share]] = defaultdict(list)
        for share in self._shares:
            parts[json.dumps([share.fields.get(name) for name in alike], default=str)].append(share)
        for part in parts.values():
            if len(part) > 1:  # one that is alone in its part is sent alone
                self._send_part(part)

    def _send_part(self, shares: list[_Share]) -> None:
        first = shares[0]
        resource, keep = first.step.step.resource, partial(self._keep, shares)
        try:
            answers = first.step.system.create_together(resource, [share.fields for share in shares], keep)
        except (RecordRefused, RecordProblem):
            return  # each is sent alone, and the one that is wrong is parked alone
        except BaseException as error:  # told by each of them
            for share in shares:
                share.error = error
            return
        for share, answer in zip(shares, answers, strict=True):
            share.answer = answer

    def _keep(self, shares: list[_Share], exchange: Exchange) -> None:
        """The whole is kept once; with each record, what it had in it."""
        self._keep_whole(shares[0].step.step.name, exchange)
        others = len(shares) - 1
        note = f"sent together with {others} other{'' if others == 1 else 's'}; the body shown is this record's part"
        for share in shares:
            alone = share.step.system.write_request(share.step.step.resource, "create", {"fields": share.fields})
            share.place.on_exchange(replace(exchange, request_body=alone.body, note=note))


class Member:
    """One record's place in a group."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._is_there = True

    def create(self, step: OpenStep, fields: dict[str, Json], place: Place) -> Answer:
        """What the target answered to this record's part; raises what a request of its own would raise."""
        if self._is_there:
            self._is_there = False
            share = _Share(step, fields, place)
            self._group.come(share)
            if share.error is not None:
                raise share.error
            if share.answer is not None:
                return share.answer
        return step.system.create(step.step.resource, fields, place.on_exchange)

    def leave(self) -> None:
        """The record's delivery is over, or goes on alone."""
        if self._is_there:
            self._is_there = False
            self._group.one_less()


def members(size: int, keep_whole: KeepWhole) -> list[Member]:
    """A group of so many."""
    group = Group(size, keep_whole)
    return [Member(group) for _ in range(size)]
