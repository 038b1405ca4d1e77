"""What one session is doing on the mapping page: the draft, the sample, the step and the field it looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import streamlit as st

from engine.design.draft_file import DraftNotSaved
from engine.design.drafts import Draft, Drafts
from engine.design.samples import Sample, record_of, title_of
from engine.design.versions import History, history
from engine.design.view import View
from engine.design.view.view import PARTS
from engine.errors import DraftChanged, Json, NotAllowed, Problem, StudioError
from studio.parts.mapping.awaited import find_sample
from studio.parts.mapping.counting import counting
from studio.parts.mapping.heading import head_of as head_of
from studio.state import drafts, editor_id, things
from studio.words import language, translations

WISHES = {"select", "edit", "reject", "next_problem", "test", "focus_search"}  # these change no document
VALUES = "$values."
_KEY = "work"


@dataclass
class Work:
    """One flow being worked on.

    first_step, first_sample: where it was opened; address: what the address says; has_arrived: the address was
    followed; drawn: what the page around the fields shows; sent: the draft that the trees show; awaited: a record that
    is being read from the source. typed: what stands in the editor, by document; unsaved: what of it is not in the
    draft; heard: the last text that came from each editor; cleared: what a mapping had beside its formula before it was
    emptied; rejected: suggestions that were turned down, each with the revision at which; has_recovered: what an
    earlier page had not saved came into the draft a moment ago.
    """

    flow: str
    draft: Draft
    step: str = ""
    first_step: str = ""
    first_sample: str = ""
    address: dict[str, str] = field(default_factory=dict)
    drawn: object = None
    sent: str = ""
    has_arrived: bool = False
    selected: str | None = None
    sample_id: str = ""
    sample: dict[str, Json] | None = None
    live: Sample | None = None
    awaited: Future[Sample] | None = None
    seen: dict[str, int] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    unsaved: dict[str, str] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)
    cleared: dict[str, dict[str, Json]] = field(default_factory=dict)
    suggestions: dict[str, list[dict[str, Json]]] = field(default_factory=dict)
    rejected: dict[tuple[str, str], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    conflict: DraftChanged | None = None
    waiting: list[Mapping[str, Json]] = field(default_factory=list)
    has_recovered: bool = False
    dismissed: str | None = None
    versions: History | None = None
    reset: int = 0
    focus: int = 0
    drafts_now: Callable[[], Drafts] = drafts
    drawer: str = "result"
    _view: View | None = None
    _view_of: tuple[str, str, str] | None = None

    # --- what is looked at

    @property
    def drafts(self) -> Drafts:
        """In the hands of whoever this session is of now."""
        return self.drafts_now()

    @property
    def view(self) -> View:
        """The draft on the sample, worked out anew only where one of them has changed."""
        now = (self.draft.text, self.sample_id, language())
        if self._view is None or self._view_of != now:
            self._view = View.of(things(), self.flow, self.draft.text, self.sample, translations=translations())
            self._view_of = now
        return self._view

    def look_again(self) -> None:
        """Work the view out anew: the systems may have told more, and files may have changed."""
        self._view_of = self.versions = None

    def around(self) -> object:
        """What the page shows around the fields; where it changes, the whole page is drawn again."""
        told = [(each["name"], each["title"], each["when"], each["sentence"]) for each in self.view.steps()]
        return (told, self.step, self.view.trees(self.step)["revision"], self.view.example_count())

    def history(self) -> History:
        """The versions of the flow, read once a drawing of the whole page."""
        if self.versions is None:
            self.versions = history(things(), self.flow)
        return self.versions

    def is_in_use(self) -> bool:
        """Whether there is a file of the flow, which runs as it is."""
        return self.flow in things().workspace.flow_names()

    def show(self, drawer: str) -> None:
        """Open a part of the drawer."""
        self.drawer = drawer

    def head(self) -> dict[str, str]:
        """What goes where."""
        return head_of(self.view)

    def choose_sample(self, sample_id: str) -> None:
        """Look at another record from now on."""
        self.sample = record_of(things(), sample_id, flow_name=self.flow, text=self.draft.text)
        self.sample_id, self.awaited = sample_id, None
        if sample_id.startswith("live:") and (self.live is None or self.live.id != sample_id):
            title = title_of(things(), self.flow, self.sample, self.draft.text)
            self.live = Sample(sample_id, title or sample_id.removeprefix("live:"), "recent")

    # --- what is changed

    def receive(self, queue: Sequence[Mapping[str, Json]]) -> None:
        """Carry out what the browser sent; what it sends again is known by its number."""
        changes = []
        with counting(self.seen):
            for operation in queue:
                client, number = str(operation["client"]), int(operation["seq"])
                if number <= self.seen.get(client, 0):
                    continue
                self.seen[client] = number
                if operation["op"] == "accept":
                    changes += self._accepted(operation)
                elif operation["op"] in WISHES:
                    self._wish(operation)
                elif operation["op"] == "undo" and not changes and self.has_rejected:
                    self._take_rejection_back()
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
            self.waiting = [each for each in self.waiting if _key(each) not in map(_key, operations)]
            self.waiting += operations
            return False
        except StudioError as error:
            self.problems = [error.as_problem()]
            if isinstance(error, DraftNotSaved | NotAllowed):
                self._ask_again(operations)
            return False
        self.draft, self.problems = applied.draft, list(applied.refused)
        if self.conflict is not None and not applied.refused:
            self.unsaved.clear()
        self.conflict, self.waiting = None, []
        return not applied.refused

    def _ask_again(self, operations: Sequence[Mapping[str, Json]]) -> None:
        """What could not be saved is not counted: the browser keeps it, and sends it until it can be."""
        for client, number in ((str(each["client"]), int(each["seq"])) for each in operations if "seq" in each):
            self.seen[client] = min(self.seen.get(client, 0), number - 1)

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
        self.unsaved.clear()

    def hear(self, code: Mapping[str, Json]) -> None:
        """What the editor sent: the texts of formulas that were left meanwhile, and of the one on screen."""
        client = str(code.get("client", ""))
        if not client:
            return
        for each in sorted([*code.get("earlier", []), code], key=lambda each: int(each["n"])):
            if int(each["n"]) > self.heard.get(client, 0):
                self.type(str(each["document"]), str(each["text"]))
                self.heard[client] = int(each["n"])

    def type(self, document: str, text: str) -> None:
        """A formula as it is being typed; it is never lost, even where the draft cannot take it yet."""
        self.typed[document] = self.unsaved[document] = text
        step, target = document.split("\n")
        if self._type(step, target, text):
            self.unsaved.pop(document, None)

    def _type(self, step: str, target: str, text: str) -> bool:
        if target.startswith(VALUES):  # an emptied one goes only by its own button: others may read it
            change = {"op": "set_value", "name": target.removeprefix(VALUES), "formula": text, "typing": True}
            return bool(text.strip()) and self.change([change])
        place, document = {"step": step, "target": target}, f"{step}\n{target}"
        held = self._mapping(step, target)
        changes: list[Mapping[str, Json]] = [{"op": "set_formula", **place, "formula": text, "typing": True}]
        if not text.strip() and held is not None:
            self.cleared[document] = held
        elif text.strip() and held is None:  # what stood beside the formula comes back with it
            changes += [{"op": f"set_{part}", **place, part: value} for part, value in self._beside(document)]
        return self.change(changes)

    def commit(self, code: Mapping[str, Json] | None) -> None:
        """Ctrl+Enter in the editor: what stands there is kept, and the examples are tried on it."""
        if code:
            self.hear(code)
            self.show("examples")

    def edit(self, target: str) -> None:
        """Open a field or a named value in the editor, and give the editor the keyboard."""
        self.selected, self.focus = target, self.focus + 1

    def remove_value(self, target: str) -> None:
        """Take a named value away."""
        if self.change([{"op": "set_value", "name": target.removeprefix(VALUES), "formula": ""}]):
            self.unsaved.pop(f"{self.step}\n{target}", None)
            self.selected = None

    def formula_of(self, target: str, step: str = "") -> str:
        """The formula of a field of this step or another, or of a named value, as it is in the draft."""
        if target.startswith(VALUES):
            return str(self.view.loaded.flow.values.get(target.removeprefix(VALUES), ""))
        held = self._mapping(step or self.step, target)
        return str(held["formula"]) if held is not None else ""

    def _mapping(self, step: str, target: str) -> dict[str, Json] | None:
        row: dict[str, Json] = self.view.picture(step)["fields"].get(target, {})
        return row if row.get("formula") else None

    def _beside(self, document: str) -> list[tuple[str, Json]]:
        held = self.cleared.pop(document, {})
        return [(part, held[part]) for part in ("write", "note") if held.get(part) not in (None, "", "always")]

    def _wish(self, wish: Mapping[str, Json]) -> None:
        target = str(wish.get("target", ""))
        match wish["op"]:
            case "select":
                self.selected = target
            case "edit":
                self.edit(target)
            case "reject":
                self.rejected[str(wish.get("step") or self.step), target] = self.draft.revision
            case "next_problem":
                self.next_problem()
            case "test":
                self.drawer = "examples"

    def next_problem(self) -> None:
        """Go to the problem after the field that is selected, in whichever step it is."""
        places = list(dict.fromkeys((p["step"], p["target"]) for p in self.view.problems()))
        if not places:
            return
        here = (self.step, self.selected or "")
        after = places[places.index(here) + 1 :] if here in places else places
        self.go(*(after or places)[0])

    def go(self, step: str, target: str) -> None:
        """To a field or a named value; for what is neither, to the list of problems, which names the place."""
        if target.startswith(VALUES):
            self.selected = target
        elif step and target and target not in PARTS and not target.startswith("$"):
            self.step, self.selected = step, target
        else:
            self.step, self.selected, self.drawer = step or self.step, target or None, "problems"

    # --- suggestions

    @property
    def has_rejected(self) -> bool:
        """Whether a suggestion of this step was turned down since the draft changed: that is undone first."""
        return any(step == self.step and at == self.draft.revision for (step, _), at in self.rejected.items())

    def undo(self) -> None:
        """Undo what was done last."""
        if self.has_rejected:
            self._take_rejection_back()
        else:
            self.do({"op": "undo"})

    def _take_rejection_back(self) -> None:
        last = next(each for each in reversed(self.rejected) if each[0] == self.step)
        del self.rejected[last]
        self.selected = last[1]

    def open_suggestions(self) -> list[dict[str, Json]]:
        """Those of this step that are neither accepted nor rejected."""
        return [
            each
            for each in self.suggestions.get(self.step, [])
            if self._mapping(self.step, each["target"]) is None and (self.step, each["target"]) not in self.rejected
        ]

    def _accepted(self, wish: Mapping[str, Json]) -> list[Mapping[str, Json]]:
        """A suggestion as the change that takes it into the draft; what is mapped by now stays as it is."""
        step, self.selected = str(wish.get("step") or self.step), str(wish["target"])
        is_mapped = self._mapping(step, self.selected) is not None
        return [] if is_mapped else [{**wish, "op": "set_formula", "step": step}]


def _key(operation: Mapping[str, Json]) -> object:
    """What a later text of the same typing takes the place of."""
    if not operation.get("typing"):
        return id(operation)
    return tuple(operation.get(part) for part in ("op", "step", "target", "name"))


def work_on(flow: str) -> Work:
    """This session's work on a flow; begun anew when it is another one. The draft may have moved on in another
    window: it is opened afresh whenever the whole page is drawn.
    """
    held = st.session_state.get(_KEY)
    if isinstance(held, Work) and held.flow == flow:
        if not held.waiting:
            held.draft = held.drafts.open(flow)
        held.look_again()
        return held
    work = Work(flow, drafts().open(flow))
    steps = work.view.steps()
    work.first_step = work.step = steps[0]["name"] if steps else ""
    find_sample(work, st.query_params.get("sample", ""))
    work.first_sample = work.sample_id
    if not work.view.is_whole and not steps:
        work.drawer = "problems"
    st.session_state[_KEY] = work
    return work
