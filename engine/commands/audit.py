"""`audit`: who did what to what: published, connected, sent again, paused, backed up, erased and so on."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import workspace_in
from engine.design.settings.audit import details_in_words
from engine.runs.ledger import Ledger


def run(asked: Namespace) -> int:
    """Always 0: an empty log is well too."""
    output = Output(asked.json)
    with Ledger.open(workspace_in(asked.workspace).ledger_path) as ledger:
        sought = {"flow": asked.flow, "who": asked.who, "what": asked.did}
        lines = ledger.audit(**sought, before=asked.before, limit=asked.limit)
        is_empty = not lines and not ledger.audit(limit=1)
    for line in lines:
        output.object("audit", **line.as_json())
    if lines:
        columns = ("at", "who", "did", "to", "flow", "")
        output.table(
            columns,
            [
                (
                    moment(line.at),
                    line.who,
                    line.what,
                    line.subject,
                    line.flow,
                    "; ".join(details_in_words(line.details)),
                )
                for line in lines
            ],
        )
    else:
        output.text("Nothing was published, restored, purged or erased yet." if is_empty else "No such line.")
    return 0
