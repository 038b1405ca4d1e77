"""A ledger put back from a backup, on this machine or another: it delivers on, and sends nothing a second time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.runs.care.backup import backup
from engine.runs.care.restore import restore
from engine.runs.ledger import Ledger
from engine.runs.results import UNKNOWN
from engine.runs.run import RunOptions
from tests.runs.once import FLOW

MakeStage = Callable[..., Any]


def _keep(s: Any, folder: Path) -> None:
    backup(s.workspace, s.ledger, folder / "b.tar", folder / "b.key", s.clock.now())


def _on_another_machine(s: Any, folder: Path) -> Ledger:
    """The backup put back in a folder that has nothing yet; the stage goes on with it."""
    other = Workspace(folder / "other")
    restore(folder / "b.tar", other, folder / "b.key", over=False, who="anna", now=s.clock.now())
    s.ledger = Ledger.open(other.ledger_path)
    return s.ledger  # type: ignore[no-any-return]


def test_another_machine_goes_on_and_finds_what_was_made_since_the_backup(stage: MakeStage, tmp_path: Path) -> None:
    s = stage(own_workspace=True, rotate=False)
    known = s.orders(3)
    s.run()
    _keep(s, tmp_path)
    since = s.orders(3)
    s.run()
    with _on_another_machine(s, tmp_path) as ledger:
        new = s.orders(2)
        report = s.run()

        s.assert_there_once(known + since + new)
        assert report.counts["created"] == 2
        assert {s.state(number) for number in known} == {"created"}
        assert {s.state(number) for number in since} <= {"unchanged", "updated"}
        assert ledger.older_copy is not None


def test_a_policy_that_only_creates_looks_first_in_a_ledger_put_back(stage: MakeStage, tmp_path: Path) -> None:
    s = stage(own_workspace=True, rotate=False)
    s.only_create("order")
    _keep(s, tmp_path)
    numbers = s.orders(2)
    s.run()
    with _on_another_machine(s, tmp_path):
        s.run()

        s.assert_there_once(numbers)


@pytest.fixture
def forgetful(stage: MakeStage, tmp_path: Path) -> Any:
    """Books whose orders cannot be searched, and a backup from before an order was made."""
    s = stage(own_workspace=True, rotate=False)
    path = s.workspace.connector_folder("eaccounting") / "connector.json"
    document = json.loads(path.read_bytes())
    del document["resources"]["orders"]["operations"]["find"]
    path.write_text(json.dumps(document), encoding="utf-8")
    s.loaded = load_flow(s.workspace, FLOW)
    _keep(s, tmp_path)
    return s


def test_where_nothing_can_be_searched_it_is_parked_until_somebody_has_looked(forgetful: Any, tmp_path: Path) -> None:
    s = forgetful
    number = s.order()
    s.run()
    assert s.state(number) == "created"
    with _on_another_machine(s, tmp_path):
        s.run()
        s.run()
        assert s.record(number).reason.startswith(UNKNOWN)
        assert "put back from a backup" in s.record(number).reason
        assert "--not-there" in s.problem(number).what_to_do
        s.assert_there_once([number])


def test_what_a_person_says_is_not_there_is_sent_after_a_restore_too(forgetful: Any, tmp_path: Path) -> None:
    s = forgetful
    number = s.order()
    with _on_another_machine(s, tmp_path):
        s.run()
        assert s.record(number).reason.startswith(UNKNOWN)
        s.run(RunOptions(only=[number], threads=1, not_there=True))

        assert s.state(number) == "created"
        s.assert_there_once([number])


def test_what_is_younger_than_the_restoring_is_sent_without_a_question(forgetful: Any, tmp_path: Path) -> None:
    s = forgetful
    with _on_another_machine(s, tmp_path):
        s.sandbox_clock.advance(timedelta(hours=1).total_seconds())
        number = s.order()
        s.run()

        assert s.state(number) == "created"
