"""Drafts: flows while they are being changed, apart from what is published, with undo, redo and who changed what.

drafts = Drafts(workspace, SystemClock())
draft = drafts.open("orders-to-books")
applied = drafts.apply("orders-to-books", [operation], by="Anna", revision=draft.revision)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

from engine.connectors.clock import Clock
from engine.design.desk import owner
from engine.design.draft_changes import Change, Working, replay_mark
from engine.design.draft_file import DraftFile, Tables
from engine.design.operations import Schemas
from engine.design.people.rights import Person, Role, needs
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, DraftChanged, Json, Problem

DRAFTS, CLIENTS = "drafts", "clients"
MOST_CLIENTS = 500
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A flow as it is being changed.

    revision: rises with every change; base: the hash of the published file it began from, "" where there was none;
    acknowledged: for each browser the last operation that is in it (or was refused); is_stored: False where this is
    the published file, which nobody has changed yet.
    """

    flow: str
    text: str = field(repr=False)
    revision: int
    base: str
    changed_by: str
    changed_at: str
    can_undo: bool
    can_redo: bool
    acknowledged: Mapping[str, int]
    is_stored: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """The draft afterwards, and what could not be done of what was asked."""

    draft: Draft
    refused: list[Problem]


class Drafts:
    """The drafts of a workspace. Safe to use from several threads and processes at once.

    schemas: what is known of the workspace's systems; read again when their files change; person: who works on them.
    """

    def __init__(
        self, workspace: Workspace, clock: Clock, schemas: Schemas | None = None, person: Person | None = None
    ) -> None:
        self.person = person or owner()
        self._workspace = workspace
        self._clock = clock
        self._file = DraftFile(workspace, clock)
        self.schemas = schemas or Schemas.of(workspace)

    def of(self, person: Person) -> Drafts:
        """The same drafts for somebody else."""
        theirs = copy(self)
        theirs.person = person
        return theirs

    # --- looking

    def open(self, flow: str) -> Draft:
        """The draft of a flow; where there is none, its published text. DocumentError where there is neither."""
        with self._file.read() as tables:
            return self._draft(tables, flow)

    def names(self) -> list[str]:
        """The flows that have a draft."""
        with self._file.read() as tables:
            return sorted(held["flow"] for held in tables.rows(DRAFTS) if held["text"] is not None)

    def changes(self, flow: str) -> list[Change]:
        """Who changed what in the draft and when, the oldest first; the last few hundred."""
        with self._file.read() as tables:
            return Working.of(tables.row(DRAFTS, "flow", flow), flow, "", "").changes

    def published_changed(self, draft: Draft) -> bool:
        """Has the published file changed since the draft began, by git or by somebody's publishing?"""
        return draft.is_stored and self._published(draft.flow)[1] != draft.base

    def problems(self) -> list[Problem]:
        """Damaged files of drafts that were put aside."""
        return self._file.problems()

    # --- changing

    @needs(Role.DESIGN, "begin a flow")
    def create(self, flow: str, text: str, by: str) -> Draft:
        """The draft of a new flow; DocumentError where the name cannot be one, or is taken."""
        self._workspace.flow_place(flow)
        with self._file.changed() as tables:
            drafts = [held["flow"] for held in tables.rows(DRAFTS) if held["text"] is not None]
            alike = [name for name in (*self._workspace.flow_names(), *drafts) if name.casefold() == flow.casefold()]
            if alike:
                where = self._workspace.relative(self._workspace.flows)
                raise DocumentError([Problem(where, f"there is a flow “{alike[0]}” already", "Choose another name.")])
            working = Working.of(tables.row(DRAFTS, "flow", flow), flow, "", "")
            working.begin(text, by, self._now())
            return self._kept(tables, working)

    @needs(Role.DESIGN, "change a draft")
    def apply(self, flow: str, operations: Sequence[Json], *, by: str, revision: int, over: bool = False) -> Applied:
        """Carry out operations, in their order; each that cannot be is told of, and the others are carried out.

        revision: the draft that they were meant for. Where somebody else changed it since, DraftChanged says what,
        and nothing is done; with over=True they go on top. An operation with `client` and `seq` is carried out once,
        however often it comes.
        """
        with self._file.changed() as tables:
            working = self._working(tables, flow)
            fresh = self._fresh(tables, flow, operations)
            if not fresh:
                return Applied(self._draft(tables, flow), [])
            theirs = [] if over else working.by_others(by, revision)
            if theirs:
                raise _changed(flow, self._draft(tables, flow), theirs)
            refused: list[Problem] = []
            for operation in fresh:
                try:
                    working.carry_out(operation, by, self._now(), self.schemas)
                except DocumentError as error:
                    refused += error.problems
            self._acknowledge(tables, flow, fresh)
            return Applied(self._kept(tables, working), refused)

    @needs(Role.DESIGN, "change a draft")
    def leave(self, flow: str, operations: Sequence[Json]) -> Draft:
        """Take operations as seen without carrying them out: the answer “leave theirs as it is” to DraftChanged."""
        with self._file.changed() as tables:
            self._acknowledge(tables, flow, self._fresh(tables, flow, operations))
            return self._draft(tables, flow)

    @needs(Role.DESIGN, "change a draft")
    def undo(self, flow: str, by: str) -> Draft:
        """The draft without its last change; as it is where there is none."""
        return self._one(flow, lambda working: working.undo(by, self._now()))

    @needs(Role.DESIGN, "change a draft")
    def redo(self, flow: str, by: str) -> Draft:
        """The draft with the change again that was undone last; as it is where there is none."""
        return self._one(flow, lambda working: working.redo(by, self._now()))

    @needs(Role.DESIGN, "discard a draft")
    def discard(self, flow: str, by: str = "") -> None:
        """Drop the draft with its history; the published file is what counts again."""
        self._stored(flow, lambda working: working.discard(by, self._now()))

    @needs(Role.DESIGN, "publish a flow")
    def settle(self, flow: str, revision: int, base: str, by: str = "") -> bool:
        """The text of this revision was published as the file with this hash: the draft is dropped, True.

        Where it was changed since, it stays and rests on that file.
        """
        dropped = []

        def settle(working: Working) -> None:
            if working.revision == revision:
                working.discard(by, self._now())
                dropped.append(flow)
            else:
                working.rest_on(base)

        self._stored(flow, settle)
        return bool(dropped)

    # --- within

    def _one(self, flow: str, change: Callable[[Working], object]) -> Draft:
        with self._file.changed() as tables:
            working = self._working(tables, flow)
            change(working)
            return self._kept(tables, working)

    def _stored(self, flow: str, change: Callable[[Working], object]) -> None:
        """A change of a draft that is stored; nothing where none is."""
        with self._file.changed() as tables:
            held = tables.row(DRAFTS, "flow", flow)
            if held is not None and held["text"] is not None:
                working = Working.of(held, flow, "", "")
                change(working)
                tables.put(DRAFTS, "flow", working.as_row())

    def _working(self, tables: Tables, flow: str) -> Working:
        held = tables.row(DRAFTS, "flow", flow)
        if held is not None and held["text"] is not None:
            return Working.of(held, flow, "", "")
        self._workspace.flow_path(flow)  # says that there is no such flow
        return Working.of(held, flow, *self._published(flow))

    def _kept(self, tables: Tables, working: Working) -> Draft:
        if working.is_changed:
            tables.put(DRAFTS, "flow", working.as_row())
        return self._draft(tables, working.flow)

    def _draft(self, tables: Tables, flow: str) -> Draft:
        held = tables.row(DRAFTS, "flow", flow)
        is_stored = held is not None and held["text"] is not None
        working = self._working(tables, flow)
        last = working.changes[-1] if working.changes and is_stored else None
        return Draft(
            flow,
            working.text,
            working.revision,
            working.base,
            last.by if last else "",
            last.at if last else "",
            bool(working.done),
            bool(working.undone),
            _seen(tables, flow),
            is_stored,
        )

    def _published(self, flow: str) -> tuple[str, str]:
        """The text of the published file and its hash; "" and "" where there is none."""
        path = self._workspace.flow_place(flow)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return "", ""
        except OSError as error:
            what = f"the file cannot be read: {(error.strerror or '').lower()}"
            raise DocumentError([Problem(self._workspace.relative(path), what, "Check who may read it.")]) from error
        try:
            return content.decode("utf-8"), hashlib.sha256(content).hexdigest()
        except UnicodeDecodeError:
            where = self._workspace.relative(path)
            raise DocumentError([Problem(where, "it is not written in UTF-8", "Save it as UTF-8.")]) from None

    @staticmethod
    def _fresh(tables: Tables, flow: str, operations: Sequence[Json]) -> list[Json]:
        """The operations that were not seen before."""
        seen = _seen(tables, flow)
        fresh = []
        for operation in operations:
            mark = replay_mark(operation)
            if mark is not None:
                if mark[1] <= seen.get(mark[0], -1):
                    continue
                seen[mark[0]] = mark[1]
            fresh.append(operation)
        return fresh

    def _acknowledge(self, tables: Tables, flow: str, operations: Sequence[Json]) -> None:
        marks = dict(filter(None, map(replay_mark, operations)))
        for client, seq in marks.items():
            tables.put(CLIENTS, "id", {"id": f"{flow}/{client}", "client": client, "flow": flow, "seq": seq})
        known = [held["id"] for held in tables.rows(CLIENTS)] if marks else []
        if len(known) > MOST_CLIENTS:
            tables.drop(CLIENTS, "id", known[:-MOST_CLIENTS])

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")


def _seen(tables: Tables, flow: str) -> dict[str, int]:
    """For each browser the last operation on this flow that came from it."""
    return {held["client"]: held["seq"] for held in tables.rows(CLIENTS) if held["flow"] == flow}


def _changed(flow: str, draft: Draft, theirs: list[Change]) -> DraftChanged:
    who = " and ".join(dict.fromkeys(change.by or "somebody" for change in theirs))
    said = [change.says for change in theirs[-_MOST_TOLD:]]
    more = len(theirs) - len(said)
    why = "; ".join(said) + (f"; and {more} more" if more else "")
    advice = "Put your change on top of theirs, or leave it as it is now."
    return DraftChanged(
        f"{who} changed this draft meanwhile", where=flow, why=why, what_to_do=advice, draft=draft, changes=theirs
    )
