"""What is handed out once is no list to look things up in, and has no day to read from: `check` says so."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.flows.check import check_workspace
from engine.formulas import Formulas
from tests.runs.handing_out import CONNECTORS, FLOW, MOVEMENTS, write_workspace
from tests.runs.unsearchable import CONNECTORS as BOOKS
from tests.runs.unsearchable import FLOWS, ORDERS

ONCE = "Warehouse hands out each change of its changes once"
ELSEWHERE = {"connector": "warehouse", "resource": "changes"}
ROWS = {"title": "Names", "rows": {}, "otherwise": {"do": "leave_out"}}


def errors(workspace: Workspace) -> list[tuple[str, str]]:
    """What and where, without file and line."""
    with Formulas() as formulas:
        found = check_workspace(workspace, [], formulas)
    return [(problem.where.split(" ", 1)[-1], problem.what) for problem in found if problem.severity == "error"]


@pytest.mark.parametrize(
    ("change", "place", "what"),
    [
        (
            {"lookups": {"names": {**ROWS, "refers": {**ELSEWHERE, "by": "article", "gives": "level"}}}},
            "lookups.names.refers.resource",
            ONCE,
        ),
        (
            {
                "preconditions": [
                    {"name": "all", "title": "All", "each": ELSEWHERE, "holds": "level > 0", "what_to_do": "x"}
                ]
            },
            "preconditions[0].each.resource",
            ONCE,
        ),
        ({"source": {**MOVEMENTS["source"], "since": "$now()"}}, "source.since", f"{ONCE}: it is not read from a day"),
    ],
)
def test_what_would_take_them_from_their_flow_is_an_error(
    tmp_path: Path, change: dict[str, Any], place: str, what: str
) -> None:
    workspace = write_workspace(tmp_path, CONNECTORS, {FLOW: MOVEMENTS | change})

    assert (place, what) in errors(workspace)


def test_the_flow_whose_source_they_are_is_well(tmp_path: Path) -> None:
    assert errors(write_workspace(tmp_path, CONNECTORS, {FLOW: MOVEMENTS})) == []


@pytest.mark.parametrize("policy", ["must_exist", "update"])
def test_a_policy_that_must_look_where_nothing_can_be_searched_is_an_error(tmp_path: Path, policy: str) -> None:
    flow = deepcopy(FLOWS[ORDERS])
    flow["steps"][0]["policy"] = policy
    workspace = write_workspace(tmp_path, BOOKS, {ORDERS: flow})

    assert (
        "steps[0].policy",
        "Customers cannot be searched by Email, so what is there cannot be told",
    ) in errors(workspace)
