"""`resume`: takes a pause away."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.pause import named
from engine.design.desk import desk
from engine.runs.ledger.pauses import EVERYTHING


def run(asked: Namespace) -> int:
    """Exit code 0, also where nothing was paused by that name; 2 where there is no such flow."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        was_paused = things.ledger.resume(asked.flow or EVERYTHING)
        still = things.ledger.pauses()
        if was_paused:
            things.ledger.note("resumed", caller(asked), things.clock.now(), flow=asked.flow)
        if not was_paused and asked.flow:
            things.workspace.flow_path(asked.flow)
    output.object(
        "resume", flow=asked.flow or None, was_paused=was_paused, paused=[pause.flow or None for pause in still]
    )
    output.text(
        f"{named(asked.flow)} runs again." if was_paused else f"{named(asked.flow)} was not paused by that name."
    )
    for pause in still:
        output.text(f"{named(pause.flow)} is still paused.")
    return 0
