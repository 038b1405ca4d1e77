"""`restore`: a backup takes the ledger's place."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.telling import moment
from engine.connectors.clock import SystemClock
from engine.design.desk import workspace_in
from engine.runs.care.restore import restore


def run(asked: Namespace) -> int:
    """Exit code 2 where it was refused; then nothing was changed."""
    output, now = Output(asked.json), SystemClock().now()
    workspace = workspace_in(asked.workspace)
    key = Path(asked.key) if asked.key else None
    done = restore(Path(asked.file), workspace, key, over=asked.over, who=caller(asked), now=now)
    before = None if done.before is None else workspace.relative(done.before)
    queues = [f"{resource} of {connection}" for connection, resource in done.queues]
    output.object(
        "restored", made_at=done.made_at.isoformat(), before=before, connections=list(done.connections), queues=queues
    )
    output.text(f"The ledger is that of {moment(done.made_at)}.")
    if before:
        output.text(f"What was there is in {before}; delete it when it is not needed any more.")
    if done.connections:
        output.text(
            f"Connected: {', '.join(done.connections)}. A sign-in that was renewed since the backup may be dead: where "
            "`check --connected` says so, connect again."
        )
    if queues:
        output.text(
            f"Handed out once, and not again: {', '.join(queues)}. What was read of them between "
            f"{moment(done.made_at)} and now is not in this ledger: what had not arrived by then must be brought "
            "over by hand, or handed out anew by the system; see docs/batches.md."
        )
    output.text("What was delivered since is looked up before anything is sent; see docs/care.md.")
    return 0
