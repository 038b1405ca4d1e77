"""The value of what is not there, told apart from null."""

from __future__ import annotations

from typing import Final


class Missing(frozenset[object]):
    """Nothing was found: no field, no match, no result. There is only one.

    It is false in conditions. An empty frozenset is so without a call of Python code, which compiled formulas feel,
    and no JSON writer takes it for a value.
    """

    __slots__ = ()
    _only: Missing | None = None

    def __new__(cls) -> Missing:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = frozenset.__hash__

    def __repr__(self) -> str:
        return "MISSING"

    def __copy__(self) -> Missing:
        return self

    def __deepcopy__(self, memo: object) -> Missing:
        return self

    def __reduce__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
