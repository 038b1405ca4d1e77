"""The way of signing in: none (this machine only), one local password, or an OpenID provider."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.design.people.passwords import hashed, password_fault
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError, Json, Problem
from engine.runs.ledger import Ledger

if TYPE_CHECKING:
    from engine.design.desk import Desk

NONE, PASSWORD, OIDC = "none", "password", "oidc"
WAYS = (NONE, PASSWORD, OIDC)
LOCAL = "local"  # who signs in with the local password
_WHERE = "the way of signing in"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MOST_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class WayIn:
    """How people sign in. password: what is kept of it; metadata: the address of an OpenID provider's metadata;
    key: what cookies are signed with, a new one with every change; ended: sessions that were signed out, until when
    each would have been good.
    """

    way: str = NONE
    password: Mapping[str, Json] = field(default_factory=dict, repr=False)
    metadata: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    ended: Mapping[str, str] = field(default_factory=dict, repr=False)
    by: str = ""
    at: str = ""

    @property
    def is_needed(self) -> bool:
        """Does one have to sign in?"""
        return self.way != NONE

    @property
    def since(self) -> datetime | None:
        return datetime.fromisoformat(self.at) if self.at else None


def way_in(desk: Desk) -> WayIn:
    """The way of signing in that is set."""
    return WayIn(**(desk.ledger.way_in() or {}))


def way_in_of(folder: str) -> WayIn:
    """That of the workspace in a folder, before anything else of it is opened; none where there is no ledger yet."""
    from engine.design.desk import workspace_in

    path = workspace_in(folder).ledger_path
    if not path.exists():
        return WayIn()
    with Ledger.open(path) as ledger:
        return WayIn(**(ledger.way_in() or {}))


@needs(Role.ADMINISTER, "change the way of signing in")
def sign_in_with_nothing(desk: Desk) -> None:
    """Nobody signs in any more: the studio is for this machine only."""
    _change(desk, lambda roles: {"way": NONE})


@needs(Role.ADMINISTER, "change the way of signing in")
def sign_in_with_password(desk: Desk, password: str) -> None:
    """One local password from now on; who is signed in with another signs in again. DocumentError for a weak one."""
    fault = password_fault(password)
    if fault is not None:
        raise DocumentError([Problem("the password", *fault)])
    kept = hashed(password)
    _change(desk, lambda roles: {"way": PASSWORD, "password": kept})


@needs(Role.ADMINISTER, "change the way of signing in")
def sign_in_with_provider(desk: Desk, metadata: str, client_id: str, client_secret: str) -> None:
    """An OpenID provider says who somebody is, `people` whether they come in. DocumentError where that cannot be."""
    metadata, client_id, client_secret = metadata.strip(), client_id.strip(), client_secret.strip()
    problems = [*_metadata_problems(metadata), *_missing(client_id, client_secret)]
    if problems:
        raise DocumentError(problems)

    def made(roles: Mapping[str, str]) -> dict[str, Json]:
        if not any(role == Role.ADMINISTER.word and "@" in name for name, role in roles.items()):
            what = "nobody who may administer could sign in: there is no address with this role"
            raise DocumentError([Problem(_WHERE, what, "Add one first: people --add NAME --role administer")])
        return {"way": OIDC, "metadata": metadata, "client_id": client_id, "client_secret": client_secret}

    _change(desk, made)


def _change(desk: Desk, made: Callable[[Mapping[str, str]], dict[str, Json]]) -> None:
    now, who = desk.clock.now(), desk.person.name

    def change(held: Json, roles: Mapping[str, str]) -> Json:
        return {**made(roles), "key": secrets.token_urlsafe(32), "by": who, "at": now.isoformat()}

    desk.ledger.change_way_in(change, "changes the way of signing in", who, now)


def _metadata_problems(metadata: str) -> list[Problem]:
    where = "the metadata address"
    what_to_do = "It is the provider's issuer followed by /.well-known/openid-configuration; its pages have it."
    try:
        parts = urlsplit(metadata)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or len(metadata) > _MOST_CHARS or not metadata.isprintable() or any(c.isspace() for c in metadata):
        return [Problem(where, "it is no address", what_to_do)]
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        return [Problem(where, "it is not https", what_to_do)]
    if parts.username or parts.password or parts.query or parts.fragment:
        return [Problem(where, "it has more than host and path", what_to_do)]
    return []


def _missing(client_id: str, client_secret: str) -> list[Problem]:
    given = {"the client id": client_id, "the client secret": client_secret}
    what_to_do = "The provider shows it where the studio is registered as an application."
    missing = [Problem(where, "it is missing", what_to_do) for where, text in given.items() if not text]
    too_long = [
        Problem(where, "it is too long", what_to_do) for where, text in given.items() if len(text) > _MOST_CHARS
    ]
    return missing + too_long
