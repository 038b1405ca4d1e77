"""The file of drafts: several processes, kills in mid-write, damage."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from engine.connectors.clock import FakeClock, SystemClock
from engine.design import draft_file
from engine.design.drafts import Draft, Drafts
from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from tests.design.operations.pair import FLOW, SCHEMAS, read

NAME = "orders-to-books"
ROOT = Path(__file__).parents[3]
Titled = Callable[..., Draft]


def started(workspace: Workspace, name: str, many: int) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", "tests.design.drafts.keeping", str(workspace.root), NAME, name, str(many)]
    return subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def rows_of(drafts: Drafts) -> dict[str, str]:
    rows = read(drafts.open(NAME).text)["lookups"]["terms"]["rows"]
    return {key: value for key, value in rows.items() if "-" in key}


def changed(drafts: Drafts) -> None:
    """Any change at all."""
    assert not drafts.apply(NAME, [{"op": "set_title", "title": "x"}], by="x", revision=0, over=True).refused


def test_processes_and_threads_at_once_lose_nothing(workspace: Workspace, drafts: Drafts) -> None:
    processes = [started(workspace, name, 20) for name in ("one", "two")]

    def here(name: str) -> None:
        for number in range(20):
            operation = {"op": "set_row", "lookup": "terms", "key": f"{name}-{number}", "value": name}
            drafts.apply(NAME, [operation], by=name, revision=0, over=True)

    threads = [threading.Thread(target=here, args=(name,)) for name in ("three", "four")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        process.communicate()
        assert process.returncode == 0

    assert sorted(rows_of(drafts)) == sorted(
        f"{name}-{n}" for name in ("one", "two", "three", "four") for n in range(20)
    )
    assert drafts.open(NAME).revision == 80


def test_a_process_killed_while_it_writes_breaks_nothing_and_loses_nothing(
    workspace: Workspace, drafts: Drafts
) -> None:
    for round_ in range(4):
        name = f"kill{round_}"
        process = started(workspace, name, 10_000)
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(3 + 5 * round_)][-1]
        process.kill()
        rest = process.communicate()[0].split()
        kept = int(rest[-1]) if rest else told

        rows = [key for key in rows_of(drafts) if key.startswith(f"{name}-")]
        assert rows[: kept + 1] == [f"{name}-{number}" for number in range(kept + 1)]
        assert len(rows) <= kept + 2  # one more may have been kept before it could be told
    changed(drafts)

    left = [path.name for path in workspace.studio.iterdir() if path.name != "drafts.json.lock"]
    assert left == ["drafts.json"]
    assert drafts.problems() == []


@pytest.mark.parametrize(
    "content", [b"", b'{"drafts": {"1": {"flow": "ord', b"[]", b'{"drafts": 7}', b"\xff\xfe", b"null"]
)
def test_a_damaged_file_is_put_aside_and_said(
    workspace: Workspace, drafts: Drafts, titled: Titled, content: bytes
) -> None:
    path = workspace.studio / "drafts.json"
    path.write_bytes(content)

    draft = drafts.open(NAME)
    titled("A")

    assert (draft.text, draft.is_stored) == (FLOW, False)
    aside = workspace.studio / "drafts.json.broken-20300101T000000Z"
    assert aside.read_bytes() == content
    [problem] = drafts.problems()
    assert problem.where == ".studio/drafts.json.broken-20300101T000000Z"
    assert "put aside" in problem.what


def test_a_second_damage_puts_nothing_over_the_first(workspace: Workspace, drafts: Drafts) -> None:
    for content in (b"one", b"two"):
        (workspace.studio / "drafts.json").write_bytes(content)
        changed(drafts)

    aside = sorted(workspace.studio.glob("drafts.json.broken-*"))
    assert [path.read_bytes() for path in aside] == [b"one", b"two"]
    assert len(drafts.problems()) == 2


def test_what_another_process_wrote_is_seen_at_once(workspace: Workspace, drafts: Drafts, titled: Titled) -> None:
    titled("A")
    other = Drafts(workspace, SystemClock(), SCHEMAS)
    assert read(other.open(NAME).text)["title"] == "A"

    titled("B")

    assert read(other.open(NAME).text)["title"] == "B"


def test_a_draft_in_an_unknown_form_is_refused_and_left_as_it_is(workspace: Workspace, drafts: Drafts) -> None:
    path = workspace.studio / "drafts.json"
    path.write_text(json.dumps({"drafts": {"1": {"flow": NAME, "text": "{}", "of": "a later program"}}}))

    with pytest.raises(DocumentError, match="in a form that this program does not know"):
        drafts.open(NAME)

    assert "a later program" in path.read_text()


def test_a_lock_that_stays_held_is_said(workspace: Workspace, drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_file, "LOCK_SECONDS", 0.05)
    with FileLock(workspace.studio / "drafts.json.lock"):
        drafts.open(NAME)  # reading waits for nobody
        with pytest.raises(DocumentError, match="another program has been writing"):
            changed(drafts)

    changed(drafts)
    assert read(drafts.open(NAME).text)["title"] == "x"


def test_an_error_in_mid_change_keeps_nothing(workspace: Workspace, drafts: Drafts, titled: Titled) -> None:
    titled("A")
    before = (workspace.studio / "drafts.json").read_bytes()
    file = draft_file.DraftFile(workspace, FakeClock())

    with pytest.raises(ZeroDivisionError), file.changed() as tables:
        tables.put("drafts", "flow", {"flow": NAME})
        raise ZeroDivisionError

    assert (workspace.studio / "drafts.json").read_bytes() == before


def test_a_draft_for_which_there_is_no_room_is_told_and_the_old_one_stays(
    workspace: Workspace, drafts: Drafts, titled: Titled
) -> None:
    titled("the old one")
    before = (workspace.studio / "drafts.json").read_bytes()
    written = """
import resource, sys
from pathlib import Path
from engine.connectors.clock import SystemClock
from engine.design.draft_file import DraftNotSaved
from engine.design.drafts import Drafts
from engine.documents.workspace import Workspace

resource.setrlimit(resource.RLIMIT_FSIZE, (500, resource.RLIM_INFINITY))
try:
    drafts = Drafts(Workspace(Path(sys.argv[1])), SystemClock())
    drafts.apply(sys.argv[2], [{"op": "set_title", "title": "new"}], by="x", revision=0, over=True)
except DraftNotSaved as error:
    print(error.where, error.what, sep=": ")
"""
    call = [sys.executable, "-c", written, str(workspace.root), NAME]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == ".studio/drafts.json: the draft cannot be saved: no file may become that large here\n"
    assert (workspace.studio / "drafts.json").read_bytes() == before
    assert sorted(path.name for path in workspace.studio.iterdir()) == ["drafts.json", "drafts.json.lock"]


def test_a_full_disk_is_told_in_words_with_what_to_do(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("engine.documents.saving.os.fsync", full)
    with pytest.raises(draft_file.DraftNotSaved, match="the draft cannot be saved: the disk is full") as told:
        changed(drafts)

    assert told.value.what_to_do.startswith("Make room on the disk")
