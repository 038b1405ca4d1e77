"""Flows that do not run by themselves for a while: paused and resumed with who did it, one or all of them."""

from __future__ import annotations

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.runs.ledger.pauses import EVERYTHING as EVERYTHING
from engine.runs.ledger.pauses import Pause as Pause


@needs(Role.MEND, "pause a flow")
def pause(desk: Desk, flow: str, who: str, why: str = "") -> None:
    """No run of this flow, or of any (EVERYTHING), begins by itself from now on."""
    if flow != EVERYTHING:
        desk.workspace.flow_path(flow)  # one that is not there is refused
    now, why = desk.clock.now(), " ".join(why.split())
    desk.ledger.pause(flow, who, why, now)
    desk.ledger.note("paused", who, now, flow=flow, details={"why": why} if why else None)


@needs(Role.MEND, "resume a flow")
def resume(desk: Desk, flow: str, who: str) -> None:
    """Take the pause of this flow away; that of everything holds it back all the same. Nothing where there is none."""
    if desk.ledger.resume(flow):
        desk.ledger.note("resumed", who, desk.clock.now(), flow=flow)


def paused_alone(desk: Desk, flow: str) -> Pause | None:
    """The pause of this very flow, not that of everything, unless EVERYTHING is asked for."""
    return next((each for each in desk.ledger.pauses() if each.flow == flow), None)
