"""Each flow in a row: what it is called, how it is in a word, what did not arrive, when it ran and runs next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.design.home.health import FlowHealth
from engine.design.home.whole import Home
from studio.parts.home.words import badge, next_in_words, run_in_words, standing_in_words
from studio.parts.trouble import plain
from studio.words import _, n_

_WIDTHS = (3.2, 4.4, 2.4)
_MOST = 12  # that are shown at first


def draw_flows(found: Home) -> None:
    """Those in use, the ones that need somebody first; the others by their names only."""
    used = [each for each in found.flows if each.is_in_use]
    others = [each for each in found.flows if not each.is_in_use]
    if used:
        st.subheader(_("Flows"), anchor=False)
        with st.container(key="home_flows", gap="xsmall"):
            for each in used[:_MOST]:
                _draw(each, found)
            if len(used) > _MOST:
                with st.expander(n_("{n} more", "{n} more", len(used) - _MOST), key="home_more_flows"):
                    for each in used[_MOST:]:
                        _draw(each, found)
    if others:
        _draw_others(others)


def _draw(flow: FlowHealth, found: Home) -> None:
    with st.container(border=True, key=f"flow_{flow.flow}_{flow.binding}"):
        named, told, way = st.columns(_WIDTHS, gap="medium", vertical_alignment="center")
        named.markdown(f"**{plain(flow.called)}**  \n{badge(flow)}")
        told.markdown("  \n".join(_lines(flow, found)))
        with way, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
            said = next_in_words(flow, is_served=found.is_served)
            if said:
                st.markdown(f":small[{plain(said)}]", width="content")
            _draw_ways(flow)


def _draw_ways(flow: FlowHealth) -> None:
    open_it = _("Open {name}", name=flow.called)
    key = f"open_{flow.flow}_{flow.binding}"
    if st.button(_("Open"), key=key, type="tertiary", icon=":material/arrow_forward:", help=open_it):
        pages = st.session_state["pages"]
        if flow.problem is not None and not flow.title:
            st.switch_page(pages["flows"])
        st.switch_page(pages["runs"], query_params={"flow": flow.flow, "binding": flow.binding})


def _lines(flow: FlowHealth, found: Home) -> list[str]:
    """What is so, the most important first: Markdown."""
    lines = []
    if flow.problem is not None:
        lines.append(plain(flow.problem.what[:200]))
    if flow.lacking:
        lines.append(plain(_("{systems}: not connected", systems=", ".join(flow.lacking))))
    if flow.pause is not None:
        why = f": {flow.pause.why}" if flow.pause.why else ""
        lines.append(plain(_("paused by {who}", who=flow.pause.who) + why))
    standing = standing_in_words(flow)
    if standing:
        first, *others = standing
        lines.append(plain("; ".join([first, *others])))
    ran = run_in_words(flow, found.now)
    said = " · ".join(part for part in (ran, flow.schedule if flow.is_scheduled else "") if part)
    if said:
        lines.append(f":small[{plain(_capital(said))}]")
    return [_capital(lines[0]), *lines[1:]] if lines else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _draw_others(others: Sequence[FlowHealth]) -> None:
    """Flows that nobody uses yet: they are no trouble, and take no room."""
    said = n_("{n} flow is not in use", "{n} flows are not in use", len(others))
    with st.expander(said, key="home_others", icon=":material/unpublished:"):
        st.markdown("\n".join(f"- {plain(each.called)} {badge(each)}" for each in others))
