"""Checks the signature of each request and signs each reply."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sandbox.ccv_shop.refusals import UNSIGNED, WRONG_ACCEPT, WRONG_LANGUAGE, Refused
from sandbox.exchange import Reply, Request

WINDOW = timedelta(minutes=5)  # ccv-shop.md, Auth: "server accepts ±5 minutes"
# ccv-shop.md, Auth: the table of headers of every request
NEEDED = ("x-public", "x-date", "x-hash", "accept", "accept-language")
ACCEPTED = ("application/vnd.verto.webshop+json", "application/vnd.verto.salespos+json")


def make_keys(seed: int, generation: int) -> tuple[str, str]:
    """Give the public key and the secret of a shop; a new generation gives new ones."""

    def part(purpose: str) -> str:
        return hashlib.sha256(f"sandbox {purpose} {seed} {generation}".encode()).hexdigest()

    return part("public")[:32], part("secret")


def sign(keys: tuple[str, str], method: str, target: str, body: bytes, date: str) -> str:
    """Give the hash over `public|METHOD|URI|body|x-date`, in hexadecimal."""
    # ccv-shop.md, Auth: "URI = path+query, no host"
    public, secret = keys
    text = b"|".join((public.encode(), method.encode(), target.encode("latin-1"), body, date.encode("latin-1")))
    return hmac.new(secret.encode(), text, hashlib.sha512).hexdigest()


def check(request: Request, keys: tuple[str, str], now: datetime) -> None:
    """Refuse a request that is not signed as documented."""
    given: Mapping[str, str] = request.headers
    for name in NEEDED:
        if not given.get(name):
            raise Refused(UNSIGNED, f"The header {name} is missing.")
    date = _moment(given["x-date"])
    if abs(now - date) > WINDOW:
        raise Refused(UNSIGNED, "The header x-date is more than five minutes from the time of this server.")
    if not hmac.compare_digest(given["x-public"].encode(), keys[0].encode()):
        raise Refused(UNSIGNED, "The header x-public is not a known public key.")
    # ccv-shop.md, Auth: "body = empty string for GET/DELETE"
    body = b"" if request.method in ("GET", "DELETE") else request.body
    expected = sign(keys, request.method, request.target, body, given["x-date"])
    if not hmac.compare_digest(given["x-hash"].encode(), expected.encode()):
        raise Refused(UNSIGNED, "The header x-hash does not fit the request.")
    # not documented: `*/*` is not in the list of what Accept may be, so it is refused
    if not any(media in given["accept"] for media in ACCEPTED):
        raise Refused(WRONG_ACCEPT, f"The header Accept must be {' or '.join(ACCEPTED)}.")
    if not re.fullmatch(r"[A-Za-z]{2}", given["accept-language"]):  # ccv-shop.md, Auth: "two letters"
        raise Refused(WRONG_LANGUAGE, "The header Accept-Language must be two letters.")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(UNSIGNED, "The header x-date is not an ISO 8601 timestamp.") from None
    if moment.tzinfo is None:  # not documented: a timestamp without a zone is taken as UTC
        return moment.replace(tzinfo=UTC)
    if moment.utcoffset():  # ccv-shop.md, Auth: "UTC ISO-8601 timestamp"
        raise Refused(UNSIGNED, "The header x-date is not in UTC.")
    return moment


def sign_reply(reply: Reply, request: Request, keys: tuple[str, str], now: datetime) -> None:
    """Add x-date and x-hash to a reply."""
    # ccv-shop.md, Auth: "response header x-hash over `public|METHOD|uri|responsebody|x-date`"
    # not documented: whose x-date that is; here it is the reply's own, sent with it
    date = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    reply.headers["x-date"] = date
    reply.headers["x-hash"] = sign(keys, request.method, request.target, reply.body, date)
