"""Turns the choices of a stand-in: what its documentation leaves open, each a field with a usual value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar


class AnyDataclass(Protocol):
    """What `dataclasses` puts into a class."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Choices = TypeVar("Choices", bound=AnyDataclass)


def chosen(choices: Choices, wishes: Mapping[str, Any], values: Mapping[str, tuple[str, ...]]) -> Choices:
    """Turn some of them; ValueError with a sentence for one that there is not, or not among its `values`."""
    known = {field.name: getattr(choices, field.name) for field in fields(choices)}
    for name, value in wishes.items():
        if name not in known:
            raise ValueError(f"There is no choice {name!r}; there are {', '.join(sorted(known))}.")
        if type(value) is not type(known[name]):
            raise ValueError(f"{name} is like {known[name]!r}, not like {value!r}.")
        if name in values and value not in values[name]:
            raise ValueError(f"{name} is one of {', '.join(values[name])}.")
        if isinstance(value, int) and value < 0:
            raise ValueError(f"{name} is not below zero.")
    return replace(choices, **wishes)
