"""`backup`: the ledger and the drafts in one file, at one moment."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.connectors.clock import SystemClock
from engine.design.desk import workspace_in
from engine.runs.care.backup import backup
from engine.runs.ledger import Ledger


def run(asked: Namespace) -> int:
    """Exit code 2 where none was made; then nothing is there."""
    output, now = Output(asked.json), SystemClock().now()
    workspace = workspace_in(asked.workspace)
    key = Path(asked.key) if asked.key else None
    with Ledger.open(workspace.ledger_path) as ledger:
        done = backup(workspace, ledger, Path(asked.file), key, now)
        ledger.note("backed up", caller(asked), now, details={"with_key": key is not None})
    output.object(
        "backup", file=str(done.path), bytes=done.size, key=done.key and str(done.key), drafts=done.has_drafts
    )
    output.text(f"{done.path}: {max(1, done.size // 1024)} KB{', with the drafts' if done.has_drafts else ''}.")
    if done.key is None:
        output.text(
            "The key is not in it. Without it nobody reads the backup, nor do you: keep a copy of it elsewhere."
        )
    else:
        output.text(f"The key is in {done.key}. Whoever has both reads everything: keep them apart.")
    return 0
