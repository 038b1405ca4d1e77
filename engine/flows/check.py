"""Everything wrong with a workspace's documents, in one go: each problem with its place and what to do."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from engine.connectors.connector import Connector
from engine.documents.schemas import validate
from engine.documents.workspace import Document, Workspace
from engine.errors import DocumentError, Json, Problem
from engine.flows.check_connector import check_connector, parse_problems, sample_records
from engine.flows.check_examples import check_examples
from engine.flows.check_formulas import FormulaChecks
from engine.flows.check_names import NameChecks
from engine.flows.library import LoadedFlow, load_connector, load_flow, load_flow_text
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


def check_flow_text(
    workspace: Workspace,
    name: str,
    text: str,
    formulas: Formulas,
    connectors: Mapping[str, Connector] | None = None,
) -> list[Problem]:
    """All that `check` would say of a flow if its file held this text, errors first.

    connectors: those that are loaded already. What is wrong inside a sound connector is not told here.
    """
    try:
        loaded = load_flow_text(workspace, name, text, connectors)
        document = workspace.document_of(workspace.flow_place(name), text)
    except DocumentError as error:
        return list(error.problems)
    return _problems_of(workspace, loaded, document, formulas)


def load_sound_flow(workspace: Workspace, name: str, formulas: Formulas) -> LoadedFlow:
    """A flow that may run: DocumentError with all that `check` calls an error in it, formulas included."""
    loaded = load_flow(workspace, name)
    _refuse_errors(workspace, loaded, workspace.read_document(workspace.flow_path(name)), formulas)
    return loaded


def load_sound_flow_text(
    workspace: Workspace,
    name: str,
    text: str,
    formulas: Formulas,
    connectors: Mapping[str, Connector] | None = None,
) -> LoadedFlow:
    """The same of a text that is not in the flow's file, or not yet."""
    loaded = load_flow_text(workspace, name, text, connectors)
    _refuse_errors(workspace, loaded, workspace.document_of(workspace.flow_place(name), text), formulas)
    return loaded


def _refuse_errors(workspace: Workspace, loaded: LoadedFlow, document: Document, formulas: Formulas) -> None:
    where = workspace.relative(document.path)
    problems = _formulas(document, where, formulas) or NameChecks(loaded, document, where).problems()
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DocumentError(errors)


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


# --- flows


def _flow(workspace: Workspace, name: str, formulas: Formulas, connectors: dict[str, Connector]) -> list[Problem]:
    try:
        loaded = load_flow(workspace, name)
    except DocumentError as error:
        return list(error.problems)
    connectors.update(loaded.connectors)
    document = workspace.read_document(workspace.flow_path(name))
    return _problems_of(workspace, loaded, document, formulas)


def _problems_of(workspace: Workspace, loaded: LoadedFlow, document: Document, formulas: Formulas) -> list[Problem]:
    where = workspace.relative(document.path)
    problems = _formulas(document, where, formulas)
    if not problems:
        problems += NameChecks(loaded, document, where).problems()
        problems += check_examples(loaded, document, where)
        linted = FormulaChecks(loaded, document.text, where, partial(sample_records, workspace))
        problems += linted.problems(flow_formula_paths(document.value))
    return sorted(problems, key=lambda problem: problem.severity)


def _formulas(document: Document, where: str, formulas: Formulas) -> list[Problem]:
    """Every formula of a flow that does not parse, with the line it stands in."""
    return parse_problems(list(flow_formula_paths(document.value)), where, document.text, formulas)


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
    "zone",
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
    if path and path[0] == "preconditions":
        return name in ("holds", "unique", "names", "proposal") or (name == "where" and parent == "each")
    if path and path[0] == "reconcile":
        return name in ("day", "sum", "currency", "target_sum")
    if name == "where":
        return parent in ("match", "refers")
    if name == "says":
        return len(path) > 1 and path[-2] in ("before", "after")
    if parent in ("rows", "otherwise") or (name == "key" and "steps" not in path):
        return False
    return name in names
