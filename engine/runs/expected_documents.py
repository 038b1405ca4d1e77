"""What should be in the target of a record: by which step, under which name, and what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import Json, Problem, RecordProblem
from engine.formulas import MISSING, Shared
from engine.runs.aim import normalised
from engine.runs.checks import given_values
from engine.runs.ledger import Ledger
from engine.runs.moments import since_text
from engine.runs.opening import OpenFlow, OpenStep

_OWN_DAY = re.compile(r"\w+\.(placed_at|date)")  # the meaning of the field that holds a document's own day
_SINCE = re.compile(r"\$since\b")


@dataclass(frozen=True, slots=True)
class Document:
    """A document in the target. match: as it stands there; called: kind and number; day: its own, "" where unknown."""

    step: str
    record: dict[str, Json] = field(repr=False)
    match: str
    called: str
    day: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What is there of a record. matches: step and name, under which it would be; problem: why that cannot be told."""

    documents: list[Document]
    matches: tuple[str, ...]
    problem: str = ""


class ExpectedDocuments:
    """Looks for the documents of records; what can be read since a moment is read once, the rest is asked for."""

    def __init__(self, opened: OpenFlow, ledger: Ledger, since: datetime) -> None:
        self._opened = opened
        self._ledger = ledger
        self._since = since
        self._main = [step for step in opened.steps if step.is_main and step.step.match is not None]
        self._read: dict[str, dict[str, list[Document]]] = {}

    def of(self, key: str, record: dict[str, Json], *, looks: bool) -> Expected:
        """What is there of a record; without looks only under which names it would be."""
        documents: list[Document] = []
        matches: list[str] = []
        try:
            for step, match in self._aims(key, record):
                matches.append(_name(step, match))
                if looks:
                    documents += self._there(step, match)
        except RecordProblem as problem:
            return Expected([], tuple(matches), problem.what)
        return Expected(documents, tuple(matches))

    def others(self, seen: set[str]) -> Iterator[list[Document]]:
        """The documents that name a record which is not among these, by name; of what can be read since a moment."""
        for step in self._main:
            if step.step.name not in self._read and not (_reads_since(step) and self._is_open(step, {}, Shared({}))):
                continue
            for match, documents in self._all(step).items():
                if match and f"{step.step.name} {match}" not in seen:
                    yield documents

    def unread(self) -> list[str]:
        """The kinds of documents that cannot be read since a moment: what only the target has of them stays unseen."""
        steps = [step for step in self._main if self._is_open(step, {}, Shared({})) and not _reads_since(step)]
        return list(dict.fromkeys(step.resource.title for step in steps))

    def _aims(self, key: str, record: dict[str, Json]) -> Iterator[tuple[OpenStep, str]]:
        """The steps that make the record's document now, or have begun one, with the name it has there."""
        shared = Shared({"record": record, "values": self._values(record), "steps": {}})
        begun = {intent.step for intent in self._ledger.begun(self._opened.name, self._opened.binding, key)}
        for step in self._main:
            if not (step.step.name in begun or self._is_open(step, record, shared)):
                continue
            found = self._opened.formulas.evaluate(step.aims, self._opened.environment, [(record, {})], shared=shared)[
                0
            ]
            match = given_values({"match": found["match"]}, step.where)["match"]
            if match is not MISSING and match is not None and match != "":
                yield step, str(match)

    def _values(self, record: dict[str, Json]) -> dict[str, Json]:
        """The named values of a record, where what is asked here needs one."""
        texts = [text for step in self._main for text in (step.step.when, step.step.match and step.step.match.formula)]
        if not any("$values" in text for text in texts if text):
            return {}
        found = self._opened.formulas.evaluate(
            self._opened.values,
            self._opened.environment,
            [(record, {})],
            shared=Shared({"record": record}),
            chain="values",
        )[0]
        return {name: each.value for name, each in found.items() if each.error is None and each.value is not MISSING}

    def _is_open(self, step: OpenStep, record: dict[str, Json], shared: Shared) -> bool:
        """Would the step be done? One of which that cannot be told might."""
        if step.step.when is None:
            return True
        gates = self._opened.formulas.evaluate(step.gates, self._opened.environment, [(record, {})], shared=shared)[0]
        return gates["when"].error is not None or gates["when"].value is True

    def _there(self, step: OpenStep, match: str) -> list[Document]:
        assert step.step.match is not None
        can_find = step.resource.can_find_by(step.step.match.field)
        if _reads_since(step):
            read = self._all(step).get(normalised(match), [])
            if read or not can_find:
                return read
        if not can_find:
            what = f"{step.system.title} can neither be read since a day nor searched by {step.step.match.field}"
            raise RecordProblem([Problem(step.where, what, "Compare it by hand.")])
        found = step.system.find(step.step.resource, step.step.match.field, match)
        return [_document(step, record) for record in found]

    def _all(self, step: OpenStep) -> Mapping[str, list[Document]]:
        """Everything that was made or changed since, by name; read when it is asked for first."""
        name = step.step.name
        if name not in self._read:
            held: dict[str, list[Document]] = {}
            for page in step.system.read(step.step.resource, {"since": since_text(self._since)}):
                for record in page.records:
                    document = _document(step, record)
                    held.setdefault(normalised(document.match), []).append(document)
            self._read[name] = held
        return self._read[name]


def _name(step: OpenStep, match: str) -> str:
    return f"{step.step.name} {normalised(match)}"


def _reads_since(step: OpenStep) -> bool:
    """Can the target be read from a moment on? Reading all of it would be too much."""
    operation = step.resource.operation("read")
    return operation is not None and any(_SINCE.search(text) for text in (operation.path, *operation.query.values()))


def _document(step: OpenStep, record: dict[str, Json]) -> Document:
    assert step.step.match is not None
    match = record.get(step.step.match.field)
    number = step.system.number_of(step.step.resource, record) or step.system.key_of(step.step.resource, record) or ""
    kind = step.resource.kind.replace("_", " ")
    return Document(
        step.step.name, record, "" if match is None else str(match), f"{kind} {number}".strip(), _day(step, record)
    )


def _day(step: OpenStep, record: Mapping[str, Json]) -> str:
    for name, about in step.resource.schema.get("properties", {}).items():
        if about.get("x-kind") == "date" and _OWN_DAY.fullmatch(str(about.get("x-meaning", ""))):
            value = record.get(name)
            if isinstance(value, str) and value:
                return value[:10]
    return ""
