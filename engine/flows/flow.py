"""A flow as the engine sees it: the file in saved_mappings/, typed and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.documents.formula_text import formula_text
from engine.errors import Json
from engine.mappings.mapping import FieldMapping

CHECK_PARTS = ("source", "target", "within", "when", "holds", "says")
OUTCOMES = ("expected", "parked", "waiting", "skipped")  # what an example can say of its record


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula that is true or false, and how it is said of a record."""

    formula: str
    says: str


@dataclass(frozen=True, slots=True)
class Source:
    """What is read, from when, what waits and what is never taken."""

    connector: str
    resource: str
    since: str | None
    overlap_minutes: int
    where: tuple[Condition, ...]
    never: tuple[Condition, ...]
    wait_days: int


@dataclass(frozen=True, slots=True)
class Match:
    """How a record is found in the target."""

    field: str
    formula: str
    where: str | None
    scope: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """Two sums that must agree, or a formula that must hold; `formulas` has its parts by name."""

    what: str
    formulas: Mapping[str, str]
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Step:
    """One write to one system."""

    name: str
    title: str
    connector: str
    resource: str
    policy: str
    policy_formula: str | None
    each: str | None
    when: str | None
    match: Match | None
    key: str | None
    instead: str | None
    fields: tuple[FieldMapping, ...]
    before: tuple[Check, ...]
    after: tuple[Check, ...]

    @property
    def only_looks(self) -> bool:
        """Whether it writes nothing: later steps see what it found."""
        return self.policy == "update" and self.key is None and not self.fields


@dataclass(frozen=True, slots=True)
class Reference:
    """The target's records that a lookup's rows name."""

    connector: str
    resource: str
    by: str
    gives: str
    where: str | None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """A value table as the flow holds it."""

    name: str
    title: str
    rows: Mapping[str, Json]
    otherwise: Literal["fail", "leave_out", "value"]
    value: Json
    refers: Reference | None


@dataclass(frozen=True, slots=True)
class Example:
    """A record and what is expected of it: `outcomes` holds those of OUTCOMES that the file names, and one is right.

    facts, steps: as $facts and $steps have them; lookups: rows in place of a table's own; now: "" where none is given.
    """

    title: str
    given: Mapping[str, Json]
    answers: Mapping[str, Json]
    facts: Mapping[str, Mapping[str, Json]]
    lookups: Mapping[str, Mapping[str, Json]]
    now: str
    steps: Mapping[str, Mapping[str, Json]]
    outcomes: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a flow runs by itself: every so many minutes, on some days and hours, or as cron says."""

    every_minutes: int | None = None
    cron: str | None = None
    days: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Records of one resource, all of them or those for which `where` is true."""

    connector: str
    resource: str
    where: str | None


@dataclass(frozen=True, slots=True)
class Precondition:
    """What must be so before the first run; one that is `by_hand` a person looks at and ticks off."""

    name: str
    title: str
    holds: str | None
    unique: str | None
    each: Reading | None
    names: str | None
    proposal: str | None
    is_error: bool
    what_to_do: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How the days of the source are compared with the target: day, sum and currency of a source's record."""

    day: str
    sum: str
    currency: str | None
    target_sum: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow; `name` is its file's name without ending."""

    name: str
    title: str
    source: Source
    questions: Mapping[str, Json]
    lookups: Mapping[str, Lookup]
    values: Mapping[str, str]
    steps: tuple[Step, ...]
    examples: tuple[Example, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    zone: str | None = None
    preconditions: tuple[Precondition, ...] = ()
    reconcile: Reconciliation | None = None
    begins_on: bool = True

    def answers(self, given: Mapping[str, Json] | None = None) -> dict[str, Json]:
        """The default answers, with those of a binding over them."""
        defaults = {n: q["default"] for n, q in self.questions.get("properties", {}).items() if "default" in q}
        return {**defaults, **(given or {})}

    def connectors(self) -> list[str]:
        """The systems it speaks to, the source first."""
        return list(dict.fromkeys([self.source.connector, *(s.connector for s in self.steps)]))

    def target(self) -> str:
        """The first system that is not the source; the source itself where there is no other."""
        return next((name for name in self.connectors() if name != self.source.connector), self.source.connector)


def read_flow(name: str, document: Mapping[str, Json]) -> Flow:
    """A flow from its checked document."""
    source = document["source"]
    return Flow(
        name=name,
        title=document["title"],
        source=Source(
            connector=source["connector"],
            resource=source["resource"],
            since=_optional(source, "since"),
            overlap_minutes=source.get("overlap_minutes", 60),
            where=_conditions(source.get("where", ())),
            never=_conditions(source.get("never", ())),
            wait_days=source.get("wait_days", 30),
        ),
        questions=document.get("questions", {"type": "object", "properties": {}}),
        lookups={n: _lookup(n, about) for n, about in document.get("lookups", {}).items()},
        values={n: formula_text(held) for n, held in document.get("values", {}).items()},
        steps=tuple(_step(about) for about in document["steps"]),
        examples=tuple(_example(about) for about in document.get("examples", ())),
        schedules=tuple(Schedule(**about) for about in document.get("schedules", ())),
        zone=_optional(document, "zone"),
        preconditions=tuple(_precondition(about) for about in document.get("preconditions", ())),
        reconcile=_reconciliation(document["reconcile"]) if "reconcile" in document else None,
        begins_on=document.get("begins", "on") == "on",
    )


def _precondition(about: Mapping[str, Json]) -> Precondition:
    each = about.get("each")
    return Precondition(
        name=about["name"],
        title=about["title"],
        holds=_optional(about, "holds"),
        unique=_optional(about, "unique"),
        each=each and Reading(each["connector"], each["resource"], _optional(each, "where")),
        names=_optional(about, "names"),
        proposal=_optional(about, "proposal"),
        is_error=about.get("severity", "error") == "error",
        what_to_do=about["what_to_do"],
        by_hand=about.get("by_hand", False),
    )


def _reconciliation(about: Mapping[str, Json]) -> Reconciliation:
    return Reconciliation(
        formula_text(about["day"]),
        formula_text(about["sum"]),
        _optional(about, "currency"),
        formula_text(about["target_sum"]),
    )


def _example(about: Mapping[str, Json]) -> Example:
    return Example(
        title=about["title"],
        given=about["given"],
        answers=about.get("answers", {}),
        facts=about.get("facts", {}),
        lookups=about.get("lookups", {}),
        now=about.get("now", ""),
        steps=about.get("steps", {}),
        outcomes={name: about[name] for name in OUTCOMES if name in about},
    )


def _optional(about: Mapping[str, Json], key: str) -> str | None:
    return formula_text(about[key]) if key in about else None


def _conditions(held: list[Mapping[str, Json]]) -> tuple[Condition, ...]:
    return tuple(Condition(formula_text(c["condition"]), c["says"]) for c in held)


def _checks(held: list[Mapping[str, Json]]) -> tuple[Check, ...]:
    return tuple(
        Check(
            c["what"],
            {part: formula_text(c[part]) for part in CHECK_PARTS if part in c},
            c.get("what_to_do", "Look at the sums, and book the difference by hand or mend the mapping."),
        )
        for c in held
    )


def _lookup(name: str, about: Mapping[str, Json]) -> Lookup:
    refers = about.get("refers")
    reference = refers and Reference(
        refers["connector"],
        refers["resource"],
        formula_text(refers["by"]),
        formula_text(refers["gives"]),
        _optional(refers, "where"),
        refers.get("every", False),
    )
    otherwise = about["otherwise"]
    return Lookup(name, about["title"], about["rows"], otherwise["do"], otherwise.get("value"), reference)


def _step(about: Mapping[str, Json]) -> Step:
    policy, match = about["policy"], about.get("match")
    return Step(
        name=about["step"],
        title=about["title"],
        connector=about["connector"],
        resource=about["resource"],
        policy=policy if isinstance(policy, str) else "",
        policy_formula=None if isinstance(policy, str) else formula_text(policy["formula"]),
        each=_optional(about, "each"),
        when=_optional(about, "when"),
        match=match
        and Match(
            match["field"],
            formula_text(match["formula"]),
            _optional(match, "where"),
            _optional(match, "scope"),
        ),
        key=_optional(about, "key"),
        instead=_optional(about, "instead"),
        fields=tuple(_field(path, held) for path, held in about.get("fields", {}).items()),
        before=_checks(about.get("before", ())),
        after=_checks(about.get("after", ())),
    )


def _field(path: str, held: Mapping[str, Json]) -> FieldMapping:
    is_list = "each" in held
    formula = formula_text(held["each" if is_list else "formula"])
    return FieldMapping(path, formula, is_list, held.get("write", "always"), held.get("note", ""))
