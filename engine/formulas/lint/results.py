"""What each function gives, as far as its arguments tell: text, number, money, a list, what is personal in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from engine.formulas.lint.shape import (
    MONEY,
    NUMBER,
    TEXT,
    TRUTH,
    UNKNOWN,
    Shape,
    any_of,
    either,
    of_fields,
)

Gives = Callable[[Sequence[Shape]], Shape]

# The first parameter of a function given to these stands for an item of the list.
OVER_LISTS = ("map", "filter", "single", "each", "sift", "reduce", "sort")


def result_of(name: str, arguments: Sequence[Shape]) -> Shape:
    """What `$name(…)` gives; unknown for a function that is not in the table."""
    gives = _TABLE.get(name)
    return gives(arguments) if gives is not None and arguments else _BARE.get(name, UNKNOWN)


def _text(arguments: Sequence[Shape]) -> Shape:
    first = arguments[0]
    return replace(TEXT, personal=first.all_personal(), may_be_missing=first.may_be_missing)


def _number(arguments: Sequence[Shape]) -> Shape:
    return replace(NUMBER, may_be_missing=arguments[0].may_be_missing)


def _same_kind(arguments: Sequence[Shape]) -> Shape:
    first = arguments[0]
    return replace(NUMBER, kind=first.kind, personal=first.personal, may_be_missing=first.may_be_missing or first.many)


def _exact(arguments: Sequence[Shape]) -> Shape:
    """Of the exact sums: an amount where one of the arguments is."""
    return MONEY if any(a.kind == "money" for a in arguments) else NUMBER


def _quotient(arguments: Sequence[Shape]) -> Shape:
    is_share = len(arguments) > 1 and arguments[1].kind == "money"
    return NUMBER if is_share else _exact(arguments[:1])


def _money(arguments: Sequence[Shape]) -> Shape:
    return replace(MONEY, may_be_missing=arguments[0].may_be_missing)


def _truth(arguments: Sequence[Shape]) -> Shape:
    return TRUTH


def _perhaps_truth(arguments: Sequence[Shape]) -> Shape:
    return TRUTH.perhaps()


def _list(arguments: Sequence[Shape]) -> Shape:
    return arguments[0].several()


def _always_text(arguments: Sequence[Shape]) -> Shape:
    return replace(_text(arguments), may_be_missing=False)


def _parts_of(*names: str) -> Gives:
    """An object of texts, each as personal as what they were cut from."""
    return lambda arguments: of_fields({name: _text(arguments).perhaps() for name in names})


def _texts(arguments: Sequence[Shape]) -> Shape:
    return _text(arguments).several()


def _append(arguments: Sequence[Shape]) -> Shape:
    return any_of(a.one() for a in arguments).several()


def _first_filled(arguments: Sequence[Shape]) -> Shape:
    missing = all(a.may_be_missing or a.may_be_null for a in arguments)
    found = any_of(replace(a, may_be_null=False) for a in arguments if a.constant is not None)
    return replace(found, may_be_missing=missing, may_be_null=False)


def _join(arguments: Sequence[Shape]) -> Shape:
    return replace(TEXT, personal=arguments[0].all_personal())


def _lookup(arguments: Sequence[Shape]) -> Shape:
    """A field by a name that is known; of a table by key, what stands under any key."""
    held = arguments[0]
    name = arguments[1].constant if len(arguments) > 1 else None
    if held.fields is None and held.rest is None:
        return UNKNOWN
    found = (held.fields or {}).get(name) if isinstance(name, str) else None
    found = found or held.rest or UNKNOWN
    return found.several() if held.many else found.perhaps()


def _merge(arguments: Sequence[Shape]) -> Shape:
    held = arguments[0]
    return replace(held, many=False) if held.is_object else UNKNOWN


def merged(parts: Sequence[Shape]) -> Shape:
    """One object of several, later fields over earlier ones; unknown where a part is."""
    fields: dict[str, Shape] = {}
    for part in parts:
        if part.types == frozenset() and part.may_be_missing:
            continue
        if part.fields is None or part.rest is not None:
            return UNKNOWN
        for name, shape in part.fields.items():
            over = shape.may_be_missing and name in fields
            fields[name] = either(fields[name], replace(shape, may_be_missing=False)) if over else shape
    return of_fields(fields)


def _distribute(arguments: Sequence[Shape]) -> Shape:
    return replace(MONEY, kind=arguments[0].kind).several()


def _sums(arguments: Sequence[Shape]) -> Shape:
    part = of_fields({"rate": replace(NUMBER, kind="rate"), "net": MONEY, "tax": MONEY})
    sums: Mapping[str, Shape] = {"net": MONEY, "tax": MONEY, "total": MONEY, "per_rate": part.several()}
    return of_fields(sums)


def _single(arguments: Sequence[Shape]) -> Shape:
    return arguments[0].one()


def _time(arguments: Sequence[Shape]) -> Shape:
    return replace(TEXT, kind="datetime", may_be_missing=arguments[0].may_be_missing)


_TABLE: dict[str, Gives] = {
    **dict.fromkeys(
        "uppercase lowercase trim substring substringBefore substringAfter pad replace string "
        "truncate transliterate safe_number "
        "base64encode base64decode encodeUrl encodeUrlComponent decodeUrl decodeUrlComponent".split(),
        _text,
    ),
    **dict.fromkeys("formatNumber formatBase formatInteger type digest local_date".split(), lambda a: TEXT),
    **dict.fromkeys("join join_filled".split(), _join),
    "text": _always_text,
    "split_name": _parts_of("first", "last"),
    "split_street": _parts_of("street", "number", "addition"),
    "country": lambda a: replace(TEXT, kind="country"),
    "table": lambda a: UNKNOWN,
    **dict.fromkeys("split keys".split(), _texts),
    **dict.fromkeys("number length toMillis minor_units power sqrt parseInteger".split(), _number),
    "count": lambda a: replace(NUMBER, may_be_missing=False),
    **dict.fromkeys("sum average max min abs floor ceil round".split(), _same_kind),
    **dict.fromkeys("add subtract multiply".split(), _exact),
    "divide": _quotient,
    **dict.fromkeys("money sum_money vat_of without_vat with_vat".split(), _money),
    "distribute": _distribute,
    "document_sums": _sums,
    "exists": _truth,
    **dict.fromkeys("not boolean contains".split(), _perhaps_truth),
    **dict.fromkeys("sort reverse distinct filter".split(), _list),
    "append": _append,
    "single": _single,
    "spelled": lambda a: a[0],
    "first_filled": _first_filled,
    "lookup": _lookup,
    "merge": _merge,
    **dict.fromkeys("fromMillis in_zone".split(), _time),
}
_BARE = {"now": replace(TEXT, kind="datetime", may_be_missing=False), "millis": replace(NUMBER, may_be_missing=False)}
FUNCTIONS_KNOWN = frozenset((*_TABLE, *_BARE))
