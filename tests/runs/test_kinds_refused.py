"""What the books refuse by a number is told as a sentence, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.runs.run import RunOptions

MakeStage = Callable[..., Any]


def test_a_locked_period_is_a_sentence_and_the_document_arrives_when_it_is_opened(stage: MakeStage) -> None:
    s = stage(document="draft")
    number = s.order()
    s.books.do("lock_until", {"date": s.clock.now().date().isoformat()})
    s.run()

    problem = s.problem(number)
    assert "the period of this date is locked in the books (“InvoiceDate: The period is locked" in problem.what
    assert "Open the period in the books" in problem.what_to_do
    assert "4026" not in problem.what and problem.code == "4026"

    s.books.do("lock_until", {"date": None})
    s.run(RunOptions(only=[number], threads=1))

    assert s.outcomes(number) == ["parked", "created"]
    assert len(s.documents("customerinvoicedrafts")[number]) == 1


def test_a_module_that_is_off_is_named_in_words(stage: MakeStage) -> None:
    s = stage()
    s.has_begun()
    s.books.do("set_module", {"name": "order_standard", "on": False})
    s.order()
    report = s.run()

    assert "do not let this be made or changed" in str(report.stopped)
    assert "the module it needs is switched on" in str(report.stopped)
