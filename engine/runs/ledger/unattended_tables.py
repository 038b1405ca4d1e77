"""The tables of what happens without anybody watching: when, for whom, what was told, who did what.

Imported through `tables`, as all are.
"""

from __future__ import annotations

from engine.runs.ledger.columns import identity, metadata, number, sealed, text
from engine.runs.ledger.sql import Column, Index, LargeBinary, Table, Text
from engine.runs.ledger.sql import UniqueConstraint as Unique

schedules = Table(  # flows that run by themselves
    "schedules",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    text("plan"),  # its schedules and zone: where they change, it is due anew
    text("due_at", null=True),
    text("last_started", null=True),
    text("last_ended", null=True),
    text("missed_at", null=True),  # the due time that was told missed
    text("problem", null=True),
)

pauses = Table(
    "pauses",
    metadata,
    Column("flow", Text, primary_key=True),  # empty: everything
    Column("binding", Text, primary_key=True),
    text("who"),
    text("why"),
    text("at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    identity(),
    text("connection"),
    text("event"),
    Column("token", LargeBinary, nullable=False, unique=True),  # keyed hash of the last part of the address
    text("remote_id"),  # what the system calls it
    sealed("secret", null=True),  # what it signs with
    text("address"),  # without the token
    text("at"),
    Unique("connection", "event"),
)

inbox = Table(  # what webhooks brought, until it is fetched
    "inbox",
    metadata,
    identity(),
    text("connection"),
    text("event"),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),  # keyed hash of the event's id
    sealed("key"),  # of the record in its system
    text("state"),  # waiting, done
    text("received_at"),
    text("done_at", null=True),
    text("reason"),
    Index("inbox_by_state", "state", "id"),
)

audit = Table(  # who did what; rows are never changed
    "audit",
    metadata,
    identity(),
    text("at"),
    text("who"),
    text("what"),
    text("flow"),
    text("binding"),
    text("subject"),
    text("details"),
    Index("audit_by_time", "at"),
    *(Index(f"audit_by_{name}", name, "at") for name in ("flow", "who", "what")),
)

bindings = Table(  # a flow with other connections, answers, rows or schedules than its file has; `default` needs no row
    "bindings",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    text("title"),
    text("connections"),  # JSON: system → name of the connection
    text("answers"),  # JSON
    text("lookups"),  # JSON: lookup → row → value, over the flow's own
    text("schedules", null=True),  # JSON; null: the flow's
    text("state"),  # on, off
    text("saved_at"),
)

accounts = Table(  # which account of a system a binding works with, by the facts that tell
    "accounts",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    text("facts"),  # JSON
    text("who"),  # who said that it may change; empty at first sight
    text("at"),
)

ticks = Table(  # preconditions that a person looked at
    "ticks",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    text("who"),
    text("at"),
)

causes = Table(  # what is wrong at the moment, and whether it was told
    "causes",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    text("state"),  # open, over
    text("says"),  # a sentence of ours, without anything of a record
    number("records"),  # that are parked with it; of what stops a flow: runs in a row
    text("first_at"),
    text("last_at"),
    text("told_at", null=True),
)

replays = Table(  # records that were sent again on purpose, once each
    "replays",
    metadata,
    identity(),
    text("flow"),
    text("binding"),
    text("key"),
    text("version"),  # of the flow it was sent with
    text("record_version"),
    text("who"),
    text("state"),  # open, or the outcome
    number("run_id", null=True),
    text("at"),
    Unique("flow", "binding", "key", "version", "record_version"),
)

hours = Table(  # how many lines of history each hour has, so that a chart of days does not read a million of them
    "hours",
    metadata,
    Column("hour", Text, primary_key=True),  # UTC, as 2026-11-27T17
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    number("times"),
)

people = Table(  # who may come in by signing in, and what each may do
    "people",
    metadata,
    Column("name", Text, primary_key=True),  # the address they sign in with, in small letters
    text("role"),
    text("by"),
    text("at"),
)
