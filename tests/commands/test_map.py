"""`map` as a person calls it, over a small workspace that is connected to nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.commands.map_lines import CHUNK_BYTES
from tests.commands.conftest import ROOT
from tests.commands.test_map_stream import BOTH, LONG_SECONDS, Gave, ndjson

SIGN_IN = {"kind": "bearer", "token": "{token}"}
QUESTIONS = {"type": "object", "properties": {"token": {"type": "string", "title": "Token", "x-secret": True}}}
EVIDENCE = [{"part": "resources", "level": "documented", "by": "made up; no such system"}]
TEXT = {"type": "string", "title": "Text", "maxLength": 20}
CREATE = {"create": {"method": "POST", "path": "/x", "body": "$fields", "record": "$"}}
READ = {"read": {"method": "GET", "path": "/x", "query": {}, "paging": {"kind": "none"}, "records": "$"}}
SYSTEMS: dict[str, dict[str, Any]] = {
    "shop": {"orders": (READ, {"id": TEXT, "name": TEXT, "price": {"type": "number"}, "lines": {"type": "array"}})},
    "books": {
        "customers": (CREATE, {"Id": TEXT | {"x-write": "never", "x-kind": "id"}, "Name": TEXT}),
        "orders": (CREATE, {"Number": TEXT, "CustomerId": TEXT, "Total": {"type": "number"}, "Unit": TEXT}),
    },
}
FLOW = {
    "title": "Orders to the books",
    "source": {"connector": "shop", "resource": "orders"},
    "questions": {
        "type": "object",
        "properties": {"unit": {"type": "string", "title": "Unit", "default": "piece", "maxLength": 9}},
    },
    "steps": [
        {
            "step": "customer",
            "title": "The buyer is made",
            "connector": "books",
            "resource": "customers",
            "policy": "create",
            "match": {"field": "Name", "formula": "$uppercase(name)"},
            "fields": {"Name": {"formula": "$uppercase(name)"}},
        },
        {
            "step": "order",
            "title": "The order is made",
            "connector": "books",
            "resource": "orders",
            "policy": "create",
            "match": {"field": "Number", "formula": "id"},
            "fields": {
                "Number": {"formula": "id"},
                "CustomerId": {"formula": "$steps.customer.Id"},
                "Total": {"formula": "price * 2"},
                "Unit": {"formula": "$answers.unit"},
            },
        },
    ],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name, resources in SYSTEMS.items():
        folder = tmp_path / "workspace" / "connector_specs" / name
        folder.mkdir(parents=True)
        described = {}
        for resource, (operations, fields) in resources.items():
            schema = {"title": resource.title(), "type": "object", "properties": fields}
            (folder / f"{resource}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
            described[resource] = {
                "title": resource.title(),
                "kind": resource.removesuffix("s"),
                "schema": f"{resource}.schema.json",
                "key": "$string(id)",
                "operations": operations,
            }
        connector = {
            "title": name.title(),
            "roles": ["webshop"],
            "version": "1.0.0",
            "evidence": EVIDENCE,
            "questions": QUESTIONS,
            "http": {"base": f"https://{name}.example", "sign_in": SIGN_IN},
            "resources": described,
        }
        (folder / "connector.json").write_text(json.dumps(connector), encoding="utf-8")
    flows = tmp_path / "workspace" / "saved_mappings"
    flows.mkdir()
    (flows / "orders-to-books.json").write_text(json.dumps(FLOW), encoding="utf-8")
    return tmp_path / "workspace"


def call_map(workspace: Path, data: bytes, *words: str, flow: str = "orders-to-books", file: str = "") -> Gave:
    command = [
        sys.executable,
        "-m",
        "engine",
        "map",
        flow,
        *filter(None, [file]),
        "--workspace",
        str(workspace),
        *words,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, input=data, capture_output=True, timeout=LONG_SECONDS, env=environment, cwd=workspace, check=False
    )
    return Gave(done.returncode, done.stdout, done.stderr)


ORDER = {"id": "W-1", "name": "Anna", "price": 12.5}


@BOTH
def test_one_step_gives_its_fields(workspace: Path, workers: str) -> None:
    gave = call_map(workspace, ndjson([ORDER, ORDER | {"id": "W-2"}]), "--step", "customer", "--workers", workers)

    assert (gave.code, gave.err) == (0, b"")
    assert gave.results == [{"Name": "ANNA"}, {"Name": "ANNA"}]


def test_a_file_is_read_as_standard_input_is(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_bytes(ndjson([ORDER]))

    gave = call_map(workspace, b"", "--step", "customer", file=str(tmp_path / "in.ndjson"))
    lacking = call_map(workspace, b"", file=str(tmp_path / "nowhere"))
    folder = call_map(workspace, b"", file=str(tmp_path))

    assert gave.results == [{"Name": "ANNA"}]
    assert lacking.code == folder.code == 2 and b"cannot be read" in lacking.err and b"cannot be read" in folder.err


def test_every_step_gives_its_fields_by_name_with_placeholders_for_what_the_target_gives(workspace: Path) -> None:
    [result] = call_map(workspace, ndjson([ORDER])).results

    assert list(result) == ["customer", "order"]
    assert "«Text of the new customer" in result["order"].pop("CustomerId")
    assert result["order"] == {"Number": "W-1", "Total": 25, "Unit": "piece"}


@BOTH
def test_a_formula_that_fails_tells_line_field_reason_advice_code_and_column(workspace: Path, workers: str) -> None:
    records = [ORDER, ORDER | {"price": "dear"}, ORDER]
    gave = call_map(workspace, ndjson(records), "--step", "order", "--workers", workers)

    [failure] = gave.failures
    [problem] = failure["problems"]
    assert (gave.code, len(gave.results)) == (1, 2)
    assert (failure["kind"], failure["line"]) == ("failure", 2)
    assert "Total" in problem["where"]
    assert problem["what"] and problem["what_to_do"]
    assert problem["code"] == "T2001"
    assert problem["caret"].splitlines()[0].strip() == "price * 2"
    assert b"dear" not in gave.err


def test_a_line_that_is_no_record_says_what_is_needed(workspace: Path) -> None:
    gave = call_map(
        workspace, b'[1]\n{"id": 1, "id": 2}\n{"id": NaN}\n{"id"\n\n' + ndjson([ORDER]), "--step", "customer"
    )

    assert [failure["line"] for failure in gave.failures] == [1, 2, 3, 4]
    assert all(failure["problems"][0]["what"] and failure["problems"][0]["what_to_do"] for failure in gave.failures)
    assert gave.results == [{"Name": "ANNA"}]


@BOTH
def test_answers_come_from_a_file(workspace: Path, tmp_path: Path, workers: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"unit": "box"}', encoding="utf-8")
    gave = call_map(workspace, ndjson([ORDER]), "--step", "order", "--answers", str(file), "--workers", workers)

    assert gave.results[0]["Unit"] == "box"


@BOTH
def test_an_answer_that_does_not_fit_is_refused(workspace: Path, tmp_path: Path, workers: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"unit": "as long as can be"}', encoding="utf-8")
    gave = call_map(workspace, ndjson([ORDER]), "--answers", str(file), "--workers", workers)

    assert (gave.code, gave.out) == (2, b"")
    assert b"unit" in gave.err


@BOTH
@pytest.mark.parametrize(
    ("words", "flow", "said"),
    [
        (["--step", "custmer"], "orders-to-books", "customer, order"),
        ([], "order-to-books", "Did you mean 'orders-to-books'?"),
    ],
)
def test_an_unknown_name_is_told_before_any_line(
    workspace: Path, workers: str, words: list[str], flow: str, said: str
) -> None:
    gave = call_map(workspace, b"", *words, "--workers", workers, flow=flow)

    assert (gave.code, gave.out) == (2, b"")
    assert said in gave.err.decode()


def test_problems_of_the_call_are_ndjson_on_standard_error_where_json_is_asked_for(workspace: Path) -> None:
    gave = call_map(workspace, b"", "--json", "--workers", "2", flow="order-to-books")

    assert [problem["kind"] for problem in gave.failures] == ["problem"]
    assert gave.out == b""


def test_a_folder_that_is_no_workspace_is_told(workspace: Path, tmp_path: Path) -> None:
    gave = call_map(workspace, b"", "--workspace", str(tmp_path))

    assert gave.code == 2
    assert b"no workspace" in gave.err


def test_two_processes_give_what_one_gives(workspace: Path) -> None:
    orders = [ORDER | {"id": f"W-{n}", "price": "dear" if n % 50 == 7 else n} for n in range(2_000)]
    data = ndjson(order | {"remark": "x" * 500} for order in orders)  # long lines: some chunks for each process
    assert len(data) > 4 * CHUNK_BYTES
    one, two = (call_map(workspace, data, "--workers", workers) for workers in ("1", "2"))

    assert len(one.results) + len(one.failures) == 2_000
    assert len(one.failures) == 40
    assert one == two


def test_nothing_is_kept_of_a_flow_that_asks_no_system(workspace: Path) -> None:
    call_map(workspace, ndjson([ORDER]))

    assert sorted(folder.name for folder in workspace.iterdir()) == ["connector_specs", "saved_mappings"]
