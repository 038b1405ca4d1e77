"""How a record stands, as a word with a colour and an icon, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass

from engine.design.support.asking import StoredRecord
from studio.parts.trouble import plain
from studio.words import _, money, n_, no_


@dataclass(frozen=True, slots=True)
class Badge:
    """word: not yet translated."""

    word: str
    colour: str
    icon: str


BADGES = {
    "parked": Badge(no_("not arrived"), "red", "error"),
    "waiting": Badge(no_("waiting"), "orange", "hourglass_top"),
    "due": Badge(no_("to be delivered"), "blue", "schedule"),
    "created": Badge(no_("arrived"), "green", "check"),
    "updated": Badge(no_("arrived, updated"), "green", "check"),
    "unchanged": Badge(no_("was there already"), "gray", "check"),
    "skipped": Badge(no_("left out"), "gray", "block"),
}


def state_badge(state: str) -> str:
    """As Markdown."""
    badge = BADGES[state]
    return f":{badge.colour}-badge[:material/{badge.icon}: {_(badge.word)}]"


def mended_badge(record: StoredRecord) -> str:
    """That values of it were mended here, as Markdown; nothing where none are."""
    count = len(record.mended.holds)
    return f":violet-badge[:material/edit: {n_('{n} value mended', '{n} values mended', count)}]" if count else ""


def flow_called(title: str, binding: str, mark: str = "") -> str:
    """A flow, and whose it is where it is bound more than once; as Markdown. mark: around its title."""
    bound = "" if binding == "default" else f" ({plain(binding)})"
    return f"{mark}{plain(title)}{mark}{bound}"


def amount_in_words(record: StoredRecord) -> str:
    """What it comes to, as the reader writes money; nothing where that is not known."""
    return "" if record.amount is None else money(record.amount, record.currency or "")
