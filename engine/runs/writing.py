"""One write to one system, exactly once: find, intent, send, done.

The intent is on disk before the first attempt. Whatever ends the process, the next one meets the intent, looks the
record up in the target, and sends only where the search says that it is not there. Where the target has no search,
an intent with an answer names the record, and one without is parked as “outcome unknown”: no run sends it again.

An intent is done as soon as its answer is known, but what it made for the record itself (not its customer or its
articles) stays marked as untold until the record's outcome is stored, in the same transaction. So a crash or a
failure between the two does not turn “created” into “unchanged”, and the checks after the step are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.connectors.clock import Clock
from engine.connectors.system import Answer
from engine.errors import Cause, ExchangeError, FormulaError, Json, RecordProblem
from engine.formulas import Environment, Formulas
from engine.mappings.mapping import Write, differs
from engine.runs.aim import Aim, Place, Remembered, Seam, no_seam, nothing_else
from engine.runs.ledger import Intent, Ledger
from engine.runs.opening import OpenStep
from engine.runs.plan import Plan
from engine.runs.results import CREATED, SKIPPED, UNCHANGED, UNKNOWN, UPDATED, StepResult
from engine.runs.untold import UNTOLD, Made, begun_before, is_untold
from engine.runs.write_problems import (
    as_refusal,
    gone,
    no_key,
    no_match_value,
    no_search,
    none_there,
    not_there,
    older_copy,
    several,
    unknown,
)

__all__ = ["Aim", "Made", "Place", "Remembered", "Seam", "Writer", "no_seam", "nothing_else"]


class Writer:
    """Carries out steps. plan: where a dry run collects the requests instead of sending them."""

    def __init__(
        self,
        ledger: Ledger,
        formulas: Formulas,
        environment: Environment,
        clock: Clock,
        remembered: Remembered,
        plan: Plan | None = None,
        seam: Seam = no_seam,
    ) -> None:
        self._ledger = ledger
        self._formulas = formulas
        self._environment = environment
        self._clock = clock
        self._remembered = remembered
        self._plan = plan
        self._seam = seam

    def write(self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim, place: Place) -> StepResult:
        """Carry out a step for one item. Raises RecordProblem (park it), TryAgain (later), SignInNeeded (stop)."""
        if step.step.key is not None:
            return self._update_known(step, item, variables, aim, place)
        if aim.match is None:
            raise no_match_value(step)
        with self._ledger.intent_lock(step.connection, step.step.resource, aim.identity):
            existing = self._existing(step, aim, place)
            if existing is None:
                return self._absent(step, item, variables, aim, place)
            if aim.policy in ("skip_if_exists", "must_exist", "create"):
                self._left_alone(step, item, variables, existing)
                return self._found(step, existing, place)
            result = self._update(step, item, variables, existing, aim, place)
            return self._made_before(step, result.record, place) or result

    # --- looking

    def can_find(self, step: OpenStep) -> bool:
        """Can the target be searched by what the step matches?"""
        return step.step.match is not None and step.resource.can_find_by(step.step.match.field)

    def find(self, step: OpenStep, aim: Aim, place: Place) -> dict[str, Json] | None:
        """What the target has of it; None where it has none, or cannot be asked."""
        return self._find(step, aim.match, aim, place) if aim.match is not None and self.can_find(step) else None

    def met(self, step: OpenStep, intent: Intent | None, record: dict[str, Json], place: Place) -> StepResult:
        """What is said of a record that is there: made, where this intent made it and nobody was told."""
        if intent is None or self._plan is not None:
            return self._result(step, UNCHANGED, record)
        return self._met_again(step, intent, record, place)

    def _place(self, step: OpenStep, aim: Aim) -> tuple[str, str, str]:
        return (step.connection, step.step.resource, aim.identity)

    def _existing(self, step: OpenStep, aim: Aim, place: Place) -> dict[str, Json] | None:
        held = self._remembered.get(self._place(step, aim))
        if held is not None:
            return held
        if aim.policy == "create" or not self.can_find(step):
            return None
        found = self._find(step, aim.match, aim, place)
        if found is None and aim.policy == "must_exist" and aim.instead is not None:
            found = self._find(step, aim.instead, aim, place)
        if found is not None:
            self._remembered.put(self._place(step, aim), found)
        return found

    def _find(self, step: OpenStep, value: Json, aim: Aim, place: Place) -> dict[str, Json] | None:
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

    def _found(self, step: OpenStep, existing: dict[str, Json], place: Place) -> StepResult:
        return self._made_before(step, existing, place) or self._result(step, UNCHANGED, existing)

    def _made_before(self, step: OpenStep, existing: dict[str, Json], place: Place) -> Made | None:
        """The same as made, where an intent of this very record says that we made it and told nobody."""
        if place.is_main and self._plan is None:
            for intent in self._ledger.intents(place.flow, place.binding, place.key):
                is_here = (intent.step, intent.connection) == (step.step.name, step.connection)
                if is_here and is_untold(intent):
                    return self._made(step, intent, existing)
        return None

    def _left_alone(
        self, step: OpenStep, item: Json, variables: Mapping[str, Json], existing: dict[str, Json], update: Json = None
    ) -> None:
        if self._plan is not None and self._plan.compares:
            made = partial(step.fields.made, item, variables, self._environment, "create")
            self._plan.leave(step, self._result(step, UNCHANGED, existing), made, update)

    # --- creating

    def _absent(self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim, place: Place) -> StepResult:
        if aim.policy in ("must_exist", "update"):
            return self._not_there(step, aim)
        place.before_creating()
        fields = self._fields(step, item, variables, "create")
        if self._plan is not None:
            look = (lambda: self._find(step, aim.match, aim, place)) if aim.policy == "create" else None
            before = begun_before(self._ledger, step, place, look, can_find=self.can_find(step), anew=self._plan.anew)
            if before is not None:
                return before
            answer = self._plan.create(step, fields, aim.match)
            self._remembered.put(self._place(step, aim), answer)
            return self._result(step, CREATED, answer)
        intent = self._intent(step, aim, place)
        is_new = intent.state == "new" and not self._ledger.may_be_forgotten(
            place.flow, place.binding, place.key, UNKNOWN
        )
        met = None if is_new else self._met(step, item, variables, aim, intent, place)
        result = met or self._send_create(step, fields, aim, intent, place)
        self._remembered.put(self._place(step, aim), result.record)
        return result

    def _not_there(self, step: OpenStep, aim: Aim) -> StepResult:
        if not self.can_find(step):
            raise no_search(step)
        if aim.policy == "must_exist":
            raise none_there(step, aim.match)
        return StepResult(step.step.name, SKIPPED, {}, reason=not_there(step, aim.match))

    def _intent(self, step: OpenStep, aim: Aim, place: Place) -> Intent:
        return self._ledger.open_intent(
            step.connection,
            step.step.resource,
            aim.identity,
            place.flow,
            place.binding,
            place.key,
            step.step.name,
            place.idempotency_key(step.step.name),
            self._clock.now(),
        )

    def _met(
        self,
        step: OpenStep,
        item: Json,
        variables: Mapping[str, Json],
        aim: Aim,
        intent: Intent,
        place: Place,
    ) -> StepResult | None:
        """An intent was there before us: what became of it, or None where it must be sent (again)."""
        if not self.can_find(step):
            existing = self._as_answered(step, intent, place)
            if aim.policy == "create_or_update":
                result = self._update(step, item, variables, existing, aim, place)
                return self._made_before(step, result.record, place) or result
            return self._met_again(step, intent, existing, place)
        found = self._find(step, aim.match, aim, place) if aim.policy == "create" else None  # others have looked
        if found is not None:
            return self._met_again(step, intent, found, place)
        if intent.state == "done" and place.is_main:
            raise gone(step, intent)
        return None  # never made; or a customer or article that was deleted since: it may be made anew

    def _as_answered(self, step: OpenStep, intent: Intent, place: Place) -> dict[str, Json]:
        """The record of a target without a search, by the id its answer gave."""
        if intent.state != "done":
            self._ledger.intent_unknown(intent.id)
            raise older_copy(step) if intent.state == "new" else unknown(step)
        if intent.target_id is None or step.resource.operation("get") is None:
            return {step.resource.key_field: intent.target_id} if step.resource.key_field else {}
        try:
            return step.system.get(step.step.resource, intent.target_id, place.on_exchange)
        except ExchangeError as error:
            if error.cause is Cause.NOT_FOUND:
                raise gone(step, intent) from error
            raise

    def _met_again(self, step: OpenStep, intent: Intent, record: dict[str, Json], place: Place) -> StepResult:
        ours = (intent.flow, intent.binding, intent.key) == (place.flow, place.binding, place.key)
        if ours and place.is_main and is_untold(intent):
            return self._made(step, intent, record)
        if intent.state == "done":
            return self._result(step, UNCHANGED, record)
        self._done(step, intent, record, None)
        return self._result(step, CREATED if ours else UNCHANGED, record)

    def _send_create(
        self, step: OpenStep, fields: dict[str, Json], aim: Aim, intent: Intent, place: Place
    ) -> StepResult:
        self._seam(f"intent stored: {step.step.resource}")
        try:
            answer = step.system.create(step.step.resource, fields, place.on_exchange)
        except RecordProblem:
            self._ledger.intent_refused(intent.id)  # it could not be written down, so it was not sent
            raise
        except (ExchangeError, FormulaError) as error:
            record = self._after_failure(step, error, aim, intent, place)
        else:
            self._seam(f"reply received: {step.step.resource}")
            record = {**fields, **answer.record}
            if answer.key is None and step.resource.key and self.can_find(step):
                record = self._find(step, aim.match, aim, place) or record  # a success that does not say its id
        if place.is_main:
            return self._made(step, intent, record)
        self._done(step, intent, record, None)
        return self._result(step, CREATED, record)

    def _after_failure(
        self, step: OpenStep, error: ExchangeError | FormulaError, aim: Aim, intent: Intent, place: Place
    ) -> dict[str, Json]:
        """The record, where it was made although no usable answer came; raises otherwise."""
        if isinstance(error, ExchangeError) and not error.outcome_unknown:
            self._ledger.intent_refused(intent.id)
            raise as_refusal(step, error) from error
        if not self.can_find(step):
            self._ledger.intent_unknown(intent.id)
            raise unknown(step, error) from error
        found = self._find(step, aim.match, aim, place)
        if found is None:
            raise error
        return found

    def _made(self, step: OpenStep, intent: Intent, record: dict[str, Json]) -> Made:
        """The record's own document: its intent is done, and stays untold until the outcome is stored."""
        if intent.state != "done":
            self._done(step, intent, record, UNTOLD)
        result = self._result(step, CREATED, record)
        return Made(result.step, CREATED, record, result.key, result.number, intent_id=intent.id)

    def _done(self, step: OpenStep, intent: Intent, record: dict[str, Json], answer: Json) -> None:
        key = step.system.key_of(step.step.resource, record)
        number = step.system.number_of(step.step.resource, record)
        self._ledger.intent_done(intent.id, key, number, answer, self._clock.now(), ride=self.can_find(step))

    # --- updating

    def _update(
        self,
        step: OpenStep,
        item: Json,
        variables: Mapping[str, Json],
        existing: dict[str, Json],
        aim: Aim,
        place: Place,
    ) -> StepResult:
        operation = step.resource.operation("update")
        replace = operation is not None and operation.replace
        fields = self._fields(step, item, variables, "update", existing, replace=replace)
        if not differs(fields, existing):
            self._left_alone(step, item, variables, existing, fields)
            return self._result(step, UNCHANGED, existing)
        if not replace:  # a system may refuse all of a change where one value is there already
            fields = {name: value for name, value in fields.items() if differs(value, existing.get(name))}
        key = step.system.key_of(step.step.resource, existing) or ""
        record = {**existing, **fields, **self._send_update(step, key, fields, place, existing).record}
        self._remembered.put(self._place(step, aim), record)
        return self._result(step, UPDATED, record)

    def _update_known(
        self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim, place: Place
    ) -> StepResult:
        if aim.key is None:
            raise no_key(step)
        fields = self._fields(step, item, variables, "update")
        if not fields:
            return StepResult(step.step.name, SKIPPED, {})
        answer = self._send_update(step, str(aim.key), fields, place)
        return StepResult(step.step.name, UNCHANGED if answer.already_so else UPDATED, answer.record, str(aim.key))

    def _send_update(
        self, step: OpenStep, key: str, fields: dict[str, Json], place: Place, existing: Json = None
    ) -> Answer:
        if self._plan is not None:
            self._plan.update(step, key, fields, existing)
            return Answer(fields, key, None)
        try:
            return step.system.update(step.step.resource, key, fields, place.on_exchange, existing)
        except ExchangeError as error:
            raise as_refusal(step, error) from error

    def _fields(
        self,
        step: OpenStep,
        item: Json,
        variables: Mapping[str, Json],
        write: Write,
        existing: Mapping[str, Json] | None = None,
        *,
        replace: bool = False,
    ) -> dict[str, Json]:
        """The finished fields. RecordProblem naming everything that is wrong with them."""
        body = step.fields.made(item, variables, self._environment, write, existing, replace=replace)
        if body.problems:
            raise RecordProblem(body.problems)
        return body.fields

    def _result(self, step: OpenStep, done: str, record: dict[str, Json]) -> StepResult:
        resource = step.step.resource
        return StepResult(
            step.step.name, done, record, step.system.key_of(resource, record), step.system.number_of(resource, record)
        )
