"""`samples FLOW --example KEY`: a real order becomes an example, and nobody in it is real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.design.inventing import Replacing
from tests.commands.conftest import FLOW, Call, Ran, call, ran, say

__all__ = ["call", "ran"]


def _numbers(workspace: Path, state: str) -> list[str]:
    lines = say(workspace, "history", "--find", "W-", "--limit", "500", "--json").lines
    return [line["number"] for line in lines if line.get("state") == state]


def _example(ran: Ran, number: str, *words: str) -> dict[str, Any]:
    said = say(ran.workspace, "samples", FLOW, "--example", number, "--json", "--by", "Anna", *words)
    assert said.code == 0, said.err
    return said.lines[0]


def _real(ran: Ran, number: str) -> dict[str, Any]:
    record = next(
        line["id"] for line in say(ran.workspace, "samples", FLOW, "--find", number, "--json").lines if "id" in line
    )
    found: dict[str, Any] = say(ran.workspace, "samples", FLOW, "--show", record, "--json").lines[0]["record"]
    return found


def test_every_delivered_order_becomes_an_example_that_holds_and_names_nobody(ran: Ran) -> None:
    numbers = _numbers(ran.workspace, "created")[:6]
    for number in numbers:
        made = _example(ran, number)
        real = _real(ran, number)["customer"]
        text = json.dumps(made["example"], ensure_ascii=False)

        assert made["differences"] == [], (number, made["differences"])
        assert "expected" in made["example"]
        address = real["billingaddress"]
        told = [address["full_name"], address["street"], address["zipcode"], address["telephone"]]
        assert not Replacing.of([each for each in told if each], b"").holds(text), number
        assert real["email"] not in text and real["email"].split("@")[0] not in text
    draft = say(ran.workspace, "edit", FLOW, "--show").out
    (ran.workspace / "saved_mappings" / "copy.json").write_text(draft)
    try:
        said = say(ran.workspace, "test", "copy", "--example", "with invented people")
        assert said.code == 0, said.out
    finally:
        (ran.workspace / "saved_mappings" / "copy.json").unlink()


def test_one_that_is_parked_becomes_one_too(ran: Ran) -> None:
    number = _numbers(ran.workspace, "parked")[0]
    made = _example(ran, number, "--title", "A parked one")

    assert made["title"] == "A parked one"
    assert set(made["example"]) & {"parked", "expected"}


def test_what_the_flow_does_not_read_is_left_out(ran: Ran) -> None:
    made = _example(ran, _numbers(ran.workspace, "created")[0])

    assert "iban" not in made["example"]["given"]["customer"]
    assert "orderrows" in made["example"]["given"]


@pytest.mark.parametrize("key", ["W-99999", "pasted:none", "\x1b[2J"])
def test_a_record_nobody_knows_is_said(call: Call, ran: Ran, key: str) -> None:
    said = call(ran.workspace, "samples", FLOW, "--example", key)

    assert said.code == 2
    assert "\x1b" not in said.err + said.out
