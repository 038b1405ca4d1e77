"""Several records in one request: as few requests as may be, and each record exactly as if it had gone alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.system import System
from engine.errors import Json
from engine.formulas import Formulas
from engine.runs.rehearsal import Rehearsal
from engine.runs.replaying import Manner, Replay
from engine.runs.run import Run, RunOptions
from tests.runs.handing_out import Bench
from tests.runs.seams import Killed, killed_at
from tests.runs.unsearchable import GOODS, Books, unsearchable
from tests.runs.warehouse import NOTHING, Doc

Stage = tuple[Books, Bench]


@pytest.fixture
def s(tmp_path: Path, formulas: Formulas) -> Iterator[Stage]:
    with unsearchable(tmp_path, formulas) as made:
        yield made


def goods(books: Books, count: int, first: int = 1) -> list[str]:
    return [books.good(f"A{n}") for n in range(first, first + count)]


def test_a_thousand_articles_are_ten_requests(s: Stage) -> None:
    books, b = s
    numbers = goods(books, 1_000)
    report = b.run(GOODS)

    assert (report.counts["created"], report.counts["parked"]) == (1_000, 0)
    assert sorted(books.articles) == sorted(numbers)
    assert [len(request) for request in books.requests] == [100] * 10


def test_only_what_changed_is_sent_again(s: Stage) -> None:
    books, b = s
    goods(books, 30)
    b.run(GOODS)
    books.requests.clear()
    assert b.run(GOODS).counts["unchanged"] == 30
    books.good("A7", "Cup")
    books.good("A9", "Jar")
    report = b.run(GOODS)

    assert report.counts["updated"] == 2
    assert [sorted(request) for request in books.requests] == [["A7", "A9"]]
    assert books.articles["A7"] == {"Number": "A7", "Name": "Cup", "Note": "new"}  # the note is of the creation


def test_what_would_be_sent_as_before_is_not_sent_though_the_flow_changed(s: Stage) -> None:
    books, b = s
    goods(books, 3)
    b.run(GOODS)
    books.requests.clear()
    for key in ("A1", "A2"):
        b.ledger.make_due(GOODS, "default", key, b.clock.now())
    assert b.run(GOODS).counts["created"] == 0
    assert books.requests == []

    b.run(GOODS, again=True)  # somebody wants it overwritten
    assert [sorted(request) for request in books.requests] == [["A1", "A2", "A3"]]


def test_what_goes_back_to_as_it_was_is_sent_though_the_answer_to_the_change_was_lost(s: Stage) -> None:
    books, b = s
    books.good("A1", "Mug")
    b.run(GOODS)
    books.good("A1", "Cup")
    books.lost["/articles"] = 50
    b.run(GOODS)
    books.lost["/articles"] = 0
    assert books.articles["A1"]["Name"] == "Cup"
    books.good("A1", "Mug")
    report = b.run(GOODS)

    assert report.counts["updated"] == 1
    assert books.articles["A1"]["Name"] == "Mug"


def test_what_goes_back_to_as_it_was_is_sent_though_the_process_ended_after_the_change(
    s: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    books, b = s
    books.good("A1", "Mug")
    b.run(GOODS)
    books.good("A1", "Cup")
    sends = System.create_together

    def dies(self: System, *args: Any, **more: Any) -> None:
        sends(self, *args, **more)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(System, "create_together", dies)
        b.run(GOODS)
    assert books.articles["A1"]["Name"] == "Cup"
    books.good("A1", "Mug")
    b.run(GOODS)

    assert books.articles["A1"]["Name"] == "Mug"


def test_the_one_that_is_refused_is_parked_alone(s: Stage) -> None:
    books, b = s
    goods(books, 20)
    books.good("A13", "bad")
    report = b.run(GOODS)

    assert (report.counts["created"], report.counts["parked"]) == (19, 1)
    assert "A name is not allowed." in b.record("A13", GOODS).problems[0].what
    books.good("A13", "Pot")
    assert b.run(GOODS).counts["created"] == 1
    assert len(books.articles) == 20


def test_one_whose_fields_are_wrong_keeps_nobody_from_going(tmp_path: Path, formulas: Formulas) -> None:
    def short(connectors: dict[str, Doc]) -> None:
        connectors["books"]["articles"]["fields"]["Name"]["maxLength"] = 5

    with unsearchable(tmp_path, formulas, short) as (books, b):
        goods(books, 20)
        books.good("A13", "Much too long")
        report = b.run(GOODS)

        assert (report.counts["created"], report.counts["parked"]) == (19, 1)
        assert [len(request) for request in books.requests] == [19]


def test_two_records_of_one_number_do_not_wait_for_each_other(tmp_path: Path, formulas: Formulas) -> None:
    def by_name(flows: dict[str, Doc]) -> None:
        step = flows[GOODS]["steps"][0]
        step["match"]["formula"] = step["fields"]["Number"]["formula"] = "name"

    with unsearchable(tmp_path, formulas, flows=by_name) as (books, b):
        goods(books, 10)
        report = b.run(GOODS)

        assert report.counts["parked"] == 0
        assert list(books.articles) == ["Mug"]


@pytest.mark.parametrize("place", ["intent stored: articles", "reply received: articles"])
def test_killed_around_the_request_all_are_there_and_told_created(s: Stage, place: str) -> None:
    books, b = s
    numbers = goods(books, 10)

    with pytest.raises(Killed):
        b.run(GOODS, seam=killed_at(place))
    b.run(GOODS)

    assert sorted(books.articles) == sorted(numbers)
    assert {b.record(key, GOODS).state for key in numbers} == {"created"}


def test_a_reply_that_is_lost_is_asked_for_again(s: Stage) -> None:
    books, b = s
    numbers = goods(books, 10)
    books.lost["/articles"] = 1
    report = b.run(GOODS)

    assert report.counts["created"] == 10
    assert sorted(books.articles) == sorted(numbers)
    assert [len(request) for request in books.requests] == [10, 10]


@pytest.mark.parametrize("count", [1, 2])
def test_a_reply_without_a_body_is_no_word_that_they_are_there(s: Stage, count: int) -> None:
    books, b = s
    numbers = goods(books, count)
    works = books.routes["POST", "/articles"]
    books.routes["POST", "/articles"] = lambda body, query: NOTHING
    report = b.run(GOODS)
    assert report.counts["created"] == 0
    assert {b.record(key, GOODS).state for key in numbers} != {"created"}

    books.routes["POST", "/articles"] = works
    b.clock.sleep(86_400)
    b.run(GOODS)
    assert sorted(books.articles) == numbers
    assert {b.record(key, GOODS).state for key in numbers} == {"created"}


def test_a_target_that_is_down_counts_once_and_the_run_goes_on(s: Stage) -> None:
    books, b = s
    goods(books, 10)
    books.dropped["/articles"] = 1
    report = b.run(GOODS)

    assert (report.stopped, report.counts["created"]) == (None, 10)
    assert [len(request) for request in books.requests] == [10]


def test_each_record_shows_its_part_and_the_whole_is_kept_with_the_run(s: Stage) -> None:
    books, b = s
    goods(books, 3)
    b.run(GOODS)

    [kept] = b.ledger.exchanges(GOODS, "default", "A2")[-1:]
    assert kept.exchange.request_body == '{"articles":[{"Number":"A2","Name":"Mug","Note":"new"}]}'
    assert kept.exchange.note == "sent together with 2 others; the body shown is this record's part"
    whole = [each for each in b.ledger.exchanges(GOODS, "default", None) if each.step == "article"]
    assert len(whole) == 1 and whole[0].exchange.request_body.count("Mug") == 3


def test_a_dry_run_shows_one_at_a_time_and_what_has_not_changed_as_unchanged(s: Stage) -> None:
    books, b = s
    goods(books, 3)

    def dry() -> list[tuple[str, Json]]:
        with b.opened(GOODS) as opened, ThreadPoolExecutor(2) as pool:
            found = list(Rehearsal(opened, b.ledger, b.clock, pool).of_new(None, None))
        return [(each.result.outcome, [p.body for p in each.result.planned]) for each in found if each.result]

    assert dry()[0] == ("created", [{"Number": "A1", "Name": "Mug", "Note": "new"}])
    assert books.requests == []
    b.run(GOODS)
    books.good("A2", "Cup")
    assert dry() == [("unchanged", []), ("updated", [{"Number": "A2", "Name": "Cup"}]), ("unchanged", [])]


def test_a_run_that_is_stopped_finishes_what_is_under_way(s: Stage) -> None:
    books, b = s
    numbers = goods(books, 250)
    run: list[Any] = []

    def stop(place: str) -> None:
        if place == "intent stored: articles":
            run[0].stop()

    with b.opened(GOODS) as opened:
        run.append(Run(opened, b.ledger, b.clock, RunOptions(threads=2), seam=stop))
        run[0].go()
    assert {b.record(key, GOODS).state for key in books.articles} == {"created"}
    b.run(GOODS)
    assert sorted(books.articles) == sorted(numbers)


def test_a_replay_compares_a_record_with_its_own_part(s: Stage) -> None:
    books, b = s
    goods(books, 3)
    b.run(GOODS)
    books.requests.clear()
    with b.opened(GOODS) as opened, ThreadPoolExecutor(2) as pool:
        replay = Replay(opened, b.ledger, b.clock, Manner("the same"), pool)
        shown = replay.show("A2")
        assert [(change.becomes, change.fields) for change in shown.changes] == [("left", ())]
        assert not shown.sends

    path = b.workspace.flow_path(GOODS)
    path.write_text(path.read_text(encoding="utf-8").replace('"name"}', '"$uppercase(name)"}'), encoding="utf-8")
    with b.opened(GOODS) as opened, ThreadPoolExecutor(2) as pool:
        replay = Replay(opened, b.ledger, b.clock, Manner("in capitals"), pool)
        assert replay.show("A2").sends
        replay.send(["A2"], "anna")

    assert books.requests == [["A2"]]
    assert books.articles["A2"]["Name"] == "MUG"
