"""The tables of the ledger; times are UTC text that sorts, JSON is text, what is sealed is bytes."""

from __future__ import annotations

from engine.runs.ledger.columns import identity, number, sealed, text
from engine.runs.ledger.columns import metadata as metadata
from engine.runs.ledger.sql import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, literal_column
from engine.runs.ledger.sql import UniqueConstraint as Unique
from engine.runs.ledger.unattended_tables import accounts as accounts
from engine.runs.ledger.unattended_tables import audit as audit
from engine.runs.ledger.unattended_tables import bindings as bindings
from engine.runs.ledger.unattended_tables import causes as causes
from engine.runs.ledger.unattended_tables import hours as hours
from engine.runs.ledger.unattended_tables import inbox as inbox
from engine.runs.ledger.unattended_tables import pauses as pauses
from engine.runs.ledger.unattended_tables import people as people
from engine.runs.ledger.unattended_tables import replays as replays
from engine.runs.ledger.unattended_tables import schedules as schedules
from engine.runs.ledger.unattended_tables import ticks as ticks
from engine.runs.ledger.unattended_tables import webhooks as webhooks

SCHEMA_VERSION = 9  # migrations.py says how a ledger of an older form is brought to this one

meta = Table("meta", metadata, Column("name", Text, primary_key=True), sealed("value"))

connections = Table(
    "connections",
    metadata,
    Column("name", Text, primary_key=True),
    text("connector"),
    text("answers"),  # without the secret ones
    sealed("secrets"),  # a JSON object, bound to name and host
    text("secret_names"),
    text("host"),
    number("allow_private"),
    text("saved_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("connection", Text, ForeignKey("connections.name", ondelete="CASCADE"), primary_key=True),
    sealed("tokens"),  # bound to connection and host
    text("at"),
)

lanes = Table("lanes", metadata, Column("lane", Text, primary_key=True), text("held_until"))

versions = Table(
    "versions",
    metadata,
    Column("hash", Text, primary_key=True),
    text("flow"),
    sealed("documents"),  # deflated JSON, not secret: the files people write
    text("at"),
)

numbered_versions = Table(  # the versions of each flow as people count them: one may come back under a new number
    "numbered_versions",
    metadata,
    identity(),
    text("flow"),
    number("number"),
    text("hash"),
    text("file_sha256"),  # of the flow's file; the hash is of its connectors too
    text("name"),
    text("who"),
    text("note"),  # why it was published all the same
    number("as_number", null=True),  # the version it brings back
    text("at"),
    text("published_at", null=True),
    Unique("flow", "number"),
    Index("numbered_versions_by_hash", "flow", "hash"),
)

runs = Table(
    "runs",
    metadata,
    identity(),
    text("flow"),
    text("binding"),
    text("version"),
    text("mode"),
    text("state"),
    text("started_at"),
    text("ended_at", null=True),
    text("counts"),
    text("problem", null=True),
    text("stopped_by", null=True),  # who asked it to stop, from another process or screen
    Index("runs_by_flow", "flow", "binding", "state"),
    Index("runs_by_state", "state", "id"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("binding", Text, primary_key=True),
    text("cursor"),
    text("at"),
)

batches = Table(  # what a system hands out once, under a number of ours: a row for each queue
    "batches",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    text("flow"),  # whose it is; empty where somebody only looked
    text("binding"),
    text("number"),  # of the batch under way; empty where there is none
    text("state"),  # begun, stored
    text("at"),
)

windows = Table(
    "windows",
    metadata,
    identity(),
    text("flow"),
    text("binding"),
    number("run_id"),
    text("since", null=True),
    text("until", null=True),
    number("pages"),
    number("records"),
    text("at"),
    Index("windows_by_flow", "flow", "binding"),
)

records = Table(
    "records",
    metadata,
    identity(),  # rises with the order of first sight
    text("flow"),
    text("binding"),
    text("key"),
    text("number"),
    text("version"),
    text("state"),
    text("filter_state"),  # what the flow's filter said at the last pull
    text("reason"),
    sealed("problems", null=True),
    number("attempts"),
    text("next_attempt_at", null=True),
    text("target_number", null=True),
    text("source_time", null=True),
    text("first_seen"),
    text("last_seen"),
    text("changed_at"),  # when the state last changed
    number("amount", null=True),  # in ten-thousandths of its currency
    text("currency", null=True),
    text("cause", null=True),  # of what is parked: the same for all that is parked for the same reason
    Unique("flow", "binding", "key"),
    Index("records_by_state", "flow", "binding", "state", "id"),
    Index("records_by_key", "key"),
    Index("records_by_number", "number"),
    Index("records_by_target_number", "target_number"),
    Index("records_by_source_time", "source_time"),
    Index("records_by_amount", "amount"),
)

# Said as text in a statement, not as a value, so that the database sees that the index over these alone will do.
IS_PARKED = records.c.state == literal_column("'parked'")
_OF_PARKED = [records.c[name] for name in ("flow", "binding", "state", "cause", "currency", "changed_at", "amount")]
Index("records_parked", *_OF_PARKED, sqlite_where=IS_PARKED, postgresql_where=IS_PARKED)

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
    sealed("payload"),
    sealed("mended", null=True),  # values that a person put in for this one record, with what they were in the source
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
    identity(),
    Column("record_id", Integer, ForeignKey("records.id", ondelete="CASCADE"), nullable=False),
    number("run_id", null=True),
    text("version"),
    text("outcome"),
    text("reason"),
    sealed("problems", null=True),
    text("target_number", null=True),
    number("attempt"),
    text("at"),
    text("next_attempt_at", null=True),
    Index("outcomes_by_record", "record_id"),
    Index("outcomes_by_run", "run_id", "outcome"),
)

intents = Table(
    "intents",
    metadata,
    identity(),
    text("connection"),
    text("resource"),
    sealed("match"),  # keyed hash: a match value is often somebody's e-mail address
    text("flow"),
    text("binding"),
    text("key"),
    text("step"),
    text("idempotency_key"),
    text("state"),
    text("target_id", null=True),
    text("target_number", null=True),
    sealed("answer", null=True),
    text("opened_at"),
    text("changed_at"),
    Unique("connection", "resource", "match"),
    Index("intents_by_key", "flow", "binding", "key"),
)

exchanges = Table(
    "exchanges",
    metadata,
    identity(),
    text("flow"),
    text("binding"),
    text("key", null=True),
    number("run_id", null=True),
    text("step"),
    number("status", null=True),
    sealed("exchange"),
    text("at"),
    Index("exchanges_by_key", "flow", "binding", "key"),
    Index("exchanges_by_time", "at"),
)

deliveries = Table(  # what the last delivery of a record saw, so that its story can be told field by field
    "deliveries",
    metadata,
    text("flow"),
    text("binding"),
    text("key"),
    number("run_id"),
    sealed("seen"),  # {steps}: the targets' answers, as far as the flow's formulas read them
    text("at"),
    Unique("flow", "binding", "key"),
)

settings = Table(  # what was the same for all records of a run: answers, facts, lookups, the run's clock
    "settings", metadata, Column("run_id", Integer, primary_key=True), sealed("settings")
)
