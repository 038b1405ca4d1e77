"""What one record becomes as far as it can be told without asking any system."""

from __future__ import annotations

import json

from engine.commands.output import Output
from engine.commands.telling import tell_fields
from engine.design.desk import Desk
from engine.design.view import Live, View
from engine.errors import Json
from engine.runs.fields import trace_fields


def preview_offline(things: Desk, flow: str, text: str, record: dict[str, Json], output: Output) -> int:
    """Exit code 1 where something is wrong with the flow or with what the record becomes."""
    view = View.of(things, flow, text, record, live=Live())
    fields = trace_fields(view.loaded, things.formulas, view.environment, view.record, view.answers())
    tell_fields(fields, output, view.loaded)
    for step in view.steps():
        told = view.request(str(step["name"]))
        for request in told["requests"]:
            output.object("request", step=step["name"], system=step["system"], **request)
            output.text(f"\n  {step['name']}: {request['method']} {request['address']}")
            output.text("    " + json.dumps(request["body"], ensure_ascii=False))
        for note in told["notes"]:
            output.object("note", step=step["name"], what=note)
            output.text(f"  {step['name']}: {note}")
    for needs in view.needs():
        output.object("needs", **needs)
        output.text(f"  {needs['where']}: {needs['what']}")
    problems = view.problems()
    for problem in problems:
        output.object("problem", **problem)
        output.text(f"  {problem['severity']}: {problem['where']}: {problem['what']}\n    → {problem['what_to_do']}")
    output.text("\nNothing was sent, and no system was asked. «…» stands for what the target will give.")
    return 1 if any(problem["severity"] == "error" for problem in problems) else 0
