"""Sending a record: what would be sent and how it differs from what was, then once, by the rules of every run."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.support.sending import (
    DROPPED,
    LEFT,
    Replayed,
    ReplayReport,
    RequestChange,
    Shown,
    choices,
    look,
    send,
)
from engine.design.support.telling import Told
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.changed_fields import draw_changed_fields
from studio.parts.mapping.said import say, strong, text
from studio.parts.trouble import plain, show_error, show_problem, show_problems
from studio.person import person
from studio.state import things
from studio.words import _, moment

_MOST_FIELDS = 40  # of one request


def draw_sending(found: Told) -> None:
    """The choice of the mapping, a look, and the button that sends."""
    record = found.record
    _say_what_came_of_it()
    title = _("Send it again") if found.failures else _("Send it once more")
    with st.expander(title, icon=":material/send:", expanded=bool(found.failures), key="record_sending"):
        known = {each.name: each for each in choices(things(), record)}
        choice = st.selectbox(
            _("Mapped"),
            list(known),
            format_func=lambda name: _called(name, known[name].label),
            key=f"record_mapped_{record.id}",
        )
        update = st.checkbox(_("Update what is there already"), key=f"record_update_{record.id}")
        key = f"record_shown_{record.id}"
        if st.button(_("Show what would be sent"), icon=":material/visibility:", key="record_look"):
            st.session_state[key] = (choice, update, _looked(found, choice, update))
        held = st.session_state.get(key)
        if held is None or held[:2] != (choice, update) or held[2] is None:
            return
        _draw_shown(found, held[2], choice, update)


def _called(name: str, label: str) -> str:
    if name == "published":
        return _("As it is published now")
    return _("As it was mapped then") if name == "then" else label


def _looked(found: Told, choice: str, update: bool) -> Shown | None:
    try:
        with st.spinner(_("Asking {system} …", system=plain(found.target))):
            return look(things(), found.record, choice, update=update)
    except StudioError as error:
        show_error(error)
        return None


def _draw_shown(found: Told, shown: Shown, choice: str, update: bool) -> None:
    if shown.was_fetched:
        st.caption(_("Its content was forgotten, so it was read anew from {system}.", system=plain(found.source)))
    if shown.held_back:
        said = _("This mapping does not take it: {reason}.", reason=plain(shown.held_back))
        st.warning(said, icon=":material/warning:")
        return
    show_problems(shown.delivered.problems)
    for change in shown.changes:
        _change(change)
    if shown.earlier is not None and shown.earlier.has_settled(shown.record.state):
        said = _("{who} sent it in this way on {moment}: {outcome}. It is not sent again.")
        earlier = shown.earlier
        parts = {"who": plain(earlier.who), "moment": moment(earlier.at), "outcome": plain(earlier.state)}
        st.info(said.format(**parts), icon=":material/info:")
        return
    if not shown.is_wanted(again=False):
        if not shown.delivered.problems:
            st.info(_("Nothing would be sent that was not sent so before."), icon=":material/info:")
        return
    if st.button(_("Send it"), type="primary", icon=":material/send:", key="record_send", **only(Role.MEND)):
        _send(found, choice, update)


def _change(change: RequestChange) -> None:
    """One request: what it does, and each field that differs."""
    if change.becomes == DROPPED:
        say(strong(change.step), text(_("was sent before and is not sent any more")))
        return
    if change.becomes == LEFT:
        if change.is_main or change.fields:
            said = _("is there already as {number}: nothing is sent", number=change.there_as or "")
            say(strong(change.step), text(said))
    elif change.now is not None:
        say(strong(change.step), text(f"{change.now.method} {change.now.target}"))
    draw_changed_fields(change.fields, _MOST_FIELDS)


def _send(found: Told, choice: str, update: bool) -> None:
    try:
        with st.spinner(_("Sending to {system} …", system=plain(found.target))):
            report = send(things(), found.record, choice, person().name, update=update)
    except StudioError as error:
        show_error(error)
        return
    st.session_state.pop(f"record_shown_{found.record.id}", None)
    st.session_state["record_sent"] = report
    st.rerun()


def _say_what_came_of_it() -> None:
    report: ReplayReport | None = st.session_state.pop("record_sent", None)
    if report is None:
        return
    if report.stopped is not None:
        show_error(report.stopped)
    for each in report.done:
        _came_of(each)


def _came_of(each: Replayed) -> None:
    delivered = each.delivered
    if delivered.problems:
        for problem in delivered.problems:
            show_problem(problem)
        return
    if delivered.outcome == "skipped":
        st.warning(
            _("This mapping does not take it: {reason}.", reason=plain(delivered.reason)), icon=":material/warning:"
        )
        return
    number = plain(delivered.target_number or "")
    said = {
        "created": _("It arrived as {number}.", number=number) if number else _("It arrived."),
        "updated": _("It was updated."),
        "unchanged": _("It was there already as {number}; nothing was changed.", number=number),
    }.get(delivered.outcome, plain(delivered.reason or delivered.outcome))
    st.success(said, icon=":material/check:")
