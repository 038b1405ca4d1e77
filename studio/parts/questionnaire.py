"""A form drawn from questions: each with its help, where to find the answer, and what is wrong with it, beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from engine.design.questionnaire import Kind, Option, Question
from engine.errors import Json, StudioError
from studio.parts.trouble import plain, show_error
from studio.words import _, written

MOST_IN_A_ROW = 4  # options that stand side by side; more are a list
LONGEST_IN_A_ROW = 30  # characters of all of them together, with their edges: no more fits in a narrow window
_EDGES = 4


@dataclass(frozen=True, slots=True)
class Form:
    """How a form behaves. key: begins the name of every widget; answered: told (name, answer) on each change.

    kept: names of secrets that are kept already; suspect: the question whose answer did not work; show_missing:
    whether questions without an answer are marked; options: reads the options of a question that has live ones;
    aside: draws more beside a question; is_closed: it can only be looked at.
    """

    key: str
    answered: Callable[[str, Json], None]
    kept: Collection[str] = ()
    suspect: str = ""
    show_missing: bool = False
    options: Callable[[Question], Sequence[Option]] | None = None
    aside: Callable[[Question], None] | None = None
    is_closed: bool = False


def draw(questions: Sequence[Question], form: Form) -> None:
    """Draw the questions; those that are seldom changed stand apart."""
    for question in questions:
        if not question.advanced:
            _row(question, form)
    apart = [question for question in questions if question.advanced]
    if apart:
        wrong = any(
            question.problem or question.name == form.suspect or (form.show_missing and question.missing)
            for question in apart
        )
        with st.expander(_("Seldom changed"), expanded=wrong, key=f"{form.key}_apart"):
            for question in apart:
                _row(question, form)


def _row(question: Question, form: Form) -> None:
    with st.container(key=f"{form.key}_row_{question.name}"):
        left, right = st.columns([1, 0.85], gap="medium")
        with left:
            _widget(question, form)
            _wrong(question, form)
        with right:
            _guidance(question)
            if form.aside is not None:
                form.aside(question)


def _guidance(question: Question) -> None:
    """What follows from the answer, and where to find it. The texts are a document's: nothing in them is Markdown."""
    parts = [plain(written(question.help))] if question.help else []
    where = f"**{_('Where to find it:')}**"
    if len(question.where) == 1:
        parts.append(f"{where} {plain(written(question.where[0]))}")
    elif question.where:
        parts.append("\n".join([where, *(f"{n}. {plain(written(step))}" for n, step in enumerate(question.where, 1))]))
    if parts:
        st.caption("\n\n".join(parts))


def _wrong(question: Question, form: Form) -> None:
    said = question.problem
    if question.missing and question.name not in form.kept:
        said = _("An answer is needed.") if form.show_missing else ""
    elif not said and question.name == form.suspect:
        said = _("This answer did not work.")
    if said:
        st.markdown(f":small[:red[:material/error: {plain(said)}]]")


def _label(question: Question) -> str:
    """The title. Screen readers hear it as it stands here, so no more is escaped in it than must be."""
    title = re.sub(r"([\\`*_\[\]$~<]|:(?=\w))", r"\\\1", written(question.title))
    needs_none = question.required or question.default is not None or question.kind in (Kind.BOOLEAN, Kind.TABLE)
    return title if needs_none else _("{title} (optional)", title=title)


def _widget(question: Question, form: Form) -> None:
    draw_as: dict[Kind, Callable[[Question, Form], None]] = {
        Kind.SECRET: _secret,
        Kind.NUMBER: _number,
        Kind.INTEGER: _number,
        Kind.BOOLEAN: _boolean,
        Kind.CHOICE: _choice,
        Kind.CHOICES: _choices,
        Kind.DATE: _date,
        Kind.TABLE: _table,
    }
    draw_as.get(question.kind, _text)(question, form)


def _now(question: Question) -> Json:
    return question.default if question.answer is None else question.answer


def _key(question: Question, form: Form) -> str:
    return f"{form.key}_{question.name}"


def _tell(question: Question, form: Form, read: Callable[[Any], Json] = lambda value: value) -> Callable[[], None]:
    """What a widget calls when its value changed."""
    key = _key(question, form)
    return lambda: form.answered(question.name, read(st.session_state[key]))


def _text(question: Question, form: Form) -> None:
    now = _now(question)
    st.text_input(
        _label(question),
        value="" if now is None else str(now),
        key=_key(question, form),
        placeholder=question.example or None,
        autocomplete="off",
        on_change=_tell(question, form, str.strip),
        disabled=form.is_closed,
    )


def _secret(question: Question, form: Form) -> None:
    """What was typed is never sent back to the browser: it is said to be there, and can be typed anew."""
    there = question.name in form.kept
    typed = not there and bool(question.answer)
    placeholder = _("kept; type to replace") if there else _("typed; type to replace") if typed else None
    if form.is_closed:
        placeholder = _("kept, and never shown") if there else None
    st.text_input(
        _label(question),
        key=_key(question, form),
        type="password",
        placeholder=placeholder,
        autocomplete="new-password",
        live=True,  # Tab goes to the eye in the field, and what was typed would not be told
        on_change=_tell(question, form, str.strip),
        disabled=form.is_closed,
    )


def _number(question: Question, form: Form) -> None:
    kind = int if question.kind is Kind.INTEGER else float
    now = _now(question)
    value = now if isinstance(now, int | float) and not isinstance(now, bool) else None
    least, most = question.schema.get("minimum"), question.schema.get("maximum")
    ask: Callable[..., Any] = st.number_input  # its numbers must be all whole or all broken
    ask(
        _label(question),
        value=None if value is None else kind(value),
        min_value=None if least is None else kind(least),
        max_value=None if most is None else kind(most),
        step=1 if kind is int else None,
        key=_key(question, form),
        placeholder=question.example or None,
        on_change=_tell(question, form),
        disabled=form.is_closed,
    )


def _boolean(question: Question, form: Form) -> None:
    st.toggle(
        _label(question),
        value=_now(question) is True,
        key=_key(question, form),
        on_change=_tell(question, form),
        disabled=form.is_closed,
    )


def _date(question: Question, form: Form) -> None:
    st.date_input(
        _label(question),
        value=_as_date(_now(question)),
        format="YYYY-MM-DD",
        key=_key(question, form),
        on_change=_tell(question, form, lambda day: day.isoformat() if day else None),
        disabled=form.is_closed,
    )


def _as_date(text: Json) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def _options(question: Question, form: Form) -> Sequence[Option] | None:
    """What can be chosen; None where a system should tell and does not, after saying why."""
    if question.live is None or form.options is None:
        return question.options
    try:
        return form.options(question)
    except StudioError as error:
        show_error(error)
        return None


def _titles(question: Question, options: Sequence[Option]) -> dict[Any, str]:
    """What each value is called; what a system tells is shown as it tells it."""
    return {each.value: each.title if question.live is not None else written(each.title) for each in options}


def _choice(question: Question, form: Form) -> None:
    options = _options(question, form)
    if options is None:
        _text(question, form)
        return
    titles = _titles(question, options)
    now = _now(question)
    if now not in titles and now not in (None, ""):
        titles[now] = _("{value} (not there any more)", value=now)
    values = list(titles)
    in_a_row = (
        len(values) <= MOST_IN_A_ROW and sum(len(title) + _EDGES for title in titles.values()) <= LONGEST_IN_A_ROW
    )
    if in_a_row:
        st.segmented_control(
            _label(question),
            values,
            default=now if now in titles else None,
            required=question.required or question.default is not None,
            format_func=lambda value: plain(titles[value]),
            key=_key(question, form),
            on_change=_tell(question, form),
            disabled=form.is_closed,
        )
        return
    st.selectbox(
        _label(question),
        values,
        index=values.index(now) if now in titles else None,
        format_func=lambda value: titles[value],
        key=_key(question, form),
        placeholder=_("Choose"),
        on_change=_tell(question, form),
        disabled=form.is_closed,
    )


def _choices(question: Question, form: Form) -> None:
    """Several of a list; where there is no list, any values."""
    options = _options(question, form) or ()
    titles = _titles(question, options)
    now = _now(question)
    chosen = now if isinstance(now, list) else []
    titles |= {value: str(value) for value in chosen if value not in titles}
    kinds: dict[Kind, Callable[[Any], Json]] = {Kind.INTEGER: int, Kind.NUMBER: float}
    read = kinds.get(question.item, str)
    st.multiselect(
        _label(question),
        list(titles),
        default=chosen,
        format_func=lambda value: titles.get(value, str(value)),
        key=_key(question, form),
        accept_new_options=not options,
        placeholder=_("Type a value") if not options else _("Choose"),
        on_change=_tell(question, form, lambda values: [_as(read, value) for value in values]),
        disabled=form.is_closed,
    )


def _as(kind: Callable[[Any], Json], value: Json) -> Json:
    """A typed value as its kind; as it stands where it is none, which the question then says."""
    try:
        return kind(value)
    except ValueError:
        return value


def _table(question: Question, form: Form) -> None:
    now = _now(question)
    rows = now if isinstance(now, list) else []
    st.markdown(_label(question))
    columns = {column.name: written(column.title) for column in question.columns}
    edited = st.data_editor(
        [{name: row.get(name) for name in columns} for row in rows] or [dict.fromkeys(columns)],
        column_config=columns,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        key=_key(question, form),
        disabled=form.is_closed,
    )
    made = [{n: v for n, v in row.items() if v not in (None, "")} for row in edited]
    made = [row for row in made if row]
    if made != rows:
        form.answered(question.name, made)
