"""Everything wrong with a workspace's documents, in one go: each problem with its place and what to do."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from engine.connectors.connector import Connector, holes
from engine.documents.positions import place_text
from engine.documents.schemas import validate
from engine.documents.workspace import Document, Workspace
from engine.errors import DocumentError, Json, Problem
from engine.flows.check_names import NameChecks
from engine.flows.library import load_connector, load_flow
from engine.formulas import Formulas

Path = tuple[str | int, ...]


def check_workspace(workspace: Workspace, names: Iterable[str], formulas: Formulas) -> list[Problem]:
    """Check these flows with their connectors, or everything where no flow is named."""
    chosen = list(names)
    problems = [*_vocabulary(workspace), *_alike(workspace.flow_names())]
    known = chosen or workspace.flow_names()
    connectors: dict[str, Connector] = {}
    for name in known:
        problems += _flow(workspace, name, formulas, connectors)
    for name in [] if chosen else workspace.connector_names():
        if name not in connectors:
            try:
                connectors[name] = load_connector(workspace, name)
            except DocumentError as error:
                problems += error.problems
    for connector in connectors.values():
        problems += check_connector(workspace, connector, formulas)
    return list(dict.fromkeys(problems))


def _alike(names: list[str]) -> Iterator[Problem]:
    """Flows that one system would take for one: they would share a ledger's records."""
    by_id = defaultdict(list)
    for name in names:
        by_id[unicodedata.normalize("NFKC", name).casefold()].append(name)
    for alike in by_id.values():
        if len(alike) > 1:
            listed = " and ".join(f"{name}.json" for name in alike)
            yield Problem(
                "saved_mappings",
                f"{listed} are one name to many file systems, so two flows have one id",
                "Rename one of the files.",
            )


def _vocabulary(workspace: Workspace) -> list[Problem]:
    path = workspace.connectors / "vocabulary.json"
    if not path.exists():
        return []
    try:
        document = workspace.read_document(path)
    except DocumentError as error:
        return list(error.problems)
    return validate(document.value, "vocabulary", workspace.relative(path), text=document.text)


def meanings(workspace: Workspace) -> set[str]:
    """The meanings the vocabulary defines; none where there is no vocabulary that can be read."""
    path = workspace.connectors / "vocabulary.json"
    if not path.exists() or _vocabulary(workspace):
        return set()
    return set(workspace.read_document(path).value["meanings"])


# --- flows


def _flow(workspace: Workspace, name: str, formulas: Formulas, connectors: dict[str, Connector]) -> list[Problem]:
    try:
        loaded = load_flow(workspace, name)
    except DocumentError as error:
        return list(error.problems)
    connectors.update(loaded.connectors)
    document = workspace.read_document(workspace.flow_path(name))
    where = workspace.relative(document.path)
    problems = _formulas(document, where, formulas)
    if not problems:
        problems += NameChecks(loaded, document, where, formulas).problems()
    return problems


def _formulas(document: Document, where: str, formulas: Formulas) -> list[Problem]:
    """Every formula of a flow that does not parse, with the line it stands in."""
    return _parse_problems(list(flow_formula_paths(document.value)), where, document.text, formulas)


def _parse_problems(found: list[tuple[Path, str]], where: str, text: str, formulas: Formulas) -> list[Problem]:
    errors = formulas.check_all({str(i): formula for i, (_, formula) in enumerate(found)})
    return [
        Problem(place_text(where, found[int(i)][0], text), error.what, error.what_to_do, error.code, error.caret)
        for i, error in errors.items()
    ]


def flow_formula_paths(document: Mapping[str, Json]) -> Iterator[tuple[Path, str]]:
    """(path, formula) of every formula in a flow's file, in the file's order."""
    yield from _walk(document, (), _FLOW_FORMULAS)


_FLOW_FORMULAS = {
    "since",
    "condition",
    "formula",
    "each",
    "when",
    "key",
    "instead",
    "scope",
    "source",
    "target",
    "within",
    "holds",
    "says",
    "by",
    "gives",
}


def _walk(value: Json, path: Path, names: set[str]) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for name, held in value.items():
            here = (*path, name)
            if path == () and name in ("questions", "examples", "title", "description"):
                continue
            is_value = path == ("values",)
            is_text = isinstance(held, str) or (isinstance(held, list) and all(isinstance(x, str) for x in held))
            if is_text and held and (is_value or _is_formula(path, name, names)):
                yield here, held if isinstance(held, str) else "\n".join(held)
            elif not isinstance(held, str):
                yield from _walk(held, here, names)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _walk(item, (*path, i), names)


def _is_formula(path: Path, name: str, names: set[str]) -> bool:
    parent = path[-1] if path else ""
    if name == "where":
        return parent in ("match", "refers")
    if name == "says":
        return len(path) > 1 and path[-2] in ("before", "after")
    if parent in ("rows", "otherwise") or (name == "key" and "steps" not in path):
        return False
    return name in names


# --- connectors


def check_connector(workspace: Workspace, connector: Connector, formulas: Formulas) -> list[Problem]:
    """What the schemas cannot say of a connector: formulas, keys, facts, meanings, answers in templates."""
    path = workspace.connector_folder(connector.name) / "connector.json"
    text, where = connector.sources[workspace.relative(path)], workspace.relative(path)
    problems = _parse_problems(list(_connector_formulas(connector)), where, text, formulas)
    for name, fact in connector.facts.items():
        if fact.resource not in connector.resources:
            place = place_text(where, ("facts", name, "resource"), text)
            problems.append(unknown(place, "resource", fact.resource, connector.resources))
    known = meanings(workspace)
    for resource in connector.resources.values():
        at = ("resources", resource.name, "key_field")
        if resource.key_field and resource.key_field not in resource.schema.get("properties", {}):
            if resource.operation("update") is None or resource.operation("read") is not None:
                problems.append(
                    unknown(
                        place_text(where, at, text), "field", resource.key_field, resource.schema.get("properties", {})
                    )
                )
        for field, meaning in schema_meanings(resource.schema):
            if known and meaning not in known:
                place = f"connector_specs/{connector.name}, {resource.name}, field {field}"
                problems.append(unknown(place, "meaning", meaning, known))
    return problems


def schema_meanings(schema: Mapping[str, Json], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(field, meaning) of every field that has one."""
    for name, about in schema.get("properties", {}).items():
        if "x-meaning" in about:
            yield prefix + name, about["x-meaning"]
        yield from schema_meanings(about, f"{prefix}{name}.")
        if isinstance(about.get("items"), Mapping):
            yield from schema_meanings(about["items"], f"{prefix}{name}[].")


def _connector_formulas(connector: Connector) -> Iterator[tuple[Path, str]]:
    for name, fact in connector.facts.items():
        yield ("facts", name, "value"), fact.value
    for resource in connector.resources.values():
        at: Path = ("resources", resource.name)
        for part in ("key", "number", "time"):
            if getattr(resource, part):
                yield (*at, part), getattr(resource, part)
        for name, operation in resource.operations.items():
            here = (*at, "operations", name)
            yield from (((*here, "path"), hole) for hole in holes(operation.path))
            yield from (((*here, "query", n), text) for n, text in operation.query.items())
            for part in ("body", "records", "record", "already_so"):
                if getattr(operation, part):
                    yield (*here, part), getattr(operation, part)


def unknown(where: str, kind: str, name: str, known: Iterable[str]) -> Problem:
    """A name nobody knows, with the nearest one that is."""
    from engine.documents.workspace import did_you_mean

    names = sorted(known)
    close = did_you_mean(name, names)
    advice = (
        f"Did you mean “{close}”?" if close else f"There are: {', '.join(names[:15])}." if names else "There is none."
    )
    return Problem(where, f"there is no {kind} “{name}”", advice)
