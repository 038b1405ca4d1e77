"""What of a step can be changed by an operation, as it stands in the flow; and what is changed in its file."""

from __future__ import annotations

from dataclasses import dataclass

from engine.design.sentences import POLICIES, POLICY_SENTENCES
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Translations


@dataclass(frozen=True, slots=True)
class StepParts:
    """A step's own formulas and words; "" for what it does not have. policy: "" where a formula decides."""

    step: str
    title: str
    when: str = ""
    field: str = ""
    formula: str = ""
    where: str = ""
    scope: str = ""
    policy: str = ""
    policy_formula: str = ""
    each: str = ""
    key: str = ""
    instead: str = ""


def parts_of(loaded: LoadedFlow, name: str) -> StepParts:
    """The parts of the step of this name."""
    step = next(each for each in loaded.flow.steps if each.name == name)
    match = step.match
    return StepParts(
        step=step.name,
        title=step.title,
        when=step.when or "",
        field=match.field if match is not None else "",
        formula=match.formula if match is not None else "",
        where=(match.where or "") if match is not None else "",
        scope=(match.scope or "") if match is not None else "",
        policy="" if step.policy_formula is not None else step.policy,
        policy_formula=step.policy_formula or "",
        each=step.each or "",
        key=step.key or "",
        instead=step.instead or "",
    )


def policies(translations: Translations | None = None) -> dict[str, str]:
    """Every policy by its name, in words."""
    say = Speech(translations)
    return {name: say(POLICY_SENTENCES[name]) for name in POLICIES}
