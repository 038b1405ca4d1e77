"""The requests a step would send for a record that is new to the target, built without asking anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import unquote

from engine.connectors.client import Client
from engine.connectors.connector import Connector
from engine.connectors.forms import read_form
from engine.connectors.system import System
from engine.design.view.newcomers import Newcomers
from engine.design.view.work import StepWork, write_of
from engine.documents.quick_json import read_line
from engine.errors import FormulaError, Json, RecordProblem, StudioError
from engine.formulas import MISSING, Environment, Formulas
from engine.formulas.words import Speech, Template
from engine.mappings.finish import PLACEHOLDER
from engine.runs.examples import as_written

MOST_REQUESTS = 5
NOTES: dict[str, Template] = {
    "not done": "The step is not done for this record: its condition does not hold.",
    "must exist": "Nothing is sent: the record must be there already.",
    "new": "As for a record that the target does not have yet.",
    "no way": "{system} has no way to {operation} {resource}.",
    "first": "These are the first {most} of {many}.",
}
_HOLE = re.compile(r"\{([A-Za-z_]\w*)\}")


class _Address:
    """All that a request's address needs of a client."""

    def __init__(self, base: str) -> None:
        self.base = base


def base_address(connector: Connector, answers: Mapping[str, Json]) -> str:
    """Where a connector's requests go; a name in braces stands for what was not answered, or is secret."""
    known = {name: held for name, held in connector.with_defaults(answers).items() if isinstance(held, str | int)}
    secret = connector.secret_questions()

    def filled(hole: re.Match[str]) -> str:
        name = hole[1]
        return hole[0] if name in secret or known.get(name) in (None, "") else str(known[name]).strip()

    return _HOLE.sub(filled, str(connector.http.get("base", ""))).rstrip("/")


def requests_of(
    made: StepWork,
    connector: Connector,
    answers: Mapping[str, Json],
    formulas: Formulas,
    say: Speech,
    newcomers: Newcomers,
) -> dict[str, Json]:
    """requests: each with method, address, body and what in it does not exist yet; notes: what else there is to say."""
    notes = [say(NOTES[name]) for name in _notes(made)]
    operation = write_of(made.step)
    if not made.is_done or made.step.policy == "must_exist":
        return {"requests": [], "notes": notes}
    if made.resource.operation(operation) is None:
        notes.append(
            say(NOTES["no way"], system=connector.title, resource=made.resource.title.lower(), operation=operation)
        )
        return {"requests": [], "notes": notes}
    environment = Environment(datetime.now(UTC), {"connection": connector.told(answers)})
    address = cast(Client, _Address(base_address(connector, answers)))
    system = System(connector, address, formulas, environment)
    requests: list[dict[str, Json]] = []
    for number, body in enumerate(made.bodies[:MOST_REQUESTS]):
        try:
            requests.append(_request(made, system, operation, number, body, newcomers))
        except (RecordProblem, FormulaError) as problem:
            notes.append(_of_problem(problem))
    if made.count > MOST_REQUESTS:
        notes.append(say(NOTES["first"], most=MOST_REQUESTS, many=made.count))
    return {"requests": requests, "notes": notes}


def _notes(made: StepWork) -> list[str]:
    """Which notes there are, by name."""
    if not made.is_done:
        return ["not done"]
    policy = made.step.policy
    if policy == "must_exist":
        return ["must exist"]
    if made.step.key is None and policy != "create":
        return ["new"]
    return []


def _request(
    made: StepWork, system: System, operation: str, number: int, body: dict[str, Json], newcomers: Newcomers
) -> dict[str, Json]:
    variables: dict[str, Json] = {"fields": body}
    if operation == "update":
        variables["key"] = _key(made, number, newcomers)
    request = system.write_request(made.step.resource, operation, variables)
    sent: Any = ""
    if request.body:
        sent = read_form(request.body, request.encoding) if request.codec == "form" else read_line(request.body)
    return {
        "method": request.method,
        "address": unquote(request.url, request.encoding).replace(PLACEHOLDER, "«"),
        "body": as_written(sent),
        "placeholders": sorted(set(re.findall("«[^»]*»", json.dumps(as_written(sent), ensure_ascii=False)))),
    }


def _key(made: StepWork, number: int, newcomers: Newcomers) -> Json:
    if made.step.key is None:
        return newcomers.key(made.resource)
    return made.key[number].value if number < len(made.key) else MISSING


def _of_problem(problem: StudioError) -> str:
    told = problem.problems[0] if isinstance(problem, RecordProblem) else problem.as_problem()
    return f"A request cannot be built: {told.what}. {told.what_to_do}"
