"""The headless engine: reads records from one system, reshapes them, writes them to another, remembers everything.

Formulas compute, connectors speak to systems, mappings reshape records, flows say what should happen, runs do it and
remember. For scripts:

    from engine import MISSING, FormulaError, evaluate, is_plain

    evaluate("$sum_money(lines.$multiply(price, quantity))", {"lines": [{"price": 19.99, "quantity": 3}]})  # 59.97
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.errors import FormulaError
    from engine.formulas import MISSING
    from engine.public import evaluate, is_plain

__version__ = "0.1.0"
__all__ = ["MISSING", "FormulaError", "evaluate", "is_plain"]


def __getattr__(name: str) -> Any:
    """The public names, loaded when they are first asked for: the command line answers without them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from engine import public

    return getattr(public, name)
