"""Of a record that nobody has read: what each flow has read, what it holds back, and what stops it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from engine.design.desk import Desk, desk
from engine.design.support.missing import unread
from engine.errors import Cause, TryAgain
from engine.runs.telling.causes import tell_not_begun
from tests.commands.conftest import FLOW, Ran, ran

__all__ = ["ran"]


@pytest.fixture
def things(ran: Ran) -> Iterator[Desk]:
    with desk(str(ran.workspace)) as held:
        yield held


def test_what_was_read_and_what_is_held_back_is_told_of_flows_that_have_read(things: Desk) -> None:
    [known] = unread(things)

    assert (known.flow, known.source, known.may_fetch, known.stopped) == (FLOW, "CCV Shop", True, ())
    assert known.windows and "it is not paid yet" in known.held_back


def test_the_windows_of_each_binding_are_asked_once(things: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[tuple[str, str]] = Counter()
    windows = type(things.ledger).windows

    def counted(ledger: Any, flow: str, binding: str, limit: int = 100) -> Any:
        asked[flow, binding] += 1
        return windows(ledger, flow, binding, limit)

    monkeypatch.setattr(type(things.ledger), "windows", counted)
    unread(things)

    assert asked[FLOW, "default"] == 1 and max(asked.values()) == 1


def test_a_flow_that_could_not_begin_is_told_although_it_has_read_nothing(things: Desk) -> None:
    error = TryAgain("no answer came in time", cause=Cause.TIME_OUT, where="CCV Shop (shop.example)")
    other = next(name for name in things.workspace.flow_names() if name != FLOW)
    tell_not_begun(things.ledger, other, "default", error, things.clock.now(), whole=True)

    [_, known] = unread(things)
    assert (known.flow, known.has_read) == (other, False)
    assert [each.what for each in known.stopped] == ["All records: CCV Shop did not answer well"]
