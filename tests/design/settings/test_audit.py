"""The audit log, looked for and told in words: by flow, person, deed and days, page after page, and as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from engine.design.desk import Desk
from engine.design.settings.audit import DEEDS, Sought, as_csv, deed, details_in_words, names_in, page_of
from engine.errors import NotAllowed
from engine.runs.ledger.mended import MENDED, TAKEN_BACK
from engine.runs.ledger.runs import ASKED_TO_STOP, STARTED
from tests.design.settings.conftest import ROOT

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def log(anna: Desk) -> Desk:
    """Sixty lines, a minute apart, of three people, two deeds and two flows."""
    for number in range(60):
        anna.ledger.note(
            ("published", "paused")[number % 2],
            ("anna", "bo", "cia")[number % 3],
            AT + timedelta(minutes=number),
            flow=("orders", "stock")[number % 5 == 0],
            subject=f"version {number}",
        )
    return anna


def numbers(desk: Desk, sought: Sought | None = None, before: int | None = None, limit: int = 50) -> list[int]:
    return [int(line.subject.split()[1]) for line in page_of(desk, sought, before, limit).lines]


def test_the_newest_come_first(log: Desk) -> None:
    assert numbers(log) == list(range(59, 9, -1))


def test_pages_follow_each_other_without_a_gap(log: Desk) -> None:
    found, before = [], None
    while True:
        page = page_of(log, None, before, 25)
        found += [line.subject for line in page.lines]
        before = page.next
        if before is None:
            break

    assert found == [f"version {number}" for number in range(59, -1, -1)]


def test_pages_follow_each_other_where_many_lines_are_of_one_moment(anna: Desk) -> None:
    for number in range(9):
        anna.ledger.note("published", "anna", AT, subject=f"version {number}")
    first = page_of(anna, None, None, 4)

    assert numbers(anna, None, first.next, 10) == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("sought", "wanted"),
    [
        (Sought(who="bo"), lambda n: n % 3 == 1),
        (Sought(what="paused"), lambda n: n % 2 == 1),
        (Sought(flow="stock"), lambda n: n % 5 == 0),
        (Sought(flow="stock", who="bo", what="paused"), lambda n: n % 5 == 0 and n % 3 == 1 and n % 2 == 1),
        (Sought(since=AT + timedelta(minutes=50)), lambda n: n >= 50),
        (Sought(until=AT + timedelta(minutes=5)), lambda n: n < 5),
        (
            Sought(who="bo", since=AT + timedelta(minutes=30), until=AT + timedelta(minutes=40)),
            lambda n: 30 <= n < 40 and n % 3 == 1,
        ),
        (Sought(who="nobody"), lambda n: False),
        (Sought(flow=""), lambda n: False),
    ],
)
def test_those_that_are_asked_for_are_found(log: Desk, sought: Sought, wanted: object) -> None:
    assert callable(wanted)
    assert numbers(log, sought, None, 60) == [n for n in range(59, -1, -1) if wanted(n)]


def test_the_names_to_choose_from_are_those_that_lines_have(log: Desk) -> None:
    assert names_in(log) == (["anna", "bo", "cia"], ["paused", "published"], ["orders", "stock"])


def test_a_file_holds_them_all_and_no_formula(log: Desk) -> None:
    log.ledger.note("paused", "=cmd()", AT + timedelta(days=1), details={"why": "+1"}, subject="@x")

    rows = list(csv.reader(io.StringIO(as_csv(log).decode("utf-8-sig"))))

    assert len(rows) == 62
    assert rows[0] == ["at", "who", "what", "subject", "flow", "binding", "details"]
    assert rows[1] == ["2026-03-03T12:00:00+00:00", "'=cmd()", "put on pause", "'@x", "", "", "reason: +1"]
    assert len(list(csv.reader(io.StringIO(as_csv(log, Sought(who="bo")).decode("utf-8-sig"))))) == 21


def test_a_file_goes_on_past_a_portion(log: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.design.settings.audit._PORTION", 7)

    assert as_csv(log).count(b"\r\n") == 61


def test_what_is_known_is_told_in_words_and_the_rest_as_it_stands() -> None:
    assert deed("unbound") == "removed a binding of"
    assert deed("danced") == "danced"
    assert all(template == deed(what) for what, template in DEEDS.items())
    assert details_in_words({"with_key": True, "odd_thing": None, "as_number": 3}) == [
        "with key: yes",
        "odd thing: none",
        "as number: 3",
    ]


def test_every_deed_that_the_engine_notes_is_told_in_words() -> None:
    noted = re.compile(r'\bnote(?:_in_audit)?\((?:\w+, )?"([^"]+)"|change_way_in\(\w+, "([^"]+)"')
    sources = [
        path.read_text(encoding="utf-8")
        for part in ("runs", "design")
        for path in (ROOT / "engine" / part).rglob("*.py")
    ]
    found = {one or other for source in sources for one, other in noted.findall(source)}
    found |= {MENDED, TAKEN_BACK, STARTED, ASKED_TO_STOP}

    assert len(found) > 15
    assert sorted(found - set(DEEDS)) == []


def test_who_does_not_administer_reads_nothing_of_it(log: Desk, dora: Desk) -> None:
    for act in (lambda: page_of(dora), lambda: names_in(dora), lambda: as_csv(dora)):
        with pytest.raises(NotAllowed):
            act()
