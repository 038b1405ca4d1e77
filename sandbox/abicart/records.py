"""What the shop holds, class by class, under uids.

abicart.md, Quirks 1: "`uid` ≠ article/customer/order number; every join is on uid".
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sandbox.abicart import exact_json
from sandbox.abicart.errors import not_found
from sandbox.abicart.kinds import MOMENT, Doc

# not documented: how uids are given out; one row of numbers for each class
FIRST = {
    "Order": 1234,
    "OrderItem": 555001,
    "Article": 777001,
    "ArticleChoice": 879278,
    "Customer": 9001,
    "Customergroup": 1,
    "PriceListItem": 300001,
    "Webshop": 22222,
    "DeliveryMethod": 41,
    "Payment": 51,
    "option": 57129002,
}
TIMED = ("Order", "Article", "Customer")  # abicart.md, Paging: these have `changed`


class Records:
    """Every record, and the next uid of each class."""

    def __init__(self) -> None:
        self._held: dict[str, dict[int, Doc]] = {name: {} for name in FIRST if name != "option"}
        self._next = dict(FIRST)
        self.order_number = 10001
        self.notes: dict[int, str] = {}  # why an order is here, by its uid
        self._revisions: dict[str, int] = defaultdict(int)
        self._texts: dict[str, tuple[int, str]] = {}

    def next_uid(self, kind: str) -> int:
        """Give out a uid."""
        uid = self._next[kind]
        self._next[kind] += 1
        return uid

    def add(self, kind: str, record: Doc, uid: int | None = None) -> Doc:
        """Keep a record under a uid of its own."""
        own = self.next_uid(kind) if uid is None else uid
        kept = {"uid": own, **{name: value for name, value in record.items() if name != "uid"}}
        self._held[kind][own] = kept
        self._revisions[kind] += 1
        return kept

    def all(self, kind: str) -> list[Doc]:
        """Give every record of a class."""
        return list(self._held[kind].values())

    def exists(self, kind: str, uid: int) -> bool:
        """Say whether there is one."""
        return uid in self._held[kind]

    def one(self, kind: str, uid: int) -> Doc:
        """Give the record, or refuse with 9003."""
        found = self._held[kind].get(uid)
        if found is None:
            raise not_found(kind, uid)
        return found

    def changed(self, kind: str, record: Doc, now: datetime | None) -> None:
        """Note that a record was changed; `now` moves its `changed`."""
        if now is not None and kind in TIMED:
            record["changed"] = now.strftime(MOMENT)
        self._revisions[kind] += 1

    def remove(self, kind: str, uid: int) -> None:
        """Forget a record."""
        del self._held[kind][self.one(kind, uid)["uid"]]
        self._revisions[kind] += 1

    def items_of(self, order: Doc) -> list[Doc]:
        """Give the rows of an order."""
        return [self.one("OrderItem", uid) for uid in order["items"]]

    def shop(self) -> Doc:
        """Give the one shop there is."""
        return next(iter(self._held["Webshop"].values()))

    def state(self) -> dict[str, Any]:
        """Give everything as plain JSON values; numbers with a fraction are kept in texts, digit for digit."""
        held = {}
        for kind in self._held:
            revision = self._revisions[kind]
            if self._texts.get(kind, (-1, ""))[0] != revision:
                self._texts[kind] = (revision, exact_json.write(self.all(kind)))
            held[kind] = self._texts[kind][1]
        notes = {str(uid): note for uid, note in self.notes.items()}
        return {"held": held, "next": dict(self._next), "order_number": self.order_number, "notes": notes}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self._held = {kind: {one["uid"]: one for one in exact_json.read(text)} for kind, text in state["held"].items()}
        self._next, self.order_number = dict(state["next"]), state["order_number"]
        self.notes = {int(uid): note for uid, note in state["notes"].items()}
        self._texts.clear()
