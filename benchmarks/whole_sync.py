"""A whole sync by the engine against the same sync by a bare script: `python -m benchmarks.whole_sync`."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.stage import child, given, stage

TARGET_RATIO = 1.3


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_sync", description=__doc__)
    parser.add_argument("--orders", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=1, help="repeat in turn and take the medians")
    parser.add_argument("--threads", type=int, default=8, help="of the engine and of the script alike")
    parser.add_argument("--workers", type=int, default=2, help="formula workers of the engine")
    parser.add_argument("--delay-ms", type=float, default=25, help="how late a system on the internet answers")
    parser.add_argument("--only", choices=["at-once", "delayed"])
    parser.add_argument("--json", action="store_true", help="one JSON object a measurement")
    return parser.parse_args()


def measure(who: str, asked: argparse.Namespace, delay_ms: float) -> dict[str, Any]:
    """One sync on a fresh stage, in a process of its own: seconds, CPU seconds, requests."""
    with stage(asked.orders) as here:
        here.delay(delay_ms)
        before = here.cpu_seconds()
        if who == "engine":
            said = child("benchmarks.engine_once", given(here), asked.threads, asked.workers)
        else:
            said = child("benchmarks.bare", given(here), asked.threads)
        said["sandbox_cpu_seconds"] = here.cpu_seconds() - before
        said["requests"] = here.requests()
        return said


def compare(asked: argparse.Namespace, delay_ms: float) -> dict[str, Any]:
    """Engine and script in turn; the medians and their ratio."""
    runs: dict[str, list[dict[str, Any]]] = {"bare": [], "engine": []}
    for _ in range(asked.rounds):
        for who, held in runs.items():
            held.append(measure(who, asked, delay_ms))
    engine, bare = runs["engine"], runs["bare"]

    def of(held: list[dict[str, Any]], name: str) -> float:
        return median(float(run[name]) for run in held)

    per_order = 1000 / max(1, engine[0]["counts"]["read"])
    return {
        "delay_ms": delay_ms,
        "orders": asked.orders,
        "engine_seconds": of(engine, "seconds"),
        "bare_seconds": of(bare, "seconds"),
        "ratio": of(engine, "seconds") / of(bare, "seconds"),
        "engine_cpu_ms": of(engine, "cpu_seconds") * per_order,
        "worker_cpu_ms": of(engine, "worker_cpu_seconds") * per_order,
        "sandbox_cpu_ms": of(engine, "sandbox_cpu_seconds") * per_order,
        "bare_cpu_ms": of(bare, "cpu_seconds") * per_order,
        "bare_sandbox_cpu_ms": of(bare, "sandbox_cpu_seconds") * per_order,
        "engine_counts": engine[-1]["counts"],
        "bare_counts": bare[-1]["counts"],
        "requests_that_differ": dict(_differences(engine[-1]["requests"], bare[-1]["requests"])),
        "requests": sum(engine[-1]["requests"].values()),
    }


def _differences(engine: Counter[str], bare: Counter[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    for kind in sorted(engine.keys() | bare.keys()):
        if engine[kind] != bare[kind]:
            yield kind, (engine[kind], bare[kind])


def _show(found: dict[str, Any], asked: argparse.Namespace) -> None:
    late = found["delay_ms"]
    print(f"Sandbox answers {f'after {late:g} ms' if late else 'at once'}: {found['orders']} orders, ", end="")
    print(f"{asked.threads} threads, {asked.workers} formula worker(s), {found['requests']} requests")
    print(f"  engine {found['engine_seconds']:.1f} s · bare script {found['bare_seconds']:.1f} s · ", end="")
    print(f"ratio {found['ratio']:.2f} (target at most {TARGET_RATIO})")
    print(f"  CPU an order: engine {found['engine_cpu_ms']:.1f} ms + its formula workers ", end="")
    print(f"{found['worker_cpu_ms']:.1f} ms, sandbox {found['sandbox_cpu_ms']:.1f} ms; ", end="")
    print(f"script {found['bare_cpu_ms']:.1f} ms, its sandbox {found['bare_sandbox_cpu_ms']:.1f} ms")
    print(f"  engine {found['engine_counts']}")
    print(f"  script {found['bare_counts']}; requests that differ (engine, script): {found['requests_that_differ']}")


def main() -> None:
    """Measure with the sandbox answering at once, then late."""
    asked = _arguments()
    delays = {"at-once": 0.0, "delayed": asked.delay_ms}
    for name, delay_ms in delays.items():
        if asked.only in (None, name):
            found = compare(asked, delay_ms)
            print(json.dumps(found)) if asked.json else _show(found, asked)


if __name__ == "__main__":
    main()
