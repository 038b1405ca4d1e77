"""What flows can be made from the systems at hand, and for the others why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.connectors.connector import Connector
from engine.design.starter.pair import Pair
from engine.design.starter.refusals import PROCESSES, processes_of, reasons
from engine.design.starter.templates import document, said
from engine.errors import Problem


@dataclass(frozen=True, slots=True)
class Offer:
    """One flow that could be made. kind: its process, such as order or stock; why_not: empty where it can be made; the
    titles of source and target are what people call them, resource_title what is carried over.
    """

    source: str
    target: str
    resource: str
    kind: str
    title: str
    why_not: tuple[Problem, ...]
    source_title: str
    target_title: str
    resource_title: str

    @property
    def is_possible(self) -> bool:
        return not self.why_not

    @property
    def choice(self) -> str:
        """A name for what is carried over, which no other offer of the two systems has."""
        first = processes_of(document(self.kind)["of"])[0]
        return self.resource if self.kind == first else f"{self.resource}-{self.kind}"


def offers_of(connectors: Mapping[str, Connector]) -> list[Offer]:
    """Every source, target and kind of record for which there is a process; those that can be made come first, of them
    the orders, and of these the ones between the systems that are documented best.
    """
    documented = {name: _documented(connector) for name, connector in connectors.items()}
    found = []
    for source in connectors.values():
        for target in connectors.values():
            if source is not target:
                found += [_offer(source, target, *each) for each in _readable(source)]

    def place(offer: Offer) -> tuple[bool, int, float]:
        known = documented[offer.source] + documented[offer.target]
        return bool(offer.why_not), PROCESSES.index(offer.kind), -known

    return sorted(found, key=place)


def _documented(connector: Connector) -> float:
    """Which part of what is said of it its vendor says, 0 to 1."""
    levels = [part["level"] for part in connector.evidence]
    return levels.count("documented") / len(levels) if levels else 0.0


def _readable(source: Connector) -> list[tuple[str, str]]:
    """The first resource of each kind that can be read, with each process for it; others of the kind are parts of it,
    as cancelled orders are.
    """
    found: dict[str, str] = {}
    for name, resource in source.resources.items():
        if resource.operation("read") is not None:
            found.setdefault(resource.kind, name)
    return [(name, process) for kind, name in found.items() for process in processes_of(kind)]


def _offer(source: Connector, target: Connector, resource: str, kind: str) -> Offer:
    pair = Pair(source, target, resource)
    process = document(kind)
    title = said(process["title"], pair.words)
    why_not = tuple(reasons(pair, kind))
    titles = (source.title, target.title, process["called"] or pair.record.resource.title)
    return Offer(source.name, target.name, resource, kind, title, why_not, *titles)
