"""What a flow's examples point at: steps, answers, facts, lookups and fields; and that each says what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from engine.documents.positions import place_text
from engine.documents.schemas import compiled_check, explain
from engine.documents.sentences import listed
from engine.documents.workspace import Document
from engine.errors import Json, Problem
from engine.flows.check_connector import unknown
from engine.flows.flow import OUTCOMES, Example, Step
from engine.flows.library import LoadedFlow

Path = tuple[str | int, ...]
_FACT = re.compile(r"\$facts\.([A-Za-z_][A-Za-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_]*)")
NO_OUTCOME = "no_outcome"  # the code of an example that is not finished: nothing is expected of it yet


def check_examples(loaded: LoadedFlow, document: Document, where: str) -> list[Problem]:
    """Every problem of the examples of a flow whose files keep their schemas."""
    checks = _ExampleChecks(loaded, document, where)
    return [problem for i, example in enumerate(loaded.flow.examples) for problem in checks.problems(i, example)]


class _ExampleChecks:
    def __init__(self, loaded: LoadedFlow, document: Document, where: str) -> None:
        self._loaded = loaded
        self._flow = loaded.flow
        self._steps = {step.name: step for step in loaded.flow.steps}
        self._sides = {"source": self._flow.source.connector, "target": self._flow.target()}
        self._sides |= {name: name for name in loaded.connectors}
        self._text = document.text
        self._where = where
        self._facts_read = _facts_read(document.value)
        self._answers_fit = compiled_check(loaded.flow.questions)

    def problems(self, i: int, example: Example) -> Iterator[Problem]:
        here: Path = ("examples", i)
        if example.title in [other.title for other in self._flow.examples[:i]]:
            yield self._problem((*here, "title"), "another example has this title", "Name it by what it shows.")
        yield from self._outcome(here, example)
        yield from self._now(here, example)
        yield from self._answers(here, example)
        yield from self._facts(here, example)
        if "expected" in example.outcomes or "parked" in example.outcomes:
            yield from self._not_given(here, example)
        for name in example.lookups:
            if name not in self._flow.lookups:
                yield self._unknown((*here, "lookups", name), "lookup", name, self._flow.lookups)
        source = self._loaded.connectors[self._flow.source.connector].resources.get(self._flow.source.resource)
        if source is not None:
            yield from self._fields((*here, "given"), example.given, source.schema, source.title)
        yield from self._answered(here, example)
        yield from self._expected(here, example)

    def _problem(self, path: Path, what: str, what_to_do: str, code: str = "") -> Problem:
        return Problem(place_text(self._where, path, self._text), what, what_to_do, code)

    def _unknown(self, path: Path, kind: str, name: str, known: Iterable[str], severity: str = "error") -> Problem:
        return unknown(place_text(self._where, path, self._text), kind, name, known, severity)

    def _outcome(self, here: Path, example: Example) -> Iterator[Problem]:
        if not example.outcomes:
            what = "the example says nothing of what is expected"
            advice = f"Add {listed([f'`{name}`' for name in OUTCOMES])}; `test {self._flow.name} --show` prints it."
            yield self._problem(here, what, advice, NO_OUTCOME)
        elif len(example.outcomes) > 1:
            what = f"the example has {listed([f'`{name}`' for name in example.outcomes], 'and')}"
            yield self._problem(here, what, "One of them can come true: remove the others.")

    def _now(self, here: Path, example: Example) -> Iterator[Problem]:
        try:
            datetime.fromisoformat(example.now or "2026-01-01")
        except ValueError:
            yield self._problem((*here, "now"), "there is no such moment", "Write it as 2026-01-31T10:11:12Z.")

    def _answers(self, here: Path, example: Example) -> Iterator[Problem]:
        questions = self._flow.questions.get("properties", {})
        known = {name: answer for name, answer in example.answers.items() if name in questions}
        for name in example.answers:
            if name not in known:
                yield self._unknown((*here, "answers", name), "question", name, questions)
        given = self._flow.answers(known)
        for path, sentence in () if self._answers_fit(given) else explain(self._flow.questions, given):
            if path and path[0] in known:
                what = f"the answer does not fit its question: {sentence}"
                yield self._problem((*here, "answers", *path), what, "Mend the answer.")

    def _facts(self, here: Path, example: Example) -> Iterator[Problem]:
        for side, facts in example.facts.items():
            if side not in self._sides:
                yield self._unknown((*here, "facts", side), "system whose facts are known", side, self._sides)
                continue
            connector = self._loaded.connectors[self._sides[side]]
            for name in facts:
                if name not in connector.facts:
                    kind = f"fact of {connector.title}"
                    yield self._unknown((*here, "facts", side, name), kind, name, connector.facts)

    def _not_given(self, here: Path, example: Example) -> Iterator[Problem]:
        """A warning for what only the systems know and a record that is reshaped would see nothing of."""
        given = {(self._sides.get(side), name) for side, facts in example.facts.items() for name in facts}
        facts = [f"{side}.{name}" for side, name in self._facts_read if (self._sides.get(side), name) not in given]
        lookups = [
            name
            for name, lookup in self._flow.lookups.items()
            if lookup.refers is not None and lookup.refers.every and name not in example.lookups
        ]
        for kind, names in (("facts", facts), ("lookups", lookups)):
            if names:
                what = f"the example says nothing of these {kind}: {', '.join(names)}"
                advice = f"Add them under `{kind}`; without it formulas see nothing of them."
                yield replace(self._problem(here, what, advice), severity="warning")

    def _answered(self, here: Path, example: Example) -> Iterator[Problem]:
        for name, held in example.steps.items():
            path: Path = (*here, "steps", name)
            step = self._steps.get(name)
            if step is None:
                yield self._unknown(path, "step", name, self._steps)
                continue
            if step.each is None:
                yield from self._fields_of(path, held, step)
                continue
            for match, answer in held.items():
                if isinstance(answer, dict):
                    yield from self._fields_of((*path, match), answer, step)
                else:
                    what = f"the step “{name}” is done for several items, and this is no record"
                    yield self._problem((*path, match), what, "Write a record for each match value.")

    def _expected(self, here: Path, example: Example) -> Iterator[Problem]:
        for name, fields in example.outcomes.get("expected", {}).items():
            path: Path = (*here, "expected", name)
            step = self._steps.get(name)
            if step is None:
                yield self._unknown(path, "step", name, self._steps)
            elif fields is None:
                continue
            elif isinstance(fields, list) != (step.each is not None):
                is_list = "is done for several items" if step.each is not None else "is done once"
                advice = "Write a list of them." if step.each is not None else "Write its fields as one object."
                yield self._problem(path, f"the step “{name}” {is_list}", advice)
            else:
                yield from self._fields_of(path, fields, step)

    def _fields_of(self, path: Path, fields: Json, step: Step) -> Iterator[Problem]:
        resource = self._loaded.connectors[step.connector].resources.get(step.resource)
        if resource is not None:
            yield from self._fields(path, fields, resource.schema, resource.title)

    def _fields(self, path: Path, value: Json, schema: Mapping[str, Json], title: str) -> Iterator[Problem]:
        """A warning for each field that the schema does not have, once for all items of a list."""
        told: set[Path] = set()
        for at, known in _unknown_fields(value, schema, ()):
            place = tuple(step for step in at if isinstance(step, str))
            if place not in told:
                told.add(place)
                kind = f"field of {title.lower()}"
                yield self._unknown((*path, *at), kind, str(at[-1]), known, "warning")


def _facts_read(document: Mapping[str, Json]) -> list[tuple[str, str]]:
    """(system, fact) of each fact that the values and steps of a flow read, in order."""
    from engine.flows.check import flow_formula_paths

    formulas = [formula for path, formula in flow_formula_paths(document) if path[0] in ("values", "steps")]
    return list(dict.fromkeys(found for formula in formulas for found in _FACT.findall(formula)))


def _unknown_fields(value: Json, schema: Mapping[str, Json], at: Path) -> Iterator[tuple[Path, list[str]]]:
    """(path, names there are) of each field that a schema with named fields does not name."""
    if isinstance(value, list):
        inner = schema.get("items", schema if at == () else {})
        for i, item in enumerate(value):
            yield from _unknown_fields(item, inner, (*at, i))
    elif isinstance(value, dict) and "properties" in schema:
        fields = schema["properties"]
        for name, held in value.items():
            if name in fields:
                yield from _unknown_fields(held, fields[name], (*at, name))
            elif not schema.get("additionalProperties"):
                yield (*at, name), list(fields)
