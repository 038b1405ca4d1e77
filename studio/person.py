"""Who is at the screen, and what they may do: asked anew whenever something is done, so that who is removed is out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from engine.design.desk import Desk, owner
from engine.design.people import sessions, store
from engine.design.people.rights import NOBODY, Person, Role
from engine.design.people.sign_in import OIDC, WayIn, way_in
from studio.opened import shared_things
from studio.served import served


class Why(Enum):
    """Why somebody is nobody."""

    NOT_HERE = "there is no session"
    PASSWORD = "the password is asked for"
    PROVIDER = "the provider is asked"
    RESTART = "the provider was set after the start"
    UNKNOWN = "nobody named this person"
    UNVERIFIED = "the provider does not vouch for the address"
    THIS_MACHINE_ONLY = "without a way of signing in others stay out"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who this session is of. session: what ends when they sign out; why: where they are nobody; claimed: as whom the
    provider knows them.
    """

    person: Person
    session: sessions.Session | None = None
    why: Why | None = None
    claimed: str = ""
    is_known_by_provider: bool = False


def person() -> Person:
    """Who this session is of; NOBODY where nobody signed in, and outside a session (in a thread, say)."""
    return standing().person


def may(role: Role) -> bool:
    """May this session's person do what takes this role?"""
    return person().may(role)


def standing() -> Standing:
    """Who this session is of, and why not where they are nobody."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return Standing(NOBODY, why=Why.NOT_HERE)
    desk = shared_things()
    way = way_in(desk)
    if not way.is_needed:
        return _on_this_machine()
    return _with_provider(desk, way) if way.way == OIDC else standing_of_cookies(desk, way, st.context.cookies)


def _on_this_machine() -> Standing:
    """Without sign-in only this machine comes in: then it is its owner."""
    if served().is_for_others or st.context.ip_address is not None:
        return Standing(NOBODY, why=Why.THIS_MACHINE_ONLY)
    return Standing(owner())


def standing_of_cookies(desk: Desk, way: WayIn, cookies: Mapping[str, str]) -> Standing:
    """Who signed in with the local password, by the cookies of a session or of a request."""
    session = sessions.session_in(cookies.get(sessions.cookie_name(desk), ""), way, desk.clock.now())
    if session is None:
        return Standing(NOBODY, why=Why.PASSWORD)
    found = store.person_named(desk, session.name, way)
    if found.role is None:
        return Standing(NOBODY, session, Why.UNKNOWN, session.name)
    return Standing(found, session)


def _with_provider(desk: Desk, way: WayIn) -> Standing:
    """Who the provider says it is, where it vouches for the address and somebody named it."""
    if served().key != way.key:
        return Standing(NOBODY, why=Why.RESTART)
    claims: dict[str, Any] = dict(st.user)
    session = _session_of(claims)
    if not claims.get("is_logged_in") or session is None or not sessions.is_good(session, way, desk.clock.now()):
        return Standing(NOBODY, why=Why.PROVIDER)
    name = store.as_name(str(claims.get("email") or ""))
    audience = claims.get("aud")
    if way.client_id not in (audience if isinstance(audience, list) else [audience]):
        return Standing(NOBODY, why=Why.PROVIDER)
    if name is None or claims.get("email_verified", True) not in (True, "true"):
        return Standing(NOBODY, session, Why.UNVERIFIED, name or "")
    found = store.person_named(desk, name, way)
    if found.role is None:
        return Standing(NOBODY, session, Why.UNKNOWN, name)
    return Standing(found, session, is_known_by_provider=True)


def _session_of(claims: Mapping[str, Any]) -> sessions.Session | None:
    """The provider's word as a session of ours: Streamlit would believe it for thirty days, and after signing out."""
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return None
    parts = [claims.get(part) for part in ("iss", "sub", "iat", "nonce", "jti")]
    number = hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]
    return sessions.Session(str(claims.get("sub")), number, datetime.fromtimestamp(issued, UTC) + sessions.LONGEST)
