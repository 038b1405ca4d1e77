"""One connection: request after request, each answered by the system, by the control or by a fault."""

from __future__ import annotations

import time
from socketserver import StreamRequestHandler
from typing import TYPE_CHECKING, BinaryIO, cast

from sandbox import control, faults, wire
from sandbox.exchange import Reply, Request

if TYPE_CHECKING:
    from sandbox.server import Door

READS = ("GET", "HEAD", "OPTIONS")


class Conversation(StreamRequestHandler):
    """Keeps a connection open until one side closes it."""

    disable_nagle_algorithm = True
    timeout = 300  # an idle connection is given up after five minutes

    def handle(self) -> None:
        """Answer until the connection is to be closed."""
        try:
            while self._one():
                pass
        except wire.Unreadable as wrong:
            self._send(wire.json_reply(wrong.status, {"error": wrong.sentence}), "", close=True)
            self._drain()
        except (ConnectionError, TimeoutError):
            pass

    @property
    def door(self) -> Door:
        """The stand-in's side of the port."""
        return cast("Door", self.server)

    def _one(self) -> bool:
        stream = cast(BinaryIO, self.rfile)
        head = wire.read_head(stream)
        if head is None:
            return False
        method, target, version, headers = head
        if headers.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request = wire.make_request(method, target, headers, wire.read_body(stream, headers))
        wish = headers.get("connection", "").lower()
        close = wish == "close" or (version == "HTTP/1.0" and wish != "keep-alive")
        if request.path.startswith("/_sandbox"):
            reply = control.answer(self.door, request)
            if method not in READS:
                self.door.changes += 1
            return self._send(reply, method, close=close)
        return self._answered(request, close)

    def _answered(self, request: Request, close: bool) -> bool:
        door = self.door
        fault = door.faults.strike(request)
        if fault is None:
            reply = self._carried_out(request)
            door.requests.append((request.method, request.target, reply.status, _at(door), ""))
            return self._send(reply, request.method, close=close)
        return self._befallen(request, fault, close)

    def _carried_out(self, request: Request) -> Reply:
        try:
            return self.door.system.answer(request)
        finally:
            if request.method not in READS or self.door.system.reads_change:
                self.door.changes += 1

    def _befallen(self, request: Request, fault: faults.Fault, close: bool) -> bool:
        door = self.door
        entry = (request.method, request.target)
        if fault.kind in ("refuse", "bloat"):
            door.requests.append((*entry, 0, _at(door), fault.kind))
            return False if fault.kind == "refuse" else self._bloat(fault)
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        reply = faults.instead(fault)
        if reply is None:
            reply = self._carried_out(request)
            touched = faults.changed(fault, reply)
        else:
            touched = True
        if touched and fault.signed:
            reply = door.system.spoil(reply, request)
        door.requests.append((*entry, reply.status, _at(door), fault.kind))
        if fault.kind == "lose_reply":
            return False
        if fault.kind == "cut":
            whole = wire.head_of(reply, close=True, length=len(reply.body))
            self.connection.sendall(whole + reply.body[: len(reply.body) // 2])
            return False
        return self._send(reply, request.method, close=close)

    def _bloat(self, fault: faults.Fault) -> bool:
        """Stream a body without an end, until the client has enough of it or the megabytes are sent."""
        reply = Reply(200, b"", {"Content-Type": "application/json"})
        start = wire.head_of(reply, close=True, length=None)
        self.connection.sendall(start + _chunk(faults.BLOAT_START))
        piece = _chunk(faults.BLOAT_PIECE)
        for _ in range(int(fault.megabytes * 1_000_000 / len(faults.BLOAT_PIECE)) + 1):
            self.connection.sendall(piece)
        return False

    def _drain(self) -> None:
        """Read on for a moment: closing on unread bytes resets the connection and loses the reply."""
        self.connection.settimeout(0.5)
        for _ in range(400):
            if not self.rfile.read1(65_536):
                return

    def _send(self, reply: Reply, method: str, *, close: bool) -> bool:
        # head and body in one send: two small ones cost 40 ms (Nagle and delayed acknowledgement)
        head = wire.head_of(reply, close=close, length=len(reply.body), ahead_seconds=self.door.clock.offset_seconds)
        bodiless = method == "HEAD" or reply.status in (204, 304)
        self.connection.sendall(head if bodiless else head + reply.body)
        return not close


def _chunk(text: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(text), text)


def _at(door: Door) -> str:
    return door.clock.now().isoformat(timespec="milliseconds")
