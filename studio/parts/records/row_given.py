"""A lookup's missing row, given in the story of a record that misses it: chosen, kept, and what that mends."""

from __future__ import annotations

import streamlit as st

from engine.design.lookups import Proposal, shown
from engine.design.people.rights import Role
from engine.design.support.causes import Cause, same_cause
from engine.design.support.mended_causes import State, look_at
from engine.design.support.rows_given import RowChoices, give_row, row_choices
from engine.design.support.telling import Told, Way
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.lookups.missing import reason
from studio.parts.records.causes import choose
from studio.parts.records.keyboard import put_focus_on
from studio.parts.records.place import leave
from studio.parts.trouble import plain, show_error, show_problem
from studio.person import may, person
from studio.state import things
from studio.words import _, n_, translations

_GIVEN, _JUST_GIVEN = "record_row_given", "record_row_just_given"


def draw_row(found: Told, way: Way, key: str) -> None:
    """What the missing key may stand for, with the proposal chosen; rows that nobody writes are not given."""
    try:
        with st.spinner(_("Asking {system} …", system=plain(found.target))):
            choices = row_choices(things(), found.record, way.lookup, way.key, translations())
    except StudioError as error:
        show_error(error)
        return
    with st.container(border=True, key=f"give_row_{key}"):
        st.markdown(f":material/table: **{plain(way.says)}**")
        if choices.is_read:
            st.caption(_("These rows are read from the target with each run; change them there."))
            return
        if choices.options.problem is not None:
            show_problem(choices.options.problem)
        value = _choice(choices, key)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                _("Give it this row"),
                type="primary",
                icon=":material/add:",
                key=f"give_{key}",
                **only(Role.MEND, disabled=not value),
            ):
                _give(found, choices, value or "")
            if st.button(_("Open the lookup"), type="tertiary", icon=":material/table:", key=f"open_lookup_{key}"):
                open_lookup(found.record.flow, way.lookup)
        st.caption(_kept_where(found))


def open_lookup(flow: str, lookup: str) -> None:
    """Go to the page of value tables, where the row is given to the flow."""
    st.switch_page(st.session_state["pages"]["lookups"], query_params={"flow": flow, "lookup": lookup})


def _kept_where(found: Told) -> str:
    binding = found.record.binding
    if binding == "default":
        here = _("It is kept as a row of this flow's binding and counts at once, for all its records.")
    else:
        said = _("It is kept as a row of the binding {binding} and counts at once, for all its records.")
        here = said.format(binding=plain(binding))
    return f"{here} {_('On the page Lookups it can be given to the flow, for all bindings.')}"


def _choice(choices: RowChoices, key: str) -> str | None:
    label = _("Target value for {key}", key=choices.key)
    says = {option.value: option.meaning for option in choices.options}
    proposed = shown(choices.proposal.value) if choices.proposal is not None else ""
    held: str | None
    if says:
        names = list(says)
        held = st.selectbox(
            label,
            names,
            index=names.index(proposed) if proposed in says else None,
            format_func=lambda name: " · ".join(filter(None, (name, says.get(name)))),
            placeholder=_("Choose …"),
            key=f"row_value_{key}",
            disabled=not may(Role.MEND),
        )
    else:
        held = st.text_input(
            label,
            value=proposed,
            placeholder=_("Target value"),
            key=f"row_value_{key}",
            disabled=not may(Role.MEND),
        )
    if choices.proposal is not None:
        _why(choices.proposal)
    return held


def _why(proposal: Proposal) -> None:
    st.caption(f":material/lightbulb: {_('Proposed')}: {plain(shown(proposal.value))} ({plain(reason(proposal))})")


def _give(found: Told, choices: RowChoices, value: str) -> None:
    try:
        give_row(things(), found.record, choices, value, person().name)
    except StudioError as error:
        show_error(error)
        return
    st.session_state.pop(f"record_shown_{found.record.id}", None)
    st.session_state[_GIVEN] = (found.record.id, choices.table.name, choices.title, choices.key, value)
    st.session_state[_JUST_GIVEN] = True
    st.rerun()


def nothing_was_given() -> None:
    """Say no more of it: the record was sent since."""
    st.session_state.pop(_GIVEN, None)


def say_what_was_given(found: Told) -> None:
    """The row that was just given, and how many others wait for the same, as long as this record is looked at."""
    held = st.session_state.get(_GIVEN)
    if held is None or held[0] != found.record.id:
        st.session_state.pop(_GIVEN, None)
        return
    said = _("“{key}” has a row in {lookup} now: {value}.", key=held[3], lookup=held[2], value=held[4])
    with st.container(key="row_given"):
        st.success(f"{plain(said)} {_('Nothing was sent yet.')}", icon=":material/check:")
        with st.container(horizontal=True, vertical_alignment="center"):
            _others(found)
            if st.button(_("Open the lookup"), type="tertiary", icon=":material/table:", key="given_lookup"):
                open_lookup(found.record.flow, held[1])
    if st.session_state.pop(_JUST_GIVEN, False):  # the button is gone with which it was given
        put_focus_on("row_given")


def _others(found: Told) -> None:
    """The other records that are held back by the same cause, and whether they would go by now."""
    cause = same_cause(things(), found.record, translations()) if found.record.state == "parked" else None
    if cause is None or cause.records < 2:
        return
    looked = look_at(things(), [cause], translations()).get(cause.place)
    others = cause.records - 1
    if looked is not None and looked.state is State.MENDED:
        says = n_(
            "{n} other record is held back alike and would go now",
            "{n} other records are held back alike and would go now",
            others,
        )
    else:
        says = n_("{n} other record is held back alike", "{n} other records are held back alike", others)
    st.button(says, icon=":material/list:", key="show_alike", on_click=_show, args=(cause,))


def _show(cause: Cause) -> None:
    """Search for the records of the cause, where they are sent together."""
    choose(cause)
    leave()
