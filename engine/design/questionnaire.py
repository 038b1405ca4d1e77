"""A form from a JSON Schema of questions: which are asked after the answers so far, of what kind, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from engine.design.conditions import asked_now, declared
from engine.documents.choices import choices
from engine.documents.formula_text import formula_text
from engine.documents.schemas import explain
from engine.documents.workspace import did_you_mean
from engine.errors import Json, Problem


class Kind(StrEnum):
    """How a question is asked."""

    TEXT = "text"
    SECRET = "secret"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer there is to choose."""

    value: Json
    title: str


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """Where options are read from: records of a resource. by, gives, where: formulas over one record.

    connector: "" means the system that asks.
    """

    resource: str
    by: str
    gives: str
    where: str = ""
    connector: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as a form shows it.

    where: the steps to find the answer, if it is told; options: () for a list that takes any value; item: kind
    of a list's values; columns: of a table; answer: what was said, None for nothing; problem: what is wrong with
    the answer, in words; missing: an answer is needed and there is none; advanced: seldom changed.
    """

    name: str
    title: str
    help: str = ""
    where: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    item: Kind = Kind.TEXT
    options: tuple[Option, ...] = ()
    live: LiveOptions | None = None
    columns: tuple[Question, ...] = ()
    default: Json = None
    required: bool = False
    example: str = ""
    advanced: bool = False
    answer: Json = field(default=None, repr=False)
    problem: str = ""
    schema: Mapping[str, Json] = field(default_factory=dict, repr=False)

    @property
    def missing(self) -> bool:
        return self.required and self.default is None and self.answer in (None, "")


def asked(schema: Mapping[str, Json], answers: Mapping[str, Json]) -> list[Question]:
    """The questions now asked, in order; a question whose condition does not hold is left out."""
    found = asked_now(schema, answers)
    return [
        _question(name, about, required=name in found.required, answer=answers.get(name))
        for name, about in found.properties.items()
    ]


def all_questions(schema: Mapping[str, Json]) -> dict[str, str]:
    """Name → title of every question that may be asked, whatever the answers."""
    known = {name: about.get("title", name) for name, about in _everywhere(schema)}
    return {name: known[name] for name in declared(schema)}


def only_asked(schema: Mapping[str, Json], answers: Mapping[str, Json]) -> dict[str, Json]:
    """The answers without those that are empty or no longer asked for."""
    wanted = asked_now(schema, answers).properties
    return {name: value for name, value in answers.items() if name in wanted and value is not None}


def answer_problems(schema: Mapping[str, Json], answers: Mapping[str, Json], where: str) -> list[Problem]:
    """Everything that is wrong with these answers: unknown ones, missing ones, and those that do not fit."""
    known = all_questions(schema)
    problems = []
    for name in answers:
        if name not in known:
            close = did_you_mean(name, known)
            advice = f"Did you mean `{close}`?" if close else f"The questions are {', '.join(known)}."
            problems.append(Problem(where, f"there is no question `{name}`", advice))
    for question in asked(schema, answers):
        place = f"{where}, {question.name}"
        if question.missing:
            problems.append(Problem(place, f"“{question.title}” needs an answer", question.help or "Answer it."))
        elif question.problem:
            problems.append(Problem(place, question.problem, question.help or "Answer it differently."))
    return problems


def _everywhere(schema: Any) -> list[tuple[str, Mapping[str, Any]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []
    if isinstance(schema, Mapping):
        found += [(n, a) for n, a in schema.get("properties", {}).items() if isinstance(a, Mapping) and a.get("title")]
        for part in [*schema.get("allOf", ()), *schema.get("dependentSchemas", {}).values()]:
            found += _everywhere(part)
        found += _everywhere(schema.get("then")) + _everywhere(schema.get("else"))
    return found


def _question(name: str, about: Mapping[str, Any], *, required: bool, answer: Json) -> Question:
    title = str(about.get("title") or name)
    kind = _kind(about)
    held = about.get("items")
    items: Mapping[str, Any] = held if isinstance(held, Mapping) else {}
    columns: tuple[Question, ...] = ()
    if kind is Kind.TABLE:
        needed = items.get("required", ())
        columns = tuple(_question(n, a, required=n in needed, answer=None) for n, a in items["properties"].items())
    steps = about.get("x-where", ())
    examples = about.get("examples", ())
    return Question(
        name=name,
        title=title,
        help=str(about.get("description", "")),
        where=(steps,) if isinstance(steps, str) else tuple(steps),
        kind=kind,
        item=_kind(items) if items else Kind.TEXT,
        options=_options(items if kind is Kind.CHOICES else about),
        live=_live(about),
        columns=columns,
        default=about.get("default"),
        required=required,
        example=str(examples[0]) if examples else "",
        advanced=bool(about.get("x-advanced")),
        answer=answer,
        problem="" if answer in (None, "") and not required else _problem(name, title, about, answer),
        schema=about,
    )


def _kind(about: Mapping[str, Any]) -> Kind:
    kind = about.get("type")
    if about.get("x-secret"):
        return Kind.SECRET
    if kind == "array":
        items = about.get("items")
        return Kind.TABLE if isinstance(items, Mapping) and items.get("properties") else Kind.CHOICES
    if "x-options" in about or _options(about):
        return Kind.CHOICE
    if kind == "string" and about.get("format") == "date":
        return Kind.DATE
    return {"boolean": Kind.BOOLEAN, "integer": Kind.INTEGER, "number": Kind.NUMBER}.get(str(kind), Kind.TEXT)


def _options(about: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(value, title) for value, title in choices(about))


def _live(about: Mapping[str, Any]) -> LiveOptions | None:
    held = about.get("x-options")
    if not isinstance(held, Mapping):
        return None
    gives = formula_text(held["gives"])
    by, where = (formula_text(held[key]) if key in held else "" for key in ("by", "where"))
    return LiveOptions(held["resource"], by or gives, gives, where, held.get("connector", ""))


def _problem(name: str, title: str, about: Mapping[str, Any], answer: Json) -> str:
    if answer is None:
        return ""
    said = explain({"properties": {name: about}}, {name: answer})
    if said:
        return said[0][1].replace(f"`{name}`", f"“{title}”")
    return _malformed(title, about.get("format"), answer)


def _malformed(title: str, form: Json, answer: Json) -> str:
    """What a format asks beyond the schema's own checks."""
    if not isinstance(answer, str) or not answer:
        return ""
    try:
        if form == "date":
            date.fromisoformat(answer)
        elif form == "uri" and (any(c.isspace() for c in answer.strip()) or not _host(answer)):
            return f"“{title}” is no address; write it as in the browser: https://www.my-shop.example"
    except ValueError:
        wanted = "a date, as 2026-01-31" if form == "date" else "an address, as in the browser"
        return f"“{title}” must be {wanted}"
    return ""


def _host(address: str) -> str | None:
    text = address.strip()
    return urlsplit(text if "://" in text else "https://" + text).hostname
