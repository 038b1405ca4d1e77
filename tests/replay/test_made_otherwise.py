"""The setting `document` changes between two deliveries: no order is booked as two kinds of document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.runs.run import RunOptions
from tests.runs.once import Engine, World, place_orders, states, world

MakeStage = Callable[..., Any]
KINDS = {"order": "orders", "invoice": "customerinvoices", "draft": "customerinvoicedrafts", "quote": "quotes"}


def _kinds(held: Callable[[str], list[dict[str, Any]]]) -> dict[str, int]:
    """How many documents of an order of the shop there are, by kind."""
    counts = {kind: sum(bool(one["BuyersOrderReference"]) for one in held(name)) for kind, name in KINDS.items()}
    return {kind: count for kind, count in counts.items() if count}


def _again(number: str, **more: Any) -> RunOptions:
    return RunOptions(only=[number], threads=1, **more)


@pytest.mark.parametrize(("first", "then"), [("order", "invoice"), ("invoice", "order"), ("quote", "draft")])
def test_what_is_made_of_one_kind_is_not_made_of_another_too(stage: MakeStage, first: str, then: str) -> None:
    s = stage(document=first)
    number = s.order()
    s.run()
    made = s.record(number).target_number

    s.run(_again(number), document=then)

    assert _kinds(s.held) == {first: 1}
    assert s.state(number) in ("unchanged", "updated")
    assert s.record(number).target_number == made
    assert made in s.record(number).reason and "--as-well" in s.record(number).reason


def test_somebody_may_want_both(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.run()

    s.run(_again(number, as_well=True), document="invoice")
    s.run(_again(number), document="invoice")
    s.run(_again(number))

    assert _kinds(s.held) == {"order": 1, "invoice": 1}


def test_a_flow_may_make_several_documents_of_one_record(stage: MakeStage) -> None:
    s = stage(own_workspace=True)

    def both(flow: dict[str, Any]) -> None:
        for step in flow["steps"]:
            if step["step"] in ("order", "invoice"):
                step["when"] = '$answers.document in ["order", "invoice"]'

    s.edit_flow(both)
    number = s.order()
    s.run()
    s.run(_again(number))

    assert _kinds(s.held) == {"order": 1, "invoice": 1}


def test_a_document_that_was_only_found_counts_as_well(stage: MakeStage, tmp_path: Path) -> None:
    """The books had the order before this ledger did: no intent tells, the record does."""
    s = stage()
    number = s.order()
    s.run()
    other = stage()
    other.serving = s.serving
    other.connect(s.shop)
    other.connect(s.books)
    other.run()
    assert other.state(number) == "unchanged"

    other.run(_again(number), document="invoice")

    assert _kinds(s.held) == {"order": 1}
    assert "as order" in other.record(number).reason


def test_a_new_order_is_made_as_the_setting_says_now(stage: MakeStage) -> None:
    s = stage()
    s.order()
    s.run()
    s.order()
    s.run(document="invoice")

    assert _kinds(s.held) == {"order": 1, "invoice": 1}


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        ("intent stored: orders", {"invoice": 1}),  # nothing was sent
        ("reply unread: orders", {"order": 1}),
        ("reply received: orders", {"order": 1}),
    ],
)
def test_killed_while_it_is_made_and_the_setting_changed_meanwhile(
    engine: Engine, tmp_path: Path, place: str, kinds: dict[str, int]
) -> None:
    with world(tmp_path) as made:
        place_orders(made, 1)
        assert engine.run(made.wish(place=place, nth=1, threads=1))["signal"] == 9
        _run(engine, made, document="invoice")
        _run(engine, made)

        assert _kinds(made.held) == kinds
        assert list(states(made).values()) == ["created"]


def _run(engine: Engine, made: World, **answers: Any) -> None:
    ended = engine.run(made.wish(threads=1, answers=answers, offset_seconds=made.later()))
    assert ended["said"]["state"] == "ended"


def test_a_document_that_may_have_been_made_and_cannot_be_searched_is_parked(
    stage: MakeStage, once: Callable[[str, Callable[[], object]], Callable[[str], None]]
) -> None:
    s = stage(own_workspace=True)
    s.edit_connector("eaccounting", lambda document: document["resources"]["orders"]["operations"].pop("find"))
    number = s.order()

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        s.go(s.open(), _again(number), seam=once("intent stored: orders", stop))

    s.run(_again(number), document="invoice")

    assert _kinds(s.held) == {}
    assert s.record(number).reason.startswith("outcome unknown")


def test_the_number_goes_back_to_the_shop_though_the_setting_changed(engine: Engine, tmp_path: Path) -> None:
    with world(tmp_path) as made:
        place_orders(made, 1)
        assert engine.run(made.wish(place="reply received: orders", nth=1, threads=1))["signal"] == 9
        _run(engine, made, document="invoice")

        [order] = [one for one in made.held("orders") if one["BuyersOrderReference"]]
        [sold] = made.shop.holdings.orders.values()
        assert str(order["Number"]) in str(sold)
