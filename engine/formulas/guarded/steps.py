"""Operators, predicates, constructors and calls of the library's evaluator, mended to what the reference does."""

from __future__ import annotations

import math
from typing import Any

from engine.formulas.guarded.kinds import NULL, alike, boolean, is_function, is_number, kind, same
from engine.formulas.guarded.over_functions import arity, merge_sorted
from engine.formulas.guarded.standard_texts import string
from engine.formulas.javascript import joined, less, units
from engine.formulas.jsonata_library import Functions, JException, Jsonata, Utils

_MOST_IN_RANGE = 10_000_000


class Steps(Jsonata):  # type: ignore[misc]
    """The steps of an evaluation; `Language` runs them."""

    def evaluate_path(self, expr: Any, input: Any, environment: Any) -> Any:
        first, last = expr.steps[0], expr.steps[-1]
        items = input if isinstance(input, list) and first.type != "variable" else Utils.create_sequence(input)
        stream, is_stream = None, False
        result: Any = None
        for step in expr.steps:
            is_stream = is_stream or step.tuple is not None
            if step is first and step.consarray:
                result = self.eval(step, items, environment)
            elif not is_stream and not isinstance(items, list):  # one value of a list that is written at the beginning
                result = (
                    items
                    if step.type == "sort"
                    else self.evaluate_step(step, _as_items(items), environment, step is last)
                )
            elif is_stream:
                stream = self.evaluate_tuple_step(step, items, stream, environment)
            else:
                result = self.evaluate_step(step, items, environment, step is last)
            if not is_stream and (result is None or result == []):
                break
            if step.focus is None:
                items = result
        if is_stream:
            result = (
                stream
                if expr.tuple is not None
                else Utils.create_sequence_from_iter(each["@"] for each in stream or ())
            )
        if expr.keep_singleton_array:
            if not isinstance(result, Utils.JList):
                result = Utils.JList(result)
            elif result.cons and not result.sequence:
                result = Utils.create_sequence(result)
            result.keep_singleton = True
        if expr.group is not None:
            return self.evaluate_group_expression(expr.group, stream if is_stream else result, environment)
        return result

    def evaluate_filter(self, predicate: Any, input: Any, environment: Any) -> Any:
        results = Utils.create_sequence()
        is_stream = results.tuple_stream = isinstance(input, Utils.JList) and input.tuple_stream
        items = input if isinstance(input, list) else [input]
        if predicate.type == "number":
            index = math.floor(predicate.value)
            index += len(items) if index < 0 else 0
            item = items[index] if 0 <= index < len(items) else None
            if isinstance(item, list):
                return item
            if item is not None:
                results.append(item)
            return results
        for index, item in enumerate(items):
            if is_stream:
                found = self.eval(predicate, item["@"], self.create_frame_from_tuple(environment, item))
            else:
                found = self.eval(predicate, item, environment)
            places = [found] if Utils.is_numeric(found) else found
            if Utils.is_array_of_numbers(places):
                for number in places:
                    place = math.floor(number)
                    if place + (len(items) if place < 0 else 0) == index:
                        results.append(item)
            elif boolean(found):
                results.append(item)
        return results

    def evaluate_binary(self, expr: Any, input: Any, environment: Any) -> Any:
        lhs = self.eval(expr.lhs, input, environment)
        if expr.value == "and":
            return bool(boolean(lhs)) and bool(boolean(self.eval(expr.rhs, input, environment)))
        if expr.value == "or":
            return bool(boolean(lhs)) or bool(boolean(self.eval(expr.rhs, input, environment)))
        rhs = self.eval(expr.rhs, input, environment)
        if expr.value in ("=", "!="):
            return lhs is not None and rhs is not None and alike(lhs, rhs) == (expr.value == "=")
        if expr.value == "&":
            return joined(string(lhs) or "", string(rhs) or "")
        if expr.value == "in":
            among = rhs if isinstance(rhs, list) else [rhs]
            return lhs is not None and rhs is not None and any(same(item, lhs) for item in among)
        if expr.value == "..":
            return self.evaluate_range_expression(lhs, rhs)
        if expr.value in ("<", "<=", ">", ">="):
            return self.evaluate_comparison_expression(lhs, rhs, expr.value)
        return self.evaluate_numeric_expression(lhs, rhs, expr.value)

    def evaluate_comparison_expression(self, lhs: Any, rhs: Any, op: str | None) -> bool | None:
        for side in (lhs, rhs):
            if side is not None and not isinstance(side, str) and kind(side) != "number":
                raise JException("T2010", -1, op, side)
        if lhs is None or rhs is None:
            return None
        if isinstance(lhs, str) != isinstance(rhs, str):
            raise JException("T2009", -1, lhs, rhs, op)
        if op == "<" or op == ">":
            return less(lhs, rhs) if op == "<" else less(rhs, lhs)
        return lhs == rhs or (less(lhs, rhs) if op == "<=" else less(rhs, lhs))

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: str | None) -> Any:
        if op in ("/", "%") and Utils.is_numeric(lhs) and Utils.is_numeric(rhs):
            if rhs == 0:
                raise ZeroDivisionError
            return Utils.convert_number(lhs / rhs if op == "/" else math.fmod(lhs, rhs))
        return super().evaluate_numeric_expression(lhs, rhs, op)

    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> Any:
        for side, code in ((lhs, "T2003"), (rhs, "T2004")):
            if side is not None and not (is_number(side) and side == math.floor(side)):
                raise JException(code, -1, side)
        if lhs is None or rhs is None or lhs > rhs:
            return None
        if rhs - lhs + 1 > _MOST_IN_RANGE:
            raise JException("D2014", -1, rhs - lhs + 1)
        return Utils.create_sequence_from_iter(range(int(lhs), int(rhs) + 1))

    def evaluate_unary(self, expr: Any, input: Any, environment: Any) -> Any:
        if expr.value != "[":
            return super().evaluate_unary(expr, input, environment)
        result = Utils.JList()
        for item in expr.expressions:
            value = self.eval(item, input, environment)
            if item.value == ".." and len(expr.expressions) == 1 and isinstance(value, Utils.JList):
                value.sequence = False  # it may be long, and nobody else has it: no copy
                result = value
            elif isinstance(value, list) and item.value != "[":
                result.extend(value)
            elif value is not None:
                result.append(value)
        result.cons = bool(expr.consarray)
        return result

    def evaluate_group_expression(self, expr: Any, input: Any, environment: Any) -> Any:
        is_stream = isinstance(input, Utils.JList) and input.tuple_stream
        if not isinstance(input, list):
            input = [input]
        elif not input and not is_stream:
            input = [None]
        groups: dict[str, tuple[Any, int]] = {}
        for item in input:
            scope = self.create_frame_from_tuple(environment, item) if is_stream else environment
            for number, (name, _) in enumerate(expr.lhs_object):
                key = self.eval(name, item["@"] if is_stream else item, scope)
                if key is None:
                    continue
                if not isinstance(key, str):
                    raise JException("T1003", expr.position, key)
                if key not in groups:
                    groups[key] = (item, number)
                elif groups[key][1] != number:
                    raise JException("D1009", expr.position, key)
                else:
                    groups[key] = (Functions.append(groups[key][0], item), number)
        result = {}
        for key, (data, number) in groups.items():
            scope = environment
            if is_stream:
                bound = dict(self.reduce_tuple_stream(data))
                data = bound.pop("@", None)
                scope = self.create_frame_from_tuple(environment, bound)
            value = self.eval(expr.lhs_object[number][1], data, scope)
            if value is not None:
                result[key] = value
        return result

    def evaluate_sort_expression(self, expr: Any, input: Any, environment: Any) -> Any:
        if len(input) <= 1:
            return input
        is_stream = isinstance(input, Utils.JList) and input.tuple_stream

        def is_after(*pair: Any) -> bool:
            for term in expr.terms:
                left, right = (
                    self.eval(term.expression, item["@"], self.create_frame_from_tuple(environment, item))
                    if is_stream
                    else self.eval(term.expression, item, environment)
                    for item in pair
                )
                if left is None or right is None:
                    if left is right:
                        continue
                    return left is None
                _refuse_unordered(expr, left, right)
                if left != right:
                    return less(right, left) != bool(term.descending)
            return False

        return merge_sorted(list(input), is_after)

    def evaluate_function(self, expr: Any, input: Any, environment: Any, applyto_context: Any) -> Any:
        function = self.eval(expr.procedure, input, environment)
        is_path = expr.procedure.type == "path"
        if function is None and is_path and environment.lookup(str(expr.procedure.steps[0].value)) is not None:
            raise JException("T1005", expr.position, expr.procedure.steps[0].value)
        args = [] if applyto_context is Utils.NONE else [applyto_context]
        for argument in expr.arguments or ():
            value = self.eval(argument, input, environment)
            args.append(Passed(value, self) if is_function(value) and not Functions.is_regex(value) else value)
        if not is_function(function):
            named = expr.procedure.steps[0] if is_path else expr.procedure
            raise JException("T1006", expr.position, named.value)
        try:
            return self.apply(function, args, input, environment)
        except JException as error:
            if error.location < 0:
                error.location = expr.position
            if error.current is None:
                error.current = expr.token
            raise

    def evaluate_apply_expression(self, expr: Any, input: Any, environment: Any) -> Any:
        value = self.eval(expr.lhs, input, environment)
        if expr.rhs.type == "function":
            return self.evaluate_function(expr.rhs, input, environment, value)
        function = self.eval(expr.rhs, input, environment)
        if not is_function(function):
            raise JException("T2006", expr.position, function)
        if is_function(value):
            chain = self.eval(Jsonata.chain_ast(), None, environment)
            return self.apply(chain, [value, function], NULL, environment)
        return self.apply(function, [value], NULL, environment)

    def apply_procedure(self, proc: Any, args: Any) -> Any:
        scope = self.create_frame(proc.environment)
        for number, parameter in enumerate(proc.arguments):
            scope.bind(str(parameter.value), args[number] if number < len(args) else None)
        return self.eval(proc.body, proc.input, scope)


class Passed(Jsonata.JLambda):  # type: ignore[misc]
    """A function given to another one: it is called without the value at hand."""

    def __init__(self, function: Any, steps: Steps) -> None:
        super().__init__(lambda *args: steps.apply(function, list(args), NULL, steps.environment))
        self.arity = arity(function)


def _as_items(value: Any) -> list[Any]:
    """What the reference walks through where a list is expected: the units of a text, nothing of anything else."""
    return list(units(value)) if isinstance(value, str) else []


def _refuse_unordered(expr: Any, *pair: Any) -> None:
    for value in pair:
        if not isinstance(value, str) and kind(value) != "number":
            raise JException("T2008", expr.position, value)
    if isinstance(pair[0], str) != isinstance(pair[1], str):
        raise JException("T2007", expr.position, *pair)


def quick_symbols(library: Any) -> Any:
    """The letter a signature has for an argument's kind, told from its type; the library looks at odd ones."""
    letters = {str: "s", bool: "b", int: "n", float: "n", list: "a", Utils.JList: "a", dict: "o", type(NULL): "l"}

    def symbol(signature: Any, value: Any) -> str:
        return letters.get(type(value)) or library(signature, value)

    return symbol
