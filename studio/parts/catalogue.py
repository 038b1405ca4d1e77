"""The catalogue of systems: search, roles, how well each is documented, and whether it is connected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from engine.design.connecting.catalogue import Entry
from studio.parts.trouble import plain
from studio.words import _, day, n_, no_

ROLES = {
    "webshop": no_("Web shop"),
    "marketplace": no_("Marketplace"),
    "pos": no_("Till"),
    "erp": no_("ERP"),
    "accounting": no_("Bookkeeping"),
    "payment": no_("Payments"),
    "logistics": no_("Logistics"),
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEVELS = {
    "documented": (no_("Documented"), ":material/verified:"),
    "observed": (no_("Seen in use"), ":material/visibility:"),
    "inferred": (no_("Concluded"), ":material/psychology_alt:"),
    "not_found": (no_("Not found"), ":material/help:"),
}


def draw_catalogue(entries: Sequence[Entry], choose: Callable[[str], None]) -> None:
    """Every system that search and roles leave; `choose` is called with the name of the one that is opened."""
    if not entries:
        st.info(
            _("No system is described in this workspace yet: the folder connector_specs is empty."),
            icon=":material/inbox:",
        )
        return
    shown = _filtered(entries)
    if not shown:
        st.info(_("No system fits this search."), icon=":material/search_off:")
    for entry in sorted(shown, key=lambda entry: entry.connected is None):
        _row(entry, choose)


def _filtered(entries: Sequence[Entry]) -> list[Entry]:
    left, right = st.columns([1, 1.6], vertical_alignment="bottom")
    words = left.text_input(
        _("Search"), placeholder=_("Name of a system"), icon=":material/search:", key="systems_search", live=True
    )
    there = [role for role in ROLES if any(role in entry.roles for entry in entries)]
    with right:
        roles = st.pills(
            _("Role"), there, selection_mode="multi", format_func=lambda role: _(ROLES[role]), key="systems_roles"
        )
    asked = (words or "").casefold().split()
    return [
        entry
        for entry in entries
        if all(word in f"{entry.name} {entry.title}".casefold() for word in asked)
        and (not roles or set(roles) & set(entry.roles))
    ]


def _row(entry: Entry, choose: Callable[[str], None]) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"system_{entry.name}"):
        st.markdown(
            f"**{plain(entry.title)}** {role_badges(entry)}  \n:small[:gray[{plain(in_words(entry))}]]", width="stretch"
        )
        st.markdown(state_badge(entry), width="content")
        label = _("Open") if entry.connected or entry.problems else _("Connect")
        st.button(
            label,
            key=f"open_system_{entry.name}",
            icon=":material/chevron_right:" if entry.connected or entry.problems else ":material/add_link:",
            help=_("{verb} {system}", verb=label, system=plain(entry.title)),
            on_click=choose,
            args=(entry.name,),
        )


def role_badges(entry: Entry) -> str:
    """The roles as small marks."""
    return " ".join(f":gray-badge[{_(ROLES[role])}]" for role in entry.roles if role in ROLES)


def state_badge(entry: Entry) -> str:
    """Whether it is connected, as a mark with a word."""
    if entry.problems:
        return f":red-badge[:material/error: {_('Cannot be used')}]"
    if entry.connected is None:
        return f":gray-badge[{_('Not connected')}]"
    if entry.connected.needs_sign_in:
        return f":orange-badge[:material/login: {_('Nobody is signed in')}]"
    return f":green-badge[:material/check: {_('Connected')}]"


def in_words(entry: Entry) -> str:
    """How well it is documented, counted; or that its description is broken."""
    if entry.problems:
        return n_("{n} problem in its description", "{n} problems in its description", len(entry.problems))
    said = counted(entry.evidence)
    if entry.connected is not None:
        host = _("sandbox on this machine") if entry.connected.host in LOOPBACK else entry.connected.host
        at = _("{host}, since {day}", host=host, day=day(entry.connected.since.date()))
        return f"{at} · {said}" if said else at
    return said


def counted(evidence: Mapping[str, int]) -> str:
    """The findings by level, in words."""
    words = {
        "documented": lambda n: n_("{n} part documented", "{n} parts documented", n),
        "observed": lambda n: n_("{n} seen in use", "{n} seen in use", n),
        "inferred": lambda n: n_("{n} concluded", "{n} concluded", n),
        "not_found": lambda n: n_("{n} not found", "{n} not found", n),
    }
    return ", ".join(words[level](number) for level, number in evidence.items())


def draw_evidence(entry: Entry) -> None:
    """What is known of the system and by what, the best known first."""
    if entry.connector is None or not entry.connector.evidence:
        return
    with st.expander(
        _("How well it is documented: {counted}", counted=counted(entry.evidence)), icon=":material/fact_check:"
    ):
        for level, (word, icon) in LEVELS.items():
            for finding in entry.connector.evidence:
                if finding["level"] == level:
                    note = f"  \n{plain(finding['note'])}" if finding.get("note") else ""
                    by = f"  \n:gray[{_('By: {source}', source=plain(finding['by']))}]"
                    st.markdown(f"{icon} **{_(word)}** · {plain(finding['part'])}{note}{by}")
