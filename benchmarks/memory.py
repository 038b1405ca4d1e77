"""Peak memory and time an order for few and for many orders: `python -m benchmarks.memory [--long]`."""

from __future__ import annotations

import argparse
from typing import Any

from benchmarks.stage import child, given, stage

MOST_MB_MORE = 30
MOST_SLOWER = 1.10


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--few", type=int, default=500)
    parser.add_argument("--many", type=int, default=2_000)
    parser.add_argument("--long", action="store_true", help="the full figure: 2,000 against 20,000 orders")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def measure(orders: int, threads: int, workers: int) -> dict[str, Any]:
    """One sync by the engine in a process of its own: peak MB, CPU and seconds an order."""
    with stage(orders) as here:
        said = child("benchmarks.engine_once", given(here), threads, workers)
    read = max(1, said["counts"]["read"])
    return {
        "orders": orders,
        "peak_mb": said["peak_mb"],
        "ms_an_order": said["seconds"] * 1000 / read,
        "cpu_ms_an_order": said["cpu_seconds"] * 1000 / read,
        "counts": said["counts"],
    }


def main() -> None:
    """Measure few, then many, and compare."""
    asked = _arguments()
    few, many = (2_000, 20_000) if asked.long else (asked.few, asked.many)
    small, large = (measure(orders, asked.threads, asked.workers) for orders in (few, many))
    for found in (small, large):
        print(
            f"{found['orders']} orders: peak {found['peak_mb']:.0f} MB, {found['ms_an_order']:.1f} ms an order ", end=""
        )
        print(f"({found['cpu_ms_an_order']:.1f} ms CPU of the engine's own process), {found['counts']}")
    more, slower = large["peak_mb"] - small["peak_mb"], large["ms_an_order"] / small["ms_an_order"]
    slower_cpu = large["cpu_ms_an_order"] / small["cpu_ms_an_order"]
    print(f"{more:+.0f} MB (at most +{MOST_MB_MORE}); time an order × {slower:.2f}, CPU × {slower_cpu:.2f} ", end="")
    print(f"(at most {MOST_SLOWER})")


if __name__ == "__main__":
    main()
