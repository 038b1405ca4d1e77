"""A binding that is made, and one that is removed."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.changing import LONGEST_TITLE, Seen, Wanted, change_binding, remove_binding
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.running.place import go_to, leave
from studio.parts.running.work import BindingWork, forget_work
from studio.parts.trouble import show_error, show_problems
from studio.person import person
from studio.state import things
from studio.words import _, n_

_LONGEST_NAME = 40
_EXAMPLE = "customer_b"  # of a name, the same in every language


def draw_new(work: BindingWork) -> None:
    """A form for one more binding of the same flow; it is off until somebody switches it on."""
    with (
        st.popover(_("New binding"), icon=":material/add:", key="new_binding", **only(Role.DESIGN)),
        st.form("new_binding_form", border=False),
    ):
        st.caption(_("The same flow for another shop or customer, or for trying. It begins switched off."))
        title = st.text_input(_("Title"), max_chars=LONGEST_TITLE, placeholder=_("Customer B, test"))
        name = st.text_input(
            _("Short name"),
            max_chars=_LONGEST_NAME,
            placeholder=_EXAMPLE,
            help=_("Small letters, digits, - and _; it stays."),
        )
        chosen = {}
        for choice in work.form.connections:
            options = list(dict.fromkeys([*choice.options, choice.chosen]))
            held = st.selectbox(
                choice.title, options, index=options.index(choice.chosen), key=f"new_connection_{choice.system}"
            )
            chosen[choice.system] = "" if held == choice.system else held
        if st.form_submit_button(_("Make it"), type="primary", **only(Role.DESIGN)):
            _make(work.flow, name.strip(), Wanted(title=title, connections=chosen, is_on=False))


def _make(flow: str, name: str, wanted: Wanted) -> None:
    try:
        change_binding(things(), flow, name, wanted, person().name, seen=Seen(None))
    except StudioError as error:
        show_problems(getattr(error, "problems", None) or [error.as_problem()])
        return
    go_to(flow, name)
    st.rerun()


def draw_removing(work: BindingWork) -> None:
    """Remove the binding, after asking; one with records is switched off instead, or they stay without it."""
    count = things().ledger.records_of_binding(work.flow, work.name)
    label = _("Back to what the flow says") if work.row.is_default else _("Remove this binding")
    with st.popover(label, icon=":material/delete:", type="tertiary", key="remove_binding", **only(Role.DESIGN)):
        if work.row.is_default:
            st.markdown(_("Connections, answers, rows and times become those of the flow's file."))
        elif count:
            st.markdown(
                n_(
                    "{n} record was delivered under it. Its story stays in the ledger; to keep it in use, switch the "
                    "binding off instead.",
                    "{n} records were delivered under it. Their story stays in the ledger; to keep them in use, switch "
                    "the binding off instead.",
                    count,
                )
            )
        else:
            st.markdown(_("No record was delivered under it. Nothing else is lost."))
        if st.button(_("Remove it"), type="primary", key="remove_now", **only(Role.DESIGN)):
            try:
                remove_binding(things(), work.flow, work.name, person().name, keep_records=True)
            except StudioError as error:
                show_error(error)
                return
            forget_work()
            leave()
            st.rerun()
