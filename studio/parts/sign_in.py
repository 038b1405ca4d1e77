"""The page of whoever is not signed in: there is nothing else for them, whatever the address."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from engine.design.people.entering import Door
from studio.kept import Kept
from studio.opened import shared_things
from studio.parts.door import fetch_cookie, remember_page
from studio.parts.header import language_choice
from studio.parts.signing_out import sign_out_button
from studio.person import Standing, Why
from studio.served import served
from studio.sign_in_route import ticket_for
from studio.words import _, n_, no_

_PRODUCT = "Mapping Studio"
_SAYS = {
    Why.RESTART: (
        no_("The studio must be started again"),
        no_(
            "This workspace's way of signing in was changed to a provider, or its provider was changed, after the "
            "studio was started. Whoever runs it ends it and starts it again; nothing is lost."
        ),
    ),
    Why.THIS_MACHINE_ONLY: (
        no_("Nobody can come in from here"),
        no_(
            "This workspace has no way of signing in, so it is open on its own machine only. Whoever runs it sets one "
            "(python -m engine people --sign-in password) and opens the page again."
        ),
    ),
}


@Kept
def the_door() -> Door:
    """The one door of this process."""
    return Door()


def sign_in_page(who: Standing) -> None:
    """Draw it: what is asked for, or why somebody stays out and what to do about it."""
    with st.container(key="sign_in", border=True):
        st.caption(_PRODUCT)
        if who.why is Why.PASSWORD:
            _ask_password()
        elif who.why is Why.PROVIDER:
            _ask_provider()
        elif who.why in (Why.UNKNOWN, Why.UNVERIFIED):
            _stay_out(who)
        elif who.why in _SAYS:
            title, text = _SAYS[who.why]
            st.header(_(title), anchor=False)
            st.write(_(text))
    with st.container(key="sign_in_language", horizontal=True, horizontal_alignment="center"):
        language_choice()


def _ask_password() -> None:
    st.header(_("Sign in"), anchor=False)
    with st.form("sign_in_form", clear_on_submit=True, border=False):
        password = st.text_input(_("Password"), type="password", key="password", autocomplete="current-password")
        asked = st.form_submit_button(_("Sign in"), type="primary")
    if not asked:
        return
    entry = the_door().enter(shared_things(), password)
    if entry.session:
        fetch_cookie(ticket_for(entry.session))
    elif entry.wait_seconds:
        st.error(
            n_(
                "There were too many wrong passwords. Try again in {n} second.",
                "There were too many wrong passwords. Try again in {n} seconds.",
                entry.wait_seconds,
            ),
            icon=":material/hourglass_top:",
        )
    else:
        left = n_("{n} more try counts.", "{n} more tries count.", entry.tries_left)
        st.error(f"{_('This is not the password.')} {left}", icon=":material/error:")


def _ask_provider() -> None:
    st.header(_("Sign in"), anchor=False)
    address = served().address
    if st.context.url and urlsplit(st.context.url)[:2] != urlsplit(address)[:2]:
        st.write(_("Signing in works at the studio's own address only: {address}", address=address))
        return
    remember_page()
    st.write(_("You sign in with your organisation's account."))
    if st.button(_("Sign in"), type="primary", key="to_provider"):
        st.login()


def _stay_out(who: Standing) -> None:
    if who.why is Why.UNVERIFIED:
        st.header(_("Your address is not confirmed"), anchor=False)
        st.write(
            _(
                "The provider does not say for certain that you are {name}. Confirm the address there, or ask whoever "
                "looks after it; then sign out here and sign in again.",
                name=f"`{who.claimed}`" if who.claimed else _("who you say"),
            )
        )
    else:
        st.header(_("You may not come in yet"), anchor=False)
        st.write(
            _(
                "You are signed in as {name}, whom nobody has let in. Ask somebody who administers this workspace to "
                "add this address on Settings under People; then reload this page.",
                name=f"`{who.claimed}`",  # as it must be typed,
            )
        )
    sign_out_button(who)
