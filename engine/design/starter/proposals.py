"""What the samples of two systems propose: rows of lookups, the usual tax rate, unit, country and time zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from engine.design.starter.fields import Field, Record
from engine.design.starter.pair import Pair, meant, value_of
from engine.design.starter.templates import document
from engine.errors import Json


def name_field(record: Record) -> str:
    """The field by which people know a record of a lookup; its key where there is no name."""
    kind = record.resource.kind
    found = record.one(f"{kind}.name") or record.one(f"{kind}.code")
    return found.path if found else (record.resource.key_field or "")


def name_title(record: Record) -> str:
    """What that field is called."""
    path = name_field(record)
    return next((field.title for field in record.fields if field.path == path), path)


def condition(record: Record) -> str | None:
    """Which records may be chosen, as a formula; None where all may."""
    kind = record.resource.kind
    flags = [record.one(f"{kind}.{part}") for part in ("active", "for_sales")]
    return " and ".join(flag.path for flag in flags if flag is not None) or None


def _usable(pair: Pair, record: Record) -> Iterator[Mapping[str, Json]]:
    kind = record.resource.kind
    for sample in pair.target_samples(record):
        if all(value_of(record, f"{kind}.{part}", sample) is not False for part in ("active", "for_sales")):
            yield sample


def _name(record: Record, sample: Mapping[str, Json]) -> str:
    return str(sample.get(name_field(record)) or "")


def only_one(pair: Pair, record: Record) -> str | None:
    """The name of the only record there is to choose; None where there are several, or none is known."""
    names = {_name(record, sample) for sample in _usable(pair, record)}
    return names.pop() if len(names) == 1 else None


# --- payment


def methods(pair: Pair) -> dict[str, str]:
    """The source's payment methods as they stand in orders, each with what kind it is ("" where nobody says)."""
    found: dict[str, str] = {}
    record = pair.source_of_kind("payment_method")
    if record is not None:
        for sample in pair.source_samples(record):
            code = value_of(record, "payment_method.code", sample)
            if code is not None:
                found[str(code)] = str(meant(record, "payment_method.type", sample) or "")
    field = pair.record.one("order.payment.method")
    for code, kind in (field.codes if field else {}).items():
        found.setdefault(code, kind)
    for sample in pair.source_samples():
        code = value_of(pair.record, "order.payment.method", sample)
        if code:
            found.setdefault(str(code), "")
    return found


def payment_terms(pair: Pair, record: Record) -> dict[str, Json]:
    """Rows from payment method to payment term, where the kinds of both are known."""
    rules: Mapping[str, Mapping[str, Json]] = document("codes")["payment_terms"]
    terms = list(_usable(pair, record))
    rows: dict[str, Json] = {}
    for method, kind in methods(pair).items():
        for wanted in rules.get(kind, {}).get("types", ()):
            fitting = [term for term in terms if meant(record, "payment_term.type", term) == wanted]
            if fitting:
                days = rules[kind].get("days", 0)
                nearest = min(fitting, key=lambda term: abs((value_of(record, "payment_term.days", term) or 0) - days))
                rows[method] = _name(record, nearest)
                break
    return rows


def payment_codes(pair: Pair, field: Field) -> dict[str, Json]:
    """Rows from payment method to the target's code for it: the provider that its name tells, else what kind it is."""
    rules: Mapping[str, list[str]] = document("codes")["payment_codes"]
    rows: dict[str, Json] = {}
    for method, kind in methods(pair).items():
        named = [meant for meant in field.codes.values() if meant.replace("_", "") in _letters(method)]
        wanted = [*sorted(named, key=len, reverse=True), *rules.get(kind, ())]
        codes = (field.code_for(meant) for meant in wanted)
        found = next((code for code in codes if code is not None), None)
        if found is not None:
            rows[method] = found
    return rows


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def term_on_account(pair: Pair, record: Record) -> str | None:
    """The name of the term on which companies usually buy."""
    rule: Mapping[str, Json] = document("codes")["payment_terms"]["on_account"]
    fitting = [term for term in _usable(pair, record) if meant(record, "payment_term.type", term) in rule["types"]]
    nearest = min(
        fitting, key=lambda term: abs((value_of(record, "payment_term.days", term) or 0) - rule["days"]), default=None
    )
    return _name(record, nearest) if nearest is not None else None


def same_names(pair: Pair, record: Record) -> dict[str, Json]:
    """Rows for payment methods that both systems call alike."""
    names = {_name(record, sample).casefold(): _name(record, sample) for sample in _usable(pair, record)}
    return {method: names[method.casefold()] for method in methods(pair) if method.casefold() in names}


def same_codes(pair: Pair, record: Record, meaning: str) -> dict[str, Json]:
    """Rows for what the source writes in a field, where the target has a record of that name or code."""
    names: dict[str, str] = {}
    for sample in _usable(pair, record):
        for text in sample.values():
            if isinstance(text, str):
                names.setdefault(text.casefold(), _name(record, sample))
    field = pair.record.one(meaning)
    told = [*(field.about.get("enum", ()) if field else ()), *(field.codes if field else ())]
    told += [value_of(pair.record, meaning, sample) for sample in pair.source_samples()]
    return {str(code): names[str(code).casefold()] for code in told if str(code).casefold() in names}


# --- tax


def tax_rates(pair: Pair, record: Record) -> dict[str, Json]:
    """Rows from tax rate to the first usable tax code for goods at that rate."""
    rows: dict[str, Json] = {}
    for sample in _usable(pair, record):
        rate = _percent(record, "tax_code.rate", sample)
        if rate is not None and meant(record, "tax_code.type", sample) in (None, "goods"):
            rows.setdefault(f"{rate:g}", _name(record, sample))
    return rows


def usual_rate(pair: Pair) -> float | None:
    """The rate that most rows bear; where that is none the target knows, its highest, which is no reduced one."""
    found, known = _frequent_rate(pair), _known_rates(pair)
    if known and found not in known:
        found = max(known)
    return int(found) if found is not None and found == int(found) else found


def _known_rates(pair: Pair) -> set[float]:
    resources = [resource for resource in pair.target.resources.values() if resource.kind == "tax_code"]
    return {float(rate) for resource in resources for rate in tax_rates(pair, Record.of(resource))}


def _frequent_rate(pair: Pair) -> float | None:
    """The rate most rows bear; of two that are as frequent the higher one: reduced rates are the exceptions."""
    counts = _rates_at_home(pair)
    return max(counts, key=lambda rate: (counts[rate], rate)) if counts else None


def _rates_at_home(pair: Pair) -> Counter[float]:
    """How many rows bear which rate in the samples of orders, those to other countries and without tax left aside.

    Where no system tells its country, home is where most orders go.
    """
    counts: Counter[float] = Counter()
    record = pair.record if pair.record.resource.kind == "order" else pair.source_of_kind("order")
    samples = pair.source_samples(record) if record is not None else []
    if record is None or record.one("order.lines[].tax_rate") is None:
        record = pair.of_kind("order")
        samples = pair.target_samples(record) if record is not None else []
    if record is None:
        return counts
    countries = [str(value_of(record, "order.billing.country", sample) or "").upper() for sample in samples]
    home = country(pair) or next((name for name, _ in Counter(filter(None, countries)).most_common(1)), "")
    for sample, name in zip(samples, countries, strict=True):
        if name not in ("", home):
            continue
        for row in _rows(record, sample):
            rate = _row_percent(record, row)
            if rate:
                counts[rate] += 1
    return counts


def tax_classes(pair: Pair, record: Record) -> dict[str, Json]:
    """Rows from the source's tax classes whose codes say what they are: standard, reduced, second_reduced, zero."""
    field, usual = pair.record.one("article.tax_class"), usual_rate(pair)
    rates = tax_rates(pair, record)
    if field is None or usual is None:
        return same_codes(pair, record, "article.tax_class")
    lower = sorted((float(rate) for rate in rates if 0 < float(rate) < usual), reverse=True)
    known = {"standard": usual, "zero": 0.0, **dict(zip(("reduced", "second_reduced"), lower, strict=False))}
    found = {code: rates.get(f"{known[meant]:g}") for code, meant in field.codes.items() if meant in known}
    return {code: name for code, name in found.items() if name is not None}


def rate_classes(pair: Pair, field: Field) -> dict[str, Json]:
    """Rows from the rates of the source's tax codes to the target's classes that say what they are."""
    record, usual = pair.source_codes(), usual_rate(pair)
    if record is None or usual is None:
        return {}
    found = {_percent(record, "tax_code.rate", sample) for sample in pair.source_samples(record)}
    lower = sorted((rate for rate in found if rate and rate < usual), reverse=True)
    known = {
        "standard": usual,
        **dict(zip(("reduced", "second_reduced", "third_reduced"), lower, strict=False)),
        "zero": 0,
    }
    rows = {f"{rate:g}": field.code_for(meant) for meant, rate in known.items() if rate in found}
    return {rate: code for rate, code in rows.items() if code is not None}


def class_rates(pair: Pair) -> dict[str, Json]:
    """Rows from the source's tax classes that say what they are to the rates its orders bear."""
    field, usual = pair.record.one("article.tax_class"), usual_rate(pair)
    if field is None or usual is None:
        return {}
    lower = sorted((rate for rate in _rates_at_home(pair) if 0 < rate < usual), reverse=True)
    known = {"standard": usual, "zero": 0, **dict(zip(("reduced", "second_reduced"), lower, strict=False))}
    return {code: _whole(known[meant]) for code, meant in field.codes.items() if meant in known}


def _whole(rate: float) -> float:
    return int(rate) if rate == int(rate) else rate


def foreign_rates(pair: Pair, record: Record) -> dict[str, Json]:
    """Endings for rates above the usual one, which cannot be rates of the country itself."""
    usual = usual_rate(pair)
    if usual is None:
        return {}
    return {rate: f"-{rate}" for rate in tax_rates(pair, record) if float(rate) > usual}


def _percent(record: Record, meaning: str, sample: Json) -> float | None:
    field, value = record.one(meaning), value_of(record, meaning, sample)
    if field is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value * 100 / field.scale if field.scale else value


def _rows(record: Record, sample: Json) -> list[Json]:
    lines = record.one("order.lines")
    held = sample
    for name in lines.path.removesuffix("[]").split(".") if lines else ():
        held = held.get(name) if isinstance(held, Mapping) else None
    return held if lines and isinstance(held, list) else []


def _row_percent(record: Record, row: Json) -> float | None:
    field = record.one("order.lines[].tax_rate")
    value = row.get(field.name) if field and isinstance(row, Mapping) else None
    if field is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value * 100 / field.scale if field.scale else value


# --- units and the company


def unit(pair: Pair) -> str | None:
    """The name of the target's unit that means a piece."""
    record = pair.of_kind("unit")
    pieces = set(document("codes")["pieces"])
    for sample in _usable(pair, record) if record else ():
        if any(isinstance(text, str) and text.casefold() in pieces for text in sample.values()):
            return _name(record, sample) if record else None
    return None


def country(pair: Pair) -> str | None:
    """The country of the business, from what either system tells of its account."""
    for connector in (pair.target, pair.source):
        for resource in connector.resources.values():
            record = Record.of(resource)
            if record.one("account.country"):
                for sample in pair.samples(connector.name, resource.name):
                    told = value_of(record, "account.country", sample)
                    if isinstance(told, str) and len(told) == 2:
                        return told.upper()
    return None


def time_zone(pair: Pair) -> str | None:
    zones: Mapping[str, str] = document("codes")["zones"]
    return zones.get(country(pair) or "")
