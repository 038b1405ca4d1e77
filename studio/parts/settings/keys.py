"""What opens doors: the ledger's key, the connections, webhooks. Where each is and when, never what it is."""

from __future__ import annotations

import streamlit as st

from engine.design.connecting.catalogue import disconnect
from engine.design.connecting.finding import Finding
from engine.design.people.rights import Role
from engine.design.settings.keys import Hook, Kept, connections, key_place, try_kept, webhooks
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.catalogue import LOOPBACK
from studio.parts.rows import Row, draw_rows
from studio.parts.settings.place import say
from studio.parts.trouble import plain, show_problem
from studio.state import things
from studio.words import _, day, moment, n_

_FOUND = "keys_found"
_MOST_SHOWN = 3


def draw_keys() -> None:
    """The key, each connection, each webhook."""
    st.subheader(_("Connections and keys"), anchor=False)
    st.markdown(f"**{_('Connections')}**")
    kept = connections(things())
    for each in kept:
        _draw_connection(each)
    if not kept:
        st.info(_("No system is connected yet."), icon=":material/link_off:")
        if st.button(_("Connect my systems"), icon=":material/add_link:", key="to_systems"):
            st.switch_page(st.session_state["pages"]["systems"])
    hooks = webhooks(things())
    if hooks:
        st.markdown(f"**{_('Webhooks')}**")
        st.caption(_("Addresses at which systems tell what has changed; the secret part at their end is left out."))
        draw_rows([_hook(each) for each in hooks])
    _draw_key()


def _draw_key() -> None:
    st.markdown(f"**{_('The key of the ledger')}**")
    place = key_place(things())
    if place.path is None:
        st.write(_("It comes from the environment ({name}), not from a file.", name=f"`{place.variable}`"))
    else:
        said = _("It is in the file {path}, with the rights {mode}.", path=f"`{place.path}`", mode=f"`{place.mode}`")
        st.write(said if place.mode else _("It was in the file {path}, which is gone.", path=f"`{place.path}`"))
    if place.is_open:
        advice = _("Others on this machine may read it: take these rights away ({command}).", command="`chmod 600`")
        st.warning(advice, icon=":material/warning:")
    st.caption(
        _(
            "With it all that is sealed opens, without it nothing does: keep a copy of it elsewhere, apart from the "
            "backups. It is never shown here."
        )
    )


def _hook(each: Hook) -> Row:
    said = _("{address}…, since {day}", address=each.address, day=day(each.at.date()))
    return Row(f"{each.connection}: {each.event}", said)


def _draw_connection(each: Kept) -> None:
    found: dict[str, Finding] = st.session_state.setdefault(_FOUND, {})
    with st.container(border=True, key=f"kept_{each.name}"):
        left, right = st.columns([1.5, 1], vertical_alignment="top")
        left.markdown("  \n".join(_lines(each)))
        with right, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _draw_ways(each, found)
        finding = found.get(each.name)
        if finding is not None:
            _draw_finding(each, finding)


def _lines(each: Kept) -> list[str]:
    named = plain(each.title) + ("" if each.name == each.system else f" ({plain(each.name)})")
    host = _("sandbox on this machine") if each.about.host in LOOPBACK else plain(each.about.host)
    lines = [f"**{named}** {_badge(each)}", f":small[{_('{host}, since {day}', host=host, day=_day(each))}]"]
    if each.signed_in_at is not None:
        lines.append(f":small[{_('Signed in, renewed {when}', when=moment(each.signed_in_at))}]")
    if each.used_at is not None:
        lines.append(f":small[{_('Last used by a run {when}', when=moment(each.used_at))}]")
    lines.append(f":small[{_works(each)}]")
    return lines


def _works(each: Kept) -> str:
    if not each.works:
        return _("No flow uses it")
    shown = ", ".join(map(plain, each.works[:_MOST_SHOWN]))
    more = len(each.works) - _MOST_SHOWN
    said = _("For: {flows}", flows=shown)
    return said if more <= 0 else f"{said} {n_('and {n} more', 'and {n} more', more)}"


def _day(each: Kept) -> str:
    return day(each.about.since.date())


def _badge(each: Kept) -> str:
    if each.connector is None:
        return f":red-badge[:material/error: {_('Cannot be used')}]"
    if each.about.needs_sign_in:
        return f":orange-badge[:material/login: {_('Nobody is signed in')}]"
    return f":green-badge[:material/check: {_('Connected')}]"


def _draw_ways(each: Kept, found: dict[str, Finding]) -> None:
    rights = only(Role.ADMINISTER)
    lacking = only(Role.ADMINISTER, disabled=each.connector is None)
    if st.button(_("Test"), icon=":material/network_check:", key=f"try_{each.name}", **lacking):
        with st.spinner(_("Asking {system} …", system=plain(each.title))):
            found[each.name] = _tried(each)
        st.rerun()
    if each.name == each.system and st.button(
        _("Connect again"), icon=":material/login:", key=f"again_{each.name}", **rights
    ):
        st.switch_page(st.session_state["pages"]["systems"], query_params={"system": each.system})
    label, icon = _("Disconnect …"), ":material/link_off:"
    if st.button(label, type="tertiary", icon=icon, key=f"disconnect_{each.name}", **rights):
        st.dialog(_("Disconnect {system}?", system=each.title))(_draw_asking)(each)


def _tried(each: Kept) -> Finding:
    try:
        return try_kept(things(), each)
    except StudioError as error:
        return Finding(False, problem=error.as_problem())


def _draw_finding(each: Kept, finding: Finding) -> None:
    if finding.problem is not None:
        show_problem(finding.problem)
    elif finding.ok:
        said = _("{system} answers and lets us in.", system=plain(each.title))
        lines = "".join(f"\n- {plain(sentence)}" for sentence in finding.sentences)
        st.success(f"{said}\n{lines}", icon=":material/check_circle:")


def _draw_asking(each: Kept) -> None:
    st.write(_("Its answers, secrets and sign-in are forgotten here. What was read and made stays remembered."))
    if each.works:
        flows = plain(", ".join(each.works))
        said = _("These flows cannot run until it is connected again: {flows}", flows=flows)
        st.warning(said, icon=":material/warning:")
    with st.container(horizontal=True):
        if st.button(_("Disconnect"), type="primary", icon=":material/link_off:", key="disconnect_now"):
            _disconnect(each)
        if st.button(_("Stay connected"), key="stay_connected"):
            st.rerun()


def _disconnect(each: Kept) -> None:
    try:
        disconnect(things(), each.system, each.name)
        st.session_state.pop(f"connecting {each.system}", None)  # what was typed on its page
        st.session_state.get(_FOUND, {}).pop(each.name, None)
        say(_("{system} is disconnected.", system=plain(each.title)))
    except StudioError as error:
        say(error)
    st.rerun()
