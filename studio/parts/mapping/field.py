"""The field that is selected: its formula in the editor, what it read and gave, when it is written, and a note."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.errors import Json
from studio.parts.component import mount
from studio.parts.mapping.editor_texts import editor_texts
from studio.parts.mapping.work import Work
from studio.parts.trouble import plain
from studio.words import _

EDITOR_HEIGHT = 150


def draw_field(work: Work, trees: str) -> None:
    """Draw it; with no field selected, say how to select one."""
    if work.selected is None:
        st.caption(_("Select a field on the right to see its formula, or drag one from the left."))
        return
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _editor(work, work.selected, trees)
    with right:
        _explain(work, work.selected)


def _editor(work: Work, target: str, trees: str) -> None:
    document = f"{work.step}\n{target}"
    held = work.view.picture(work.step)["fields"].get(target)
    formula = held["formula"] if held else ""
    text = work.unsaved.get(document, formula)
    if work.typed.get(document, formula) != text:
        work.reset += 1
    work.typed[document] = text
    diagnosed = work.view.diagnose(work.step, target, text) if text.strip() else {"diagnostics": []}
    known = work.view.completions(work.step, target)
    st.markdown(f"**{_('Formula of {field}', field=plain(work.view.title_of(work.step, target)))}**")
    mount(
        "editor",
        {
            "kind": "editor",
            "document": document,
            "reset": work.reset,
            "text": text,
            "checked": text,
            "diagnostics": diagnosed["diagnostics"],
            "trees": trees,
            "scope": known["scope"],
            "functions": known["functions"],
            "variables": known["variables"],
            "label": _("Formula"),
            "placeholder": _("Type a formula; Ctrl+Space offers fields and functions"),
            "height": EDITOR_HEIGHT,
            "texts": editor_texts(),
            "focus": work.focus,
        },
        height=EDITOR_HEIGHT,
        on_code_change=lambda: _typed(work, st.session_state["editor"].code),
        on_commit_change=lambda: setattr(work, "drawer", "examples"),
    )
    if held:
        _settings(work, target, held)


def _typed(work: Work, code: dict[str, Any] | None) -> None:
    if code:
        work.type(code["document"], code["text"])


def _settings(work: Work, target: str, held: dict[str, Json]) -> None:
    """When the field is written, and a note for whoever reads the mapping next."""
    write, note = (f"{name}_{work.step}_{target}_{work.draft.revision}" for name in ("write", "note"))
    place = {"step": work.step, "target": target}
    rules: dict[str, str] = {
        "always": _("Always"),
        "on_create": _("Only when the record is created"),
        "on_update": _("Only when the record is updated"),
        "if_empty": _("Only where it is still empty"),
    }
    left, right = st.columns(2)
    with left:
        st.selectbox(
            _("Written"),
            list(rules),
            index=list(rules).index(str(held["write"])),
            format_func=lambda rule: rules[rule],
            key=write,
            on_change=lambda: work.do({"op": "set_write", **place, "write": st.session_state[write]}),
        )
    with right:
        st.text_input(
            _("Note"),
            str(held.get("note") or ""),
            key=note,
            on_change=lambda: work.do({"op": "set_note", **place, "note": st.session_state[note]}),
        )


def _explain(work: Work, target: str) -> None:
    """In words what the formula does; then, for the first items, what it read and what it gave."""
    told = work.view.explain(work.step, target)
    st.markdown(f"**{_('Explain')}**")
    with st.container(border=True, height=EDITOR_HEIGHT + 118, key="explain"):
        words = str(told["words"])
        st.markdown(plain(words[:1].upper() + words[1:]) if words else _("This field is not mapped."))
        if told["lacks"]:
            st.caption(f":material/cable: {plain(told['lacks'])}")
        for problem in told["problems"]:
            _problem(problem)
        for number, each in enumerate(told["results"]):
            _result(each, number, int(told["count"]))


def _result(each: dict[str, Json], number: int, count: int) -> None:
    """One value: what it is, what the finish changed, and what it was made of."""
    which = f" ({number + 1}/{count})" if count > 1 else ""
    shown = f"`{_code(each['shown'])}`" if each["shown"] else f"*{_('nothing')}*"
    st.markdown(f"**{_('Result')}{which}** {shown}")
    for note in each["notes"]:
        st.caption(f":material/info: {plain(note)}")
    reads = [f"{plain(r['path'])} = `{_code(r['shown'] or '–')}`" for r in each["reads"]]
    reads += [f"{plain(r['lookup'])} ({plain(r['key'])}) = `{_code(r['shown'] or '–')}`" for r in each["lookups"]]
    if reads:
        st.caption(_("It read {values}", values=" · ".join(reads)))


def _problem(problem: dict[str, Json]) -> None:
    icon, word = ("error", _("Error")) if problem["severity"] == "error" else ("warning", _("Warning"))
    st.markdown(f":material/{icon}: **{word}** {plain(problem['what'])} {plain(problem['what_to_do'])}")


def _code(text: str) -> str:
    return text.replace("`", "ˋ")
