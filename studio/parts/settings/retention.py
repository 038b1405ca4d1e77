"""For how long what came to an end is kept, and forgetting what is older now."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from engine.design.people.rights import Role
from engine.design.settings.retention import (
    MOST_DAYS,
    VARIABLE,
    Purged,
    Retention,
    forget_now,
    keep_for,
    retention,
    would_go,
)
from engine.errors import StudioError
from studio.parts.allowed import lacks, only
from studio.parts.rows import Row, draw_rows
from studio.parts.settings.place import say
from studio.parts.trouble import show_error
from studio.state import things
from studio.words import _, n_, number


def draw_retention() -> None:
    """How many days, what goes and what stays."""
    st.subheader(_("What is kept, and for how long"), anchor=False)
    try:
        held = retention(things().ledger)
    except StudioError as error:
        show_error(error)
        return
    if held.said_by == "environment":
        said = _("It is said where the studio is started ({name}), so it is not changed here.", name=f"`{VARIABLE}`")
        st.info(f"{said} {_('Runs and serve must be told the same.')}", icon=":material/lock:")
    is_fixed = held.said_by == "environment" or bool(lacks(Role.ADMINISTER))
    with st.form("retention", border=False):
        days = st.number_input(
            _("Days"),
            0,
            MOST_DAYS,
            held.days,
            step=1,
            key=f"retention_days_{held.days}",
            width=180,
            disabled=is_fixed,
            help=lacks(Role.ADMINISTER) or _("0 keeps none: each run ends by forgetting what came to an end."),
        )
        saves = st.form_submit_button(_("Save"), type="primary", key="save_retention", disabled=is_fixed)
    if saves:
        _keep(int(days))
    _what_goes()
    if st.button(_("Forget now …"), icon=":material/auto_delete:", key="forget", **only(Role.ADMINISTER)):
        st.dialog(_("Forget what is older?"))(_draw_asking)(held)


def _keep(days: int) -> None:
    try:
        keep_for(things(), days)
        say(n_("Kept for {n} day from now on.", "Kept for {n} days from now on.", days))
    except StudioError as error:
        say(error)
    st.rerun()


def _what_goes() -> None:
    goes, stays = st.columns(2, gap="medium")
    goes.markdown(
        f"**{_('Goes after that time')}**\n"
        f"- {_('of records that came to an end: their content, and the words they are found by')}\n"
        f"- {_('exchanges with the systems, in any case')}\n"
        f"- {_('what targets answered, what deliveries saw, settings of runs')}"
    )
    stays.markdown(
        f"**{_('Stays')}**\n"
        f"- {_('everything of records that are due, wait or did not arrive')}\n"
        f"- {_('numbers, outcomes and their dates')}\n"
        f"- {_('what keeps things from being made twice, the versions, and the audit log')}"
    )
    st.caption(_("Each run ends by forgetting what is older, and serve does so every hour."))


def _draw_asking(held: Retention) -> None:
    going = would_go(things(), held.time)
    if not going.total:
        st.write(n_("Nothing is older than {n} day.", "Nothing is older than {n} days.", held.days))
        if st.button(_("Close"), key="forget_nothing"):
            st.rerun()
        return
    st.write(
        n_(
            "Of what is older than {n} day this would go, and cannot be brought back:",
            "Of what is older than {n} days this would go, and cannot be brought back:",
            held.days,
        )
    )
    draw_rows(_counted(going))
    with st.container(horizontal=True):
        if st.button(_("Forget it"), type="primary", icon=":material/auto_delete:", key="forget_it"):
            _forget(held)
        if st.button(_("Keep it"), key="keep_it"):
            st.rerun()


def _counted(going: Purged) -> list[Row]:
    names = {
        "records": _("Content of records"),
        "exchanges": _("Exchanges"),
        "answers": _("Answers of targets"),
        "deliveries": _("What deliveries saw"),
        "settings": _("Settings of runs"),
        "hints": _("Hints of webhooks"),
    }
    return [Row(names[name], number(many)) for name, many in asdict(going).items() if many]


def _forget(held: Retention) -> None:
    try:
        with st.spinner(_("Forgetting, beside runs that go on …")):
            gone = forget_now(things(), held.time)
        say(n_("Forgotten: {n} entry.", "Forgotten: {n} entries.", gone.total))
    except StudioError as error:
        say(error)
    st.rerun()
