"""The flow's examples: records with what is expected of them, tried on the draft."""

from __future__ import annotations

import streamlit as st

from engine.errors import Json
from studio.parts.mapping.said import difference, problem, say
from studio.parts.mapping.work import Work
from studio.parts.trouble import plain
from studio.words import _


def draw_examples(work: Work) -> None:
    """Each example with whether it is as expected; the sample becomes one with a click."""
    rows = work.view.examples()
    wrong = [row for row in rows if row["ok"] is False]
    if rows and not wrong:
        st.markdown(f":material/check_circle: {_('Every example gives what is expected of it.')}")
    for row in [*wrong, *(row for row in rows if row["ok"] is not False)]:
        _example(work, row)
    if work.sample is not None:
        _keep_sample(work, work.sample)


def _example(work: Work, row: dict[str, Json]) -> None:
    icon, word = {
        True: ("check_circle", _("as expected")),
        False: ("error", _("differs")),
        None: ("pending", _("expects nothing yet")),
    }[row["ok"]]
    if row.get("problem"):
        st.html(problem({"severity": "error", **row["problem"]}))
        return
    with st.expander(f":material/{icon}: {plain(row['title'])} · {word}", expanded=row["ok"] is False):
        for each in row["differences"]:
            say(difference(each["path"], each["expected"], each["found"], each["hint"]))
        st.button(
            _("Remove this example"),
            key=f"example_{row['index']}_{work.draft.revision}",
            type="tertiary",
            icon=":material/delete:",
            on_click=work.do,
            args=({"op": "remove_example", "index": row["index"], "title": row["title"]},),
        )


def _keep_sample(work: Work, sample: dict[str, Json]) -> None:
    """What the sample gives today, kept as what is expected from now on."""
    with st.popover(_("Keep this sample as an example"), icon=":material/add:"):
        st.write(
            _(
                "What the draft makes of the sample now becomes what is expected of it: later changes that give "
                "something else are shown before they are published."
            )
        )
        st.caption(_("The record is written into the flow's file as it is: do not keep real people's data."))
        title = st.text_input(_("Title of the example"), key=f"example_title_{work.draft.revision}")
        if st.button(_("Keep it"), disabled=not title.strip(), key="keep_example"):
            example = {"title": title.strip(), "given": sample, "expected": work.view.expected()}
            work.do({"op": "add_example", "example": example})
            st.rerun(scope="fragment")
