"""The benchmark of support's searches fills a ledger of today's form, and finds what it put there."""

import re
import sys

import pytest

from benchmarks import support


def test_every_search_and_the_impact_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["support", "--records", "30000"])
    monkeypatch.setattr(support, "MOST_SEARCH_MS", 1e9)  # how long it takes is not for a test to say
    monkeypatch.setattr(support, "MOST_IMPACT_MS", 1e9)
    monkeypatch.setattr(support, "ROUNDS", 1)

    support.main()

    found = dict(re.findall(r"^(.+): median .*\((\d+)\)$", capsys.readouterr().out, re.MULTILINE))
    assert found["parked"] == found["cause"] == "6"
    assert found["e-mail"] == found["number"] == "1" and found["the latest"] == "50"
    assert found["impact on 200 records"] == "200"
