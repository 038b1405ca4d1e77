"""`disconnect`: forget a system's answers, secrets and tokens."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.output import Output
from engine.design.connecting.catalogue import disconnect
from engine.design.desk import desk


def run(asked: Namespace) -> int:
    """Exit code 0 when it was connected; what was read and made through it stays in the ledger."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        flows = disconnect(things, asked.system, asked.name)
    name = asked.name or asked.system
    output.object("disconnected", system=asked.system, connection=name, flows=flows)
    output.text(f"{name} is disconnected: its answers, secrets and tokens are forgotten.")
    if flows:
        output.text(f"These flows cannot run until it is connected again: {'; '.join(flows)}.")
    return 0
