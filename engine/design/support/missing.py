"""A record that nobody has read: which times each flow has read, what it holds back, and fetching that one now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.support.causes import Cause, stopped_flows
from engine.design.support.flows_now import FlowsNow
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Translations
from engine.runs.bindings import binding_names
from engine.runs.ledger import Window
from engine.runs.run import Run, RunOptions, RunReport
from engine.runs.story import earliest_of

_MOST_WINDOWS, _MOST_TOLD = 10_000, 5
_NEVER = datetime.min.replace(tzinfo=UTC)

__all__ = ["RunReport", "Unread", "Window", "fetch", "unread"]


@dataclass(frozen=True, slots=True)
class Unread:
    """What is known of records that a flow has not read. since: how far back it has read, None for all there is;
    windows: its last reads; held_back: what makes a record wait or be skipped; may_fetch: its source gives one by its
    number or key; stopped: what stops it at the moment.
    """

    flow: str
    title: str
    binding: str
    source: str
    since: datetime | None
    windows: tuple[Window, ...]
    held_back: tuple[str, ...]
    may_fetch: bool
    stopped: tuple[Cause, ...] = ()

    @property
    def has_read(self) -> bool:
        return bool(self.windows)


def unread(things: Desk, translations: Translations | None = None) -> list[Unread]:
    """Of each flow and binding that has read something, or could not begin to; those that read last stand first."""
    stopped = stopped_flows(things, translations)
    flows, found = FlowsNow(things), []
    for name in things.workspace.flow_names():
        for binding in binding_names(things.ledger, name):
            windows = things.ledger.windows(name, binding, limit=_MOST_WINDOWS)
            here = tuple(each for each in stopped if (each.flow, each.binding) == (name, binding))
            loaded = flows.loaded(name) if windows or here else None
            if isinstance(loaded, LoadedFlow):  # the page of flows says what is wrong with another
                found.append(_unread(loaded, binding, windows, here, Speech(translations)))
    return sorted(found, key=lambda each: each.windows[0].at if each.windows else _NEVER, reverse=True)


def _unread(
    loaded: LoadedFlow, binding: str, windows: Sequence[Window], stopped: tuple[Cause, ...], say: Speech
) -> Unread:
    source = loaded.flow.source
    connector = loaded.connectors[source.connector]
    return Unread(
        loaded.flow.name,
        say.titled(loaded.flow.title),
        binding,
        connector.title,
        earliest_of([window.since for window in windows]),
        tuple(windows[:_MOST_TOLD]),
        tuple(say.titled(condition.says) for condition in (*source.where, *source.never)),
        connector.resources[source.resource].operation("get") is not None,
        stopped,
    )


@needs(Role.MEND, "fetch a record now")
def fetch(things: Desk, flow: str, binding: str, name: str) -> RunReport:
    """Read the record of this number or key from the source and deliver it, whatever was read before.

    Raises DocumentError where the source has no such record, and as a run does.
    """
    loaded = things.load(flow)
    with things.opened(loaded, binding=binding) as opened:
        return Run(opened, things.ledger, things.clock, RunOptions(only=[name.strip()])).go()
