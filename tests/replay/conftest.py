"""The stage of the runs: a shop, books, a ledger and a clock nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from engine.design.desk import Desk
from engine.design.replays import flow_as, replay
from engine.runs.replaying import Replay
from tests.runs.conftest import FLOW, Stage, engine, formulas, once, stage

__all__ = ["engine", "formulas", "once", "stage"]


def desk_of(s: Stage) -> Desk:
    return Desk(s.workspace, s.ledger, s.formulas, s.clock)


@contextmanager
def replaying(s: Stage, version: str = "1", **manner: Any) -> Iterator[Replay]:
    """A replay of the stage's flow by one of its versions."""
    things = desk_of(s)
    mapped = flow_as(things, FLOW, version)
    with replay(things, mapped, mapped.manner(**manner)) as work:
        yield work


@pytest.fixture
def delivered(stage: Callable[..., Any]) -> tuple[Any, str]:
    """A stage with one order delivered by version 1; version 2 writes another delivery city and another reference."""
    s = stage(own_workspace=True)
    number = s.order()
    s.run()
    s.edit_flow(change_city)
    s.run()
    return s, number


def change_city(flow: dict[str, Any]) -> None:
    for step in flow["steps"]:
        if step["step"] == "order":
            step["fields"]["DeliveryCity"]["formula"] = '"Utrecht"'
            step["fields"]["YourReference"]["formula"] = '"as agreed"'


def order_in_books(s: Any, number: str) -> dict[str, Any]:
    [held] = s.documents()[number]
    return dict(held)


def break_system(s: Any, name: str, *faults: dict[str, Any]) -> None:
    """Arm these faults of a system, in place of all others."""
    next(door for door in s.serving.doors if door.system.name == name).faults.arm(list(faults))


def fields_of(shown: Any, step: str) -> dict[str, tuple[Any, Any]]:
    [change] = [each for each in shown.changes if each.step == step]
    return {each.path: (each.before, each.now) for each in change.fields}
