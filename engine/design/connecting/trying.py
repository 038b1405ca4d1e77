"""Trying a connection: what it finds, or exactly what is wrong. Nothing is kept unless it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from engine.connectors.connector import Connector
from engine.connectors.credentials import Vault
from engine.connectors.exchange import Exchange
from engine.connectors.system import System
from engine.design.connecting.diagnosis import diagnose
from engine.design.connecting.finding import Finding
from engine.design.connecting.keeping import as_stored, checked, keep
from engine.design.connecting.looking import look_around
from engine.design.connecting.peeking import with_peeks
from engine.design.connecting.trial_tokens import TrialVault
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import Json, Problem, StudioError
from engine.runs.clients import LedgerVault, open_system, stored_connection
from engine.runs.ledger import StoredConnection

LONGEST_WAIT_SECONDS = 10.0  # somebody sits and waits


def try_connection(
    desk: Desk,
    connector: Connector,
    answers: Mapping[str, Json] | None = None,
    *,
    allow_private: bool = False,
    name: str = "",
) -> Finding:
    """What a connection with these answers finds; without answers: the one that is kept.

    name: of the connection, else the system's own. Only reads; answers of one's own take the role “administer”.
    DocumentError for answers that do not fit the questions, ConnectionMissing where none is kept.
    """
    if answers is None:
        desk.person.must(Role.MEND, "test a connection")
        stored = stored_connection(desk.ledger, connector, name or connector.name)
        return _tried(desk, connector, stored, LedgerVault(desk.ledger, desk.clock))
    desk.person.must(Role.ADMINISTER, "connect a system")
    answers = checked(connector, answers)
    stored = as_stored(desk, connector, answers, allow_private=allow_private, name=name)
    return _tried(desk, connector, stored, _vault_for(desk, connector, answers, stored))


@needs(Role.ADMINISTER, "connect a system")
def connect(
    desk: Desk,
    connector: Connector,
    answers: Mapping[str, Json],
    *,
    allow_private: bool = False,
    even_so: bool = False,
    name: str = "",
) -> Finding:
    """Try these answers and keep them where they work; `even_so` keeps them in any case. name: as `try_connection`."""
    finding = try_connection(desk, connector, answers, allow_private=allow_private, name=name)
    if finding.ok or even_so:
        keep(desk, connector, answers, allow_private=allow_private, name=name)
    return finding


def needs_sign_in(desk: Desk, connector: Connector, vault: Vault | None = None, name: str = "") -> bool:
    """Must somebody agree in the browser before this connection can be used? (`vault`: else the ledger's.)"""
    vault = vault or LedgerVault(desk.ledger, desk.clock)
    return offers_consent(connector) and not vault.read(name or connector.name)


def offers_consent(connector: Connector) -> bool:
    """Can one sign in to this system by agreeing in the browser?"""
    spec = connector.http["sign_in"]
    return "authorize_url" in spec and spec.get("grant", "refresh_token") == "refresh_token"


def _vault_for(desk: Desk, connector: Connector, answers: Mapping[str, Json], stored: StoredConnection) -> Vault:
    """Tokens for a try: those that were typed, or those kept for the very same account."""
    trial = TrialVault(desk.ledger, desk.clock, connector, answers)
    kept = desk.ledger.connection(stored.name)
    same = kept is not None and (kept.host, kept.answers) == (stored.host, stored.answers)
    return LedgerVault(desk.ledger, desk.clock) if same and not trial.read(stored.name) else trial


def _tried(desk: Desk, connector: Connector, stored: StoredConnection, vault: Vault) -> Finding:
    if needs_sign_in(desk, connector, vault, stored.name):
        return not_signed_in_yet(connector)
    exchanges: list[Exchange] = []
    try:
        with opened(desk, connector, stored, vault, exchanges) as system:
            look = look_around(system, desk.clock.now())
    except StudioError as error:
        found = diagnose(error, connector, stored.answers, exchanges, allow_private=stored.allow_private)
        return Finding(False, problem=found.problem, question=found.question, connector=connector.name)
    return Finding(True, tuple(look.sentences), look.facts, None, tuple(look.notes), connector=connector.name)


def not_signed_in_yet(connector: Connector) -> Finding:
    """Nobody has agreed yet that we may sign in."""
    advice = "Sign in with the browser (on the command line: connect … --sign-in), or give a token."
    problem = Problem(connector.title, "nobody has signed in yet", advice)
    return Finding(False, problem=problem, needs_sign_in=True, connector=connector.name)


@contextmanager
def opened(
    desk: Desk, connector: Connector, stored: StoredConnection, vault: Vault, exchanges: list[Exchange]
) -> Iterator[System]:
    """A system opened for a look: it can peek, waits for nobody for long, and tells each exchange."""
    now = desk.clock.now()
    system = open_system(
        with_peeks(connector, now),
        stored,
        ledger=desk.ledger,
        formulas=desk.formulas,
        clock=desk.clock,
        now=now,
        vault=vault,
        on_exchange=exchanges.append,
        longest_wait_seconds=LONGEST_WAIT_SECONDS,
    )
    try:
        yield system
    finally:
        system.close()
