"""`purge`: forgets what is older than the retention time, and says for how long things are kept."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import timedelta

from engine.commands.caller import of_caller
from engine.commands.output import Output
from engine.design.desk import Desk, desk
from engine.design.settings.retention import Purged, forget_now, keep_for, retention, would_go


def run(asked: Namespace) -> int:
    """Exit code 0; 2 where the number of days is none, or where the environment says another."""
    output = Output(asked.json)
    with desk(asked.workspace) as opened:
        things = of_caller(opened, asked)
        if asked.keep is not None:
            return _keep(things, asked.keep, output)
        keep = retention(things.ledger).time if asked.days is None else timedelta(days=asked.days)
        gone = would_go(things, keep) if asked.dry_run else forget_now(things, keep)
    output.object("purge", days=keep.days, dry_run=asked.dry_run, **asdict(gone))
    verb = "would be forgotten" if asked.dry_run else "forgotten"
    output.text(f"Older than {keep.days} days and {verb}: {_said(gone)}.")
    return 0


def _keep(things: Desk, days: int, output: Output) -> int:
    keep_for(things, days)
    output.object("retention", days=days)
    output.text(f"Kept for {days} days from now on. The next run forgets what is older; so does `purge`.")
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
