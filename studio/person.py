"""Who is at the screen, and what they may do: asked anew whenever something is done, so that who is removed is out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

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
    is_near = not isinstance(st.context.ip_address, str)  # None for this machine
    return _standing(st.context.cookies, lambda: dict(st.user), is_near=is_near)


def later() -> Callable[[], Person]:
    """Asks who this session is of when it is called, outside of the session: what a download begins at its click. A
    role may have been taken away since the page was drawn.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return lambda: NOBODY
    is_near = not isinstance(st.context.ip_address, str)
    cookies, claims = dict(st.context.cookies), dict(st.user)
    return lambda: _standing(cookies, lambda: claims, is_near=is_near).person


def standing_of_request(cookies: Mapping[str, str]) -> Standing:
    """Who asks for a file outside a session: by the same cookies as in one. Only this machine's own come so far."""
    return _standing(cookies, lambda: _claims_in(cookies), is_near=True)


def _standing(cookies: Mapping[str, str], claims: Callable[[], dict[str, Any]], *, is_near: bool) -> Standing:
    desk = shared_things()
    way = way_in(desk)
    if not way.is_needed:
        return _on_this_machine(is_near=is_near)
    return _with_provider(desk, way, claims) if way.way == OIDC else _with_password(desk, way, cookies)


def _on_this_machine(*, is_near: bool) -> Standing:
    """Without sign-in only this machine comes in: then it is its owner."""
    if served().is_for_others or not is_near:
        return Standing(NOBODY, why=Why.THIS_MACHINE_ONLY)
    return Standing(owner())


def _with_password(desk: Desk, way: WayIn, cookies: Mapping[str, str]) -> Standing:
    """Who signed in with the local password."""
    session = sessions.session_in(cookies.get(sessions.cookie_name(desk), ""), way, desk.clock.now())
    if session is None:
        return Standing(NOBODY, why=Why.PASSWORD)
    found = store.person_named(desk, session.name, way)
    if found.role is None:
        return Standing(NOBODY, session, Why.UNKNOWN, session.name)
    return Standing(found, session)


def _with_provider(desk: Desk, way: WayIn, said: Callable[[], dict[str, Any]]) -> Standing:
    """Who the provider says it is, where it vouches for the address and somebody named it."""
    if served().key != way.key:
        return Standing(NOBODY, why=Why.RESTART)
    claims = said()
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


def _claims_in(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the provider said, as Streamlit keeps it in a signed cookie; nothing where it is not signed well."""

    def opened(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, cookies.get(name, "").encode("latin-1", "replace"))

    kept = get_cookie_with_chunks(opened, USER_COOKIE_NAME)
    claims = json.loads(kept) if kept else {}
    return claims if isinstance(claims, dict) else {}


def _session_of(claims: Mapping[str, Any]) -> sessions.Session | None:
    """The provider's word as a session of ours: Streamlit would believe it for thirty days, and after signing out."""
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return None
    parts = [claims.get(part) for part in ("iss", "sub", "iat", "nonce", "jti")]
    number = hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]
    return sessions.Session(str(claims.get("sub")), number, datetime.fromtimestamp(issued, UTC) + sessions.LONGEST)
