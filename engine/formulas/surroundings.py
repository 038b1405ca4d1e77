"""What functions of ours may see beside their arguments: the run's lookups, clock and zone; nothing of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Json


@dataclass(slots=True)
class Surroundings:
    """tables: `LookupTable.as_json()` by name; millis: the run's clock, since 1970; zone: the IANA name of the zone
    in which a time without one is meant, "" where no connection declares it; used: each look-up is noted here
    as (table, key as text, value or MISSING), where somebody wants to know.
    """

    tables: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    millis: int = 0
    zone: str = ""
    used: list[tuple[str, str, Any]] | None = None
