"""Who may come in and what each may do, and the way of signing in: both changed with a line in the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, delete, select, upsert

_P, _M = tables.people.c, tables.meta.c
_SAVE = upsert(tables.people, "name", "role", "by", "at", keys=["name"])
_LIST = Prepared(select(tables.people).order_by(_P.name))
_READ = Prepared(select(tables.people).where(_P.name == bindparam("n")))
_DROP = Prepared(delete(tables.people).where(_P.name == bindparam("n")))
_WAY = "way-in"
_READ_META = Prepared(select(_M.value).where(_M.name == bindparam("name")))
_SAVE_META = upsert(tables.meta, "name", "value", keys=["name"])

Roles = Mapping[str, str]  # by name
Rule = Callable[
    [Roles, Roles, Json], None
]  # raises where people may not change so: before, after, the way of signing in


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """Somebody who may come in. name: the address they sign in with, in small letters; by: who said so last."""

    name: str
    role: str
    by: str
    at: datetime


class People(OpenLedger):
    """People with their roles, and how they sign in (sealed: it holds passwords' hashes and secrets)."""

    def people(self) -> list[StoredPerson]:
        """All of them, by name."""
        with self.database.read() as reading:
            return list(map(_person, reading.rows(_LIST)))

    def person_named(self, name: str) -> StoredPerson | None:
        """One of them."""
        with self.database.read() as reading:
            row = reading.row(_READ, n=name)
        return None if row is None else _person(row)

    def set_person(self, name: str, role: str, by: str, at: datetime, rule: Rule | None = None) -> None:
        """From now on this person has this role; the audit log keeps who said so, and what it was before."""

        def work(transaction: Transaction) -> None:
            before = self._roles(transaction)
            if before.get(name) == role:
                return
            self._ask(rule, transaction, before, {**before, name: role})
            transaction.run(_SAVE, name=name, role=role, by=by, at=time_text(at))
            details: dict[str, Json] = {"role": role, "was": before.get(name)}
            note(transaction, "gives a role", by, at, subject=name, details=details)

        self.database.write(work)

    def remove_person(self, name: str, by: str, at: datetime, rule: Rule | None = None) -> bool:
        """This person comes in no more; False where nobody is called so."""

        def work(transaction: Transaction) -> bool:
            before = self._roles(transaction)
            if name not in before:
                return False
            self._ask(rule, transaction, before, {each: role for each, role in before.items() if each != name})
            transaction.run(_DROP, n=name)
            note(transaction, "removes a person", by, at, subject=name, details={"was": before[name]})
            return True

        return self.database.write(work)

    def _ask(self, rule: Rule | None, transaction: Transaction, before: Roles, after: Roles) -> None:
        if rule is not None:
            rule(before, after, self._way_in(transaction))

    @staticmethod
    def _roles(transaction: Transaction) -> dict[str, str]:
        return {row.name: row.role for row in transaction.rows(_LIST)}

    # --- how they sign in

    def way_in(self) -> Json:
        """What was kept of the way of signing in; None where nobody ever chose one."""
        with self.database.read() as reading:
            return self._way_in(reading)

    def change_way_in(self, change: Callable[[Json, Roles], Json], what: str, by: str, at: datetime) -> None:
        """Put what `change` makes of it and of the roles there are in its place. what: for the audit log; "" for none,
        as when somebody signs out.
        """

        def work(transaction: Transaction) -> None:
            held = change(self._way_in(transaction), self._roles(transaction))
            transaction.run(_SAVE_META, name=_WAY, value=self.seal.seal_json("way in", _WAY, held))
            if what:
                note(transaction, what, by, at, subject=held["way"])

        self.database.write(work)

    def end_sessions(self) -> None:
        """Whoever is signed in signs in anew: their sessions are signed with a key that counts no more."""

        def work(transaction: Transaction) -> None:
            held = self._way_in(transaction)
            if held is not None and held.get("key"):
                held = {**held, "key": secrets.token_urlsafe(32), "ended": {}}
                transaction.run(_SAVE_META, name=_WAY, value=self.seal.seal_json("way in", _WAY, held))

        self.database.write(work)

    def _way_in(self, transaction: Transaction) -> Json:
        row = transaction.row(_READ_META, name=_WAY)
        return None if row is None else self.seal.open_json("way in", _WAY, bytes(row.value))


def _person(row: Row[Any]) -> StoredPerson:
    return StoredPerson(row.name, row.role, row.by, datetime.fromisoformat(row.at))
