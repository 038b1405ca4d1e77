"""Mended values are part of a backup, and of what is erased of a person."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.documents.workspace import Workspace
from engine.runs.care.backup import backup
from engine.runs.care.erase import erase
from engine.runs.care.restore import restore
from engine.runs.ledger import Ledger, PulledRecord, StoredRecord
from engine.runs.ledger.mended_fields import MendedField
from tests.care.conftest import FLOW

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAIL = "zoe.lind@post.example"


@pytest.fixture
def mended(ledger: Ledger) -> StoredRecord:
    """A record of somebody whose address was mended to one that is Zoë's."""
    pulled = PulledRecord("k1", "W-1", "v", {"email": "zoe@wrong.example"})
    ledger.store_page(FLOW, "default", None, [pulled], {}, AT)
    record = ledger.record(FLOW, "default", "k1")
    assert record is not None
    field = MendedField(("email",), MAIL, "zoe@wrong.example", "Anna", AT)
    return ledger.change_mended(record.id, 0, lambda before: (field,), [("email",)], "Anna", AT)


def test_whoever_is_named_by_a_mended_value_alone_is_erased(root: Path, ledger: Ledger, mended: StoredRecord) -> None:
    assert mended.payload == {"email": MAIL}
    found = erase(ledger, Workspace(root), MAIL, "Anna", AT, dry=False)

    assert (found.records, found.remains) == (((FLOW, "W-1"),), ())
    after = ledger.record(FLOW, "default", "k1")
    assert after is not None and (after.payload, after.mended.fields) == (None, ())
    assert not [cell for cell in ledger.cells() if MAIL in str(cell.value)]


def test_a_backup_brings_mended_values_back(root: Path, ledger: Ledger, mended: StoredRecord, tmp_path: Path) -> None:
    backup(Workspace(root), ledger, tmp_path / "b.tar", tmp_path / "b.key", AT)
    other = Workspace(tmp_path / "other")
    (other.root / "connector_specs").mkdir(parents=True)
    restore(tmp_path / "b.tar", other, tmp_path / "b.key", over=False, who="Anna", now=AT)

    with Ledger.open(other.ledger_path) as there:
        record = there.record(FLOW, "default", "k1")
        assert record is not None
        assert (record.payload, record.as_read, record.mended) == (mended.payload, mended.as_read, mended.mended)
        assert [each.who for each in there.mendings(record)] == ["Anna"]
