"""What a run needs around it, whoever starts it: what may be asked of it, looking only, and what is done afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from engine.design.desk import Desk
from engine.design.settings.retention import retention
from engine.errors import DocumentError, Problem, StudioError
from engine.flows.library import LoadedFlow
from engine.runs.batches import refuse_times
from engine.runs.rehearsal import Rehearsal, Rehearsed
from engine.runs.report import Listener, RunOptions
from engine.runs.run import Run
from engine.runs.telling.causes import tell_not_begun
from engine.runs.telling.sending import tell_now


def refuse_what_does_not_fit(options: RunOptions, *, is_dry: bool) -> None:
    """DocumentError for what is said of no record, or of several at once."""
    for option in ("not_there", "as_well", "made_as"):
        if getattr(options, option) and not options.only:
            where = "--" + option.replace("_", "-")
            raise DocumentError([Problem(where, "it is not said of which record", "Name it with --only KEY.")])
    if options.made_as and (len(options.only) > 1 or options.not_there or is_dry):
        what = "one record is made under one number: it goes with one --only, and with no --not-there or --dry-run"
        raise DocumentError([Problem("--made-as", what, "Call it once for each record.")])


@contextmanager
def opened_run(
    things: Desk, loaded: LoadedFlow, binding: str, options: RunOptions, listener: Listener
) -> Iterator[Run]:
    """A run of the flow that is opened for it; whoever holds it says when it goes."""
    with things.opened(loaded, listener.waits, binding) as opened:
        yield Run(opened, things.ledger, things.clock, options, listener)


def rehearsed(
    things: Desk, loaded: LoadedFlow, binding: str, options: RunOptions, listener: Listener
) -> Iterator[Rehearsed]:
    """What would come of each record that a run would take, one after the other; nothing is sent or stored."""
    with things.opened(loaded, listener.waits, binding) as opened, ThreadPoolExecutor(options.threads) as pool:
        refuse_times(opened, options.since, again=options.again)
        rehearsal = Rehearsal(opened, things.ledger, things.clock, pool)
        if options.only:
            yield from (rehearsal.of_key(key) for key in options.only)
        else:
            yield from rehearsal.of_new(options.since, options.limit)


def tell_that_it_did_not_begin(things: Desk, flow: str, binding: str, options: RunOptions, error: StudioError) -> None:
    """Those who are told what goes wrong hear of it; of the first run, and of named records, a person watches."""
    if not options.only and things.ledger.was_run(flow, binding):
        tell_not_begun(things.ledger, flow, binding, error, things.clock.now(), whole=True)


def after_runs(things: Desk) -> None:
    """What has served its time is forgotten, and what went wrong is told."""
    things.ledger.purge_before(things.clock.now() - retention(things.ledger).time)
    tell_now(things.ledger, things.workspace, things.clock)
