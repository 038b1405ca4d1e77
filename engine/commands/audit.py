"""`audit`: who published, replayed, brought back, restored, purged or erased what."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import workspace_in
from engine.errors import Json
from engine.runs.ledger import Ledger

_NAMES = {"on": "switched on"}  # what says too little by itself


def run(asked: Namespace) -> int:
    """Always 0: an empty log is well too."""
    output = Output(asked.json)
    with Ledger.open(workspace_in(asked.workspace).ledger_path) as ledger:
        lines = ledger.audit(flow=asked.flow, limit=asked.limit)
    for line in lines:
        output.object("audit", **line.as_json())
    if lines:
        columns = ("at", "who", "did", "to", "flow", "")
        output.table(
            columns,
            [
                (moment(line.at), line.who, line.what, line.subject, line.flow, "; ".join(_said(line.details)))
                for line in lines
            ],
        )
    else:
        output.text("Nothing was published, restored, purged or erased yet.")
    return 0


def _said(details: dict[str, Json]) -> list[str]:
    return [f"{_NAMES.get(name) or name.replace('_', ' ')}: {_in_words(value)}" for name, value in details.items()]


def _in_words(value: Json) -> str:
    """What stands in a line's details: yes and no, lists with commas, and names with what they are."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_in_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_in_words, value))
    return "none" if value is None else str(value)
