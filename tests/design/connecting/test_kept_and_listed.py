"""What is kept is listed, used again without being shown, and let go."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.connectors.connector import Connector
from engine.design.connecting.catalogue import catalogue, disconnect, entry_of
from engine.design.connecting.keeping import is_local, with_kept
from engine.design.connecting.options import options
from engine.design.connecting.trying import connect
from engine.design.desk import Desk
from engine.design.questionnaire import LiveOptions, Option, Question
from engine.errors import ConnectionMissing, DocumentError
from sandbox.server import Serving
from tests.design.connecting.conftest import Answers

UNIT = Question("unit", "Unit", live=LiveOptions("units", "Name", "Code", connector="eaccounting"))


def test_the_catalogue_says_of_each_system_what_it_is_and_whether_it_is_connected(
    things: Desk, shop: Connector, answers: Answers
) -> None:
    connect(things, shop, answers("ccv-shop"), allow_private=True)

    entries = {entry.name: entry for entry in catalogue(things)}
    first, second = entries["ccv-shop"], entries["eaccounting"]

    assert (first.title, first.roles, first.problems) == ("CCV Shop", ("webshop",), ())
    assert first.evidence["documented"] >= 3 and set(first.evidence) <= {
        "documented",
        "observed",
        "inferred",
        "not_found",
    }
    assert first.connected is not None and first.connected.host == "127.0.0.1" and first.connected.allow_private
    assert (second.title, second.connected) == ("Visma eAccounting", None)


def test_a_broken_file_stands_in_the_catalogue_with_its_problems_and_the_rest_works(things: Desk) -> None:
    path = things.workspace.connectors / "ccv-shop" / "connector.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"title": "CCV Shop",', '"titel": 1,', 1), encoding="utf-8"
    )

    entries = {entry.name: entry for entry in catalogue(things)}
    broken, sound = entries["ccv-shop"], entries["eaccounting"]

    assert broken.connector is None
    assert any("ccv-shop/connector.json:" in problem.where for problem in broken.problems)
    assert sound.connector is not None and sound.problems == ()


def test_a_connection_whose_description_is_gone_is_listed_and_can_be_let_go(
    things: Desk, shop: Connector, answers: Answers, tmp_path: Path
) -> None:
    connect(things, shop, answers("ccv-shop"), allow_private=True)
    (things.workspace.connectors / "ccv-shop").rename(tmp_path / "away")

    entries = {entry.name: entry for entry in catalogue(things)}
    gone, sound = entries["ccv-shop"], entries["eaccounting"]

    assert gone == entry_of(things, "ccv-shop")
    assert gone.connected is not None
    assert gone.problems[0].where == "connector_specs/ccv-shop/connector.json"
    assert "the description of this system is gone" in gone.problems[0].what
    assert sound.problems == ()
    disconnect(things, "ccv-shop")
    assert [entry.name for entry in catalogue(things)] == [name for name in entries if name != "ccv-shop"]


def test_an_empty_workspace_has_an_empty_catalogue(things: Desk, tmp_path: Path) -> None:
    for folder in things.workspace.connectors.iterdir():
        folder.rename(tmp_path / folder.name)

    assert catalogue(things) == []


def test_a_kept_secret_need_not_be_typed_again(things: Desk, shop: Connector, answers: Answers) -> None:
    typed = answers("ccv-shop")
    connect(things, shop, typed, allow_private=True)

    again = with_kept(things, shop, {**typed, "secret": ""})

    assert again == typed


def test_a_kept_secret_goes_to_no_other_address(things: Desk, shop: Connector, answers: Answers) -> None:
    connect(things, shop, answers("ccv-shop"), allow_private=True)

    moved = with_kept(things, shop, {**answers("ccv-shop", shop_address="https://elsewhere.example"), "secret": ""})

    assert "secret" not in moved


def test_a_kept_secret_goes_to_no_other_sign_in_address(things: Desk, books: Connector, answers: Answers) -> None:
    connect(things, books, answers("eaccounting"), allow_private=True)

    moved = answers("eaccounting", identity_address="https://elsewhere.example", client_secret=None)

    assert "client_secret" not in with_kept(things, books, moved)


def test_only_addresses_of_this_machine_are_local(shop: Connector, books: Connector) -> None:
    assert is_local({"shop_address": "http://127.0.0.1:1"}, shop)
    assert not is_local({"shop_address": "https://shop.example"}, shop)
    assert not is_local({"api_address": "http://localhost:1"}, books), "the sign-in's address is elsewhere"
    assert not is_local({}, shop) and not is_local({"shop_address": "http://[::1"}, shop)


def test_disconnecting_forgets_all_and_names_the_flows(things: Desk, books: Connector, answers: Answers) -> None:
    connect(things, books, answers("eaccounting"), allow_private=True)

    flows = disconnect(things, "eaccounting")

    assert {"ccv-orders-to-eaccounting", "eaccounting-stock-to-ccv"} <= set(flows)

    assert entry_of(things, "eaccounting").connected is None
    assert things.ledger.read_tokens("eaccounting") is None
    with pytest.raises(DocumentError, match="it is not connected"):
        disconnect(things, "eaccounting")


def test_options_are_read_from_the_connected_system(things: Desk, books: Connector, answers: Answers) -> None:
    connect(things, books, answers("eaccounting"), allow_private=True)

    found = options(things, None, UNIT)

    assert Option("st", "Stuk") in found or any(option.title == "Stuk" for option in found)
    assert [option.title for option in found] == sorted((option.title for option in found), key=str.casefold)


def test_options_can_be_fewer_than_the_records(things: Desk, books: Connector, answers: Answers) -> None:
    connect(things, books, answers("eaccounting"), allow_private=True)
    some = Question("unit", "Unit", live=LiveOptions("units", "Name", "Id", 'Name = "Stuk"', "eaccounting"))

    assert [option.title for option in options(things, None, some)] == ["Stuk"]


def test_a_connectors_own_question_reads_its_options_with_the_answers_so_far(
    things: Desk, books: Connector, answers: Answers
) -> None:
    question = Question("unit", "Unit", live=LiveOptions("units", "Name", "Id"))

    found = options(things, books, question, answers("eaccounting"), allow_private=True)

    assert any(option.title == "Stuk" for option in found)
    assert things.ledger.connections() == []


def test_why_options_cannot_be_read_is_told(things: Desk, books: Connector, answers: Answers, serving: Serving) -> None:
    with pytest.raises((DocumentError, ConnectionMissing), match="is not connected"):
        options(things, None, UNIT)
    connect(things, books, answers("eaccounting"), allow_private=True)
    with pytest.raises(DocumentError, match="which is not there"):
        options(things, None, Question("x", "X", live=LiveOptions("colours", "Name", "Id", connector="eaccounting")))
    with pytest.raises(DocumentError):
        options(things, None, Question("x", "X", live=LiveOptions("units", "Name", "$number(Name)", "", "eaccounting")))
