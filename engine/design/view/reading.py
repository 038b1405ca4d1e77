"""A flow read from the text of a draft, as far as it can be: what is broken in it is a problem, the rest stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.connectors.connector import Connector, Resource
from engine.design.view.connectors import Connectors
from engine.documents.formula_text import formula_text
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Flow, read_flow
from engine.flows.library import LoadedFlow, load_flow_text

_POLICIES = ("create", "update", "create_or_update", "must_exist", "skip_if_exists")
_WRITES = ("always", "on_create", "on_update", "if_empty")


@dataclass(frozen=True, slots=True)
class ReadFlow:
    """loaded: the flow as far as it can be read, its unknown systems and resources empty ones; document: what of
    the text could be read, None where it is no JSON; problems: why it would not be loaded.
    """

    loaded: LoadedFlow
    document: Json
    text: str
    problems: tuple[Problem, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.problems


def read_text(workspace: Workspace, name: str, text: str, connectors: Connectors) -> ReadFlow:
    """The flow of a draft's text. A text that is no JSON gives a flow without steps."""
    try:
        document = workspace.document_of(workspace.flow_place(name), text)
    except DocumentError as error:
        return ReadFlow(_part_of(name, {}, connectors)[0], None, text, tuple(error.problems))
    known = connectors.known(_systems(document.value))
    try:
        return ReadFlow(load_flow_text(workspace, name, text, known), document.value, text)
    except DocumentError as error:
        loaded, mended = _part_of(name, document.value, connectors)
        return ReadFlow(loaded, mended, text, tuple(error.problems))


def with_unknown(loaded: LoadedFlow) -> LoadedFlow:
    """The flow with an empty resource in place of each that its connector does not have."""
    flow = loaded.flow
    asked = [(flow.source.connector, flow.source.resource), *((s.connector, s.resource) for s in flow.steps)]
    connectors = dict(loaded.connectors)
    for connector, resource in asked:
        held = connectors.get(connector) or _no_connector(connector)
        if resource not in held.resources:
            held = replace(held, resources={**held.resources, resource: _no_resource(resource)})
        connectors[connector] = held
    return replace(loaded, connectors=connectors)


def _part_of(name: str, document: Json, connectors: Connectors) -> tuple[LoadedFlow, dict[str, Any]]:
    """The flow as far as it can be read, and the document without what cannot."""
    mended = _mended(name, document)
    known = connectors.known(_systems(mended))
    flow: Flow = read_flow(name, mended)
    held = {connector: known.get(connector) or _no_connector(connector) for connector in flow.connectors()}
    return with_unknown(LoadedFlow(flow, held, "", {})), mended


def _systems(document: Json) -> list[str]:
    """The names of the systems a document speaks of."""
    if not isinstance(document, Mapping):
        return []
    steps = document.get("steps")
    held = [document.get("source"), *(steps if isinstance(steps, list) else [])]
    names = [part.get("connector") for part in held if isinstance(part, Mapping)]
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def _no_connector(name: str) -> Connector:
    return Connector(name, name, (), "", {"type": "object", "properties": {}}, {}, {}, {}, (), {})


def _no_resource(name: str) -> Resource:
    return Resource(name, name, "", {"type": "object"}, None, None, None, None, {})


# --- the parts of a document that can be read


def _mended(name: str, document: Json) -> dict[str, Any]:
    held = document if isinstance(document, Mapping) else {}
    source = _object(held.get("source"))
    mended: dict[str, Any] = {
        "title": _text(held.get("title"), name),
        "source": {
            "connector": _text(source.get("connector")),
            "resource": _text(source.get("resource")),
            **_formulas(source, "since"),
            "where": list(_conditions(source.get("where"))),
            "never": list(_conditions(source.get("never"))),
        },
        "lookups": {n: lookup for n, about in _object(held.get("lookups")).items() if (lookup := _lookup(n, about))},
        "values": {n: text for n, text in _object(held.get("values")).items() if _is_formula(text)},
        "steps": list(_steps(held.get("steps"))),
    }
    examples = held.get("examples")
    mended["examples"] = [each for each in examples if _is_example(each)] if isinstance(examples, list) else []
    questions = _object(held.get("questions"))
    asked = {n: about for n, about in _object(questions.get("properties")).items() if isinstance(about, Mapping)}
    return {**mended, "questions": {"type": "object", "properties": asked}}


def _steps(held: Json) -> Iterator[dict[str, Any]]:
    for number, about in enumerate(held if isinstance(held, list) else [], 1):
        if not isinstance(about, Mapping):
            continue
        name = _text(about.get("step"), f"step{number}")
        match = _object(about.get("match"))
        policy = about.get("policy")
        by_formula = isinstance(policy, Mapping) and _is_formula(policy.get("formula"))
        step: dict[str, Any] = {
            "step": name,
            "title": _text(about.get("title"), name),
            "connector": _text(about.get("connector")),
            "resource": _text(about.get("resource")),
            "policy": policy if by_formula or policy in _POLICIES else "create_or_update",
            **_formulas(about, "each", "when", "key", "instead"),
            "fields": {p: field for p, held in _object(about.get("fields")).items() if (field := _field(held))},
        }
        if isinstance(match.get("field"), str) and _is_formula(match.get("formula")):
            step["match"] = {"field": match["field"], **_formulas(match, "formula", "where", "scope")}
        yield step


def _field(held: Json) -> dict[str, Any] | None:
    about = _object(held)
    part = "each" if "each" in about else "formula"
    if not _is_formula(about.get(part)):
        return None
    write = about.get("write")
    return {part: about[part], "write": write if write in _WRITES else "always", "note": _text(about.get("note"))}


def _lookup(name: str, held: Json) -> dict[str, Any] | None:
    if not isinstance(held, Mapping):
        return None
    otherwise = _object(held.get("otherwise"))
    does = otherwise.get("do")
    lookup: dict[str, Any] = {
        "title": _text(held.get("title"), name),
        "rows": dict(_object(held.get("rows"))),
        "otherwise": {**otherwise, "do": does if does in ("fail", "leave_out", "value") else "fail"},
    }
    refers = _object(held.get("refers"))
    if all(isinstance(refers.get(part), str) for part in ("connector", "resource")) and all(
        _is_formula(refers.get(part)) for part in ("by", "gives")
    ):
        lookup["refers"] = refers
    return lookup


def _conditions(held: Json) -> Iterator[dict[str, Any]]:
    for about in held if isinstance(held, list) else []:
        if _is_formula(_object(about).get("condition")):
            yield {"condition": about["condition"], "says": _text(about.get("says"))}


def _is_example(held: Json) -> bool:
    """Whether its record can be looked at, whatever is expected of it."""
    about = _object(held)
    parts = [about.get(part, {}) for part in ("facts", "lookups", "steps")]
    is_sound = all(isinstance(each, Mapping) for part in parts for each in (part, *_object(part).values()))
    is_sound = is_sound and isinstance(about.get("answers", {}), Mapping) and isinstance(about.get("now", ""), str)
    return is_sound and isinstance(about.get("title"), str) and isinstance(about.get("given"), Mapping)


def _formulas(about: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: about[name] for name in names if _is_formula(about.get(name))}


def _is_formula(held: Json) -> bool:
    is_lines = isinstance(held, list) and all(isinstance(line, str) for line in held)
    return (isinstance(held, str) or is_lines) and bool(formula_text(held))


def _object(held: Json) -> Mapping[str, Any]:
    return held if isinstance(held, Mapping) else {}


def _text(held: Json, otherwise: str = "") -> str:
    return held if isinstance(held, str) and held else otherwise
