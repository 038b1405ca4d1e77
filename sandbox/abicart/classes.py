"""The classes of the API: their fields, which can be written, and their methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.abicart.choices import Choices
from sandbox.abicart.kinds import (
    COUNTRY,
    CURRENCY,
    FREE,
    LANGUAGE,
    NUMBER,
    RATE,
    TEXT,
    TIME,
    TRUTH,
    WHOLE,
    WORDS,
    Kind,
    list_of,
    map_of,
    object_of,
    one_of,
    schema,
    uid_of,
)

# abicart.md, Methods: `get(uid, query)`, `list(query, selection)`, `set(uid|null, data, query)`, `create`,
# `validate`, `count(filters)`, `delete(uid)`, `getSchema`
READING = ("get", "list", "count", "getSchema")
WRITING = ("set", "create", "validate", "delete")
ALL = (*READING, *WRITING)


@dataclass(frozen=True, slots=True)
class Class:
    """One class: its fields and what can be done with it."""

    name: str
    fields: dict[str, Kind]
    written: frozenset[str]  # the fields that can be written; not documented which, here what the shop does not count
    methods: tuple[str, ...] = ALL
    needed: tuple[str, ...] = ()  # when one is made; not documented
    forbidden: tuple[str, ...] = ()  # methods that answer 1006

    def schema(self) -> dict[str, Any]:
        """Write the class as JSON Schema."""
        fields = {name: schema(kind) for name, kind in self.fields.items()}
        for name in set(fields) - self.written:
            fields[name]["readOnly"] = True
        return {
            "$schema": "http://json-schema.org/draft-04/schema#",  # not documented: which draft
            "title": self.name,
            "type": "object",
            "properties": fields,
            "required": list(self.needed),
            "additionalProperties": False,
        }


def classes(choices: Choices) -> dict[str, Class]:
    """Every class of the API as the choices make it."""
    made = [
        _order(choices),
        _item(choices),
        _article(choices),
        _choice(),
        _customer(choices),
        # abicart.md, Sources: the classes Customergroup and PriceListItem have pages; their fields are not in the
        # dossier, so beside the uid these are not documented
        _class("Customergroup", {"uid": WHOLE, "name": WORDS}, needed=("name",)),
        _price_list_item(choices),
        _webshop(),
        _method("DeliveryMethod", choices),
        _method("Payment", choices),
    ]
    return {one.name: one for one in made}


def _class(name: str, fields: dict[str, Kind], fixed: str = "", **more: Any) -> Class:
    return Class(name, fields, frozenset(fields) - {"uid", "created", "changed", *fixed.split()}, **more)


def _cost(*, with_rate: bool = True) -> Kind:
    # abicart.md, Order: `costs{cart,payment,shipment,total}` each `{incVat,exVat,vat,vatRate,currency}`
    parts = {"incVat": NUMBER, "exVat": NUMBER, "vat": NUMBER, "currency": CURRENCY}
    return object_of(**parts, **({"vatRate": RATE} if with_rate else {}))


def _address(choices: Choices) -> Kind:
    # abicart.md, Customer: `address{company,firstName,lastName,…,phoneDay,phoneNight,phoneMobile}`
    names = "company firstName lastName address address2 postcode town"
    phones = "state phoneDay phoneNight phoneMobile"
    parts = dict.fromkeys(names.split(), TEXT) | {"country": COUNTRY} | dict.fromkeys(phones.split(), TEXT)
    return object_of(**parts, **({"email": TEXT} if choices.email_at == "address" else {}))


def _delivery_address() -> Kind:
    # abicart.md, Customer: `deliveryAddress{copyAddress,company,name,address,address2,postcode,town,country,state}`
    names = "company name address address2 postcode town state"
    return object_of(copyAddress=TRUTH, country=COUNTRY, **dict.fromkeys(names.split(), TEXT))


def _info(choices: Choices) -> Kind:
    # abicart.md, Customer: `info{type:"business"…}`; the samples have "private" too
    more = {"email": TEXT} if choices.email_at == "info" else {}
    more |= {choices.identity_key: TEXT} if choices.identity_key else {}
    return object_of(type=one_of("business", "private"), **more)


def _order(choices: Choices) -> Class:
    # abicart.md, Order
    customer = {"address": _address(choices), "deliveryAddress": _delivery_address(), "info": _info(choices)}
    costs = {name: _cost() for name in ("cart", "payment", "shipment", "total")}
    fields = {
        "uid": WHOLE,
        "orderNumber": TEXT,
        "ordered": TIME,
        "changed": TIME,
        "customer": object_of(**customer, **({"email": TEXT} if choices.email_at == "top" else {})),
        "currency": CURRENCY,
        "exchangeRate": NUMBER,
        "items": list_of(uid_of("OrderItem")),
        "costs": object_of(**costs),
        "language": LANGUAGE,
        "note": TEXT,
        "tags": list_of(TEXT),
        "externalOrderNumber": TEXT,
        "discarded": TRUTH,
        "hasVat": TRUTH,
        "payments": list_of(uid_of("Payment")),  # not documented: what the list holds
        "delivery": object_of(method=uid_of("DeliveryMethod")),  # abicart.md: `delivery{method…}`, no more seen
        "paymentStatus": one_of("paid", "unpaid"),
        "deliveryStatus": one_of("sent", "unsent"),
        "affiliate": TEXT,
    }
    fixed = "orderNumber ordered exchangeRate items costs hasVat"
    return _class("Order", fields, fixed, methods=(*ALL, "addArticle"))


def _item(choices: Choices) -> Class:
    # abicart.md, OrderItem; discountInfo, download and revenueShare have no documented shape
    order = uid_of("Order") if choices.item_order == "uid" else TEXT
    fields = {
        "uid": WHOLE,
        "order": order,
        "article": uid_of("Article"),
        "articleNumber": TEXT,
        "articleName": TEXT,
        "choices": map_of(FREE),
        "costs": object_of(total=_cost(), unit=_cost()),
        "discountInfo": FREE,
        "download": FREE,
        "revenueShare": FREE,
    }
    # "Items are added through `Order.addArticle`, not created directly"; not documented: with which error
    return Class("OrderItem", fields, frozenset(), forbidden=("set", "create", "validate"))


def price_kind(choices: Choices) -> Kind:
    """A price: by currency as choiceOptionPrices are, or one number in the base currency."""
    return map_of(NUMBER) if choices.price_shape == "map" else NUMBER


def _article(choices: Choices) -> Class:
    # abicart.md, Article
    price = price_kind(choices)
    fields = {
        "uid": WHOLE,
        "created": TIME,
        "changed": TIME,
        "articleNumber": TEXT,
        "name": WORDS,
        "description": WORDS,
        "introductionText": WORDS,
        "price": price,
        "pricing": list_of(object_of(qtyFloor=NUMBER, regular=price, specialOffer=price)),
        "stock": object_of(useStock=TRUTH, **{choices.stock_key: NUMBER}),
        **dict.fromkeys(("hidden", "draft", "isBuyable", "presentationOnly"), TRUTH),
        "articlegroup": WHOLE,
        "showInArticlegroups": list_of(WHOLE),
        "choices": list_of(uid_of("ArticleChoice")),
        "choiceOptions": map_of(FREE),
        "choiceOptionPrices": map_of(map_of(NUMBER)),
        **dict.fromkeys(("ean", "sku", "unit"), TEXT),
        "vatRate": RATE,
        "vatIsIncluded": TRUTH,
        "weight": NUMBER,  # grams
        "images": list_of(TEXT),
        "url": WORDS,
        "baseName": WORDS,
        "attributes": map_of(FREE),
        "articleTemplate": uid_of("Article"),
        "overrides": object_of(ean=TEXT, weight=NUMBER, articleNumber=TEXT),
        "deliveryInfo": WORDS,
        "freeFreight": TRUTH,
        "isBulky": TRUTH,
        "metaDescription": WORDS,
        "metaKeywords": WORDS,
        "type": TEXT,
        "news": TRUTH,
    }
    return _class("Article", fields, "url", needed=("name",))


def _choice() -> Class:
    # abicart.md, ArticleChoice; options are uids, a class that would name them is not documented
    fields = {
        "uid": WHOLE,
        "type": one_of("enum", "number", "string", "file"),
        "name": WORDS,
        "description": WORDS,
        "mandatory": TRUTH,
        **dict.fromkeys(("minimum", "maximum", "multipleOf"), NUMBER),
        "quantity": TRUTH,
        "quantityWeight": NUMBER,
        "options": list_of(WHOLE),
        "quantityChoicesAffectsOptionPrices": TRUTH,
    }
    return _class("ArticleChoice", fields, needed=("type", "name"))


def _customer(choices: Choices) -> Class:
    # abicart.md, Customer
    fields = {
        "uid": WHOLE,
        "created": TIME,
        "changed": TIME,
        "approved": TRUTH,
        "language": LANGUAGE,
        "groups": list_of(uid_of("Customergroup")),
        "address": _address(choices),
        "deliveryAddress": _delivery_address(),
        "custom": map_of(FREE),
        "info": _info(choices),
        **({"email": TEXT} if choices.email_at == "top" else {}),
    }
    return _class("Customer", fields)


def _price_list_item(choices: Choices) -> Class:
    # not documented: the fields; "PriceListItem.list documents max 500 per call"
    fields = {"uid": WHOLE, "article": uid_of("Article"), "group": uid_of("Customergroup"), "price": NUMBER}
    return _class("PriceListItem", fields | {"currency": CURRENCY}, needed=("article", "price", "currency"))


def _webshop() -> Class:
    # abicart.md, Webshop: what decides how prices are read
    fields = {
        "uid": WHOLE,
        "type": TEXT,
        "edition": TEXT,
        "baseCurrency": CURRENCY,
        "activeCurrencies": list_of(CURRENCY),
        "defaultLanguage": LANGUAGE,
        "priceStoredWithVat": TRUTH,
        "showPricesIncludingVat": TRUTH,
        "vatCountry": COUNTRY,
        "vatSupport": TRUTH,
    }
    return Class("Webshop", fields, frozenset(), methods=READING)


def _method(name: str, choices: Choices) -> Class:
    fields = {"uid": WHOLE, **({"name": WORDS} if choices.named_methods else {})}
    return Class(name, fields, frozenset(), methods=READING)
