"""Values as they stand in a request's address."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from engine.connectors.forms import plain_text
from engine.errors import Json, Problem, RecordProblem
from engine.formulas import MISSING


def paging_pairs(paging: Mapping[str, Json] | None) -> list[tuple[str, str]]:
    """What the first page's request says of paging in its address, by the operation's `paging` object."""
    if not paging or paging.get("in") == "body":
        return []
    pairs = []
    if "page" in paging and isinstance(paging["page"], str):
        pairs.append((paging["page"], str(paging.get("first_page", 1))))
    if "start" in paging:
        pairs.append((paging["start"], "0"))
    if "size" in paging:
        pairs.append((paging["size"], str(paging["page_size"])))
    return pairs


def path_part(value: Json, formula: str, where: str) -> str:
    """A value as a part of an address; RecordProblem where there is none."""
    if value is MISSING or value is None or value == "":
        raise RecordProblem(
            [
                Problem(
                    where,
                    f"the part {{{formula}}} of the address has no value",
                    "The record has no key yet: an earlier step must give it.",
                )
            ]
        )
    return quote(query_text(value), safe="")


def query_text(value: Json) -> str:
    """A value as it stands in a query, not yet percent-encoded."""
    text = plain_text(value)
    return str(value) if text is None else text
