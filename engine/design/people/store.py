"""Who may come in: people by the address they sign in with, each with a role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.design.people.rights import Person, Role, needs
from engine.design.people.sign_in import LOCAL, OIDC, PASSWORD, WayIn, way_in
from engine.errors import DocumentError, Json, Problem
from engine.runs.ledger.people import Rule

if TYPE_CHECKING:
    from engine.design.desk import Desk

_ADDRESS = re.compile(r"[^\s@,;<>\"`()\\]+@[^\s@,;<>\"`()\\]+\.[^\s@,;<>\"`()\\.]+")
_MOST_CHARS = 254


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may come in. by, at: who said so last, and when; at: None for the local one, whom nobody named."""

    person: Person
    by: str = ""
    at: datetime | None = None


def as_name(address: str) -> str | None:
    """The name of whoever signs in with this address; None where it is no address.

    A letter that only looks like a Latin one must not become it: K (of Kelvin) is not k, or two people would be one.
    """
    address = address.strip()
    if len(address) > _MOST_CHARS or not address.isprintable() or not _ADDRESS.fullmatch(address):
        return None
    if any(not c.isascii() and c.casefold().isascii() for c in address):
        return None
    return address.casefold()


def role_named(word: str) -> Role:
    """A role by its word; DocumentError where there is none."""
    found = next((role for role in Role if role.word == word), None)
    if found is None:
        raise DocumentError([Problem("the role", f"there is no role “{word}”", f"There is {_words()}.")])
    return found


def known_people(desk: Desk) -> list[Known]:
    """Everybody who may come in, and the local one where one signs in with the local password."""
    listed = [Known(Person(each.name, _role(each.role)), each.by, each.at) for each in desk.ledger.people()]
    if way_in(desk).way == PASSWORD and not any(each.person.name == LOCAL for each in listed):
        listed.append(Known(Person(LOCAL, Role.ADMINISTER)))
    return listed


def person_named(desk: Desk, name: str, way: WayIn | None = None) -> Person:
    """Who signs in under this name, with the role of this moment; without a role where nobody named them."""
    stored = desk.ledger.person_named(name)
    if stored is not None:
        return Person(name, _role(stored.role))
    is_owner = name == LOCAL and (way or way_in(desk)).way == PASSWORD
    return Person(name, Role.ADMINISTER if is_owner else None)


@needs(Role.ADMINISTER, "say who may come in")
def set_person(desk: Desk, name: str, role: Role) -> Person:
    """Let somebody in with this role, or give another. DocumentError for what is no address, or the last who may
    administer.
    """
    named = _name(name)
    desk.ledger.set_person(named, role.word, desk.person.name, desk.clock.now(), _rule(desk.person))
    return Person(named, role)


@needs(Role.ADMINISTER, "say who may come in")
def remove_person(desk: Desk, name: str) -> None:
    """Let somebody in no more; they are out at their next click."""
    named = _name(name)
    if not desk.ledger.remove_person(named, desk.person.name, desk.clock.now(), _rule(desk.person)):
        known = ", ".join(each.name for each in desk.ledger.people()) or "nobody yet"
        raise DocumentError([Problem(named, "nobody is called so", f"There is {known}.")])


def _name(text: str) -> str:
    name = LOCAL if text.strip().casefold() == LOCAL else as_name(text)
    if name is None:
        what = "that is no e-mail address"
        raise DocumentError(
            [Problem(text[:_MOST_CHARS] or "the name", what, "Give the address that the person signs in with.")]
        )
    return name


def _rule(acting: Person) -> Rule:
    """Somebody who may administer stays. With the local password that is the local one alone, who does not lower
    themselves; whoever has the command line may, since it can do everything.
    """

    def somebody_administers(before: Mapping[str, str], after: Mapping[str, str], held: Json) -> None:
        way = WayIn(**(held or {})).way
        gone = sorted(_administrators(before, way))
        if not gone or _administrators(after, way) or (way == PASSWORD and acting.name != LOCAL):
            return
        what_to_do = "Give somebody else the role “administer” first."
        if way == PASSWORD:
            what_to_do = f"On the command line it can be done: people --add {LOCAL} --role ROLE"
        raise DocumentError([Problem(", ".join(gone), "nobody would be left who may administer", what_to_do)])

    return somebody_administers


def _administrators(roles: Mapping[str, str], way: str) -> set[str]:
    """Who administers: with the local password nobody else can sign in, and with a provider the local one cannot."""
    if way == PASSWORD:
        roles = {LOCAL: roles.get(LOCAL, Role.ADMINISTER.word)}
    elif way == OIDC:
        roles = {name: role for name, role in roles.items() if name != LOCAL}
    return {name for name, role in roles.items() if role == Role.ADMINISTER.word}


def still_here(desk: Desk, name: str) -> Person:
    """Somebody who began something a while ago, with the role of this moment."""
    way = way_in(desk)
    return person_named(desk, name, way) if way.is_needed else Person(name, Role.ADMINISTER)


def _role(word: str) -> Role | None:
    """None for a role that only a newer program knows: then nothing is allowed."""
    return next((role for role in Role if role.word == word), None)


def _words() -> str:
    return ", ".join(role.word for role in Role)
