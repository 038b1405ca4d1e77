"""The audit log: what was done stands there with who did it, in the same transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.commands.main import main
from engine.runs.ledger import Ledger
from engine.runs.ledger.audit import _fewest, _latest
from engine.runs.ledger.sql import Transaction
from tests.care.conftest import FLOW

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_publishing_and_going_back_are_noted_with_who_did_it(ledger: Ledger) -> None:
    ledger.publish_version("aaaa", FLOW, {}, AT, name="First", who="anna")
    ledger.publish_version("bbbb", FLOW, {}, AT + timedelta(hours=1), name="", who="bo", note="in haste")
    ledger.publish_version("aaaa", FLOW, {}, AT + timedelta(hours=2), name="", who="cia", as_number=1)
    ledger.name_version(FLOW, 2, "Second", "dan", AT + timedelta(hours=3))

    assert [(line.who, line.what, line.subject, line.details) for line in reversed(ledger.audit())] == [
        ("anna", "published", "version 1", {"name": "First"}),
        ("bo", "published", "version 2", {"note": "in haste"}),
        ("cia", "brought back", "version 3", {"as_number": 1}),
        ("dan", "published", "version 2", {"name": "Second"}),
    ]
    assert ledger.audit()[0].at == AT + timedelta(hours=3)


def test_nothing_is_published_that_cannot_be_noted(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr("engine.runs.ledger.versions.note_in_audit", fail)
    with pytest.raises(ArithmeticError):
        ledger.publish_version("aaaa", FLOW, {}, AT, name="", who="anna")

    assert ledger.versions(FLOW) == []


def test_lines_of_one_flow_and_no_more_than_asked_for(ledger: Ledger) -> None:
    for number in range(5):
        ledger.note("published", "anna", AT, flow="a" if number % 2 else "b", subject=str(number))
    ledger.note("restored", "anna", AT)

    assert [line.subject for line in ledger.audit(flow="b")] == ["4", "2", "0"]
    assert [line.subject for line in ledger.audit(limit=2)] == ["", "4"]


def test_details_are_told_in_words(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Ledger.open(root / ".studio" / "ledger.sqlite") as ledger:
        ledger.note("backed up", "anna", AT, details={"with_key": True})
        ledger.note("bound", "bo", AT, details={"on": False, "connections": {"shop": "shop_b"}, "answers": ["a", "b"]})

    assert main(["audit", "--workspace", str(root)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "with key: yes" in out and "switched on: no; connections: shop shop_b; answers: a, b" in out


def test_the_command_tells_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--workspace", str(root)]) == 0
    assert "Nothing was published" in capsys.readouterr().out
    with Ledger.open(root / ".studio" / "ledger.sqlite") as ledger:
        ledger.publish_version("aaaa", FLOW, {}, AT, name="First", who="anna")

    assert main(["audit", "--workspace", str(root)]) == 0
    out = capsys.readouterr().out
    assert "anna" in out and "published" in out and "version 1" in out and "name: First" in out
    assert main(["audit", "--json", "--flow", "another", "--workspace", str(root)]) == 0
    assert capsys.readouterr().out == ""
    assert main(["audit", "--json", "--workspace", str(root)]) == 0
    assert json.loads(capsys.readouterr().out)["details"] == {"name": "First"}


@pytest.mark.parametrize(
    ("lead", "named", "index"),
    [
        ("", (), "audit_by_time"),
        ("who", ("who",), "audit_by_who"),
        ("what", ("what", "who"), "audit_by_what"),
        ("flow", ("flow", "what", "who"), "audit_by_flow"),
    ],
)
def test_among_a_million_lines_an_index_leads(ledger: Ledger, lead: str, named: tuple[str, ...], index: str) -> None:
    times = {"since": "2026", "until": "2027", "at": "2026-06", "line": 5}
    statement = _latest(lead, frozenset(named), frozenset(times))

    def planned(transaction: Transaction) -> list[str]:
        text, order, fixed = statement.text_for(transaction.connection.dialect)
        values = {**fixed, **dict.fromkeys(named, "x"), **times, "limit": 5}
        run = transaction.connection.exec_driver_sql
        return [row[3] for row in run(f"EXPLAIN QUERY PLAN {text}", tuple(values[name] for name in order or ()))]

    plan = ledger.database.write(planned)
    assert [line for line in plan if "SCAN" in line or "TEMP" in line] == []
    assert f"USING INDEX {index}" in plan[0]


def test_of_two_names_the_one_that_fewer_lines_have_leads(ledger: Ledger) -> None:
    for number in range(5):
        ledger.note("published", "anna", AT, subject=str(number))
    ledger.note("erased", "anna", AT)

    with ledger.database.read() as reading:
        assert _fewest(reading, {"who": "anna", "what": "erased"}) == "what"
        assert _fewest(reading, {"flow": "none", "what": "erased"}) == "flow"


def test_the_names_that_lines_have_are_told_once_each(ledger: Ledger) -> None:
    for who, flow in (("bo", "b"), ("anna", ""), ("bo", "a")):
        ledger.note("published", who, AT, flow=flow)

    assert (ledger.audit_names("who"), ledger.audit_names("flow")) == (["anna", "bo"], ["a", "b"])
    assert ledger.audit(before=99) == []
