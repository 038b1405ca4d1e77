"""Plain formulas as Python functions: many times faster than evaluating their trees, and safe without a guard.

    function = compiled("customer.email & ''")      # None where the formula is not plain
    function.call(record, {"answers": …}, Surroundings())   # a value, MISSING, or any exception: ask the evaluator

**Why a plain formula needs no guard.** It cannot loop: the plain language (`nodes`) has no recursion, no ranges and
no function values; what repeats, repeats for each item of a list that is there. What that costs is counted before each
loop, nested ones item by item, and within loops for every look through a value that is not the item's own: text by
its length, lists and objects by all that is in them (`source`, `bounds.MOST_WORK`). It cannot grow without bound: what
a loop gathers of values that are not its items' is counted in the same way, so that lists never get much larger than
what was given; texts and lists have a longest size wherever something can make them longer. Outside of loops a formula
costs a few looks through the record and makes a few copies of it: how many is known before it runs, and in a formula
of many every one is counted as in a loop (`growth`). It cannot reach Python: the source holds nothing of the formula
but literals written by `repr`, and names that we made up; functions are looked up in a fixed table when it is written;
the source runs without builtins. Whatever goes beyond a bound, or is odd in any way, is deferred to the guarded
evaluator.

The parts: `plain` (from the syntax tree to the plain language, or why not), `expressions`, `walking`, `calls` (from
there to source), `runtime`, `bounds` and `standard` (what the source calls), `function` (source to function).
"""

from engine.formulas.compiled.bounds import Defer
from engine.formulas.compiled.function import Compiled, compiled, why_not_plain
from engine.formulas.compiled.plain import NotPlain

__all__ = ["Compiled", "Defer", "NotPlain", "compiled", "why_not_plain"]
