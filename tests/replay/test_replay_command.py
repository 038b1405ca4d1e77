"""`replay` as a person calls it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.commands import replay as command
from engine.commands.replay import run as replay_command
from tests.commands.conftest import FLOW, Ran, Said, call, ran, say

__all__ = ["call", "ran", "replay_command"]


@pytest.fixture
def city(ran: Ran) -> Iterator[Callable[[str], None]]:
    """Lets the flow's file say another delivery city; put back afterwards."""
    path = ran.workspace / "saved_mappings" / f"{FLOW}.json"
    before = path.read_text()

    def change(name: str) -> None:
        document = json.loads(before)
        [step] = [each for each in document["steps"] if each["step"] == "order"]
        step["fields"]["DeliveryCity"]["formula"] = json.dumps(name)
        path.write_text(json.dumps(document))

    yield change
    path.write_text(before)


def _numbers(workspace: Path, count: int) -> list[str]:
    lines = say(workspace, "history", "--find", "W-", "--limit", "500", "--json").lines
    return [line["number"] for line in lines if line.get("state") == "created"][:count]


def _replay(ran: Ran, *words: str) -> Said:
    return say(ran.workspace, "replay", *words)


def test_in_a_pipe_it_shows_and_sends_nothing(ran: Ran, city: Callable[[str], None]) -> None:
    [number] = _numbers(ran.workspace, 1)
    city("Utrecht")
    said = _replay(ran, number, "--update")

    assert said.code == 0, said.err
    assert "DeliveryCity" in said.out and "+ Utrecht" in said.out
    assert "Nothing was sent. To send it:" in said.out and "--update --send --by NAME" in said.out
    assert _replay(ran, number, "--update", "--json").lines[0]["earlier"] is None


def test_it_is_sent_once_and_told_in_the_story_and_the_audit_log(ran: Ran, city: Callable[[str], None]) -> None:
    numbers = _numbers(ran.workspace, 3)
    city("Zwolle")
    first = _replay(ran, *numbers, "--update", "--send", "--by", "Anna")
    second = _replay(ran, *numbers, "--update", "--send", "--by", "Bert")

    assert first.code == second.code == 0, first.err
    assert first.out.count(": updated as ") == 3
    assert second.out.count("Anna replayed it in this way on") == 3
    assert "without --again" in second.out
    assert "replayed by Anna" in say(ran.workspace, "explain", numbers[0]).out
    noted = [line for line in say(ran.workspace, "audit", "--json").lines if line["what"] == "replayed"]
    assert {line["subject"] for line in noted} == set(numbers)
    assert {line["who"] for line in noted} == {"Anna"}


@pytest.mark.parametrize(("answer", "sent"), [("y", True), ("", False)])
def test_on_a_terminal_it_asks(
    ran: Ran, city: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, answer: str, sent: bool
) -> None:
    [number] = _numbers(ran.workspace, 1)
    city(f"City {answer}")
    monkeypatch.setattr(command, "is_at_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    said = _replay(ran, number, "--update")

    assert (": updated as " in said.out) == sent
    assert ("Nothing was sent" in said.out) != sent


def test_there_already_as_says_its_number(ran: Ran, city: Callable[[str], None]) -> None:
    [number] = _numbers(ran.workspace, 1)
    city("Almere")
    said = _replay(ran, number)

    assert "order: already there as " in said.out and "nothing is sent (--update" in said.out


def test_as_then_names_the_run(ran: Ran) -> None:
    [number] = _numbers(ran.workspace, 1)
    said = _replay(ran, number, "--as-then")

    assert said.code == 0, said.err
    assert "as in run 1 of" in said.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("W-99999",), "no record is known by this number"),
        (("--version", "99"), "there is no version"),
        (("--flow", "no-such-flow"), "no record of no-such-flow is known"),
        (("--binding", "elsewhere"), "no record bound to elsewhere is known"),
        (("\x1b[2J\u202e" + "x" * 300,), "no record is known by this number"),
    ],
)
def test_a_wrong_call_is_said(ran: Ran, words: tuple[str, ...], says: str) -> None:
    number = [] if not words[0].startswith("--") else _numbers(ran.workspace, 1)
    said = _replay(ran, *number, *words)

    assert said.code == 2
    assert says in said.err
    assert "\x1b" not in said.err


def test_json_has_every_field_that_differs(ran: Ran, city: Callable[[str], None]) -> None:
    [number] = _numbers(ran.workspace, 1)
    city("Assen")
    line: dict[str, Any] = next(each for each in _replay(ran, number, "--json").lines if each["kind"] == "replay")

    [order] = [change for change in line["changes"] if change["step"] == "order"]
    assert order["becomes"] == "left"
    assert [field["now"] for field in order["fields"] if field["path"] == "DeliveryCity"] == ["Assen"]
