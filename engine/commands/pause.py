"""`pause`: no run of a flow, or of any, begins by itself until it is resumed."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import Desk, desk
from engine.runs.ledger.pauses import EVERYTHING


def run(asked: Namespace) -> int:
    """Exit code 0; 2 where there is no such flow."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        if asked.list:
            return _list(things, output)
        if asked.flow:
            things.workspace.flow_path(asked.flow)
        who, now = caller(asked), things.clock.now()
        things.ledger.pause(asked.flow or EVERYTHING, who, asked.why, now)
        things.ledger.note("paused", who, now, flow=asked.flow, details={"why": asked.why} if asked.why else None)
    output.object("pause", flow=asked.flow or None)
    output.text(f"{named(asked.flow)} is paused. What webhooks bring meanwhile is kept. `resume` lets it run again.")
    return 0


def named(flow: str) -> str:
    """A flow, or everything, as the first word of a sentence."""
    return flow or "Everything"


def _list(things: Desk, output: Output) -> int:
    pauses = things.ledger.pauses()
    for pause in pauses:
        at = pause.at.isoformat()
        output.object("pause", flow=pause.flow or None, who=pause.who, why=pause.why, at=at)
        why = f": {pause.why}" if pause.why else ""
        output.text(f"{named(pause.flow)}, by {pause.who} since {moment(pause.at)}{why}")
    if not pauses:
        output.text("Nothing is paused.")
    return 0
