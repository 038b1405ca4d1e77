"""The record the mapping page begins with, where the source answers late or never; and which suggestions are open."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from engine.design.samples import Sample
from engine.errors import DocumentError, Problem
from studio.parts.mapping import awaited
from studio.parts.mapping.work import Work


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Future[Sample]:
    """What is being read from a source that does not answer."""
    read: Future[Sample] = Future()
    monkeypatch.setattr(awaited, "PATIENCE", 0.01)
    monkeypatch.setattr(awaited, "is_connected", lambda system: True)
    monkeypatch.setattr(awaited, "things", lambda: None)
    monkeypatch.setattr(awaited, "samples", lambda *asked: [Sample("sample:0", "1", "sample")])
    monkeypatch.setattr(awaited, "_begin", lambda *asked: read)
    return read


def opened() -> Any:
    """As much of a session's work as the choice of a record needs."""
    source = SimpleNamespace(connector="shop")
    view = SimpleNamespace(loaded=SimpleNamespace(flow=SimpleNamespace(source=source)))
    work = SimpleNamespace(flow="f", draft=SimpleNamespace(text="{}"), view=view, awaited=None, live=None, problems=[])
    work.sample, work.sample_id = None, ""

    def choose(sample_id: str) -> None:
        work.sample, work.sample_id, work.awaited = {}, sample_id, None

    work.choose_sample = choose
    return work


def test_another_record_is_shown_while_the_source_does_not_answer(reading: Future[Sample]) -> None:
    work = opened()
    awaited.find_sample(work, "")
    assert (work.sample_id, work.awaited) == ("sample:0", reading)

    reading.set_result(Sample("live:7", "7", "recent"))
    assert awaited.has_arrived(work)
    assert (work.sample_id, work.awaited) == ("live:7", None)


def test_a_source_that_is_down_is_said_and_the_other_record_stays(reading: Future[Sample]) -> None:
    work = opened()
    awaited.find_sample(work, "live:7")
    reading.set_exception(DocumentError([Problem("the shop", "it cannot be reached", "Try later.")]))

    assert awaited.has_arrived(work)
    assert (work.sample_id, [each.what for each in work.problems]) == ("sample:0", ["it cannot be reached"])


def test_a_required_field_without_a_formula_keeps_its_suggestion() -> None:
    fields = {"Id": {"formula": "", "status": "missing"}, "Name": {"formula": "name", "status": "ok"}}
    work: Any = Work("f", None, step="order")  # type: ignore[arg-type]
    work._view = SimpleNamespace(picture=lambda step: {"fields": fields})
    work.suggestions = {"order": [{"target": "Id"}, {"target": "Name"}]}
    shown = type("Shown", (Work,), {"view": property(lambda self: self._view)})
    work.__class__ = shown

    assert work.open_suggestions() == [{"target": "Id"}]
