"""One write to one system, exactly once: find, intent, send, done.

The intent is on disk before the first attempt. Whatever ends the process, the next one meets the intent, looks the
record up in the target, and sends only where the search says that it is not there. Where the target has no search,
an intent without an answer is parked as “outcome unknown” and never sent again by itself.
"""

from __future__ import annotations

import json
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from engine.connectors.clock import Clock
from engine.connectors.system import Answer
from engine.errors import ExchangeError, Json, Problem, RecordProblem, RecordRefused, TryAgain
from engine.formulas import Environment, Formulas
from engine.mappings.mapping import Body, Mapped, Write, differs
from engine.runs.ledger import Intent, Ledger
from engine.runs.opening import OpenStep
from engine.runs.plan import Plan
from engine.runs.results import CREATED, SKIPPED, UNCHANGED, UNKNOWN, UPDATED, OutcomeUnknown, StepResult

MOST_REMEMBERED = 1_000
Seam = Callable[[str], None]  # told of the places where a crash is tested


def no_seam(name: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a step aims at for one item: the value to match, what else is its identity, or the key itself."""

    match: Json
    scope: Json
    key: Json
    policy: str
    instead: Json

    @property
    def identity(self) -> str:
        value = _normalised(self.match)
        return value if self.scope is None else json.dumps([value, _normalised(self.scope)])


class Remembered:
    """Records of the target met in this run, so that 60 articles are not looked up 2,000 times."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str, str], dict[str, Json]] = OrderedDict()
        self._lock = Lock()

    def get(self, place: tuple[str, str, str]) -> dict[str, Json] | None:
        with self._lock:
            if place in self._held:
                self._held.move_to_end(place)
            return self._held.get(place)

    def put(self, place: tuple[str, str, str], record: dict[str, Json]) -> None:
        with self._lock:
            self._held[place] = record
            self._held.move_to_end(place)
            if len(self._held) > MOST_REMEMBERED:
                self._held.popitem(last=False)


@dataclass(slots=True)
class Place:
    """Whose record is being written: for the intent's row and the exchanges."""

    flow: str
    key: str
    is_main: bool
    on_exchange: Any


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
            what = f"the match value ({step.step.match.field if step.step.match else 'none'}) is missing"
            raise RecordProblem(
                [
                    Problem(
                        step.where,
                        f"{what}, so the record cannot be looked up",
                        "Give the source record this value, or map another one to match by.",
                    )
                ]
            )
        with self._ledger.intent_lock(step.connection, step.step.resource, aim.identity):
            existing = self._existing(step, aim, place)
            if existing is None:
                return self._absent(step, item, variables, aim, place)
            if aim.policy in ("skip_if_exists", "must_exist") or aim.policy == "create":
                return self._found(step, aim, existing, place)
            return self._update(step, item, variables, existing, aim, place)

    # --- looking

    def _place(self, step: OpenStep, aim: Aim) -> tuple[str, str, str]:
        return (step.connection, step.step.resource, aim.identity)

    def _existing(self, step: OpenStep, aim: Aim, place: Place) -> dict[str, Json] | None:
        held = self._remembered.get(self._place(step, aim))
        if held is not None:
            return held
        if aim.policy == "create" or not self._can_find(step):
            return None
        found = self._find(step, aim.match, aim, place)
        if found is None and aim.policy == "must_exist" and aim.instead is not None:
            found = self._find(step, aim.instead, aim, place)
        if found is not None:
            self._remembered.put(self._place(step, aim), found)
        return found

    def _can_find(self, step: OpenStep) -> bool:
        return step.step.match is not None and step.resource.can_find_by(step.step.match.field)

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
            keys = ", ".join(filter(None, (step.system.number_of(step.step.resource, r) for r in found[:5])))
            raise RecordProblem(
                [
                    Problem(
                        step.where,
                        f"{len(found)} records match ({keys}), and which one is meant cannot be told",
                        f"Merge them in {step.system.title}, or match by another field.",
                    )
                ]
            )
        return found[0] if found else None

    def _found(self, step: OpenStep, aim: Aim, existing: dict[str, Json], place: Place) -> StepResult:
        """Already there. For the main record, an intent of ours still open means that we made it before a crash."""
        done = UNCHANGED
        if place.is_main and self._plan is None:
            intent = self._intent(step, aim, place)
            if intent.state != "done":
                done = UNCHANGED if intent.state == "new" else CREATED
                self._done(step, intent, existing)
        return self._result(step, done, existing)

    # --- creating

    def _absent(self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim, place: Place) -> StepResult:
        if aim.policy == "must_exist":
            raise RecordProblem(
                [
                    Problem(
                        step.where,
                        f"there is none with {_title(step)} {_shown(aim.match)}, and the flow makes none",
                        f"Make it in {step.system.title}, or let the flow make it.",
                    )
                ]
            )
        if aim.policy == "update":
            return StepResult(step.step.name, SKIPPED, {})
        body = self._body(step, self._map(step, item, variables), "create")
        if self._plan is not None:
            answer = self._plan.create(step, body.fields, aim.match)
            self._remembered.put(self._place(step, aim), answer)
            return self._result(step, CREATED, answer)
        intent = self._intent(step, aim, place)
        if intent.state != "new":
            met = self._met(step, aim, intent, place)
            if met is not None:
                self._remembered.put(self._place(step, aim), met.record)
                return met
        result = self._send_create(step, body.fields, aim, intent, place)
        self._remembered.put(self._place(step, aim), result.record)
        return result

    def _intent(self, step: OpenStep, aim: Aim, place: Place) -> Intent:
        return self._ledger.open_intent(
            step.connection,
            step.step.resource,
            aim.identity,
            place.flow,
            place.key,
            step.step.name,
            f"{place.flow}:{place.key}:{step.step.name}",
            self._clock.now(),
        )

    def _met(self, step: OpenStep, aim: Aim, intent: Intent, place: Place) -> StepResult | None:
        """An intent was there before us: what became of it, or None where it must be sent (again)."""
        if intent.state == "done":
            if not place.is_main and self._can_find(step):
                return None  # made once, gone since: a customer or article may be made anew
            raise RecordProblem(
                [
                    Problem(
                        step.where,
                        f"it was made before as {intent.target_number or intent.target_id}, "
                        "and the search does not find it now",
                        f"Look in {step.system.title} whether it was deleted or renamed; "
                        "it is not made a second time by itself.",
                    )
                ]
            )
        if not self._can_find(step):
            self._ledger.intent_unknown(intent.id)
            raise OutcomeUnknown([_unknown(step)])
        if aim.policy == "create":
            found = self._find(step, aim.match, aim, place)
            if found is not None:
                self._done(step, intent, found)
                return self._result(step, CREATED, found)
        return None

    def _send_create(
        self, step: OpenStep, fields: dict[str, Json], aim: Aim, intent: Intent, place: Place
    ) -> StepResult:
        self._seam("intent stored")
        try:
            answer = step.system.create(step.step.resource, fields, place.on_exchange)
        except ExchangeError as error:
            found = self._after_failure(step, error, aim, intent, place)
            self._done(step, intent, found)
            return self._result(step, CREATED, found)
        self._seam("reply received")
        record = {**fields, **answer.record}
        if answer.key is None and not answer.record and self._can_find(step):
            record = self._find(step, aim.match, aim, place) or record  # a success without a body: ask for the id
        self._done(step, intent, record)
        return self._result(step, CREATED, record)

    def _after_failure(
        self, step: OpenStep, error: ExchangeError, aim: Aim, intent: Intent, place: Place
    ) -> dict[str, Json]:
        """The record, where it was made although no usable answer came; raises otherwise."""
        if not error.outcome_unknown:
            self._ledger.intent_refused(intent.id)
            raise _as_refusal(step, error) from error
        if not self._can_find(step):
            self._ledger.intent_unknown(intent.id)
            raise OutcomeUnknown([_unknown(step, error)]) from error
        found = self._find(step, aim.match, aim, place)
        if found is not None:
            return found
        if isinstance(error, TryAgain):
            raise error
        raise RecordProblem([error.as_problem()]) from error

    def _done(self, step: OpenStep, intent: Intent, record: dict[str, Json]) -> None:
        key = step.system.key_of(step.step.resource, record)
        number = step.system.number_of(step.step.resource, record)
        self._ledger.intent_done(intent.id, key, number, None, self._clock.now(), ride=self._can_find(step))

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
        mapped = self._map(step, item, variables)
        body = self._body(step, mapped, "update", existing, replace=replace)
        if not differs(body.fields, existing):
            return self._result(step, UNCHANGED, existing)
        key = step.system.key_of(step.step.resource, existing) or ""
        record = {**existing, **self._send_update(step, key, body.fields, place).record}
        self._remembered.put(self._place(step, aim), record)
        return self._result(step, UPDATED, record)

    def _update_known(
        self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim, place: Place
    ) -> StepResult:
        if aim.key is None:
            raise RecordProblem(
                [
                    Problem(
                        step.where,
                        "the key of the record to change is missing",
                        "Mend the step's key formula.",
                    )
                ]
            )
        body = self._body(step, self._map(step, item, variables), "update")
        if not body.fields:
            return StepResult(step.step.name, SKIPPED, {})
        answer = self._send_update(step, str(aim.key), body.fields, place)
        return StepResult(step.step.name, UNCHANGED if answer.already_so else UPDATED, answer.record, str(aim.key))

    def _send_update(self, step: OpenStep, key: str, fields: dict[str, Json], place: Place) -> Answer:
        if self._plan is not None:
            self._plan.update(step, key, fields)
            return Answer(fields, key, None)
        try:
            return step.system.update(step.step.resource, key, fields, place.on_exchange)
        except ExchangeError as error:
            raise _as_refusal(step, error) from error

    # --- fields

    def _map(self, step: OpenStep, item: Json, variables: Mapping[str, Json]) -> Mapped:
        mapped = step.fields.apply(item, variables, self._environment)
        if mapped.problems:
            raise RecordProblem(mapped.problems)
        return mapped

    def _body(
        self,
        step: OpenStep,
        mapped: Mapped,
        write: Write,
        existing: Mapping[str, Json] | None = None,
        *,
        replace: bool = False,
    ) -> Body:
        body = step.fields.body(mapped, write, existing, replace=replace)
        if body.problems:
            raise RecordProblem(body.problems)
        return body

    def _result(self, step: OpenStep, done: str, record: dict[str, Json]) -> StepResult:
        resource = step.step.resource
        return StepResult(
            step.step.name, done, record, step.system.key_of(resource, record), step.system.number_of(resource, record)
        )


def _normalised(value: Json) -> str:
    """A match value as two systems would both understand it: trimmed, composed, small letters."""
    return unicodedata.normalize("NFC", str(value)).strip().casefold()


def _title(step: OpenStep) -> str:
    name = step.step.match.field if step.step.match else ""
    about = step.resource.schema.get("properties", {}).get(name, {})
    return str(about.get("title", name)).lower()


def _shown(value: Json) -> str:
    return f"“{str(value)[:60]}”"


def _unknown(step: OpenStep, error: ExchangeError | None = None) -> Problem:
    why = f" ({error.what})" if error else ""
    return Problem(
        step.where,
        f"{UNKNOWN}: the record may have been made, but no answer came{why}",
        f"Look in {step.system.title}. It is never sent again by itself; if it is not there, ask for it again.",
        code="outcome_unknown",
    )


def _as_refusal(step: OpenStep, error: ExchangeError) -> Exception:
    """A refusal of this record is a problem of the record; anything else stays what it is."""
    if not isinstance(error, RecordRefused):
        return error
    said = error.system_message or error.why or error.what
    field = error.system_field and f", field {error.system_field}"
    return RecordProblem(
        [
            Problem(
                step.where + (field or ""),
                f"{step.system.title} refused it: {said}",
                error.what_to_do or "Mend the value in the source or the mapping.",
                code=error.system_code,
            )
        ]
    )
