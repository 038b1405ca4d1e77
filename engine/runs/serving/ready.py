"""What can run by itself: a flow with one of its bindings."""

from __future__ import annotations

from dataclasses import dataclass

from engine.flows.library import LoadedFlow
from engine.runs.bindings import Bound
from engine.runs.serving.due import Scheduled
from engine.runs.serving.names import Name


@dataclass(frozen=True, slots=True)
class Ready:
    """A sound flow with a binding that is on. scheduled: None where no clock begins it."""

    name: Name
    loaded: LoadedFlow
    bound: Bound
    scheduled: Scheduled | None
