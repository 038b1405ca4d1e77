"""Publishing a draft: refused with its reasons, or done whole; and an earlier version brought back as a new one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk
from engine.design.drafts import Drafts
from engine.design.publishing import Published, publish, readiness
from engine.design.versions import history
from engine.errors import DocumentError, ExamplesDiffer, LedgerError, PublishedChanged, StudioError
from engine.flows.library import load_flow

FLOW = "ccv-orders-to-eaccounting"
Edit = Callable[[Callable[[Any], object]], None]
DESCRIPTION = {"op": "set_step_title", "step": "order", "title": "The order is made in the books"}
WRONG_NAME = {"op": "set_formula", "step": "order", "target": "CurrencyCode", "formula": '"SEK"'}
UNKNOWN = {"op": "set_formula", "step": "order", "target": "CurrencyCode", "formula": "$upercase(currency)"}


def title(text: str) -> str:
    return f"{json.loads(text)['steps'][2]['title']}"


# --- a draft


def test_draft_becomes_the_file_to_the_byte_under_a_number_and_a_name(
    things: Desk, drafts: Drafts, file: Path, change: Callable[..., str]
) -> None:
    before, text = file.read_bytes().decode(), change(DESCRIPTION)
    done = publish(things, FLOW, by="anna", name="Clearer titles")

    assert file.read_bytes().decode() == text != before
    assert (done.version.number, done.version.name, done.version.who) == (2, "Clearer titles", "anna")
    assert done.version.hash == load_flow(things.workspace, FLOW).version
    assert [c.says for c in done.changes] == ["Step «order», title: changed"]
    assert drafts.names() == [] and not done.keeps_draft
    assert len(text) - len(before) == len(" in the books")


def test_what_was_there_before_is_kept_though_it_never_ran(
    things: Desk, file: Path, change: Callable[..., str]
) -> None:
    before = file.read_bytes().decode()
    change(DESCRIPTION)
    publish(things, FLOW, by="anna")

    [new, old] = history(things, FLOW).versions
    assert (old.stored.number, old.stored.published_at, new.is_published, old.is_published) == (1, None, True, False)
    assert (things.ledger.version(old.stored.hash) or {})[f"saved_mappings/{FLOW}.json"] == before


def test_errors_are_listed_and_nothing_is_published(
    things: Desk, drafts: Drafts, file: Path, change: Callable[..., str]
) -> None:
    before = file.read_bytes()
    change(UNKNOWN)
    with pytest.raises(DocumentError, match="upercase") as caught:
        publish(things, FLOW, by="anna", anyway="I insist")

    assert all(problem.severity == "error" for problem in caught.value.problems)
    assert f"{FLOW}.json:" in caught.value.problems[0].where
    assert file.read_bytes() == before and drafts.names() == [FLOW] and things.ledger.versions(FLOW) == []


def test_examples_that_differ_ask_for_a_reason_which_is_kept(
    things: Desk, file: Path, change: Callable[..., str]
) -> None:
    before, text = file.read_bytes(), change(WRONG_NAME)
    with pytest.raises(ExamplesDiffer, match="2 of 2 examples differ") as caught:
        publish(things, FLOW, by="anna", anyway="  ")
    assert file.read_bytes() == before
    assert all(tried.differences for tried in caught.value.tried)
    assert any(d.path == "order.CurrencyCode" and d.found == "SEK" for t in caught.value.tried for d in t.differences)

    done = publish(things, FLOW, by="anna", anyway="the examples are old")
    assert done.version.note == "the examples are old" and done.differing
    assert file.read_bytes().decode() == text


def test_reason_is_not_kept_where_none_was_needed(things: Desk, change: Callable[..., str]) -> None:
    change(DESCRIPTION)

    assert publish(things, FLOW, by="anna", anyway="to be sure").version.note == ""


def test_example_without_an_expectation_asks_for_a_reason_too(things: Desk, change: Callable[..., str]) -> None:
    given = json.loads((things.workspace.flows / f"{FLOW}.json").read_bytes())["examples"][0]["given"]
    change({"op": "add_example", "example": {"title": "Not yet", "given": given}})
    with pytest.raises(ExamplesDiffer, match="1 expect nothing yet") as caught:
        publish(things, FLOW, by="anna")

    assert [problem.code for problem in caught.value.problems] == ["no_outcome"]
    assert publish(things, FLOW, by="anna", anyway="later").version.note == "later"


def test_open_question_blocks_publishing(things: Desk, edit: Edit, change: Callable[..., str]) -> None:
    def ask(flow: Any) -> None:
        flow["questions"]["required"] = ["shop_id"]
        flow["questions"]["properties"]["shop_id"] = {"type": "string", "title": "Number of the shop", "minLength": 3}

    edit(ask)
    change(DESCRIPTION)
    with pytest.raises(DocumentError, match="the question “Number of the shop” is not answered") as caught:
        publish(things, FLOW, by="anna")
    assert "questions.properties.shop_id" in caught.value.problems[0].where

    change({"op": "set_answer", "question": "shop_id", "value": "ab"})
    with pytest.raises(DocumentError, match="the answer does not fit"):
        publish(things, FLOW, by="anna")
    change({"op": "set_answer", "question": "shop_id", "value": "abc"})
    assert publish(things, FLOW, by="anna").version.number == 2


def test_readiness_says_all_of_it_and_does_nothing(
    things: Desk, drafts: Drafts, file: Path, edit: Edit, change: Callable[..., str]
) -> None:
    change(DESCRIPTION, UNKNOWN)
    edit(lambda flow: flow.update(title="From git"))
    before = file.read_bytes()
    ready = readiness(things, FLOW)

    assert not ready.is_ready and ready.findings.errors and ready.meanwhile is not None
    assert "Step «order», title: changed" in [c.says for c in ready.changes]
    assert file.read_bytes() == before and drafts.names() == [FLOW]


# --- what changed meanwhile


def test_file_that_changed_in_git_is_a_question_and_the_answer_is_obeyed(
    things: Desk, file: Path, edit: Edit, change: Callable[..., str]
) -> None:
    things.ledger.remember_version(*_version(things), things.clock.now())
    text = change(DESCRIPTION)
    edit(lambda flow: flow["source"].update(wait_days=10))
    in_git = file.read_bytes()
    with pytest.raises(PublishedChanged, match="changed since your draft began") as caught:
        publish(things, FLOW, by="anna")
    assert [c.says for c in caught.value.changes] == ["Days after which a waiting record is skipped: changed"]
    assert file.read_bytes() == in_git

    done = publish(things, FLOW, by="anna", over=True)
    assert file.read_bytes().decode() == text
    assert [v.stored.number for v in history(things, FLOW).versions] == [3, 2, 1]
    kept = things.ledger.version(things.ledger.versions(FLOW)[1].hash) or {}
    assert kept[f"saved_mappings/{FLOW}.json"].encode() == in_git
    assert "Days after which a waiting record is skipped: changed" in [c.says for c in done.changes]


def test_file_that_was_removed_meanwhile_is_a_question(things: Desk, file: Path, change: Callable[..., str]) -> None:
    text = change(DESCRIPTION)
    file.unlink()
    with pytest.raises(PublishedChanged, match="removed meanwhile"):
        publish(things, FLOW, by="anna")

    publish(things, FLOW, by="anna", over=True)
    assert file.read_bytes().decode() == text


def test_file_that_nobody_can_read_as_json_is_a_question_too(
    things: Desk, file: Path, change: Callable[..., str]
) -> None:
    text = change(DESCRIPTION)
    file.write_text("<<<<<<< HEAD\n{}\n")
    with pytest.raises(PublishedChanged) as caught:
        publish(things, FLOW, by="anna")
    assert [c.says for c in caught.value.changes] == ["The text, which cannot be read as JSON: changed"]

    publish(things, FLOW, by="anna", over=True)
    assert file.read_bytes().decode() == text
    kept = things.ledger.version(things.ledger.versions(FLOW)[1].hash)
    assert kept == {f"saved_mappings/{FLOW}.json": "<<<<<<< HEAD\n{}\n"}


def test_new_flow_is_published_and_its_name_may_be_taken_meanwhile(
    things: Desk, drafts: Drafts, file: Path, workspace: Any
) -> None:
    text = file.read_bytes().decode()
    drafts.create("second", text, "anna")
    done = publish(things, "second", by="anna")
    assert (workspace.flows / "second.json").read_bytes().decode() == text and done.version.number == 1
    assert "Step «order»: added" in [c.says for c in done.changes]

    drafts.create("third", text, "anna")
    (workspace.flows / "third.json").write_text(text.replace("Orders from", "All orders from", 1))
    with pytest.raises(PublishedChanged, match="a flow of this name was made meanwhile"):
        publish(things, "third", by="anna")


def test_draft_that_was_changed_while_it_was_published_stays(
    things: Desk, drafts: Drafts, file: Path, change: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = change(DESCRIPTION)
    real = things.ledger.publish_version

    def publish_version(*arguments: Any, **named: Any) -> Any:
        change({"op": "set_title", "title": "Later"}, by="bo")
        return real(*arguments, **named)

    monkeypatch.setattr(things.ledger, "publish_version", publish_version)
    done = publish(things, FLOW, by="anna")
    monkeypatch.undo()

    assert done.keeps_draft and drafts.names() == [FLOW]
    assert file.read_bytes().decode() == text
    assert json.loads(drafts.open(FLOW).text)["title"] == "Later"
    assert publish(things, FLOW, by="bo").version.number == 3


# --- without a draft


def test_a_file_edited_by_hand_is_published_as_it_stands(things: Desk, file: Path, edit: Edit) -> None:
    edit(lambda flow: flow.update(title="By hand"))
    before = file.read_bytes()
    done = publish(things, FLOW, by="kim", name="By hand")

    assert file.read_bytes() == before and done.changes == []
    assert (done.version.number, done.version.name, done.version.published_at is not None) == (1, "By hand", True)
    with pytest.raises(DocumentError, match=r"nothing to publish: version 1 \(By hand\) is published"):
        publish(things, FLOW, by="kim")
    assert publish(things, FLOW, by="kim", name="Better name").version.number == 1


def test_a_version_that_ran_keeps_its_number_when_it_is_named(things: Desk) -> None:
    number = things.ledger.remember_version(*_version(things), things.clock.now())

    assert publish(things, FLOW, by="kim", name="First").version.number == number == 1


def test_a_broken_file_is_not_published(things: Desk, edit: Edit) -> None:
    edit(lambda flow: flow["steps"][0].update(resource="custmers"))
    with pytest.raises(DocumentError, match="custmers"):
        publish(things, FLOW, by="kim")

    assert things.ledger.versions(FLOW) == []


@pytest.mark.parametrize("name", [" ", "x" * 81, "12", "v3", "Draft", "published", "a\nb", "a\x1b[2Jb"])
def test_names_that_mean_something_else_are_refused(things: Desk, change: Callable[..., str], name: str) -> None:
    change(DESCRIPTION)
    with pytest.raises(DocumentError, match="the name of the version"):
        publish(things, FLOW, by="anna", name=name)


def test_a_name_stands_for_one_version(things: Desk, change: Callable[..., str]) -> None:
    publish(things, FLOW, by="anna", name="Good")
    change(DESCRIPTION)
    with pytest.raises(DocumentError, match="it is that of version 1"):
        publish(things, FLOW, by="anna", name="GOOD")


def test_unknown_flow_is_named_with_the_nearest(things: Desk) -> None:
    with pytest.raises(DocumentError, match=f"Did you mean '{FLOW}'"):
        publish(things, FLOW + "s", by="anna")


# --- broken on purpose


def test_two_who_publish_at_once_do_not_lose_one_another(
    things: Desk, drafts: Drafts, file: Path, change: Callable[..., str]
) -> None:
    text = change(DESCRIPTION)
    done: list[Published] = []
    failed: list[StudioError] = []

    def go(name: str) -> None:
        try:
            done.append(publish(things, FLOW, by=name, name=name))
        except StudioError as error:
            failed.append(error)

    threads = [threading.Thread(target=go, args=(name,)) for name in ("anna", "bo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert sorted(one.version.number for one in done) == [2, 2]  # the second names what the first has published
    assert file.read_bytes().decode() == text and len(things.ledger.versions(FLOW)) == 2


def test_folder_that_may_not_be_written_leaves_file_draft_and_history(
    things: Desk, drafts: Drafts, file: Path, change: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, beside = file.read_bytes(), sorted(path.name for path in file.parent.iterdir())
    change(DESCRIPTION)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.documents.saving.os.fsync", full)
    with pytest.raises(DocumentError, match="the file cannot be saved: the disk is full"):
        publish(things, FLOW, by="anna")
    monkeypatch.undo()

    assert file.read_bytes() == before and drafts.names() == [FLOW]
    assert sorted(path.name for path in file.parent.iterdir()) == beside
    assert publish(things, FLOW, by="anna").version.number == 2


def test_ledger_that_fails_after_the_file_is_written_is_made_up_for_by_publishing_again(
    things: Desk, drafts: Drafts, file: Path, change: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = change(DESCRIPTION)

    def full(*_: object, **__: object) -> None:
        raise LedgerError("The ledger cannot be written", why="the disk is full")

    monkeypatch.setattr(things.ledger, "publish_version", full)
    with pytest.raises(LedgerError):
        publish(things, FLOW, by="anna", name="Clearer")
    assert file.read_bytes().decode() == text and drafts.names() == [FLOW]
    monkeypatch.undo()

    done = publish(things, FLOW, by="anna", name="Clearer")
    assert (done.version.number, done.version.name, drafts.names()) == (2, "Clearer", [])


def test_a_full_ledger_is_noticed_before_the_file_is_touched(
    things: Desk, file: Path, change: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()
    change(DESCRIPTION)

    def full(*_: object, **__: object) -> None:
        raise LedgerError("The ledger cannot be written", why="the disk is full")

    monkeypatch.setattr(things.ledger, "remember_version", full)
    with pytest.raises(LedgerError):
        publish(things, FLOW, by="anna")

    assert file.read_bytes() == before


def _version(things: Desk) -> tuple[str, str, dict[str, str]]:
    loaded = load_flow(things.workspace, FLOW)
    return loaded.version, FLOW, dict(loaded.sources)
