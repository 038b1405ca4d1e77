"""What somebody did and an earlier page had not saved: the browser keeps it, and it comes into the draft, or is asked.

A page may be left in the middle of a word, a tab closed while the studio is away, a question left open. What was
typed goes into the draft by itself only where the formula is still the one it was typed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.design.draft_changes import Change
from engine.errors import DraftChanged, Json
from studio.parts.component import mount
from studio.parts.mapping.counting import counting
from studio.parts.mapping.work import VALUES, Work
from studio.state import editor_id
from studio.words import _

_KEY = "kept"


def keep_what_is_done(work: Work) -> None:
    """Tell the browser what has arrived, and hear what an earlier page left behind."""
    waiting = [[each["client"], each["seq"]] for each in work.waiting if "client" in each and "seq" in each]
    mount(
        _KEY,
        {
            "kind": "kept",
            "flow": work.flow,
            "by": editor_id(),
            "revision": work.draft.revision,
            "heard": work.heard,
            "seen": work.seen,
            "unsaved": list(work.unsaved),
            "waiting": waiting,
        },
        on_recovered_change=lambda: recover(work, st.session_state[_KEY].recovered or []),
    )
    if work.has_recovered:
        work.has_recovered = False
        told = _("What you had changed before the page was left is saved now.")
        st.toast(told, icon=":material/check_circle:", duration="long")


def recover(work: Work, items: Sequence[Mapping[str, Json]]) -> None:
    """Carry out what was left behind; each thing once, by its client and number, as if it had come in time."""
    for item in items:
        counted = work.seen if "operation" in item else work.heard
        client, number = str(item["client"]), int(item["n"])
        if item["flow"] != work.flow or number <= counted.get(client, 0):
            continue
        with counting(counted):
            counted[client] = number
            if not work.waiting:
                work.draft = work.drafts.open(work.flow)
            if "operation" in item:
                _do(work, item, {**item["operation"], "client": client, "seq": number})
            else:
                _type(work, item)


def _type(work: Work, item: Mapping[str, Json]) -> None:
    document, text = str(item["document"]), str(item["text"])
    step, target = document.split("\n")
    now = work.formula_of(target, step)
    if same_formula(text, now):
        return
    work.reset += 1
    if any(same_formula(str(was), now) for was in item["was"]):
        work.type(document, text)
        work.has_recovered = document not in work.unsaved
        return
    since = _changes(work, item)
    about = [each for each in since if each.step in (step, "") and target in each.says.split()]
    work.typed[document] = work.unsaved[document] = text
    if target.startswith(VALUES):
        change: dict[str, Json] = {"op": "set_value", "name": target.removeprefix(VALUES)}
    else:
        change = {"op": "set_formula", "step": step, "target": target}
    _ask(work, about or since, {**change, "formula": text, "typing": True})


def _do(work: Work, item: Mapping[str, Json], operation: Mapping[str, Json]) -> None:
    if operation["seq"] <= work.draft.acknowledged.get(operation["client"], -1):
        return
    since = [each for each in _changes(work, item) if each.by != editor_id()]
    if not since:
        work.has_recovered = work.change([operation])
    elif operation["op"] not in ("undo", "redo"):  # there is something else to undo by now
        _ask(work, since, operation)


def _changes(work: Work, item: Mapping[str, Json]) -> list[Change]:
    """What others have changed since."""
    changes = work.drafts.changes(work.flow)
    return [each for each in changes if each.revision > int(item["revision"]) and each.by != item["by"]]


def _ask(work: Work, since: Sequence[Change], operation: Mapping[str, Json]) -> None:
    """The question of two people on one draft."""
    work.waiting.append(operation)
    work.conflict = DraftChanged(
        "this draft was changed meanwhile",
        where=work.flow,
        why="; ".join(each.says for each in since),
        what_to_do="Put your change on top, or drop it.",
        draft=work.draft,
        changes=since,
    )


def same_formula(typed: str, held: str) -> bool:
    """A document keeps a formula without the line ends around it; an empty one is none."""
    return typed == held or typed.replace("\r\n", "\n").strip("\n") == held or not (typed.strip() or held)
