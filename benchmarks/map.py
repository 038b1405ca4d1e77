"""`map` text to text, against what else maps the same orders: `python -m benchmarks.map [--long]`; see README.md."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.orders import COMPACT, SPACED, order, write
from benchmarks.peers import here
from benchmarks.peers.by_hand import mapped
from benchmarks.programs import NotMeasured, Program, Timed, run, timed

WORKSPACE = Path(__file__).parent / "mapping"
FLOW, PATTERN_FLOW = "web-orders", "web-orders-with-a-pattern"
MAP, PATTERN, TWO, WIDE = "map", "map, one field a pattern", "map --workers 2", "map, spaced text"
HAND, JS, PYTHON, NODE_RED = "by hand", "jsonata-js", "jsonata-python", "Node-RED"
PEERS = {HAND: here.by_hand, JS: here.jsonata_js, NODE_RED: here.node_red, PYTHON: here.jsonata_python}
LINES = {MAP: 40_000, WIDE: 40_000, TWO: 80_000, PATTERN: 10_000}
LINES |= {HAND: 40_000, JS: 12_000, NODE_RED: 8_000, PYTHON: 1_000}  # Node is warm after some 5,000
LONG_TIMES = 3
COMPARED = 300
FEW_MANY, LONG_FEW_MANY = (10_000, 40_000), (100_000, 1_000_000)
MOST_MB_MORE = 10

# What must be reached: (what, how many times the rate of what, at least)
RATIOS = ((MAP, JS, 8.0), (MAP, HAND, 0.55), (TWO, MAP, 1.7))
PATTERN_RATE = 3_000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.map", description=__doc__)
    parser.add_argument("--long", action="store_true", help="three times the lines, five rounds, a million for memory")
    parser.add_argument("--rounds", type=int, help="how often each is timed; medians count (3, with --long 5)")
    parser.add_argument("--only", nargs="+", choices=list(LINES), metavar="WHAT", help=f"of: {', '.join(LINES)}")
    return parser.parse_args()


# --- what is measured


def programs(workspace: Path, times: int) -> Iterator[tuple[Program, str]]:
    """Every program that can run here, with what it is in full; says of the others why they cannot."""
    for name, flow, workers in ((MAP, FLOW, 1), (PATTERN, PATTERN_FLOW, 1), (TWO, FLOW, 2), (WIDE, FLOW, 1)):
        yield Program(name, map_words(workspace, flow, workers), LINES[name] * times), name
    for name, peer in PEERS.items():
        try:
            title, words = peer()
        except NotMeasured as reason:
            print(f"{name} is left out: {reason}")
            continue
        yield Program(name, words, LINES[name] * times), title


def map_words(workspace: Path, flow: str, workers: int) -> tuple[str, ...]:
    """The command that reshapes."""
    words = (sys.executable, "-m", "engine", "map", flow, "--workspace", str(workspace))
    return (*words, "--step", "order", "--workers", str(workers))


def copy_workspace(folder: Path) -> Path:
    """The workspace, with a second flow in which one field of the twenty is no plain formula: a pattern."""
    shutil.copytree(WORKSPACE, folder, ignore=shutil.ignore_patterns(".studio"))
    flows = folder / "saved_mappings"
    flow = json.loads((flows / f"{FLOW}.json").read_text(encoding="utf-8"))
    flow["steps"][0]["fields"]["invoicePostal"]["formula"] = "$replace(billing.zip, /\\s/, '')"
    (flows / f"{PATTERN_FLOW}.json").write_text(json.dumps(flow, ensure_ascii=False, indent=2), encoding="utf-8")
    return folder


# --- all give the same


def agreeing(found: list[Program], folder: Path) -> list[Program]:
    """The programs that ran and gave what most plainly is right, the hand-written mapping.

    One that cannot run is said and left out; NotMeasured where one gives something else, for then nothing compares.
    """
    given = {True: write(folder / "spaced", COMPARED, SPACED), False: write(folder / "compact", COMPARED, COMPACT)}
    outputs: dict[str, list[Any]] = {}
    for program in found:
        written = folder / "written"
        try:
            run(program.words, given[program.name == WIDE], written)
        except NotMeasured as reason:
            print(f"{program.name} is left out: {reason}")
            continue
        outputs[program.name] = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    right = [mapped(order(i)) for i in range(1, COMPARED + 1)]
    for name, output in outputs.items():
        if len(output) != COMPARED:
            raise NotMeasured(f"{name} gave {len(output)} lines for {COMPARED}")
        for number, pair in enumerate(zip(right, output, strict=True), 1):
            for path in differences(*pair):
                raise NotMeasured(f"{name} maps order {number} differently at {path or 'the top'}")
    print(f"{len(outputs)} programs give the same for {COMPARED} orders: {', '.join(outputs)}")
    return [program for program in found if program.name in outputs]


def differences(a: Any, b: Any, path: str = "") -> Iterator[str]:
    """Where two JSON values differ; numbers compare by value, and true is no number."""
    if isinstance(a, dict) and isinstance(b, dict):
        for name in {**a, **b}:
            if name not in a or name not in b:
                yield f"{path}.{name}"
            else:
                yield from differences(a[name], b[name], f"{path}.{name}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from differences(one, other, f"{path}[{i}]")
    elif a != b or isinstance(a, bool) != isinstance(b, bool):
        yield path


# --- figures


def show(found: dict[str, Timed], titles: dict[str, str]) -> None:
    """The table: rates, what they are of map's, start, CPU."""
    own = found[MAP].rate if MAP in found else None
    print(f"\n{'':38}{'orders/s':>10}{'of map':>9}{'start':>9}{'in all':>9}{'CPU/order':>12}{'lines':>9}")
    for name, one in found.items():
        part = f"{one.rate / own:.2f}" if own else "–"
        print(f"{titles[name]:38}{one.rate:10,.0f}{part:>9}{one.start_seconds:7.2f} s{one.wall_seconds:7.2f} s", end="")
        print(f"{one.cpu_microseconds:9.1f} µs{one.program.lines:9,}")
    print("orders/s and ratios: wall time of the whole process, less its time over an empty input; medians")


def warn_if_busy() -> None:
    """Say that others worked beside us: wall times are theirs too then."""
    load, processors = os.getloadavg()[1], os.cpu_count() or 1
    if load > processors:
        print(f"The machine is busy (load {load:.1f} on {processors} processors): trust ratios by CPU, or try later")


def verdicts(found: dict[str, Timed]) -> None:
    """Each target that could be measured, and whether it is reached."""
    print()
    for what, of, least in RATIOS:
        if what in found and of in found:
            by_cpu = found[of].cpu_microseconds / found[what].cpu_microseconds
            more = "" if what == TWO else f"; by CPU {by_cpu:.2f}"
            judge(f"{what} : {of}", found[what].rate / found[of].rate, least, more)
    if PATTERN in found:
        rate = found[PATTERN].rate
        print(f"{mark(rate >= PATTERN_RATE)} {PATTERN}: {rate:,.0f} orders/s (at least {PATTERN_RATE:,})", end="")
        if MAP in found:
            print(f"; {1e6 / rate - 1e6 / found[MAP].rate:+.0f} µs an order", end="")
        print()
    if WIDE in found and MAP in found:
        print(f"          {WIDE} : {MAP} = {found[WIDE].rate / found[MAP].rate:.2f}")


def judge(what: str, ratio: float, least: float, more: str) -> None:
    print(f"{mark(ratio >= least)} {what} = {ratio:.2f} (at least {least:g}{more})")


def mark(is_reached: bool) -> str:
    return "reached  " if is_reached else "MISSED   "


def memory(words: tuple[str, ...], counts: tuple[int, int], folder: Path) -> None:
    """Peak memory of `map` for few and for many lines, of which the first thousand come again and again."""
    some = write(folder / "thousand", 1_000)
    few, many = (run(words, some, times=count // 1_000).peak_mb for count in counts)
    print(f"{mark(many - few <= MOST_MB_MORE)} peak memory: {few:.0f} MB for {counts[0]:,} lines, ", end="")
    print(f"{many:.0f} MB for {counts[1]:,}: {many - few:+.0f} MB (at most +{MOST_MB_MORE})")


def main() -> int:
    """Compare, time, judge; 1 where something could not be measured."""
    asked = _arguments()
    times, rounds = (LONG_TIMES, asked.rounds or 5) if asked.long else (1, asked.rounds or 3)
    with tempfile.TemporaryDirectory(prefix="benchmark-map-") as made:
        folder = Path(made)
        workspace = copy_workspace(folder / "workspace")
        known = [one for one in programs(workspace, times) if not asked.only or one[0].name in asked.only]
        try:
            found = agreeing([program for program, _ in known], folder)
            inputs = {program.name: _input(program, folder) for program in found}
            results = {one.program.name: one for one in timed(found, inputs, rounds)}
            show(results, {program.name: title for program, title in known})
            warn_if_busy()
            verdicts(results)
            if MAP in results:
                memory(results[MAP].program.words, LONG_FEW_MANY if asked.long else FEW_MANY, folder)
        except NotMeasured as reason:
            print(f"Nothing is reported: {reason}")
            return 1
    return 0 if len(results) == len(known) else 1


def _input(program: Program, folder: Path) -> Path:
    """A file of the program's number of lines, made once for all that have the same."""
    separators = SPACED if program.name == WIDE else COMPACT
    path = folder / f"{program.lines}-{'spaced' if program.name == WIDE else 'compact'}.ndjson"
    return path if path.exists() else write(path, program.lines, separators)


if __name__ == "__main__":
    sys.exit(main())
