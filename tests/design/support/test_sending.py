"""Sending as support does it: what was shown is what is sent, once, whoever else is at the same record."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk, desk
from engine.design.people.rights import Person, Role
from engine.design.support import sending
from engine.design.support.mending import mend
from engine.design.support.sending import THEN, ReplayReport, Together, choices, look, send
from engine.errors import FlowBusy, NotAllowed, OtherThanShown, RecordProblem
from engine.runs.ledger import StoredRecord
from tests.commands.conftest import FLOW, Ran, ran
from tests.design.support.test_causes import _until_over, give_row

__all__ = ["ran"]


@pytest.fixture
def things(ran: Ran, tmp_path: Path) -> Iterator[Desk]:
    """A copy of a workspace whose flow has run once; the sandboxes are the same for all."""
    with desk(str(shutil.copytree(ran.workspace, tmp_path / "workspace"))) as held:
        yield held


def record_of(things: Desk, number: str) -> StoredRecord:
    [record] = [each for each in things.ledger.find_records(number) if each.number == number]
    return record


def test_what_was_published_since_it_was_shown_is_asked_again_and_not_sent(things: Desk) -> None:
    record = record_of(things, "W-10001")
    give_row(things)
    shown = look(things, record, "published")
    change_title(things)

    with pytest.raises(OtherThanShown, match="something else would be sent"):
        send(things, record, "published", "Anna", basis=shown.basis)

    assert record_of(things, "W-10001").state == "parked"
    assert look(things, record, "published").basis != shown.basis


def change_title(things: Desk) -> None:
    path = things.workspace.flow_path(FLOW)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["title"] = "Orders to the books"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def test_a_value_that_somebody_else_mended_meanwhile_is_asked_again(things: Desk) -> None:
    record = record_of(things, "W-10028")
    shown = look(things, record, "published")
    mend(things, record, ("customer", "email"), "anna@post.example", "Bert")

    with pytest.raises(OtherThanShown):
        send(things, record, "published", "Anna", basis=shown.basis)


def test_a_value_that_is_mended_while_the_systems_are_asked_is_asked_again_too(
    things: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, opened = record_of(things, "W-10028"), sending._work
    shown = look(things, record, "published")

    @contextmanager
    def slowly(*these: Any, **how: Any) -> Iterator[Any]:
        with opened(*these, **how) as work:
            mend(things, record, ("customer", "email"), "anna@post.example", "Bert")
            yield work

    monkeypatch.setattr(sending, "_work", slowly)
    with pytest.raises(OtherThanShown):
        send(things, record, "published", "Anna", basis=shown.basis)
    assert not things.ledger.replays(record.flow, record.binding, record.key)


def test_while_a_run_is_under_way_it_waits_and_is_sent_when_that_ends(things: Desk) -> None:
    record, waited = record_of(things, "W-10004"), threading.Event()
    may_end = threading.Event()

    def run() -> None:
        with things.ledger.claim_flow(FLOW, "default"):
            is_running.set()
            may_end.wait(30)

    is_running = threading.Event()
    thread = threading.Thread(target=run)
    thread.start()
    is_running.wait(30)

    def wait() -> None:
        waited.set()
        may_end.set()

    report = send(things, record, "published", "Anna", patience_seconds=60, on_wait=wait)
    thread.join()
    assert waited.is_set() and [each.delivered.outcome for each in report.done] == ["unchanged"]


def test_where_the_run_does_not_end_it_says_so_and_nothing_is_lost(things: Desk) -> None:
    record = record_of(things, "W-10001")
    give_row(things)
    with things.ledger.claim_flow(FLOW, "default"), pytest.raises(FlowBusy, match="already being run"):
        in_a_thread(lambda: send(things, record, "published", "Anna", patience_seconds=0.3))

    assert record_of(things, "W-10001") == record


def in_a_thread(work: Any) -> Any:
    came: list[Any] = []

    def go() -> None:
        try:
            came.append(work())
        except Exception as error:
            came.append(error)

    thread = threading.Thread(target=go)
    thread.start()
    thread.join(60)
    if isinstance(came[0], Exception):
        raise came[0]
    return came[0]


def test_of_two_people_who_send_one_record_at_once_one_sends_it_and_the_other_hears_of_it(things: Desk) -> None:
    record = record_of(things, "W-10001")
    give_row(things)
    reports: dict[str, ReplayReport] = {}

    def go(who: str) -> None:
        reports[who] = send(things, record, "published", who, patience_seconds=60)

    people = [threading.Thread(target=go, args=(who,)) for who in ("Anna", "Bert")]
    for each in people:
        each.start()
    for each in people:
        each.join(60)

    done = [report.done[0] for report in reports.values()]
    assert len({each.delivered.target_number for each in done}) == 1
    [later] = [each for each in done if each.earlier is not None]
    assert later.earlier is not None and later.earlier.who in ("Anna", "Bert")
    created = [line for line in things.ledger.outcomes(FLOW, "default", record.key) if line.outcome == "created"]
    assert len(created) == 1


def test_many_wait_for_a_run_too_and_stop_when_somebody_says_so(things: Desk) -> None:
    records = things.ledger.parked(FLOW)
    with things.ledger.claim_flow(FLOW, "default"):
        work = Together(things, records, "published", "Anna")
        while not work.waits:
            assert not work.is_over
        work.stop()
        _until_over(work)

    assert (work.done, work.untried, work.error) == (0, len(records), None)


def test_a_record_whose_content_was_forgotten_is_read_anew_and_one_that_is_gone_is_said(things: Desk, ran: Ran) -> None:
    record = record_of(things, "W-10002")
    things.ledger.purge_before(things.clock.now() + timedelta(days=1))
    purged = record_of(things, "W-10002")
    assert purged.payload is None

    assert look(things, purged, "published").was_fetched
    [done] = send(things, purged, "published", "Anna").done
    assert (done.delivered.outcome, done.delivered.target_number) == ("unchanged", record.target_number)

    shop = ran.serving.system("ccv-shop")
    with shop.lock:
        held = shop.holdings.orders.pop(int(purged.key))
    try:
        with pytest.raises(RecordProblem, match="does not know it any more"):
            look(things, purged, "published")
    finally:
        shop.holdings.orders[int(purged.key)] = held


def test_as_it_was_mapped_then_names_the_files_of_connectors_that_have_changed_since(things: Desk) -> None:
    record = record_of(things, "W-10002")
    assert look(things, record, THEN).files == ()
    path = things.workspace.root / "connector_specs" / "eaccounting" / "connector.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["title"] = "The books"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")

    shown = look(things, record, THEN)
    assert shown.files == ("connector_specs/eaccounting/connector.json",)
    assert not shown.sends


def test_a_version_that_does_not_fit_the_connectors_of_today_is_still_offered_and_says_why(things: Desk) -> None:
    record = record_of(things, "W-10002")
    path = things.workspace.root / "connector_specs" / "eaccounting" / "connector.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["resources"]["orders"]
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")

    assert [each.name for each in choices(things, record)] == ["published", "then", "1"]
    with pytest.raises(Exception, match="does not fit the connectors"):
        look(things, record, THEN)


def test_who_may_only_look_sends_nothing(things: Desk) -> None:
    looking = replace(things, person=Person("lena@example.com", Role.LOOK))

    with pytest.raises(NotAllowed):
        send(looking, record_of(things, "W-10001"), "published", "lena@example.com")
    with pytest.raises(NotAllowed):
        Together(looking, things.ledger.parked(FLOW), "published", "lena@example.com")
