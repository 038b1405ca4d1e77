"""`run --again`: all is delivered anew; it says first what it overwrites."""

from __future__ import annotations

from pathlib import Path

from sandbox.ccv_shop import CcvShop
from sandbox.server import Serving
from tests.commands.conftest import Call

STOCK = "eaccounting-stock-to-ccv"


def stock_of(serving: Serving, number: str) -> float:
    shop = serving.system("ccv-shop")
    assert isinstance(shop, CcvShop)
    return next(float(p["stock"]) for p in shop.holdings.products.values() if p["productnumber"] == number)


def test_it_shows_first_and_overwrites_when_told_to(call: Call, connected: Path, serving: Serving) -> None:
    assert call(connected, "run", STOCK).code == 0
    told = stock_of(serving, "ART-1001")
    serving.system("ccv-shop").do("change_product", {"productnumber": "ART-1001", "fields": {"stock": 999}})
    assert call(connected, "run", STOCK).code == 0
    assert stock_of(serving, "ART-1001") == 999

    shown = call(connected, "run", STOCK, "--again")
    assert shown.code == 0
    assert "PATCH" in shown.out and f'{{"stock": {told:.0f}}}' in shown.out
    assert "Nothing was sent." in shown.out and "what the target has in these fields is overwritten" in shown.out
    assert stock_of(serving, "ART-1001") == 999

    assert call(connected, "run", STOCK, "--again", "--yes").code == 0
    assert stock_of(serving, "ART-1001") == told


def test_a_flow_that_begins_off_is_left_out_of_all_until_it_is_switched_on(call: Call, connected: Path) -> None:
    for flow in (connected / "saved_mappings").iterdir():
        if flow.stem != STOCK:
            flow.unlink()
    before = call(connected, "run", "--all")
    assert before.code == 0
    assert f"{STOCK} is switched off: it is left out." in before.out
    assert call(connected, "history", "--json").lines == []

    assert call(connected, "bindings", STOCK, "--on").code == 0
    assert call(connected, "run", "--all").code == 0
    assert [line["flow"] for line in call(connected, "history", "--json").lines if line["kind"] == "run"] == [STOCK]
