"""What the views of one desk share: connectors, what was read from systems, what formulas gave."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from engine.design.desk import Desk
from engine.design.view.connectors import Connectors
from engine.design.view.memo import Kept, Memo
from engine.formulas import Formulas

_MOST_TEXTS = 40
_MOST_FINDINGS = 20_000
_lock = threading.Lock()
_desks: WeakKeyDictionary[Formulas, Shelf] = WeakKeyDictionary()


class Shelf:
    """The things of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.connectors = Connectors(desk.workspace)
        self.memo = Memo(desk.formulas)
        self.texts = Kept(_MOST_TEXTS)
        self.findings = Kept(_MOST_FINDINGS)
        self.environments = Kept(_MOST_TEXTS)


def shelf_of(desk: Desk) -> Shelf:
    """The shelf that belongs to a desk; made at first use, gone with it."""
    with _lock:
        shelf = _desks.get(desk.formulas)
        if shelf is None:
            shelf = _desks[desk.formulas] = Shelf(desk)
    return shelf
