"""Two people change one draft: the second is asked, and nobody's work is lost."""

from __future__ import annotations

import pytest

from engine.connectors.clock import FakeClock
from engine.design import draft_changes
from engine.design.drafts import Drafts
from engine.errors import DraftChanged
from tests.design.drafts.test_drafts import NAME, Titled, title_of
from tests.design.operations.pair import read


def test_the_second_editor_is_asked_and_told_what_the_first_did(drafts: Drafts, titled: Titled) -> None:
    titled("A", by="Anna")
    link = {"op": "link", "step": "customer", "target": "Name", "source": "buyer.email"}
    drafts.apply(NAME, [link], by="Anna", revision=1)

    with pytest.raises(DraftChanged) as caught:
        drafts.apply(NAME, [{"op": "set_title", "title": "B"}], by="Bo", revision=0)

    assert str(caught.value) == (
        "orders-to-books: Anna changed this draft meanwhile: the flow is called “A”; Name is now buyer.email. "
        "Put your change on top of theirs, or leave it as it is now."
    )
    assert [(c.by, c.step, c.says, c.revision) for c in caught.value.changes] == [
        ("Anna", "", "the flow is called “A”", 1),
        ("Anna", "customer", "Name is now buyer.email", 2),
    ]
    assert caught.value.draft == drafts.open(NAME)
    assert title_of(drafts.open(NAME)) == "A"


def test_mine_goes_on_top_of_theirs_when_i_say_so(drafts: Drafts, titled: Titled) -> None:
    titled("A", by="Anna")
    rule = {"op": "set_write", "step": "customer", "target": "Name", "write": "on_create"}

    applied = drafts.apply(NAME, [rule], by="Bo", revision=0, over=True)

    assert title_of(applied.draft) == "A"
    assert read(applied.draft.text)["steps"][0]["fields"]["Name"]["write"] == "on_create"


def test_theirs_stays_when_i_leave_it(drafts: Drafts, titled: Titled) -> None:
    titled("A", by="Anna")
    mine = [{"op": "set_title", "title": "B", "client": "x", "seq": 4}]

    left = drafts.leave(NAME, mine)

    assert (title_of(left), left.acknowledged) == ("A", {"x": 4})
    assert drafts.apply(NAME, mine, by="Bo", revision=left.revision).draft == left


def test_my_own_other_window_asks_nothing(titled: Titled) -> None:
    titled("A", by="Anna")

    assert title_of(titled("B", by="Anna", revision=0)) == "B"


def test_who_has_seen_theirs_is_not_asked(titled: Titled) -> None:
    first = titled("A", by="Anna")

    assert title_of(titled("B", by="Bo", revision=first.revision)) == "B"


def test_a_repetition_of_what_is_in_it_asks_nothing(drafts: Drafts, titled: Titled) -> None:
    mine = [{"op": "set_title", "title": "B", "client": "x", "seq": 1}]
    drafts.apply(NAME, mine, by="Bo", revision=0)
    titled("A", by="Anna")

    assert title_of(drafts.apply(NAME, mine, by="Bo", revision=0).draft) == "A"


def test_a_draft_that_was_dropped_and_begun_anew_is_another_one(drafts: Drafts, titled: Titled) -> None:
    titled("A", by="Bo")
    drafts.discard(NAME, "Anna")

    with pytest.raises(DraftChanged, match="Anna changed this draft meanwhile: the draft was dropped"):
        drafts.apply(NAME, [{"op": "set_title", "title": "B"}], by="Bo", revision=1)


def test_theirs_is_told_even_where_the_log_no_longer_has_it(
    drafts: Drafts, titled: Titled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_changes, "MOST_CHANGES", 1)
    titled("A", by="Anna")
    titled("B", by="Bo", revision=1)

    with pytest.raises(DraftChanged, match="Anna changed this draft meanwhile: more than the log holds"):
        titled("C", by="Bo", revision=0)


def test_changes_are_listed_with_who_and_when(drafts: Drafts, titled: Titled, clock: FakeClock) -> None:
    titled("A", by="Anna")
    clock.advance(60)
    drafts.undo(NAME, "Bo")

    assert [(c.by, c.at[11:16], c.says) for c in drafts.changes(NAME)] == [
        ("Anna", "00:00", "the flow is called “A”"),
        ("Bo", "00:01", "undone: the flow is called “A”"),
    ]
