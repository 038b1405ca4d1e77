"""Sign-in by HMAC: a signature over declared parts of each request, and of each signed reply."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.connectors.credentials import Materials, SignIn
from engine.connectors.exchange import Reply, Request
from engine.connectors.templates import answer, fill_header
from engine.errors import Json

ALGORITHMS = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
OUR_PARTS = frozenset({"method", "target", "url", "body", "date"})
DATES = ("iso", "http", "unix", "unix_ms")


def hmac_signature(materials: Materials) -> SignIn:
    """Signs method, target, body, date and answers, in the declared order; checks signed replies alike."""
    spec, answers, where = materials.spec, materials.answers, materials.where
    key = answer(spec["secret"], answers, where).encode()
    materials.hide(answer(spec["secret"], answers, where))
    headers: Mapping[str, str] = spec["headers"]
    constants = {name: answer(name, answers, where) for name in _answers_in(spec)}

    def sign(request: Request) -> Request:
        date = written_date(materials.clock.now(), spec.get("date", "iso"))
        signature = _signature(spec, spec["parts"], key, constants, request, request.body, date)
        values = {**answers, "signature": signature, "date": date}
        signed = {name: fill_header(template, values, where) for name, template in headers.items()}
        return replace(request, headers={**request.headers, **signed})

    def check(request: Request, reply: Reply) -> str:
        """request: the signed one, whose date counts where the reply has none of its own."""
        about: Mapping[str, Json] = spec["reply"]
        given = reply.headers.get(about["header"].lower(), "")
        if not given:
            must = about.get("signed", "success") == "every" or reply.status < 300
            return "it is not signed although it should be" if must else ""
        date_header = about.get("date_header")
        date = reply.headers.get(date_header.lower(), "") if date_header else _date_of(spec, request)
        right = _signature(spec, about["parts"], key, constants, request, reply.body, date)
        given = given.lower() if spec["encoding"] == "hex" else given
        return "" if hmac.compare_digest(right.encode(), given.encode("utf-8", "replace")) else _WRONG

    hidden = frozenset(name.lower() for name, template in headers.items() if "{signature}" in template)
    if "reply" not in spec:
        return SignIn(sign, hidden_headers=hidden)
    return SignIn(sign, check=check, hidden_headers=hidden | {spec["reply"]["header"].lower()})


_WRONG = "its signature is wrong, so it may not come from the system"


def written_date(now: datetime, form: str) -> str:
    """The time as signatures write it: iso `2030-01-01T00:00:00Z`, http, unix (seconds), unix_ms."""
    if form == "iso":
        return now.strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "http":
        days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        return f"{days[now.weekday()]}, {now:%d} {months[now.month - 1]} {now:%Y %H:%M:%S} GMT"
    return str(int(now.timestamp() * (1000 if form == "unix_ms" else 1)))


def _answers_in(spec: Mapping[str, Json]) -> set[str]:
    return {*spec["parts"], *spec.get("reply", {}).get("parts", ())} - OUR_PARTS


def _signature(
    spec: Mapping[str, Json],
    parts: Sequence[str],
    key: bytes,
    constants: Mapping[str, str],
    request: Request,
    body: bytes,
    date: str,
) -> str:
    values = {name: text.encode() for name, text in constants.items()}
    values["method"] = request.method.encode()
    values["target"] = request.target.encode()
    values["url"] = request.url.encode()
    values["body"] = body
    values["date"] = date.encode()
    text = spec.get("separator", "").encode().join(values[part] for part in parts)
    digest = hmac.new(key, text, ALGORITHMS[spec["algorithm"]]).digest()
    return digest.hex() if spec["encoding"] == "hex" else base64.b64encode(digest).decode()


def _date_of(spec: Mapping[str, Json], signed: Request) -> str:
    """The date that was sent with the request."""
    for name, template in spec["headers"].items():
        if template == "{date}":
            return signed.headers[name]
    return ""
