"""A process that changes drafts until it is done or killed; started by the tests, told what to do by its arguments."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.connectors.clock import SystemClock
from engine.design.drafts import Drafts
from engine.documents.workspace import Workspace


def main(folder: str, flow: str, name: str, many: int) -> None:
    """Add `many` rows of its own to the lookup `terms`; a line is printed for each that is kept."""
    drafts = Drafts(Workspace(Path(folder)), SystemClock())
    for number in range(many):
        operation = {"op": "set_row", "lookup": "terms", "key": f"{name}-{number}", "value": name}
        applied = drafts.apply(flow, [operation], by=name, revision=0, over=True)
        assert applied.refused == []
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
