"""The benchmark of support and Home fills a ledger of today's form, and finds what it put there."""

import re
import sys

import pytest

from benchmarks import support


def test_every_search_the_story_home_and_the_impact_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["support", "--records", "30000"])
    for figure in ("SEARCH", "STORY", "HOME", "IMPACT"):
        monkeypatch.setattr(support, f"MOST_{figure}_MS", 1e9)  # how long it takes is not for a test to say
    monkeypatch.setattr(support, "ROUNDS", 1)

    support.main()

    found = dict(re.findall(r"^(.+): median .*\((\d+)\)$", capsys.readouterr().out, re.MULTILINE))
    assert found["parked"] == found["cause"] == "6"
    assert found["e-mail"] == found["number"] == "1" and found["the latest"] == "50"
    assert found["impact on 200 records"] == "200"
    assert int(found["a story"]) > support.MOST_TRIES * 4  # an outcome and three requests for each
    assert found["Home as data"] == "4"  # two connections, no backup, and what is parked
