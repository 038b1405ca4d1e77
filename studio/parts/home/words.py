"""Health in the reader's words: how many did not arrive and what they come to, what waits, how the last run went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from engine.design.home.health import Condition, FlowHealth
from studio.words import _, ago, lasting, money, n_

ICONS = {  # with the colour of its words
    Condition.BROKEN: (":material/error:", "red"),
    Condition.STOPPED: (":material/block:", "red"),
    Condition.NEEDS: (":material/person_alert:", "orange"),
    Condition.PAUSED: (":material/pause_circle:", "orange"),
    Condition.NEW: (":material/back_hand:", "blue"),
    Condition.OFF: (":material/toggle_off:", "gray"),
    Condition.UNCONNECTED: (":material/link_off:", "gray"),
    Condition.WELL: (":material/check_circle:", "green"),
}


def badge(flow: FlowHealth) -> str:
    """Its condition as an icon and a word, for Markdown."""
    icon, colour = ICONS[flow.condition]
    return f":{colour}-badge[{icon} {flow.word}]"


def did_not_arrive(kind: str, n: int) -> str:
    """3 orders did not arrive. kind: of the records, as their system's description says it."""
    match kind:
        case "order":
            return n_("{n} order did not arrive", "{n} orders did not arrive", n)
        case "article":
            return n_("{n} article did not arrive", "{n} articles did not arrive", n)
        case "customer":
            return n_("{n} customer did not arrive", "{n} customers did not arrive", n)
        case "invoice":
            return n_("{n} invoice did not arrive", "{n} invoices did not arrive", n)
        case _:
            return n_("{n} record did not arrive", "{n} records did not arrive", n)


def sums(amounts: Mapping[str, Decimal]) -> str:
    """SEK 4,120.00 and EUR 99.00: sums of different currencies are never added."""
    said = [money(amount, currency) for currency, amount in sorted(amounts.items())]
    if len(said) < 2:
        return "".join(said)
    return _("{some} and {last}", some=", ".join(said[:-1]), last=said[-1])


def not_arrived_in_words(flows: Iterable[FlowHealth]) -> str:
    """All that did not arrive, with what it comes to; nothing where all did."""
    parked, kinds = 0, set[str]()
    amounts: dict[str, Decimal] = {}
    for each in flows:
        if each.standing.parked:
            parked += each.standing.parked
            kinds.add(each.kind)
            for currency, amount in (each.standing.amounts or {}).items():
                amounts[currency] = amounts.get(currency, Decimal(0)) + amount
    if not parked:
        return ""
    said = did_not_arrive(kinds.pop() if len(kinds) == 1 else "", parked)
    return f"{said}, {sums(amounts)}" if amounts else said


def standing_in_words(flow: FlowHealth) -> list[str]:
    """What has not come to an end: did not arrive, waits, is due."""
    standing, said = flow.standing, []
    if standing.parked:
        parked = did_not_arrive(flow.kind, standing.parked)
        said.append(f"{parked}, {sums(standing.amounts)}" if standing.amounts else parked)
    if standing.waiting:
        said.append(n_("{n} waits for a condition", "{n} wait for a condition", standing.waiting))
    if standing.due:
        said.append(n_("{n} is to be delivered", "{n} are to be delivered", standing.due))
    return said


def run_in_words(flow: FlowHealth, now: datetime) -> str:
    """When it ran last and how that went; nothing where it never ran."""
    run = flow.last_run
    if run is None:
        return ""
    if flow.is_running:
        return _("runs now, for {time}", time=lasting(run.started_at, now))
    when = ago(run.ended_at or run.started_at, now)
    if run.state == "ended":
        return _("last run {when}", when=when)
    if run.state == "stopped":
        return _("last run {when}, and it was stopped", when=when)
    return _("last run {when}, and it was cut short", when=when)


def next_in_words(flow: FlowHealth, *, is_served: bool) -> str:
    """When it runs next by itself, or why it does not."""
    if flow.next_words and is_served:
        return _("next {when}", when=flow.next_words)
    if flow.next_words:
        return _("due {when}", when=flow.next_words)
    if not flow.is_scheduled:
        return _("runs by hand")
    return ""
