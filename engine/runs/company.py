"""Is it still the account that a binding works with? Asked by the facts that tell, before anything else is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.connectors.connector import Connector
from engine.errors import Json, WrongCompany
from engine.flows.library import LoadedFlow
from engine.runs.bindings import Bound
from engine.runs.ledger import Ledger
from engine.runs.ledger.accounts import StoredAccount


def account_of(connector: Connector, facts: Mapping[str, Json]) -> dict[str, Json]:
    """The facts that tell which account of a system it is."""
    return {name: facts.get(name) for name, fact in connector.facts.items() if fact.identity}


def meet(
    ledger: Ledger, held: Bound, loaded: LoadedFlow, facts: Mapping[str, Mapping[str, Json]], now: datetime
) -> None:
    """Keep the accounts at their first sight; WrongCompany where one is another than it was. facts: by system."""
    known = ledger.accounts(held.flow, held.name)
    found = {name: account_of(connector, facts[name]) for name, connector in loaded.connectors.items()}
    for name, account in found.items():
        if name in known and is_another(known[name].facts, account):
            raise _wrong(held, loaded.connectors[name], known[name], account)
    for name, account in found.items():
        if not any(value is not None for value in account.values()):
            continue
        if name not in known:
            ledger.meet_account(held.flow, held.name, name, account, now)
        elif account != known[name].facts:
            ledger.complete_account(held.flow, held.name, name, account, now, before=known[name].facts)


def is_another(before: Mapping[str, Json], now: Mapping[str, Json]) -> bool:
    """Is it another account? What was not known before, or is no longer asked for, tells nothing."""
    return any(value is not None and name in now and now[name] != value for name, value in before.items())


def in_words(account: Mapping[str, Json]) -> str:
    """An account as people know it."""
    return ", ".join(str(value) for value in account.values() if value not in (None, "")) or "one without a name"


def _wrong(held: Bound, connector: Connector, before: StoredAccount, now: Mapping[str, Json]) -> WrongCompany:
    connection = held.connections[connector.name]
    named = "" if connection == connector.name else f" --as {connection}"
    return WrongCompany(
        f"{connector.title} answers as another company than before",
        where=held.flow if held.is_default else f"{held.flow}, {held.name}",
        why=f"until now it was “{in_words(before.facts)}”, now it is “{in_words(now)}”; nothing was read or written",
        what_to_do=f"Sign in to the right company with `connect {connector.name}{named}`. If the other one is right, "
        f"say so: `bindings {held.flow} {held.name} --accept-account --by NAME`.",
    )
