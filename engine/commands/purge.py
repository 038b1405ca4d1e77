"""`purge`: forgets what is older than the retention time."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import timedelta

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.run import retention
from engine.connectors.clock import SystemClock
from engine.design.desk import workspace_in
from engine.runs.ledger import Ledger
from engine.runs.ledger.purging import Purged


def run(asked: Namespace) -> int:
    """Exit code 0; 2 where the number of days is none."""
    output, now = Output(asked.json), SystemClock().now()
    keep = retention() if asked.days is None else timedelta(days=asked.days)
    with Ledger.open(workspace_in(asked.workspace).ledger_path) as ledger:
        if asked.dry_run:
            gone = ledger.to_purge(now - keep)
        else:
            gone = ledger.purge_before(now - keep)
            details = {"days": keep.days, "rows": gone.total}
            ledger.note("purged", caller(asked), now, details=details)
    output.object("purge", days=keep.days, dry_run=asked.dry_run, **asdict(gone))
    verb = "would be forgotten" if asked.dry_run else "forgotten"
    output.text(f"Older than {keep.days} days and {verb}: {_said(gone)}.")
    return 0


def _said(gone: Purged) -> str:
    parts = {
        "the content of {} records": gone.records,
        "{} exchanges": gone.exchanges,
        "{} answers of targets": gone.answers,
        "what {} deliveries saw": gone.deliveries,
        "the settings of {} runs": gone.settings,
        "{} hints of webhooks": gone.hints,
    }
    return ", ".join(text.format(many) for text, many in parts.items() if many) or "nothing"
