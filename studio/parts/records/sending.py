"""Sending a record: what would be sent and how it differs from what was, then once, by the rules of every run."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from engine.design.people.rights import Role
from engine.design.support.sending import (
    DROPPED,
    LEFT,
    SENT,
    Replayed,
    ReplayReport,
    RequestChange,
    Shown,
    StoredReplay,
    choices,
    look,
    send,
)
from engine.design.support.telling import Told, indented
from engine.errors import DocumentError, FlowBusy, OtherThanShown, Problem, StudioError
from studio.parts.allowed import only
from studio.parts.changed_fields import draw_changed_fields, draw_new_fields
from studio.parts.mapping.said import say, strong, text
from studio.parts.records.keyboard import put_focus_on
from studio.parts.records.row_given import nothing_was_given
from studio.parts.records.states import BADGES
from studio.parts.step_names import step_called
from studio.parts.trouble import plain, show_error, show_problem, show_problems
from studio.person import person
from studio.state import things
from studio.words import _, moment, n_, written

_MOST_FIELDS = 40  # of one request
_MOST_PROBLEMS = 4
_PATIENCE_SECONDS = 8.0  # that a send waits for a run to end
_NOT_SENT, _AGAIN = "record_not_sent", "record_send_again"


def draw_sending(found: Told) -> None:
    """The choice of the mapping, a look, and the button that sends."""
    record = found.record
    _say_what_came_of_it(found)
    never_arrived = record.state == "due" and not record.target_number
    title = _("Send it again") if found.failures else _("Send it now") if never_arrived else _("Send it once more")
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
            _keep_shown(found, choice, update)
        _say_what_stands_in_the_way(found, choice, update)
        held = st.session_state.get(key)
        if held is None or held[:2] != (choice, update) or held[2] is None:
            return
        _draw_shown(found, held[2], choice, update)


def _keep_shown(found: Told, choice: str, update: bool) -> None:
    """Look, and keep what is seen; what was seen before is gone whatever comes of it."""
    st.session_state[f"record_shown_{found.record.id}"] = (choice, update, _looked(found, choice, update))


def _say_what_stands_in_the_way(found: Told, choice: str, update: bool) -> None:
    """Why it was not sent when somebody asked for it, once, with the way on."""
    record_id, error = st.session_state.pop(_NOT_SENT, (None, None))
    if error is None or record_id != found.record.id:
        return
    if isinstance(error, OtherThanShown):
        st.warning(
            _("Nothing was sent: something else would be sent by now than was shown. This is what it would be now."),
            icon=":material/difference:",
        )
        _keep_shown(found, choice, update)
        return
    show_error(error)
    if isinstance(error, FlowBusy):
        st.caption(_("Nothing was sent, and nothing is lost."))
        icon = ":material/refresh:"
        st.button(_("Try again"), key="record_try_again", icon=icon, on_click=_ask_again, **only(Role.MEND))


def _ask_again() -> None:
    st.session_state[_AGAIN] = True


def _called(name: str, label: str) -> str:
    if name == "published":
        return _("As it is published now")
    return _("As it was mapped then") if name == "then" else label


def _looked(found: Told, choice: str, update: bool) -> Shown | None:
    try:
        with st.spinner(_("Asking {system} …", system=plain(found.target))):
            return look(things(), found.record, choice, update=update)
    except DocumentError as error:  # such as a version that does not fit the connectors of today: each place of it
        show_problems(error.problems[:_MOST_PROBLEMS])
        return None
    except StudioError as error:
        show_error(error)
        return None


def _draw_shown(found: Told, shown: Shown, choice: str, update: bool) -> None:
    if st.session_state.pop(_AGAIN, False):
        _send(found, shown, choice, update)
    if shown.was_fetched:
        st.caption(_("Its content was forgotten, so it was read anew from {system}.", system=plain(found.source)))
    _say_what_has_changed(shown)
    if shown.held_back:
        said = _("This mapping does not take it: {reason}.", reason=plain(shown.held_back))
        st.warning(said, icon=":material/warning:")
        return
    for problem in shown.delivered.problems:
        show_problem(_placed(found, problem))
    for change in shown.changes:
        _change(found, change)
    if shown.earlier is not None and shown.earlier.has_settled(shown.record.state):
        st.info(_sent_by(shown.earlier), icon=":material/info:")
        return
    label = _("Send it")
    if not shown.is_wanted(again=False):
        if shown.delivered.problems:
            return
        if not shown.is_there:
            st.info(_("Nothing would be sent that was not sent so before."), icon=":material/info:")
            return
        number = plain(shown.delivered.target_number or "")
        st.info(_("It is there already as {number}: nothing is to be sent.", number=number), icon=":material/info:")
        label = _("Note it as arrived")
    if st.button(label, type="primary", icon=":material/send:", key="record_send", **only(Role.MEND)):
        _send(found, shown, choice, update)


def _say_what_has_changed(shown: Shown) -> None:
    """Of connectors, since the version by which it would be mapped."""
    if not shown.files:
        return
    said = n_(
        "{n} file of the connectors has changed since then.",
        "{n} files of the connectors have changed since then.",
        len(shown.files),
    )
    means = _(
        "The mapping, rows and answers are those of then; how a request is signed, addressed and checked is as the "
        "connectors say today. Look at the request before you send it."
    )
    names = ", ".join(plain(each) for each in shown.files)
    st.warning(f"{said} {means}  \n:small[{names}]", icon=":material/warning:")


def _sent_by(earlier: StoredReplay) -> str:
    outcome = _(BADGES[earlier.state].word) if earlier.state in BADGES else plain(earlier.state)
    parts = {"who": plain(earlier.who), "moment": moment(earlier.at), "outcome": outcome}
    return _("{who} sent it in this way on {moment}: {outcome}. It is not sent again.").format(**parts)


def _change(found: Told, change: RequestChange) -> None:
    """One request: what it does, and each field that differs; all of them where there was none before. Of what is
    there already and was never sent from here there is nothing to compare with.
    """
    step = strong(_step_called(found, change.step))
    if change.becomes == DROPPED:
        say(step, text(_("was sent before and is not sent any more")))
        return
    if change.becomes == LEFT:
        if change.is_main or change.fields:
            said = _("is there already as {number}: nothing is sent", number=change.there_as or "")
            say(step, text(said))
        if change.before is None:
            return
    elif change.now is not None:
        say(step, text(f"{change.now.method} {change.now.target}"))
    if change.refused is not None:
        _beside_the_refused(change)
    elif change.before is None:
        draw_new_fields(change.fields, _MOST_FIELDS)
    else:
        draw_changed_fields(change.fields, _MOST_FIELDS)
    if change.becomes == SENT and change.now is not None and change.now.content:
        _exactly(change.now.content)


def _beside_the_refused(change: RequestChange) -> None:
    """What differs from the request that failed; the rest of it is as it was."""
    if not change.since_refused:
        st.caption(_("It is the same as the one that was refused."))
        return
    st.caption(_("What differs from the one that was refused:"))
    draw_changed_fields(change.since_refused, _MOST_FIELDS)


def _exactly(content: bytes) -> None:
    """The body as it goes out, whole: long values are cut in the list above."""
    shown, is_json = indented(content.decode("utf-8", "replace"))
    with st.expander(_("Exactly what is sent"), icon=":material/data_object:"):
        st.code(shown, language="json" if is_json else None, wrap_lines=True)


def _step_called(found: Told, name: str) -> str:
    """As the flow calls it, where that is kept."""
    loaded = found.story.loaded
    title = next((step.title for step in loaded.flow.steps if step.name == name), "") if loaded is not None else ""
    return written(title) if title else step_called(name)


def _placed(found: Told, problem: Problem) -> Problem:
    """With its step as the flow calls it, in the reader's language."""
    return replace(problem, where=_step_called(found, problem.step)) if problem.step else problem


def _send(found: Told, shown: Shown, choice: str, update: bool) -> None:
    """Send what was shown; while a run of the flow is under way it waits for some seconds, and says so."""
    place, record = st.empty(), found.record

    def wait() -> None:
        said = _("A run of this flow is under way; it is sent when that has ended …")
        place.caption(f":material/hourglass_top: {said}")

    try:
        with st.spinner(_("Sending to {system} …", system=plain(found.target))):
            report = send(
                things(),
                record,
                choice,
                person().name,
                update=update,
                basis=shown.basis,
                patience_seconds=_PATIENCE_SECONDS,
                on_wait=wait,
            )
    except StudioError as error:
        st.session_state[_NOT_SENT] = (record.id, error)
        st.rerun()
    st.session_state.pop(f"record_shown_{record.id}", None)
    nothing_was_given()  # "nothing was sent yet" would stand beside "it arrived"
    st.session_state["record_sent"] = report
    st.rerun()


def _say_what_came_of_it(found: Told) -> None:
    report: ReplayReport | None = st.session_state.pop("record_sent", None)
    if report is None:
        return
    with st.container(key="record_came_of_it"):
        if report.stopped is not None:
            show_error(report.stopped)
        for each in report.done:
            _came_of(found, each)
    put_focus_on("record_came_of_it")


def _came_of(found: Told, each: Replayed) -> None:
    delivered = each.delivered
    if each.earlier is not None:
        st.info(_sent_by(each.earlier), icon=":material/info:")
        return
    if delivered.problems:
        for problem in delivered.problems:
            show_problem(_placed(found, problem))
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
