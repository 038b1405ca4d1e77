"""Who is told what goes wrong while nobody watches: added, tried, let go. No address comes back to the screen."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.design.people.rights import Role
from engine.design.settings.telling import MOST_CHARS, Told, Tried, send_test, tell, tell_no_more, told
from engine.errors import StudioError
from studio.parts.allowed import lacks, only
from studio.parts.settings.place import say
from studio.parts.trouble import plain, show_error
from studio.state import things
from studio.words import _, day, moment, n_, no_

_TRIED, _TURN = "notifications_tried", "notifications_turn"
_WHYS = (no_("it could not be reached"), no_("it did not take the message"))
_LIKE = "mailtos://…"
_STATUS = "it answered with status "


def draw_notifications() -> None:
    """Those who are told, a test, and one more."""
    st.subheader(_("Notifications"), anchor=False)
    st.write(
        _(
            "Told are new causes of trouble, flows that stopped or did not run, and that all is well again: counts, "
            "times and the names of flows, at most every 15 minutes. Nothing of a record, and nobody's name."
        )
    )
    known = told(things())
    tried: dict[int, str] = st.session_state.get(_TRIED, {})
    for each in known:
        _draw_one(each, tried.get(each.id))
    if not known:
        st.info(_("Nobody is told what goes wrong yet."), icon=":material/notifications_off:")
    elif st.button(_("Send a test"), icon=":material/send:", key="send_test", **only(Role.ADMINISTER)):
        _send_test()
    _draw_adding()


def _draw_one(each: Told, tried: str | None) -> None:
    with st.container(border=True, key=f"told_{each.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            host = f" · {plain(each.host)}" if each.host else ""
            by = _("by {who} since {day}", who=plain(each.who), day=day(each.since.date()))
            st.markdown(f"**{plain(each.service)}**{host}  \n:small[{by}]", width="stretch")
            label, icon = _("Remove …"), ":material/notifications_off:"
            if st.button(label, type="tertiary", icon=icon, key=f"untell_{each.id}", **only(Role.ADMINISTER)):
                st.dialog(_("Tell them no more?"))(_draw_asking)(each)
        if each.failing_since is not None:
            said = _("Messages do not arrive since {when}: {why}", when=moment(each.failing_since), why=_why(each.why))
            lost = n_("{n} message was given up.", "{n} messages were given up.", each.lost) if each.lost else ""
            st.warning(f"{said} {lost}".strip(), icon=":material/warning:")
        if tried == "":
            st.success(_("The test was taken. Look whether it has arrived."), icon=":material/check_circle:")
        elif tried is not None:
            said = _("The test was not taken: {why}", why=_why(tried))
            st.error(said, icon=":material/error:")


def _why(why: str) -> str:
    """The reasons there are, in the reader's language."""
    if why in _WHYS:
        return plain(_(why))
    if why.startswith(_STATUS):
        return plain(_("it answered with status {status}", status=why.removeprefix(_STATUS)))
    return plain(why)


def _send_test() -> None:
    try:
        with st.spinner(_("Sending …")):
            found: Sequence[Tried] = send_test(things())
        st.session_state[_TRIED] = {one.whom.id: one.why for one in found}
    except StudioError as error:
        say(error)
    st.rerun()


def _draw_adding() -> None:
    turn = st.session_state.get(_TURN, 0)
    with st.form(f"telling_{turn}", border=True):
        st.markdown(f"**{_('Tell one more')}**")
        typed = st.text_input(
            _("Address"),
            key=f"telling_address_{turn}",
            type="password",
            autocomplete="off",
            max_chars=MOST_CHARS,
            placeholder=_LIKE,
            disabled=bool(lacks(Role.ADMINISTER)),
        )
        st.write(
            _(
                "An address of Apprise (github.com/caronc/apprise/wiki): for mail {mail}, for chat {chat} and a "
                "hundred more. It holds passwords: it is kept sealed and never shown again.",
                mail="`mailtos://user:password@smtp.shop.example?to=ops@shop.example`",
                chat="`slack://…`, `tgram://…`",
            )
        )
        adds = st.form_submit_button(_("Add"), icon=":material/add_alert:", key="tell", **only(Role.ADMINISTER))
    if adds:
        _add(typed or "")


def _add(typed: str) -> None:
    try:
        with st.spinner(_("Looking at the address …")):
            made = tell(things(), typed)
    except StudioError as error:
        show_error(error)
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1  # the box begins anew, empty
    st.session_state.pop(_TRIED, None)
    say(_("{service} is told from now on. Send a test to see that it arrives.", service=plain(made.service)))
    st.rerun()


def _draw_asking(each: Told) -> None:
    host = f" ({plain(each.host)})" if each.host else ""
    st.write(_("The address of {service} is forgotten, and what waits for it.", service=plain(each.service) + host))
    with st.container(horizontal=True):
        if st.button(_("Remove"), type="primary", icon=":material/notifications_off:", key="untell_now"):
            try:
                tell_no_more(things(), each.id)
                say(_("{service} is told no more.", service=plain(each.service)))
            except StudioError as error:
                say(error)
            st.rerun()
        if st.button(_("Cancel"), key="untell_not"):
            st.rerun()
