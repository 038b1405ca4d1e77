"""`webhooks`: which systems call us when something changes; registers them and takes them back."""

from __future__ import annotations

import secrets
from argparse import Namespace
from collections.abc import Sequence
from urllib.parse import urlsplit

from engine.commands.output import Output
from engine.commands.telling import moment
from engine.connectors.connector import Connector, Event
from engine.connectors.events import register, unregister
from engine.design.desk import Desk, desk
from engine.errors import DocumentError, Problem
from engine.flows.check_connector import unknown
from engine.flows.library import load_connector
from engine.runs.clients import stored_connection
from engine.runs.ledger.webhooks import StoredWebhook

_TOKEN_BYTES = 32


def run(asked: Namespace) -> int:
    """Exit code 0; 2 where the call is wrong, 3 where the system does not answer or refuses."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        if asked.register or asked.unregister:
            if not asked.system:
                raise _wrong("webhooks", "no system is named", "Name it: webhooks SYSTEM --register.")
            connector = load_connector(things.workspace, asked.system)
            if asked.register:
                _register(things, connector, asked, _public(asked.public_url), output)
            else:
                _unregister(things, connector, asked, output)
        _list(things, asked.system, output)
    return 0


def _list(things: Desk, system: str, output: Output) -> None:
    systems = {stored.name: stored.connector for stored in things.ledger.connections()}
    known = [w for w in things.ledger.webhooks() if system in ("", w.connection, systems.get(w.connection))]
    for webhook in known:
        signed = webhook.secret is not None
        parts = {"system": webhook.connection, "event": webhook.event, "address": webhook.address, "signed": signed}
        output.object("webhook", **parts, at=webhook.at.isoformat())
        output.text(f"{webhook.connection}: {webhook.event}, since {moment(webhook.at)}, at {webhook.address}…")
    if not known:
        output.text("No webhook is registered.")


def _register(things: Desk, connector: Connector, asked: Namespace, public_url: str, output: Output) -> None:
    """Known here before it is known there: what comes in meanwhile must not be turned away."""
    events = _events(connector, asked.event, "register")
    name = asked.connection or connector.name
    already = {webhook.event: webhook for webhook in things.ledger.webhooks() if webhook.connection == name}
    now = things.clock.now()
    stored = stored_connection(things.ledger, connector, name)
    with things.system(connector, stored, now) as system:
        for event in events:
            if event.name in already:
                output.text(f"{event.name} is registered already; --unregister first to register it anew.")
                continue
            token = secrets.token_urlsafe(_TOKEN_BYTES)
            webhook = StoredWebhook(name, event.name, {}, f"{public_url}/hooks/", now)
            things.ledger.keep_webhook(webhook, token)
            try:
                answered = register(system, event, webhook.address + token)
            except BaseException:
                things.ledger.forget_webhook(name, event.name)
                raise
            kept = StoredWebhook(name, event.name, answered.record, webhook.address, now, answered.secret)
            things.ledger.keep_webhook(kept, token)


def _unregister(things: Desk, connector: Connector, asked: Namespace, output: Output) -> None:
    chosen = {event.name: event for event in _events(connector, asked.event, "unregister")}
    name = asked.connection or connector.name
    now = things.clock.now()
    stored = stored_connection(things.ledger, connector, name)
    with things.system(connector, stored, now) as system:
        for webhook in things.ledger.webhooks():
            if webhook.connection == name and webhook.event in chosen:
                unregister(system, chosen[webhook.event], webhook.remote)
                things.ledger.forget_webhook(name, webhook.event)
                output.text(f"{webhook.event} is registered no more.")


def _events(connector: Connector, names: Sequence[str], operation: str) -> list[Event]:
    able = {name: event for name, event in connector.events.items() if getattr(event, operation) is not None}
    if not able:
        what = f"{connector.title} has no webhooks that can be {operation}ed"
        raise _wrong(connector.name, what, "Let its flows run by the clock: every few minutes.")
    for name in names:
        if name not in able:
            raise DocumentError([unknown(connector.name, "event", name, able)])
    return [able[name] for name in names or able]


def _public(url: str) -> str:
    """The address from outside, without a slash at its end. DocumentError where it cannot be called safely."""
    parts = urlsplit(url)
    is_local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.query or parts.fragment or parts.scheme not in ("https", "http"):
        advice = "Give the address that leads to `serve` from outside, such as https://hooks.shop.example."
        raise _wrong("--public-url", f"“{url}” is no address of ours", advice)
    if parts.scheme == "http" and not is_local:
        raise _wrong("--public-url", "over http anybody on the way can read the secret address", "Use https.")
    return url.rstrip("/")


def _wrong(where: str, what: str, what_to_do: str) -> DocumentError:
    return DocumentError([Problem(where, what, what_to_do)])
