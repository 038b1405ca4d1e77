"""An earlier version is brought back as a new one, byte for byte, or it is said why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk
from engine.design.drafts import Drafts
from engine.design.publishing import publish, roll_back
from engine.design.versions import history
from engine.errors import DocumentError, PublishedChanged
from tests.design.versions.test_publishing import DESCRIPTION, FLOW, WRONG_NAME


def test_roll_back_publishes_the_old_bytes_as_a_new_version(
    things: Desk, file: Path, change: Callable[..., str]
) -> None:
    before = file.read_bytes()
    change(DESCRIPTION)
    publish(things, FLOW, by="anna", name="Clearer")
    done = roll_back(things, FLOW, "1", by="bo", name="As before")

    assert file.read_bytes() == before
    assert (done.version.number, done.version.as_number, done.version.name) == (3, 1, "As before")
    assert [v.is_published for v in history(things, FLOW).versions] == [True, False, False]
    assert done.connector_files == () and [c.says for c in done.changes] == ["Step «order», title: changed"]
    assert roll_back(things, FLOW, "clearer", by="bo").version.as_number == 2


def test_roll_back_leaves_a_draft_and_says_so(things: Desk, drafts: Drafts, change: Callable[..., str]) -> None:
    change(DESCRIPTION)
    publish(things, FLOW, by="anna")
    mine = change({"op": "set_title", "title": "Mine"})
    done = roll_back(things, FLOW, "1", by="bo")

    assert done.keeps_draft and drafts.open(FLOW).text == mine
    with pytest.raises(PublishedChanged):
        publish(things, FLOW, by="anna")


def test_roll_back_to_what_is_published_is_refused(things: Desk, change: Callable[..., str]) -> None:
    change(DESCRIPTION)
    publish(things, FLOW, by="anna")
    with pytest.raises(DocumentError, match="version 2 is what is published already"):
        roll_back(things, FLOW, "2", by="bo")
    with pytest.raises(DocumentError, match="there is no version '9'"):
        roll_back(things, FLOW, "9", by="bo")


def test_roll_back_says_which_connector_files_are_others_now(
    things: Desk, change: Callable[..., str], workspace: Any
) -> None:
    change(DESCRIPTION)
    publish(things, FLOW, by="anna")
    schema = workspace.connectors / "eaccounting" / "orders.schema.json"
    schema.write_text(schema.read_text().replace('"Currency"', '"Money"', 1))
    done = roll_back(things, FLOW, "1", by="bo")

    assert done.connector_files == ("connector_specs/eaccounting/orders.schema.json",)
    new, *_, old = things.ledger.versions(FLOW)
    assert new.file_sha256 == old.file_sha256 and new.hash != old.hash


def test_roll_back_to_what_no_longer_fits_its_connector_is_refused_with_the_reason(
    things: Desk, file: Path, change: Callable[..., str], workspace: Any
) -> None:
    change(WRONG_NAME)
    publish(things, FLOW, by="anna", anyway="test")
    change({"op": "set_formula", "step": "order", "target": "YourReference", "formula": ""})
    publish(things, FLOW, by="anna", anyway="test")
    before = file.read_bytes()
    path = workspace.connectors / "eaccounting" / "orders.schema.json"
    schema = json.loads(path.read_bytes())
    del schema["properties"]["YourReference"]
    path.write_text(json.dumps(schema))
    with pytest.raises(DocumentError) as caught:
        roll_back(things, FLOW, "2", by="bo", anyway="quick")

    assert any("YourReference" in problem.what for problem in caught.value.problems)
    assert "orders.schema.json" in caught.value.problems[-1].what
    assert file.read_bytes() == before and len(things.ledger.versions(FLOW)) == 3
