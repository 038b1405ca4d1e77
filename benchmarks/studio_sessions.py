"""Visitors of the studio without a browser: they speak its websocket as the page does, many at once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

LIMIT = 120.0  # seconds a page may take before something is wrong


@dataclass(slots=True)
class Session:
    """One visitor of a page. address: http://127.0.0.1:8501; query: of the page's address."""

    socket: ClientConnection
    page: str
    query: str
    fragment: str = ""

    @classmethod
    async def open(cls, address: str, page: str, query: str) -> Session:
        there = address.replace("http://", "ws://") + "/_stcore/stream"
        socket = await connect(there, subprotocols=["streamlit"], max_size=None, open_timeout=LIMIT)  # type: ignore[list-item]
        session = cls(socket, page, query)
        await session.draw()
        return session

    async def draw(self, *, only_fragment: bool = False) -> float:
        """Draw the whole page, or what changes while one works; the seconds until it is there."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        if only_fragment:
            message.rerun_script.fragment_id = self.fragment
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            answer: Any = ForwardMsg()
            answer.ParseFromString(await asyncio.wait_for(self.socket.recv(decode=False), LIMIT))
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.fragment_id:
                self.fragment = answer.delta.fragment_id
            if kind == "script_finished":
                return time.perf_counter() - began

    async def close(self) -> None:
        await self.socket.close()


async def at_once(address: str, page: str, query: str, sessions: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of whole pages and of their changing part, each asked for by all sessions at the same moment."""
    visitors = [await Session.open(address, page, query) for _ in range(sessions)]
    whole: list[float] = []
    part: list[float] = []
    for _ in range(rounds):
        whole += await asyncio.gather(*(visitor.draw() for visitor in visitors))
        part += await asyncio.gather(*(visitor.draw(only_fragment=True) for visitor in visitors))
    for visitor in visitors:
        await visitor.close()
    return whole, part


async def opened(address: str, page: str, query: str, sessions: int) -> list[Session]:
    """So many visitors, who stay."""
    return [await Session.open(address, page, query) for _ in range(sessions)]
