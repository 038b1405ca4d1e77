"""A workspace whose ledger is made to tell what Home has to show; no system is asked for anything."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.connectors.clock import Clock, FakeClock
from engine.design.desk import Desk
from engine.design.drafts import Drafts
from engine.design.home.health import FlowHealth
from engine.design.home.needing import Need
from engine.design.home.whole import Home, home
from engine.documents.workspace import Workspace
from engine.errors import Cause, Problem, SignInNeeded, StudioError
from engine.formulas import Formulas
from engine.runs.ledger import PulledRecord
from engine.runs.ledger.timetable import Planned
from engine.runs.telling.causes import tell_not_begun
from tests.at_hand import REPOSITORY, new_ledger

ORDERS, STOCK = "ccv-orders-to-eaccounting", "eaccounting-stock-to-ccv"
AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")
NO_ROW = Problem("step order (Books), field Terms", "the lookup «Terms» has no row for ‹later›", "Add it.", "M2001")
REFUSED = Problem("step order (Books)", "The article A-1 is not active.", "Activate it.", "4005")
SIGN_IN = SignInNeeded("we are not signed in", cause=Cause.NOT_SIGNED_IN, where="Visma eAccounting (orders)")


class Stage:
    """A workspace with these shipped flows, its ledger and a clock, which stands unless another is given."""

    def __init__(self, folder: Path, formulas: Formulas, *flows: str, clock: Clock | None = None) -> None:
        self.folder, self.clock = folder, clock or FakeClock(AT)
        folder.mkdir(parents=True)
        (folder / "connector_specs").symlink_to(REPOSITORY / "connector_specs", target_is_directory=True)
        (folder / "saved_mappings").mkdir()
        for name in flows:
            shutil.copy(REPOSITORY / "saved_mappings" / f"{name}.json", folder / "saved_mappings")
        workspace = Workspace(folder)
        self.ledger = new_ledger(workspace.ledger_path)
        self.desk = Desk(workspace, self.ledger, formulas, self.clock)
        self.drafts = Drafts(workspace, self.clock)

    def connect(self, *systems: str) -> None:
        for name in systems or ("ccv-shop", "eaccounting"):
            self.ledger.save_connection(name, name, {}, set(), "127.0.0.1", True, self.clock.now())
            self.ledger.write_tokens(name, {"access_token": "x"}, self.clock.now())

    def run(self, flow: str = ORDERS, *, ago: float = 2, state: str = "ended", problem: Problem | None = None) -> int:
        """A whole run so many minutes ago."""
        began = self.clock.now() - timedelta(minutes=ago)
        run = self.ledger.start_run(flow, "default", "v", "all", began)
        if state != "running":
            self.ledger.end_run(run, began, {"created": 1}, state, problem)
        return run

    def records(self, *numbers: str, outcome: str | None = "created", currency: str = "SEK", **more: Any) -> None:
        flow, ago = more.pop("flow", ORDERS), more.pop("ago", 0)
        at, problem = self.clock.now() - timedelta(minutes=ago), more.pop("problem", NO_ROW)
        for number in numbers:
            amount = Decimal(number.removeprefix("W-"))
            pulled = PulledRecord(number, number, "v", {"id": number}, amount=amount, currency=currency, **more)
            self.ledger.store_page(flow, "default", None, [pulled], None, at)
            if outcome:
                problems = [problem] if outcome == "parked" else []
                self.ledger.finish_record(flow, "default", number, "v", outcome, "", problems, None, None, at)

    def serve(self, *, due_in: float = 3) -> None:
        """`serve` lives, and the orders are due in so many minutes."""
        self.ledger.looked_at(self.clock.now())
        plan = '[[{"every_minutes": 5, "cron": null, "days": "", "hours": ""}], "Europe/Stockholm"]'
        due_at = self.clock.now() + timedelta(minutes=due_in)
        self.ledger.plan_flow(Planned(ORDERS, "default", plan, due_at))

    def stop(self, error: StudioError, flow: str = ORDERS) -> None:
        """A whole run was stopped by this."""
        self.run(flow, state="stopped", problem=error.as_problem())
        tell_not_begun(self.ledger, flow, "default", error, self.clock.now(), whole=True)

    def look(self) -> Home:
        return home(self.desk, self.drafts, ZONE)

    def flow(self, name: str = ORDERS) -> FlowHealth:
        return next(each for each in self.look().flows if each.flow == name)

    def needs(self) -> dict[str, Need]:
        return {need.kind: need for need in self.look().needs}
