"""The page of value tables: rows with what they may name, what is missing, and rows from and to spreadsheets."""

from __future__ import annotations

import streamlit as st

from engine.design.flow_list import flow_list
from engine.design.lookups import Occurrences
from engine.design.people.rights import Role
from engine.errors import Problem, StudioError
from studio.parts.allowed import only, say_looking
from studio.parts.header import header
from studio.parts.lookups.about import draw_about, draw_otherwise, draw_source
from studio.parts.lookups.missing import draw_expected, draw_missing
from studio.parts.lookups.spreadsheet import draw_spreadsheet
from studio.parts.lookups.table import draw_table
from studio.parts.lookups.top import add_table, choose_flow, choose_table, draw_top
from studio.parts.lookups.work import LookupWork, count_again, work_on
from studio.parts.trouble import plain, show_error, show_problems
from studio.state import drafts, things
from studio.words import _, n_


def lookups_page() -> None:
    """Draw it, for the flow and the table in the address."""
    header(_("Lookups"), _("Value tables: what a value of the source becomes in the target."))
    listed = flow_list(things().workspace, drafts())
    flows = {each.name: each.title for each in listed if not each.problems}
    broken = {each.name: each.problems for each in listed if each.problems}
    _draw_flow(flows, broken)
    if broken:
        title = n_("{n} flow cannot be used", "{n} flows cannot be used", len(broken))
        with st.expander(title, icon=":material/error:", key="lookups_broken"):
            for problems in broken.values():
                show_problems(problems[:2])


def _draw_flow(flows: dict[str, str], broken: dict[str, tuple[Problem, ...]]) -> None:
    if not flows:
        st.info(_("There is no flow yet. Its lookups will be here."), icon=":material/info:")
        return
    asked = st.query_params.get("flow", "")
    flow = asked if asked in flows else next(iter(flows))
    if asked in broken:
        show_problems(broken[asked][:2])
    elif asked and asked != flow:
        st.warning(_("There is no flow {name}.", name=plain(asked)), icon=":material/warning:")
    st.query_params["flow"] = flow
    try:
        work = work_on(flow)
        work.sheet.names()
    except StudioError as error:
        choose_flow(flows, flow)
        show_error(error)
        return
    draw_top(work, flows)
    say_looking(Role.DESIGN)
    _draw(work)


def _draw(work: LookupWork) -> None:
    if work.sheet.problems:
        st.warning(
            _("The rest of this flow cannot be read, so nothing can be counted or offered. Rows can be changed."),
            icon=":material/warning:",
        )
        show_problems(work.sheet.problems[:2])
    if not work.sheet.names():
        st.info(_("This flow has no lookups."), icon=":material/info:")
        add_table(work)
        return
    _choose(work)
    with st.spinner(_("Looking at the records …")):
        found = work.occurrences()
    left, right = st.columns([1, 3.4], gap="medium")
    with left, st.container(key="lookup_list"):
        choose_table(work, {name: work.sheet.coverage(name, found) for name in work.sheet.names()})
        add_table(work)
    with right:
        _draw_table(work, found)


def _choose(work: LookupWork) -> None:
    """The table in the address; where there is none, the first."""
    names = work.sheet.names()
    asked = st.query_params.get("lookup", "")
    if asked in names:
        work.choose(asked)
    elif work.name not in names:
        work.choose(names[0])
    st.query_params["lookup"] = work.name


def _draw_table(work: LookupWork, found: Occurrences) -> None:
    _ask_about_conflict(work)
    show_problems(work.problems)
    draw_about(work)
    known = work.sheet.options(work.name)
    held = work.sheet.coverage(work.name, found)
    gone = work.sheet.gone(work.name)
    draw_missing(work, held, known)
    show_problems(list(gone.values())[:3])
    if len(gone) > 3:
        st.caption(_("and {n} more, marked in the table", n=len(gone) - 3))
    draw_source(work, known)
    draw_table(work, held, known, gone)
    _say_what_was_counted(found)
    if not work.table.is_read:
        draw_otherwise(work)
        draw_expected(work, found)
    draw_spreadsheet(work)


def _say_what_was_counted(found: Occurrences) -> None:
    if not found.looked_at:
        return
    says = {
        "stored": n_("Counted in {n} stored record", "Counted in {n} stored records", found.looked_at),
        "examples": n_(
            "No record is stored yet: counted in {n} example of the flow",
            "No record is stored yet: counted in {n} examples of the flow",
            found.looked_at,
        ),
    }.get(
        found.source,
        n_(
            "No record is stored yet: counted in {n} sample record",
            "No record is stored yet: counted in {n} sample records",
            found.looked_at,
        ),
    )
    if found.is_partial:
        says = f"{says}; {_('more would have taken too long')}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lookup_counted"):
        st.caption(f"{says}.", width="content")
        st.button(_("Count again"), type="tertiary", icon=":material/refresh:", on_click=count_again)


def _ask_about_conflict(work: LookupWork) -> None:
    """Two people on one draft: the second to save is asked, and loses nothing."""
    if work.conflict is None:
        return
    with st.container(border=True, key="lookup_conflict"):
        st.markdown(f"**{_('This draft was changed in another window since you last saw it.')}**")
        for change in work.conflict.changes[-6:]:
            st.markdown(f"- {plain(change.says)}")
        st.caption(_("Your own change is kept until you decide."))
        with st.container(horizontal=True):
            st.button(
                _("Put my change on top of theirs"), type="primary", on_click=work.put_mine_on_top, **only(Role.DESIGN)
            )
            st.button(_("Drop my change"), on_click=work.take_theirs, **only(Role.DESIGN))
