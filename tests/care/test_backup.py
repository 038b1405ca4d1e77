"""Backups: whole although somebody writes, put back only where all is well, and never a reason to send twice."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from engine.documents.workspace import Workspace
from engine.errors import BackupError, LedgerError
from engine.runs.care.archive import pack
from engine.runs.care.backup import backup
from engine.runs.care.restore import restore
from engine.runs.ledger import Key, Ledger, PulledRecord
from tests.care.conftest import FLOW

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def store(ledger: Ledger, *keys: str, at: datetime = AT) -> None:
    ledger.store_page(FLOW, "default", None, [PulledRecord(key, key, "v", {"n": key}) for key in keys], {}, at)


@pytest.fixture
def kept(root: Path, ledger: Ledger, tmp_path: Path) -> Path:
    """A backup with one record, its key beside it."""
    store(ledger, "k1")
    (root / ".studio" / "drafts.json").write_text('{"drafts":{}}')
    backup(Workspace(root), ledger, tmp_path / "b.tar", tmp_path / "b.key", AT)
    return tmp_path / "b.tar"


@pytest.fixture
def other(tmp_path: Path) -> Workspace:
    (tmp_path / "other" / "connector_specs").mkdir(parents=True)
    return Workspace(tmp_path / "other")


def put_back(kept: Path, workspace: Workspace, *, over: bool = False, key: Path | None = None) -> Any:
    key = key or kept.with_suffix(".key")
    return restore(kept, workspace, key, over=over, who="anna", now=AT + timedelta(days=1))


def test_another_folder_gets_all_of_it_with_the_key(kept: Path, other: Workspace) -> None:
    done = put_back(kept, other)

    assert (done.made_at, done.before) == (AT, None)
    with Ledger.open(other.ledger_path) as ledger:
        record = ledger.record(FLOW, "default", "k1")
        assert record is not None and record.payload == {"n": "k1"}
        assert [(line.who, line.what) for line in ledger.audit()] == [("anna", "restored")]
    assert (other.studio / "drafts.json").read_text() == '{"drafts":{}}'
    assert sorted(path.name for path in other.studio.iterdir()) == ["drafts.json", "key", "ledger.sqlite", "locks"]
    for name in ("ledger.sqlite", "key", "drafts.json"):
        assert stat.S_IMODE((other.studio / name).stat().st_mode) == 0o600


def test_a_backup_is_for_this_user_only_and_has_no_key_in_it(kept: Path, root: Path) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(kept.with_suffix(".key").stat().st_mode) == 0o600
    assert (root / ".studio" / "key").read_bytes().strip() not in kept.read_bytes()
    assert [path.name for path in kept.parent.iterdir() if path.name.startswith(".b")] == []


def test_a_backup_is_whole_while_somebody_writes(root: Path, ledger: Ledger, tmp_path: Path, other: Workspace) -> None:
    over, counts = threading.Event(), []

    def write() -> None:
        number = 0
        while not over.is_set():
            store(ledger, f"a{number}", f"b{number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(5):
            backup(Workspace(root), ledger, tmp_path / f"{turn}.tar", tmp_path / "b.key", AT)
    finally:
        over.set()
        writer.join()
    for turn in range(5):
        put_back(tmp_path / f"{turn}.tar", other, over=True, key=tmp_path / "b.key")
        with Ledger.open(other.ledger_path) as restored:
            keys = {record.key for record in restored.newest(FLOW, "default", 1_000_000)}
            counts.append(len(keys))
            assert {"b" + key[1:] for key in keys if key[0] == "a"} == {key for key in keys if key[0] == "b"}

    assert counts == sorted(counts)


def test_what_is_there_is_kept_and_only_replaced_when_asked(kept: Path, other: Workspace) -> None:
    with Ledger.open(other.ledger_path) as ledger:
        store(ledger, "mine")
    old_key = (other.studio / "key").read_text()
    with pytest.raises(BackupError, match="there is a ledger already"):
        put_back(kept, other)
    before = put_back(kept, other, over=True).before

    with Ledger.open(other.ledger_path) as ledger:
        assert ledger.record(FLOW, "default", "mine") is None
    with Ledger.open(before / "ledger.sqlite", Key.from_text(old_key, "")) as ledger:
        assert ledger.record(FLOW, "default", "mine") is not None
    assert (before / "key").read_text() == old_key


def test_a_damaged_ledger_gives_way_and_is_kept(kept: Path, other: Workspace) -> None:
    other.ledger_path.write_bytes(b"not a database, by far" * 100)
    before = put_back(kept, other, over=True).before

    assert (before / "ledger.sqlite").read_bytes().startswith(b"not a database")
    Ledger.open(other.ledger_path).close()


def test_a_wrong_key_or_none_changes_nothing(kept: Path, other: Workspace, tmp_path: Path) -> None:
    (tmp_path / "wrong.key").write_text(Key.new().as_text())
    with pytest.raises(LedgerError, match="the key is not the one"):
        put_back(kept, other, key=tmp_path / "wrong.key")
    with pytest.raises(BackupError, match="there is no key"):
        restore(kept, other, None, over=False, who="anna", now=AT)
    with pytest.raises(BackupError, match="there is no key"):
        put_back(kept, other, key=tmp_path / "nowhere.key")

    assert list(other.studio.iterdir()) == []


def test_a_key_in_the_environment_must_be_that_of_the_backup(
    kept: Path, other: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPPING_STUDIO_KEY", Key.new().as_text())
    with pytest.raises(BackupError, match="another key than the one given"):
        put_back(kept, other)
    monkeypatch.setenv("MAPPING_STUDIO_KEY", kept.with_suffix(".key").read_text().strip())
    put_back(kept, other)

    assert not (other.studio / "key").exists()


def test_a_ledger_that_is_open_here_or_elsewhere_is_not_replaced(kept: Path, other: Workspace) -> None:
    with Ledger.open(other.ledger_path), pytest.raises(BackupError, match="another program has this ledger open"):
        put_back(kept, other, over=True)
    code = "import sys; from pathlib import Path; from engine.runs.ledger import Ledger; "
    code += "ledger = Ledger.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", code, str(other.ledger_path)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        with pytest.raises(BackupError, match="another program has this ledger open"):
            put_back(kept, other, over=True)
    finally:
        process.kill()
        process.communicate()

    put_back(kept, other, over=True)


# --- what is no backup of ours


def repacked(kept: Path, change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]) -> Path:
    with tarfile.open(kept) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    change(members)
    with tarfile.open(kept, "w") as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))
    return kept


def named(name: str, content: bytes = b"", **parts: Any) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    for part, value in parts.items():
        setattr(member, part, value)
    return member, content


def claim(members: list[tuple[tarfile.TarInfo, bytes]], **files: Any) -> None:
    manifest = json.loads(members[0][1])
    manifest["files"].update(files)
    members[0] = named("manifest.json", json.dumps(manifest).encode())


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.append(named("../../evil", b"x")),
        lambda members: members.append(named("key", b"x")),
        lambda members: members.append(members[1]),
        lambda members: members.append(named("link", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
        lambda members: members.__setitem__(2, named("drafts.json", type=tarfile.LNKTYPE, linkname="ledger.sqlite")),
        lambda members: members.__setitem__(2, named("drafts.json", b"longer than it was")),
        lambda members: members.__setitem__(2, named("drafts.json", b'{"drafts":[]}')),
        lambda members: members.pop(2),
        lambda members: members.pop(0),
        lambda members: members.insert(0, members.pop(1)),
        lambda members: claim(members, **{"../evil": {"bytes": 1, "sha256": ""}}),
        lambda members: claim(members, **{"ledger.sqlite": {"bytes": "many"}}),
        lambda members: members.__setitem__(0, named("manifest.json", b"[]")),
        lambda members: members.__setitem__(0, named("manifest.json", b"{" * 70_000)),
        lambda members: members.clear(),
    ],
)
def test_what_a_backup_would_not_hold_is_refused(kept: Path, other: Workspace, change: Any, tmp_path: Path) -> None:
    repacked(kept, change)
    with pytest.raises(BackupError):
        put_back(kept, other)

    assert list(other.studio.iterdir()) == []
    assert not (tmp_path / "evil").exists() and not (other.root / "evil").exists()


@pytest.mark.parametrize("kept_bytes", [0, 100, 700, 5_000])
def test_half_a_backup_is_refused(kept: Path, other: Workspace, kept_bytes: int) -> None:
    kept.write_bytes(kept.read_bytes()[:kept_bytes])
    with pytest.raises(BackupError):
        put_back(kept, other)

    assert list(other.studio.iterdir()) == []


def test_a_backup_of_something_else_than_a_ledger_is_refused(other: Workspace, kept: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    pack(kept, {"ledger.sqlite": tmp_path / "empty"}, AT)
    with pytest.raises(BackupError, match="no ledger in it"):
        put_back(kept, other)


def test_only_a_backup_is_replaced_by_one(root: Path, ledger: Ledger, kept: Path, tmp_path: Path) -> None:
    precious = tmp_path / "accounts.txt"
    precious.write_text("mine")
    workspace = Workspace(root)
    for target, key in (
        (precious, None),
        (tmp_path, None),
        (kept, kept),
        (kept, precious),
        (tmp_path / "no" / "b", None),
    ):
        with pytest.raises((BackupError, LedgerError)):
            backup(workspace, ledger, target, key, AT)
    size = kept.stat().st_size
    store(ledger, *map(str, range(2000)))
    backup(workspace, ledger, kept, None, AT)

    assert precious.read_text() == "mine" and kept.stat().st_size > size


def test_the_commands_say_what_they_did(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, key, other = str(tmp_path / "b.tar"), str(tmp_path / "b.key"), tmp_path / "other"
    (other / "connector_specs").mkdir(parents=True)

    assert main(["backup", file, "--key", key, "--by", "Anna", "--workspace", str(root)]) == 0
    assert f"The key is in {key}" in capsys.readouterr().out
    assert main(["restore", file, "--workspace", str(other)]) == 2
    assert "--key" in capsys.readouterr().err
    assert main(["restore", file, "--key", key, "--workspace", str(other)]) == 0
    assert "The ledger is that of" in capsys.readouterr().out
    assert main(["restore", file, "--over", "--json", "--workspace", str(other)]) == 0
    assert json.loads(capsys.readouterr().out)["before"].startswith(".studio/before-")
    assert main(["audit", "--json", "--workspace", str(root)]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["who"], line["what"]) == ("Anna", "backed up")
