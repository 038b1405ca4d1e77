"""Sessions of those who signed in: a signed text that the browser keeps as a cookie, good for twelve hours at most.

What is signed is good for the workspace whose key signed it, until the way of signing in changes (a new password is
such a change) or the session is signed out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.design.people.sign_in import WayIn
from engine.errors import Json

if TYPE_CHECKING:
    from engine.design.desk import Desk

LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in, and until when that counts."""

    name: str
    id: str = field(repr=False)
    until: datetime


def cookie_name(desk: Desk) -> str:
    """The cookie of this workspace: two on one machine share the browser's cookies, whatever their ports."""
    return f"mapping_studio_{desk.ledger.seal.fingerprint('session cookie')[:6].hex()}"


def new_session(name: str, way: WayIn, now: datetime) -> str:
    """A session as a signed text. Whoever calls has made sure who it is."""
    until = int((now + LONGEST).timestamp())
    plain = _packed(json.dumps([name, secrets.token_urlsafe(16), until], ensure_ascii=False).encode())
    return f"{plain}.{_signature(plain, way)}"


def session_in(text: str, way: WayIn, now: datetime) -> Session | None:
    """The session of a signed text; None where it is not ours, too old, or signed out."""
    plain, _, signature = text.partition(".")
    if not way.key or not hmac.compare_digest(signature.encode(), _signature(plain, way).encode()):
        return None
    try:
        name, number, until = json.loads(base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4)))
        session = Session(name, number, datetime.fromtimestamp(until, now.tzinfo))
    except (binascii.Error, ValueError, TypeError):  # signed, and by another program
        return None
    return session if is_good(session, way, now) else None


def is_good(session: Session, way: WayIn, now: datetime) -> bool:
    """Does it still count? Also not where the clock was set back far."""
    return now < session.until <= now + LONGEST + timedelta(minutes=5) and session.id not in way.ended


def end_session(desk: Desk, session: Session) -> None:
    """Sign out: nobody comes in with this session any more, whoever kept a copy of its cookie."""
    now = desk.clock.now()

    def change(held: Json, _roles: Mapping[str, str]) -> Json:
        kept = {number: until for number, until in (held or {}).get("ended", {}).items() if until > now.isoformat()}
        return {**(held or {"way": "none"}), "ended": {**kept, session.id: session.until.isoformat()}}

    desk.ledger.change_way_in(change, "", session.name, now)


def _signature(plain: str, way: WayIn) -> str:
    made = hmac.new(way.key.encode(), b"session\n" + plain.encode("utf-8", "replace"), hashlib.sha256)
    return _packed(made.digest())


def _packed(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode("ascii").rstrip("=")
