"""The command line where a system hands out once, or cannot be searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.formulas import Formulas
from tests.commands.conftest import Call
from tests.runs.handing_out import BESIDE, FLOW, Bench, bench
from tests.runs.unsearchable import ORDERS, Books, unsearchable


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as pool:
        yield pool


@pytest.fixture
def b(tmp_path: Path, formulas: Formulas) -> Iterator[Bench]:
    with bench(tmp_path, formulas) as made:
        yield made


def test_another_flow_takes_over_when_somebody_says_so(call: Call, b: Bench) -> None:
    folder = b.workspace.root
    changes = b.warehouse.change(2)
    assert call(folder, "run", FLOW).code == 0
    changes += b.warehouse.change(1)
    refused = call(folder, "run", BESIDE)
    assert refused.code == 2 and "changes-to-shop (default) takes them" in refused.err

    said = call(folder, "bindings", BESIDE, "default", "--take-queue", "--by", "anna")
    assert said.code == 0
    assert said.out == (
        "changes-elsewhere, binding default, takes what Warehouse hands out of its changes from now on.\n"
    )
    assert call(folder, "run", BESIDE).code == 0
    assert b.moved() == dict.fromkeys(changes, 1)
    assert [line["who"] for line in call(folder, "audit", "--json").lines if line["what"] == "queue moved"] == ["anna"]


def test_what_the_other_flow_did_not_deliver_is_named_when_its_queue_is_taken(call: Call, b: Bench) -> None:
    b.warehouse.change(2)
    b.shop.broken = True
    call(b.workspace.root, "run", FLOW)
    said = call(b.workspace.root, "bindings", BESIDE, "default", "--take-queue")

    assert "changes-to-shop (default) has read 2 records that did not arrive yet." in said.out


def test_a_queue_that_a_run_is_taking_from_is_not_taken_away(call: Call, b: Bench) -> None:
    call(b.workspace.root, "run", FLOW)
    with b.ledger.claim_flow(FLOW, "default"):
        said = call(b.workspace.root, "bindings", BESIDE, "default", "--take-queue")

    assert said.code == 1 and "already being run" in said.err
    assert b.queue.owner == (FLOW, "default")


def test_a_source_that_anybody_may_read_has_no_queue(call: Call, tmp_path: Path, formulas: Formulas) -> None:
    with unsearchable(tmp_path, formulas) as (_, b):
        said = call(b.workspace.root, "bindings", ORDERS, "default", "--take-queue")

    assert said.code == 2 and "Shop does not hand out its orders once" in said.err


@pytest.mark.parametrize("option", [("--since", "2026-01-01"), ("--again",), ("--since", "2026-01-01", "--dry-run")])
def test_a_day_and_again_are_refused(call: Call, b: Bench, option: tuple[str, ...]) -> None:
    said = call(b.workspace.root, "run", FLOW, *option)

    assert said.code == 2
    assert f"{option[0]}: Warehouse hands out each change of its changes once" in said.err
    assert b.systems.calls == []


def test_a_dry_run_leaves_all_of_it_to_the_next_run(call: Call, b: Bench) -> None:
    changes = b.warehouse.change(2)
    assert call(b.workspace.root, "run", FLOW, "--dry-run").code == 0
    assert b.count("POST /acknowledge") == 0
    call(b.workspace.root, "run", FLOW)

    assert b.moved() == dict.fromkeys(changes, 1)


def test_the_newest_record_is_looked_at_and_stays_for_the_run(call: Call, b: Bench) -> None:
    changes = b.warehouse.change(2)
    for command in (("samples", FLOW, "--newest"), ("preview", FLOW)):
        said = call(b.workspace.root, *command)
        assert said.code == 0, said.err
    assert b.count("POST /acknowledge") == 0
    call(b.workspace.root, "run", FLOW)

    assert b.moved() == dict.fromkeys(changes, 1)


def test_a_binding_that_is_removed_gives_its_queue_back(call: Call, b: Bench) -> None:
    folder = b.workspace.root
    call(folder, "bindings", FLOW, "other", "--title", "Other")
    assert call(folder, "run", FLOW, "--binding", "other").code == 0
    refused = call(folder, "run", FLOW)
    assert refused.code == 2 and "changes-to-shop (other) takes them" in refused.err

    assert call(folder, "bindings", FLOW, "other", "--remove", "--keep-records").code == 0
    assert call(folder, "run", FLOW).code == 0
    assert b.queue.owner == (FLOW, "default")


def test_the_checklist_names_the_flow_that_has_the_queue(call: Call, b: Bench) -> None:
    b.run()
    said = call(b.workspace.root, "check", BESIDE, "--connected")

    assert "No other flow takes what its source hands out once" in said.out
    assert "changes-to-shop (default) takes them" in said.err


def test_a_ledger_put_back_says_what_is_not_handed_out_again(call: Call, b: Bench, tmp_path: Path) -> None:
    b.run()
    folder, other = b.workspace.root, tmp_path / "other"
    assert call(folder, "backup", str(tmp_path / "b.tar")).code == 0
    for name in ("connector_specs", "saved_mappings"):
        (other / name).mkdir(parents=True)
    key = folder / ".studio" / "key"
    said = call(other, "restore", str(tmp_path / "b.tar"), "--key", str(key))

    assert said.code == 0, said.err
    assert "Handed out once, and not again: changes of warehouse." in said.out
    assert "(changes of warehouse) does not come again, see docs/batches.md" in call(other, "doctor").out


# --- what cannot be searched


def lost(made: tuple[Books, Bench], call: Call) -> tuple[Books, Path]:
    """An order whose reply was lost."""
    books, b = made
    books.order("W1")
    books.lost["/orders"] = 1
    assert call(b.workspace.root, "run", ORDERS).code == 1
    return books, b.workspace.root


def test_the_story_names_both_ways_out_and_made_as_takes_one(call: Call, tmp_path: Path, formulas: Formulas) -> None:
    with unsearchable(tmp_path, formulas) as made:
        books, folder = lost(made, call)
        story = call(folder, "explain", "W1").out
        assert f"run {ORDERS} --only W1 --made-as NUMBER" in story
        assert f"run {ORDERS} --only W1 --not-there" in story

        assert call(folder, "run", ORDERS, "--only", "W1", "--made-as", "S1").code == 0
        assert books.orders["W1"]["booked"] == "S1"


@pytest.mark.parametrize(
    "words",
    [
        ("--made-as", "S1"),
        ("--only", "W1", "--only", "W2", "--made-as", "S1"),
        ("--only", "W1", "--made-as", "S1", "--not-there"),
        ("--only", "W1", "--made-as", "S1", "--dry-run"),
        ("--only", "W1", "--made-as", " "),
    ],
)
def test_a_number_goes_with_one_record(call: Call, tmp_path: Path, formulas: Formulas, words: tuple[str, ...]) -> None:
    with unsearchable(tmp_path, formulas) as made:
        books, folder = lost(made, call)

        assert call(folder, "run", ORDERS, *words).code == 2
        assert books.orders["W1"]["booked"] is None
