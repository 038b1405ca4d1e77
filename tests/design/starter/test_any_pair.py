"""Starters between invented systems: kinds, scales, bases and codes are turned, charges find their place.

And between all described ones: each flow that is offered is sound, what is not offered has its reasons.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.design.starter import Offer, offers
from engine.design.starter.making import made as make_flow
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json
from engine.flows.check_connector import sample_records
from engine.flows.flow import Example
from engine.runs.examples import tried_examples


def obj(**fields: Any) -> dict[str, Any]:
    """A schema; a field whose name ends with _ is required."""
    required = [name.rstrip("_") for name in fields if name.endswith("_")]
    properties = {name.rstrip("_"): about for name, about in fields.items()}
    return {"type": "object", "required": required, "properties": properties}


def text(meaning: str = "", kind: str = "text", **more: Any) -> dict[str, Any]:
    about = {"type": ["string", "null"], "title": meaning.rsplit(".", 1)[-1] or "Thing", "x-kind": kind, **more}
    return {**about, "x-meaning": meaning} if meaning else about


def number(meaning: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"type": "number", "title": meaning.rsplit(".", 1)[-1], "x-meaning": meaning, "x-kind": kind, **more}


def rows(meaning: str, **fields: Any) -> dict[str, Any]:
    return {"type": "array", "x-meaning": meaning, "items": obj(**fields)}


SHOP_ORDER = obj(
    id_={"type": "integer", "x-meaning": "order.id", "x-kind": "id"},
    no_=text("order.number", "code"),
    placed_=text("order.placed_at", "datetime", **{"x-zone": "UTC"}),
    state=text("order.status", "code", **{"x-codes": {"open": "new", "gone": "sent", "void": "cancelled"}}),
    paid_at=text("order.payment.paid_at", "datetime"),
    way=text("order.payment.method", "code"),
    cents_={"type": "integer", "x-meaning": "order.total", "x-kind": "money", "x-scale": 100},
    tax_cents_={"type": "integer", "x-meaning": "order.tax_total", "x-kind": "money", "x-scale": 100},
    freight=number("order.shipping.amount", "money", **{"x-scale": 100, "x-basis": "gross"}),
    freight_rate=number("order.shipping.tax_rate", "rate", **{"x-scale": 1}),
    curr_=text("order.currency", "currency"),
    mail=text("order.buyer.email", "email"),
    who=text("order.billing.full_name", "name"),
    street=text("order.billing.line1", "address"),
    zip=text("order.billing.postcode", "code"),
    town=text("order.billing.city", "name"),
    land=text("order.billing.country", "country"),
    items_=rows(
        "order.lines",
        code=text("order.lines[].sku", "code"),
        label=text("order.lines[].name"),
        n=number("order.lines[].quantity", "quantity"),
        each=number("order.lines[].price", "money", **{"x-scale": 100, "x-basis": "net"}),
        rate=number("order.lines[].tax_rate", "rate", **{"x-scale": 1}),
    ),
)

ERP_ORDER = obj(
    id=text("order.id", "id", **{"x-write": "never"}),
    reference_=text("order.external_number", "code", maxLength=20),
    date_=text("order.placed_at", "date", format="date"),
    status=text("order.status", "code", **{"x-codes": {"N": "new", "P": "in_process"}}),
    currency=text("order.currency", "currency"),
    email=text("order.buyer.email", "email"),
    first=text("order.billing.given_name", "name", maxLength=10),
    last=text("order.billing.family_name", "name"),
    road=text("order.billing.street", "address"),
    house=text("order.billing.house_number", "code"),
    postcode=text("order.billing.postcode", "code"),
    city=text("order.billing.city", "name"),
    country=text("order.billing.country", "country", maxLength=2),
    shipping=number("order.shipping.amount", "money", **{"x-basis": "net"}),
    branch_={"type": "string", "title": "Branch", "description": "Which branch books it."},
    colour_={"type": "string", "title": "Colour", "default": "blue"},
    rows_=rows(
        "order.lines",
        number_=number("order.lines[].number", "number"),
        sku=text("order.lines[].sku", "code"),
        text=text("order.lines[].name", maxLength=12),
        quantity=number("order.lines[].quantity", "quantity"),
        price=number("order.lines[].price", "money", **{"x-scale": 100, "x-basis": "gross"}),
        tax=number("order.lines[].tax_rate", "rate", **{"x-scale": 10000}),
    ),
)

ORDER = {
    "id": 7,
    "no": "A-7",
    "placed": "2026-03-01T23:30:00Z",
    "state": "open",
    "paid_at": "2026-03-01T23:31:00Z",
    "way": "card",
    "cents": 30000,
    "tax_cents": 6000,
    "freight": 5000,
    "freight_rate": 0.25,
    "curr": "SEK",
    "mail": "Anna@Post.example",
    "who": "Anna Verzonnen",
    "street": "Storgatan 12",
    "zip": "11122",
    "town": "Stockholm",
    "land": "Sweden",
    "items": [{"code": "MUG", "label": "A very long mug", "n": 2, "each": 10000, "rate": 0.25}],
}


@pytest.fixture
def pair(invent: Any) -> Any:
    shop = {
        "title": "Winkel",
        "roles": ["webshop"],
        "resources": {
            "orders": ("order", SHOP_ORDER, ["read", "get"], [ORDER]),
            "customers": (
                "customer",
                obj(id=text("customer.id", "id"), name_=text("customer.name", "name")),
                ["read"],
                [],
            ),
        },
        "more": {"orders": {"time": "placed"}},
    }
    erp = {
        "title": "Kontor",
        "roles": ["erp"],
        "resources": {"orders": ("order", ERP_ORDER, ["read", "create"], [])},
    }
    return invent({"winkel": shop, "kontor": erp})


def sent(bench: Any, text: str, given: dict[str, Json], **lookups: dict[str, Json]) -> dict[str, Json]:
    loaded = bench.load(text)
    example = Example("one", given, {}, {}, lookups, "", {}, {"expected": {}})
    flow = replace(loaded, flow=replace(loaded.flow, examples=(example,)))
    [(_, outcome)] = tried_examples(flow, bench.formulas)
    assert outcome.kind == "expected", (outcome.problems, outcome.reason)
    return dict(outcome.steps)


def test_a_pair_without_customers_articles_and_search_gets_one_step(pair: Any) -> None:
    made = pair.make("winkel", "kontor")

    assert [problem for problem in pair.check(made.text) if problem.severity == "error"] == []
    assert [step["step"] for step in json.loads(made.text)["steps"]] == ["order"]
    assert any("cannot be searched" in gap.what and "ledger" in gap.what_to_do for gap in made.gaps)


def test_values_are_turned_into_the_targets_way_of_writing(pair: Any) -> None:
    made = pair.make("winkel", "kontor", time_zone="Europe/Stockholm", branch="north")

    assert sent(pair, made.text, ORDER) == {
        "order": {
            "reference": "A-7",
            "date": "2026-03-02",
            "status": "P",
            "currency": "SEK",
            "email": "anna@post.example",
            "first": "Anna",
            "last": "Verzonnen",
            "road": "Storgatan",
            "house": "12",
            "postcode": "11122",
            "city": "Stockholm",
            "country": "SE",
            "shipping": 40,
            "branch": "north",
            "colour": "blue",
            "rows": [{"number": 1, "sku": "MUG", "text": "A very long ", "quantity": 2, "price": 12500, "tax": 2500}],
        }
    }


def test_a_field_that_nothing_fills_becomes_a_question_and_is_told(pair: Any) -> None:
    made = pair.make("winkel", "kontor")
    [branch] = [question for question in made.questions if question["name"] == "branch"]

    assert branch["title"] == "Branch"
    assert "default" not in branch
    assert made.touches["branch"] == [("order", "branch")]
    assert any("Branch" in gap.what and "branch" in gap.what_to_do for gap in made.gaps)


def test_sums_must_agree_before_anything_is_sent(pair: Any) -> None:
    made = pair.make("winkel", "kontor", branch="north")
    loaded = pair.load(made.text)
    wrong = {**ORDER, "cents": 31000}
    example = Example("one", wrong, {}, {}, {}, "", {}, {"expected": {}})
    flow = replace(loaded, flow=replace(loaded.flow, examples=(example,)))
    [(_, outcome)] = tried_examples(flow, pair.formulas)

    assert outcome.kind == "parked"
    assert "sums do not agree" in outcome.problems[0].what


def test_an_answer_becomes_the_default_and_a_wrong_one_is_named(pair: Any) -> None:
    made = pair.make("winkel", "kontor", only_paid=False)
    [asked] = [question for question in made.questions if question["name"] == "only_paid"]

    assert asked["default"] is False
    with pytest.raises(DocumentError, match="the starter asks no such question"):
        pair.make("winkel", "kontor", nonsense=1)
    with pytest.raises(DocumentError, match="does not fit its question"):
        pair.make("winkel", "kontor", only_paid="perhaps")


def test_what_cannot_be_made_says_exactly_why(pair: Any) -> None:
    with pytest.raises(DocumentError, match="Kontor has no customers"):
        pair.make("winkel", "kontor", "customers")
    with pytest.raises(DocumentError, match="declares no way to make any of these with rows: orders, invoices"):
        pair.make("kontor", "winkel")


def test_a_source_that_does_not_say_what_its_fields_mean_is_told_which(invent: Any) -> None:
    dumb = {"title": "Stom", "roles": ["webshop"], "resources": {"orders": ("order", obj(a=text()), ["read"], [])}}
    erp = {"title": "Kontor", "roles": ["erp"], "resources": {"orders": ("order", ERP_ORDER, ["create"], [])}}
    with pytest.raises(DocumentError) as refused:
        invent({"stom": dumb, "kontor": erp}).make("stom", "kontor")

    missing = " ".join(problem.what for problem in refused.value.problems)
    assert "order.number" in missing
    assert "order.lines[].price or order.lines[].amount" in missing


ARTICLE = obj(
    id=text("article.id", "id"),
    code_=text("article.sku", "code"),
    title=text("article.name"),
    price=number("article.price", "money", **{"x-basis": "gross"}),
    vat=number("article.tax_rate", "rate", **{"x-scale": 100}),
    live={"type": "boolean", "x-meaning": "article.active", "x-kind": "flag"},
    grams={"type": ["number", "null"], "x-meaning": "article.weight", "x-kind": "quantity", "x-scale": 1000},
)
STOCK_ARTICLE = obj(
    id=text("article.id", "id", **{"x-write": "never"}),
    number_=text("article.sku", "code", maxLength=5),
    name_=text("article.name", maxLength=8),
    net=number("article.price", "money", **{"x-basis": "net"}),
    state=text("article.active", "flag", **{"x-codes": {"ON": "true", "OFF": "false"}}),
    stock=number("article.stock", "quantity"),
    kilos=number("article.weight", "quantity"),
)


def test_articles_go_from_one_system_into_the_other(invent: Any) -> None:
    bench = invent(
        {
            "winkel": {
                "title": "Winkel",
                "roles": ["webshop"],
                "resources": {"goods": ("article", ARTICLE, ["read"], [])},
            },
            "kontor": {
                "title": "Kontor",
                "roles": ["erp"],
                "resources": {"parts": ("article", STOCK_ARTICLE, ["read", "find:number", "create", "update"], [])},
            },
        }
    )
    made = bench.make("winkel", "kontor", "goods")
    given = {"id": "1", "code": "MUG-1", "title": "Mug, large", "price": 125, "vat": 25, "live": True, "grams": 420}

    assert bench.check(made.text) == []
    assert made.gaps == []
    assert sent(bench, made.text, given) == {
        "article": {"number": "MUG-1", "name": "Mug, lar", "net": 100, "state": "ON", "kilos": 0.42}
    }
    assert "kilos" not in sent(bench, made.text, given | {"grams": None})["article"]


# --- all systems that are described

OFFERS = offers(Workspace(Path(__file__).resolve().parents[3]))


def called(offer: Offer) -> str:
    return f"{offer.source}-{offer.kind}-to-{offer.target}"


def made_of(offer: Offer, bench: Any) -> str:
    samples = partial(sample_records, bench.workspace)
    named = (offer.source, offer.target, offer.resource)
    return make_flow(bench.connectors, *named, samples=samples, name=offer.kind).text


# orders: test_orders_of_any_pair
@pytest.mark.parametrize("offer", [each for each in OFFERS if each.is_possible and each.kind != "order"], ids=called)
def test_what_is_offered_is_sound_as_it_is_made(offer: Offer, bench: Any) -> None:
    found = [problem for problem in bench.check(made_of(offer, bench)) if "cannot be searched by" not in problem.what]

    assert [str(problem) for problem in found] == []


@pytest.mark.parametrize("offer", [each for each in OFFERS if not each.is_possible], ids=called)
def test_what_cannot_be_made_has_its_reasons_in_words(offer: Offer, bench: Any) -> None:
    assert all(" " in why.what and why.what_to_do.endswith(".") for why in offer.why_not)
    with pytest.raises(DocumentError) as refused:
        made_of(offer, bench)
    assert set(refused.value.problems) == set(offer.why_not)
