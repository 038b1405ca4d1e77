"""What one session is doing on the mapping page: the draft, the sample, the step and the field it looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from engine.design.drafts import Draft, Drafts
from engine.design.samples import Sample, newest, record_of, samples
from engine.design.view import View
from engine.errors import DraftChanged, Json, Problem, StudioError
from studio.state import drafts, editor_id, is_connected, things
from studio.words import language, translations

WISHES = {"select", "edit", "accept", "reject", "next_problem", "test", "focus_search"}  # these change no document
_KEY = "work"


@dataclass
class Work:
    """One flow being worked on. typed: what stands in the editor, by document; unsaved: what the draft refused."""

    flow: str
    drafts: Drafts
    draft: Draft
    step: str = ""
    drawn_step: str = ""
    selected: str | None = None
    sample_id: str = ""
    sample: dict[str, Json] | None = None
    live: Sample | None = None
    seen: dict[str, int] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    unsaved: dict[str, str] = field(default_factory=dict)
    suggestions: dict[str, list[dict[str, Json]]] = field(default_factory=dict)
    rejected: set[tuple[str, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    conflict: DraftChanged | None = None
    waiting: list[Mapping[str, Json]] = field(default_factory=list)
    reset: int = 0
    focus: int = 0
    drawer: str = "result"
    _view: View | None = None
    _view_of: tuple[int, str, str] = (-1, "", "")

    # --- what is looked at

    @property
    def view(self) -> View:
        """The draft on the sample, worked out anew only where one of them has changed."""
        now = (self.draft.revision, self.sample_id, language())
        if self._view is None or self._view_of != now:
            self._view = View.of(things(), self.flow, self.draft.text, self.sample, translations=translations())
            self._view_of = now
        return self._view

    def head(self) -> dict[str, str]:
        """What goes where."""
        return head_of(self.view)

    def choose_sample(self, sample_id: str) -> None:
        """Look at another record from now on."""
        self.sample = record_of(things(), sample_id, flow_name=self.flow, text=self.draft.text)
        self.sample_id = sample_id

    def find_sample(self, wanted: str) -> None:
        """The record to begin with: the one that is asked for, else the newest of the source, else any."""
        try:
            if wanted:
                self.choose_sample(wanted)
                return
            if is_connected(self.view.loaded.flow.source.connector):
                self.live = newest(things(), self.flow, self.draft.text)
                self.choose_sample(self.live.id)
                return
        except StudioError as error:  # then the next best is shown, and why
            self.problems = [error.as_problem()]
        known = samples(things(), self.flow, self.draft.text)
        if known:
            self.choose_sample(known[0].id)

    # --- what is changed

    def receive(self, queue: Sequence[Mapping[str, Json]]) -> None:
        """Carry out what the browser sent; what it sends again is known by its number."""
        changes = []
        for operation in queue:
            client, number = str(operation["client"]), int(operation["seq"])
            if number <= self.seen.get(client, 0):
                continue
            self.seen[client] = number
            if operation["op"] in WISHES:
                self._wish(operation)
            else:
                changes.append(operation)
                self.selected = str(operation.get("to") or operation.get("target") or "") or self.selected
        if changes:
            self.change(changes)

    def change(self, operations: Sequence[Mapping[str, Json]], *, over: bool = False) -> bool:
        """Change the draft, which is saved at once; true when everything was done."""
        try:
            applied = self.drafts.apply(
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
        return not applied.refused

    def do(self, *operations: Mapping[str, Json]) -> None:
        """Change the draft; what was refused is among the problems."""
        self.change(operations)

    def put_mine_on_top(self) -> None:
        """The answer to a conflict: both changes stay, ours last."""
        self.change([], over=True)

    def take_theirs(self) -> None:
        """The answer to a conflict: our change is dropped."""
        self.draft = self.drafts.leave(self.flow, self.waiting)
        self.conflict, self.waiting = None, []

    def type(self, document: str, text: str) -> None:
        """A formula as it is being typed; it is never lost, even where the draft cannot take it yet."""
        step, target = document.split("\n")
        self.typed[document] = text
        done = self.change([{"op": "set_formula", "step": step, "target": target, "formula": text, "typing": True}])
        if done:
            self.unsaved.pop(document, None)
        else:
            self.unsaved[document] = text

    def _wish(self, wish: Mapping[str, Json]) -> None:
        target = str(wish.get("target", ""))
        match wish["op"]:
            case "select":
                self.selected = target
            case "edit":
                self.selected, self.focus = target, self.focus + 1
            case "accept":
                self.accept(target)
            case "reject":
                self.rejected.add((self.step, target))
            case "next_problem":
                self.next_problem()
            case "test":
                self.drawer = "examples"

    def next_problem(self) -> None:
        """Go to the problem after the field that is selected, in whichever step it is."""
        places = [(p["step"], p["target"]) for p in self.view.problems() if p.get("target")]
        if not places:
            return
        here = (self.step, self.selected)
        after = places[places.index(here) + 1 :] if here in places else places
        self.step, self.selected = (after or places)[0]

    # --- suggestions

    def open_suggestions(self) -> list[dict[str, Json]]:
        """Those of this step that are neither accepted nor rejected."""
        mapped = self.view.picture(self.step)["fields"]
        return [
            each
            for each in self.suggestions.get(self.step, [])
            if each["target"] not in mapped and (self.step, each["target"]) not in self.rejected
        ]

    def accept(self, target: str) -> None:
        """Take a suggestion into the draft."""
        found = [each for each in self.open_suggestions() if each["target"] == target]
        self.change(
            [{"op": "set_formula", "step": self.step, "target": target, "formula": each["formula"]} for each in found]
        )
        self.selected = target


def head_of(view: View) -> dict[str, str]:
    """What goes where: the flow's title, both systems, and the records."""
    loaded = view.loaded
    source = loaded.connectors[loaded.flow.source.connector]
    return {
        "title": loaded.flow.title,
        "source": source.title,
        "target": loaded.connectors[loaded.flow.target()].title,
        "records": source.resources[loaded.flow.source.resource].title,
    }


def work_on(flow: str) -> Work:
    """This session's work on a flow; begun anew when it is another one. The draft may have moved on in another
    window: it is opened afresh whenever the whole page is drawn.
    """
    held = st.session_state.get(_KEY)
    if isinstance(held, Work) and held.flow == flow:
        if not held.waiting:
            held.draft = held.drafts.open(flow)
        return held
    work = Work(flow, drafts(), drafts().open(flow))
    place = st.query_params
    work.step, work.selected = place.get("step", ""), place.get("field") or None
    work.find_sample(place.get("sample", ""))
    st.session_state[_KEY] = work
    return work
