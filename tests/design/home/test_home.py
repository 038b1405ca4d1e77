"""Home as data: the verdict, what needs somebody and in which order, how each flow is, what runs next."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.design.home.health import Condition
from engine.design.home.needing import Sort
from engine.design.people.rights import Role
from engine.errors import AddressRefused, BrokenReply, Cause, DocumentError, Problem, WrongCompany
from engine.formulas import Formulas
from engine.runs.telling.recipients import add, add_message, failed
from engine.runs.telling.texts import Message
from tests.design.home.stage import AT, ORDERS, REFUSED, SIGN_IN, STOCK, Stage


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as held:
        yield held


@pytest.fixture
def staged(tmp_path: Path, formulas: Formulas) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*flows: str) -> Stage:
        made.append(Stage(tmp_path / f"w{len(made)}", formulas, *(flows or (ORDERS,))))
        return made[-1]

    yield make
    for each in made:
        each.ledger.close()


@pytest.fixture
def stage(staged: Callable[..., Stage]) -> Stage:
    """Connected, with one flow that ran two minutes ago, served and backed up: all is well."""
    made = staged()
    made.connect()
    made.run()
    made.serve()
    made.ledger.note("backed up", "anna", AT)
    return made


# --- the verdict


def test_everything_is_well(stage: Stage) -> None:
    stage.records("W-1", "W-2")
    found = stage.look()

    assert (found.headline, found.needs, found.urgent) == ("Everything is well", (), 0)
    assert [(each.condition, each.word) for each in found.flows] == [(Condition.WELL, "all well")]


def test_what_was_never_connected_is_no_trouble(staged: Callable[..., Stage]) -> None:
    found = staged(ORDERS, STOCK).look()

    assert (found.headline, found.needs) == ("Nothing runs here yet", ())
    assert {(each.condition, each.is_in_use) for each in found.flows} == {(Condition.UNCONNECTED, False)}
    assert found.flows[0].lacking == ("CCV Shop", "Visma eAccounting")


def test_the_verdict_counts_what_does_not_wait(stage: Stage) -> None:
    stage.records("W-1", outcome="parked")
    assert stage.look().headline == "One thing needs somebody"
    stage.records("W-2", outcome="parked", problem=REFUSED)
    stage.drafts.create("mine", '{"title": "Orders of mine"}', "anna")
    stage.clock.advance(4 * 86_400)
    stage.serve()

    found = stage.look()
    assert found.headline == "2 things need somebody"
    last = found.needs[-1]
    assert (last.sort, last.what) == (Sort.LATER, "Its draft has waited for 4 days to be published")
    assert last.about == "Orders of mine"


# --- records that did not arrive


def test_records_that_did_not_arrive_are_told_with_their_money_by_currency_and_the_oldest(stage: Stage) -> None:
    stage.records("W-4120", outcome="parked", ago=90)
    stage.records("W-99", outcome="parked", currency="EUR", ago=30)
    stage.records("W-1", outcome="waiting", state="waiting")
    stage.records("W-2", outcome=None)
    stage.records("W-3")

    found, flow = stage.look(), stage.flow()
    assert (flow.condition, flow.word, flow.records, flow.kind) == (
        Condition.NEEDS,
        "needs somebody",
        "Orders",
        "order",
    )
    assert (flow.standing.parked, flow.standing.waiting, flow.standing.due) == (2, 1, 1)
    assert flow.standing.amounts == {"EUR": Decimal(99), "SEK": Decimal(4120)}
    assert found.oldest is not None
    assert (found.oldest.record.number, found.oldest.record.since) == ("W-4120", AT - timedelta(minutes=90))
    [need] = found.needs
    assert (need.records, need.amounts, need.way.page) == (2, flow.standing.amounts, "records")
    assert need.way.cause is not None
    assert need.way.cause.name == stage.ledger.parked_causes()[0].cause


def test_an_amount_is_exact_to_the_last_digit(stage: Stage) -> None:
    stage.records("W-0.1", "W-0.2", "W-99999999999.99", outcome="parked")

    assert stage.flow().standing.amounts == {"SEK": Decimal("100000000000.29")}


def test_causes_stand_in_the_order_of_their_money(stage: Stage) -> None:
    stage.records("W-10", outcome="parked")
    stage.records("W-500", outcome="parked", problem=REFUSED)

    assert [need.amounts["SEK"] for need in stage.look().needs] == [500, 10]


# --- what keeps flows from running


COMPANY = WrongCompany("CCV Shop answers as another company than before", where=ORDERS)
REFUSED_ADDRESS = AddressRefused("the address is refused", cause=Cause.FORBIDDEN, where="eaccounting")
DOCUMENT = DocumentError([Problem("saved_mappings/f.json", "a name is wrong", "Mend it.")])


@pytest.mark.parametrize(
    ("error", "page", "says", "role"),
    [
        pytest.param(SIGN_IN, "systems", "Sign in to Visma eAccounting", Role.ADMINISTER, id="sign_in"),
        pytest.param(COMPANY, "runs", "Look at the account", Role.LOOK, id="company"),
        pytest.param(REFUSED_ADDRESS, "systems", "Look at the systems", Role.LOOK, id="address"),
        pytest.param(DOCUMENT, "mapping", "Open the flow", Role.LOOK, id="document"),
    ],
)
def test_a_stopped_flow_stands_before_all_records_with_the_way_to_what_stops_it(
    stage: Stage, error: Any, page: str, says: str, role: Role
) -> None:
    stage.records("W-5", outcome="parked")
    stage.records("W-6", outcome=None)
    stage.stop(error)

    found, flow = stage.look(), stage.flow()
    assert (flow.condition, flow.word) == (Condition.STOPPED, "stopped")
    first, second = found.needs
    assert (first.way.page, first.way.says, first.way.role) == (page, says, role)
    assert (first.flow, first.behind) == (ORDERS, 1)
    assert first.sort is Sort.SET_UP and first.since is not None
    assert second.kind == "records"


def test_a_system_that_did_not_answer_once_stops_nothing_yet(stage: Stage) -> None:
    away = BrokenReply("the reply cannot be read", cause=Cause.SERVER_FAULT, where="eaccounting")
    stage.stop(away)
    assert (stage.flow().condition, stage.look().needs) == (Condition.WELL, ())

    stage.stop(away)
    assert (stage.flow().condition, list(stage.needs())) == (Condition.STOPPED, ["not_reached"])


def test_a_connection_that_was_taken_away_from_a_flow_that_ran_needs_somebody(stage: Stage) -> None:
    stage.ledger.remove_connection("eaccounting")

    need = stage.needs()["connection"]
    assert need.what == "Visma eAccounting is not connected any more"
    assert (need.way.page, need.way.query, need.way.says) == (
        "systems",
        {"system": "eaccounting"},
        "Connect Visma eAccounting",
    )
    assert stage.flow().is_in_use


def test_a_connection_nobody_has_agreed_to_leads_to_its_sign_in(stage: Stage) -> None:
    stage.ledger.remove_connection("eaccounting")
    stage.ledger.save_connection("eaccounting", "eaccounting", {}, set(), "127.0.0.1", True, AT)

    need = stage.needs()["agreement"]
    assert need.way.says == "Sign in to Visma eAccounting"
    assert need.way.query == {"system": "eaccounting"}


def test_a_broken_file_is_told_and_the_other_flows_are_shown(staged: Callable[..., Stage]) -> None:
    made = staged(ORDERS, STOCK)
    made.connect()
    made.run()
    made.serve()
    file = made.folder / "saved_mappings" / "broken.json"
    file.write_text('{"title": ', encoding="utf-8")

    assert made.flow("broken").condition is Condition.BROKEN
    assert made.flow(ORDERS).condition is Condition.WELL
    need = made.needs()["broken"]
    assert need.what.startswith("The flow cannot be used: ") and need.about == "broken"
    file.unlink()
    assert "broken" not in made.needs()


def test_a_flow_that_is_off_and_never_ran_is_not_in_use(staged: Callable[..., Stage]) -> None:
    made = staged(STOCK)  # which overwrites, and therefore begins switched off
    made.connect()

    assert (made.flow(STOCK).condition, made.flow(STOCK).is_in_use) == (Condition.OFF, False)
    made.run(STOCK)
    assert made.flow(STOCK).is_in_use


def test_a_flow_is_read_again_when_its_file_changes(stage: Stage) -> None:
    path = stage.folder / "saved_mappings" / f"{ORDERS}.json"
    assert stage.flow().title == "Orders from CCV Shop to eAccounting"

    path.write_text(path.read_text(encoding="utf-8").replace('"title": "Orders from', '"title": "All orders from', 1))

    assert stage.flow().title == "All orders from CCV Shop to eAccounting"


# --- by the clock


def test_what_runs_next_is_told_in_the_readers_zone(stage: Stage) -> None:
    [coming] = stage.look().coming

    assert (coming.flow, coming.next_words) == (ORDERS, "today 13:03")


def test_nobody_who_runs_flows_is_told_once_where_flows_should_run(staged: Callable[..., Stage]) -> None:
    made = staged(ORDERS, STOCK)
    made.connect()
    made.run()
    made.run(STOCK)

    assert list(made.needs()) == ["serve"]
    assert " serve" in made.needs()["serve"].hint
    made.serve(due_in=-300)
    made.clock.advance(600)
    assert list(made.needs()) == ["serve"]  # not also that each of them is late
    made.ledger.looked_at(made.clock.now())
    assert list(made.needs()) == ["late"]
    assert made.needs()["late"].what == "It should have run today 08:00 and did not"


def test_where_nothing_runs_by_itself_nobody_is_missed(staged: Callable[..., Stage]) -> None:
    made = staged(ORDERS)
    made.connect()
    made.run()
    made.ledger.change_binding(ORDERS, "default", _off, AT)

    assert made.look().needs == ()
    assert (made.flow().condition, made.flow().next_due) == (Condition.OFF, None)


def _off(held: Any) -> Any:
    return replace(held, is_on=False)


def test_first_runs_are_one_line_however_many(staged: Callable[..., Stage]) -> None:
    made = staged(ORDERS)
    made.connect()
    one = made.needs()["first run"]
    assert (one.flow, one.way.query) == (ORDERS, {"flow": ORDERS, "binding": "default", "part": "checklist"})
    assert made.flow().condition is Condition.NEW

    folder = made.folder / "saved_mappings"
    shutil.copy(folder / f"{ORDERS}.json", folder / "more-orders.json")
    [need] = made.look().needs
    assert need.what == "2 flows are ready, and the first run of each is yours to begin"
    assert (need.kind, need.flow, need.way.page) == ("first run", "", "runs")


def test_a_run_that_does_not_end_is_told(stage: Stage) -> None:
    stage.run(state="running", ago=30)
    assert stage.flow().is_running and stage.look().needs == ()

    stage.clock.advance(3600)
    stage.serve()
    assert stage.needs()["long"].what == "Its run that began today 12:30 has not ended"


def test_a_paused_flow_is_paused_and_needs_nobody_until_it_may_be_forgotten(stage: Stage) -> None:
    stage.ledger.pause(ORDERS, "anna", "stock taking", AT)
    assert (stage.flow().condition, stage.flow().next_due, stage.look().needs) == (Condition.PAUSED, None, ())

    stage.clock.advance(2 * 86_400)
    need = stage.needs()["paused"]
    assert (need.sort, need.what) == (Sort.LATER, "It is paused, by anna")
    assert stage.look().headline == "Everything is well"


# --- of the whole workspace


def test_messages_that_do_not_arrive_are_told(stage: Stage) -> None:
    made = add(stage.ledger, "mailto://x:secret@mail.example", "mail", "mail.example", "anna", AT)
    stage.ledger.change_recipients(lambda held: add_message(held, Message("t", "b", False), AT))
    assert "telling" not in stage.needs()
    for _ in range(5):
        failed(stage.ledger, made.id, 1, "refused", AT)

    need = stage.needs()["telling"]
    assert "mail.example" in need.what and "secret" not in need.what
    assert need.way.page == "settings"


def test_a_backup_is_asked_for_once_there_is_something_to_lose(staged: Callable[..., Stage]) -> None:
    made = staged()
    made.connect()
    made.run()
    made.serve()
    assert made.look().needs == ()

    made.clock.advance(2 * 86_400)
    made.serve()
    assert list(made.needs()) == ["never backed up"]
    made.ledger.note("backed up", "anna", made.clock.now())
    assert made.look().needs == ()
    made.clock.advance(8 * 86_400)
    made.serve()
    assert made.look().needs == ()  # nothing has happened since
    made.run()
    assert made.needs()["old backup"].what == "The last backup is 8 days old"


def test_a_disk_that_is_nearly_full_stands_first(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.records("W-1", outcome="parked")
    usage = shutil.disk_usage(stage.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=700_000_000))

    assert stage.look().needs[0].what == "The disk is nearly full: 700 MB are free"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights of another system")
def test_a_ledger_that_may_only_be_read_is_told_before_something_is_lost(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and asked(path, mode))

    assert stage.look().needs[0].kind == "ledger"
