"""Flows and connectors as they lie in a workspace: read, checked against their schemas, and versioned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from engine.connectors.connector import Connector, read_connector
from engine.documents.schemas import question_problems, validate
from engine.documents.strict_json import read_strict
from engine.documents.workspace import Document, Workspace
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Flow, read_flow


@dataclass(frozen=True, slots=True)
class LoadedFlow:
    """A flow with the connectors it speaks to. version: hash of all their bytes; sources: path → text of each file."""

    flow: Flow
    connectors: Mapping[str, Connector]
    version: str
    sources: Mapping[str, str]


def load_connector(workspace: Workspace, name: str) -> Connector:
    """A connector, checked by the schemas; DocumentError carries every problem of its files."""
    folder = workspace.connector_folder(name)
    sources: dict[str, str] = {}
    problems: list[Problem] = []
    documents: dict[str, Json] = {}
    for path in sorted(folder.glob("*.json")):
        document = workspace.read_document(path)
        sources[workspace.relative(path)] = document.text
        kind = "connector" if path.name == "connector.json" else "resource"
        found = validate(document.value, kind, workspace.relative(path), text=document.text)
        if kind == "connector":
            found = found or question_problems(document.value, workspace.relative(path), text=document.text)
        problems += found
        documents[path.name] = document.value
    if problems:
        raise DocumentError(problems)
    main = documents.pop("connector.json")
    return read_connector(name, main, documents, sources)


def load_flow(workspace: Workspace, name: str) -> LoadedFlow:
    """A flow with its connectors; DocumentError carries every problem of every file."""
    return _loaded(workspace, name, workspace.read_document(workspace.flow_path(name)), {})


def load_flow_text(
    workspace: Workspace, name: str, text: str, connectors: Mapping[str, Connector] | None = None
) -> LoadedFlow:
    """A flow as it would be loaded if its file held this text; DocumentError as for a file, with lines of the text.

    connectors: those that are loaded already, so that their files are not read again.
    """
    return _loaded(workspace, name, workspace.document_of(workspace.flow_place(name), text), connectors or {})


def _loaded(workspace: Workspace, name: str, document: Document, at_hand: Mapping[str, Connector]) -> LoadedFlow:
    where = workspace.relative(document.path)
    problems = validate(document.value, "flow", where, text=document.text)
    problems = problems or question_problems(document.value, where, text=document.text)
    connectors: dict[str, Connector] = {}
    if not problems:
        flow = read_flow(name, document.value)
        for connector_name in flow.connectors():
            try:
                connectors[connector_name] = at_hand.get(connector_name) or load_connector(workspace, connector_name)
            except DocumentError as error:
                problems += error.problems
    if problems:
        raise DocumentError(problems)
    sources = {where: document.text}
    for connector in connectors.values():
        sources |= connector.sources
    return LoadedFlow(flow, connectors, version_of(sources), sources)


def version_of(sources: Mapping[str, str]) -> str:
    """The hash of a flow with its connectors' bytes."""
    whole = json.dumps(sorted(sources.items()), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:16]


def flow_from_sources(name: str, sources: Mapping[str, str]) -> LoadedFlow:
    """A flow as it was, from the files a version remembered."""
    connectors: dict[str, Connector] = {}
    flow_path = f"saved_mappings/{name}.json"
    folders = {path.split("/")[1] for path in sources if path.startswith("connector_specs/")}
    for folder in folders:
        prefix = f"connector_specs/{folder}/"
        files = {path.removeprefix(prefix): text for path, text in sources.items() if path.startswith(prefix)}
        documents = {file: read_strict(text) for file, text in files.items()}
        main = documents.pop("connector.json")
        connectors[folder] = read_connector(folder, main, documents, {prefix + f: t for f, t in files.items()})
    return LoadedFlow(read_flow(name, read_strict(sources[flow_path])), connectors, version_of(sources), sources)
