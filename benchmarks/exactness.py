"""Holds formulas against jsonata-js on Node, as many random pairs as asked for.

`python -m benchmarks.exactness [--pairs 20000] [--seed 1]` says how many pairs agree, and shows each kind of
difference made as small as it goes. Exit code 1 for a difference, 2 where there is no Node.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.formulas.exactness import records, reference
from tests.formulas.exactness.answers import Worker, compiled_answer, difference, shown
from tests.formulas.exactness.pairs import Pair, of_seed

_AT_ONCE = 10_000
_MOST_SHOWN = 20
_MOST_SMALLER = 400  # tried at once while a difference is made smaller

Difference = tuple[str, dict[str, Any], dict[str, Any]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exactness", description=__doc__)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1, help="another seed, other pairs")
    asked = parser.parse_args()
    if reference.why_not():
        print(f"not compared: {reference.why_not()}")
        return 2
    worker, started = Worker(), time.monotonic()
    answers: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    first = asked.seed * 1_000_000_000
    for at in range(first, first + asked.pairs, _AT_ONCE):
        pairs = [of_seed(seed) for seed in range(at, min(at + _AT_ONCE, first + asked.pairs))]
        for pair, found in zip(pairs, _differences(pairs, worker, answers), strict=True):
            if found:
                kinds[found[0]] += 1
                if kinds.total() <= _MOST_SHOWN:
                    _show(pair, found[0], worker)
    seconds = time.monotonic() - started
    print(f"{asked.pairs} pairs, {kinds.total()} differ; {seconds:.0f} s; seed {asked.seed}")
    print("; ".join(f"{count} {name}" for name, count in answers.most_common()))
    return int(bool(kinds))


def _differences(pairs: list[Pair], worker: Worker, answers: Counter[str]) -> Iterator[Difference | None]:
    """For each pair what differs, with our answer and theirs; None where nothing does."""
    theirs = reference.answers((pair.formula, pair.record) for pair in pairs)
    for (tree, record), their in zip(pairs, theirs, strict=True):
        formula = str(tree)
        compiled = compiled_answer(formula, record)
        answers["compiled" if compiled is not None else "evaluated only"] += 1
        answers[f"give {next(iter(their))}"] += 1
        found = None
        for way, our in (("compiled", compiled), ("evaluated", worker.answer(formula, record))):
            kind = our is not None and difference(formula, our, their)
            if our is not None and kind:
                found = f"{way}: {kind}", our, their
        yield found


def _show(pair: Pair, kind: str, worker: Worker) -> None:
    small = _smallest(pair, kind, worker)
    [found] = _differences([small], worker, Counter())
    assert found is not None
    print(f"{kind}\n  {small.formula}\n  of {json.dumps(small.record)}\n  {shown(found[1])} for {shown(found[2])}")


def _smallest(pair: Pair, kind: str, worker: Worker) -> Pair:
    """A smaller pair that differs in the same way, as long as there is one."""
    while True:
        smaller = [Pair(pair.tree, records.without(pair.record, place)) for place in records.places(pair.record)]
        shorter = (Pair(tree, pair.record) for tree in pair.tree.smaller() if len(str(tree)) < len(pair.formula))
        tried = [*(each for each, _ in zip(shorter, range(_MOST_SMALLER), strict=False)), *smaller]
        found = zip(tried, _differences(tried, worker, Counter()), strict=True)
        next_one = next((each for each, differs in found if differs and differs[0] == kind), None)
        if next_one is None:
            return pair
        pair = next_one


if __name__ == "__main__":
    sys.exit(main())
