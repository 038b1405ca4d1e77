"""Records by day and outcome: bars with a pattern and a legend in words, and the same as a table.

Drawn as elements of the page: it is there with the first paint, takes the reader's colours, and a handful beside
thousands is still seen.
"""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from engine.design.home.throughput import Group, Throughput
from studio.words import _, day, number, short_day

_LEAST = 3.0  # percent of the height, for what is not nothing
_STEPS = (1, 2, 5)


def draw_chart(held: Throughput) -> None:
    """The chart, and the table for whoever reads rather than looks."""
    st.subheader(_("The last {n} days", n=len(held.days)), anchor=False)
    if not held.total:
        st.caption(_("Nothing has come of any record in these days."))
        return
    st.html(_figure(held))
    with st.expander(_("As a table"), key="home_table", icon=":material/table_rows:"):
        st.html(_table(held))


def _figure(held: Throughput) -> str:
    most = nice_most(max(sum(held.of(each).values()) for each in held.days))
    bars = "".join(_bar(held, each, most) for each in held.days)
    legend = "".join(_key(held, group) for group in held.words)
    axis = "".join(f"<span>{escape(number(mark))}</span>" for mark in (most, most // 2, 0))
    parts = f'<div class="ms-axis">{axis}</div><div class="ms-bars">{bars}</div><ul class="ms-legend">{legend}</ul>'
    said = escape(_in_a_sentence(held), quote=True)
    return f'<figure class="ms-days" role="img" aria-label="{said}">{parts}</figure>'


def _key(held: Throughput, group: Group) -> str:
    times = escape(number(_sum(held, group)))
    return f'<li><span class="ms-key ms-{group.value}"></span>{escape(held.words[group])} <b>{times}</b></li>'


def _bar(held: Throughput, on: date, most: int) -> str:
    counts = {group: times for group, times in held.of(on).items() if times}
    parts = "".join(
        f'<span class="ms-{group.value}" style="height:{max(100 * times / most, _LEAST):.2f}%"></span>'
        for group, times in counts.items()
    )
    told = f"{day(on)}: " + (_counts(held, counts) or _("nothing"))
    return (
        f'<div class="ms-day" title="{escape(told, quote=True)}"><div class="ms-stack">{parts}</div>'
        f"<small>{escape(short_day(on))}</small></div>"
    )


def _table(held: Throughput) -> str:
    heads = "".join(f'<th scope="col">{escape(word)}</th>' for word in held.words.values())
    rows = "".join(
        f'<tr><th scope="row">{escape(day(on))}</th>'
        + "".join(f"<td>{escape(number(times))}</td>" for times in held.of(on).values())
        + "</tr>"
        for on in reversed(held.days)
    )
    head = f'<tr><th scope="col">{escape(_("Day"))}</th>{heads}</tr>'
    table = f'<table class="ms-table"><thead>{head}</thead><tbody>{rows}</tbody></table>'
    return f'<div class="ms-scroll" tabindex="0">{table}</div>'


def _in_a_sentence(held: Throughput) -> str:
    sums = {group: _sum(held, group) for group in held.words}
    return _("Records by day and outcome. In {n} days: {counts}.", n=len(held.days), counts=_counts(held, sums))


def _counts(held: Throughput, counts: dict[Group, int]) -> str:
    return ", ".join(f"{number(times)} {held.words[group]}" for group, times in counts.items())


def _sum(held: Throughput, group: Group) -> int:
    return sum(held.of(on)[group] for on in held.days)


def nice_most(most: int) -> int:
    """The top of the axis: the next round number that leaves no bar above it, and whose half is one as well."""
    scale = 1
    while True:
        for step in _STEPS:
            if step * scale * 2 >= most:
                return step * scale * 2
        scale *= 10
