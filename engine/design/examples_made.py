"""Any record becomes an example of its flow: with invented people, and with what the flow makes of it as expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.design.desk import Desk
from engine.design.drafts import Drafts
from engine.design.inventing import Invented, invented
from engine.design.last_settings import last_settings
from engine.design.people.rights import Role, needs
from engine.design.samples import fetched, record_of, title_of
from engine.errors import DocumentError, Json
from engine.flows.flow import Example, Flow
from engine.flows.library import LoadedFlow, load_flow_text
from engine.formulas import MISSING, Formulas
from engine.formulas.paths import ways_here
from engine.mappings.paths import schema_at
from engine.runs.bindings import DEFAULT
from engine.runs.differences import value_differences
from engine.runs.examples import Outcome, tried_examples
from engine.runs.reading import flow_formulas

_FACT = re.compile(r"\$facts\.(\w+)\.(\w+)")
_CLOCK = re.compile(r"\$(now|millis)\(")
_SAMPLES = ("recent", "live", "pasted", "example", "sample")
_MOST_ROWS = 60  # of a lookup that an example holds


@dataclass(frozen=True, slots=True)
class ExampleMade:
    """An example, as it stands in a flow. differences: what the flow makes otherwise of the invented record than of the
    real one, apart from the people; invented: what was changed, and what a person should look at.
    """

    document: dict[str, Json] = field(repr=False)
    invented: Invented = field(repr=False)
    differences: tuple[str, ...]


def example_of(
    things: Desk, flow: str, text: str, record: dict[str, Json], title: str, binding: str = DEFAULT
) -> ExampleMade:
    """An example of a flow's text, from a real record; nothing is written.

    What the flow does not read of the record is left out. Facts, rows of lookups that name records of the target,
    answers and the clock are those of the latest run. DocumentError where the text breaks its schema.
    """
    loaded = load_flow_text(things.workspace, flow, text)
    schema = loaded.connectors[loaded.flow.source.connector].resources[loaded.flow.source.resource].schema
    settings = last_settings(things.ledger, flow, binding) or {}
    whole, surroundings = (_surroundings(loaded.flow, settings, most) for most in (None, _MOST_ROWS))
    before = _tried(loaded, things.formulas, record, whole)
    if surroundings != whole and _tried(loaded, things.formulas, record, surroundings) != before:
        surroundings = whole  # it needs a row that stands further down
    real = _read_parts(loaded, record)
    if _tried(loaded, things.formulas, real, surroundings) != before:
        real = record  # a formula reads what its text does not tell
    key = things.ledger.seal.fingerprint(f"invented people of {flow}")
    made = invented(real, schema, key)
    outcome = _tried(loaded, things.formulas, made.record, surroundings)
    document = {"title": title, "given": made.record, **surroundings, **outcome.as_document()}
    return ExampleMade(document, made, tuple(_told(loaded, before, outcome, made)))


@needs(Role.DESIGN, "add an example to a draft")
def add_example(things: Desk, flow: str, example: ExampleMade, by: str) -> int:
    """Write it into the flow's draft, in place of one with the same title; the draft's revision then."""
    drafts = Drafts(things.workspace, things.clock, person=things.person)
    draft = drafts.open(flow)
    operation = {"op": "add_example", "example": example.document}
    applied = drafts.apply(flow, [operation], by=by, revision=draft.revision)
    if applied.refused:
        raise DocumentError(list(applied.refused))
    return applied.draft.revision


def record_named(things: Desk, flow: str, name: str, text: str, binding: str = DEFAULT) -> tuple[dict[str, Json], str]:
    """(record, what it is called) by a number, a key or the id of a sample; read from the source where it is not kept.

    Raises DocumentError where nobody knows it, ConnectionMissing or ExchangeError where the source cannot be asked.
    """
    if name.partition(":")[0] in _SAMPLES:
        record = record_of(things, name, flow_name=flow, text=text)
        return record, title_of(things, flow, record, text) or name
    known = things.ledger.find_records(name, flow=flow, binding=binding)
    for part in ("number", "key", "target_number"):
        for stored in known:
            if getattr(stored, part) == name.strip() and stored.payload is not None:
                return stored.payload, stored.number or stored.key
    sample = fetched(things, flow, name.strip(), text)
    return record_of(things, sample.id, flow_name=flow, text=text), sample.title


# --- what an example needs beside its record


def _surroundings(flow: Flow, settings: Mapping[str, Json], most: int | None) -> dict[str, Json]:
    """Answers, facts, rows and clock, as far as the flow asks for them and they are not as it has them itself."""
    variables = settings.get("variables", {})
    texts = [text for _, text in flow_formulas(flow)]
    found: dict[str, Json] = {
        "answers": _other_answers(flow, variables.get("answers", {})),
        "facts": _facts(texts, variables.get("facts", {})),
        "lookups": _rows(flow, settings.get("lookups", {}), most),
    }
    if "now" in settings and any(_CLOCK.search(text) for text in texts):
        found["now"] = datetime.fromisoformat(settings["now"]).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {name: held for name, held in found.items() if held}


def _other_answers(flow: Flow, answers: Mapping[str, Json]) -> dict[str, Json]:
    questions, usual = flow.questions.get("properties", {}), flow.answers()
    return {
        name: value
        for name, value in answers.items()
        if name in questions and not questions[name].get("x-secret") and usual.get(name, MISSING) != value
    }


def _facts(texts: Iterable[str], facts: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    found: dict[str, dict[str, Json]] = {}
    for system, name in sorted({asked for text in texts for asked in _FACT.findall(text)}):
        if name in facts.get(system, {}):
            found.setdefault(system, {})[name] = facts[system][name]
    return found


def _rows(flow: Flow, tables: Mapping[str, Json], most: int | None) -> dict[str, dict[str, Json]]:
    """The rows of lookups that name records of the target: without it they could not be known."""
    found = {}
    for name, lookup in flow.lookups.items():
        rows = tables.get(name, {}).get("rows", {})
        if lookup.refers is not None and rows:
            found[name] = dict(list(rows.items())[:most])
    return found


# --- the record, as far as it is read


def _read_parts(loaded: LoadedFlow, record: dict[str, Json]) -> dict[str, Json]:
    source = loaded.flow.source
    resource = loaded.connectors[source.connector].resources[source.resource]
    texts = [text for _, text in flow_formulas(loaded.flow)]
    texts += [text for text in (resource.key, resource.number, resource.time) if text]
    told = [ways_here(text) for text in texts]
    paths = {tuple(name for name in way if name not in ("$", "$record")) for ways in told for way in ways or ()}
    if None in told or any(not path or path[0] in ("*", "**") for path in paths):
        return record  # what is read cannot be told
    kept: dict[str, Json] = _kept(record, paths)
    return kept


def _kept(value: Json, paths: set[tuple[str, ...]]) -> Json:
    """The value without what no path leads to or past."""
    if isinstance(value, list):
        return [_kept(each, paths) for each in value]
    if not isinstance(value, dict) or () in paths:
        return value
    found = {}
    for name, held in value.items():
        below = {path[1:] for path in paths if path[:1] == (name,)}
        if below:
            found[name] = held if any(not path or path[0] in ("*", "**") for path in below) else _kept(held, below)
    return found


# --- trying it


def _tried(
    loaded: LoadedFlow, formulas: Formulas, record: dict[str, Json], surroundings: Mapping[str, Json]
) -> Outcome:
    example = Example(
        title="",
        given=record,
        answers=surroundings.get("answers", {}),
        facts=surroundings.get("facts", {}),
        lookups=surroundings.get("lookups", {}),
        now=surroundings.get("now", ""),
        steps={},
        outcomes={},
    )
    alone = replace(loaded, flow=replace(loaded.flow, examples=(example,)))
    [(_, outcome)] = tried_examples(alone, formulas)
    return outcome


def _told(loaded: LoadedFlow, real: Outcome, made: Outcome, invention: Invented) -> Iterable[str]:
    """What differs although nobody's name is in it: a formula may branch by a value that was invented."""
    if real.kind != made.kind or set(real.steps) != set(made.steps):
        yield f"the real record is {_said(real)}, the invented one {_said(made)}"
        return
    if real.kind != "expected":
        if real.reason != made.reason or len(real.problems) != len(made.problems):
            yield f"the real record is {_said(real)}, the invented one {_said(made)}"
        return
    for step in loaded.flow.steps:
        schema = loaded.connectors[step.connector].resources[step.resource].schema
        for path, before, now in value_differences(real.steps.get(step.name), made.steps.get(step.name)):
            if not _is_of_people(schema, path, before, now, invention):
                yield f"{step.name}.{path}".rstrip(".")


def _is_of_people(schema: Mapping[str, Json], path: str, before: Json, now: Json, invention: Invented) -> bool:
    about = schema_at(schema, re.sub(r"\[\d+\]", "[]", path).removeprefix("[].")) or {}
    if about.get("x-personal"):
        return True
    return isinstance(before, str) and isinstance(now, str) and invention.replacing.applied(before) == now


def _said(outcome: Outcome) -> str:
    if outcome.kind == "expected":
        return f"sent ({', '.join(outcome.steps)})"
    return outcome.kind + (f" ({outcome.reason})" if outcome.reason else "")
