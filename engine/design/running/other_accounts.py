"""Another account than before: which system, what it was and what answers now, before anybody says that it may."""

from __future__ import annotations

from engine.design.desk import Desk
from engine.design.running.changing import Accepted, account_now
from engine.flows.library import LoadedFlow
from engine.runs.bindings import bound
from engine.runs.company import in_words, is_another


def other_accounts(desk: Desk, loaded: LoadedFlow, name: str) -> list[Accepted]:
    """The systems that answer as another account than this binding knows; reads their facts, keeps nothing."""
    held, now, found = bound(desk.ledger, loaded, name), desk.clock.now(), []
    for system_name, before in desk.ledger.accounts(loaded.flow.name, name).items():
        connector = loaded.connectors.get(system_name)
        if connector is None:
            continue  # the flow does not speak to it any more
        account = account_now(desk, connector, held, now)
        if is_another(before.facts, account):
            found.append(Accepted(system_name, connector.title, in_words(before.facts), in_words(account)))
    return found
