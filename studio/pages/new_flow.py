"""A new flow: what goes where, what happens on the way, and the settings, with a real order moving beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from engine.design.questionnaire import Question, asked
from engine.design.samples import newest, record_of, samples, title_of
from engine.design.starter import Offer, Samples, StarterResult, offers, starter
from engine.design.starter.live import live_samples
from engine.design.view import View
from engine.errors import Json, Problem, StudioError
from studio.parts.header import header
from studio.parts.moving_result import draw_result
from studio.parts.questionnaire import Form, draw
from studio.parts.step_names import step_called
from studio.parts.trouble import plain, show_error, show_problem, show_problems
from studio.state import drafts, editor_id, things
from studio.words import _, n_, translations, written

_KEY = "new_flow"
_MOST_FIELDS = 3
_NAME = re.compile(r"[^a-z0-9]+")


@dataclass
class Making:
    """What was chosen and answered so far, and what the sample became before the last answer and after it.

    resource and process: which records are read, and what is done with them; choice: the name of both together;
    sound: the answers of which a flow could be made last; wrong: why those there are now make none.
    """

    source: str = ""
    target: str = ""
    choice: str = ""
    resource: str = ""
    process: str = ""
    answers: dict[str, Json] = field(default_factory=dict)
    sound: dict[str, Json] = field(default_factory=dict)
    wrong: StudioError | None = None
    before: dict[tuple[str, str], str] = field(default_factory=dict)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    shown_for: dict[str, Json] = field(default_factory=dict)
    sample: dict[str, Json] | None = None
    sample_of: tuple[str, str] = ("", "")


def new_flow_page() -> None:
    """Draw it."""
    header(_("New flow"), _("Choose what goes where, answer what is asked, and begin with a mapping that works."))
    known = offers(things().workspace)
    making: Making = st.session_state.setdefault(_KEY, Making())
    if not known:
        st.info(_("There are not two systems described in this workspace yet."), icon=":material/info:")
        return
    offer = _choose(known, making)
    if offer is None:
        return
    for problem in offer.why_not:
        show_problem(problem)
    if not offer.is_possible:
        return
    missed: list[Problem] = []
    made = _made(making, missed)
    if made is None:
        return
    _read_sample(made, making)
    view = View.of(things(), _name(making), made.text, making.sample, translations=translations(), wait=2.0)
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        _process(made)
        show_problems(problem for problem in missed if problem.severity == "warning")
        _settings(made, making, view)
        _make(made, making)
    with right, st.container(key="moving_result"):
        if making.answers != making.shown_for:  # marks stay until the next answer, however often the page is drawn
            making.before, making.shown_for = making.shown, dict(making.answers)
        making.shown = draw_result(view, making.before, _record_called(made, making))
        if not making.shown:  # of a flow that changes what it finds, nothing can be known before it was looked for
            st.caption(_("What is sent depends on what is found in {target}.", target=plain(offer.target_title)))


def _made(making: Making, missed: list[Problem]) -> StarterResult | None:
    """The flow as answered. While an answer is wrong it stays as it was before, so that the answer can be mended."""
    desk = things()
    found = live_samples(desk, missed.append)
    try:
        made = _flow(making, making.answers, found)
    except StudioError as error:
        making.wrong = error
        if making.answers == making.sound:
            show_error(error)
            return None
        return _flow(making, making.sound, found)
    making.sound, making.wrong = dict(making.answers), None
    return made


def _flow(making: Making, answers: Mapping[str, Json], found: Samples) -> StarterResult:
    return starter(things().workspace, making.source, making.target, making.resource, answers, found, making.process)


def _choose(known: list[Offer], making: Making) -> Offer | None:
    """Three choices; those that lead nowhere are said with their reason."""
    connected = {each.name for each in things().ledger.connections()}
    titles = {offer.source: offer.source_title for offer in known} | {
        offer.target: offer.target_title for offer in known
    }

    def called(name: str) -> str:
        return f"{titles[name]} · {_('connected')}" if name in connected else titles[name]

    place = st.query_params
    first, second, third = st.columns(3)
    with first:
        sources = list(dict.fromkeys(offer.source for offer in known))
        source = st.selectbox(
            _("From"), sources, index=_place(sources, place.get("source")), format_func=called, key="new_source"
        )
    with second:
        targets = list(dict.fromkeys(offer.target for offer in known if offer.source == source))
        target: str = st.selectbox(
            _("To"), targets, index=_place(targets, place.get("target")), format_func=called, key=f"new_target_{source}"
        )
    between = [offer for offer in known if (offer.source, offer.target) == (source, target)]
    with third:
        kinds = [offer.choice for offer in between]
        choice = st.selectbox(
            _("Records"),
            kinds or [""],
            index=_place(kinds, place.get("records")),
            format_func=lambda name: written(next(o.resource_title for o in between if o.choice == name)),
            key=f"new_records_{source}_{target}",
        )
    for name, value in (("source", source), ("target", target), ("records", choice)):
        if value:
            place[name] = value
    chosen = next((offer for offer in between if offer.choice == choice), None)
    if (making.source, making.target, making.choice) != (source, target, choice):
        making.source, making.target, making.choice = source, target or "", choice or ""
        making.resource, making.process = (chosen.resource, chosen.kind) if chosen else ("", "")
        making.answers, making.sound, making.wrong = {}, {}, None
        making.shown_for, making.sample = {}, None
        making.before, making.shown = {}, {}
    return chosen


def _place(names: list[str], wanted: str | None) -> int:
    return names.index(wanted) if wanted in names else 0


def _process(made: StarterResult) -> None:
    st.subheader(_("What happens"), anchor=False)
    st.markdown("\n".join(f"{number}. {plain(written(said))}" for number, said in enumerate(made.process, 1)))
    if made.gaps:
        title = n_("{n} thing that could not be filled", "{n} things that could not be filled", len(made.gaps))
        with st.expander(title, icon=":material/info:"):
            for gap in made.gaps:
                st.markdown(f"- {plain(gap.what)} {plain(gap.what_to_do)}")


def _settings(made: StarterResult, making: Making, view: View) -> None:
    """The questions, each with the fields that its answer changes."""
    schema = {"type": "object", "properties": {q["name"]: _without_name(q) for q in made.questions}}
    answers = {q["name"]: q["default"] for q in made.questions if "default" in q} | making.answers
    st.subheader(_("Settings"), anchor=False)
    if not made.questions:
        st.caption(_("Nothing needs to be set."))

    def answered(name: str, value: Json) -> None:
        making.answers[name] = value

    def touches(question: Question) -> None:
        said = _touched(made.touches.get(question.name, []), view)
        if said:
            st.caption(f":material/arrow_forward: {_('Changes: {fields}', fields=plain(said))}")

    draw(
        asked(schema, answers),
        Form(key=f"new_{making.source}_{making.target}_{making.choice}", answered=answered, aside=touches),
    )


def _touched(places: list[tuple[str, str]], view: View) -> str:
    """The fields that a setting changes, by step; where it changes none, what else it decides."""
    fields: dict[str, list[str]] = {}
    for step, target in places:
        if target:
            fields.setdefault(step, []).append(view.title_of(step, target))
    if not fields:
        return _("which records are taken, or whether a step is done") if places else ""
    said = []
    for step, titles in fields.items():
        more = len(titles) - _MOST_FIELDS
        shown = " · ".join(titles[:_MOST_FIELDS]) + (" " + n_("and {n} more", "and {n} more", more) if more > 0 else "")
        said.append(f"{step_called(step)} ({shown})")
    return "; ".join(said)


def _without_name(question: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in question.items() if key != "name"}


def _read_sample(made: StarterResult, making: Making) -> None:
    """A record to look at, read once for each choice of records."""
    if making.sample is None or making.sample_of != (making.source, making.resource):
        making.sample = _sample(made, making)
        making.sample_of = (making.source, making.resource)


def _sample(made: StarterResult, making: Making) -> dict[str, Json] | None:
    """The newest record of the source where it is connected; else a sample of its connector."""
    desk, name = things(), _name(making)
    if any(each.name == making.source for each in desk.ledger.connections()):
        try:
            return record_of(desk, newest(desk, name, made.text).id, flow_name=name, text=made.text)
        except StudioError as error:
            show_error(error)
    kept = samples(desk, name, made.text)
    return record_of(desk, kept[0].id, flow_name=name, text=made.text) if kept else None


def _record_called(made: StarterResult, making: Making) -> str:
    """What people call the record that is looked at; "" where nothing says so."""
    return title_of(things(), _name(making), making.sample, made.text) if making.sample else ""


def _name(making: Making) -> str:
    return _NAME.sub("-", f"{making.source}-{making.choice}-to-{making.target}".lower()).strip("-")


def _make(made: StarterResult, making: Making) -> None:
    """Its name, and the way on."""
    taken = {*things().workspace.flow_names(), *drafts().names()}
    proposed, number = _name(making), 2
    while proposed in taken:
        proposed, number = f"{_name(making)}-{number}", number + 1
    st.subheader(_("Name"), anchor=False)
    name = st.text_input(
        _("Name of the flow's file"), proposed, help=_("Small letters, digits and hyphens."), key=f"new_name_{proposed}"
    )
    if making.wrong is not None:
        show_error(making.wrong)
    if st.button(_("Make the flow"), type="primary", icon=":material/add:", disabled=making.wrong is not None):
        try:
            drafts().create(name.strip(), made.text, by=editor_id())
        except StudioError as error:
            show_error(error)
            return
        st.session_state.pop(_KEY, None)
        st.switch_page(st.session_state["pages"]["mapping"], query_params={"flow": name.strip()})
