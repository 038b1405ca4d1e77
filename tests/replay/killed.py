"""A script that replays one record and kills itself at a place: WORKSPACE LEDGER FLOW VERSION KEY PLACE SECONDS."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.design.desk import Desk
from engine.design.replays import flow_as
from engine.documents.workspace import Workspace
from engine.formulas import Formulas
from engine.runs.ledger import Ledger
from engine.runs.replaying import Replay
from tests.runs.killing import ShiftedClock


def main() -> None:
    workspace, ledger_path, flow, version, key, place, seconds = sys.argv[1:]

    def seam(name: str) -> None:
        if name == place:
            os.kill(os.getpid(), signal.SIGKILL)

    with Ledger.open(Path(ledger_path)) as ledger, Formulas(workers=1) as formulas:
        things = Desk(Workspace(Path(workspace)), ledger, formulas, ShiftedClock(float(seconds)))
        mapped = flow_as(things, flow, version)
        with things.opened(mapped.loaded) as opened, ThreadPoolExecutor(2) as pool:
            Replay(opened, ledger, things.clock, mapped.manner(), pool, seam).send([key], "Anna")
    print("it came to its end")


if __name__ == "__main__":
    main()
