"""Values that occur and have no row, each with a proposal and one click to take it."""

from __future__ import annotations

import streamlit as st

from engine.design.localised import code_in_words
from engine.design.lookups import (
    Coverage,
    Occurrence,
    Occurrences,
    Options,
    Proposal,
    Value,
    common_kind,
    shown,
    value_of,
)
from engine.design.people.rights import Role
from studio.parts.allowed import only
from studio.parts.lookups.work import LookupWork
from studio.parts.trouble import plain
from studio.person import may
from studio.words import _, n_, no_, translations

_MOST = 6
_WIDTHS = (2.0, 1.3, 2.5, 1.2)
# the engine's reasons, in the reader's language
REASONS = {
    "same text": no_("it is called the same"),
    "same number": no_("both say {number}"),
    "same kind": no_("it suits the kind “{kind}”"),
    "same row": no_("every row gives this"),
    "similar key": no_("“{key}” gives this"),
    "similar text": no_("it is called nearly the same"),
}


def draw_missing(work: LookupWork, held: Coverage, known: Options) -> None:
    """What is missing, on top where it parks records, else folded away."""
    if not held.missing or held.table.is_read:
        return
    proposed = work.sheet.proposals(work.name, [each.key for each in held.missing])
    many = len(held.missing)
    if held.table.otherwise == "fail":
        with st.container(border=True, key="lookup_missing"):
            says = n_(
                "{n} value occurs and has no row: a record with it is parked.",
                "{n} values occur and have no row: records with them are parked.",
                many,
            )
            st.markdown(f":red[:material/error:] **{says}**")
            _rows(work, held, known, proposed)
        return
    if held.table.otherwise == "leave_out":
        says = n_("{n} value has no row: the field is left out", "{n} values have no row: the field is left out", many)
    else:
        says = n_(
            "{n} value has no row and becomes the value for everything else",
            "{n} values have no row and become the value for everything else",
            many,
        )
    with st.expander(says, icon=":material/info:", key="lookup_uncovered"):
        _rows(work, held, known, proposed)


def _rows(work: LookupWork, held: Coverage, known: Options, proposed: dict[str, Proposal]) -> None:
    shows_all = st.session_state.get("lookup_all_missing", False)
    for number, each in enumerate(held.missing if shows_all else held.missing[:_MOST]):
        _row(work, held, each, known, proposed.get(each.key), number)
    with st.container(horizontal=True, gap="small"):
        if len(proposed) > 1:
            st.button(
                _("Add all {n} proposals", n=len(proposed)),
                icon=":material/done_all:",
                on_click=lambda: _take_all(work, proposed),
                **only(Role.DESIGN),
            )
        if len(held.missing) > _MOST:
            st.toggle(_("Show all {n}", n=len(held.missing)), key="lookup_all_missing")


def _row(
    work: LookupWork, held: Coverage, each: Occurrence, known: Options, proposal: Proposal | None, number: int
) -> None:
    """One value: how often, what it may mean, and the button."""
    key = f"{work.version}_{number}"
    left, middle, right, last = st.columns(_WIDTHS, vertical_alignment="center", gap="small")
    called = work.sheet.meanings.title(each.key)
    with left:
        st.markdown(f"`{_code(each.key)}`" + (f" :gray[{plain(called)}]" if called else ""))
    with middle:
        st.markdown(_occurs(each, held.source))
    with right:
        value = _choice(known, proposal, f"missing_{key}", each.key)
        if proposal is not None:
            st.caption(f":material/lightbulb: {plain(reason(proposal))}")
    with last:
        st.button(
            _("Add"),
            type="primary" if proposal is not None else "secondary",
            key=f"take_{key}",
            on_click=lambda: _take(work, each.key, value),
            width="stretch",
            **only(Role.DESIGN, disabled=value is None),
        )


def _occurs(each: Occurrence, source: str) -> str:
    """In how many records, and the newest; of examples, which have no order, only how many."""
    if source != "stored":
        return n_("in {n} example", "in {n} examples", each.count)
    newest = f"  \n:small[:gray[{_('newest {number}', number=plain(each.newest))}]]" if each.newest else ""
    return f"{n_('in {n} record', 'in {n} records', each.count)}{newest}"


def _choice(known: Options, proposal: Proposal | None, key: str, asked: str) -> str | None:
    """What is chosen for a value, the proposal to begin with; None where nothing is."""
    label = _("Target value for {key}", key=asked)
    names = list(dict.fromkeys(option.value for option in known))
    said = shown(proposal.value) if proposal is not None else ""
    if names:
        place = names.index(said) if said in names else None
        return st.selectbox(
            label,
            names,
            index=place,
            placeholder=_("Choose …"),
            key=key,
            label_visibility="collapsed",
            disabled=not may(Role.DESIGN),
        )
    typed = st.text_input(
        label,
        value=said,
        placeholder=_("Target value"),
        key=key,
        label_visibility="collapsed",
        disabled=not may(Role.DESIGN),
    )
    return typed or None


def reason(proposal: Proposal) -> str:
    """Why it is proposed."""
    parts = dict(proposal.parts)
    if "kind" in parts:
        parts["kind"] = code_in_words(parts["kind"], translations())
    return _(REASONS[proposal.why], **parts)


def _take(work: LookupWork, key: str, text: str | None) -> None:
    if text is not None:
        work.set_row(key, _value(work, text))


def _take_all(work: LookupWork, proposed: dict[str, Proposal]) -> None:
    work.change(
        [{"op": "set_row", "lookup": work.name, "key": key, "value": each.value} for key, each in proposed.items()]
    )


def _value(work: LookupWork, text: str) -> Value:
    """The text as a value of the table's kind, where it is one."""
    try:
        return value_of(text, common_kind(work.table.rows.values()))
    except ValueError:
        return text


def draw_expected(work: LookupWork, found: Occurrences) -> None:
    """Codes that the source knows and nobody has used yet."""
    keys = work.sheet.expected(work.name, found)
    if not keys:
        return
    proposed = work.sheet.proposals(work.name, keys)
    says = n_(
        "{n} more value is known to the source, without a row and not seen yet",
        "{n} more values are known to the source, without a row and not seen yet",
        len(keys),
    )
    with st.expander(says, icon=":material/visibility:", key="lookup_expected"):
        for key in keys:
            called = work.sheet.meanings.title(key)
            proposal = proposed.get(key)
            says = f"`{_code(key)}`" + (f" :gray[{plain(called)}]" if called else "")
            if proposal is not None:
                says += f" → **{plain(shown(proposal.value))}** :small[:gray[({plain(reason(proposal))})]]"
            st.markdown(says)
        if proposed:
            many = n_("Add the {n} with a proposal", "Add the {n} with a proposal", len(proposed))
            st.button(many, icon=":material/done_all:", on_click=lambda: _take_all(work, proposed), **only(Role.DESIGN))


def _code(text: str) -> str:
    """A text as it may stand between backticks."""
    return " ".join(text.replace("`", "'").split()) or " "
