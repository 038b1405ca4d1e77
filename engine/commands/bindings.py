"""`bindings`: for whom a flow works; list, show, make, change, remove, write into a file and read from one."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.commands.answers import read_answers
from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.telling import moment, shown
from engine.design.desk import Desk, command_line, desk
from engine.design.running.answering import read_answer, read_row
from engine.design.running.changing import Wanted, accept_accounts, change_binding, place, remove_binding
from engine.design.running.exporting import MOST_BYTES, export_bindings, import_bindings, wanted_of
from engine.design.running.overview import BindingRow, overview, row_of
from engine.design.running.queues import take_queue
from engine.design.running.schedule_words import as_document, read_schedules
from engine.documents.schemas import validate
from engine.errors import DocumentError, Json, Problem
from engine.flows.library import load_flow
from engine.runs.bindings import DEFAULT, bound
from engine.runs.serving.zones import machine_zone

LACKS_SOMETHING = 1


def run(asked: Namespace) -> int:
    """Exit code 0; 1 where what was imported lacks connections; 2 where the call or a file is wrong."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        if asked.export is not None:
            return _export(things, asked)
        if asked.read is not None:
            return _import(things, asked, output)
        if asked.remove:
            return _remove(things, asked, output)
        if asked.take_queue:
            return _take_queue(things, asked, output)
        if asked.accept_account:
            return _accept(things, asked, output)
        wanted = _wanted(things, asked)
        if wanted is not None:
            change_binding(things, _flow(asked), _name(asked), wanted, caller(asked))
        if asked.flow and (asked.name or wanted is not None):
            _show(things, asked.flow, _name(asked), output)
        else:
            _list(things, asked.flow, output)
    return 0


def _flow(asked: Namespace) -> str:
    if not asked.flow:
        raise DocumentError([Problem("bindings", "it is not said of which flow", "Name the flow, and the binding.")])
    return str(asked.flow)


def _name(asked: Namespace) -> str:
    return asked.name or DEFAULT


# --- changes


def _wanted(things: Desk, asked: Namespace) -> Wanted | None:
    """What the options ask to change; None where they ask for nothing."""
    given = (asked.title, asked.connection, asked.answer, asked.row, asked.rows, asked.schedule, asked.changes)
    if not any(part not in (None, []) for part in (*given, asked.on or None, asked.off or None)):
        return None
    flow, where = load_flow(things.workspace, _flow(asked)).flow, place(_flow(asked), _name(asked))
    base = wanted_of(_document(asked.changes)) if asked.changes else Wanted()
    lookups: dict[str, dict[str, Json]] = {name: dict(rows) for name, rows in base.lookups.items()}
    whole = set(base.whole_lookups)
    if asked.rows:
        held = _checked({"lookups": read_answers(asked.rows, "the rows")}, asked.rows)["lookups"]
        lookups |= held
        whole |= set(held)
    for lookup, key, text in asked.row:
        lookups.setdefault(lookup, {})[key] = read_row(flow.lookups.get(lookup), text)
    answers = {name: read_answer(flow, name, text, where) for name, text in asked.answer}
    schedules = read_schedules(asked.schedule, f"{where}, schedule") if asked.schedule else base.schedules
    return Wanted(
        base.title if asked.title is None else asked.title,
        {**base.connections, **dict(asked.connection)},
        {**base.answers, **answers},
        lookups,
        frozenset(whole),
        schedules,
        bool(asked.schedule) and schedules is None,
        False if asked.off else asked.on or base.is_on,
    )


def _document(file: str) -> dict[str, Json]:
    return _checked(read_answers(file, "the binding"), file)


def _checked(document: dict[str, Json], file: str) -> dict[str, Json]:
    problems = validate(document, "binding", file)
    if problems:
        raise DocumentError(problems)
    return document


def _remove(things: Desk, asked: Namespace, output: Output) -> int:
    flow, name = _flow(asked), _name(asked)
    kept = remove_binding(things, flow, name, caller(asked), keep_records=asked.keep_records)
    output.object("removed", flow=flow, binding=name, records=kept)
    stays = f" Its {kept} records stay in the ledger." if kept and name != DEFAULT else ""
    what = "is as its file says again" if name == DEFAULT else "is forgotten"
    output.text(f"{place(flow, name)}, {what}.{stays}")
    return 0


def _accept(things: Desk, asked: Namespace, output: Output) -> int:
    flow, name = _flow(asked), _name(asked)
    found = accept_accounts(things, flow, name, caller(asked))
    for each in found:
        output.object("accepted", flow=flow, binding=name, system=each.system, before=each.before, now=each.now)
        before = f", in place of “{each.before}”" if each.before else ""
        output.text(f"{each.title}: “{each.now}” is right from now on{before}.")
    if not found:
        output.text("Every system is the account that it was; there is nothing to accept.")
    return 0


def _take_queue(things: Desk, asked: Namespace, output: Output) -> int:
    flow, name = _flow(asked), _name(asked)
    moved = take_queue(things, flow, name, caller(asked))
    before = list(moved.before) if moved.before else None
    output.object("queue", flow=flow, binding=name, system=moved.system, before=before, left=moved.left)
    output.text(f"{place(flow, name)}, takes what {moved.system} hands out of its {moved.resource} from now on.")
    if moved.left and moved.before is not None:
        what = "one record" if moved.left == 1 else f"{moved.left} records"
        output.text(
            f"{moved.before[0]} ({moved.before[1]}) has read {what} that did not arrive yet. They are not handed out "
            "again: run it once more, or look at them with `history`."
        )
    return 0


# --- files


def _export(things: Desk, asked: Namespace) -> int:
    document = export_bindings(things, asked.flow, asked.name)
    text = json.dumps(document, ensure_ascii=False, indent=None if asked.json else 2) + "\n"
    if asked.export == "-":
        print(text, end="")
        return 0
    try:
        Path(asked.export).write_text(text, encoding="utf-8")
    except OSError as error:
        problem = Problem(asked.export, f"it cannot be written: {error.strerror}", "Name another file.")
        raise DocumentError([problem]) from error
    output = Output(asked.json)
    output.object("exported", file=asked.export, bindings=len(document["bindings"]))
    output.text(f"{len(document['bindings'])} bindings are in {asked.export}; no secret is.")
    return 0


def _import(things: Desk, asked: Namespace, output: Output) -> int:
    text = _text_of(asked.read)
    found = import_bindings(things, text, caller(asked), asked.read, over=asked.over)
    for flow, name in found.taken:
        output.object("imported", flow=flow, binding=name)
        output.text(f"{place(flow, name)}, is taken over.")
    output.problems(found.missing)
    return LACKS_SOMETHING if found.missing else 0


def _text_of(file: str) -> bytes:
    """A file or standard input, of which no more is read than a file of bindings can hold."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(file).open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        raise DocumentError([Problem(file, f"it cannot be read: {reason}", "Check the path.")]) from error


# --- showing


def _list(things: Desk, flow: str, output: Output) -> None:
    rows = overview(things, flow)
    for row in rows:
        output.object("binding", **_data(row))
    if not rows:
        output.text("There are no flows: saved_mappings/ is empty.")
        return
    output.table(
        ("flow", "binding", "", "by itself", "next", "last run", "parked", "works with"),
        [
            (
                row.flow,
                row.name if row.is_default or row.title == row.name else f"{row.name} ({row.title})",
                _state(row),
                row.schedule,
                _next(row),
                f"{moment(row.last_run.started_at)} {row.last_run.state}" if row.last_run else "",
                row.parked or "",
                _systems(row),
            )
            for row in rows
        ],
    )
    for row in rows:
        if row.problem is not None:
            output.text(f"\n{place(row.flow, row.name)}: {row.problem}")


def _show(things: Desk, flow: str, name: str, output: Output) -> None:
    loaded = load_flow(things.workspace, flow)
    held = bound(things.ledger, loaded, name)
    row = row_of(things, loaded, held)
    accounts = things.ledger.accounts(flow, name)
    data = {"answers": dict(held.answers), "lookups": {n: dict(rows) for n, rows in held.lookups.items()}}
    met = {system: dict(account.facts) for system, account in accounts.items()}
    output.object("binding", **_data(row), **data, accounts=met)
    output.text(f"{loaded.flow.title}, binding {name}{f' ({row.title})' if row.title not in ('', name) else ''}")
    output.text(f"  {_state(row)}; {row.schedule}{f'; next: {_next(row)}' if row.next_words else ''}")
    for system in row.systems:
        account = ", ".join(shown(value) for value in met.get(system.name, {}).values() if value is not None)
        where = "" if system.is_connected else " (not connected)"
        output.text(f"  {system.title}: connection {system.connection}{where}{f', {account}' if account else ''}")
    for question, answer in held.answers.items():
        output.text(f"  answer {question}: {shown(answer)}")
    for lookup, rows in held.lookups.items():
        for key, value in rows.items():
            output.text(f"  row {lookup}:{key}: {shown(value)}")
    output.text(f"\nWhat is missing before a run: {command_line(things.workspace.root, *_check(flow, name))}")


def _check(flow: str, name: str) -> tuple[str, ...]:
    return ("check", flow, "--connected", "--binding", name)


def _data(row: BindingRow) -> dict[str, Json]:
    return {
        "flow": row.flow,
        "binding": row.name,
        "title": row.title,
        "on": row.is_on,
        "connections": {system.name: system.connection for system in row.systems},
        "connected": all(system.is_connected for system in row.systems),
        "schedule": row.schedule,
        "schedules": [as_document(each) for each in row.schedules],
        "next": row.next_due.isoformat() if row.next_due else None,
        "last_run": row.last_run.id if row.last_run else None,
        "states": dict(row.states or {}),
        "paused": row.pause is not None,
        "problem": row.problem.as_json() if row.problem else None,
    }


def _state(row: BindingRow) -> str:
    if row.pause is not None:
        return f"paused by {row.pause.who}"
    return "on" if row.is_on else "off"


def _next(row: BindingRow) -> str:
    """When it is due next, with its zone where the machine's clock shows another time."""
    if row.next_due is None:
        return ""
    there = row.next_due.astimezone(ZoneInfo(row.zone)).utcoffset()
    is_same = row.next_due.astimezone(machine_zone()).utcoffset() == there
    return row.next_words if is_same else f"{row.next_words} ({row.zone})"


def _systems(row: BindingRow) -> str:
    return ", ".join(
        system.connection if system.is_connected else f"{system.connection} (not connected)" for system in row.systems
    )
