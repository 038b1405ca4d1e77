"""A real flow on real stand-ins: facts and lookups are read in the background, records from the source; and what the
page shows is what a run does.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from engine.design.desk import Desk, desk
from engine.design.samples import fetched, newest, record_of
from engine.design.view import View
from engine.design.view.kept import shelf_of
from engine.formulas import Formulas
from engine.runs.examples import as_written
from engine.runs.reshaping import Reshaping
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving

ROOT = Path(__file__).resolve().parents[3]
FLOW = "ccv-orders-to-eaccounting"
STEPS = ("customer", "articles", "order", "draft", "write_back")


@dataclass(frozen=True)
class Connected:
    desk: Desk
    serving: Serving
    text: str


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    folder = tmp_path_factory.mktemp("connected")
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(ROOT / name, folder / name)
    clock = Clock()
    shop, books = CcvShop(clock, seed=7, orders=12), EAccounting(clock, seed=7, orders=12)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as serving:
        for name in ("ccv-shop", "eaccounting"):
            answers = folder / f"{name}.answers.json"
            answers.write_text(json.dumps(serving.system(name).credentials(serving.addresses[name])))
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                call = ["connect", name, "--answers", str(answers), "--allow-private", "--workspace", str(folder)]
                assert main(call) == 0
        with desk(str(folder)) as things:
            yield Connected(things, serving, things.workspace.flow_path(FLOW).read_text())


@pytest.fixture(scope="module")
def record(connected: Connected) -> dict[str, Any]:
    return record_of(connected.desk, newest(connected.desk, FLOW).id, flow_name=FLOW)


def test_the_newest_record_is_read_whole_and_not_kept(connected: Connected, record: dict[str, Any]) -> None:
    assert record["orderrows"]
    assert connected.desk.ledger.find_records(str(record["ordernumber_full"])) == []
    assert list(connected.desk.ledger.newest(FLOW, "default", 10)) == []


def test_a_record_is_read_by_its_number(connected: Connected, record: dict[str, Any]) -> None:
    sample = fetched(connected.desk, FLOW, record["ordernumber_full"])

    assert sample.title == record["ordernumber_full"]
    assert record_of(connected.desk, sample.id, flow_name=FLOW)["id"] == record["id"]


def test_facts_and_lookups_are_read_once_for_many_changes(connected: Connected, record: dict[str, Any]) -> None:
    first = View.of(connected.desk, FLOW, connected.text, record, wait=20)
    connected.serving.arm("eaccounting", [{"kind": "status", "status": 503}])  # from now on it is of no use to ask
    second = View.of(connected.desk, FLOW, connected.text.replace("100)", "99)"), record)
    connected.serving.arm("eaccounting", [])

    for view in (first, second):
        assert not view.is_reading
        fields = view.picture("customer")["fields"]
        assert "Needs a connection" not in json.dumps(fields)
        assert len(fields["TermsOfPaymentId"]["value"]) == 36  # the id of the books, not the row's name
        assert view.picture("order")["values"]["$facts.target.currency"] == "EUR"


def test_while_they_are_being_read_the_page_says_so(connected: Connected, record: dict[str, Any]) -> None:
    shelf_of(connected.desk).live.forget()
    view = View.of(connected.desk, FLOW, connected.text, record)

    assert view.is_reading
    said = view.picture("articles")["fields"]["UnitId"]["says"]
    assert said.startswith("Just being read from Visma eAccounting.")
    assert not View.of(connected.desk, FLOW, connected.text, record, wait=20).is_reading


def test_what_is_shown_is_what_a_run_would_send(connected: Connected, record: dict[str, Any]) -> None:
    view = View.of(connected.desk, FLOW, connected.text, record, wait=20)
    with Formulas() as formulas:
        sent = Reshaping(view.loaded, formulas, view.environment, None).record(record)

    assert sent
    for step in STEPS:
        if step in sent:
            assert view.result(step) == as_written(sent[step]), step
        else:
            assert not view.picture(step)["done"], step


def test_the_request_shows_address_and_body_and_no_secret(connected: Connected, record: dict[str, Any]) -> None:
    view = View.of(connected.desk, FLOW, connected.text, record, wait=20)
    told = view.request("order")
    [request] = told["requests"]

    assert request["method"] == "POST"
    assert request["address"] == connected.serving.addresses["eaccounting"] + "/v2/orders"
    assert request["body"]["Rows"]
    assert request["placeholders"]
    assert told["notes"] == ["As for a record that the target does not have yet."]
    secrets = connected.serving.system("eaccounting").credentials(connected.serving.addresses["eaccounting"])
    assert str(secrets["client_secret"]) not in json.dumps(told)


def test_a_system_that_is_away_is_a_note_and_no_crash(connected: Connected, record: dict[str, Any]) -> None:
    shelf_of(connected.desk).live.forget()
    connected.serving.arm("eaccounting", [{"kind": "status", "status": 503}])
    view = View.of(connected.desk, FLOW, connected.text, record, wait=20)
    connected.serving.arm("eaccounting", [])
    shelf_of(connected.desk).live.forget()
    unit = view.picture("articles")["fields"]["UnitId"]

    assert (unit["value"], unit["status"]) == (None, "note")
    assert unit["says"].startswith("Visma eAccounting could not be asked:")
    assert view.picture("customer")["fields"]["Name"]["value"]


def test_a_rehearsal_asks_the_target_and_sends_nothing(connected: Connected, record: dict[str, Any]) -> None:
    view = View.of(connected.desk, FLOW, connected.text, record, wait=20)
    told = view.rehearse()

    assert told["outcome"] in ("created", "unchanged", "updated", "parked")
    assert {request["step"] for request in told["requests"]} <= set(STEPS)
    assert view.rehearse() == told  # it made nothing
