"""One system's page: its questions, a test that says what it finds, and its connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import urlsplit

import streamlit as st

from engine.design.connecting import consent
from engine.design.connecting.catalogue import Connector, Entry, disconnect, flows_using
from engine.design.connecting.finding import Finding
from engine.design.connecting.keeping import is_local, with_kept
from engine.design.connecting.options import options
from engine.design.connecting.trying import connect, offers_consent, try_connection
from engine.design.people.rights import Role
from engine.design.questionnaire import Option, Question, answer_problems, asked, only_asked
from engine.errors import DocumentError, Json, StudioError
from studio.consent_route import PATH
from studio.parts.allowed import only, say_looking
from studio.parts.leaving import leave_for
from studio.parts.questionnaire import Form, draw
from studio.parts.trouble import plain, show_error, show_problems
from studio.person import may
from studio.state import things
from studio.words import _


@dataclass(slots=True)
class Work:
    """What somebody is doing with one system. generation: begins the widgets anew once secrets are kept."""

    typed: dict[str, Json] = field(default_factory=dict, repr=False)
    generation: int = 0
    sandbox: bool | None = None
    show_missing: bool = False
    finding: Finding | None = None
    refused: bool = False  # the finding kept the answers from being kept
    options: dict[str, list[Option]] = field(default_factory=dict)


def draw_connection(entry: Entry, connector: Connector) -> None:
    """The form, its buttons, and what was found."""
    work = work_on(entry.name)
    kept = things().ledger.connection(entry.name)
    held = {n: v for n, v in kept.answers.items() if n not in kept.secrets} if kept else {}
    answers = {**held, **work.typed}
    whole = with_kept(things(), connector, answers) if may(Role.ADMINISTER) else answers
    full = only_asked(connector.questions, whole)
    say_looking(Role.ADMINISTER)
    _draw_form(entry, connector, work, answers, full)
    sandbox = _sandbox(entry, connector, work, full)
    allow_private = sandbox or bool(kept and kept.allow_private and with_kept_host(kept.answers, full))
    if offers_consent(connector):
        _redirect_hint()
    _buttons(entry, connector, work, full, allow_private=allow_private)
    draw_finding(work.finding, connector)
    if work.refused:
        _keep_even_so(connector, work, full, allow_private=allow_private)


def with_kept_host(kept: Mapping[str, Json], answers: Mapping[str, Json]) -> bool:
    """Are these the kept answers still, so that what was allowed for them holds?"""
    return all(kept.get(name) == value for name, value in answers.items() if name in kept)


def work_on(system: str) -> Work:
    """This session's work on a system."""
    return cast(Work, st.session_state.setdefault(f"connecting {system}", Work()))


def _draw_form(
    entry: Entry, connector: Connector, work: Work, answers: Mapping[str, Json], full: Mapping[str, Json]
) -> None:
    secrets = connector.secret_questions()
    kept = {name for name in secrets if name in full and not work.typed.get(name)}
    if not may(Role.ADMINISTER) and entry.connected:
        kept = secrets
    if entry.connected and not entry.connected.needs_sign_in:
        kept |= {name for name in connector.token_questions() if not work.typed.get(name)}

    def answered(name: str, value: Json) -> None:
        work.typed[name] = value
        work.finding, work.refused = None, False

    def live(question: Question) -> list[Option]:
        if question.name not in work.options:
            asked_with = full if may(Role.ADMINISTER) else None  # through what is kept
            work.options[question.name] = options(
                things(), connector, question, asked_with, allow_private=bool(work.sandbox)
            )
        return work.options[question.name]

    key = f"question_{entry.name}_{work.generation}"
    suspect = work.finding.question if work.finding and not work.finding.ok else ""
    form = Form(
        key,
        answered,
        kept=kept,
        suspect=suspect,
        show_missing=work.show_missing,
        options=live if may(Role.ADMINISTER) or entry.connected else None,
        is_closed=not may(Role.ADMINISTER),
    )
    draw(asked(connector.questions, answers), form)


def _sandbox(entry: Entry, connector: Connector, work: Work, full: Mapping[str, Json]) -> bool:
    """Whether it is a sandbox, asked only where the address is on this machine."""
    if not is_local(full, connector):
        return False
    if work.sandbox is None:
        work.sandbox = bool(entry.connected and entry.connected.allow_private)
    work.sandbox = st.checkbox(
        _("This is a sandbox on this machine"),
        value=work.sandbox,
        key=f"sandbox_{entry.name}_{work.generation}",
        help=_("Addresses on this machine are spoken to only where you say so, since a shop's would not be here."),
        disabled=not may(Role.ADMINISTER),
    )
    return work.sandbox


def _buttons(entry: Entry, connector: Connector, work: Work, full: dict[str, Json], *, allow_private: bool) -> None:
    by_consent = offers_consent(connector)
    has_token = any(work.typed.get(name) for name in connector.token_questions())
    with st.container(horizontal=True, vertical_alignment="center", key="connection_buttons"):
        if st.button(_("Test it"), icon=":material/network_check:", key="test_it", **only(_testing(entry))):
            _act(connector, work, full, allow_private=allow_private, keeping=False)
        signing_in = False
        is_in = entry.connected is not None and not entry.connected.needs_sign_in
        if by_consent and not has_token:
            label = _("Sign in again …") if entry.connected else _("Sign in …")
            kind: Literal["primary", "secondary"] = "secondary" if is_in else "primary"
            signing_in = st.button(label, type=kind, icon=":material/login:", key="sign_in", **only(Role.ADMINISTER))
        if not by_consent or has_token or is_in:
            label = _("Save changes") if entry.connected else _("Connect")
            unchanged = is_in and not work.typed
            if st.button(
                label,
                type="primary",
                icon=":material/add_link:",
                key="connect",
                **only(Role.ADMINISTER, disabled=unchanged),
            ):
                _act(connector, work, full, allow_private=allow_private, keeping=True)
        if entry.connected is not None:
            st.space("stretch")
            draw_disconnect(entry)
    if signing_in:
        _sign_in(connector, work, full, allow_private=allow_private)


def _is_complete(connector: Connector, work: Work, full: Mapping[str, Json]) -> bool:
    work.show_missing = True
    return not answer_problems(connector.questions, full, connector.title)


def _act(
    connector: Connector,
    work: Work,
    full: dict[str, Json],
    *,
    allow_private: bool,
    keeping: bool,
    even_so: bool = False,
) -> None:
    """Test the answers, and keep them where that is asked for and they work."""
    if may(Role.ADMINISTER) and not _is_complete(connector, work, full):
        st.rerun()
    with st.spinner(_("Asking {system} …", system=plain(connector.title))):
        try:
            if keeping:
                found = connect(things(), connector, full, allow_private=allow_private, even_so=even_so)
            else:
                typed = full if may(Role.ADMINISTER) else None
                found = try_connection(things(), connector, typed, allow_private=allow_private)
        except DocumentError as error:
            found = Finding(False, problem=error.problems[0])
    work.finding, work.refused = found, keeping and not (found.ok or even_so)
    if keeping and (found.ok or even_so):
        _begin_anew(work)
    st.rerun()


def _begin_anew(work: Work) -> None:
    """What was typed is kept now: the form shows what is kept, and no secret stays with the browser."""
    work.typed = {}
    work.generation += 1
    work.show_missing = False
    work.options = {}


def draw_finding(finding: Finding | None, connector: Connector) -> None:
    """What a test came to."""
    if finding is None:
        return
    if finding.problem is not None:
        said = f"**{plain(connector.title)}:** {plain(finding.problem.what)}"
        box, icon = (st.info, ":material/login:") if finding.needs_sign_in else (st.error, ":material/error:")
        box(f"{said}  \n{plain(finding.problem.what_to_do)}", icon=icon)
        return
    lines = "\n".join(f"- {plain(sentence)}" for sentence in finding.sentences)
    with st.container(key="finding"):
        st.success(
            f"**{_('{system} answers and lets us in.', system=plain(connector.title))}**\n\n{lines}",
            icon=":material/check_circle:",
        )
    show_problems(finding.notes)


def _testing(entry: Entry) -> Role:
    """What is connected may be tested by whoever mends; answers of one's own are for those who administer."""
    return Role.MEND if entry.connected is not None else Role.ADMINISTER


def _keep_even_so(connector: Connector, work: Work, full: dict[str, Json], *, allow_private: bool) -> None:
    st.caption(_("Nothing was kept: what was connected before, if anything, still is."))
    if st.button(_("Keep these answers all the same"), type="tertiary", key="keep_even_so", **only(Role.ADMINISTER)):
        _act(connector, work, full, allow_private=allow_private, keeping=True, even_so=True)


def redirect_address() -> str:
    """Where other systems send the browser back to."""
    here = urlsplit(st.context.url or "http://127.0.0.1:8501")
    return f"{here.scheme}://{here.netloc}{PATH}"


def _redirect_hint() -> None:
    """Where the other system must send the browser back to: it accepts only what is registered there."""
    with st.container(key="question_redirect_row"):
        left, right = st.columns([1, 0.85], gap="medium")
        with left:
            st.caption(_("Redirect address"))
            st.code(redirect_address(), language=None)
        with right:
            st.caption(_("Register this address with your application in the other system, letter by letter."))


def _sign_in(connector: Connector, work: Work, full: dict[str, Json], *, allow_private: bool) -> None:
    """Leave for the other system's sign-in; the way back ends at this page again."""
    if not _is_complete(connector, work, full):
        st.rerun()
    tokens = connector.token_questions()
    answers = {name: value for name, value in full.items() if name not in tokens}
    try:
        begun = consent.begin(things(), connector, answers, redirect_address(), allow_private=allow_private)
    except StudioError as error:
        show_error(error)
        return
    leave_for(begun.address)


def draw_disconnect(entry: Entry) -> None:
    """The button that lets a connection go, after asking."""
    if st.button(
        _("Disconnect …"), type="tertiary", icon=":material/link_off:", key="disconnect", **only(Role.ADMINISTER)
    ):
        st.dialog(_("Disconnect {system}?", system=entry.title))(_draw_disconnecting)(entry)


def _draw_disconnecting(entry: Entry) -> None:
    st.write(_("Its answers, secrets and sign-in are forgotten here. What was read and made stays remembered."))
    flows = flows_using(things(), entry.name)
    if flows:
        st.warning(
            _("These flows cannot run until it is connected again: {flows}", flows=plain(", ".join(flows))),
            icon=":material/warning:",
        )
    with st.container(horizontal=True):
        if st.button(
            _("Disconnect"), type="primary", icon=":material/link_off:", key="disconnect_now", **only(Role.ADMINISTER)
        ):
            disconnect(things(), entry.name)
            st.session_state.pop(f"connecting {entry.name}", None)
            st.rerun()
        if st.button(_("Stay connected"), key="stay_connected"):
            st.rerun()
