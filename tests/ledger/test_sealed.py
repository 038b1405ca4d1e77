"""What is sealed cannot be read from the file's bytes, changed, or put elsewhere."""

from datetime import datetime
from pathlib import Path

import pytest

from engine.errors import LedgerError, Problem
from engine.runs.ledger import Exchange, Ledger, PulledRecord
from tests.ledger.making import open_intent, save, tamper


def test_a_changed_byte_of_a_payload_is_noticed(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [PulledRecord("1", "1", "v", {"a": 1})], None, at)
    tamper(
        ledger,
        "UPDATE payloads SET payload = CAST(substr(payload, 1, length(payload) - 1)"
        " || CASE substr(payload, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)",
    )

    with pytest.raises(LedgerError, match="it was changed"):
        ledger.record("f", "live", "1")


def test_a_payload_does_not_open_in_the_place_of_another(ledger: Ledger, at: datetime) -> None:
    records = [PulledRecord(key, key, "v", {"a": key}) for key in ("1", "2")]
    ledger.store_page("f", "live", None, records, None, at)
    tamper(ledger, "UPDATE payloads SET payload = (SELECT payload FROM payloads WHERE record_id = 1)")

    with pytest.raises(LedgerError, match="belongs elsewhere"):
        ledger.record("f", "live", "2")


def test_nothing_secret_or_personal_is_in_the_files_bytes(path: Path, at: datetime) -> None:
    mark = b"Zzyzx"
    text = mark.decode()
    with Ledger.open(path) as ledger:
        save(ledger, at, answers={"url": "u", "password": text})
        ledger.write_tokens("shop", {"access": text}, at)
        record = PulledRecord("1", "1", "v", {"name": text}, search_words=[text, f"{text}@shop.example"])
        ledger.store_page("f", "live", None, [record], None, at)
        intent = open_intent(ledger, at, match_value=f"{text}@shop.example")
        ledger.intent_done(intent.id, "7", "C7", {"Name": text}, at)
        ledger.keep_exchange(1, "f", "live", "1", "s", Exchange("create", "POST", text, {}, text), at)
        problem = Problem("name", f"{text} is too long", "shorten it")
        ledger.finish_record("f", "live", "1", "v", "parked", "too long", [problem], None, None, at)
        during = b"".join(file.read_bytes() for file in path.parent.iterdir())
        found = ledger.find_records(text)

    after = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert [record.key for record in found] == ["1"]
    for content in (during, after):
        assert mark not in content
        assert mark.lower() not in content
