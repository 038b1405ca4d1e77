"""A flow opened for work: its systems connected, its lookups filled, every formula of it compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.connectors.clock import Clock
from engine.connectors.connector import Resource
from engine.connectors.pace import OnWait
from engine.connectors.system import System
from engine.documents.schemas import explain
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import Environment, Formulas, LookupTable, Program
from engine.mappings.mapping import Mapping as FieldMappings
from engine.runs.bindings import DEFAULT, Bound, bound
from engine.runs.checks import checks_program, zone_of
from engine.runs.clients import open_system, stored_connection
from engine.runs.company import meet
from engine.runs.ledger import Intent, Ledger
from engine.runs.lookups import ready_lookups
from engine.runs.reading import flow_formulas, record_paths

_DOCUMENTS = {"order", "quote", "invoice", "invoice_draft"}


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step with its system and its compiled formulas."""

    step: Step
    system: System
    resource: Resource
    connection: str
    fields: FieldMappings
    gates: Program  # when and each, over the record
    aims: Program  # match, scope, key, policy, instead: over the item
    candidates: Program | None  # match.where, over a record found
    before: Program | None
    after: Program | None
    where: str
    is_main: bool  # what the source record becomes in the target: its outcome is the record's

    @property
    def can_find(self) -> bool:
        """Can the target be searched by what the step matches?"""
        return self.step.match is not None and self.resource.can_find_by(self.step.match.field)

    def began(self, intent: Intent) -> bool:
        """Is it an intent of this step, in the account that it writes to now?"""
        return (intent.step, intent.connection) == (self.step.name, self.connection)


@dataclass(slots=True)
class OpenFlow:
    """What a run works with. environment: the run's clock, answers, facts and lookups."""

    loaded: LoadedFlow
    binding: str
    formulas: Formulas
    environment: Environment
    answers: dict[str, Json]
    systems: dict[str, System]
    steps: list[OpenStep]
    values: Program
    reads: list[str]
    words: frozenset[str]  # every name that stands in a formula
    connections: dict[str, str] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)  # such as rows of lookups whose records are gone
    bound_at: datetime | None = None  # when its binding was saved last

    @property
    def name(self) -> str:
        return self.loaded.flow.name

    @property
    def source(self) -> System:
        return self.systems[self.loaded.flow.source.connector]

    def close(self) -> None:
        for system in self.systems.values():
            system.close()


def open_flow(
    loaded: LoadedFlow,
    *,
    ledger: Ledger,
    formulas: Formulas,
    clock: Clock,
    now: datetime,
    binding: str = DEFAULT,
    answers: Mapping[str, Json] | None = None,
    transports: Mapping[str, Any] | None = None,
    on_wait: OnWait | None = None,
) -> OpenFlow:
    """Connect the systems, read their facts, fill the lookups and compile the formulas.

    answers: over those of the binding.
    Raises ConnectionMissing, WrongCompany, ExchangeError, DocumentError or FormulaError: the run cannot begin.
    """
    held = bound(ledger, loaded, binding)
    loaded = held.applied(loaded)
    flow = loaded.flow
    given = {**held.answered(flow), **(answers or {})}
    wrong = explain(flow.questions, given)
    if wrong:
        raise DocumentError([_wrong_answer(held, path, sentence) for path, sentence in wrong])
    stored = {
        name: stored_connection(ledger, connector, held.connections[name])
        for name, connector in loaded.connectors.items()
    }
    systems = {
        name: open_system(
            connector,
            stored[name],
            ledger=ledger,
            formulas=formulas,
            clock=clock,
            now=now,
            transport=(transports or {}).get(name),
            on_wait=on_wait,
        )
        for name, connector in loaded.connectors.items()
    }
    try:
        facts = read_facts(loaded, systems)
        meet(ledger, held, loaded, facts, now)
        zone = zone_of(loaded)
        environment = Environment(now=now, variables={"answers": given, "facts": facts}, lookups={}, zone=zone)
        lookups, gone = ready_lookups(flow, systems, formulas, environment)
        environment = Environment(now=now, variables=environment.variables, lookups=lookups, zone=zone)
        return OpenFlow(
            loaded=loaded,
            binding=binding,
            formulas=formulas,
            environment=environment,
            answers=given,
            systems=systems,
            steps=open_steps(loaded, systems, formulas, held.connections),
            values=formulas.program(flow.values),
            reads=record_paths(loaded, formulas),
            words=frozenset(word for _, text in flow_formulas(flow) for word in re.findall(r"\w+", text)),
            connections=dict(held.connections),
            warnings=gone,
            bound_at=held.saved_at,
        )
    except BaseException:
        for system in systems.values():
            system.close()
        raise


def _wrong_answer(held: Bound, path: tuple[str | int, ...], sentence: str) -> Problem:
    name = str(path[0]) if path else ""
    what = f"the answer does not fit its question: {sentence}"
    if name in held.answers:
        advice = f"Answer it differently: `bindings {held.flow} {held.name} --answer {name}=…`."
        return Problem(f"{held.flow}, binding {held.name}, answer {name}", what, advice)
    return Problem(f"saved_mappings/{held.flow}.json questions.properties.{name}.default", what, "Mend the answer.")


def read_facts(loaded: LoadedFlow, systems: Mapping[str, System]) -> dict[str, Json]:
    """Facts by connector, and again as `source` and `target` (the first system that is not the source)."""
    facts: dict[str, Json] = {name: system.facts() for name, system in systems.items()}
    return {**facts, "source": facts[loaded.flow.source.connector], "target": facts[loaded.flow.target()]}


def open_steps(
    loaded: LoadedFlow,
    systems: Mapping[str, System],
    formulas: Formulas,
    connections: Mapping[str, str] = MappingProxyType({}),
) -> list[OpenStep]:
    """Every step of the flow, compiled; connections: system → the connection it goes through, else its own name."""
    main = _main_steps(loaded, systems)
    return [
        _open_step(
            step,
            systems[step.connector],
            formulas,
            step.name in main,
            connections.get(step.connector, step.connector),
        )
        for step in loaded.flow.steps
    ]


def _main_steps(loaded: LoadedFlow, systems: Mapping[str, System]) -> set[str]:
    """The steps that make what the record becomes: documents of the source's family, else the last single step."""
    source = loaded.flow.source
    kind = systems[source.connector].resource(source.resource).kind
    family = _DOCUMENTS if kind in _DOCUMENTS else {kind}
    outward = [step for step in loaded.flow.steps if step.connector != source.connector and step.each is None]
    alike = {step.name for step in outward if systems[step.connector].resource(step.resource).kind in family}
    return alike or {step.name for step in outward[-1:]}


def _open_step(step: Step, system: System, formulas: Formulas, is_main: bool, connection: str) -> OpenStep:
    resource = system.resource(step.resource)
    where = f"step {step.name} ({system.title}, {resource.title.lower()})"
    aims = {
        "match": step.match.formula if step.match else None,
        "scope": step.match.scope if step.match else None,
        "key": step.key,
        "policy": step.policy_formula,
        "instead": step.instead,
    }
    return OpenStep(
        step=step,
        system=system,
        resource=resource,
        connection=connection,
        fields=FieldMappings(formulas, step.fields, resource.schema, where),
        gates=formulas.program(_given({"when": step.when, "each": step.each})),
        aims=formulas.program(_given(aims)),
        candidates=formulas.program({"where": step.match.where}) if step.match and step.match.where else None,
        before=checks_program(step.before, formulas),
        after=checks_program(step.after, formulas),
        where=where,
        is_main=is_main,
    )


def _given(formulas: Mapping[str, str | None]) -> dict[str, str]:
    return {name: formula for name, formula in formulas.items() if formula is not None}


def settings_of(opened: OpenFlow) -> dict[str, Json]:
    """What is the same for all records of a run, to be kept with it."""
    return {
        "now": opened.environment.now.isoformat(),
        "zone": opened.environment.zone,
        "variables": dict(opened.environment.variables),
        "lookups": {name: asdict(table) for name, table in opened.environment.lookups.items()},
    }


def environment_of(settings: Mapping[str, Json]) -> Environment:
    """The environment of a run as it was kept."""
    tables = {name: LookupTable(**held) for name, held in settings["lookups"].items()}
    now, zone = datetime.fromisoformat(settings["now"]), settings.get("zone", "")
    return Environment(now, settings["variables"], tables, zone)
