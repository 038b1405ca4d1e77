"""Which record the values are those of."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.design.people.rights import Role
from engine.design.samples import Sample, fetched, forget, newest, paste, samples
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.mapping.awaited import find_sample
from studio.parts.mapping.work import Work
from studio.parts.trouble import show_error
from studio.person import may
from studio.state import things
from studio.words import _, moment


def choose_sample(work: Work) -> None:
    """Real records first, then the flow's examples, then those of the connector; and ways to more."""
    found = {each.id: each for each in samples(things(), work.flow, work.draft.text)}
    if work.live is not None:
        found = {work.live.id: work.live} | found
    if found:
        chosen = work.sample_id if work.sample_id in found else next(iter(found))
        st.selectbox(
            _("Sample record"),
            list(found),
            index=list(found).index(chosen),
            format_func=lambda each: _called(found[each]),
            key=f"sample_{chosen}",
            label_visibility="collapsed",
            width=380,
            on_change=lambda: _take(work, st.session_state[f"sample_{chosen}"]),
        )
    with st.popover(_("Other record") if found else _("Choose a record"), icon=":material/search:", key="more_samples"):
        _more(work)


def _called(sample: Sample) -> str:
    kinds = {
        "recent": _("read from the source"),
        "example": _("example"),
        "sample": _("sample of the system"),
        "pasted": _("made by hand"),
    }
    when = f" · {moment(sample.when)}" if sample.when and sample.kind == "recent" else ""
    return f"{sample.title} · {kinds[sample.kind]}{when}"


def _more(work: Work) -> None:
    """The newest of the source, one by its number, or one that is pasted."""
    if st.button(_("Read the newest from the source"), icon=":material/cloud_download:", width="stretch"):
        _look_at(work, lambda: newest(things(), work.flow, work.draft.text))
    number = st.text_input(_("Number of a record in the source"), key="sample_number")
    if st.button(_("Read it"), disabled=not number.strip(), key="read_sample"):
        _look_at(work, lambda: fetched(things(), work.flow, number.strip(), work.draft.text))
    if work.sample_id.startswith("pasted:"):
        st.button(
            _("Forget this record, which was made by hand"),
            key="forget_sample",
            on_click=lambda: _forget(work),
            **only(Role.DESIGN),
        )
    text = st.text_area(_("Or paste a record as JSON"), key="sample_text", height=120, disabled=not may(Role.DESIGN))
    if st.button(_("Look at it"), key="paste_sample", **only(Role.DESIGN, disabled=not text.strip())):
        _look_at(work, lambda: paste(things(), work.flow, text))


def _look_at(work: Work, read: Callable[[], Sample]) -> None:
    try:
        with st.spinner(_("Reading …")):
            sample = read()
            work.choose_sample(sample.id)
    except StudioError as error:
        show_error(error)
        return
    if sample.id.startswith("live:"):
        work.live = sample
    st.rerun()


def _forget(work: Work) -> None:
    forget(things(), work.flow, work.sample_id)
    work.sample, work.sample_id = None, ""
    find_sample(work, "")


def _take(work: Work, sample_id: str) -> None:
    try:
        work.choose_sample(sample_id)
    except StudioError as error:
        work.problems = [error.as_problem()]
