"""What was sent for a record, what would be sent now, and what differs: step by step, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from engine.connectors.redaction import HIDDEN
from engine.errors import Json
from engine.formulas import MISSING
from engine.runs.differences import value_differences
from engine.runs.examples import as_written
from engine.runs.ledger import Ledger, StoredExchange
from engine.runs.opening import OpenFlow, OpenStep
from engine.runs.results import Delivered, Planned
from engine.runs.story import body_of

_WRITING = ("POST", "PUT", "PATCH", "DELETE")
SENT, LEFT, DROPPED = "sent", "left", "dropped"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was sent and that succeeded. identity: what tells it from others of its step."""

    step: str
    method: str
    target: str
    body: Json
    at: datetime
    run_id: int | None
    identity: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A place in the body with what it held and what it would hold; MISSING where there is nothing."""

    path: str
    before: Json
    now: Json

    def as_json(self) -> dict[str, Json]:
        values = {"before": self.before, "now": self.now}
        return {"path": self.path} | {name: value for name, value in values.items() if value is not MISSING}


@dataclass(frozen=True, slots=True)
class RequestChange:
    """One request, then and now. becomes: sent, left (it is there under `there_as`: nothing is sent) or dropped (this
    mapping does not send it); before: None where nothing was sent, or what was is no longer kept; is_main: it is about
    the record's own document; refused: what the target refused last, where nothing was ever sent well in its place;
    since_refused: what differs from that.
    """

    step: str
    becomes: str
    before: Sent | None
    now: Planned | None
    body: Json
    fields: tuple[FieldChange, ...]
    is_main: bool = False
    refused: Sent | None = None
    since_refused: tuple[FieldChange, ...] = ()

    @property
    def is_news(self) -> bool:
        """Would anything be sent that was not sent just so before?"""
        makes = self.before is None or (self.now is not None and self.now.operation == "create")
        return self.becomes == SENT and (makes or bool(self.fields))

    @property
    def there_as(self) -> str:
        """What the record is called that is there already."""
        return (self.now.there_as or "") if self.now is not None else ""

    def as_json(self) -> dict[str, Json]:
        before, now = self.before, self.now
        parts: dict[str, Json] = {"step": self.step, "becomes": self.becomes}
        if before is not None:
            parts["before"] = {"method": before.method, "target": before.target, "at": before.at.isoformat()}
        if now is not None:
            parts["now"] = {"method": now.method, "target": now.target, "body": self.body}
        if self.there_as:
            parts["there_as"] = self.there_as
        return parts | {"fields": [each.as_json() for each in self.fields]}


def sent_before(ledger: Ledger, opened: OpenFlow, key: str) -> list[Sent]:
    """The last request of each step that wrote something for this record; of a step for several items, of each item."""
    return _last(ledger, opened, key, _wrote)


def refused_before(ledger: Ledger, opened: OpenFlow, key: str) -> list[Sent]:
    """The last request of each step that would have written something and was refused."""
    return _last(ledger, opened, key, _was_refused)


def _last(ledger: Ledger, opened: OpenFlow, key: str, is_wanted: Callable[[StoredExchange], bool]) -> list[Sent]:
    items = _items(opened)
    last: dict[tuple[str, str], Sent] = {}
    for kept in ledger.exchanges(opened.name, opened.binding, key):
        if is_wanted(kept):
            sent = _sent(kept, items)
            last.pop((kept.step, sent.identity), None)
            last[(kept.step, sent.identity)] = sent
    return list(last.values())


def request_changes(
    before: Iterable[Sent], delivered: Delivered, opened: OpenFlow, refused: Iterable[Sent] = ()
) -> list[RequestChange]:
    """Each request then and now, in the order of the flow's steps; what this mapping does not send comes last."""
    left_over, refused = list(before), list(refused)
    is_kept, steps = bool(left_over), {step.step.name: step for step in opened.steps}
    changes = []
    order = {name: number for number, name in enumerate(steps)}
    items = _items(opened)
    now = sorted([*delivered.planned, *delivered.left], key=lambda planned: order.get(planned.step, len(order)))
    for planned in now:
        body = _written(planned.content)
        identity = _identity(items, planned.step, body, planned.target)
        earlier = _partner(left_over, planned.step, identity)
        if earlier is not None:
            left_over.remove(earlier)
        elif planned.there_as is not None and is_kept and not steps[planned.step].is_main:
            continue  # it was there before, and never sent
        change = _change(earlier, planned, body, steps[planned.step])
        changes.append(change if earlier is not None else _beside(_partner(refused, planned.step, identity), change))
    main = {name for name, step in steps.items() if step.is_main}
    changes += [RequestChange(sent.step, DROPPED, sent, None, None, (), sent.step in main) for sent in left_over]
    return changes


def _beside(refused: Sent | None, change: RequestChange) -> RequestChange:
    """With what differs from the one that was refused, where it would be sent in its place."""
    if refused is None or change.becomes != SENT:
        return change
    return replace(change, refused=refused, since_refused=tuple(_fields(refused.body, change.body)))


def _items(opened: OpenFlow) -> dict[str, str]:
    """The steps for several items, each with the field that tells its items apart."""
    several = [step.step for step in opened.steps if step.step.each is not None]
    return {step.name: step.match.field if step.match else "" for step in several}


def _wrote(kept: StoredExchange) -> bool:
    exchange = kept.exchange
    is_well = exchange.status is not None and 200 <= exchange.status < 300 and not exchange.problem
    return exchange.method in _WRITING and is_well and kept.step != "read"


def _was_refused(kept: StoredExchange) -> bool:
    exchange = kept.exchange
    is_refused = exchange.status is not None and 400 <= exchange.status < 500
    return exchange.method in _WRITING and is_refused and kept.step != "read"


def _sent(kept: StoredExchange, items: Mapping[str, str]) -> Sent:
    exchange = kept.exchange
    parts = urlsplit(exchange.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    body = _signed_by_nothing(_read(exchange.request_body))
    identity = _identity(items, kept.step, body, target)
    return Sent(kept.step, exchange.method, target, body, kept.at, kept.run_id, identity)


def _signed_by_nothing(body: Json) -> Json:
    """Without what the sign-in put into it: what is planned is not signed."""
    return {name: held for name, held in body.items() if held != HIDDEN} if isinstance(body, dict) else body


def _identity(items: Mapping[str, str], step: str, body: Json, target: str) -> str:
    """What tells a request from others of its step; nothing where the step sends one only."""
    if step not in items:
        return ""
    value = body.get(items[step]) if isinstance(body, dict) else None
    return target if value is None else str(value).strip().casefold()


def _partner(before: list[Sent], step: str, identity: str) -> Sent | None:
    """What was sent before in place of this."""
    return next((sent for sent in before if sent.step == step and sent.identity == identity), None)


def _change(before: Sent | None, now: Planned, body: Json, step: OpenStep) -> RequestChange:
    becomes = SENT if now.there_as is None else LEFT
    fields = list(_fields(before.body if before is not None else {}, body))
    if now.operation == "update" and before is not None:  # what an update does not name stays as it is
        fields = [each for each in fields if each.now is not MISSING]
    if _is_whole(now.method, step) or (before is not None and _is_whole(before.method, step)):
        mapped = {mapping.path.split(".")[0].removesuffix("[]") for mapping in step.step.fields}
        ours = [each for each in fields if re.split(r"[.\[]", each.path)[0] in mapped]
        fields = ours if mapped & set(body if isinstance(body, dict) else ()) else fields
        fields = [each for each in fields if not _is_nothing(each.before) or not _is_nothing(each.now)]
    return RequestChange(now.step, becomes, before, now, body, tuple(fields), step.is_main)


def _is_nothing(value: Json) -> bool:
    return value is MISSING or value is None


def _is_whole(method: str, step: OpenStep) -> bool:
    """Does such a request send the whole record, with all that the target has added to it?"""
    update = step.resource.operation("update")
    return update is not None and update.replace and method == update.method


def _fields(before: Json, now: Json) -> Iterator[FieldChange]:
    for path, left, right in value_differences(before, now):
        yield FieldChange(path, left, right)


def _written(content: bytes) -> Json:
    return as_written(_read(content.decode("utf-8", "replace")))


def _read(text: str) -> Json:
    """A body as JSON where it is, else as text; nothing where there is none."""
    return body_of(text) if text else {}
