"""The head of the mapping page: what goes where, draft and published, and the buttons for the whole flow."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.suggestions import suggest
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.badges import badges
from studio.parts.mapping.publish import publish_dialog, versions_dialog
from studio.parts.mapping.reading import reading_dialog
from studio.parts.mapping.said import paragraph, text
from studio.parts.mapping.work import Work
from studio.parts.signing_out import sign_out
from studio.person import standing
from studio.state import things
from studio.words import LANGUAGES, _, choose_language, language, translations

Place = st.delta_generator.DeltaGenerator


def draw_top(work: Work) -> Place:
    """Draw it; gives the place of what changes with every change of the draft."""
    head = work.head()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="top"):
        with st.container(gap=None, width="stretch", key="title"):
            st.html(f'<h2 class="ms-title">{text(head["title"])}</h2>')
            path = " ▸ ".join(text(head[part]) for part in ("source", "target", "records") if head[part])
            st.html(paragraph(path, quiet=True))
        changing = st.container(horizontal=True, vertical_alignment="center", width="content", key="history")
        st.button(_("Suggest"), icon=":material/auto_awesome:", on_click=lambda: _suggest(work), **only(Role.DESIGN))
        st.button(_("Test"), icon=":material/checklist:", on_click=lambda: work.show("examples"), key="test")
        if st.button(_("Publish"), icon=":material/publish:", type="primary", key="publish", **only(Role.DESIGN)):
            publish_dialog(work)
        _more(work)
    return changing


def _more(work: Work) -> None:
    """What is seldom wanted, the languages, and the way out."""
    pages, who = st.session_state["pages"], standing()
    options = {
        "versions": f":material/history: {_('Versions')}",
        "read": f":material/article: {_('Read as text')}",
        **({"lookups": f":material/table: {_('Lookups')}"} if "lookups" in pages else {}),
        **{code: f":material/language: {name}" for code, name in LANGUAGES.items() if code != language()},
        **({"sign_out": f":material/logout: {_('Sign out')} ({who.person.name})"} if who.session else {}),
    }
    chosen = st.menu_button(
        _("More"), list(options), format_func=lambda name: options[name], icon=":material/more_vert:", key="more"
    )
    if chosen == "versions":
        versions_dialog(work)
    elif chosen == "read":
        reading_dialog(work)
    elif chosen == "lookups":
        st.switch_page(pages["lookups"], query_params={"flow": work.flow})
    elif chosen == "sign_out":
        sign_out(who)
    elif chosen is not None:
        choose_language(chosen)
        st.rerun()


def draw_history(work: Work) -> None:
    """Draft and published, undo and redo: they follow every change."""
    st.markdown(badges(work.flow, has_draft=work.draft.is_stored, known=work.history()), width="content")
    st.button(
        _("Undo"),
        icon=":material/undo:",
        type="tertiary",
        on_click=work.undo,
        **only(Role.DESIGN, disabled=not (work.draft.can_undo or work.has_rejected)),
    )
    st.button(
        _("Redo"),
        icon=":material/redo:",
        type="tertiary",
        on_click=lambda: work.do({"op": "redo"}),
        **only(Role.DESIGN, disabled=not work.draft.can_redo),
    )


def _suggest(work: Work) -> None:
    """Propose formulas for the fields of this step that have none."""
    try:
        found = suggest(
            things(), work.flow, work.draft.text, work.step, sample=work.sample, translations=translations()
        )
    except StudioError as error:
        work.problems = [error.as_problem()]
        return
    work.suggestions[work.step] = [each.as_json() for each in found]
    work.rejected = {each: held for each, held in work.rejected.items() if each[0] != work.step}
    if not found:
        st.toast(_("There is nothing to suggest: every field with a counterpart is mapped."))
