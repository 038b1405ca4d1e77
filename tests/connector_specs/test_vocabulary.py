"""The vocabulary defines every meaning the connectors use, once, and in the same kind of value."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from engine.documents.schemas import validate

NUMBERED = "the system counts its documents in whole numbers, without a prefix"
NUMBERED_IDS = "the system keeps the id of a shop, which is a whole number"
DAY_ONLY = "the system keeps the day without the hour"
WITH_HOUR = "the system writes a moment where a day is meant"
BARE_NUMBER = "letters after the house number have a field of their own in this system"
IN_WORDS = "the system writes the unit as people typed it, without a list of codes"
BY_REFERENCE = "the system names a record of another resource where others write a code"

# (connector/resource, meaning): the kind the connector's field has instead, and why that is right there
OTHER_KINDS = {
    ("abicart/articles", "article.unit"): ("text", IN_WORDS),
    ("abicart/orders", "order.lines[].unit"): ("text", IN_WORDS),
    ("ccv-shop/order_patch", "order.invoice_number"): ("number", NUMBERED),
    ("ccv-shop/orders", "order.invoice_number"): ("number", NUMBERED),
    ("ccv-shop/orders", "order.delivery.date"): ("datetime", WITH_HOUR),
    ("ccv-shop/orders", "order.billing.house_number"): ("number", BARE_NUMBER),
    ("ccv-shop/orders", "order.shipping_address.house_number"): ("number", BARE_NUMBER),
    ("eaccounting/customers", "customer.external_id"): ("number", NUMBERED_IDS),
    ("ccv-shop/users", "customer.billing.house_number"): ("number", BARE_NUMBER),
    ("ccv-shop/users", "customer.shipping.house_number"): ("number", BARE_NUMBER),
    ("ccv-shop/orders", "order.lines[].unit"): ("text", IN_WORDS),
    ("ccv-shop/products", "article.unit"): ("text", IN_WORDS),
    ("eaccounting/articles", "article.tax_class"): ("id", BY_REFERENCE),
    ("eaccounting/articles", "article.unit"): ("id", BY_REFERENCE),
    ("eaccounting/customerinvoicedrafts", "order.lines[].unit"): ("id", BY_REFERENCE),
    ("eaccounting/customerinvoicedrafts", "order.lines[].tax_code"): ("id", BY_REFERENCE),
    ("eaccounting/customerinvoices", "order.lines[].unit"): ("id", BY_REFERENCE),
    ("eaccounting/customerinvoices", "invoice.number"): ("number", NUMBERED),
    ("eaccounting/quotes", "order.lines[].unit"): ("id", BY_REFERENCE),
    ("eaccounting/quotes", "quote.number"): ("number", NUMBERED),
    ("eaccounting/orders", "order.lines[].unit"): ("id", BY_REFERENCE),
    ("eaccounting/orders", "order.number"): ("number", NUMBERED),
    ("eaccounting/orders", "order.placed_at"): ("date", DAY_ONLY),
}

# a kind of resource whose fields are called otherwise
OTHER_NAMES = {"company": "account"}

# the charges every order can have, whichever way a system keeps them
CHARGES = (
    "shipping",
    "payment_fee",
    "cash_on_delivery",
    "discount",
    "gift_card",
    "credit_discount",
    "surcharge",
    "rounding",
)

# one word for one thing: the left one is never part of a spelling
DISUSED = {
    "zip": "postcode",
    "zipcode": "postcode",
    "town": "city",
    "state": "region",
    "province": "region",
    "product": "article",
    "item": "article",
    "ean": "gtin",
    "barcode": "gtin",
    "row": "lines",
    "rows": "lines",
    "vat": "tax",
    "freight": "shipping",
    "first_name": "given_name",
    "last_name": "family_name",
    "surname": "family_name",
    "telephone": "phone",
    "comment": "note",
    "remark": "note",
    "client": "customer",
    "modified_at": "changed_at",
    "updated_at": "changed_at",
}
KEPT = {"vat_number": "everybody calls the number so, also where the tax has another name"}


def test_the_vocabulary_keeps_its_schema(specs: Any) -> None:
    problems = validate(specs.vocabulary, "vocabulary", "connector_specs/vocabulary.json", text=specs.vocabulary_text)

    assert problems == []


def test_the_file_is_written_as_the_other_documents_are(specs: Any) -> None:
    written = json.dumps(specs.vocabulary, ensure_ascii=False, indent=2) + "\n"

    assert written == specs.vocabulary_text


def test_every_meaning_the_connectors_use_is_defined(specs: Any) -> None:
    tagged = list(specs.tagged_fields())
    undefined = {(where, meaning) for where, meaning, _ in tagged if meaning not in specs.meanings}

    assert len(tagged) > 150
    assert undefined == set()


def test_fields_have_the_kind_of_their_meaning_or_a_known_reason(specs: Any) -> None:
    found = {}
    for where, meaning, field in specs.tagged_fields():
        # a list has no x-kind: its type says it
        kind = field.get("x-kind") or ("list" if field.get("type") == "array" else None)
        if kind is not None and kind != specs.meanings[meaning]["kind"]:
            found[where, meaning] = kind

    assert found == {place: kind for place, (kind, _) in OTHER_KINDS.items()}


def test_a_field_that_names_a_record_where_others_write_a_code_says_whose(specs: Any) -> None:
    by_reference = {place for place, (_, reason) in OTHER_KINDS.items() if reason is BY_REFERENCE}
    refers = {(where, meaning) for where, meaning, field in specs.tagged_fields() if "x-refers" in field}

    assert by_reference <= refers


def test_no_meaning_is_spelled_two_ways(specs: Any) -> None:
    folded = Counter(re.sub(r"[_\[\]]", "", name) for name in specs.meanings)

    assert [name for name, count in folded.items() if count > 1] == []


def test_no_meaning_is_spelled_with_a_second_word_for_the_same_thing(specs: Any) -> None:
    found = []
    for name in specs.meanings:
        for part in re.findall(r"[a-z0-9_]+", name):
            if part not in KEPT:
                words = {part, *part.split("_")}
                found += [(name, word, DISUSED[word]) for word in words & set(DISUSED)]

    assert found == []


def test_no_two_meanings_have_one_title_or_one_definition(specs: Any) -> None:
    for part in ("title", "definition"):
        told = Counter(meaning[part].casefold() for meaning in specs.meanings.values())

        assert [text for text, count in told.items() if count > 1] == []


def test_no_two_meanings_of_one_group_are_the_same_term_of_a_standard(specs: Any) -> None:
    terms = Counter(
        (name.rpartition(".")[0], meaning["same_as"])
        for name, meaning in specs.meanings.items()
        if "same_as" in meaning
    )

    assert [term for term, count in terms.items() if count > 1] == []


def test_terms_of_standards_are_written_in_one_way(specs: Any) -> None:
    form = re.compile(
        r"schema\.org: [A-Z][A-Za-z]+(\.[a-z][A-Za-z]+)?"
        r"|UBL: [A-Z][A-Za-z]+(/c[ab]c:[A-Z][A-Za-z]+)*"
        r"|Peppol: B[TG]-\d+"
    )
    terms = [meaning["same_as"] for meaning in specs.meanings.values() if "same_as" in meaning]

    assert len(terms) > 100
    assert [term for term in terms if not form.fullmatch(term)] == []


def test_a_definition_is_one_sentence(specs: Any) -> None:
    sentence = re.compile(r"[A-Z][^.!?]+\.")
    definitions = [meaning["definition"] for meaning in specs.meanings.values()]

    assert [text for text in definitions if not sentence.fullmatch(text)] == []


def test_the_charges_are_amounts_of_money_and_no_others_are_marked(specs: Any) -> None:
    marked = [name for name, meaning in specs.meanings.items() if meaning.get("charge")]

    assert marked == [f"order.{charge}.amount" for charge in CHARGES]
    assert {specs.meanings[name]["kind"] for name in marked} == {"money"}


def test_lists_have_fields_and_only_lists_have_them_in_brackets(specs: Any) -> None:
    holders = {name[: place.start()] for name in specs.meanings for place in re.finditer(r"\[\]", name)}

    assert {name: specs.meanings.get(name, {}).get("kind") for name in holders} == dict.fromkeys(holders, "list")


def test_meanings_stand_by_subject_and_each_subject_is_itself_a_meaning(specs: Any) -> None:
    subjects = [name.partition(".")[0] for name in specs.meanings]
    in_order = list(dict.fromkeys(subjects))

    assert [name for name in subjects if name not in specs.meanings] == []
    assert subjects == sorted(subjects, key=in_order.index)


def test_every_kind_of_resource_is_a_subject(specs: Any) -> None:
    kinds = {
        resource["kind"] for connector in specs.connectors.values() for resource in connector["resources"].values()
    }
    subjects = {OTHER_NAMES.get(kind, kind) for kind in kinds}

    assert {name: specs.meanings.get(name, {}).get("kind") for name in subjects} == dict.fromkeys(subjects, "group")


def test_the_billing_and_the_delivery_address_are_told_in_the_same_words(specs: Any) -> None:
    def parts(prefix: str) -> set[str]:
        return {name.removeprefix(prefix) for name in specs.meanings if name.startswith(prefix)}

    assert parts("order.billing.") == parts("order.shipping_address.")
    assert parts("customer.shipping.") - {"name"} == parts("customer.billing.")
