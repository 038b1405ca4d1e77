"""Home as data: one line that says how everything is, what needs somebody, every flow, what runs next, the days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.design.desk import Desk
from engine.design.drafts import Drafts
from engine.design.home.health import FlowHealth, health
from engine.design.home.needing import BUTTONS, SENTENCES, Need, Sort, Way
from engine.design.home.seen import Seen, look
from engine.design.home.set_up import set_up_needs
from engine.design.home.throughput import Throughput, throughput
from engine.design.operations.editing import read
from engine.errors import DocumentError
from engine.formulas.words import Template, Translations
from engine.runs.ledger.pauses import EVERYTHING
from engine.runs.ledger.rows import moment_or_none
from engine.runs.ledger.standing import OldestParked

HEADLINES: dict[str, Template] = {
    "well": "Everything is well",
    "empty": "Nothing runs here yet",
    "needs": ("One thing needs somebody", "{count} things need somebody"),
}
DRAFT_DAYS, PAUSE_DAYS = 3, 1  # after so many, somebody is reminded
_MOST_COMING = 5


@dataclass(frozen=True, slots=True)
class Oldest:
    """The record that has been parked longest of all."""

    record: OldestParked
    about: str


@dataclass(frozen=True, slots=True)
class Home:
    """now: when it was looked at; headline: in words; state: needs, empty or well; needs: in the order in which to look
    at them; coming: the flows that run next by themselves, the first of them first.
    """

    now: datetime
    headline: str
    state: str
    needs: tuple[Need, ...]
    flows: tuple[FlowHealth, ...]
    coming: tuple[FlowHealth, ...]
    oldest: Oldest | None
    throughput: Throughput
    is_served: bool

    @property
    def urgent(self) -> int:
        """How many things do not wait."""
        return sum(need.sort is not Sort.LATER for need in self.needs)


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return list(HEADLINES.values())


def home(desk: Desk, drafts: Drafts, zone: ZoneInfo, translations: Translations | None = None) -> Home:
    """How everything is by now. zone: of whoever reads it."""
    seen = look(desk, zone, translations)
    flows = health(seen)
    needs = (*set_up_needs(seen, flows), *_of_records(seen, flows), *_later(seen, flows, drafts))
    count = sum(need.sort is not Sort.LATER for need in needs)
    state = "needs" if count else "well" if any(each.is_in_use for each in flows) else "empty"
    coming = sorted((each for each in flows if each.next_due is not None), key=lambda each: each.next_due or seen.now)
    return Home(
        seen.now,
        seen.say(HEADLINES[state], count),
        state,
        needs,
        tuple(flows),
        tuple(coming[:_MOST_COMING]),
        _oldest(seen, flows),
        throughput(desk.ledger, seen.now, zone, seen.say),
        seen.is_served,
    )


def _of_records(seen: Seen, flows: Sequence[FlowHealth]) -> Iterator[Need]:
    """Records that did not arrive, together by why, the dearest first."""
    titles = {(each.flow, each.binding): each.called for each in flows}
    for cause in seen.causes:
        if not cause.stops_the_flow:
            way = Way(seen.say(BUTTONS["records"]), "records", cause=cause)
            about = titles.get((cause.flow, cause.binding), cause.flow)
            sort = Sort.SET_UP if cause.is_set_up else Sort.RECORDS
            place = (cause.flow, cause.binding, about)
            yield Need("records", sort, cause.what, way, *place, cause.records, cause.amounts, since=cause.since)


def _later(seen: Seen, flows: Sequence[FlowHealth], drafts: Drafts) -> Iterator[Need]:
    """What may wait: a pause that somebody may have forgotten, and drafts that nobody has published."""
    titles = {each.flow: each.title for each in flows}
    for pause in seen.pauses.values():
        if seen.now - pause.at > timedelta(days=PAUSE_DAYS):
            kind = "all paused" if pause.flow == EVERYTHING else "paused"
            way = Way(seen.say(BUTTONS["all runs"]), "runs")
            about = "" if pause.flow == EVERYTHING else titles.get(pause.flow, pause.flow)
            what = seen.say(SENTENCES[kind], who=pause.who)
            yield Need(kind, Sort.LATER, what, way, pause.flow, "", about, since=pause.at)
    for name in drafts.names():
        draft = drafts.open(name)
        changed_at = moment_or_none(draft.changed_at or None)
        if changed_at is not None and seen.now - changed_at > timedelta(days=DRAFT_DAYS):
            days = (seen.now - changed_at).days
            way = Way(seen.say(BUTTONS["draft"]), "mapping", {"flow": name})
            what = seen.say(SENTENCES["draft"], days)
            about = titles.get(name) or _title_of(draft.text) or name
            yield Need("draft", Sort.LATER, what, way, name, "", about, since=changed_at)


def _title_of(text: str) -> str:
    """What a draft calls itself, whose flow was never published."""
    try:
        document = read(text)
    except DocumentError:
        return ""
    title = document.get("title") if isinstance(document, Mapping) else None
    return title if isinstance(title, str) else ""


def _oldest(seen: Seen, flows: Sequence[FlowHealth]) -> Oldest | None:
    titles = {(each.flow, each.binding): each.called for each in flows}
    found = [
        Oldest(standing.oldest, titles.get(place, place[0]))
        for place, standing in seen.standing.items()
        if standing.oldest is not None
    ]
    return min(found, key=lambda each: each.record.since, default=None)
