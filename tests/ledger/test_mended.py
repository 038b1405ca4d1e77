"""Values mended for one record lie sealed beside what was read, hold while the source says what it said, and go with
the record's content.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import LedgerError, MendedMeanwhile
from engine.formulas import MISSING
from engine.runs.ledger import Ledger, PulledRecord, StoredRecord
from engine.runs.ledger.mended import TAKEN_BACK
from engine.runs.ledger.mended_fields import MendedField, put_over, value_there

ROWS = [{"id": 7, "sku": "ART-1"}, {"id": 8, "sku": "ART-2"}]


def pulled(version: str = "v1", number: str = "W-1", **payload: Any) -> PulledRecord:
    return PulledRecord("1", number, version, {"id": 1, "name": "Zoë", "rows": ROWS, **payload})


@pytest.fixture
def stored(ledger: Ledger, at: datetime) -> Ledger:
    ledger.store_page("f", "live", None, [pulled()], None, at)
    return ledger


def record(ledger: Ledger) -> StoredRecord:
    found = ledger.record("f", "live", "1")
    assert found is not None
    return found


def mend(ledger: Ledger, path: tuple[str | int, ...], value: Any, at: datetime, **more: Any) -> StoredRecord:
    """As somebody would who has seen the record as it is."""
    seen = record(ledger)
    beside = more.pop("beside", ())

    def change(before: StoredRecord) -> tuple[MendedField, ...]:
        kept = tuple(each for each in before.mended.fields if each.path != path)
        was = value_there(before.as_read, path)
        return (*kept, MendedField(path, value, was, more.get("who", "Anna"), at, beside))

    return ledger.change_mended(seen.id, more.get("revision", seen.mended.revision), change, [path], "Anna", at)


def test_what_is_mended_stands_over_what_was_read(stored: Ledger, at: datetime) -> None:
    mended = mend(stored, ("rows", 1, "sku"), "ART-9", at)

    assert mended == record(stored)
    assert mended.payload == {"id": 1, "name": "Zoë", "rows": [ROWS[0], {"id": 8, "sku": "ART-9"}]}
    assert mended.as_read == {"id": 1, "name": "Zoë", "rows": ROWS}
    assert (mended.version, mended.state, mended.mended.revision) == ("v1", "due", 1)
    assert [each.payload for each in stored.newest("f", "live", 5)] == [mended.payload]
    assert [each.payload for each in stored.due("f", "live", at, 5)] == [mended.payload]
    assert [each.mended for each in stored.find_records("W-1")] == [mended.mended]


def test_it_stays_where_the_source_changes_another_value(stored: Ledger, at: datetime) -> None:
    mend(stored, ("name",), "Zoe", at)
    stored.store_page("f", "live", None, [pulled("v2", city="Utrecht")], None, at)

    found = record(stored)
    assert found.payload is not None
    assert (found.payload["name"], found.payload["city"], found.version) == ("Zoe", "Utrecht", "v2")
    assert found.mended.overtaken == ()


def test_the_source_wins_where_it_changes_that_value(stored: Ledger, at: datetime) -> None:
    mend(stored, ("name",), "Zoe", at)
    stored.store_page("f", "live", None, [pulled("v2", name="Zoé")], None, at)

    found = record(stored)
    assert found.payload == found.as_read and found.payload is not None and found.payload["name"] == "Zoé"
    assert ([each.path for each in found.mended.overtaken], found.mended.holds) == ([("name",)], ())


@pytest.mark.parametrize(("before", "now"), [(True, 1), (1, 1.0), (None, ""), ("1", 1)])
def test_a_value_of_another_kind_is_another_value(stored: Ledger, at: datetime, before: Any, now: Any) -> None:
    stored.store_page("f", "live", None, [pulled("v2", paid=before)], None, at)
    mend(stored, ("paid",), "x", at)
    stored.store_page("f", "live", None, [pulled("v3", paid=now)], None, at)

    assert [each.path for each in record(stored).mended.overtaken] == [("paid",)]


def test_what_is_missing_is_a_value_of_its_own(stored: Ledger, at: datetime) -> None:
    mended = mend(stored, ("address", "phone"), "030-1", at)
    assert mended.payload is not None and mended.payload["address"] == {"phone": "030-1"}
    assert mended.mended.holds[0].was is MISSING

    stored.store_page("f", "live", None, [pulled("v2", address={"city": "Utrecht"})], None, at)
    held = record(stored).payload
    assert held is not None and held["address"] == {"city": "Utrecht", "phone": "030-1"}
    stored.store_page("f", "live", None, [pulled("v3", address={"phone": None})], None, at)
    assert record(stored).mended.holds == ()


def test_it_does_not_go_into_another_item_that_took_the_place(stored: Ledger, at: datetime) -> None:
    same = [{"id": 7, "tax": 21}, {"id": 8, "tax": 21}]
    stored.store_page("f", "live", None, [pulled("v2", rows=same)], None, at)
    mend(stored, ("rows", 0, "tax"), 9, at, beside=((("rows", 0, "id"), 7),))

    stored.store_page("f", "live", None, [pulled("v3", rows=same[1:])], None, at)

    assert record(stored).payload == record(stored).as_read


def test_the_second_of_two_people_is_told_who_was_faster(stored: Ledger, at: datetime) -> None:
    mend(stored, ("name",), "Zoe", at, who="Bo")

    with pytest.raises(MendedMeanwhile, match=r"nothing of yours was kept: Bo mended name at 2025-03-02") as caught:
        mend(stored, ("city",), "Utrecht", at, revision=0)

    assert caught.value.record == record(stored)
    assert [each.path for each in record(stored).mended.fields] == [("name",)]


def test_what_was_taken_back_is_not_taken_for_what_was_never_mended(stored: Ledger, at: datetime) -> None:
    first = mend(stored, ("name",), "Zoe", at)
    stored.change_mended(first.id, 1, lambda before: (), [("name",)], "Bo", at)

    found = record(stored)
    assert (found.payload, found.mended.fields, found.mended.mark) == (found.as_read, (), " mended 2")
    with pytest.raises(MendedMeanwhile, match="every value was taken back"):
        mend(stored, ("name",), "Zo", at, revision=1)


def test_the_audit_log_knows_the_field_and_never_a_value_or_a_name(stored: Ledger, at: datetime) -> None:
    stored.store_page("f", "live", None, [PulledRecord("zoe@shop.example", "", "v", {"a": 1})], None, at)
    person = stored.record("f", "live", "zoe@shop.example")
    assert person is not None
    field = MendedField(("a",), "secret value", 1, "Anna", at)
    stored.change_mended(person.id, 0, lambda before: (field,), [("a",)], "Anna", at)
    stored.change_mended(person.id, 1, lambda before: (), [("a",)], "Bo", at)
    mend(stored, ("rows", 1, "sku"), "other secret", at)

    lines = stored.audit()
    assert [(each.who, each.what, each.subject) for each in sorted(lines, key=lambda each: -each.id)] == [
        ("Anna", "mended a value of", "rows[1].sku"),
        ("Bo", TAKEN_BACK, "a"),
        ("Anna", "mended a value of", "a"),
    ]
    assert "secret" not in str(lines) and "zoe" not in str(lines)
    assert max(lines, key=lambda each: each.id).details["number"] == "W-1"
    assert [(each.who, each.is_back, each.path) for each in stored.mendings(person)] == [
        ("Anna", False, "a"),
        ("Bo", True, "a"),
    ]


def test_values_go_with_the_content_and_who_mended_stays(stored: Ledger, at: datetime, path: Path) -> None:
    held = mend(stored, ("name",), "Zoe secret-value", at)
    stored.finish_record("f", "live", "1", "v1", "created", "", [], "T1", None, at)
    stored.purge_before(at + timedelta(days=1))

    found = record(stored)
    assert (found.payload, found.as_read, found.mended.fields) == (None, None, ())
    assert [each.who for each in stored.mendings(found)] == ["Anna"]
    with pytest.raises(LedgerError, match="forgotten after the retention time"):
        stored.change_mended(held.id, 0, lambda before: (), [("name",)], "Anna", at)
    assert not [cell for cell in stored.cells() if (cell.table, cell.column) == ("payloads", "mended")]


def test_values_are_sealed_to_their_record(stored: Ledger, at: datetime, path: Path) -> None:
    mend(stored, ("name",), "Zoe secret-value", at)
    stored.database.checkpoint()

    assert b"secret-value" not in path.read_bytes()
    [cell] = [cell for cell in stored.cells() if (cell.table, cell.column) == ("payloads", "mended")]
    assert not cell.is_closed and "Zoe secret-value" in str(cell.value)


def test_a_place_that_is_not_there_is_missing() -> None:
    assert value_there({"a": [1]}, ("a", 1)) is value_there({"a": 3}, ("a", "b")) is MISSING
    assert put_over({"a": 1}, 0, ())[0] == {"a": 1}
