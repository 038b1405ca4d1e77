"""Answers a list: `$filter`, `$orderby`, `$page`, `$pageSize`, `$select` and the Meta/Data envelope."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.eaccounting import choices
from sandbox.eaccounting.errors import invalid
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.filters import compile_filter
from sandbox.eaccounting.models import Model, Record
from sandbox.eaccounting.shelf import Shelf

# visma-eaccounting.md, Paging: "`$page`, `$pageSize` …, `$filter`, `$select`, `$orderby`"
OPTIONS = ("$page", "$pageSize", "$filter", "$select", "$orderby")


def read_options(query: list[tuple[str, str]]) -> dict[str, str]:
    """Give the query options; one that is not documented is refused, other parameters are passed over."""
    options = {}
    for name, value in query:
        if not name.startswith("$"):
            continue
        # not documented: other options ($top, $skip, $expand, …); refused, so that nobody believes they work.
        if name not in OPTIONS:
            raise invalid(f"The query option '{name}' is not supported.")
        if name in options:
            raise invalid(f"The query option '{name}' is given twice.")
        options[name] = value
    return options


def list_page(shelf: Shelf, query: list[tuple[str, str]], now: datetime) -> Record:
    """Give one page of a shelf in the published envelope."""
    options = read_options(query)
    page = _whole(options, "$page", 1, None)
    size = _whole(options, "$pageSize", choices.PAGE_SIZE_DEFAULT, choices.PAGE_SIZE_MAX)
    start = (page - 1) * size
    if "$filter" not in options and "$orderby" not in options:
        total = len(shelf)
        records = shelf.slice(start, start + size) if start < total else []
    else:
        found = _matches(shelf, options.get("$filter"))
        if "$orderby" in options:
            found = _ordered(found, shelf.model, options["$orderby"])
        total, records = len(found), found[start : start + size]
    if "$select" in options:
        records = [select(record, shelf.model, options["$select"]) for record in records]
    # visma-eaccounting.md, Paging: Envelope {"Meta":{"CurrentPage","PageSize",…},"Data":[…]}
    meta = {
        "CurrentPage": page,
        "PageSize": size,
        "TotalNumberOfPages": -(-total // size),
        "TotalNumberOfResults": total,
        "ServerTimeUtc": write_moment(now),
    }
    return {"Meta": meta, "Data": records}


def select(record: Record, model: Model, names: str) -> Record:
    """Give only the fields that `$select` names."""
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in model.fields:
            raise invalid(f"$select: Could not find a property named '{name}' on type '{model.name}'.")
    return {name: record[name] for name in wanted}


def _whole(options: dict[str, str], name: str, default: int, most: int | None) -> int:
    if name not in options:
        return default
    text = options[name]
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < 1:
        raise invalid(f"The query option '{name}' must be a whole number from 1.")
    if most is not None and int(text) > most:
        # not documented: a larger page; refused rather than cut, which a reader might take for the last page.
        raise invalid(f"The query option '{name}' must not be above {most}.")
    return int(text)


def _matches(shelf: Shelf, text: str | None) -> list[Record]:
    if text is None:
        return list(shelf)
    compiled = compile_filter(text, shelf.model)
    test = compiled.test
    source = shelf if compiled.entries is None else shelf.having_any(compiled.entries)
    return [record for record in source if test(record)]


def _ordered(records: list[Record], model: Model, text: str) -> list[Record]:
    for part in reversed(text.split(",")):
        words = part.split()
        if len(words) not in (1, 2) or words[-1] not in ("asc", "desc", words[0]):
            raise invalid(f"$orderby: '{part.strip()}' is not understood.")
        field = model.fields.get(words[0])
        if field is None or field.kind in ("list", "object"):
            raise invalid(f"$orderby: Could not find a property named '{words[0]}' on type '{model.name}'.")
        records = sorted(records, key=lambda r: _rank(r[field.name]), reverse=words[-1] == "desc")
    return records


def _rank(value: Any) -> tuple[bool, Any]:
    # OData: null is lower than every value.
    if value is None:
        return (False, 0)
    return (True, value.lower() if isinstance(value, str) else value)
