"""A workspace with stored orders, and the page of value tables drawn over it without a browser."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.design.lookups import table_of
from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger, PulledRecord
from studio.state import WORKSPACE, drafts, shared_drafts, shared_things

ROOT = Path(__file__).resolve().parents[3]
FLOW = "ccv-orders-to-eaccounting"
ORDER = json.loads((ROOT / "connector_specs" / "ccv-shop" / "samples" / "orders.json").read_bytes())[0]


def store_orders(workspace: Path, flow: str) -> None:
    """Two orders in the ledger, one of them paid in a way that has no row."""
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        for number, method in (("W-1", "sandboxpay_ideal"), ("W-2", "klarna_later")):
            payload = {**copy.deepcopy(ORDER), "ordernumber_full": number, "paymethod": method}
            ledger.store_page(
                flow, "default", None, [PulledRecord(number, number, "v", payload)], None, datetime.now(UTC)
            )


def make_workspace(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    shutil.copytree(ROOT / "saved_mappings", folder / "saved_mappings")
    return folder


def script() -> None:
    """What the page's route calls."""
    from studio.pages.lookups import lookups_page

    lookups_page()


@dataclass
class Screen:
    """The page over one flow."""

    app: AppTest
    flow: str

    def rows(self, lookup: str) -> dict[str, Any]:
        """The rows of the draft."""
        return dict(table_of(drafts().open(self.flow).text, lookup).rows)

    def click(self, label: str) -> None:
        """The first button of this label that can be used."""
        found = [button for button in self.app.button if button.label == label and not button.disabled]
        assert found, [button.label for button in self.app.button]
        found[0].click().run()
        assert not self.app.exception

    def says(self) -> str:
        """Every text on the page, without what keeps it from being read as Markdown."""
        kinds = ("header", "subheader", "markdown", "caption", "error", "warning", "info")
        return "\n".join(each.value for kind in kinds for each in getattr(self.app, kind)).replace("\\", "")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = make_workspace(tmp_path_factory.mktemp("lookups") / "studio")
        patch.setenv(WORKSPACE, str(folder))
        for held in (shared_things, shared_drafts):
            held.forget()
        yield folder
        for held in (shared_drafts, shared_things):
            held.forget()


@pytest.fixture
def show(workspace: Path, request: pytest.FixtureRequest) -> Callable[..., Screen]:
    """show(lookup): the page over a flow of the test's own; with change, its document changed first."""

    def shown(lookup: str = "payment_terms", change: Callable[[dict[str, Any]], object] | None = None) -> Screen:
        flow = "flow-" + request.node.name.replace("_", "-")[:60].partition("[")[0]
        document = json.loads((ROOT / "saved_mappings" / f"{FLOW}.json").read_bytes())
        if change is not None:
            change(document)
        (workspace / "saved_mappings" / f"{flow}.json").write_text(json.dumps(document), encoding="utf-8")
        store_orders(workspace, flow)
        app = AppTest.from_function(script, default_timeout=60)
        app.query_params["flow"] = flow
        app.query_params["lookup"] = lookup
        app.run()
        assert not app.exception
        return Screen(app, flow)

    return shown
