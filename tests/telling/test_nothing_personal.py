"""No message holds anything of a record, of another system's words, or of a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.errors import Problem
from engine.runs.telling.causes import Tally
from engine.runs.telling.recipients import recipients
from engine.runs.telling.texts import _PARKED, kind_of_problem, says_of_problem
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.commands.conftest import FLOW, connect, make_workspace, say
from tests.serving.conftest import Place
from tests.telling.conftest import SECRET, Chat, tell_add

ORDERS = 120
CANARY = "Kanarie-7731 <kanarie@post.example>"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A shop with orders of every awkward kind."""
    folder = tmp_path_factory.mktemp("crowded")
    clock = Clock()
    shop, books = CcvShop(clock, 7, ORDERS), EAccounting(clock, 7, 0, False)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as serving:
        place = Place(make_workspace(folder / "workspace"), shop, books, serving)
        connect(say, place.workspace, serving, folder)
        yield place


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def of_the_orders(shop: CcvShop) -> set[str]:
    """Every value of orders and customers that could tell somebody: names, addresses, numbers, words of six or more."""
    found = set()
    for value in strings([[*shop.holdings.orders.values()], [*shop.holdings.users.values()]]):
        found |= {value, *re.findall(r"[\w@.+-]{6,}", value)}
    return {value for value in found if len(value) >= 4 and not re.fullmatch(r"[a-z_.]+|20\d\d.*", value)}


def test_messages_of_real_runs_hold_no_value_of_any_order_and_no_secret(
    here: None, crowded: Place, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_add(monkeypatch, crowded.workspace, chat.url)
    refusals = [
        {"kind": "status", "status": status, "method": "POST", "chance": 0.3, "seed": status, "times": 30}
        for status in (400, 422)
    ]
    crowded.serving.arm("eaccounting", refusals)
    say(crowded.workspace, "run", FLOW, "--since", "2020-01-01")
    crowded.serving.arm("eaccounting", [{"kind": "status", "status": 401, "times": 1_000}])
    say(crowded.workspace, "run", FLOW, "--since", "2020-01-01")
    with crowded.ledger() as ledger:
        parked = ledger.parked(FLOW)
        ledger.change_recipients(lambda held: {**held, "last_at": None})
        kept = repr((ledger.causes(), recipients(ledger)))
    say(crowded.workspace, "tell", "--send")
    texts = "\n".join(chat.texts)

    assert len(chat.got) == 2 and len(parked) >= 10 and texts.count("parked:") >= 3
    private = of_the_orders(crowded.shop)
    assert len(private) > 1_000
    assert words(texts.replace(FLOW, "")) & private == set()
    names = ("ccv-shop", "eaccounting")
    secrets = set(
        strings([crowded.serving.system(name).credentials(crowded.serving.addresses[name]) for name in names])
    )
    assert [secret for secret in secrets | {SECRET} if len(secret) > 6 and secret in texts + kept] == []
    # the very problems do hold such values, or nothing was tested
    problems = json.dumps([problem.as_json() for record in parked for problem in record.problems], ensure_ascii=False)
    assert words(problems) & private


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w@.+-]+", text))


def test_nothing_of_a_problem_s_own_words_is_said() -> None:
    codes = ("", "fault", "check", "T2001", "4026", CANARY, "refused_record", "time_out", "outcome_unknown")
    for code in codes:
        problem = Problem(CANARY, CANARY, CANARY, code, CANARY)
        for where in (CANARY, f"step {CANARY} (x)", f"step order ({CANARY})"):
            problem = Problem(where, CANARY, CANARY, code, CANARY)
            assert says_of_problem(problem, ["order"]).removesuffix(" (step order)") in _PARKED.values()
            assert kind_of_problem(problem) in _PARKED
            tally = Tally(["order"], lambda text: b"x")
            tally.add(problem)
            assert "anarie" not in repr((tally.says, tally.told_apart(())))
