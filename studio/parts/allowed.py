"""What this session's person may do, on screen: a control that takes a role they lack is there and says so.

st.button(_("Publish"), on_click=publish, **only(Role.DESIGN))

The engine refuses in any case; this keeps people from trying.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.design.people.rights import Role
from studio.person import may, person
from studio.words import _, no_

_WORDS = {
    Role.LOOK: no_("look"),
    Role.MEND: no_("mend"),
    Role.DESIGN: no_("design"),
    Role.ADMINISTER: no_("administer"),
}


def role_in_words(role: Role) -> str:
    """The role as people read it."""
    return _(_WORDS[role])


def lacks(role: Role) -> str:
    """Why a control is disabled that takes this role; "" where the person has it."""
    return "" if may(role) else _("Takes the role “{role}”", role=role_in_words(role))


def only(role: Role, *, disabled: bool = False, help: str | None = None) -> dict[str, Any]:
    """`disabled` and `help` of a control that takes this role; those given count where the person has it."""
    missing = lacks(role)
    return {"disabled": True, "help": missing} if missing else {"disabled": disabled, "help": help}


def say_looking(role: Role) -> None:
    """A line on top of what can only be looked at without this role; nothing where the person has it."""
    missing = lacks(role)
    if missing:
        said = _("You may look at this. To change it takes the role “{role}”.", role=role_in_words(role))
        st.caption(f":material/visibility: {said}")


def refuse_page(role: Role) -> None:
    """What a page says that this person may not open, whatever the address."""
    st.header(_("This page is not open to you"), anchor=False)
    held = person().role
    if held is not None:
        here = _("Your role here is “{held}”.", held=role_in_words(held))
        takes = _("This page takes the role “{role}”.", role=role_in_words(role))
        ask = _("Somebody who administers this workspace can give it to you.")
        st.info(f"{here} {takes} {ask}", icon=":material/lock:")
