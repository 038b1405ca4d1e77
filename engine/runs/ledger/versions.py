"""The versions of flows: the documents behind each, and the numbers and names by which people speak of them."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.audit import note as note_in_audit
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import StoredVersion, moment_or_none, time_text
from engine.runs.ledger.sql import (
    Prepared,
    Row,
    Transaction,
    bindparam,
    func,
    insert_if_absent,
    insert_into,
    select,
    update,
)

_V, _N, _R = tables.versions.c, tables.numbered_versions.c, tables.runs.c
_KEEP = insert_if_absent(tables.versions, "hash", "flow", "documents", "at", keys=["hash"], returning="hash")
_DOCUMENTS = Prepared(select(_V.documents).where(_V.hash == bindparam("hash")))
_COLUMNS = ("flow", "number", "hash", "file_sha256", "name", "who", "note", "as_number", "at", "published_at")
_NUMBER = insert_into(tables.numbered_versions, *_COLUMNS)
_LAST = Prepared(select(func.max(_N.number).label("number")).where(_N.flow == bindparam("flow")))
_LIST = Prepared(select(tables.numbered_versions).where(_N.flow == bindparam("flow")).order_by(_N.number.desc()))
_BY_HASH = Prepared(
    select(tables.numbered_versions)
    .where(_N.flow == bindparam("flow"), _N.hash == bindparam("hash"))
    .order_by(_N.number.desc())
    .limit(1)
)
_NAME = Prepared(
    update(tables.numbered_versions)
    .where(_N.flow == bindparam("f"), _N.number == bindparam("n"))
    .values({name: bindparam(name) for name in ("name", "who", "note", "published_at")})
)
_RUNS = Prepared(
    select(_R.version, func.count().label("times"), func.max(_R.started_at).label("last"))
    .where(_R.flow == bindparam("flow"), _R.started_at >= bindparam("since"), _R.started_at < bindparam("until"))
    .where(_R.version == bindparam("hash"))
    .group_by(_R.version)
)
_LATEST_TIME = "9999"  # later than any time as text


class Versions(OpenLedger):
    """Versions of flows, by hash and by number."""

    def remember_version(self, hash: str, flow: str, documents: Mapping[str, Json], at: datetime) -> int:
        """Keep the documents behind a version once, under the next number of its flow; the number it has.

        A story is told with the formulas of its time. A version that is known keeps the latest of its numbers.
        """
        known = self.version_of_hash(flow, hash)
        if known is not None:
            return known.number
        return self.database.write(lambda transaction: remember(transaction, hash, flow, documents, at).number)

    def keep_documents(self, hash: str, flow: str, documents: Mapping[str, Json], at: datetime) -> None:
        """Keep the documents of something that is no version of its own: an earlier flow with connectors of today."""
        self.database.write(lambda transaction: _keep(transaction, hash, flow, documents, at))

    def publish_version(
        self,
        hash: str,
        flow: str,
        documents: Mapping[str, Json],
        at: datetime,
        *,
        name: str,
        who: str,
        note: str = "",
        as_number: int | None = None,
    ) -> StoredVersion:
        """Keep a version under a number of its own, also where the same documents had one already."""

        def publish(transaction: Transaction) -> StoredVersion:
            _keep(transaction, hash, flow, documents, at)
            version = _numbered(transaction, hash, flow, documents, at, name, who, note, as_number, at)
            _audit(transaction, flow, version.number, name, who, at, note, as_number)
            return version

        return self.database.write(publish)

    def name_version(self, flow: str, number: int, name: str, who: str, at: datetime, note: str = "") -> None:
        """Give the version with this number a name, and say that it is published."""
        values = {"name": name, "who": who, "note": note, "published_at": time_text(at)}

        def publish(transaction: Transaction) -> None:
            transaction.run(_NAME, f=flow, n=number, **values)
            _audit(transaction, flow, number, name, who, at, note)

        self.database.write(publish)

    def version(self, hash: str) -> dict[str, Json] | None:
        """The documents of this version, or None when it is not known here."""
        with self.database.read() as reading:
            row = reading.row(_DOCUMENTS, hash=hash)
        return None if row is None else _unpacked(row.documents)

    def versions(self, flow: str) -> list[StoredVersion]:
        """Every version of a flow, the newest first."""
        with self.database.read() as reading:
            return [_version(row) for row in reading.rows(_LIST, flow=flow)]

    def version_of_hash(self, flow: str, hash: str) -> StoredVersion | None:
        """The latest number under which these documents are known."""
        with self.database.read() as reading:
            row = reading.row(_BY_HASH, flow=flow, hash=hash)
        return None if row is None else _version(row)

    def version_at(self, flow: str, hash: str, at: datetime) -> StoredVersion | None:
        """The number under which these documents went at that time; the first they had for a time before it."""
        known = [version for version in self.versions(flow) if version.hash == hash]
        return next((version for version in known if version.at <= at), known[-1] if known else None)

    def runs_of_versions(self, flow: str) -> dict[int, tuple[int, datetime]]:
        """For each number that ran: how often, and when last. What ran is the latest number of its documents then."""
        found: dict[int, tuple[int, datetime]] = {}
        until: dict[str, str] = {}
        first = {version.hash: version.number for version in self.versions(flow)}  # the oldest number wins
        with self.database.read() as reading:
            for version in self.versions(flow):
                since = "" if first[version.hash] == version.number else time_text(version.at)
                values = {"since": since, "until": until.get(version.hash, _LATEST_TIME)}
                row = reading.row(_RUNS, flow=flow, hash=version.hash, **values)
                until[version.hash] = time_text(version.at)
                if row is not None:
                    found[version.number] = row.times, datetime.fromisoformat(row.last)
        return found


def remember(
    transaction: Transaction, hash: str, flow: str, documents: Mapping[str, Json], at: datetime
) -> StoredVersion:
    """A version's documents, kept, and its number, the next one where it has none; inside a transaction."""
    _keep(transaction, hash, flow, documents, at)
    row = transaction.row(_BY_HASH, flow=flow, hash=hash)
    return _version(row) if row is not None else _numbered(transaction, hash, flow, documents, at)


def _audit(
    transaction: Transaction,
    flow: str,
    number: int,
    name: str,
    who: str,
    at: datetime,
    note: str,
    as_number: int | None = None,
) -> None:
    details = {"name": name, "note": note, "as_number": as_number}
    kept = {key: value for key, value in details.items() if value}
    what = "brought back" if as_number else "published"
    note_in_audit(transaction, what, who, at, flow=flow, subject=f"version {number}", details=kept)


def _keep(transaction: Transaction, hash: str, flow: str, documents: Mapping[str, Json], at: datetime) -> None:
    packed = zlib.compress(json.dumps(dict(documents), ensure_ascii=False).encode(), 6)
    transaction.run(_KEEP, hash=hash, flow=flow, documents=packed, at=time_text(at))


def _numbered(
    transaction: Transaction,
    hash: str,
    flow: str,
    documents: Mapping[str, Json],
    at: datetime,
    name: str = "",
    who: str = "",
    note: str = "",
    as_number: int | None = None,
    published_at: datetime | None = None,
) -> StoredVersion:
    last = transaction.row(_LAST, flow=flow)
    number = (last.number if last is not None and last.number else 0) + 1
    sha256 = file_sha256(flow, documents)
    stored = StoredVersion(flow, number, hash, sha256, name, who, note, as_number, at, published_at)
    transaction.run(
        _NUMBER,
        flow=flow,
        number=number,
        hash=hash,
        file_sha256=sha256,
        name=name,
        who=who,
        note=note,
        as_number=as_number,
        at=time_text(at),
        published_at=None if published_at is None else time_text(published_at),
    )
    return stored


def file_sha256(flow: str, documents: Mapping[str, Json]) -> str:
    """The sha256 of the bytes of a flow's own file among the documents of a version; "" where it is not there."""
    text = documents.get(f"saved_mappings/{flow}.json")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if isinstance(text, str) else ""


def _unpacked(packed: bytes) -> dict[str, Json]:
    documents: dict[str, Json] = json.loads(zlib.decompress(packed))
    return documents


def _version(row: Row[Any]) -> StoredVersion:
    return StoredVersion(
        row.flow,
        row.number,
        row.hash,
        row.file_sha256,
        row.name,
        row.who,
        row.note,
        row.as_number,
        datetime.fromisoformat(row.at),
        moment_or_none(row.published_at),
    )
