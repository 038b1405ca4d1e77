"""Making one thing in a target: intent, send, done, and what becomes of a failure.

An intent is done as soon as its answer is known, but what it made for the record itself (not its customer or its
articles) stays marked as untold until the record's outcome is stored, in the same transaction. So a crash or a
failure between the two does not turn “created” into “unchanged”, and the checks after the step are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from engine.connectors.clock import Clock
from engine.connectors.system import Answer
from engine.errors import ExchangeError, FormulaError, Json, RecordProblem
from engine.formulas import Environment, Formulas
from engine.mappings.mapping import Write
from engine.runs.aim import Aim, Place, Remembered, Seam, no_seam
from engine.runs.gathering import Member
from engine.runs.ledger import Intent, Ledger
from engine.runs.looking import Looking
from engine.runs.opening import OpenStep
from engine.runs.plan import Plan
from engine.runs.results import CREATED, UNCHANGED, StepResult
from engine.runs.unsearched import Unsearched
from engine.runs.untold import Made, answer_of, is_untold
from engine.runs.write_problems import as_refusal, made_with_error, unknown


class Creating:
    """Makes things for one record. plan: where a dry run collects the requests instead of sending them; member: of the
    records that are written in one request; made_as: a person says that what has an unknown outcome is there under this
    number; not_there: says that it is not there; resend: what is as it was sent last is sent again.
    """

    def __init__(
        self,
        ledger: Ledger,
        formulas: Formulas,
        environment: Environment,
        clock: Clock,
        remembered: Remembered,
        plan: Plan | None = None,
        seam: Seam = no_seam,
        *,
        member: Member | None = None,
        made_as: str = "",
        not_there: bool = False,
        resend: bool = False,
    ) -> None:
        self._ledger = ledger
        self._environment = environment
        self._clock = clock
        self._looking = Looking(formulas, environment, remembered)
        self._unsearched = Unsearched(ledger, clock, made_as, not_there=not_there, resend=resend)
        self._plan = plan
        self._seam = seam
        self._member = member

    # --- looking

    def find(self, step: OpenStep, aim: Aim, place: Place) -> dict[str, Json] | None:
        """What the target has of it; None where it has none, or cannot be asked."""
        can_find = aim.match is not None and step.can_find
        return self._looking.find(step, aim.match, aim, place) if can_find else None

    @contextmanager
    def _held(self, step: OpenStep, aim: Aim) -> Iterator[None]:
        """Hold the intent. Who waits for it must not be waited for by those that are written with it."""
        place = (step.connection, step.step.resource, aim.identity)
        if self._member is not None:
            with self._ledger.intent_lock(*place, wait=False) as is_held:
                if is_held:
                    yield
                    return
            self._member.leave()
        with self._ledger.intent_lock(*place):
            yield

    # --- sending

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

    def _is_own(self, intent: Intent, place: Place) -> bool:
        """Is it the intent of this record's own document?"""
        return place.is_main and place.opened(intent)

    def _met_again(self, step: OpenStep, intent: Intent, record: dict[str, Json], place: Place) -> StepResult:
        if self._is_own(intent, place) and is_untold(intent):
            return self._made(step, intent, record)
        if intent.state == "done":
            return self._result(step, UNCHANGED, record, intent)
        self._done(step, intent, record, None)
        return self._result(step, CREATED if place.opened(intent) else UNCHANGED, record)

    def _create(self, step: OpenStep, fields: dict[str, Json], place: Place) -> Answer:
        if self._member is not None:
            return self._member.create(step, fields, place)
        return step.system.create(step.step.resource, fields, place.on_exchange)

    def _send_create(
        self,
        step: OpenStep,
        fields: dict[str, Json],
        aim: Aim,
        intent: Intent,
        place: Place,
        sent: str | None,
        *,
        is_new: bool,
    ) -> StepResult:
        """sent: how a change of it would be sent, where that is to be remembered."""
        self._seam(f"intent stored: {step.step.resource}")
        try:
            answer = self._create(step, fields, place)
        except RecordProblem:
            if is_new or step.can_find:
                self._ledger.intent_refused(intent.id)  # it could not be written down, so it was not sent
            raise
        except (ExchangeError, FormulaError) as error:
            answer = self._after_failure(step, error, fields, aim, intent, place, is_new=is_new)
            record = answer.record
        else:
            self._seam(f"reply received: {step.step.resource}")
            record = {**fields, **answer.record}
            if answer.key is None and step.resource.key and step.can_find:
                record = self._looking.find(step, aim.match, aim, place) or record  # it does not say its id
        if place.is_main:
            result: StepResult = self._made(step, intent, record, sent)
        else:
            self._done(step, intent, record, answer_of(sent))
            result = self._result(step, CREATED, record)
        if answer.problem is not None:
            raise made_with_error(step, answer.problem, result)
        return result

    def _after_failure(
        self,
        step: OpenStep,
        error: ExchangeError | FormulaError,
        fields: dict[str, Json],
        aim: Aim,
        intent: Intent,
        place: Place,
        *,
        is_new: bool,
    ) -> Answer:
        """The record, where it was made although no usable answer came; raises otherwise."""
        if isinstance(error, ExchangeError) and self._unsearched.is_guarded(step, fields):
            again = partial(self._create, step, fields, place)
            second = self._unsearched.once_more(step, error, fields, intent, again, is_new=is_new)
            return replace(second, record={**fields, **second.record})
        if isinstance(error, ExchangeError) and not error.outcome_unknown:
            self._ledger.intent_refused(intent.id)
            raise as_refusal(step, error) from error
        if not step.can_find:
            self._ledger.intent_unknown(intent.id)
            raise unknown(step, error) from error
        found = self._looking.find(step, aim.match, aim, place)
        if found is None:
            raise error
        return Answer(found, None, None)

    def _made(
        self, step: OpenStep, intent: Intent, record: dict[str, Json], sent: str | None = None, *, anew: bool = False
    ) -> Made:
        """The record's own document: its intent is done, and stays untold until the outcome is stored."""
        if intent.state != "done" or anew:
            self._done(step, intent, record, answer_of(sent, untold=True))
        told = answer_of(sent or self._unsearched.sent_last(intent))
        result = self._result(step, CREATED, record, intent)
        return Made(result.step, CREATED, record, result.key, result.number, intent_id=intent.id, told=told)

    def _done(self, step: OpenStep, intent: Intent, record: dict[str, Json], answer: Json) -> None:
        named = self._result(step, CREATED, record, intent)
        rides = self._unsearched.may_be_repeated(step) or step.can_find
        self._ledger.intent_done(intent.id, named.key, named.number, answer, self._clock.now(), ride=rides)

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

    def _result(self, step: OpenStep, done: str, record: dict[str, Json], intent: Intent | None = None) -> StepResult:
        """intent: what the ledger knows of it, where the record does not say."""
        resource = step.step.resource
        key, number = step.system.key_of(resource, record), step.system.number_of(resource, record)
        if intent is not None and key is None:
            key, number = intent.target_id, number or intent.target_number
        return StepResult(step.step.name, done, record, key, number)
