"""The head of the page of value tables: which flow, how its draft stands, and which table."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from engine.design.lookups import Coverage, Referable, free_name
from engine.design.people.rights import Role
from studio.parts.allowed import only
from studio.parts.badges import badges
from studio.parts.lookups.work import LookupWork
from studio.parts.trouble import plain, show_problems
from studio.state import things
from studio.words import _, n_, written


def choose_flow(flows: Mapping[str, str], flow: str) -> None:
    """The flow whose tables are shown. flows: name → title; the name stands beside a title that is not the only one."""
    names, titles = list(flows), list(flows.values())
    shown = {name: written(title) for name, title in flows.items()}
    shown |= {name: f"{shown[name]} ({name})" for name in names if titles.count(flows[name]) > 1}
    st.selectbox(
        _("Flow"),
        names,
        index=names.index(flow),
        format_func=lambda name: shown[name],
        key="lookups_flow",
        label_visibility="collapsed",
        width=340,
        on_change=_go_to_flow,
    )


def draw_top(work: LookupWork, flows: Mapping[str, str]) -> None:
    """The flow, its state, undo and redo, and the way to the mapping."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lookups_top"):
        choose_flow(flows, work.flow)
        st.markdown(_state(work), width="stretch")
        st.button(
            _("Undo"),
            icon=":material/undo:",
            type="tertiary",
            on_click=work.undo,
            **only(Role.DESIGN, disabled=not work.draft.can_undo),
        )
        st.button(
            _("Redo"),
            icon=":material/redo:",
            type="tertiary",
            on_click=work.redo,
            **only(Role.DESIGN, disabled=not work.draft.can_redo),
        )
        if st.button(_("Mapping"), icon=":material/account_tree:", disabled="mapping" not in _pages()):
            open_mapping(work.flow)


def _go_to_flow() -> None:
    st.query_params.clear()
    st.query_params["flow"] = st.session_state["lookups_flow"]


def _pages() -> dict[str, object]:
    """The other pages, by their path."""
    held = st.session_state.get("pages", {})
    return held if isinstance(held, dict) else {}


def open_mapping(flow: str, step: str = "", field: str = "") -> None:
    """Go to a place of the mapping page."""
    place = {"flow": flow, "step": step, "field": field}
    st.switch_page(_pages()["mapping"], query_params={name: value for name, value in place.items() if value})  # type: ignore[arg-type]


def open_systems() -> None:
    """Go to where systems are connected."""
    st.switch_page(_pages()["systems"])  # type: ignore[arg-type]


def can_open(path: str) -> bool:
    """Is there such a page?"""
    return path in _pages()


def _state(work: LookupWork) -> str:
    """Whether runs see what is shown here."""
    if work.flow not in things().workspace.flow_names():
        says = _("No run uses these rows before it is.")
    elif work.draft.is_stored:
        says = _("Runs use the published rows until this draft is published.")
    else:
        says = _("Runs use these rows.")
    return f"{badges(work.flow, has_draft=work.draft.is_stored)} :small[{says}]"


def choose_table(work: LookupWork, covered: dict[str, Coverage]) -> None:
    """The tables of the flow, each with what is missing in it."""
    names = work.sheet.names()
    labels = {name: _label(work, name, covered[name]) for name in names}
    chosen = st.radio(
        _("Lookup"),
        names,
        index=names.index(work.name),
        format_func=lambda name: labels[name],
        captions=[_caption(work, name) for name in names],
        key=f"lookup_{work.name}_{hash(tuple(labels.values()))}",  # a choice is known by its label, which changes
        label_visibility="collapsed",
        width="stretch",
    )
    if chosen is not None and chosen != work.name:
        work.choose(chosen)
        st.query_params["lookup"] = chosen
        st.rerun()


def _label(work: LookupWork, name: str, held: Coverage) -> str:
    """The title, with what needs a person."""
    missing = len(held.missing) if held.table.otherwise == "fail" and not held.table.is_read else 0
    gone = len(work.sheet.gone(name))
    parts = [plain(written(held.table.title))]
    if missing:
        parts.append(f":red-badge[:material/error: {n_('{n} missing', '{n} missing', missing)}]")
    if gone:
        parts.append(f":red-badge[:material/error: {n_('{n} gone', '{n} gone', gone)}]")
    return " ".join(parts)


def _caption(work: LookupWork, name: str) -> str:
    table = work.sheet.tables[name]
    return _("read from the target") if table.is_read else n_("{n} row", "{n} rows", len(table.rows))


def add_table(work: LookupWork) -> None:
    """A new, empty table."""
    with (
        st.popover(_("New lookup"), icon=":material/add:", width="stretch", **only(Role.DESIGN)),
        st.form("new_lookup", border=False),
    ):
        title = st.text_input(_("What is the table for?"), placeholder=_("Warehouse by country"))
        chosen = choose_records(work.sheet.referable(), None, "new_lookup_names")
        if st.form_submit_button(_("Add it"), type="primary", **only(Role.DESIGN)) and title.strip():
            name = free_name(title, work.sheet.names())
            refers = {} if chosen is None else {"refers": dict(chosen.refers)}
            if work.change([{"op": "add_lookup", "lookup": name, "title": title.strip(), **refers}]):
                work.choose(name)
                st.query_params["lookup"] = name
                st.rerun()


def choose_records(known: list[Referable], now: Referable | None, key: str) -> Referable | None:
    """Which records of the target the rows name; None for rows that name none."""
    if not known:
        return now
    titles = {"": _("nothing: any value may stand in a row")}
    titles |= {str(each.refers["resource"]): written(each.title) for each in known}
    chosen = st.selectbox(
        _("What its rows name in the target"),
        list(titles),
        index=0 if now is None else known.index(now) + 1,
        format_func=lambda name: titles[name],
        key=key,
        help=_("Of records that the target has, rows are chosen by name, and the formula gets their key."),
    )
    return next((each for each in known if each.refers["resource"] == chosen), None)


def change_table(work: LookupWork) -> None:
    """Another title, other records, or no such table any more; all of it can be undone."""
    table, known = work.table, work.sheet.referable()
    now = next((each for each in known if table.refers and each.refers["resource"] == table.refers.resource), None)
    with (
        st.popover(_("Change the lookup"), icon=":material/edit:", **only(Role.DESIGN)),
        st.form(f"change_{work.name}", border=False),
    ):
        title = st.text_input(_("What is the table for?"), value=table.title)
        is_known = table.refers is None or (now is not None and not table.is_read)
        chosen = choose_records(known, now, f"change_names_{work.name}") if is_known else now
        with st.container(horizontal=True):
            saves = st.form_submit_button(_("Change it"), type="primary", **only(Role.DESIGN))
            removes = st.form_submit_button(_("Remove it"), icon=":material/delete:", **only(Role.DESIGN))
    if saves:
        changed: dict[str, object] = {}
        if title.strip() and title.strip() != table.title:
            changed["title"] = title
        if chosen is not now:
            changed["refers"] = None if chosen is None else dict(chosen.refers)
        if changed and work.change([{"op": "set_lookup", "lookup": work.name, **changed}]):
            st.rerun()
    elif removes and work.change([{"op": "remove_lookup", "lookup": work.name}]):
        st.query_params.pop("lookup", None)
        st.rerun()
    show_problems(work.problems if saves or removes else [])
