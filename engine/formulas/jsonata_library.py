"""The one door to jsonata-python (0.7.1, whose inside we use): what of it the engine knows, by name.

Its parser and evaluator are not public interfaces: the version is pinned, and `tests/formulas` says when it changes.
"""

from jsonata.functions import Functions  # type: ignore[import-untyped]
from jsonata.jexception import JException  # type: ignore[import-untyped]
from jsonata.jsonata import Jsonata  # type: ignore[import-untyped]
from jsonata.parser import Parser  # type: ignore[import-untyped]
from jsonata.signature import Signature  # type: ignore[import-untyped]
from jsonata.tokenizer import Tokenizer  # type: ignore[import-untyped]
from jsonata.utils import Utils  # type: ignore[import-untyped]

__all__ = ["Functions", "JException", "Jsonata", "Parser", "Signature", "Tokenizer", "Utils"]
