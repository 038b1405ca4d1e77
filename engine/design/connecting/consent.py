"""Sign-in by consent: where a person agrees in the browser, and what becomes of the way back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from engine.connectors.addresses import check_scheme
from engine.connectors.connector import Connector
from engine.connectors.credentials import MemoryVault
from engine.connectors.exchange import Exchange
from engine.connectors.oauth2 import consent_url
from engine.design.connecting.diagnosis import diagnose
from engine.design.connecting.finding import Finding
from engine.design.connecting.keeping import as_stored, checked, save
from engine.design.connecting.trying import LONGEST_WAIT_SECONDS, offers_consent, try_connection
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.people.store import still_here
from engine.errors import DocumentError, ExchangeError, Json, Problem, StudioError
from engine.flows.library import load_connector
from engine.formulas import Environment
from engine.runs.clients import open_client

TIME_TO_AGREE = timedelta(minutes=10)
_LONGEST_REASON = 200
_REASONS = {  # RFC 6749, 4.1.2.1
    "access_denied": ("consent was not given", "To connect, sign in again and choose to allow it."),
    "invalid_scope": ("it does not offer the rights we ask for", "Give the application these rights in the system."),
    "unauthorized_client": ("it does not let this application sign in", "Check the client id and its settings there."),
    "server_error": ("it failed", "Try again in a few minutes."),
    "temporarily_unavailable": ("it is too busy", "Try again in a few minutes."),
}
_STALE = (
    "this way back is not known: it is older than ten minutes, was used already, or does not come from here",
    "Begin again with “Sign in” (on the command line: connect … --sign-in).",
)


@dataclass(frozen=True, slots=True)
class Consent:
    """A sign-in that was begun. address: what to open in the browser; state: its secret name, good until `ends`."""

    address: str
    state: str
    ends: datetime


@needs(Role.ADMINISTER, "connect a system")
def begin(
    desk: Desk,
    connector: Connector,
    answers: Mapping[str, Json],
    redirect_uri: str,
    *,
    allow_private: bool = False,
    name: str = "",
) -> Consent:
    """Begin a sign-in; the answers wait sealed until the browser comes back to `redirect_uri`.

    name: of the connection, else the system's own.
    DocumentError where the answers do not fit or the system has no such sign-in, AddressRefused for an address
    that is not https.
    """
    if not offers_consent(connector):
        what = "one does not sign in to this system with a browser"
        raise DocumentError([Problem(connector.title, what, "Answer its questions and connect.")])
    answers = checked(connector, answers)
    as_stored(desk, connector, answers, allow_private=allow_private, name=name)
    spec = connector.http["sign_in"]
    state = secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(48) if spec.get("pkce") == "S256" else ""
    full = connector.with_defaults(answers)
    address = consent_url(spec, full, redirect_uri, state, connector.title, verifier)
    parts = urlsplit(address)
    check_scheme(parts.scheme, parts.hostname or connector.title, allow_private=allow_private)
    now = desk.clock.now()
    held = {
        "connector": connector.name,
        "name": name,
        "answers": answers,
        "allow_private": allow_private,
        "redirect_uri": redirect_uri,
        "verifier": verifier,
        "by": desk.person.name,
    }
    desk.ledger.keep_sign_in(_place(state), held, now + TIME_TO_AGREE, now)
    return Consent(address, state, now + TIME_TO_AGREE)


def finish(desk: Desk, query: Mapping[str, str]) -> Finding:
    """The way back from the browser: tokens are fetched, kept with the connection, and tried.

    Good once for each sign-in that was begun; a finding that is not ok says why nothing was kept, or what the
    first try met. It goes on in the hands of whoever began it, who alone was given the state that comes back;
    NotAllowed where they may do so no more.
    """
    held = desk.ledger.take_sign_in(_place(query.get("state", "")), desk.clock.now())
    if held is None:
        return Finding(False, problem=Problem("Sign-in", *_STALE), needs_sign_in=True)
    if desk.person.role is None:  # nobody's request: the browser's way back
        desk = replace(desk, person=still_here(desk, held.get("by", "")))
    desk.person.must(Role.ADMINISTER, "connect a system")
    name: str = held["connector"]
    try:
        connector = load_connector(desk.workspace, name)
    except StudioError as error:
        return Finding(False, problem=error.as_problem(), connector=name)
    if "error" in query or not query.get("code"):
        return _refused(connector, query)
    problem = _exchanged(desk, connector, held, query["code"])
    return problem or try_connection(desk, connector, name=held.get("name", ""))


@needs(Role.ADMINISTER, "connect a system")
def cancel(desk: Desk, state: str) -> None:
    """Forget a sign-in that was begun."""
    desk.ledger.take_sign_in(_place(state), desk.clock.now())


def _place(state: str) -> str:
    return "consent\n" + state


def _refused(connector: Connector, query: Mapping[str, str]) -> Finding:
    code = "".join(c for c in query.get("error", "") if c.isalnum() or c == "_")[:40]
    what, advice = _REASONS.get(code, ("it did not agree", "Sign in again; if it stays so, ask the system's support."))
    said = " ".join(query.get("error_description", "").split())[:_LONGEST_REASON]
    if code and code not in _REASONS:
        what += f" ({code})"
    if said and code != "access_denied":
        what += f", and says: “{said}”"
    problem = Problem(connector.title, f"{what}; nothing was changed", advice, code)
    return Finding(False, problem=problem, needs_sign_in=True, connector=connector.name)


def _exchanged(desk: Desk, connector: Connector, held: Mapping[str, Json], code: str) -> Finding | None:
    """Keep the connection with the tokens that the code buys; a finding where it buys none."""
    name = held.get("name", "")
    stored = as_stored(desk, connector, held["answers"], allow_private=held["allow_private"], name=name)
    vault, exchanges = MemoryVault(), list[Exchange]()
    environment = Environment(now=desk.clock.now(), variables={}, lookups={})
    try:
        client = open_client(
            connector,
            stored,
            desk.ledger,
            desk.formulas,
            desk.clock,
            environment,
            vault=vault,
            on_exchange=exchanges.append,
            longest_wait_seconds=LONGEST_WAIT_SECONDS,
        )
        try:
            client.connect(code, held["redirect_uri"], held["verifier"])
        finally:
            client.close()
    except StudioError as error:
        return _unbought(error, connector, held, exchanges)
    save(desk, stored)
    desk.ledger.write_tokens(stored.name, vault.read(stored.name) or {}, desk.clock.now())
    return None


def _unbought(error: StudioError, connector: Connector, held: Mapping[str, Json], exchanges: list[Exchange]) -> Finding:
    if isinstance(error, ExchangeError) and error.system_code == "invalid_grant":
        what = "the consent came too late, was used already, or belongs to another redirect address"
        problem = Problem(connector.title, what, "Sign in again.", "invalid_grant")
        return Finding(False, problem=problem, needs_sign_in=True, connector=connector.name)
    found = diagnose(error, connector, held["answers"], exchanges, allow_private=held["allow_private"])
    return Finding(False, problem=found.problem, question=found.question, connector=connector.name)
