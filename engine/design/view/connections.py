"""What a flow's formulas see of connected systems, read in the background and kept for a while."""

from __future__ import annotations

from engine.design.desk import Desk
from engine.design.view.around import Live
from engine.design.view.kept import Shelf
from engine.flows.library import LoadedFlow


def live_of(desk: Desk, shelf: Shelf, loaded: LoadedFlow, wait: float = 0.0) -> Live:
    """What is known now of a flow's systems."""
    return Live()
