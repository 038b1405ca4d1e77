"""`run`: read what is new, deliver what is due, and end with a table."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator

from engine.commands.output import Output
from engine.commands.progress import Progress
from engine.commands.signals import first_finishes, stopped_by_signals
from engine.commands.telling import bound_words, called
from engine.design.desk import Desk, command_line, desk, user_of_machine
from engine.design.running.one_run import (
    after_runs,
    opened_run,
    refuse_what_does_not_fit,
    rehearsed,
    tell_that_it_did_not_begin,
)
from engine.design.settings.retention import retention
from engine.errors import DocumentError, Problem, StudioError
from engine.flows.library import load_flow
from engine.runs.bindings import DEFAULT, binding_names, bound
from engine.runs.moments import as_moment
from engine.runs.rehearsal import Rehearsed
from engine.runs.report import Listener, RunOptions, RunReport

COUNTS = ("read", "created", "updated", "unchanged", "skipped", "waiting", "parked")
MOST_SHOWN = 40


def run(asked: Namespace) -> int:
    """Exit code 0 when everything arrived, 1 when something is parked, 3 when a system could not be reached."""
    output = Output(asked.json)
    codes = []
    with desk(asked.workspace, workers=2) as things:
        retention(things.ledger)  # what is no number of days is told before anything is sent
        flows = things.workspace.flow_names() if asked.all else asked.flows
        if not flows:
            raise DocumentError(
                [
                    Problem(
                        "run",
                        "no flow is named",
                        "Name one or more flows, or say --all. "
                        f"There are: {', '.join(things.workspace.flow_names()) or 'none'}.",
                    )
                ]
            )
        options = RunOptions(
            as_moment(asked.since) if asked.since else None,
            asked.limit,
            asked.only,
            asked.threads,
            asked.not_there,
            as_well=asked.as_well,
            again=asked.again,
            made_as=(asked.made_as or "").strip(),
            who=user_of_machine() if sys.stdin.isatty() else "",  # else a clock may have called it
        )
        dry = asked.dry_run or (asked.again and not asked.yes)
        refuse_what_does_not_fit(options, is_dry=asked.dry_run)
        for name, binding in _wanted(things, flows, asked, output):
            codes.append(_flow(things, name, binding, options, output, dry=dry))
        if asked.again and not asked.yes and not asked.dry_run:
            output.text("With --yes they are sent: what the target has in these fields is overwritten.")
        if not dry:
            after_runs(things)
    return max(codes, default=0)


def _wanted(things: Desk, flows: list[str], asked: Namespace, output: Output) -> Iterator[tuple[str, str]]:
    """The flows to run, each with its binding: --all leaves out what is paused or off; what is named runs."""
    for flow in flows:
        stored = {each.name: each for each in things.ledger.bindings(flow)}
        names = [asked.binding] if asked.binding else binding_names(things.ledger, flow) if asked.all else [DEFAULT]
        for name in names:
            if asked.all and name != DEFAULT and name not in stored:
                continue  # --all --binding live: the flows that have such a binding
            if not (stored[name].is_on if name in stored else _begins_on(things, flow)):
                output.object("off", flow=flow, binding=name, runs=not asked.all)
                output.text(f"{called(flow, name)} is switched off: it {_runs(asked.all)}.")
                if asked.all:
                    continue
            if asked.all and _is_not_set_up(things, flow, name):
                output.object("not_connected", flow=flow, binding=name)
                output.text(f"{called(flow, name)} is left out: a system of it is not connected, and it has never run.")
            elif not _is_held_back(things, flow, output, asked.all):
                yield flow, name


def _begins_on(things: Desk, flow: str) -> bool:
    try:
        return load_flow(things.workspace, flow).flow.begins_on
    except StudioError:  # what is wrong with it is told when it is run
        return True


def _is_not_set_up(things: Desk, flow: str, name: str) -> bool:
    """Has nobody begun with it? One that ran before, and whose connection is gone, is told as a fault."""
    if things.ledger.was_run(flow, name):
        return False
    try:
        loaded = load_flow(things.workspace, flow)
        connections = bound(things.ledger, loaded, name).connections
    except StudioError:  # what is wrong with it is told when it is run
        return False
    return any(things.ledger.connection(each) is None for each in connections.values())


def _is_held_back(things: Desk, flow: str, output: Output, skips: bool) -> bool:
    """Is it paused? A flow that is named runs all the same, since a person asked for it."""
    pause = things.ledger.paused(flow)
    if pause is None:
        return False
    output.object("paused", flow=flow, runs=not skips)
    why = f" ({pause.why})" if pause.why else ""
    output.text(f"{flow} is paused by {pause.who}{why}: it {_runs(skips)}.")
    return skips


def _runs(is_left_out: bool) -> str:
    return "is left out" if is_left_out else "runs because you named it"


def _flow(things: Desk, name: str, binding: str, options: RunOptions, output: Output, *, dry: bool) -> int:
    """Run one flow; one that cannot begin is told, and the next goes on."""
    from engine.commands.main import exit_code_of, tell_error

    try:
        return _dry(things, name, binding, options, output) if dry else _one(things, name, binding, options, output)
    except StudioError as error:
        if not dry:
            tell_that_it_did_not_begin(things, name, binding, options, error)
        tell_error(error, output, called(name, binding))
        return exit_code_of(error)


def _one(things: Desk, name: str, binding: str, options: RunOptions, output: Output) -> int:
    loaded = things.load(name)
    title = called(loaded.flow.title, binding)
    progress = Progress(title, quiet=output.as_json)
    with (
        progress,
        opened_run(things, loaded, binding, options, progress) as work,
        stopped_by_signals(first_finishes(work.stop)),
    ):
        report = work.go()
    _report(report, title, output, things)
    return exit_code(report)


def exit_code(report: RunReport) -> int:
    """0 all well, 1 this run parked something or was stopped, 3 a system could not be reached or signed in to."""
    from engine.commands.main import exit_code_of

    if report.stopped is not None:
        return exit_code_of(report.stopped) or 1
    if report.later:
        return 3
    return 1 if report.parked_now or report.stopped_by else 0


def _report(report: RunReport, title: str, output: Output, things: Desk) -> None:
    output.object(
        "run",
        flow=report.flow,
        binding=report.binding,
        run=report.run_id,
        version=report.version,
        counts=report.counts,
        all_parked=report.all_parked,
        stopped=str(report.stopped) if report.stopped else None,
        stopped_by=report.stopped_by or None,
    )
    output.problems(report.warnings)
    output.text()
    output.table(COUNTS, [[report.counts[name] for name in COUNTS]], title=f"{title} (run {report.run_id})")
    for kind, records in (("parked", report.parked), ("later", report.later)):
        for record in records:
            output.object(
                kind,
                flow=report.flow,
                binding=report.binding,
                key=record.key,
                number=record.number,
                problems=[problem.as_json() for problem in record.problems],
            )
    for number, state, reason in report.held_back:
        output.object("held_back", flow=report.flow, binding=report.binding, number=number, state=state, reason=reason)
        output.text(f"\n{number} was not delivered: it is {state} ({reason}).")
    if report.parked:
        rows = [(record.number, _sentence(record.problems)) for record in report.parked[:MOST_SHOWN]]
        output.text()
        output.table(("still parked", "why, and what to do"), rows)
        if report.all_parked > MOST_SHOWN:
            more = _command(things, "history", "--parked", *bound_words(report.binding))
            output.text(f"… and {report.all_parked - MOST_SHOWN} more: `{more}`")
    if report.later:
        rows = [(record.number, _sentence(record.problems)) for record in report.later[:MOST_SHOWN]]
        output.text()
        output.table(("tried again later", "why"), rows)
    if report.stopped is not None:
        output.text(f"\nThe run stopped: {report.stopped}")
    elif report.stopped_by:
        output.text(f"\nThe run stopped: {report.stopped_by} asked it to stop. The next run goes on with what is left.")
    _where_next(report, output, things)


def _where_next(report: RunReport, output: Output, things: Desk) -> None:
    output.text()
    first = report.parked[0].number if report.parked else None
    of = bound_words(report.binding)
    if first:
        output.text(f"The story of one record:  {_command(things, 'explain', first, *of)}")
        output.text(f"Once its cause is mended: {_command(things, 'run', report.flow, '--only', first, *of)}")
        output.text("(a changed flow or lookup is tried again by itself with the next run)")
    output.text(f"All runs:                 {_command(things, 'history', *of)}")


def _command(things: Desk, *words: str) -> str:
    return command_line(things.workspace.root, *words)


def _sentence(problems: list[Problem]) -> str:
    return "\n".join(f"{problem.what}. {problem.what_to_do}".replace("..", ".") for problem in problems[:2])


# --- dry run


def _dry(things: Desk, name: str, binding: str, options: RunOptions, output: Output) -> int:
    loaded = things.load(name)
    parked = 0
    for found in rehearsed(things, loaded, binding, options, Listener()):
        parked += show_rehearsed(found, output)
    output.text("\nNothing was sent. «…» stands for what the target will give.")
    return 1 if parked else 0


def show_rehearsed(found: Rehearsed, output: Output) -> bool:
    """Write what would come of a record; True when it would be parked."""
    judged, result = found.judged, found.result
    outcome = result.outcome if result else judged.state
    reason = (result.reason if result else "") or judged.reason
    output.object(
        "record",
        key=judged.key,
        number=judged.number,
        outcome=outcome,
        reason=reason,
        problems=[problem.as_json() for problem in result.problems] if result else [],
    )
    output.text(f"\n{judged.number or judged.key}: would be {outcome}{f' ({reason})' if reason else ''}")
    for request in result.planned if result else ():
        output.object(
            "request",
            key=judged.key,
            step=request.step,
            system=request.system,
            method=request.method,
            target=request.target,
            body=request.body,
            placeholders=list(request.placeholders),
        )
        output.text(f"  {request.step}: {request.method} {request.target}")
        output.text("    " + json.dumps(request.body, ensure_ascii=False))
    for problem in result.problems if result else ():
        output.text("  " + str(problem).replace("\n", "\n  "))
    return outcome == "parked"
