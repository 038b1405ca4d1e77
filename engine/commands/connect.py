"""`connect`: try a system's answers, keep them sealed where they work, and say what was found."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import datetime

from engine.commands.answers import read_answers
from engine.commands.output import Output
from engine.connectors.connector import Connector
from engine.design.connecting import consent
from engine.design.connecting.catalogue import Connected, catalogue
from engine.design.connecting.finding import Finding
from engine.design.connecting.first_record import first_record
from engine.design.connecting.keeping import keep
from engine.design.connecting.loopback import Doorstep, is_loopback, query_of
from engine.design.connecting.trying import connect, needs_sign_in, not_signed_in_yet, offers_consent, try_connection
from engine.design.desk import Desk, desk
from engine.design.questionnaire import Question, asked
from engine.errors import DocumentError, Json, Problem
from engine.flows.library import load_connector

NOT_LET_IN = 3


def run(asked_for: Namespace) -> int:
    """Exit code 0 when the system answered, or when no test was asked for; 3 when it does not let us in."""
    output = Output(asked_for.json)
    with desk(asked_for.workspace) as things:
        if asked_for.list:
            return _list(things, output)
        if asked_for.system is None:
            raise DocumentError([Problem("connect", "a system is needed", "Name one, or see them with --list.")])
        connector = load_connector(things.workspace, asked_for.system)
        if asked_for.look:
            return _look(things, connector, asked_for, output)
        if asked_for.answers is None and not asked_for.test_only:
            _show_questions(connector, output)
            return 2
        finding = _finding(things, connector, asked_for, output)
        return _told(connector, finding, asked_for, output)


def _look(things: Desk, connector: Connector, asked_for: Namespace, output: Output) -> int:
    """Show the first record that a read gives, or the reply in which `records` finds none."""
    seen = first_record(things, connector, asked_for.look, asked_for.name)
    output.object("first_record", system=connector.name, resource=asked_for.look, count=seen.count, record=seen.record)
    if seen.record is None:
        records = seen.resource.operations["read"].records or "$"
        output.text(f"{seen.resource.title}: “{records}” finds no record in this reply.")
        output.text(seen.reply)
        return 0
    output.text(f"{seen.resource.title}, the first of {seen.count} on the first page, as formulas see it:")
    output.text(json.dumps(seen.record, indent=2, ensure_ascii=False, default=str))
    output.problems(seen.problems)
    return 0


def _finding(things: Desk, connector: Connector, asked_for: Namespace, output: Output) -> Finding | None:
    """What was found; None where no test was asked for."""
    if asked_for.answers is None:
        return try_connection(things, connector, name=asked_for.name)
    answers = read_answers(asked_for.answers)
    if asked_for.sign_in:
        return _sign_in(things, connector, answers, asked_for, output)
    which = {"allow_private": asked_for.allow_private, "name": asked_for.name}
    if asked_for.test_only:
        return try_connection(things, connector, answers, **which)
    if not asked_for.no_test:
        return connect(things, connector, answers, **which)
    keep(things, connector, answers, **which)
    return not_signed_in_yet(connector) if needs_sign_in(things, connector, name=asked_for.name) else None


def _told(connector: Connector, finding: Finding | None, asked_for: Namespace, output: Output) -> int:
    if finding is not None and finding.problem is not None:
        output.problems([finding.problem, *finding.notes])
        kept = asked_for.answers is None or asked_for.no_test
        if not kept and not asked_for.test_only:
            output.text("Nothing was kept. --no-test keeps the answers without trying them.")
        return NOT_LET_IN
    tested = finding is not None
    facts = finding.facts if finding else {}
    sentences = finding.sentences if finding else ()
    named = {"connection": asked_for.name} if asked_for.name else {}
    output.object("connected", system=connector.name, **named, facts=facts, tested=tested, found=list(sentences))
    called = f"{connector.title} as {asked_for.name}" if asked_for.name else connector.title
    answers = f"{called} answers." if asked_for.test_only else f"{called} is connected and answers."
    output.text(answers if tested else f"{called} is connected.")
    for sentence in sentences:
        output.text(f"  {sentence}")
    output.problems(finding.notes if finding else ())
    return 0


def _sign_in(
    things: Desk, connector: Connector, answers: Mapping[str, Json], asked_for: Namespace, output: Output
) -> Finding:
    """Open the way for the browser, wait for it, and say what was found."""
    redirect = asked_for.redirect or ""
    which = {"allow_private": asked_for.allow_private, "name": asked_for.name}
    if redirect and not is_loopback(redirect):
        begun = consent.begin(things, connector, answers, redirect, **which)
        _show_address(begun, output)
        return _pasted(things, begun, asked_for.json)
    with Doorstep(redirect, asked_for.port) as door:
        begun = consent.begin(things, connector, answers, door.redirect_uri, **which)
        _show_address(begun, output)
        try:
            finding = door.wait(begun.state, _finisher(things), is_over=lambda: _is_over(things, begun.ends))
        finally:
            consent.cancel(things, begun.state)
    if finding is None:
        advice = "Begin again with the same call."
        problem = Problem(connector.title, "nobody agreed within ten minutes; nothing was changed", advice)
        return Finding(False, problem=problem, connector=connector.name)
    return finding


def _finisher(things: Desk) -> Callable[[Mapping[str, str]], Finding]:
    return lambda query: consent.finish(things, query)


def _is_over(things: Desk, ends: datetime) -> bool:
    return things.clock.now() >= ends


def _show_address(begun: consent.Consent, output: Output) -> None:
    output.object("sign_in", address=begun.address, ends=begun.ends.isoformat())
    output.text("Open this address in a browser, and agree (Ctrl-C ends the wait):")
    output.text()
    output.text(begun.address)
    output.text()
    if not output.as_json:
        sys.stdout.flush()


def _pasted(things: Desk, begun: consent.Consent, quiet: bool) -> Finding:
    """For a redirect address that is not this machine's: a person brings back what the browser shows."""
    if not quiet:
        print("The browser ends at your redirect address. Copy that whole address and paste it here:", flush=True)
    query = query_of(sys.stdin.readline())
    if query.get("state") != begun.state:
        consent.cancel(things, begun.state)
        advice = "Begin again, and paste the whole address, from https:// to its end."
        problem = Problem("Sign-in", "what was pasted is not the way back of this sign-in; nothing was changed", advice)
        return Finding(False, problem=problem)
    return consent.finish(things, query)


def _list(things: Desk, output: Output) -> int:
    """The systems there are, and which of them are connected."""
    rows = []
    for entry in catalogue(things):
        state = "not connected"
        if entry.problems:
            state = "its description cannot be used; see `check`"
        elif entry.connected:
            state = _state(entry.connected)
        output.object(
            "system",
            name=entry.name,
            title=entry.title,
            roles=list(entry.roles),
            evidence=dict(entry.evidence),
            connected=entry.connected is not None,
            host=entry.connected.host if entry.connected else None,
            needs_sign_in=bool(entry.connected and entry.connected.needs_sign_in),
            usable=not entry.problems,
            others={name: held.host for name, held in entry.others.items()},
        )
        rows.append((entry.name, entry.title, ", ".join(entry.roles), state))
        rows += [("", f"as {name}", "", _state(held)) for name, held in entry.others.items()]
    if rows:
        output.table(("system", "title", "role", "state"), rows)
    else:
        output.text("No system is described here: connector_specs/ has no folder with a connector.json.")
    return 0


def _state(connected: Connected) -> str:
    at = f"{connected.host}, since {connected.since:%Y-%m-%d}"
    return f"nobody is signed in ({at})" if connected.needs_sign_in else f"connected ({at})"


def _show_questions(connector: Connector, output: Output) -> None:
    output.text(f"{connector.title} asks (write the answers into a JSON file and name it with --answers FILE):")
    for question in asked(connector.questions, {}):
        output.object("question", name=question.name, required=question.required, **question.schema)
        _show_question(question, output)
    if offers_consent(connector):
        output.text("With --sign-in you agree in a browser instead of giving a token.")


def _show_question(question: Question, output: Output) -> None:
    mark = "" if question.required else " (may be left out)"
    output.text(f"  {question.name}{mark}: {question.title}. {question.help}".rstrip())
    for number, step in enumerate(question.where, 1):
        output.text(f"      {number}. {step}" if len(question.where) > 1 else f"      {step}")
