"""A record that nobody has read: which times each flow has read, what it holds back, and fetching that one now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError
from engine.formulas.words import Speech, Translations
from engine.runs.bindings import binding_names
from engine.runs.ledger import Window
from engine.runs.run import Run, RunOptions, RunReport
from engine.runs.story import never_seen

__all__ = ["RunReport", "Unread", "Window", "fetch", "unread"]


@dataclass(frozen=True, slots=True)
class Unread:
    """What is known of records that a flow has not read. since: how far back it has read, None for all there is;
    windows: its last reads; held_back: what makes a record wait or be skipped; may_fetch: its source gives one by its
    number or key.
    """

    flow: str
    title: str
    binding: str
    source: str
    since: datetime | None
    windows: tuple[Window, ...]
    held_back: tuple[str, ...]
    may_fetch: bool

    @property
    def has_read(self) -> bool:
        return bool(self.windows)


def unread(things: Desk, translations: Translations | None = None) -> list[Unread]:
    """Of each flow and binding that has read something; those that read last stand first."""
    say = Speech(translations)
    found = []
    for name in things.workspace.flow_names():
        bindings = [each for each in binding_names(things.ledger, name) if things.ledger.windows(name, each, limit=1)]
        if not bindings:
            continue
        try:
            loaded = things.load(name)
        except DocumentError:
            continue  # the page of flows says what is wrong with it
        source = loaded.flow.source
        resource = loaded.connectors[source.connector].resources[source.resource]
        for binding in bindings:
            known = never_seen(things.ledger, loaded, binding)
            found.append(
                Unread(
                    name,
                    say.titled(loaded.flow.title),
                    binding,
                    loaded.connectors[source.connector].title,
                    known.since,
                    tuple(known.windows),
                    tuple(say.titled(condition.says) for condition in (*source.where, *source.never)),
                    resource.operation("get") is not None,
                )
            )
    return sorted(found, key=lambda each: each.windows[0].at, reverse=True)


@needs(Role.MEND, "fetch a record now")
def fetch(things: Desk, flow: str, binding: str, name: str) -> RunReport:
    """Read the record of this number or key from the source and deliver it, whatever was read before.

    Raises DocumentError where the source has no such record, and as a run does.
    """
    loaded = things.load(flow)
    with things.opened(loaded, binding=binding) as opened:
        return Run(opened, things.ledger, things.clock, RunOptions(only=[name.strip()])).go()
