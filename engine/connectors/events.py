"""Webhooks as their connector declares them: registered, verified over the bytes that came, and read."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from engine.connectors.connector import Event
from engine.connectors.signing import ALGORITHMS
from engine.connectors.system import System
from engine.documents.strict_json import read_strict
from engine.errors import Json
from engine.formulas import Environment, Formulas

MOST_BYTES = 1_000_000
_LONGEST = 500  # of a key and of an id


@dataclass(frozen=True, slots=True)
class Told:
    """What a webhook told: the record's key, and what makes the event the same when it comes again."""

    key: str
    id: str


@dataclass(frozen=True, slots=True)
class Registered:
    """What registering answered. record: without the secret."""

    record: Json
    secret: str | None


def register(system: System, event: Event, address: str) -> Registered:
    """Let the system call this address when the event happens. ExchangeError where it will not."""
    assert event.register is not None
    answered = system.ask(event.register, None, {"event": event.name, "address": address})
    held = dict(answered) if isinstance(answered, Mapping) else {}
    secret = held.pop(event.secret, None) if event.secret else None
    return Registered(held, None if secret is None else str(secret))


def unregister(system: System, event: Event, registered: Json) -> None:
    """Let the system call it no more. registered: what registering answered."""
    assert event.unregister is not None
    system.ask(event.unregister, registered, {"event": event.name})


def why_not_authentic(event: Event, secret: str | None, url: str, headers: Mapping[str, str], body: bytes) -> str:
    """Why a webhook may not come from the system; nothing where it may. headers: lower-case; url: as registered."""
    about = event.verify
    if about is None:
        return ""
    given = headers.get(about["header"].lower(), "")
    if not given or secret is None:
        return "it is not signed" if about.get("must", True) else ""
    target = url[url.find("/", url.find("://") + 3) :]
    parts = {"body": body, "target": target.encode(), "url": url.encode()}
    text = about.get("separator", "").encode().join(parts[part] for part in about["parts"])
    digest = hmac.new(secret.encode(), text, ALGORITHMS[about["algorithm"]]).digest()
    is_hex = about["encoding"] == "hex"
    right = about.get("prefix", "") + (digest.hex() if is_hex else base64.b64encode(digest).decode())
    given, right = (given.lower(), right.lower()) if is_hex else (given, right)
    return "" if hmac.compare_digest(right.encode(), given.encode("utf-8", "replace")) else "its signature is wrong"


def read_event(event: Event, body: bytes, formulas: Formulas, environment: Environment) -> Told | None:
    """What it tells; None where it names no record. StrictJsonError where it is no JSON."""
    document = read_strict(body, most_bytes=MOST_BYTES)
    found = formulas.evaluate(formulas.program({"key": event.key, "id": event.id}), environment, [(document, {})])[0]
    values = [each.value for each in found.values() if each.error is None and isinstance(each.value, str)]
    if len(values) != 2 or not all(0 < len(value) <= _LONGEST for value in values):
        return None
    return Told(*values)
