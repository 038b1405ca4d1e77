"""A flow that overwrites begins switched off: it runs when it is named, and by itself once somebody switched it on."""

from __future__ import annotations

from pathlib import Path

from engine.design.desk import Desk, desk
from engine.design.running.changing import Wanted, change_binding
from engine.runs.bindings import all_bound, bound

FLOW = "eaccounting-stock-to-ccv"
ROOT = Path(__file__).parents[2]


def is_on(things: Desk, flow: str = FLOW) -> bool:
    loaded = things.load(flow)
    [default] = all_bound(things.ledger, loaded)
    assert bound(things.ledger, loaded).is_on == default.is_on
    return default.is_on


def test_it_is_off_until_somebody_says_on_and_another_change_leaves_it_off(tmp_path: Path) -> None:
    for folder in ("connector_specs", "saved_mappings"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    with desk(str(tmp_path), workers=1) as things:
        assert not is_on(things)
        assert is_on(things, "ccv-orders-to-eaccounting")

        change_binding(things, FLOW, "default", Wanted(answers={"safety_stock": 2}), "Anna")
        assert not is_on(things)

        change_binding(things, FLOW, "default", Wanted(is_on=True), "Anna")
        assert is_on(things)
        change_binding(things, FLOW, "default", Wanted(answers={"safety_stock": 3}), "Anna")
        assert is_on(things)
