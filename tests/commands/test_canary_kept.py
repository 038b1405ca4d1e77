"""A shop's buyer, and what signs in to the systems, after everything that writes files: nothing of them in the open."""

from __future__ import annotations

import json
from pathlib import Path

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger
from tests import canary
from tests.commands.conftest import FLOW, ROOT, Ran, say


def test_no_file_holds_the_buyer_or_a_secret_after_everything_that_writes_files(ran: Ran, tmp_path: Path) -> None:
    workspace = ran.workspace
    parked, arrived = "W-10001", "W-10002"
    operations = tmp_path / "operations.ndjson"
    operations.write_text(
        json.dumps(
            {"op": "link", "step": "order", "target": "YourReference", "source": "customer.email", "how": "first"}
        )
    )
    for words in (
        ("edit", FLOW, str(operations), "--by", "Ann"),
        ("mend", parked, "--set", f"customer.billingaddress.mobile={canary.TELEPHONE}"),
        ("replay", parked),
        ("explain", arrived),
        ("history",),
        ("audit",),
        ("samples", FLOW),
        ("lookups", FLOW),
        ("bindings", FLOW, "--export", str(tmp_path / "bindings.json")),
        ("backup", str(tmp_path / "studio.tar"), "--key", str(tmp_path / "studio.key")),
    ):
        assert say(workspace, *words).code in (0, 1), words
    assert (tmp_path / "studio.tar").stat().st_size > 10_000

    with Ledger.open(Workspace(workspace).ledger_path) as ledger:  # the buyer is there, or nothing was looked for
        assert {record.number for record in ledger.find_records(canary.NAME)} >= {parked, arrived}
        assert canary.TELEPHONE in str(ledger.find_records(parked)[0].payload)
    files = [*canary.files_of_workspaces(workspace.parent), *tmp_path.iterdir()]
    assert {"ledger.sqlite", "key", "studio.tar"} <= {path.name for path in files}
    assert canary.leaks_in_files(files) == []


def test_pictures_are_taken_of_a_trial_alone() -> None:
    """scripts/pictures makes a workspace of its own and begins a trial in it; it can be given no other."""
    script = (ROOT / "scripts" / "take_pictures.py").read_text(encoding="utf-8")
    asked = {line.split('"')[1] for line in script.splitlines() if "add_argument(" in line}

    assert asked == {"--to", "--language", "--width"}
    assert "tempfile.TemporaryDirectory()" in script and ".st-key-way_trial button" in script
