"""`connect --sign-in`, `connect --list`, `--test-only` and `disconnect`, called as a person would."""

from __future__ import annotations

import html
import json
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from sandbox.server import Serving
from tests.commands.conftest import ROOT, Call


@pytest.fixture
def answers(serving: Serving, tmp_path: Path) -> Path:
    """A file with everything but a token."""
    held = serving.system("eaccounting").credentials(serving.addresses["eaccounting"])
    file = tmp_path / "books.json"
    file.write_text(json.dumps({name: value for name, value in held.items() if name != "refresh_token"}))
    return file


@contextmanager
def connecting(workspace: Path, answers: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command while it waits, and the address that it prints."""
    words = ["connect", "eaccounting", "--answers", str(answers), "--allow-private", "--sign-in", *more]
    call = [sys.executable, "-m", "engine", *words, "--workspace", str(workspace)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(call, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process, address_from(process)
        finally:
            process.kill()


def address_from(process: subprocess.Popen[str]) -> str:
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True).start()
    process.said = lines  # type: ignore[attr-defined]
    for _ in range(5):
        line = lines.get(timeout=30)
        if line.startswith("http"):
            return line.strip()
    raise AssertionError("no address was printed")


def agree(address: str, answer: str = "allow") -> str:
    """Where the browser is sent once the person has answered."""
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', httpx.get(address).text)
    form = {html.unescape(name): html.unescape(value) for name, value in hidden}
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    return httpx.post(origin + "/connect/authorize", data={**form, "answer": answer}).headers["location"]


def test_who_agrees_in_the_browser_is_connected(call: Call, workspace: Path, answers: Path) -> None:
    with connecting(workspace, answers) as (process, address):
        page = httpx.get(agree(address))

        assert process.wait(30) == 0
        assert page.status_code == 200 and "Voorbeeldwinkel De Linde B.V." in page.text
        assert "no-referrer" in page.headers["referrer-policy"]
    assert call(workspace, "connect", "eaccounting", "--test-only").code == 0


def test_who_denies_is_told_in_both_places(call: Call, workspace: Path, answers: Path) -> None:
    with connecting(workspace, answers) as (process, address):
        page = httpx.get(agree(address, "deny"))

        assert process.wait(30) == 3
        assert "consent was not given; nothing was changed" in page.text
        assert process.stderr and "consent was not given" in process.stderr.read()


def test_a_stranger_at_the_door_ends_nothing(workspace: Path, answers: Path) -> None:
    with connecting(workspace, answers) as (process, address):
        back = urlsplit(agree(address))
        forged = urlencode({**dict(parse_qsl(back.query)), "state": "forged"})

        assert httpx.get(back._replace(query=forged).geturl()).status_code == 400
        assert httpx.get(back._replace(path="/favicon.ico").geturl()).status_code == 404
        assert process.poll() is None
        assert httpx.get(back.geturl()).status_code == 200
        assert process.wait(30) == 0


def test_an_address_that_is_not_ours_is_pasted(workspace: Path, answers: Path) -> None:
    with connecting(workspace, answers, "--redirect", "https://studio.example/back") as (process, address):
        back = agree(address)
        assert back.startswith("https://studio.example/back?code=")
        assert process.stdin is not None
        process.stdin.write(back + "\n")
        process.stdin.flush()

        assert process.wait(30) == 0


def test_what_is_pasted_must_be_the_way_back(workspace: Path, answers: Path) -> None:
    with connecting(workspace, answers, "--redirect", "https://studio.example/back") as (process, _):
        assert process.stdin is not None
        process.stdin.write("https://studio.example/back?code=1&state=2\n")
        process.stdin.flush()

        assert process.wait(30) == 3
        assert process.stderr and "is not the way back of this sign-in" in process.stderr.read()


def test_a_port_that_is_taken_is_told(call: Call, workspace: Path, answers: Path, serving: Serving) -> None:
    taken = str(urlsplit(serving.addresses["ccv-shop"]).port)

    said = call(
        workspace, "connect", "eaccounting", "--answers", str(answers), "--allow-private", "--sign-in", "--port", taken
    )

    assert said.code == 2 and f"port {taken}: cannot be listened at" in said.err


def test_without_a_token_one_is_told_how_to_sign_in(call: Call, workspace: Path, answers: Path) -> None:
    said = call(workspace, "connect", "eaccounting", "--answers", str(answers), "--allow-private")

    assert said.code == 3
    assert "nobody has signed in yet" in said.err and "--sign-in" in said.err
    assert "Nothing was kept." in said.out


def test_the_list_says_what_is_connected(call: Call, connected: Path) -> None:
    rows = call(connected, "connect", "--list", "--json").lines

    assert [(row["name"], row["connected"], row["needs_sign_in"]) for row in rows] == [
        ("abicart", False, False),
        ("ccv-shop", True, False),
        ("specter", False, False),
        ("eaccounting", True, False),  # by title: Visma eAccounting
    ]
    assert "connected (127.0.0.1, since " in call(connected, "connect", "--list").out


def test_disconnecting_says_which_flows_lack_it(call: Call, connected: Path) -> None:
    said = call(connected, "disconnect", "ccv-shop")

    assert said.code == 0 and "ccv-orders-to-eaccounting" in said.out
    assert call(connected, "disconnect", "ccv-shop").code == 2
    assert "CCV Shop is not connected" in call(connected, "connect", "ccv-shop", "--test-only").err


def test_a_test_keeps_nothing(call: Call, workspace: Path, serving: Serving, tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(serving.system("ccv-shop").credentials(serving.addresses["ccv-shop"])))

    said = call(workspace, "connect", "ccv-shop", "--answers", str(file), "--allow-private", "--test-only")

    assert said.code == 0 and "CCV Shop answers." in said.out
    assert not call(workspace, "connect", "--list", "--json").lines[0]["connected"]
