"""The web side of a running `serve`, put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.commands.serving.figures import Figures
from engine.commands.serving.health import health
from engine.commands.serving.parts import Parts
from engine.commands.serving.server import WebServer, listen
from engine.commands.serving.web import Answers, application


@contextmanager
def listening(parts: Parts, host: str, port: int) -> Iterator[str]:
    """Answer on this address as long as the block lasts; gives the address as it became."""
    figures = Figures(parts.things.ledger, parts.things.clock)
    parts.told.append(lambda flow, wish, report, seconds: figures.ran(flow, report, seconds))
    answers = Answers(
        health=lambda: health(parts.things, parts.flows, parts.loop),
        figures=figures.text,
        hook=lambda token, headers, body: 404,
        hooked=figures.hooked,
    )
    with WebServer(application(answers), listen(host, port)) as server:
        yield server.address
