"""One run: what came of it, which time it read, how it ended and what to do, and its records, each with its story."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.past_runs import OutcomeOfRun, PastRun, Window, past_run
from engine.design.running.under_way import stop
from studio.parts.allowed import only
from studio.parts.header import header
from studio.parts.records.states import flow_called
from studio.parts.records.states import state_badge as outcome_badge
from studio.parts.runs.history import version_in_words
from studio.parts.runs.own import OWN
from studio.parts.runs.place import HISTORY, go_to_part
from studio.parts.runs.words import (
    begun_by,
    outcome_badges,
    records_read,
    state_badge,
    took_in_words,
    why_in_words,
)
from studio.parts.trouble import plain, show_problem
from studio.state import things
from studio.words import _, moment, n_, written

_MOST = 50  # records of an outcome that are shown
_OPEN_AT_FIRST = ("parked", "waiting")
_LOOK_AGAIN = 1.0


def draw_run(run_id: int) -> None:
    """The run of this number; where there is none, that is said."""
    st.button(
        _("All runs"),
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=go_to_part,
        args=(HISTORY,),
        key="all_runs",
    )
    told = past_run(things(), run_id)
    if told is None:
        header(_("Runs"))
        st.warning(_("There is no run of this number."), icon=":material/warning:")
        return
    past = told.past
    header(_("Run {number}", number=run_id), flow_called(written(past.title), past.run.binding))
    with st.container(key="one_run"):
        if past.state == "running":
            st.fragment(_live, run_every=_LOOK_AGAIN)(run_id)
        else:
            _draw_head(past)
            _draw_windows(told.windows)
            for outcome, records in told.records.items():
                _draw_records(outcome, records, past.counts.get(outcome, len(records)))


def _live(run_id: int) -> None:
    told = past_run(things(), run_id)
    if told is None or told.past.state != "running":
        st.rerun()
    assert told is not None
    _draw_head(told.past)
    asked = bool(told.past.run.stopped_by)
    st.button(
        _("Stopping …") if asked else _("Stop"),
        icon=":material/stop_circle:",
        key="stop_this_run",
        on_click=_stop,
        args=(run_id,),
        **only(Role.MEND, disabled=asked, help=_("Records under way are finished.")),
    )


def _stop(run_id: int) -> None:
    stop(things(), OWN, run_id)


def _draw_head(past: PastRun) -> None:
    run = past.run
    with st.container(border=True):
        lines = [
            f"{state_badge(past.state)} {outcome_badges(past.counts)}",
            plain(" · ".join(filter(None, (begun_by(past), version_in_words(past.label))))),
            plain(_times(past)),
        ]
        read = past.counts.get("read", 0)
        if read:
            lines.append(plain(records_read(read)))
        st.markdown("  \n".join(lines))
        why = why_in_words(past)
        if run.problem is not None:
            show_problem(run.problem)
        elif why:
            st.markdown(f":orange[:material/info:] {why}")


def _times(past: PastRun) -> str:
    begun = moment(past.run.started_at)
    if past.run.ended_at is None:
        return _("begun {begun}", begun=begun)
    took = took_in_words(past.took)
    return _("{begun} to {ended} ({took})", begun=begun, ended=moment(past.run.ended_at), took=took)


def _draw_windows(windows: Sequence[Window]) -> None:
    for each in windows:
        read = records_read(each.records)
        until = moment(each.until) if each.until else moment(each.at)
        if each.since is None:
            said = _("Read everything up to {until}: {records}", until=until, records=read)
        else:
            said = _(
                "Read what changed from {since} to {until}: {records}",
                since=moment(each.since),
                until=until,
                records=read,
            )
        st.caption(plain(said))


def _draw_records(outcome: str, records: Sequence[OutcomeOfRun], count: int) -> None:
    says = n_("{n} record", "{n} records", max(count, len(records)))
    with st.expander(f"{outcome_badge(outcome)} {says}", expanded=outcome in _OPEN_AT_FIRST, key=f"records_{outcome}"):
        with st.container(gap=None):
            for record in records[:_MOST]:
                _draw_record(record)
        if count > _MOST:
            st.caption(_("These are the latest {most}. The others are found on the page Records.", most=_MOST))


def _draw_record(record: OutcomeOfRun) -> None:
    number, why, now = st.columns([1, 5, 1.8], vertical_alignment="center")
    number.button(
        plain(record.number or record.key),
        key=f"record_of_run_{record.record_id}_{record.outcome}",
        type="tertiary",
        on_click=lambda: st.session_state.update({"open_record": record.record_id}),
    )
    if record.state != record.outcome:
        now.markdown(f":small[{_('now:')}] {outcome_badge(record.state)}")
    why.markdown(f":small[{plain(record.reason)}]")
