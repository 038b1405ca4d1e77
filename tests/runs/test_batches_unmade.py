"""Records of which the connector could make nothing: handed out once, they are made when the connector is mended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.formulas import Formulas
from engine.runs.pull import Pull
from tests.runs.handing_out import FLOW, Bench, bench


@pytest.fixture
def b(tmp_path: Path, formulas: Formulas) -> Iterator[Bench]:
    with bench(tmp_path, formulas) as made:
        yield made


def the_parked_one(b: Bench) -> str:
    [(key, _, _)] = b.ledger.parked_versions(FLOW, "default")
    return key


def makes(each: str, key: str = "$string(change)") -> Callable[[Bench], None]:
    """The warehouse's connector makes this of each record, and names what it made by the key."""

    def change(b: Bench) -> None:
        path = b.workspace.root / "connector_specs" / "warehouse" / "connector.json"
        connector = json.loads(path.read_text(encoding="utf-8"))
        connector["resources"]["changes"]["key"] = key
        connector["resources"]["changes"]["operations"]["read"]["each"] = each
        path.write_text(json.dumps(connector), encoding="utf-8")

    return change


WRONG = makes('$merge([$, {"level": article = "A2" ? article + 1 : level}])')
RIGHT = makes('$merge([$, {"level": level + 1}])')


def test_what_nothing_could_be_made_of_arrives_once_the_connector_is_mended(b: Bench) -> None:
    WRONG(b)
    changes = b.warehouse.change(3)
    assert b.run().counts["parked"] == 1
    assert b.record(changes[1]).problems[0].code == "unmade"
    RIGHT(b)
    report = b.run()

    assert (report.counts["created"], report.counts["parked"]) == (1, 0)
    assert b.moved() == dict.fromkeys(changes, 1)
    assert [m["Level"] for m in b.shop.movements if m["Reference"] == changes[1]] == [21]  # made once


def test_what_still_cannot_be_made_stays_parked_with_its_content_and_stops_nobody(b: Bench) -> None:
    WRONG(b)
    changes = b.warehouse.change(3)
    b.run()
    makes('article = "A2" ? "no record" : $')(b)
    changes += b.warehouse.change(1)
    report = b.run()

    assert report.stopped is None
    held = b.record(changes[1])
    assert held.payload is not None
    assert (held.state, held.payload["article"], held.problems[0].code) == ("parked", "A2", "unmade")
    RIGHT(b)
    b.run()
    assert b.moved() == dict.fromkeys(changes, 1)


NAMELESS = makes('$merge([$, {"name": article = "A1" ? article + 1 : "X"}])', key="name")
NAMED = makes('$merge([$, {"name": "X"}])', key="name")


def test_what_has_its_key_of_the_connector_alone_arrives_under_it(b: Bench) -> None:
    NAMELESS(b)
    b.warehouse.change(1)
    b.run()
    parked = the_parked_one(b)
    assert parked.startswith("unnamed ")
    NAMED(b)
    b.run()

    assert b.moved() == {"1": 1}
    assert b.record("X").state == "created"
    old = b.record(parked)
    assert (old.state, old.reason) == ("skipped", "it has a key now, and is kept under that")


def test_an_older_one_never_takes_the_place_of_what_came_since(b: Bench) -> None:
    NAMELESS(b)
    b.warehouse.change(2)
    b.run()
    parked = the_parked_one(b)
    NAMED(b)
    b.run()

    assert b.moved() == {"2": 1}
    assert b.record("X").payload == {"change": 2, "article": "A2", "level": 20, "name": "X"}
    assert b.record(parked).state == "parked"
    with b.opened() as opened, ThreadPoolExecutor(2) as pool:
        [judged] = Pull(opened, b.ledger, b.clock.now(), pool).judge_stored([b.record(parked)])
    assert (judged.key, judged.reason) == (parked, "it is of X, of which something else is here already")
