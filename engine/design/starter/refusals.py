"""Why no flow can be made from meanings for a source and a target: each reason, in words."""

from __future__ import annotations

from collections.abc import Iterator

from engine.design.starter.context import Context
from engine.design.starter.order import documents
from engine.design.starter.pair import Pair
from engine.design.starter.simple import record_for
from engine.design.starter.tables import Tables
from engine.design.starter.templates import document
from engine.errors import Problem

PROCESSES = ("order", "article", "customer")
_WORDS = {"order": "orders", "article": "articles", "customer": "customers"}
_MEANT = {  # what a process needs, where no meaning of the vocabulary says it alone
    "order.lines[].unit_amount": "order.lines[].price or order.lines[].amount",
}


def reasons(pair: Pair) -> list[Problem]:
    """Every reason; none where a flow can be made."""
    kind = pair.record.resource.kind
    where = f"{pair.source.title}, {pair.record.resource.title.lower()}"
    if kind not in PROCESSES:
        known = ", ".join(_WORDS[each] for each in PROCESSES)
        return [Problem(where, f"there is no process for this kind of record ({kind})", f"There is one for {known}.")]
    return [*_of_source(pair, kind, where), *_of_target(pair, kind)]


def _of_source(pair: Pair, kind: str, where: str) -> Iterator[Problem]:
    if not pair.record.can("read"):
        advice = "Choose a kind of record that can be read, or declare how it is."
        yield Problem(where, f"{pair.source.title} declares no way to read them", advice)
    for meaning in document(kind)["needs"]:
        if pair.readings.of(meaning) is None:
            meant = _MEANT.get(meaning, meaning)
            yield Problem(where, f"no field says that it is {meant}", "Give the field its x-meaning in the schema.")


def _of_target(pair: Pair, kind: str) -> Iterator[Problem]:
    process = document(kind)
    context = Context(pair, process, Tables(pair, process["lookups"]))
    if kind == "order":
        if not documents(context):
            kinds = ", ".join(each["called"] + "s" for each in _document_kinds(process))
            what = f"{pair.target.title} declares no way to make any of these with rows: {kinds}"
            yield Problem(pair.target.title, what, "Choose another target, or declare the operation create.")
    elif record_for(context) is None:
        held = pair.of_kind(kind)
        if held is None:
            what = f"{pair.target.title} has no {_WORDS[kind]}"
        else:
            what = f"{pair.target.title} declares no way to make or change {held.resource.title.lower()}"
        yield Problem(pair.target.title, what, "Choose another target, or declare the operation create or update.")


def _document_kinds(process: object) -> list[dict[str, str]]:
    steps = process["steps"]  # type: ignore[index]
    return list(next(step for step in steps if "kinds" in step)["kinds"].values())
