"""The sample that is looked at becomes an example, in the studio as at the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from studio.parts.mapping import examples
from tests.replay.conftest import desk_of
from tests.runs.conftest import FLOW


@pytest.fixture
def work(stage: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    s = stage(own_workspace=True)
    number = s.order()
    s.run()
    monkeypatch.setattr(examples, "things", lambda: desk_of(s))
    text = s.workspace.flow_path(FLOW).read_text()
    work = SimpleNamespace(flow=FLOW, draft=SimpleNamespace(text=text), problems=[], done=[])
    work.view = SimpleNamespace(expected=lambda: {"order": {}})
    work.do = work.done.append
    work.record = s.record(number).payload
    return work


def test_with_invented_people_nobody_real_is_in_it(work: Any) -> None:
    examples.keep_example(work, work.record, "An order", invents=True)

    [operation] = work.done
    assert operation["op"] == "add_example"
    text = json.dumps(operation["example"])
    assert work.record["customer"]["email"] not in text
    assert operation["example"]["expected"]["order"]


def test_as_it_is_where_somebody_wants_that(work: Any) -> None:
    examples.keep_example(work, work.record, "An order", invents=False)

    assert work.done[0]["example"]["given"] == work.record


def test_a_draft_that_cannot_be_read_is_a_problem_on_the_page(work: Any) -> None:
    work.draft.text = "{"
    examples.keep_example(work, work.record, "An order", invents=True)

    assert work.done == [] and work.problems
