"""`audit`: who published, replayed, brought back, restored, purged or erased what."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import workspace_in
from engine.errors import Json
from engine.runs.ledger import Ledger


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
    return [f"{name.replace('_', ' ')}: {value}" for name, value in details.items()]
