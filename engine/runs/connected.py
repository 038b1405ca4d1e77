"""The environment of a flow whose systems are asked for their facts and for the records its lookups name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.connectors.clock import SystemClock
from engine.documents.workspace import Workspace
from engine.errors import Json
from engine.flows.library import LoadedFlow
from engine.formulas import Environment, Formulas
from engine.runs.ledger import Ledger
from engine.runs.opening import open_flow


def connected_environment(
    workspace: Workspace, loaded: LoadedFlow, formulas: Formulas, answers: Mapping[str, Json]
) -> Environment:
    """As a run begins with it. ConnectionMissing where a system is not connected; what asking it raises."""
    clock = SystemClock()
    with Ledger.open(workspace.ledger_path) as ledger:
        opened = open_flow(loaded, ledger=ledger, formulas=formulas, clock=clock, now=clock.now(), answers=answers)
        opened.close()
        return opened.environment
