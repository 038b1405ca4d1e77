"""Articles go to Specter up to a hundred in one request, and each is handed in as if it had gone alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.formulas import Formulas
from engine.runs.run import RunOptions
from tests.runs.seams import Killed, killed_at
from tests.runs.specter import Make
from tests.runs.specter_articles import ARTICLES, add, change, hand_ins, handed_in, shops, there


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    """A shop that sells what is named, else one article."""
    with shops(tmp_path, formulas, ("AB-1001",)) as make:
        yield make


# --- as few requests as may be


def test_a_whole_shop_is_two_requests_and_what_changed_is_one(stage: Make) -> None:
    s = stage()
    for n in range(139):
        add(s, f"VARA-{n}")
    s.run()
    assert (len(handed_in(s)), hand_ins(s)) == (140, 2)

    for n in range(30):
        change(s, f"VARA-{n}", name={"sv": f"Ny vara {n}"})
    s.run()
    assert hand_ins(s) == 3
    assert {there(s, f"VARA-{n}")["name"] for n in range(30)} == {f"Ny vara {n}" for n in range(30)}


def test_the_shop_is_asked_for_pages_and_never_for_an_article(stage: Make) -> None:
    s = stage("TR-1", "TR-1-A", "TR-1-B", "TR-2", "TR-2-A")

    def asked() -> tuple[int, int]:
        before = len(s.requests("abicart")), hand_ins(s)
        s.run()
        return len(s.requests("abicart")) - before[0], hand_ins(s) - before[1]

    assert asked() == (6, 1)  # settings; numbers compared: 2; pages: 2; main articles of all variants: 1
    assert asked() == (3, 0)
    change(s, "TR-1", name={"sv": "Ny tröja"})
    assert asked() == (3, 1)


def test_one_that_specter_refuses_is_parked_alone_and_the_others_arrive(stage: Make) -> None:
    s = stage()
    for n in range(20):
        add(s, f"VARA-{n}")
    add(s, "VARA(20)")  # no rule that is published speaks against it
    report = s.run()

    assert (report.counts["created"], report.counts["parked"]) == (21, 1)
    assert "has signs that it must not have" in s.problem("VARA(20)").what
    assert len(handed_in(s)) == 21


def test_what_is_wrong_beforehand_keeps_nobody_from_going_together(stage: Make) -> None:
    s = stage()
    for n in range(20):
        add(s, f"VARA-{n}")
    add(s, "ÅÄÖ")
    add(s, "BALONIK", name={"pl": "Żółty balonik"})
    report = s.run()

    assert (report.counts["created"], report.counts["parked"], hand_ins(s)) == (21, 2, 1)


def test_new_ones_that_are_to_be_left_alone_and_changed_ones_never_share_a_request(stage: Make) -> None:
    s = stage(known="leave", books={"known_article": "skip"})
    for n in range(5):
        add(s, f"VARA-{n}")
    s.run()
    assert hand_ins(s) == 1
    s.books.do("new_article", {"articleNo": "VARA-5", "name": "För hand", "priceExclVAT": "1", "vatPercent": "25"})
    for n in range(3):
        change(s, f"VARA-{n}", name={"sv": f"Ny vara {n}"})
    for n in range(5, 8):
        add(s, f"VARA-{n}")
    s.run()

    assert hand_ins(s) == 3
    assert {there(s, f"VARA-{n}")["name"] for n in range(3)} == {f"Ny vara {n}" for n in range(3)}
    assert there(s, "VARA-5")["name"] == "För hand"
    assert {s.state(f"VARA-{n}") for n in range(5, 8)} == {"created"}


# --- a number that comes up twice


def test_a_number_that_comes_up_twice_later_is_parked_and_the_first_article_stays(stage: Make) -> None:
    s = stage()
    first = add(s, "LJUS-1", name="Ljus")
    s.run()
    second = add(s, "ljus-1", name="Lampa")
    s.run()

    held = s.ledger.record(ARTICLES, "default", str(second))
    assert held is not None and held.state == "parked"
    assert held.problems[0].what.startswith(
        f"another record of the source (key {first}) was handed in with article number"
    )
    assert (there(s, "LJUS-1")["name"], "ljus-1" in handed_in(s)) == ("Ljus", False)

    change(s, first, articleNumber="LJUS-2")
    change(s, second, name={"sv": "Lampa 2"})
    s.run()
    assert {n: a["name"] for n, a in handed_in(s).items() if n != "AB-1001"} == {
        "LJUS-1": "Ljus",  # Specter's interface renames and deletes nothing
        "LJUS-2": "Ljus",
        "ljus-1": "Lampa 2",
    }


@pytest.mark.parametrize("write", ["both", "create"])
def test_two_that_come_with_one_number_in_one_run_do_not_write_over_each_other(stage: Make, write: str) -> None:
    s = stage(write=write)
    s.run()
    uids = [add(s, "LJUS-1", name="Ljus"), add(s, "LJUS-1", name="Lampa")]
    s.run()

    held = [s.ledger.record(ARTICLES, "default", str(uid)) for uid in uids]
    states = [record.state for record in held if record]
    assert sorted(states) == ["created", "parked"]
    assert there(s, "LJUS-1")["name"] == ("Ljus" if states[0] == "created" else "Lampa")


def test_an_article_made_anew_in_the_shop_takes_the_place_of_the_one_that_is_gone(stage: Make) -> None:
    s = stage()
    first = add(s, "LJUS-1", name="Ljus")
    s.run()
    s.shop.do("delete_article", {"uid": first})
    second = add(s, "LJUS-1", name="Lampa")
    s.run()
    assert there(s, "LJUS-1")["name"] == "Ljus"

    s.run(RunOptions(only=(str(first),)))  # as the advice says
    s.run(RunOptions(only=(str(second),)))
    assert there(s, "LJUS-1")["name"] == "Lampa"


# --- nothing twice, nothing lost


@pytest.mark.parametrize("place", ["intent stored: articles", "reply received: articles"])
def test_killed_around_the_request_all_are_there_once_and_told_created(stage: Make, place: str) -> None:
    s = stage()
    for n in range(20):
        add(s, f"VARA-{n}")

    with pytest.raises(Killed):
        s.go(s.open(), seam=killed_at(place))
    s.run()
    before = hand_ins(s)
    s.run()

    assert hand_ins(s) == before
    numbers = [article["articleNo"] for article in s.held("articles")]
    assert len(set(numbers)) == len(numbers)
    assert {s.state(f"VARA-{n}") for n in range(20)} == {"created"}


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_parked(stage: Make) -> None:
    s = stage()
    for n in range(20):
        add(s, f"VARA-{n}")
    s.serving.arm("specter", [{"kind": "lose_reply", "holds": "action=newArticleSubmit", "times": 1}])
    report = s.run()

    assert (report.counts["created"], report.counts["parked"]) == (21, 0)
    assert hand_ins(s) == 2
    assert [a["articleNo"] for a in s.held("articles")].count("VARA-3") == 1


def test_where_what_is_there_is_left_alone_a_lost_answer_parks_until_it_may_be_changed(stage: Make) -> None:
    s = stage(known="leave")
    add(s, "VARA-1")
    s.serving.arm("specter", [{"kind": "lose_reply", "holds": "action=newArticleSubmit", "times": 1}])
    assert s.run().counts["parked"] == 2
    assert "finns redan" in s.problem("VARA-1").what

    keys = tuple(s.record(number).key for number in ("VARA-1", "AB-1001"))
    assert s.run(RunOptions(only=keys), known="change").counts["parked"] == 0
    assert s.state("VARA-1") == "created"


@pytest.mark.parametrize("most", [100, 50])
def test_a_limit_below_ours_parks_nothing(stage: Make, most: int) -> None:
    s = stage(books={"most_articles": most})
    for n in range(60):
        add(s, f"VARA-{n}")
    report = s.run(RunOptions(threads=4))

    assert (report.counts["created"], report.counts["parked"]) == (61, 0)


def test_the_story_of_an_article_shows_its_own_part_of_the_request(stage: Make) -> None:
    s = stage()
    add(s, "LJUS-1", name="Ljus")
    s.run()

    key = s.record("LJUS-1").key
    [kept] = [each for each in s.ledger.exchanges(ARTICLES, "default", key) if "newArticleSubmit" in each.exchange.url]
    assert "LJUS-1" in kept.exchange.request_body
    assert "AB-1001" not in kept.exchange.request_body
    assert "sent together with 1 other" in kept.exchange.note
