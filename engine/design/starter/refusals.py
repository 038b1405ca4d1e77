"""Why no flow can be made from meanings for a source and a target: each reason, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.design.starter.changes import record_of
from engine.design.starter.context import Context
from engine.design.starter.order import documents
from engine.design.starter.pair import Pair
from engine.design.starter.simple import record_for
from engine.design.starter.tables import Tables
from engine.design.starter.templates import document, said
from engine.errors import Json, Problem

_WORDS = {
    "order": "orders",
    "article": "articles",
    "customer": "customers",
    "stock": "stock",
    "status": "the status of orders",
    "payment": "payments of invoices",
}
PROCESSES = tuple(_WORDS)
CHANGES = ("stock", "status", "payment")  # they change what the target has
_SELLING = {"webshop", "marketplace", "pos"}
_MEANT = {  # what a process needs, where no meaning of the vocabulary says it alone
    "order.lines[].unit_amount": "order.lines[].price or order.lines[].amount",
    "stock.level": "stock.available or stock.quantity",
    "invoice.is_paid": "invoice.status with a code for paid, or invoice.balance",
    "invoice.order_number": "invoice.order_number or order.external_number",
}


def processes_of(kind: str) -> list[str]:
    """What can be done with records of a kind; what is done with them as a whole comes first."""
    return [name for name in PROCESSES if document(name)["of"] == kind]


def no_process(pair: Pair) -> Problem:
    """That nothing is done with records of this kind."""
    known = ", ".join(_WORDS.values())
    what = f"there is no process for this kind of record ({pair.record.resource.kind})"
    return Problem(_where(pair), what, f"There is one for {known}.")


def reasons(pair: Pair, process: str) -> list[Problem]:
    """Every reason; none where a flow can be made."""
    return [*_of_source(pair, process), *_of_target(pair, process)]


def _where(pair: Pair) -> str:
    return f"{pair.source.title}, {pair.record.resource.title.lower()}"


def _of_source(pair: Pair, process: str) -> Iterator[Problem]:
    where = _where(pair)
    if not pair.record.can("read"):
        advice = "Choose a kind of record that can be read, or declare how it is."
        yield Problem(where, f"{pair.source.title} declares no way to read them", advice)
    if process == "status" and _sells(pair):
        what = f"orders are placed in {pair.source.title}, and it takes none from elsewhere"
        yield Problem(where, what, "Choose the system that handles the orders as the source.")
    for meaning in document(process)["needs"]:
        if pair.readings.of(meaning) is None:
            meant = _MEANT.get(meaning, meaning)
            yield Problem(where, f"no field says that it is {meant}", "Give the field its x-meaning in the schema.")


def _sells(pair: Pair) -> bool:
    """Is the source a place where orders come into being, and no other?"""
    return set(pair.source.roles) <= _SELLING and pair.source_of_kind("order", "create") is None


def _of_target(pair: Pair, name: str) -> Iterator[Problem]:
    process, target = document(name), pair.target.title
    context = Context(pair, process, Tables(pair, process["lookups"]))
    if name in CHANGES:
        yield from _of_changes(pair, process)
    elif name == "order":
        if not documents(context):
            kinds = ", ".join(each["called"] + "s" for each in _document_kinds(process))
            what = f"{target} declares no way to make any of these with rows: {kinds}"
            yield Problem(target, what, "Choose another target, or declare the operation create.")
    elif record_for(context) is None:
        held = pair.of_kind(name)
        if held is None:
            what = f"{target} has no {_WORDS[name]}"
        else:
            what = f"{target} declares no way to make or change {held.resource.title.lower()}"
        yield Problem(target, what, "Choose another target, or declare the operation create or update.")


def _of_changes(pair: Pair, process: Mapping[str, Json]) -> Iterator[Problem]:
    for template in process["steps"]:
        if "missing" in template and record_of(pair, template) is None:
            other = template.get("missing_without", {})
            says = other["says"] if other and pair.readings.of(other["told_by"]) is None else template["missing"]
            what = said(says, {"target": pair.target.title, "source": pair.source.title})
            yield Problem(pair.target.title, what, "Choose another target, or declare the operation.")


def _document_kinds(process: Mapping[str, Json]) -> list[dict[str, str]]:
    return list(next(step for step in process["steps"] if "kinds" in step)["kinds"].values())
