"""The head of the mapping page: what goes where, draft and published, and the buttons for the whole flow."""

from __future__ import annotations

import streamlit as st

from engine.design.suggestions import suggest
from engine.design.versions import history
from engine.errors import StudioError
from studio.parts.header import language_choice
from studio.parts.mapping.publish import publish_dialog, versions_dialog
from studio.parts.mapping.reading import reading_dialog
from studio.parts.mapping.work import Work
from studio.parts.trouble import plain
from studio.state import things
from studio.words import _


def draw_top(work: Work) -> None:
    """Draw it."""
    head = work.head()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="top"):
        path = f"{plain(head['source'])} ▸ {plain(head['target'])} ▸ {plain(head['records'])}"
        st.markdown(f"#### {plain(head['title'])}  \n:small[{path}] {_badges(work)}", width="stretch")
        st.button(
            _("Undo"),
            icon=":material/undo:",
            type="tertiary",
            disabled=not work.draft.can_undo,
            on_click=lambda: work.do({"op": "undo"}),
        )
        st.button(
            _("Redo"),
            icon=":material/redo:",
            type="tertiary",
            disabled=not work.draft.can_redo,
            on_click=lambda: work.do({"op": "redo"}),
        )
        st.button(_("Suggest"), icon=":material/auto_awesome:", on_click=lambda: _suggest(work))
        if st.button(_("Publish"), icon=":material/publish:", type="primary"):
            publish_dialog(work)
        with st.popover(_("More"), icon=":material/more_vert:"):
            if st.button(_("Versions"), icon=":material/history:", type="tertiary"):
                versions_dialog(work)
            if st.button(_("Read as text"), icon=":material/article:", type="tertiary"):
                reading_dialog(work)
            language_choice()


def _badges(work: Work) -> str:
    """The draft's state and the published version, in words."""
    published = history(things(), work.flow).published
    draft = f":orange-badge[{_('Draft')}]" if work.draft.is_stored else ""
    if published is None:
        return f"{draft} :gray-badge[{_('Not published yet')}]"
    said = _("Published v{number}", number=published.stored.number)
    return f"{draft} :green-badge[{said}]"


def _suggest(work: Work) -> None:
    """Propose formulas for the fields of this step that have none."""
    try:
        found = suggest(things(), work.flow, work.draft.text, work.step, sample=work.sample)
    except StudioError as error:
        work.problems = [error.as_problem()]
        return
    work.suggestions[work.step] = [each.as_json() for each in found]
    work.rejected = {each for each in work.rejected if each[0] != work.step}
    if not found:
        st.toast(_("There is nothing to suggest: every field with a counterpart is mapped."))
