"""What a run would send for the sample now: the systems are asked, nothing is sent."""

from __future__ import annotations

import streamlit as st

from engine.errors import Json
from studio.parts.mapping.said import problem, say, sentence, strong, text, value
from studio.parts.mapping.work import Work
from studio.words import _, no_

_OUTCOMES = {
    "created": no_("The record would be created."),
    "updated": no_("The record would be updated."),
    "unchanged": no_("The record is there already and stays as it is."),
    "skipped": no_("The record would be skipped."),
    "waiting": no_("The record would wait."),
    "parked": no_("The record would be parked for a person to look at."),
}


def draw_rehearsal(work: Work) -> None:
    """Offer it; with the button pressed, ask the systems. StudioError where one of them cannot be asked."""
    if work.sample is None:
        return
    if not st.button(_("Ask the systems what a run would send"), icon=":material/travel_explore:", key="rehearse"):
        say(text(_("Records are looked up in the target as a run does; nothing is sent.")), quiet=True)
        return
    with st.spinner(_("Looking the records up…")):
        told = work.view.rehearse()
    outcome = _OUTCOMES.get(str(told["outcome"]))
    held = str(told["held_back"])
    if held:
        say(strong(_("A run does not take this record now:")), text(sentence(held)), text(_("Were it taken:")))
    reason = "" if held else str(told["reason"])
    say(strong(_(outcome) if outcome else told["outcome"]), text(sentence(reason) if reason else ""))
    for each in told["problems"]:
        st.html(problem(each, str(each["where"])))
    for each in told["requests"]:
        _draw(each)


def _draw(request: dict[str, Json]) -> None:
    say(text(request["system"]), strong(request["method"]), value(request["address"]))
    if request["body"] is not None:
        st.json(request["body"], expanded=1)
