"""Random mappings for random targets, and records whose values fit them now and then."""

from __future__ import annotations

from random import Random
from typing import Any

from engine.mappings.mapping import FieldMapping

VALUES: tuple[Any, ...] = (
    *(None, "", "a", "Åsa", "\U0001f600", "\U0001f600" * 3, "xxxxx", "xxxxxx", "2026-01-31", "2026-02-30", "1", "-0"),
    *("2026-01-31T10:00:00Z", "2026-01-31 10:00", "2026-01-31T10:00:00", "2026-01-31x", "12.50", "1e3", " 1 ", "+1"),
    *("true", "TRUE", True, False, 0, 1, -1, 1.0, 1.5, 2.675, -0.0, 0.1, 1e-7, 1234567890123456, 0.005, 1.005, 99.995),
    *([], ["a"], [1], ["a", "b"], [["a"]], [None], {}, {"q": 1}, {"q": "1", "r": None}, [{"q": 1}], "1\n", "٣", "²"),
    *("\u2060«id»", "\ud800", "null", "2026-01-31\n", 12345678901234567890),
)
FORMULAS = (
    *("a", "b", "c.q", "c", "l", "l.q", 'a & ""', "$string(a)", "$uppercase(a)", "a ?: b", "a ?? b", "$exists(a)"),
    *("a = b", "a + b", "$round(a, 2)", "$number(a)", "$money(a)", "$sum(l.q)", "$count(l)", "null", '"a"', "1", "1.0"),
    *("true", "nowhere", "[a]", "[]", "a[]", '{"q": a}', '{"q": a, "r": b}', 'l.{"q": q}', "-a", "a / b", "l[0]"),
    *("$append(a, b)", "$not(a)", "$power(2, 3)", "a and b", "a > b", "($x := a; $x)", "$truncate(a, 3)", "[a, b]"),
    *(
        '$substringBefore(a, "-")',
        '$replace(a, "a", "")',
        "$first_filled(a, b)",
        "[[a]]",
        '$join(l.q, ",")',
        "$max(l.q)",
    ),
)
ITEMS = ("l", "a", "c", "l[q]", "nowhere", "[a, b]", "l.q", "$append(l, a)")
IN_ROWS = (
    *("q", "$", "$index", "$record.a", "$$.q", 'q & ""', "q + 1", "$exists(q)", 'r ?? "d"', '"a"', "$power(2, 3)"),
    *("[q]", "($index := 3; $index)", "$.q", '$replace(q, /1/, "2")', "$answers.p", "$$.a", '$lookup($$, "q")'),
)


def record(random: Random) -> dict[str, Any]:
    def value() -> Any:
        return random.choice(VALUES)

    made = {"a": value(), "b": value()}
    if random.random() < 0.8:
        made["c"] = {"q": value()} if random.random() < 0.7 else value()
    if random.random() < 0.8:
        rows = [{"q": value()} if random.random() < 0.9 else value() for _ in range(random.randrange(4))]
        made["l"] = rows if random.random() < 0.8 else value()
    return made


def schema(random: Random) -> dict[str, Any]:
    """The schema of a target with one to three fields."""
    names = "ABC"[: random.choice((1, 1, 1, 2, 3))]
    made: dict[str, Any] = {"type": "object", "properties": {name: _schema(random, 2) for name in names}}
    if random.random() < 0.5:
        made["required"] = [random.choice(names)]
    return made


def _schema(random: Random, depth: int) -> dict[str, Any]:
    kinds = ("string", "string", "number", "integer", "boolean", *(("array", "object", "") if depth else ()))
    kind = random.choice(kinds)
    made: dict[str, Any] = {"type": [kind, "null"] if random.random() < 0.4 else kind} if kind else {}
    if random.random() < 0.15:
        made["enum"] = random.choice((["a", "b"], ["a", None], [1, 2], ["1", 1], [True], ["xxxxx", "Åsa"], [1.5, 0]))
    if kind == "string":
        made |= _text_rules(random)
    if kind == "number" and random.random() < 0.5:
        made["x-decimals"] = random.choice((0, 1, 2, 3, 6))
    if kind in ("number", "integer") and random.random() < 0.2:
        made["minimum"] = random.choice((0, 1))
    if kind == "array" and random.random() < 0.9:
        made["items"] = _schema(random, depth - 1)
    if kind == "object" and random.random() < 0.9:
        made["properties"] = {name: _schema(random, depth - 1) for name in ("q", "r")[: random.randrange(1, 3)]}
        if random.random() < 0.3:
            made["required"] = [random.choice(list(made["properties"]))]
    if kind in ("array", "object") and random.random() < 0.1:
        del made["type"]
    return made


def _text_rules(random: Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if random.random() < 0.4:
        made["maxLength"] = random.choice((0, 1, 3, 5, 9, 10, 19, 40))
    if random.random() < 0.2:
        made["minLength"] = random.choice((0, 1, 2, 6))
    if random.random() < 0.3:
        made["format"] = random.choice(("date", "date-time", "email"))
    if random.random() < 0.2:
        made["x-length"] = random.choice(("utf8", "utf16", "characters"))
    if random.random() < 0.2:
        made["x-charset"] = random.choice(("ascii", "iso-8859-1", "windows-1252"))
    return made


def fields(random: Random, target: dict[str, Any]) -> list[FieldMapping]:
    made: list[FieldMapping] = []
    for name, schema in target["properties"].items():
        kind = schema.get("type", "")
        if "properties" in schema and random.random() < 0.6:
            inner = [part for part in schema["properties"] if random.random() < 0.8]
            made += [FieldMapping(f"{name}.{part}", random.choice(FORMULAS)) for part in inner]
        elif ("array" in kind or "items" in schema) and random.random() < 0.6:
            made.append(FieldMapping(f"{name}[]", random.choice(ITEMS), True))
            parts = schema.get("items", {}).get("properties", {"q": {}})
            made += [
                FieldMapping(f"{name}[].{part}", random.choice(IN_ROWS)) for part in parts if random.random() < 0.9
            ]
        elif random.random() < 0.9:
            made.append(FieldMapping(name, random.choice(FORMULAS)))
    return made
