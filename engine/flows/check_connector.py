"""What the schemas cannot say of a connector: formulas, keys, facts, meanings, answers in templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.connectors.connector import Connector, Operation, Resource, holes
from engine.documents.formula_text import formula_text
from engine.documents.positions import place_text
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json, Problem
from engine.flows.check_formulas import lint_problems
from engine.flows.check_requests import request_problems
from engine.flows.unknown_names import unknown as unknown
from engine.formulas import Formulas
from engine.formulas.lint import Scope, record_shape

Path = tuple[str | int, ...]
_ANSWER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OURS = {"signature", "date", "access_token"}  # known in sign-in templates beside the answers
_PARTS = {"method", "target", "url", "body", "date"}  # what a signature can be made over


def check_connector(workspace: Workspace, connector: Connector, formulas: Formulas) -> list[Problem]:
    """Every problem of a connector whose files keep their schemas."""
    path = workspace.connector_folder(connector.name) / "connector.json"
    where = workspace.relative(path)
    text = connector.sources[where]
    problems = parse_problems(list(_formulas(connector)), where, text, formulas)
    for name, fact in connector.facts.items():
        if fact.resource not in connector.resources:
            place = place_text(where, ("facts", name, "resource"), text)
            problems.append(unknown(place, "resource", fact.resource, connector.resources))
    for event in connector.events.values():
        if event.resource not in connector.resources or not connector.resources[event.resource].operation("get"):
            place = place_text(where, ("events", event.name, "resource"), text)
            gettable = [name for name, resource in connector.resources.items() if resource.operation("get")]
            problems.append(unknown(place, "resource that can be got", event.resource, gettable))
    questions = connector.every_question()
    for name, about in questions.items():
        wanted = about.get("x-options", {}).get("resource")
        if wanted is not None and wanted not in connector.resources:
            place = place_text(where, ("questions", "properties", name, "x-options", "resource"), text)
            problems.append(unknown(place, "resource", wanted, connector.resources))
    for at, name in _answers(connector):
        if name not in questions:
            problems.append(unknown(place_text(where, at, text), "question", name, questions))
    problems += request_problems(connector, lambda place: place_text(where, place, text))
    if not problems:
        problems += _linted(workspace, connector, where, text)
    known = meanings(workspace)
    for resource in connector.resources.values():
        problems += _resource(connector, resource, where, text, known)
    return problems


def _linted(workspace: Workspace, connector: Connector, where: str, text: str) -> Iterator[Problem]:
    """What lint says of the formulas over one record of a resource: its key, number and time, and the facts."""
    for at, name, formula in _record_formulas(connector):
        resource = connector.resources[name]
        scope = Scope(
            record_shape(resource.schema, sample_records(workspace, connector.name, name)),
            f"{resource.title.lower()} of {connector.title}",
        )
        found = list(lint_problems(formula, scope, ""))
        if found:  # a place is only looked up where it is told
            place = place_text(where, at, text)
            yield from (replace(problem, where=place) for problem in found)


def _record_formulas(connector: Connector) -> Iterator[tuple[Path, str, str]]:
    """(place, resource, formula)."""
    for name, fact in connector.facts.items():
        yield ("facts", name, "value"), fact.resource, fact.value
    for name, resource in connector.resources.items():
        for part in ("key", "number", "time"):
            if getattr(resource, part):
                yield ("resources", name, part), name, getattr(resource, part)


def sample_records(workspace: Workspace, connector: str, resource: str) -> list[Json]:
    """The sample records of a resource; none where there is no file of them, or none that can be read."""
    path = workspace.connector_folder(connector) / "samples" / f"{resource}.json"
    if not path.is_file():
        return []
    try:
        held = workspace.read_document(path).value
    except DocumentError:
        return []  # they only add to what the schema says
    return held if isinstance(held, list) else [held]


def _resource(connector: Connector, resource: Resource, where: str, text: str, known: set[str]) -> Iterator[Problem]:
    fields = resource.schema.get("properties", {})
    may_be_read = bool({"read", "get", "find"} & set(resource.operations))
    if resource.key_field and may_be_read and resource.key_field not in fields:
        place = place_text(where, ("resources", resource.name, "key_field"), text)
        yield unknown(place, "field", resource.key_field, fields)
    for field, meaning in schema_meanings(resource.schema):
        if known and meaning not in known:
            yield unknown(
                f"connector_specs/{connector.name}, {resource.name}, field {field}", "meaning", meaning, known
            )


def _answers(connector: Connector) -> Iterator[tuple[Path, str]]:
    """(place, answer) of every answer that the address, the headers and the sign-in need."""
    http = connector.http
    held: list[tuple[Path, Json]] = [(("http", "base"), http["base"])]
    held += [(("http", "headers", name), value) for name, value in http.get("headers", {}).items()]
    held += [(("http", "sign_in", name), value) for name, value in http["sign_in"].items()]
    held += [(("http", "query", name), value) for name, value in http.get("query", {}).items()]
    ours = _OURS | ({"digest"} if http["sign_in"]["kind"] == "digest" else set())
    for at, value in held:
        yield from ((at, name) for template in _texts(value) for name in _ANSWER.findall(template) if name not in ours)
    for name in ("secret", "client_id", "client_secret"):
        if name in http["sign_in"]:
            yield ("http", "sign_in", name), http["sign_in"][name]
    known = {"subject"} if http["sign_in"]["kind"] == "digest" else _PARTS
    for list_name, parts in (("parts", known), ("outer", {"subject", "digest"})):
        for i, part in enumerate(http["sign_in"].get(list_name, ())):
            if part not in parts:
                yield ("http", "sign_in", list_name, i), part


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _texts(held)


def _formulas(connector: Connector) -> Iterator[tuple[Path, str]]:
    for part in ("code", "message", "field"):
        if part in connector.http.get("errors", {}):
            yield ("http", "errors", part), formula_text(connector.http["errors"][part])
    for name, fact in connector.facts.items():
        yield ("facts", name, "value"), fact.value
    for name, about in connector.questions["properties"].items():
        held = about.get("x-options", {}) if isinstance(about, Mapping) else {}
        at_options = ("questions", "properties", name, "x-options")
        yield from (
            ((*at_options, part), formula_text(held[part])) for part in ("by", "gives", "where") if part in held
        )
    for event in connector.events.values():
        yield ("events", event.name, "key"), event.key
        yield ("events", event.name, "id"), event.id
        for asked in filter(None, (event.register, event.unregister)):
            yield from _operation_formulas(("events", event.name, asked.name), asked)
    for resource in connector.resources.values():
        at: Path = ("resources", resource.name)
        for part in ("key", "number", "time"):
            if getattr(resource, part):
                yield (*at, part), getattr(resource, part)
        for name, operation in resource.operations.items():
            yield from _operation_formulas((*at, "operations", name), operation)


def _operation_formulas(here: Path, operation: Operation) -> Iterator[tuple[Path, str]]:
    yield from (((*here, "path"), hole) for hole in holes(operation.path))
    yield from (((*here, "query", name), text) for name, text in operation.query.items())
    paging = operation.paging or {}
    yield from (((*here, "paging", n), formula_text(paging[n])) for n in ("next", "total_pages") if n in paging)
    for part in ("body", "subject", "records", "each", "record", "already_so"):
        if getattr(operation, part):
            yield (*here, part), getattr(operation, part)
    if operation.batch and operation.batch.left_over:
        yield (*here, "batch", "left_over", "number"), operation.batch.left_over.number
    for name, child in operation.children.items():
        at = (*here, "children", name)
        if child.inline:
            yield (*at, "inline"), child.inline
        if child.together:
            yield from (((*at, "together", part), getattr(child.together, part)) for part in ("ids", "by"))
        yield from _operation_formulas(at, child.operation)


def parse_problems(found: list[tuple[Path, str]], where: str, text: str, formulas: Formulas) -> list[Problem]:
    """The formulas of a file that do not parse, with the lines they stand in."""
    errors = formulas.check_all({str(i): formula for i, (_, formula) in enumerate(found)})
    return [
        Problem(place_text(where, found[int(i)][0], text), error.what, error.what_to_do, error.code, error.caret)
        for i, error in errors.items()
    ]


def meanings(workspace: Workspace) -> set[str]:
    """The meanings the vocabulary defines; none where there is no vocabulary that can be read."""
    path = workspace.connectors / "vocabulary.json"
    try:
        found = workspace.read_document(path).value["meanings"] if path.exists() else {}
    except (DocumentError, KeyError, TypeError):
        return set()  # `check` has told of it by its schema
    return set(found)


def schema_meanings(schema: Mapping[str, Json], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(field, meaning) of every field that has one."""
    for name, about in schema.get("properties", {}).items():
        if "x-meaning" in about:
            yield prefix + name, about["x-meaning"]
        yield from schema_meanings(about, f"{prefix}{name}.")
        if isinstance(about.get("items"), Mapping):
            yield from schema_meanings(about["items"], f"{prefix}{name}[].")
