"""What the suite must be told of a system, because its connector does not say it: one table a system, in systems/."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.errors import ExchangeError, SignInNeeded
from sandbox.clock import Clock

if TYPE_CHECKING:
    from tests.every_connector.stand import Stand

Record = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """One resource of the connector, as the stand-in keeps it.

    fill: puts some records there, where the stand-in begins without. keys: of all records that a read should give,
    from the stand-in itself. add, change: what a person does in the
    system so that one record more is there, or the one of this key is another; changes_seen: a read since a moment
    sees such a change. fresh: the fields of the n-th
    record that can be created. update: the key of a record and fields to write to it. look: a record as the stand-in
    holds it, where the connector cannot get it. searched: for a field of finds_by, what is searched for to find a
    record, where that is not the field's own value. ignored: fields that the system completes, so that what is held
    after an update differs from what was written.
    """

    fill: Callable[[Stand], object] | None = None
    keys: Callable[[Stand], Sequence[Any]] | None = None
    add: Callable[[Stand, int], object] | None = None
    change: Callable[[Stand, str], object] | None = None
    changes_seen: bool = True
    fresh: Callable[[Stand, int], Record] | None = None
    update: Callable[[Stand], tuple[str, Record]] | None = None
    look: Callable[[Stand, str], Mapping[str, Any]] | None = None
    searched: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)
    ignored: Sequence[str] = ()


@dataclass(frozen=True)
class Limit:
    """How the system limits.

    too_many: requests that are more than it takes at once, 0 where no limit is known; told: the fault that says so;
    seconds: the wait that the fault names, or the connector assumes; begin: what switches limits on, where more than
    the frame's switch is needed; told_beforehand: the connector knows the limit and paces itself, so that hardly any
    request is refused.
    """

    too_many: int = 0
    told: Record = field(default_factory=lambda: {"kind": "status", "status": 429, "body": ""})
    seconds: float = 60
    told_beforehand: bool = False
    begin: Callable[[Stand], object] = lambda stand: None


@dataclass(frozen=True)
class Misbehaviour:
    """A way in which the real system misbehaves, or may.

    begin: makes the stand-in do it; then: what a read comes to, None where it gives the same records as ever; writes:
    the resource that it is about instead, whose records are created, with a lost answer, once and no more.
    """

    name: str
    begin: Callable[[Stand], object]
    then: type[ExchangeError] | None = None
    writes: str | None = None


@dataclass(frozen=True)
class About:
    """A system: its stand-in, how a credential is wrong, its limits and faults, and each resource of its connector.

    answers: to questions that have nothing to do with the stand-in's address and credentials, where the default does
    not do. reads: the resource that tests of limits, credentials and faults read (or get, where it needs no key).
    nobody: a key that no record has. refusal: what a wrong credential comes to.
    """

    stand_in: Callable[[Clock], Any]
    reads: str
    nobody: str
    resources: Mapping[str, Kept]
    limit: Limit = Limit()
    answers: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Record] = field(default_factory=dict)
    refusal: type[ExchangeError] = SignInNeeded
    misbehaves: Sequence[Misbehaviour] = ()
