"""The flow's examples: records with what is expected of them, tried on the draft."""

from __future__ import annotations

import streamlit as st

from engine.design.examples_made import example_of
from engine.design.people.rights import Role
from engine.errors import DocumentError, Json
from studio.parts.allowed import only
from studio.parts.mapping.said import difference, problem, say
from studio.parts.mapping.work import Work
from studio.parts.trouble import plain
from studio.state import things
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
            **only(Role.DESIGN),
        )


def _keep_sample(work: Work, sample: dict[str, Json]) -> None:
    """What the sample gives today, kept as what is expected from now on."""
    with st.popover(_("Keep this sample as an example"), icon=":material/add:", **only(Role.DESIGN)):
        st.write(
            _(
                "What the draft makes of the sample now becomes what is expected of it: later changes that give "
                "something else are shown before they are published."
            )
        )
        invents = st.toggle(_("Put invented people in it"), value=True, key="example_invents")
        st.caption(
            _("Names, addresses and numbers of people become invented ones; look at notes and other texts yourself.")
            if invents
            else _("The record is written into the flow's file as it is: do not keep real people's data.")
        )
        title = st.text_input(_("Title of the example"), key=f"example_title_{work.draft.revision}")
        if st.button(_("Keep it"), key="keep_example", **only(Role.DESIGN, disabled=not title.strip())):
            keep_example(work, sample, title.strip(), invents=invents)
            st.rerun(scope="fragment")


def keep_example(work: Work, sample: dict[str, Json], title: str, *, invents: bool) -> None:
    """Add the sample to the draft's examples, with invented people in it if that is wanted."""
    if not invents:
        work.do({"op": "add_example", "example": {"title": title, "given": sample, "expected": work.view.expected()}})
        return
    try:
        made = example_of(things(), work.flow, work.draft.text, sample, title)
    except DocumentError as error:
        work.problems = list(error.problems)
        return
    work.do({"op": "add_example", "example": made.document})
    for what in made.differences:
        st.toast(_("The flow makes something else of the invented record: {what}").format(what=plain(what)))
