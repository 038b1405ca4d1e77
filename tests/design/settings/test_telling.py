"""Who is told: an address is looked at before it is kept, never comes back, and each change stands in the log."""

from __future__ import annotations

import pytest

from engine.design.desk import Desk
from engine.design.settings.telling import send_test, tell, tell_no_more, told
from engine.errors import DocumentError, NotAllowed
from tests.telling.conftest import SECRET, Chat, chat, here

__all__ = ["chat", "here"]


def test_an_address_is_kept_tried_and_let_go_and_nothing_of_it_comes_back(anna: Desk, chat: Chat, here: None) -> None:
    made = tell(anna, f"  {chat.url}\n")
    assert (made.named, made.who) == ("1 (JSON, 127.0.0.1)", "anna@example.com")
    [tried] = send_test(anna)
    assert (tried.whom, tried.why) == (made, "")
    assert [message["title"] for message in chat.got] == ["Mapping Studio"]
    assert SECRET not in repr(told(anna)) + repr(tried) + repr(anna.ledger.audit())

    assert tell_no_more(anna, 1) == made
    assert told(anna) == []
    lines = [(line.who, line.what, line.subject) for line in anna.ledger.audit()]
    assert lines == [
        ("anna@example.com", "tells no more", "1 (JSON, 127.0.0.1)"),
        ("anna@example.com", "tells", "1 (JSON, 127.0.0.1)"),
    ]


def test_a_message_that_is_not_taken_says_why(anna: Desk, chat: Chat, here: None) -> None:
    tell(anna, chat.url)
    chat.status = 503

    assert [tried.why for tried in send_test(anna)] == ["it answered with status 503"]


def test_whoever_takes_a_test_is_failing_no_more_and_still_hears_what_was_lost(
    anna: Desk, chat: Chat, here: None
) -> None:
    tell(anna, chat.url)
    anna.ledger.change_recipients(
        lambda held: {**held, "recipients": [{**held["recipients"][0], "failing_since": "2026-03-02", "lost": 2}]}
    )
    chat.status = 500
    send_test(anna)
    assert told(anna)[0].failing_since is not None
    chat.status = 200
    send_test(anna)

    assert (told(anna)[0].failing_since, told(anna)[0].lost) == (None, 2)


@pytest.mark.parametrize("address", ["", "  ", "nonsense", "mailto://", "file:///etc/passwd", "x" * 5_000])
def test_what_is_no_address_is_refused_without_repeating_it(anna: Desk, here: None, address: str) -> None:
    with pytest.raises(DocumentError) as refused:
        tell(anna, address)

    assert told(anna) == [] and anna.ledger.audit() == []
    assert not address.strip() or address.strip() not in str(refused.value)


def test_nobody_of_such_a_number_is_let_go(anna: Desk) -> None:
    with pytest.raises(DocumentError, match="nobody who is told has the number 7"):
        tell_no_more(anna, 7)

    assert anna.ledger.audit() == []


def test_a_recipient_that_cannot_be_noted_is_not_kept(
    anna: Desk, chat: Chat, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr("engine.runs.telling.recipients.note", fail)
    with pytest.raises(ArithmeticError):
        tell(anna, chat.url)

    assert told(anna) == []


def test_who_does_not_administer_adds_tries_and_removes_nobody(anna: Desk, dora: Desk, chat: Chat, here: None) -> None:
    tell(anna, chat.url)
    for act in (lambda: tell(dora, chat.url), lambda: send_test(dora), lambda: tell_no_more(dora, 1)):
        with pytest.raises(NotAllowed):
            act()

    assert len(told(dora)) == 1 and chat.got == []
