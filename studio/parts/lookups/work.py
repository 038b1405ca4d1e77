"""What one session is doing on the page of value tables: the draft, the table, and what the grid holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from engine.design.drafts import Draft
from engine.design.lookups import Occurrences, Sheet, Table, changes, edited, table_of
from engine.errors import DraftChanged, Json, Problem, StudioError
from studio.state import drafts, editor_id, things
from studio.words import language, translations

_KEY = "lookup_work"
_SHEET_SECONDS = 60.0


@dataclass
class LookupWork:
    """One flow's tables being worked on.

    shown: the table as the grid was drawn; frame: what it was drawn with, which stays the same while one types, so
    that the grid keeps its place; is_drawn: the grid is on the page; unsaved: what in it cannot be saved yet;
    taken: how often rows came from a file.
    """

    flow: str
    draft: Draft
    name: str = ""
    version: int = 0
    shown: Table | None = None
    frame: dict[str, list[Any]] = field(default_factory=dict)
    is_drawn: bool = False
    unsaved: tuple[Problem, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    conflict: DraftChanged | None = None
    waiting: list[Mapping[str, Json]] = field(default_factory=list)
    taken: int = 0
    _sheet: Sheet | None = None
    _sheet_of: tuple[str, str] = ("", "")
    _sheet_until: float = 0.0

    @property
    def sheet(self) -> Sheet:
        """The draft's tables; read again where the text has changed, and after a minute, as the systems change."""
        now = things().clock.monotonic()
        shown = (self.draft.text, language())
        if self._sheet is None or self._sheet_of != shown or now > self._sheet_until:
            self._sheet = Sheet.of(things(), self.flow, self.draft.text, translations())
            self._sheet_of, self._sheet_until = shown, now + _SHEET_SECONDS
        return self._sheet

    @property
    def table(self) -> Table:
        """The table that is worked on, as the draft has it."""
        return self.sheet.tables[self.name]

    @property
    def grid_key(self) -> str:
        return f"lookup_grid_{self.version}"

    def occurrences(self) -> Occurrences:
        """The keys that records ask for, counted anew when formulas change, or after some minutes."""
        return _occurrences(self.flow, self.sheet.shape, self.sheet)

    # --- changing

    def change(self, operations: Sequence[Mapping[str, Json]], *, over: bool = False, redraws: bool = True) -> bool:
        """Change the draft, which is saved at once; true when everything was done.

        redraws: the grid shows the table anew, since the change did not come from it.
        """
        if not operations and not self.waiting:
            return True
        try:
            applied = drafts().apply(
                self.flow, [*self.waiting, *operations], by=editor_id(), revision=self.draft.revision, over=over
            )
        except DraftChanged as changed:
            self.conflict = changed
            self.waiting += operations
            return False
        except StudioError as error:
            self.problems = [error.as_problem()]
            return False
        self.draft, self.problems = applied.draft, list(applied.refused)
        self.conflict, self.waiting = None, []
        if redraws:
            self.redraw()
        return not applied.refused

    def set_row(self, key: str, value: Json) -> None:
        """One row, from a proposal or a choice."""
        self.change([{"op": "set_row", "lookup": self.name, "key": key, "value": value}])

    def take_grid(self) -> None:
        """What was changed in the grid, into the draft; called before the page is drawn again."""
        if self.shown is None:
            return
        found = edited(self.shown, st.session_state[self.grid_key])
        self.unsaved = found.problems
        now = table_of(self.draft.text, self.name)
        self.change(changes(self.name, now.rows, found.rows), redraws=False)

    def put_mine_on_top(self) -> None:
        """The answer to a conflict: both changes stay, ours last."""
        self.change([], over=True)

    def take_theirs(self) -> None:
        """The answer to a conflict: our change is dropped."""
        self.waiting, self.conflict = [], None
        self.draft = drafts().open(self.flow)
        self.redraw()

    def undo(self) -> None:
        self.draft = drafts().undo(self.flow, editor_id())
        self.redraw()

    def redo(self) -> None:
        self.draft = drafts().redo(self.flow, editor_id())
        self.redraw()

    def redraw(self) -> None:
        """Let the grid show the table as the draft has it."""
        self.version += 1
        self.shown, self.unsaved, self.is_drawn = None, (), False

    def choose(self, name: str) -> None:
        """Another table from now on."""
        if name != self.name:
            self.name, self.problems = name, []
            self.redraw()


def work_on(flow: str) -> LookupWork:
    """This session's work on a flow. The draft may have moved on in another window: it is opened afresh, unless
    something here still waits to be saved.
    """
    held = st.session_state.get(_KEY)
    if not isinstance(held, LookupWork) or held.flow != flow:
        held = st.session_state[_KEY] = LookupWork(flow, drafts().open(flow))
    elif not held.waiting and not held.unsaved:
        draft = drafts().open(flow)
        if draft.text != held.draft.text:
            held.redraw()
        held.draft = draft
    if held.is_drawn and held.grid_key not in st.session_state:
        held.redraw()  # the page was left meanwhile, and what the grid held went with it
    return held


@st.cache_data(ttl=300, max_entries=50, show_spinner=False)
def _occurrences(flow: str, shape: str, _sheet: Sheet) -> Occurrences:
    return _sheet.occurrences()


def count_again() -> None:
    """Look at the records again when somebody next wants to know."""
    _occurrences.clear()
