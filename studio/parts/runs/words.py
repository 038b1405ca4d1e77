"""What is said of runs: outcomes as an icon with a word, how a run ended, what began it, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine.design.running.past_runs import PastRun
from studio.parts.records.states import BADGES
from studio.parts.trouble import plain
from studio.words import _, n_, no_, number

_ORDER = ("created", "updated", "unchanged", "skipped", "waiting", "parked")
_STATES = {
    "running": ("blue", "sync", no_("runs")),
    "ended": ("green", "check", no_("went through")),
    "stopped": ("orange", "stop_circle", no_("stopped")),
    "failed": ("red", "error", no_("failed")),
    "interrupted": ("orange", "bolt", no_("cut short")),
}


def outcome_badges(counts: Mapping[str, int]) -> str:
    """How many records became what; as Markdown, nothing where none became anything."""
    found = [(name, counts.get(name, 0)) for name in _ORDER if counts.get(name)]
    return " ".join(
        f":{BADGES[name].colour}-badge[:material/{BADGES[name].icon}: {number(count)} {_(BADGES[name].word)}]"
        for name, count in found
    )


def state_badge(state: str) -> str:
    """How a run ended; as Markdown."""
    colour, icon, word = _STATES.get(state, ("gray", "help", no_("ended")))
    return f":{colour}-badge[:material/{icon}: {_(word)}]"


def why_in_words(past: PastRun) -> str:
    """How it ended, in a sentence; "" where it went through. As Markdown."""
    run = past.run
    if run.stopped_by:
        return plain(_("{who} asked it to stop. The next run goes on with what is left.", who=run.stopped_by))
    if past.state == "interrupted":
        return plain(_("Its process ended in the middle. What it sent is looked up by the next run."))
    if run.problem is not None:
        return plain(run.problem.what)
    if past.state == "stopped":
        return plain(_("Its process was told to end. The next run goes on with what is left."))
    if past.state == "failed":
        return plain(_("It failed. What was not delivered is delivered by the next run."))
    return ""


def begun_by(past: PastRun) -> str:
    """Who or what started it; as plain text."""
    if past.is_replay:
        return _("sent again by {who}", who=past.who) if past.who else _("sent again")
    if past.who:
        return _("started by {who}", who=past.who)
    if past.is_of_a_webhook:
        return _("by a webhook")
    return _("named records, by command") if past.is_of_named_records else _("by the clock or a command")


def records_read(count: int) -> str:
    return n_("{n} record read", "{n} records read", count)


def took_in_words(took: timedelta | None) -> str:
    """As long as it took; "" for what has not ended."""
    if took is None:
        return ""
    seconds = max(0, int(took.total_seconds()))
    if seconds < 1:
        return _("less than a second")
    if seconds < 60:
        return _("{n} s", n=seconds)
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return _("{m} min {s} s", m=minutes, s=seconds)
    hours, minutes = divmod(minutes, 60)
    return _("{h} h {m} min", h=hours, m=minutes)
