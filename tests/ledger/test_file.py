"""The ledger's file when things go wrong: killed, full, read-only, newer, no database, without its key."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from engine.errors import FlowBusy, LedgerError
from engine.runs.ledger import Exchange, Key, Ledger, PulledRecord

ROOT = Path(__file__).resolve().parents[2]


def child(code: str, *arguments: str, **options: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


WRITER = """
    import sys
    from datetime import datetime, UTC
    from pathlib import Path
    from engine.runs.ledger import Exchange, Ledger, PulledRecord
    at = datetime(2025, 3, 2, tzinfo=UTC)
    with Ledger.open(Path(sys.argv[1])) as ledger:
        for n in range(100000):
            key = f"{sys.argv[2]}-{n}"
            ledger.store_page("f", "live", None, [PulledRecord(key, key, "v", {"n": key})], {"n": n}, at)
            print("page", key, flush=True)
            intent = ledger.open_intent("books", "orders", key, "f", "default", key, "s", "idem-" + key, at)
            print("intent", key, flush=True)
            sent = Exchange("create", "POST", "u", {}, "x" * 3000)
            ledger.keep_exchange(None, "f", "live", key, "s", sent, at)
            ledger.intent_done(intent.id, key, key, None, at)
            ledger.finish_record("f", "live", key, "v", "created", "", [], key, None, at)
            print("finish", key, flush=True)
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(path: Path) -> None:
    said: list[tuple[str, str]] = []
    for round_number in range(10):
        process = child(WRITER, str(path), str(round_number))
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(7 + 5 * round_number)]
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        whole = ["".join(lines), rest[: rest.rfind("\n") + 1]]
        said += [(line.split()[0], line.split()[1]) for line in "".join(whole).splitlines()]

    with Ledger.open(path) as ledger:
        for what, key in said:
            record = ledger.record("f", "live", key)
            assert record is not None
            assert record.payload == {"n": key}
            if what != "page":
                assert len(ledger.intents("f", "default", key)) == 1
            if what == "finish":
                assert record.state == "created"
                assert [intent.state for intent in ledger.intents("f", "default", key)] == ["done"]
                assert len(ledger.exchanges("f", "live", key)) == 1
                assert len(ledger.outcomes("f", "live", key)) == 1
        assert len(said) > 100
        ledger.database.write(lambda t: _is_whole(t.connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()))


def _is_whole(answer: str) -> None:
    assert answer == "ok"


CLAIMER = """
    import sys
    from pathlib import Path
    from engine.runs.ledger import Ledger
    with Ledger.open(Path(sys.argv[1])) as ledger, ledger.claim_flow("f", "live"), ledger.lock("token"):
        print("held", flush=True)
        sys.stdin.read()
"""


def test_a_flow_claimed_by_another_process_is_busy_until_that_one_is_killed(ledger: Ledger, path: Path) -> None:
    process = child(CLAIMER, str(path), stdin=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"

    with pytest.raises(FlowBusy), ledger.claim_flow("f", "live"):
        pass
    with ledger.locks.hold("lock:token", wait=False) as held:
        assert not held
    process.kill()
    process.communicate()
    with ledger.claim_flow("f", "live"), ledger.lock("token"):
        pass


def test_several_processes_write_one_ledger(path: Path) -> None:
    Ledger.open(path).close()
    code = WRITER.replace("range(100000)", "range(40)")
    processes = [child(code, str(path), name) for name in ("a", "b", "c")]
    errors = [process.communicate()[1] for process in processes]

    with Ledger.open(path) as ledger:
        states = [ledger.record("f", "live", f"{name}-{n}") for name in "abc" for n in range(40)]
    assert errors == ["", "", ""]
    assert all(record is not None and record.state == "created" for record in states)


def test_processes_that_open_a_new_workspace_at_once_share_one_key(path: Path) -> None:
    code = """
        import sys
        from datetime import datetime, UTC
        from pathlib import Path
        from engine.runs.ledger import Ledger
        at = datetime(2025, 1, 1, tzinfo=UTC)
        with Ledger.open(Path(sys.argv[1])) as ledger:
            ledger.save_connection(sys.argv[2], "c", {"p": "x"}, {"p"}, "h", False, at)
    """
    processes = [child(code, str(path), name) for name in ("a", "b", "c")]
    errors = [process.communicate()[1] for process in processes]

    with Ledger.open(path) as ledger:
        opened = [ledger.connection(name) for name in ("a", "b", "c")]
    assert errors == ["", "", ""]
    assert [connection.answers for connection in opened if connection] == [{"p": "x"}] * 3


# --- the key


def test_the_files_are_for_this_user_only(ledger: Ledger, path: Path) -> None:
    rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert set(rights) >= {"ledger.sqlite", "key", "locks"}
    assert set(rights.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_missing_key_is_not_made_anew(path: Path) -> None:
    Ledger.open(path).close()
    (path.parent / "key").unlink()

    with pytest.raises(LedgerError, match=r"its key is missing.*Put the key back"):
        Ledger.open(path)
    assert not (path.parent / "key").exists()


def test_a_wrong_key_is_said_at_once(path: Path) -> None:
    Ledger.open(path).close()

    with pytest.raises(LedgerError, match="not the one it was made with"):
        Ledger.open(path, Key.new())
    (path.parent / "key").write_text("short")
    with pytest.raises(LedgerError, match="32 bytes written as base64"):
        Ledger.open(path)


def test_the_key_may_come_from_the_environment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Key.new()
    monkeypatch.setenv("MAPPING_STUDIO_KEY", key.as_text())
    Ledger.open(path).close()
    monkeypatch.delenv("MAPPING_STUDIO_KEY")

    assert not (path.parent / "key").exists()
    Ledger.open(path, key).close()
    assert key.as_text() not in repr(key)


# --- the file


def test_a_newer_ledger_is_left_as_it_is(path: Path) -> None:
    Ledger.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    connection.close()

    with pytest.raises(LedgerError, match=r"written by a newer program \(form 99.*Update this program"):
        Ledger.open(path)


def test_a_file_that_is_no_database_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a letter to a friend" * 300)

    with pytest.raises(LedgerError, match="the file is no ledger"):
        Ledger.open(path)
    assert path.read_bytes() == b"a letter to a friend" * 300


def test_a_database_of_another_program_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    connection.close()

    with pytest.raises(LedgerError, match="tables of another program"):
        Ledger.open(path)


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(LedgerError, match="The ledger cannot be opened"):
        Ledger.open(tmp_path / "file" / "ledger.sqlite")


@pytest.fixture
def folder_for_all() -> Iterator[Path]:
    """A folder another user may reach (pytest's own are closed to others)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs to become another user")
def test_a_ledger_that_may_only_be_read_is_said_in_words(folder_for_all: Path) -> None:
    path = folder_for_all / "ledger.sqlite"
    Ledger.open(path).close()
    for file in folder_for_all.iterdir():
        file.chmod(0o644)
    folder_for_all.chmod(0o555)
    code = """
        import os, sys
        from datetime import datetime, UTC
        from pathlib import Path
        from engine.errors import LedgerError
        from engine.runs.ledger import Ledger
        os.setuid(65534)
        try:
            with Ledger.open(Path(sys.argv[1])) as ledger:
                ledger.hold_lane("x", datetime(2025, 1, 1, tzinfo=UTC))
        except LedgerError as error:
            print(error)
    """
    said, errors = child(code, str(path)).communicate()

    assert errors == ""
    assert "Give this user the right" in said


def test_a_full_disk_is_said_and_nothing_confirmed_is_lost(path: Path, at: datetime) -> None:
    kept = 0
    with Ledger.open(path, most_pages=90) as ledger:
        with pytest.raises(LedgerError, match=r"the disk is full.*Make room"):
            for n in range(500):
                record = PulledRecord(str(n), str(n), "v", {"x": os.urandom(800).hex()})
                ledger.store_page("f", "live", None, [record], n, at)
                kept += 1
        assert ledger.cursor("f", "live") == kept - 1
        ledger.purge_before(at)  # it still answers

    with Ledger.open(path) as ledger:
        assert len(ledger.due("f", "live", at, 1000)) == kept > 5
        assert ledger.cursor("f", "live") == kept - 1


def test_a_riding_row_that_cannot_be_written_is_not_swallowed(path: Path, at: datetime) -> None:
    with pytest.raises(LedgerError, match="the disk is full"), Ledger.open(path, most_pages=90) as ledger:
        for _ in range(100):
            exchange = Exchange("create", "POST", "u", {}, os.urandom(4000).hex())
            ledger.keep_exchange(1, "f", "live", "1", "s", exchange, at)


def test_one_threads_mistake_does_not_spoil_what_shares_its_commit(ledger: Ledger, at: datetime) -> None:
    """Ten threads write at once; one of them finishes a record that was never pulled."""
    keys = [str(n) for n in range(10)]
    ledger.store_page("f", "live", None, [PulledRecord(k, k, "v", {}) for k in keys if k != "3"], None, at)
    failed: list[str] = []
    barrier = threading.Barrier(10)

    def work(key: str) -> None:
        barrier.wait()
        try:
            ledger.finish_record("f", "live", key, "v", "created", "", [], None, None, at)
        except LedgerError:
            failed.append(key)

    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    created = {k for k in keys if (r := ledger.record("f", "live", k)) is not None and r.state == "created"}
    assert failed == ["3"]
    assert created == set(keys) - {"3"}


def test_a_closed_ledger_says_so(path: Path, at: datetime) -> None:
    ledger = Ledger.open(path)
    ledger.close()

    with pytest.raises(LedgerError, match="it is closed"):
        ledger.hold_lane("x", at)
