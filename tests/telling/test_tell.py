"""`tell` as a person calls it, and messages that arrive at a real address."""

from __future__ import annotations

import pytest

from tests.commands.conftest import say
from tests.serving.conftest import Place
from tests.telling.conftest import SECRET, Chat, tell_add


def test_an_address_is_added_tried_listed_and_removed_and_never_shown(
    place: Place, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [tell_add(monkeypatch, place.workspace, chat.url)]
    said.append(say(place.workspace, "tell", "--list"))
    assert "1 (JSON, 127.0.0.1), by Ann" in said[-1].out
    said.append(say(place.workspace, "tell", "--test"))
    assert (said[-1].code, said[-1].out) == (0, "1 (JSON, 127.0.0.1): taken\n")
    assert [message["title"] for message in chat.got] == ["Mapping Studio"]
    said.append(say(place.workspace, "audit"))
    said.append(say(place.workspace, "tell", "--json"))
    said.append(say(place.workspace, "tell", "--remove", "1"))
    said.append(say(place.workspace, "tell", "--list"))
    assert "Nobody is told" in said[-1].out

    assert all(SECRET not in one.out + one.err for one in said)
    for file in (place.workspace / ".studio").iterdir():
        assert SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize("url", ["", "nonsense", "telegram://", "mailto://", "file:///etc/passwd", "x" * 5_000])
def test_what_is_no_address_is_refused(here: None, place: Place, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    said = tell_add(monkeypatch, place.workspace, url)

    assert said.code == 2
    assert "Nobody is told" in say(place.workspace, "tell", "--list").out


def test_an_address_in_the_command_is_refused_and_not_repeated(place: Place) -> None:
    said = say(place.workspace, "tell", "--add", f"json://a:{SECRET}@h.example")

    assert said.code == 2
    assert "standard input" in said.err and SECRET not in said.err
