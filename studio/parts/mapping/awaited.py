"""The record to begin with. One of the source is read while the page is drawn already: a system that is down keeps
nobody waiting.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

from engine.design.desk import Desk
from engine.design.samples import Sample, fetched, newest, samples
from engine.errors import StudioError
from studio.state import is_connected, things

if TYPE_CHECKING:
    from studio.parts.mapping.work import Work

PATIENCE = 1.5  # seconds for a record of the source, before another one is shown meanwhile
_LIVE = "live:"


def find_sample(work: Work, wanted: str) -> None:
    """The record to begin with: the one that is asked for, else the newest of the source, else any."""
    try:
        if wanted and not wanted.startswith(_LIVE):
            work.choose_sample(wanted)
            return
        if is_connected(work.view.loaded.flow.source.connector):
            work.awaited = _begin(things(), work.flow, work.draft.text, wanted)
            wait([work.awaited], PATIENCE)
            if has_arrived(work):
                return
    except StudioError as error:  # then the next best is shown, and why
        work.problems = [error.as_problem()]
    _next_best(work)


def has_arrived(work: Work) -> bool:
    """Show the record that was awaited, once it has been read; where it could not be, say why."""
    if work.awaited is None or not work.awaited.done():
        return False
    found, work.awaited = work.awaited, None
    try:
        work.live = found.result()
        work.choose_sample(work.live.id)
    except StudioError as error:
        work.problems = [error.as_problem()]
        if work.sample is None:
            _next_best(work)
    return True


def _next_best(work: Work) -> None:
    """A record that is at hand; what is awaited still is."""
    awaited = work.awaited
    known = samples(things(), work.flow, work.draft.text)
    if known:
        work.choose_sample(known[0].id)
    work.awaited = awaited


def _begin(desk: Desk, flow: str, text: str, wanted: str) -> Future[Sample]:
    """Read the record with this id, or the newest one; that is tried again for many seconds where a system is down."""
    found: Future[Sample] = Future()

    def read() -> None:
        try:
            key = wanted.removeprefix(_LIVE)
            found.set_result(fetched(desk, flow, key, text) if key else newest(desk, flow, text))
        except BaseException as error:  # it is raised where the record is asked for
            found.set_exception(error)

    threading.Thread(target=read, name="reading a sample", daemon=True).start()
    return found
