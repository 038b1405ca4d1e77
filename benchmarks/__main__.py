"""All benchmarks, one after the other: `python -m benchmarks [--long]`; see README.md."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import NamedTuple

from benchmarks.stage import ROOT


class Benchmark(NamedTuple):
    """A module that is run, with the words of a short and of a long run; None where that run leaves it out."""

    module: str
    short: str | None
    long: str | None


BENCHMARKS = {
    "map": Benchmark("benchmarks.map", "", "--long"),
    "preview": Benchmark("benchmarks.preview", "", ""),
    "plain": Benchmark("benchmarks.plain", "", ""),
    "exactness": Benchmark("benchmarks.exactness", None, "--pairs 200000"),  # needs Node
    "whole_sync": Benchmark("benchmarks.whole_sync", "--orders 500", "--orders 2000 --rounds 3"),
    "memory": Benchmark("benchmarks.memory", "", "--long"),
    "purge": Benchmark("benchmarks.purge", "--records 10000", ""),
    "support": Benchmark("benchmarks.support", "--records 50000", "--screen"),  # which needs Chromium
    "start": Benchmark("benchmarks.start", "--rounds 5", "--rounds 5"),
    "formulas": Benchmark("benchmarks.formulas", "", ""),
    "serve": Benchmark("benchmarks.serve", "--orders 20 --idle 30", "--orders 50 --idle 300"),
    "studio": Benchmark("benchmarks.studio", "", ""),  # needs Chromium
}


def main() -> int:
    """Run each in a process of its own; 1 when one could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--long", action="store_true", help="the full counts: about three quarters of an hour")
    parser.add_argument("--only", nargs="+", choices=list(BENCHMARKS), metavar="NAME", help=", ".join(BENCHMARKS))
    asked = parser.parse_args()
    failed = False
    for name in asked.only or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        words = benchmark.long if asked.long else benchmark.short
        if words is None:
            print(f"\n== {name}: with --long only", flush=True)
            continue
        print(f"\n== {name} {words}", flush=True)
        call = [sys.executable, "-m", benchmark.module, *words.split()]
        failed |= subprocess.run(call, cwd=ROOT).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
