"""A ledger put back from a backup has forgotten replays too; what they made is found, and not sent again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.runs.care.backup import backup
from engine.runs.care.restore import restore
from engine.runs.ledger import Ledger, tables
from engine.runs.ledger.sql import Prepared, delete
from tests.replay.conftest import change_city, replaying
from tests.runs.test_restored import forgetful

__all__ = ["forgetful"]


def _put_back(s: Any, folder: Path) -> None:
    s.ledger.close()
    restore(folder / "b.tar", s.workspace, folder / "b.key", over=True, who="anna", now=s.clock.now())
    s.ledger = Ledger.open(s.workspace.ledger_path)


@pytest.fixture
def kept(stage: Callable[..., Any], tmp_path: Path) -> Any:
    """A stage whose ledger lies in its workspace, with an order, and a backup from after the first run."""
    s = stage(own_workspace=True, rotate=False)
    s.ledger = Ledger.open(s.workspace.ledger_path)
    for system in (s.shop, s.books):
        s.connect(system)
    s.number = s.order()
    return s


def test_what_was_replayed_since_the_backup_is_not_sent_again(kept: Any, tmp_path: Path) -> None:
    s = kept
    s.run()
    s.edit_flow(change_city)
    s.run()
    backup(s.workspace, s.ledger, tmp_path / "b.tar", tmp_path / "b.key", s.clock.now())
    key = s.record(s.number).key
    with replaying(s, "2", update=True) as work:
        work.send([key], "Anna")
    sent = s.writes("eaccounting")
    _put_back(s, tmp_path)
    with replaying(s, "2", update=True) as work:
        report = work.send([key], "Anna")
    s.run()

    assert report.done[0].earlier is None, "the ledger has forgotten it"
    assert report.done[0].delivered.outcome == "unchanged"
    assert s.writes("eaccounting") == sent
    s.ledger.close()


def test_an_order_made_since_the_backup_is_found_by_a_replay(kept: Any, tmp_path: Path) -> None:
    s = kept
    s.edit_flow(lambda flow: flow["steps"][2]["fields"]["DeliveryCity"].update(formula='$error("broken")'))
    s.run()
    assert s.state(s.number) == "parked"
    backup(s.workspace, s.ledger, tmp_path / "b.tar", tmp_path / "b.key", s.clock.now())
    s.edit_flow(change_city)
    s.run()
    s.assert_there_once([s.number])
    sent = s.writes("eaccounting")
    _put_back(s, tmp_path)
    with replaying(s, "published") as work:
        report = work.send([s.record(s.number).key], "Anna")

    assert report.done[0].delivered.outcome == "unchanged"
    assert s.state(s.number) == "unchanged"
    assert s.writes("eaccounting") == sent
    s.ledger.close()


def test_where_nothing_can_be_searched_the_replay_is_parked(forgetful: Any) -> None:
    s = forgetful
    number = s.order()
    s.run()
    key = s.record(number).key
    s.ledger.mark_restored(s.clock.now(), s.clock.now(), "anna")
    s.ledger.database.write(lambda transaction: transaction.run(Prepared(delete(tables.intents))))
    with replaying(s, "published") as work:
        shown, report = work.show(key), work.send([key], "Anna")

    assert shown.delivered.outcome == report.done[0].delivered.outcome == "parked"
    assert "put back from a backup" in report.done[0].delivered.reason
    assert len(s.held("orders")) == 1
