"""`serve` tells by Apprise in a process of its own, and health says where that fails."""

from __future__ import annotations

import email
import email.policy
import json
import signal
import threading
from pathlib import Path

import pytest

from engine.runs.telling import apprise_door
from tests.commands.conftest import FLOW
from tests.serving.conftest import Place
from tests.serving.test_hooks import eventually
from tests.serving.test_serve import served, until
from tests.serving.test_web import ask
from tests.telling.conftest import Chat, Post, tell_add


def test_a_flow_that_stops_is_told_while_serve_goes_on(
    place: Place, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPPING_STUDIO_URL", "https://studio.shop.example")
    tell_add(monkeypatch, place.workspace, chat.url)
    place.order()
    place.serving.arm("eaccounting", [{"kind": "status", "status": 401, "times": 1_000}])
    with served(place) as process:
        address = until(process.stdout, "started")["address"]
        said = until(process.stdout, "telling")
        threading.Thread(target=lambda: list(process.stdout or ()), daemon=True).start()
        status, body = ask(address, "GET", "/health")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

    assert (said["to"], said["why"]) == (1, "")
    [text] = chat.texts
    assert "It stopped: the sign-in is not accepted any more (Visma eAccounting)." in text
    assert text.endswith("\n\nhttps://studio.shop.example")
    health = json.loads(body)
    assert (status, health["held_back"], health["telling"]) == (200, [FLOW], {"told": 1, "failing": 0})


def test_health_says_whom_messages_do_not_reach(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_add(monkeypatch, place.workspace, "json://127.0.0.1:9/x")
    with place.ledger() as ledger:

        def given_up(held: dict[str, list[dict[str, object]]]) -> object:
            held["recipients"][0] |= {"failing_since": "2026-11-27T10:00:00+00:00", "why": "x", "lost": 1}
            return held

        ledger.change_recipients(given_up)
    with served(place) as process:
        address = until(process.stdout, "started")["address"]
        eventually(lambda: json.loads(ask(address, "GET", "/health")[1])["telling"] == {"told": 1, "failing": 1})
        assert b"mapping_studio_telling_failing 1.0" in ask(address, "GET", "/metrics")[1]


# --- the process


def test_apprise_gets_neither_the_key_nor_anything_else_of_ours_and_no_address_in_its_call(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAPPING_STUDIO_KEY", "the key of the ledger")
    seen = tmp_path / "seen"
    spy = tmp_path / "spy.py"
    spy.write_text(
        f"import os, sys, json; json.dump([dict(os.environ), sys.argv], open({str(seen)!r}, 'w')); print('{{}}')"
    )
    monkeypatch.setattr(apprise_door, "__file__", str(spy))
    apprise_door.look(chat.url)

    environment, words = json.loads(seen.read_text())
    assert words == [str(spy)]
    assert not [name for name in environment if name.startswith(("MAPPING", "PYTHON"))]
    assert chat.got == []


def test_a_process_that_hangs_or_dies_is_a_message_that_did_not_arrive(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy.py"
    monkeypatch.setattr(apprise_door, "__file__", str(spy))
    spy.write_text("raise SystemExit(3)")
    assert (
        apprise_door.send("json://h.example", "a", "b", is_good=True)
        == "the process that sends it ended without a word"
    )
    spy.write_text("import time; time.sleep(600)")
    assert apprise_door._ask({}, seconds=0.5) == {"why": "no answer within 0 seconds"}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("json://127.0.0.1:9/x", "it could not be reached"),
        ("mailto://u:p@127.0.0.1:9?to=a@post.example&from=b@post.example", "it could not be reached"),
    ],
)
def test_why_a_message_did_not_arrive_is_said_in_our_words(here: None, url: str, says: str) -> None:
    assert apprise_door.send(url, "a", "b", is_good=True) == says


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", ("Telegram", "")),
        ("slack://TokenA12345/TokenB12345/TokenCabcdefg/#general", ("Slack", "")),
        ("discord://123456789012345678/abc_defghijkl", ("Discord", "")),
        ("https://discord.com/api/webhooks/123456789012345678/abc_defghijkl", ("Discord", "")),
        ("mailtos://someone:secret@smtp.shop.example?to=a@post.example", ("E-Mail", "smtp.shop.example")),
        ("gotify://push.shop.example/AbCdEfGhIjKlMnO", ("Gotify", "push.shop.example")),
        ("jsons://u:p@[::1]:8443/x", ("JSON", "[::1]")),
    ],
)
def test_the_host_is_shown_only_where_it_is_no_secret(here: None, url: str, shown: tuple[str, str]) -> None:
    found = apprise_door.look(url)

    assert (found.get("service"), found.get("host")) == shown, found


def test_a_mail_arrives_with_its_subject_and_text(here: None, post: Post) -> None:
    assert apprise_door.send(post.url, "Orders: 1 new problem", "3 records are parked.", is_good=False) == ""

    [mail] = [email.message_from_string(each, policy=email.policy.default) for each in post.mails]
    assert mail["Subject"] == "Orders: 1 new problem"
    assert mail.get_body(("plain",)).get_content().strip() == "3 records are parked."


def test_nothing_is_opened_and_nothing_written_before_there_is_something_to_tell(
    here: None, chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    apprise_door.look(chat.url)

    assert chat.got == []
    apprise_door.send(chat.url, "a", "b", is_good=False)
    assert len(chat.got) == 1
    assert list(tmp_path.iterdir()) == []
