"""Backups in the workspace's own folder: made whole, listed, deleted; put back they hold what was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.design.desk import Desk
from engine.design.settings.backups import (
    back_up,
    back_up_here,
    backups,
    content_of,
    delete,
    last_backup,
    restoring,
)
from engine.documents.workspace import Workspace
from engine.errors import BackupError, NotAllowed
from engine.runs.care.erase import erase
from engine.runs.care.restore import restore
from engine.runs.ledger import Ledger


def test_a_backup_lies_in_the_folder_for_its_owner_only_and_without_the_key(anna: Desk) -> None:
    made = back_up_here(anna)

    assert backups(anna) == [made]
    assert made.path.parent == anna.workspace.studio / "backups"
    assert made.path.stat().st_mode & 0o077 == 0 and made.path.parent.stat().st_mode & 0o077 == 0
    assert made.key is None and list(made.path.parent.iterdir()) == [made.path]
    key = (anna.workspace.studio / "key").read_bytes().strip()
    assert key not in content_of(anna, made.name)
    line = anna.ledger.audit(limit=1)[0]
    assert (line.who, line.what) == ("anna@example.com", "backed up")
    assert line.details == {"file": made.name, "with_key": False}


def test_the_key_goes_into_a_file_of_its_own_where_it_is_asked_for(anna: Desk) -> None:
    made = back_up_here(anna, with_key=True)

    assert made.key is not None and made.key.read_bytes() == (anna.workspace.studio / "key").read_bytes()
    assert made.key.stat().st_mode & 0o077 == 0
    assert made.key.read_bytes().strip() not in made.path.read_bytes()
    assert [each.name for each in backups(anna)] == [made.name]  # the key is no backup
    assert "--key" in restoring(anna, made)


def test_two_within_a_second_are_two(anna: Desk) -> None:
    first, second, third = back_up_here(anna), back_up_here(anna), back_up_here(anna)

    assert len({first.name, second.name, third.name}) == 3
    assert {each.name for each in backups(anna)} == {first.name, second.name, third.name}


def test_what_is_put_back_elsewhere_is_what_was_there(anna: Desk, tmp_path: Path) -> None:
    anna.ledger.note("published", "bo", anna.clock.now(), subject="version 1")
    made = back_up_here(anna, with_key=True)
    other = tmp_path / "other"
    (other / "connector_specs").mkdir(parents=True)

    restored = restore(made.path, Workspace(other), made.key, over=False, who="bo", now=anna.clock.now())

    assert restored.made_at.replace(microsecond=0) <= anna.clock.now()
    with Ledger.open(Workspace(other).ledger_path) as ledger:
        assert [line.what for line in ledger.audit()] == ["restored", "published"]


def test_one_is_deleted_with_its_key_and_noted(anna: Desk) -> None:
    made = back_up_here(anna, with_key=True)
    kept = back_up_here(anna)

    delete(anna, made.name)

    assert [each.name for each in backups(anna)] == [kept.name]
    assert made.key is not None and not made.key.exists()
    assert (anna.workspace.studio / "key").exists()
    line = anna.ledger.audit(limit=1)[0]
    assert (line.what, line.details["file"]) == ("backup deleted", made.name)


@pytest.mark.parametrize("name", ["../key", "/etc/passwd", "backup-1.tar", "", "../ledger.sqlite"])
def test_nothing_else_is_handed_out_or_deleted(anna: Desk, name: str) -> None:
    back_up_here(anna)
    for act in (content_of, delete):
        with pytest.raises(BackupError, match="not there"):
            act(anna, name)

    assert (anna.workspace.studio / "key").exists()


def test_the_last_backup_is_told_wherever_it_was_put(anna: Desk, tmp_path: Path) -> None:
    assert last_backup(anna) is None
    back_up(anna, tmp_path / "elsewhere.tar")

    last = last_backup(anna)
    assert last is not None and last.details["file"] == "elsewhere.tar"
    assert backups(anna) == []


def test_erasing_somebody_names_the_backups_that_it_does_not_look_into(anna: Desk) -> None:
    made = back_up_here(anna)

    erased = erase(anna.ledger, anna.workspace, "anna@post.example", "bo", anna.clock.now(), dry=True)

    assert made.name in " ".join(place.where for place in erased.remains)


def test_who_does_not_administer_makes_takes_and_deletes_none(anna: Desk, dora: Desk) -> None:
    made = back_up_here(anna)
    for act in (lambda: back_up_here(dora), lambda: content_of(dora, made.name), lambda: delete(dora, made.name)):
        with pytest.raises(NotAllowed):
            act()

    assert backups(dora) == [made]
