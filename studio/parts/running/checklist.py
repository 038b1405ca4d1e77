"""The list before the first run: each line with its state in words, what is wrong and what to do; ticking lines off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from engine.design.desk import command_line
from engine.design.people.rights import Role
from engine.design.running.changing import accept_accounts
from engine.design.running.checks import CheckRow, checks, tick
from engine.design.running.other_accounts import other_accounts
from engine.errors import Problem, StudioError
from studio.parts.allowed import only
from studio.parts.running.work import BindingWork
from studio.parts.trouble import plain, show_error, show_problem
from studio.person import person
from studio.state import things
from studio.words import _, moment, n_, no_, number, translations, written

_MOST_OFFENDERS = 20
_ICONS: Mapping[str, str] = {
    "well": ":green[:material/check_circle:]",
    "wrong": ":red[:material/cancel:]",
    "by hand": ":orange[:material/check_box_outline_blank:]",
    "ticked": ":green[:material/check_box:]",
    "unknown": ":gray[:material/help:]",
}
_WORDS: Mapping[str, str] = {
    "well": no_("well"),
    "wrong": no_("wrong"),
    "by hand": no_("to be looked at"),
    "ticked": no_("looked at"),
    "unknown": no_("cannot be told"),
}


def draw_checklist(work: BindingWork) -> None:
    """What was found when the systems were last asked, and the button that asks them."""
    _ask_button(work)
    found = work.checks
    if found is None:
        return
    if found.problem is not None:
        show_problem(found.problem)
        _other_company(work)
        return
    _verdict(work)
    for row in found.rows:
        _draw_row(work, row)


def _ask_button(work: BindingWork) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        asks = st.button(_("Check now"), icon=":material/fact_check:", type="primary", key="check_now")
        if work.checked_at is not None and work.checks is not None:
            st.caption(_("Looked at {when}. Nothing was sent.", when=plain(moment(work.checked_at))), width="content")
        else:
            st.caption(_("Asks the connected systems what must be so before the first run. Nothing is sent."))
    if asks:
        with st.spinner(_("Asking the systems …")):
            _look(work)
        st.rerun()


def _look(work: BindingWork) -> None:
    desk = things()
    work.checks, work.checked_at, work.others = None, desk.clock.now(), ()
    work.checks = checks(desk, work.loaded, work.name, translations())
    if work.checks.problem is not None:
        try:
            work.others = other_accounts(desk, work.loaded, work.name)
        except StudioError:
            work.others = ()  # a system that does not answer: the problem above says so


def _verdict(work: BindingWork) -> None:
    assert work.checks is not None
    stopping, open_lines = work.checks.stopping, [row for row in work.checks.rows if row.state == "by hand"]
    if stopping:
        st.error(
            n_(
                "{n} line keeps the first run from beginning.",
                "{n} lines keep the first run from beginning.",
                len(stopping),
            ),
            icon=":material/block:",
        )
        return
    wrong = [row for row in work.checks.rows if row.state == "wrong"]
    if not work.checks.is_first:
        says = _("It has run before. What is wrong here parks the records that meet it; the others go on.")
        (st.warning if wrong else st.success)(
            says if wrong else _("It has run before, and nothing is wrong."),
            icon=":material/info:" if wrong else ":material/check_circle:",
        )
        return
    if open_lines:
        st.info(
            n_(
                "The first run may begin. {n} line is for you to look at.",
                "The first run may begin. {n} lines are for you to look at.",
                len(open_lines),
            ),
            icon=":material/info:",
        )
    else:
        st.success(_("The first run may begin."), icon=":material/check_circle:")
    st.caption(_("Begin it with this command; after it, the binding runs by itself."))
    binding = [] if work.row.is_default else ["--binding", work.name]
    st.code(command_line(things().workspace.root, "run", work.flow, *binding), language=None, wrap_lines=True)


def _draw_row(work: BindingWork, row: CheckRow) -> None:
    with st.container(border=True, key=f"check_{row.name}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            must = f" :red-badge[{_('stops the first run')}]" if row in _stopping(work) else ""
            st.markdown(
                f"{_ICONS[row.state]} **{plain(written(row.title))}** · {_(_WORDS[row.state])}{must}", width="stretch"
            )
            if row.may_tick:
                _tick_button(work, row)
        if row.ticked_by and row.ticked_at is not None:
            who, when = plain(row.ticked_by), plain(moment(row.ticked_at))
            st.caption(_("Ticked off by {who}, {when}", who=who, when=when))
        if row.what_to_do and row.state in ("wrong", "by hand", "unknown"):
            st.markdown(_("What to do: {advice}", advice=plain(written(row.what_to_do))))
        _offenders(row)


def _stopping(work: BindingWork) -> tuple[CheckRow, ...]:
    return work.checks.stopping if work.checks is not None else ()


def _offenders(row: CheckRow) -> None:
    if not row.problems:
        return
    title = n_("{n} found", "{n} found", max(row.offenders, len(row.problems)))
    with st.expander(title, expanded=len(row.problems) <= 3, key=f"offenders_{row.name}"):
        lines = [_offender(problem) for problem in row.problems[:_MOST_OFFENDERS]]
        st.markdown("\n".join(lines))
        more = row.offenders - len(lines)
        if more > 0:
            st.caption(_("and {n} more", n=number(more)))


def _offender(problem: Problem) -> str:
    where = f"**{plain(problem.where)}**: " if problem.where else ""
    advice = f"  \n  :material/build: {plain(problem.what_to_do)}" if problem.what_to_do else ""
    return f"- {where}{plain(problem.what)}{advice}"


def _tick_button(work: BindingWork, row: CheckRow) -> None:
    is_ticked = row.state == "ticked"
    st.button(
        _("Take the tick away") if is_ticked else _("Tick it off"),
        icon=":material/undo:" if is_ticked else ":material/check:",
        type="tertiary" if is_ticked else "secondary",
        key=f"tick_{row.name}",
        on_click=_tick,
        args=(work, row, not is_ticked),
        **only(Role.MEND, help=_("It is kept who did so and when.")),
    )


def _tick(work: BindingWork, row: CheckRow, on: bool) -> None:
    desk, who = things(), person().name
    tick(desk, work.loaded, work.name, row.name, who, on=on)
    assert work.checks is not None
    now = replace(
        row,
        state="ticked" if on else "by hand",
        ticked_by=who if on else "",
        ticked_at=desk.clock.now() if on else None,
    )
    rows = tuple(now if each.name == row.name else each for each in work.checks.rows)
    work.checks = replace(work.checks, rows=rows)


def _other_company(work: BindingWork) -> None:
    """What differs, and the button that says that it may."""
    if not work.others:
        return
    with st.container(border=True, key="other_company"):
        st.markdown(f"**{_('Another account answers than before')}**")
        for each in work.others:
            says = _(
                "{system}: until now {before}, now {now}",
                system=plain(each.title),
                before=f"**{plain(each.before)}**",
                now=f"**{plain(each.now)}**",
            )
            st.markdown(f"- {says}")
        st.caption(
            _("If this is right, say so: runs go on with the new account. If not, choose the right connection instead.")
        )
        if st.button(
            _("The new account is right"),
            key="accept_account",
            icon=":material/verified_user:",
            **only(Role.ADMINISTER),
        ):
            try:
                with st.spinner(_("Asking the systems …")):
                    accept_accounts(things(), work.flow, work.name, person().name)
                    _look(work)
            except StudioError as error:
                show_error(error)
                return
            st.rerun()
