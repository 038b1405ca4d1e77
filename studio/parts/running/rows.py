"""The list of the page: each flow with its bindings, when they run, how the last run went, what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

import streamlit as st

from engine.design.running.overview import BindingRow, moment_in_words
from engine.design.support.causes import stopped_flows
from studio.parts.running.pauses import draw_pause, pause_in_words
from studio.parts.running.place import go_to
from studio.parts.runs.starting import draw_run_now
from studio.parts.trouble import plain, show_problem
from studio.state import things
from studio.words import _, moment, n_, number, translations, written

MANY = 8  # flows; with more of them there is a search
_WIDTHS = (2.6, 2, 2.3, 3.1)


def draw_flows(rows: Sequence[BindingRow]) -> None:
    """Every flow; those that cannot be used stand last."""
    known = [list(held) for _name, held in groupby(rows, lambda row: row.flow)]
    stopped = what_stops()
    for held in known:
        if held[0].systems:
            _draw_flow(held, stopped)
    broken = [held[0] for held in known if not held[0].systems]
    for place, row in enumerate(broken):  # its name may be anything
        with st.container(border=True, key=f"running_broken_{place}"):
            said = f":red-badge[:material/error: {_('cannot be used')}]"
            st.markdown(f"**{plain(row.flow)}** {said}")
            if row.problem is not None:
                show_problem(row.problem)
    if not known:
        st.caption(_("Nothing here has this in its name."))


def draw_search(rows: Sequence[BindingRow]) -> list[BindingRow]:
    """A search where there are many flows; the rows of those that it leaves."""
    flows = {row.flow for row in rows}
    if len(flows) <= MANY:
        st.space("stretch")
        return list(rows)
    asked = st.text_input(
        _("Search"),
        key="running_search",
        placeholder=_("Search by title, name or binding"),
        label_visibility="collapsed",
        icon=":material/search:",
        width="stretch",
        live=True,
    )
    wanted = asked.strip().casefold()
    found = {
        row.flow for row in rows if wanted in f"{written(row.flow_title)} {row.flow} {row.title} {row.name}".casefold()
    }
    return [row for row in rows if row.flow in found]


def what_stops() -> Mapping[tuple[str, str], str]:
    """What stops flows at the moment, by flow and binding; as Markdown."""
    found = reversed(stopped_flows(things(), translations()))
    return {
        (each.flow, each.binding): f":red[:material/error:] {plain(each.what[:1].upper() + each.what[1:])} "
        f":small[({plain(_('since {moment}', moment=moment(each.since)))})]"
        for each in found
    }


def _draw_flow(rows: Sequence[BindingRow], stopped: Mapping[tuple[str, str], str]) -> None:
    first = rows[0]
    with st.container(border=True, key=f"running_{first.flow}"):
        if len(rows) > 1:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(_flow_called(first), width="stretch")
                draw_pause(first.flow, first.flow)
        for row in rows:
            named, when, last, ways = st.columns(_WIDTHS, gap="medium", vertical_alignment="top")
            named.markdown("  \n".join(_name(row, is_only=len(rows) == 1)))
            when.markdown("  \n".join(when_in_words(row)))
            last.markdown("  \n".join(run_in_words(row)))
            with ways, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
                if len(rows) == 1:
                    draw_pause(row.flow, row.flow)
                draw_run_now(row)
                _open(row)
        if first.pause is not None:
            st.markdown(f":orange[:material/pause_circle:] {pause_in_words(first.pause)}")
        for row in rows:
            if row.problem is not None:
                show_problem(row.problem)
            elif (row.flow, row.name) in stopped:
                st.markdown(stopped[row.flow, row.name])


def _open(row: BindingRow) -> None:
    st.button(
        _("Open"),
        key=f"open_{row.flow}_{row.name}",
        icon=":material/tune:",
        type="tertiary",
        help=_("Open {name}", name=f"{written(row.flow_title)}, {binding_called(row)}"),
        on_click=go_to,
        args=(row.flow, row.name),
    )


def binding_called(row: BindingRow) -> str:
    """What a binding is called on screen."""
    return row.title or (_("the usual binding") if row.is_default else row.name)


def state_badge(row: BindingRow) -> str:
    """Whether it runs by itself, in a word."""
    if not row.is_on:
        return f":gray-badge[:material/toggle_off: {_('off')}]"
    if row.pause is not None:
        return f":orange-badge[:material/pause: {_('paused')}]"
    if row.schedules:
        return f":green-badge[:material/toggle_on: {_('on')}]"
    return f":gray-badge[:material/back_hand: {_('by hand')}]"


def _flow_called(row: BindingRow) -> str:
    systems = " ▸ ".join(plain(each.title) for each in row.systems)
    return f"**{plain(written(row.flow_title))}**  \n:small[{systems}]"


def _name(row: BindingRow, *, is_only: bool) -> list[str]:
    lines = [_flow_called(row)] if is_only else []
    if not (is_only and row.is_default and not row.title):
        name = "" if not row.title or row.is_default else f" :small[{plain(row.name)}]"
        lines.append(f":material/subdirectory_arrow_right: {plain(binding_called(row))}{name}")
    lines += [
        f":small[:orange[:material/link_off: {_('{system} is not connected', system=plain(each.title))}]]"
        for each in row.systems
        if not each.is_connected
    ]
    return lines


def run_in_words(row: BindingRow) -> list[str]:
    """How the last run went, and what is parked and waits; lines of Markdown."""
    return [*_of_run(row), *_of_records(row)]


def when_in_words(row: BindingRow) -> list[str]:
    """When it runs, and next; lines of Markdown."""
    says = plain(row.schedule[:1].upper() + row.schedule[1:])
    lines = [f"{says} {state_badge(row)}"]
    is_under_way = row.last_run is not None and row.last_run.state == "running"
    if row.is_on and row.schedules and not is_under_way and not things().ledger.was_run(row.flow, row.name):
        lines.append(f":small[:material/back_hand: {_('The first run is yours to begin')}]")
    elif row.next_words:
        lines.append(f":small[{_('Next: {when}', when=plain(row.next_words))}{_zone(row)}]")
    return lines


def _zone(row: BindingRow) -> str:
    """The zone of a row's times, where the reader's clock shows another time."""
    here = _here(row)
    if here is None:
        return f" ({plain(row.zone)})"
    now = things().clock.now()
    is_same = now.astimezone(here).utcoffset() == now.astimezone(ZoneInfo(row.zone)).utcoffset()
    return "" if is_same else f" ({plain(row.zone)})"


def _here(row: BindingRow) -> ZoneInfo | None:
    """The reader's own zone, in which the other pages tell what has been."""
    try:
        return ZoneInfo(st.context.timezone or row.zone)
    except (KeyError, ValueError, OSError):  # a browser may say anything
        return None


def _of_run(row: BindingRow) -> list[str]:
    run = row.last_run
    if run is None:
        return [_("Has not run yet")]
    now = things().clock.now()
    when = plain(moment_in_words(run.ended_at or run.started_at, now, _here(row) or ZoneInfo(row.zone), translations()))
    says = {
        "ended": _("Last run {when}", when=when),
        "running": _("Runs since {when}", when=when),
        "stopped": _("Stopped {when}", when=when),
    }.get(run.state, _("Cut short {when}", when=when))
    icon = {"ended": "", "running": ":material/sync: "}.get(run.state, ":orange[:material/warning:] ")
    return [f"{icon}{says}", *([f":small[{counts}]"] if (counts := _counts(run.counts)) else [])]


def _counts(counts: Mapping[str, int]) -> str:
    says = {
        "created": _("created"),
        "updated": _("updated"),
        "unchanged": _("unchanged"),
        "skipped": _("skipped"),
        "parked": _("parked"),
    }
    found = [f"{number(counts[name])} {word}" for name, word in says.items() if counts.get(name)]
    return ", ".join(found) or _("nothing new")


def _of_records(row: BindingRow) -> list[str]:
    parts = []
    if row.parked:
        parts.append(f":red-badge[:material/error: {n_('{n} parked', '{n} parked', row.parked)}]")
    if row.waiting:
        parts.append(f":gray-badge[:material/hourglass_empty: {n_('{n} waits', '{n} wait', row.waiting)}]")
    return [" ".join(parts)] if parts else []
