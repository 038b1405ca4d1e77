"""Webhooks that were registered, and the inbox: what they brought, until it is fetched."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import (
    Prepared,
    Row,
    Transaction,
    bindparam,
    delete,
    func,
    insert_if_absent,
    select,
    update,
    upsert,
)

WAITING, DONE = "waiting", "done"
_W, _I = tables.webhooks.c, tables.inbox.c
_SAVE = upsert(
    tables.webhooks,
    *("connection", "event", "token", "remote_id", "secret", "address", "at"),
    keys=["connection", "event"],
)
_LIST = Prepared(select(tables.webhooks).order_by(_W.connection, _W.event))
_BY_TOKEN = Prepared(select(tables.webhooks).where(_W.token == bindparam("t")))
_DROP = Prepared(delete(tables.webhooks).where(_W.connection == bindparam("c"), _W.event == bindparam("e")))
_PUT = insert_if_absent(
    tables.inbox,
    *("connection", "event", "fingerprint", "key", "state", "received_at", "reason"),
    keys=["fingerprint"],
    returning="id",
)
_WAITING = Prepared(select(tables.inbox).where(_I.state == WAITING).order_by(_I.id).limit(bindparam("most")))
_COUNT = Prepared(select(func.count().label("times")).select_from(tables.inbox).where(_I.state == WAITING))
_FINISH = Prepared(
    update(tables.inbox)
    .where(_I.id == bindparam("row_id"))
    .values(state=DONE, done_at=bindparam("done_at"), reason=bindparam("reason"))
)


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """A webhook as it was registered.

    remote: what the system answered, without its secret; address: where it comes in, without the token.
    """

    connection: str
    event: str
    remote: Json = field(repr=False)
    address: str
    at: datetime
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Hint:
    """A record that may have changed: nothing but its key is taken from a webhook."""

    id: int
    connection: str
    event: str
    key: str = field(repr=False)


class Webhooks(OpenLedger):
    """Webhooks by connection and event, found by the secret part of their address, and the inbox."""

    def keep_webhook(self, webhook: StoredWebhook, token: str) -> None:
        """Keep a webhook, in place of one for the same event. token: the secret part of its address, never stored."""
        place = hook_place(webhook.connection, webhook.event)
        row = {
            "connection": webhook.connection,
            "event": webhook.event,
            "token": self.seal.fingerprint("webhook " + token),
            "remote_id": "",
            # what the system answered repeats the address, and so the token
            "secret": self.seal.seal_json("webhooks", place, [webhook.remote, webhook.secret]),
            "address": webhook.address,
            "at": time_text(webhook.at),
        }
        self.database.write(lambda transaction: transaction.run(_SAVE, **row))

    def webhooks(self) -> list[StoredWebhook]:
        """All of them, with their secrets."""
        with self.database.read() as reading:
            return [self._webhook(row) for row in reading.rows(_LIST)]

    def webhook_of(self, token: str) -> StoredWebhook | None:
        """The webhook whose address ends in this token."""
        with self.database.read() as reading:
            row = reading.row(_BY_TOKEN, t=self.seal.fingerprint("webhook " + token))
        return None if row is None else self._webhook(row)

    def forget_webhook(self, connection: str, event: str) -> None:
        """Whoever calls its address from now on is not known."""
        self.database.write(lambda transaction: transaction.run(_DROP, c=connection, e=event))

    def _webhook(self, row: Row[Json]) -> StoredWebhook:
        place = hook_place(row.connection, row.event)
        remote, secret = self.seal.open_json("webhooks", place, row.secret)
        at = datetime.fromisoformat(row.at)
        return StoredWebhook(row.connection, row.event, remote, row.address, at, secret)

    # --- the inbox

    def receive(self, connection: str, event: str, identity: str, key: str, at: datetime) -> bool:
        """Keep a hint, on disk before this returns; False where one of the same identity came before."""
        fingerprint = self.seal.fingerprint(json.dumps(["event", connection, event, identity]))
        row = {
            "connection": connection,
            "event": event,
            "fingerprint": fingerprint,
            "key": self.seal.seal_text("inbox", hook_place(connection, event), key),
            "state": WAITING,
            "received_at": time_text(at),
            "reason": "",
        }
        return self.database.write(lambda transaction: transaction.run(_PUT, **row).first() is not None)

    def hints(self, most: int) -> list[Hint]:
        """The oldest hints that wait."""
        with self.database.read() as reading:
            rows = reading.rows(_WAITING, most=most)
        return [
            Hint(
                row.id,
                row.connection,
                row.event,
                self.seal.open_text("inbox", hook_place(row.connection, row.event), row.key),
            )
            for row in rows
        ]

    def hints_waiting(self) -> int:
        with self.database.read() as reading:
            row = reading.row(_COUNT)
        return 0 if row is None else int(row.times)

    def hints_done(self, ids: Collection[int], reason: str, at: datetime) -> None:
        """These were fetched, or nobody wants them."""
        values = [{"row_id": each, "done_at": time_text(at), "reason": reason} for each in ids]

        def finish(transaction: Transaction) -> None:
            transaction.execute_many(_FINISH, values)

        self.database.write(finish)


def hook_place(connection: str, event: str) -> str:
    """What the texts of a webhook and of its hints are bound to."""
    return json.dumps([connection, event])
