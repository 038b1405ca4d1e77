"""What is wrong is told cause by cause with what it comes to; records of a mended one are sent together."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from engine.design.desk import Desk, desk
from engine.design.support.causes import causes, records_of
from engine.design.support.sending import Together
from engine.errors import Cause, SignInNeeded
from engine.runs.telling.causes import tell_not_begun
from tests.commands.conftest import FLOW, both_sandboxes, connect, make_workspace, say


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shipped flow has run once; a tenth of a second later two orders more have no row for their payment method."""
    folder = tmp_path_factory.mktemp("ran")
    with both_sandboxes() as serving:
        workspace = make_workspace(folder / "workspace")
        connect(say, workspace, serving, folder)
        for _ in range(2):
            serving.system("ccv-shop").do("new_order", {"fields": {"paymethod": "klarna_later"}})
        assert say(workspace, "run", FLOW).code == 1
        yield workspace


@pytest.fixture
def things(ran: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of that workspace; the sandboxes are the same, and one test alone sends orders to them."""
    with desk(str(shutil.copytree(ran, tmp_path / "workspace"))) as held:
        yield held


def give_row(things: Desk) -> None:
    path = things.workspace.flow_path(FLOW)
    document = json.loads(path.read_text(encoding="utf-8"))
    rows = document["lookups"]["payment_terms"]["rows"]
    rows["klarna_later"] = next(iter(rows.values()))
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def test_records_without_a_row_are_one_cause_with_their_sum(things: Desk) -> None:
    found = {each.what: each for each in causes(things)}
    [missing] = [each for what, each in found.items() if "klarna_later" in what]
    assert missing.name is not None

    records = records_of(things, FLOW, "default", missing.name)
    assert missing.records == len(records) == 3
    assert missing.amounts == {"EUR": sum((r.amount or Decimal(0) for r in records), Decimal(0))}
    assert missing.since == min(record.changed_at for record in records)
    assert missing.what_to_do and not missing.stops_the_flow


def test_the_dearest_stands_first_and_what_stops_a_flow_before_it(things: Desk) -> None:
    sums = [sum(each.amounts.values(), Decimal(0)) for each in causes(things)]
    assert sums == sorted(sums, reverse=True) and sums[0] > 18_000

    error = SignInNeeded("the system does not accept our sign-in", cause=Cause.NOT_SIGNED_IN, where="Visma eAccounting")
    tell_not_begun(things.ledger, FLOW, "default", error, things.clock.now(), whole=True)

    first = causes(things)[0]
    assert first.stops_the_flow and first.flow == FLOW and "sign-in" in first.what


def test_the_records_of_a_mended_cause_are_sent_together_and_the_cause_is_gone(things: Desk) -> None:
    [missing] = [each for each in causes(things) if "klarna_later" in each.what]
    records = records_of(things, FLOW, "default", str(missing.name))
    give_row(things)

    work = Together(things, records, "published", "Anna")
    _until_over(work)

    assert (work.done, work.error, dict(work.outcomes)) == (3, None, {"created": 3})
    assert not [each for each in causes(things) if "klarna_later" in each.what]
    again = Together(things, records, "published", "Anna")
    _until_over(again)
    assert all(
        len([o for o in things.ledger.outcomes(FLOW, "default", r.key) if o.outcome == "created"]) == 1 for r in records
    )


def test_what_is_not_mended_stays_parked(things: Desk) -> None:
    [missing] = [each for each in causes(things) if "klarna_later" in each.what]
    work = Together(things, records_of(things, FLOW, "default", str(missing.name)), "published", "Anna")
    _until_over(work)

    assert dict(work.outcomes) == {"parked": 3}
    assert [each.records for each in causes(things) if "klarna_later" in each.what] == [3]


def test_sending_that_was_stopped_before_it_began_sends_nothing(things: Desk) -> None:
    [missing] = [each for each in causes(things) if "klarna_later" in each.what]
    with things.ledger.claim_flow(FLOW, "default"):
        work = Together(things, records_of(things, FLOW, "default", str(missing.name)), "published", "Anna")
        work.stop()
        _until_over(work)

    assert work.done == 0


def test_what_was_not_sent_is_told_apart_from_what_arrived(things: Desk) -> None:
    [missing] = [each for each in causes(things) if "klarna_later" in each.what]
    records = records_of(things, FLOW, "default", str(missing.name))
    path = things.workspace.flow_path(FLOW)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["source"]["never"] = [{"condition": "status > 0", "says": "nobody wants it"}]
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    work = Together(things, records, "published", "Anna")
    _until_over(work)

    assert (work.arrived, work.parked, work.held_back, work.untried) == (0, 0, 3, 0)


def test_a_fault_while_sending_is_told_and_does_not_quote_a_record(things: Desk) -> None:
    records = things.ledger.parked(FLOW)
    broken = Desk(things.workspace, things.ledger, None, things.clock)  # type: ignore[arg-type]  # the fault: no formulas
    work = Together(broken, records, "published", "Anna")
    _until_over(work)

    assert work.error is not None and "a fault of the studio" in str(work.error)
    assert (work.arrived, work.untried) == (0, len(records))


def _until_over(work: Together) -> None:
    deadline = time.monotonic() + 60
    while not work.is_over:
        assert time.monotonic() < deadline, "it does not come to its end"
        time.sleep(0.01)
