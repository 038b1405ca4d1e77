"""Records to look at: the flow's examples, the connector's, pasted ones, and real ones; none leaves a trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.design.desk import Desk, desk
from engine.design.samples import MOST_BYTES, fetched, forget, newest, paste, record_of, samples
from engine.errors import ConnectionMissing, DocumentError
from engine.runs.ledger import Ledger, PulledRecord
from tests.design.view.conftest import DOCUMENT, FLOW, RECORD, write_systems

EXAMPLE = {"title": "A small order", "given": {"id": "E-1"}, "waiting": True}
TEXT = json.dumps({**DOCUMENT, "examples": [EXAMPLE]})


@pytest.fixture
def things(tmp_path: Path) -> Iterator[Desk]:
    write_systems(tmp_path)
    own = tmp_path / "connector_specs" / "shop" / "samples"
    own.mkdir()
    (own / "orders.json").write_text(json.dumps([RECORD, {"id": "W-2"}]))
    (tmp_path / "saved_mappings").mkdir()
    (tmp_path / "saved_mappings" / f"{FLOW}.json").write_text(TEXT)
    with desk(str(tmp_path)) as opened:
        yield opened


def pulled(key: str, number: str, payload: dict[str, object]) -> PulledRecord:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return PulledRecord(
        key=key,
        number=number,
        version="v1",
        payload=payload,
        state="due",
        reason="",
        source_time=at,
        search_words=["anna@post.example"],
    )


def store(ledger: Ledger, *records: PulledRecord) -> None:
    ledger.store_page(FLOW, "default", None, list(records), {}, datetime(2026, 11, 21, tzinfo=UTC))


def test_without_any_run_there_are_examples_and_the_connectors_samples(things: Desk) -> None:
    found = samples(things, FLOW)

    assert [(each.id, each.title, each.kind) for each in found] == [
        ("example:0", "A small order", "example"),
        ("sample:0", "W-1", "sample"),
        ("sample:1", "W-2", "sample"),
    ]
    assert record_of(things, "example:0", flow_name=FLOW) == {"id": "E-1"}
    assert record_of(things, "sample:0", flow_name=FLOW) == RECORD


def test_examples_are_those_of_the_draft(things: Desk) -> None:
    text = TEXT.replace("E-1", "E-2").replace("A small order", "Another")

    assert samples(things, FLOW, text)[0].title == "Another"
    assert record_of(things, "example:0", flow_name=FLOW, text=text) == {"id": "E-2"}


def test_real_records_come_first_and_the_newest_of_them_before_the_others(things: Desk) -> None:
    store(things.ledger, pulled("1", "W-10", {"id": "1"}), pulled("2", "W-11", {"id": "2"}))
    found = samples(things, FLOW)

    assert [each.title for each in found][:2] == ["W-11", "W-10"]
    assert (found[0].kind, found[0].note, found[0].when) == ("recent", "due", datetime(2026, 11, 20, tzinfo=UTC))
    assert record_of(things, found[0].id, flow_name=FLOW) == {"id": "2"}


def test_real_records_are_found_by_number_and_by_what_support_searches(things: Desk) -> None:
    store(things.ledger, pulled("1", "W-10", {"id": "1"}), pulled("2", "W-11", {"id": "2"}))

    assert [each.title for each in samples(things, FLOW, find="W-10")] == ["W-10"]
    assert {each.title for each in samples(things, FLOW, find="anna@post.example")} == {"W-10", "W-11"}
    assert [each.title for each in samples(things, FLOW, find="small")] == ["A small order"]


def test_a_pasted_record_is_kept_sealed_and_can_be_deleted(things: Desk) -> None:
    sample = paste(things, FLOW, '{"id": "P-1", "buyer": {"email": "secret@person.example"}}')

    assert sample.title == "P-1"
    assert record_of(things, sample.id, flow_name=FLOW)["buyer"] == {"email": "secret@person.example"}
    assert sample.id in [each.id for each in samples(things, FLOW)]
    assert things.ledger.sample("another flow", sample.id.removeprefix("pasted:")) is None
    for file in things.workspace.root.rglob("*"):
        assert not file.is_file() or b"secret@person" not in file.read_bytes(), file

    forget(things, FLOW, sample.id)
    assert sample.id not in [each.id for each in samples(things, FLOW)]


@pytest.mark.parametrize("text", ["", "no json", "[1]", '"text"', '{"a": 1, "a": 2}'])
def test_what_is_no_record_is_refused_with_a_reason(things: Desk, text: str) -> None:
    with pytest.raises(DocumentError) as told:
        paste(things, FLOW, text)
    assert told.value.problems[0].what_to_do


@pytest.mark.parametrize("name", ["example:9", "sample:-1", "recent:none", "pasted:none", "", "x:1", "example:a"])
def test_a_record_that_is_gone_is_said_to_be(things: Desk, name: str) -> None:
    with pytest.raises(DocumentError, match="not there any more"):
        record_of(things, name, flow_name=FLOW)


def test_reading_the_source_without_a_connection_says_how_to_connect(things: Desk) -> None:
    for ask in (lambda: newest(things, FLOW), lambda: fetched(things, FLOW, "W-1")):
        with pytest.raises(ConnectionMissing, match="Shop is not connected"):
            ask()
    assert things.ledger.find_records("W-1") == []


def test_a_broken_draft_has_its_samples_all_the_same(things: Desk) -> None:
    assert [each.id for each in samples(things, FLOW, '{"source": {"connector": "shop", "resource": "orders"}}')] == [
        "sample:0",
        "sample:1",
    ]
    assert samples(things, FLOW, "{") == []
    assert samples(things, "no-such-flow") == []


def test_a_record_that_is_too_large_is_refused_and_nothing_is_kept(things: Desk) -> None:
    text = json.dumps({"id": "W-9", "note": "é" * (MOST_BYTES // 2)}, ensure_ascii=False)
    with pytest.raises(DocumentError) as raised:
        paste(things, FLOW, text)

    assert "larger than 5 MB" in raised.value.problems[0].what
    assert not [each for each in samples(things, FLOW) if each.kind == "pasted"]
    assert paste(things, FLOW, json.dumps({"id": "W-9", "note": "e" * (MOST_BYTES - 100)})).title == "W-9"
