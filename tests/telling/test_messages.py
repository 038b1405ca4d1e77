"""What a message says, and which commands it names."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.arguments import build_parser
from engine.runs.telling.texts import _RECOVERED, _STOPPED, Item, Message, message_of
from tests.telling.problems import NOW


def item(n: int = 1, **changes: Any) -> Item:
    about: dict[str, Any] = {"flow": "orders", "binding": "default", "sort": "parked", "kind": "other"}
    return Item(**{**about, "says": "why", "count": n, "since": NOW, **changes})


def test_a_message_names_flow_count_reason_and_command() -> None:
    found = message_of(
        [item(3), item(flow="stock", binding="live", sort="stopped", kind="company")], str.title, "https://s.example"
    )

    assert found == Message(
        "Mapping Studio: 2 new problems in 2 flows",
        "Orders\n- 3 records are parked: why.\n  python -m engine history --parked --flow orders\n\n"
        "Stock (live)\n- It stopped: why.\n  python -m engine bindings stock live\n\nhttps://s.example",
        False,
    )


def test_a_message_stays_short_whatever_is_wrong() -> None:
    found = message_of([item(flow=f"flow-{n}") for n in range(500)], str.title)

    assert len(found.body.splitlines()) < 60
    assert "… and 488 more" in found.body
    assert found.title == "Mapping Studio: 500 new problems in 500 flows"


@pytest.mark.parametrize("binding", ["default", "live"])
def test_every_command_that_a_message_names_is_one(binding: str) -> None:
    items = [item(sort="stopped", kind=kind, binding=binding) for kind in _STOPPED]
    items += [item(sort=sort, is_over=is_over, binding=binding) for sort in _RECOVERED for is_over in (False, True)]
    items += [item(sort="missed", binding=binding)]
    for each in items:
        asked = build_parser().parse_args(list(each.words))

        assert asked.command == each.words[0]
        assert each.line.endswith((".", "why"))
