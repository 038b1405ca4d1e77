"""For how long things are kept: the environment says it, or the workspace, or nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.design.desk import Desk
from engine.design.settings.retention import VARIABLE, forget_now, keep_for, retention, would_go
from engine.errors import DocumentError, NotAllowed
from engine.runs.ledger import Exchange

FLOW = "ccv-orders-to-eaccounting"


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def exchanged(desk: Desk, days_ago: float) -> None:
    at = desk.clock.now() - timedelta(days=days_ago)
    desk.ledger.keep_exchange(None, FLOW, "default", "k", "order", Exchange("create", "POST", "u"), at)


def test_thirty_days_where_nobody_said_anything(anna: Desk) -> None:
    held = retention(anna.ledger)

    assert (held.days, held.said_by, held.time) == (30, "nobody", timedelta(days=30))


def test_what_is_set_holds_and_stands_in_the_log(anna: Desk) -> None:
    keep_for(anna, 14)

    assert (retention(anna.ledger).days, retention(anna.ledger).said_by) == (14, "workspace")
    [line] = anna.ledger.audit()
    assert (line.who, line.what, line.details) == ("anna@example.com", "retention set", {"days": 14})


def test_the_environment_goes_before_and_nothing_is_set_against_it(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_for(anna, 14)
    monkeypatch.setenv(VARIABLE, "0")

    assert (retention(anna.ledger).days, retention(anna.ledger).said_by) == (0, "environment")
    with pytest.raises(DocumentError, match="goes before what is set here"):
        keep_for(anna, 20)
    monkeypatch.delenv(VARIABLE)
    assert retention(anna.ledger).days == 14


@pytest.mark.parametrize("said", ["", "ten", "-1", "3.5", "36501"])
def test_what_is_no_number_of_days_is_told(anna: Desk, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(VARIABLE, said)

    with pytest.raises(DocumentError, match="is no number of days"):
        retention(anna.ledger)


@pytest.mark.parametrize("days", [-1, 36_501])
def test_no_other_number_of_days_is_kept(anna: Desk, days: int) -> None:
    with pytest.raises(DocumentError):
        keep_for(anna, days)

    assert anna.ledger.retention_days() is None


def test_what_would_go_is_what_goes(anna: Desk) -> None:
    for days_ago in (40, 20, 1):
        exchanged(anna, days_ago)
    assert would_go(anna).exchanges == 1
    keep_for(anna, 10)
    assert would_go(anna).exchanges == 2

    assert forget_now(anna).exchanges == 2
    assert would_go(anna).total == 0
    line = anna.ledger.audit(limit=1)[0]
    assert (line.what, line.details) == ("purged", {"days": 10, "rows": 2})


def test_none_is_kept_with_no_days(anna: Desk) -> None:
    exchanged(anna, 0.001)
    keep_for(anna, 0)

    assert forget_now(anna).exchanges == 1


def test_who_does_not_administer_changes_and_forgets_nothing(anna: Desk, dora: Desk) -> None:
    exchanged(anna, 40)
    for act in (lambda: keep_for(dora, 1), lambda: forget_now(dora)):
        with pytest.raises(NotAllowed):
            act()

    assert would_go(dora).exchanges == 1  # looking is for everybody
    assert anna.ledger.audit() == []
