"""What runs now, here and elsewhere: how far it is, and stopping it; then what came of what was started here."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.starting import LookedAt, OwnRun
from engine.design.running.under_way import UnderWay, stop, stop_own, under_way
from engine.errors import DocumentError, StudioError
from studio.parts.allowed import only
from studio.parts.records.states import flow_called
from studio.parts.records.states import state_badge as outcome_badge
from studio.parts.running.place import go_to
from studio.parts.runs.own import OWN
from studio.parts.runs.place import go_to_run
from studio.parts.runs.starting import is_asking
from studio.parts.runs.words import outcome_badges, records_read, took_in_words
from studio.parts.trouble import plain, show_error, show_problem
from studio.person import person
from studio.state import things
from studio.words import _, moment, n_

_LOOK_AGAIN = 1.0  # seconds
_MOST_SHOWN, _MOST_OPEN = 100, 20


def draw_now(titles: dict[str, str], flow: str = "") -> None:
    """What runs now, looked at again while something does; then what came of this person's own. titles: of flows, by
    their names; flow: the one that is looked at, "" for all.
    """
    if _now(flow):
        st.fragment(_live, run_every=_LOOK_AGAIN)(titles, flow)
    for run in OWN.all():
        if run.is_over and run.who == person().name and flow in ("", run.flow):
            _draw_over(run, titles)


def _now(flow: str) -> list[UnderWay]:
    return [each for each in under_way(things(), OWN) if flow in ("", each.flow)]


def _live(titles: dict[str, str], flow: str) -> None:
    now = _now(flow)
    if not now:
        if not is_asking():
            st.rerun()  # the whole page: it tells what came of it
        return
    with st.container(key="runs_now"):
        st.subheader(_("Now"), anchor=False)
        for place, each in enumerate(now):
            _draw_live(each, titles, place)


def _draw_live(each: UnderWay, titles: dict[str, str], place: int) -> None:
    key = str(each.run_id) if each.run_id else f"own_{place}"
    with st.container(border=True, key=f"under_way_{key}"):
        told, ways = st.columns([5, 1], vertical_alignment="top")
        told.markdown(f"{_called(each.flow, each.binding, titles)}  \n:small[{plain(' · '.join(_about(each)))}]")
        with ways, st.container(horizontal=True, horizontal_alignment="right"):
            label = _("Stopping …") if each.is_stopping else _("Stop")
            st.button(
                label,
                icon=":material/stop_circle:",
                key=f"stop_{key}",
                on_click=_stop,
                args=(each,),
                **only(Role.MEND, disabled=each.is_stopping, help=_("Records under way are finished.")),
            )
        share = each.share
        if share is not None:
            st.progress(share, text=_bar_says(each))
        st.markdown("  \n".join(filter(None, (outcome_badges(each.outcomes), _doing(each)))))


def _called(flow: str, binding: str, titles: dict[str, str]) -> str:
    return flow_called(titles.get(flow, flow), binding, "**")


def _about(each: UnderWay) -> list[str]:
    lines = [_("Run {number}", number=each.run_id)] if each.run_id else []
    own = each.own
    if own is not None and own.is_dry:
        lines.append(_("looks only, nothing is sent"))
    elif each.who:
        lines.append(_("started by {who}", who=each.who))
    return [*lines, _("since {moment}", moment=moment(each.started_at)), _elapsed(each)]


def _elapsed(each: UnderWay) -> str:
    return took_in_words(things().clock.now() - each.started_at)


def _bar_says(each: UnderWay) -> str:
    own = each.own
    if own is not None and own.options.only:
        return _("{done} of {count} records", done=each.done, count=len(own.options.only))
    return _("{done} of {count} so far", done=each.done, count=each.done + each.due)


def _doing(each: UnderWay) -> str:
    """What it waits for, or what it did last."""
    own = each.own
    if own is None:
        return f":small[{plain(_('It works in another process.'))}]"
    waits = own.waiting
    if waits is not None:
        at = moment(waits.until)
        if waits.is_for_a_limit:
            says = _("Waits for the system's limit until {at}", at=at)
        else:
            says = _("Tries again at {at}: {reason}", at=at, reason=waits.reason)
        return f":orange[:material/hourglass_top:] {plain(says)}"
    if not own.run_id and not own.is_dry:
        return f":small[{plain(_('It begins: the systems are asked.'))}]"
    said = [records_read(own.read_so_far)]
    if own.latest:
        said.append(_("latest: {number}", number=own.latest))
    return f":small[{plain(' · '.join(said))}]"


def _stop(each: UnderWay) -> None:
    if each.own is not None:
        stop_own(things(), each.own)
    else:
        stop(things(), OWN, each.run_id)


# --- what came of what was started here


def _draw_over(run: OwnRun, titles: dict[str, str]) -> None:
    with st.container(border=True, key=f"run_over_{run.run_id or id(run)}"):
        told, ways = st.columns([5, 2], vertical_alignment="top")
        with told:
            st.markdown(f"{_called(run.flow, run.binding, titles)}  \n{_headline(run)}")
        with ways, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            if run.run_id:
                label = _("Open run {number}", number=run.run_id)
                st.button(label, key=f"open_run_over_{run.run_id}", on_click=go_to_run, args=(run.run_id,))
            st.button(
                _("Close"),
                icon=":material/close:",
                type="tertiary",
                key=f"close_{id(run)}",
                on_click=OWN.forget,
                args=(run,),
            )
        _draw_what_came(run)


def _headline(run: OwnRun) -> str:
    took = took_in_words(run.ended_at - run.started_at) if run.ended_at else ""
    if run.is_dry:
        said = n_(
            "Looked at {n} record; nothing was sent.", "Looked at {n} records; nothing was sent.", len(run.looked_at)
        )
        return f":material/visibility: {plain(said)}"
    if run.report is None:
        return f":orange[:material/warning:] {plain(_('It did not begin.'))}"
    was_cut = run.was_stopped or run.report.stopped_by
    said = _("Stopped after {took}.", took=took) if was_cut else _("Done in {took}.", took=took)
    icon = ":orange[:material/stop_circle:]" if was_cut else ":green[:material/check_circle:]"
    return f"{icon} {plain(said)} {plain(records_read(run.report.counts['read']))}"


def _draw_what_came(run: OwnRun) -> None:
    if run.report is not None:
        badges = outcome_badges(run.report.counts)
        if badges:
            st.markdown(badges)
        for number, state, reason in run.report.held_back:
            said = _("{number} was not delivered: {reason}", number=number, reason=reason or state)
            st.markdown(f":orange[:material/info:] {plain(said)}")
        if run.report.stopped is not None:
            show_error(run.report.stopped)
        for warning in run.report.warnings[:3]:
            show_problem(warning)
    if run.error is not None:
        _draw_error(run, run.error)
    if run.is_dry and run.looked_at:
        with st.container(gap=None, key=f"looked_at_{id(run)}"):
            for each in run.looked_at[:_MOST_SHOWN]:
                _draw_looked_at(each, is_open=len(run.looked_at) <= _MOST_OPEN)
        if run.is_more or len(run.looked_at) > _MOST_SHOWN:
            st.caption(_("There are more. Look at fewer with a limit, or from a later date."))


def _draw_error(run: OwnRun, error: StudioError) -> None:
    if isinstance(error, DocumentError):
        for problem in error.problems[:5]:
            show_problem(problem)
    else:
        show_error(error)
    if not run.is_dry and run.report is None:
        st.button(
            _("See what must be so before the first run"),
            icon=":material/fact_check:",
            key=f"checklist_{id(run)}",
            on_click=go_to,
            args=(run.flow, run.binding, "checklist"),
        )


def _draw_looked_at(each: LookedAt, *, is_open: bool) -> None:
    """is_open: what would be sent of it is there to open, too."""
    number, outcome, why = st.columns([1, 1.2, 5], vertical_alignment="center")
    number.markdown(plain(each.number))
    outcome.markdown(outcome_badge(each.outcome))
    sent = [request for request in each.requests if request.method != "GET"]
    if is_open and sent and not each.problems:
        with why.expander(plain(_why(each))):
            for request in sent:
                st.markdown(f"`{request.method} {request.target}`")
                st.code(request.body, language="json", wrap_lines=True)
    else:
        why.markdown(f":small[{plain(_why(each))}]")


def _why(each: LookedAt) -> str:
    if each.problems:
        return each.problems[0].what
    if each.reason:
        return each.reason
    return ", ".join(f"{request.method} {request.target}" for request in each.requests if request.method != "GET")
