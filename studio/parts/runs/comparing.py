"""The days of both sides compared: what to compare, how far it is, the days, differences with their story, a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.comparing import MOST_DAYS, Comparison, comparable, compare
from engine.design.running.overview import BindingRow
from engine.design.running.reconciled import Day, Difference, Sums, as_csv, counting
from engine.errors import DocumentError, StudioError
from studio.parts.allowed import only
from studio.parts.runs.words import records_read
from studio.parts.trouble import plain, show_error, show_problems
from studio.state import things
from studio.words import _, day, moment, money, n_, no_, number, written

_KEY = "comparison"
_LOOK_AGAIN, _MOST = 1.0, 100
_WIDTHS = (1.3, 1.4, 1.3, 1.5, 5)
_KINDS = {  # colour, icon, word
    "missing": ("red", "error", no_("missing")),
    "other sum": ("red", "unequal", no_("other sum")),
    "twice": ("red", "content_copy", no_("there twice")),
    "only there": ("red", "help", no_("only there")),
    "not wanted": ("orange", "block", no_("not wanted any more")),
    "unreadable": ("red", "visibility_off", no_("cannot be read")),
    "held back": ("gray", "hourglass_top", no_("held back")),
    "other day": ("gray", "event", no_("another day")),
}


def draw_comparing(rows: Sequence[BindingRow]) -> None:
    """What to compare; then how far it is, or what was found. rows: the bindings there are."""
    st.markdown(_("Compares what was sold with what arrived, day by day, and tells each difference. It only reads."))
    can, cannot = comparable(things())
    names = {loaded.flow.name for loaded in can}
    places = {(row.flow, row.name): _called(row) for row in rows if row.flow in names and row.systems}
    if not places:
        st.info(_("No flow here says how its days are compared."), icon=":material/info:")
        return
    _ask(places)
    held = _held()
    if held is not None:
        if held.is_over:
            _draw_found(held)
        else:
            st.fragment(_live, run_every=_LOOK_AGAIN)()
    elif cannot:
        titles = ", ".join(plain(written(loaded.flow.title)) for loaded in cannot)
        st.caption(_("These flows do not say how their days are compared: {flows}.", flows=titles))


def _called(row: BindingRow) -> str:
    name = "" if row.is_default and not row.title else f" · {row.title or row.name}"
    return f"{written(row.flow_title)}{name}"


def _held() -> Comparison | None:
    held = st.session_state.get(_KEY)
    return held if isinstance(held, Comparison) else None


def _ask(places: Mapping[tuple[str, str], str]) -> None:
    today = things().clock.now().astimezone().date()
    held = _held()
    with st.form("compare_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        flow, binding = st.selectbox(_("Flow"), list(places), format_func=lambda each: places[each], key="compare_of")
        shown = (held.first, held.last) if held is not None else (today - timedelta(7), today - timedelta(1))
        days = st.date_input(
            _("Days, {most} at most", most=MOST_DAYS),
            value=shown,
            max_value=today,
            key="compare_days",
            format="YYYY-MM-DD",
            width=260,
        )
        asked = st.form_submit_button(
            _("Compare"), icon=":material/balance:", type="primary", key="compare_now", **only(Role.LOOK)
        )
    if asked:
        _begin(flow, binding, days)


def _begin(flow: str, binding: str, days: object) -> None:
    chosen = [each for each in days if isinstance(each, date)] if isinstance(days, tuple) else []
    if not chosen:
        st.warning(_("Choose a day, or the first and the last one."), icon=":material/warning:")
        return
    before = _held()
    if before is not None:
        before.stop()
    try:
        st.session_state[_KEY] = compare(things(), flow, binding, chosen[0], chosen[-1])
    except DocumentError as error:
        show_problems(error.problems[:3])
    except StudioError as error:
        show_error(error)


def _live() -> None:
    held = _held()
    if held is None or held.is_over:
        st.rerun()
    assert held is not None
    with st.container(border=True, key="comparing"):
        told, ways = st.columns([5, 1], vertical_alignment="center")
        said = [_("Comparing {days}", days=_days_in_words(held)), records_read(held.read)]
        until = held.waiting_until
        if until is not None:
            said.append(_("Waits for the system's limit until {at}", at=moment(until)))
        told.markdown(f":material/sync: {plain(' · '.join(said))}")
        label = _("Stopping …") if held.was_stopped else _("Stop")
        ways.button(
            label, icon=":material/stop_circle:", key="stop_comparing", on_click=held.stop, disabled=held.was_stopped
        )


def _days_in_words(held: Comparison) -> str:
    first = day(held.first)
    return first if held.first == held.last else _("{first} to {last}", first=first, last=day(held.last))


# --- what was found


def _draw_found(held: Comparison) -> None:
    st.subheader(f"{plain(written(held.loaded.flow.title))} · {plain(_days_in_words(held))}", anchor=False)
    if held.error is not None:
        if isinstance(held.error, DocumentError):
            show_problems(held.error.problems[:3])
        else:
            show_error(held.error)
    if held.days is None:
        if held.error is None:
            st.info(_("It was stopped. Nothing was changed by it."), icon=":material/stop_circle:")
        return
    wrong, said = counting(held.days)
    with st.container(horizontal=True, vertical_alignment="center", key="compare_result"):
        if wrong:
            st.error(n_("{n} difference", "{n} differences", len(wrong)), icon=":material/error:", width="stretch")
        else:
            st.success(_("Everything agrees."), icon=":material/check_circle:", width="stretch")
        st.download_button(
            _("Download as CSV"),
            data=as_csv(held.days).encode(),
            file_name=f"{held.flow}-{held.first}-{held.last}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="compare_csv",
            on_click="ignore",
        )
    _say_what_stays_unseen(held)
    st.table(_table(held), border="horizontal")
    _draw_differences(_("What differs"), wrong, held)
    _draw_differences(_("What is as the flow wants it"), said, held)


def _say_what_stays_unseen(held: Comparison) -> None:
    if held.unread:
        what = ", ".join(written(each) for each in held.unread)
        st.caption(
            plain(
                _(
                    "{system} cannot tell what was made since a day ({what}): each record is looked for there, and "
                    "what only {system} has stays unseen.",
                    system=held.target,
                    what=what,
                )
            )
        )
    days = held.days or []
    if any(each.target.count for each in days) and not any(each.target.amounts for each in days):
        st.caption(
            plain(_("{system} tells no amounts of these: only how many there are is compared.", system=held.target))
        )


def _table(held: Comparison) -> dict[str, list[str]]:
    days = held.days or []
    return {
        _("Day"): [day(date.fromisoformat(each.day)) for each in days],
        plain(held.source): [_side(each.source) for each in days],
        plain(held.target): [_side(each.target) for each in days],
        _("Held back"): [_side(each.held_back) for each in days],
        _("Result"): [_result(each) for each in days],
    }


def _side(sums: Sums) -> str:
    if not sums.count:
        return "–"
    amounts = ", ".join(plain(_money(amount, currency)) for currency, amount in sorted(sums.amounts.items()))
    return f"{number(sums.count)} · {amounts}" if amounts else number(sums.count)


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else money(amount, currency)


def _result(each: Day) -> str:
    if not (each.source.count or each.target.count or each.differences):
        return f":gray-badge[:material/remove: {_('nothing')}]"
    if each.agrees:
        return f":green-badge[:material/check: {_('agrees')}]"
    return f":red-badge[:material/error: {_('differs')}]"


def _kind_badge(kind: str) -> str:
    colour, icon, word = _KINDS.get(kind, ("gray", "help", kind))
    return f":{colour}-badge[:material/{icon}: {_(word)}]"


def _draw_differences(title: str, found: Sequence[Difference], held: Comparison) -> None:
    if not found:
        return
    with st.expander(f"{title} ({number(len(found))})", expanded=any(each.counts for each in found)):
        for place, each in enumerate(found[:_MOST]):
            _draw_difference(each, held, place)
        if len(found) > _MOST:
            st.caption(_("These are the first {most}; the file has all of them.", most=_MOST))


def _draw_difference(each: Difference, held: Comparison, place: int) -> None:
    name, on, kind, amounts, why = st.columns(_WIDTHS, vertical_alignment="center")
    called = plain(each.number or each.key)
    record_id = held.records.get(each.key)
    if record_id is None:
        name.markdown(called)
    else:
        name.button(
            called,
            key=f"difference_{each.kind}_{place}",
            type="tertiary",
            on_click=lambda: st.session_state.update({"open_record": record_id}),
        )
    on.markdown(f":small[{plain(day(date.fromisoformat(each.day)))}]" if each.day else "")
    kind.markdown(_kind_badge(each.kind))
    source, target = _money(each.source, each.currency), _money(each.target, each.currency)
    amounts.markdown(":small[" + plain(" ▸ ".join((source or "–", target or "–"))) + "]")
    why.markdown(f":small[{plain(each.story)}]")
