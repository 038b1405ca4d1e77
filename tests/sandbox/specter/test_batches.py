"""Changes come in batches that are acknowledged; nothing is lost and nothing is told twice."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox import keeping
from sandbox.clock import Clock
from sandbox.server import Serving
from sandbox.specter import Specter
from tests.sandbox.specter.conftest import Client

STOCK, ORDERS, ARTICLES = (f"get{what}ExternalNeedUpdate" for what in ("Article", "Orders", "ArticleInfo"))


def emptied(client: Client) -> None:
    for pull, acknowledge in ((STOCK, "updateArticlesFromBatch"), (ORDERS, "updateOrdersFromBatch")):
        client.get(pull, "first")
        assert "<code>1</code>" in client.get(acknowledge, "first")


def test_a_batch_stays_the_same_until_it_is_acknowledged(client: Client, system: Specter) -> None:
    emptied(client)
    system.do("set_stock", {"articleNo": "SP-001", "level": 17})
    before = client.get(STOCK, "one", xml=False)
    system.do("set_stock", {"articleNo": "SP-001", "level": 18})

    assert before == "991;SP-001;17;one"
    assert client.get(STOCK, "two", xml=False) == "0;99;Batchen 'one' är inte kvitterad."
    assert "<code>99</code><message>Batchen 'one' är" in client.get(STOCK, "two")
    assert client.get(STOCK, "one", xml=False) == before
    assert client.get("updateArticlesFromBatch", "one", xml=False) == "1;one;"
    assert client.get(STOCK, "two", xml=False) == "991;SP-001;18;two"


def test_a_batch_survives_a_restart(client: Client, system: Specter) -> None:
    held = client.get(STOCK, "one")
    again = Specter(Clock(), seed=7, orders=30)
    again.restore(json.loads(json.dumps(system.state())))

    with Serving([again], clock=again.clock) as serving:
        assert Client(serving.addresses["specter"], client.account).get(STOCK, "one") == held


def test_a_lost_acknowledgement_can_be_repeated(client: Client, serving: Serving) -> None:
    client.get(STOCK, "one")
    serving.arm("specter", [{"kind": "lose_reply", "holds": "Action=updateArticlesFromBatch", "times": 1}])
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        client.get("updateArticlesFromBatch", "one")

    assert client.get("updateArticlesFromBatch", "one", xml=False) == "1;one;"
    assert client.get("updateArticlesFromBatch", "never", xml=False).startswith("0;39;")


def test_several_stock_sites_are_told_apart(client: Client, system: Specter) -> None:
    emptied(client)
    system.do("set_stock", {"articleNo": "SP-001", "level": 5, "site": "1"})
    system.do("set_stock", {"articleNo": "SP-001", "level": 8, "site": "3"})
    found = client.tree(STOCK, "one", getMultipleStocksites="1")
    levels = {one.get("id"): one.findtext("articles/article/noItemsAv") for one in found.iter("stock")}

    assert (levels["1"], levels["3"]) == ("5", "8")


def test_orders_tell_deliveries_and_deletion(client: Client, system: Specter) -> None:
    emptied(client)
    client.order(externalOrderNo="A1")
    client.order(externalOrderNo="A2")
    system.do("deliver_order", {"externalOrderNo": "A1", "trackingNo": ["T1", "T2"]})
    system.do("delete_order", {"externalOrderNo": "A2"})
    sent, gone = client.tree(ORDERS, "one").findall("orders/order")

    assert (sent.get("orderNo"), gone.get("orderNo")) == ("200031", "200032")
    assert [one.get("deliveryStatus") for one in sent.findall("orderstatus")] == ["D"]
    assert [one.get("trackingNo") for one in sent.iter("delivery")] == ["T1", "T2"]
    assert [one.get("statusId") for one in gone.findall("orderstatus")] == ["5"]


def test_articles_come_in_pieces_of_the_limit_with_their_letters(client: Client, system: Specter) -> None:
    system.do("change_article", {"articleNo": "SP-001", "name": "Åäö & <co>", "priceExclVAT": 99.5})
    numbers: list[str | None] = []
    for batch in range(4):
        found = client.tree(ARTICLES, str(batch), responseMaxLimit="25").findall("articles/article")
        numbers += [one.findtext("articleNo") for one in found]
        if batch == 0:
            assert (found[0].findtext("name"), found[0].findtext("priceExclVAT")) == ("Åäö & <co>", "99.5")
        client.get("updateArticleInfosFromBatch", str(batch))

    assert numbers == sorted(system.books.articles)


def test_a_batch_that_never_ends_can_be_chosen(client: Client, system: Specter) -> None:
    system.do("choose", {"endless": True})
    first = client.get(STOCK, "1")
    client.get("updateArticlesFromBatch", "1")

    assert client.get(STOCK, "2") == first


def test_an_acknowledgement_that_does_not_hold_can_be_chosen(client: Client, system: Specter) -> None:
    system.do("choose", {"acknowledgement_holds": False})
    client.get(STOCK, "1")

    assert client.get("updateArticlesFromBatch", "1", xml=False) == "1;1;"
    assert client.get(STOCK, "2", xml=False).startswith("0;99;")


def test_a_changed_reply_keeps_its_encoding(client: Client, serving: Serving) -> None:
    client.get(STOCK, "1")
    serving.arm("specter", [{"kind": "body", "replace": [["är inte", "är ej"]]}])

    assert client.get(STOCK, "2", xml=False) == "0;99;Batchen '1' är ej kvitterad."


def test_settings_are_checked_and_strangers_are_not_let_in(client: Client) -> None:
    assert client.get("checkaccountsettings", "x", xml=False) == "1;OK;"
    assert client.get("checkaccountsettings", "x", xml=False, sbmId="9").startswith("0;30;")
    assert client.get("getEverything", "x", xml=False).startswith("0;32;")
    assert client.get(ORDERS, "x", xml=False).startswith("0;35;useXML is 2 here")


def test_the_same_seed_gives_the_same_world() -> None:
    clock = Clock()
    one, other = (Specter(clock, seed=3, orders=20).books.state() for _ in range(2))

    assert one["articles"] == other["articles"]
    assert [order["rows"] for order in one["orders"].values()] == [o["rows"] for o in other["orders"].values()]


def test_everything_can_be_looked_at(client: Client) -> None:
    assert b"Huvudlager" in client.send("GET", "/_sandbox/")


def test_a_batch_that_was_fetched_is_kept_on_disk(client: Client, serving: Serving, tmp_path: Path) -> None:
    kept = keeping.Keeping(tmp_path, serving.doors, serving.clock, 7, 30)
    kept.save()
    client.get(STOCK, "one")
    kept.save()
    found: Any = keeping.load(tmp_path, "specter", 7, 30)

    assert found is not None
    assert found["state"]["books"]["queues"]["stock 1"]["number"] == "one"


def test_web_shops_have_batches_of_their_own(client: Client) -> None:
    client.get(STOCK, "one")

    assert "<code>" not in client.get(STOCK, "two", webshopId="2")


def test_an_empty_batch_waits_unless_chosen_otherwise(client: Client, system: Specter) -> None:
    emptied(client)

    assert client.get(STOCK, "one", xml=False) == ""
    assert client.get(STOCK, "two", xml=False).startswith("0;99;")
    client.get("updateArticlesFromBatch", "one")
    system.do("choose", {"empty_batches_wait": False})
    assert client.get(STOCK, "two", xml=False) == client.get(STOCK, "three", xml=False) == ""


@pytest.mark.parametrize(("listed", "held"), [(True, 1), (False, 0)])
def test_what_the_client_wrote_comes_back_as_chosen(client: Client, system: Specter, listed: bool, held: int) -> None:
    system.do("set_stock", {"articleNo": "SP-001", "level": 9})
    emptied(client)
    system.do("choose", {"own_changes_listed": listed})
    client.order()

    assert len(client.tree(STOCK, "one").findall("stockChanges/stock/articles/article")) == held
    assert system.books.articles["SP-001"]["levels"]["1"] == "7"


def test_lines_of_text_are_parted_by_cr(client: Client, system: Specter) -> None:
    emptied(client)
    system.do("choose", {"single_amount": "total"})
    for number in ("SP-002", "SP-001"):
        for site in "123":
            system.do("set_stock", {"articleNo": number, "level": 0.5, "site": site})

    assert client.get(STOCK, "one", xml=False) == "992;SP-002;1.5;one\r991;SP-001;1.5;one"


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ({"kind": "status", "status": 503, "body": "down"}, "down"),
        ({"kind": "html"}, "<!doctype html>"),
        ({"kind": "status", "status": 200, "body": "0;17;Felmeddelande"}, "0;17;Felmeddelande"),
        ({"kind": "truncate_json"}, '<?xml version="1.0"'),
    ],
)
def test_faults_choose_a_read_by_its_action(
    client: Client, serving: Serving, fault: dict[str, object], seen: str
) -> None:
    serving.arm("specter", [{**fault, "holds": f"Action={ORDERS}&"}])

    assert client.get(ORDERS, "one").startswith(seen)
    assert not client.get(ORDERS, "one").endswith("</APIresponse>")
    assert client.get(STOCK, "one").endswith("</APIresponse>")


def test_a_reply_can_be_cut_off(client: Client, serving: Serving) -> None:
    serving.arm("specter", [{"kind": "cut", "times": 1}])
    with pytest.raises(http.client.IncompleteRead):
        client.get(STOCK, "one")

    assert client.get(STOCK, "one").endswith("</APIresponse>")
