"""What runs next by itself, in the reader's own time."""

from __future__ import annotations

import streamlit as st

from engine.design.home.whole import Home
from studio.parts.trouble import plain
from studio.words import _


def draw_coming(found: Home) -> None:
    """The next runs; why there are none, where there are none."""
    st.subheader(_("What runs next"), anchor=False)
    if not found.coming:
        said = _("Nothing runs by itself. A flow does once it has a schedule and a person has let it run once.")
        st.caption(said)
        return
    if not found.is_served:
        st.caption(f":material/warning: {_('As soon as serve is running:')}")
    lines = [f"- **{plain(each.next_words)}**  \n  {plain(each.called)}" for each in found.coming]
    with st.container(key="home_coming"):
        st.markdown("\n".join(lines))
