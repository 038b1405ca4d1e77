"""What a person is told when a write cannot be done or nobody knows whether it was."""

from __future__ import annotations

from engine.errors import ExchangeError, Json, Problem, RecordProblem, RecordRefused, StudioError
from engine.runs.ledger import Intent
from engine.runs.opening import OpenStep
from engine.runs.results import UNKNOWN, MadeWithError, OutcomeUnknown, StepResult


def no_match_value(step: OpenStep) -> RecordProblem:
    return _problem(
        step,
        f"the match value ({_title(step)}) is missing, so the record cannot be looked up",
        "Give the source record this value, or map another one to match by.",
    )


def no_key(step: OpenStep) -> RecordProblem:
    return _problem(step, "the key of the record to change is missing", "Mend the step's key formula.")


def no_search(step: OpenStep) -> RecordProblem:
    return _problem(
        step,
        f"{step.system.title} cannot be searched by {_title(step)}, so whether it is there cannot be told",
        "Match by a field that can be searched, or choose a policy that makes the record.",
    )


def several(step: OpenStep, found: list[dict[str, Json]]) -> RecordProblem:
    keys = ", ".join(filter(None, (step.system.number_of(step.step.resource, r) for r in found[:5])))
    return _problem(
        step,
        f"{len(found)} records match ({keys}), and which one is meant cannot be told",
        f"Merge them in {step.system.title}, or match by another field.",
    )


def none_there(step: OpenStep, match: Json) -> RecordProblem:
    return _problem(
        step,
        f"there is none with {_title(step)}{_quoted(step, match)}, and the flow makes none",
        f"Make it in {step.system.title}, or let the flow make it.",
    )


def not_there(step: OpenStep, match: Json) -> str:
    """Why a step that only changes what is there did nothing."""
    return (
        f"{step.system.title} has none of its {step.resource.title.lower()} with {_title(step)}{_quoted(step, match)}"
    )


def gone(step: OpenStep, intent: Intent) -> RecordProblem:
    what = f"it was made before as {intent.target_number or intent.target_id}, and it is not found now"
    advice = (
        f"Look in {step.system.title} whether it was deleted or renamed; it is not made a second time by itself. "
        "If it is to be made anew, say so: `replay KEY --not-there`."
    )
    return RecordProblem([Problem(step.where, what, advice)])


def double(step: OpenStep, match: Json, intent: Intent) -> RecordProblem:
    """Parked before it writes over what another record of the source came to."""
    return _problem(
        step,
        f"another record of the source (key {intent.key}) was handed in with {_title(step)}{_quoted(step, match)}, and "
        "has it still",
        f"Give one of them another number in the source. If that other one is gone there, run the flow with --only "
        f"{intent.key} first.",
    )


def unknown(step: OpenStep, error: StudioError | None = None, match: Json = None) -> OutcomeUnknown:
    """Parked until a person has looked. No run sends it again, not even one that is asked for this record. match: what
    it was to be matched by, which is told where it is the number that the target has only once.
    """
    why = f" ({error.what})" if error else ""
    guard = _guard(step)
    is_known = match is not None and step.step.match is not None and guard == step.step.match.field
    look_for = f"for {_title_of(step, guard)} {match}" if is_known else ""
    return _unknown(step, f"the record may have been made, but no answer came{why}", look_for)


def older_copy(step: OpenStep) -> OutcomeUnknown:
    """The ledger was put back from a backup, and the target cannot be asked what was made since."""
    return _unknown(step, "the ledger was put back from a backup, and whether the record was made since cannot be told")


def refused_again(step: OpenStep, error: RecordRefused, fields: dict[str, Json]) -> OutcomeUnknown:
    """No answer came, it was sent once more, and the target refused that: perhaps since it has the first one."""
    guard = _guard(step)
    there = f"{_title_of(step, guard)} {fields.get(guard)}"
    return _unknown(
        step,
        f"no answer came, so it was sent once more, and {step.system.title} refused that: {_said(error).rstrip('.')}. "
        f"The first one may be there, under {there}",
        f"for {there}",
    )


def _guard(step: OpenStep) -> str:
    """The field that the target refuses to have twice; "" where there is none."""
    create = step.resource.operation("create")
    return (create.guarded_by if create is not None else None) or ""


def _title_of(step: OpenStep, name: str) -> str:
    return str(step.resource.schema.get("properties", {}).get(name, {}).get("title", name)).lower()


def not_made_as(step: OpenStep, number: str) -> OutcomeUnknown:
    """A person says under which number it is, and it is not there."""
    return _unknown(step, f"{step.system.title} has none under {number}")


def _unknown(step: OpenStep, why: str, look_for: str = "") -> OutcomeUnknown:
    look = f"Look in {step.system.title}{' ' if look_for else ''}{look_for}"
    return OutcomeUnknown(
        [
            Problem(
                step.where,
                f"{UNKNOWN}: {why}",
                f"{look}. If it is there, say under which number, with --only and --made-as, and what comes after it "
                "is done; if it is surely not there, say so with --only and --not-there, and it is sent again. No run "
                "does so by itself.",
                code="outcome_unknown",
            )
        ]
    )


def made_with_error(step: OpenStep, error: ExchangeError, result: StepResult) -> MadeWithError:
    """Parked with the target's own words; what was made is known, and sending it again only notes that it is there."""
    called = result.number or result.key
    what = f"{step.system.title} made it as {called}, and told of an error with it: {_said(error)}"
    advice = (
        f"Look at {called} in {step.system.title}, and correct it there if need be. Then send the record again: it is "
        "not made a second time, but noted as arrived."
    )
    return MadeWithError([Problem(step.where, what, advice, code="made_with_error")], result)


def as_refusal(step: OpenStep, error: ExchangeError) -> Exception:
    """A refusal of this record is a problem of the record; anything else stays what it is."""
    if not isinstance(error, RecordRefused):
        return error
    field = f", field {error.system_field}" if error.system_field else ""
    return RecordProblem(
        [
            Problem(
                step.where + field,
                f"{step.system.title} refused it: {_said(error)}",
                error.what_to_do or "Mend the value in the source or the mapping.",
                code=error.system_code or error.cause.name.lower(),
                step=step.step.name,
                field=error.system_field,
            )
        ]
    )


def _said(error: ExchangeError) -> str:
    """The system's own words, with the connector's sentence about them where it has one."""
    if error.explained:
        return f"{error.what} (“{error.system_message}”)" if error.system_message else error.what
    return error.system_message or error.why or error.what


def _problem(step: OpenStep, what: str, what_to_do: str) -> RecordProblem:
    return RecordProblem([Problem(step.where, what, what_to_do)])


def _quoted(step: OpenStep, match: Json) -> str:
    """The value looked for, unless it tells something about a person: reasons are kept longer than records."""
    name = step.step.match.field if step.step.match else ""
    about = step.resource.schema.get("properties", {}).get(name, {})
    return "" if about.get("x-personal") else f" “{str(match)[:60]}”"


def _title(step: OpenStep) -> str:
    name = step.step.match.field if step.step.match else ""
    about = step.resource.schema.get("properties", {}).get(name, {})
    return str(about.get("title", name)).lower()
