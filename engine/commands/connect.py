"""`connect`: keep a system's answers and credentials, sealed in the ledger, and see whether they work."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from urllib.parse import urlsplit

from engine.design.desk import Desk, desk
from engine.commands.output import Output
from engine.connectors.connector import Connector
from engine.documents.schemas import explain
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem
from engine.flows.library import load_connector
from engine.runs.clients import open_system, stored_connection


def run(asked: Namespace) -> int:
    """Exit code 0 when the system answered, or when no test was asked for."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        connector = load_connector(things.workspace, asked.system)
        if asked.answers is None:
            _show_questions(connector, output)
            return 2
        keep(things, connector, read_answers(asked.answers), allow_private=asked.allow_private)
        facts = {} if asked.no_test else test(things, connector)
    output.object("connected", system=asked.system, facts=facts, tested=not asked.no_test)
    output.text(f"{connector.title} is connected." if asked.no_test else f"{connector.title} is connected and answers.")
    for name, value in facts.items():
        output.text(f"  {connector.facts[name].title}: {_plain(value)}")
    return 0


def read_answers(file: str, what: str = "the answers") -> dict[str, Json]:
    """The object in a JSON file; - is standard input. DocumentError, which calls it `what`, where it is none."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise DocumentError([Problem(file, f"{what} cannot be read: {reason}", "Check the path.")]) from error
    answers = read_strict(text, where=file)
    if not isinstance(answers, dict):
        raise DocumentError([Problem(file, f"{what} must be one JSON object", "Write { … }.")])
    return answers


def keep(things: Desk, connector: Connector, answers: dict[str, Json], *, allow_private: bool) -> None:
    """Check the answers against the questions and keep them; a first token goes where tokens live."""
    schema = {"additionalProperties": False, **connector.questions}
    wrong = explain(schema, answers)
    if wrong:
        raise DocumentError(
            [
                Problem(
                    f"answers for {connector.title}" + (f", {path[0]}" if path else ""),
                    sentence,
                    "Run connect without --answers to see the questions.",
                )
                for path, sentence in wrong
            ]
        )
    tokens = {name: answers[name] for name in connector.token_questions() if name in answers}
    kept = {name: value for name, value in answers.items() if name not in tokens}
    address = str(connector.http["base"])
    for name, value in connector.with_defaults(kept).items():
        address = address.replace("{" + name + "}", str(value))
    try:
        host = urlsplit(address if "://" in address else "https://" + address).hostname or ""
    except ValueError as error:
        what = "the address is none: it cannot be taken apart"
        advice = "Write it as in the browser: https://www.my-shop.example"
        raise DocumentError([Problem(f"answers for {connector.title}", what, advice)]) from error
    now = things.clock.now()
    things.ledger.save_connection(
        connector.name, connector.name, kept, connector.secret_questions(), host, allow_private, now
    )
    if tokens:
        things.ledger.write_tokens(connector.name, tokens, now)


def test(things: Desk, connector: Connector) -> dict[str, Json]:
    """Read the account's facts: what they are, or why they cannot be read."""
    stored = stored_connection(things.ledger, connector, connector.name)
    system = open_system(
        connector, stored, ledger=things.ledger, formulas=things.formulas, clock=things.clock, now=things.clock.now()
    )
    try:
        return system.facts()
    finally:
        system.close()


def _show_questions(connector: Connector, output: Output) -> None:
    output.text(f"{connector.title} asks (write the answers into a JSON file and name it with --answers FILE):")
    required = connector.questions.get("required", ())
    for name, about in connector.questions["properties"].items():
        output.object("question", name=name, required=name in required, **about)
        mark = "" if name in required else " (may be left out)"
        output.text(f"  {name}{mark}: {about.get('title', '')}. {about.get('description', '')}")


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
