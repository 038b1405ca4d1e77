"""Another flow on the same stage: the same systems, ledger and clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.flows.library import load_flow
from engine.runs.run import RunReport


@dataclass
class Beside:
    """A flow beside the stage's own. `at` is the stage as this flow sees it."""

    flow: str
    at: Any

    def run(self, *arguments: Any, **answers: Any) -> RunReport:
        report: RunReport = self.at.run(*arguments, **answers)
        return report

    def record(self, number: str) -> Any:
        found = [r for r in self.at.ledger.find_records(number) if r.number == number and r.flow == self.flow]
        assert len(found) == 1, f"{len(found)} records of number {number}"
        return found[0]

    def state(self, number: str) -> str:
        return str(self.record(number).state)

    def outcomes(self, number: str) -> list[str]:
        record = self.record(number)
        return [outcome.outcome for outcome in self.at.ledger.outcomes(self.flow, "default", record.key)]

    def says(self, number: str) -> str:
        """Why the record is parked, skipped or waits."""
        record = self.record(number)
        return str(record.problems[0].what if record.problems else record.reason)


def beside(stage: Any, flow: str, **answers: Any) -> Beside:
    """Open another flow of the stage's workspace."""
    return Beside(flow, replace(stage, loaded=load_flow(stage.workspace, flow), answers=answers))


def written(stage: Any, system: str) -> list[tuple[str, str]]:
    """What has been written to a system since this was last asked."""
    seen = stage.__dict__.setdefault("writes_seen", {})
    all_of_them = stage.writes(system)
    fresh: list[tuple[str, str]] = all_of_them[seen.get(system, 0) :]
    seen[system] = len(all_of_them)
    return fresh
