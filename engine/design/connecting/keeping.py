"""Answers of a connection: checked, merged with what is kept already, and kept sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from engine.connectors.connector import Connector
from engine.connectors.templates import fill_address, holes
from engine.design.connecting.trial_tokens import TrialVault
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.questionnaire import answer_problems, only_asked
from engine.errors import ConnectionMissing, DocumentError, Json, Problem
from engine.runs.bindings import name_problem
from engine.runs.ledger import StoredConnection


def checked(connector: Connector, answers: Mapping[str, Json]) -> dict[str, Json]:
    """The answers that are asked for; DocumentError says everything that is wrong with them."""
    problems = answer_problems(connector.questions, answers, f"answers for {connector.title}")
    if problems:
        raise DocumentError(problems)
    return only_asked(connector.questions, {n: v for n, v in answers.items() if v != ""})


@needs(Role.ADMINISTER, "work with the secrets of a connection")
def with_kept(desk: Desk, connector: Connector, answers: Mapping[str, Json], name: str = "") -> dict[str, Json]:
    """The answers, with the kept secrets where none was typed. name: of the connection, else the system's own.

    A kept secret goes to no other address than it was given for: where an address differs it must be typed again.
    """
    kept = desk.ledger.connection(name or connector.name)
    given = {name: value for name, value in answers.items() if value not in (None, "")}
    if kept is None or not _same_addresses(connector, kept.answers, given):
        return given
    secrets = connector.secret_questions() - connector.token_questions()
    return {**{name: value for name, value in kept.answers.items() if name in secrets}, **given}


def _same_addresses(connector: Connector, kept: Mapping[str, Json], given: Mapping[str, Json]) -> bool:
    before, now = connector.with_defaults(kept), connector.with_defaults(given)
    return all(before.get(name) == now.get(name) for name in address_questions(connector))


def address_questions(connector: Connector) -> list[str]:
    """The questions whose answers say where requests go."""
    return [name for name in connector.every_question() if name in holes(_addresses(connector))]


def _addresses(connector: Connector) -> Iterator[str]:
    yield str(connector.http["base"])
    sign_in = connector.http["sign_in"]
    yield from (sign_in[part] for part in ("token_url", "authorize_url") if part in sign_in)


def is_local(answers: Mapping[str, Json], connector: Connector) -> bool:
    """Do all addresses lead to this very machine, as those of sandboxes do?"""
    full = connector.with_defaults(answers)
    hosts = []
    for template in _addresses(connector):
        try:
            hosts.append(urlsplit(fill_address(template, full, connector.title)).hostname or "")
        except (ConnectionMissing, ValueError):
            return False
    return all(host in ("localhost", "127.0.0.1", "::1") for host in hosts)


def as_stored(
    desk: Desk, connector: Connector, answers: Mapping[str, Json], *, allow_private: bool, name: str = ""
) -> StoredConnection:
    """A connection as it would be kept, without its tokens; DocumentError where the address or the name is none."""
    check_name(desk, connector, name)
    tokens = connector.token_questions()
    kept = {name: value for name, value in answers.items() if name not in tokens}
    secrets = frozenset(connector.secret_questions() & set(kept))
    host = _host(connector, kept)
    now = desk.clock.now()
    return StoredConnection(name or connector.name, connector.name, kept, secrets, host, allow_private, now)


def check_name(desk: Desk, connector: Connector, name: str) -> None:
    """DocumentError where a connection of this system cannot have this name; "" is the system's own, and fine."""
    if name in ("", connector.name):
        return
    problem = name_problem(name, f"connection of {connector.title}")
    if problem is not None:
        raise DocumentError([problem])
    stored = next((each for each in desk.ledger.connections() if each.name == name), None)
    if name in desk.workspace.connector_names():
        what = f"{name} is the name of a system, and of its first connection"
    elif stored is not None and stored.connector != connector.name:
        what = f"{name} is a connection of {stored.connector}"
    else:
        return
    raise DocumentError([Problem(f"connection of {connector.title}", what, "Choose another name.")])


def _host(connector: Connector, answers: Mapping[str, Json]) -> str:
    address = str(connector.http["base"])
    for name, value in connector.with_defaults(answers).items():
        address = address.replace("{" + name + "}", str(value))
    try:
        return urlsplit(address if "://" in address else "https://" + address).hostname or ""
    except ValueError as error:
        what = "the address is none: it cannot be taken apart"
        advice = "Write it as in the browser: https://www.my-shop.example"
        raise DocumentError([Problem(f"answers for {connector.title}", what, advice)]) from error


@needs(Role.ADMINISTER, "connect a system")
def keep(desk: Desk, connector: Connector, answers: Mapping[str, Json], *, allow_private: bool, name: str = "") -> None:
    """Check the answers against the questions and keep them; a first token goes where tokens live."""
    answers = checked(connector, answers)
    stored = as_stored(desk, connector, answers, allow_private=allow_private, name=name)
    tokens = TrialVault(desk.ledger, desk.clock, connector, answers)
    first = tokens.read(stored.name)
    save(desk, stored)
    if first:
        desk.ledger.write_tokens(stored.name, first, desk.clock.now())
        tokens.moved()


@needs(Role.ADMINISTER, "connect a system")
def save(desk: Desk, stored: StoredConnection) -> None:
    """Keep a connection in the ledger."""
    desk.ledger.save_connection(
        stored.name,
        stored.connector,
        stored.answers,
        set(stored.secrets),
        stored.host,
        stored.allow_private,
        desk.clock.now(),
        desk.person.name,
    )
