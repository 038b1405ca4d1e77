"""Answers of jsonata-js, recorded so that they hold where there is no Node.

`python -m tests.formulas.exactness.recorded` writes `recorded/*.ndjson.gz`, the same each time: a line a pair,
{"f": formula, "r": record, "a": answer}; orders have no "r", since `orders.pairs` gives them in the same order.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.formulas.exactness import orders, pairs, reference
from tests.formulas.exactness.answers import Answer

FOLDER = Path(__file__).parent / "recorded"
_FIRST_SEED = 1_000_000_000
_SEEDS = 20_000
_LONGEST = 700  # characters of a formula with its record

Recorded = tuple[str, Any, Answer]


def random_pairs() -> Iterator[Recorded]:
    return ((each["f"], each["r"], each["a"]) for each in _lines("random"))


def order_pairs() -> Iterator[Recorded]:
    for (formula, record), each in zip(orders.pairs(), _lines("orders"), strict=True):
        assert formula == each["f"], "the recorded answers are of other orders: record them again"
        yield formula, record, each["a"]


def _lines(name: str) -> Iterator[Any]:
    with gzip.open(FOLDER / f"{name}.ndjson.gz", "rt", encoding="ascii") as lines:
        yield from map(json.loads, lines)


def _write(name: str, entries: Iterable[dict[str, Any]]) -> int:
    text = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries)
    data = gzip.compress(text.encode("ascii"), compresslevel=9, mtime=0)
    (FOLDER / f"{name}.ndjson.gz").write_bytes(data)
    return len(data)


def _chosen() -> list[tuple[str, Any]]:
    """Random pairs, none twice; of those that give nothing or an error a part, since they say less."""
    made = [pairs.of_seed(_FIRST_SEED + number) for number in range(_SEEDS)]
    unique = {each.formula: each.record for each in made}
    return [each for each in unique.items() if len(each[0]) + len(json.dumps(each[1])) <= _LONGEST]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    asked = _chosen()
    answers = reference.answers(asked)
    kept = [
        {"f": formula, "r": record, "a": answer}
        for number, ((formula, record), answer) in enumerate(zip(asked, answers, strict=True))
        if "value" in answer or number % 2
    ]
    print(len(kept), "random pairs,", _write("random", kept), "bytes")
    asked = list(orders.pairs())
    found = [{"f": formula, "a": answer} for (formula, _), answer in zip(asked, reference.answers(asked), strict=True)]
    print(len(found), "orders,", _write("orders", found), "bytes")


if __name__ == "__main__":
    main()
