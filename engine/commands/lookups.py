"""`lookups`: the value tables of a flow's draft, what their rows may name, what is missing; rows to a file and back."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.design.desk import Desk, command_line, desk
from engine.design.drafts import Draft, Drafts
from engine.design.lookups import (
    Coverage,
    Occurrences,
    Options,
    Proposal,
    Table,
    Value,
    changes,
    common_kind,
    coverage,
    from_text,
    gone_rows,
    key_meanings,
    kind_of,
    occurrences,
    options,
    proposals,
    shown,
    table_of,
    tables_of,
    to_file,
)
from engine.errors import DocumentError, Problem
from engine.flows.library import LoadedFlow, load_flow_text

MOST_SHOWN = 1_000  # rows of a table for people; --json and --export have all


def run(asked: Namespace) -> int:
    """Exit code 1 where a key without a row parks records, or a row's record is gone; 2 where a file is refused."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        drafts = Drafts(things.workspace, things.clock)
        draft = drafts.open(asked.flow)
        if asked.lookup is None and (asked.export or asked.read):
            what = "which lookup is meant is not said"
            there = ", ".join(tables_of(draft.text)) or "none"
            raise DocumentError([Problem(f"lookups {asked.flow}", what, f"Name one of: {there}.")])
        tables = tables_of(draft.text) if asked.lookup is None else {asked.lookup: table_of(draft.text, asked.lookup)}
        if asked.read:
            return _read(drafts, draft, tables[asked.lookup], asked, output)
        if asked.export:
            return _export(things, draft, tables[asked.lookup], asked.export, output)
        loaded = load_flow_text(things.workspace, asked.flow, draft.text)
        if asked.options:
            return _show_options(things, loaded, tables, output)
        if asked.coverage:
            return _show_coverage(things, loaded, tables, output)
        if asked.lookup is None:
            return _show_tables(things, loaded, tables, output)
        return _show_rows(things, loaded, tables[asked.lookup], output)


# --- looking


def _show_tables(things: Desk, loaded: LoadedFlow, tables: Mapping[str, Table], output: Output) -> int:
    rows = []
    gone: list[Problem] = []
    for table in tables.values():
        known = options(things, loaded, table)
        many = len(known.rows() if table.is_read and known.is_known else table.rows)
        gone += gone_rows(table, known).values()
        output.object("lookup", **_about(table, known), rows=many)
        rows.append([table.name, table.title, "read" if table.is_read else many, _otherwise(table), _names(known)])
    if rows:
        output.table(["lookup", "title", "rows", "otherwise", "names"], rows)
    else:
        output.text("The flow has no lookups.")
    output.problems(gone)
    return 1 if gone else 0


def _show_rows(things: Desk, loaded: LoadedFlow, table: Table, output: Output) -> int:
    known = options(things, loaded, table)
    rows = known.rows() if table.is_read else table.rows
    output.object("lookup", **_about(table, known), rows=len(rows))
    for key, value in rows.items():
        output.object("row", lookup=table.name, key=key, value=value)
    output.text(f"{table.title}. {table.help}".strip())
    output.table(["key", "value", "type"], [[k, shown(v), kind_of(v)] for k, v in [*rows.items()][:MOST_SHOWN]])
    if len(rows) > MOST_SHOWN:
        output.text(f"… and {len(rows) - MOST_SHOWN:,} more; --export has all.")
    output.text(f"Any other key: {_otherwise(table)}.")
    gone = list(gone_rows(table, known).values())
    output.problems([*gone, *([known.problem] if known.problem is not None else [])])
    return 1 if gone else 0


def _show_options(things: Desk, loaded: LoadedFlow, tables: Mapping[str, Table], output: Output) -> int:
    code = 0
    for table in tables.values():
        known = options(things, loaded, table)
        if table.refers is None:
            output.text(f"{table.name}: its rows name no records; any value may stand there.")
            continue
        for option in known:
            output.object("option", lookup=table.name, value=option.value, meaning=option.meaning, gives=option.gives)
        output.text(f"{table.name}: {known.what} of {known.system}")
        output.table(["value", "meaning"], [[option.value, option.meaning] for option in known])
        if known.problem is not None:
            output.problems([known.problem])
            code = 3 if known.is_connected else 2
    return code


def _show_coverage(things: Desk, loaded: LoadedFlow, tables: Mapping[str, Table], output: Output) -> int:
    found = occurrences(things, loaded)
    meanings = key_meanings(things, loaded)
    output.object("looked_at", records=found.looked_at, source=found.source, partial=found.is_partial)
    output.text(_looked_at(found))
    code = 0
    for table in tables.values():
        known = options(things, loaded, table)
        rows = known.rows() if table.is_read and known.is_known else None
        held = coverage(table, found, rows)
        proposed = proposals(table, [each.key for each in held.missing], list(known), meanings)
        gone = gone_rows(table, known)
        _tell_keys(held, proposed, rows or table.rows, output)
        parks = [problem for problem in held.problems() if problem.severity == "error"]
        output.problems([*parks, *gone.values()])
        code = 1 if gone or parks else code
    return code


def _tell_keys(held: Coverage, proposed: Mapping[str, Proposal], rows: Mapping[str, Value], output: Output) -> None:
    shown_rows = [[each.key, each.count, each.newest, shown(rows.get(each.key))] for each in held.used.values()]
    for each in held.used.values():
        output.object("used", lookup=held.table.name, key=each.key, count=each.count, newest=each.newest)
    for each in held.missing:
        proposal = proposed.get(each.key)
        said = {"value": proposal.value, "why": proposal.says} if proposal is not None else None
        told = f"no row; proposed: {shown(proposal.value)} ({proposal.says})" if proposal is not None else "no row"
        shown_rows.append([each.key, each.count, each.newest, told])
        output.object(
            "missing", lookup=held.table.name, key=each.key, count=each.count, newest=each.newest, proposal=said
        )
    for key in held.unused:
        output.object("unused", lookup=held.table.name, key=key)
    output.text(f"\n{held.table.name}: {held.table.title}")
    if shown_rows:
        output.table(["key", "records", "newest", "row"], shown_rows)
    else:
        output.text("no record asks for it")
    if held.unused:
        output.text(f"never used: {', '.join(held.unused[:20])}{' …' if len(held.unused) > 20 else ''}")


def _looked_at(found: Occurrences) -> str:
    kind = {"stored": "stored record", "examples": "example of the flow"}.get(found.source, "sample record")
    many = kind if found.looked_at == 1 else kind.replace("record", "records").replace("example", "examples")
    said = f"Looked at {found.looked_at:,} {many}, the newest first"
    return f"{said}; more would have taken too long." if found.is_partial else f"{said}."


def _about(table: Table, known: Options) -> dict[str, object]:
    return {
        "name": table.name,
        "title": table.title,
        "otherwise": {"do": table.otherwise, **({"value": table.value} if table.otherwise == "value" else {})},
        "names": _names(known) or None,
        "read": table.is_read,
        "connected": known.is_connected,
    }


def _names(known: Options) -> str:
    return f"{known.what} of {known.system}" if known.what else ""


def _otherwise(table: Table) -> str:
    given = f"it becomes “{shown(table.value)}”" if table.value != "" else "it becomes an empty text"
    return {"fail": "the record is parked", "leave_out": "the field is left out"}.get(table.otherwise, given)


# --- files


def _export(things: Desk, draft: Draft, table: Table, file: str, output: Output) -> int:
    rows = table.rows
    if table.is_read:
        known = options(things, load_flow_text(things.workspace, draft.flow, draft.text), table)
        if known.problem is not None:
            output.problems([known.problem])
            return 3 if known.is_connected else 2
        rows = known.rows()
    content = to_file(rows)
    if file == "-":
        sys.stdout.write(content.decode("utf-8-sig").replace("\r\n", "\n"))
        return 0
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        what = f"the file cannot be written: {(error.strerror or '').lower()}"
        raise DocumentError([Problem(file, what, "Check the path and who may write there.")]) from error
    output.object("exported", lookup=table.name, rows=len(rows), file=file)
    output.text(f"{len(rows):,} rows of {table.name} are in {file}.")
    return 0


def _read(drafts: Drafts, draft: Draft, table: Table, asked: Namespace, output: Output) -> int:
    """Put the rows of a file into the draft, in place of those there; nothing where a line of it cannot be read."""
    if table.is_read:
        what = "its rows are read from the target; none can be written"
        raise DocumentError([Problem(f"lookups.{table.name}", what, "Change them in the target.")])
    parsed = from_text(_content(asked.read), kind=common_kind(table.rows.values()))
    output.problems(_in_file(asked.read, problem) for problem in parsed.problems)
    if not parsed.is_good:
        output.text("Nothing was changed.")
        return 2
    operations = changes(table.name, table.rows, parsed.rows)
    applied = drafts.apply(draft.flow, operations, by=caller(asked), revision=draft.revision)
    output.problems(applied.refused)
    output.object("imported", lookup=table.name, rows=len(parsed.rows), changed=bool(operations))
    said = f", read as {parsed.encoding}" if parsed.encoding else ""
    output.text(f"{len(parsed.rows):,} rows{said}; the draft of {draft.flow} is at revision {applied.draft.revision}.")
    output.text(f"See it: {command_line(asked.workspace, 'lookups', draft.flow, table.name)}")
    return 2 if applied.refused else 0


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        what = f"the file cannot be read: {(error.strerror or '').lower()}"
        raise DocumentError([Problem(file, what, "Check its name and who may read it.")]) from error


def _in_file(file: str, problem: Problem) -> Problem:
    where = f"{file}, {problem.where}" if problem.where else file
    return Problem(where, problem.what, problem.what_to_do, severity=problem.severity)
