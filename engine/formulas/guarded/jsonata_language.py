"""Evaluates syntax trees, in a worker process only.

What differs from the library's evaluator, and why:
- `Language.eval` replaces the library's: no clock is read at each node, no callbacks are looked up (a formula
  could have bound them), recursion is bounded, and the innermost failing node is kept for the caret;
- null is the library's sentinel everywhere, in lists too, so null and missing never mix;
- operators, constructors, predicates, calls (`Steps`) and the functions of `STANDARD` and `OverFunctions` follow
  the reference implementation.
"""

from __future__ import annotations

import copy
import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import Json
from engine.formulas import failures
from engine.formulas.functions import FUNCTIONS, REFUSED, Function
from engine.formulas.guarded.kinds import NULL as NULL
from engine.formulas.guarded.kinds import boolean, is_function
from engine.formulas.guarded.outcomes import Plain, inward
from engine.formulas.guarded.over_functions import OverFunctions
from engine.formulas.guarded.short_way import LONG_WAY, ShortWay, names_of
from engine.formulas.guarded.standard import STANDARD
from engine.formulas.guarded.standard_texts import string
from engine.formulas.guarded.steps import Steps, quick_symbols
from engine.formulas.jsonata_library import Functions, JException, Jsonata, Signature, Utils
from engine.formulas.missing import MISSING, Missing
from engine.formulas.refusals import TooDeep, kind
from engine.formulas.surroundings import Surroundings
from engine.formulas.syntax import FormulaParser, Tree

Signature.get_symbol = quick_symbols(Signature.get_symbol)
Functions.to_boolean = boolean
Functions.function_clone = lambda value: None if value is None else inward(json.loads(string(value) or ""), NULL)


class Scope(Jsonata.Frame):  # type: ignore[misc]
    """Variables of one block; the look-up is a loop instead of the library's recursion."""

    def lookup(self, name: str) -> Any:
        scope = self
        while scope is not None:
            found = scope.bindings.get(name, MISSING)
            if found is not MISSING:
                return found
            scope = scope.parent
        return None


class OwnFunction(Jsonata.JFunction):  # type: ignore[misc]
    """A function of our table, called with plain values and MISSING."""

    def __init__(self, function: Function, call: Callable[..., Any]) -> None:
        super().__init__(None, function.signature)
        self.function_name = function.name
        self.signature.set_function_name(function.name)
        self._call = call

    def call(self, input: Any, args: Any) -> Any:
        return inward(self._call(*[self.outward(arg) for arg in args]), NULL)

    @staticmethod
    def outward(arg: Any) -> Any:
        if arg is None:
            return MISSING
        if isinstance(arg, Utils.JList) and arg.outer_wrapper:
            arg = arg[0]
        return arg if is_function(arg) else Plain(NULL).of(arg)

    def get_number_of_args(self) -> int:
        return len(self.signature._params)


class Language(Steps):
    """Evaluates trees, one formula at a time, in one thread."""

    def __init__(self, *, depth: int) -> None:
        Jsonata.PARSER.parser = FormulaParser()
        Jsonata._chain_ast = Jsonata.PARSER.parser.parse("function($f, $g) { function($x){ $g($f($x)) } }")
        self.lookups_used: list[tuple[str, str, Any]] = []
        self._surroundings = Surroundings()
        self._steps = self._steps_by_type()
        self._short_way = ShortWay(Utils.JList, Utils.create_sequence, NULL)
        self.max_depth = depth
        self.clear()
        super().__init__("null")
        self._standard = self._mended_functions() | {
            function.name: OwnFunction(function, self._callable(function))
            for function in FUNCTIONS
            if not function.in_jsonata
        }
        self.environment = self.scope_of({}, {}, 0, "")

    def _mended_functions(self) -> dict[str, Any]:
        """The library's functions, with the calls that follow the reference implementation in place of its own."""
        over = OverFunctions(lambda function, args: self.apply(function, args, NULL, self.environment))
        functions = {
            name: copy.copy(each) for name, each in Jsonata.static_frame.bindings.items() if name not in REFUSED
        }
        for name, call in (STANDARD | over.table()).items():
            functions[name].method, functions[name].nargs = call, len(inspect.signature(call).parameters)
        return functions

    def _callable(self, function: Function) -> Callable[..., Any]:
        if function.sees_run:
            return lambda *args: function.call(self._surroundings, *args)
        return function.call

    def parse(self, formula: str) -> Tree | dict[str, Json]:
        """The tree, or the description of why there is none."""
        parser = self.parser
        try:
            root = parser.parse(formula, blank=False)
        except Exception as error:  # the parser raises its own, and KeyError or IndexError at odd places
            return failures.while_parsing(error, formula, parser.lexer)
        return Tree(root, parser.lexer.starts)

    def failure(self, error: BaseException, tree: Tree) -> dict[str, Json]:
        """The description of what the last `value` raised."""
        return failures.while_evaluating(error, self.culprit, self.calling, tree.starts, self._standard, NULL)

    def clear(self) -> None:
        """Forget what the last evaluation left behind."""
        self.depth = 0
        self.culprit: Any = None  # the innermost node that failed
        self.calling: Any = None  # the innermost function call that failed

    def scope_of(self, variables: Mapping[str, Json], tables: Mapping[str, Any], millis: int, zone: str) -> Scope:
        """The scope of a run: functions, run-wide variables, tables, clock, zone."""
        scope = Scope(None)
        scope.bindings = self._standard | {name: inward(value, NULL) for name, value in variables.items()}
        scope.run = Surroundings(tables, millis, zone, self.lookups_used)
        return scope

    def record_scope(self, run: Scope, record: Json, variables: Mapping[str, Json]) -> Scope:
        """The scope of one record, whose nulls the caller has already replaced (`inward`)."""
        self._surroundings, self.timestamp = run.run, run.run.millis
        self.lookups_used.clear()
        self.environment = run
        Jsonata.CURRENT.jsonata = self
        scope = Scope(run)
        scope.bindings = {**variables, "$": record}
        return scope

    def value(self, tree: Any, scope: Scope, plain: Plain) -> Json | Missing:
        """What the formula gives: plain JSON or MISSING. Raises whatever went wrong; see `failures`."""
        self.clear()
        record = scope.bindings["$"]
        if isinstance(record, list):
            record = Utils.create_sequence(record)
            record.outer_wrapper = True
        result = self.eval(tree, record, Scope(scope))
        return MISSING if result is None else plain.of(result)

    def create_frame(self, enclosing_environment: Any = None) -> Scope:
        return Scope(enclosing_environment)

    def _steps_by_type(self) -> dict[str, Callable[[Any, Any, Any], Any]]:
        steps: dict[str, Callable[[Any, Any, Any], Any]] = {
            "path": self.path,
            "binary": self.evaluate_binary,
            "unary": self.evaluate_unary,
            "name": lambda node, input, scope: Functions.lookup(input, node.value),
            "wildcard": lambda node, input, scope: self.evaluate_wildcard(node, input),
            "descendant": lambda node, input, scope: self.evaluate_descendants(node, input),
            "parent": lambda node, input, scope: scope.lookup(node.slot.label),
            "condition": self.evaluate_condition,
            "default": self.evaluate_default,
            "block": self.evaluate_block,
            "bind": self.evaluate_bind_expression,
            "regex": lambda node, input, scope: node.value,
            "function": lambda node, input, scope: self.evaluate_function(node, input, scope, Utils.NONE),
            "variable": self.evaluate_variable,
            "lambda": self.evaluate_lambda,
            "partial": self.evaluate_partial_application,
            "apply": self.evaluate_apply_expression,
            "transform": self.evaluate_transform_expression,
        }
        for literal in ("string", "value"):
            steps[literal] = lambda node, input, scope: NULL if node.value is None else node.value
        steps["number"] = lambda node, input, scope: Utils.convert_number(float(node.value))
        return steps

    def eval(self, expr: Any, input: Any, environment: Any) -> Any:
        depth = self.depth = self.depth + 1
        try:
            if depth > self.max_depth:
                raise TooDeep
            result = self._steps[expr.type](expr, input, environment)
            if expr.predicate is not None:
                for predicate in expr.predicate:
                    result = self.evaluate_filter(predicate.expr, result, environment)
            if expr.group is not None and expr.type != "path":
                result = self.evaluate_group_expression(expr.group, result, environment)
        except BaseException:
            if expr.position or expr.type == "path":  # else the library made it while evaluating
                self.culprit = self.culprit or expr
                if expr.type == "function":
                    self.calling = self.calling or expr
            raise
        self.depth = depth - 1
        if type(result) is Utils.JList and result.sequence and not result.tuple_stream:
            if expr.keep_array:
                result.keep_singleton = True
            if not result:
                return None
            if len(result) == 1 and not result.keep_singleton:
                return result[0]
        return result

    def path(self, expr: Any, input: Any, environment: Any) -> Any:
        """A path; one of names only, which most are, takes a short way to the same value."""
        names = expr.__dict__.get("names")
        if names is None:
            names = expr.names = names_of(expr)
        if names is not LONG_WAY:
            found = self._short_way.at(names, input)
            if found is not LONG_WAY:
                return found
        return self.evaluate_path(expr, input, environment)

    def evaluate_default(self, expr: Any, input: Any, environment: Any) -> Any:
        value = self.eval(expr.lhs, input, environment)
        wanted = value is not None if expr.value == "??" else boolean(value)
        return value if wanted else self.eval(expr.rhs, input, environment)

    def validate_arguments(self, signature: Any, args: Any, context: Any) -> Any:
        try:
            return super().validate_arguments(signature, args, context)
        except JException as error:
            kinds = [kind(OwnFunction.outward(value)) for value in (*args, context)]
            error.misfit = failures.misfit(error, signature.signature, args, kinds)
            raise
