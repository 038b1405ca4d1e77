"""A connector as the engine sees it: connector.json and its resource schemas, typed and frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.documents.formula_text import formula_text
from engine.errors import DocumentError, Json, Problem

_HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Together:
    """Children whose ids stand in the records: ids over a record, by over one that was fetched; at_most a request."""

    ids: str
    by: str
    at_most: int


@dataclass(frozen=True, slots=True)
class LeftOver:
    """How a system says that an older batch waits: the error's code, and a formula over $error for its number."""

    code: str
    number: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A read that is handed out under a number of ours and must be acknowledged."""

    left_over: LeftOver | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One request a system understands; every hole is a formula."""

    name: str
    method: str
    path: str
    title: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    codec: str = "json"
    call: str | None = None
    reply: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    subject: str | None = None
    paging: Mapping[str, Json] | None = None
    batch: Batch | None = None
    records: str | None = None
    each: str | None = None  # what is made of one of the records
    record: str | None = None
    answers: bool = True
    replace: bool = False
    ordered: bool = False
    finds_by: tuple[str, ...] = ()
    already_so: str | None = None
    causes: Mapping[str, str] = field(default_factory=dict)  # code → cause, before those of all operations
    guarded_by: str | None = None
    at_most: int = 1  # records that one request may carry
    alike: tuple[str, ...] = ()  # and the fields that must be the same in all of them
    children: Mapping[str, Child] = field(default_factory=dict)

    def formulas(self) -> dict[str, str]:
        """All that make the request: “path 0”, “query” with a name, “body”, “subject” → formula."""
        formulas = self.path_formulas()
        formulas |= {f"query {name}": text for name, text in self.query.items()}
        formulas |= {part: held for part in ("body", "subject") if (held := getattr(self, part)) is not None}
        return formulas

    def path_formulas(self) -> dict[str, str]:
        """“path 0” → the formula in the path's first hole."""
        return {f"path {place}": text for place, text in enumerate(holes(self.path))}


@dataclass(frozen=True, slots=True)
class Child:
    """Records below a record that are fetched by requests of their own. single: one at most, an object or null."""

    operation: Operation
    inline: str | None = None
    single: bool = False
    together: Together | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of record: what it is, its schema, its identity, and the operations it has."""

    name: str
    title: str
    kind: str
    schema: Mapping[str, Json]
    key_field: str | None
    key: str | None
    number: str | None
    time: str | None
    operations: Mapping[str, Operation]

    def operation(self, name: str) -> Operation | None:
        return self.operations.get(name)

    @property
    def is_handed_out(self) -> bool:
        """Does the system hand these records out once, in batches that must be acknowledged?"""
        read = self.operation("read")
        return read is not None and read.batch is not None

    def can_find_by(self, field_name: str) -> bool:
        find = self.operations.get("find")
        return find is not None and field_name in find.finds_by


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of the whole account, and where it is read."""

    name: str
    title: str
    resource: str
    value: str
    identity: bool = False  # it tells which account this is


@dataclass(frozen=True, slots=True)
class Event:
    """Something a system tells by webhook. secret: the field of the registration that it is signed with."""

    name: str
    title: str
    resource: str
    key: str
    id: str
    register: Operation | None
    unregister: Operation | None
    secret: str | None
    verify: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True)
class Connector:
    """A system's description. `sources` holds the text of every file of it, for the version's hash."""

    name: str
    title: str
    roles: tuple[str, ...]
    version: str
    questions: Mapping[str, Json]
    http: Mapping[str, Json]
    facts: Mapping[str, Fact]
    resources: Mapping[str, Resource]
    evidence: tuple[Mapping[str, str], ...]
    sources: Mapping[str, str]
    events: Mapping[str, Event] = field(default_factory=dict)

    @property
    def text_encoding(self) -> str:
        """How texts in forms, queries and digests become bytes."""
        return str(self.http.get("text", {}).get("encoding", "utf-8"))

    def every_question(self) -> dict[str, Mapping[str, Json]]:
        """Name → schema of each question, those of conditions too."""
        return dict(_questions_of(self.questions))

    def secret_questions(self) -> set[str]:
        return {name for name, about in self.every_question().items() if about.get("x-secret")}

    def token_questions(self) -> set[str]:
        """Answers that are a first sign-in token: kept with the tokens, since signing in replaces them."""
        return {name for name, about in self.every_question().items() if about.get("x-token")}

    def told(self, answers: Mapping[str, Json]) -> dict[str, Json]:
        """What formulas may know of a connection's answers: $connection, without what is secret."""
        seen = self.every_question().keys() - self.secret_questions() - self.token_questions()
        return {name: held for name, held in self.with_defaults(answers).items() if name in seen}

    def impatient(self) -> Connector:
        """The same for somebody who is waiting: no request is tried a second time."""
        return replace(self, http={**self.http, "retry": {**self.http.get("retry", {}), "attempts": 1}})

    def with_defaults(self, answers: Mapping[str, Json]) -> dict[str, Json]:
        """The answers, with the questions' defaults where nothing was answered."""
        defaults = {n: q["default"] for n, q in self.every_question().items() if "default" in q}
        return {**defaults, **answers}


def _questions_of(schema: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The questions of a schema and of what it may bring along by `then`, `else`, `allOf` and `dependentSchemas`."""
    yield from ((name, q) for name, q in schema.get("properties", {}).items() if isinstance(q, Mapping))
    parts = [*schema.get("allOf", ()), *schema.get("dependentSchemas", {}).values()]
    for part in (*parts, schema.get("then"), schema.get("else")):
        if isinstance(part, Mapping):
            yield from _questions_of(part)


def holes(template: str) -> list[str]:
    """The formulas in the {…} holes of a path."""
    return _HOLE.findall(template)


def fill(template: str, values: list[str]) -> str:
    """A path with its holes filled, in order."""
    rest = iter(values)
    return _HOLE.sub(lambda _: next(rest), template)


def read_connector(
    name: str, document: Mapping[str, Json], schemas: Mapping[str, Json], sources: Mapping[str, str]
) -> Connector:
    """A connector from its checked documents; `schemas` is file name → resource schema."""
    resources = {}
    for resource_name, about in document["resources"].items():
        if about["schema"] not in schemas:
            where = f"connector_specs/{name}/connector.json resources.{resource_name}.schema"
            raise DocumentError(
                [
                    Problem(
                        where,
                        f"there is no file {about['schema']} in the folder",
                        "Add the file, or mend its name here.",
                    )
                ]
            )
        resources[resource_name] = Resource(
            name=resource_name,
            title=about["title"],
            kind=about["kind"],
            schema=schemas[about["schema"]],
            key_field=about.get("key_field"),
            key=_formula(about, "key"),
            number=_formula(about, "number"),
            time=_formula(about, "time"),
            operations={n: _operation(n, o) for n, o in about["operations"].items()},
        )
    facts = {
        n: Fact(n, f["title"], f["resource"], formula_text(f["value"]), f.get("identity", False))
        for n, f in document.get("facts", {}).items()
    }
    return Connector(
        name,
        document["title"],
        tuple(document["roles"]),
        document["version"],
        document["questions"],
        document["http"],
        facts,
        resources,
        tuple(document["evidence"]),
        dict(sources),
        {n: _event(n, about) for n, about in document.get("events", {}).items()},
    )


def _event(name: str, about: Mapping[str, Json]) -> Event:
    asked = {part: _operation(part, about[part]) if part in about else None for part in ("register", "unregister")}
    key, identity = formula_text(about["key"]), formula_text(about["id"])
    verify, secret = about.get("verify"), about.get("secret")
    return Event(name, about["title"], about["resource"], key, identity, **asked, secret=secret, verify=verify)


def _formula(about: Mapping[str, Json], key: str) -> str | None:
    return formula_text(about[key]) if key in about else None


def _operation(name: str, about: Mapping[str, Json]) -> Operation:
    return Operation(
        name=name,
        method=about.get("method", "GET"),
        path=about["path"],
        title=about.get("title", name),
        query={name: formula_text(value) for name, value in about.get("query", {}).items()},
        body=_formula(about, "body"),
        codec=about.get("codec", "json"),
        call=about.get("call"),
        reply=_names(about.get("reply", ())),
        numbered=tuple(about.get("numbered", ())),
        subject=_formula(about, "subject"),
        paging=about.get("paging"),
        batch=_batch(about["batch"]) if "batch" in about else None,
        records=_formula(about, "records"),
        each=_formula(about, "each"),
        record=_formula(about, "record"),
        answers=about.get("answers", True),
        replace=about.get("replace", False),
        ordered=about.get("ordered", False),
        finds_by=tuple(about.get("finds_by", ())),
        already_so=_formula(about, "already_so"),
        causes=dict(about.get("causes", {})),
        guarded_by=about.get("guarded_by"),
        at_most=about.get("together", {}).get("at_most", 1),
        alike=tuple(about.get("together", {}).get("alike", ())),
        children={child: _child(name, c) for child, c in about.get("children", {}).items()},
    )


def _child(parent: str, about: Mapping[str, Json]) -> Child:
    """What a child declares beside its request is its own; the request is one like any other."""
    asked = {name: value for name, value in about.items() if name not in ("inline", "single", "together")}
    together = about.get("together")
    return Child(
        _operation(parent, asked),
        _formula(about, "inline"),
        about.get("single", False),
        Together(formula_text(together["ids"]), formula_text(together["by"]), together["at_most"])
        if together
        else None,
    )


def _batch(about: Mapping[str, Json]) -> Batch:
    left_over = about.get("left_over")
    return Batch(LeftOver(left_over["code"], formula_text(left_over["number"])) if left_over else None)


def _names(given: Json) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
