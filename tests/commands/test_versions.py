"""`publish`, `versions`, `diff` and `read`, as people and scripts call them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from engine.connectors.clock import SystemClock
from engine.design.drafts import Drafts
from engine.documents.workspace import Workspace

REPOSITORY = Path(__file__).parents[2]
FLOW = "ccv-orders-to-eaccounting"
TITLE = {"op": "set_title", "title": "Orders to the books"}
SEK = {"op": "set_formula", "step": "order", "target": "CurrencyCode", "formula": '"SEK"'}
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    path = tmp_path / "saved_mappings" / f"{FLOW}.json"
    document = json.loads(path.read_bytes())
    del document["examples"][1:]
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")
    return Workspace(tmp_path)


@pytest.fixture
def call(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Call:
    """call(words…): exit code, standard output, standard error."""

    def called(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--workspace", str(workspace.root)])
        return code, *capsys.readouterr()

    return called


@pytest.fixture
def change(workspace: Workspace) -> Callable[[Any], None]:
    def apply(operation: Any) -> None:
        drafts = Drafts(workspace, SystemClock())
        drafts.apply(FLOW, [operation], by="anna", revision=drafts.open(FLOW).revision)

    return apply


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_flow_without_a_version_says_when_it_gets_one(call: Call) -> None:
    code, out, _ = call("versions", FLOW)

    assert code == 0 and "has no version yet: one is numbered at a flow's first run" in out


def test_publish_shows_what_changes_and_versions_lists_it(call: Call, change: Callable[[Any], None]) -> None:
    change(TITLE)
    assert "There is a draft, last changed by anna." in call("versions", FLOW)[1]
    code, out, _ = call("publish", FLOW, "--name", "Shorter title", "--by", "Anna")
    assert code == 0
    assert "  Title of the flow: changed\n    - Orders from CCV Shop" in out
    assert f"Version 2 (Shorter title) of {FLOW} is published." in out

    _, out, _ = call("versions", FLOW)
    lines = out.splitlines()
    assert lines[0].split() == ["version", "name", "by", "at", "runs", "last", "run", "hash"]
    assert "Shorter title" in lines[1] and "published now" in lines[1]
    assert "edited in its file" in lines[2] and "draft" not in out


def test_a_version_comes_back_under_a_new_number(call: Call, change: Callable[[Any], None]) -> None:
    change(TITLE)
    call("publish", FLOW)
    code, out, _ = call("publish", FLOW, "--version", "1", "--json")
    [published] = [held for held in objects(out) if held["kind"] == "published"]

    assert code == 0 and (published["number"], published["as_number"]) == (3, 1)
    _, out, _ = call("versions", FLOW)
    assert "published now; as version 1 was" in out and "the same as now" in out


def test_differing_examples_are_shown_and_a_reason_publishes(call: Call, change: Callable[[Any], None]) -> None:
    change(SEK)
    code, out, _ = call("publish", FLOW)
    assert code == 1
    assert 'order.CurrencyCode: expected "EUR", found "SEK"' in out and "--anyway REASON" in out

    assert call("publish", FLOW, "--anyway", "we sell in Sweden now")[0] == 0
    assert "published anyway: we sell in Sweden now" in call("versions", FLOW)[1]


def test_errors_are_told_with_their_places(call: Call, change: Callable[[Any], None]) -> None:
    change({**SEK, "formula": "$upercase(currency)"})
    code, _, err = call("publish", FLOW)

    assert code == 2 and f"{FLOW}.json:" in err and "upercase" in err


def test_file_that_changed_is_a_question(call: Call, change: Callable[[Any], None], workspace: Workspace) -> None:
    change(TITLE)
    path = workspace.flows / f"{FLOW}.json"
    path.write_text(path.read_text().replace('"wait_days": 30', '"wait_days": 10'), encoding="utf-8")
    code, out, _ = call("publish", FLOW)

    assert code == 1 and "was changed since your draft began" in out and "add --over" in out
    assert call("publish", FLOW, "--over")[0] == 0


def test_connectors_that_changed_since_are_told(call: Call, workspace: Workspace) -> None:
    call("publish", FLOW, "--name", "First")
    schema = workspace.connectors / "eaccounting" / "orders.schema.json"
    schema.write_bytes(schema.read_bytes() + b"\n")
    _, out, _ = call("versions", FLOW)

    assert "The files of its connectors have changed since" in out and "published now" not in out


def test_diff_tells_each_difference_in_words(call: Call, change: Callable[[Any], None]) -> None:
    code, out, _ = call("diff", FLOW)
    assert (code, out) == (0, f"{FLOW}: there is nothing else to compare with.\n")

    change(SEK)
    code, out, _ = call("diff", FLOW)
    assert code == 0 and out == (
        f"{FLOW}: from published to draft\n\n"
        "  Step «order», field «Currency»: changed\n"
        "    - currency\n      the currency\n"
        '    + "SEK"\n      “SEK”\n'
        "1 difference.\n"
    )


def test_diff_says_a_value_once(call: Call, change: Callable[[Any], None]) -> None:
    change({"op": "set_answer", "question": "unit", "value": "Doos"})
    change({"op": "set_answer", "question": "articles", "value": "fail"})
    _, out, _ = call("diff", FLOW)

    assert "    - Stuk\n    + Doos\n" in out
    assert "    - create\n      Make a minimal one\n    + fail\n      Park the order\n" in out


def test_diff_of_two_versions_for_scripts(call: Call, change: Callable[[Any], None]) -> None:
    change(TITLE)
    call("publish", FLOW, "--name", "Shorter title")
    _, out, _ = call("diff", FLOW, "1", "shorter title", "--json")
    compared, changed = objects(out)

    assert (compared["before"], compared["after"]) == ("version 1", "version 2 (Shorter title)")
    assert (changed["where"], changed["change"], changed["after"]) == ("title", "changed", "Orders to the books")
    _, back, _ = call("diff", FLOW, "2", "1", "--json")
    assert objects(back)[1]["after"] == changed["before"]
    assert "and version 2 (Shorter title) are the same" not in call("diff", FLOW, "1")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diff", FLOW, "7"), "none is known yet"),
        (("versions", "ccv-orders"), "there is no flow 'ccv-orders'"),
        (("publish", FLOW + "s"), f"Did you mean '{FLOW}'"),
        (("read", "nobody"), "there is no flow 'nobody'"),
        (("read", FLOW, "--version", "9"), "none is known yet"),
        (("publish", FLOW, "--version", "9"), "none is known yet"),
        (("diff", "../x", "draft", "published"), "there is no flow '../x'"),
    ],
)
def test_what_is_not_there_is_said(call: Call, words: tuple[str, ...], said: str) -> None:
    code, _, err = call(*words)

    assert code == 2 and said in err


def test_read_tells_the_flow_as_text_page_and_json(call: Call, change: Callable[[Any], None]) -> None:
    _, text, _ = call("read", FLOW)
    assert text.startswith("Orders from CCV Shop to eAccounting\n====") and "- Currency: the currency\n" in text
    _, page, _ = call("read", FLOW, "--html")
    assert page.startswith("<!doctype html>") and "<li>Currency: the currency</li>" in page
    change(SEK)
    _, draft, _ = call("read", FLOW, "--version", "draft", "--json")
    [told] = objects(draft)
    assert told["label"] == "Draft" and told["steps"][2]["name"] == "order"


def test_a_draft_that_breaks_its_schema_cannot_be_read(call: Call, workspace: Workspace) -> None:
    Drafts(workspace, SystemClock()).create("new", '{"title": "New"}', "anna")
    code, _, err = call("read", "new", "--version", "draft")

    assert code == 2 and "draft cannot be read: it breaks its schema" in err
    assert "new: from nothing to draft" in call("diff", "new")[1]
