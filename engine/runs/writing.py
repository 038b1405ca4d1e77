"""One write to one system, exactly once: find, intent, send, done.

The intent is on disk before the first attempt. Whatever ends the process, the next one meets the intent, looks the
record up in the target, and sends only where the search says that it is not there. Where the target has no search,
the ledger alone knows what is there (`engine.runs.unsearched`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.connectors.system import Answer
from engine.errors import ExchangeError, Json, RecordProblem
from engine.mappings.mapping import differs
from engine.runs.aim import Aim, Place
from engine.runs.creating import Creating
from engine.runs.ledger import Intent
from engine.runs.opening import OpenStep
from engine.runs.plan import Plan
from engine.runs.results import CREATED, SKIPPED, UNCHANGED, UNKNOWN, UPDATED, StepResult
from engine.runs.untold import answer_of, begun_before, is_untold
from engine.runs.write_problems import (
    as_refusal,
    gone,
    no_key,
    no_match_value,
    no_search,
    none_there,
    not_there,
)


class Writer(Creating):
    """Carries out steps for one record."""

    def write(self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim, place: Place) -> StepResult:
        """Carry out a step for one item. Raises RecordProblem (park it), TryAgain (later), SignInNeeded (stop)."""
        if step.step.key is not None:
            return self._update_known(step, item, variables, aim, place)
        if aim.match is None:
            raise no_match_value(step)
        with self._held(step, aim):
            existing = None if self._asks_ledger(step, aim, place) else self._looking.existing(step, aim, place)
            if existing is None:
                return self._absent(step, item, variables, aim, place)
            if aim.policy in ("skip_if_exists", "must_exist", "create"):
                found = self._or_made(step, self._result(step, UNCHANGED, existing), place)
                return self._left_alone(step, item, variables, found)
            return self._or_made(step, self._update(step, item, variables, existing, aim, place), place)

    # --- looking

    def met(self, step: OpenStep, intent: Intent | None, record: dict[str, Json], place: Place) -> StepResult:
        """What is said of a record that is there: made, where this intent made it and nobody was told."""
        if intent is None or self._plan is not None:
            return self._result(step, UNCHANGED, record)
        return self._met_again(step, intent, record, place)

    def _asks_ledger(self, step: OpenStep, aim: Aim, place: Place) -> bool:
        """Is it the record's own document in a target that only the ledger knows, so that what another record of this
        run came to is none of its business?
        """
        makes = aim.policy in ("create", "create_or_update", "skip_if_exists") and self._plan is None
        return makes and place.is_main and self._unsearched.may_be_repeated(step)

    def _or_made(self, step: OpenStep, result: StepResult, place: Place) -> StepResult:
        """What came of it: made, where an intent of this very record says that we made it and told nobody."""
        if place.is_main and self._plan is None:
            for intent in self._ledger.intents(place.flow, place.binding, place.key):
                if step.began(intent) and is_untold(intent):
                    return self._made(step, intent, result.record)
        return result

    def _left_alone(
        self,
        step: OpenStep,
        item: Json,
        variables: Mapping[str, Json],
        there: StepResult,
        update: dict[str, Json] | None = None,
    ) -> StepResult:
        """What is there stays; a dry run that compares is told what it would be made of, or changed to."""
        if self._plan is not None and self._plan.compares:
            made = partial(step.fields.made, item, variables, self._environment, "create")
            self._plan.leave(step, there, made, update)
        return there

    # --- creating

    def _absent(self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim, place: Place) -> StepResult:
        if aim.policy in ("must_exist", "update"):
            return self._not_there(step, aim)
        place.before_creating()
        fields = self._fields(step, item, variables, "create")
        if self._plan is not None:
            return self._planned(self._plan, step, item, variables, fields, aim, place)
        intent = self._intent(step, aim, place)
        is_new = intent.state == "new" and not self._ledger.may_be_forgotten(
            place.flow, place.binding, place.key, UNKNOWN
        )
        if is_new:
            met = None
        elif step.can_find:
            met = self._met(step, aim, intent, place)
        else:
            met = self._met_unsearched(step, item, variables, fields, aim, intent, place)
        if met is None:
            later = self._made_later(step, item, variables, aim) if self._unsearched.is_upsert(step, aim) else None
            met = self._send_create(step, fields, aim, intent, place, later, is_new=is_new)
        self._looking.keep(step, aim, met.record)
        return met

    def _planned(
        self,
        plan: Plan,
        step: OpenStep,
        item: Json,
        variables: Mapping[str, Json],
        fields: dict[str, Json],
        aim: Aim,
        place: Place,
    ) -> StepResult:
        """What a dry run says: met as it was begun before, or to be created."""
        if self._unsearched.is_upsert(step, aim):
            begun = self._unsearched.done_before(step, place)
            if begun is not None:
                fields = self._changed(step, item, variables, aim)
                if self._unsearched.is_as_sent(begun, fields):
                    return self._left_alone(step, item, variables, self._result(step, UNCHANGED, fields, begun))
                return self._result(step, UPDATED, {**plan.create(step, fields, aim.match), **fields}, begun)
        look = (lambda: self._looking.find(step, aim.match, aim, place)) if aim.policy == "create" else None
        before = begun_before(self._ledger, step, place, look, anew=plan.anew)
        if before is not None:
            return self._left_alone(step, item, variables, before)
        answer = plan.create(step, fields, aim.match)
        self._looking.keep(step, aim, answer)
        return self._result(step, CREATED, answer)

    def _not_there(self, step: OpenStep, aim: Aim) -> StepResult:
        if not step.can_find:
            raise no_search(step)
        if aim.policy == "must_exist":
            raise none_there(step, aim.match)
        return StepResult(step.step.name, SKIPPED, {}, reason=not_there(step, aim.match))

    def _met(self, step: OpenStep, aim: Aim, intent: Intent, place: Place) -> StepResult | None:
        """An intent was there before us: what became of it, or None where it must be sent (again)."""
        has_looked = aim.policy != "create"
        found = None if has_looked else self._looking.find(step, aim.match, aim, place)
        if found is not None:
            return self._met_again(step, intent, found, place)
        if intent.state == "done" and place.is_main:
            raise gone(step, intent)
        return None  # never made; or a customer or article that was deleted since: it may be made anew

    def _met_unsearched(
        self,
        step: OpenStep,
        item: Json,
        variables: Mapping[str, Json],
        fields: dict[str, Json],
        aim: Aim,
        intent: Intent,
        place: Place,
    ) -> StepResult | None:
        """The same where only the ledger knows what is there."""
        if self._asks_ledger(step, aim, place):
            self._unsearched.refuse_double(step, aim, intent, place)
        if self._unsearched.may_be_sent(step, fields, intent):
            return None
        if self._unsearched.is_upsert(step, aim):
            return self._upsert(step, self._changed(step, item, variables, aim), intent, place)
        intent, existing = self._unsearched.as_answered(step, fields, aim, intent, place)
        if aim.policy != "create_or_update":
            return self._met_again(step, intent, existing, place)
        return self._or_made(step, self._update(step, item, variables, existing, aim, place), place)

    def _upsert(self, step: OpenStep, fields: dict[str, Json], intent: Intent, place: Place) -> StepResult:
        """Change what was made before by making it again, unless it is as it was sent last."""
        known = self._unsearched.known(step, intent)
        if self._unsearched.is_as_sent(intent, fields):
            return self._met_again(step, intent, {**known, **fields}, place)
        self._unsearched.forget_sent(intent)
        try:
            answer = self._create(step, fields, place)
        except ExchangeError as error:
            raise as_refusal(step, error) from error
        record = {**known, **fields, **answer.record}
        sent = self._unsearched.sent(fields)
        if self._is_own(intent, place) and is_untold(intent):
            return self._made(step, intent, record, sent, anew=True)
        self._done(step, intent, record, answer_of(sent))
        return self._result(step, UPDATED, record, intent)

    def _changed(self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim) -> dict[str, Json]:
        """What a change of it would send, with what says which one it is."""
        fields = self._fields(step, item, variables, "update")
        return fields if step.step.match is None else {step.step.match.field: aim.match, **fields}

    def _made_later(self, step: OpenStep, item: Json, variables: Mapping[str, Json], aim: Aim) -> str | None:
        """How a change would be sent, to tell later whether one is needed."""
        try:
            return self._unsearched.sent(self._changed(step, item, variables, aim))
        except RecordProblem:
            return None

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
            return self._left_alone(step, item, variables, self._result(step, UNCHANGED, existing), fields)
        if not replace:  # a system may refuse all of a change where one value is there already
            fields = {name: value for name, value in fields.items() if differs(value, existing.get(name))}
        key = step.system.key_of(step.step.resource, existing) or ""
        record = {**existing, **fields, **self._send_update(step, key, fields, place, existing).record}
        self._looking.keep(step, aim, record)
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
