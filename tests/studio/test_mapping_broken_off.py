"""Streamlit may break off what a message began, when a line drops or comes back: nothing of it counts as done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException

from engine.design.desk import desk
from engine.design.drafts import Drafts
from studio.parts.mapping import work as module
from studio.parts.mapping.kept import recover
from studio.parts.mapping.work import Work
from tests.studio.conftest import workspace_in

FLOW = "ccv-orders-to-eaccounting"
DOCUMENT = "order\nYourReference"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """A session's work, whose first change is broken off where it asks whose session it is."""
    times = iter([True])

    def whose() -> str:
        if next(times, False):
            raise StopException
        return "anna"

    monkeypatch.setattr(module, "editor_id", whose)
    with desk(str(workspace_in(tmp_path / "studio"))) as opened:
        monkeypatch.setattr(module, "things", lambda: opened)
        kept = Drafts(opened.workspace, opened.clock)
        yield Work(FLOW, kept.open(FLOW), step="order", selected="YourReference", drafts_now=lambda: kept)


def test_a_text_that_was_broken_off_is_carried_out_when_it_comes_again(work: Work) -> None:
    code = {"client": "c1", "n": 1, "document": DOCUMENT, "text": "customer.email"}
    with pytest.raises(StopException):
        work.hear(code)
    assert work.heard == {}
    assert work.typed[DOCUMENT] == work.unsaved[DOCUMENT] == "customer.email", "nothing else is put into the editor"

    work.hear(code)

    assert (work.heard, work.unsaved) == ({"c1": 1}, {})
    assert work.formula_of("YourReference") == "customer.email"


def test_a_change_that_was_broken_off_is_carried_out_when_it_comes_again(work: Work) -> None:
    change = {"op": "set_formula", "step": "order", "target": "YourReference", "formula": "customer.email"}
    queue = [{**change, "client": "c1", "seq": 1}]
    with pytest.raises(StopException):
        work.receive(queue)
    assert work.seen == {}

    work.receive(queue)

    assert work.seen == {"c1": 1}
    assert work.formula_of("YourReference") == "customer.email"


def test_what_was_left_behind_and_is_broken_off_is_carried_out_when_it_comes_again(work: Work) -> None:
    now = work.formula_of("YourReference")
    item = {"flow": FLOW, "by": "bo", "revision": 0, "client": "c1", "n": 1, "document": DOCUMENT, "was": [now]}
    items = [{**item, "text": "customer.email"}]
    with pytest.raises(StopException):
        recover(work, items)
    assert work.heard == {}

    recover(work, items)

    assert work.heard == {"c1": 1}
    assert work.formula_of("YourReference") == "customer.email"
