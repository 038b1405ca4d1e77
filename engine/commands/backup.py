"""`backup`: the ledger and the drafts in one file, at one moment."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from engine.commands.caller import of_caller
from engine.commands.output import Output
from engine.design.desk import desk
from engine.design.settings.backups import back_up


def run(asked: Namespace) -> int:
    """Exit code 2 where none was made; then nothing is there."""
    output = Output(asked.json)
    with desk(asked.workspace) as opened:
        done = back_up(of_caller(opened, asked), Path(asked.file), Path(asked.key) if asked.key else None)
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
