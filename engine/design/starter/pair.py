"""Two systems that a flow is to join: their kinds of records, samples, facts and names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.connectors.connector import Connector
from engine.design.starter.fields import Record
from engine.design.starter.readings import Readings, facts_by_meaning
from engine.design.starter.templates import document
from engine.errors import Json
from engine.mappings.paths import get_path

Samples = Callable[[str, str], list[Json]]  # connector, resource → records of it: read live, or the samples


def no_samples(connector: str, resource: str) -> list[Json]:
    return []


@dataclass(frozen=True)
class Pair:
    """A source with the kind of record that is read, and a target."""

    source: Connector
    target: Connector
    resource: str
    samples: Samples = no_samples

    @cached_property
    def record(self) -> Record:
        """The source's record."""
        return Record.of(self.source.resources[self.resource])

    @cached_property
    def readings(self) -> Readings:
        return Readings(self.record, facts_by_meaning(self.target, "target"))

    def of_kind(self, kind: str, *operations: str) -> Record | None:
        """The target's first resource of a kind that has these operations."""
        return next(self.all_of_kind(kind, *operations), None)

    def all_of_kind(self, kind: str, *operations: str) -> Iterator[Record]:
        """All of them, in the connector's order."""
        return _of_kind(self.target, kind, operations)

    def source_of_kind(self, kind: str, *operations: str) -> Record | None:
        return next(_of_kind(self.source, kind, operations), None)

    def target_resource(self, name: str) -> Record | None:
        """The target's resource of a name, as a field's x-refers says it."""
        resource = self.target.resources.get(name)
        return Record.of(resource) if resource else None

    def source_codes(self) -> Record | None:
        """The source's tax codes with their rates, which its articles name by id."""
        field = self.record.one("article.tax_class")
        resource = self.source.resources.get(field.refers) if field and field.refers else None
        record = Record.of(resource) if resource else None
        return record if record is not None and record.can("read") and record.one("tax_code.rate") else None

    def source_samples(self, record: Record | None = None) -> list[Json]:
        return self.samples(self.source.name, (record or self.record).resource.name)

    def target_samples(self, record: Record) -> list[Json]:
        return self.samples(self.target.name, record.resource.name)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """What the holes of sentences stand for: the systems as people call them."""
        roles: Mapping[str, str] = document("codes")["roles"]
        found: dict[str, str] = {}
        for side, connector in (("source", self.source), ("target", self.target)):
            called = next((roles[role] for role in connector.roles if role in roles), connector.title)
            found |= {side: connector.title, f"the {side}": called, f"The {side}": called[0].upper() + called[1:]}
        if found["the source"] == found["the target"]:
            for side, connector in (("source", self.source), ("target", self.target)):
                found |= {f"the {side}": connector.title, f"The {side}": connector.title}
        return found


def _of_kind(connector: Connector, kind: str, operations: tuple[str, ...]) -> Iterator[Record]:
    for resource in connector.resources.values():
        if resource.kind == kind and all(resource.operation(name) for name in operations):
            yield Record.of(resource)


def value_of(record: Record, meaning: str, sample: Json) -> Json:
    """What a sample holds in the field of a meaning; None where there is none."""
    field = record.one(meaning)
    return None if field is None else get_path(sample, field.path)


def meant(record: Record, meaning: str, sample: Json) -> Json:
    """The same in canonical codes, where the field has some."""
    field, value = record.one(meaning), value_of(record, meaning, sample)
    if field is None or value is None or not field.codes:
        return value
    key = str(value).lower() if isinstance(value, bool) else str(value)
    return field.codes.get(key)
