"""What people may do: four roles, each with all that the one before it may; asked where the work is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from engine.errors import NotAllowed
from engine.formulas.words import Template

P = ParamSpec("P")
R = TypeVar("R")


class Role(IntEnum):
    """look: see everything that may be seen; mend: records and rows, runs; design: flows and mappings; administer:
    connections' credentials, people, what is kept and for how long.
    """

    LOOK, MEND, DESIGN, ADMINISTER = 1, 2, 3, 4

    @property
    def word(self) -> str:
        return self.name.lower()


ROLES: dict[Role, Template] = {
    Role.LOOK: "look",
    Role.MEND: "mend",
    Role.DESIGN: "design",
    Role.ADMINISTER: "administer",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here. name: as the audit log says it; role: None where they may not even look."""

    name: str
    role: Role | None

    def may(self, role: Role) -> bool:
        return self.role is not None and self.role >= role

    def must(self, role: Role, doing: str) -> None:
        """NotAllowed where the role does not reach. doing: what it is, as “publish a flow”."""
        if not self.may(role):
            raise not_allowed(self, role, doing)


NOBODY = Person("", None)


def not_allowed(person: Person, role: Role, doing: str) -> NotAllowed:
    """What is said to somebody whose role does not reach."""
    held = f"your role is “{person.role.word}”" if person.role is not None else "you are not signed in"
    return NotAllowed(
        f"You may not {doing}",
        why=f"{held}, and it takes “{role.word}”",
        what_to_do="Ask somebody who administers this workspace: they can do it, or give you the role on Settings.",
    )


class Acting(Protocol):
    """Whatever somebody works with: it knows who."""

    @property
    def person(self) -> Person: ...


A = TypeVar("A", bound=Acting)


def needs(role: Role, doing: str) -> Callable[[Callable[Concatenate[A, P], R]], Callable[Concatenate[A, P], R]]:
    """Marks what takes a role: NotAllowed before anything of it is done. What it marks takes first what it works with
    (a desk, drafts), which knows who is at work. doing: as “publish a flow”.
    """

    def guard(function: Callable[Concatenate[A, P], R]) -> Callable[Concatenate[A, P], R]:
        @wraps(function)
        def asked(acting: A, /, *given: P.args, **named: P.kwargs) -> R:
            acting.person.must(role, doing)
            return function(acting, *given, **named)

        asked.__dict__.update(needs=role, doing=doing)  # for whoever checks that all that changes anything asks
        return asked

    return guard
