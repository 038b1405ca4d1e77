"""The web side of a running `serve`, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from engine.commands.serving.figures import Figures
from engine.commands.serving.health import Watched, health
from engine.commands.serving.parts import Parts
from engine.commands.serving.server import WebServer, let_many_connect, listen
from engine.commands.serving.web import Answers, application
from engine.runs.serving.inbox import TAKEN, receive


@contextmanager
def listening(parts: Parts, host: str, port: int, threads: Sequence[Watched]) -> Iterator[str]:
    """Answer on this address as long as the block lasts; gives the address as it became."""
    figures = Figures(parts.things.ledger, parts.things.clock)
    parts.told.append(lambda flow, wish, report, seconds: figures.ran(flow, report, seconds))
    things = parts.things

    def hook(token: str, headers: Mapping[str, str], body: bytes) -> int:
        now = things.clock.now()
        status = receive(things.ledger, things.formulas, parts.flows.connector_of, token, headers, body, now)
        if status == TAKEN:
            parts.loop.wake()
        return status

    answers = Answers(
        health=lambda: health(parts.things, parts.flows, parts.loop, threads),
        figures=figures.text,
        knows=lambda token: things.ledger.webhook_of(token) is not None,
        hook=hook,
        hooked=figures.hooked,
    )
    let_many_connect()
    with WebServer(application(answers), listen(host, port)) as server:
        yield server.address
