"""Erasing a person: nowhere in the ledger are they named afterwards, others keep what is theirs, the rest is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from engine.documents.workspace import Workspace
from engine.errors import BackupError, Problem
from engine.runs.care.erase import Erased, erase
from engine.runs.care.subject import Subject
from engine.runs.ledger import Exchange, Ledger, PulledRecord
from engine.runs.ledger.cells import unopened
from tests.care.conftest import FLOW

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAIL, NAME, PHONE = "zoe.lind@post.example", "Zoë Lind", "+46 70-123 45 67"
OTHER = "zoe.lindberg@post.example"
SAID = [Problem("order", f"no customer {MAIL}", "Make one.")]


def person(mail: str, name: str) -> dict[str, Any]:
    first, last = name.split()
    return {"email": mail, "address": {"first": first, "last": last}, "phone": "0046701234567" if mail == MAIL else ""}


def store(ledger: Ledger, key: str, mail: str, name: str, outcome: str | None = "created", **more: Any) -> None:
    record = {"id": key, **person(mail, name), **more}
    pulled = PulledRecord(key, key, "v", record, search_words=(mail, name))
    ledger.store_page(FLOW, "default", None, [pulled], {}, AT)
    intent = ledger.open_intent("books", "customers", mail, FLOW, "default", key, "customer", key, AT)
    ledger.intent_done(intent.id, "7", "C7", {"Name": name, "Mail": mail}, AT)
    sent = Exchange("create", "POST", "https://books.example/customers", {}, json.dumps({"Mail": mail}))
    ledger.keep_exchange(1, FLOW, "default", key, "customer", sent, AT)
    ledger.keep_delivery(FLOW, "default", key, 1, {"steps": {"customer": {"Name": name}}}, AT)
    if outcome:
        ledger.finish_record(FLOW, "default", key, "v", outcome, SAID[0].what, SAID, None, 1, AT)


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    """Zoë in every place there is, and Zoë Lindberg beside her."""
    store(ledger, "k1", MAIL, NAME)
    store(ledger, "k2", OTHER, "Zoe Lindberg", outcome=None)
    store(ledger, "k3", MAIL.upper(), NAME, "parked")
    store(ledger, "k4", "bo@post.example", "Bo Ek", None, note=f"for {NAME}, call {PHONE}")
    ledger.keep_exchange(1, FLOW, "default", "k1", "articles", Exchange("find", "GET", "https://books.example/a"), AT)
    page = json.dumps({"orders": [person(MAIL, NAME), person(OTHER, "Zoe Lindberg")]})
    for url, body in (
        ("https://shop.example/orders", page),
        ("https://books.example/customers?$filter=Mail%20eq%20%27zoe.lind%40post.example%27", ""),
        ("https://books.example/customers", '{"cut": "off", "Name": "Zo\\u00eb Lind", "mor'),
        ("https://books.example/articles", "[]"),
    ):
        ledger.keep_exchange(1, FLOW, "default", None, "", Exchange("read", "GET", url, reply_body=body), AT)
    ledger.keep_sample(FLOW, "pasted", "Pasted", person(MAIL, NAME), AT)
    ledger.keep_sample(FLOW, "other", "Other", person(OTHER, "Zoe Lindberg"), AT)
    ledger.keep_settings(1, {"answers": {"mail": MAIL}})
    ledger.keep_settings(2, {"answers": {"mail": "shop@post.example"}})
    ledger.receive("shop", "customers.updated", "1", MAIL, AT)  # a shop whose customers' keys are addresses
    ledger.receive("shop", "customers.updated", "2", OTHER, AT)
    run = ledger.start_run(FLOW, "default", "aaaa", "run", AT)
    ledger.end_run(run, AT, {}, "stopped", SAID[0])
    ledger.flush()
    return ledger


@pytest.fixture
def gone(full: Ledger, root: Path) -> Callable[..., Erased]:
    def call(text: str = MAIL, *, dry: bool = False) -> Erased:
        return erase(full, Workspace(root), text, "anna", AT + timedelta(days=1), dry=dry)

    return call


def cells(ledger: Ledger) -> Iterator[str]:
    for cell in ledger.cells():
        yield json.dumps(cell.value, ensure_ascii=False)


def test_every_column_of_bytes_can_be_looked_into_or_says_nothing() -> None:
    assert unopened() == []


def test_nothing_names_the_person_afterwards(full: Ledger, gone: Callable[..., Erased]) -> None:
    assert any(MAIL in text.casefold() for text in cells(full))
    done = gone()
    left = [text for text in cells(full) if MAIL in text.casefold()]

    assert left == []
    assert done.records == ((FLOW, "k1"), (FLOW, "k3"))
    assert full.find_records(MAIL) == []
    assert full.exchanges(FLOW, "default", "k1") == []  # also those that do not name them: they are of their order
    assert [hint.key for hint in full.hints(10)] == [OTHER]
    assert full.samples(FLOW)[0].name == "other" and len(full.samples(FLOW)) == 1
    assert full.settings(1) is None and full.settings(2) is not None


def test_what_is_not_theirs_stays(full: Ledger, gone: Callable[..., Erased]) -> None:
    gone()
    other = full.record(FLOW, "default", "k2")

    assert other is not None and other.payload is not None and other.payload["email"] == OTHER
    assert [record.key for record in full.find_records(OTHER)] == ["k2"]
    assert full.delivery(FLOW, "default", "k2") is not None
    assert len(full.exchanges(FLOW, "default", "k2")) == 1
    assert [each.exchange.url for each in full.exchanges(FLOW, "default", None)] == [
        "https://books.example/customers",
        "https://books.example/articles",
    ]


def test_by_name_also_what_is_spread_over_fields_in_notes_and_in_half_documents(
    full: Ledger, gone: Callable[..., Erased]
) -> None:
    done = gone("zoë LIND")

    assert done.records == ((FLOW, "k1"), (FLOW, "k3"), (FLOW, "k4"))
    assert [each.exchange.url.rpartition("/")[2] for each in full.exchanges(FLOW, "default", None)] == [
        "customers?$filter=Mail%20eq%20%27zoe.lind%40post.example%27",
        "articles",
    ]
    assert full.delivery(FLOW, "default", "k1") is None


def test_numbers_states_and_outcomes_stay_and_what_was_to_be_sent_is_not(
    full: Ledger, gone: Callable[..., Erased]
) -> None:
    gone()
    record, parked = full.record(FLOW, "default", "k1"), full.record(FLOW, "default", "k3")

    assert record is not None and (record.state, record.payload, record.number) == ("created", None, "k1")
    assert parked is not None and (parked.state, parked.reason, parked.problems) == ("skipped", "erased on request", ())
    outcomes = full.outcomes(FLOW, "default", "k3")
    assert [(line.outcome, line.problems) for line in outcomes] == [("parked", ()), ("skipped", ())]
    assert [run.problem for run in full.runs(FLOW)] == [None]


def test_of_a_record_no_amount_and_no_cause_stay(full: Ledger, gone: Callable[..., Erased]) -> None:
    for key in ("p1", "p2"):
        worth = PulledRecord(key, key, "v", person(MAIL, NAME), amount=Decimal("1249.50"), currency="SEK")
        full.store_page(FLOW, "default", None, [worth], {}, AT)
        full.finish_record(FLOW, "default", key, "v", "parked", SAID[0].what, SAID, None, 1, AT)
    assert full.finish_record(FLOW, "default", "p2", "v", "created", "", [], "7", 1, AT)
    gone()

    for key in ("p1", "p2"):
        record = full.record(FLOW, "default", key)
        assert record is not None
        assert (record.amount, record.currency, record.cause) == (None, None, None)


def test_a_hash_that_alone_guards_against_a_double_stays_and_is_told(full: Ledger, gone: Callable[..., Erased]) -> None:
    """The workspace has no such flow, so nobody knows whether its target can be searched."""
    done = gone()

    assert [place.where for place in done.remains] == ["the ledger, intents"]
    assert len(full.intents(FLOW, "default", "k1")) == 1
    assert full.intents(FLOW, "default", "k1")[0].answer is None


def test_a_hash_goes_where_the_target_can_be_searched(
    full: Ledger, gone: Callable[..., Erased], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.runs.care.erase._searchable", lambda workspace: lambda flow, step: True)
    done = gone()

    assert (done.matches, done.remains) == (1, ())
    assert full.intents(FLOW, "default", "k1") == []
    assert len(full.intents(FLOW, "default", "k2")) == 1


def test_files_of_people_and_older_ledgers_are_named_and_not_changed(root: Path, gone: Callable[..., Erased]) -> None:
    flow = root / "saved_mappings" / "a.json"
    flow.write_text(json.dumps({"examples": [{"given": {"email": MAIL}}]}))
    (root / ".studio" / "drafts.json").write_text(json.dumps({"drafts": {"1": {"text": json.dumps({"m": MAIL})}}}))
    (root / ".studio" / "before-20260101").mkdir()
    before = flow.read_bytes()
    remains = {place.where for place in gone().remains}

    assert remains >= {"saved_mappings/a.json", ".studio/drafts.json", ".studio/before-20260101"}
    assert flow.read_bytes() == before


def test_versions_that_hold_an_example_of_theirs_are_named(full: Ledger, gone: Callable[..., Erased]) -> None:
    full.remember_version("aaaa", FLOW, {"saved_mappings/a.json": json.dumps({"given": {"email": MAIL}})}, AT)

    assert f"the ledger, versions.documents of {FLOW}" in {place.where for place in gone().remains}


def test_without_yes_nothing_changes(full: Ledger, gone: Callable[..., Erased]) -> None:
    before = list(cells(full))
    done = gone(dry=True)

    assert list(cells(full)) == before
    assert done.records == ((FLOW, "k1"), (FLOW, "k3"))
    assert done.places["exchanges"] == 4 and done.places["samples"] == 1


def test_the_audit_log_says_who_erased_and_not_whom(full: Ledger, gone: Callable[..., Erased]) -> None:
    gone()
    line = full.audit()[0]

    assert (line.who, line.what, line.details["records"]) == ("anna", "erased", 2)
    assert line.subject.startswith("person ") and "zoe" not in json.dumps(line.as_json()).casefold()


def test_what_nobody_can_open_is_said(full: Ledger, gone: Callable[..., Erased]) -> None:
    full.database.write(
        lambda transaction: transaction.connection.exec_driver_sql(
            "UPDATE deliveries SET seen = x'0100' WHERE key = 'k2'"
        )
    )

    assert "the ledger, deliveries" in {place.where for place in gone().remains}


@pytest.mark.parametrize(
    ("subject", "text", "is_in"),
    [
        ("anna", "Annalisa", False),
        ("anna", "for ANNA!", True),
        ("a@x.example", "ba@x.example", False),
        ("a@x.example", "<A@x.example>.", True),
        ("a@x.example", "a@x.example.com", False),
        ("070-123 45 67", "tel 0701234567", True),
        ("070-123 45 67", "10701234567", False),
        ("5001", "5001", True),
        ("5001", "order 5001", False),
        ("5001", "15001", False),
        ("Åsa Öh", "A\u030asa O\u0308h", True),
        ("Anna Berg", '{"a": "Berg", "b": {"c": "Anna"}}', False),
        ("Anna Berg", '[{"a": "Berg", "b": "Anna K."}]', True),
        ("Anna Berg", "name=Anna+Berg&x=1", True),
        ("Anna & Bo", "Anna &amp; Bo", True),
    ],
)
def test_a_person_is_named_as_whole_words(subject: str, text: str, is_in: bool) -> None:
    assert Subject.of(subject).is_in(text) is is_in


@pytest.mark.parametrize("text", ["", "  ", "a", "12"])
def test_a_text_that_means_nobody_is_refused(text: str, gone: Callable[..., Erased]) -> None:
    with pytest.raises(BackupError, match="means nobody in particular"):
        gone(text)


def test_the_command_shows_then_erases_and_proves(
    full: Ledger, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.runs.care.erase._searchable", lambda workspace: lambda flow, step: True)
    words = ["--workspace", str(root)]

    assert main(["erase", MAIL, *words]) == 0
    out = capsys.readouterr().out
    assert "This would be erased:" in out and f"{FLOW}: k1" in out and "Nothing was erased." in out
    assert main(["erase", "nobody@post.example", *words]) == 0
    assert "Nothing in this workspace names this person." in (said := capsys.readouterr().out) and "--yes" not in said
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO(MAIL + "\n"))
    assert main(["erase", "-", "--yes", "--by", "Anna", *words]) == 0
    assert "nothing of the person is left" in capsys.readouterr().out
    assert main(["erase", MAIL, "--json", *words]) == 0
    assert json.loads(capsys.readouterr().out)["places"] == {}
    (root / "saved_mappings" / "a.json").write_text(json.dumps({"title": MAIL}))
    assert main(["erase", MAIL, "--yes", *words]) == 1
    assert "saved_mappings/a.json: it names the person" in capsys.readouterr().out
