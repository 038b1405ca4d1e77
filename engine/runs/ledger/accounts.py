"""Which account of a system a flow's binding works with, by the facts that tell, and who accepted another one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, insert_if_absent, select, upsert

_A = tables.accounts.c
_COLUMNS = ("flow", "binding", "system", "facts", "who", "at")
_KEYS = ("flow", "binding", "system")
_MEET = insert_if_absent(tables.accounts, *_COLUMNS, keys=_KEYS, returning="flow")
_KEEP = upsert(tables.accounts, *_COLUMNS, keys=list(_KEYS))
_OF = Prepared(select(tables.accounts).where(_A.flow == bindparam("f"), _A.binding == bindparam("b")))


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account by its facts. who: accepted it in place of another one; "" where it was the first that was met."""

    facts: Mapping[str, Json]
    who: str
    at: datetime


class Accounts(OpenLedger):
    """One account for each system of a binding."""

    def accounts(self, flow: str, binding: str) -> dict[str, StoredAccount]:
        """By system, the account that the binding works with; nothing for a system that was not met yet."""
        with self.database.read() as reading:
            rows = reading.rows(_OF, f=flow, b=binding)
        return {r.system: StoredAccount(json.loads(r.facts), r.who, datetime.fromisoformat(r.at)) for r in rows}

    def meet_account(self, flow: str, binding: str, system: str, facts: Mapping[str, Json], at: datetime) -> None:
        """Keep the account that was met first; one that is kept already stays."""
        row = _row(flow, binding, system, facts, "", at)
        self.database.write(lambda transaction: transaction.row(_MEET, **row))

    def complete_account(
        self,
        flow: str,
        binding: str,
        system: str,
        facts: Mapping[str, Json],
        at: datetime,
        *,
        before: Mapping[str, Json],
    ) -> None:
        """The same account, of which more is known by now; not where somebody forgot it or accepted another meanwhile.

        before: the facts as they were known when these were compared with them.
        """

        def complete(transaction: Transaction) -> None:
            held = next((row for row in transaction.rows(_OF, f=flow, b=binding) if row.system == system), None)
            if held is not None and json.loads(held.facts) == dict(before):
                transaction.run(_KEEP, **_row(flow, binding, system, facts, held.who, at))

        self.database.write(complete)

    def accept_account(
        self, flow: str, binding: str, system: str, facts: Mapping[str, Json], who: str, at: datetime
    ) -> None:
        """Somebody says that this account is right from now on; the audit log keeps who it was."""
        row = _row(flow, binding, system, facts, who, at)

        def accept(transaction: Transaction) -> None:
            transaction.run(_KEEP, **row)
            details = {"account": dict(facts)}
            note(transaction, "accepted", who, at, flow=flow, binding=binding, subject=system, details=details)

        self.database.write(accept)


def _row(flow: str, binding: str, system: str, facts: Mapping[str, Json], who: str, at: datetime) -> dict[str, str]:
    text = json.dumps(dict(facts), ensure_ascii=False)
    return {"flow": flow, "binding": binding, "system": system, "facts": text, "who": who, "at": time_text(at)}
