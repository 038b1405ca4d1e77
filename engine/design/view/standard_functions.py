"""The functions every JSONata has, as the editor tells of them: how each is written, what it gives, an example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """One function. arguments: as they are shown; result: what the example gives, as JSON."""

    name: str
    arguments: tuple[str, ...]
    help: str
    example: str
    result: str


_TABLE = """
abs | number | The number without its sign. | $abs(-5) | 5
append | list, other | The items of both, one after the other. | $append([1, 2], 3) | [1,2,3]
average | numbers | The mean of numbers. | $average([1, 2, 6]) | 3
base64decode | text | The text that was written in base 64. | $base64decode("aGVq") | "hej"
base64encode | text | The text written in base 64. | $base64encode("hej") | "aGVq"
boolean | value | Whether the value counts as true; empty things and 0 do not. | $boolean("x") | true
ceil | number | The next whole number upwards. | $ceil(1.2) | 2
contains | text, part | Whether the part occurs in the text. | $contains("Storgatan", "gatan") | true
count | list | How many items there are. | $count([1, 2, 3]) | 3
decodeUrl | text | An address with its % signs read. | $decodeUrl("a%20b") | "a b"
decodeUrlComponent | text | A part of an address with its % signs read. | $decodeUrlComponent("a%2Fb") | "a/b"
distinct | list | Each item once. | $distinct([1, 2, 1]) | [1,2]
each | object, function | What a function gives for each field: its value, its name. | \
$each({"a": 1}, function($v, $k) {$k & $v}) | "a1"
encodeUrl | text | A text as an address. | $encodeUrl("a b") | "a%20b"
encodeUrlComponent | text | A text as a part of an address. | $encodeUrlComponent("a/b") | "a%2Fb"
error | message = "" | Stops here: the record is parked with this message. | $error("no country") |
exists | value | Whether there is a value at all. | $exists(null) | true
filter | list, function | The items for which the function gives true. | $filter([1, 5], function($v) {$v > 2}) | 5
floor | number | The next whole number downwards. | $floor(1.8) | 1
formatBase | number, base = 10 | A whole number written in another base. | $formatBase(10, 2) | "1010"
formatInteger | number, picture | A whole number by a picture. | $formatInteger(7, "000") | "007"
formatNumber | number, picture | A number by a picture. | $formatNumber(1234.5, "#,##0.00") | "1,234.50"
fromMillis | millis, picture = "", zone = "" | Milliseconds since 1970 as a moment in text. | $fromMillis(0) | \
"1970-01-01T00:00:00.000Z"
join | texts, between = "" | Texts put together. | $join(["a", "b"], "-") | "a-b"
keys | object | The names of its fields. | $keys({"a": 1, "b": 2}) | ["a","b"]
length | text | How many characters it has. | $length("hej") | 3
lookup | object, name | The field of this name. | $lookup({"a": 1}, "a") | 1
lowercase | text | In small letters. | $lowercase("HEJ") | "hej"
map | list, function | What the function gives for each item. | $map([1, 2], function($v) {$v * 2}) | [2,4]
match | text, pattern | Where a pattern occurs. | $match("a1", /[0-9]/).match | "1"
max | numbers | The largest number. | $max([1, 3, 2]) | 3
merge | objects | One object with the fields of all; the last one counts. | $merge([{"a": 1}, {"b": 2}]) | \
{"a":1,"b":2}
millis | | The run's clock in milliseconds since 1970. | $millis() > 0 | true
min | numbers | The smallest number. | $min([1, 3, 2]) | 1
not | value | The opposite. | $not(true) | false
now | picture = "", zone = "" | The run's clock as a moment in text. | $length($now()) | 24
number | text | A text as a number. | $number("12.5") | 12.5
pad | text, width, with = " " | Filled up to a width; a negative width fills at the beginning. | \
$pad("7", -3, "0") | "007"
parseInteger | text, picture | A whole number read by a picture. | $parseInteger("007", "000") | 7
power | base, exponent | The base to the power of the exponent. | $power(2, 3) | 8
reduce | list, function, first = … | One value from all items, taken two at a time. | \
$reduce([1, 2, 3], function($a, $b) {$a + $b}) | 6
replace | text, pattern, with | With each occurrence replaced. | $replace("a-b", "-", "+") | "a+b"
reverse | list | The items, last first. | $reverse([1, 2]) | [2,1]
round | number, decimals = 0 | Rounded, halves to the even digit; for money use $money. | $round(2.46, 1) | 2.5
sift | object, function | The fields for which the function gives true. | \
$sift({"a": 1, "b": 5}, function($v) {$v > 2}) | {"b":5}
single | list, function | The one item for which the function gives true. | $single([1, 5], function($v) {$v > 2}) | 5
sort | list, function = … | In order; the function says whether two change places. | $sort([2, 1]) | [1,2]
split | text, at | The parts of a text. | $split("a-b", "-") | ["a","b"]
spread | object | One object for each field. | $spread({"a": 1, "b": 2}) | [{"a":1},{"b":2}]
sqrt | number | The square root. | $sqrt(9) | 3
string | value | As text. | $string(12) | "12"
substring | text, start, length = … | A part of a text; the first character is 0. | \
$substring("Storgatan", 0, 4) | "Stor"
substringAfter | text, mark | What follows the mark. | $substringAfter("a-b", "-") | "b"
substringBefore | text, mark | What stands before the mark. | $substringBefore("a-b", "-") | "a"
sum | numbers | The sum; for money use $sum_money. | $sum([1, 2]) | 3
toMillis | text, picture = "" | A moment in text as milliseconds since 1970. | \
$toMillis("1970-01-01T00:00:01Z") | 1000
trim | text | Without spaces around it, and with single ones inside. | $trim("  a  b ") | "a b"
type | value | What kind of value it is. | $type(12) | "number"
uppercase | text | In capital letters. | $uppercase("hej") | "HEJ"
zip | list, other | The first items together, the second ones together, and so on. | $zip([1, 2], [3, 4]) | \
[[1,3],[2,4]]
"""


def _rows() -> tuple[Told, ...]:
    rows = []
    for line in _TABLE.strip().splitlines():
        name, arguments, said, example, result = (cell.strip() for cell in line.split("|"))
        held = tuple(part.strip() for part in arguments.split(",")) if arguments else ()
        rows.append(Told(name, held, said, example, result))
    return tuple(rows)


STANDARD: tuple[Told, ...] = _rows()
