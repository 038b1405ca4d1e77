"""What is not saved yet, with the button that saves it; where somebody else was faster, the question what to do."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from studio.parts.allowed import only
from studio.parts.running.work import BindingWork
from studio.parts.trouble import show_problems
from studio.words import _, n_


def draw_saving(work: BindingWork) -> None:
    """Drawn above all parts, so that it is seen from each of them."""
    show_problems(work.problems if not work.is_overtaken else [])
    if work.is_overtaken:
        _ask(work)
    elif work.is_changed:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="unsaved"):
            st.markdown(
                f":material/edit: {_('Not saved yet: {what}', what=_what(work))}",
                width="stretch",
            )
            st.button(_("Drop it"), key="drop_changes", on_click=work.drop)
            st.button(
                _("Save"),
                type="primary",
                icon=":material/save:",
                key="save_changes",
                on_click=work.save,
                **only(_role(work)),
            )
    elif work.is_kept:
        st.success(_("Saved. Runs use it from now on."), icon=":material/check_circle:")


def _ask(work: BindingWork) -> None:
    """Two people on one binding: the second is asked, and loses nothing."""
    with st.container(border=True, key="binding_conflict"):
        st.markdown(f":orange[:material/warning:] **{_('Somebody else changed this binding since you began.')}**")
        st.markdown(_("Yours, not saved yet: {what}", what=_what(work)))
        st.caption(_("What you did not change stays as they left it."))
        with st.container(horizontal=True):
            st.button(_("Put my change on top of theirs"), type="primary", on_click=work.save_over, **only(_role(work)))
            st.button(_("Drop my change"), on_click=work.drop)


def _role(work: BindingWork) -> Role:
    """Rows of lookups are mended; all else is designed."""
    return Role.MEND if work.is_of_rows else Role.DESIGN


def _what(work: BindingWork) -> str:
    """What is changed, in a few words."""
    wanted = work.wanted
    rows = sum(len(each) for each in wanted.lookups.values())
    parts = [
        _("title") if wanted.title is not None else "",
        _("when it runs") if work.plan is not None else "",
        n_("{n} connection", "{n} connections", len(wanted.connections)) if wanted.connections else "",
        n_("{n} answer", "{n} answers", len(wanted.answers)) if wanted.answers else "",
        n_("{n} row", "{n} rows", rows) if rows else "",
    ]
    return ", ".join(filter(None, parts))
