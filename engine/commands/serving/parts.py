"""What `serve` consists of while it runs, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.serving.journal import Journal
from engine.commands.serving.known_flows import KnownFlows
from engine.commands.serving.loop import Loop
from engine.commands.serving.runner import Ended
from engine.design.desk import Desk
from engine.runs.serving.work import Work


@dataclass(frozen=True, slots=True)
class Parts:
    """told: who is told of each run that is over; add to it."""

    things: Desk
    flows: KnownFlows
    journal: Journal
    work: Work
    loop: Loop
    told: list[Ended]
