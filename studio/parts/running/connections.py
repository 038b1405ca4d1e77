"""Whose systems a binding works with: its title, and for each system the connection and the account it is."""

from __future__ import annotations

import streamlit as st

from engine.design.desk import command_line
from engine.design.people.rights import Role
from engine.design.running.changing import LONGEST_TITLE
from engine.design.running.forms import ConnectionChoice
from studio.parts.running.work import BindingWork
from studio.parts.trouble import plain
from studio.person import may
from studio.state import things
from studio.words import _, moment


def draw_connections(work: BindingWork) -> None:
    """Title and connections."""
    key = f"title_{work.version}"
    st.text_input(
        _("Title of this binding"),
        value=work.wanted.title if work.wanted.title is not None else work.form.title,
        max_chars=LONGEST_TITLE,
        placeholder=_("the usual binding") if work.row.is_default else work.name,
        key=key,
        width=420,
        on_change=lambda: work.set_title(st.session_state[key]),
        disabled=not may(Role.DESIGN),
    )
    for choice in work.form.connections:
        with st.container(border=True, key=f"connection_{choice.system}"):
            _draw(work, choice)


def _draw(work: BindingWork, choice: ConnectionChoice) -> None:
    left, right = st.columns([1, 1], gap="large")
    chosen = work.wanted.connections.get(choice.system, choice.chosen) or choice.system
    with left:
        if choice.options:
            _choose(work, choice, chosen)
        else:
            st.markdown(f"**{plain(choice.title)}**")
        if chosen not in choice.options:
            st.markdown(f":orange[:material/link_off: {_('{system} is not connected', system=plain(choice.title))}]")
            if st.button(_("Connect it"), key=f"connect_{choice.system}", icon=":material/add_link:"):
                st.switch_page(st.session_state["pages"]["systems"], query_params={"system": choice.system})
    with right:
        _account(work, choice)
        with st.expander(_("Another connection of this system"), key=f"other_{choice.system}"):
            st.caption(_("One more account or shop of it is connected by this command, under a name of your own:"))
            st.code(
                command_line(things().workspace.root, "connect", choice.system, "--as", "NAME"),
                language=None,
                wrap_lines=True,
            )


def _choose(work: BindingWork, choice: ConnectionChoice, chosen: str) -> None:
    options = list(dict.fromkeys([*choice.options, chosen]))
    gone = _("{name} (not there any more)", name=chosen)
    key = f"connection_of_{choice.system}_{work.version}"
    st.selectbox(
        choice.title,
        options,
        index=options.index(chosen),
        format_func=lambda name: name if name in choice.options else gone,
        key=key,
        help=_("The connection through which this binding works."),
        on_change=lambda: work.set_connection(choice.system, _kept(choice.system, st.session_state[key])),
        disabled=not may(Role.DESIGN),
    )


def _kept(system: str, connection: str) -> str:
    """What is kept for a choice: nothing for the connection of the system's own name."""
    return "" if connection == system else connection


def _account(work: BindingWork, choice: ConnectionChoice) -> None:
    known = next((each for each in work.form.accounts if each.system == choice.system), None)
    if known is None:
        st.caption(_("Which account it is, is kept with the first run. From then on another one stops and asks."))
        return
    st.markdown(f":material/verified_user: {_('The account')}: **{plain(known.account)}**")
    since = plain(moment(known.at))
    if known.who:
        st.caption(_("Accepted by {who}, {when}", who=plain(known.who), when=since))
    else:
        st.caption(_("Known since {when}", when=since))
