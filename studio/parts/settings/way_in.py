"""How people sign in: what is set, and another way instead."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.people.sign_in import (
    NONE,
    OIDC,
    PASSWORD,
    WAYS,
    WayIn,
    sign_in_with_nothing,
    sign_in_with_password,
    sign_in_with_provider,
    way_in,
)
from engine.errors import StudioError
from studio.parts.allowed import lacks, only
from studio.parts.settings.place import say
from studio.parts.trouble import plain, show_error
from studio.served import served
from studio.state import things
from studio.words import _, moment, no_

_CHOSEN, _TURN = "way_in_chosen", "way_in_turn"
_TITLES = {
    NONE: no_("Nobody signs in"),
    PASSWORD: no_("One password for all"),
    OIDC: no_("Everybody's own account"),
}
_ABOUT = {
    NONE: no_("The studio is open on the machine it runs on, and nowhere else."),
    PASSWORD: no_("Whoever knows it comes in as “local”. Good for one person, or a few who trust each other."),
    OIDC: no_("An OpenID provider, such as the one of your mail, says who somebody is; the list above, who comes in."),
}


def draw_way_in() -> None:
    """The way that is set, and the form of the one that is chosen."""
    way = way_in(things())
    st.subheader(_("Signing in"), anchor=False)
    st.markdown(_set(way))
    with st.container(border=True, key="way_in"):
        chosen = st.radio(
            _("Way of signing in"),
            WAYS,
            index=WAYS.index(way.way),
            format_func=lambda each: _(_TITLES[each]),
            captions=[_(_ABOUT[each]) for each in WAYS],
            key=f"{_CHOSEN}_{st.session_state.get(_TURN, 0)}",
            disabled=bool(lacks(Role.ADMINISTER)),
        )
        {NONE: _ask_nothing, PASSWORD: _ask_password, OIDC: _ask_provider}[chosen](way)


def _set(way: WayIn) -> str:
    said = f"{_('Now')}: **{_(_TITLES[way.way])}**"
    if way.way == OIDC:
        said += f" · {plain(way.metadata)}"
    if way.since is not None:
        said += f"  \n:small[{_('by {who} since {when}', who=plain(way.by), when=moment(way.since))}]"
    return said


def _ask_nothing(way: WayIn) -> None:
    if way.way == NONE:
        return
    if served().is_for_others:
        st.caption(_("This studio was started for other machines too, so people must sign in."))
        return
    st.button(_("Let nobody sign in"), key="sign_in_none", on_click=_nothing, **only(Role.ADMINISTER))


def _nothing() -> None:
    try:
        sign_in_with_nothing(things())
        _said()
    except StudioError as error:
        say(error)


def _ask_password(way: WayIn) -> None:
    is_off, turn = bool(lacks(Role.ADMINISTER)), st.session_state.get(_TURN, 0)
    with st.form(f"way_password_{turn}", border=False):
        new = {"type": "password", "autocomplete": "new-password", "disabled": is_off}
        first = st.text_input(_("New password"), key=f"new_password_{turn}", **new)  # type: ignore[call-overload]
        again = st.text_input(_("Once more"), key=f"new_password_again_{turn}", **new)  # type: ignore[call-overload]
        st.caption(_("Ten characters at least. Everybody signs in again with it, you too."))
        label = _("Set this password") if way.way != PASSWORD else _("Set a new password")
        asked = st.form_submit_button(label, key="set_password", **only(Role.ADMINISTER))
    if not asked:
        return
    if first != again:
        st.error(_("The two are not the same."), icon=":material/error:")
        return
    try:
        sign_in_with_password(things(), first)
    except StudioError as error:
        show_error(error)
        return
    _said()
    st.rerun()


def _ask_provider(way: WayIn) -> None:
    is_off, turn = bool(lacks(Role.ADMINISTER)), st.session_state.get(_TURN, 0)
    way_back = f"{served().address}/oauth2callback"
    said = _("At the provider, register the studio as a web application and allow this address to come back to:")
    st.markdown(f"{said}\n\n`{way_back}`")
    with st.form(f"way_provider_{turn}", border=False):
        placeholder = "https://…/.well-known/openid-configuration"
        metadata = st.text_input(
            _("Address of its metadata"), way.metadata, key=f"metadata_{turn}", placeholder=placeholder, disabled=is_off
        )
        client = st.text_input(_("Client id"), way.client_id, key=f"client_id_{turn}", disabled=is_off)
        secret = st.text_input(
            _("Client secret"), key=f"client_secret_{turn}", type="password", autocomplete="off", disabled=is_off
        )
        st.caption(_("The studio must be started again afterwards; until then nobody comes in."))
        asked = st.form_submit_button(_("Sign in with this provider"), key="set_provider", **only(Role.ADMINISTER))
    if not asked:
        return
    try:
        sign_in_with_provider(things(), metadata, client, secret)
    except StudioError as error:
        show_error(error)
        return
    _said()
    st.rerun()


def _said() -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    say(_("The way of signing in is changed."))
