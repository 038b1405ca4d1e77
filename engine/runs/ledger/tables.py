"""The tables of the ledger; times are UTC text that sorts, JSON is text, what is sealed is bytes."""

from __future__ import annotations

from engine.runs.ledger.sql import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from engine.runs.ledger.sql import UniqueConstraint as Unique

SCHEMA_VERSION = 4  # migrations.py says how a ledger of an older form is brought to this one

metadata = MetaData()


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _sealed(name: str, *, null: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=null)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


meta = Table("meta", metadata, Column("name", Text, primary_key=True), _sealed("value"))

connections = Table(
    "connections",
    metadata,
    Column("name", Text, primary_key=True),
    _text("connector"),
    _text("answers"),  # without the secret ones
    _sealed("secrets"),  # a JSON object, bound to name and host
    _text("secret_names"),
    _text("host"),
    _number("allow_private"),
    _text("saved_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("connection", Text, ForeignKey("connections.name", ondelete="CASCADE"), primary_key=True),
    _sealed("tokens"),  # bound to connection and host
    _text("at"),
)

lanes = Table("lanes", metadata, Column("lane", Text, primary_key=True), _text("held_until"))

versions = Table(
    "versions",
    metadata,
    Column("hash", Text, primary_key=True),
    _text("flow"),
    _sealed("documents"),  # deflated JSON, not secret: the files people write
    _text("at"),
)

numbered_versions = Table(  # the versions of each flow as people count them: one may come back under a new number
    "numbered_versions",
    metadata,
    _id(),
    _text("flow"),
    _number("number"),
    _text("hash"),
    _text("file_sha256"),  # of the flow's file; the hash is of its connectors too
    _text("name"),
    _text("who"),
    _text("note"),  # why it was published all the same
    _number("as_number", null=True),  # the version it brings back
    _text("at"),
    _text("published_at", null=True),
    Unique("flow", "number"),
    Index("numbered_versions_by_hash", "flow", "hash"),
)

runs = Table(
    "runs",
    metadata,
    _id(),
    _text("flow"),
    _text("binding"),
    _text("version"),
    _text("mode"),
    _text("state"),
    _text("started_at"),
    _text("ended_at", null=True),
    _text("counts"),
    _text("problem", null=True),
    Index("runs_by_flow", "flow", "binding", "state"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    _text("cursor"),
    _text("at"),
)

windows = Table(
    "windows",
    metadata,
    _id(),
    _text("flow"),
    _text("binding"),
    _number("run_id"),
    _text("since", null=True),
    _text("until", null=True),
    _number("pages"),
    _number("records"),
    _text("at"),
    Index("windows_by_flow", "flow", "binding"),
)

records = Table(
    "records",
    metadata,
    _id(),  # rises with the order of first sight
    _text("flow"),
    _text("binding"),
    _text("key"),
    _text("number"),
    _text("version"),
    _text("state"),
    _text("filter_state"),  # what the flow's filter said at the last pull
    _text("reason"),
    _sealed("problems", null=True),
    _number("attempts"),
    _text("next_attempt_at", null=True),
    _text("target_number", null=True),
    _text("source_time", null=True),
    _text("first_seen"),
    _text("last_seen"),
    _text("changed_at"),  # when the state last changed
    Unique("flow", "binding", "key"),
    Index("records_by_state", "flow", "binding", "state", "id"),
    Index("records_by_key", "key"),
    Index("records_by_number", "number"),
    Index("records_by_target_number", "target_number"),
)

payloads = Table(  # beside the record, so that a change of state does not write the payload again
    "payloads",
    metadata,
    Column(
        "record_id",
        Integer,
        ForeignKey("records.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    _sealed("payload"),
)

words = Table(
    "words",
    metadata,
    Column("word", LargeBinary, primary_key=True),  # keyed hash
    Column("record_id", Integer, ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Index("words_by_record", "record_id"),
)

outcomes = Table(
    "outcomes",
    metadata,
    _id(),
    Column("record_id", Integer, ForeignKey("records.id", ondelete="CASCADE"), nullable=False),
    _number("run_id", null=True),
    _text("version"),
    _text("outcome"),
    _text("reason"),
    _sealed("problems", null=True),
    _text("target_number", null=True),
    _number("attempt"),
    _text("at"),
    _text("next_attempt_at", null=True),
    Index("outcomes_by_record", "record_id"),
    Index("outcomes_by_run", "run_id", "outcome"),
)

intents = Table(
    "intents",
    metadata,
    _id(),
    _text("connection"),
    _text("resource"),
    _sealed("match"),  # keyed hash: a match value is often somebody's e-mail address
    _text("flow"),
    _text("key"),
    _text("step"),
    _text("idempotency_key"),
    _text("state"),
    _text("target_id", null=True),
    _text("target_number", null=True),
    _sealed("answer", null=True),
    _text("opened_at"),
    _text("changed_at"),
    Unique("connection", "resource", "match"),
    Index("intents_by_key", "flow", "key"),
)

exchanges = Table(
    "exchanges",
    metadata,
    _id(),
    _text("flow"),
    _text("binding"),
    _text("key", null=True),
    _number("run_id", null=True),
    _text("step"),
    _number("status", null=True),
    _sealed("exchange"),
    _text("at"),
    Index("exchanges_by_key", "flow", "binding", "key"),
    Index("exchanges_by_time", "at"),
)

deliveries = Table(  # what the last delivery of a record saw, so that its story can be told field by field
    "deliveries",
    metadata,
    _text("flow"),
    _text("binding"),
    _text("key"),
    _number("run_id"),
    _sealed("seen"),  # {steps}: the targets' answers, as far as the flow's formulas read them
    _text("at"),
    Unique("flow", "binding", "key"),
)

settings = Table(  # what was the same for all records of a run: answers, facts, lookups, the run's clock
    "settings", metadata, Column("run_id", Integer, primary_key=True), _sealed("settings")
)

schedules = Table(  # flows that run by themselves
    "schedules",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    _text("plan"),  # its schedules and zone: where they change, it is due anew
    _text("due_at", null=True),
    _text("last_started", null=True),
    _text("last_ended", null=True),
    _text("missed_at", null=True),  # the due time that was told missed
    _text("problem", null=True),
)

pauses = Table(
    "pauses",
    metadata,
    Column("flow", Text, primary_key=True),  # empty: everything
    Column("binding", Text, primary_key=True),
    _text("who"),
    _text("why"),
    _text("at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    _id(),
    _text("connection"),
    _text("event"),
    Column("token", LargeBinary, nullable=False, unique=True),  # keyed hash of the last part of the address
    _text("remote_id"),  # what the system calls it
    _sealed("secret", null=True),  # what it signs with
    _text("address"),  # without the token
    _text("at"),
    Unique("connection", "event"),
)

inbox = Table(  # what webhooks brought, until it is fetched
    "inbox",
    metadata,
    _id(),
    _text("connection"),
    _text("event"),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),  # keyed hash of the event's id
    _sealed("key"),  # of the record in its system
    _text("state"),  # waiting, done
    _text("received_at"),
    _text("done_at", null=True),
    _text("reason"),
    Index("inbox_by_state", "state", "id"),
)

audit = Table(  # who did what; rows are never changed
    "audit",
    metadata,
    _id(),
    _text("at"),
    _text("who"),
    _text("what"),
    _text("flow"),
    _text("binding"),
    _text("subject"),
    _text("details"),
)
