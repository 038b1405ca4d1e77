"""A starter runs against real sandboxes and puts into the books what the shipped flow puts there."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.design.starter.test_against_the_shipped_flow import MORE

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = "ccv-orders-to-eaccounting"
ORDERS = 60  # the forty awkward ones among them


def engine(workspace: Path, *words: str) -> str:
    """Call the command line; what it prints."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*words, "--workspace", str(workspace)])
    assert code in (0, 1), err.getvalue()
    return out.getvalue()


def ran(workspace: Path, flow: str, resource: str = "orders") -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What the books hold after a run, what the shop's orders keep, and the run's own report."""
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(ROOT / name, workspace / name)
    if flow != SHIPPED:
        engine(workspace, "starter", "ccv-shop", "eaccounting", "--resource", resource, "--name", flow, "--write")
    clock = Clock()
    shop, books = CcvShop(clock, seed=7, orders=ORDERS), EAccounting(clock, seed=7, orders=ORDERS)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as serving:
        for system in (shop, books):
            file = workspace / f"{system.name}.answers.json"
            file.write_text(json.dumps(system.credentials(serving.addresses[system.name])))
            engine(workspace, "connect", system.name, "--answers", str(file), "--allow-private")
        # one after the other: which of two orders makes an article first decides its price
        said = engine(workspace, "run", flow, "--threads", "1", "--json")
        kept = {o["ordernumber_full"]: o["reservationnumber"] for o in shop.holdings.orders.values()}
        lines = [json.loads(line) for line in said.splitlines()]
        return books.state(), kept, next(line for line in lines if line["kind"] == "run")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    folder = tmp_path_factory.mktemp("both")
    return ran(folder / "shipped", SHIPPED), ran(folder / "starter", "made")


def plain(records: list[dict[str, Any]], known: dict[str, str], kind: str) -> list[Any]:
    """Records without moments, nor what only the starter fills; ids as what they name."""
    more = {name for step, name in MORE if f"{step}s" == kind}
    records = [{name: held for name, held in record.items() if name not in more} for record in records]
    text = json.dumps(records, default=str, sort_keys=True)
    for identity, name in known.items():
        text = text.replace(identity, name)
    return [_without_moments(record) for record in json.loads(text)]


def _without_moments(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_moments(each) for each in value]
    if isinstance(value, dict):
        return {
            name: _without_moments(held) for name, held in value.items() if name != "Id" and not name.endswith("Utc")
        }
    return value


def names_of(state: dict[str, Any]) -> dict[str, str]:
    articles = {record["Id"]: record["Number"] for record in state["articles"]}
    return articles | {record["Id"]: record["EmailAddress"] or record["Name"] for record in state["customers"]}


def test_as_many_orders_arrive_as_with_the_shipped_flow(both: tuple[Any, Any]) -> None:
    (_, _, shipped), (_, _, starter) = both

    assert len(both[0][0]["orders"]) > ORDERS // 2
    assert starter["counts"] == shipped["counts"]


@pytest.mark.parametrize("kind", ["orders", "customers", "articles"])
def test_the_books_hold_the_same(both: tuple[Any, Any], kind: str) -> None:
    (shipped, _, _), (starter, _, _) = both

    assert plain(starter[kind], names_of(starter), kind) == plain(shipped[kind], names_of(shipped), kind)


def test_the_same_numbers_are_written_back(both: tuple[Any, Any]) -> None:
    (_, shipped, _), (_, starter, _) = both

    assert any(shipped.values())
    assert starter == shipped


def test_products_become_articles_at_the_rate_of_their_coding(tmp_path: Path) -> None:
    books, _, run = ran(tmp_path / "products", "goods", "products")
    rates = {coding["Id"]: coding["VatRatePercent"] for coding in books["articleaccountcodings"]}
    made = [article for article in books["articles"] if article["Number"].startswith("ART-")]
    differing = [
        article["Number"]
        for article in made
        if abs(article["NetPrice"] * (100 + rates[article["CodingId"]]) / 100 - article["GrossPrice"]) > 0.01
    ]

    assert len(made) > 40
    assert differing == []
    assert run["counts"]["created"] > 20
    assert run["counts"]["updated"] > 20
    assert run["counts"]["parked"] == 2  # a unit without a row, a number too long for the books
