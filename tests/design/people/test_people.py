"""Who may come in: by address, with a role, each change in the audit log, and never without an administrator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest

from engine.connectors.clock import FakeClock
from engine.design.desk import Desk
from engine.design.people.rights import NOBODY, Person, Role
from engine.design.people.sign_in import (
    LOCAL,
    NONE,
    OIDC,
    PASSWORD,
    sign_in_with_nothing,
    sign_in_with_password,
    sign_in_with_provider,
    way_in,
    way_in_of,
)
from engine.design.people.store import as_name, known_people, person_named, remove_person, role_named, set_person
from engine.errors import DocumentError, NotAllowed
from tests.design.people import conftest

METADATA = "https://id.example.com/.well-known/openid-configuration"


def roles(things: Desk) -> dict[str, Role | None]:
    return {each.person.name: each.person.role for each in known_people(things)}


def provider(things: Desk) -> None:
    sign_in_with_provider(things, METADATA, "studio", "the secret of the studio")


def test_a_person_is_let_in_given_another_role_and_removed_and_the_audit_log_has_it(things: Desk) -> None:
    set_person(things, " Anna@Example.com ", Role.ADMINISTER)
    set_person(things, "bo@example.com", Role.LOOK)
    set_person(things, "BO@example.com", Role.MEND)
    assert roles(things) == {"anna@example.com": Role.ADMINISTER, "bo@example.com": Role.MEND}
    remove_person(things, "bo@EXAMPLE.com")

    assert person_named(things, "bo@example.com") == Person("bo@example.com", None)
    assert [(line.what, line.subject, line.who) for line in things.ledger.audit()][:2] == [
        ("removes a person", "bo@example.com", things.person.name),
        ("gives a role", "bo@example.com", things.person.name),
    ]
    assert things.ledger.audit()[1].details == {"role": "mend", "was": "look"}


def test_who_has_the_role_already_is_not_noted_again(things: Desk) -> None:
    set_person(things, "anna@example.com", Role.LOOK)
    set_person(things, "anna@example.com", Role.LOOK)

    assert len(things.ledger.audit()) == 1


@pytest.mark.parametrize(
    "name", ["", "anna", "anna@", "@example.com", "a b@example.com", "a@b@example.com", "a@b", "x\n"]
)
def test_what_is_no_address_is_refused(things: Desk, name: str) -> None:
    with pytest.raises(DocumentError, match="no e-mail address"):
        set_person(things, name, Role.LOOK)

    assert known_people(things) == []


def test_a_letter_that_folds_to_a_latin_one_makes_nobody_somebody_else() -> None:
    assert as_name("Kim@example.com") == "kim@example.com"
    assert as_name("\u212aim@example.com") is None  # K of Kelvin
    assert as_name("stra\u00dfe@example.com") is None
    assert as_name("åsa@example.com") == "åsa@example.com"


def test_a_role_that_is_none_is_refused_and_one_of_a_newer_program_allows_nothing(things: Desk) -> None:
    with pytest.raises(DocumentError, match="no role"):
        role_named("boss")
    things.ledger.set_person("anna@example.com", "boss", "x", things.clock.now())

    assert person_named(things, "anna@example.com").role is None


def test_nobody_but_who_administers_says_who_may_come_in(things: Desk) -> None:
    set_person(things, "anna@example.com", Role.ADMINISTER)
    for who in (NOBODY, Person("d@example.com", Role.DESIGN)):
        acting = replace(things, person=who)
        with pytest.raises(NotAllowed):
            set_person(acting, "d@example.com", Role.ADMINISTER)
        with pytest.raises(NotAllowed):
            remove_person(acting, "anna@example.com")
        for change in (sign_in_with_nothing, lambda desk: sign_in_with_password(desk, conftest.PASSWORD), provider):
            with pytest.raises(NotAllowed):
                change(acting)

    assert roles(things) == {"anna@example.com": Role.ADMINISTER}
    assert way_in(things).way == NONE


def test_the_last_who_may_administer_stays(things: Desk) -> None:
    set_person(things, "anna@example.com", Role.ADMINISTER)
    for change in (
        lambda: remove_person(things, "anna@example.com"),
        lambda: set_person(things, "anna@example.com", Role.DESIGN),
    ):
        with pytest.raises(DocumentError, match="nobody would be left who may administer"):
            change()
    set_person(things, "bo@example.com", Role.ADMINISTER)
    remove_person(things, "anna@example.com")

    assert roles(things) == {"bo@example.com": Role.ADMINISTER}


def test_of_two_who_remove_each_other_at_the_same_time_one_stays(things: Desk) -> None:
    names = ["anna@example.com", "bo@example.com"]
    for name in names:
        set_person(things, name, Role.ADMINISTER)
    together, refused = Barrier(2), []

    def remove(name: str) -> None:
        together.wait()
        try:
            remove_person(things, name)
        except DocumentError:
            refused.append(name)

    threads = [Thread(target=remove, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert list(roles(things)) == refused


def test_with_the_local_password_the_local_one_administers_unless_somebody_said_otherwise(things: Desk) -> None:
    set_person(things, "anna@example.com", Role.ADMINISTER)
    assert person_named(things, LOCAL).role is None
    sign_in_with_password(things, conftest.PASSWORD)
    assert person_named(things, LOCAL).role is Role.ADMINISTER
    with pytest.raises(DocumentError, match="nobody would be left"):  # Anna has no way to sign in
        set_person(replace(things, person=Person(LOCAL, Role.ADMINISTER)), LOCAL, Role.LOOK)
    set_person(things, LOCAL, Role.MEND)  # by the owner of the machine

    assert person_named(things, LOCAL).role is Role.MEND


def test_a_provider_is_set_only_where_somebody_can_sign_in_and_administer(things: Desk) -> None:
    set_person(things, LOCAL, Role.ADMINISTER)
    with pytest.raises(DocumentError, match="nobody who may administer could sign in"):
        provider(things)
    set_person(things, "anna@example.com", Role.ADMINISTER)
    provider(things)

    assert way_in(things).way == OIDC
    assert (way_in(things).client_id, way_in(things).client_secret) == ("studio", "the secret of the studio")


def test_with_a_provider_the_local_one_is_no_way_to_stay_in(things: Desk) -> None:
    set_person(things, LOCAL, Role.ADMINISTER)
    set_person(things, "anna@example.com", Role.ADMINISTER)
    provider(things)

    with pytest.raises(DocumentError, match="nobody would be left who may administer"):
        remove_person(things, "anna@example.com")
    set_person(things, LOCAL, Role.LOOK)  # who cannot sign in is missed by nobody


@pytest.mark.parametrize(
    ("metadata", "client_id", "secret", "wrong"),
    [
        ("", "a", "b", "metadata"),
        ("id.example.com", "a", "b", "metadata"),
        ("http://id.example.com/x", "a", "b", "metadata"),
        ("https://user:pass@id.example.com/x", "a", "b", "metadata"),
        ("https://id.example.com/ x", "a", "b", "metadata"),
        ("https://[id/", "a", "b", "metadata"),
        (METADATA, "", "b", "client id"),
        (METADATA, "a", " ", "client secret"),
        (METADATA, "a", "b" * 3_000, "client secret"),
    ],
)
def test_a_provider_that_cannot_be_one_is_refused(
    things: Desk, metadata: str, client_id: str, secret: str, wrong: str
) -> None:
    set_person(things, "anna@example.com", Role.ADMINISTER)
    with pytest.raises(DocumentError) as refused:
        sign_in_with_provider(things, metadata, client_id, secret)

    assert [wrong in problem.where for problem in refused.value.problems] == [True]
    assert way_in(things).way == NONE


@pytest.mark.parametrize("password", ["", "brief", "aaaaaaaaaaaaaaaa", "x" * 1_001])
def test_a_weak_password_is_refused(things: Desk, password: str) -> None:
    with pytest.raises(DocumentError) as refused:
        sign_in_with_password(things, password)

    assert not password or password not in str(refused.value)
    assert way_in(things).way == NONE


def test_passwords_and_secrets_lie_nowhere_in_the_open(things: Desk, folder: Path, clock: FakeClock) -> None:
    set_person(things, "anna@example.com", Role.ADMINISTER)
    sign_in_with_password(things, conftest.PASSWORD)
    provider(things)
    things.ledger.flush()
    said = json.dumps([line.as_json() for line in things.ledger.audit()]) + repr(way_in(things))

    for secret in (conftest.PASSWORD, "the secret of the studio", way_in(things).key):
        assert secret not in said
        for file in (folder / ".studio").iterdir():
            assert secret.encode() not in file.read_bytes()
    assert not any(secret in str(cell.value) for cell in things.ledger.cells() for secret in ("the secret of",))


def test_the_way_of_a_folder_is_known_without_making_a_ledger(tmp_path: Path, things: Desk, folder: Path) -> None:
    fresh = tmp_path / "fresh"
    (fresh / "connector_specs").mkdir(parents=True)
    assert way_in_of(str(fresh)).way == NONE
    assert not (fresh / ".studio" / "ledger.sqlite").exists()
    sign_in_with_password(things, conftest.PASSWORD)

    assert way_in_of(str(folder)).way == PASSWORD
