"""Serves stand-ins on loopback ports: one port, one log and one set of faults for each."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from http.server import ThreadingHTTPServer
from types import TracebackType

from sandbox.clock import Clock
from sandbox.conversation import Conversation
from sandbox.faults import Faults
from sandbox.system import System

REQUESTS_KEPT = 20_000


class Door(ThreadingHTTPServer):
    """One stand-in behind one port."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, system: System, clock: Clock) -> None:
        super().__init__((host, port), Conversation)
        self.system = system
        self.clock = clock
        self.faults = Faults()
        self.requests: deque[tuple[str, str, int, str, str]] = deque(maxlen=REQUESTS_KEPT)
        self.changes = 0  # counts what may have changed the system; the saver watches it
        self.address = f"http://{host}:{self.server_address[1]}"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the host name that http.server makes."""
        socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def process_request(self, request: object, client_address: object) -> None:
        """Remember the connection, so that stopping does not leave it open."""
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: object) -> None:
        """Forget the connection and close it."""
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that went away is no error of a stand-in."""

    def hang_up(self) -> None:
        """Close every connection that is still open."""
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Serving:
    """Serves systems in daemon threads as long as its `with` block lasts."""

    def __init__(
        self,
        systems: Sequence[System],
        *,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        ports: Callable[[int, str], Sequence[int]] | None = None,
    ) -> None:
        """Without `clock`, the first system's own attribute `clock` is moved by the control requests.

        `ports` gives, for a system's place in the row and its name, the ports to try in turn.
        """
        found = clock or next((own for own in (getattr(s, "clock", None) for s in systems) if own), None)
        self.clock = found if isinstance(found, Clock) else Clock()
        self.doors = [self._door(host, n, s, ports or (lambda place, name: [0])) for n, s in enumerate(systems)]
        self.addresses = {door.system.name: door.address for door in self.doors}

    def _door(self, host: str, place: int, system: System, ports: Callable[[int, str], Sequence[int]]) -> Door:
        candidates = ports(place, system.name)
        for port in candidates[:-1]:
            try:
                return Door(host, port, system, self.clock)
            except OSError:
                continue
        return Door(host, candidates[-1], system, self.clock)

    def system(self, name: str) -> System:
        """Give the system of that name."""
        return self._named(name).system

    def arm(self, name: str, faults: list[dict[str, object]]) -> None:
        """Replace the faults of that system, as POST /_sandbox/faults does."""
        self._named(name).faults.arm(faults)

    def _named(self, name: str) -> Door:
        return next(door for door in self.doors if door.system.name == name)

    def __enter__(self) -> Serving:
        for door in self.doors:
            # a short poll, because stopping waits for it
            threading.Thread(target=door.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for door in self.doors:
            door.shutdown()
            door.server_close()
            door.hang_up()
