"""The field that is selected: its formula in the editor, what it read and gave, when it is written, and a note."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from engine.design.people.rights import Role
from engine.errors import Json
from studio.parts.allowed import only
from studio.parts.component import mount
from studio.parts.mapping.editor_texts import editor_texts
from studio.parts.mapping.explain import draw_explanation
from studio.parts.mapping.kept import same_formula
from studio.parts.mapping.said import say, severity, text
from studio.parts.mapping.work import VALUES, Work
from studio.person import may
from studio.words import _, moment

EDITOR_HEIGHT = 178
_MOST_HISTORY = 12


def draw_field(work: Work, trees: str) -> None:
    """Draw it; with no field selected, say how to select one."""
    if work.selected is None:
        st.caption(_("Select a field on the right to see its formula, or drag one from the left."))
        return
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _editor(work, work.selected, trees)
    with right:
        draw_explanation(work, work.selected, EDITOR_HEIGHT + 72)


def _editor(work: Work, target: str, trees: str) -> None:
    document = f"{work.step}\n{target}"
    text_now = _text_now(work, document, target)
    known = work.view.completions(work.step, "" if target.startswith(VALUES) else target)
    mount(
        "editor",
        {
            "kind": "editor",
            "document": document,
            "title": _("Formula of {field}", field=_called(work, target)),
            "reset": work.reset,
            "text": text_now,
            "checked": text_now,
            "diagnostics": _diagnostics(work, target, text_now),
            "acknowledged": work.heard,
            "trees": trees,
            "scope": None if target.startswith(VALUES) else known["scope"],
            "variables": known["variables"],
            "label": _("Formula"),
            "placeholder": _("Type a formula; Ctrl+Space offers fields and functions"),
            "height": EDITOR_HEIGHT,
            "only_look": not may(Role.DESIGN),
            "texts": editor_texts(),
            "focus": work.focus,
        },
        height=EDITOR_HEIGHT,
        on_code_change=lambda: work.hear(st.session_state["editor"].code or {"n": 0}),
        on_commit_change=lambda: work.commit(st.session_state["editor"].commit),
    )
    if document in work.unsaved:
        _unsaved(work, document, target)
    held = work.view.picture(work.step)["fields"].get(target)
    if held and held["formula"]:
        _settings(work, target, held)


def _text_now(work: Work, document: str, target: str) -> str:
    """What stands in the editor: what was typed, unless the draft has become another meanwhile."""
    formula = work.unsaved.get(document, work.formula_of(target))
    typed = work.typed.get(document)
    if typed is None or not same_formula(typed, formula):
        work.reset += 1
        work.typed[document] = formula
    return work.typed[document]


def _called(work: Work, target: str) -> str:
    if target.startswith(VALUES):
        return target.removeprefix(VALUES).replace("_", " ")
    return work.view.title_of(work.step, target)


def _diagnostics(work: Work, target: str, formula: str) -> list[dict[str, Json]]:
    if not target.startswith(VALUES):
        found: list[dict[str, Json]] = work.view.diagnose(work.step, target, formula)["diagnostics"]
        return found
    return [
        {
            "from": each.get("from", 0),
            "to": each.get("to", len(formula)),
            "severity": "error" if each["severity"] == "error" else "warning",
            "message": f"{each['what']}. {each['what_to_do']}",
        }
        for each in work.view.problems()
        if each["target"] == target
    ]


def _unsaved(work: Work, document: str, target: str) -> None:
    """Why what stands in the editor is not in the draft."""
    if work.unsaved[document].strip() or not target.startswith(VALUES):
        say(severity("warning"), text(_("This is not saved in the draft yet; it stays here until it is.")))
        return
    say(severity("note"), text(_("Emptied: the named value stays as it was until it is removed.")))
    st.button(
        _("Remove the named value"),
        icon=":material/delete:",
        on_click=lambda: work.remove_value(target),
        **only(Role.DESIGN),
    )


def _settings(work: Work, target: str, held: dict[str, Json]) -> None:
    """When the field is written, a note for whoever reads the mapping next, and what was changed in this draft."""
    now = {"write": str(held["write"]), "note": str(held.get("note") or "")}
    write, note = (f"{name}_{work.step}_{target}_{now[name]}" for name in now)
    place = {"step": work.step, "target": target}
    rules: dict[str, str] = {
        "always": _("Always"),
        "on_create": _("Only when the record is created"),
        "on_update": _("Only when the record is updated"),
        "if_empty": _("Only where it is still empty"),
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Written"),
            list(rules),
            index=list(rules).index(now["write"]),
            format_func=lambda rule: rules[rule],
            key=write,
            on_change=lambda: work.do({"op": "set_write", **place, "write": st.session_state[write]}),
            disabled=not may(Role.DESIGN),
        )
        st.text_input(
            _("Note"),
            now["note"],
            key=note,
            on_change=lambda: work.do({"op": "set_note", **place, "note": st.session_state[note]}),
            disabled=not may(Role.DESIGN),
        )
        with st.popover(_("History"), icon=":material/history:", type="tertiary", key="field_history"):
            _history(work, target)


def _history(work: Work, target: str) -> None:
    """What this draft's log says of the field."""
    changes = work.drafts.changes(work.flow)
    about = [each for each in changes if each.step in (work.step, "") and target in each.says.split()]
    if not about:
        st.caption(_("Nothing was changed here in this draft."))
    for change in reversed(about[-_MOST_HISTORY:]):
        say(text(change.says), f"<br>{text(moment(datetime.fromisoformat(change.at)))} · {text(change.by)}", quiet=True)
