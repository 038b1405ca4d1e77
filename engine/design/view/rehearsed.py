"""A draft rehearsed against the connected systems: found in the target, and neither sent nor stored."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from engine.design.desk import Desk
from engine.design.view.newcomers import Newcomers
from engine.errors import Json
from engine.flows.check import load_sound_flow_text
from engine.runs.examples import as_written
from engine.runs.rehearsal import Rehearsal


def rehearsed(desk: Desk, flow_name: str, text: str, record: dict[str, Json], newcomers: Newcomers) -> dict[str, Json]:
    """outcome, reason, problems, and the requests a run would send for the record as the target has it now.

    Raises DocumentError where the draft may not run, ConnectionMissing or ExchangeError where a system is not there.
    """
    loaded = load_sound_flow_text(desk.workspace, flow_name, text, desk.formulas)
    with desk.opened(loaded) as opened, ThreadPoolExecutor(4) as pool:
        done = Rehearsal(opened, desk.ledger, desk.clock, pool).of_record(record)
    result = done.result
    resources = [each for one in loaded.connectors.values() for each in one.resources.values()]
    return {
        "outcome": result.outcome if result is not None else done.judged.state,
        "reason": as_written((result.reason if result is not None else "") or done.judged.reason),
        "held_back": done.judged.reason if done.judged.state != "due" else "",
        "problems": [as_written(problem.as_json()) for problem in result.problems] if result is not None else [],
        "requests": [
            {
                "step": each.step,
                "system": each.system,
                "method": each.method,
                "address": as_written(each.target),
                "body": as_written(newcomers.told(each.body, resources)),
                "placeholders": [as_written(newcomers.told(mark, resources)) for mark in each.placeholders],
            }
            for each in (result.planned if result is not None else ())
        ],
    }
