"""Mending a value of one record: the dialog that asks for it, and what was mended, to be taken back."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.design.people.rights import Role
from engine.design.speech import value_in_words
from engine.design.support.asking import StoredRecord
from engine.design.support.leaves import NUMBER, YES_NO, Leaf, Leaves, Path, path_text
from engine.design.support.mending import MendedMeanwhile, Shown, alike, leaves, mend, mended_values, take_back
from engine.design.support.telling import Told
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.mapping.said import paragraph, rows, say, strong, text, value
from studio.parts.records.keyboard import put_focus_on
from studio.parts.records.states import mended_badge
from studio.parts.trouble import plain, show_error
from studio.person import person
from studio.state import things
from studio.words import _, decimal_mark, moment, n_, translations

_DONE = "record_mended"
_CONFLICT = "record_mend_conflict"
_MOST_CHARS = 60


@dataclass(frozen=True, slots=True)
class _Change:
    """What somebody wants: typed None for nothing at all; also: other places that get the same."""

    leaf: Leaf
    typed: str | None
    also: tuple[Path, ...]


def draw_leaves(found: Told, known: tuple[Leaf, ...], place: int) -> None:
    """A small button for each value behind a failure, and one for any other."""
    if found.record.as_read is None:
        return
    st.markdown(f":small[{_('A value of this record is wrong? Edit it, for this record alone:')}]")
    with st.container(horizontal=True, gap="small", key=f"record_leaves_{place}"):
        for leaf in known:
            help_says = _("Edit this value for this record")
            key = f"edit_{place}_{path_text(leaf.path)}"
            if st.button(_called(leaf), icon=":material/edit:", key=key, **only(Role.MEND, help=help_says)):
                _open(found, leaf)
        draw_any(found, f"edit_any_{place}")


def draw_any(found: Told, key: str) -> None:
    """The button for any other value of the record."""
    if st.button(_("Edit another value"), icon=":material/edit_note:", key=key, type="tertiary", **only(Role.MEND)):
        _open(found, None)


def _called(leaf: Leaf) -> str:
    said = value_in_words(leaf.value, translations()) or _("nothing")
    return plain(_short(f"{_short(leaf.title, 50)}: {_short(said, 40)}", 90))


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


# --- what was mended


def say_what_was_mended() -> None:
    """What was just kept or taken back, once."""
    said = st.session_state.pop(_DONE, None)
    if said:
        with st.container(key="record_just_mended"):
            st.success(said, icon=":material/check:")
        put_focus_on("record_just_mended")  # the dialog, or the button, is gone


def draw_mended(found: Told) -> None:
    """Each value that was mended: what the source has, what counts here, who did it, and the way back."""
    if not found.mended:
        return
    with st.container(border=True, key="record_mended"):
        note = _("for this record alone; {system} keeps its own", system=plain(found.source))
        st.markdown(f"{mended_badge(found.record)} :small[{note}]".strip())
        for place, each in enumerate(found.mended):
            told, back = st.columns([6, 1.2], vertical_alignment="center")
            with told:
                _mended(found, each)
            with back, st.container(horizontal=True, horizontal_alignment="right"):
                st.button(
                    _("Take back") if each.holds else _("Forget it"),
                    icon=":material/undo:",
                    key=f"take_back_{place}",
                    on_click=_take_back,
                    args=(found.record, each),
                    **only(Role.MEND),
                )


def _mended(found: Told, each: Shown) -> None:
    by = _("{who}, {moment}", who=each.who, moment=moment(each.at))
    say(strong(each.title), value(_words(each.was)), text("→"), value(_words(each.value)), text(f"· {by}"))
    if not each.holds:
        said = _("{system} has changed it since: its own value counts again.", system=found.source)
        st.html(paragraph(text(said), quiet=True))


def _words(held: object) -> str:
    return value_in_words(held, translations())


def _take_back(record: StoredRecord, each: Shown) -> None:
    try:
        take_back(things(), record, each.path, person().name)
    except StudioError as error:  # told where it was asked, above the rest
        st.session_state["record_mend_error"] = error
        return
    _after(record)
    st.session_state[_DONE] = _("Taken back: what the source says counts again.")


def show_mend_error() -> None:
    """Why a value could not be taken back, once."""
    error = st.session_state.pop("record_mend_error", None)
    if error is not None:
        show_error(error)


def _after(record: StoredRecord) -> None:
    """What was looked at before counts no longer."""
    st.session_state.pop(f"record_shown_{record.id}", None)


# --- the dialog


def _open(found: Told, leaf: Leaf | None) -> None:
    st.session_state.pop(_CONFLICT, None)
    st.dialog(_("Edit a value for this record"), icon=":material/edit:")(_edit)(found, leaf)


def _edit(found: Told, leaf: Leaf | None) -> None:
    """One value: what the source has, what shall count here, and what that means."""
    held: tuple[_Change, MendedMeanwhile] | None = st.session_state.get(_CONFLICT)
    if held is not None:
        _conflict(found, *held)
        return
    try:
        known = leaves(things(), found.record, translations())
    except StudioError as error:
        show_error(error)
        return
    chosen = leaf or _chosen(known)
    if chosen is None:
        return
    st.html(paragraph(strong(chosen.title)))
    told = [(_("In {system}", system=found.source), value(_words(chosen.read)))]
    if chosen.mended is not None:
        told.append((_("Mended"), value(_words(chosen.value))))
    st.html(rows([*told, (_("Path"), value(path_text(chosen.path)))]))
    typed = _typed(chosen)
    also = _also(known, chosen)
    said = _("It is kept here only, for this one record, and never written to {system}.", system=plain(found.source))
    until = _("It counts until {system} itself changes this value.", system=plain(found.source))
    st.caption(f"{said} {until}")
    if st.button(_("Save"), type="primary", icon=":material/save:", key="mend_save", **only(Role.MEND)):
        _save(found.record, _Change(chosen, typed, also))


def _also(known: Leaves, leaf: Leaf) -> tuple[Path, ...]:
    """The other items that get the same, where they say the same and somebody wants it."""
    others = alike(known, leaf)
    if not others:
        return ()
    says = n_("Also in {n} other item that says the same", "Also in {n} other items that say the same", len(others))
    return tuple(each.path for each in others) if st.checkbox(says, key=f"mend_{path_text(leaf.path)}_also") else ()


def _chosen(known: Leaves) -> Leaf | None:
    """Any value of the record, searched for by its name or by what stands there."""
    may_be = [leaf for leaf in known.all() if not leaf.why_not]
    names = {path_text(leaf.path): f"{leaf.title}: {_short(_words(leaf.value), _MOST_CHARS)}" for leaf in may_be}
    path = st.selectbox(
        _("Value"),
        list(names),
        index=None,
        format_func=lambda name: names.get(name, name),
        placeholder=_("Type a part of its name, or what stands there"),
        key="mend_leaf",
    )
    return next((leaf for leaf in may_be if path_text(leaf.path) == path), None)


def _typed(leaf: Leaf) -> str | None:
    """What is typed or chosen; None for nothing at all."""
    key = f"mend_{path_text(leaf.path)}"
    nothing = f"{key}_nothing"
    typed = _box(leaf, key, disabled=bool(st.session_state.get(nothing)))
    if leaf.may_be_nothing and st.checkbox(_("Nothing stands there"), key=nothing):
        return None
    return typed


def _box(leaf: Leaf, key: str, *, disabled: bool) -> str:
    """The box that suits the kind of value."""
    label, said = _("Value for this record"), leaf.typed
    if leaf.kind == YES_NO:
        words = {"yes": _("Yes"), "no": _("No")}
        index = list(words).index(said) if said in words else None
        chosen = st.radio(
            label, list(words), index, lambda word: words[word], key=key, horizontal=True, disabled=disabled
        )
        return chosen or ""
    if leaf.codes:
        names = dict(leaf.codes)
        known = list(dict.fromkeys([*names, *([said] if said else [])]))
        index = known.index(said) if said in known else None
        may_add = not leaf.is_closed
        picked = st.selectbox(
            label,
            known,
            index,
            lambda code: _code(code, names),
            key=key,
            accept_new_options=may_add,
            disabled=disabled,
        )
        return picked or ""
    if leaf.kind == NUMBER:
        return st.text_input(label, value=said.replace(".", decimal_mark()), key=key, disabled=disabled)
    if "\n" in said or len(said) > _MOST_CHARS:
        return st.text_area(label, value=said, key=key, disabled=disabled)
    return st.text_input(label, value=said, key=key, disabled=disabled)


def _code(code: str, names: dict[str, str]) -> str:
    words = names.get(code, code)
    return f"{code} · {words}" if words != code else code


def _save(record: StoredRecord, change: _Change) -> None:
    try:
        mend(things(), record, change.leaf.path, change.typed, person().name, decimal_mark(), also=change.also)
    except MendedMeanwhile as error:
        st.session_state[_CONFLICT] = (change, error)
        st.rerun(scope="fragment")
    except StudioError as error:
        show_error(error)
        return
    _after(record)
    st.session_state.pop(_CONFLICT, None)
    st.session_state[_DONE] = _("Kept for this record. Nothing was sent: look at what would be sent, then send it.")
    st.rerun()


def _conflict(found: Told, change: _Change, error: MendedMeanwhile) -> None:
    """Two people on one record: the second is told what the first did, and asked."""
    now: StoredRecord = error.record
    st.markdown(f":orange[:material/warning:] **{_('Somebody else changed this record since it was shown here.')}**")
    theirs = mended_values(things(), now, translations())
    if not theirs:
        st.html(paragraph(text(error.why), quiet=True))
    for each in theirs:
        by = _("{who}, {moment}", who=each.who, moment=moment(each.at))
        say(strong(each.title), value(_words(each.was)), text("→"), value(_words(each.value)), text(f"· {by}"))
    shown = _("nothing") if change.typed is None else change.typed
    say(text(_("Yours, not saved:")), strong(change.leaf.title), text("→"), value(shown))
    with st.container(horizontal=True):
        if st.button(_("Put mine on top of theirs"), type="primary", key="mend_over"):
            _save(now, change)
        if st.button(_("Leave it as they made it"), key="mend_leave"):
            st.session_state.pop(_CONFLICT, None)
            _after(found.record)
            st.rerun()
