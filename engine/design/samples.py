"""Records to look at while a flow is made: real ones, the flow's examples, the connector's samples, pasted ones.

Looking at a record leaves no trace in any history: nothing is stored of it but what somebody pastes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.view.kept import read_once, shelf_of
from engine.design.view.reading import ReadFlow, with_unknown
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Environment
from engine.runs.checks import zone_of
from engine.runs.chosen import Chosen
from engine.runs.clients import stored_connection
from engine.runs.ledger import StoredRecord
from engine.runs.opening import OpenFlow
from engine.runs.pull import Judged, Pull

__all__ = ["Sample", "fetched", "forget", "newest", "paste", "record_of", "samples", "title_of"]

MOST_RECENT = 20
MOST_FOUND = 20
MOST_BYTES = 5 * 1024 * 1024  # of a record that is pasted
_MOST_PAGES = 3  # of the source that are looked at for its newest record
_MOST_TITLE = 80
_BINDING = "default"


@dataclass(frozen=True, slots=True)
class Sample:
    """A record that can be looked at. when: the record's own time, or when it was pasted; note: a word on it."""

    id: str
    title: str
    kind: Literal["recent", "example", "sample", "pasted"]
    when: datetime | None = None
    note: str = ""

    def as_json(self) -> dict[str, Json]:
        when = self.when.isoformat() if self.when is not None else None
        return {"id": self.id, "title": self.title, "kind": self.kind, "when": when, "note": self.note}


def samples(desk: Desk, flow_name: str, text: str = "", find: str = "") -> list[Sample]:
    """Real records first, the newest of them before the others, then pasted ones, examples and the connector's own.

    text: the draft's, for its examples; else the published flow's. find: what a person says of a record: its number,
    or a part of a title.
    """
    read = _read(desk, flow_name, text)
    wanted = find.strip()
    found = [*_recent(desk, flow_name, wanted), *_others(desk, flow_name, read)]
    if not wanted:
        return found
    return [each for each in found if each.id.startswith("recent:") or wanted.casefold() in each.title.casefold()]


def record_of(desk: Desk, sample_id: str, *, flow_name: str, text: str = "") -> dict[str, Json]:
    """The record of a sample; DocumentError where it is there no more."""
    kind, _, name = sample_id.partition(":")
    record: Json = None
    if kind == "recent":
        stored = desk.ledger.record(flow_name, _BINDING, name)
        record = stored.payload if stored is not None else None
    elif kind == "live":
        record = shelf_of(desk).read_now.get((flow_name, name)) or _fetch(desk, flow_name, text, name).record
    elif kind == "pasted":
        pasted = desk.ledger.sample(flow_name, name)
        record = pasted.record if pasted is not None else None
    elif kind in ("example", "sample") and name.isdecimal():
        read = _read(desk, flow_name, text)
        held = [example.given for example in read.loaded.flow.examples] if kind == "example" else _own(desk, read)
        record = held[int(name)] if int(name) < len(held) else None
    if not isinstance(record, dict):
        raise _gone(sample_id)
    return record


def _gone(sample_id: str) -> DocumentError:
    what, advice = "this record is not there any more", "Choose another one."
    if sample_id and ":" not in sample_id:
        what, advice = "this is no id of a sample", "Take one as `samples` lists them, such as sample:0."
    return DocumentError([Problem(sample_id[:_MOST_TITLE], what, advice)])


def title_of(desk: Desk, flow_name: str, record: dict[str, Json], text: str = "") -> str:
    """What people call a record of the flow's source; "" where nothing says so."""
    return _titles(desk, _read(desk, flow_name, text).loaded, [record])[0]


@needs(Role.DESIGN, "keep a record as a sample")
def paste(desk: Desk, flow_name: str, text: str, title: str = "") -> Sample:
    """Keep a record that somebody pasted, sealed in the ledger; DocumentError where it is no object, or too large."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        what = f"it is larger than {MOST_BYTES // 1024 // 1024} MB, more than can be kept as a sample"
        raise DocumentError(
            [Problem("the record", what, "Take out what the mapping does not need, and paste it again.")]
        )
    record = read_strict(text, where="the record")
    if not isinstance(record, dict):
        what = "it is valid JSON, but no record: an object { … } is needed"
        raise DocumentError([Problem("the record", what, "Paste one record, with its braces.")])
    name, now = secrets.token_hex(6), desk.clock.now()
    loaded = _read(desk, flow_name, "").loaded
    said = title.strip()[:_MOST_TITLE] or _titles(desk, loaded, [record])[0] or f"{now:%Y-%m-%d %H:%M}"
    desk.ledger.keep_sample(flow_name, name, said, record, now)
    return Sample(f"pasted:{name}", said, "pasted", now)


@needs(Role.DESIGN, "delete a sample")
def forget(desk: Desk, flow_name: str, sample_id: str) -> None:
    """Delete a pasted record; DocumentError where it is none, or there no more."""
    kind, _, name = sample_id.partition(":")
    if kind != "pasted":
        what, advice = "only a record that was kept by hand can be deleted", "`samples` calls them “pasted”."
        raise DocumentError([Problem(sample_id[:_MOST_TITLE], what, advice)])
    if desk.ledger.sample(flow_name, name) is None:
        raise _gone(sample_id)
    desk.ledger.forget_sample(flow_name, name)


def newest(desk: Desk, flow_name: str, text: str = "") -> Sample:
    """Read the newest record of the source, as far as its first pages tell. Nothing is stored.

    Raises ConnectionMissing, ExchangeError, or DocumentError where the source has none.
    """
    with _source(desk, flow_name, text) as (opened, pull):
        judged: list[Judged] = []
        for number, page in enumerate(pull.pages(pull.since(None), whole=True), 1):  # completed below, one of them
            judged += page
            if number == _MOST_PAGES:
                break
        if not judged:
            what, advice = "the source has no record yet", "Paste one, or choose an example."
            raise DocumentError([Problem(opened.source.title, what, advice)])
        dated = [each for each in judged if each.time is not None]
        last = max(dated, key=lambda each: str(each.time)) if dated else judged[-1]
        [whole] = opened.source.complete(opened.loaded.flow.source.resource, "read", [last.record])
        if whole.problem is not None:  # it can be looked at all the same
            last = replace(last, state="parked", reason=whole.problem.what)
    return _kept(desk, flow_name, last, whole.record)


def fetched(desk: Desk, flow_name: str, number: str, text: str = "") -> Sample:
    """Read one record of the source, by its number or key; the same errors."""
    judged = _fetch(desk, flow_name, text, number)
    return _kept(desk, flow_name, judged, judged.record)


# --- where they come from


def _recent(desk: Desk, flow_name: str, find: str) -> Iterator[Sample]:
    if find:
        stored = [each for each in desk.ledger.find_records(find, 3 * MOST_FOUND) if each.flow == flow_name][
            :MOST_FOUND
        ]
    else:
        stored = list(desk.ledger.newest(flow_name, _BINDING, MOST_RECENT))
    for each in stored:
        if each.payload is not None and each.binding == _BINDING:
            yield Sample(f"recent:{each.key}", each.number or each.key, "recent", each.source_time, _state(each))


def _state(stored: StoredRecord) -> str:
    return f"{stored.state}: {stored.reason}" if stored.reason else stored.state


def _others(desk: Desk, flow_name: str, read: ReadFlow) -> Iterator[Sample]:
    for stored in desk.ledger.samples(flow_name):
        yield Sample(f"pasted:{stored.name}", stored.title, "pasted", stored.at)
    for number, example in enumerate(read.loaded.flow.examples):
        yield Sample(f"example:{number}", example.title[:_MOST_TITLE], "example")
    for number, title in enumerate(_titles(desk, read.loaded, _own(desk, read))):
        yield Sample(f"sample:{number}", title or str(number + 1), "sample")


def _own(desk: Desk, read: ReadFlow) -> list[Json]:
    """The samples that lie beside the source's connector."""
    source = read.loaded.flow.source
    held = shelf_of(desk).connectors.samples(source.connector, source.resource)
    return [record for record in held if isinstance(record, dict)]


def _titles(desk: Desk, loaded: LoadedFlow, records: list[Json]) -> list[str]:
    """What people call these records: by the source's own number or key; "" where neither says anything."""
    source = loaded.flow.source
    connector = loaded.connectors.get(source.connector)
    resource = connector.resources.get(source.resource) if connector is not None else None
    asked = {name: text for name in ("number", "key") if resource is not None and (text := getattr(resource, name))}
    program = desk.formulas.program(asked)
    titles = []
    jobs: list[tuple[Json, dict[str, Json]]] = [(record, {}) for record in records]
    for found in desk.formulas.evaluate(program, Environment(desk.clock.now()), jobs):
        said = [
            str(e.value) for e in found.values() if e.error is None and e.value is not MISSING and e.value is not None
        ]
        titles.append(said[0][:_MOST_TITLE] if said else "")
    return titles


def _read(desk: Desk, flow_name: str, text: str) -> ReadFlow:
    """The flow of a text, or of its file; an empty one where there is none."""
    shelf = shelf_of(desk)
    if not text:
        path = desk.workspace.flow_place(flow_name)
        text = desk.workspace.read_document(path).text if path.is_file() else "{}"
    return read_once(desk.workspace, shelf, flow_name, text)


# --- reading the source


@contextmanager
def _source(desk: Desk, flow_name: str, text: str) -> Iterator[tuple[OpenFlow, Pull]]:
    """The source of a flow, opened alone: the other systems need not be connected to look at a record."""
    loaded = with_unknown(_read(desk, flow_name, text).loaded)
    name, now = loaded.flow.source.connector, desk.clock.now()
    connector = loaded.connectors[name]
    stored = stored_connection(desk.ledger, connector, name)
    with desk.system(connector, stored, now) as system:
        answers = loaded.flow.answers()
        environment = Environment(now, {"answers": answers, "facts": {}}, {}, zone_of(loaded))
        nothing = desk.formulas.program({})
        opened = OpenFlow(
            loaded, _BINDING, desk.formulas, environment, answers, {name: system}, [], nothing, [], frozenset()
        )
        with ThreadPoolExecutor(4) as pool:
            yield opened, Pull(opened, desk.ledger, now, pool)


def _fetch(desk: Desk, flow_name: str, text: str, name: str) -> Judged:
    with _source(desk, flow_name, text) as (opened, pull):
        return Chosen(opened, desk.ledger, pull).judged(name)


def _kept(desk: Desk, flow_name: str, judged: Judged, record: dict[str, Json]) -> Sample:
    shelf_of(desk).read_now.put((flow_name, judged.key), record)
    note = f"{judged.state}: {judged.reason}" if judged.reason else judged.state
    return Sample(f"live:{judged.key}", judged.number or judged.key, "recent", judged.time, note)
