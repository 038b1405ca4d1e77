"""Replies that are lost or cannot be read: what was made is found again, or nobody sends it a second time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.flows.library import load_flow
from engine.runs.results import UNKNOWN
from engine.runs.run import RunOptions
from tests.runs.killing import RESOURCES
from tests.runs.once import FLOW, IDENTITIES
from tests.runs.seams import Killed, killed_at

MakeStage = Callable[..., Any]
NEW_ARTICLE = [{"productnumber": "NEW-1", "count": 1, "price": 10, "tax": 21}]
UNREADABLE: dict[str, dict[str, Any]] = {
    "lost": {"kind": "lose_reply"},
    "cut off": {"kind": "cut"},
    "half a document": {"kind": "truncate_json"},
    "no document": {"kind": "body", "replace": [["{", "<"]]},
    "without its id": {"kind": "body", "replace": [['"Id"', '"Xd"']]},
}


def _arm(s: Any, fault: dict[str, Any], kinds: tuple[str, ...] = RESOURCES) -> None:
    s.serving.arm("eaccounting", [{**fault, "method": "POST", "path": f"/v2/{kind}$", "times": 1} for kind in kinds])


def _struck(s: Any) -> list[int]:
    door = next(door for door in s.serving.doors if door.system.name == "eaccounting")
    return [fault["done"] for fault in door.faults.shown()]


def _posts(s: Any, kind: str) -> int:
    return len([target for method, target in s.writes("eaccounting") if method == "POST" and target == f"/v2/{kind}"])


def _twice(s: Any) -> list[Any]:
    names = [IDENTITIES[kind](record) for kind in RESOURCES for record in s.held(kind)]
    return sorted({str(name) for name in names if name and names.count(name) > 1})


def _outcomes(s: Any, number: str) -> list[str]:
    return [line.outcome for line in s.ledger.outcomes(FLOW, "default", s.record(number).key)]


# --- a target that can be searched


@pytest.mark.parametrize("fault", UNREADABLE.values(), ids=UNREADABLE)
def test_what_was_made_although_its_reply_is_useless_is_found_again(stage: MakeStage, fault: dict[str, Any]) -> None:
    s = stage()
    number = s.order(email="new@orders.example", lines=NEW_ARTICLE)
    _arm(s, fault)
    report = s.run()

    assert _struck(s) == [1, 1, 1]
    assert report.counts["created"] == 1
    assert [_posts(s, kind) for kind in ("customers", "orders")] == [1, 1]
    assert _twice(s) == []
    assert _outcomes(s, number) == ["created"]
    assert str(s.documents()[number][0]["Number"]) == s.shop_orders()[number]["reservationnumber"]


@pytest.mark.parametrize("kind", RESOURCES)
@pytest.mark.parametrize("fault", [{"kind": "status", "status": 500}, {"kind": "refuse"}, {"kind": "html"}])
def test_what_was_not_made_is_made_by_the_next_attempt(stage: MakeStage, kind: str, fault: dict[str, Any]) -> None:
    s = stage()
    number = s.order(email="new@orders.example", lines=NEW_ARTICLE)
    _arm(s, fault, (kind,))
    report = s.run()

    assert _struck(s) == [1]
    assert report.counts["created"] == 1
    assert _twice(s) == []
    assert _outcomes(s, number) == ["waiting", "created"]


def test_a_search_that_fails_after_a_lost_reply_is_asked_again_before_anything_is_sent(stage: MakeStage) -> None:
    s = stage()
    number = s.order(email="new@orders.example", lines=NEW_ARTICLE)
    lose = {"kind": "lose_reply", "method": "POST", "path": "/v2/orders$", "times": 1}
    down = {"kind": "status", "status": 503, "method": "GET", "path": "/v2/orders$", "after": 1, "times": 5}
    s.serving.arm("eaccounting", [lose, down])
    s.run()

    assert _posts(s, "orders") == 1
    assert len(s.documents()[number]) == 1
    assert _outcomes(s, number)[-1] == "created"


def test_an_order_whose_write_back_failed_is_told_as_created_once(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.serving.arm("ccv-shop", [{"kind": "status", "status": 500, "method": "PATCH", "times": 4}])
    s.run()
    s.run(RunOptions(only=[number], threads=1))

    assert _posts(s, "orders") == 1
    assert _outcomes(s, number) == ["waiting", "created", "unchanged"]


def test_the_checks_after_a_step_are_made_although_the_first_attempt_broke_off(stage: MakeStage) -> None:
    """The reply is lost and the search fails: only the second attempt sees what the books made of the order."""
    s = stage(own_workspace=True)

    def disagree(flow: dict[str, Any]) -> None:
        order = next(step for step in flow["steps"] if step["step"] == "order")
        order["after"] = [{"what": "the total", "source": "total_price", "target": "0", "what_to_do": "Look."}]

    s.edit_flow(disagree)
    number = s.order()
    lose = {"kind": "lose_reply", "method": "POST", "path": "/v2/orders$", "times": 1}
    down = {"kind": "status", "status": 503, "method": "GET", "path": "/v2/orders$", "after": 1, "times": 4}
    s.serving.arm("eaccounting", [lose, down])
    s.run()

    assert len(s.documents()[number]) == 1
    assert _outcomes(s, number) == ["waiting", "parked"]


def test_an_order_that_was_deleted_in_the_books_is_not_made_a_second_time(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.run()
    s.books.do("reset", {})
    s.run(RunOptions(only=[number], threads=1))

    assert s.documents() == {}
    assert "it was made before" in s.problem(number).what


# --- a target whose orders cannot be searched


def _without_search(stage: MakeStage, **about: Any) -> Any:
    s = stage(own_workspace=True, **about)
    path = s.workspace.connector_folder("eaccounting") / "connector.json"
    document = json.loads(path.read_bytes())
    del document["resources"]["orders"]["operations"]["find"]
    path.write_text(json.dumps(document), encoding="utf-8")
    s.loaded = load_flow(s.workspace, FLOW)
    return s


def test_a_lost_reply_where_nothing_can_be_searched_is_parked_and_never_sent_again(stage: MakeStage) -> None:
    s = _without_search(stage)
    number = s.order()
    _arm(s, {"kind": "lose_reply"}, ("orders",))
    first = s.run()
    assert first.counts["parked"] == 1

    s.run()
    s.run(RunOptions(only=[number], threads=1))
    s.edit_flow(lambda flow: flow.update(title="Another version"))
    s.run()
    record = s.record(number)
    s.ledger.make_due(FLOW, "default", record.key, s.clock.now())
    s.run()

    assert _posts(s, "orders") == 1
    assert s.state(number) == "parked"
    assert s.record(number).reason.startswith(UNKNOWN)
    assert s.problem(number).what_to_do == (
        "Look in Visma eAccounting. If it is there, say under which number, with --only and --made-as, and what comes "
        "after it is done; if it is surely not there, say so with --only and --not-there, and it is sent again. No run "
        "does so by itself."
    )


def test_what_a_person_says_is_not_there_is_sent_again(stage: MakeStage) -> None:
    s = _without_search(stage)
    number = s.order()
    _arm(s, {"kind": "refuse"}, ("orders",))
    s.run()
    assert s.record(number).reason.startswith(UNKNOWN)

    s.run(RunOptions(only=[number], threads=1, not_there=True))
    s.run(RunOptions(only=[number], threads=1, not_there=True))

    assert _posts(s, "orders") == 2  # the refused one, and one more
    assert len(s.documents()[number]) == 1
    assert _outcomes(s, number) == ["parked", "created", "unchanged"]


def test_a_crash_before_the_answer_where_nothing_can_be_searched_is_an_unknown_outcome(stage: MakeStage) -> None:
    s = _without_search(stage)
    number = s.order()

    with pytest.raises(Killed):
        s.go(s.open(), RunOptions(threads=1), seam=killed_at("reply received: orders"))
    s.run()

    assert _posts(s, "orders") == 1
    assert s.record(number).reason.startswith(UNKNOWN)


def test_without_a_search_the_ledger_knows_what_was_made(stage: MakeStage) -> None:
    """The write-back fails after the order was made; the next attempt goes on with the order's own number."""
    s = _without_search(stage)
    number = s.order()
    s.serving.arm("ccv-shop", [{"kind": "status", "status": 500, "method": "PATCH", "times": 4}])
    s.run()
    s.run(RunOptions(only=[number], threads=1))

    assert _posts(s, "orders") == 1
    assert _outcomes(s, number) == ["waiting", "created", "unchanged"]
    assert str(s.documents()[number][0]["Number"]) == s.shop_orders()[number]["reservationnumber"]


def test_without_a_search_a_refused_order_may_be_sent_again(stage: MakeStage) -> None:
    s = _without_search(stage)
    s.has_begun()
    s.books.do("lock_until", {"date": None})
    s.books.do("set_module", {"name": "order_standard", "on": False})
    number = s.order()
    s.run()
    s.books.do("set_module", {"name": "order_standard", "on": True})
    s.run(RunOptions(only=[number], threads=1))

    assert s.state(number) == "created"


def test_a_policy_that_only_creates_finds_what_the_first_attempt_made(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    s.only_create("articles", "order")
    number = s.order(lines=NEW_ARTICLE)
    s.serving.arm("ccv-shop", [{"kind": "status", "status": 500, "method": "PATCH", "times": 4}])
    s.run()
    sent = _posts(s, "articles")
    s.run(RunOptions(only=[number], threads=1))

    assert [1, sent] == [_posts(s, "orders"), _posts(s, "articles")]
    assert _outcomes(s, number) == ["waiting", "created", "unchanged"]


def test_a_fault_of_the_engine_parks_its_record_and_the_others_go_on(stage: MakeStage) -> None:
    s = stage(orders=0)
    broken, fine = s.order(), s.order()

    def fail_once(place: str) -> None:
        if place == "intent stored: orders" and not failed:
            failed.append(place)
            raise TypeError("in the engine, with a value that must not be told")

    failed: list[str] = []
    s.go(s.open(), RunOptions(threads=1), seam=fail_once)
    problem = s.record(broken).problems[0] if s.record(broken).problems else s.record(fine).problems[0]

    assert sorted([s.record(broken).state, s.record(fine).state]) == ["created", "parked"]
    assert "the engine itself failed on this record (TypeError)" in problem.what
    assert "must not be told" not in str(problem)
