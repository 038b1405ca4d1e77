"""The verdict in one line, what needs somebody with a button each, and the record that has been parked longest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from engine.design.home.needing import Need, Sort
from engine.design.home.whole import Home, Oldest
from studio.parts.home.ways import draw_way, open_record
from studio.parts.home.words import did_not_arrive, not_arrived_in_words, sums
from studio.parts.trouble import plain
from studio.words import _, lasting, n_

_MOST = 6  # that are shown at first
_MOST_CHARS = 140
_VERDICTS = {  # icon and colour
    "needs": (":material/notification_important:", "orange"),
    "well": (":material/check_circle:", "green"),
    "empty": (":material/info:", "blue"),
}
_SORTS = {
    Sort.SET_UP: (":material/power_off:", "red"),
    Sort.RECORDS: (":material/report:", "orange"),
    Sort.LATER: (":material/schedule:", "gray"),
}
_KINDS = {  # of those that stop nothing by themselves
    "first run": (":material/back_hand:", "orange"),
    "telling": (":material/notifications_off:", "orange"),
    "never backed up": (":material/backup:", "orange"),
    "old backup": (":material/backup:", "orange"),
    "agreement": (":material/login:", "orange"),
}


def draw_verdict(found: Home) -> None:
    """Whether anything needs somebody, with an icon and in words."""
    icon, colour = _VERDICTS[found.state]
    with st.container(key="home_verdict"):
        st.subheader(f":{colour}[{icon} {plain(found.headline)}]", anchor=False)
        said = not_arrived_in_words(found.flows)
        if said:
            st.markdown(plain(said))


def draw_needs(found: Home) -> None:
    """Each need in a row; what can wait stands last."""
    keyed = list(_keyed(found.needs))
    if not keyed:
        return
    with st.container(key="home_needs", gap="xsmall"):
        urgent = [(key, need) for key, need in keyed if need.sort is not Sort.LATER]
        later = [(key, need) for key, need in keyed if need.sort is Sort.LATER]
        _draw_some(urgent, found, "home_more_needs")
        if later:
            st.caption(_("This can wait"))
            _draw_some(later, found, "home_more_later")
    if found.oldest is not None:
        _draw_oldest(found.oldest, found)


def _draw_some(keyed: Sequence[tuple[str, Need]], found: Home, more_key: str) -> None:
    for key, need in keyed[:_MOST]:
        _draw(key, need, found)
    more = keyed[_MOST:]
    if more:
        with st.expander(n_("{n} more", "{n} more", len(more)), key=more_key):
            for key, need in more:
                _draw(key, need, found)


def _keyed(needs: Sequence[Need]) -> list[tuple[str, Need]]:
    """Each with a name of its own that stays its own, wherever it stands in the list: the focus stays on its button."""
    seen: Counter[str] = Counter()
    found = []
    for need in needs:
        cause = need.way.cause.place[2] if need.way.cause is not None else need.way.query.get("system", "")
        name = "_".join(part for part in (need.kind.replace(" ", "_"), need.flow, need.binding, cause) if part)
        seen[name] += 1
        found.append((name if seen[name] == 1 else f"{name}_{seen[name]}", need))
    return found


def _draw(key: str, need: Need, found: Home) -> None:
    icon, colour = _KINDS.get(need.kind) or _SORTS[need.sort]
    with st.container(border=True, key=f"need_{key}"):
        told, way = st.columns([5, 1.6], vertical_alignment="center")
        about = " · ".join(_about(need, found))
        line = f":{colour}[{icon}] **{plain(_short(need.what))}**"
        told.markdown(f"{line}  \n:small[{about}]" if about else line)
        with way, st.container(horizontal=True, horizontal_alignment="right"):
            draw_way(need, key)


def _about(need: Need, found: Home) -> list[str]:
    said = [plain(need.about)] if need.about else []
    if need.records:
        kind = next((each.kind for each in found.flows if each.flow == need.flow), "")
        said.append(plain(did_not_arrive(kind, need.records)))
    if need.amounts:
        said.append(plain(sums(need.amounts)))
    if need.behind:
        said.append(plain(n_("{n} record waits behind it", "{n} records wait behind it", need.behind)))
    if need.hint:
        said.append(_("start it with {command}", command=f"`{need.hint}`"))
    if need.since is not None:
        said.append(plain(_("for {time}", time=lasting(need.since, found.now))))
    return said


def _short(what: str) -> str:
    """As a sentence begins, and no longer than two lines."""
    shown = what if len(what) <= _MOST_CHARS else what[: _MOST_CHARS - 1] + "…"
    return shown[:1].upper() + shown[1:]


def _draw_oldest(oldest: Oldest, found: Home) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="home_oldest"):
        record = oldest.record
        said = _(
            "Not arrived for longest: {number}, for {time}",
            number=f"**{plain(record.number)}**",
            time=plain(lasting(record.since, found.now)),
        )
        st.markdown(f"{said} :small[· {plain(oldest.about)}]", width="content")
        if st.button(_("See what happened"), key="open_oldest", type="tertiary", icon=":material/timeline:"):
            open_record(record.id)
