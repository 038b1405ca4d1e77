"""`starter` and `suggest` as a person calls them."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from engine.connectors.clock import SystemClock
from engine.design.drafts import Drafts
from engine.design.starter import offers
from engine.documents.workspace import Workspace

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = "ccv-orders-to-eaccounting"
PAIR = ("ccv-shop", "eaccounting")
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    (tmp_path / "saved_mappings").mkdir()
    shutil.copy(ROOT / "saved_mappings" / f"{SHIPPED}.json", tmp_path / "saved_mappings")
    return tmp_path


@pytest.fixture
def call(workspace: Path) -> Call:
    def call(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*words, "--workspace", str(workspace)])
        return code, out.getvalue(), err.getvalue()

    return call


def drafts(workspace: Path) -> Drafts:
    return Drafts(Workspace(workspace), SystemClock())


def test_the_flow_is_printed_and_the_process_stands_beside_it(call: Call) -> None:
    code, out, err = call("starter", *PAIR)

    assert code == 0
    assert json.loads(out)["source"]["connector"] == "ccv-shop"
    assert "The buyer is looked for by e-mail" in err


def test_a_draft_is_kept_under_the_usual_name(call: Call, workspace: Path) -> None:
    code, out, _ = call("starter", *PAIR, "--draft")

    assert code == 0
    assert "The draft of ccv-shop-orders-to-eaccounting is kept." in out
    assert drafts(workspace).names() == ["ccv-shop-orders-to-eaccounting"]


def test_it_is_written_once_and_never_over_a_flow(call: Call, workspace: Path) -> None:
    first, _, _ = call("starter", *PAIR, "--name", "mine", "--write")
    again, _, err = call("starter", *PAIR, "--name", "Mine", "--write")
    checked, _, _ = call("check", "mine")

    assert (first, again, checked) == (0, 2, 0)
    assert "there is a flow “mine” already" in err
    assert [path.name for path in (workspace / "saved_mappings").glob("mine*")] == ["mine.json"]


def test_it_is_not_written_beside_a_draft_of_that_name(call: Call, workspace: Path) -> None:
    call("starter", *PAIR, "--name", "mine", "--draft")
    code, _, err = call("starter", *PAIR, "--name", "Mine", "--write")

    assert code == 2 and "there is a flow “mine” already" in err
    assert not list((workspace / "saved_mappings").glob("[mM]ine.json"))


def test_answers_of_a_file_become_defaults(call: Call, workspace: Path) -> None:
    (workspace / "answers.json").write_text('{"document": "draft"}')
    _, out, _ = call("starter", *PAIR, "--answers", str(workspace / "answers.json"))

    assert json.loads(out)["questions"]["properties"]["document"]["default"] == "draft"


def test_without_systems_it_lists_what_can_be_made(call: Call) -> None:
    _, out, _ = call("starter", "--json")
    found: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    possible = [
        (each["source"], each["target"], each["resource"], each["process"]) for each in found if each["possible"]
    ]

    assert [each for each in possible if set(each[:2]) == set(PAIR)] == [
        ("ccv-shop", "eaccounting", "orders", "order"),
        ("ccv-shop", "eaccounting", "products", "article"),
        ("eaccounting", "ccv-shop", "articles", "article"),
        ("ccv-shop", "eaccounting", "users", "customer"),
        ("eaccounting", "ccv-shop", "article_stock", "stock"),
        ("eaccounting", "ccv-shop", "orders", "status"),
        ("eaccounting", "ccv-shop", "customerinvoices", "payment"),
    ]  # cancelled orders are orders too, and are not offered beside them
    assert all(each["why_not"] for each in found[len(possible) :])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ccv-shop",), "is not named"),
        (("ccv-shop", "ccv-shop"), "into itself"),
        (("ccv-shop", "eaccountin"), "Did you mean 'eaccounting'?"),
        ((*PAIR, "--resource", "ordres"), "There are: orders"),
        (("eaccounting", "ccv-shop", "--resource", "customers"), "declares no way to make or change users"),
        ((*PAIR, "--resource", "paymethods"), "there is no process for this kind of record (payment_method)"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(call: Call, words: tuple[str, ...], says: str) -> None:
    code, out, err = call("starter", *words)

    assert (code, out) == (2, "")
    assert says in err


def test_with_json_all_stands_in_one_object(call: Call) -> None:
    _, out, _ = call("starter", *PAIR, "--json")
    [told] = [json.loads(line) for line in out.splitlines()]

    assert told["kind"] == "starter"
    assert json.loads(told["text"])["steps"]
    assert ["customer", "TermsOfPaymentId"] not in told["touches"]["unit"]
    assert ["articles", "UnitId"] in told["touches"]["unit"]


def test_suggestions_are_listed_and_change_nothing(call: Call, workspace: Path) -> None:
    code, out, _ = call("suggest", SHIPPED, "--step", "customer", "--json")
    found = [json.loads(line) for line in out.splitlines()]

    assert code == 0
    assert {each["kind"] for each in found} == {"suggestion"}
    assert all(each["why"] and each["formula"] for each in found)
    assert drafts(workspace).names() == []


def test_an_accepted_suggestion_goes_into_the_draft(call: Call, workspace: Path) -> None:
    code, out, _ = call("suggest", SHIPPED, "--accept", "customer.DeliveryCity", "--by", "Anna")
    draft = drafts(workspace).open(SHIPPED)
    step = json.loads(draft.text)["steps"][0]

    assert code == 0, out
    assert step["fields"]["DeliveryCity"]["formula"] == "$truncate($first_filled(customer.deliveryaddress.city), 50)"
    assert draft.changed_by == "Anna"


def test_accepting_what_is_not_proposed_or_not_certain_is_refused(call: Call, workspace: Path) -> None:
    unknown, _, err = call("suggest", SHIPPED, "--accept", "Nonsense")
    double, _, said = call("suggest", SHIPPED, "--accept", "DeliveryDate")

    assert (unknown, double) == (2, 2)
    assert "no proposal for “Nonsense”" in err
    assert "several steps" in said
    assert drafts(workspace).names() == []


def test_offers_name_systems_and_records_as_people_do(workspace: Path) -> None:
    offered = offers(Workspace(workspace))
    first = next(each for each in offered if (each.source, each.target) == PAIR)

    assert (first.source_title, first.target_title, first.resource_title) == ("CCV Shop", "Visma eAccounting", "Orders")
    assert first.is_possible
    assert offered[0] == first  # orders, between the two that are documented best: what a trial begins with


def test_a_broken_connector_leaves_the_others_their_offers(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "connector_specs", tmp_path / "connector_specs")
    before = offers(Workspace(tmp_path))
    shutil.copytree(tmp_path / "connector_specs" / "ccv-shop", tmp_path / "connector_specs" / "broken")
    (tmp_path / "connector_specs" / "broken" / "connector.json").write_text("{")

    assert offers(Workspace(tmp_path)) == before


def test_a_system_that_does_not_tell_its_records_is_said_once(call: Call, workspace: Path) -> None:
    code, out, err = call("starter", *PAIR, "--connected")
    assert (code, json.loads(out)["source"]["connector"]) == (0, "ccv-shop")
    assert err.count("Visma eAccounting: it is not connected, so the samples") == 1
