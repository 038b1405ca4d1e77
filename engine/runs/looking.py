"""Looking in the target for what a step matches, once a run."""

from __future__ import annotations

from engine.errors import Json, RecordProblem
from engine.formulas import Environment, Formulas
from engine.runs.aim import Aim, Place, Remembered
from engine.runs.opening import OpenStep
from engine.runs.write_problems import several


class Looking:
    """Finds records of the target; what was met in this run is remembered."""

    def __init__(self, formulas: Formulas, environment: Environment, remembered: Remembered) -> None:
        self._formulas = formulas
        self._environment = environment
        self._remembered = remembered

    def existing(self, step: OpenStep, aim: Aim, place: Place) -> dict[str, Json] | None:
        """What is there already, as far as this step is to know before it makes anything."""
        held = self._remembered.get(_place(step, aim))
        if held is not None:
            return held
        if aim.policy == "create" or not step.can_find:
            return None
        found = self.find(step, aim.match, aim, place)
        if found is None and aim.policy == "must_exist" and aim.instead is not None:
            found = self.find(step, aim.instead, aim, place)
        if found is not None:
            self.keep(step, aim, found)
        return found

    def find(self, step: OpenStep, value: Json, aim: Aim, place: Place) -> dict[str, Json] | None:
        """The one record with this value; RecordProblem where there are several."""
        assert step.step.match is not None
        found = step.system.find(step.step.resource, step.step.match.field, value, place.on_exchange)
        if step.candidates is not None and found:
            jobs = [(record, {"match": value, "scope": aim.scope}) for record in found]
            results = self._formulas.evaluate(step.candidates, self._environment, jobs)
            for result in results:
                if result["where"].error is not None:
                    raise RecordProblem([result["where"].error.as_problem()])
            found = [record for record, r in zip(found, results, strict=True) if r["where"].value is True]
        if len(found) > 1:
            raise several(step, found)
        return found[0] if found else None

    def keep(self, step: OpenStep, aim: Aim, record: dict[str, Json]) -> None:
        """Remember what is there now."""
        self._remembered.put(_place(step, aim), record)


def _place(step: OpenStep, aim: Aim) -> tuple[str, str, str]:
    return (step.connection, step.step.resource, aim.identity)
