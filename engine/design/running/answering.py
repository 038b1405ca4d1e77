"""Answers and rows from what a person typed: true for yes, 5 for a number, as the question wants it."""

from __future__ import annotations

from engine.design.questionnaire import Kind, Question, asked
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Flow, Lookup

_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_AS_JSON = (Kind.NUMBER, Kind.INTEGER, Kind.CHOICES, Kind.TABLE)


def read_answer(flow: Flow, name: str, text: str, where: str) -> Json:
    """An answer from its text; None for the empty text, which is the flow's own answer."""
    if text == "":
        return None
    question = next((each for each in asked(flow.questions, flow.answers()) if each.name == name), None)
    if question is None:
        return text  # whether there is such a question is for the change to say
    if question.kind is Kind.BOOLEAN:
        word = text.strip().casefold()
        if word not in (*_YES, *_NO):
            problem = Problem(f"{where}, {name}", f"“{text[:60]}” is neither yes nor no", "Write yes or no.")
            raise DocumentError([problem])
        return word in _YES
    if question.kind is Kind.CHOICE:
        return _chosen(question, text)
    return _json(text, f"{where}, {name}") if question.kind in _AS_JSON else text


def read_row(lookup: Lookup | None, text: str) -> Json:
    """A row's value from its text; None for the empty one. A number where all rows of the lookup are numbers."""
    if text == "":
        return None
    held = list(lookup.rows.values()) if lookup is not None else []
    if held and not any(isinstance(value, str) for value in held):
        return _json(text, f"lookup {lookup.name}" if lookup else "")
    return text


def _chosen(question: Question, text: str) -> Json:
    """The option that this is, by its value or its title; else the text, which its question refuses."""
    for option in question.options:
        if text in (str(option.value), option.title):
            return option.value
    kind = question.schema.get("type")
    return _json(text, question.name) if kind in ("integer", "number", "boolean") else text


def _json(text: str, where: str) -> Json:
    try:
        return read_strict(text, where=where)
    except DocumentError:
        return text  # its question says what it wants
