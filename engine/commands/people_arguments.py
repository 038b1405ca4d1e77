"""What `people` takes: who may come into the studio, with which role, and how they sign in."""

from __future__ import annotations

import argparse
from collections.abc import Callable

ROLES = ("look", "mend", "design", "administer")
WAYS = ("none", "password", "oidc")
_PEOPLE = (
    "people",
    "say who may come into the studio, what each may do, and how they sign in",
    "Without a way of signing in the studio is open on this machine only. A password is one for all who come in; with "
    "an OpenID provider each has an account, and comes in where --add named the address. Passwords and secrets are "
    "asked for, or read from standard input, and kept sealed. Without an option: who may come in. docs/people.md has "
    "it step by step.",
    "python -m engine people --add anna@example.com --role administer",
)


def add_people(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parser. new: makes a command's parser with the options of all commands."""
    command = new(commands, *_PEOPLE)
    what = command.add_mutually_exclusive_group()
    what.add_argument("--add", metavar="NAME", help="let somebody in, or give another role: an e-mail address")
    what.add_argument("--remove", metavar="NAME", help="let somebody in no more")
    what.add_argument("--sign-in", metavar="WAY", choices=WAYS, help=f"how one signs in: {', '.join(WAYS)}")
    command.add_argument("--role", metavar="ROLE", choices=ROLES, help=f"with --add: {', '.join(ROLES)}")
    command.add_argument(
        "--metadata", metavar="URL", help="with oidc: the provider's …/.well-known/openid-configuration"
    )
    command.add_argument("--client-id", metavar="ID", help="with oidc: of the studio as an application of the provider")
    command.add_argument("--by", metavar="NAME", default="", help="who changes it; without it the signed-in user")
