"""`people` as a person calls it: no password in the call, and what is said of what happens next."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Said, say
from tests.test_house import HEAVY

PASSWORD = "four words of a test"
METADATA = "https://id.example.com/.well-known/openid-configuration"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "connector_specs").mkdir()
    return tmp_path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))


def add(folder: Path, name: str, role: str) -> Said:
    return say(folder, "people", "--add", name, "--role", role)


def test_people_are_let_in_listed_and_removed(folder: Path) -> None:
    assert "open on this machine only" in say(folder, "people").out
    assert add(folder, "Anna@Example.com", "administer").code == 0
    add(folder, "bo@example.com", "look")
    said = say(folder, "people", "--json")
    assert [(line.get("name"), line.get("role")) for line in said.lines if line["kind"] == "person"] == [
        ("anna@example.com", "administer"),
        ("bo@example.com", "look"),
    ]
    assert say(folder, "people", "--remove", "bo@example.com", "--by", "Carl").code == 0

    assert "bo@example.com" not in say(folder, "people").out
    assert "Carl" in say(folder, "audit").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--add", "anna@example.com"), "takes a role"),
        (("--add", "anna", "--role", "look"), "no e-mail address"),
        (("--add", "anna@example.com", "--role", "boss"), "invalid choice"),
        (("--role", "look"), "--role"),
        (("--remove", "anna@example.com"), "nobody is called so"),
        (("--sign-in", "oidc"), "--metadata"),
        (("--sign-in", "password", "--client-id", "x"), "oidc"),
        (("--sign-in", "magic"), "invalid choice"),
    ],
)
def test_a_wrong_call_is_refused(folder: Path, words: tuple[str, ...], said: str) -> None:
    refused = say(folder, "people", *words)

    assert refused.code == 2
    assert said in refused.err


def test_the_last_who_administers_is_not_removed(folder: Path) -> None:
    add(folder, "anna@example.com", "administer")
    refused = say(folder, "people", "--remove", "anna@example.com")

    assert refused.code == 2
    assert "nobody would be left who may administer" in refused.err


def test_a_password_is_read_from_standard_input_and_said_nowhere(folder: Path, typed: None) -> None:
    said = say(folder, "people", "--sign-in", "password")

    assert said.code == 0
    assert "next click" in said.out and PASSWORD not in said.out + said.err
    assert "local" in say(folder, "people").out
    assert "Nobody signs in" in say(folder, "people", "--sign-in", "none").out


@pytest.mark.parametrize("text", ["", "\n", "short\n", "x" * 9_000])
def test_a_password_that_is_none_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))

    assert say(folder, "people", "--sign-in", "password").code == 2
    assert "Nobody signs in" in say(folder, "people").out


def test_a_provider_is_set_and_said_to_need_a_restart(folder: Path, typed: None) -> None:
    words = ("people", "--sign-in", "oidc", "--metadata", METADATA, "--client-id", "studio")
    assert "nobody who may administer" in say(folder, *words).err
    add(folder, "anna@example.com", "administer")
    sys.stdin.seek(0)
    said = say(folder, *words)

    assert said.code == 0
    assert "must be started again" in said.out and "/oauth2callback" in said.out
    assert PASSWORD not in said.out + say(folder, "people").out + say(folder, "audit", "--json").out


def test_its_help_loads_no_heavy_library() -> None:
    call = [sys.executable, "-X", "importtime", "-m", "engine", "people", "--help"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}

    assert "--sign-in" in done.stdout
    assert set() == loaded & set(HEAVY)
