"""Drafts: what is kept, what is undone, and what happens when two people change one flow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from engine.connectors.clock import FakeClock
from engine.design import draft_history
from engine.design.drafts import Draft, Drafts
from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from tests.design.operations.pair import FLOW, SCHEMAS, read

NAME = "orders-to-books"
Titled = Callable[..., Draft]


def title_of(draft: Draft) -> str:
    return str(read(draft.text)["title"])


# --- what is kept


def test_a_flow_that_nobody_changed_is_the_published_text(drafts: Drafts) -> None:
    draft = drafts.open(NAME)

    assert (draft.text, draft.revision, draft.is_stored) == (FLOW, 0, False)
    assert draft.base == hashlib.sha256(FLOW.encode()).hexdigest()
    assert (draft.can_undo, draft.can_redo, draft.changed_by, drafts.names()) == (False, False, "", [])


def test_a_change_is_there_after_everything_was_closed(drafts: Drafts, titled: Titled, workspace: Workspace) -> None:
    first = titled("A")

    again = Drafts(workspace, FakeClock(), SCHEMAS)

    assert again.open(NAME) == first
    assert again.names() == [NAME]
    assert (first.revision, first.changed_by, first.changed_at) == (1, "Anna", "2030-01-01T00:00:00+00:00")
    assert (workspace.flows / f"{NAME}.json").read_text(encoding="utf-8") == FLOW


def test_a_change_of_nothing_keeps_nothing(drafts: Drafts) -> None:
    applied = drafts.apply(NAME, [{"op": "set_title", "title": "Orders to the books"}], by="Anna", revision=0)

    assert (applied.draft.revision, applied.draft.is_stored, drafts.names()) == (0, False, [])


def test_line_ends_and_byte_order_marks_are_kept(drafts: Drafts, titled: Titled, workspace: Workspace) -> None:
    odd = b"\xef\xbb\xbf" + FLOW.replace("\n", "\r\n").encode()
    (workspace.flows / f"{NAME}.json").write_bytes(odd)

    titled("A")

    assert drafts.undo(NAME, "Anna").text.encode() == odd


def test_a_broken_file_can_be_looked_at(drafts: Drafts, workspace: Workspace) -> None:
    (workspace.flows / f"{NAME}.json").write_text('{"title": ')

    applied = drafts.apply(NAME, [{"op": "set_title", "title": "A"}], by="Anna", revision=0)

    assert drafts.open(NAME).text == '{"title": '
    assert "not valid JSON" in applied.refused[0].what


@pytest.mark.parametrize("name", ["orders-to-boks", "../secret", ""])
def test_a_flow_that_is_not_there_is_said_so(drafts: Drafts, name: str) -> None:
    with pytest.raises(DocumentError):
        drafts.open(name)
    with pytest.raises(DocumentError):
        drafts.apply(name, [{"op": "set_title", "title": "A"}], by="Anna", revision=0)


def test_one_operation_that_is_refused_does_not_keep_the_others(drafts: Drafts) -> None:
    some: list[Any] = [{"op": "set_title", "title": "A"}, {"op": "lnk"}, 7, {"op": "set_title", "title": "B"}]

    applied = drafts.apply(NAME, some, by="Anna", revision=0)

    assert [problem.what for problem in applied.refused] == ["there is no operation “lnk”", "an operation is an object"]
    assert title_of(applied.draft) == "B"


# --- new flows


def test_a_new_flow_is_a_draft_until_it_is_published(drafts: Drafts, workspace: Workspace) -> None:
    draft = drafts.create("new-flow", FLOW, "Anna")

    assert (draft.text, draft.base, draft.is_stored, draft.can_undo) == (FLOW, "", True, False)
    assert drafts.names() == ["new-flow"]
    assert not drafts.published_changed(draft)
    (workspace.flows / "new-flow.json").write_text("{}")
    assert drafts.published_changed(draft)


@pytest.mark.parametrize("name", [NAME, NAME.upper(), "new-flow", "../x", "a/b", ".hidden", "", "x" * 200])
def test_a_name_that_is_taken_or_none_is_refused(drafts: Drafts, name: str) -> None:
    drafts.create("new-flow", FLOW, "Anna")

    with pytest.raises(DocumentError):
        drafts.create(name, FLOW, "Anna")


# --- undo and redo


def test_changes_are_undone_and_made_again_also_after_a_reload(
    drafts: Drafts, titled: Titled, workspace: Workspace
) -> None:
    for title in "ABC":
        titled(title)
    assert title_of(drafts.undo(NAME, "Anna")) == "B"

    again = Drafts(workspace, FakeClock(), SCHEMAS)
    assert title_of(again.undo(NAME, "Anna")) == "A"
    assert again.undo(NAME, "Anna").text == FLOW
    assert not again.open(NAME).can_undo
    assert again.undo(NAME, "Anna").revision == 6  # nothing was left to undo, so nothing changed
    assert [title_of(again.redo(NAME, "Anna")) for _ in range(4)] == ["A", "B", "C", "C"]


def test_a_new_change_ends_what_could_be_made_again(drafts: Drafts, titled: Titled) -> None:
    titled("A")
    drafts.undo(NAME, "Anna")

    assert not titled("B").can_redo


def test_undo_is_an_operation_too(drafts: Drafts) -> None:
    some = [{"op": "set_title", "title": "A"}, {"op": "undo"}, {"op": "redo"}, {"op": "redo"}]

    applied = drafts.apply(NAME, some, by="Anna", revision=0)

    assert title_of(applied.draft) == "A"
    assert [problem.what for problem in applied.refused] == ["there is nothing to redo"]


def test_the_last_two_hundred_changes_can_be_undone(
    drafts: Drafts, titled: Titled, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert draft_history.MOST_STEPS == 200
    monkeypatch.setattr(draft_history, "MOST_STEPS", 3)
    for title in "ABCDE":
        titled(title)

    undone = [title_of(drafts.undo(NAME, "Anna")) for _ in range(4)]

    assert undone == ["D", "C", "B", "B"]


def test_large_changes_are_forgotten_earlier(drafts: Drafts, titled: Titled) -> None:
    quarter = draft_history.MOST_CHARACTERS // 4 + 100  # whatever the title before has
    for title in ("x" * quarter, "A", "B"):
        titled(title)

    assert [title_of(drafts.undo(NAME, "Anna"))[:1] for _ in range(3)] == ["A", "x", "O"]

    for title in ("y" * quarter, "x" * quarter, "C"):  # the text before and after: more than four quarters
        titled(title)
    assert [title_of(drafts.undo(NAME, "Anna"))[:1] for _ in range(3)] == ["x", "y", "y"]


# --- typing


@pytest.fixture
def typed(drafts: Drafts) -> Callable[..., Draft]:
    """typed("Name", "a"): a pause while somebody types a formula."""

    def pause(target: str, formula: str, by: str = "Anna") -> Draft:
        operation = {"op": "set_formula", "step": "customer", "target": target, "formula": formula, "typing": True}
        applied = drafts.apply(NAME, [operation], by=by, revision=drafts.open(NAME).revision)
        assert applied.refused == []
        return applied.draft

    return pause


def test_what_is_typed_in_one_go_is_undone_in_one(drafts: Drafts, typed: Titled) -> None:
    for formula in ("b", "bu", "buyer.", "buyer.name"):
        last = typed("Name", formula)

    assert (last.revision, [change.says for change in drafts.changes(NAME)]) == (4, ["Name is now buyer.name"])
    assert drafts.undo(NAME, "Anna").text == FLOW
    assert drafts.redo(NAME, "Anna").text == last.text


def test_another_field_another_person_and_a_long_pause_begin_anew(
    drafts: Drafts, typed: Titled, clock: FakeClock
) -> None:
    first = typed("Name", "a")
    texts = [first.text, typed("Email", "a").text, typed("Email", "b", by="Bo").text]
    clock.advance(31)
    typed("Email", "c", by="Bo")

    assert [drafts.undo(NAME, "Bo").text for _ in range(4)] == [*reversed(texts), FLOW]


def test_typing_goes_on_behind_an_undo_as_a_change_of_its_own(drafts: Drafts, typed: Titled) -> None:
    first = typed("Name", "a")
    drafts.apply(NAME, [{"op": "set_title", "title": "T"}], by="Anna", revision=1)
    drafts.undo(NAME, "Anna")
    typed("Name", "ab")

    assert drafts.undo(NAME, "Anna").text == first.text


def test_what_is_typed_back_is_no_change_to_undo(drafts: Drafts, typed: Titled) -> None:
    typed("Name", "a")

    assert not typed("Name", "$truncate(buyer.name, 50)").can_undo


# --- replays


def test_an_operation_that_comes_again_is_carried_out_once(drafts: Drafts) -> None:
    queue = [
        {"op": "set_title", "title": "A", "client": "x", "seq": 1},
        {"op": "set_title", "title": "B", "client": "x", "seq": 2},
        {"op": "undo", "client": "x", "seq": 3},
    ]

    first = drafts.apply(NAME, queue[:2], by="Anna", revision=0)
    again = drafts.apply(NAME, queue, by="Anna", revision=0)
    third = drafts.apply(NAME, queue, by="Anna", revision=0)

    assert first.draft.acknowledged == {"x": 2}
    assert (title_of(again.draft), again.draft.acknowledged) == ("A", {"x": 3})
    assert third.draft == again.draft


def test_what_was_refused_is_acknowledged_too(drafts: Drafts) -> None:
    applied = drafts.apply(NAME, [{"op": "lnk", "client": "x", "seq": 9}], by="Anna", revision=0)

    assert applied.draft.acknowledged == {"x": 9}
    assert drafts.apply(NAME, [{"op": "lnk", "client": "x", "seq": 9}], by="Anna", revision=0).refused == []


def test_a_dropped_draft_does_not_come_back_by_a_late_repetition(drafts: Drafts) -> None:
    queue = [{"op": "set_title", "title": "A", "client": "x", "seq": 1}]
    drafts.apply(NAME, queue, by="Anna", revision=0)
    drafts.discard(NAME, "Anna")

    late = drafts.apply(NAME, queue, by="Anna", revision=0)

    assert (late.draft.text, late.draft.is_stored) == (FLOW, False)


def test_each_browser_counts_for_itself(drafts: Drafts) -> None:
    for client in "xy":
        drafts.apply(NAME, [{"op": "set_title", "title": client, "client": client, "seq": 1}], by="Anna", revision=0)

    assert drafts.open(NAME).acknowledged == {"x": 1, "y": 1}
    assert title_of(drafts.open(NAME)) == "y"


def test_browsers_that_are_long_gone_are_forgotten(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.design.drafts.MOST_CLIENTS", 2)
    for client in "xyz":
        drafts.apply(NAME, [{"op": "set_title", "title": client, "client": client, "seq": 1}], by="Anna", revision=0)

    assert drafts.open(NAME).acknowledged == {"y": 1, "z": 1}


# --- the published file


def test_a_published_file_that_changed_meanwhile_is_told_and_nothing_is_lost(
    drafts: Drafts, titled: Titled, workspace: Workspace
) -> None:
    draft = titled("A")
    assert not drafts.published_changed(draft)

    (workspace.flows / f"{NAME}.json").write_text(FLOW.replace("Orders to", "From git: orders to"), encoding="utf-8")

    draft = drafts.open(NAME)
    assert drafts.published_changed(draft)
    assert title_of(draft) == "A"


def test_a_file_that_is_gone_leaves_its_draft(drafts: Drafts, titled: Titled, workspace: Workspace) -> None:
    titled("A")
    (workspace.flows / f"{NAME}.json").unlink()

    draft = drafts.open(NAME)

    assert title_of(draft) == "A"
    assert drafts.published_changed(draft)


def test_a_dropped_draft_gives_way_to_the_published_file(drafts: Drafts, titled: Titled) -> None:
    titled("A")

    drafts.discard(NAME)
    drafts.discard("never-there")

    assert (drafts.open(NAME).text, drafts.names(), drafts.open(NAME).can_undo) == (FLOW, [], False)
