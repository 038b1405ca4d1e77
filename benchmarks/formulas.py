"""What the shipped flow's formulas cost a record: `python -m benchmarks.formulas`."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.engine_once import opened_flow
from benchmarks.stage import SYSTEMS, stage
from engine.formulas import MISSING, Ask, Environment, Formulas, Program, Shared
from engine.runs.opening import OpenFlow, OpenStep

Measured = tuple[str, float]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.formulas", description=__doc__)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3, help="the fastest round counts")
    return parser.parse_args()


class Bench:
    """Evaluates the programs of an opened flow over the sandbox's orders, without any writing."""

    def __init__(self, opened: OpenFlow, records: list[dict[str, Any]], rounds: int) -> None:
        self._formulas: Formulas = opened.formulas
        self._environment: Environment = opened.environment
        self._opened = opened
        self._rounds = rounds
        self._shared = [Shared({"record": record}) for record in records]

    def all(self) -> list[Measured]:
        """(what, µs a record), in the order of a delivery."""
        found = [("values of the flow", self._each(self._values))]
        self._shared = [self._with_values(shared) for shared in self._shared]
        for step in self._opened.steps:
            found.append((f"step {step.step.name}: gates, aims, checks, fields", self._each(self._asking(step))))
        return found

    def _each(self, work: Callable[[Shared], object]) -> float:
        """Microseconds a record of the fastest round."""
        best = float("inf")
        for _ in range(self._rounds):
            began = time.perf_counter()
            for shared in self._shared:
                work(shared)
            best = min(best, time.perf_counter() - began)
        return best * 1e6 / len(self._shared)

    def _with_values(self, shared: Shared) -> Shared:
        values = self._values(shared)
        return shared.changed(values=values, steps=self._steps(values))

    def _values(self, shared: Shared) -> dict[str, Any]:
        jobs: list[tuple[Any, dict[str, Any]]] = [(shared["record"], {})]
        program: Program = self._opened.values
        [found] = self._formulas.evaluate(program, self._environment, jobs, shared=shared, chain="values")
        return {name: each.value for name, each in found.items() if each.error is None and each.value is not MISSING}

    @staticmethod
    def _steps(values: dict[str, Any]) -> dict[str, Any]:
        """What earlier steps would have answered, as far as formulas read it."""
        lines = values.get("lines") or []
        numbers = [line.get("number") for line in (lines if isinstance(lines, list) else [lines])]
        customer = {"Id": "1", "IsPrivatePerson": True, "InvoiceCountryCode": "NL"}
        articles = {str(number): {"Id": "2", "CodingId": "3"} for number in numbers}
        return {"customer": customer, "articles": articles, "order": {"Id": "4", "Number": 5}}

    def _asking(self, step: OpenStep) -> Callable[[Shared], object]:
        def ask(shared: Shared) -> None:
            fresh = shared.changed()  # what one round asked ahead must not help the next
            record = fresh["record"]
            asks: list[Ask] = [(step.gates, [(record, {})]), (step.aims, [(record, {})])]
            if step.before is not None:
                asks.append((step.before, [(record, {})]))
            self._formulas.ask_ahead(
                self._environment, [*asks, *step.fields.asks(record, fresh, self._environment)], fresh
            )

        return ask


def main() -> None:
    """Print µs a record for each part, the sum, and the workers' CPU."""
    asked = _arguments()
    with stage(asked.orders) as here:
        credentials = {name: here.credentials(name) for name in SYSTEMS}
        with opened_flow(Path(here.folder), credentials, workers=1) as (opened, _, _):
            pages = opened.source.read(opened.loaded.flow.source.resource, {"since": None})
            records = [
                opened.source.with_children(opened.loaded.flow.source.resource, "read", record)
                for page in pages
                for record in page.records
            ]
            found = Bench(opened, records, asked.rounds).all()
    sizes = sum(len(json.dumps(record)) for record in records) / len(records)
    print(f"{len(records)} orders of {sizes:.0f} bytes, one formula worker, journey included")
    for what, microseconds in found:
        print(f"{microseconds:9.0f} µs  {what}")
    print(f"{sum(microseconds for _, microseconds in found):9.0f} µs  together")
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"(worker's CPU for all rounds: {cpu.ru_utime + cpu.ru_stime:.1f} s)")


if __name__ == "__main__":
    main()
