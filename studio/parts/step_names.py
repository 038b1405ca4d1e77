"""What the steps of a flow are called on screen."""

from __future__ import annotations

from studio.words import written


def step_called(name: str) -> str:
    """The name of a step as a heading, in the reader's language where somebody has translated it."""
    words = name.replace("_", " ")
    here = written(words)
    return (here if here != words else written(words.capitalize())).capitalize()
