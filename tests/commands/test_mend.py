"""`mend` puts in a value for one record, tells what is mended, and takes it back; `explain` shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import FLOW, Ran, ran, say

__all__ = ["ran"]

NUMBER, PATH = "W-10028", "orderrows[0].product_number"


@pytest.fixture
def workspace(ran: Ran) -> Iterator[Path]:
    """Connected to both sandboxes, the flow has run once; what a test mends it takes back."""
    yield ran.workspace
    for line in say(ran.workspace, "mend", NUMBER, "--json").lines:
        assert say(ran.workspace, "mend", NUMBER, "--take-back", line["path"]).code == 0


def test_a_value_is_put_in_told_and_taken_back(workspace: Path) -> None:
    said = say(workspace, "mend", NUMBER, "--set", f"{PATH}=ART-9003", "--by", "Anna")
    assert said.code == 0
    assert "Order rows ▸ 1 ▸ Product number: ART-9003-UITVOERING" in said.out
    assert "→ ART-9003 (mended by Anna on" in said.out
    assert "Nothing was sent." in said.out and f"replay {NUMBER}" in said.out
    assert "mended a value of" in say(workspace, "audit", "--flow", FLOW).out

    [line] = say(workspace, "mend", NUMBER, "--json").lines
    assert (line["path"], line["value"], line["holds"], line["by"]) == (PATH, "ART-9003", True, "Anna")
    explained = say(workspace, "explain", NUMBER)
    assert "values mended for this record\nOrder rows ▸ 1 ▸ Product number:" in explained.out

    [found] = [each for each in say(workspace, "history", "--find", NUMBER, "--json").lines if each["number"] == NUMBER]
    assert found["mended"] == [PATH]
    assert "(values mended here)" in say(workspace, "history", "--find", NUMBER).out

    back = say(workspace, "mend", NUMBER, "--take-back", PATH)
    assert back.code == 0 and "Every value is the source's own." in back.out
    assert "No value of it is mended." in say(workspace, "mend", NUMBER).out


def test_a_replay_would_send_what_was_put_in(workspace: Path) -> None:
    say(workspace, "mend", NUMBER, "--set", f"{PATH}=ART-9003")

    shown = say(workspace, "replay", NUMBER)

    assert shown.code == 0 and "would be parked" not in shown.out and "ART-9003" in shown.out


def test_a_preview_reads_the_source_anew_and_shows_what_a_run_would_deliver(workspace: Path) -> None:
    say(workspace, "mend", NUMBER, "--set", f"{PATH}=ART-9003")

    fields = [line for line in say(workspace, "preview", FLOW, "--key", NUMBER, "--json").lines if "finished" in line]

    assert "ART-9003" in [line["finished"] for line in fields if line["path"] == "Number"]


def test_several_values_go_in_together(workspace: Path) -> None:
    said = say(
        workspace, "mend", NUMBER, "--set", "total_price=18.5", "--set", "paid=no", "--nothing", "deliver_method"
    )

    assert said.code == 0
    values = {line["path"]: line["value"] for line in say(workspace, "mend", NUMBER, "--json").lines}
    assert values == {"total_price": 18.5, "paid": False, "deliver_method": None}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--set", "ordernumber_full=W-1"), "it cannot be mended here: it says which record this is"),
        (("--set", "id=7"), "it cannot be mended here"),
        (("--set", "total_price=much"), "“much” is no number"),
        (("--set", "total_price=1,234"), "“1,234” may mean 1234 or 1.234"),
        (("--set", "orderrows[99].product_number=A"), "no such value"),
        (("--set", "orderrows=A"), "it is no single value"),
        (("--set", "no_such_field=A"), "no such value"),
        (("--set", "a..b=A"), "it is no place in a record"),
        (("--set", "currency"), "it names no value"),
        (("--nothing", "total_price"), "null"),
        (("--set", "currency=EUR"), "that is what the source has already"),
        (("--take-back", "currency"), "no such value is mended"),
    ],
)
def test_what_cannot_stand_there_is_refused_in_words(workspace: Path, words: tuple[str, ...], why: str) -> None:
    said = say(workspace, "mend", NUMBER, *words)

    assert said.code == 2
    assert why in said.err


def test_a_record_nobody_knows_is_said(workspace: Path) -> None:
    said = say(workspace, "mend", "W-99999", "--set", "currency=SEK")

    assert said.code == 2 and "no record is known by this number or key" in said.err
