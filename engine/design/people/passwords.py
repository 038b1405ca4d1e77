"""The one local password: only its salted scrypt is kept, and comparing takes the same time whatever differs."""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping

from engine.errors import Json

LEAST_CHARS, MOST_CHARS = 10, 1_000
_COST = {"n": 2**15, "r": 8, "p": 1}
_MEMORY = 2**26


def password_fault(password: str) -> tuple[str, str] | None:
    """What is wrong with it as a new password, and what to do; None where nothing is."""
    if len(password) < LEAST_CHARS:
        return f"it is shorter than {LEAST_CHARS} characters", "Take a longer one: several words are best."
    if len(password) > MOST_CHARS:
        return f"it is longer than {MOST_CHARS} characters", "Take a shorter one."
    if len(set(password)) < 4:
        return "it is nearly the same character again and again", "Take several words."
    return None


def hashed(password: str) -> dict[str, Json]:
    """What is kept of a password."""
    salt = os.urandom(16)
    return {"salt": salt.hex(), "hash": _scrypt(password, salt, _COST).hex(), **_COST}


def fits(password: str, held: Mapping[str, Json]) -> bool:
    """Is it the password that this was kept of?"""
    cost = {name: int(held[name]) for name in _COST}
    return hmac.compare_digest(
        _scrypt(password[:MOST_CHARS], bytes.fromhex(held["salt"]), cost), bytes.fromhex(held["hash"])
    )


def _scrypt(password: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(typed, salt=salt, dklen=32, maxmem=_MEMORY, **cost)
