"""What is known of a function of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Function:
    """One function: how it is written, what it does, an example with its result, JSONata's signature."""

    name: str
    arguments: str
    description: str
    example: str
    result: str
    signature: str
    call: Callable[..., Any]
    in_jsonata: bool = False  # a function of the language, mended; documented there
    sees_run: bool = False  # whether `call` takes the Surroundings before its arguments

    @property
    def usage(self) -> str:
        """The function as somebody who writes a formula is shown it: `$divide(a, b, decimals = 12)`."""
        return f"${self.name}({self.arguments})"
