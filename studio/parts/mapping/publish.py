"""Publishing a draft with its differences, and the versions there were, to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.design.differences import Change
from engine.design.findings import Findings, findings_of
from engine.design.people.rights import Role
from engine.design.publishing import publish, readiness, roll_back
from engine.design.speech import value_in_words
from engine.design.versions import PUBLISHED, Version, differences, history, text_of
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.mapping.impact import show_impact
from studio.parts.mapping.said import difference, say, strong, text, value
from studio.parts.mapping.work import Work
from studio.parts.records.offering import offer_after_publishing
from studio.parts.trouble import plain, show_error, show_problems
from studio.person import person
from studio.state import things
from studio.words import _, moment, n_, translations

_MOST_CHANGES = 60
_BACK = "version_to_go_back_to"


def publish_dialog(work: Work) -> None:
    """Open it: what changes, what stands in the way, and a name for the version."""
    st.dialog(_("Publish"), width="large", icon=":material/publish:")(_publish)(work)


def _publish(work: Work) -> None:
    say(text(work.head()["title"]), quiet=True)
    try:
        ready = readiness(things(), work.flow, translations())
    except StudioError as error:
        show_error(error)
        return
    if ready.meanwhile is not None:
        st.warning(_("The published flow was changed since this draft began."), icon=":material/warning:")
        show_changes(ready.meanwhile)
    _findings(ready.findings)
    st.markdown(f"**{n_('{n} change', '{n} changes', len(ready.changes))}**")
    show_changes(ready.changes)
    if ready.changes and not ready.findings.errors:
        show_impact(work.flow, ready.draft.text)
    name = st.text_input(_("Name of the version"), placeholder=_("What is new in it, in a few words"))
    over = ready.meanwhile is not None and st.checkbox(_("Publish mine over what changed there"))
    anyway = _reason(ready.findings)
    blocked = bool(ready.findings.errors) or (ready.meanwhile is not None and not over)
    blocked |= not ready.findings.examples_are_well and not anyway.strip()
    if st.button(_("Publish"), type="primary", key="publish_now", **only(Role.DESIGN, disabled=blocked)):
        try:
            done = publish(
                things(),
                work.flow,
                by=person().name,
                name=name,
                over=over,
                anyway=anyway,
                translations=translations(),
            )
        except StudioError as error:
            show_error(error)
            st.caption(_("The draft is kept as it is: publish it again once this is mended."))
            return
        st.session_state["said"] = _("Version {number} is published.", number=done.version.number)
        offer_after_publishing(work.flow)
        st.rerun()


def _findings(findings: Findings) -> None:
    """Errors, and examples that differ."""
    show_problems(findings.errors)
    show_problems(findings.unfinished)
    for tried in findings.differing:
        with st.expander(_("Example “{title}” differs", title=plain(tried.example.title)), icon=":material/warning:"):
            for each in tried.differences:
                expected = value_in_words(each.expected, translations())
                say(difference(each.path, expected, value_in_words(each.found, translations()), each.hint))
    if findings.tried and findings.examples_are_well and not findings.errors:
        st.success(
            n_("{n} example gives what it expects.", "{n} examples give what they expect.", findings.tried),
            icon=":material/check:",
        )


def show_changes(changes: Sequence[Change]) -> None:
    """Differences, place by place."""
    if not changes:
        st.caption(_("Nothing differs."))
        return
    with st.container(height=min(320, 60 + 52 * len(changes)), border=True):
        told = "".join(f"<li>{strong(each.says)}{_sides(each)}</li>" for each in changes[:_MOST_CHANGES])
        st.html(f'<ul class="ms-changes" tabindex="0">{told}</ul>')
        if len(changes) > _MOST_CHANGES:
            left = len(changes) - _MOST_CHANGES
            st.caption(n_("and {n} more", "and {n} more", left))


def _sides(change: Change) -> str:
    """Before and after, in words where there are words."""
    sides = (("−", change.before, change.before_words), ("+", change.after, change.after_words))
    return "".join(_side(sign, held, words) for sign, held, words in sides if held is not None)


def _side(sign: str, held: object, words: str) -> str:
    kind = "ms-removed" if sign == "−" else "ms-added"
    name = _("before") if sign == "−" else _("after")
    said = f" ({text(words)})" if words else ""
    shown = value(value_in_words(held, translations()))
    return f'<span class="ms-side {kind}"><span aria-label="{escape(name)}">{sign}</span> {shown}{said}</span>'


def versions_dialog(work: Work) -> None:
    """Open it: every version of the flow, and the way back to each."""
    st.session_state.pop(_BACK, None)
    st.dialog(_("Versions"), width="large", icon=":material/history:")(_versions)(work)


def _versions(work: Work) -> None:
    say(text(work.head()["title"]), quiet=True)
    try:
        known = history(things(), work.flow)
    except StudioError as error:
        show_error(error)
        return
    if not known.versions:
        st.caption(_("There is none yet: publish the draft, or run the flow."))
    wanted = st.session_state.get(_BACK)
    chosen = next((each for each in known.versions if each.stored.number == wanted), None)
    if chosen is not None:
        _go_back(work, chosen)
        return
    for version in known.versions:
        _version(version)


def _version(version: Version) -> None:
    stored = version.stored
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"version_{stored.number}"):
        name = f" {plain(stored.name)}" if stored.name else ""
        badge = f" :green-badge[{_('published now')}]" if version.is_published else ""
        runs = n_("{n} run", "{n} runs", version.runs)
        who = f" · {plain(stored.who)}" if stored.who else ""
        st.markdown(f"**v{stored.number}**{name}{badge}  \n:small[{moment(stored.at)}{who} · {runs}]", width="stretch")
        if version.is_published or version.is_same_file:
            return
        st.button(
            _("Go back to it"),
            key=f"back_{stored.number}",
            icon=":material/restore:",
            on_click=lambda: st.session_state.update({_BACK: stored.number}),
            **only(Role.DESIGN),
        )


def _go_back(work: Work, version: Version) -> None:
    """What would change by it and what stands in the way; then it is asked."""
    wanted = str(version.stored.number)
    st.button(
        _("All versions"), icon=":material/arrow_back:", type="tertiary", on_click=lambda: st.session_state.pop(_BACK)
    )
    st.markdown(f"**{_('Go back to version {number}?', number=wanted)}**")
    try:
        changes = differences(things(), work.flow, PUBLISHED, wanted, translations()).changes
        findings = findings_of(things(), work.flow, text_of(things(), work.flow, wanted).side.text)
    except StudioError as error:
        show_error(error)
        return
    _findings(findings)
    st.markdown(f"**{n_('{n} change', '{n} changes', len(changes))}**")
    show_changes(changes)
    anyway = _reason(findings)
    blocked = bool(findings.errors) or not (findings.examples_are_well or anyway.strip())
    st.caption(_("It is published at once, under a new number. A draft stays as it is."))
    if st.button(_("Publish it again"), type="primary", key="back_now", **only(Role.DESIGN, disabled=blocked)):
        _roll_back(work, wanted, anyway)


def _roll_back(work: Work, wanted: str, anyway: str) -> None:
    try:
        done = roll_back(things(), work.flow, wanted, by=person().name, anyway=anyway, translations=translations())
    except StudioError as error:
        show_error(error)
        return
    st.session_state["said"] = _(
        "Version {number} is published: it is as version {old} was. A draft stays as it is.",
        number=done.version.number,
        old=wanted,
    )
    offer_after_publishing(work.flow)
    st.rerun()


def _reason(findings: Findings) -> str:
    """Why it is published although examples differ; asked only where they do."""
    if findings.examples_are_well:
        return ""
    return st.text_input(_("Why it is right although examples differ"))
