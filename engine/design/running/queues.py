"""Whose it is what a system hands out once: moved to another flow or binding, when somebody says so."""

from __future__ import annotations

from dataclasses import dataclass

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError, Problem
from engine.flows.library import load_flow
from engine.runs.bindings import bound
from engine.runs.ledger.batches import QueuePlace


@dataclass(frozen=True, slots=True)
class Moved:
    """A queue that is another's now. before: flow and binding that took from it, None where nobody did; left: records
    that they read and have not delivered yet, which stay theirs.
    """

    system: str
    resource: str
    before: tuple[str, str] | None
    left: int


@needs(Role.DESIGN, "move a queue to another flow")
def take_queue(desk: Desk, flow_name: str, binding: str, who: str) -> Moved:
    """From now on this flow and binding are handed out what its source has, and nobody else is.

    Raises DocumentError where its source hands nothing out, FlowBusy while a run takes from it.
    """
    loaded = load_flow(desk.workspace, flow_name)
    source, held = loaded.flow.source, bound(desk.ledger, loaded, binding)
    connector = loaded.connectors[source.connector]
    resource = connector.resources[source.resource]
    title = resource.title.lower()
    if not resource.is_handed_out:
        what = f"{connector.title} does not hand out its {title} once: any number of flows may read them"
        raise DocumentError([Problem(f"{flow_name}, binding {binding}", what, "There is nothing to take over.")])
    place = QueuePlace(held.connections[source.connector], source.resource)
    queue = desk.ledger.queue(place)
    before = queue.owner if queue is not None else None
    if before is None or before == (flow_name, binding):
        desk.ledger.claim_queue(place, flow_name, binding, desk.clock.now())
        return Moved(connector.title, title, before, 0)
    with desk.ledger.claim_flow(*before), desk.ledger.queue_lock(place):
        states = desk.ledger.states_of_binding(*before)
        desk.ledger.move_queue(place, flow_name, binding, who, desk.clock.now())
    return Moved(connector.title, title, before, sum(states.get(name, 0) for name in ("due", "waiting", "parked")))
