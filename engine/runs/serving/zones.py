"""The time zone of this machine, and that of a flow's schedules."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Flow
from engine.formulas import Environment, Formulas

_LOCALTIME = Path("/etc/localtime")


def machine_zone(localtime: Path = _LOCALTIME) -> ZoneInfo:
    """The zone of the machine: TZ, else where /etc/localtime points, else UTC."""
    pointed = str(localtime.resolve()).partition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").removeprefix(":"), pointed, "UTC"):
        found = _known(name)
        if found is not None:
            return found
    return ZoneInfo("UTC")


def flow_zone(flow: Flow, formulas: Formulas, now: datetime, answers: Mapping[str, Json] | None = None) -> ZoneInfo:
    """The zone in which a flow's schedules are meant; DocumentError where its formula gives no zone.

    answers: all of a binding; else the flow's own.
    """
    if flow.zone is None:
        return machine_zone()
    environment = Environment(
        now=now, variables={"answers": flow.answers() if answers is None else answers}, lookups={}
    )
    found = formulas.evaluate(formulas.program({"zone": flow.zone}), environment, [({}, {})])[0]["zone"]
    zone = _known(found.value) if found.error is None and isinstance(found.value, str) else None
    if zone is None:
        why = found.error.what if found.error is not None else "it gives no name of a time zone"
        advice = "Give a name such as Europe/Amsterdam; in a formula it stands in quotes."
        raise DocumentError([Problem(f"saved_mappings/{flow.name}.json zone", why, advice)])
    return zone


def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
