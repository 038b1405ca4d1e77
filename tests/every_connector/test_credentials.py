"""A wrong credential is refused in words that say what to do, and no secret stands in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.every_connector.stand import Stand, about, document, in_words, look_at

Make = Callable[..., Stand]


def test_every_secret_question_has_a_wrong_answer(system: str) -> None:
    properties = document(system)["questions"].get("properties", {})
    secret = {name for name, asked in properties.items() if asked.get("x-secret") and "default" not in asked}
    tried = {name for answers in about(system).wrong.values() for name in answers}

    assert secret <= tried


def test_a_wrong_credential_is_refused_in_words(wrong: tuple[str, str], stand: Make) -> None:
    s = stand(wrong[0])
    s.connect(**s.about.wrong[wrong[1]])
    with pytest.raises(s.about.refusal) as refused:
        look_at(s.open(), s.about.reads)

    in_words(refused.value, s)
    assert len(s.requests()) <= 4, "a credential that is wrong was tried again and again"


def test_the_right_credential_leaves_no_trace_of_its_secrets(system: str, stand: Make) -> None:
    s = stand(system)
    look_at(s.open(), s.about.reads)

    assert s.exchanges and s.secrets()
    assert [secret for secret in s.secrets() if secret in repr(s.exchanges)] == []
