"""`people`: who may come into the studio, what each may do, and how they sign in."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace

from engine.commands.caller import of_caller
from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import Desk, desk
from engine.design.people.rights import Role
from engine.design.people.sign_in import (
    LOCAL,
    NONE,
    OIDC,
    PASSWORD,
    sign_in_with_nothing,
    sign_in_with_password,
    sign_in_with_provider,
    way_in,
)
from engine.design.people.store import Known, known_people, remove_person, role_named, set_person
from engine.errors import DocumentError, Problem

_MOST_CHARS = 4_000
_SAID = {
    NONE: "Nobody signs in: the studio is open on this machine only.",
    PASSWORD: f"One signs in with the local password, as “{LOCAL}”.",
    OIDC: "People sign in with the provider of {metadata}",
}


def run(asked: Namespace) -> int:
    """Exit code 0; 2 where the call is wrong, or nobody would be left who may administer."""
    output = Output(asked.json)
    _check(asked)
    with desk(asked.workspace) as opened:
        things = of_caller(opened, asked)
        if asked.add is not None:
            _add(things, asked, output)
        elif asked.remove is not None:
            remove_person(things, asked.remove)
            output.object("removed", name=asked.remove.strip().casefold())
            output.text("Removed: out at the next click.")
        elif asked.sign_in is not None:
            _sign_in(things, asked, output)
        else:
            _list(things, output)
    return 0


def _check(asked: Namespace) -> None:
    """Options that do not go together."""
    if asked.add is not None and asked.role is None:
        raise _wrong("--add", "it takes a role", "As --role look; look, mend, design or administer.")
    if asked.role is not None and asked.add is None:
        raise _wrong("--role", "it says what somebody may do", "Name them: --add anna@example.com --role look")
    if (asked.metadata or asked.client_id) and asked.sign_in != OIDC:
        raise _wrong("--metadata, --client-id", "they belong to a provider", "Call with --sign-in oidc too.")
    if asked.sign_in == OIDC and not (asked.metadata and asked.client_id):
        raise _wrong("--sign-in oidc", "it takes --metadata URL and --client-id ID", "The provider shows both.")


def _add(things: Desk, asked: Namespace, output: Output) -> None:
    added = set_person(things, asked.add, role_named(asked.role))
    output.object("person", name=added.name, role=asked.role)
    output.text(f"{added.name} may {asked.role}.")
    if way_in(things).way == NONE:
        output.text("Nobody has to sign in yet: people --sign-in oidc (or password) changes that.")


def _sign_in(things: Desk, asked: Namespace, output: Output) -> None:
    before = way_in(things)
    if asked.sign_in == PASSWORD:
        sign_in_with_password(things, _secret("New password", twice=True))
    elif asked.sign_in == OIDC:
        sign_in_with_provider(things, asked.metadata, asked.client_id, _secret("Client secret"))
    else:
        sign_in_with_nothing(things)
    output.object("sign_in", way=asked.sign_in, needs_restart=OIDC in (asked.sign_in, before.way))
    output.text(_said(things))
    if asked.sign_in == OIDC:
        output.text("A studio that runs must be started again. At the provider, allow the address of the studio")
        output.text("followed by /oauth2callback, as https://studio.example.com/oauth2callback.")
    elif before.is_needed or asked.sign_in == PASSWORD:
        output.text("It counts at everybody's next click; whoever was signed in is asked again.")
    if asked.sign_in == PASSWORD and not _can_administer(things):
        output.text(f"“{LOCAL}” may not administer: that is for the command line, until --add {LOCAL} says otherwise.")


def _secret(label: str, *, twice: bool = False) -> str:
    """From standard input, or asked for without showing it; never from the command's own words."""
    if not sys.stdin.isatty():
        text = sys.stdin.readline(_MOST_CHARS + 1).rstrip("\r\n")
    else:
        text = getpass.getpass(f"{label} (it is not shown): ")
        if twice and getpass.getpass("Once more: ") != text:
            raise _wrong("the password", "it was typed differently the second time", "Call again.")
    if not text:
        what_to_do = "Type it when asked, or give it on standard input: people --sign-in … < secret.txt"
        raise _wrong(label.lower(), "there is none", what_to_do)
    return text


def _list(things: Desk, output: Output) -> None:
    known = known_people(things)
    for each in known:
        role = each.person.role.word if each.person.role is not None else ""
        at = each.at.isoformat() if each.at else None
        output.object("person", name=each.person.name, role=role, by=each.by, since=at)
    output.object("sign_in", way=way_in(things).way)
    output.text(_said(things))
    if known:
        output.table(("Name", "May", "Since", "By"), [_row(each) for each in known])
    else:
        output.text("Nobody is named. people --add NAME --role ROLE lets somebody in.")


def _row(each: Known) -> tuple[str, str, str, str]:
    role = each.person.role.word if each.person.role is not None else "nothing"
    return each.person.name, role, moment(each.at) if each.at else "", each.by


def _said(things: Desk) -> str:
    way = way_in(things)
    return _SAID[way.way].format(metadata=way.metadata)


def _can_administer(things: Desk) -> bool:
    return any(each.person.name == LOCAL and each.person.role is Role.ADMINISTER for each in known_people(things))


def _wrong(where: str, what: str, what_to_do: str) -> DocumentError:
    return DocumentError([Problem(where, what, what_to_do)])
