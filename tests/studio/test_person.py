"""Who is nobody: whoever has no session, and everybody where the studio was opened to others without a sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from engine.design.desk import desk, owner
from engine.design.people.rights import NOBODY, Person, Role
from engine.design.people.sessions import cookie_name, new_session
from engine.design.people.sign_in import OIDC, WayIn, sign_in_with_password, way_in
from engine.design.people.store import remove_person, set_person
from studio import person as asked
from studio.__main__ import main
from studio.opened import WORKSPACE, shared_things
from studio.own_address import OwnAddressOnly, Receive, Scope, Send, is_let_in
from studio.parts.sign_in import the_door
from studio.reach import how_served, way_and_problem
from studio.served import Served, say_served

PASSWORD = "four words of a test"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace that this process's studio is over."""
    (tmp_path / "connector_specs").mkdir()
    monkeypatch.setenv(WORKSPACE, str(tmp_path))
    shared_things.forget()
    yield tmp_path
    shared_things().ledger.close()
    shared_things.forget()
    say_served(Served())


def asked_for(
    workspace: Path | str = ".", host: str = "127.0.0.1", address: str = "", port: int = 8501
) -> SimpleNamespace:
    return SimpleNamespace(workspace=str(workspace), host=host, address=address, port=port)


def test_outside_a_session_one_is_nobody(folder: Path) -> None:
    assert asked.person() is NOBODY
    assert not asked.may(Role.LOOK)


def test_without_a_sign_in_this_machine_is_its_owner_and_others_are_nobody(folder: Path) -> None:
    assert asked.standing_of_request({}).person == owner()
    say_served(Served("https://studio.example.se", is_for_others=True))

    assert asked.standing_of_request({}).person is NOBODY


def test_a_cookie_counts_for_the_role_of_this_moment(folder: Path) -> None:
    with desk(str(folder)) as things:
        set_person(things, "anna@example.com", Role.DESIGN)
        sign_in_with_password(things, PASSWORD)
        cookies = {cookie_name(things): new_session("anna@example.com", way_in(things), things.clock.now())}
        assert asked.standing_of_request(cookies).person == Person("anna@example.com", Role.DESIGN)
        assert asked.standing_of_request({}).person is NOBODY
        remove_person(things, "anna@example.com")

        assert asked.standing_of_request(cookies).person is NOBODY


def test_without_a_sign_in_the_studio_does_not_start_for_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--workspace", str(folder), "--host", "0.0.0.0", "--port", "0", "--no-browser"]) == 2
    assert "Set a way of signing in first" in capsys.readouterr().err


def cookies_set(address: str) -> list[bytes]:
    """The cookies of an answer as the browser gets them, where the studio has this address."""

    async def answers(_scope: Scope, _receive: Receive, send: Send) -> None:
        cookies = [(b"Set-Cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2; Secure; Path=/")]
        await send({"type": "http.response.start", "status": 200, "headers": cookies})

    said: list[MutableMapping[str, Any]] = []

    async def keep(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    async def nothing() -> MutableMapping[str, Any]:
        return {}

    say_served(Served(address))
    asked_here = OwnAddressOnly(answers)({"type": "http", "headers": [(b"host", b"localhost")]}, nothing, keep)
    with ThreadPoolExecutor(1) as beside:  # a browser of another test may have its loop in this thread
        beside.submit(asyncio.run, asked_here).result()  # type: ignore[arg-type]
    say_served(Served())
    return [value for name, value in said[0]["headers"] if name.lower() == b"set-cookie"]


def test_where_people_come_by_https_every_cookie_does() -> None:
    assert cookies_set("https://studio.example.se") == [b"a=1; Path=/; Secure", b"b=2; Secure; Path=/"]
    assert cookies_set("http://127.0.0.1:8501") == [b"a=1; Path=/", b"b=2; Secure; Path=/"]


@pytest.mark.parametrize("said", [{"host": "0.0.0.0"}, {"host": "192.0.2.7"}, {"address": "https://studio.example.se"}])
def test_without_a_sign_in_other_machines_are_refused(folder: Path, said: dict[str, str]) -> None:
    _way, problem = way_and_problem(asked_for(folder, **said))

    assert "people --sign-in password" in problem


def test_a_folder_that_is_no_workspace_is_not_opened_to_others_and_says_so_on_this_machine(tmp_path: Path) -> None:
    assert way_and_problem(asked_for(tmp_path))[1] == ""
    assert "no workspace" in way_and_problem(asked_for(tmp_path, host="0.0.0.0"))[1]


@pytest.fixture
def locked(folder: Path) -> Path:
    with desk(str(folder)) as things:
        sign_in_with_password(things, PASSWORD)
    return folder


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, ""),
        ({"host": "::1"}, ""),
        ({"host": "192.0.2.7"}, ""),
        ({"host": "0.0.0.0"}, "Say how people open the studio"),
        ({"host": "0.0.0.0", "address": "https://studio.example.se/"}, ""),
        ({"address": "http://studio.example.se:8080"}, ""),
        ({"address": "studio.example.se"}, "--address is scheme and host"),
        ({"address": "ftp://studio.example.se"}, "--address is scheme and host"),
        ({"address": "https://studio.example.se/path"}, "--address is scheme and host"),
        ({"address": "https://studio.example.se:port"}, "--address is scheme and host"),
        ({"address": "https://anna@studio.example.se"}, "--address is scheme and host"),
        ({"address": "https://"}, "--address is scheme and host"),
    ],
)
def test_with_a_sign_in_an_address_is_needed_and_looked_at(locked: Path, said: dict[str, str], problem: str) -> None:
    assert way_and_problem(asked_for(locked, **said))[1].startswith(problem)
    assert bool(way_and_problem(asked_for(locked, **said))[1]) == bool(problem)


def test_the_address_is_the_given_one_or_that_of_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert how_served(asked_for(), WayIn(), 8501) == Served("http://127.0.0.1:8501")
    assert how_served(asked_for(host="::1"), WayIn(), 7).address == "http://[::1]:7"
    assert capsys.readouterr().err == ""
    how = how_served(asked_for(address="https://studio.example.se/"), WayIn(OIDC, key="k"), 8501)
    assert how == Served("https://studio.example.se", is_for_others=True, key="k")
    assert how.is_secure
    assert capsys.readouterr().err == ""
    how_served(asked_for(host="192.0.2.7"), WayIn(), 8501)
    assert "readable" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "host", "is_ours"),
    [
        ("", "127.0.0.1:8501", True),
        ("", "studio.example.se", False),
        ("https://studio.example.se", "studio.example.se", True),
        ("https://studio.example.se", "STUDIO.example.se:443", True),
        ("https://studio.example.se", "studio.example.se:8080", False),
        ("https://studio.example.se", "evil.example.com", False),
        ("https://studio.example.se", "localhost:8501", True),
        ("http://studio.example.se:8080", "studio.example.se:8080", True),
        ("http://studio.example.se:8080", "studio.example.se", False),
    ],
)
def test_requests_name_this_machine_or_the_address(address: str, host: str, is_ours: bool) -> None:
    say_served(Served(address))
    try:
        assert is_let_in({"type": "http", "headers": [(b"host", host.encode())]}) is is_ours
        here = {"type": "websocket", "headers": [(b"host", host.encode()), (b"origin", f"https://{host}".encode())]}
        assert is_let_in(here) is is_ours
        elsewhere = {
            "type": "websocket",
            "headers": [(b"host", host.encode()), (b"origin", b"https://evil.example.com:1")],
        }
        assert not is_let_in(elsewhere)
    finally:
        say_served(Served())


def test_no_browser_can_empty_what_the_process_keeps(folder: Path) -> None:
    """Streamlit empties its own caches for whoever asks by the WebSocket, signed in or not."""
    door, kept = the_door(), shared_things()
    st.cache_resource.clear()
    st.cache_data.clear()

    assert the_door() is door
    assert shared_things() is kept
