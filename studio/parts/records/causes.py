"""What is wrong at the moment, each cause with what it comes to, its ways out, and whether it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from engine.design.people.rights import Role
from engine.design.support.causes import Cause, causes
from engine.design.support.mended_causes import RUN, Looked, State, look_at, remembered
from engine.design.support.telling import FIELD, LOOK, LOOKUP, SETTING, SYSTEM, Way
from studio.parts.allowed import only
from studio.parts.records.states import flow_called
from studio.parts.records.together import draw_progress, is_sending, send_together
from studio.parts.trouble import plain
from studio.state import things
from studio.words import _, moment, money, n_, no_, translations

_MOST = 5  # that are shown at first
_MOST_CHARS = 160
_CHOSEN = "records_cause"
_ICONS = {
    FIELD: "account_tree",
    LOOKUP: "table",
    SETTING: "tune",
    SYSTEM: "cable",
    LOOK: "search",
    RUN: "play_circle",
}
_BADGES = {
    State.MENDED: (no_("Mended"), "green", "check"),
    State.PARTLY: (no_("Partly mended"), "orange", "adjust"),
    State.NOT: (no_("Not mended"), "gray", "build"),
}

Place = tuple[str, str, str]
Slots = dict[Place, Any]


def chosen() -> Place | None:
    """The cause whose records are looked at."""
    held = st.session_state.get(_CHOSEN)
    return None if held is None else (held[0], held[1], held[2])


def choose(each: Cause) -> None:
    """Search for the records of a cause; anything else that is searched for takes its place."""
    st.session_state[_CHOSEN] = (*each.place, each.what)


def leave_cause() -> None:
    st.session_state.pop(_CHOSEN, None)


class CausesOnPage:
    """The causes as they are drawn: what is known of them at once, and the rest once the page stands."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._waiting: list[tuple[Cause, Any]] = []

    def draw(self) -> None:
        """What needs somebody; nothing where all is well."""
        if is_sending():
            draw_progress()
            return
        found = causes(things(), translations())
        if not found:
            return
        st.subheader(_("What needs somebody"), anchor=False)
        self.draw_these(found[:_MOST])
        rest = found[_MOST:]
        if rest:
            said = n_("{n} more", "{n} more", len(rest))
            more = st.expander(said, key="more_causes", on_change="rerun")
            if more.open:
                with more:
                    self.draw_these(rest)

    def draw_chosen(self) -> None:
        """The cause whose records are shown, and the way back to all."""
        held = st.session_state[_CHOSEN]
        if is_sending():
            draw_progress()
        found = [each for each in causes(things(), translations()) if each.place == chosen()]
        if found and not is_sending():
            self.draw_these(found)
        with st.container(horizontal=True, vertical_alignment="center", key="records_of_cause"):
            said = _("Only those parked for: {what}") if found else _("Nothing is parked any more for: {what}")
            st.markdown(said.format(what=f"**{plain(held[3])}**"), width="stretch")
            st.button(_("All records"), icon=":material/close:", type="tertiary", on_click=leave_cause)

    def draw_these(self, found: Sequence[Cause]) -> None:
        """What is about a connection stands apart from what is about data."""
        known = remembered(things(), found, translations())
        is_mixed = len({each.is_set_up for each in found}) > 1
        for part, title in ((True, _("Connections")), (False, _("Records"))):
            some = [each for each in found if each.is_set_up is part]
            if some and is_mixed:
                st.caption(title)
            for each in some:
                self._draw(each, known.get(each.place))

    def _draw(self, each: Cause, looked: Looked | None) -> None:
        """A box that stands at once; whether it is mended comes into it later, where that is not known yet."""
        with st.container(border=True, gap="xsmall", key=f"cause_{_key(each)}"):
            icon = ":material/cable: " if each.is_set_up else ""
            st.markdown(f"{icon}**{plain(_sentence(each.what))}**  \n:small[{' · '.join(_about(each, self._titles))}]")
            slot = st.container(gap="xsmall")
        if looked is None:
            self._waiting.append((each, slot))
        else:
            _draw_looked(each, looked, slot)

    def look_further(self) -> None:
        """Whether the others are mended, one after the other: whoever clicks meanwhile is served between two."""
        for each, slot in self._waiting:
            for looked in look_at(things(), [each], translations()).values():
                _draw_looked(each, looked, slot)
        self._waiting = []


def _draw_looked(each: Cause, looked: Looked, slot: Any) -> None:
    key = _key(each)
    with slot:
        st.markdown(_verdict(each, looked))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if looked.state is not State.NOT:
                _send(each, key, looked.state)
            for number, way in enumerate(looked.ways):
                _way(each, looked, way, f"cause_way_{key}_{number}")
            if looked.state is State.NOT:
                _send(each, key, looked.state)
            if each.name is not None and each.place != chosen():
                st.button(_("Show them"), key=f"show_cause_{key}", type="tertiary", on_click=lambda: choose(each))


def _send(each: Cause, key: str, state: State) -> None:
    """The first thing to do where they would go; the last where they would not."""
    if each.name is None:
        return
    type_: Literal["primary", "secondary", "tertiary"] = (
        "primary" if state is State.MENDED else "tertiary" if state is State.NOT else "secondary"
    )
    icon = ":material/send:"
    if st.button(_("Send them"), key=f"send_cause_{key}", icon=icon, type=type_, **only(Role.MEND)):
        st.dialog(_("Send them"), icon=icon)(_ask)(each, state is State.MENDED)


def _verdict(each: Cause, looked: Looked) -> str:
    """As a badge with a word, and in a sentence."""
    said = f":small[{plain(looked.says)}]"
    if looked.state in _BADGES:
        word, colour, icon = _BADGES[looked.state]
        badge = f":{colour}-badge[:material/{icon}: {_(word)}]"
        if looked.state is State.MENDED and each.records:
            can = n_("{n} record can be sent now.", "{n} records can be sent now.", each.records)
            return f"{badge} {can} {said}"
        return f"{badge} {said}"
    return f":blue-badge[:material/update: {_('Something has changed')}] {said}" if looked.has_changed else said


def _way(each: Cause, looked: Looked, way: Way, key: str) -> None:
    if way.kind == LOOK:
        st.markdown(f":material/{_ICONS[LOOK]}: {plain(way.says)}")
    elif way.kind in _ICONS and st.button(plain(way.says), icon=f":material/{_ICONS[way.kind]}:", key=key):
        _take(each, looked, way)


def _take(each: Cause, looked: Looked, way: Way) -> None:
    """Go where it can be mended."""
    pages = st.session_state["pages"]
    if way.kind == LOOKUP:
        st.switch_page(pages["lookups"], query_params={"flow": each.flow, "lookup": way.lookup})
    elif way.kind == FIELD:
        place = {"flow": each.flow, "step": way.step, "field": way.field, "sample": looked.sample}
        st.switch_page(pages["mapping"], query_params={name: held for name, held in place.items() if held})
    elif way.kind == SETTING:
        st.switch_page(pages["runs"], query_params={"flow": each.flow, "binding": each.binding, "part": "answers"})
    elif way.kind == SYSTEM:
        st.switch_page(pages["systems"], query_params={"system": way.system})
    elif way.kind == RUN:
        st.switch_page(pages["runs"], query_params={"flow": each.flow})


def _ask(each: Cause, is_mended: bool) -> None:
    """In a dialog, which the keyboard comes to at once: a popover stands at the end of the page."""
    st.markdown(f"**{plain(_sentence(each.what))}**")
    if not is_mended:
        st.markdown(_("Mend the cause first; what is still wrong stays parked."))
    said = n_("Send {n} record now", "Send {n} records now", each.records)
    if st.button(said, key="send_cause_now", type="primary", **only(Role.MEND)):
        send_together(each)
        st.rerun()


def _key(each: Cause) -> str:
    """Its own wherever it stands in the list."""
    return "_".join(each.place)


def _sentence(what: str) -> str:
    """Short enough for a heading, and beginning as one."""
    shown = what if len(what) <= _MOST_CHARS else what[: _MOST_CHARS - 1] + "…"
    return shown[:1].upper() + shown[1:]


def _about(each: Cause, titles: Mapping[str, str]) -> list[str]:
    said = [flow_called(titles.get(each.flow, each.flow), each.binding)]
    if each.stops_the_flow:
        said.append(_("the flow is stopped"))
        if each.behind:
            said.append(n_("{n} record waits behind it", "{n} records wait behind it", each.behind))
    else:
        said.append(n_("{n} record", "{n} records", each.records))
        said += [plain(money(amount, currency)) for currency, amount in sorted(each.amounts.items())]
    return [*said, _("since {moment}", moment=moment(each.since))]
