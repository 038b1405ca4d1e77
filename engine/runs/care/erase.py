"""Erasing a person everywhere, with proof: afterwards all that the ledger holds is opened and looked through again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from engine.flows.library import load_flow
from engine.runs.care.subject import Subject
from engine.runs.ledger import Ledger
from engine.runs.ledger.cells import Cell

_PIECE = 1 << 20
_OF_RECORD = {("payloads", "payload"), ("payloads", "mended"), ("records", "problems"), ("outcomes", "problems")}
_TITLES = {
    "payloads": "records as they were read",
    "exchanges": "exchanges",
    "intents": "answers of targets",
    "deliveries": "what deliveries saw",
    "settings": "settings of runs",
    "meta": "samples",
    "inbox": "hints of webhooks",
    "records": "what is said of records",
    "outcomes": "what is said of outcomes",
    "runs": "why runs stopped",
    "schedules": "why runs stopped",
}
_DECIDE = "Change it there by hand; then call erase again."


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of the person is left, why, and what to do."""

    where: str
    why: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Erased:
    """records: flow and number of each record that was theirs; places: how many cells named them, by what they are;
    matches: intents found by their match value that went; remains: where something of them is left.
    """

    records: tuple[tuple[str, str], ...]
    places: Mapping[str, int]
    matches: int
    remains: tuple[Place, ...]


def erase(ledger: Ledger, workspace: Workspace, text: str, who: str, now: datetime, *, dry: bool) -> Erased:
    """Erase a person from the ledger and say where else they are; with `dry` only say. A text too short is refused.

    Flow files, drafts and what people chose as names are named, not changed; numbers, states and outcomes stay.
    """
    subject = Subject.of(text)
    found = _found(ledger, subject)
    theirs = _records(ledger, subject, found)
    places = Counter(_TITLES.get(cell.table, cell.table) for cell in found if not cell.is_closed)
    numbers = tuple(sorted({(flow, number) for flow, number in theirs.values()}))
    if dry:
        stay = [cell for cell in found if cell.is_closed or cell.table not in _TITLES]
        return Erased(numbers, places, 0, (*_left(stay), *_files(workspace, subject)))
    for record_id in theirs:
        ledger.erase_record(record_id, now)
    for cell in _found(ledger, subject):
        if not cell.is_closed:
            ledger.erase_cell(cell.table, cell.column, cell.row)
    gone, guards = ledger.erase_matches({subject.text, text.strip().casefold()}, _searchable(workspace))
    counts = {"records": len(theirs), "places": sum(places.values()), "matches": gone}
    whom = ledger.seal.fingerprint("subject " + subject.text).hex()
    ledger.note("erased", who, now, subject=f"person {whom}", details=dict(counts))
    ledger.database.checkpoint()  # erased bytes leave the log too
    left = _left(_found(ledger, subject))
    remains = (*left, *_guards(guards), *_bytes(ledger, subject), *_files(workspace, subject))
    return Erased(numbers, places, gone, remains)


def _found(ledger: Ledger, subject: Subject) -> list[Cell]:
    """Every cell that names them, and those that nobody can open."""
    return [cell for cell in ledger.cells() if cell.is_closed or subject.is_in(cell.value)]


def _records(ledger: Ledger, subject: Subject, found: list[Cell]) -> dict[int, tuple[str, str]]:
    """Their records by id: those that name them anywhere, and those that are searched by their words."""
    ids = {
        int(cell.row.id if cell.table == "records" else cell.row.record_id)
        for cell in found
        if (cell.table, cell.column) in _OF_RECORD and not cell.is_closed
    }
    if subject.can_be_searched:
        ids.update(ledger.ids_by_words(subject.text))
    return {record_id: ledger.number_of_record(record_id) for record_id in sorted(ids)}


def _searchable(workspace: Workspace) -> Callable[[str, str], bool]:
    """Can the target of a flow's step be searched by what the step matches by? Not where the flow cannot be read."""

    def ask(flow: str, name: str) -> bool:
        try:
            loaded = load_flow(workspace, flow)
        except DocumentError:
            return False
        step = next((step for step in loaded.flow.steps if step.name == name), None)
        if step is None or step.match is None:
            return False
        return loaded.connectors[step.connector].resources[step.resource].can_find_by(step.match.field)

    return ask


# --- what is left


def _left(cells: list[Cell]) -> list[Place]:
    closed = Counter(cell.table for cell in cells if cell.is_closed)
    named = Counter((cell.table, cell.column, getattr(cell.row, "flow", "")) for cell in cells if not cell.is_closed)
    found = [
        Place(
            f"the ledger, {table}", f"{many} cannot be opened, so nobody knows what they hold", "Find the key of then."
        )
        for table, many in closed.items()
    ]
    for (table, column, flow), many in named.items():
        of = f" of {flow}" if flow else ""
        found.append(Place(f"the ledger, {table}.{column}{of}", f"{many} name the person, and may be needed", _DECIDE))
    return found


def _guards(many: int) -> list[Place]:
    if not many:
        return []
    why = f"{many} keyed hashes of the person stay: only they keep a document from being made twice there"
    return [Place("the ledger, intents", why, "Nobody can read them back; nothing needs to be done.")]


def _files(workspace: Workspace, subject: Subject) -> list[Place]:
    """Files that people keep, and older ledgers: named, never changed."""
    found = []
    studio = workspace.studio
    paths = [*workspace.flows.rglob("*.json"), *workspace.connectors.rglob("*.json"), *studio.glob("drafts.json*")]
    for path in sorted(path for path in paths if path.is_file()):
        if subject.is_in_text(path.read_text(encoding="utf-8", errors="replace")):
            found.append(Place(workspace.relative(path), "it names the person", _DECIDE))
    for folder in sorted(studio.glob("before-*")):
        why = "it holds an older ledger, which is not looked into"
        found.append(Place(workspace.relative(folder), why, "Delete it when it is not needed any more."))
    for copy in sorted(studio.glob("backups/*.tar")):
        why = "it is a backup, which is not looked into"
        found.append(Place(workspace.relative(copy), why, "Delete it when it is not needed any more."))
    return found


def _bytes(ledger: Ledger, subject: Subject) -> list[Place]:
    """The person's own letters in the ledger's files, whatever may have put them there."""
    if not subject.can_be_searched:
        return []
    path = ledger.database.path
    wanted = subject.text.encode()
    return [
        Place(each.name, "the person's letters are still in the file", "Call erase again while nothing else runs.")
        for each in (path, path.with_name(f"{path.name}-wal"))
        if each.exists() and _is_among(wanted, each)
    ]


def _is_among(wanted: bytes, path: Path) -> bool:
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(_PIECE):
            if wanted in (tail + piece).lower():
                return True
            tail = piece[-len(wanted) :]
    return False
