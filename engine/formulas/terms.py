"""What callers hand to formulas and get back: limits, environments, programs, evaluations, traces."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.errors import FormulaError, Json
from engine.formulas.compiled import Compiled, compiled
from engine.formulas.missing import MISSING, Missing
from engine.formulas.surroundings import Surroundings

_environment_numbers = itertools.count(1)


@dataclass(frozen=True)
class Limits:
    """What one record may cost. `seconds` is for all its formulas together, `memory_mb` on top of the
    worker's own, `depth` bounds recursion inside a formula, `result_mb` all its values together.
    """

    seconds: float = 2.0
    memory_mb: int = 400
    depth: int = 200
    formula_chars: int = 65_536
    result_mb: int = 16


@dataclass(frozen=True)
class LookupTable:
    """A value table `$table` reads; `otherwise` says what a key without a row gives.

    gone: keys whose row names a record that is no longer there; they fail, whatever `otherwise` says.
    """

    name: str
    title: str
    rows: dict[str, Json]
    otherwise: Literal["fail", "leave_out", "value"] = "fail"
    value: Json = None
    gone: Sequence[str] = ()

    def as_json(self) -> dict[str, Json]:
        return {
            "name": self.name,
            "title": self.title,
            "rows": self.rows,
            "otherwise": self.otherwise,
            "value": self.value,
            "gone": list(self.gone),
        }


@dataclass(frozen=True, eq=False)
class Environment:
    """What is the same for all records of a run. Build one per run and leave its mappings alone afterwards:
    a worker is sent it once and knows it by `number`.

    now: the run's clock, with its zone; variables: bound as $answers, $facts, …; lookups: by table name;
    zone: the IANA name of the zone in which the source's times without one are meant, "" where it declares none.
    """

    now: datetime
    variables: Mapping[str, Json] = field(default_factory=dict)
    lookups: Mapping[str, LookupTable] = field(default_factory=dict)
    zone: str = ""
    number: int = field(init=False, default_factory=lambda: next(_environment_numbers))
    surroundings: Surroundings = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Environment.now needs a time zone")
        tables = {name: table.as_json() for name, table in self.lookups.items()}
        around = Surroundings(tables, round(self.now.timestamp() * 1000), self.zone)
        object.__setattr__(self, "surroundings", around)

    def as_json(self) -> dict[str, Json]:
        return {
            "millis": round(self.now.timestamp() * 1000),
            "zone": self.zone,
            "variables": {name: value for name, value in self.variables.items() if value is not MISSING},
            "lookups": {name: table.as_json() for name, table in self.lookups.items()},
        }


@dataclass(frozen=True)
class Program:
    """Formulas that parse, by name. Made by `Formulas.program`; its `id` is the hash of all it says."""

    id: str
    names: tuple[str, ...]
    formulas: tuple[str, ...] = field(repr=False)
    compiled: tuple[Compiled | None, ...] = field(repr=False, compare=False)  # None for one that is not plain

    @classmethod
    def of(cls, formulas: Mapping[str, str]) -> Program:
        names, texts = tuple(formulas), tuple(formulas.values())
        said = json.dumps([names, texts]).encode()
        return cls(hashlib.sha256(said).hexdigest(), names, texts, tuple(compiled(text) for text in texts))


@dataclass(slots=True)
class Evaluation:
    """What one formula gave for one record: a plain JSON value, MISSING, or the error."""

    value: Any | Missing = MISSING
    error: FormulaError | None = None


@dataclass(frozen=True, slots=True)
class PathRead:
    """One path a formula reads and what stood there (MISSING; long lists are cut, `count` says how many)."""

    path: str
    value: Any | Missing
    count: int = 1


@dataclass(frozen=True, slots=True)
class LookupUse:
    """One look-up in a value table: the key as text and the value it gave (or MISSING)."""

    table: str
    key: str
    value: Any | Missing


@dataclass(frozen=True, slots=True)
class Trace:
    """How a formula came to its value on one record."""

    value: Any | Missing
    error: FormulaError | None
    reads: tuple[PathRead, ...]
    lookups: tuple[LookupUse, ...]
