"""The runs of this process, whoever's session started them; they end with it as a signal would end them."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from engine.design.running.starting import OwnRuns

OWN = OwnRuns()


@asynccontextmanager
async def ends_its_runs(app: Any) -> AsyncIterator[None]:
    """While the server lives; then what runs finishes the records it has in hand. A second signal ends it at once."""
    yield
    if any(not each.is_over for each in OWN.all()):
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
    await asyncio.to_thread(OWN.end, _say)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
