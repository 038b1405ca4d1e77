"""A backup that is put back lets nobody in by a session of before: it knows nothing of who signed out since."""

from __future__ import annotations

from pathlib import Path

from engine.design.desk import desk
from engine.design.people.sessions import end_session, new_session, session_in
from engine.design.people.sign_in import sign_in_with_password, way_in
from engine.runs.care.backup import backup
from engine.runs.care.restore import restore

PASSWORD = "four words of a test"


def test_who_signed_out_since_the_backup_is_not_let_in_by_it(tmp_path: Path) -> None:
    (tmp_path / "here" / "connector_specs").mkdir(parents=True)
    with desk(str(tmp_path / "here")) as things:
        sign_in_with_password(things, PASSWORD)
        now, workspace = things.clock.now(), things.workspace
        cookie = new_session("local", way_in(things), now)
        backup(workspace, things.ledger, tmp_path / "b.tar", tmp_path / "b.key", now)
        session = session_in(cookie, way_in(things), now)
        assert session is not None
        end_session(things, session)
    restore(tmp_path / "b.tar", workspace, tmp_path / "b.key", over=True, who="Anna", now=now)

    with desk(str(tmp_path / "here")) as things:
        before = way_in(things)
        assert before.is_needed
        assert session_in(cookie, before, now) is None
        assert session_in(new_session("local", before, now), before, now) is not None


def test_where_nobody_signs_in_a_backup_is_put_back_as_ever(tmp_path: Path) -> None:
    (tmp_path / "here" / "connector_specs").mkdir(parents=True)
    with desk(str(tmp_path / "here")) as things:
        now, workspace = things.clock.now(), things.workspace
        backup(workspace, things.ledger, tmp_path / "b.tar", tmp_path / "b.key", now)
    restore(tmp_path / "b.tar", workspace, tmp_path / "b.key", over=True, who="Anna", now=now)

    with desk(str(tmp_path / "here")) as things:
        assert not way_in(things).is_needed
