"""A benchmark that compares different work is void: outputs are compared first, and a program that fails says why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.map import COMPARED, FLOW, PATTERN_FLOW, PEERS, agreeing, copy_workspace, differences
from benchmarks.peers import here
from benchmarks.plain import formulas
from benchmarks.programs import NotMeasured, Program, Run, Timed, run
from engine import is_plain
from engine.documents.workspace import Workspace
from engine.flows.library import load_flow

HAND = here.by_hand()[1]


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize(
    ("a", "b", "places"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ({"a": 1}, {"a": True}, [".a"]),
        ({"a": 0}, {"a": None}, [".a"]),
        ({"a": 1}, {}, [".a"]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, [".a.b[1]"]),
        ([1], [1, 1], [""]),
        ("1", 1, [""]),
    ],
)
def test_values_differ_where_a_reader_of_json_would_see_it(a: object, b: object, places: list[str]) -> None:
    assert [*differences(a, b)] == places
    assert [*differences(b, a)] == places


def test_programs_that_give_the_same_are_timed(tmp_path: Path) -> None:
    program = Program("by hand", HAND, 10)

    assert agreeing([program], tmp_path) == [program]


def test_nothing_is_timed_where_one_gives_another_value(tmp_path: Path) -> None:
    code = "import json, sys; from benchmarks.peers.by_hand import mapped\n"
    code += "for line in sys.stdin: print(json.dumps({**mapped(json.loads(line)), 'freight': 0}))"
    wrong = Program("careless", python(code), 10)

    with pytest.raises(NotMeasured, match=r"careless maps order 1 differently at \.freight"):
        agreeing([Program("by hand", HAND, 10), wrong], tmp_path)


def test_nothing_is_timed_where_one_leaves_lines_out(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match=f"idle gave 0 lines for {COMPARED}"):
        agreeing([Program("idle", python("pass"), 10)], tmp_path)


def test_a_program_that_fails_is_left_out_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand = Program("by hand", HAND, 10)

    assert agreeing([Program("broken", python("raise ValueError('no such flow')"), 10), hand], tmp_path) == [hand]
    assert "broken is left out: it ended with 1: ValueError: no such flow" in capsys.readouterr().out


def test_a_file_is_given_as_often_as_asked(tmp_path: Path) -> None:
    given, written = tmp_path / "given", tmp_path / "written"
    given.write_bytes(b"{}\n" * 7)
    run(python("import sys; print(len(sys.stdin.readlines()))"), given, written, times=3)

    assert written.read_text() == "21\n"


def test_a_program_that_stops_reading_is_told_by_its_exit(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(b"{}\n" * 100_000)

    with pytest.raises(NotMeasured, match="it ended with 3: enough"):
        run(python("import sys; print('enough', file=sys.stderr); sys.exit(3)"), given, times=5)


def test_a_rate_leaves_the_start_out() -> None:
    timed = Timed(Program("map", (), 1_000))
    timed.empty = [Run(0.5, 0.4, 50), Run(0.5, 0.4, 50), Run(9.0, 9.0, 50)]
    timed.full = [Run(1.0, 0.9, 60), Run(1.0, 0.9, 60), Run(0.1, 0.1, 60)]

    assert timed.rate == 2_000
    assert timed.cpu_microseconds == 500


def test_the_second_flow_differs_in_one_field_which_is_a_pattern(tmp_path: Path) -> None:
    workspace = Workspace(copy_workspace(tmp_path / "workspace"))
    plain, other = (
        {f.path: f.formula for f in load_flow(workspace, n).flow.steps[0].fields} for n in (FLOW, PATTERN_FLOW)
    )

    assert {path: other[path] for path in plain if plain[path] != other[path]} == {
        "invoicePostal": r"$replace(billing.zip, /\s/, '')"
    }


def test_every_formula_is_plain_but_the_pattern(tmp_path: Path) -> None:
    workspace = Workspace(copy_workspace(tmp_path / "workspace"))

    assert [place for place, formula in formulas(workspace) if not is_plain(formula)] == [
        f"{PATTERN_FLOW} steps[0].fields.invoicePostal.formula"
    ]


def test_a_peer_that_cannot_run_here_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert {name for name in PEERS if _is_missing(name)} == {"jsonata-js", "Node-RED"}


def _is_missing(name: str) -> bool:
    try:
        PEERS[name]()
    except NotMeasured as reason:
        assert "there is no node on the path" in str(reason)
        return True
    return False
