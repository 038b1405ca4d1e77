"""Every action in the hands of each role, and of nobody: done, or refused with nothing changed."""

from __future__ import annotations

import inspect
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from engine.design.connecting import consent
from engine.design.connecting.catalogue import disconnect
from engine.design.connecting.keeping import keep, with_kept
from engine.design.connecting.trying import try_connection
from engine.design.desk import Desk, desk
from engine.design.drafts import Drafts
from engine.design.people.rights import NOBODY, Person, Role
from engine.design.people.store import set_person
from engine.design.publishing import publish, roll_back
from engine.design.running.changing import Wanted, change_binding, remove_binding
from engine.design.running.checks import tick
from engine.design.running.exporting import export_bindings, import_bindings
from engine.design.running.pausing import EVERYTHING, pause, resume
from engine.design.samples import forget, paste
from engine.design.settings.retention import keep_for
from engine.design.support.sending import Together
from engine.errors import NotAllowed
from engine.flows.library import load_connector
from engine.formulas import Formulas
from tests.at_hand import new_ledger
from tests.design.people.marked import Marked, marked

ROOT = Path(__file__).parents[3]
FLOW = "ccv-orders-to-eaccounting"
PEOPLE = [NOBODY, *(Person(f"{role.word}@example.com", role) for role in Role)]
ANSWERS = {"shop_address": "http://127.0.0.1:9", "public_key": "k", "secret": "invented"}
BOOKS = {"client_id": "c", "client_secret": "invented"}


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as opened:
        yield opened


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which each action below finds something to do."""
    folder = tmp_path_factory.mktemp("kept") / "workspace"
    (folder / "saved_mappings").mkdir(parents=True)
    (folder / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    document = json.loads((ROOT / f"saved_mappings/{FLOW}.json").read_bytes())
    document["examples"] = []  # each takes its time whenever something is published
    (folder / f"saved_mappings/{FLOW}.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    new_ledger(folder / ".studio/ledger.sqlite").close()
    with desk(str(folder)) as things:
        drafts = Drafts(things.workspace, things.clock)
        publish(things, FLOW, by="anna", name="as it was")
        drafts.apply(FLOW, [{"op": "set_title", "title": "Orders"}], by="anna", revision=drafts.open(FLOW).revision)
        publish(things, FLOW, by="anna", name="renamed")
        drafts.apply(FLOW, [{"op": "set_title", "title": "Orders!"}], by="anna", revision=drafts.open(FLOW).revision)
        pause(things, FLOW, "anna")
        change_binding(things, FLOW, "second", Wanted(title="Second"), "anna")
        paste(things, FLOW, '{"id": 1}', "one")
        keep(things, load_connector(things.workspace, "ccv-shop"), ANSWERS, allow_private=True)
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "workspace", symlinks=True))


@dataclass(frozen=True, slots=True)
class Hands:
    """Somebody at work."""

    things: Desk

    @property
    def drafts(self) -> Drafts:
        return Drafts(self.things.workspace, self.things.clock, person=self.things.person)

    @property
    def shop(self) -> Any:
        return load_connector(self.things.workspace, "ccv-shop")

    def change(self, name: str, **wanted: Any) -> object:
        return change_binding(self.things, FLOW, name, Wanted(**wanted), "who")


@dataclass(frozen=True, slots=True)
class Action:
    """changes: it leaves something behind, where it is allowed."""

    role: Role
    do: Callable[[Hands], object]
    changes: bool = True


ROWS: Mapping[str, Mapping[str, str]] = {"payment_terms": {"cheque": "14 dagen"}}
ACTIONS = {
    "pause everything": Action(Role.MEND, lambda h: pause(h.things, EVERYTHING, "who")),
    "resume": Action(Role.MEND, lambda h: resume(h.things, FLOW, "who")),
    "tick": Action(Role.MEND, lambda h: tick(h.things, h.things.load(FLOW), "default", "currency", "who")),
    "a row of a binding": Action(Role.MEND, lambda h: h.change("second", lookups=ROWS)),
    "a row of the usual binding": Action(Role.MEND, lambda h: h.change("default", lookups=ROWS)),
    "a binding by a row": Action(Role.DESIGN, lambda h: h.change("third", lookups=ROWS)),
    "a title beside a row": Action(Role.DESIGN, lambda h: h.change("second", lookups=ROWS, title="Other")),
    "a binding off": Action(Role.DESIGN, lambda h: h.change("second", is_on=False)),
    "remove a binding": Action(Role.DESIGN, lambda h: remove_binding(h.things, FLOW, "second", "who")),
    "read bindings": Action(
        Role.DESIGN,
        lambda h: import_bindings(h.things, json.dumps(export_bindings(h.things)), "who", "file", over=True),
    ),
    "send together": Action(Role.MEND, lambda h: Together(h.things, [], "published", "who"), changes=False),
    "change a draft": Action(
        Role.DESIGN, lambda h: h.drafts.apply(FLOW, [{"op": "set_title", "title": "X"}], by="w", revision=0, over=True)
    ),
    "leave a change": Action(
        Role.DESIGN, lambda h: h.drafts.leave(FLOW, [{"op": "set_title", "title": "X", "client": "c", "seq": 1}])
    ),
    "undo": Action(Role.DESIGN, lambda h: h.drafts.undo(FLOW, "who")),
    "discard a draft": Action(Role.DESIGN, lambda h: h.drafts.discard(FLOW, "who")),
    "begin a flow": Action(Role.DESIGN, lambda h: h.drafts.create("mine", "{}", "who")),
    "publish": Action(Role.DESIGN, lambda h: publish(h.things, FLOW, by="who")),
    "roll back": Action(Role.DESIGN, lambda h: roll_back(h.things, FLOW, "1", by="who")),
    "paste a record": Action(Role.DESIGN, lambda h: paste(h.things, FLOW, '{"id": 2}')),
    "forget a sample": Action(
        Role.DESIGN, lambda h: forget(h.things, FLOW, f"pasted:{h.things.ledger.samples(FLOW)[0].name}")
    ),
    "connect": Action(Role.ADMINISTER, lambda h: keep(h.things, h.shop, ANSWERS, allow_private=True, name="shop_b")),
    "disconnect": Action(Role.ADMINISTER, lambda h: disconnect(h.things, "ccv-shop")),
    "see secrets": Action(Role.ADMINISTER, lambda h: with_kept(h.things, h.shop, {}), changes=False),
    "try answers": Action(
        Role.ADMINISTER,
        lambda h: try_connection(h.things, h.shop, ANSWERS, allow_private=True),
        changes=False,
    ),
    "try what is kept": Action(Role.MEND, lambda h: try_connection(h.things, h.shop), changes=False),
    "begin a sign-in": Action(
        Role.ADMINISTER,
        lambda h: consent.begin(
            h.things, load_connector(h.things.workspace, "eaccounting"), BOOKS, "http://127.0.0.1/"
        ),
    ),
    "let somebody in": Action(Role.ADMINISTER, lambda h: set_person(h.things, "bo@example.com", Role.LOOK)),
    "keep for another time": Action(Role.ADMINISTER, lambda h: keep_for(h.things, 7)),
}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.role.word if person.role else "nobody")
@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_done_or_refused_whole(name: str, person: Person, folder: Path, formulas: Formulas) -> None:
    action = ACTIONS[name]
    before = state_of(folder)
    refused = False
    with desk(str(folder)) as opened:
        things = replace(opened, formulas=formulas, person=person)
        try:
            action.do(Hands(things))
        except NotAllowed as error:
            refused = True
            assert action.role.word in error.why
    assert refused == (not person.may(action.role))
    assert (state_of(folder) != before) == (action.changes and not refused)


@pytest.mark.parametrize("each", marked(), ids=lambda each: each.place)
def test_a_mark_refuses_before_anything_is_looked_at(each: Marked, kept: Path, formulas: Formulas) -> None:
    before = state_of(kept)
    with desk(str(kept)) as opened:
        for person in PEOPLE:
            if person.may(each.role):
                continue
            things = replace(opened, formulas=formulas, person=person)
            acting = Hands(things).drafts if each.place.startswith("drafts.") else things
            with pytest.raises(NotAllowed) as refused:
                each.function(acting, *_anything(each.function))
            assert each.doing in str(refused.value)
            assert f"“{each.role.word}”" in refused.value.why
    assert state_of(kept) == before


def _anything(function: Callable[..., Any]) -> list[object]:
    """An argument for each that must be given; nobody looks at them."""
    needed = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    return [object() for each in needed[1:] if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]


def test_roles_are_told_apart_by_what_they_add() -> None:
    roles = {each.role for each in marked()}
    assert {Role.MEND, Role.DESIGN, Role.ADMINISTER} <= roles


def state_of(folder: Path) -> dict[str, object]:
    """All that is kept: every row of the ledger, the drafts, the flows."""
    connection = sqlite3.connect(f"file:{folder / '.studio/ledger.sqlite'}?mode=ro", uri=True)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: dict[str, object] = {
        name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in tables
    }
    connection.close()
    for path in sorted([*folder.glob("saved_mappings/*"), *folder.glob(".studio/drafts.json")]):
        found[path.name] = sha256(path.read_bytes()).hexdigest()
    return found
