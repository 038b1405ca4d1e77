"""Sending what waits: each message to each recipient, tried again where it was not taken; it never fails a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

from engine.connectors.clock import Clock
from engine.documents.workspace import Workspace
from engine.errors import StudioError
from engine.runs.bindings import binding_names
from engine.runs.ledger import Ledger
from engine.runs.telling import recipients as kept
from engine.runs.telling.apprise_door import send
from engine.runs.telling.grouping import group
from engine.runs.telling.recipients import Recipient, Waiting, recipients

STUDIO_ADDRESS = "MAPPING_STUDIO_URL"  # in the environment: where people open the studio, for a link

_LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """One try. why: "" where it arrived."""

    recipient: Recipient
    why: str


Send = Callable[[Recipient, Waiting], str]


def tell_now(ledger: Ledger, workspace: Workspace, clock: Clock) -> list[Sent]:
    """Make a message of what nobody was told yet, where it is time, and send what waits."""
    if ledger.recipients() is not None:
        flows = {(flow, binding) for flow in workspace.flow_names() for binding in binding_names(ledger, flow)}
        group(ledger, flows, lambda flow: _title(workspace, flow), clock.now(), os.environ.get(STUDIO_ADDRESS, ""))
    return send_waiting(ledger, clock)


def _title(workspace: Workspace, flow: str) -> str:
    try:
        title = str(workspace.read_document(workspace.flow_path(flow)).value["title"])
        return " ".join(title.split())[:_LONGEST_TITLE] or flow
    except (StudioError, KeyError, TypeError):  # what is wrong with the file is told as a cause
        return flow


def by_apprise(recipient: Recipient, message: Waiting) -> str:
    """Send it; "" where it was taken, else why not."""
    body = message.body
    if recipient.lost:
        body += f"\n\n({recipient.lost} earlier message{'s' if recipient.lost > 1 else ''} could not be delivered.)"
    return send(recipient.url, message.title, body, is_good=message.is_good)


def send_waiting(ledger: Ledger, clock: Clock, by: Send = by_apprise) -> list[Sent]:
    """Try every message that is due; one process at a time does so, and who comes second leaves it to the first."""
    if not _due(ledger, clock):
        return []
    found: list[Sent] = []
    with ledger.locks.hold("tell", wait=False) as held:
        for recipient, message in _due(ledger, clock) if held else ():
            if found and found[-1].recipient.id == recipient.id and found[-1].why:
                continue  # it does not take them now: those after it wait
            why = by(recipient, message)
            if why:
                kept.failed(ledger, recipient.id, message.id, why, clock.now())
            else:
                kept.arrived(ledger, recipient.id, message.id)
            found.append(Sent(recipient, why))
    return found


def _due(ledger: Ledger, clock: Clock) -> list[tuple[Recipient, Waiting]]:
    """In their order: one that is tried again later keeps those after it waiting."""
    now = clock.now()
    return [
        (each, message)
        for each in recipients(ledger)
        for message in takewhile(lambda message: message.is_due(now), each.waiting)
    ]
