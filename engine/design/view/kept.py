"""What the views of one desk share: connectors, what was read from systems, what formulas gave."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from engine.design.desk import Desk
from engine.design.view.connectors import Connectors
from engine.design.view.live import LiveReads
from engine.design.view.memo import Kept, Memo
from engine.design.view.reading import ReadFlow, read_text
from engine.documents.workspace import Workspace
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
        self.live = LiveReads()
        self.read_now = Kept(_MOST_TEXTS)  # records that somebody had read from a source


def shelf_of(desk: Desk) -> Shelf:
    """The shelf that belongs to a desk; made at first use, gone with it."""
    with _lock:
        shelf = _desks.get(desk.formulas)
        if shelf is None:
            shelf = _desks[desk.formulas] = Shelf(desk)
    return shelf


def read_once(workspace: Workspace, shelf: Shelf, flow_name: str, text: str) -> ReadFlow:
    """A draft's text read, once for as long as neither it nor a connector changes."""
    key = (flow_name, text, shelf.connectors.stamp())
    return shelf.texts.made(key, lambda: read_text(workspace, flow_name, text, shelf.connectors))
