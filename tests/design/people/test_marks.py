"""What changes or sends anything asks whose role it takes: told from the source, so that nothing new is forgotten."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.design.people.reaching import ROOT, Source

# What anybody may reach, with the reason. Each line is a door: think before you add one.
_LOOKS = "looks into the systems; what one hands out once is begun, and left to the next run"
_BEGUN = "the work of what was begun by a function that asks"
_OPENS = "opens the ledger, which is made where there is none"
NOT_ASKED = {
    "engine.design.connecting.trial_tokens:TrialVault.moved": "tokens of a try, of whoever tries, who was asked",
    "engine.design.connecting.trial_tokens:TrialVault.write": "tokens of a try, of whoever tries, who was asked",
    "engine.design.desk:Desk.opened": "notes which account answers, when a flow is opened for the first time",
    "engine.design.desk:desk": _OPENS,
    "engine.design.draft_file:DraftFile.changed": "the drafts ask before they come here",
    "engine.design.people.sessions:end_session": "signs out",
    "engine.design.people.sign_in:way_in_of": _OPENS,
    "engine.design.replays:replay": "opens the flow; those that send by it ask",
    "engine.design.running.checks:checks": _LOOKS,
    "engine.design.running.comparing:Comparison.go": _BEGUN,
    "engine.design.running.one_run:after_runs": _BEGUN,
    "engine.design.running.one_run:opened_run": _BEGUN,
    "engine.design.running.one_run:rehearsed": _LOOKS,
    "engine.design.running.one_run:tell_that_it_did_not_begin": _BEGUN,
    "engine.design.running.starting:OwnRun.go": _BEGUN,
    "engine.design.samples:newest": _LOOKS,
    "engine.design.settings.doctor:examine": _OPENS,
    "engine.design.support.sending:look": _LOOKS,
    "engine.design.view.rehearsed:rehearsed": _LOOKS,
    "engine.design.view.view:View.rehearse": _LOOKS,
}
# What asks although it changes nothing here: it shows what not everybody may see, or speaks to others.
SHOWS = {
    "engine.design.connecting.keeping:with_kept": "secrets of a connection",
    "engine.design.connecting.options:options": "speaks to an address that somebody typed",
    "engine.design.connecting.trying:try_connection": "speaks to an address that somebody typed",
    "engine.design.running.starting:start": "begins a thread, whose work is found by itself",
    "engine.design.settings.audit:as_csv": "who did what",
    "engine.design.settings.audit:names_in": "who did what",
    "engine.design.settings.audit:page_of": "who did what",
    "engine.design.settings.backups:content_of": "everything that is kept",
    "engine.design.settings.keys:try_kept": "speaks to every system",
}
_CHANGING = {"create", "apply", "leave", "undo", "redo", "discard", "settle"}  # of drafts
_MAKE_PEOPLE = (
    "engine/design/connecting/consent.py",
    "engine/design/desk.py",
    "engine/design/drafts.py",
    "engine/design/people",
)


@pytest.fixture(scope="module")
def source() -> Source:
    return Source()


def test_whatever_changes_anything_asks_for_a_role(source: Source) -> None:
    found = source.writing_unasked()
    new = {place: writes for place, writes in found.items() if place not in NOT_ASKED}
    assert not new, "mark it with @needs(role, what it does), or say in NOT_ASKED why anybody may"
    assert not NOT_ASKED.keys() - found.keys(), "these lines are not needed any more"


def test_a_mark_that_is_taken_off_is_missed() -> None:
    source = Source()
    marked = [function for function in source.functions.values() if function.asks]
    for function in marked:
        function.asks = False
    found = source.writing_unasked()
    unseen = {each.place for each in marked if each.place not in found and each.is_public}
    assert unseen <= SHOWS.keys(), "of these nobody would notice that the mark is gone, unless they are in SHOWS"
    assert len(marked) > 50


def test_the_ledger_is_read_whole(source: Source) -> None:
    writing = {function.name for function in source.functions.values() if function.writes}
    assert {"save_connection", "pause", "change_binding", "keep_exchange", "intent_done", "set_person"} <= writing


SNEAKED = """
def by_another_name(desk):
    held = desk.ledger
    held.pause("flow", "anna", None)

def given(book):
    book.remove_person("anna@example.com", "bo", None)

async def later(desk):
    desk.ledger.pause("flow", "anna", None)

def opened(path):
    with path.open("w") as file:
        file.write("")

def moved(path):
    shutil.move(path, "there")

def read_only(path):
    with path.open("rb") as file:
        return file.read()
"""


def test_who_writes_by_a_roundabout_way_is_found_too(tmp_path: Path) -> None:
    for package in ("engine/runs/ledger", "engine/design/people"):
        shutil.copytree(ROOT / package, tmp_path / package)
    (tmp_path / "engine/design/sneaked.py").write_text(SNEAKED, "utf-8")

    found = {place.partition(":")[2] for place in Source(tmp_path).writing_unasked() if ".sneaked:" in place}
    assert found == {"by_another_name", "given", "later", "opened", "moved"}


def test_drafts_are_changed_in_the_hands_of_whoever_asks_for_it() -> None:
    for path, function in _functions():
        names = {each.attr for each in ast.walk(function) if isinstance(each, ast.Attribute)}
        for each in ast.walk(function):
            if isinstance(each, ast.Call) and ast.unparse(each.func) == "Drafts" and names & _CHANGING:
                given = {keyword.arg for keyword in each.keywords}
                assert "person" in given, f"{path}, line {each.lineno}: these drafts would be of this machine's owner"


def test_nobody_is_made_up_in_passing() -> None:
    for path, function in _functions():
        if not path.startswith(_MAKE_PEOPLE):
            made = {ast.unparse(each.func) for each in ast.walk(function) if isinstance(each, ast.Call)}
            assert not made & {"Person", "owner"}, f"{path}: {function.name} makes a person who may more than who asks"


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted((ROOT / "engine/design").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield path.relative_to(ROOT).as_posix(), node
