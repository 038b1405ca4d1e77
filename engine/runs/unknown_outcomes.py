"""What a person says of a record whose outcome is unknown, having looked: it is not in the target, or it is."""

from __future__ import annotations

from collections.abc import Collection

from engine.errors import DocumentError, Problem
from engine.runs.ledger import Ledger
from engine.runs.opening import OpenFlow
from engine.runs.results import PARKED, UNKNOWN


def forget_unknown(opened: OpenFlow, ledger: Ledger, keys: Collection[str]) -> None:
    """What had an unknown outcome is not there, and may be sent as new."""
    for key in keys:
        for intent in ledger.intents(opened.name, opened.binding, key):
            if intent.state == "unknown":
                ledger.intent_refused(intent.id)


def refuse_known(opened: OpenFlow, ledger: Ledger, keys: Collection[str]) -> None:
    """DocumentError where somebody says under which number a record is that no run has lost sight of."""
    for key in keys:
        record = ledger.record(opened.name, opened.binding, key)
        is_unknown = record is not None and record.state == PARKED and record.reason.startswith(UNKNOWN)
        intents = ledger.intents(opened.name, opened.binding, key)
        if not is_unknown and all(intent.state == "done" for intent in intents):
            what = "its outcome is not unknown, so there is no number to be told"
            advice = "`explain` says how it stands; leave out --made-as to deliver it."
            raise DocumentError([Problem(record.number or key if record else key, what, advice)])
