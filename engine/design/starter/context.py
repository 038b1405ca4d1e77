"""What the parts of one starter share while it is made: names that are known, holes that can be filled, gaps found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.design.starter.fields import Record
from engine.design.starter.pair import Pair
from engine.design.starter.tables import Tables
from engine.design.starter.templates import Resolve, Unfilled, filled, said
from engine.errors import Json, Problem

_NAMED = re.compile(r"\$(values|steps)\.([a-z_][a-z0-9_]*)")


@dataclass(slots=True)
class Context:
    """The pair and what has been made so far.

    records: name of a step → the record it writes; computed: holes whose text depends on the target;
    asked: questions about fields that nothing fills; document_meanings: what the documents that an order becomes have
    a field for.
    """

    pair: Pair
    process: Mapping[str, Json]
    tables: Tables
    values: dict[str, str] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    computed: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Json] = field(default_factory=dict)
    document_meanings: set[str] = field(default_factory=set)
    gaps: list[Problem] = field(default_factory=list)

    def fill(self, template: Json, record: Record | None = None) -> str:
        """The formula of a template that names only what is there; Unfilled where there is none."""
        missing = "nothing"
        for one in alternatives(template):
            try:
                formula = filled(one, self.resolver(record))
                self._known(formula)
                return formula
            except Unfilled as unfilled:
                missing = str(unfilled)
        raise Unfilled(missing)

    def filled_or_none(self, template: Json, record: Record | None = None) -> str | None:
        try:
            return self.fill(template, record)
        except Unfilled:
            return None

    def resolver(self, record: Record | None) -> Resolve:
        """What the holes stand for; record: the target's record of the step at work."""

        def resolve(name: str) -> str | None:
            if name in self.computed:
                return self.computed[name]
            head, _, meaning = name.partition(" ")
            if head == "target" and meaning:
                found = record.one(meaning) if record else None
                return found.path if found else None
            if head == "answer" and meaning:
                found = record.one(meaning) if record else None
                return f"$answer.{found.path}" if found else None
            if head in ("customer", "articles", *self.records) and meaning:
                written = self.records[head].one(meaning) if head in self.records else None
                if written is None:
                    return None
                return written.path if head == "articles" else f"$steps.{head}.{written.path}"
            return self.pair.readings.hole(name)

        return resolve

    def said(self, text: str, **words: str) -> str:
        return said(text, {**self.pair.words, **words})

    def gap(self, where: str, what: str, what_to_do: str) -> None:
        self.gaps.append(Problem(where, what, what_to_do, severity="warning"))

    def _known(self, formula: str) -> None:
        for kind, name in _NAMED.findall(formula):
            known: Mapping[str, object] = self.values if kind == "values" else self.records
            if name not in known:
                raise Unfilled(f"${kind}.{name}")


def alternatives(template: Json) -> Iterator[Json]:
    """The templates to be tried one after the other."""
    if isinstance(template, Mapping):
        for one in template["first"]:
            yield from alternatives(one)
    else:
        yield template
