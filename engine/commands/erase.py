"""`erase`: a person is erased everywhere, and where something remains is said."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.connectors.clock import SystemClock
from engine.design.desk import workspace_in
from engine.runs.care.erase import Erased, erase
from engine.runs.ledger import Ledger

MOST_SHOWN = 20


def run(asked: Namespace) -> int:
    """Exit code 1 where something of the person remains."""
    output, workspace = Output(asked.json), workspace_in(asked.workspace)
    subject = sys.stdin.readline().strip() if asked.subject == "-" else asked.subject
    who = caller(asked)
    with Ledger.open(workspace.ledger_path) as ledger:
        done = erase(ledger, workspace, subject, who, SystemClock().now(), dry=not asked.yes)
    output.object(
        "erase",
        dry=not asked.yes,
        records=[list(record) for record in done.records],
        places=dict(done.places),
        matches=done.matches,
        remains=[asdict(place) for place in done.remains],
    )
    _tell(done, output, dry=not asked.yes)
    return 1 if done.remains else 0


def _tell(done: Erased, output: Output, *, dry: bool) -> None:
    if done.places or done.records:
        output.text("This would be erased:" if dry else "Erased:")
    elif not done.matches and not done.remains:
        output.text("Nothing in this workspace names this person. Look at the spelling, and try each name and address.")
        dry = False
    for title, many in done.places.items():
        output.text(f"  {title}: {many}")
    for flow, number in done.records[:MOST_SHOWN]:
        output.text(f"  {flow}: {number}")
    if len(done.records) > MOST_SHOWN:
        output.text(f"  … and {len(done.records) - MOST_SHOWN} more records")
    if done.remains:
        output.text("Not touched:" if dry else "This remains:")
    for place in done.remains:
        output.text(f"  {place.where}: {place.why}\n    → {place.what_to_do}")
    if dry:
        output.text("Nothing was erased. With --yes it is; that cannot be undone.")
    elif not done.remains:
        output.text("Everything the ledger holds was opened and looked through again: nothing of the person is left.")
    output.text("Backups are not reached: they go when you delete them. The systems themselves are not changed.")
