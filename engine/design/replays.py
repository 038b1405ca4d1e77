"""Records that are to be replayed: which are meant by what people say, by which version, and what it is opened with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.design.desk import Desk
from engine.design.versions import PUBLISHED, find_version, label_of, other_connector_files
from engine.errors import DocumentError, Json, Problem
from engine.flows.check import load_sound_flow_text
from engine.flows.library import LoadedFlow
from engine.runs.bindings import DEFAULT
from engine.runs.ledger import StoredRecord, StoredVersion
from engine.runs.ledger.versions import file_sha256
from engine.runs.opening import environment_of
from engine.runs.replaying import Manner, Replay

_ARRIVING = ("created", "updated")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A flow as records are mapped by it. label: for people; run_id, settings: of the run whose answers, lookups and
    clock count, for “as then”; files: of connectors, that are other ones today than they were.
    """

    loaded: LoadedFlow = field(repr=False)
    label: str
    run_id: int | None = None
    settings: Mapping[str, Json] | None = field(default=None, repr=False)
    files: tuple[str, ...] = ()
    is_published: bool = False

    def manner(self, *, update: bool = False, as_well: bool = False, not_there: bool = False) -> Manner:
        """How its records are mapped and sent."""
        mark = f"as in run {self.run_id}" if self.run_id is not None else ""
        return Manner(self.label, mark, update, as_well, self.is_published, not_there)


def records_named(
    things: Desk, names: Sequence[str], flow: str | None = None, binding: str = DEFAULT
) -> list[StoredRecord]:
    """The records people mean by these numbers or keys, each once, all of one flow; DocumentError otherwise."""
    found, problems = [], []
    for name in dict.fromkeys(names):
        meant = _meant(things, name, flow, binding)
        if len(meant) == 1:
            found.append(meant[0])
        else:
            problems.append(_unclear(name, meant, flow, binding))
    if len({record.flow for record in found}) > 1:
        flows = ", ".join(sorted({record.flow for record in found}))
        what = f"these records are of several flows: {flows}"
        problems.append(Problem("replay", what, "Replay those of one flow at a time: name it with --flow."))
    if problems:
        raise DocumentError(problems)
    return list({record.id: record for record in found}.values())


def _meant(things: Desk, name: str, flow: str | None, binding: str) -> list[StoredRecord]:
    """The records of this number, else of this key, else those that became this number in the target."""
    known = things.ledger.find_records(name, flow=flow, binding=binding)
    for part in ("number", "key", "target_number"):
        found = [record for record in known if getattr(record, part) == name.strip()]
        if found:
            return found
    return []


def _unclear(name: str, meant: Sequence[StoredRecord], flow: str | None, binding: str) -> Problem:
    if not meant:
        where = f" of {flow}" if flow else ""
        bound = "" if binding == DEFAULT else f" bound to {binding}"
        advice = "`explain KEY` looks for it, `run FLOW --only KEY` reads and delivers one that was never read."
        return Problem(name[:80], f"no record{where}{bound} is known by this number or key", advice)
    if len({record.flow for record in meant}) > 1:
        flows = ", ".join(sorted({record.flow for record in meant}))
        return Problem(name[:80], f"several flows have it: {flows}", "Say which one is meant with --flow.")
    keys = ", ".join(record.key for record in meant[:5])
    return Problem(name[:80], f"several records are called so (keys {keys})", "Name the one that is meant by its key.")


def flow_as(things: Desk, flow: str, wanted: str) -> Mapped:
    """A version of a flow, by number, name or hash, or “published”, with the connectors of today.

    DocumentError where there is no such version, or where it does not fit the connectors as they are now.
    """
    if not wanted or wanted.casefold() == PUBLISHED:
        return Mapped(things.load(flow), "as it is published now", is_published=True)
    version = find_version(things, flow, wanted)
    return _of_sources(things, flow, version.hash, f"by {label_of(version)}")


def as_then(things: Desk, record: StoredRecord) -> Mapped:
    """A record's flow as it was in the run that delivered it: the version, answers, lookups and the clock of then."""
    delivered = [
        line
        for line in things.ledger.outcomes(record.flow, record.binding, record.key)
        if line.run_id is not None and line.outcome in _ARRIVING
    ]
    called = record.number or record.key
    if not delivered:
        advice = "Replay it with --version, or let a run deliver it: `run FLOW --only KEY`."
        raise DocumentError([Problem(called, "no run has delivered it yet, so there is no “then”", advice)])
    made = [line for line in delivered if line.outcome == _ARRIVING[0]] or delivered
    run_id = made[-1].run_id
    run, settings = things.ledger.run(run_id or 0), things.ledger.settings(run_id or 0)
    if run is None or settings is None:
        what = f"the settings of run {run_id}, which delivered it, are no longer kept"
        raise DocumentError([Problem(called, what, "Replay it with --version; the settings of today count then.")])
    mapped = _of_sources(things, record.flow, run.version, f"as in run {run_id} of {made[-1].at:%Y-%m-%d %H:%M}")
    return Mapped(mapped.loaded, mapped.label, run_id, settings, mapped.files)


def _of_sources(things: Desk, flow: str, hash: str, label: str) -> Mapped:
    sources = things.ledger.version(hash) or {}
    text = sources.get(f"saved_mappings/{flow}.json")
    if not isinstance(text, str):
        what = f"the documents of version {hash[:8]} are not kept"
        raise DocumentError([Problem(f"versions of {flow}", what, f"`versions {flow}` lists those there are.")])
    try:
        loaded = load_sound_flow_text(things.workspace, flow, text, things.formulas)
    except DocumentError as error:
        what = f"the flow {label} does not fit the connectors as they are today"
        advice = "Replay it with another version, or publish this one anew and mend it: `publish FLOW --version V`."
        raise DocumentError([Problem(f"versions of {flow}", what, advice), *error.problems]) from error
    return Mapped(loaded, label, files=other_connector_files(sources, loaded.sources))


@contextmanager
def replay(
    things: Desk, mapped: Mapped, manner: Manner, *, binding: str = DEFAULT, on_wait: Any = None
) -> Iterator[Replay]:
    """A replay of records in this manner, with the flow opened for it."""
    with things.opened(mapped.loaded, on_wait, binding) as opened, ThreadPoolExecutor(4) as pool:
        if mapped.settings is not None:
            opened.environment = environment_of(mapped.settings)
            opened.answers = dict(opened.environment.variables.get("answers", {}))
        yield Replay(opened, things.ledger, things.clock, manner, pool)


def version_of(things: Desk, flow: str, hash: str, at: datetime, *, is_replay: bool) -> StoredVersion | None:
    """The version people count that a record was mapped by at a moment, by a run or by a replay."""
    numbered = things.ledger.version_at(flow, hash, at)
    return _version_of_file(things, flow, hash) if numbered is None and is_replay else numbered


def _version_of_file(things: Desk, flow: str, hash: str) -> StoredVersion | None:
    """The one whose flow file a replay was mapped by; its connectors may be those of another day."""
    sha256 = file_sha256(flow, things.ledger.version(hash) or {})
    stored = things.ledger.versions(flow)
    exact = [version for version in stored if version.hash == hash]
    return next(iter(exact or [version for version in stored if sha256 and version.file_sha256 == sha256]), None)
