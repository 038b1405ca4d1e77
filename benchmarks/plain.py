"""How many formulas of the shipped flows are plain, and which are not: `python -m benchmarks.plain`."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.stage import ROOT
from engine import is_plain
from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.runs.reading import flow_formulas

LEAST_SHARE = 0.95


def formulas(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """(place, formula) of every formula of every flow."""
    for name in workspace.flow_names():
        for path, formula in flow_formulas(load_flow(workspace, name).flow):
            yield f"{name} {path}", formula


def main() -> None:
    """Print the share, whether it is reached, and each formula that is not plain."""
    found = list(formulas(Workspace(ROOT)))
    others = [place for place, formula in found if not is_plain(formula)]
    share = 1 - len(others) / len(found)
    verdict = "reached" if share >= LEAST_SHARE else "MISSED"
    print(f"{verdict}: {len(found) - len(others)} of {len(found)} formulas are plain, {share:.1%} ", end="")
    print(f"(at least {LEAST_SHARE:.0%})")
    for place in others:
        print(f"  not plain: {place}")


if __name__ == "__main__":
    main()
