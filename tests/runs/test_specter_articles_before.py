"""What is named before articles go from Abicart to Specter for the first time, each with a repair."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from engine.flows.check import check_workspace
from engine.formulas import Formulas
from engine.runs.checklist import Ticked, checklist
from tests.runs.conftest import REPOSITORY
from tests.runs.specter import FLOW, Make, OrdersStage
from tests.runs.specter_articles import ARTICLES, FEW, add, change, hand_ins, handed_in, shops


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    """A shop that sells what is named, else FEW."""
    with shops(tmp_path, formulas) as make:
        yield make


def line(s: OrdersStage, name: str) -> Ticked:
    return next(ticked for ticked in checklist(s.open(), s.ledger) if ticked.name == name)


def named(s: OrdersStage, name: str) -> list[str]:
    return [problem.what for problem in line(s, name).problems]


def test_all_preconditions_of_the_shops_articles_are_looked_at_in_one_read(stage: Make) -> None:
    s = stage()
    opened = s.open()
    before = len(s.requests("abicart"))
    found = checklist(opened, s.ledger)

    assert len([ticked for ticked in found if ticked.state == "well"]) >= 7
    assert len(s.requests("abicart")) == before + 2  # a page, and the empty one that ends the list


def test_a_shop_in_euro_hands_nothing_in(stage: Make) -> None:
    s = stage(shop={"base_currency": "EUR"})

    with pytest.raises(DocumentError) as refused:
        s.run()
    assert any("work in Swedish kronor" in p.where for p in refused.value.problems)
    assert hand_ins(s) == 0


def test_two_articles_of_one_number_are_named_with_another_one_and_nothing_is_sent(stage: Make) -> None:
    s = stage("DUBBEL-1", "AB-1001")
    second = [a["uid"] for a in s.shop.records.all("Article")][-1]

    with pytest.raises(DocumentError) as refused:
        s.run()
    [problem] = [p for p in refused.value.problems if "one number" in p.where]
    assert "“DUBBEL-1” is that of 2" in problem.what
    assert f"proposed: DUBBEL-1-{second}" in problem.what
    assert hand_ins(s) == 0

    change(s, second, articleNumber="DUBBEL-2")
    s.run()
    assert set(handed_in(s)) == {"AB-1001", "DUBBEL-1", "DUBBEL-2"}


def test_a_variant_with_the_number_of_another_article_is_named_too(stage: Make) -> None:
    s = stage("TR-1", "TR-1-A", "AB-1001")
    change(s, "TR-1-A", overrides={"articleNumber": "ab-1001"})

    assert line(s, "one_number").stops
    assert "“AB-1001” is that of 2" in named(s, "one_number")[0]


@pytest.mark.parametrize(
    ("number", "would_do"),
    [
        *(("A B", "AB"), ("A,B", "AB"), ("ÅB", "AB"), ("Aäö", "Aao"), ("A&B", "AB"), ("5%", "5"), ("A¤", "A")),
        *(("#1", "1"), ("1€", "1EUR"), ("ŁAD", "LAD")),
    ],
)
def test_each_number_that_specter_does_not_take_is_named_with_one_that_would_do(
    stage: Make, number: str, would_do: str
) -> None:
    s = stage()
    add(s, number, name="Vara")
    s.run()

    assert named(s, "numbers_have_their_signs") == [f"{number}: Vara; proposed: {would_do}"]
    assert f"“{would_do}” would do" in s.problem(number).what
    assert set(handed_in(s)) == set(FEW)


def test_an_article_without_a_number_is_listed_and_not_sent(stage: Make) -> None:
    s = stage()
    add(s, "")
    change(s, "", name={"sv": "Utan nummer"})
    s.run()

    [problem] = named(s, "articles_without_number")
    assert problem.startswith("Utan nummer (id ")
    assert hand_ins(s) == 1
    assert set(handed_in(s)) == set(FEW)


def test_a_number_of_which_nothing_can_be_kept_gets_one_of_the_shops_id(stage: Make) -> None:
    s = stage()
    uid = add(s, "★", name="Stjärna")

    assert named(s, "numbers_have_their_signs") == [f"★: Stjärna; proposed: ART-{uid}"]


@pytest.mark.parametrize(
    ("flow", "step", "becomes"),
    [
        (ARTICLES, 0, "is sent again"),
        (FLOW, 0, "is parked"),
        (FLOW, 1, "is sent once more, and parked if that is refused"),
    ],
)
def test_check_says_what_becomes_of_an_answer_that_is_lost(
    formulas: Formulas, flow: str, step: int, becomes: str
) -> None:
    found = check_workspace(Workspace(REPOSITORY), [flow], formulas)

    [problem] = [p for p in found if flow in p.where and p.where.endswith(f"steps[{step}].match.field")]
    assert problem.what_to_do.endswith(f"an unknown outcome {becomes}.")


def test_packages_and_odd_letters_and_what_lacks_a_price_are_named_before_the_first_run(stage: Make) -> None:
    s = stage("PAKET-1", "EMOJI-1", "AB-1001")
    change(s, "AB-1001", price={"EUR": 1})
    with s.shop.lock:
        s.shop.records.all("Article")[0]["price"] = {"EUR": 1}

    assert named(s, "bundles") == ["PAKET-1: Paket"]
    assert "proposed: Ballong" in named(s, "letters")[0]
    assert named(s, "prices_are_read")[0].startswith("AB-1001: ")
    assert not any(line(s, name).stops for name in ("bundles", "letters", "prices_are_read"))
