"""All benchmarks, one after the other: `python -m benchmarks [--long]`; see README.md."""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.stage import ROOT

SHORT = {"whole_sync": ["--orders", "500"], "memory": [], "start": ["--rounds", "5"], "formulas": []}
LONG = {"whole_sync": ["--orders", "2000", "--rounds", "3"], "memory": ["--long"]}


def main() -> int:
    """Run each in a process of its own; 1 when one could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--long", action="store_true", help="the full counts: about half an hour")
    asked = parser.parse_args()
    failed = False
    for name, words in (SHORT | (LONG if asked.long else {})).items():
        print(f"\n== {name} {' '.join(words)}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *words], cwd=ROOT).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
