"""Writes to a target that cannot be searched: what is there, the ledger alone knows, by the answers it was given.

An intent with an answer names the record. One without may have been sent, and what follows depends on the target:

- A write that may be repeated harmlessly, since it makes or changes by number, is simply sent again. A hash of what
  was sent last tells whether a change is needed at all.
- Where the target itself refuses a second record with the same value (`guarded_by`), and the request has one, it is
  sent once more. If it is accepted, nothing had arrived before. If it is refused, the first one may be there, and
  nobody told us its number.
- Else it is parked as “outcome unknown”, as is what was refused the second time. A person looks in the target, and says
  that it is not there, or under which number it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.connectors.clock import Clock
from engine.connectors.system import Answer
from engine.errors import Cause, ExchangeError, Json, RecordRefused
from engine.runs.aim import Aim, Place, normalised
from engine.runs.ledger import Intent, Ledger
from engine.runs.opening import OpenStep
from engine.runs.results import SKIPPED
from engine.runs.untold import answer_of, is_untold
from engine.runs.write_problems import as_refusal, double, gone, not_made_as, older_copy, refused_again, unknown


class Unsearched:
    """What the ledger knows, for one record. made_as, not_there, resend: as `Creating` has them."""

    def __init__(
        self, ledger: Ledger, clock: Clock, made_as: str = "", *, not_there: bool = False, resend: bool = False
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._made_as = made_as
        self._not_there = not_there
        self._resend = resend

    # --- what the target allows

    def is_guarded(self, step: OpenStep, fields: Mapping[str, Json]) -> bool:
        """Does the target refuse a second one of these fields by itself, so that it may be sent once more? Without a
        value in the field that it looks at it refuses nothing; nor where another field says which record it is, since
        this one may have another value by then.
        """
        create = step.resource.operation("create")
        match = step.step.match.field if step.step.match is not None else None
        if create is None or create.guarded_by is None or create.guarded_by != match or step.can_find:
            return False
        value = fields.get(create.guarded_by)
        return value is not None and str(value).strip() != ""

    def may_be_repeated(self, step: OpenStep) -> bool:
        """Does making it a second time no harm?"""
        create = step.resource.operation("create")
        return create is not None and create.at_most > 1 and not step.can_find

    def is_upsert(self, step: OpenStep, aim: Aim) -> bool:
        """Is a change of it made by making it again?"""
        return aim.policy == "create_or_update" and self.may_be_repeated(step)

    # --- what was met

    def refuse_double(self, step: OpenStep, aim: Aim, intent: Intent, place: Place) -> None:
        """Raise what parks a record whose number was handed in for another one of its flow that has it still: each
        would write over the other.
        """
        if (intent.flow, intent.binding) != (place.flow, place.binding) or intent.key == place.key:
            return
        other = self._ledger.record(intent.flow, intent.binding, intent.key)
        has_it = other is not None and other.state != SKIPPED and normalised(other.number) == normalised(aim.match)
        if has_it:
            raise double(step, aim.match, intent)

    def may_be_sent(self, step: OpenStep, fields: Mapping[str, Json], intent: Intent) -> bool:
        """Is what has no answer sent (once more), before anybody is asked?"""
        if intent.state == "done" or self._made_as:
            return False
        if self._not_there and intent.state == "unknown":  # another record of the same customer lost sight of it
            self._not_there = False  # said of one write, before it is sent
            return True
        return self.may_be_repeated(step) or (self.is_guarded(step, fields) and intent.state != "unknown")

    def as_answered(
        self, step: OpenStep, fields: Mapping[str, Json], aim: Aim, intent: Intent, place: Place
    ) -> tuple[Intent, dict[str, Json]]:
        """The record by the id its answer gave, or a person; raises what parks it where nobody knows."""
        if intent.state != "done" and self._made_as:
            return self._as_told(step, intent, place)
        if intent.state != "done":
            self._ledger.intent_unknown(intent.id)
            match = aim.match if self.is_guarded(step, fields) else None
            raise older_copy(step) if intent.state == "new" else unknown(step, match=match)
        try:
            return intent, self._got(step, intent, place)
        except ExchangeError as error:
            if error.cause is Cause.NOT_FOUND:
                raise gone(step, intent) from error
            raise

    def known(self, step: OpenStep, intent: Intent) -> dict[str, Json]:
        """As much of the record as the ledger knows."""
        return {step.resource.key_field: intent.target_id} if step.resource.key_field else {}

    def _got(self, step: OpenStep, intent: Intent, place: Place) -> dict[str, Json]:
        if intent.target_id is None or step.resource.operation("get") is None:
            return self.known(step, intent)
        return step.system.get(step.step.resource, intent.target_id, place.on_exchange)

    def _as_told(self, step: OpenStep, intent: Intent, place: Place) -> tuple[Intent, dict[str, Json]]:
        """What a person says is written down, once it is seen to be there, where that can be seen."""
        number, self._made_as = self._made_as, ""  # of one write: the next of this record is another thing
        answer = answer_of(untold=place.is_main)
        made = replace(intent, state="done", target_id=number, target_number=number, answer=answer)
        try:
            record = self._got(step, made, place)
        except ExchangeError as error:
            if error.cause is Cause.NOT_FOUND:
                raise not_made_as(step, number) from error
            raise
        self._ledger.intent_done(intent.id, number, number, answer, self._clock.now(), ride=False)
        return made, record

    # --- what was sent

    def sent(self, fields: dict[str, Json]) -> str:
        """A keyed hash of what is sent, to tell whether it is the same."""
        return self._ledger.seal.fingerprint("sent " + json.dumps(fields, sort_keys=True, default=str)).hex()

    def sent_last(self, intent: Intent) -> str | None:
        held = intent.answer.get("sent") if isinstance(intent.answer, dict) else None
        return held if isinstance(held, str) else None

    def is_as_sent(self, intent: Intent, fields: dict[str, Json]) -> bool:
        """Would nothing else be sent than last time? Not asked where somebody wants it sent again."""
        return not self._resend and self.sent_last(intent) == self.sent(fields)

    def forget_sent(self, intent: Intent) -> None:
        """Before a change is sent, on disk: until its answer is here nobody knows which of the two the target has."""
        if self.sent_last(intent) is not None:
            answer, at = answer_of(untold=is_untold(intent)), self._clock.now()
            self._ledger.intent_done(intent.id, intent.target_id, intent.target_number, answer, at, ride=False)

    def done_before(self, step: OpenStep, place: Place) -> Intent | None:
        """What this step made for the record, for a dry run, which opens no intent."""
        for intent in self._ledger.begun(place.flow, place.binding, place.key):
            if step.began(intent) and intent.state == "done":
                return intent
        return None

    def once_more(
        self,
        step: OpenStep,
        error: ExchangeError,
        fields: dict[str, Json],
        intent: Intent,
        send: Callable[[], Answer],
        *,
        is_new: bool,
    ) -> Answer:
        """The answer to the second request, which made it; raises what came of both. is_new: none was sent before it.

        What the second one's end leaves unknown stays open, and is sent again by a later attempt.
        """
        if is_new and not error.outcome_unknown:
            self._ledger.intent_refused(intent.id)
            raise as_refusal(step, error) from error
        if is_new:
            try:
                return send()
            except ExchangeError as second:
                error = second
        if not isinstance(error, RecordRefused):
            raise error
        self._ledger.intent_unknown(intent.id)
        raise refused_again(step, error, fields) from error
