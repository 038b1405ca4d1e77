"""What one session is changing of a binding: kept here until it is saved, and never over somebody else's change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import streamlit as st

from engine.design.running.changing import Accepted, Seen, Wanted, change_binding
from engine.design.running.checks import Checks
from engine.design.running.forms import BindingForm, form
from engine.design.running.overview import BindingRow, overview
from engine.design.running.schedule_lines import Line, line_of, schedule_of
from engine.errors import DocumentError, Json, Problem, StudioError
from studio.person import person
from studio.state import things
from studio.words import translations

_KEY = "binding_work"
OF_FLOW, OWN, NEVER = "flow", "own", "never"


@dataclass
class BindingWork:
    """One binding being changed.

    wanted: what is not saved yet; plan, lines: how the schedule stands in the form, plan None for as it is kept;
    seen: the state that the changes are meant for; version: part of the widgets' names, so that they show what is kept
    after saving or dropping; is_kept: something was saved just now.
    """

    flow: str
    name: str
    loaded: Any
    row: BindingRow
    form: BindingForm
    seen: Seen
    wanted: Wanted = field(default_factory=Wanted)
    plan: str | None = None
    lines: tuple[Line, ...] = ()
    problems: Sequence[Problem] = ()
    version: int = 0
    is_kept: bool = False
    checks: Checks | None = None
    checked_at: datetime | None = None
    others: Sequence[Accepted] = ()

    # --- what is shown

    def refresh(self) -> None:
        """Read anew what is kept; changes that are not saved stay."""
        desk = things()
        self.loaded = desk.load(self.flow)
        self.row = next(row for row in overview(desk, self.flow, translations()) if row.name == self.name)
        kept = form(desk, self.loaded, self.name, translations=translations())
        self.form = (
            form(desk, self.loaded, self.name, self._answered(), translations()) if self.wanted.answers else kept
        )
        if not self.is_changed:
            if self.seen != kept.seen:
                self.version += 1
            self.seen = kept.seen

    @property
    def is_changed(self) -> bool:
        return self.plan is not None or self.wanted != Wanted()

    @property
    def is_of_rows(self) -> bool:
        """Are only rows of lookups changed?"""
        return self.plan is None and self.wanted.is_of_rows

    @property
    def is_overtaken(self) -> bool:
        """Somebody else changed the binding since these changes began."""
        return self.is_changed and self.seen != self.form.seen

    def _answered(self) -> dict[str, Json]:
        """The answers not saved yet; one that is to be the flow's again is the flow's."""
        flows = self.loaded.flow.answers()
        return {n: flows.get(n) if value is None else value for n, value in self.wanted.answers.items()}

    def differs(self, question: str) -> bool:
        """Is this answer another than the flow's own?"""
        if question in self.wanted.answers:
            return self.wanted.answers[question] is not None
        return question in self.form.own_answers

    # --- the schedule

    @property
    def shown_plan(self) -> str:
        return self.kept_plan if self.plan is None else self.plan

    @property
    def kept_plan(self) -> str:
        return OWN if self.form.own_schedules and self.form.schedules else NEVER if self.form.own_schedules else OF_FLOW

    @property
    def shown_lines(self) -> tuple[Line, ...]:
        if self.plan is not None:
            return self.lines
        return tuple(line_of(each) for each in self.form.schedules)

    @property
    def schedules(self) -> tuple[Any, ...]:
        """The schedules as the form has them now."""
        if self.shown_plan == OF_FLOW:
            return tuple(self.loaded.flow.schedules)
        return () if self.shown_plan == NEVER else tuple(schedule_of(line) for line in self.shown_lines)

    def choose_plan(self, plan: str) -> None:
        """Another kind of schedule; its own begin with what counts now."""
        if plan == self.shown_plan:
            return
        lines = self.shown_lines or tuple(line_of(each) for each in self.loaded.flow.schedules) or (Line(),)
        self._begin()
        self.plan, self.lines = plan, lines

    def set_line(self, place: int, **changes: Any) -> None:
        lines = list(self.shown_lines)
        lines[place] = replace(lines[place], **changes)
        self._begin()
        self.plan, self.lines = OWN, tuple(lines)

    def add_line(self) -> None:
        lines = (*self.shown_lines, Line())
        self._begin()
        self.plan, self.lines = OWN, lines
        self.version += 1

    def drop_line(self, place: int) -> None:
        lines = self.shown_lines
        self._begin()
        self.plan, self.lines = OWN, (*lines[:place], *lines[place + 1 :])
        self.version += 1

    # --- the rest

    def set_title(self, title: str) -> None:
        self._want(title=title.strip())

    def set_connection(self, system: str, connection: str) -> None:
        self._want(connections={**self.wanted.connections, system: connection})

    def set_answer(self, question: str, said: Json) -> None:
        self._want(answers={**self.wanted.answers, question: said})

    def forget_answer(self, question: str) -> None:
        """As the flow says again."""
        self.set_answer(question, None)
        self.version += 1

    def set_rows(self, lookup: str, rows: Mapping[str, Json]) -> None:
        """What was changed of a lookup's rows, all of it."""
        held = {name: each for name, each in self.wanted.lookups.items() if name != lookup}
        self._want(lookups={**held, lookup: rows} if rows else held)

    def _want(self, **changes: Any) -> None:
        self._begin()
        self.wanted = replace(self.wanted, **changes)

    def _begin(self) -> None:
        self.problems, self.is_kept = (), False

    # --- saving

    def save(self) -> None:
        """Save what was changed; where somebody else was faster, the page asks."""
        wanted = self.wanted
        if self.plan is not None:
            own = None if self.plan == OF_FLOW else self.schedules
            wanted = replace(wanted, schedules=own, own_schedules=self.plan == OF_FLOW)
        if self._change(wanted, self.seen):
            self.drop()
            self.is_kept = True

    def save_over(self) -> None:
        """Save it although somebody else changed the binding meanwhile."""
        self.seen = self.form.seen
        self.save()

    def drop(self) -> None:
        """As it is kept."""
        self.wanted, self.plan, self.lines, self.problems = Wanted(), None, (), ()
        self.is_kept = False
        self.version += 1

    def switch(self, is_on: bool) -> None:
        """On or off, at once."""
        self._change(Wanted(is_on=is_on), None)

    def _change(self, wanted: Wanted, seen: Seen | None) -> bool:
        desk = things()
        try:
            bound = change_binding(desk, self.flow, self.name, wanted, person().name, seen=seen)
        except DocumentError as error:
            self.problems = error.problems
        except StudioError as error:
            self.problems = [error.as_problem()]
        else:
            if self.seen == self.form.seen:
                self.seen = Seen(bound.saved_at)  # our own switch is nobody else's change
            self.checks = None
            return True
        return False


def work_on(flow: str, name: str) -> BindingWork:
    """This session's work on a binding; DocumentError where there is none, or its flow cannot be used."""
    held = st.session_state.get(_KEY)
    if not isinstance(held, BindingWork) or (held.flow, held.name) != (flow, name):
        desk = things()
        loaded = desk.load(flow)
        rows = overview(desk, flow, translations())
        row = next((each for each in rows if each.name == name), None)
        if row is None:
            raise LookupError(name)
        kept = form(desk, loaded, name, translations=translations())
        held = st.session_state[_KEY] = BindingWork(flow, name, loaded, row, kept, kept.seen)
        return held
    held.refresh()
    return held


def forget_work() -> None:
    """The binding is gone."""
    st.session_state.pop(_KEY, None)
