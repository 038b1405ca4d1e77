"""After something was mended: a line that says how many records it held back, and the way to send them."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.support.causes import Cause
from engine.design.support.mended_causes import mended_now
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.records.causes import choose, leave_cause
from studio.parts.trouble import show_error
from studio.state import things
from studio.words import _, n_, translations

_OFFERED = "offers_to_send"  # the flow that was published


def offer_after_publishing(flow: str) -> None:
    """From now on `draw_offer` looks whether records of this flow would go."""
    st.session_state[_OFFERED] = flow


def draw_offer(flow: str) -> None:
    """What publishing this flow has mended, until it is hidden."""
    if st.session_state.get(_OFFERED) == flow and not offer_to_send(flow):
        st.session_state.pop(_OFFERED)


def offer_to_send(flow: str) -> bool:
    """The records of this flow that were held back, and would go now; false where there are none."""
    try:
        with st.spinner(_("Looking at the records …")):
            mended = mended_now(things(), flow, translations())
    except StudioError as error:
        show_error(error)
        return False
    if not mended:
        return False
    count = sum(each.records for each in mended)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="offer_to_send"):
        said = n_(
            "{n} record was held back by this and can be sent now.",
            "{n} records were held back by this and can be sent now.",
            count,
        )
        st.markdown(f":material/check_circle: {said}", width="content")
        if st.button(_("Go and send them"), key="go_to_mended", icon=":material/send:", **only(Role.MEND)):
            _go(mended)
        st.button(_("Hide"), key="hide_offer", type="tertiary", on_click=lambda: st.session_state.pop(_OFFERED, None))
    return True


def _go(mended: list[Cause]) -> None:
    """To the records of the cause; to all causes where several were mended."""
    st.session_state.pop(_OFFERED, None)
    if len(mended) == 1:
        choose(mended[0])
    else:
        leave_cause()
    st.switch_page(st.session_state["pages"]["records"])
